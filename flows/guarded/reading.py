"""Reading inputs, a unit at a time: a file that cannot be read becomes a finding, and never stops the others."""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import time
import traceback
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from catalog.models import Catalog
from catalog.oserror import cause
from extractors.document.errors import GAVE_UP, Unreadable, told_of
from extractors.document.model import Document
from flows.guarded.shelf import Shelved, inflated
from flows.guarded.spool import Spool, Spooled, taken
from flows.received import opening
from flows.received.grouping import Unit
from flows.received.inbox import Input
from records.models import Note, Outline, Reading, Record, Source

logger = logging.getLogger("shenbao.read")

Role = Literal["part", "annex", ""]
Before = Callable[[str], str]
"""Told what is opened next (:data:`extractors.read.Before`); gives why a member of an archive must not be, or ""."""

MOST_SHOWN = 4 << 20
"""Bytes of JSON of a Document that is kept to be shown; of a larger one the page shows the values alone."""
_PASSING = frozenset(
    getattr(errno, name)
    for name in (
        "EIO", "EAGAIN", "EBUSY", "EINTR", "ENFILE", "EMFILE", "ESTALE", "ETIMEDOUT", "ENETDOWN", "ENETUNREACH",
        "ENETRESET", "ECONNRESET", "ECONNABORTED", "ECONNREFUSED", "EHOSTDOWN", "EHOSTUNREACH", "ENOTCONN", "ENOLINK",
        "EREMOTEIO", "ENOSPC",
    )
    if hasattr(errno, name)
)  # fmt: skip


class Contents(Mapping[str, dict[str, Any]]):
    """Documents as read (``Document.to_dict``), by path, kept small: they are looked at once, when the page of their
    district is written, and a round has thousands."""

    def __init__(self) -> None:
        self._packed: dict[str, bytes | Spooled] = {}

    def keep(self, path: str, document: Document) -> None:
        data = json.dumps(document.to_dict(), ensure_ascii=False).encode("utf-8", "surrogatepass")
        if len(data) <= MOST_SHOWN:
            self.keep_packed(path, zlib.compress(data, 1))

    def keep_packed(self, path: str, data: bytes) -> None:
        self._packed[path] = data

    def packed(self) -> list[tuple[str, bytes]]:
        """(path, compressed JSON), sorted."""
        return [(path, taken(piece)) for path, piece in sorted(self._packed.items())]

    def update(self, other: Contents, spool: Spool | None = None) -> None:
        """Take in what another holds, put down in ``spool``; without one it stays in memory."""
        for path, data in other.packed():
            self._packed[path] = data if spool is None else spool.put(data)

    def drop(self, paths: Iterable[str]) -> None:
        """Let go of documents that nobody will look at again."""
        for path in paths:
            self._packed.pop(path, None)

    def __getitem__(self, path: str) -> dict[str, Any]:
        """A Document; one that a worker garbled is as good as none. Raises KeyError."""
        packed = self._packed[path]
        try:
            found = json.loads(inflated(taken(packed)).decode("utf-8", "surrogatepass"))
        except (OSError, ValueError, RecursionError, zlib.error) as problem:
            logger.error("%s 的文档内容已损坏：%s", path, problem)
            raise KeyError(path) from problem
        if not isinstance(found, dict):
            raise KeyError(path)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


