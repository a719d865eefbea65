"""Tries patterns on hard texts and prints those that are slow: ``python -m tests.linear.trial PACKAGE…``, in a process of its
own, whose processor time is what counts, so that a busy machine changes nothing."""

from __future__ import annotations

import re
import signal
import sys

from tests.linear.patterns import patterns, tries

SECONDS = 2.0
"""Of processor time for a hard text. A pattern whose time grows with the text takes some hundredths; one whose time grows
with its square takes half a minute and more."""

OWN_WORDS = ("checks.duplicates._HEAD",)
"""Patterns for messages that the program itself wrote, whose parts it has shortened."""


class Late(Exception):
    """The time of a text is up."""


def _ring(*_: object) -> None:
    raise Late


def main(packages: list[str]) -> None:
    signal.signal(signal.SIGVTALRM, _ring)
    for found in patterns():
        if found.place in OWN_WORDS or not found.place.startswith(tuple(packages)):
            continue
        compiled = re.compile(found.pattern, found.flags)
        for method, text in tries(found):
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
            try:
                if method == "search":
                    for _ in compiled.finditer(text):
                        pass
                else:
                    getattr(compiled, method)(text)
            except Late:
                print(f"{found.place}: {method} of {text[:12]!r}… {found.pattern[:100]!r}", flush=True)
                break
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)


if __name__ == "__main__":
    main(sys.argv[1:])
