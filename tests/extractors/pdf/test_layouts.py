"""Tables that are no plain ruled grid, and rows a page break cut: frames, level rules alone, coloured grounds, form fields."""

from __future__ import annotations

import itertools
import math

from extractors.document.model import Document, Paragraph, Table
from extractors.pdf.read import read_pdf
from tests.pdfs import Page, pdf


def texts(table: Table) -> list[list[str]]:
    return [[c.text for c in table.cells if c.row == row] for row in range(1, table.rows + 1)]


def only_table(document: Document) -> Table:
    (table,) = (b for b in document.blocks if isinstance(b, Table))
    return table


def frame(page: Page, top: float, bottom: float, *levels: float) -> None:
    """A frame of one column whose cells end at ``levels``."""
    for y in (top, *levels, bottom):
        page.rule(60, y, 520, y)
    page.rule(60, top, 60, bottom).rule(520, top, 520, bottom)


def test_tables_drawn_inside_a_frame_are_tables_in_its_cells() -> None:
    page = Page()
    page.text(64, 92, "（一）申报主体基本信息")
    end = page.table(
        65.5, 96, [89, 180, 80, 100], [["企业名称", "某公司", "成立时间", "2010年3月"], ["邮箱", "a@b.cn", "电话", "1"]]
    )
    page.text(64, end + 16, "（二）优秀场景基本信息")
    last = page.table(65.5, end + 20, [89, 360], [["环节名称", "生产作业"], ["场景名称", "智能排产"]])
    frame(page, 80, last, end)
    table = only_table(read_pdf(pdf(page)))
    assert (table.rows, table.columns) == (2, 1)
    assert [c.text for c in table.cells] == ["（一）申报主体基本信息", "（二）优秀场景基本信息"]
    first, second = (cell.tables[0] for cell in table.cells)
    assert texts(first) == [["企业名称", "某公司", "成立时间", "2010年3月"], ["邮箱", "a@b.cn", "电话", "1"]]
    assert texts(second) == [["环节名称", "生产作业"], ["场景名称", "智能排产"]]
    assert second.where_cell(second.cells[0]) == "第1页 表1 行2 列1 表1 行1 列1"


def test_table_in_a_frame_runs_on_over_the_page_break() -> None:
    pages = []
    for rows in ([["企业名称", "某公司"]] * 9, [["邮箱", "a@b.cn"], ["电话", "1"]]):
        page = Page((595, 300))
        end = page.table(65.5, 60, [89, 360], rows)
        frame(page, 60, end)
        pages.append(page)
    table = only_table(read_pdf(pdf(*pages)))
    (cell,) = table.cells
    (inner,) = cell.tables
    assert texts(inner)[-3:] == [["企业名称", "某公司"], ["邮箱", "a@b.cn"], ["电话", "1"]]


def test_cell_with_a_narrow_blank_column_beside_it_is_no_frame() -> None:
    page = Page()
    page.table(
        60, 80, [30, 120, 200, 30], [["序号", "名称", "描述", "备"], ["", "甲", "乙", ""], ["2", "丙", "丁", ""]]
    )
    table = only_table(read_pdf(pdf(page)))
    assert texts(table)[1] == ["", "甲", "乙", ""]
    assert not any(c.tables for c in table.cells)


def test_box_of_a_form_field_close_to_its_cells_border_is_ticked_or_not() -> None:
    """As LibreOffice prints check boxes: four lines and a cross, a point and a half from the border."""
    page = Page()
    page.table(60, 80, [80, 200], [["企业性质", ""], ["企业类型", ""]], height=13)
    for row, (y, ticked) in enumerate(((81.5, 0), (94.5, 1))):
        for i, name in enumerate(("甲企", "乙企")):
            x = 144 + 60 * i
            for x0, y0, x1, y1 in ((0, 0, 9.7, 0), (0, 9.7, 9.7, 9.7), (0, 0, 0, 9.7), (9.7, 0, 9.7, 9.7)):
                page.rule(x + x0, y + y0, x + x1, y + y1)
            if i == ticked:
                page.rule(x, y, x + 9.7, y + 9.7).rule(x, y + 9.7, x + 9.7, y)
            page.text(x + 11, y + 9, name + str(row))
    table = only_table(read_pdf(pdf(page)))
    assert [row[1].replace(" ", "") for row in texts(table)] == ["☑甲企0□乙企0", "□甲企1☑乙企1"]


