"""Values that no form has (a reader gone wrong, an answer made by ill will) end neither a district's reports nor the round's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import extractors
from flows.run import core
from records.models import Reading, Seal, TextLine, Value
from tests.flows.rounds import fill, settings

ODD: tuple[Any, ...] = (
    None,
    1e308,
    "\x00\x1b[2J\u202e\ufffe",
    {},
    [{"link": None, "scene": 3, "instance": []}],
    [["甲"]],
)


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_a_document_of_odd_values_is_in_the_reports_with_the_others(
    odd: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "inbox", 2)
    read_bytes = extractors.read_bytes

    def read(data: bytes, catalog: Any, name: str, **options: Any) -> list[Reading]:
        readings = read_bytes(data, catalog, name, **options)
        if name.endswith("000.docx"):
            (reading,) = readings
            raw = odd if isinstance(odd, str) else "原文"
            value = Value(value=odd, raw=raw, where=raw, confidence=-1e300)
            record = reading.record
            record.fields = dict.fromkeys(record.fields, value)
            record.sections = dict.fromkeys(record.sections, value)
            record.tables = {name: [dict.fromkeys(row, value) for row in rows] for name, rows in record.tables.items()}
            reading.lines = [TextLine(raw, raw, "body")]
            reading.seals = [Seal(raw, raw)]
        return readings

    monkeypatch.setattr(extractors, "read_bytes", read)
    given = settings(tmp_path)
    summary = core.review(given)
    assert [f for f in summary.failures if f.part != "规则"] == []
    names = {p.name for p in (given.out / "浦东新区").iterdir()}
    assert {"审查报告.docx", "审查台账.xlsx", "index.html", "records.jsonl"} <= names
    lines = (given.out / "浦东新区" / "records.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["source"]["path"] for line in lines] == ["浦东新区/000.docx"]
