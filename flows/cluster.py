"""Reading on a Dask cluster (extra ``dask``). Its machines see the inbox under the same path, and have shenbao."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Iterator, Sequence

from flows.careful import CarefulReader, Limits
from flows.exits import UsageFault
from flows.grouping import Unit
from flows.readers import Answer

_CHUNK = 4
"""Units a Dask task: a task costs milliseconds."""
_CONNECT_SECONDS = 20

_own = threading.local()


def read_there(units: Sequence[Unit], limits: Limits) -> list[Answer]:
    """Runs on the cluster: reads in a guarded process of its own, one for each thread of the Dask worker."""
    readers: dict[Limits, CarefulReader] = _own.__dict__.setdefault("readers", {})
    reader = readers.get(limits)
    if reader is None:
        reader = readers[limits] = CarefulReader(limits)
        atexit.register(reader.close)
    answers: list[Answer] = []
    for unit in units:
        try:
            answers.append(reader.read(unit))
        except OSError as problem:
            answers.append(OSError(problem.errno, problem.strerror))
    return answers


class Cluster:
    """A :class:`flows.readers.Reader` over the Dask scheduler at ``address``. Raises UsageFault where there is none."""

    def __init__(self, address: str, limits: Limits) -> None:
        try:
            from distributed import Client
        except ImportError as problem:
            raise UsageFault("设置了 cluster，但没有安装 Dask：请安装 shenbao[dask]") from problem
        try:
            self._client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as problem:
            raise UsageFault(f"Dask 集群连接不上：{address}（{problem}）") from problem
        self._limits = limits

    def read(self, units: Sequence[Unit]) -> Iterator[Answer]:
        chunks = [units[at : at + _CHUNK] for at in range(0, len(units), _CHUNK)]
        futures = [self._client.submit(read_there, chunk, self._limits, pure=False) for chunk in chunks]
        try:
            for future in futures:
                yield from future.result()
        finally:
            for future in futures:
                future.release()

    def close(self) -> None:
        self._client.close()
