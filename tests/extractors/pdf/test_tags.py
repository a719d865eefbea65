"""Tables that a file's tags tell of, where the page draws none."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.document.model import Document, Table
from extractors.pdf.read import read_pdf
from tests.pdfs import Page, TaggedCell, pdf


def only_table(document: Document) -> Table:
    (table,) = (b for b in document.blocks if isinstance(b, Table))
    return table


def rows(table: Table) -> list[list[str]]:
    return [[c.text for c in table.cells if c.row == row] for row in range(1, table.rows + 1)]


def drawn(page: Page, number: int, texts: Sequence[tuple[float, float, str]], first: int = 0) -> list[tuple[int, int]]:
    """Draws texts, each as marked content; returns their page and numbers."""
    for n, (x, y, text) in enumerate(texts, first):
        page.text(x, y, text, tag=n)
    return [(number, n) for n in range(first, first + len(texts))]


def cell(*contents: tuple[int, int], span: int = 1) -> TaggedCell:
    return (span, contents)


def test_a_table_without_rules_is_read_by_its_tags_and_not_certain() -> None:
    page = Page()
    texts = [(60, 100, "企业名称"), (150, 100, "某精密机械"), (150, 113, "有限公司"), (60, 140, "姓名"), (150, 140, "张三"),
             (300, 140, "电话"), (360, 140, "021-12345678")]  # fmt: skip
    a = drawn(page, 0, texts)
    page.text(60, 200, "表格之外的一句话。", tag=None)
    tagged = [[cell(a[0]), cell(a[1], a[2], span=3)], [cell(a[3]), cell(a[4]), cell(a[5]), cell(a[6])]]
    document = read_pdf(pdf(page, tagged=tagged))
    table = only_table(document)
    assert [[t.replace("\n", "") for t in row] for row in rows(table)] == [
        ["企业名称", "某精密机械有限公司"],
        ["姓名", "张三", "电话", "021-12345678"],
    ]
    assert all(c.confidence < 0.95 for c in table.cells)
    assert [b.text for b in document.blocks if not isinstance(b, Table)] == ["表格之外的一句话。"]


def test_cells_that_the_tags_leave_out_are_found_by_where_the_others_stand() -> None:
    page = Page()
    head = drawn(page, 0, [(60, 100, "序号"), (120, 100, "名称"), (260, 100, "型号"), (400, 100, "备注")])
    one = drawn(page, 0, [(60, 120, "1"), (400, 120, "已验收")], 4)
    two = drawn(page, 0, [(60, 140, "2"), (120, 140, "机器人"), (260, 140, "某型")], 6)
    tagged = [[cell(c) for c in row] for row in (head, one, two)]
    assert rows(only_table(read_pdf(pdf(page, tagged=tagged)))) == [
        ["序号", "名称", "型号", "备注"],
        ["1", "", "", "已验收"],
        ["2", "机器人", "某型", ""],
    ]


def test_a_long_cell_of_a_row_that_the_tags_cut_short_stands_where_others_begin() -> None:
    """As in forms of several small tables in one: no cell begins in the second column, and none tells where that one does."""
    page = Page()
    head = drawn(page, 0, [(60, 100, "种类"), (180, 100, "名称"), (300, 100, "备注")])
    one = drawn(page, 0, [(60, 120, "高档数控机床与机器人"), (180, 120, "某机器人")], 3)
    below = drawn(page, 0, [(60, 140, "软件种类"), (240, 140, "型号")], 5)
    tagged = [
        [cell(c, span=2) for c in head],
        [cell(c, span=2) for c in one],
        [cell(c, span=3) for c in below],
    ]
    table = only_table(read_pdf(pdf(page, tagged=tagged)))
    assert [(c.row, c.column, c.text) for c in table.cells if c.text and c.row == 2] == [
        (2, 1, "高档数控机床与机器人"),
        (2, 3, "某机器人"),
    ]


def test_a_row_that_the_tags_cut_short_keeps_room_for_all_its_cells() -> None:
    page = Page()
    head = drawn(page, 0, [(60, 100, "序号"), (160, 100, "名称"), (260, 100, "型号"), (360, 100, "备注")])
    row = drawn(page, 0, [(360, 120, "甲"), (390, 120, "乙"), (420, 120, "丙")], 4)
    table = only_table(read_pdf(pdf(page, tagged=[[cell(c) for c in head], [cell(c) for c in row]])))
    assert (table.rows, table.columns) == (2, 4)
    assert [(c.column, c.text) for c in table.cells if c.row == 2 and c.text] == [(2, "甲"), (3, "乙"), (4, "丙")]


def test_a_tagged_row_that_a_page_break_cuts_is_one_row() -> None:
    size = (595, 200)
    first, second = Page(size), Page(size)
    head = drawn(first, 0, [(60, 100, "序号"), (120, 100, "技术方案")])
    one = drawn(first, 0, [(60, 120, "1"), (120, 120, "已完成。")], 2)
    two = drawn(first, 0, [(60, 140, "2"), (120, 140, "部署三维工艺规划系统并与其他系统集成")], 4)
    rest = drawn(second, 1, [(120, 40, "，沉淀典型模板。")])
    three = drawn(second, 1, [(60, 60, "3"), (120, 60, "已完成。")], 1)
    tagged = [
        [cell(c) for c in head],
        [cell(c) for c in one],
        [cell(two[0]), cell(two[1], rest[0])],
        [cell(c) for c in three],
    ]
    table = only_table(read_pdf(pdf(first, second, tagged=tagged)))
    assert rows(table) == [
        ["序号", "技术方案"],
        ["1", "已完成。"],
        ["2", "部署三维工艺规划系统并与其他系统集成，沉淀典型模板。"],
        ["3", "已完成。"],
    ]
    assert table.where_cell(table.cells[-1]).startswith("第2页")


def test_tags_that_say_otherwise_than_the_rules_are_not_asked() -> None:
    page = Page()
    page.table(60, 80, [80, 200], [["", ""], ["", ""]])
    a = drawn(page, 0, [(64, 94, "企业名称"), (144, 94, "某公司"), (64, 114, "工厂地址"), (144, 114, "某路1号")])
    page.text(60, 200, "左边一段").text(300, 200, "右边一段")  # parted as columns are
    table = only_table(read_pdf(pdf(page, tagged=[[cell(a[0], a[1], a[2], a[3]), cell()]])))
    assert rows(table) == [["企业名称", "某公司"], ["工厂地址", "某路1号"]]
    assert {c.confidence for c in table.cells} == {1.0}


def test_a_piece_that_the_tags_mention_for_several_cells_stands_once() -> None:
    page = Page()
    texts = [
        (60, 100, "企业名称"),
        (150, 100, "某精密机械有限公司"),
        (60, 130, "工厂地址"),
        (150, 130, "某路一号"),
        (60, 160, "负责人"),
        (150, 160, "某人甲"),
    ]
    a = drawn(page, 0, texts)
    tagged = [[cell(a[0]), cell(a[1], a[3])], [cell(a[2], a[3]), cell(a[3], a[5])], [cell(a[4]), cell(a[5], a[3])]]
    document = read_pdf(pdf(page, tagged=tagged))
    read = "".join("".join(t.split()) for t in document.texts())
    assert sorted(read) == sorted("".join(t for _, _, t in texts))


def test_a_drawn_grid_stands_however_many_rows_the_tags_count() -> None:
    page = Page()
    title = drawn(page, 0, [(90, 60, "设备清单"), (60, 72, "填报单位：某公司")])
    page.table(60, 80, [80, 200], [["", ""], ["", ""], ["", ""]])
    texts = [
        (64, 94, "名称"),
        (144, 94, "型号"),
        (64, 114, "机床"),
        (144, 114, "甲型"),
        (64, 134, "机器人"),
        (144, 134, "乙型"),
    ]
    a = drawn(page, 0, texts, 2)
    page.text(60, 200, "左边一段").text(300, 200, "右边一段")
    tagged = [
        [cell(title[0], span=2)],
        [cell(title[1]), cell()],
        *([cell(a[n]), cell(a[n + 1])] for n in (0, 2, 4)),
        [cell(), cell()],
    ]
    document = read_pdf(pdf(page, tagged=tagged))
    table = only_table(document)
    assert rows(table) == [["名称", "型号"], ["机床", "甲型"], ["机器人", "乙型"]]
    assert {c.confidence for c in table.cells} == {1.0}
    assert [b.text for b in document.blocks if not isinstance(b, Table)][:2] == ["设备清单", "填报单位：某公司"]