def test_square_cells_of_a_table_are_no_boxes_to_tick() -> None:
    page = Page()
    page.table(60, 80, [18, 18, 18, 100], [["9", "", "3", "代码"], ["A", "B", "", "其他"]], height=18, strips=True)
    assert texts(only_table(read_pdf(pdf(page)))) == [["9", "", "3", "代码"], ["A", "B", "", "其他"]]


LEVEL_ROWS = [
    ["企业名称", "上海某某有限公司", "", ""],
    ["成立时间", "2010年3月", "电话", "021-1"],
    ["工厂地址", "上海市某区某路100号的一号楼", "", ""],
    ["传真", "", "邮箱", "a@b.cn"],
]
XS = [60, 130, 250, 310, 450]


def level_ruled(page: Page, top: float, pieces: bool) -> float:
    """Rows between level rules alone, in a piece for each column as browsers draw them, or in one."""
    for index, row in enumerate([*LEVEL_ROWS, [""] * 4]):
        y = top + 24 * index
        for a, b in itertools.pairwise(XS) if pieces else [(XS[0], XS[-1])]:
            page.box(a, y, b, y + 0.7, "f")
        for x, text in zip(XS, row, strict=False):
            page.text(x + 4, y + 16, text)
    return top + 24 * len(LEVEL_ROWS)


def test_rows_between_level_rules_are_a_table_with_its_columns() -> None:
    page = Page().text(60, 70, "（一）申报主体基本信息")
    level_ruled(page, 80, pieces=True)
    document = read_pdf(pdf(page))
    table = only_table(document)
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["（一）申报主体基本信息"]
    filled = [[t for t in row if t] for row in texts(table)]
    assert filled == [[t for t in row if t] for row in LEVEL_ROWS]
    places = {c.text: c.column for c in table.cells}
    assert (places["企业名称"], places["2010年3月"], places["邮箱"], places["a@b.cn"]) == (1, 2, 3, 4)
    assert all(c.confidence < 0.95 for c in table.cells)


def test_level_rules_in_one_piece_take_their_columns_from_the_text() -> None:
    page = Page()
    level_ruled(page, 80, pieces=False)
    assert [[t for t in row if t] for row in texts(only_table(read_pdf(pdf(page))))] == [
        [t for t in row if t] for row in LEVEL_ROWS
    ]


def test_one_row_between_level_rules_at_the_top_of_a_page_goes_on_with_the_table_before() -> None:
    one, two = Page(), Page()
    level_ruled(one, 640, pieces=False)
    for y in (60, 140):
        two.rule(XS[0], y, XS[-1], y)
    two.text(XS[0] + 4, 100, "企业简介")
    profile = [
        "公司成立于2007年，专注于传动部件的研发与生产。",
        "产品出口多国。",
        "现有员工三百人，其中研发人员占比两成。",
    ]
    for i, line in enumerate(profile):
        two.text(XS[0] + 60, 80 + 20 * i, line)
    two.text(XS[0], 170, "（二）项目基本信息")
    level_ruled(two, 190, pieces=False)
    first, second = read_pdf(pdf(one, two)).tables()
    filled = [[t for t in row if t] for row in texts(first)]
    assert filled[-1][0] == "企业简介"
    assert all(line in filled[-1][1] for line in profile)
    assert all(c.confidence < 0.95 for c in first.cells)
    assert [[t for t in row if t] for row in texts(second)] == [[t for t in row if t] for row in LEVEL_ROWS]


