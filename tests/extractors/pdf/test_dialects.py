"""How other programs draw: round and white cells, rules in one direction alone, watermarks, odd fonts, pictures of boxes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest

from extractors.document.doubts import RARE_CHARACTER
from extractors.document.model import Document, Paragraph, Table
from extractors.pdf.read import read_pdf
from tests.pdfs import Page, file_of, page_kinds, pdf, set_width


def texts(table: Table) -> list[list[str]]:
    return [[c.text for c in table.cells if c.row == row] for row in range(1, table.rows + 1)]


def said(table: Table) -> list[list[str]]:
    """The texts of each row without its blank cells."""
    return [[text for text in row if text] for row in texts(table)]


def only_table(document: Document) -> Table:
    (table,) = (b for b in document.blocks if isinstance(b, Table))
    return table


def round_frame(page: Page, x0: float, y0: float, x1: float, y1: float, radius: float = 4) -> None:
    """A rectangle with round corners, as a browser strokes a border with a radius."""
    low, high, r, k = page.size[1] - y1, page.size[1] - y0, radius, radius * 0.45
    page.body.append(
        f"0.5 w {x0 + r} {low} m {x1 - r} {low} l {x1 - k} {low} {x1} {low + k} {x1} {low + r} c {x1} {high - r} l"
        f" {x1} {high - k} {x1 - k} {high} {x1 - r} {high} c {x0 + r} {high} l {x0 + k} {high} {x0} {high - k} {x0} {high - r} c"
        f" {x0} {low + r} l {x0} {low + k} {x0 + k} {low} {x0 + r} {low} c h S"
    )


ROWS = (("企业名称", "某精密机械有限公司"), ("工厂地址", "某路1号"), ("成立时间", "2010年3月"))


def test_frames_with_round_corners_side_by_side_are_cells() -> None:
    page = Page()
    for i, row in enumerate(ROWS):
        for text, (x0, x1) in zip(row, ((60, 140), (142, 500)), strict=True):
            round_frame(page, x0, 80 + 22 * i, x1, 100 + 22 * i)
            page.text(x0 + 5, 94 + 22 * i, text)
    table = only_table(read_pdf(pdf(page)))
    assert texts(table) == [list(row) for row in ROWS]
    assert table.confidence == 1.0


def test_an_entry_field_with_round_corners_is_no_table_of_its_own() -> None:
    page = Page()
    page.table(60, 80, [80, 300], ROWS, height=30)
    for i in range(3):
        round_frame(page, 142, 83 + 30 * i, 430, 106 + 30 * i)
    table = only_table(read_pdf(pdf(page)))
    assert texts(table) == [list(row) for row in ROWS]
    assert not any(cell.tables for cell in table.cells)


def test_white_cells_on_a_dark_ground_are_a_table() -> None:
    page = Page()
    page.body.append("0 g")
    page.box(60, 80, 500, 80 + 61, "f")
    page.body.append("1 g")
    for i in range(3):
        page.box(61, 81 + 20 * i, 140, 100 + 20 * i, "f").box(141, 81 + 20 * i, 499, 100 + 20 * i, "f")
    page.body.append("0 g")
    for i, (label, value) in enumerate(ROWS):
        page.text(64, 94 + 20 * i, label).text(145, 94 + 20 * i, value)
    table = only_table(read_pdf(pdf(page)))
    assert texts(table) == [list(row) for row in ROWS]


def centred(page: Page, x0: float, x1: float, y: float, text: str) -> None:
    page.text((x0 + x1 - set_width(text, 10.5)) / 2, y, text)


def test_cells_between_level_rules_in_pieces_are_told_by_how_their_texts_stand() -> None:
    """A piece of rule for each of six columns, over which cells are merged in three ways; all texts in their cells' middle."""
    page = Page()
    xs = [60 + 80 * i for i in range(7)]
    spans: Sequence[Sequence[tuple[int, int, str]]] = (
        ((0, 1, "企业名称"), (1, 6, "某精密机械有限公司")),
        ((0, 2, "资产总额（万元）"), (2, 4, "1200"), (4, 6, "1300")),
        ((0, 2, "利润率（%）"), (2, 4, "12"), (4, 6, "13")),
        ((0, 2, "资产负债率（%）"), (2, 4, "45"), (4, 6, "46")),
        ((0, 1, "姓名"), (1, 3, "王某"), (3, 4, "电话"), (4, 6, "13900000000")),
    )
    for k in range(len(spans) + 1):
        for a, b in itertools.pairwise(xs):
            page.rule(a, 80 + 20 * k, b - 0.2, 80 + 20 * k)
    for k, row in enumerate(spans):
        for a, b, text in row:
            centred(page, xs[a], xs[b], 94 + 20 * k, text)
    table = only_table(read_pdf(pdf(page)))
    assert said(table) == [[text for _, _, text in row] for row in spans]
    assert table.confidence < 0.95


