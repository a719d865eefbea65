"""What people decided shows in every paper: their own findings, verdicts, orders, rulings, corrections that no longer hold."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from docx import Document
from openpyxl import load_workbook

from checks.meaning.versions import application_id
from records.book.events import Entry, pair
from records.book.keeping import Book
from records.models import Value
from reports.papers.recommendation import drawn_up
from reports.results.model import DistrictResult, Status
from reports.results.round import RoundView, views
from reports.write import write_district
from tests.reports.conftest import DISTRICT, Make, finding

ONE = f"{DISTRICT}/001.docx"


def decide(result: DistrictResult, *entries: dict[str, Any]) -> Book:
    book = Book.in_memory()
    base = {"who": "王五", "office": DISTRICT, "source": "desk"}
    book.append([Entry.model_validate(base | e) for e in entries])
    return book


def ids(result: DistrictResult) -> list[str]:
    return [application_id(result.catalog, i.record) for i in result.items]


def text(path: Path) -> str:
    document = Document(str(path))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


OWN = {
    "id": "P-000000000001",
    "level": "fix",
    "place": "附1 第1行—解决方案",
    "message": "解决方案与附2所列设备不是同一套",
}


def test_a_persons_own_finding_counts_and_stands_in_every_paper(make: Make, tmp_path: Path) -> None:
    result = make(2, [], broken=False)
    key = ids(result)[0]
    with decide(result, {"what": "add", "target": key, "after": OWN}) as book:
        write_district(result, tmp_path, book=book)
        assert [i.status for i in result.items] == [Status.FIX, Status.CLEAN]
        letters = [p for p in (tmp_path / "补正通知").iterdir() if p.suffix == ".docx"]
        for path in (tmp_path / "审查报告.docx", *letters):
            assert OWN["message"] in text(path), path.name
        assert len(letters) == 1
        assert OWN["message"] in (tmp_path / "index.html").read_text("utf-8")
        lines = (tmp_path / "findings.jsonl").read_text("utf-8").splitlines()
        assert [json.loads(line)["id"] for line in lines] == [OWN["id"]]
        sheet = load_workbook(tmp_path / "审查台账.xlsx")["问题清单"]
        assert OWN["message"] in {c.value for row in sheet for c in row}

        # Withdrawn like any other, it counts nowhere; the application is what it was.
        book.append(
            [Entry(who="李四", office=DISTRICT, what="withdraw", target=OWN["id"], reason="是同一套", source="desk")]
        )
        again = make(2, [], broken=False)
        write_district(again, tmp_path, book=book)
        assert [i.status for i in again.items] == [Status.CLEAN, Status.CLEAN]
        assert again.open_findings == []
        assert len(again.withdrawn_findings) == 1
        assert not [p for p in (tmp_path / "补正通知").iterdir() if p.suffix == ".docx"]


def test_a_finding_on_what_is_no_longer_received_is_in_no_count(make: Make, tmp_path: Path) -> None:
    result = make(1, [], broken=False)
    with decide(result, {"what": "add", "target": "A-gone", "after": OWN}) as book:
        write_district(result, tmp_path, book=book)
    assert result.outcomes.findings == []


def test_verdicts_and_orders_show_in_the_report_the_draft_and_the_workbook(make: Make, tmp_path: Path) -> None:
    result = make(2, [], broken=False, table=False)
    first, second = ids(result)
    book = decide(
        result,
        {"what": "rank", "target": f"{DISTRICT}/scene", "after": {"order": [second, first]}},
    )
    with book:
        write_district(result, tmp_path, book=book)
        assert [(n, i.document) for n, i in drawn_up(result).rows["scene"]] == [
            ("1", f"{DISTRICT}/002.docx"),
            ("2", ONE),
        ]
        assert "序号留空" not in text(tmp_path / "推荐汇总表（草稿）.docx")
        book.append(
            [
                Entry(
                    who="王五",
                    office=DISTRICT,
                    what="decide",
                    target=first,
                    after={"verdict": "不予推荐"},
                    reason="场地未落实",
                    source="desk",
                )
            ]
        )
        result = make(2, [], broken=False, table=False)
        write_district(result, tmp_path, book=book)
        assert [i.document for _, i in drawn_up(result).rows["scene"]] == [f"{DISTRICT}/002.docx"]
        report, draft = text(tmp_path / "审查报告.docx"), text(tmp_path / "推荐汇总表（草稿）.docx")
        assert "已审定1份：通过0份、退回补正0份、不予推荐1份" in report
        assert "不予推荐（王五：场地未落实）" in report
        assert "审定：不予推荐（王五：场地未落实）" in draft
        sheet = load_workbook(io.BytesIO((tmp_path / "审查台账.xlsx").read_bytes()))["申报项目"]
        assert "不予推荐（王五：场地未落实）" in {c.value for row in sheet for c in row}


def test_the_citys_ruling_frees_the_one_that_stands_and_holds_back_the_other(make: Make, tmp_path: Path) -> None:
    code = next(iter(make(1).catalog.codes("one_recommender")))
    both = finding(1, ONE, code=code, id=f"{code}-000000000001", level="fix")
    target = pair(both.id)
    for stands, here in ((DISTRICT, True), ("静安区", False)):
        result = make(1, [both], broken=False, table=False)
        assert drawn_up(result).rows["scene"] == []
        entry = {"what": "settle", "target": target, "office": "全市", "after": {"stands": [stands, ids(result)[0]]}}
        with decide(result, entry) as book:
            write_district(result, tmp_path / stands, book=book)
        draft = drawn_up(result)
        assert bool(draft.rows["scene"]) is here
        assert f"全市裁定：由{stands}推荐（王五）" in result.remark(both)
        assert RoundView(views([result], tmp_path)).settled() == [
            ("上海示例001机械有限公司", f"全市裁定：由{stands}推荐（王五）")
        ]


def test_a_correction_of_what_the_file_no_longer_says_is_told_and_not_used(make: Make, tmp_path: Path) -> None:
    result = make(1, [], broken=False)
    key = ids(result)[0]
    fields = result.items[0].record.fields
    read = fields["contact_name"]
    target = f"{key}#contact_name"
    entry = {"what": "correct", "target": target, "before": {"raw": read.raw}, "after": {"text": "李四光"}}
    with decide(result, entry) as book:
        write_district(result, tmp_path, book=book)
        assert result.outcomes.findings == []
        fields["contact_name"] = Value(value="赵六七", raw="赵六七", where=read.where)
        write_district(result, tmp_path, book=book)
        (told,) = result.open_findings
        assert told.level == "note"
        for word in ("王五", "李四光", "赵六七", "更正不再适用"):
            assert word in told.message
        assert result.items[0].status is Status.CLEAN
