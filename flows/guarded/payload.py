"""What reading a unit gave, as bytes: the form in which a worker hands it over and the store keeps it.

Whatever route a reading took (in this process, a worker, another machine, the store), it is decoded from these bytes:
the same inbox gives the same outputs. No pickles: what a hostile file made of its worker is only ever data. Each reading
is packed by itself: one that is none costs its own document, never another's.

    4 bytes: length of the head | the head: JSON | each reading: JSON, deflated | each Document: JSON, deflated
"""

from __future__ import annotations

import json
import logging
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field, NonNegativeInt

from extractors.document.errors import told_of
from flows.guarded.reading import Contents, ReadInput, Role, failed
from flows.guarded.shelf import READING, Shelved, inflated
from flows.guarded.spool import Spool
from flows.received.grouping import Unit
from flows.received.inbox import Input
from flows.received.opening import Swapped, sha256_of
from records.models import UNKNOWN, Note, Outline, Reading, Record
from records.numbers import held

logger = logging.getLogger("shenbao.read")

_HEAD = 4
_SURROGATES = re.compile("[\ud800-\udfff]")
MOST_RECORD = 2 << 20
"""Bytes of JSON of one reading without its lines: some 2,000 rows of a summary table, 300 times a form. Decoded it takes
three times that; the whole run holds it."""
_TOO_MUCH = "从中读出的内容异常多，超过一份申报材料可能有的（约2000行汇总表），未予采用；请核对后重新报送，内容确有这么多的请分成几份"
_DOUBTFUL = re.compile(rb'[:\[,]-?\d{16}|"confidence":null|(?:\xef\xbf\xbd){3}')
"""A number of so many digits that a float may not hold it, none where there must be one, or what pydantic writes for a lone
surrogate in a key (U+FFFD three times, and no error); seldom so in a text."""


class _Read(BaseModel):
    """A :class:`ReadInput`; ``readings``: path and packed size of each; ``aside``: what stands below the document."""

    document: str
    sha256: Annotated[str, Field(pattern="^([0-9a-f]{64})?$")]
    readings: list[tuple[str, NonNegativeInt]]
    role: Role
    owner: str
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    fault: str
    trace: str
    changed: bool
    aside: list[tuple[str, str]]


class _Head(BaseModel):
    """``documents``: path and packed size of each."""

    reads: list[_Read]
    documents: list[tuple[str, NonNegativeInt]]


def encode(reads: Sequence[ReadInput], contents: Contents) -> bytes:
    """One unit's reads, with the Documents of its readings."""
    packed = [[zlib.compress(_bounded(r), 1) for r in done.readings] for done in reads]
    documents = contents.packed()
    head = {
        "reads": [
            {
                "document": done.input.document,
                "sha256": done.sha256,
                "readings": [(r.record.source.path, len(p)) for r, p in zip(done.readings, own, strict=True)],
                "role": done.role,
                "owner": done.owner,
                "seconds": round(done.seconds, 3),
                "fault": done.fault,
                "trace": done.trace,
                "changed": done.changed,
                "aside": [[path.removeprefix(done.input.document), why] for path, why in done.aside],
            }
            for done, own in zip(reads, packed, strict=True)
        ],
        "documents": [[path, len(data)] for path, data in documents],
    }
    line = json.dumps(head).encode()
    parts = [len(line).to_bytes(_HEAD, "big"), line, *(p for own in packed for p in own), *(d for _, d in documents)]
    return b"".join(parts)


def decode(data: bytes, unit: Unit) -> tuple[list[ReadInput], Contents]:
    """The reads and Documents in ``data``, for the files of ``unit``: where it is one file that was read under another
    name, they are told of the new one.

    Bytes that are none of ours cost nothing but their document: its reading then says so (F01), with ``failed`` set, and its
    read is ``garbled``.
    """
    try:
        return _decoded(data, unit)
    except (ValueError, RecursionError) as problem:  # no head, or that of another unit
        return [_broken(item, problem) for item in unit], Contents()


def shelve(done: ReadInput, spool: Spool | None, recommender: Callable[[Reading], str]) -> None:
    """Put down what was read of an input: in ``spool``, without one in memory. ``recommender`` tells whom a reading names."""
    for reading, packed in zip(done.readings, done.packed or [b""] * len(done.readings), strict=True):
        data = packed or zlib.compress(as_json(reading), 1)
        done.shelved.append(Shelved(Outline.of(reading), spool.put(data) if spool else data, recommender(reading)))
    done.readings, done.packed = [], []


def is_portable(reads: Sequence[ReadInput]) -> bool:
    """Whether the reads hold under any name: one file read as one document."""
    if len(reads) != 1 or len(reads[0].outlines) > 1:
        return False
    return all(
        o.source.path == reads[0].input.document and not (o.source.member_of or o.parts or o.annexes)
        for o in reads[0].outlines
    )


def is_lasting(reads: Sequence[ReadInput]) -> bool:
    """Whether reading the same bytes again would give the same: the program did not lack a part that may be installed, nor
    did the file change."""
    sound = all(done.sha256 and not done.fault and not done.changed for done in reads)
    return sound and not any(o.unread for done in reads for o in done.outlines)


def is_foreign(reads: Sequence[ReadInput]) -> bool:
    """Whether something in a unit is none of the notice's forms: it may be another's, of which nobody knew yet."""
    return any(done.aside or any(o.form == UNKNOWN for o in done.outlines) for done in reads)


