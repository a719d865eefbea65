"""Models and lines that take little room are, but for that, what they would be anyway."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from pathlib import Path

from catalog.load import load
from flows.guarded import judge_job
from flows.guarded.packed_lines import PackedLines, _unpacked
from flows.guarded.payload import decode, encode, shelve
from flows.guarded.reading import ReadInput, read_unit
from flows.guarded.spool import Spool
from flows.received.inbox import Input
from records.compact import built, copy_to_dump
from records.models import Reading, Submission, TextLine, Value
from tests.flows.rounds import form


def _payload(folder: Path) -> tuple[bytes, tuple[Input, ...], list[ReadInput]]:
    path = folder / "a.docx"
    path.write_bytes(form(1))
    unit = (Input("浦东新区/a.docx", path, "浦东新区", path.stat().st_size, path.stat().st_mtime_ns),)
    reads, contents = read_unit(unit, load())
    return encode(reads, contents), unit, reads


def test_a_reading_is_the_same_after_it_was_made_compact(tmp_path: Path) -> None:
    payload, unit, reads = _payload(tmp_path)
    (done,), _ = decode(payload, unit)
    (before,) = reads[0].readings
    assert encode([done], decode(payload, unit)[1]) == payload
    shelve(done, Spool(tmp_path), lambda _: "")
    after = done.shelved[0].fetch()
    assert after.record == before.record
    assert after.record.to_json() == before.record.to_json() == copy_to_dump(after.record).to_json()
    assert list(after.lines) == list(before.lines)
    assert Reading.model_validate_json(after.model_dump_json()).lines == list(before.lines)


def test_lines_are_a_sequence_whatever_they_hold() -> None:
    lines = [TextLine("一、\ud800", "段落1", "body"), TextLine("", "", "header"), TextLine("二", "表1", "cell")]
    packed = PackedLines(lines)
    assert list(packed) == lines
    assert (len(packed), packed[-1], packed[1:], bool(PackedLines([]))) == (3, lines[-1], tuple(lines[1:]), False)


def test_values_take_half_the_room_of_validated_ones(tmp_path: Path) -> None:
    """Thousands of readings are held at once: what one takes decides how large a round can be."""
    payload, unit, _ = _payload(tmp_path)
    (done,) = decode(payload, unit)[0]
    shelve(done, None, lambda _: "")
    (shelved,) = done.shelved
    copy_to_dump(shelved.fetch().record).to_json()  # what is loaded once
    gc.collect()
    tracemalloc.start()
    kept = [shelved.fetch() for _ in range(20)]
    size = tracemalloc.get_traced_memory()[0] / len(kept)
    [*(copy_to_dump(reading.record).to_json() for reading in kept)]
    for reading in kept:  # what is handed to those who judge leaves nothing behind either
        judge_job.request("take", [Submission(district="", document="a", reading=reading)])
    _unpacked.cache_clear()
    gc.collect()
    dumped = tracemalloc.get_traced_memory()[0] / len(kept)
    plain = [Reading.model_validate_json(reading.model_dump_json()) for reading in kept]
    gc.collect()
    usual = tracemalloc.get_traced_memory()[0] / len(plain) - dumped
    tracemalloc.stop()
    # From 3.13 on Python gives a model's attributes a dict of their own, as it keeps slots beside them.
    assert size < usual * (0.5 if sys.version_info < (3, 13) else 0.6)
    assert dumped < size * 1.1, "dumping leaves something behind on every value"


def test_the_first_value_built_and_the_thousandth_are_values() -> None:
    names = set(Value.model_fields)
    made = built(
        Value, names, {"value": "甲", "raw": "甲", "where": "表1", "confidence": 1.0, "doubts": (), "read_as": None}
    )
    assert made == Value(value="甲", raw="甲", where="表1", confidence=1.0)
    assert made.model_copy(update={"raw": "乙"}).raw == "乙"
    assert made.certain
    assert not made.blank
