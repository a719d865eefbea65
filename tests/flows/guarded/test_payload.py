"""What a reader hands over: any reading survives it, and bytes that are none cost their own document alone."""

from __future__ import annotations

import io
import json
import math
import sys
import tracemalloc
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.load import load
from flows.guarded import payload, shelf
from flows.guarded.payload import decode, encode
from flows.guarded.reading import Contents, ReadInput, read_unit
from flows.received.inbox import Input
from flows.run import batch, core
from records.models import MissingLabel, Note, Reading, Record, Seal, Source, TextLine, Value
from tests.flows.rounds import fill, form
from tests.flows.rounds import settings as run_settings

_TEXT = st.text(max_size=20) | st.text(alphabet="\ud800\udfff\x00\x1f字,1:[", max_size=6)
_NUMBER = st.integers() | st.floats() | st.integers(15, 600).map(lambda n: 10**n + 7)
_JSON = st.recursive(
    st.none() | st.booleans() | _NUMBER | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)
_VALUE = st.builds(
    Value, value=_JSON, raw=_TEXT, where=_TEXT, confidence=st.floats(), doubts=st.tuples() | st.tuples(_TEXT)
)
_VALUES = st.dictionaries(_TEXT, _VALUE, max_size=3)
_PATH = "浦东新区/申报书.docx"


def _readings(path: str) -> st.SearchStrategy[Reading]:
    source = st.builds(
        Source, path=st.just(path), sha256=_TEXT, format=_TEXT, pages=st.none() | st.integers() | st.just(10**400)
    )
    record = st.builds(
        Record,
        source=source,
        form=st.sampled_from(("scene", "unknown")),
        fields=_VALUES,
        sections=_VALUES,
        tables=st.dictionaries(_TEXT, st.lists(_VALUES, max_size=2), max_size=2),
        notes=st.lists(st.builds(Note, code=_TEXT, message=_TEXT), max_size=2),
    )
    return st.builds(
        Reading,
        record=record,
        lines=st.lists(st.builds(TextLine, _TEXT, _TEXT, st.just("body")), max_size=2),
        missing_labels=st.lists(st.builds(MissingLabel, _TEXT, _TEXT, _TEXT), max_size=2),
        seals=st.none() | st.lists(st.builds(Seal, _TEXT, _TEXT), max_size=2),
        annexes=st.lists(_TEXT, max_size=2),
        parts=st.lists(_TEXT, max_size=2),
        failed=_TEXT,
    )


def _item(path: str = _PATH, file: Path = Path(__file__)) -> Input:
    return Input(path, file, "", file.stat().st_size, file.stat().st_mtime_ns)


def _swept(text: str) -> str:
    return "".join("\ufffd" if 0xD800 <= ord(c) < 0xE000 else c for c in text)


def _texts(value: Any) -> Any:
    """The texts and truths of a value, its numbers left out: they are told in a test of their own."""
    if isinstance(value, dict):
        return [[_swept(k), _texts(v)] for k, v in value.items()]
    if isinstance(value, list | tuple):
        return [_texts(v) for v in value]
    return _swept(value) if isinstance(value, str) else value if isinstance(value, bool) else None


@given(st.lists(_readings(_PATH), min_size=1, max_size=2))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_reading_survives(readings: list[Reading]) -> None:
    before = [_texts(r.model_dump(by_alias=True)) for r in readings]
    (done,), _ = decode(encode([ReadInput(_item(), "0" * 64, readings)], Contents()), (_item(),))
    assert not done.garbled
    assert [_texts(r.model_dump(by_alias=True)) for r in done.readings] == before


def test_a_key_of_a_broken_encoding_is_swept_like_any_text() -> None:
    made = Reading(record=Record(source=Source(path=_PATH, sha256="", format="docx"), tables={"\ud800": []}))
    (done,), _ = decode(encode([ReadInput(_item(), "", [made])], Contents()), (_item(),))
    assert list(done.readings[0].record.tables) == ["\ufffd"]


@given(_NUMBER)
def test_a_number_that_is_no_figure_is_none_with_its_raw_text(number: float) -> None:
    value = Value(value=number, raw="原文", confidence=float("nan"))
    made = Reading(record=Record(source=Source(path=_PATH, sha256="", format="docx"), fields={"investment": value}))
    (done,), _ = decode(encode([ReadInput(_item(), "", [made])], Contents()), (_item(),))
    found = done.readings[0].record.fields["investment"]
    assert (found.raw, found.confidence) == ("原文", 0.0)
    exact = math.isfinite(number) if isinstance(number, float) else abs(number) < 2**53
    if exact:
        assert found.value == number
    elif isinstance(number, float) or abs(number) > 10**309:
        assert found.value is None


