"""Tables that a page break cut are one table again, and what was not cut stays apart."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.document.model import Document, Table
from extractors.pdf.read import read_pdf
from tests.pdfs import Page, pdf

HEAD = ["序号", "场景名称", "技术方案"]
WIDTHS = [50, 100, 220]
FULL = "部署三维工艺规划系统并与其他系统集成，沉"  # fills the line of its cell: 212 points of 20 × 10.5


def pages(*parts: Sequence[Sequence[str]], top: float = 60) -> Document:
    made = []
    for rows in parts:
        page = Page((595, 300))
        page.table(60, top, WIDTHS, rows)
        made.append(page)
    return read_pdf(pdf(*made))


def rows_of(document: Document) -> list[list[list[str]]]:
    return [[[c.text for c in t.cells if c.row == r] for r in range(1, t.rows + 1)] for t in document.tables()]


def filler(count: int) -> list[list[str]]:
    return [[str(i), f"场景{i}", "已完成。"] for i in range(1, count + 1)]


def test_rows_run_on_and_the_repeated_header_is_dropped() -> None:
    document = pages([HEAD, *filler(9)], [HEAD, ["10", "质量追溯", "已完成。"]])
    assert rows_of(document) == [[HEAD, *filler(9), ["10", "质量追溯", "已完成。"]]]
    (table,) = document.tables()
    assert table.header_rows == 1
    assert table.where_cell(table.cells[-1]) == "第2页 表（接第1页 表1） 行2 列3"


def test_cut_row_gets_its_text_back() -> None:
    document = pages(
        [HEAD, *filler(8), ["9", "工艺设计", f"{FULL}\n{FULL}"]], [HEAD, ["", "", "淀典型模板。"], ["10", "排产", "无"]]
    )
    assert rows_of(document) == [
        [HEAD, *filler(8), ["9", "工艺设计", f"{FULL}{FULL}淀典型模板。"], ["10", "排产", "无"]]
    ]


def test_cut_row_is_one_row_though_one_of_its_cells_broke_its_line_early() -> None:
    above, below = ("9", "质量管控、质量精准", "部署三维工艺规划系统"), ("", "追溯与智能在线检测", "并与其他系统集成")
    (rows,) = rows_of(pages([HEAD, *filler(8), above], [HEAD, below, ("10", "排产", "无")]))
    assert [row[0] for row in rows] == ["序号", *"12345678", "9", "10"]
    assert "追溯与智能在线检测" in rows[-2][1]
    assert "并与其他系统集成" in rows[-2][2]


def test_row_whose_number_stands_behind_the_break_is_one_row() -> None:
    document = pages([HEAD, *filler(8), ["", "", f"{FULL}\n{FULL}"]], [HEAD, ["9", "工艺设计", "淀典型模板。"]])
    assert rows_of(document)[0][-1] == ["9", "工艺设计", f"{FULL}{FULL}淀典型模板。"]


def test_new_row_with_a_blank_cell_is_not_taken_for_the_rest_of_the_last() -> None:
    document = pages([*filler(8), ["类别", "名称甲", "短句。"]], [["", "名称乙", "另一句。"]])
    assert rows_of(document)[0][-2:] == [["类别", "名称甲", "短句。"], ["", "名称乙", "另一句。"]]


def test_merged_cell_grows_over_the_break() -> None:
    made = []
    for first in (True, False):
        page = Page((595, 300))
        for y in (60, 160, 260):
            page.rule(60 if y != 160 else 120, y, 360, y)
        for x in (60, 120, 360):
            page.rule(x, 60, x, 260)
        page.text(124, 100, "研发设计类软件" if first else "经营管理类软件").text(124, 200, "丙" if first else "丁")
        if first:
            page.text(64, 160, "关键软件")
        made.append(page)
    (table,) = read_pdf(pdf(*made)).tables()
    assert [(c.text, c.row, c.row_span) for c in table.cells] == [
        ("关键软件", 1, 4), ("研发设计类软件", 1, 1), ("丙", 2, 1), ("经营管理类软件", 3, 1), ("丁", 4, 1)
    ]  # fmt: skip


def test_columns_of_either_page_count_for_both() -> None:
    one, two = Page((595, 300)), Page((595, 300))
    end = one.table(60, 60, [60, 240], [["资产", "甲"]] * 10)
    one.text(60, end + 200, "")
    two.table(60, 60, [60, 120, 120], [["收入", "乙", "丙"]])
    (table,) = read_pdf(pdf(one, two)).tables()
    assert table.columns == 3
    assert [(c.column, c.column_span) for c in table.cells if c.row in (1, 11)] == [
        (1, 1),
        (2, 2),
        (1, 1),
        (2, 1),
        (3, 1),
    ]


def test_tables_that_are_not_one_stay_apart() -> None:
    other_width = Page((595, 300))
    other_width.table(60, 60, [100, 100], [["标准名称", "标准号"]])
    first = Page((595, 300))
    first.table(60, 60, WIDTHS, [HEAD, *filler(9)])
    assert len(list(read_pdf(pdf(first, other_width)).tables())) == 2
    # The next form of the same kind begins with the same label and another value.
    kind = [["实例名称", "甲", ""], *filler(9)], [["实例名称", "乙", ""], *filler(2)]
    assert len(list(pages(*kind).tables())) == 2
    # A short table with room below it was not cut.
    assert len(list(pages([HEAD, *filler(2)], [["名称", "型号", "供应商"], *filler(9)]).tables())) == 2


def test_row_cut_without_a_closing_rule_is_one_row() -> None:
    """As browsers print: no rule at the end of the page, none at the top of the next."""
    made = []
    for first in (True, False):
        page = Page((595, 300))
        for y in (60, 100) if first else (160,):
            page.rule(60, y, 360, y)
        for x in (60, 160, 360):
            page.rule(x, 60, x, 280 if first else 160)
        page.text(64, 80, "名称" if first else "（续）").text(164, 80, "甲" if first else "其余的话。")
        if first:
            page.text(64, 120, "简介").text(164, 120, "已经写完的一句话。")
        made.append(page)
    (table,) = read_pdf(pdf(*made)).tables()
    assert isinstance(table, Table)
    assert [c.text for c in table.cells if c.row == 2] == ["简介\n（续）", "已经写完的一句话。\n其余的话。"]
    assert table.rows == 2


def test_row_cut_beside_a_value_that_was_shorter_is_one_row() -> None:
    head = ["场景实例名称", "工艺名称", "应用描述"]
    widths = [130, 90, 134]
    rows = [[f"面向轴承的排产应用{i}", "淬火工艺", "已完成。"] for i in range(8)]
    one, two = Page((595, 300)), Page((595, 300))
    one.table(60, 60, widths, [head, *rows, ["基于数字孪生的轴承钢棒", "铸造工艺", "采用多点温控与压力曲线闭"]])
    two.table(
        60, 60, widths, [["材智能排产应用", "", "环，缺陷下降42%。"], ["面向轴承的检测应用", "焊接工艺", "已完成。"]]
    )
    (table,) = read_pdf(pdf(one, two)).tables()
    assert [c.text for c in table.cells if c.row == 10] == [
        "基于数字孪生的轴承钢棒材智能排产应用", "铸造工艺", "采用多点温控与压力曲线闭环，缺陷下降42%。"
    ]  # fmt: skip
    assert table.rows == 11


def test_label_that_may_have_been_cut_is_told_by_the_confidence() -> None:
    """Labels broken by hand: no line tells whether the second half is a label of its own."""
    labels = ["项目\n名称", "项目\n地址", "项目\n简述", "起止\n日期", "负责\n人员", "联系\n电话"]
    one, two = Page((595, 300)), Page((595, 300))
    one.table(60, 60, [80, 300], [*[[label, "甲"] for label in labels], ["建设", "上海市某区某路1号"]])
    two.table(60, 60, [80, 300], [["地址", ""], ["供应商", "乙公司"]])
    (table,) = read_pdf(pdf(one, two)).tables()
    unsure = {c.text for c in table.cells if c.confidence < 0.95}
    assert "上海市某区某路1号" in unsure or any("建设地址" in t for t in unsure)
    assert "乙公司" not in unsure


def test_rows_that_count_on_are_two_though_the_lines_above_the_break_are_full() -> None:
    one, two = Page((595, 300)), Page((595, 300))
    above = ["8", "质量管控与质量精准", f"{FULL}\n{FULL}"]
    one.table(60, 60, [17, 100, 220], [*filler(7), above])
    two.table(60, 60, [17, 100, 220], [["9", "追溯与智能在线检测", FULL]])
    (rows,) = rows_of(read_pdf(pdf(one, two)))
    assert [row[0] for row in rows] == [*"123456789"]


def test_labels_spread_over_their_cells_above_the_break_have_ended() -> None:
    widths = [70, 150]
    one, two = Page((595, 300)), Page((595, 300))
    rows = [[f"焊接工艺{i}", "已完成。"] for i in range(9)]
    one.table(60, 60, widths, [*rows, ["", ""]])
    for number, letter in enumerate("工艺名称"):
        one.text(63 + 17.5 * number, 60 + 20 * 9 + 14, letter)
    for number, letter in enumerate("应用描述"):
        one.text(133 + 44 * number, 60 + 20 * 9 + 14, letter)
    two.table(60, 60, widths, [["冷轧板形工艺", "物料齐套率提高，线边库存"], ["真空热处理", "已完成。"]])
    (table,) = read_pdf(pdf(one, two)).tables()
    lead = ["".join(c.text.split()) for c in table.cells if c.column == 1]
    assert lead[-3:] == ["工艺名称", "冷轧板形工艺", "真空热处理"]


def test_a_row_set_flush_of_which_one_cell_shows_two_letters_is_cut_all_the_same() -> None:
    widths = [50, 60, 60]
    one, two = Page((595, 300)), Page((595, 300))
    rows = [["成套类", f"涂布机{i}", "定制"] for i in range(9)]
    one.table(60, 60, widths, [*rows, ["智能传感", "", "思爱普公司"]])
    one.text(113, 60 + 20 * 9 + 14, "五").text(156, 60 + 20 * 9 + 14, "轴")
    two.table(60, 60, widths, [["控制装备", "联动加工机", "上海分公司"], ["成套类", "涂布机", "定制"]])
    (table,) = read_pdf(pdf(one, two)).tables()
    assert "智能传感控制装备" in [c.text for c in table.cells]


def test_rows_beside_the_number_of_a_page_set_small_on_its_sheet_are_unsure() -> None:
    one, two = Page((595, 842)), Page((595, 842))
    one.text(60, 200, "场景实例描述")
    one.table(60, 220, WIDTHS, [HEAD, *filler(3), ["4", "质量管控", f"{FULL}\n{FULL}"]])
    one.text(280, 370, "第 6 页")
    two.text(60, 200, "智能制造试点示范项目申报书")
    two.table(60, 220, WIDTHS, [["", "", "淀典型模板。"], ["5", "排产", "已完成。"]])
    two.text(280, 700, "附2")
    (above, below) = read_pdf(pdf(one, two)).tables()
    assert {c.row for c in above.cells if c.confidence < 0.95} == {5}
    assert {c.row for c in below.cells if c.confidence < 0.95} == {1}


def test_numbered_rows_with_nothing_filled_in_stay_apart() -> None:
    head = ["序号", "专利名称", "专利号"]
    document = pages([head, *filler(9), ["10", "一种装置", "ZL1"]], [["11", "", ""]])
    assert rows_of(document)[0][-2:] == [["10", "一种装置", "ZL1"], ["11", "", ""]]


def test_row_of_a_group_whose_cells_had_room_left_is_a_row_of_its_own() -> None:
    head = ["实例名称", "装备种类", "名称", "供应商"]
    widths = [110, 90, 71, 120]
    rows = [[f"面向轴承的排产{i}", "成套装备", "六轴机器人", "某自动化公司"] for i in range(8)]
    one, two = Page((595, 300)), Page((595, 300))
    one.table(60, 60, widths, [head, *rows, ["面向轴承的检测", "检测装备", "三坐标测量机", "某机器人公司"]])
    two.table(
        60,
        60,
        widths,
        [["", "成套装备", "六轴机器人", "另一机器人公司"], ["面向轴承的仓储", "物流装备", "堆垛机", "某公司"]],
    )
    (table,) = read_pdf(pdf(one, two)).tables()
    assert [c.text for c in table.cells if c.row == 10][1:] == ["检测装备", "三坐标测量机", "某机器人公司"]
    assert [c.text for c in table.cells if c.row == 11][-3:] == ["成套装备", "六轴机器人", "另一机器人公司"]


def test_merged_first_cell_of_which_one_row_stands_above_the_break() -> None:
    rows = [[f"实例{i}", f"工艺{i}", "已完成。"] for i in range(9)]
    document = pages([["实例名称", "工艺名称", "描述"], *rows], [["", "焊接工艺", "已完成。"]])
    (table,) = document.tables()
    last = next(c for c in table.cells if c.text == "实例8")
    assert last.row_span == 2
    assert last.confidence < 0.95


NAMES = ["某某类装备", "六轴关节机器人一二三四", "上海某自动化设备某某公\n司某某信息技术分公司一"]


def test_rows_of_names_that_fill_their_cells_by_chance_are_not_one() -> None:
    size = Page((595, 300))
    widths = [70, 124, 124]
    size.table(60, 60, widths, [["种类", "名称", "供应商"], *([["某某类装备", "名称", "某公司"]] * 8), NAMES])
    second = Page((595, 300))
    second.table(60, 60, widths, [["某某类器具", NAMES[1], "北京某信息技术股份某某\n公司"], ["某类", "名称", "某公司"]])
    (table,) = read_pdf(pdf(size, second)).tables()
    assert [c.text for c in table.cells if c.column == 1][-3:] == ["某某类装备", "某某类器具", "某类"]


def test_a_label_written_downwards_that_a_page_break_cuts_is_one() -> None:
    label = ["项", "目", "简", "述"]
    made = []
    for part, text in (
        (label[:1], f"{FULL}淀典型模板并在车间推广应用与高"),
        (label[1:], "校联合开发了模型。\n已申请专利。\n无。"),
    ):
        page = Page((700, 300))
        rows = [[str(n), "已完成。"] for n in range(8 if part == label[:1] else 0)]
        page.table(60, 60, [30, 366], [*rows, ["\n".join(part), text]])
        made.append(page)
    (table,) = read_pdf(pdf(*made)).tables()
    last = [c.text.replace("\n", "") for c in table.cells if c.row == table.rows]
    assert last[0] == "项目简述"
    assert last[1].startswith(f"{FULL}淀典型模板并在车间推广应用与高校联合开发了模型。")


def test_figures_beneath_the_years_that_head_them_are_a_row_of_their_own() -> None:
    head = ["近三年发展情况", "2020年", "2021年", "2022年"]
    above = [[f"工厂地址{i}", "甲", "乙", "丙"] for i in range(1, 9)]
    made = []
    for rows in (
        [*above, head],
        [["资产总额（万元）", "226604.43", "1,457,843.00", "53.7327亿元"], ["利润率", "5%", "6%", "7%"]],
    ):
        page = Page((595, 300))
        page.table(60, 60, [84, 62, 72, 66], rows)
        made.append(page)
    (rows,) = rows_of(read_pdf(pdf(*made)))
    assert rows[8:] == [
        head,
        ["资产总额（万元）", "226604.43", "1,457,843.00", "53.7327亿元"],
        ["利润率", "5%", "6%", "7%"],
    ]


def test_rows_cut_between_pages_of_two_shapes_are_unsure_on_both() -> None:
    one, other = Page((500, 300)), Page((300, 500))
    for page, foot, rows in (
        (one, 290, [("工艺", "机器视觉技术", "")]),
        (other, 110, [("", "", "建立了一体化数据模型。")]),
    ):
        xs = [60, 110, 180, 280]
        for x in xs:
            page.rule(x, 60, x, foot)
        page.rule(60, 60 if page is one else foot, 280, 60 if page is one else foot)
        if page is one:
            page.rule(60, 250, 280, 250)
            for x, text in zip(xs, HEAD, strict=False):
                page.text(x + 4, 80, text)
        for x, text in zip(xs, rows[0], strict=False):
            page.text(x + 4, 280 if page is one else 80, text)
    first, second = read_pdf(pdf(one, other)).tables()
    assert all(c.confidence < 0.95 for c in first.cells if c.row == first.rows)
    assert all(c.confidence < 0.95 for c in second.cells)


def test_row_of_a_kind_merged_over_the_break_is_not_certainly_the_rest_of_the_last_though_a_long_word_had_no_room() -> (
    None
):
    head = ["种类", "名称", "型号"]
    above = [["物流装备", f"输送线{n}", f"M-{n}"] for n in range(1, 8)]
    last = ["检测装备", "自动拧紧轴", "ST61-50-10-ABCDEFGHIJKLMN"]
    first = ["", "视觉检测工位", "SIMATIC-S7-1500-ABCDEF-0.05mm"]
    (table,) = pages([head, *above, last], [first, ["", "协作机器人", "UR10e"]]).tables()
    cells = [c for c in table.cells if "自动拧紧轴" in c.text or "视觉检测工位" in c.text]
    assert len(cells) > 1 or not any(c.confidence >= 0.95 for c in cells)


def test_the_value_of_a_label_goes_on_over_the_break_behind_a_line_that_was_ended() -> None:
    made = [["联系人", "张三"], ["电话", "021-55550000"], ["传真", "021-55550001"]]
    last = ["承诺", "材料均真实。\n法定代表人签章：\n公章："]
    one, two = Page((595, 300)), Page((595, 300))
    one.table(60, 130, [100, 300], [*made, last])
    two.table(60, 60, [100, 300], [["", "2023年8月10日"]])
    (rows,) = rows_of(read_pdf(pdf(one, two)))
    assert rows[-1] == ["承诺", "材料均真实。\n法定代表人签章：\n公章：\n2023年8月10日"]
