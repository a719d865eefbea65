"""PDFs as they come: what a person sees on the page is what the Document holds."""

from __future__ import annotations

from itertools import pairwise

import pytest

from extractors.document.doubts import TABLE_UNEVEN
from extractors.document.errors import Protected, Unreadable
from extractors.document.model import Document, Paragraph, Table
from extractors.page.characters import Char
from extractors.page.picture import Picture
from extractors.pdf.characters import _seen, _undouble
from extractors.pdf.read import read_pdf
from tests.pdfs import Page, page_kinds, pdf

ROWS = [["企业名称", "上海某某有限公司", "成立时间", "2010年3月"], ["工厂地址", "某路1号", "邮箱", "a@b.cn"]]
LONG = "本项目面向离散制造的多品种小批量生产，建设了覆盖设计、计划、生产、物流的系统，"


def texts(table: Table) -> list[list[str]]:
    return [[c.text for c in table.cells if c.row == row] for row in range(1, table.rows + 1)]


def only_table(document: Document) -> Table:
    (table,) = document.tables()
    return table


def paragraphs(document: Document) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Paragraph)]


@pytest.mark.parametrize("style", [{}, {"strips": True}, {"dash": "1 1.5"}, {"dash": "3 3"}])
def test_table_is_found_however_its_rules_are_drawn(style: dict[str, object]) -> None:
    page = Page().text(60, 60, "基本信息", 16)
    page.table(60, 80, [70, 140, 70, 100], ROWS, **style)  # type: ignore[arg-type]
    document = read_pdf(pdf(page))
    assert texts(only_table(document)) == ROWS
    assert paragraphs(document) == ["基本信息"]
    assert only_table(document).where_cell(only_table(document).cells[2]) == "第1页 表1 行1 列3"


def test_merged_cells_have_their_spans_and_stand_once() -> None:
    page = Page()
    for y in (80, 140):
        page.rule(60, y, 360, y)
    page.rule(160, 100, 360, 100).rule(160, 120, 260, 120)
    for x, y0 in ((60, 80), (160, 80), (360, 80)):
        page.rule(x, y0, x, 140)
    page.rule(260, 100, 260, 140)
    page.text(64, 112, "联系人").text(164, 94, "姓名和电话").text(164, 114, "甲").text(164, 134, "乙").text(
        264, 124, "丙"
    )
    table = only_table(read_pdf(pdf(page)))
    assert {(c.text, c.row, c.column, c.row_span, c.column_span) for c in table.cells} == {
        ("联系人", 1, 1, 3, 1), ("姓名和电话", 1, 2, 1, 2), ("甲", 2, 2, 1, 1), ("乙", 3, 2, 1, 1), ("丙", 2, 3, 2, 1)
    }  # fmt: skip


def test_table_open_at_its_sides_is_whole() -> None:
    page = Page()
    for y in (80, 100, 120):
        page.rule(60, y, 300, y)
    page.rule(140, 80, 140, 120)
    page.text(64, 94, "企业名称").text(150, 94, "某公司").text(64, 114, "电话").text(150, 114, "021-1")
    assert texts(only_table(read_pdf(pdf(page)))) == [["企业名称", "某公司"], ["电话", "021-1"]]


def test_boxes_and_ticks_of_all_kinds_stand_where_they_are_seen() -> None:
    page = Page()
    page.text(60, 100, "\xfe", font="F2").text(70.5, 100, "甲").text(90, 100, "\xa8", font="F2").text(100.5, 100, "乙")
    page.box(120, 91, 130, 101).text(131, 100, "丙")
    page.box(150, 91, 160, 101).rule(152, 96, 154, 99).rule(154, 99, 159, 92).text(161, 100, "丁")
    page.text(180, 100, "□戊").text(181, 100, "√", 9)
    page.box(210, 91, 220, 101).text(211, 100, "√", 9).text(221, 100, "己")
    (paragraph,) = read_pdf(pdf(page)).blocks
    assert isinstance(paragraph, Paragraph)
    assert paragraph.text.replace(" ", "") == "☑甲□乙□丙☑丁☑戊☑己"
    assert [m.ticked for m in paragraph.marks] == [True, False, False, True, True, True]
    assert [m.kind for m in paragraph.marks] == ["glyph", "glyph", "drawn", "drawn", "drawn", "drawn"]
    assert all(paragraph.text[m.offset] in "☑□" for m in paragraph.marks)


def test_text_printed_twice_to_look_bold_is_read_once() -> None:
    page = Page().text(60, 60, "企业名称").text(60.4, 60, "企业名称").text(60, 80, "编号1122")
    assert paragraphs(read_pdf(pdf(page))) == ["企业名称", "编号1122"]