def _answer() -> bytes:
    """An answer about an archive of three documents."""
    readings = [
        Reading(record=Record(form="scene", source=Source(path=f"a.zip!/{n}.docx", sha256="", format="docx")))
        for n in range(3)
    ]
    kept = Contents()
    kept.keep_packed("a.zip!/1.docx", zlib.compress(b"{}"))
    return encode([ReadInput(_item("a.zip"), "0" * 64, readings)], kept)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_bytes_in_place_of_an_answer_cost_that_document_alone(data: st.DataObject) -> None:
    answer = bytearray(_answer())
    kind = data.draw(st.sampled_from(("noise", "cut", "flipped", "inserted", "head")))
    at = data.draw(st.integers(0, len(answer) - 1))
    if kind == "noise":
        answer = bytearray(data.draw(st.binary(max_size=300)))
    elif kind == "cut":
        del answer[at:]
    elif kind == "flipped":
        answer[at] ^= data.draw(st.integers(1, 255))
    elif kind == "inserted":
        answer[at:at] = data.draw(st.binary(min_size=1, max_size=9))
    else:
        line = data.draw(_JSON.map(lambda v: json.dumps(v).encode()))
        answer[:] = len(line).to_bytes(4, "big") + line
    (done,), kept = decode(bytes(answer), (_item("a.zip"),))
    assert done.readings or not done.garbled
    for found in done.readings:
        path = found.record.source.path
        assert path == "a.zip" or path.startswith("a.zip!/")
        assert not found.failed or [n.code for n in found.record.notes] == ["F01"]
    for path in kept:
        kept.get(path)
    ((again,), _) = decode(encode([done], kept), (_item("a.zip"),))
    assert (again.garbled, [r.model_dump() for r in again.readings]) == (False, [r.model_dump() for r in done.readings])


def _packed(text: bytes) -> bytes:
    return zlib.compress(text)


@pytest.mark.parametrize(
    "middle",
    [b"", b"{}", b"noise", _packed(b"{}"), _packed(b"[" * 100_000), _packed(b'{"record":' * 100_000), _packed(b"null"),
     _packed(b"9" * 5000), zlib.compress(bytes(shelf.MOST_INFLATED + 1), 9)],
    ids=range(9),
)  # fmt: skip
def test_a_reading_that_is_none_leaves_those_beside_it(middle: bytes) -> None:
    data = _answer()
    start = 4 + int.from_bytes(data[:4], "big")
    head = json.loads(data[4:start])
    (first, a), (second, b), (third, c) = head["reads"][0]["readings"]
    body = data[start : start + a] + middle + data[start + a + b :]
    head["reads"][0]["readings"] = [(first, a), (second, len(middle)), (third, c)]
    line = json.dumps(head).encode()
    (done,), kept = decode(len(line).to_bytes(4, "big") + line + body, (_item("a.zip"),))
    told = [(r.record.source.path, r.record.form, [n.code for n in r.record.notes]) for r in done.readings]
    assert told == [
        ("a.zip!/0.docx", "scene", []),
        ("a.zip!/1.docx", "unknown", ["F01"]),
        ("a.zip!/2.docx", "scene", []),
    ]
    assert done.garbled
    assert list(kept) == []  # that of the one in the middle


@pytest.mark.parametrize("path", ["b.zip!/0.docx", "别处/a.zip!/0.docx", "a.zipx"])
def test_an_answer_may_not_speak_of_other_documents(path: str) -> None:
    made = Reading(record=Record(form="scene", source=Source(path=path, sha256="", format="docx")))
    (done,), _ = decode(encode([ReadInput(_item("a.zip"), "", [made])], Contents()), (_item("a.zip"),))
    assert [(r.record.source.path, r.record.form) for r in done.readings] == [("a.zip", "unknown")]


def test_a_file_of_another_answer_is_set_aside_with_its_hash() -> None:
    reads, _ = decode(_answer(), (_item("b.zip"), _item("c.zip")))
    assert [(d.input.document, len(d.sha256), d.readings[0].record.notes[0].code) for d in reads] == [
        ("b.zip", 64, "F01"),
        ("c.zip", 64, "F01"),
    ]


def test_a_document_that_cannot_be_decoded_is_as_good_as_none() -> None:
    kept = Contents()
    for path, data in (("a", b"noise"), ("b", zlib.compress(b"[]")), ("c", zlib.compress(b"[" * 100_000)), ("d", b"")):
        kept.keep_packed(path, data)
        assert kept.get(path) is None