@dataclass(slots=True)
class ReadInput:
    """What became of one input. ``sha256`` is of the bytes as received, "" where they could not be read at all.

    ``owner`` is the document of the application that the file belongs to as a ``role``: a further part, or an annex.
    ``fault`` is set where a part of the program could not be loaded to read it, with the ``trace`` of it; what a reader
    meets in the file itself stands in its reading (``failed``). ``changed`` where the file changed while it was read: it is
    then left for the next run. ``kept`` is the key under which the store holds the reading, "" where it does not.
    ``garbled``: not all of the answer could be decoded. ``aside`` names what in it this program wrote itself (the file, or
    members of an archive), with the reason. A run puts its ``readings`` down (:mod:`flows.guarded.shelf`), and holds ``shelved`` of them.
    """

    input: Input
    sha256: str = ""
    readings: list[Reading] = field(default_factory=list)
    packed: list[bytes] = field(default_factory=list)
    """The same as they came, as deflated JSON; b"" of one that came as something else."""
    shelved: list[Shelved] = field(default_factory=list)
    role: Role = ""
    owner: str = ""
    seconds: float = 0.0
    fault: str = ""
    trace: str = ""
    changed: bool = False
    kept: str = ""
    garbled: bool = False
    withheld: bool = False
    """It carries a secrecy marking: what was read of it is kept nowhere."""
    aside: list[tuple[str, str]] = field(default_factory=list)

    def set_aside(self, path: str, why: str) -> None:
        self.aside.append((path, why))

    @property
    def outlines(self) -> list[Outline]:
        """What is to be said of each reading in short, wherever they are."""
        return [*(Outline.of(r) for r in self.readings), *(s.outline for s in self.shelved)]

    @property
    def is_aside(self) -> bool:
        """Whether the file as a whole is passed over."""
        return any(path == self.input.document for path, _ in self.aside)


def _nothing_against(path: str) -> str:  # noqa: ARG001
    return ""


def read_unit(unit: Unit, catalog: Catalog, before: Before = _nothing_against) -> tuple[list[ReadInput], Contents]:
    """Read one unit. Raises OSError where a disk or share fails for a moment, MemoryError; nothing else."""
    kept = Contents()
    if len(unit) == 1:
        return [read_input(unit[0], catalog, kept, before)], kept
    return read_folder(unit, catalog, kept, before), kept


def may_pass(error: BaseException | None) -> bool:
    """Whether trying again can help: a share or a disk that fails for a moment, not a file or a fault of the program."""
    return isinstance(error, ConnectionError | TimeoutError) or (isinstance(error, OSError) and error.errno in _PASSING)


def read_input(
    item: Input, catalog: Catalog, kept: Contents | None = None, before: Before = _nothing_against
) -> ReadInput:
    """Read one input: its hash and its readings. Raises nothing that comes from the file. What this program wrote itself is
    set aside in a run; a person who names such a file (``kept`` None) is shown what is in it."""
    from extractors import read_bytes, refuse_size

    started = time.perf_counter()
    done = ReadInput(item)
    before(item.document)
    try:
        refuse_size(item.size)
        data = opening.read(item)
        done.sha256 = hashlib.sha256(data).hexdigest()
        listens: dict[str, Any] = {} if kept is None else {"keep": kept.keep, "aside": done.set_aside}
        done.readings = read_bytes(data, catalog, item.document, before=before, **listens)
    except Unreadable as problem:
        done.sha256 = opening.sha256_of(item)
        done.readings = [unreadable(item, done.sha256, problem.message)]
    except opening.Swapped:
        done.changed = True
    except OSError as problem:
        if may_pass(problem):
            raise
        done.readings = [unreadable(item, done.sha256, _cannot_open(problem))]
    except MemoryError:
        raise
    except ImportError as problem:
        _take_fault(done, problem)
    except Exception as problem:  # noqa: BLE001 - the rim: told of in the document's own reading, log and run.json
        done.readings = [failed(item.document, done.sha256, told_of(problem))]
    _drop_if_changed(done)
    done.seconds = time.perf_counter() - started
    return done


