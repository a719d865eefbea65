"""What reading a unit gave, as bytes: the form in which a worker hands it over and the store keeps it.

Whatever route a reading took (in this process, a worker, another machine, the store), it is decoded from these bytes:
the same inbox gives the same outputs. No pickles: what a hostile file made of its worker is only ever data.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from flows.grouping import Unit
from flows.reading import Contents, ReadInput
from records.compact import built
from records.lines import PackedLines
from records.models import Reading, Value

_READINGS = TypeAdapter(list[Reading])
_HEAD = 4
_ALL_SET = set(Value.model_fields)
_SURROGATES = re.compile("[\ud800-\udfff]")


def encode(reads: Sequence[ReadInput], contents: Contents) -> bytes:
    """One unit's reads, with the Documents of its readings."""
    readings = b"[" + b",".join(_dumped(r) for done in reads for r in done.readings) + b"]"
    packed = zlib.compress(readings, 1)
    documents = contents.packed()
    head = {
        "reads": [
            {
                "document": done.input.document,
                "sha256": done.sha256,
                "readings": len(done.readings),
                "role": done.role,
                "owner": done.owner,
                "seconds": round(done.seconds, 3),
                "fault": done.fault,
                "trace": done.trace,
                "changed": done.changed,
                "aside": [[path.removeprefix(done.input.document), why] for path, why in done.aside],
            }
            for done in reads
        ],
        "packed": len(packed),
        "documents": [[path, len(data)] for path, data in documents],
    }
    line = json.dumps(head).encode()
    return b"".join((len(line).to_bytes(_HEAD, "big"), line, packed, *(data for _, data in documents)))


def decode(data: bytes, unit: Unit) -> tuple[list[ReadInput], Contents]:
    """The reads and Documents in ``data``, for the files of ``unit``: where it is one file that was read under another
    name, they are told of the new one. Raises ValueError on bytes that are none of ours."""
    head, start = _head(data)
    items = {item.document: item for item in unit}
    renamed = {}
    if len(unit) == 1 and len(head["reads"]) == 1 and head["reads"][0]["document"] not in items:
        renamed[head["reads"][0]["document"]] = unit[0].document
    end = start + head["packed"]
    readings = _READINGS.validate_json(zlib.decompress(data[start:end]))
    for reading in readings:
        _slim(reading)
        source = reading.record.source
        source.path = renamed.get(source.path, source.path)
    contents = Contents()
    for path, size in head["documents"]:
        contents.keep_packed(renamed.get(path, path), data[end : end + size])
        end += size
    reads = []
    at = 0
    for facts in head["reads"]:
        item = items[renamed.get(facts["document"], facts["document"])]
        own = readings[at : at + facts["readings"]]
        at += facts["readings"]
        known = {key: facts[key] for key in ("sha256", "role", "owner", "seconds", "fault", "trace", "changed")}
        aside = [(item.document + below, why) for below, why in facts["aside"]]
        reads.append(ReadInput(item, readings=own, aside=aside, **known))
    return reads, contents


def is_portable(reads: Sequence[ReadInput]) -> bool:
    """Whether the reads hold under any name: one file read as one document."""
    if len(reads) != 1 or len(reads[0].readings) > 1:
        return False
    return all(
        r.record.source.path == reads[0].input.document and not (r.record.source.member_of or r.parts or r.annexes)
        for r in reads[0].readings
    )


def is_lasting(reads: Sequence[ReadInput]) -> bool:
    """Whether reading the same bytes again would give the same: the program did not fail, nor lack a part that may be
    installed, nor did the file change."""
    sound = all(done.sha256 and not done.fault and not done.changed for done in reads)
    return sound and not any(r.record.unread for done in reads for r in done.readings)


def _slim(reading: Reading) -> None:
    """Keep the reading in little room: values compactly (:mod:`records.compact`), lines compressed, equal texts as one text. A
    round holds thousands of readings at once, and a cell's text stands in its value and in its raw text."""
    shared: dict[Any, Any] = {}

    def slim(value: Value) -> Value:
        held = value.__dict__
        held["where"] = sys.intern(held["where"])  # forms of one kind are laid out alike: one text for the whole round
        held["confidence"] = shared.setdefault(held["confidence"], held["confidence"])
        for key in ("raw", "value"):
            if type(held[key]) is str:
                held[key] = shared.setdefault(held[key], held[key])
        return built(Value, _ALL_SET, held)

    record = reading.record
    for values in (record.fields, record.sections, *(row for table in record.tables.values() for row in table)):
        for key, value in values.items():
            values[key] = slim(value)
    reading.lines = PackedLines(reading.lines)


def _head(data: bytes) -> tuple[dict[str, Any], int]:
    start = _HEAD + int.from_bytes(data[:_HEAD], "big")
    return json.loads(data[_HEAD:start]), start


def _dumped(reading: Reading) -> bytes:
    try:
        return reading.model_dump_json(by_alias=True).encode()
    except ValueError:  # what UTF-8 cannot carry (a lone surrogate of a broken file)
        text = json.dumps(reading.model_dump(by_alias=True, mode="json"), ensure_ascii=False)
        return _SURROGATES.sub("\ufffd", text).encode()  # as the reports would write it