def test_label_merged_over_rows_between_level_rules() -> None:
    page = Page()
    for y, start in ((80, 60), (104, 130), (128, 130), (152, 60), (176, 60)):
        for a, b in ((60, 130), (130, 250), (250, 450)):
            if a >= start:
                page.box(a, y, b, y + 0.7, "f")
    page.text(64, 120, "联系人")
    for at, (left, right) in ((96, ("姓名", "张三")), (120, ("电话", "021-1")), (144, ("邮箱", "a@b.cn"))):
        page.text(134, at, left).text(254, at, right)
    page.text(64, 168, "简介").text(134, 168, "甲").text(254, 168, "乙")
    table = only_table(read_pdf(pdf(page)))
    label = next(c for c in table.cells if c.text == "联系人")
    assert (label.row, label.row_span) == (1, 3)
    assert texts(table)[1] == ["电话", "021-1"]


def test_lines_to_write_on_are_no_table() -> None:
    page = Page()
    for i in range(6):
        page.rule(60, 84 + 20 * i, 500, 84 + 20 * i)
        page.text(60, 80 + 20 * i, "这是写在横线上的一行字，不是表格中的一行。")
    assert not list(read_pdf(pdf(page)).tables())


def test_cells_told_apart_by_their_ground() -> None:
    rows = [["企业名称", "上海某某有限公司"], ["成立时间", "2010年3月"], ["工厂地址", "某路1号"]]
    page = Page()
    page.body.append("0.93 0.93 1 rg")
    for r in range(len(rows)):
        for x0, x1 in ((60, 128), (130, 400)):
            page.box(x0, 80 + 26 * r, x1, 104 + 26 * r, "f")
    page.body.append("0 g")
    for r, row in enumerate(rows):
        page.text(66, 96 + 26 * r, row[0]).text(136, 96 + 26 * r, row[1])
    table = only_table(read_pdf(pdf(page)))
    assert texts(table) == rows
    assert all(c.confidence < 0.95 for c in table.cells)


def test_every_second_row_with_a_ground() -> None:
    rows = [[str(i), f"场景{i}", f"完成了第{i}项改造"] for i in range(1, 7)]
    page = Page()
    page.body.append("0.9 g")
    for r in range(0, 6, 2):
        for x0, x1 in ((60, 100), (100, 200), (200, 400)):
            page.box(x0, 80 + 24 * r, x1, 104 + 24 * r, "f")
    page.body.append("0 g")
    for r, row in enumerate(rows):
        for x, text in zip((66, 106, 206), row, strict=True):
            page.text(x, 96 + 24 * r, text)
    read = texts(only_table(read_pdf(pdf(page))))
    assert read[:5] == rows[:5], "a row without a ground lies between two that have one"


def banded(
    page: Page, y: float, heads: list[str], rows: list[list[str]], walls: list[float], height: float = 24
) -> None:
    """A table of whole rows on grounds, every second one of them white, as report programs draw them."""
    for number, row in enumerate([heads, *rows]):
        high = y + height * number
        page.body.append("1 g" if number % 2 else "0.9 g")
        page.box(walls[0], high, walls[-1], high + height, "f")
        page.body.append("0 g")
        for x, text in zip(walls, row, strict=False):
            for at, line in enumerate(text.split("|")):
                page.text(x + 4, high + 10 + 9 * at, line, 8)


BANDED_HEADS = ["序号", "名称", "应用描述", "备注"]


def test_rows_on_grounds_from_side_to_side() -> None:
    rows = [[str(i), f"场景{i}", f"完成了第{i}项改造，|其效果良好", "在建" if i == 3 else ""] for i in range(1, 8)]
    page = Page()
    banded(page, 80, BANDED_HEADS, rows, [60, 100, 180, 400, 480])
    assert texts(only_table(read_pdf(pdf(page)))) == [
        BANDED_HEADS,
        *([c.replace("|", "\n") for c in row] for row in rows),
    ]


def test_a_line_between_two_tables_on_grounds_is_no_row() -> None:
    page = Page()
    banded(page, 80, BANDED_HEADS[:3], [["1", "甲场景", "改造一"]], [60, 100, 180, 480])
    page.text(60, 145, "2.示范工厂", 8)
    second = ["序号", "单位名称", "工厂名称", "联系人"]
    banded(
        page,
        152,
        second,
        [["1", "某某公司", "某某工厂", "张三"], ["2", "某公司", "某厂", "李四"]],
        [60, 90, 230, 380, 480],
    )
    first, last = read_pdf(pdf(page)).tables()
    assert texts(first) == [BANDED_HEADS[:3], ["1", "甲场景", "改造一"]]
    assert texts(last)[0] == second


