"""Pages as browsers print them: rows cut with nothing drawn at the break, fields to type in, watermarks that lie level."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from extractors.document.model import Paragraph, Table
from extractors.pdf.read import read_pdf
from tests.pdfs import Page, pdf

XS = (60.0, 110.0, 260.0, 500.0)


def uprights(page: Page, top: float, bottom: float) -> Page:
    for x in XS:
        page.rule(x, top, x, bottom)
    return page


def level(page: Page, *ys: float) -> Page:
    for y in ys:
        page.rule(XS[0], y, XS[-1], y)
    return page


def write(page: Page, y: float, texts: Sequence[str]) -> Page:
    for x, text in zip(XS, texts, strict=False):
        page.text(x + 4, y, text)
    return page


def tables(*pages: Page) -> list[list[list[str]]]:
    found = [b for b in read_pdf(pdf(*pages)).blocks if isinstance(b, Table)]
    return [[[c.text for c in t.cells if c.row == row] for row in range(1, t.rows + 1)] for t in found]


HEAD = ("序号", "场景名称", "技术方案")


def test_a_row_that_fills_a_page_of_its_own_goes_on_there() -> None:
    size = (595, 200)
    first = uprights(level(Page(size), 40, 70), 40, 160)
    write(write(first, 60, HEAD), 90, ("1", "设备故障", "部署边缘计算网关，对振动、电流和温度"))
    second = uprights(Page(size), 40, 160)
    for n, text in enumerate(("信号进行特征提取，并将结果送到数据平", "台，由模型判断设备有无故障，及时提醒")):
        write(second, 56 + 13 * n, ("", "诊断与预测" if n == 0 else "", text))
    third = uprights(level(Page(size), 60, 110), 40, 110)
    write(write(third, 54, ("", "", "班组检修。")), 80, ("2", "精准配送", "按单配送。"))
    [(head, row, last)] = tables(first, second, third)
    assert head == list(HEAD)
    assert row[:2] == ["1", "设备故障\n诊断与预测"]
    assert row[2].replace("\n", "").endswith("送到数据平台，由模型判断设备有无故障，及时提醒班组检修。")
    assert last == ["2", "精准配送", "按单配送。"]


def test_a_cell_drawn_whole_on_both_pages_under_the_header_printed_again() -> None:
    size = (595, 200)
    first = uprights(level(Page(size), 40, 70), 40, 160)
    write(write(first, 60, HEAD), 90, ("1", "设备故障", "部署边缘计算网关，对振动、电流和温度"))
    second = uprights(level(Page(size), -80, 40, 70, 110), -80, 110)
    write(write(second, 60, HEAD), 90, ("", "诊断", "信号进行特征提取。"))
    [(head, row)] = tables(first, second)
    assert head == list(HEAD)
    assert [text.replace("\n", "") for text in row] == [
        "1",
        "设备故障诊断",
        "部署边缘计算网关，对振动、电流和温度信号进行特征提取。",
    ]


def test_a_row_left_open_at_the_end_of_its_page_is_not_certain_where_nothing_goes_on_with_it() -> None:
    size = (595, 200)
    first = uprights(level(Page(size), 40, 70), 40, 160)
    write(write(first, 60, HEAD), 90, ("1", "设备故障", "部署边缘计算网关，对振动、电流和温度"))
    second = Page(size).text(64, 60, "信号进行特征提取。")
    [table] = [b for b in read_pdf(pdf(first, second)).blocks if isinstance(b, Table)]
    assert {c.confidence for c in table.cells if c.row == 1} == {1.0}
    assert all(c.confidence < 0.95 for c in table.cells if c.row == 2)


def test_a_level_watermark_stands_aside() -> None:
    page = Page()
    rows = [("企业名称", "某精密机械有限公司"), ("工厂地址", "某某路1号三幢二层")]
    page.table(60, 80, [80, 300], rows)
    page.body.append("0.85 g")
    page.text(100, 120, "内部资料", 48)
    page.body.append("0 g")
    document = read_pdf(pdf(page))
    [table] = [b for b in document.blocks if isinstance(b, Table)]
    assert [c.text for c in table.cells] == [text for row in rows for text in row]
    assert [p.text for p in document.aside] == ["内部资料"]


def test_a_pale_heading_that_lies_over_nothing_is_text() -> None:
    page = Page()
    page.body.append("0.6 g")
    page.text(100, 120, "场景实例描述", 24)
    page.body.append("0 g")
    for n in range(4):
        page.text(60, 160 + 20 * n, "正文从页边开始，一行一段，到此为止。")
    assert "场景实例描述" in [b.text for b in read_pdf(pdf(page)).blocks if isinstance(b, Paragraph)]


def test_what_is_typed_into_a_frame_in_a_cell_is_the_cells_text() -> None:
    page = Page()
    page.table(60, 80, [100, 200], [("企业名称", ""), ("供应商", "")], height=30)
    for y, text in ((80, "某精密机械公司"), (110, "某自动化设备股份有限公司上海")):
        page.box(170, y + 6, 320, y + 24).text(174, y + 18, text)
    [table] = [b for b in read_pdf(pdf(page)).blocks if isinstance(b, Table)]
    short, full = (c for c in table.cells if c.column == 2)
    assert (short.text, short.tables, short.confidence) == ("某精密机械公司", [], 1.0)
    assert full.text == "某自动化设备股份有限公司上海"
    assert full.confidence < 0.95, "a text that fills its field may be cut off there"


def test_a_value_of_the_cover_goes_on_beneath_itself_where_lines_stand_far_apart() -> None:
    page = Page()
    page.text(100, 100, "项目名称：", 16).text(200, 100, "某某树脂装配工位人机协同作业优秀", 16).text(
        200, 136, "场景", 16
    )
    page.text(100, 190, "申报单位：", 16).text(200, 190, "某精密机械公司", 16)
    lines = [b.text for b in read_pdf(pdf(page)).blocks if isinstance(b, Paragraph)]
    assert lines[0].replace("\t", "").replace(" ", "") == "项目名称：某某树脂装配工位人机协同作业优秀场景"


@pytest.mark.parametrize("beside", [0, 1], ids=["label beside the first line", "label beside the last line"])
def test_a_value_of_the_cover_that_fills_its_column_goes_on_at_the_distance_of_rows(beside: int) -> None:
    page = Page()
    lines = ["无菌制剂数字化车间", "上海某某新材料（集团）有限责任公", "司（盖章）", "某某区经济委员会（盖章）"]
    for number, line in enumerate(lines):
        page.text(210, 200 + 36 * number, line, 15)
    for label, number in (("项目名称：", 0), ("申报单位：", 1 + beside), ("推荐单位：", 3)):
        page.text(100, 200 + 36 * number, label, 15)
    (table,) = [b for b in read_pdf(pdf(page)).blocks if isinstance(b, Table)]
    values = ["".join(c.text.split()) for c in table.cells if c.column == table.columns]
    assert values == [lines[0], lines[1] + lines[2], lines[3]]


def test_a_cell_cut_by_a_break_goes_on_though_cells_are_drawn_out_of_the_page() -> None:
    size = (595, 200)
    made = []
    for number, end in (("1", 600), ("2", 260)):
        first = uprights(level(Page(size), 40, 70, end), 40, end)
        write(write(first, 60, HEAD), 90, (number, "设备故障", "部署边缘计算网关，对振动、电流和温度"))
        second = uprights(level(Page(size), -140, 80), -140, 80)
        made += [first, write(second, 54, ("", "", "信号进行特征提取。"))]
    found = [[text.replace("\n", "") for text in row] for table in tables(*made) for row in table if row[0] != "序号"]
    whole = "部署边缘计算网关，对振动、电流和温度信号进行特征提取。"
    assert found == [["1", "设备故障", whole], ["2", "设备故障", whole]]


def test_letters_set_apart_hold_no_blanks() -> None:
    page = Page()
    page.table(60, 80, [80, 300], [["联系人", ""]])
    moved = " -180 ".join(f"<{char.encode('utf-16-be').hex()}>" for char in "张三丰18709054020")
    page.body.append(f"BT /F1 10.5 Tf 1 0 0 1 144 748 Tm [{moved}] TJ ET")
    [table] = [b for b in read_pdf(pdf(page)).blocks if isinstance(b, Table)]
    assert table.cells[1].text == "张三丰18709054020"


def test_a_stamp_set_upon_a_cell_as_text_makes_it_not_certain() -> None:
    page = Page()
    page.table(60, 80, [80, 300], [["联系人", "张三"], ["职务", "主任"]])
    page.body.append("0.9 0.1 0.1 rg")
    page.text(200, 96, "申报专用章", 16)
    page.body.append("0 g")
    [table] = [b for b in read_pdf(pdf(page)).blocks if isinstance(b, Table)]
    assert [c.confidence >= 0.95 for c in table.cells] == [True, False, True, True]


def test_the_rest_of_a_cut_row_beneath_a_head_met_late_is_not_certain() -> None:
    size = (595, 200)
    first = uprights(level(Page(size), 40), 40, 160)
    write(first, 60, ("1", "设备故障", "部署边缘计算网关，对振动、电流和温度"))
    second = uprights(level(Page(size), 40, 70, 110), 40, 110)
    write(write(second, 60, HEAD), 90, ("", "", "信号进行特征提取。"))
    [table] = [b for b in read_pdf(pdf(first, second)).blocks if isinstance(b, Table)]
    assert all(c.confidence < 0.95 for c in table.cells)


def test_a_text_that_the_paper_cuts_off_is_not_certain() -> None:
    """A table wider than the paper: browsers leave out the characters beyond it."""
    page = Page()
    for y in (100, 130, 160, 190):
        page.rule(60, y, 640, y)
    for x in (60, 160):
        page.rule(x, 100, x, 190)
    page.text(64, 120, "方案").text(
        164, 120, "采用半实物仿真方式验证新器件的亮度、串扰和寿命，在流片前完成功能与可靠性的各项测试"
    )
    page.text(64, 150, "成效").text(164, 150, "流片次数由4次减少到2次。").text(64, 180, "备注")
    (table,) = (b for b in read_pdf(pdf(page)).blocks if isinstance(b, Table))
    cells = {c.text: c for c in table.cells}
    (cut,) = [c for text, c in cells.items() if text.startswith("采用")]
    assert cut.confidence < 0.95
    assert cells["流片次数由4次减少到2次。"].confidence == 1


def test_a_row_that_the_page_cuts_keeps_its_columns_though_they_are_drawn_to_different_depths() -> None:
    page, rest = Page(), Page()
    xs = (149, 172, 254, 305, 348, 423, 448)
    page.rule(149, 766, 448, 766)
    for x, bottom in zip(xs, (806, 806, 830, 830, 830, 806, 806), strict=True):
        page.rule(x, 766, x, bottom)
    heads = ("序号", "专利名称", "专利类型", "专利状态", "专利号", "备注")
    for x, text in zip(xs, heads, strict=False):
        page.text(x + 2, 785, text, 9)
    rest.table(149, 60, (23, 82, 51, 43, 75, 25), (("",) * 6, ("1", "一种夹具", "发明", "已发布", "ZL1", "")), size=9)
    (table,) = (b for b in read_pdf(pdf(page, rest)).blocks if isinstance(b, Table))
    assert [c.text for c in table.cells if c.row == 1] == list(heads)


def test_white_cells_that_run_over_their_dark_ground_at_the_right_are_cells() -> None:
    """Gaps between columns that are told in shares of the width add up."""
    page = Page()
    page.body.append("0 g")
    page.box(60, 100, 460, 161, "f")
    page.body.append("1 g")
    for row in range(2):
        for left, right in ((61, 161), (162, 463)) if row == 0 else ((61, 161), (162, 312), (313, 463)):
            page.box(left, 101 + 30 * row, right, 130 + 30 * row, "f")
    page.body.append("0 g")
    for row, texts in enumerate(
        (("名称", "上海示例自动化技术设备有限公司智能工厂"), ("装机", "甲型", "上海示例自动化设备"))
    ):
        for left, text in zip((61, 162, 313), texts, strict=False):
            page.text(left + 4, 118 + 30 * row, text, 11)
    (table,) = (b for b in read_pdf(pdf(page)).blocks if isinstance(b, Table))
    assert [c.column_span for c in table.cells] == [1, 2, 1, 1, 1]
    assert not any(c.doubts for c in table.cells)


def test_the_address_and_number_that_a_browser_prints_over_the_end_of_a_table_are_no_part_of_it() -> None:
    page = level(uprights(Page((595, 300)), 60, 300), 60, 90)
    write(write(page, 80, HEAD), 110, ("1", "智能仓储", "立体库。"))
    write(page, 288, ("2", "排产", "已完成。"))
    page.text(64, 289, "file:///D:/申报/附件3-1.html", 6).text(480, 289, "1/12", 6)
    texts = [text for table in tables(page) for row in table for text in row]
    assert not any(sign in text for text in texts for sign in ("file", "html", "1/12"))
    assert any("已完成。" in text for text in texts)


def test_the_address_of_a_website_in_a_low_row_is_the_cells() -> None:
    page = level(uprights(Page((595, 300)), 60, 296), 60, 90, 280, 296)
    write(write(page, 80, HEAD), 110, ("1", "智能仓储", "立体库。"))
    write(page, 291, ("2", "排产", "https://www.example.com"))
    assert any("https://www.example.com" in text for table in tables(page) for row in table for text in row)
