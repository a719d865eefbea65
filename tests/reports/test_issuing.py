"""What a letter is issued with stands in the file that goes out."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document

from reports.papers.issuing import NotIssuable, Terms, issued
from reports.papers.letters import letters
from reports.results.model import DistrictResult
from tests.reports.conftest import DISTRICT, Make, finding

ONE = f"{DISTRICT}/001.docx"
TERMS = Terms("浦经函〔2023〕7号", dt.date(2023, 8, 12), dt.date(2023, 8, 25), "王小明", "021-55550000")


def drafted(make: Make, *, today: dt.date = dt.date(2023, 8, 10)) -> tuple[DistrictResult, bytes]:
    result = make(1, [finding(1, ONE)], broken=False)
    result.today = today
    (data,) = letters(result).values()
    return result, data


def lines(data: bytes) -> list[str]:
    return [p.text.strip() for p in Document(io.BytesIO(data)).paragraphs]


def changed(data: bytes, change: Callable[[Any], None]) -> bytes:
    document = Document(io.BytesIO(data))
    change(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def paragraph(document: Any, words: str) -> Any:
    return next(p for p in document.paragraphs if words in p.text)


@pytest.mark.parametrize("today", [dt.date(2023, 8, 10), dt.date(2026, 8, 10)], ids=["to come", "passed"])
def test_all_that_was_typed_stands_in_the_letter(make: Make, today: dt.date) -> None:
    result, data = drafted(make, today=today)
    out, stands = issued(data, result.catalog.letters, "补正通知", "", TERMS)
    assert stands == TERMS
    text = lines(out)
    assert text[1] == "浦经函〔2023〕7号"
    assert "2023年8月12日" in text
    assert any("请于2023年8月25日前" in t for t in text)
    assert "联系人：王小明　联系电话：021-55550000" in text
    assert "＿" not in "".join(text)


def test_what_was_left_blank_is_asked_for(make: Make) -> None:
    result, data = drafted(make, today=dt.date(2026, 8, 10))
    with pytest.raises(NotIssuable, match="期限、联系人、联系电话还空着"):
        issued(data, result.catalog.letters, "补正通知", "", Terms("1号", TERMS.date))


def test_the_draft_s_own_deadline_is_told(make: Make) -> None:
    result, data = drafted(make)
    terms = Terms("1号", TERMS.date, None, "王小明", "1")
    assert issued(data, result.catalog.letters, "补正通知", "", terms)[1].due == dt.date(2023, 8, 19)


def test_a_number_that_the_draft_has_gives_way(make: Make) -> None:
    result, data = drafted(make)
    first, _ = issued(data, result.catalog.letters, "补正通知", "", TERMS)
    again, _ = issued(first, result.catalog.letters, "补正通知", "浦经函〔2023〕7号", Terms("改1号", TERMS.date))
    assert lines(again)[1] == "改1号"
    assert "联系人：王小明　联系电话：021-55550000" in lines(again)


def test_a_draft_changed_in_word_takes_them_too(make: Make) -> None:
    result, data = drafted(make)

    def split(document: Any) -> None:
        p = paragraph(document, "联系人")
        p.runs[0].text = "联系人：＿＿"
        p.add_run("＿＿ 联系电话")
        p.add_run("：＿＿＿")
        paragraph(document, "请于").add_run("也可以邮寄。")

    out, _ = issued(changed(data, split), result.catalog.letters, "补正通知", "", TERMS)
    text = lines(out)
    assert "联系人：王小明 联系电话：021-55550000" in text
    assert any("2023年8月25日前" in t and t.endswith("也可以邮寄。") for t in text)


def test_what_finds_no_place_is_refused_unless_it_was_written_by_hand(make: Make) -> None:
    result, data = drafted(make)
    known = result.catalog.letters

    def without(document: Any) -> None:
        paragraph(document, "＿＿号").runs[0].text = "（文号略）"

    with pytest.raises(NotIssuable, match="找不到写文号的地方"):
        issued(changed(data, without), known, "补正通知", "", TERMS)

    def by_hand(document: Any) -> None:
        paragraph(document, "＿＿号").runs[0].text = f"编号：{TERMS.number}"

    assert f"编号：{TERMS.number}" in lines(issued(changed(data, by_hand), known, "补正通知", "", TERMS)[0])


@pytest.mark.parametrize("data", [b"", b"no Word file", b"PK\x03\x04"])
def test_what_is_no_word_file_is_not_issued(make: Make, data: bytes) -> None:
    with pytest.raises(NotIssuable, match="不是完好的 Word 文件"):
        issued(data, make(1, [], broken=False).catalog.letters, "补正通知", "", TERMS)
