"""``make fuzz``: files of every format changed at random and read, until the time is over.

Each must give readings or say why not; an exception that has no name (it would be told as "the reader failed"), an answer
that does not survive its way to the parent, or more than :data:`SECONDS` on a file is a fault: told with the seed that
makes the same file again (``--only FORMAT --seed N --count 1``).
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from extractors import read_bytes
from extractors.document.errors import NotRead
from flows.guarded.payload import decode, encode
from flows.guarded.reading import Contents, ReadInput
from flows.received.inbox import Input
from tests import forms
from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import PICTURES, SEEDS

SECONDS = 20.0
"""What one small file may take; on a busy machine most of it is waiting."""
MEMORY = 3 << 30


class TooLong(BaseException):
    """No reader catches this."""


@dataclass(slots=True)
class Told:
    """How many files were read, by format, and what went wrong: the fault → format and seed of each."""

    read: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    slowest: tuple[float, str, int] = (0.0, "", 0)


def fuzz(formats: list[str], seeds: Iterator[int], until: float) -> Told:
    """Read changed files of ``formats`` in turn, one a seed, until the clock (monotonic) says ``until``."""
    told = Told()
    for number, seed in enumerate(seeds):
        if time.monotonic() > until:
            break
        kind = formats[number % len(formats)]
        data = changed(kind, seed)
        began = time.monotonic()
        fault = look(kind, data)
        took = time.monotonic() - began
        told.read[kind] += 1
        told.slowest = max(told.slowest, (took, kind, seed))
        if fault:
            told.faults.setdefault(fault, []).append((kind, seed))
    return told


def changed(kind: str, seed: int) -> bytes:
    """The file that a seed makes of a format."""
    rng = random.Random(f"{kind} {seed}")
    return mutated(rng.choice(SEEDS[kind])(), rng)


def look(kind: str, data: bytes) -> str:
    """What is wrong with how a file is read; "" for nothing."""
    try:
        with _timed():
            return _look_at_picture(data) if kind in PICTURES else _look(f"甲.{kind}", data)
    except TooLong:
        return f"took more than {SECONDS:g} s"
    except Exception as problem:  # noqa: BLE001 - that is what is looked for
        return f"{type(problem).__name__} left the reader: {_place(problem)}"


def _look(name: str, data: bytes) -> str:
    kept = Contents()
    readings = read_bytes(data, forms.CATALOG, name, keep=kept.keep)
    if not readings:
        return "no reading"
    for reading in readings:
        if reading.failed:
            lines = reading.failed.strip().split("\n")
            return f"{lines[0][:90]} at {[line.strip() for line in lines if 'extractors' in line][-1:]}"
    item = Input(name, Path(__file__), "", 1, 1)
    (done,), documents = decode(encode([ReadInput(item, "", readings)], kept), (item,))
    for path in documents:
        documents[path]
    return "the answer does not survive" if done.garbled or len(done.readings) != len(readings) else ""


def _look_at_picture(data: bytes) -> str:
    """What is in a picture costs seconds to read: that it can be opened and made ready is looked at."""
    from extractors.scan.prepare import frames, prepare

    with contextlib.suppress(NotRead):
        for picture in frames(data):
            prepare(picture)
    return ""


def _place(problem: Exception) -> str:
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno} {problem}"[-160:] if trace else str(problem)


@contextlib.contextmanager
def _timed() -> Iterator[None]:
    if not hasattr(signal, "setitimer"):  # Windows: a slow file is only slow
        yield
        return

    def late(_number: int, _frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def main() -> None:
    given = argparse.ArgumentParser(prog="make fuzz")
    given.add_argument("--seconds", type=float, default=60)
    given.add_argument("--seed", type=int, default=1)
    given.add_argument("--count", type=int, default=10**9)
    given.add_argument("--only", default=",".join(SEEDS))
    asked = given.parse_args()
    os.environ.setdefault("SHENBAO_SOFFICE", "")
    logging.disable(logging.CRITICAL)
    with contextlib.suppress(ImportError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    seeds = iter(range(asked.seed, asked.seed + asked.count))
    told = fuzz(asked.only.split(","), seeds, time.monotonic() + asked.seconds)
    print(f"{told.read.total()} files: {dict(told.read)}; slowest: {told.slowest}")
    for fault, where in sorted(told.faults.items(), key=lambda f: -len(f[1])):
        print(f"{len(where):4} × {fault}   {where[:3]}")
    sys.exit(bool(told.faults))


if __name__ == "__main__":
    main()
