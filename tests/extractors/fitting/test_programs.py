"""Layouts that come of programs other than the one the form was made with: tables cut in two, forms without tables, converted
lists of contents."""

from __future__ import annotations

import pytest

from extractors.document.model import Paragraph
from tests.extractors.small import TITLE, read, table

PART_ONE = Paragraph("一、申报主体和优秀场景基本信息", 2)
SCENE_ROWS = (
    ("环节名称", "生产作业"),
    ("场景名称", "智能协同作业"),
    ("质量损失率下降（%）", "12"),
    ("生产效率提升（%）", "20"),
    ("资源综合利用率提升（%）", "8"),
)
SCENE = table(9, *SCENE_ROWS)
"""Items enough to tell the form."""
YEARS = ("近三年发展情况", "资产总额（万元）", "资产负债率（%）")


def test_rows_of_years_whose_heads_stand_in_the_table_before() -> None:
    first = table(1, ("企业名称", "上海某某有限公司", ""), YEARS, ("2020年", "100", "31"))
    fields = read(TITLE, PART_ONE, first, Paragraph("", 3), table(2, ("2021年", "200", "32")), SCENE).record.fields
    assert [fields[k].value for k in ("assets_2020", "assets_2021", "debt_ratio_2021")] == [100, 200, 32]


def test_rows_of_years_beneath_a_table_that_ends_with_their_heads() -> None:
    first = table(1, ("企业名称", "上海某某有限公司", ""), YEARS)
    fields = read(TITLE, PART_ONE, first, table(2, ("2020年", "100", "31"), ("2021年", "", "32")), SCENE).record.fields
    assert [fields[k].value for k in ("assets_2020", "assets_2021", "debt_ratio_2021")] == [100, None, 32]


def test_a_long_text_of_several_paragraphs_ends_at_the_next_label() -> None:
    lines = ("企业简介：第一段。", "第二段。", "环节名称：生产作业", "第三段。")
    fields = read(TITLE, PART_ONE, *(Paragraph(t, n) for n, t in enumerate(lines, 3)), SCENE).record.fields
    assert fields["company_profile"].value == "第一段。\n第二段。"


def test_a_long_text_beneath_its_label() -> None:
    lines = ("企业简介：", "第一段。", "（二）申报优秀场景基本信息", "第二段。")
    fields = read(TITLE, PART_ONE, *(Paragraph(t, n) for n, t in enumerate(lines, 3)), SCENE).record.fields
    assert fields["company_profile"].value == "第一段。"


def test_a_list_of_contents_that_lost_its_leaders_opens_no_chapter() -> None:
    contents = [Paragraph(t, n) for n, t in enumerate(("目录", "二、场景实例建设方案及情况4", "四、相关附件 8"), 2)]
    chapters = [Paragraph(t, n) for n, t in enumerate(("相关附件", "1.营业执照"), 9)]
    record = read(TITLE, *contents, PART_ONE, table(1, ("企业名称", "上海某某有限公司")), SCENE, *chapters).record
    assert record.fields["company_name"].value == "上海某某有限公司"
    assert record.sections["attachments"].value == "1.营业执照"


def test_an_answer_beside_a_label_that_prints_its_instruction() -> None:
    row = ("所属行业", "行业门类（系统中下拉选择）", "C 制造业", "行业大类（系统中下拉选择）", "")
    fields = read(TITLE, PART_ONE, table(1, row), SCENE).record.fields
    assert (fields["industry_section"].value, fields["industry_division"].value) == ("C 制造业", None)