def test_footnote_digit_is_not_glued_to_its_label() -> None:
    page = Page().text(60, 60, "企业类型").text(102, 56, "12", 6).text(60, 90, "面积12m").text(97, 86, "2", 6)
    assert paragraphs(read_pdf(pdf(page))) == ["企业类型", "面积12m2"]


@pytest.mark.parametrize(("typed", "raised", "read"), [("9801", "1", "9801"), ("45%", "2", "45%"), ("10", "3", "103")])
def test_a_raised_digit_behind_a_figure_is_a_notes_mark_unless_it_is_a_power_of_ten_and_never_sure(
    typed: str, raised: str, read: str
) -> None:
    page = Page().text(60, 60, f"共{typed}").text(70.5 + 5.25 * len(typed), 56, raised, 6)
    paragraph = next(b for b in read_pdf(pdf(page)).blocks if isinstance(b, Paragraph))
    assert paragraph.text == f"共{read}"
    assert [d.name for d in paragraph.doubts] == ["note_or_figure"]


def test_a_date_set_to_the_right_does_not_run_on_into_the_heading_below() -> None:
    page = Page().text(60, 60, "我单位承诺所报材料真实完整，如有不实，愿意承担相应的责任，特此承诺如下所列各项。")
    page.text(410, 80, "2023年7月17日").text(60, 100, "二、场景实例建设方案及情况").text(
        60, 120, "项目建设内容如下所述"
    )
    assert paragraphs(read_pdf(pdf(page)))[1:] == [
        "2023年7月17日",
        "二、场景实例建设方案及情况",
        "项目建设内容如下所述",
    ]


def test_drawing_order_does_not_matter() -> None:
    page = Page().text(102, 60, "单位").text(60, 60, "申报").text(60, 30, "标题").text(81, 60.2, "推荐")
    assert paragraphs(read_pdf(pdf(page))) == ["标题", "申报推荐单位"]


@pytest.mark.parametrize("turn", [0, 90])
def test_landscape_page_printed_on_portrait_paper_is_turned(turn: int) -> None:
    page = Page((842, 595), turn)
    page.sideways = True
    page.text(60, 60, "场景实例描述", 16)
    page.table(60, 80, [70, 140, 70, 100], ROWS)
    document = read_pdf(pdf(page))
    assert paragraphs(document) == ["场景实例描述"]
    assert texts(only_table(document)) == ROWS


def test_label_written_sideways_and_downwards_is_one_text() -> None:
    page = Page().text(78, 190, "整体成效", angle=90)
    for i, char in enumerate("家庭成员情况"):  # two columns, from the right
        page.text(112 if i < 4 else 100, 100 + 12 * (i % 4), char)
    for y in (80, 200):
        page.rule(60, y, 400, y)
    for x in (60, 95, 130, 400):
        page.rule(x, 80, x, 200)
    page.text(140, 100, "这里是一段从左到右的文字，用来确定页面的方向")
    assert texts(only_table(read_pdf(pdf(page)))) == [
        ["整体成效", "家庭成员情况", "这里是一段从左到右的文字，用来确定页面的方向"]
    ]


@pytest.mark.parametrize("units", [1, 20])
def test_a_label_in_a_font_that_is_written_downwards_stays_in_its_cell(units: float) -> None:
    page = Page()
    for y in (80, 110, 140, 170):
        page.rule(60 if y in (80, 170) else 90, y, 360, y)
    for x in (60, 90, 200, 360):
        page.rule(x, 80, x, 170)
    page.text(75, 84, "申请团队", 12, font="F3", units=units)
    for number, name in enumerate(("甲", "乙", "丙")):
        page.text(94, 100 + 30 * number, name, 12, units=units).text(204, 100 + 30 * number, "大二", 12, units=units)
    table = only_table(read_pdf(pdf(page)))
    assert texts(table) == [["申请团队", "甲", "大二"], ["乙", "大二"], ["丙", "大二"]]


def test_lines_broken_by_the_width_are_joined_and_ended_ones_are_not() -> None:
    page = Page()
    cell = f"{LONG[:20]}\n{LONG[20:30]}\n采用SAP\n第二段"
    page.table(60, 60, [70, 220], [["简介", cell], ["其他", "甲"]])
    body = "公司主要从事减速器的研发与生产，产品广泛应用于工业机器人和数控机床，近三年收入年均增长两成。"
    page.text(60, 200, body[:38], 12).text(60, 216, body[38:], 12)
    page.text(84, 232, "另起一段，首行缩进。", 12)
    document = read_pdf(pdf(page))
    assert only_table(document).cells[1].text == f"{LONG[:30]}\n采用SAP\n第二段"
    assert paragraphs(document) == [body, "另起一段，首行缩进。"]


