"""Text of which a part may not be shown is never certain: rows too low, cells too narrow, rows beyond the page, rows that nothing parts."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.document.model import Table
from extractors.pdf.read import read_pdf
from tests.pdfs import Page, pdf

XS = (60.0, 110.0, 260.0, 500.0)
HEAD = ("序号", "场景名称", "技术方案")


def ruled(page: Page, *ys: float, xs: Sequence[float] = XS) -> Page:
    for y in ys:
        page.rule(xs[0], y, xs[-1], y)
    for x in xs:
        page.rule(x, ys[0], x, ys[-1])
    return page


def write(page: Page, y: float, *texts: str) -> Page:
    for x, text in zip(XS, texts, strict=False):
        page.text(x + 4, y, text)
    return page


def read(*pages: Page) -> list[Table]:
    return [b for b in read_pdf(pdf(*pages)).blocks if isinstance(b, Table)]


def rows(table: Table) -> list[list[str]]:
    return [[c.text for c in table.cells if c.row == row] for row in range(1, table.rows + 1)]


def sure(table: Table) -> list[list[bool]]:
    return [[c.confidence >= 0.95 for c in table.cells if c.row == row] for row in range(1, table.rows + 1)]


def test_a_line_through_which_a_border_runs_leaves_both_rows_unsure() -> None:
    page = write(ruled(Page(), 60, 100, 140), 80, "1", "智能仓储", "立体库。")
    page.text(264, 104, "部署三维工艺规划系统").text(264, 117, "并与其他系统集成。")
    page.text(64, 125, "2").text(114, 125, "排产")
    (table,) = read(page)
    assert sure(table) == [[True, True, False], [True, True, False]]


def test_lines_of_a_text_higher_than_its_row_leave_both_rows_unsure() -> None:
    page = write(ruled(Page(), 60, 160, 240), 80, "1", "智能仓储")
    page.text(64, 200, "2").text(114, 200, "排产")
    for n, y in enumerate((74, 87, *range(146, 236, 13))):
        page.text(264, y, f"第{n}行文字写满一行。")
    (table,) = read(page)
    assert sure(table) == [[True, True, False], [True, True, False]]


def test_a_text_that_runs_into_the_space_before_its_border_is_not_certain() -> None:
    page = ruled(Page(), 60, 90, 120, xs=(60, 110, 260, 338.5))
    page.text(64, 80, "1").text(114, 80, "智能仓储").text(264, 80, "wang.lei@examp", 10.5)
    page.text(64, 110, "2").text(114, 110, "排产").text(264, 110, "li@example.c")
    (table,) = read(page)
    assert sure(table) == [[True, True, False], [True, True, True]]


def test_rows_beyond_the_page_are_no_rows_of_it() -> None:
    """As Chromium draws a table of dotted borders."""
    first, second = Page((595, 300)), Page((595, 300))
    write(
        write(ruled(first, 60, 90, 360, 480, 560), 80, *HEAD),
        120,
        "1",
        "智能仓储",
        "部署三维工艺规划系统，并与其他系统集成，再沉",
    )
    ruled(second, -180, 60, 140, 320)
    write(write(second, 30, "", "", "淀典型模板。"), 100, "2", "排产", "已完成。")
    (table,) = read(first, second)
    assert rows(table)[:3] == [
        list(HEAD),
        ["1", "智能仓储", "部署三维工艺规划系统，并与其他系统集成，再沉淀典型模板。"],
        ["2", "排产", "已完成。"],
    ]


def test_three_dashes_part_the_cells_of_a_low_row() -> None:
    page = ruled(Page(), 60, 90)
    for x in XS:
        for y in (91, 95, 99):
            page.box(x, y, x + 0.75, y + 2.25, "f")
    page.rule(60, 102, 500, 102)
    write(write(page, 80, *HEAD), 99, "1", "排产", "已完成。")
    (table,) = read(page)
    assert rows(table) == [list(HEAD), ["1", "排产", "已完成。"]]


def test_rows_on_grounds_within_a_frame_are_rows() -> None:
    page = Page().box(60, 60, 500, 180)
    for n, texts in enumerate(
        [HEAD, ("1", "智能仓储", "立体库。"), ("2", "排产", "已完成。"), ("3", "追溯", "扫码。")]
    ):
        page.body.append("0.9 g" if n % 2 else "0.97 g")
        page.box(60, 60 + 30 * n, 500, 90 + 30 * n, "f")
        page.body.append("0 g")
        write(page, 80 + 30 * n, *texts)
    (table,) = read(page)
    assert rows(table)[1:] == [["1", "智能仓储", "立体库。"], ["2", "排产", "已完成。"], ["3", "追溯", "扫码。"]]


def test_a_head_printed_again_that_nothing_parts_from_its_row_leaves_that_unsure() -> None:
    first, second = Page((595, 300)), Page((595, 300))
    write(write(ruled(first, 60, 90, 290), 80, *HEAD), 120, "1", "智能仓储", "立体库。")
    write(write(ruled(second, 60, 160, 200), 80, *HEAD), 120, "2", "排产", "已完成。")
    write(second, 180, "3", "追溯", "扫码。")
    table = read(first, second)[-1]
    assert not any(c.confidence >= 0.95 for c in table.cells if c.text.startswith(HEAD) and c.text not in HEAD)


def test_a_merged_cell_as_high_as_the_page_parts_no_table() -> None:
    first, second = Page((595, 300)), Page((595, 300))
    xs = (60.0, 110.0, 200.0, 300.0, 500.0)
    head = ("序号", "环节名称", "场景名称", "技术方案")
    for page in (first, second):
        for x in xs:
            page.rule(x, 60 if page is first else 20, x, 290)
        for start, end in ((60, 110), (200, 500)):
            page.rule(start, 150, end, 150)
    first.rule(60, 60, 500, 60).rule(60, 90, 500, 90)
    for page, rows_of in ((first, {80: head, 110: ("1", "仓储物流", "智能仓储", "立体库。"), 170: ("2", "", "精准配送", "配送。")}),
                          (second, {50: ("", "", "", ""), 170: ("3", "", "智能仓储", "扫码。")})):  # fmt: skip
        for y, texts in rows_of.items():
            for x, text in zip(xs, texts, strict=False):
                page.text(x + 4, y, text)
    (table,) = read(first, second)
    assert table.columns == 4
    assert rows(table)[-1][-1] == "扫码。"


def test_a_number_that_runs_over_into_the_next_cell_leaves_both_unsure() -> None:
    page = ruled(Page(), 60, 90, 120, xs=(60, 110, 172.5, 300))
    page.text(64, 80, "1").text(114, 80, "ZL20212829").text(166.5, 80, "1558.4")
    page.text(64, 110, "2").text(114, 110, "ZL2021").text(176.5, 110, "共有")
    (table,) = read(page)
    assert sure(table) == [[True, False, False], [True, True, True]]


def test_a_text_that_a_browser_ended_with_dots_is_not_certain() -> None:
    page = write(ruled(Page(), 60, 90, 120), 80, "1", "上海某某精密制…", "立体库")
    write(page, 110, "2", "排产", "已完成……")
    ruled(page, 120, 170).text(264, 140, "柔性装配线立…").text(264, 155, "立体仓储与配送").text(64, 140, "3")
    (table,) = read(page)
    assert sure(table) == [[True, False, True], [True, True, True], [True, True, False]]