def test_answers_written_over_the_labels_that_their_cells_print() -> None:
    row = ("所属行业", "C 制造业", "34 通用设备制造业", "344 泵制造")
    fields = read(TITLE, PART_ONE, table(1, row), SCENE).record.fields
    said = [fields[f"industry_{level}"] for level in ("section", "division", "group")]
    assert [v.value for v in said] == ["C 制造业", "34 通用设备制造业", "344 泵制造"]
    assert {v.doubts for v in said} == {()}, "they are what they should be by GB/T 4754, in its order"
    for other in (
        ("C 制造业", "34 通用设备制造业", "367 汽车零部件及配件制造"),
        ("制造业", "通用设备", "泵"),
        ("D", "34", "344"),
    ):
        fields = read(TITLE, PART_ONE, table(1, ("所属行业", *other)), SCENE).record.fields
        doubts = {fields[f"industry_{level}"].doubts for level in ("section", "division", "group")}
        assert doubts == {("label_written_over",)}, other
    fields = read(
        TITLE, PART_ONE, table(1, ("所属行业", "制造业", "汽车制造业", "汽车零部件及配件制造")), SCENE
    ).record.fields
    assert {fields[f"industry_{level}"].confidence for level in ("section", "division", "group")} == {1.0}
    ticked = ("所属行业", "☑原材料", "□装备制造", "□消费品")
    fields = read(TITLE, PART_ONE, table(1, ticked), SCENE).record.fields
    assert fields["industry_section"].value is None


def test_a_row_that_lost_a_cell_is_not_certain() -> None:
    head = ("关键装备种类", "名称", "规格/型号", "供应商", "备注")
    rows = table(2, head, ("增材制造装备", "成形机", "S450", "甲公司", "2台"), ("贴合机", "T9", "乙公司", ""))
    rows.cells.pop()  # four cells where the head has five
    reading = read(TITLE, PART_ONE, SCENE, Paragraph("附2", 9), rows).record.tables["equipment"]
    assert [v.confidence >= 0.95 for v in (reading[0]["name"], reading[1]["name"])] == [True, False]


def test_an_empty_cell_beneath_a_kind_may_have_been_merged() -> None:
    head = ("关键软件种类", "名称", "规格/型号", "供应商")
    rows = table(2, head, ("生产制造类", "排产系统", "V1", "甲公司"), ("", "能源平台", "V2", "乙公司"))
    (_, second) = read(TITLE, PART_ONE, SCENE, Paragraph("附2", 9), rows).record.tables["software"]
    assert (second["kind"].value, second["kind"].confidence >= 0.95, second["name"].confidence) == (None, False, 1.0)


def test_the_name_behind_yes_in_a_paragraph_is_no_item_of_the_cover() -> None:
    lines = (
        "企业近三年是否发生过重大安全生产事故、重大环境事故：是（　）（事故名称：） 否（√）",
        "联系人姓名：张三 联系人手机：13900000000",
    )
    fields = read(TITLE, PART_ONE, *(Paragraph(t, n) for n, t in enumerate(lines, 3)), SCENE).record.fields
    assert (fields["had_major_accident"].value, fields["accident_name"].value) == (False, None)
    assert (fields["contact_name"].value, fields["contact_mobile"].value) == ("张三", "13900000000")


@pytest.mark.parametrize(
    ("lines", "meant", "certain"),
    [
        (("项目名称：面向多品种小批量的柔性", "协同制造优秀场景"), "面向多品种小批量的柔性协同制造优秀场景", False),
        (("项目名称：柔性协同制造优秀场景", "（盖章）"), "柔性协同制造优秀场景", True),
        (("项目名称：柔性协同制造优秀场景", "二期工程"), "柔性协同制造优秀场景", False),
        (("项目名称：面向多品种的", "智能工厂"), "面向多品种的智能工厂", False),
        (("项目名称：柔性协同", "2023年8月"), "柔性协同", True),
        (("项目名称：柔性协同", "上海某某有限公司"), "柔性协同", False),
    ],
)
def test_a_title_on_the_cover_that_goes_on_in_a_paragraph_of_its_own(
    lines: tuple[str, str], meant: str, certain: bool
) -> None:
    cover = (Paragraph(t, n) for n, t in enumerate(lines, 3))
    found = read(TITLE, *cover, Paragraph(PART_ONE.text, 9), SCENE).record.fields["project_name"]
    assert (found.value, found.certain) == (meant, certain)


