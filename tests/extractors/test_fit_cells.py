"""Answers that stand in several cells beside their label."""

from __future__ import annotations

import functools

import pytest

from extractors.document import Paragraph
from tests.extractors import fitting
from tests.extractors.fitting import TITLE, read

_table = functools.partial(fitting.table, spread=True)
BASICS = (("企业名称", "上海甲公司"), ("环节名称", "生产作业"), ("场景名称", "智能协同作业"), ("销售增长率（%）", "12"))
CODE = "91310106832548271G"


@pytest.mark.parametrize("pieces", [tuple(CODE), (CODE[:4], CODE[4:8], CODE[8:12], CODE[12:16], CODE[16:])])
def test_a_code_with_a_cell_a_character(pieces: tuple[str, ...]) -> None:
    table = fitting.table(2, ("统一社会信用代码", *pieces))
    assert read(TITLE, _table(1, *BASICS), table).record.fields["uscc"].value == CODE


def test_a_code_beside_an_item_of_the_applicants_own() -> None:
    table = fitting.table(2, ("统一社会信用代码", CODE, "注册资本", "5000"))
    assert read(TITLE, _table(1, *BASICS), table).record.fields["uscc"].value == CODE


def test_a_date_and_a_period_in_cells_of_their_own() -> None:
    rows = (
        ("成立时间", "2005", "年", "3", "月", "8", "日"),
        ("建设起止日期", "2021年3月", "至", "2022年12月", "", "", ""),
    )
    fields = read(TITLE, _table(1, *BASICS), fitting.table(2, *rows)).record.fields
    assert fields["founded_on"].value == "2005-03-08"
    assert fields["build_period"].value == {"start": "2021-03", "end": "2022-12"}


def test_figures_with_a_comparison_beside_each_year() -> None:
    table = fitting.table(
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
