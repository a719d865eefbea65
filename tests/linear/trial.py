"""Tries patterns on hard texts and prints those whose time grows faster than the text, in a process of its own:
``python -m tests.linear.trial [--length CHARACTERS] PACKAGE…``. Processor time counts: a busy machine changes nothing.

A text that takes longer than a linear pattern takes for the slowest of its kind is tried at four times the length: a pattern
whose time grows with the text takes four times as long, one whose time grows with its square sixteen times.
"""

from __future__ import annotations

import argparse
import re
import signal
import time
from collections.abc import Sequence

from tests.linear.patterns import LENGTH, Found, patterns, tries

_NOTICED = 2.5e-6
"""Seconds of processor time for a character from which a text is looked at more closely: the slowest of the linear patterns
takes 1e-6 of it, one that grows with the square at 20,000 characters 5e-6 and more."""
_GROWTH = 4
_MOST_GROWTH = 9.0
"""Between 4 and 16."""

OWN_WORDS = ("checks.duplicates._HEAD",)
"""Patterns for messages that the program itself wrote, whose parts it has shortened."""


class Late(Exception):
    """The time of a text is up."""


def ring(*_: object) -> None:
    """Takes SIGVTALRM."""
    raise Late


def slow_text(found: Found, length: int) -> tuple[str, str] | None:
    """(method, text) that the pattern is slow on, None where there is none."""
    compiled = re.compile(found.pattern, found.flags)
    noticed = length * _NOTICED
    for at, (method, text) in enumerate(tries(found, length)):
        if _seconds(compiled, method, text, noticed) is not None:
            continue
        once = _seconds(compiled, method, text, 40 * noticed)
        if once is None:
            return method, text
        four = tries(found, length * _GROWTH)[at]
        if _seconds(compiled, *four, _MOST_GROWTH * once) is None:
            return method, text
    return None


def _seconds(compiled: re.Pattern[str], method: str, text: str, most: float) -> float | None:
    """Processor seconds that a text takes, None where it is more than ``most``."""
    try:
        return _timed(compiled, method, text, most)
    except Late:  # wherever the time was up, also while the clock was being stopped
        return None


def _timed(compiled: re.Pattern[str], method: str, text: str, most: float) -> float:
    signal.setitimer(signal.ITIMER_VIRTUAL, most)
    begun = time.process_time()
    try:
        if method == "search":
            for _ in compiled.finditer(text):
                pass
        else:
            getattr(compiled, method)(text)
        return time.process_time() - begun
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.linear.trial")
    parser.add_argument("packages", nargs="+")
    parser.add_argument("--length", type=int, default=LENGTH, help="characters of a hard text")
    asked = parser.parse_args(arguments)
    signal.signal(signal.SIGVTALRM, ring)
    for found in patterns():
        if found.place in OWN_WORDS or not found.place.startswith(tuple(asked.packages)):
            continue
        slow = slow_text(found, asked.length)
        if slow is not None:
            method, text = slow
            print(f"{found.place}: {method} of {text[:12]!r}… {found.pattern[:100]!r}", flush=True)


if __name__ == "__main__":
    main()