def _decoded(data: bytes, unit: Unit) -> tuple[list[ReadInput], Contents]:
    """As :func:`decode`. Raises ValueError where the head is none, or tells of other files."""
    head, at = _head(data)
    items = {item.document: item for item in unit}
    renamed = {}
    if len(unit) == 1 and len(head.reads) == 1 and head.reads[0].document not in items:
        renamed[head.reads[0].document] = unit[0].document
    if sorted(renamed.get(told.document, told.document) for told in head.reads) != sorted(items):
        raise ValueError("the answer is not about the files asked for")
    reads = []
    for told in head.reads:
        item = items[renamed.get(told.document, told.document)]
        aside = [(item.document + below, why) for below, why in told.aside]
        done = ReadInput(item, aside=aside, **told.model_dump(exclude=_NOT_PLAIN))
        for path, size in told.readings:
            packed, own = data[at : at + size], renamed.get(path, path)
            done.readings.append(_reading(packed, own, done, renamed))
            done.packed.append(b"" if own != path or done.garbled else packed)
            at += size
        reads.append(done)
    contents = Contents()
    told_of = {r.record.source.path for done in reads for r in done.readings if not r.failed}
    for path, size in head.documents:
        if renamed.get(path, path) in told_of:
            contents.keep_packed(renamed.get(path, path), data[at : at + size])
        at += size
    return reads, contents


_NOT_PLAIN = {"document", "readings", "aside"}


def documents_in(data: bytes, sha256: str) -> Contents:
    """The Documents in ``data`` under the names they were read by; none where the bytes are none of ours, or were not read from a
    file of that SHA-256."""
    contents = Contents()
    try:
        head, at = _head(data)
    except ValueError:
        return contents
    if not any(told.sha256 == sha256 for told in head.reads):
        return contents
    at += sum(size for told in head.reads for _, size in told.readings)
    for path, size in head.documents:
        contents.keep_packed(path, data[at : at + size])
        at += size
    return contents


def _head(data: bytes) -> tuple[_Head, int]:
    start = _HEAD + int.from_bytes(data[:_HEAD], "big")
    return _Head.model_validate_json(data[_HEAD:start]), start


def _reading(packed: bytes, path: str, done: ReadInput, renamed: Mapping[str, str]) -> Reading:
    """One reading, of what lies at ``path`` in the file; that it is broken where it is."""
    document = done.input.document
    try:
        if path != document and not path.startswith(f"{document}!/"):
            raise ValueError("the reading is of another file")
        text = inflated(packed)
        reading = READING.validate_json(text)
        if _is_too_much(reading, text):
            raise ValueError("the reading holds more than a document can")
        source = reading.record.source
        source.path = renamed.get(source.path, source.path)
        if source.path != path:
            raise ValueError("the reading is of another document")
    except (ValueError, RecursionError, zlib.error) as problem:
        own = path if path.startswith(f"{document}!/") else document
        return _garbled(done, own, problem)
    return reading


def _broken(item: Input, problem: Exception) -> ReadInput:
    done = ReadInput(item)
    try:
        done.sha256 = sha256_of(item)
    except (OSError, Swapped) as wrong:
        logger.warning("%s 打不开，算不出校验值：%s", item.document, wrong)
    done.readings = [_garbled(done, item.document, problem)]
    return done


def _garbled(done: ReadInput, path: str, problem: Exception) -> Reading:
    done.garbled = True
    return failed(path, done.sha256, f"the answer of a reader cannot be decoded: {told_of(problem)}")


def as_json(reading: Reading) -> bytes:
    """A reading as JSON. Numbers that are no figures are null, as the record contract wants them; a reading that holds what
    JSON cannot say is one that failed."""
    try:
        text = reading.model_dump_json(by_alias=True).encode()
    except ValueError:  # what UTF-8 cannot carry (a lone surrogate of a broken file), or no JSON
        text = b""
    if text and not _DOUBTFUL.search(text):
        return text
    try:
        plain = json.dumps(_plain(reading.model_dump(by_alias=True)), ensure_ascii=False)
    except (ValueError, RecursionError) as problem:
        source = reading.record.source
        return as_json(failed(source.path, source.sha256, told_of(problem)))
    return _SURROGATES.sub("\ufffd", plain).encode()  # as the reports would write it


def _bounded(reading: Reading) -> bytes:
    """A reading as JSON; that there is too much of it where so."""
    data = as_json(reading)
    if not _is_too_much(reading, data):
        return data
    return as_json(Reading(record=Record(source=reading.record.source, notes=[Note(code="F01", message=_TOO_MUCH)])))


def _is_too_much(reading: Reading, data: bytes) -> bool:
    return len(data) > MOST_RECORD and len(as_json(reading.model_copy(update={"lines": []}))) > MOST_RECORD


def _plain(value: Any) -> Any:
    """``value`` as JSON has it. Raises ValueError where it is nothing that JSON knows."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return held(value)
    if isinstance(value, dict):
        made = {str(key): _plain(inner) for key, inner in value.items()}
        if "confidence" in made and made["confidence"] is None:
            made["confidence"] = 0.0
        return made
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    raise ValueError(f"{type(value).__name__} is no JSON")