def test_columns_of_the_page_before_hold_where_a_page_has_one_row() -> None:
    one, two = Page(), Page()
    walls: list[float] = [60, 100, 180, 400, 480]
    banded(one, 80, BANDED_HEADS, [[str(i), f"场景{i}", f"第{i}项改造", "在建"] for i in range(1, 25)], walls, 28)
    banded(two, 50, BANDED_HEADS, [["25", "场景", "第二十五项改造", ""]], walls)
    (table,) = read_pdf(pdf(one, two)).tables()
    assert texts(table)[-1] == ["25", "场景", "第二十五项改造", ""]
    assert len(texts(table)) == 26


def test_words_in_a_column_one_character_wide_keep_their_order() -> None:
    page = Page()
    for y in (80, 240):
        page.rule(60, y, 400, y)
    for x in (60, 82, 400):
        page.rule(x, 80, x, 240)
    for i, line in enumerate(["基", "于", "5G", "的", "在", "线", "监", "测"]):
        page.text(64, 100 + 16 * i, line, 12)
    page.text(90, 100, "一段从左到右的文字")
    assert only_table(read_pdf(pdf(page))).cells[0].text == "基于5G的在线监测"


def test_table_wider_than_the_page_keeps_its_text_with_less_confidence() -> None:
    page = Page((300, 400))
    page.table(60, 80, [60, 120, 160], [["序号", "名称", "经济性和可推广性"], ["1", "甲", "年节约成本两百万元"]])
    table = only_table(read_pdf(pdf(page)))
    assert texts(table) == [["序号", "名称", "经济性和可推广性"], ["1", "甲", "年节约成本两百万元"]]
    assert [c.confidence < 0.95 for c in table.cells if c.row == 2] == [False, False, True]


def test_text_struck_out_is_left_out_and_told_of() -> None:
    page = Page()
    page.table(60, 80, [80, 200], [["企业名称", "旧名称新某公司"], ["电话", "021-1"]])
    page.rule(144, 91, 144 + 3 * 10.5, 91)
    page.rule(144, 115.5, 170, 115.5)  # an underline
    document = read_pdf(pdf(Page(), page))
    table = only_table(document)
    assert texts(table) == [["企业名称", "新某公司"], ["电话", "021-1"]]
    assert [(n.code, n.where, n.evidence) for n in document.notes] == [("F05", "第2页", "旧名称")]
    assert table.cells[1].confidence < 0.95


def test_side_of_a_cell_drawn_on_through_running_text_is_no_border() -> None:
    """As LibreOffice does below a merged cell that a page break cut."""
    page = Page()
    end = page.table(70.3, 60, [37, 40, 373], [["成效", "指标", "人均产值提升"], ["承诺", "内容", "材料真实"]])
    body = [
        "二、项目总体情况",
        "公司成立由总经理任组长的领导小组，每周召开会议。",
        "三、系统集成方案",
        "面向行业形成方案包。",
    ]
    for i, line in enumerate(body):
        page.text(70, end + 20 + 16 * i, line)
    page.table(70.3, 260, [90, 370], [["环节名称", "设备管理"], ["场景名称", "在线监测"]])
    page.rule(70.3, end, 70.3, 780).rule(107.3, end, 107.3, 780)
    document = read_pdf(pdf(page))
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == body
    first, second = (b for b in document.blocks if isinstance(b, Table))
    assert texts(first)[0] == ["成效", "指标", "人均产值提升"]
    assert texts(second)[:2] == [["环节名称", "设备管理"], ["场景名称", "在线监测"]]


def _spread(page: Page, x: float, y: float, letters: str, step: float) -> None:
    """Letters set to the width of a cell (分散对齐)."""
    for n, letter in enumerate(letters):
        page.text(x + n * step, y, letter, 16)


