"""Two pages on one sheet, pages made smaller, and what is put on pages afterwards: stamps in the margin, ticks by hand."""

from __future__ import annotations

from extractors.document.model import Document, Paragraph, Table
from extractors.pdf.read import read_pdf
from tests.pdfs import Page, pdf

HEAD = ["序号", "场景名称", "技术方案"]
FULL = "部署三维工艺规划系统并与其他系统集成，沉"
"""Fills the line of its cell."""
LONG = "企业建成柔性产线并接入统一的数据底座，质量数据按批归档。"


def said(document: Document) -> list[str]:
    return [b.text if isinstance(b, Paragraph) else b.cells[-1].text for b in document.blocks]


def test_two_pages_on_one_sheet_are_read_one_after_the_other() -> None:
    sheet = Page((842, 595))
    sheet.text(40, 60, "附件3-1", 9).text(120, 160, "智能制造试点示范项目申报书", 16)
    sheet.text(60, 300, "申报单位：某某公司", 12)
    sheet.text(461, 60, "一、基本信息", 10)
    sheet.table(461, 80, [60, 240], [["企业名称", "某精密机械有限公司"], ["工厂地址", "某某路1号"]])
    last = Page((842, 595))
    for n in range(3):
        last.text(40, 60 + 20 * n, LONG, 10)
    document = read_pdf(pdf(sheet, last))
    assert said(document)[:5] == [
        "附件3-1",
        "智能制造试点示范项目申报书",
        "申报单位：某某公司",
        "一、基本信息",
        "某某路1号",
    ]
    assert document.pages == 2
    assert [b.page for b in document.blocks][-1] == 2


def test_a_table_goes_on_from_the_left_page_of_a_sheet_to_the_right() -> None:
    sheet = Page((842, 595))
    sheet.table(20, 460, [40, 100, 240], [HEAD, ["1", "质量追溯", "已完成。"], ["2", "排产", "已完成。"]], height=30)
    sheet.table(441, 40, [40, 100, 240], [HEAD, ["3", "精准配送", "已完成并稳定运行。"]], height=30)
    (table,) = (b for b in read_pdf(pdf(sheet)).blocks if isinstance(b, Table))
    assert [c.text for c in table.cells if c.column == 1] == ["序号", "1", "2", "3"]


def test_a_wide_page_of_labels_and_values_is_one_page() -> None:
    page = Page((842, 595))
    for n, (label, value) in enumerate((("项目名称", "某项目"), ("申报单位", "某公司"), ("推荐单位", "某委员会"))):
        page.text(250, 200 + 40 * n, f"{label}：", 16).text(440, 200 + 40 * n, value, 16)
    (table,) = (b for b in read_pdf(pdf(page)).blocks if isinstance(b, Table))
    rows = ["".join(c.text for c in table.cells if c.row == row) for row in range(1, table.rows + 1)]
    assert rows == ["项目名称：某项目", "申报单位：某公司", "推荐单位：某委员会"]


def test_a_table_goes_on_beneath_what_was_stamped_in_the_margin() -> None:
    first, second = Page((595, 300)), Page((595, 300))
    first.text(480, 20, "第112号", 8).table(60, 60, [50, 100, 220], [HEAD, *([str(n), "场景", "无"] for n in range(1, 9)),
                                                              ["9", "工艺设计", f"{FULL}\n{FULL}"]])  # fmt: skip
    second.text(480, 20, "第580号", 8).table(60, 60, [50, 100, 220], [HEAD, ["", "", "淀典型模板。"]])
    (table,) = (b for b in read_pdf(pdf(first, second)).blocks if isinstance(b, Table))
    assert table.cells[-1].text == f"{FULL}{FULL}淀典型模板。"


def test_narrow_blank_columns_of_a_page_made_smaller_are_no_frame() -> None:
    page = Page((297, 421))
    page.table(30, 40, [9, 60, 110, 9], [["", "质量追溯", "一物一码", ""]], size=5)
    (table,) = (b for b in read_pdf(pdf(page)).blocks if isinstance(b, Table))
    assert [c.text for c in table.cells] == ["", "质量追溯", "一物一码", ""]


def test_a_typed_box_ticked_by_a_stroke_drawn_over_it_is_ticked_but_not_certain() -> None:
    page = Page()
    page.table(60, 80, [80, 300], [["企业类型", "□大型企业 □中型企业 □小型企业"]])
    page.body.append("1 w 208 748 m 211 744 l 217 755 l S")
    (table,) = (b for b in read_pdf(pdf(page)).blocks if isinstance(b, Table))
    assert table.cells[1].text == "□大型企业 ☑中型企业 □小型企业"
    assert table.cells[1].confidence < 0.95


def test_headers_and_numbers_of_pages_set_lower_on_their_sheet_stand_aside() -> None:
    made = []
    for n in range(1, 5):
        page = Page()
        page.text(60, 240, "2023年度申报材料汇编", 7).table(60, 260, [50, 200], [[str(n), "已完成。"]])
        page.text(280, 600, f"— {n + 6} —", 7)
        made.append(page)
    document = read_pdf(pdf(*made))
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == []
    assert {p.text for p in document.aside} == {"2023年度申报材料汇编", *(f"— {n} —" for n in range(7, 11))}


def test_a_number_stamped_anew_on_each_page_is_no_part_of_a_chapter() -> None:
    made = []
    for n in (112, 580, 719):
        page = Page().text(460, 20, f"沪申报〔2023〕第{n}号", 8)
        for line in range(3):
            page.text(60, 100 + 20 * line, f"{LONG}{line}")
        made.append(page)
    document = read_pdf(pdf(*made))
    assert not any("沪申报" in b.text for b in document.blocks if isinstance(b, Paragraph))
