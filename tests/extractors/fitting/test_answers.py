"""What people write around and instead of the answers: other years, words of the form, what belongs to another item."""

from __future__ import annotations

import functools

import pytest

from extractors.document.model import Cell, Paragraph, Table
from tests.extractors import small
from tests.extractors.small import TITLE, read

_table = functools.partial(small.table, spread=True)
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


def test_a_year_beside_a_reworded_label_is_its_value() -> None:
    row = ("企业名称", "上海甲公司", "企业成立的时间", "2017年")
    held = read(TITLE, _table(1, *BASICS[1:], row)).record.fields["founded_on"]
    assert held.value == "2017"


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


@pytest.mark.parametrize(
    ("label", "key", "text"),
    [
        ("成立时间", "founded_on", "例：2015年3月1日"), ("成立时间", "founded_on", "（如：2015年3月）"), ("行业大类", "industry_division", "如：C36 汽车制造业"),
        ("邮箱", "contact_email", "例：abc@example.com"), ("工厂地址", "factory_address", "（填写全称）"), ("工厂地址", "factory_address", "（与营业执照一致）"),
    ],
)  # fmt: skip
def test_an_example_or_an_instruction_of_an_office_is_no_answer(label: str, key: str, text: str) -> None:
    held = read(TITLE, _table(1, *BASICS, (label, text))).record.fields[key]
    assert held.value is None
    assert not held.certain
    assert held.raw


@pytest.mark.parametrize(
    ("label", "key", "text"),
    [("手机", "contact_mobile", "138××××××××"), ("统一社会信用代码", "uscc", "91310000XXXXXXXXXX"), ("工厂地址", "factory_address", "XX区××路")],
)  # fmt: skip
def test_signs_that_stand_for_characters_are_no_answer(label: str, key: str, text: str) -> None:
    held = read(TITLE, _table(1, *BASICS, ("联系人", "王芳"), (label, text))).record.fields[key]
    assert held.value is None
    assert held.raw == text
    assert not held.certain


def test_an_address_that_begins_like_an_example_is_an_answer() -> None:
    held = read(TITLE, _table(1, *BASICS, ("工厂地址", "如皋市城南街道1号"))).record.fields["factory_address"]
    assert (held.value, held.certain) == ("如皋市城南街道1号", True)


def test_answers_beneath_their_labels_though_one_is_a_word_of_the_form() -> None:
    rows = (("联系人职务", "联系人手机", "传真", "邮箱"), ("企业负责人", "13900000001", "/", "wang@example.com"))
    fields = read(TITLE, _table(1, *BASICS), _table(2, *rows)).record.fields
    keys = ("contact_title", "contact_mobile", "contact_email")
    assert [fields[k].value for k in keys] == ["企业负责人", "13900000001", "wang@example.com"]


def test_a_list_of_contents_without_page_numbers_opens_no_chapter() -> None:
    headings = (
        "一、申报主体和优秀场景基本信息",
        "二、场景实例建设方案及情况",
        "三、下一步提升和推广计划",
        "四、相关附件",
    )
    listed = [Paragraph(text, n) for n, text in enumerate(headings, 3)]
    body = [
        Paragraph(headings[0], 10), Paragraph("企业名称：上海甲公司", 11), Paragraph("联系人：姓名：王芳", 12), _table(1, *BASICS[1:]),
        Paragraph(headings[1], 13), Paragraph("建成产线三条。", 14), Paragraph(headings[2], 15), Paragraph("（一）提升计划", 16),
        Paragraph("继续改造。", 17), Paragraph(headings[3], 18), Paragraph("营业执照", 19),
    ]  # fmt: skip
    record = read(TITLE, Paragraph("目录", 2), *listed, *body).record
    assert record.fields["company_name"].value == "上海甲公司"
    assert record.fields["contact_name"].value == "王芳"
    assert record.sections["construction_plan"].value == "建成产线三条。"
    assert record.sections["attachments"].value == "营业执照"


def test_headings_of_a_form_without_text_are_no_list_of_contents() -> None:
    headings = ("三、下一步提升和推广计划", "（一）提升计划", "（二）推广应用计划", "四、相关附件")
    record = read(TITLE, _table(1, *BASICS), *(Paragraph(t, n) for n, t in enumerate(headings, 3))).record
    assert all(record.sections[k].certain for k in ("upgrade_plan", "promotion_plan", "attachments"))