def test_labels_and_values_without_rules_are_a_table() -> None:
    page = Page()
    values = [("企业名称", "上海某某有限公司"), ("成立时间", "2010年3月"), ("工厂地址", "某路1号"), ("联系人", "张三")]
    for i, (label, value) in enumerate(values):
        page.text(80, 100 + 24 * i, label).text(220, 100 + 24 * i, value)
    page.text(60, 240, "正文段落不在表格之中，它从左边开始，比标签和值都要长一些，因此是正文。")
    document = read_pdf(pdf(page))
    assert texts(only_table(document)) == [[a, b] for a, b in values]
    assert only_table(document).confidence < 0.95
    assert len(paragraphs(document)) == 1


def test_value_on_a_cover_that_runs_over_two_lines_is_whole() -> None:
    page = Page()
    page.text(90, 300, "项目名称：", 16).text(190, 292, "重载减速器关键零部件智能检测与", 16).text(
        190, 308, "追溯优秀场景", 16
    )
    page.text(90, 340, "申报单位：", 16).text(190, 340, "上海某某有限公司", 16)
    page.text(90, 372, "推荐单位：", 16).text(190, 372, "某区经济委员会", 16)
    cells = [c.text for c in only_table(read_pdf(pdf(page))).cells]
    assert cells[:2] == ["项目名称：", "重载减速器关键零部件智能检测与追溯优秀场景"]


def test_headers_page_numbers_and_footnotes_stand_aside() -> None:
    pages = []
    for number in (1, 2, 3):
        page = Page().text(240, 50, "智能制造试点示范项目", 9).text(290, 800, f"— {number} —", 9)
        page.text(60, 76, f"附{number}", 14).text(60, 120, f"第{'一二三'[number - 1]}部分的正文", 12)
        pages.append(page)
    pages[0].rule(60, 740, 200, 740).text(60, 756, "1 企业类型按统计标准划分。", 8)
    document = read_pdf(pdf(*pages))
    assert paragraphs(document) == ["附1", "第一部分的正文", "附2", "第二部分的正文", "附3", "第三部分的正文"]
    assert [p.place for p in document.aside].count("header") == 3
    assert [p.text for p in document.aside if p.place == "footer"] == ["— 1 —", "— 2 —", "— 3 —"]
    assert [p.text for p in document.aside if p.place == "footnote"] == ["1 企业类型按统计标准划分。"]


def test_a_note_as_large_as_the_text_is_one_by_its_raised_mark() -> None:
    page = Page().text(60, 60, "企业类型填写如下").text(60, 700, "正文的最后一行").rule(60, 740, 200, 740)
    page.text(60, 752, "1", 6).text(64, 756, "数据来源于企业年报。")
    document = read_pdf(pdf(page))
    assert paragraphs(document) == ["企业类型填写如下", "正文的最后一行"]
    assert [p.text for p in document.aside if p.place == "footnote"] == ["1数据来源于企业年报。"]


def test_scans_are_told_from_text_and_given_to_the_picture_reader() -> None:
    data = pdf(
        Page().text(60, 60, "申报书"),
        Page().picture(0, 0, 595, 842),
        Page().text(60, 60, "与图片不符的隐藏文字层", mode=3).picture(0, 0, 595, 842),
    )
    assert page_kinds(data) == ["text", "scan", "scan"]
    seen: list[tuple[int, tuple[int, ...]]] = []

    def read(image: object, number: int) -> Picture:
        seen.append((number, image.shape))  # type: ignore[attr-defined]
        return Picture([Paragraph(f"第{number}页的字", 1, page=number)])

    document = read_pdf(data, read, dpi=72)
    assert seen == [(2, (842, 595, 3)), (3, (842, 595, 3))]
    assert paragraphs(document) == ["申报书", "第2页的字", "第3页的字"]
    assert document.by_ocr
    assert paragraphs(read_pdf(data)) == ["申报书"]


def test_encrypted_files() -> None:
    assert paragraphs(read_pdf(pdf(Page().text(60, 60, "无需口令"), password=""))) == ["无需口令"]
    with pytest.raises(Protected) as raised:
        read_pdf(pdf(Page().text(60, 60, "需要口令"), password="secret"))
    assert raised.value.code == "F02"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\nnothing", pdf(Page().text(60, 60, "申报书"))[:400]])
def test_damaged_file_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable) as raised:
        read_pdf(data)
    assert raised.value.code == "F01"


def test_attachments_and_scripts_are_told_and_never_opened() -> None:
    notes = read_pdf(pdf(Page().text(60, 60, "申报书"), attachment="tool.exe", script="app.alert(1)")).notes
    assert [n.code for n in notes] == ["F04", "F04"]
    assert notes[0].evidence == "tool.exe"


