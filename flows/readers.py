"""Who reads: this process, processes of its own, or a cluster. All give the same bytes."""

from __future__ import annotations

import queue
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from catalog.models import Catalog
from flows.careful import CarefulReader, Limits, set_aside
from flows.grouping import Unit
from flows.payload import encode
from flows.reading import read_unit
from flows.settings import Settings

Answer = bytes | OSError
"""A unit's payload, or the failure of a disk or share that may pass."""


class Reader(Protocol):
    def read(self, units: Sequence[Unit]) -> Iterator[Answer]:
        """What each unit gave, in order."""
        ...

    def close(self) -> None: ...


class InPlace:
    """Reads in this process: for tests and for a few files. A file that crashes it ends the run."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def read(self, units: Sequence[Unit]) -> Iterator[Answer]:
        for unit in units:
            try:
                yield encode(*read_unit(unit, self._catalog))
            except OSError as problem:
                yield problem
            except MemoryError:
                if len(unit) > 1:
                    raise
                yield set_aside(unit, "内存不足")

    def close(self) -> None:
        return


class Processes:
    """Reads in ``count`` processes; a file that kills its own is set aside."""

    def __init__(self, limits: Limits, count: int) -> None:
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="shenbao-read")
        self._readers = [CarefulReader(limits) for _ in range(count)]
        self._free: queue.LifoQueue[CarefulReader] = queue.LifoQueue()  # a few files start a few processes
        for reader in self._readers:
            self._free.put(reader)

    def read(self, units: Sequence[Unit]) -> Iterator[Answer]:
        waiting: list[Future[Answer]] = [self._threads.submit(self._one, unit) for unit in units]
        try:
            for answer in waiting:
                yield answer.result()
        finally:
            for answer in waiting:
                answer.cancel()

    def _one(self, unit: Unit) -> Answer:
        reader = self._free.get()
        try:
            return reader.read(unit)
        except OSError as problem:
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
        from flows.cluster import Cluster

        return Cluster(settings.cluster, Limits.of(settings))
    if settings.worker_count == 0:
        return InPlace(catalog)
    return Processes(Limits.of(settings), settings.worker_count)
