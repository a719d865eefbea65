"""Reading on a Dask cluster (extra ``dask``). Its machines see the inbox under the same path, and have shenbao."""

from __future__ import annotations

import atexit
import itertools
import threading
from collections.abc import Sequence
from typing import Any

from flows.exits import UsageFault
from flows.guarded.careful import CarefulReader, Late, Limits
from flows.guarded.readers import NOT_YET, TICK_SECONDS, Answer, Answers, Source
from flows.guarded.turns import Turn

_CHUNK = 4
"""Units a Dask task: a task costs milliseconds."""
_AHEAD = 2
"""Tasks that wait on the cluster, for each of its threads."""
_CONNECT_SECONDS = 20

_own = threading.local()


def read_there(turns: Sequence[Turn], limits: Limits) -> list[Answer]:
    """Runs on the cluster: reads in a guarded process of its own, one for each thread of the Dask worker."""
    readers: dict[Limits, CarefulReader] = _own.__dict__.setdefault("readers", {})
    reader = readers.get(limits)
    if reader is None:
        reader = readers[limits] = CarefulReader(limits)
        atexit.register(reader.close)
    answers: list[Answer] = []
    for turn in turns:
        try:
            answers.append(reader.read(turn.unit, turn.share))
        except Late as problem:
            answers.append(problem)
        except OSError as problem:
            answers.append(OSError(problem.errno, problem.strerror))
    return answers


class Cluster:
    """A :class:`flows.guarded.readers.Reader` over the Dask scheduler at ``address``. Raises UsageFault where there is none."""

    def __init__(self, address: str, limits: Limits) -> None:
        try:
            from distributed import Client
        except ImportError as problem:
            raise UsageFault("设置了 cluster，但没有安装 Dask：请安装 shenbao[dask]") from problem
        try:
            self._client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as problem:
            raise UsageFault(f"Dask 集群连接不上：{address}；请核对设置 cluster，并确认调度器在运行") from problem
        self._limits = limits

    def read(self, source: Source) -> Answers:
        from distributed import wait

        in_hand: dict[Any, list[Turn]] = {}

        def send() -> None:
            while len(in_hand) < _AHEAD * max(1, sum(self._client.nthreads().values())):
                turns = list(itertools.islice(iter(source, None), _CHUNK))
                if not turns:
                    return
                future = self._client.submit(read_there, turns, self._limits, pure=False)
                in_hand[future] = turns

        send()
        while in_hand:
            try:
                with self._client.as_current():
                    ended = wait(list(in_hand), timeout=TICK_SECONDS, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                yield NOT_YET
                continue
            for future in ended:
                turns = in_hand.pop(future)
                for turn, answer in zip(turns, future.result(), strict=True):
                    yield turn.unit, answer
                future.release()
                send()

    def close(self) -> None:
        self._client.close()
