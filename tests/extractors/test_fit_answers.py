"""What people write around and instead of the answers: other years, words of the form, what belongs to another item."""

from __future__ import annotations

import functools

import pytest

from extractors.document import Paragraph
from tests.extractors import fitting
from tests.extractors.fitting import TITLE, read

_table = functools.partial(fitting.table, spread=True)
BASICS = (("企业名称", "上海甲公司"), ("环节名称", "生产作业"), ("场景名称", "智能协同作业"), ("销售增长率（%）", "12"))
SUMMARY = Paragraph("智能制造试点示范项目推荐汇总表", 1)
LIST = ("序号", "申报企业名称", "申报智能制造典型场景实例（罗列）", "联系人", "联系方式（手机号）")


@pytest.mark.parametrize(
    "behind", ["    填表人：王芳    联系电话：021-50000000", "\t日期：2023年8月1日", " 联系人：王芳"]
)
def test_what_stands_behind_the_recommender_on_its_line_is_no_part_of_it(behind: str) -> None:
    row = ("1", "上海甲公司", "1.生产作业—人机协同制造—机加线", "王芳", "13900000001")
    reading = read(SUMMARY, Paragraph(f"推荐单位：上海市宝山区经济委员会{behind}", 2), _table(1, LIST, row))
    assert reading.record.fields["recommender"].value == "上海市宝山区经济委员会"


def test_figures_of_a_year_that_the_form_does_not_ask_for_are_not_taken_for_another() -> None:
    head = ("近三年发展情况", "资产总额（万元）", "利润率（%）")
    rows = (("2019年", "100", "1"), ("2020年", "200", "2"), ("2021年", "300", "3"))
    fields = read(TITLE, _table(1, *BASICS), _table(2, head, *rows)).record.fields
    assert [fields[f"assets_{y}"].value for y in (2020, 2021, 2022)] == [200, 300, None]
    assert [fields[f"profit_margin_{y}"].value for y in (2020, 2021, 2022)] == [2, 3, None]


def test_a_post_that_is_a_word_for_a_person_on_a_line() -> None:
    line = Paragraph("职务：联系人    手机：13900000001", 3)
    reading = read(TITLE, _table(1, *BASICS), Paragraph("联系人：姓名：王芳    电话：021-50000000", 2), line)
    fields = reading.record.fields
    assert [fields[k].value for k in ("contact_title", "contact_mobile")] == ["联系人", "13900000001"]


def test_a_post_that_is_a_word_for_a_person_among_people_as_rows() -> None:
    head = ("", "姓名", "职务", "电话", "手机", "邮箱")
    people = (
        ("法定代表人", "张伟", "董事长", "021-50000000", "", ""),
        ("联系人", "王芳", "联系人", "021-50000001", "13900000001", "wang@example.com"),
    )
    fields = read(TITLE, _table(1, *BASICS), _table(2, head, *people)).record.fields
    assert fields["contact_title"].value == "联系人"
    assert fields["contact_mobile"].value == "13900000001"
    assert fields["contact_email"].value == "wang@example.com"