def test_labels_set_to_the_width_of_their_cells_are_labels() -> None:
    covers = (
        ("项目名称：", "职业装定制"),
        ("申报单位：", "上海甲服饰公司"),
        ("推荐单位：", "嘉定区经委"),
        ("联系人：", "王芳"),
    )
    for cut in (None, -1):
        page = Page()
        for n, (label, value) in enumerate(covers[: 4 if cut is None else 3]):
            letters = label[:cut]
            _spread(page, 103, 300 + 36 * n, letters, 88 / (len(letters) - 1))
            page.text(260, 300 + 36 * n, value, 16)
        table = only_table(read_pdf(pdf(page)))
        found = [["".join(text.split()) for text in row] for row in texts(table)]
        assert found == [[label[:cut], value] for label, value in covers[: table.rows]]
        assert table.rows == (4 if cut is None else 3)


def test_a_blank_cover_with_such_labels_is_read_as_labels() -> None:
    page = Page()
    for n, label in enumerate(("项目名称：", "申报单位：", "推荐单位：")):
        _spread(page, 103, 300 + 36 * n, label, 22)
    read = [b.text for b in read_pdf(pdf(page)).blocks if isinstance(b, Paragraph)]
    assert ["".join(t.split()) for t in read] == ["项目名称：", "申报单位：", "推荐单位："]


def test_columns_of_single_letters_stay_columns() -> None:
    page = Page()
    for n, row in enumerate(("优良中差", "是否有无", "一二三四")):
        _spread(page, 103, 300 + 36 * n, row, 60)
    assert texts(only_table(read_pdf(pdf(page)))) == [list("优良中差"), list("是否有无"), list("一二三四")]


def test_rows_of_boxes_without_a_word_between_are_no_ticks() -> None:
    """The dots of a rating, the cells of a code that is not filled in; a choice's boxes have words between them."""
    page = Page().text(60, 100, "读写能力")
    for n in range(5):
        page.box(140 + 14 * n, 90, 150 + 14 * n, 100, "B" if n < 3 else "S")
    for n in range(18):
        page.box(140 + 10 * n, 120, 150 + 10 * n, 130)
    for n, option in enumerate(("大型", "中型", "小型", "微型")):
        page.box(60 + 50 * n, 160, 69 + 50 * n, 169).text(72 + 50 * n, 168, option)
        page.box(60, 190 + 14 * n, 69, 199 + 14 * n).text(72, 198 + 14 * n, option)
    text = "".join(
        next(b.text for b in [block]) for block in read_pdf(pdf(page)).blocks if isinstance(block, Paragraph)
    )
    assert (text.count("☑"), text.count("□")) == (0, 8)


def test_the_squares_of_a_code_are_no_boxes_to_tick() -> None:
    page = Page().text(60, 60, "报名请扫码")
    for row in range(12):
        for column in range(12):
            if (row * 5 + column * 3 + row * column) % 4:
                page.box(60 + 10 * column, 80 + 10 * row, 68 + 10 * column, 88 + 10 * row)
    assert sum(text.count("□") for text in read_pdf(pdf(page)).texts()) <= 144 // 10


def test_a_box_without_a_word_is_no_tick() -> None:
    """Corners of an ornament; but one with a cell of its own has its word beside it."""
    page = Page().text(60, 100, "申报书")
    for x, y in ((30, 30), (550, 30), (30, 800), (550, 800)):
        page.box(x, y, x + 10, y + 10).rule(x, y, x + 10, y + 10)
    end = page.table(60, 200, (120, 200), [("是否上市", ""), ("企业名称", "某某公司")])
    page.box(260, 205, 269, 214).rule(261, 209, 264, 213).rule(264, 213, 268, 206)
    document = read_pdf(pdf(page))
    assert end > 200
    assert [text for b in document.blocks if isinstance(b, Paragraph) for text in [b.text]] == ["申报书"]
    assert texts(only_table(document))[0] == ["是否上市", "☑"]


