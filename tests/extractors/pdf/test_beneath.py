"""Tables without upright rules that stand one beneath another, or go on over a page."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Literal

import pytest

from extractors.document.model import Document, Paragraph, Table
from extractors.pdf.read import read_pdf
from tests.pdfs import Page, pdf

Rules = Literal["rows", "three", "zebra"]

X = (60.0, 90.0, 210.0, 380.0, 460.0)
HEAD = ("序号", "名称", "关键参数", "备注")
FIRST = (("1", "融合技术", "采集频率十赫兹", ""), ("2", "预测技术", "准确率九成七", "自研"), ("3", "", "", ""))
SECOND = (("1", "装配机", "节拍二十八秒", "首台套"), ("2", "输送线", "换型六分钟", ""))


def draw(
    page: Page, top: float, rows: Sequence[Sequence[str]], rules: Rules, head: bool = True, pad: float = 2
) -> float:
    """The rows from ``top`` down, and where they end."""
    low = 16.0
    for number, row in enumerate(rows):
        if rules == "zebra" and number >= head:
            page.body.append("0.9 g" if (number - head) % 2 else "1 g")
            page.box(X[0], top, X[-1], top + low, "f")
            page.body.append("0 g")
        if (number == 0 and rules != "zebra") or rules == "rows" or (number == 1 and head):
            page.rule(X[0], top, X[-1], top)
        for x, text in zip(X, row, strict=False):
            page.text(x + pad, top + 11, text, 7)
        top += low
    if rules != "zebra":
        page.rule(X[0], top, X[-1], top)
    return top


def heading(page: Page, top: float, size: float) -> float:
    page.text(66, top + 22, "附件四", size)
    page.text(190, top + 38, "突破的关键装备清单（选填）", size)
    return top + 46


def tables(document: Document) -> list[list[list[str]]]:
    return [
        [[c.text for c in sorted(t.cells, key=lambda c: c.column) if c.row == row] for row in range(1, t.rows + 1)]
        for t in document.blocks
        if isinstance(t, Table)
    ]


def as_lists(*rows: Sequence[str]) -> list[list[str]]:
    return [list(row) for row in rows]


@pytest.mark.parametrize("size", [10.5, 7.0], ids=["large", "as-rows"])
@pytest.mark.parametrize("rules", ["rows", "three", "zebra"])
def test_a_heading_between_two_tables_parts_them(rules: Rules, size: float) -> None:
    page = Page()
    end = 100.0
    for rows in (FIRST, SECOND, FIRST):
        end = draw(page, heading(page, end, size), [HEAD, *rows], rules)
    document = read_pdf(pdf(page))
    assert tables(document) == [as_lists(HEAD, *rows) for rows in (FIRST, SECOND, FIRST)]
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["附件四", "突破的关键装备清单（选填）"] * 3
    assert all(c.doubts for b in document.blocks if isinstance(b, Table) for c in b.cells)


def test_numbers_that_run_on_part_rows_as_close_as_lines() -> None:
    page = Page()
    for y in (100, 116, 176):
        page.rule(X[0], y, X[-1], y)
    rows = [("1", "融合技术", ""), ("2", "预测技术", "准确率九成七"), ("3", "", "响应时间二百毫秒"), ("4", "", "")]
    for number, row in enumerate([HEAD[:3], *rows]):
        for x, text in zip(X, row, strict=False):
            page.text(x + 2, 111 + number * 15, text, 7)
    assert [row[0] for row in tables(read_pdf(pdf(page)))[0]] == ["序号", "1", "2", "3", "4"]


def test_rows_on_white_alone_go_on_from_the_page_before() -> None:
    first, second = Page(), Page()
    draw(first, 700, [HEAD, *FIRST[:2]], "zebra")
    draw(second, 60, [("3", "排产技术", "寻优时间五分钟", "")], "zebra", head=False)
    second.text(60, 400, "注：本表可以加行，所填各项技术应当与正文所述的内容相互一致。", 10.5)
    found = list(itertools.chain.from_iterable(tables(read_pdf(pdf(first, second)))))
    assert found == as_lists(HEAD, *FIRST[:2], ("3", "排产技术", "寻优时间五分钟", ""))


def test_a_space_within_a_text_of_a_column_that_is_mostly_blank_ends_no_column() -> None:
    page = Page()
    few = {0: "带动效应", 1: "带动上下游", 2: "带动"}
    for number in range(45):
        row = (str(number) if number else "序号", "融合技术", few.get(number, ""), "已验收")
        for x, text in zip(X, row, strict=False):
            page.text(x + 2, 111 + number * 15, text, 7)
        page.rule(X[0], 100 + number * 15, X[-1], 100 + number * 15)
    page.text(X[2] + 19, 141, "上下游", 7)
    page.rule(X[0], 100 + 45 * 15, X[-1], 100 + 45 * 15)
    found = tables(read_pdf(pdf(page)))
    assert {len(row) for row in found[0]} == {4}


def in_pieces(page: Page, y: float) -> None:
    """A rule as browsers draw it: a piece for each cell."""
    for left, right in itertools.pairwise(X):
        page.rule(left, y, right, y)


def long_row(page: Page, top: float, number: str, first: int, last: int) -> None:
    """Lines ``first`` to ``last`` of a row whose cells have many lines."""
    for line in range(first, last):
        page.text(X[1] + 2, top + 12 + (line - first) * 12, f"第{line}行融合技术", 8)
        page.text(X[2] + 2, top + 12 + (line - first) * 12, f"第{line}行采集频率十赫兹", 8)
    if number:
        page.text(X[0] + 2, top + 12, number, 8)


@pytest.mark.parametrize("second", ["two-rules", "one-rule"])
def test_a_row_cut_by_the_page_goes_on_where_few_rules_are_drawn(second: str) -> None:
    """A page with the end of a row and the beginning of the next has one rule or two; its pieces tell the columns."""
    pages = [Page(), Page(), Page()]
    in_pieces(pages[0], 600)
    for x, text in zip(X, HEAD, strict=False):
        pages[0].text(x + 2, 612, text, 8)
    in_pieces(pages[0], 620)
    long_row(pages[0], 620, "1", 1, 13)
    long_row(pages[1], 50, "", 13, 31)
    in_pieces(pages[1], 272)
    if second == "two-rules":
        long_row(pages[1], 272, "2", 1, 3)
        in_pieces(pages[1], 302)
        long_row(pages[1], 302, "3", 1, 40)
    else:
        long_row(pages[1], 272, "2", 1, 42)
    long_row(pages[2], 50, "", 42, 45)
    in_pieces(pages[2], 90)
    found = list(itertools.chain.from_iterable(tables(read_pdf(pdf(*pages)))))
    assert [row[0] for row in found] == (["序号", "1", "2", "3"] if second == "two-rules" else ["序号", "1", "2"])
    assert all(f"第{line}行采集频率十赫兹" in found[1][2] for line in range(1, 31))
    assert "第43行融合技术" in found[-1][1]


def test_a_head_printed_again_is_parted_as_on_the_page_before() -> None:
    """Short texts in the middle of narrow cells stand as those of one merged cell would."""
    narrow = (60.0, 85.0, 122.0, 160.0, 300.0, 460.0)
    pages = [Page(), Page()]
    for number, page in enumerate(pages):
        top = 500 if number == 0 else 50
        for left, right in itertools.pairwise(narrow):
            for y in (top, top + 30, *((top + 60,) if number == 0 else ())):
                page.rule(left, y, right, y)
        head = (("序", "号"), ("环节", "名称"), ("场景", "名称"), ("实例描述",), ("成效",))
        for (left, right), lines in zip(itertools.pairwise(narrow), head, strict=True):
            for k, line in enumerate(lines):
                page.text((left + right) / 2 - 4 * len(line), top + 13 + 12 * k, line, 8)
    row = ("1", "生产", "协同", "第一行描述文字", "第一行成效文字")
    for k in range(2):
        for x, text in zip(narrow, row, strict=False):
            pages[0].text(x + 4, 500 + 30 + 14 + 30 * k, str(k + 1) if x == narrow[0] else text, 8)
    for line in range(14):
        pages[0].text(narrow[3] + 4, 586 + 12 * line, "接着的描述文字", 8)
    pages[1].text(202, 94, "最后的描述文字", 8)
    for left, right in itertools.pairwise(narrow):
        pages[1].rule(left, 100, right, 100)
    found = list(itertools.chain.from_iterable(tables(read_pdf(pdf(*pages)))))
    assert [len(row) for row in found] == [5] * len(found)
    assert [row[0] for row in found] == ["序号", "1", "2"]
    assert found[2][3].endswith("最后的描述文字")


@pytest.mark.parametrize("head", [False, True], ids=["rest-alone", "head-again"])
def test_the_rest_of_a_row_on_a_page_where_nothing_parts_it(head: bool) -> None:
    """Every second row on a ground for each cell; the last one, on none, goes on over the page."""
    pages = [Page(), Page()]

    def ground(page: Page, top: float, bottom: float) -> None:
        page.body.append("0.9 g")
        for left, right in itertools.pairwise(X):
            page.box(left, top, right, bottom, "f")
        page.body.append("0 g")

    def texts(page: Page, top: float, row: Sequence[str]) -> None:
        for x, text in zip(X, row, strict=False):
            page.text(x + 3, top + 12, text, 7)

    for page, top in ((pages[0], 600.0), *(((pages[1], 50.0),) if head else ())):
        ground(page, top, top + 18)
        texts(page, top, HEAD)
    texts(pages[0], 618, FIRST[0])
    ground(pages[0], 636, 654)
    texts(pages[0], 636, FIRST[1])
    texts(pages[0], 654, ("3", "排产技术", "寻优时间五分钟", "自研"))
    for line in range(10):
        texts(pages[0], 665 + 11 * line, ("", "接着说的" * 4, "接着说的参数文" * 3, ""))
    for line in range(3):
        texts(pages[1], 68 + 11 * line, ("", "最后说的" * 4, "最后说的参数文" * 3 if line < 2 else "", ""))
    pages[1].text(60, 200, "注：本表可以加行，所填各项技术应当与正文所述的内容相互一致。", 10.5)
    document = read_pdf(pdf(*pages))
    found = list(itertools.chain.from_iterable(tables(document)))
    assert [row[0] for row in found] == ["序号", "1", "2", "3"]
    assert "".join(found[3][1].split()).endswith("最后说的" * 12)
    assert "".join(found[3][2].split()).endswith("最后说的参数文" * 6)
    assert all(c.confidence < 0.95 for b in document.blocks if isinstance(b, Table) for c in b.cells)


def tall(page: Page, top: float, number: str, lines: int, word: str) -> float:
    """A row of many lines with its number in the middle, and where it ends."""
    for line in range(lines):
        for x, text in ((X[1], f"{word}的技术名称"), (X[2], f"{word}的关键参数"), (X[3], "备注")):
            page.text(x + 3, top + 12 + 10 * line, text, 7)
    page.text(X[0] + 10, top + 12 + 5 * (lines - 1), number, 7)
    return top + 10 * lines + 8


@pytest.mark.parametrize("ground", [False, True], ids=["rules", "ground"])
def test_rows_of_many_lines_stand_above_and_below_what_is_drawn(ground: bool) -> None:
    """A page of one row between two rules; and one with a ground for the row in its middle alone."""
    first, second = Page(), Page()
    for x, text in zip(X, HEAD, strict=False):
        first.text(x + 3, 512, text, 7)
    ends = [500.0, 518.0, tall(first, 518, "1", 22, "其一")]
    rows = [*(("2", "其二"), ("3", "其三"), ("4", "其四"))[: 3 if ground else 1]]
    tops = [50.0]
    for number, word in rows:
        tops.append(tall(second, tops[-1], number, 20, word))
    if ground:
        for page, spans in ((first, [(ends[0], ends[1])]), (second, [(tops[1], tops[2])])):
            page.body.insert(0, "0 g")
            for top, bottom in spans:
                for left, right in itertools.pairwise(X):
                    page.body.insert(0, f"{left} {842 - bottom} {right - left} {bottom - top} re f")
            page.body.insert(0, "0.9 g")
    else:
        for page, levels in ((first, ends), (second, tops)):
            for y in levels:
                page.rule(X[0], y, X[-1], y)
    found = list(itertools.chain.from_iterable(tables(read_pdf(pdf(first, second)))))
    assert [row[0] for row in found] == ["序号", "1", *(number for number, _ in rows)]
    for (_, word), row in zip(rows, found[2:], strict=True):
        assert "".join(row[2].split()) == f"{word}的关键参数" * 20