def test_a_heading_that_cannot_be_told_makes_the_chapter_before_it_unsure() -> None:
    lines = (
        "三、下一步提升和推广计划",
        "（一）提升计划",
        "（二）建设内容",
        "建设产线三条。",
        "（二）推广应用计划",
        "推广。",
    )
    record = read(TITLE, _table(1, *BASICS), *(Paragraph(t, n) for n, t in enumerate(lines, 3))).record
    assert not record.sections["upgrade_plan"].certain
    assert record.sections["promotion_plan"].value == "推广。"


def test_an_answer_in_the_labels_bracket() -> None:
    title = Paragraph("智能制造试点示范项目申报书（示范工厂）", 1)
    rows = (("揭榜任务具体名称", "甲工厂"), ("是否申报智慧供应链相关内容（不申报），不申报无需填报",))
    assert read(title, _table(1, *BASICS, *rows)).record.fields["applies_supply_chain"].value is False


YEARS = ("2020年", "2021年", "2022年")


@pytest.mark.parametrize(
    ("rows", "meant"),
    [
        ((("近三年发展情况（单位：元）", *YEARS), ("资产总额", "3500000", "4500000", "5500000")), [350, 450, 550]),
        ((("近三年发展情况\n（单位：亿元、%）", *YEARS), ("资产总额", "1.2", "1.3", "1.4")), [12000, 13000, 14000]),
        ((("单位：亿元",), ("近三年发展情况", *YEARS), ("资产总额", "1.2", "1.3", "1.4")), [12000, 13000, 14000]),
        ((("单位：元",), ("近三年发展情况", *YEARS), ("资产总额（万元）", "350", "450", "550")), [350, 450, 550]),
    ],
)
def test_the_unit_that_a_table_states_counts_where_the_label_has_none(
    rows: tuple[tuple[str, ...], ...], meant: list[int]
) -> None:
    fields = read(TITLE, _table(1, *BASICS), _table(2, *rows)).record.fields
    assert [fields[f"assets_{y}"].value for y in (2020, 2021, 2022)] == meant


def test_the_unit_on_a_line_above_counts_for_the_table_beneath_it_alone() -> None:
    figures = (("近三年发展情况", *YEARS), ("资产总额", "1.2", "1.3", "1.4"))
    more = (("近三年发展情况", *YEARS), ("主营业务收入", "200", "300", "400"))
    blocks = (_table(1, *BASICS), Paragraph("单位：亿元", 2), _table(2, *figures), _table(3, *more))
    fields = read(TITLE, *blocks).record.fields
    assert [fields[k].value for k in ("assets_2020", "revenue_2020")] == [12000, 200]


def test_of_several_figures_the_gain_is_meant_and_none_is_certain() -> None:
    rows = (
        ("指标名称", "实施前", "实施后", "提升幅度（%）"),
        ("生产效率提升", "60", "78", "30"),
        ("研制周期缩短", "20", "15", "25"),
    )
    fields = read(TITLE, _table(1, *BASICS), _table(2, *rows)).record.fields
    for key, value in (("productivity_gain", 30), ("rd_cycle_cut", 25)):
        assert fields[key].value == value
        assert not fields[key].certain


def test_a_figure_with_a_remark_beside_it_is_certain() -> None:
    rows = (("指标名称", "完成值", "备注"), ("生产效率提升", "30%", "较2021年"))
    held = read(TITLE, _table(1, *BASICS), _table(2, *rows)).record.fields["productivity_gain"]
    assert (held.value, held.certain) == (30, True)


def test_a_figure_beside_an_item_of_the_applicants_own_is_certain() -> None:
    row = ("生产效率提升（%）", "30", "劳动生产率增长（%）", "12")
    held = read(TITLE, _table(1, *BASICS, row)).record.fields["productivity_gain"]
    assert (held.value, held.certain) == (30, True)


@pytest.mark.parametrize("who", ["技术联系人", "财务负责人", "备用联系人", "联系人2"])
def test_a_block_about_another_person_fills_no_item(who: str) -> None:
    texts = (
        ("联系人", "姓名", "王芳", "电话", "-"),
        ("", "职务", "", "手机", ""),
        (who, "姓名", "李强", "电话", "021-50000001"),
        ("", "职务", "工程师", "手机", "13900000002"),
        ("", "传真", "", "邮箱", "li@example.com"),
    )
    table = small.table(2, *texts)
    table.cells = [c for c in table.cells if c.column > 1 or c.text]
    for cell in table.cells:
        if cell.column == 1:
            cell.row_span = 2 if cell.row == 1 else 3
    fields = read(TITLE, _table(1, *BASICS), table).record.fields
    assert fields["contact_name"].value == "王芳"
    assert all(fields[f"contact_{k}"].value is None for k in ("phone", "title", "mobile", "email"))