@pytest.mark.parametrize("framed", [False, True])
def test_columns_between_whole_level_rules_follow_from_gaps(framed: bool) -> None:
    """As LibreOffice draws them; a value of two lines beside a label whose middle stands between them."""
    page = Page()
    for k, y in enumerate((80, 100, 130, 150, 170)):
        page.rule(60, y, 520, y)
        if framed and k == 0:
            page.rule(60, 80, 60, 170).rule(520, 80, 520, 170)
    page.text(64, 94, "企业名称").text(150, 94, "某公司").text(330, 94, "成立时间").text(410, 94, "2010年")
    page.text(64, 119, "工厂地址").text(150, 112, "某市某区某路一百二十三弄四").text(150, 125, "号").text(
        293, 119, "邮编"
    )
    page.text(410, 119, "200000")
    page.text(64, 144, "企业性质").text(150, 144, "□中央企业").text(230, 144, "☑民营企业").text(310, 144, "□三资企业")
    page.text(64, 164, "重大事故").text(150, 164, "□是（事故名称：").text(300, 164, "）").text(330, 164, "☑否")
    table = only_table(read_pdf(pdf(page)))
    assert said(table) == [
        ["企业名称", "某公司", "成立时间", "2010年"],
        ["工厂地址", "某市某区某路一百二十三弄四号", "邮编", "200000"],
        ["企业性质", "□中央企业 ☑民营企业 □三资企业"],
        ["重大事故", "□是（事故名称：\t） ☑否"],
    ]


@pytest.mark.parametrize("framed", [False, True])
def test_rows_of_upright_rules_alone_follow_from_the_text(framed: bool) -> None:
    page = Page()
    for x in (60, 140, 455):
        page.rule(x, 80, x, 150)
    if framed:
        page.rule(60, 80, 455, 80).rule(60, 150, 455, 150)
    page.text(64, 94, "企业名称").text(144, 94, "某公司")
    page.text(64, 110, "工厂地址").text(144, 110, "某路1号")
    page.text(64, 133, "企业简介").text(144, 126, "公司创立于二零一二年最初为进口减速器做维修与配件加工后来推")
    page.text(144, 140, "出自己的产品。")
    table = only_table(read_pdf(pdf(page)))
    assert texts(table) == [
        ["企业名称", "某公司"],
        ["工厂地址", "某路1号"],
        ["企业简介", "公司创立于二零一二年最初为进口减速器做维修与配件加工后来推出自己的产品。"],
    ]
    assert table.confidence < 0.95


def test_one_row_of_long_cells_is_not_torn_into_rows() -> None:
    page = Page()
    long = "搭建覆盖需求方案详细设计仿真验证的协同研发平台积累参数化模块"
    page.table(60, 80, [30, 90, 170, 170], [["1", "智能排产", "", ""]], height=110)
    for column, x in ((0, 184), (1, 354)):
        for line in range(6 - column):
            page.text(x, 96 + 13.5 * line + 5 * column, long[:15])
    table = only_table(read_pdf(pdf(page)))
    assert table.rows == 1
    assert [len(c.text) for c in table.cells] == [1, 4, 90, 75]


def test_a_watermark_aslant_stands_aside() -> None:
    page = Page()
    page.table(60, 80, [80, 300], ROWS)
    shown = "仅供申报使用".encode("utf-16-be").hex()
    page.body.append(f"BT /F1 40 Tf 0.7 0.7 -0.7 0.7 120 680 Tm <{shown}> Tj ET")
    document = read_pdf(pdf(page))
    assert texts(only_table(document)) == [list(row) for row in ROWS]
    assert [p.text for p in document.aside] == ["仅供申报使用"]


def test_a_pale_watermark_aslant_stands_aside_on_a_page_without_more() -> None:
    page = Page().text(280, 800, "- 3 -")
    shown = "仅供评审使用".encode("utf-16-be").hex()
    page.body.append(f"0.85 g BT /F1 40 Tf 0.7 0.7 -0.7 0.7 120 380 Tm <{shown}> Tj ET")
    document = read_pdf(pdf(page))
    assert "仅供评审使用" in [p.text for p in document.aside]
    assert not [b.text for b in document.blocks if isinstance(b, Paragraph) and "仅" in b.text]


