"""Reading units in a guarded process: one file that crashes, hangs or swells is set aside, the others are read."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog.oserror import cause
from flows import interrupt
from flows.guarded.guard import Died, Guard, Job
from flows.guarded.payload import decode, encode
from flows.guarded.read_job import Want, request
from flows.guarded.reading import Contents, ReadInput, unreadable
from flows.received import opening
from flows.received.grouping import Unit
from flows.received.inbox import Input
from flows.settings import Settings

logger = logging.getLogger("shenbao.read")

MOST = 10
"""How many times the time of one file the files of a folder, the members of an archive, the pages of a scan may take."""


@dataclass(frozen=True)
class Limits:
    """How files are read, and what that may use: ``seconds`` a file, memory and answers in MB."""

    notice: str
    office: str | None
    seconds: float
    memory_mb: int
    output_mb: int
    neighbours: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        office = str(settings.office.resolve()) if settings.office else None
        limits = (settings.file_seconds, settings.file_memory_mb, settings.file_output_mb)
        return cls(settings.notice, office, *limits, settings.neighbours)

    @property
    def job(self) -> Job:
        told = json.dumps({"notice": self.notice, "office": self.office, "neighbours": self.neighbours})
        return Job("flows.guarded.read_job", told, self.memory_mb, self.output_mb)


class Late(Exception):
    """A unit took longer than its share: it is to be read again when all else is."""


class CarefulReader:
    """Reads in one guarded process. For one thread at a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.guard = Guard(limits.job)

    def read(self, unit: Unit, share: float = 0, want: Want = "unit") -> bytes:
        """The payload of a unit, whatever it does to its worker.

        Each file, member of an archive and scanned page may take ``share`` seconds, the unit :data:`MOST` times that.
        One that crashes its worker is tried once more; one that crashes it again, or takes too long, is set aside as
        F01 with the cause, and the others of its unit are read without it. Raises Late where it is a share that was
        used up and not the whole of the time that a file may take (``share`` 0), OSError where a disk or share of the
        network fails for a moment, Died where this process was told to stop.
        """
        seconds = share or self._limits.seconds
        until = time.monotonic() + MOST * seconds
        rest, aside, without = unit, list[tuple[Unit, bytes]](), dict[str, str]()
        crashed: set[str] = set()
        while rest:
            most = max(until - time.monotonic(), seconds)
            try:
                answer = self.guard.ask(request(rest, without, want), seconds, most)
                return _together(unit, [(rest, answer), *aside]) if aside else answer
            except Died as problem:
                if interrupt.happened():
                    raise
                logger.warning("读取 %s 的进程中止：%s", rest[0].document, problem)
                if problem.late and share:
                    raise Late from problem
                at = problem.at.decode("utf-8", "replace").partition("\0")[0] or rest[0].document
                if not problem.late and at not in crashed:
                    crashed.add(at)
                    continue
                if "!/" in at and at not in without and time.monotonic() < until:
                    without[at] = _cause(problem)
                    continue
                # Where nothing is left to leave out, or no time, all that was to be read together goes.
                bad = (
                    [i for i in rest if at == i.document or at.startswith(f"{i.document}!/")]
                    if time.monotonic() < until
                    else []
                )
                aside += [((item,), set_aside(item, _cause(problem))) for item in bad or rest]
                rest = tuple(i for i in rest if bad and i not in bad)
        return _together(unit, aside)

    def document(self, item: Input) -> dict[str, Any]:
        """As :func:`flows.guarded.reading.as_read`."""
        seconds = self._limits.seconds
        try:
            answer = self.guard.ask(request((item,), {}, "document"), seconds, MOST * seconds)
            return json.loads(answer)  # type: ignore[no-any-return]
        except Died as problem:
            return {"blocks": [], "notes": [{"code": "F01", "message": stopped(str(problem), again=False)}]}

    def close(self) -> None:
        self.guard.close()


def set_aside(item: Input, message: str) -> bytes:
    """The payload of one file that cannot be read without harm: F01 with ``message``."""
    done = ReadInput(item)
    try:
        done.sha256 = opening.sha256_of(item)
    except OSError as problem:
        logger.warning("%s 打不开，算不出校验值：%s", item.document, cause(problem))
    except opening.Swapped:
        done.changed = True
    done.changed = done.changed or not item.unchanged()
    if not done.changed:
        done.readings = [unreadable(item, done.sha256, message)]
    return encode([done], Contents())


def stopped(cause: str, *, again: bool) -> str:
    """What is said of a file on which reading stopped."""
    tried = "，已重试一次" if again else ""
    return f"读取程序在此文件上中止（{cause}）{tried}，未能读出内容；请人工审阅，或另存后重新报送"


def _cause(problem: Died) -> str:
    return stopped(str(problem), again=not problem.late)


def _together(unit: Unit, payloads: Sequence[tuple[Unit, bytes]]) -> bytes:
    """One payload of those of a unit's files; one that changed leaves all for the next run."""
    reads: list[ReadInput] = []
    contents = Contents()
    for some, payload in payloads:
        done, kept = decode(payload, some)
        reads += done
        contents.update(kept)
    if any(done.changed for done in reads):
        return encode([ReadInput(item, changed=True) for item in unit], Contents())
    place = {item.document: n for n, item in enumerate(unit)}
    return encode(sorted(reads, key=lambda done: place[done.input.document]), contents)