def _ring(page: Page, x: float, y: float) -> None:
    """A circle of 5 points around ``x`` and ``y`` from the page's foot."""
    k = 5 * 0.5523
    page.body.append(
        f"{x + 5} {y} m {x + 5} {y + k} {x + k} {y + 5} {x} {y + 5} c {x - k} {y + 5} {x - 5} {y + k} {x - 5} {y} c"
        f" {x - 5} {y - k} {x - k} {y - 5} {x} {y - 5} c {x + k} {y - 5} {x + 5} {y - k} {x + 5} {y} c h S"
    )


def test_two_rings_alone_in_a_cell_are_a_rating() -> None:
    page = Page()
    page.table(60, 100, [140, 200], [["评级", ""], ["是否", ""], ["达标", ""]], height=30)
    _ring(page, 215, 727)
    _ring(page, 231, 727)
    page.box(210, 140, 220, 150).box(226, 140, 236, 150)
    _ring(page, 215, 667)
    (table,) = [b for b in read_pdf(pdf(page)).blocks if isinstance(b, Table)]
    assert [c.text.count("□") for c in table.cells if c.column == 2] == [0, 2, 1]


def test_a_ring_with_a_cross_is_a_sign_and_a_square_with_one_a_tick() -> None:
    page = Page().text(60, 100, "张量积").text(60, 140, "民营企业")
    _ring(page, 100, 742)
    page.rule(96.5, 96.5, 103.5, 103.5).rule(96.5, 103.5, 103.5, 96.5)
    page.box(110, 131, 120, 141).rule(110, 131, 120, 141).rule(110, 141, 120, 131)
    assert [b.text for b in read_pdf(pdf(page)).blocks if isinstance(b, Paragraph)] == ["张量积", "民营企业 ☑"]


def test_a_small_tick_in_a_form_s_box_counts() -> None:
    page = Page().text(75, 100, "民营企业")
    page.box(60, 90, 71.7, 101.7).rule(64, 96, 65, 97).rule(65, 97, 67.2, 94)
    assert [b.text for b in read_pdf(pdf(page)).blocks if isinstance(b, Paragraph)] == ["☑ 民营企业"]


def test_the_level_letters_of_a_seal_are_never_certain() -> None:
    """A seal drawn as text: red letters on a curve; the top one and the line across its middle stand level."""
    page = Page()
    page.table(60, 100, (100, 200), [("企业名称", ""), ("传真", "021-51234567")])
    page.body.append("0.9 0.1 0.1 rg")
    for n, letter in enumerate("某某市装备"):
        turn = math.radians(60 - 30 * n)
        a, b = math.cos(turn), math.sin(turn)
        x, y = 200 - 40 * math.sin(turn), 842 - 150 + 40 * math.cos(turn)
        shown = letter.encode("utf-16-be").hex()
        page.body.append(f"BT /F1 9 Tf {a:.4f} {b:.4f} {-b:.4f} {a:.4f} {x:.2f} {y:.2f} Tm <{shown}> Tj ET")
    page.text(186, 114, "专用章", 9)
    table = only_table(read_pdf(pdf(page)))
    assert [bool(c.doubts) for c in table.cells][1::2] == [True, False]


def test_rows_of_one_cell_with_several_answers_are_not_parted_by_their_gaps() -> None:
    page = Page()
    rows = [
        ("姓名：王芳", "电话：021-51234567"),
        ("职务：主任", "传真：021-51234568"),
        ("地址：某路1号", "邮编：200000"),
    ]
    page.table(60, 100, (400,), [("",)] * len(rows))
    for n, (one, other) in enumerate(rows):
        page.text(64, 114 + 20 * n, one).text(220, 114 + 20 * n, other)
    table = only_table(read_pdf(pdf(page)))
    assert [(c.column_span, "".join(c.text.split())) for c in table.cells] == [(1, "".join(row)) for row in rows]
    assert table.columns == 1