@pytest.mark.parametrize("matrix", ["0 -1 1 0 130 790", "1 0 0 1 30 700"], ids=["down the page", "level"])
def test_huge_letters_with_text_upon_them_are_a_watermark_whatever_their_colour(matrix: str) -> None:
    page = Page()
    for row in range(6):
        page.table(60, 80 + 110 * row, [80, 300], ROWS)
    shown = "仅供申报使用".encode("utf-16-be").hex()
    page.body.append(f"0 1 0 rg BT /F1 90 Tf {matrix} Tm <{shown}> Tj ET")
    document = read_pdf(pdf(page))
    assert all(texts(b) == [list(row) for row in ROWS] for b in document.blocks if isinstance(b, Table))
    assert "仅供申报使用" in [p.text for p in document.aside]


def test_large_letters_aslant_all_over_a_page_with_little_else_are_a_watermark() -> None:
    page = Page()
    page.table(60, 80, [80, 300], ROWS)
    shown = "仅供申报使用".encode("utf-16-be").hex()
    for number in range(30):
        at = f"{60 + 80 * (number % 6)} {700 - 140 * (number // 6)}"
        page.body.append(f"0 1 0 rg BT /F1 25 Tf 0.7 0.7 -0.7 0.7 {at} Tm <{shown}> Tj ET")
    document = read_pdf(pdf(page))
    assert texts(only_table(document)) == [list(row) for row in ROWS]
    assert document.aside


def test_radicals_are_read_as_the_characters_people_write() -> None:
    document = read_pdf(pdf(Page().text(60, 80, "⻋间主任⻓⼯⾯向⻔⻛")))
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["车间主任长工面向门风"]


def test_a_replacement_text_keeps_both_of_two_like_digits() -> None:
    page = Page()
    replaced = "55.3".encode("utf-16-be").hex()
    shown = "ABCD".encode("utf-16-be").hex()
    page.text(60, 80, "利润率")
    page.body.append(
        f"/Span <</ActualText <feff{replaced}>>> BDC BT /F1 10.5 Tf 1 0 0 1 120 762 Tm <{shown}> Tj ET EMC"
    )
    (paragraph,) = (b for b in read_pdf(pdf(page)).blocks if isinstance(b, Paragraph))
    assert "55.3" in paragraph.text


def pictured(page: Page, x: float, y: float, ticked: bool) -> None:
    """A small picture of a box, 12 by 12 points."""
    side = 20
    dots = [[0 if i in (1, 18) or j in (1, 18) else 255 for j in range(side)] for i in range(side)]
    if ticked:
        for i in range(5, 15):
            dots[i][i] = dots[i][i + 1] = dots[i][19 - i] = 0
    data = "".join(f"{dot:02x}" for row in dots for dot in row)
    page.body.append(
        f"q 12 0 0 12 {x} {page.size[1] - y - 2} cm BI /W {side} /H {side} /CS /G /BPC 8 /F /AHx ID {data}> EI Q"
    )


def test_pictures_of_boxes_are_boxes() -> None:
    page = Page()
    page.table(60, 80, [80, 300], [["企业性质", ""]])
    for i, (option, ticked) in enumerate((("国企", False), ("民企", True), ("三资", False))):
        pictured(page, 145 + 80 * i, 94, ticked)
        page.text(160 + 80 * i, 94, option)
    table = only_table(read_pdf(pdf(page)))
    assert [m.ticked for m in table.cells[1].marks] == [False, True, False]


def test_a_filled_field_without_an_appearance_is_read() -> None:
    page = Page()
    page.table(60, 80, [80, 300], [["企业名称", ""], ["邮箱", ""]])
    page.widgets.append(
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (a@b.cn) /Rect [142 722 430 741] /F 4 /DA (/F1 10 Tf 0 g) >>"
    )
    table = only_table(read_pdf(pdf(page, fields=True)))
    assert texts(table) == [["企业名称", ""], ["邮箱", "a@b.cn"]]


def test_pages_of_codes_without_meaning_are_read_from_their_picture() -> None:
    page = Page()
    for i in range(6):
        page.text(60, 80 + 20 * i, "Ø\x86\x06ü\x07½ÛÕàáÛ\x1e\x18ì¾]Ëy¶|ÛÕ")
    assert page_kinds(pdf(page)) == ["scan"]
    assert page_kinds(pdf(Page().text(60, 80, "Le résumé été élève déjà à la façade, où l'hôtel s'élève"))) == ["text"]


