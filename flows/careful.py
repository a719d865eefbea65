"""Reading units in a guarded process: one file that crashes, hangs or swells is set aside, the others are read."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass

from flows.grouping import Unit
from flows.guard import Died, Guard, Job
from flows.payload import decode, encode
from flows.read_job import unit_as_json
from flows.reading import Contents, ReadInput, sha256_of, unreadable
from flows.settings import Settings

logger = logging.getLogger("shenbao.read")


@dataclass(frozen=True)
class Limits:
    """How files are read, and what that may use: ``seconds`` a file, memory and answers in MB."""

    notice: str
    office: str | None
    seconds: float
    memory_mb: int
    output_mb: int

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        office = str(settings.office.resolve()) if settings.office else None
        return cls(settings.notice, office, settings.file_seconds, settings.file_memory_mb, settings.file_output_mb)

    @property
    def job(self) -> Job:
        told = json.dumps({"notice": self.notice, "office": self.office})
        return Job("flows.read_job", told, self.memory_mb, self.output_mb)


class CarefulReader:
    """Reads in one guarded process. For one thread at a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.guard = Guard(limits.job)

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
        self.guard.close()

    def _ask(self, unit: Unit) -> bytes:
        return self.guard.ask(unit_as_json(unit), self._limits.seconds * len(unit))

    def _each_alone(self, unit: Unit) -> bytes:
        reads: list[ReadInput] = []
        contents = Contents()
        for item in unit:
            done, kept = decode(self.read((item,)), (item,))
            reads += done
            contents.update(kept)
        return encode(reads, contents)


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
