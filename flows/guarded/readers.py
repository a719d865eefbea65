"""Who reads: this process, processes of its own, or a cluster. All give the same bytes."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol

from catalog.models import Catalog
from flows.guarded import workplace
from flows.guarded.careful import CarefulReader, Late, Limits, set_aside, stopped
from flows.guarded.payload import encode
from flows.guarded.reading import read_unit
from flows.guarded.turns import Turn
from flows.received.grouping import Unit
from flows.settings import Settings

Answer = bytes | OSError | Late
"""A unit's payload, the failure of a disk or share that may pass, or that its share of time was not enough."""
NOT_YET: tuple[()] = ()
"""Given in place of an answer every :data:`TICK_SECONDS` in which none came: whoever waits may have else to do."""
TICK_SECONDS = 2.0
Answers = Iterator[tuple[Unit, Answer] | tuple[()]]
Source = Callable[[], Turn | None]
"""Gives the next unit to be read, None where there is none for now. Asked again after every answer."""


class Reader(Protocol):
    def read(self, source: Source) -> Answers:
        """What each unit gave, as it comes."""
        ...

    def close(self) -> None: ...


class InPlace:
    """Reads in this process: for tests and for a few files. A file that crashes it ends the run."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def read(self, source: Source) -> Answers:
        while (turn := source()) is not None:
            yield turn.unit, self._one(turn.unit)

    def _one(self, unit: Unit) -> Answer:
        try:
            return encode(*read_unit(unit, self._catalog))
        except OSError as problem:
            return problem
        except MemoryError:
            if len(unit) > 1:
                raise
            return set_aside(unit[0], stopped("内存不足", again=False))

    def close(self) -> None:
        return


class Processes:
    """Reads in ``count`` processes; a file that kills its own is set aside."""

    def __init__(self, limits: Limits, count: int) -> None:
        workplace.sweep()
        self._count = count
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="shenbao-read")
        self._readers = [CarefulReader(limits) for _ in range(count)]
        self._free: queue.LifoQueue[CarefulReader] = queue.LifoQueue()  # a few files start a few processes
        for reader in self._readers:
            self._free.put(reader)

    def read(self, source: Source) -> Answers:
        in_hand: dict[Future[Answer], Unit] = {}
        while True:
            while len(in_hand) < self._count and (turn := source()) is not None:
                in_hand[self._threads.submit(self._one, turn)] = turn.unit
            if not in_hand:
                return
            ended, _ = wait(in_hand, TICK_SECONDS, FIRST_COMPLETED)
            if not ended:
                yield NOT_YET
            for future in ended:
                yield in_hand.pop(future), future.result()

    def _one(self, turn: Turn) -> Answer:
        reader = self._free.get()
        try:
            return reader.read(turn.unit, turn.share)
        except (OSError, Late) as problem:
            return problem
        finally:
            self._free.put(reader)

    def close(self) -> None:
        for reader in self._readers:
            reader.close()  # what is being read ends with its process
        self._threads.shutdown(cancel_futures=True)


def open_reader(settings: Settings, catalog: Catalog) -> Reader:
    """The reader that the settings ask for. Raises UsageFault where the cluster cannot be reached."""
    if settings.cluster:
        from flows.guarded.cluster import Cluster

        return Cluster(settings.cluster, Limits.of(settings))
    if settings.worker_count == 0:
        return InPlace(catalog)
    return Processes(Limits.of(settings), settings.worker_count)
