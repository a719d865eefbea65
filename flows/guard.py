"""Reading in processes that may die: one file that crashes, hangs or swells is set aside, the others are read."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flows.grouping import Unit
from flows.payload import decode, encode
from flows.reading import Contents, ReadInput, sha256_of, unreadable
from flows.settings import Settings
from flows.worker import OUT_OF_MEMORY, read_frame, unit_as_json, write_frame

logger = logging.getLogger("shenbao.read")

_FRESH_AFTER = 300
"""Units after which a worker is replaced: what libraries leak stays bounded."""
_ROOT = str(Path(__file__).resolve().parents[1])


@dataclass(frozen=True)
class Limits:
    """How a worker reads, and what it may use: ``seconds`` a file, memory and answers in MB."""

    notice: str
    office: str | None
    seconds: float
    memory_mb: int
    output_mb: int

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        office = str(settings.office.resolve()) if settings.office else None
        return cls(settings.notice, office, settings.file_seconds, settings.file_memory_mb, settings.file_output_mb)


class Died(Exception):
    """The worker did not answer; the message (Chinese) says why."""


class Guard:
    """One worker, started when it is needed and started anew when it has died. For one thread."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None
        self._served = 0

    def read(self, unit: Unit) -> bytes:
        """The payload of a unit, whatever it does to its worker: a unit of several files that kills it is read file by
        file, a file that does is read once more in a fresh worker, and then set aside as F01 with the cause.

        Raises OSError where a disk or share fails for a moment.
        """
        try:
            return self._ask(unit)
        except Died as problem:
            logger.warning("a worker died reading %s: %s", unit[0].document, problem)
        if len(unit) > 1:
            return self._each_alone(unit)
        try:
            return self._ask(unit)
        except Died as problem:
            return set_aside(unit, str(problem))

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

    def _each_alone(self, unit: Unit) -> bytes:
        reads: list[ReadInput] = []
        contents = Contents()
        for item in unit:
            done, kept = decode(self.read((item,)), (item,))
            reads += done
            contents.update(kept)
        return encode(reads, contents)

    def _ask(self, unit: Unit) -> bytes:
        if self._served >= _FRESH_AFTER:
            self.close()
        child = self._child or self._start()
        self._served += 1
        late = threading.Event()
        seconds = self._limits.seconds * len(unit)

        def stop() -> None:
            late.set()
            _kill(child)

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            answer = self._talk(child, unit)
        finally:
            timer.cancel()
        if answer is None:
            code = self._ended(child)
            self.close()
            raise Died(f"读取用时超过{seconds:g}秒" if late.is_set() else _why(code, self._limits))
        kind, body = answer
        if kind == b"E":
            raise OSError(*json.loads(body))
        if kind == b"X":
            raise Died(body.decode())
        return body

    def _talk(self, child: subprocess.Popen[bytes], unit: Unit) -> tuple[bytes, bytes] | None:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            write_frame(child.stdin, b"U", unit_as_json(unit))
        except OSError:  # it died after its last answer
            return None
        return read_frame(child.stdout)

    def _start(self) -> subprocess.Popen[bytes]:
        apart: dict[str, Any] = {}
        if os.name == "nt":
            apart["creationflags"] = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        else:
            apart["start_new_session"] = True  # so that what it starts (LibreOffice) dies with it
        here = os.environ.get("PYTHONPATH")
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "flows.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([_ROOT, *([here] if here else [])])},
            **apart,
        )
        assert child.stdin is not None
        self._child, self._served = child, 0
        with contextlib.suppress(OSError):  # told when it is asked
            write_frame(child.stdin, b"C", json.dumps({**asdict(self._limits), "path": sys.path}).encode())
        return child

    def _ended(self, child: subprocess.Popen[bytes]) -> int | None:
        try:
            return child.wait(timeout=5)
        except subprocess.TimeoutExpired:  # it closed its answers and lives on
            return None


def set_aside(unit: Unit, cause: str) -> bytes:
    """The payload of one file that cannot be read without harm: F01 with the cause."""
    (item,) = unit
    done = ReadInput(item)
    try:
        done.sha256 = sha256_of(item.path)
    except OSError as problem:
        logger.warning("%s cannot be hashed: %s", item.document, problem.strerror)
    done.changed = not item.unchanged()
    if not done.changed:
        message = f"读取程序在此文件上中止（{cause}），已重试一次，未能读出内容；请人工审阅，或另存后重新报送"
        done.readings = [unreadable(item, done.sha256, message)]
    return encode([done], Contents())


def _why(code: int | None, limits: Limits) -> str:
    if code == OUT_OF_MEMORY:
        return f"所需内存超过{limits.memory_mb} MB"
    if code is not None and code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = str(-code)
        return {"SIGKILL": "进程被系统结束，多为内存不足"}.get(name, f"进程崩溃，信号{name}")
    return f"进程意外退出，代码{code}" if code is not None else "进程不再应答"


def _kill(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is not None and os.name == "nt":
        return
    try:
        if os.name == "nt":
            child.kill()
        else:
            os.killpg(child.pid, signal.SIGKILL)  # type: ignore[attr-defined,unused-ignore]
    except (ProcessLookupError, PermissionError):  # ended meanwhile
        return
