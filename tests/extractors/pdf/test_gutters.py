"""Tables whose columns no rule parts, set as close as programs set them: six points between the texts of two cells."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest

from extractors.document.model import Document, Paragraph, Table
from extractors.pdf.read import read_pdf
from tests.pdfs import Page, pdf

SIZE = 7.5
PITCH = 10.1
PAD = 3.0
WIDTHS = (21.0, 36.0, 66.0, 75.0, 75.0, 75.0, 51.0)
HEAD = (
    "序号",
    "环节名称",
    "场景实例名称",
    "解决的痛点问题描述（三百字以内）",
    "采用的技术方案",
    "已实施成效（量化指标）",
    "",
)
ROWS = (
    ("1", "生产作业", "减速器柔性加工与检测", "人工装夹耗时长且一致性差，设备利用率低。", "搭建柔性加工单元，实现自动上下料、自动换夹具和在线检测，异常自动预警。", "换型时间缩短三成。", "已验收"),
    ("2", "仓储物流", "立体仓储", "账实不符。物料配送不及时，占用资金多。", "智能仓储系统与配送小车联动。", "库存周转天数由三十天降至十二天，配送准时率提高。", ""),
    ("3", "质量管控", "产品在线检测与追溯", "检测依赖人工，漏检多。", "引入机器视觉检测系统，", "一次合格率提高到九成九，客户投诉减少一半以上。", "在建"),
)  # fmt: skip


def _wrapped(text: str, width: float, pad: float, size: float) -> list[str]:
    """Lines of a cell; a full stop hangs over its end."""
    most = int((width - 2 * pad) / size)
    lines: list[str] = []
    while text:
        end = most + (text[most : most + 1] in tuple("，。、）") and len(text) > most)
        lines.append(text[:end])
        text = text[end:]
    return lines


def _draw(
    page: Page,
    top: float,
    rows: Sequence[Sequence[str]],
    rules: str,
    middle: bool,
    pad: float = PAD,
    size: float = SIZE,
) -> float:
    xs = [60.0, *(60.0 + x for x in itertools.accumulate(WIDTHS))]
    for number, row in enumerate(rows):
        cells = [_wrapped(text, width, pad, size) for text, width in zip(row, WIDTHS, strict=True)]
        high = max(map(len, cells)) * PITCH + 2 * pad
        if rules == "shades" and number % 2:
            page.body.append("0.9 g")
            page.box(xs[0], top, xs[-1], top + high, "f")
            page.body.append("0 g")
        for x, lines in zip(xs, cells, strict=False):
            start = top + pad + ((high - 2 * pad - len(lines) * PITCH) / 2 if middle else 0)
            for line, text in enumerate(lines):
                page.text(x + pad, start + 8 + line * PITCH, text, size)
        if rules == "below" or (rules == "three" and number == 0):
            page.rule(xs[0], top + high, xs[-1], top + high)
        if rules == "three" and number == 0:
            page.rule(xs[0], top, xs[-1], top)
        top += high
    if rules == "three":
        page.rule(xs[0], top, xs[-1], top)
    return top


def _rows(document: Document) -> list[list[str]]:
    found: list[list[str]] = []
    for table in (b for b in document.blocks if isinstance(b, Table)):
        for row in range(1, table.rows + 1):
            cells = sorted((c for c in table.cells if c.row == row), key=lambda c: c.column)
            found.append(["".join(c.text.split()) for c in cells])
    return found


@pytest.mark.parametrize("middle", [False, True], ids=["top", "middle"])
@pytest.mark.parametrize("rules", ["below", "three", "none", "shades"])
def test_every_column_is_found_where_no_rule_parts_them(rules: str, middle: bool) -> None:
    page = Page()
    _draw(page, 100, [HEAD, *ROWS], rules, middle)
    document = read_pdf(pdf(page))
    assert _rows(document) == [list(row) for row in (HEAD, *ROWS)]
    assert all(cell.doubts for b in document.blocks if isinstance(b, Table) for cell in b.cells)


@pytest.mark.parametrize("rules", ["below", "three", "shades"])
def test_a_full_stop_that_hangs_over_a_narrow_wall_leaves_the_columns_apart(rules: str) -> None:
    """Four points between the texts of two cells, and a comma in them at the end of a full line: ten characters fill a cell."""
    page = Page()
    texts = ("人工装夹耗时长且单一，设备利用率长期都很低，漏检多。", "建设柔性加工单元三套，配置在线检测设备九台。")
    head = ("序号", "环节", "场景实例", "痛点问题", "技术方案", "实施成效", "备注")
    rows = [(str(n), "生产", "柔性加工", *texts, "换型时间缩短三成以上，一次合格率提高。", "验收") for n in range(1, 4)]
    _draw(page, 100, [head, *rows], rules, middle=False, pad=2.0, size=7.05)
    assert _rows(read_pdf(pdf(page))) == [list(row) for row in (head, *rows)]


def test_the_head_of_a_table_without_rules_printed_on_each_page_is_no_header_of_the_page() -> None:
    pages = [Page(), Page(), Page()]
    for number, page in enumerate(pages):
        rows = [(str(3 * number + k + 1), *row[1:]) for k, row in enumerate(ROWS)]
        end = _draw(page, 45, [HEAD, *rows], "none", middle=False)
        page.text(60, end + 300, "注：按序号填写。", SIZE)
    found = [row for row in _rows(read_pdf(pdf(*pages))) if row[1] != HEAD[1]]
    assert [row[0] for row in found] == [str(n) for n in range(1, 10)]
    assert [row[1:] for row in found] == [list(row[1:]) for row in ROWS] * 3


def test_a_table_without_rules_runs_over_a_page_whose_last_column_is_blank() -> None:
    """Its right side lies where the longest text of each page ends."""
    first, second = Page(), Page()
    row = ("1", "生产作业", "减速器柔性加工", "人工装夹耗时长。", "搭建柔性单元。", "换型时间缩短三成。", "已验收")
    long = [(str(n + 1), *row[1:]) for n in range(19)]
    _draw(first, 70, [HEAD, *long], "none", middle=False)
    rest = [(str(n), *row[1:6], "") for n in (20, 21)]
    _draw(second, 60, rest, "none", middle=False)
    found = _rows(read_pdf(pdf(first, second)))
    assert [r[0] for r in found] == ["序号", *(str(n) for n in range(1, 22))]
    assert found[-1][5] == row[5]


def test_a_full_stop_drawn_by_itself_over_the_edge_of_a_table_is_its_cell_s() -> None:
    page = Page()
    page.table(60, 100, (60, 60), [("名称", "内容"), ("检测", "一次合格率")])
    page.text(60 + 64 + 52.5, 134, "。")
    [table] = [b for b in read_pdf(pdf(page)).blocks if isinstance(b, Table)]
    assert table.cells[-1].text == "一次合格率。"


@pytest.mark.parametrize("rest", ["加工与在线检测", "", "（加盖公章）"])
def test_a_value_of_a_cover_that_fills_its_line_goes_on_below_its_label(rest: str) -> None:
    goes_on = rest.startswith("加工")
    name = "重组人源化单克隆抗体注射液多机协同柔性自动"[: 21 if goes_on else 14]
    below = {"项目名称：": name, rest: "", "申报单位：": "上海示例生物医药公司", "申报日期：": "2023年8月6日"}
    page = Page().text(61, 700, "填报说明：封面各项应当完整填写，所填内容不得与正文各处互相矛盾。", 14.4)
    for number, (label, value) in enumerate(below.items() if rest else (b for b in below.items() if b[0])):
        page.text(95 if value else 61, 273 + 28 * number, label, 14.4)
        if value:
            page.text(217, 273 + 28 * number, value, 14.4)
    (table,) = (b for b in read_pdf(pdf(page)).blocks if isinstance(b, Table))
    told = {a.text: b.text for a, b in itertools.pairwise(table.cells) if a.text.endswith("：")}
    assert told["项目名称："] == (name + rest if goes_on else name)
    assert told["申报单位："] == "上海示例生物医药公司"


def test_lines_that_are_underlined_make_no_table() -> None:
    page = Page()
    page.table(60, 60, [75, 375], [["真实性承诺", "均真实、完整。"], ["公章", "无"]])
    lines = [f"第{n}条：下一步将在集团内各家子公司推广应用，形成可复制的解决方案；" for n in "一二三四五"]
    for number, text in enumerate(lines):
        page.text(60, 160 + 40 * number, text)
        page.rule(60, 161.7 + 40 * number, 60 + 10.5 * (16 if number == 2 else len(text)), 161.7 + 40 * number)
    for x in (60, 135):  # the sides of a merged cell that a page break cut, drawn on through the text
        page.rule(x, 60, x, 400)
    document = read_pdf(pdf(page))
    assert [t.rows for t in document.tables()] == [2]
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == lines


def test_words_with_a_blank_between_them_are_no_columns() -> None:
    page = Page()
    rows = (
        ("1", "检测作业规范", "", ""),
        ("2", "安全控制要求", "GB/T 10001-2022", "主持"),
        ("3", "接口规范", "JB/T 20002-2023", "参与"),
    )
    for number, row in enumerate((("序号", "标准名称", "", "备注"), *rows)):
        page.rule(60, 100 + 20 * number, 460, 100 + 20 * number)
        for x, text in zip((64, 104, 244, 404), row, strict=True):
            page.text(x, 114 + 20 * number, text)
    page.rule(60, 180, 460, 180).text(290, 114, "标准号")
    assert _rows(read_pdf(pdf(page)))[2:] == [
        ["2", "安全控制要求", "GB/T10001-2022", "主持"], ["3", "接口规范", "JB/T20002-2023", "参与"]
    ]  # fmt: skip


def test_a_comma_that_stands_at_a_wall_parts_no_text() -> None:
    page = Page()
    rows = [("名称", "型号", "供应商"), *((f"平台{n}", f"YZ-{n}", "上海乙公司") for n in range(4))]
    for number, row in enumerate([*rows, ("技术", "接入测点五百个，采样周期一秒。", "")]):
        page.rule(60, 100 + 20 * number, 450, 100 + 20 * number)
        for x, text in zip((64, 164, 249.7), row, strict=True):
            page.text(x, 114 + 20 * number, text)
    page.rule(60, 220, 450, 220)
    assert _rows(read_pdf(pdf(page)))[-1] == ["技术", "接入测点五百个，采样周期一秒。"]
