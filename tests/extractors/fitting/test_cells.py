"""Answers that stand in several cells beside their label."""

from __future__ import annotations

import functools

import pytest

from extractors.document.model import Paragraph
from tests.extractors import small
from tests.extractors.small import TITLE, read

_table = functools.partial(small.table, spread=True)
BASICS = (("企业名称", "上海甲公司"), ("环节名称", "生产作业"), ("场景名称", "智能协同作业"), ("销售增长率（%）", "12"))
CODE = "91310106832548271G"


@pytest.mark.parametrize("pieces", [tuple(CODE), (CODE[:4], CODE[4:8], CODE[8:12], CODE[12:16], CODE[16:])])
def test_a_code_with_a_cell_a_character(pieces: tuple[str, ...]) -> None:
    table = small.table(2, ("统一社会信用代码", *pieces))
    assert read(TITLE, _table(1, *BASICS), table).record.fields["uscc"].value == CODE


def test_a_code_beside_an_item_of_the_applicants_own() -> None:
    table = small.table(2, ("统一社会信用代码", CODE, "注册资本", "5000"))
    assert read(TITLE, _table(1, *BASICS), table).record.fields["uscc"].value == CODE


def test_a_date_and_a_period_in_cells_of_their_own() -> None:
    rows = (
        ("成立时间", "2005", "年", "3", "月", "8", "日"),
        ("建设起止日期", "2021年3月", "至", "2022年12月", "", "", ""),
    )
    fields = read(TITLE, _table(1, *BASICS), small.table(2, *rows)).record.fields
    assert fields["founded_on"].value == "2005-03-08"
    assert fields["build_period"].value == {"start": "2021-03", "end": "2022-12"}


def test_figures_with_a_comparison_beside_each_year() -> None:
    table = small.table(
        2,
        ("近三年发展情况", "2020年", "", "2021年", "", "2022年", ""),
        ("", "数值", "同比（%）", "数值", "同比（%）", "数值", "同比（%）"),
        ("资产总额（万元）", "100", "5", "", "6", "300", "7"),
    )
    table.cells = [c for c in table.cells if c.row > 1 or c.column % 2 == 0 or c.column == 1]
    for cell in table.cells:
        if cell.row == 1 and cell.column > 1:
            cell.column_span = 2
    fields = read(TITLE, _table(1, *BASICS), Paragraph("", 2), table).record.fields
    assert [fields[f"assets_{y}"].value for y in (2020, 2021, 2022)] == [100, None, 300]


YEARS = ("2020年", "2021年", "2022年")


@pytest.mark.parametrize(
    "rows",
    [
        (("近三年发展情况", *YEARS, "单位"), ("资产总额", "1.2", "1.3", "1.4", "亿元"), ("利润率", "5", "6", "7", "%")),
        (("近三年发展情况", "资产总额", "利润率"), ("单位", "亿元", "%"), *((y, a, b) for y, a, b in zip(YEARS, ("1.2", "1.3", "1.4"), "567", strict=True))),
    ],
)  # fmt: skip
def test_units_in_a_column_or_a_row_of_their_own(rows: tuple[tuple[str, ...], ...]) -> None:
    fields = read(TITLE, _table(1, *BASICS), small.table(2, *rows)).record.fields
    assert [fields[f"assets_{y}"].value for y in (2020, 2021, 2022)] == [12000, 13000, 14000]
    assert [fields[f"profit_margin_{y}"].value for y in (2020, 2021, 2022)] == [5, 6, 7]


def test_the_unit_in_a_cell_behind_the_figure() -> None:
    fields = read(TITLE, _table(1, *BASICS), small.table(2, ("建设投资", "1.2", "亿元"))).record.fields
    assert fields["investment"].value == 12000


def test_an_address_a_telephone_and_an_email_in_cells_of_their_own() -> None:
    rows = (
        ("工厂地址", "上海市", "嘉定区", "丰登路1号", ""),
        ("联系人", "姓名", "王芳", "", ""),
        ("传真", "021", "50000001", "", ""),
        ("电子邮箱", "wang", "@", "example.com", ""),
    )
    fields = read(TITLE, _table(1, *BASICS), small.table(2, *rows)).record.fields
    assert fields["factory_address"].value == "上海市嘉定区丰登路1号"
    assert fields["contact_fax"].value == "021-50000001"
    assert fields["contact_email"].value == "wang@example.com"


def test_an_address_beside_an_item_of_the_applicants_own() -> None:
    table = small.table(2, ("工厂地址", "上海市", "邮政编码", "201100"))
    assert read(TITLE, _table(1, *BASICS), table).record.fields["factory_address"].value == "上海市"


def test_a_table_of_a_chapter_does_not_fill_a_blank_item() -> None:
    own = _table(3, ("项目名称", "一号线改造", "总投资（万元）", "800"), ("生产效率提升", "6%", "", ""))
    blocks = (
        _table(1, *BASICS, ("建设投资（万元）", ""), ("生产效率提升（%）", "")),
        Paragraph("二、场景实例建设方案及情况", 2),
        Paragraph("改造如下。", 3),
    )
    fields = read(TITLE, *blocks, own).record.fields
    for key in ("investment", "productivity_gain"):
        assert fields[key].value is None
        assert not fields[key].certain


@pytest.mark.parametrize(("said", "meant"), [("（2.1）", -2.1), ("(2.1%)", -2.1), ("-2.1", -2.1)])
def test_a_loss_in_the_cell_of_its_label(said: str, meant: float) -> None:
    rows = ((f"销售增长率（%）：{said}", "产品不良率下降（%）：5"),)
    assert read(TITLE, _table(1, *BASICS[:3]), _table(2, *rows)).record.fields["sales_growth"].value == meant


@pytest.mark.parametrize("more", [(), ("备注",), ("同比", "备注")])
def test_bare_years_head_columns_beside_columns_of_the_applicants_own(more: tuple[str, ...]) -> None:
    head = ("近三年发展情况（单位：万元）", "2020", "2021", "2022", *more)
    figures = ("资产总额（万元）", "74633", "56495", "72272", *("12.5" for _ in more))
    fields = read(TITLE, _table(1, *BASICS), small.table(2, head, figures)).record.fields
    assert [fields[f"assets_{y}"].value for y in (2020, 2021, 2022)] == [74633, 56495, 72272]


def test_the_commitments_date_may_be_in_english() -> None:
    lines = ("真实性承诺", "我单位申报的所有材料，均真实、完整。", "公 章：", "27 Aug 2023")
    blocks = [Paragraph(text, n) for n, text in enumerate(lines, 5)]
    held = read(TITLE, _table(1, *BASICS), *blocks).record.fields["commitment_date"]
    assert held.value == "2023-08-27"