def test_narrow_columns_between_level_rules_stay_apart() -> None:
    walls = [57, 73, 97, 240, 380]
    page = Page()
    for y in (80, 106, 146):
        for a, b in itertools.pairwise(walls):
            page.box(a, y, b, y + 0.7, "f")
    heads, row = ["序|号", "环节|名称", "场景|名称", "备注"], ["6", "生产|作业", "人机协同|制造", "在建"]
    for y, texts_ in ((90, heads), (118, row)):
        for x, text in zip(walls, texts_, strict=False):
            for at, line in enumerate(text.split("|")):
                page.text(x + 4, y + 11 * at + (5 if text == "6" else 0), line, 8)
    read = [["".join(text.split()) for text in cells] for cells in texts(only_table(read_pdf(pdf(page))))]
    assert read == [[text.replace("|", "") for text in cells] for cells in (heads, row)]


def test_a_label_set_apart_by_blanks_is_no_row_of_cells() -> None:
    page = Page()
    page.text(60, 80, "项目名称：某某项目", 10)
    for y, label, value in ((100, "申报单位", "上海某某有限公司"), (120, "推荐单位", "某某委员会")):
        for at, letter in enumerate(label):
            page.text(60 + 14 * at, y, letter, 10)
        page.text(60 + 14 * 3 + 10, y, "：", 10)
        page.text(60 + 14 * 3 + 24, y, value, 10)
    assert not list(read_pdf(pdf(page)).tables())


def test_a_full_stop_that_hangs_over_a_wall_joins_no_cells() -> None:
    """As reportlab sets Chinese text: the stop stands outside of its cell, over the beginning of the next one."""
    page = Page()
    for y in (80, 104, 150):
        page.rule(60, y, 300, y)
    page.text(64, 94, "保障要素", 8).text(112, 94, "成效", 8)
    for at, (left, right) in enumerate(
        (("高校共建", "单元操作人员由八十人"), ("形成团队。", "减至三人，效率提升"), ("", "不良率下降"))
    ):
        page.text(64, 114 + 11 * at, left, 8).text(102, 114 + 11 * at, right, 8)
    read = [["".join(text.split()) for text in cells] for cells in texts(only_table(read_pdf(pdf(page))))]
    assert read[1] == ["高校共建形成团队。", "单元操作人员由八十人减至三人，效率提升不良率下降"]


def test_what_is_numbered_below_a_label_and_its_value_is_no_part_of_the_value() -> None:
    """附件4: the recommender's name is as long as the notes below the tables, which reach no margin."""
    page = Page()
    page.text(77, 60, "附件4", 16).text(148, 100, "智能制造试点示范项目推荐汇总表", 20)
    page.text(77, 160, "推荐单位（盖章）：上海市某某新区科学技术和经委会", 14).text(77, 190, "1.智能制造优秀场景", 14)
    below = page.table(77, 210, (40, 200, 200), (("序号", "申报企业名称", "联系人"), ("1", "某公司", "某某")))
    page.text(77, below + 20, "注：1.推荐智能制造优秀场景排名有先后；2.推荐数量不能超过规定的上限。", 10.5)
    page.text(77, below + 50, "2.智能制造示范工厂", 14)
    below = page.table(77, below + 70, (40, 200, 200), (("序号", "揭榜单位名称", "联系人"), ("1", "某公司", "某某")))
    page.text(77, below + 20, "注：1.推荐智能制造示范工厂排名有先后；2.推荐数量不能超过规定的上限。", 10.5)
    read = [b.text for b in read_pdf(pdf(page)).blocks if isinstance(b, Paragraph)]
    assert read[2:4] == ["推荐单位（盖章）：上海市某某新区科学技术和经委会", "1.智能制造优秀场景"]


def test_a_cover_that_became_running_text_goes_on_in_the_next_line() -> None:
    """Its lines are no items of a cover, though a label may begin each of them."""
    page = Page()
    page.text(60, 100, "项目名称：电驱动总成无人化立体仓储与自动出入库优秀场景申报单位：上海示例零部件", 12)
    page.text(60, 118, "公司推荐单位：上海市某某区经济委员会申报日期：2023年7月23日", 12)
    [paragraph] = [b for b in read_pdf(pdf(page)).blocks if isinstance(b, Paragraph)]
    assert paragraph.text.endswith(
        "申报单位：上海示例零部件公司推荐单位：上海市某某区经济委员会申报日期：2023年7月23日"
    )
