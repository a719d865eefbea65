"""What is counted of the rules is the same in text, table, page, workbook and JSON Lines: one function counts."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from catalog import Catalog
from records.models import Note, Reading, Record, Source, Submission
from reports.results.district import totals
from reports.results.matters import concerns, matters_of
from reports.results.rulebook import rule_rows
from reports.results.tasks import tasks
from reports.write import write_district
from tests.forms import clean_summary, submission_of
from tests.reports.conftest import DISTRICT, form_of, ruled


@pytest.fixture(scope="module")
def submissions() -> list[Submission]:
    """Two applications, one of which leaves its credit code and e-mail unsure, a table, and a file that cannot be read."""
    doubtful = submission_of(form_of(2), DISTRICT, f"{DISTRICT}/2.docx")
    for key in ("uscc", "company_name", "contact_email"):
        doubtful.record.fields[key] = doubtful.record.fields[key].model_copy(update={"confidence": 0.5})
    note = Note(code="F01", message="文件不完整")
    broken = Record(source=Source(path="x", sha256="0" * 64, format="docx"), notes=[note])
    return [
        Submission(district=DISTRICT, document=f"{DISTRICT}/坏.docx", reading=Reading(record=broken)),
        submission_of(form_of(1, form="factory", contact_email="无效"), DISTRICT, f"{DISTRICT}/1.docx"),
        doubtful,
        submission_of(clean_summary(), DISTRICT, f"{DISTRICT}/汇总表.docx"),
    ]


def test_the_sums_agree_in_every_output(catalog: Catalog, submissions: list[Submission], tmp_path: Path) -> None:
    result = ruled(catalog, submissions)
    write_district(result, tmp_path)
    lines = (tmp_path / "assessments.jsonl").read_text("utf-8").splitlines()
    written = Counter((a["code"], a["outcome"]) for a in map(json.loads, lines))
    whole = Counter(outcome for _, outcome in written.elements())
    assert whole["cannot_tell"] > 0
    assert whole["not_applicable"] > 0
    for row in rule_rows(catalog, [result]):
        assert row.outcomes == {o: n for (code, o), n in written.items() if code == row.code}
        assert row.applied == row.outcomes["pass"] + row.outcomes["finding"]
    applied = {code: sum(written[code, o] for o in ("pass", "finding")) for code, _ in written}

    sheet = openpyxl.load_workbook(tmp_path / "审查台账.xlsx")["规则结果"]
    heads = [c.value for c in sheet[1]]
    at = heads.index("规则"), heads.index("应用文件数"), heads.index("不能判断"), heads.index("不适用")
    book = {
        r[at[0]]: [int(r[n] or 0) for n in at[1:]] for r in sheet.iter_rows(min_row=2, values_only=True) if r[at[0]]
    }
    assert {code: n for code, (n, _, _) in book.items() if n} == {code: n for code, n in applied.items() if n}
    assert sum(n for _, n, _ in book.values()) == whole["cannot_tell"]
    assert sum(n for _, _, n in book.values()) == whole["not_applicable"]

    tables = Document(str(tmp_path / "审查依据.docx")).tables
    rules = next(t for t in tables if [c.text for c in t.rows[0].cells][3:4] == ["应用"])
    printed = {r.cells[0].text: [int(c.text or 0) for c in r.cells[3:7]] for r in rules.rows[1:]}
    assert {code: n[0] for code, n in printed.items() if n[0]} == {code: n for code, n in applied.items() if n}
    assert sum(n[2] for n in printed.values()) == whole["cannot_tell"]
    assert sum(n[3] for n in printed.values()) == whole["not_applicable"]
    unsure = next(t for t in tables if "为何不能判断" in [c.text for c in t.rows[0].cells])
    assert sum(int(r.cells[3].text) for r in unsure.rows[1:]) == whole["cannot_tell"]

    sheet = openpyxl.load_workbook(tmp_path / "审查台账.xlsx")["待人工判断"]
    heads = [c.value for c in sheet[1]]
    rows = [dict(zip(heads, r, strict=True)) for r in sheet.iter_rows(min_row=2, values_only=True)]
    assert sum(int(r["项数"]) for r in rows) == whole["cannot_tell"]
    assert len({(r["规则"], r["为何不能判断"]) for r in rows}) == len(rows)
    (told,) = [t for t in tasks(result) if t.what == "程序不能判断的"]
    assert told.count == f"{whole['cannot_tell']}项"
    page = (tmp_path / "index.html").read_text("utf-8")
    (found,) = re.findall(r'"rules": ?(\[\[.*?\]\])', page)
    assert {r[0]: r[4] for r in json.loads(found) if r[4]} == {code: n for code, n in applied.items() if n}
    assert sum(r[7] for r in json.loads(found)) == whole["cannot_tell"]
    data = json.loads(page.partition('<script type="application/json" id="data">')[2].partition("</script>")[0])
    assert sum(u[4] for u in data["unsure"]) == whole["cannot_tell"]
    assert (
        sum(i["unsure"] for i in data["items"]) + sum(u[4] for u in data["unsure"] if 0 in u[0]) == whole["cannot_tell"]
    )


def test_what_stands_between_offices_is_told_once_with_both_sides_and_what_to_decide(catalog: Catalog) -> None:
    both = [
        submission_of(form_of(1), DISTRICT, f"{DISTRICT}/1.docx"),
        submission_of(form_of(1, project_name="另一项目"), "嘉定区", "嘉定区/1.docx"),
    ]
    offices = ruled(catalog, both), ruled(catalog, both, "嘉定区")
    found = matters_of(catalog, [concern for office in offices for concern in concerns(office)])
    twice = [m for m in found if m.code in catalog.codes("one_recommender")]
    assert len(twice) == 1
    assert [side.partition("：")[0] for side in twice[0].sides] == [DISTRICT, "嘉定区"]
    assert "另一项目" in twice[0].sides[1]
    assert "推荐" in twice[0].decide
    assert len(twice[0].words) == 1


def test_an_office_without_a_table_did_not_recommend_none(catalog: Catalog) -> None:
    (row, *_) = totals(ruled(catalog, [submission_of(form_of(1), DISTRICT, f"{DISTRICT}/1.docx")]))
    assert (row["申报书"], row["汇总表推荐"]) == ("1", "—")
