"""index.html as a file: self-contained, safe, bounded in size."""

import json
import re
from typing import Any

from records.book.state import Decided, Ruling
from reports.page.district import INLINE, index_page
from reports.results.progress import Progress
from tests.reports.conftest import DISTRICT, Make, application, finding

ONE = f"{DISTRICT}/001.docx"
EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\u2028\"'&%DATA%%SCRIPT%"


def data_of(page: bytes) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.decode(), re.S)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def document(text: str, rows: int = 2) -> dict[str, Any]:
    cells = [
        {"row": r, "column": c, "row_span": 1, "column_span": 1, "text": text, "marks": []}
        for r in range(1, rows + 1)
        for c in (1, 2)
    ]
    table = {"type": "table", "where": "表1", "rows": rows, "columns": 2, "cells": cells}
    return {"blocks": [{"type": "paragraph", "text": text, "where": "段落1"}, table], "aside": []}


def test_the_page_is_one_file_that_lets_nothing_else_in(make: Make) -> None:
    page, beside = index_page(make(3, [finding(1, ONE)]), Progress())
    text = page.decode()
    assert dict(beside) == {}
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text)
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text


def test_text_from_applicants_never_becomes_markup(make: Make) -> None:
    result = make(submissions=[application(1, text=EVIL)], findings=[finding(1, ONE, message=EVIL, evidence=EVIL)])
    result.documents = {ONE: document(EVIL)}
    page, _ = index_page(result, Progress())
    assert page.decode().count("<script") == 2
    assert "<img" not in page.decode()
    assert any(f["message"].startswith("</script>") for f in data_of(page)["findings"])


def test_what_was_read_with_doubt_says_why(make: Make) -> None:
    held = application(1)
    value = held.record.fields["uscc"]
    value.confidence, value.doubts = 0.9, ("joined_over_a_page",)
    page, _ = index_page(make(submissions=[held]), Progress())
    read = {r[0]: r[3:] for r in data_of(page)["details"]["001"]["read"]}
    assert read["统一社会信用代码"] == [0.9, "跨页接合"]
    assert read["企业名称"] == [1.0, ""]


def test_identity_numbers_are_masked_in_the_document_as_read(make: Make) -> None:
    result = make(1, [finding(1, ONE)])
    result.documents = {ONE: document("证号11010519491231002X")}
    page, _ = index_page(result, Progress())
    assert b"19491231" not in page
    assert b"110*************2X" in page


def test_large_documents_stand_beside_the_page(make: Make) -> None:
    result = make(12, [finding(1, ONE)])
    result.documents = {i.document: document("字" * 3000, 60) for i in result.items}
    page, made = index_page(result, Progress())
    beside = dict(made)
    assert len(page) < 5_000_000
    assert sum(map(len, beside.values())) > INLINE
    assert set(beside) == {f"{n:03d}.js" for n in range(1, 15)}
    assert data_of(page)["details"] == {}


def test_documents_beside_the_page_are_made_one_at_a_time(make: Make) -> None:
    """A district's documents together may be larger than any memory."""

    class Told(dict[str, dict[str, Any]]):
        asked = 0

        def get(self, key: str, default: Any = None) -> Any:
            Told.asked += 1
            return super().get(key, default)

    result = make(12, [finding(1, ONE)])
    result.documents = Told({i.document: document("字" * 9000, 60) for i in result.items})
    _, beside = index_page(result, Progress())
    before = Told.asked
    assert before < 12  # as many as show that they do not fit into the page
    made = [(next(beside), Told.asked)[1] for _ in range(before + 2)]
    assert made == [*[before] * before, before + 1, before + 2]


def test_coverage_counts_instances_by_link_and_scene(make: Make) -> None:
    page, _ = index_page(make(2, table=False, broken=False), Progress())
    data = data_of(page)
    place = [name for name, _ in data["links"]].index("质量管控")
    assert data["matrix"]["1"][place] == 2
    assert {s[1]: s[3] for s in data["scenes"]}["智能在线检测"] == 2
    assert len(data["scenes"]) == 45


def test_a_verdict_of_the_book_is_shown(make: Make) -> None:
    result = make(2, [finding(1, ONE)], broken=False)
    mine = result.application(result.items[0])
    ruling = Ruling("李主任", DISTRICT, "2023-08-12T00:00:00+00:00", "须补正", verdict="退回补正")
    result.take(Decided(verdicts={mine: ruling}))
    first, second, *_ = data_of(index_page(result, Progress())[0])["items"]
    assert first["verdict"] == "退回补正"
    assert ["结论", "退回补正（李主任：须补正）"] in first["main"]
    assert "verdict" not in second