def drawn_font_in_a_form(code: bytes = b"0042") -> bytes:
    """A page shrunk into a form: one glyph drawn by the file itself (Type 3) between two of a common font."""
    glyph = b"1000 0 0 0 1000 1000 d1 100 0 800 800 re f"
    content = b"BT /F1 20 Tf 1 0 0 1 100 400 Tm (A) Tj ET BT /F2 20 Tf 1 0 0 1 120 400 Tm (a) Tj ET BT /F1 20 Tf 1 0 0 1 140 400 Tm (C) Tj ET"
    unicode = b"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <61> <%s> endbfchar" % code
    outer = b"q 0.5 0 0 0.5 50 300 cm /X1 Do Q"
    objects = [
        b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 1 0 R /MediaBox [0 0 595 842] /Contents 3 0 R /Resources << /XObject << /X1 4 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(outer), outer),
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> /Length %d >>"
        b"\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] /CharProcs << /g 7 0 R >>"
        b" /Encoding << /Differences [97 /g] >> /FirstChar 97 /LastChar 97 /Widths [1000] /ToUnicode 8 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(glyph), glyph),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(unicode), unicode),
        b"<< /Type /Catalog /Pages 1 0 R >>",
    ]
    return file_of(objects, 9)


def test_drawn_glyphs_in_a_shrunk_page_stand_among_the_others() -> None:
    (paragraph,) = (b for b in read_pdf(drawn_font_in_a_form()).blocks if isinstance(b, Paragraph))
    assert paragraph.text.replace(" ", "") == "ABC"


@pytest.mark.parametrize(("code", "text"), [(b"D842DFB7", "A𠮷C"), (b"D835DC53", "AfC")])
def test_characters_beyond_the_basic_plane_are_read_and_rare_ones_never_sure(code: bytes, text: str) -> None:
    (paragraph,) = (b for b in read_pdf(drawn_font_in_a_form(code)).blocks if isinstance(b, Paragraph))
    assert paragraph.text.replace(" ", "") == text
    assert (RARE_CHARACTER in paragraph.doubts) == (text == "A𠮷C")


def test_page_numbers_of_pages_set_smaller_than_their_paper_stand_aside() -> None:
    pages = []
    for number in range(1, 4):
        page = Page()
        page.table(120, 150, [80, 270], ROWS)
        page.text(290, 700, f"- {number} -", 8)
        pages.append(page)
    document = read_pdf(pdf(*pages))
    assert not any(isinstance(b, Paragraph) for b in document.blocks)
    assert [p.text for p in document.aside] == ["- 1 -", "- 2 -", "- 3 -"]


def test_a_cell_too_narrow_for_its_number_holds_one_number() -> None:
    page = Page()
    page.table(60, 80, [160, 40, 200], [["", "", ""], ["", "", ""]], height=34)
    for row, (label, one, two) in enumerate((("生产效率提升（%）", "3", "5"), ("研制周期缩短（%）", "4", "6"))):
        page.text(77, 102 + 34 * row, label).text(277, 102 + 34 * row, "说明")
        page.text(237, 95 + 34 * row, one).text(237, 108 + 34 * row, two)
    table = only_table(read_pdf(pdf(page)))
    assert [row[1] for row in texts(table)] == ["35", "46"]


def test_a_label_written_downwards_beside_rows_without_rules_joins_none() -> None:
    page = Page()
    rows = (
        ("研制周期缩短（%）", "12"),
        ("产品不良率下降（%）", "15"),
        ("销售增长率（%）", "17"),
        ("库存周转率提升（%）", "19"),
    )
    for i, (label, value) in enumerate(rows):
        page.text(100, 94 + 22 * i, label).text(300, 94 + 22 * i, value)
    for i, char in enumerate("建设成效"):
        page.text(62, 106 + 14 * i, char)
    table = only_table(read_pdf(pdf(page)))
    assert [row[-2:] for row in said(table)] == [list(row) for row in rows]
    assert "建设成效" in {cell.text.replace("\n", "") for cell in table.cells}


