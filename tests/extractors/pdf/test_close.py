"""Text set so close that texts touch: over a cell's edge, over one another, the same words in rows as low as they are."""

from __future__ import annotations

from extractors.document.model import Table
from extractors.pdf.read import read_pdf
from tests.pdfs import Page, pdf


def only_table(page: Page) -> Table:
    (table,) = (b for b in read_pdf(pdf(page)).blocks if isinstance(b, Table))
    return table


def rows(table: Table) -> list[list[str]]:
    return [[c.text for c in table.cells if c.row == row] for row in range(1, table.rows + 1)]


def test_the_same_words_in_two_low_rows_are_in_both() -> None:
    page = Page()
    name = "某某全生命周期管理系统软件平台"
    page.table(60, 80, [60, 200], [["类别甲", ""], ["类别乙", ""]], height=11, size=9)
    for y in (89, 98.5):
        page.text(122, y, name, 10.5)
    table = only_table(page)
    assert [row[1] for row in rows(table)] == [name, name]
    assert min(c.confidence for c in table.cells if c.column == 2) < 0.95


def test_words_printed_twice_to_look_bold_are_read_once_though_a_digit_is_repeated() -> None:
    page = Page()
    page.table(60, 80, [80, 100], [["资产负债率", ""]])
    for n, char in enumerate("73.33"):
        page.text(144 + 5.25 * n, 94, char).text(144.3 + 5.25 * n, 94, char)
    assert rows(only_table(page)) == [["资产负债率", "73.33"]]


def test_a_comma_that_hangs_over_its_cells_edge_stays_with_its_line() -> None:
    page = Page()
    page.table(60, 80, [70, 100], [["", "某公司"]], height=40)
    page.text(64, 94, "实时查看产量").text(127, 94, "、").text(64, 108, "良率与能耗")
    assert rows(only_table(page)) == [["实时查看产量、良率与能耗", "某公司"]]


def test_texts_set_over_one_another_are_not_certain() -> None:
    page = Page()
    page.table(60, 80, [200, 200], [["", ""], ["", ""]], height=30)
    page.text(64, 94, "现场部署协作机器人").text(68, 94, "该做法已在集团内")
    page.text(264, 94, "与高校联合开发模型").text(264, 99, "反馈良好并推广应用")
    page.text(64, 124, "上线以来运行平稳").text(264, 124, "无")
    table = only_table(page)
    assert [c.confidence < 0.95 for c in table.cells] == [True, True, False, False]


def test_rows_without_rules_beneath_a_ruled_head_are_rows() -> None:
    page = Page()
    xs = (60, 110, 230, 400)
    for x in xs:
        page.rule(x, 80, x, 166)
    for y in (80, 100, 166):
        page.rule(60, y, 400, y)
    texts = (
        ("序号", "名称", "参数"),
        ("1", "仓储系统", "响应小于2毫秒"),
        ("2", "排程软件", "响应小于9毫秒"),
        ("3", "能源系统", "无"),
    )
    for n, row in enumerate(texts):
        for x, text in zip(xs, row, strict=False):
            page.text(x + 4, 94 + 22 * n, text)
    table = only_table(page)
    assert rows(table) == [list(row) for row in texts]
    assert all(c.confidence < 0.95 for c in table.cells if c.row > 1)


def test_one_row_of_several_paragraphs_beneath_its_head_is_one_row() -> None:
    page = Page()
    page.table(
        60,
        80,
        [40, 100, 200],
        [["序号", "申报企业", "场景实例"], ["1", "某某公司", "1.质量追溯\n2.精准配送\n3.智能排产"]],
    )
    table = only_table(page)
    assert table.rows == 2
    assert {c.confidence for c in table.cells} == {1.0}


def test_texts_that_touch_at_a_border_are_two_cells() -> None:
    """Cells without padding: one text ends where the next begins, just at the rule between them."""
    page = Page()
    texts = (("供应商", "备注"), ("北京某信息技", "已验收合格中"), ("术有限公司", ""))
    xs, ys = (60.0, 123.0, 186.0), (80.0, 100.0, 126.0)
    for x in xs:
        page.rule(x, 80, x, 126)
    for y in ys:
        page.rule(60, y, 186, y)
    for n, row in enumerate(texts):
        for x, text in zip(xs, row, strict=False):
            page.text(x, (94, 111, 123)[n], text)
    assert rows(only_table(page)) == [["供应商", "备注"], ["北京某信息技术有限公司", "已验收合格中"]]


def test_a_number_hung_out_of_a_narrow_column_keeps_its_place() -> None:
    page = Page()
    page.table(60, 80, [30, 100], [["", "某公司"]], height=130)
    for n, line in enumerate(("事", "项", "在3", "7分", "钟", "内", "推", "送")):
        page.text(64, 94 + 13 * n, line)
    assert rows(only_table(page))[0][0].replace("\n", "") == "事项在37分钟内推送"


def test_a_page_number_printed_over_the_end_of_a_table_is_no_part_of_it() -> None:
    page = Page()
    page.table(60, 700, [100, 300], [["方案", "联网改造"], ["成效", "人均产值提高两成"]], height=60)
    page.text(230, 812, "第7页 共11页", 9)
    document = read_pdf(pdf(page))
    (table,) = (b for b in document.blocks if isinstance(b, Table))
    assert rows(table) == [["方案", "联网改造"], ["成效", "人均产值提高两成"]]
    assert any("第7页" in p.text for p in document.aside)