def test_a_suppliers_contact_keeps_the_bracket_of_his_post() -> None:
    title = Paragraph("智能制造试点示范项目申报书（示范工厂）", 1)
    for text, name in (
        ("戴达（总经理） 13900000001", "戴达（总经理）"),
        ("戴达（13900000001）", "戴达"),
        ("（戴达）", "戴达"),
    ):
        rows = (("揭榜任务具体名称", "甲工厂"), ("系统解决方案供应商联系人及联系方式", text))
        held = read(title, _table(1, *BASICS, *rows)).record.fields["provider_contact"]
        assert held.value == name


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("人均产值提升32%", "人均产值提升32%"),
        ("注：数据截至2022年", None),
        ("（三）智慧供应链2023", None),
        ("略", None),
    ],
)
def test_an_answer_written_over_its_label_behind_the_figures_of_its_part(said: str, meant: str | None) -> None:
    rows = (("研制周期缩短（%）", "5"), ("单位产品二氧化碳（CO₂）排放量降低（%）", "9"), (said,))
    cells = [c for c in _table(1, *rows).cells if c.row < len(rows)]
    cells.append(Cell(len(rows), 1, 1, 2, said))
    found = read(TITLE, _table(1, *BASICS), Table(2, len(rows), 2, cells)).record.fields["other_outcomes"]
    assert (found.value, found.certain) == (meant, False)


@pytest.mark.parametrize(
    ("key", "label", "said"),
    [
        ("factory_address", "工厂地址", "地址：{}"),
        ("company_name", "企业名称", "企业名称：{}"),
        ("factory_address", "工厂地址", "{}"),
    ],
)
def test_a_label_written_again_before_its_answer_is_no_part_of_it(key: str, label: str, said: str) -> None:
    whole = "上海市金山区松卫北路3722号（东区：2号楼）"
    rows = [(k, v) for k, v in BASICS if k != label]
    assert read(TITLE, _table(1, *rows, (label, said.format(whole)))).record.fields[key].value == whole


def test_a_question_without_boxes_in_its_label_is_blank_in_doubt() -> None:
    title = Paragraph("智能制造试点示范项目申报书（示范工厂）", 1)
    asked = "是否申报智慧供应链相关内容（是 否），不申报无需填报"
    cells = [Cell(1, 1, text="揭榜任务具体名称"), Cell(1, 2, text="甲工厂"), Cell(2, 1, 1, 2, asked)]
    found = read(title, Table(1, 2, 2, cells)).record.fields["applies_supply_chain"]
    assert (found.value, found.certain) == (None, False)


def test_the_unit_of_the_years_heads_holds_in_the_table_beneath_that_goes_on() -> None:
    first = (
        ("近三年发展情况（金额单位：元）", "2020年", "2021年", "2022年"),
        ("资产总额", "182274796", "779043517", "236213510"),
    )
    second = (("主营业务收入", "744770668", "710164911", "184952379"), ("利润率（%）", "5", "6", "7"))
    fields = read(TITLE, _table(1, *BASICS), _table(2, *first), _table(3, *second)).record.fields
    assert [fields[f"{k}_2021"].value for k in ("assets", "revenue", "profit_margin")] == [77904.3517, 71016.4911, 6]


def test_what_stands_behind_an_option_is_as_doubtful_as_whether_it_is_chosen() -> None:
    title = Paragraph("智能制造试点示范项目申报书（示范工厂）", 1)
    rows = (("揭榜任务具体名称", "甲工厂"), ("是否为国家智能制造标杆企业", "R是（项目名称：甲工厂） £否"))
    fields = read(title, _table(1, *rows)).record.fields
    assert fields["is_national_benchmark"].value is None
    assert not fields["national_benchmark_name"].certain


@pytest.mark.parametrize("year", ["{}年末", "{}年底", "{}年度"])
def test_the_ends_of_years_head_their_figures_in_the_table_beneath_too(year: str) -> None:
    heads = ("近三年发展情况", *(year.format(y) for y in (2022, 2021, 2020)))
    fields = read(
        TITLE, _table(1, *BASICS), _table(2, heads), _table(3, ("资产总额（万元）", "33", "22", "11"))
    ).record.fields
    assert [fields[f"assets_{y}"].value for y in (2020, 2021, 2022)] == [11, 22, 33]