def test_white_borders_tell_the_cells_of_a_table_without_others() -> None:
    page = Page()
    page.body.append("1 G 1 g")
    page.table(
        60, 80, [80, 200, 60, 100], [["企业名称", "", "电话", "1"], ["工厂地址", "某路1号", "", ""]], strips=True
    )
    drawn = [line.replace("BT", "0 g BT").replace("ET", "ET 1 g") for line in page.body]
    page.body = drawn
    table = only_table(read_pdf(pdf(page)))
    assert texts(table) == [["企业名称", "", "电话", "1"], ["工厂地址", "某路1号", "", ""]]


def test_a_white_tick_upon_a_coloured_box_is_a_tick() -> None:
    page = Page()
    page.table(60, 80, [80, 300], [["企业性质", ""]])
    for i, (option, ticked) in enumerate((("国企", False), ("民企", True), ("三资", False))):
        x, y = 145 + 80 * i, page.size[1] - 96
        page.box(x, 84, x + 12, 96)
        if ticked:
            page.body.append(
                f"0 0 1 rg {x} {y} 12 12 re f 1 G 2 w {x + 3} {y + 6} m {x + 5} {y + 3} l {x + 9} {y + 9} l S 0 G 0 g"
            )
        page.text(x + 15, 94, option)
    table = only_table(read_pdf(pdf(page)))
    assert [m.ticked for m in table.cells[1].marks] == [False, True, False]


def test_a_bracket_left_open_goes_on_in_the_next_line() -> None:
    page = Page()
    page.text(100, 80, "申报单位：某某汽车组件（上海）有限公司（盖", 16).text(100, 104, "章）", 16).text(
        100, 130, "推荐单位：某区", 16
    )
    lines = [b.text for b in read_pdf(pdf(page)).blocks if isinstance(b, Paragraph)]
    assert lines == ["申报单位：某某汽车组件（上海）有限公司（盖章）", "推荐单位：某区"]


def test_a_line_parted_into_columns_is_not_certain() -> None:
    page = Page()
    page.text(60, 80, "联系人").text(120, 80, "冯静").text(200, 80, "联系电话").text(290, 80, "13900000000")
    page.text(60, 120, "申报单位：").text(140, 120, "某公司").text(300, 120, "（盖章）")
    document = read_pdf(pdf(page))
    first, second = (b for b in document.blocks if isinstance(b, Paragraph))
    assert first.confidence < 0.95 <= second.confidence


def test_a_value_of_the_cover_goes_on_where_its_line_had_no_room() -> None:
    page = Page()
    page.text(100, 80, "项目名称：某某硅外延片智能制造示范工厂建设项", 16).text(100, 104, "目", 16)
    page.text(100, 140, "推荐单位：某某（上海）试验区临港新片区管理委员", 16.0).text(
        100, 180, "申报日期：2023年8月", 16
    )
    for i in range(6):
        page.text(60, 300 + 40 * i, "正文从页边开始，一行一段，到此为止。", 16)
    lines = [b.text for b in read_pdf(pdf(page)).blocks if isinstance(b, Paragraph)]
    assert lines[0] == "项目名称：某某硅外延片智能制造示范工厂建设项目"


def test_dotted_rules_are_found_wherever_they_lie() -> None:
    page = Page()
    xs, ys = (60.24, 140.26, 300.25), (80.24, 100.26, 120.25)
    for y in ys:
        for n in range(120):
            page.box(xs[0] + 2 * n, y - 0.25 + 0.03 * (n % 2), xs[0] + 2 * n + 0.5, y + 0.25 + 0.03 * (n % 2), "f")
    for x in xs:
        for n in range(20):
            page.box(x - 0.25 + 0.03 * (n % 2), ys[0] + 2 * n, x + 0.25 + 0.03 * (n % 2), ys[0] + 2 * n + 0.5, "f")
    for i, row in enumerate((("企业名称", "某公司"), ("电话", "1"))):
        page.text(64, 94 + 20 * i, row[0]).text(144, 94 + 20 * i, row[1])
    assert texts(only_table(read_pdf(pdf(page)))) == [["企业名称", "某公司"], ["电话", "1"]]


def test_a_label_written_downwards_in_a_wide_column_parts_no_rows_of_the_paragraphs_beside_it() -> None:
    page = Page()
    page.rule(60, 80, 455, 80).rule(60, 170, 455, 170)
    for x in (60, 100, 455):
        page.rule(x, 80, x, 170)
    lines = ("公司创立于二零一二年。", "主营传动部件，产品出口多国。", "现有员工三百人。", "建有柔性产线。")
    for i, (char, line) in enumerate(zip("企业简介", lines, strict=True)):
        page.text(75, 100 + 18 * i, char).text(104, 100 + 18 * i, line)
    table = only_table(read_pdf(pdf(page)))
    assert [row[0].replace("\n", "") for row in texts(table)] == ["企业简介"]
    assert all(line in texts(table)[0][1] for line in lines)