def test_pages_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractors.pdf.read.MAX_PAGES", 2)
    with pytest.raises(Unreadable, match="上限"):
        read_pdf(pdf(Page(), Page(), Page()))


def test_reading_twice_gives_the_same() -> None:
    page = Page()
    page.table(60, 80, [70, 140, 70, 100], ROWS)
    data = pdf(page)
    assert all(a == b for a, b in pairwise([read_pdf(data).to_dict() for _ in range(3)]))


def test_the_letters_of_a_ligature_are_no_letter_printed_twice() -> None:
    two = (("o", 0, 5), ("f", 5, 11), ("f", 5, 11), ("i", 11, 14), ("c", 14, 19), ("e", 19, 24))
    three = (("o", 0, 5), ("f", 5, 14), ("f", 5, 14), ("i", 5, 14), ("c", 14, 19), ("e", 19, 24))
    for boxes in (two, three):
        office = [Char(c, x0, x1, 100.0, 10.0, run=1) for c, x0, x1 in boxes]
        again = [Char(c, x0 + 0.3, x1 + 0.3, 100.0, 10.0, run=2) for c, x0, x1 in boxes]
        read = _undouble(office + again)
        assert "".join(c.text for c in sorted(read, key=lambda c: c.x0)) == "office"
    dash = [Char("—", 5, 25, 100.0, 10.0, run=1) for _ in range(2)]
    assert len(_undouble(dash)) == 2  # fonts draw —— as one stroke
    once = [Char("f", 5, 11, 100.0, 10.0, run=n) for n in (1, 2)]
    assert len(_undouble(once)) == 1


@pytest.mark.parametrize("gap", [2, 14])
def test_a_rule_right_beneath_a_text_is_no_footnotes_rule(gap: int) -> None:
    page = (
        Page()
        .text(60, 60, "一、正文标题", 16)
        .text(60, 90, "第一段正文内容在此", 16)
        .text(60, 120, "第二段正文内容在此", 16)
    )
    page.text(60, 640, "图1系统架构", 10).rule(60, 640 + gap, 120, 640 + gap).text(60, 660, "12家子公司推广应用", 10)
    read = read_pdf(pdf(page))
    notes = [p.text for p in read.aside if p.place == "footnote"]
    assert notes == ([] if gap == 2 else ["12家子公司推广应用"])


def test_a_line_that_begins_with_a_year_is_no_footnote() -> None:
    page = (
        Page()
        .text(60, 60, "一、正文标题", 16)
        .text(60, 90, "第一段正文内容在此", 16)
        .text(60, 120, "第二段正文内容在此", 16)
    )
    page.rule(60, 740, 200, 740).text(60, 756, "2021年获评市级企业技术中心。", 14.5)
    assert not [p for p in read_pdf(pdf(page)).aside if p.place == "footnote"]


def test_a_drawn_charts_strokes_that_meet_once_are_no_table() -> None:
    page = Page().text(60, 60, "产值逐年增长如图").rule(95.3, 432.1, 103.9, 432.1).rule(103.5, 432.1, 103.5, 437.9)
    page.rule(95.3, 512.3, 150.3, 512.3).rule(97.6, 509, 97.6, 515.6)
    document = read_pdf(pdf(page))
    assert paragraphs(document) == ["产值逐年增长如图"]
    assert not list(document.tables())


def test_coloured_areas_without_a_word_in_them_are_no_table() -> None:
    page = Page().text(60, 60, "各车间产值").text(60, 330, "甲").text(120, 330, "乙")
    page.body.append("0.8 0.9 1 rg")
    for column in range(5):
        for row in range(6):
            page.box(60 + 40 * column, 80 + 40 * row, 100 + 40 * column, 120 + 40 * row, "f")
    page.body.append("0 g")
    document = read_pdf(pdf(page))
    assert "各车间产值" in paragraphs(document)
    assert not [c for t in document.tables() for c in t.cells if c.text not in ("", "甲", "乙")]


def test_a_code_beyond_unicode_is_no_character() -> None:
    assert _seen(0x110000, "simsun") == _seen(0xFFFFFFFF, "simsun") == ("", False)


def test_a_frame_whose_columns_begin_below_its_head_is_never_sure() -> None:
    page = Page().box(60, 80, 360, 400)
    for x in (160, 260):
        page.rule(x, 130, x, 400)
    for row in range(10):
        page.text(164, 150 + 25 * row, f"甲{row}")
    table = only_table(read_pdf(pdf(page.text(64, 100, "指标", 12))))
    assert [cell.doubts for cell in table.cells] == [(TABLE_UNEVEN,)] * len(table.cells)