def test_what_the_ledger_garbled_is_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "inbox", 3)
    given = run_settings(tmp_path)
    core.review(given)
    recall = batch.Memory.recall

    def garbled(memory: batch.Memory, plan: batch.Plan) -> Any:
        for number, (key, unit, data) in enumerate(recall(memory, plan)):
            yield key, unit, data if number else data[: len(data) // 2]

    monkeypatch.setattr(batch.Memory, "recall", garbled)
    (tmp_path / "inbox" / "浦东新区" / "新.docx").write_bytes(b"x")
    again = core.review(given)
    forms = sorted(o.form for d in again.reads for o in d.outlines)
    assert (forms, again.recalled, again.failures) == (["scene", "scene", "scene", "unknown"], 2, [])


# ------------------------------------------------------------------------------------------------- what the run holds
def _table(rows: int, path: str = _PATH) -> Reading:
    """A summary table of so many rows, five cells each."""
    row = {f"column{n}": Value(value=f"第{n}栏", raw=f"第{n}栏 ", where="表1 行1 列2", confidence=1) for n in range(5)}
    source = Source(path=path, sha256="0" * 64, format="docx")
    return Reading(record=Record(source=source, form="summary", tables={"scenes": [dict(row) for _ in range(rows)]}))


def _way(reading: Reading) -> Reading:
    item = _item()
    (done,), _ = decode(encode([ReadInput(item, "0" * 64, [reading])], Contents()), (item,))
    return done.readings[0]


def test_more_than_a_document_can_hold_is_told_of_and_not_held() -> None:
    assert len(_way(_table(2_000)).record.tables["scenes"]) == 2_000
    read = _way(_table(8_000))
    assert (read.record.form, read.record.tables, read.failed) == ("unknown", {}, "")
    assert [n.code for n in read.record.notes] == ["F01"]
    assert "异常多" in read.record.notes[0].message
    long = _table(1)
    long.lines = [TextLine("字" * 1_000, "正文", "body")] * 2_000
    assert len(_way(long).lines) == 2_000  # lines are held packed


def test_a_worker_that_hands_over_more_costs_its_own_document(monkeypatch: pytest.MonkeyPatch) -> None:
    item = _item()
    with monkeypatch.context() as patch:
        patch.setattr(payload, "_bounded", payload.as_json)
        data = encode([ReadInput(item, "0" * 64, [_table(8_000), _table(3, f"{_PATH}!/2")])], Contents())
    (done,), _ = decode(data, (item,))
    assert done.garbled
    assert [r.record.form for r in done.readings] == ["unknown", "summary"]
    assert "more than a document can" in done.readings[0].failed


def test_what_the_run_holds_of_the_largest_reading_is_bounded() -> None:
    """While an office's reports are written."""
    item, count = _item(), 4
    rows = payload.MOST_RECORD // len(payload.as_json(_table(100))) * 100 - 100
    data = encode([ReadInput(item, "0" * 64, [_table(rows)])], Contents())
    (done,), _ = decode(data, (item,))
    payload.shelve(done, None, lambda _: "")
    (shelved,) = done.shelved
    assert shelved.outline.form == shelved.fetch().record.form == "summary"
    tracemalloc.start()
    held = [shelved.fetch() for _ in range(count)]
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{rows} rows, {size / count / 1e6:.1f} MB each")
    assert len(held) == count
    # From 3.13 on Python gives a model's attributes a dict of their own, as it keeps slots beside them.
    assert size / count < (8e6 if sys.version_info < (3, 13) else 11e6)


def test_empty_cells_cost_the_run_nothing(tmp_path: Path) -> None:
    """32 KB of docx hold 390,000 of them; here a tenth."""
    row = "<w:tr>" + "<w:tc><w:p/></w:tc>" * 200 + "</w:tr>"
    path = tmp_path / "格.docx"
    with zipfile.ZipFile(io.BytesIO(form(1))) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "word/document.xml":
                text = text.replace(b"<w:sectPr", f"<w:tbl>{row * 195}</w:tbl><w:sectPr".encode(), 1)
            new.writestr(name, text)
    item = _item("格.docx", path)
    data = encode(*read_unit((item,), load("2023", None)))
    tracemalloc.start()
    (done,), contents = decode(data, (item,))
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (done.readings[0].record.form, len(contents)) == ("scene", 1)
    assert size < 1e6
