"""Pages of a scan one behind another: what a page break cut, and what was photographed from near and far."""

from __future__ import annotations

import pytest

from extractors.document.doubts import MAYBE_TWO_CELLS, OCR_LINE
from extractors.document.model import Cell, Table
from extractors.page.characters import Char
from extractors.page.content import PageContent, PageTable
from extractors.page.lines import to_lines
from extractors.page.margins import set_aside
from extractors.page.page_breaks import to_blocks
from extractors.page.rules import Box
from extractors.page.text import Text


def text(words: str, x: float, y: float) -> Text:
    chars = [Char(c, x + 11 * i, x + 11 * (i + 1), y, 11.0, run=1) for i, c in enumerate(words)]
    return Text(words, [], to_lines(chars))


def page(
    number: int, rows: list[tuple[str, ...]], *, left: float, width: float, top: float = 60.0, cut: str = ""
) -> PageContent:
    """A page with a table; ``cut``: at which end it has no rule."""
    shares = [0.3, 1.0] if len(rows[0]) == 2 else [(i + 1) / len(rows[0]) for i in range(len(rows[0]))]
    xs = [left, *(left + share * width for share in shares)]
    table = Table(1, len(rows), len(rows[0]), page=number)
    found = PageTable(table, Box(left, top, xs[-1], top + 40 * len(rows)), xs, [], [], slack=34.0)
    found.open_top, found.open_bottom = "top" in cut, "bottom" in cut
    found.bottom = found.box.y1
    for row, words in enumerate(rows, 1):
        for column, word in enumerate(words, 1):
            y = top + 40 * (row - 1)
            table.cells.append(Cell(row, column, 1, 1, word, doubts=(OCR_LINE.at(0.97),), page=number))
            found.boxes.append(Box(xs[column - 1], y, xs[column], y + 40))
            found.texts.append(text(word, xs[column - 1] + 4, y + 20))
    return PageContent(number, 595.0, 842.0, tables=[found])


FIRST: list[tuple[str, ...]] = [("工厂地址", "上海市青浦区"), ("企业简介", "公司成立于2006年，注册资本")]


@pytest.mark.parametrize(("cut", "certain"), [("bottom", False), ("", True)])
def test_a_row_that_a_page_cut_is_unsure_where_its_rest_was_not_found(cut: str, certain: bool) -> None:
    pages = [
        page(1, FIRST, left=90, width=420, top=700, cut=cut),
        page(2, [("项目名称", "另一张表")], left=200, width=150),
    ]
    table = to_blocks(pages)[0]
    assert isinstance(table, Table)
    found = {c.text: c.confidence >= 0.95 for c in table.cells}
    assert found["公司成立于2006年，注册资本"] is certain
    assert found["上海市青浦区"] is True, "rows before it are whole"


@pytest.mark.parametrize(
    ("head", "certain"),
    [(("场景名称", "实例描述", "实施成效"), False), (("软件名称", "供应商", "实施成效"), True)],
    ids=["its head again", "another head"],
)
def test_a_row_may_go_on_below_a_head_that_lost_a_column_in_the_fold(head: tuple[str, ...], certain: bool) -> None:
    first = [
        ("序号", "场景名称", "实例描述", "实施成效"),
        ("1", "智能仓储", "建设仓库。", "效率提升。"),
        ("2", "在线检测", "搭建平台", "节约"),
    ]
    pages = [
        page(1, first, left=60, width=480, top=660),
        page(2, [head, ("", "的描述，其余在下页", "三成。"), ("3", "精准配送", "按节拍。")], left=30, width=380),
    ]
    found = {
        c.text: c.confidence >= 0.95 for table in to_blocks(pages) if isinstance(table, Table) for c in table.cells
    }
    assert found["搭建平台"] is certain
    assert found["的描述，其余在下页"] is certain
    assert found["建设仓库。"]
    assert found["精准配送"], "rows of which no half can be missing"


@pytest.mark.parametrize("spans", [2, 1])
def test_a_row_may_go_on_into_cells_that_a_broken_rule_made_one(spans: int) -> None:
    head = ("序号", "场景名称", "实例描述")
    first = page(1, [head, ("1", "智能仓储", "建设立体仓库")], left=60, width=480, top=700)
    second = page(2, [head, ("2", "精准配送", "与出入库系统。"), ("2", "在线检测", "搭建平台。")], left=60, width=480)
    cells = second.tables[0].table.cells
    if spans > 1:
        cells[3].row_span, cells[3].doubts = spans, (MAYBE_TWO_CELLS,)
        at = next(i for i, c in enumerate(cells) if (c.row, c.column) == (3, 1))
        for held in (cells, second.tables[0].boxes, second.tables[0].texts):
            del held[at]
    (table,) = to_blocks([first, second])
    assert isinstance(table, Table)
    found = {c.text: c.confidence >= 0.95 for c in table.cells}
    assert found["建设立体仓库"] is (spans == 1)


def test_a_table_that_a_page_cut_goes_on_though_the_next_was_photographed_from_farther_off() -> None:
    pages = [
        page(1, FIRST, left=90, width=420, top=700, cut="bottom"),
        page(2, [("", "1000万元。"), ("姓名", "卫婷")], left=150, width=300, cut="top"),
    ]
    (table,) = to_blocks(pages)
    assert isinstance(table, Table)
    texts = ["".join(c.text.split()) for c in table.cells]
    assert "公司成立于2006年，注册资本1000万元。" in texts
    assert "卫婷" in texts


@pytest.mark.parametrize(
    ("words", "place"),
    [("- 2 1", "footer"), ("一 2 一", "footer"), ("— 2 —", "footer"), ("2 1", None), ("一 2 号", None)],
)
def test_a_page_number_is_known_though_its_dashes_were_read_as_strokes(words: str, place: str | None) -> None:
    content = page(2, FIRST, left=90, width=420)
    content.lines = to_lines(text(words, 280, 800).lines[0].chars)
    found = set_aside([content])
    assert [p.place for p in found] == ([place] if place else [])
