"""Timing for the bench: everything compared is measured in one run, in turns, so that ratios hold on any machine."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A line of the table. ``seconds`` of one go; ``of`` names what ``ratio`` is to, ``aim`` what is asked for."""

    name: str
    seconds: float
    ratio: float | None = None
    of: str = ""
    aim: str = ""


def in_turns(
    jobs: Mapping[str, Callable[[], object]], *, rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """The seconds of each job's quickest go: what else the machine does can only slow one down. Jobs take turns, so
    that it falls on all alike; the first round warms caches and is not counted. ``clock``: ``time.process_time`` where a
    job does all its work in this process and waits for nothing, so that waiting for a busy machine does not count."""
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(rounds + 1):
        for name, job in jobs.items():
            gc.collect()
            started = clock()
            job()
            if turn:
                taken[name].append(clock() - started)
    return {name: min(times) for name, times in taken.items()}


def calls(job: Callable[[], object]) -> int:
    """How many functions a job calls, Python's own among them, once its caches are warm: the same whatever else the machine does."""
    count = 0

    def counted(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    job()
    sys.setprofile(counted)
    try:
        job()
    finally:
        sys.setprofile(None)
    return count
