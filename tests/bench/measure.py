"""Timing for the bench: everything compared is measured in one run, in turns, so that ratios hold on any machine."""

from __future__ import annotations

import gc
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


def in_turns(jobs: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, float]:
    """The seconds of each job's quickest go: what else the machine does can only slow one down. Jobs take turns, so
    that it falls on all alike; the first round warms caches and is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(rounds + 1):
        for name, job in jobs.items():
            gc.collect()
            started = time.perf_counter()
            job()
            if turn:
                taken[name].append(time.perf_counter() - started)
    return {name: min(times) for name, times in taken.items()}