def test_a_label_of_two_lines_between_uprights_belongs_to_one_row() -> None:
    page = Page()
    for x in (60, 140, 455):
        page.rule(x, 80, x, 140)
    page.text(64, 92, "企业名称").text(144, 92, "某公司")
    page.text(64, 106, "工厂地址").text(144, 106, "某路1号")
    page.text(80, 120, "企业").text(144, 120, "公司创立于二零一二年最初为进口减速器做维修与配件加工后来推")
    page.text(80, 134, "简介").text(144, 134, "出自己的产品。")
    table = only_table(read_pdf(pdf(page)))
    assert [row[0].replace("\n", "") for row in texts(table)] == ["企业名称", "工厂地址", "企业简介"]


SENSE = "企业自成立以来专注于精密机械的设计与制造，建有柔性产线并接入统一的数据平台，质量数据按批归档，可在数分钟内完成正反向追溯。"
NONSENSE = "阿埃挨哎唉哀皑癌蔼矮艾碍爱隘鞍氨安俺按暗岸胺案肮昂盎凹敖熬翱袄傲奥懊澳芭捌扒叭吧笆八疤巴拔跋靶把耙坝霸罢爸"


@pytest.mark.parametrize(
    ("said", "kind"), [(SENSE, "text"), (NONSENSE, "scan"), ("".join(chr(0x1100 + 7 * n) for n in range(60)), "scan")]
)
def test_pages_whose_font_is_explained_wrongly_are_read_from_their_picture(said: str, kind: str) -> None:
    """Each code names another character than its glyph shows: Chinese of no sense, or signs of many scripts."""
    page = Page()
    for n in range(3):
        page.text(60, 80 + 20 * n, said[20 * n : 20 * n + 20])
    assert page_kinds(pdf(page)) == [kind]


def test_a_rare_character_is_not_certain() -> None:
    page = Page()
    page.table(60, 80, [100, 200], [["工艺名称", "点㬵工艺"], ["工艺名称", "点胶工艺"]])
    table = only_table(read_pdf(pdf(page)))
    assert [c.confidence >= 0.95 for c in table.cells if c.column == 2] == [False, True]


def test_a_tick_made_of_a_turned_frame_ticks_its_box() -> None:
    """As style sheets draw it: two sides of a small box turned by half a right angle, here as one ring."""
    page = Page()
    page.table(60, 80, [80, 300], [["企业类型", "    大型企业        中型企业"]])
    for x in (146, 230):
        page.box(x, 85, x + 9, 94)
    page.body.append(
        "231.5 753 m 234.5 750 l 237.5 753 l 234.5 756 l h 232.5 753 m 234.5 751 l 236.5 753 l 234.5 755 l h f*"
    )
    assert only_table(read_pdf(pdf(page))).cells[1].text.replace(" ", "").replace("\t", "") == "□大型企业☑中型企业"


def filled_box(page: Page, x: float, y: float, filled: bool) -> None:
    """A box of four strips, as browsers draw borders; a filled one has a ground as wide as itself."""
    if filled:
        page.body.append("0.2 0.4 0.9 rg")
        page.box(x, y, x + 9, y + 9, "f")
    page.body.append("0.3 g")
    for a in ((x, y, x + 9, y + 0.7), (x, y + 8.3, x + 9, y + 9), (x, y, x + 0.7, y + 9), (x + 8.3, y, x + 9, y + 9)):
        page.box(*a, "f")
    page.body.append("0 g")


@pytest.mark.parametrize(("filled", "read"), [((False, True), "□是☑否"), ((True, True), "□是□否")])
def test_a_box_that_is_filled_where_others_are_not_is_ticked(filled: tuple[bool, bool], read: str) -> None:
    page = Page()
    page.table(60, 80, [80, 300], [["是否申报", ""], ["备注", "甲"]])
    for at, (word, inside) in enumerate(zip(("是", "否"), filled, strict=True)):
        filled_box(page, 150 + 60 * at, 87, inside)
        page.text(164 + 60 * at, 96, word)
    cell = next(c for c in only_table(read_pdf(pdf(page))).cells if c.row == 1 and c.column == 2)
    assert "".join(cell.text.split()) == read