def test_an_item_that_runs_into_the_next_label_is_not_certain() -> None:
    row = ("联系人", "姓名：张三电话：021-11112222 职务：部长手机：13900000000")
    fields = read(TITLE, PART_ONE, table(1, row), SCENE).record.fields
    assert not any(fields[k].certain for k in ("contact_name", "contact_title"))


def test_a_page_that_knows_only_line_breaks() -> None:
    lines = (
        "项目名称：柔性", "协同制造优秀场景", "申报单位：上海某某有限公司", "申报日期：2023年 月 日", "目录", PART_ONE.text,
        "企业名称：上海某某有限公司", "企业性质：□中央企业", "□地方国企", "☑民营企业", "□三资企业",
    )  # fmt: skip
    after = Paragraph("二、场景实例建设方案及情况\n正文。\n四、相关附件\n1.营业执照\n附1", 4)
    record = read(TITLE, Paragraph("\n".join(lines), 3), SCENE, after).record
    found = (
        record.fields[k].value for k in ("project_name", "applicant", "application_date", "company_name", "ownership")
    )
    assert [*found] == ["柔性协同制造优秀场景", "上海某某有限公司", None, "上海某某有限公司", "民营企业"]
    assert (record.sections["construction_plan"].value, record.sections["attachments"].value) == (
        "正文。",
        "1.营业执照",
    )


def test_a_value_of_several_lines_in_one_paragraph_stays_one() -> None:
    fields = read(TITLE, Paragraph("项目名称：柔性协同制造\n（优秀场景）申报", 3), PART_ONE, SCENE).record.fields
    assert fields["project_name"].value == "柔性协同制造（优秀场景）申报"


def test_labels_above_their_values_where_one_is_left_over() -> None:
    rows = (
        ("成立时间", "企业名称", "工厂地址"), ("2001年3月", "上海某某有限公司", "甲路1号"),
        ("环节名称", "", ""), ("生产作业", "", ""),
        ("场景实例建设起止日期", "场景实例建设投资（万元）", "系统解决方案供应商名称"), ("2021.3-2022.4", "300", "某某公司"),
        ("场景名称", "", ""), ("注：以上均为2022年", "", "无"),
    )  # fmt: skip
    fields = read(TITLE, PART_ONE, table(1, *rows), table(2, *SCENE_ROWS[2:])).record.fields
    found = [fields[k].value for k in ("founded_on", "factory_address", "link_name", "investment", "solution_provider")]
    assert found == ["2001-03", "甲路1号", "生产作业", 300, "某某公司"]
    assert not fields["link_name"].certain
    assert fields["scene_name"].value is None


def test_a_code_with_a_cell_a_character_and_a_unit_behind_its_figure() -> None:
    code = ("统一社会信用代码", *"91310000MA1FL0000X")
    amount = ("场景实例建设投资", "0.036", "亿元")
    fields = read(TITLE, PART_ONE, table(1, code), SCENE, table(2, amount)).record.fields
    assert (fields["uscc"].value, fields["investment"].value) == ("91310000MA1FL0000X", 360)


def test_words_behind_an_empty_cell_leave_the_item_unsure() -> None:
    fields = read(TITLE, PART_ONE, table(1, ("工厂地址", "", "甲路1号", "")), SCENE).record.fields
    assert (fields["factory_address"].value, fields["factory_address"].certain) == (None, False)


def test_labels_and_values_of_a_stack_whose_merged_cells_were_taken_apart() -> None:
    rows = (("统一社会信用代码", "", "成立时间", ""), ("91310000MA1FL0000X", "", "2001年3月", ""))
    fields = read(TITLE, PART_ONE, table(1, *rows), SCENE).record.fields
    assert [(fields[k].value, fields[k].certain) for k in ("uscc", "founded_on")] == [
        ("91310000MA1FL0000X", False), ("2001-03", False),
    ]  # fmt: skip
