"""Reading inputs, a batch at a time: a file that cannot be read becomes a finding, and never stops the batch."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from catalog.models import Catalog
from flows import progress
from flows.inbox import Input
from records.models import Note, Reading, Record, Source

logger = logging.getLogger("shenbao.read")

_CHUNK = 1 << 20


@dataclass(slots=True)
class ReadInput:
    """What became of one input. ``sha256`` is of the bytes as received, "" where they could not be read at all.
    ``fault`` is set where the program failed on it (not where the file is at fault), ``changed`` where the file changed
    while it was read: its readings are then dropped and it is left for the next run."""

    input: Input
    sha256: str = ""
    readings: list[Reading] = field(default_factory=list)
    seconds: float = 0.0
    fault: str = ""
    changed: bool = False


class BatchResult:
    """What one batch gave. A class of its own: Prefect then hands it on without looking through every value."""

    __slots__ = ("reads",)

    def __init__(self, reads: list[ReadInput]) -> None:
        self.reads = reads


def read_batch(inputs: Sequence[Input], catalog: Catalog) -> BatchResult:
    """Read every input of a batch, in order."""
    reads = []
    for item in inputs:
        reads.append(read_input(item, catalog))
        progress.current().advance()
    return BatchResult(reads)


def read_input(item: Input, catalog: Catalog) -> ReadInput:
    """Read one input: its hash and its readings. Raises nothing that comes from the file."""
    from extractors import read_path

    started = time.perf_counter()
    done = ReadInput(item)
    try:
        done.readings = read_path(item.path, catalog, name=item.document)
        done.sha256 = _hash_of_whole(done.readings, item)
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        done.readings = [_unreadable(item, done.sha256, f"文件打不开（{reason}），请检查文件和权限后重新报送")]
    except Exception as problem:
        logger.exception("reading %s failed", item.document)
        done.fault = f"{type(problem).__name__}: {problem}"
        done.readings = [_unreadable(item, done.sha256, "读取程序在此文件上出错，未能读出内容，请人工审阅")]
    done.changed = not item.unchanged()
    if done.changed:
        done.readings, done.fault = [], ""
    done.seconds = time.perf_counter() - started
    return done


def _hash_of_whole(readings: list[Reading], item: Input) -> str:
    """The hash of the file as received: the reader's own where it read the file as one document."""
    known = (r.record.source.sha256 for r in readings if r.record.source.path == item.document)
    return next(known, "") or sha256_of(item.path)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, hexadecimal. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _unreadable(item: Input, sha256: str, message: str) -> Reading:
    source = Source(path=item.document, sha256=sha256, format="unknown")
    return Reading(record=Record(source=source, notes=[Note(code="F01", message=message)]))
