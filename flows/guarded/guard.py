"""Work in processes that may die: what crashes, hangs or swells costs its own request, and nothing else."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flows import interrupt
from flows.guarded import sandbox, workplace
from flows.guarded.worker import OUT_OF_MEMORY, read_frame, write_frame

_START = 60.0
"""Seconds that a worker may take to be ready, on a machine that has much else to do."""
_FRESH_AFTER = 300
"""Requests after which a worker is replaced: what libraries leak stays bounded."""
_WEIGHED_EVERY = 0.2
"""Seconds between two looks at the memory that a worker occupies."""


@dataclass(frozen=True)
class Job:
    """What a worker does, and what it may use.

    ``job`` is the module whose ``prepare`` is given ``told`` (JSON) and answers requests (:mod:`flows.guarded.worker`); memory
    (which it occupies together with what it starts) and answers are in MB.
    """

    job: str
    told: str
    memory_mb: int
    output_mb: int


class Died(Exception):
    """The worker did not answer; the message (Chinese) says why. ``late`` where it took too long; ``at`` is what it last
    said it had in hand, b"" where it said nothing."""

    def __init__(self, why: str, *, late: bool = False, at: bytes = b"") -> None:
        super().__init__(why)
        self.late = late
        self.at = at


class Guard:
    """One worker, started when it is needed and started anew when it has died. For one thread at a time."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._child: subprocess.Popen[bytes] | None = None
        self._own: Path | None = None
        self._served = 0
        self._asked = False
        self._swollen = False

    def ask(self, request: bytes, seconds: float, most: float | None = None) -> bytes:
        """The worker's answer. It has ``seconds`` from the request, and again from whatever it says it has in hand, but
        never more than ``most`` in all.

        Raises Died, after which the next request is given to a new worker; OSError where a disk or share fails for a
        moment.
        """
        if self._served >= _FRESH_AFTER:
            self.close()
        start = 0.0 if self._child else _START
        child = self._child or self._start()
        self._served += 1
        clock = _Clock(child, seconds, most, start)
        at = b""
        self._asked = True
        try:
            answer = self._talk(child, request)
            while answer is not None and answer[0] == b"P":
                clock.again()
                at = answer[1]
                answer = _read(child)
        finally:
            clock.stop()
            self._asked = False
        if answer is None:
            code = self._ended(child)
            self.close()
            if clock.late:
                raise Died(f"用时超过{round(clock.late, 1):g}秒", late=True, at=at)
            raise Died(_why(OUT_OF_MEMORY if self._swollen else code, self._job.memory_mb), at=at)
        kind, body = answer
        if kind == b"E":
            raise OSError(*json.loads(body))
        if kind == b"X":
            raise Died(body.decode(), at=at)
        return body

    def close(self) -> None:
        """End the worker; harmless where there is none."""
        child, self._child = self._child, None
        if child is None:
            return
        _kill(child)
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was not yet sent to a dead worker
                    pipe.close()
        child.wait()
        if self._own is not None:
            workplace.remove(self._own)

    def _talk(self, child: subprocess.Popen[bytes], request: bytes) -> tuple[bytes, bytes] | None:
        assert child.stdin is not None
        try:
            write_frame(child.stdin, b"Q", request)
        except OSError:  # it died after its last answer
            return None
        return _read(child)

    def _start(self) -> subprocess.Popen[bytes]:
        if interrupt.happened():
            raise Died("审查被中断")
        apart: dict[str, Any] = {}
        if os.name == "nt":
            apart["creationflags"] = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        else:
            apart["start_new_session"] = True  # so that what it starts (LibreOffice) dies with it
        self._own = workplace.make()
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "flows.guarded.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._own,
            env=sandbox.environment(self._own),
            **apart,
        )
        assert child.stdin is not None
        self._child, self._served, self._swollen = child, 0, False
        threading.Thread(target=self._weigh, args=(child,), name="shenbao-weigh", daemon=True).start()
        with contextlib.suppress(OSError):  # told when it is asked
            told = {
                **asdict(self._job),
                "told": json.loads(self._job.told),
                "path": [os.path.abspath(p) for p in sys.path],
            }
            write_frame(child.stdin, b"C", json.dumps(told).encode())
        return child

    def _weigh(self, child: subprocess.Popen[bytes]) -> None:
        """End a worker that occupies more than it may while it answers: the next starts with little."""
        while child.poll() is None:
            if self._asked and workplace.resident(child.pid) > self._job.memory_mb << 20:
                self._swollen = True
                _kill(child)
                return
            time.sleep(_WEIGHED_EVERY)

    def _ended(self, child: subprocess.Popen[bytes]) -> int | None:
        try:
            return child.wait(timeout=5)
        except subprocess.TimeoutExpired:  # it closed its answers and lives on
            return None


class _Clock:
    """Kills a worker ``seconds`` after it was last wound, and ``most`` after the start; ``late`` is then which of them it
    was, else 0. One that is only starting may take ``start`` more until it says that it is ready."""

    def __init__(self, child: subprocess.Popen[bytes], seconds: float, most: float | None, start: float) -> None:
        self._child = child
        self._seconds = seconds
        self.late = 0.0
        self._timer = self._started(seconds + start)
        self._last = None if most is None else self._started(most + start)

    def again(self) -> None:
        self._timer.cancel()
        self._timer = self._started(self._seconds)

    def stop(self) -> None:
        self._timer.cancel()
        if self._last is not None:
            self._last.cancel()

    def _started(self, seconds: float) -> threading.Timer:
        timer = threading.Timer(seconds, self._ring, (seconds,))
        timer.daemon = True
        timer.start()
        return timer

    def _ring(self, seconds: float) -> None:
        self.late = seconds
        _kill(self._child)


def _read(child: subprocess.Popen[bytes]) -> tuple[bytes, bytes] | None:
    assert child.stdout is not None
    return read_frame(child.stdout)


def _why(code: int | None, memory_mb: int) -> str:
    if code == OUT_OF_MEMORY:
        return f"所需内存超过{memory_mb} MB"
    if code is not None and code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = str(-code)
        return {"SIGKILL": "进程被系统结束，多为内存不足"}.get(name, f"进程崩溃，信号{name}")
    return f"进程意外退出，代码{code}" if code is not None else "进程不再应答"


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End a worker and all that it started."""
    if os.name != "nt":
        with contextlib.suppress(ProcessLookupError, PermissionError):  # ended meanwhile
            os.killpg(child.pid, signal.SIGKILL)  # type: ignore[attr-defined,unused-ignore]
    elif child.poll() is not None:
        return
    workplace.end_session(child.pid)
    if child.poll() is None:
        child.kill()