def read_folder(unit: Unit, catalog: Catalog, kept: Contents, before: Before = _nothing_against) -> list[ReadInput]:
    """Read the files of a folder together; where the program fails on them together, each by itself.

    A file that changed meanwhile leaves the whole folder for the next run: half an application would be found fault
    with for what is only late.
    """
    from extractors import read_folder as read_files

    started = time.perf_counter()
    reads = {item.document: ReadInput(item) for item in unit}
    contents: dict[str, bytes] = {}
    for item in unit:
        done = reads[item.document]
        before(item.document)
        try:
            contents[item.document] = opening.read(item)
            done.sha256 = hashlib.sha256(contents[item.document]).hexdigest()
        except opening.Swapped:
            done.changed = True
        except OSError as problem:
            if may_pass(problem):
                raise
            done.readings = [unreadable(item, "", _cannot_open(problem))]

    def set_aside(path: str, why: str) -> None:
        reads[path.partition("!/")[0]].set_aside(path, why)

    readings: list[Reading] | None = None
    try:
        readings = read_files(contents, catalog, keep=kept.keep, aside=set_aside, before=before)
    except MemoryError:
        raise
    except Exception:
        logger.exception("合并读取 %s 所在的文件夹出错，改为逐个读取", unit[0].document)
    if readings is None:
        return [read_input(item, catalog, kept, before) for item in unit]
    for reading in readings:
        _assign(reading, reads)
    if any(done.changed for done in reads.values()) or not all(item.unchanged() for item in unit):
        for done in reads.values():
            done.readings, done.role, done.aside, done.changed = [], "", [], True
    for done in reads.values():
        done.seconds = (time.perf_counter() - started) / len(unit)
    return list(reads.values())


def as_read(item: Input, before: Before = _nothing_against) -> dict[str, Any]:
    """The Document of one file as the reader sees it: ``format``, ``pages``, ``blocks``, ``notes``; why there is none stands in
    the notes, ``lacking`` where it is for want of a part of the program. Raises OSError, MemoryError."""
    from extractors import read_document, refuse_size
    from extractors.document.errors import NotRead, Unavailable, one_document

    try:
        refuse_size(item.size)
        data = opening.read(item)
        with one_document():
            document = read_document(data, item.path.name, page=lambda number: before(f"{item.document}\0{number}"))
            told = document.to_dict()
    except NotRead as problem:
        lacking = {"lacking": True} if isinstance(problem, Unavailable) else {}
        return {"blocks": [], "notes": [{"code": problem.code, "message": problem.message}], **lacking}
    except opening.Swapped:
        return {"blocks": [], "notes": [{"code": "F01", "message": "文件刚刚有变动，请稍后再读"}]}
    except OSError as problem:
        if may_pass(problem):
            raise
        return {"blocks": [], "notes": [{"code": "F01", "message": _cannot_open(problem)}]}
    notes = [n.model_dump() for n in document.notes]
    return {"format": document.format, "pages": document.pages, **told, "notes": notes}


def _assign(reading: Reading, reads: dict[str, ReadInput]) -> None:
    """Give a reading to the file it stands under, and the other files it was made from to it."""
    head = reading.record.source.path.partition("!/")[0]
    reads[head].readings.append(reading)
    roles: tuple[tuple[Role, list[str]], ...] = (("part", reading.parts), ("annex", reading.annexes))
    for role, paths in roles:
        for path in paths:
            if path != head and path in reads:
                reads[path].role, reads[path].owner = role, reading.record.source.path


def log_failed(done: ReadInput) -> None:
    """Log the exceptions that a reader met in a file, with their tracebacks."""
    for reading in done.readings:
        if reading.failed:
            logger.error("读取 %s 出错：%s", reading.record.source.path, reading.failed)


def _take_fault(done: ReadInput, problem: ImportError) -> None:
    done.fault = f"{type(problem).__name__}: {problem}"
    done.trace = traceback.format_exc()
    done.readings = [unreadable(done.input, done.sha256, GAVE_UP)]


def _drop_if_changed(done: ReadInput) -> None:
    done.changed = done.changed or not done.input.unchanged()
    if done.changed:
        done.readings, done.aside, done.fault = [], [], ""


def _cannot_open(problem: OSError) -> str:
    return f"文件打不开（{cause(problem)}），请检查文件和权限后重新报送"


def failed(path: str, sha256: str, cause: str) -> Reading:
    """The reading of a document on which a reader failed, with the exception and its traceback in ``cause``."""
    source = Source(path=path, sha256=sha256, format="unknown")
    return Reading(record=Record(source=source, notes=[Note(code="F01", message=GAVE_UP)]), failed=cause)


def unreadable(item: Input, sha256: str, message: str) -> Reading:
    """The reading of a file that could not be read, with ``message`` (Chinese) saying why."""
    source = Source(path=item.document, sha256=sha256, format="unknown")
    return Reading(record=Record(source=source, notes=[Note(code="F01", message=message)]))
