"""The rows of the annexes as people write them: lines that name an instance, totals and notes beneath the rows."""

from __future__ import annotations

import functools

import pytest

from extractors.document.model import Paragraph
from tests.extractors import small
from tests.extractors.small import HEAD, TITLE, read

_table = functools.partial(small.table, spread=True)
BASICS = (("企业名称", "上海甲公司"), ("环节名称", "生产作业"), ("场景名称", "智能协同作业"), ("销售增长率（%）", "12"))
SUMMARY = Paragraph("智能制造试点示范项目推荐汇总表", 1)
LIST = ("序号", "申报企业名称", "申报智能制造典型场景实例（罗列）", "联系人", "联系方式（手机号）")


def _scenes(*names: str) -> list[Paragraph | small.Table]:
    rows = [
        (str(n), "生产作业", "人机协同制造", name, "描述", "痛点", "方案", "成效") for n, name in enumerate(names, 1)
    ]
    return [Paragraph("附1", 2), Paragraph("场景实例描述", 3), _table(1, HEAD, *rows), Paragraph("附2", 4)]


def _used(index: int, name: str) -> small.Table:
    return _table(index, ("关键装备种类", "名称", "规格/型号", "供应商", "备注"), ("行业成套装备", name, "A", "甲", ""))


@pytest.mark.parametrize(
    "line",
    [
        "场景实例{n}：{name}",
        "实例{n}: {name}",
        "（{n}）{name}",
        "{n}.{name}",
        "{name}",
        "场景实例名称（与上面表格对应）\t{name}",
    ],
)
def test_a_line_above_each_part_of_annex_two_names_its_instance(line: str) -> None:
    names = ("机加车间“人机协同”（一期）", "装配线柔性配置")
    blocks = _scenes(*names)
    for number, name in enumerate(names, 1):
        blocks += [Paragraph(line.format(n=number, name=name), 4 + number), _used(number + 1, f"机器人{number}")]
    rows = read(TITLE, *blocks).record.tables["equipment"]
    assert [(r["name"].value, r["instance"].value) for r in rows] == [("机器人1", names[0]), ("机器人2", names[1])]
    assert all(r["instance"].certain for r in rows)


def test_rows_whose_head_a_page_break_took_are_read_and_doubted_or_told_of() -> None:
    """LibreOffice draws no head row that a page break falls into: beneath the instance's line stand the rows alone."""
    name = "场景实例名称（与上面表格对应）"
    robot = ("行业成套装备", "协作机器人", "CR-1", "乙公司", "")
    blocks = [*_scenes("机加线人机协同", "装配线柔性配置"), Paragraph(f"{name}\t机加线人机协同", 5), _used(2, "机床")]
    lost = read(TITLE, *blocks, _table(3, (name, "装配线柔性配置", "", "", ""), robot)).record
    rows = lost.tables["equipment"]
    assert [(r["name"].value, r["instance"].value) for r in rows] == [
        ("机床", "机加线人机协同"),
        ("协作机器人", "装配线柔性配置"),
    ]
    assert not rows[1]["name"].certain
    unknown = read(TITLE, *blocks, _table(3, (name, "装配线柔性配置", ""), ("甲", "乙", "丙"))).record
    assert [(n.code, n.where) for n in unknown.notes] == [("F08", "表3 行2 列1")]


def test_columns_without_rules_beneath_a_table_of_an_annex_are_told_of_once() -> None:
    lines = [
        Paragraph(t, 7 + n)
        for n, t in enumerate(("行业成套装备\t机器人\tA", "行业成套装备\t机床\tB", "填表人：甲\t日期："))
    ]
    blocks = [*_scenes("机加线人机协同"), Paragraph("机加线人机协同", 5), _used(2, "压机"), *lines]
    record = read(TITLE, *blocks).record
    assert [(n.code, n.where) for n in record.notes] == [("F08", "段落7")]


def test_a_line_that_may_name_another_instance_makes_the_one_before_unsure() -> None:
    blocks = [*_scenes("机加线人机协同"), Paragraph("机加线人机协同", 5), _used(2, "机器人")]
    rows = read(TITLE, *blocks, Paragraph("总装区域", 6), _used(3, "拧紧机")).record.tables["equipment"]
    assert [r["instance"].certain for r in rows] == [True, False]


@pytest.mark.parametrize(
    "total", [("合计", "共2个场景实例"), ("小计：", "2"), ("注：", "均已上线"), ("填表人：", "王芳")]
)
def test_a_total_or_a_note_beneath_the_rows_is_no_row(total: tuple[str, str]) -> None:
    row = ("1", "生产作业", "人机协同制造", "机加线人机协同", "描述", "痛点", "方案", "成效")
    assert len(read(TITLE, _table(1, HEAD, row, total)).record.tables["scenes"]) == 1


def test_a_total_of_a_district_is_no_recommendation() -> None:
    rows = (("1", "上海甲公司", "1.生产作业—人机协同制造—机加线", "王芳", "13900000001"), ("合计", "", "", "", "1家"))
    reading = read(SUMMARY, Paragraph("推荐单位：上海市宝山区经济委员会", 2), _table(1, LIST, *rows))
    assert [r["company"].value for r in reading.record.tables["scene_recommendations"]] == ["上海甲公司"]


WORDS = (
    "序号",
    "环节名称",
    "场景类别",
    "实例名称",
    "主要做法",
    "解决的痛点问题描述",
    "采用的技术方案",
    "实施效果",
    "经济性和可推广性",
)


def test_heads_in_other_words_are_told_by_likeness_or_by_their_place_but_not_as_certain() -> None:
    row = ("1", "生产作业", "人机协同制造", "机加线", "描述", "痛点", "方案", "成效", "效益")
    made = read(TITLE, Paragraph("附1 场景实例描述", 2), _table(1, WORDS, row)).record.tables["scenes"][0]
    assert [made[k].value for k in ("scene", "description", "results")] == ["人机协同制造", "描述", "成效"]
    assert not made["scene"].certain
    assert not made["description"].certain
    assert made["instance"].certain


def test_a_column_that_may_stand_under_a_head_not_understood_is_not_certainly_blank() -> None:
    head = (*HEAD[:4], "甲", "乙", *HEAD[5:])
    row = ("1", "生产作业", "人机协同制造", "机加线", "内容", "其他", "痛点", "方案", "成效")
    made = read(TITLE, Paragraph("附1 场景实例描述", 2), _table(1, head, row)).record.tables["scenes"][0]
    assert made["description"].value is None
    assert not made["description"].certain
    assert made["results"].value == "成效"


def test_a_row_that_goes_on_with_the_text_above_is_no_row() -> None:
    row = ("1", "生产作业", "人机协同制造", "机加线", "搭建柔性产线，", "痛点", "方案", "成效")
    more = ("", "", "", "", "说明：接入系统。", "", "", "")
    rows = read(TITLE, _table(1, HEAD, row, more)).record.tables["scenes"]
    assert [r["description"].value for r in rows] == ["搭建柔性产线，\n说明：接入系统。"]
    assert not rows[0]["description"].certain
    assert rows[0]["results"].certain


def test_a_scene_written_as_paragraphs_with_a_label_that_is_not_the_forms() -> None:
    lines = ("环节名称：生产作业", "场景类型名：人机协同制造", "场景实例名称：机加线", "已实施成效：提升")
    blocks = [Paragraph("附1", 2), Paragraph("场景实例描述", 3), *(Paragraph(t, n) for n, t in enumerate(lines, 4))]
    made = read(TITLE, _table(1, *BASICS), *blocks).record.tables["scenes"][0]
    assert not made["link"].certain
    assert not made["scene"].certain
    assert made["instance"].value == "机加线"


def test_scenes_written_as_paragraphs_under_the_annexs_number_alone() -> None:
    lines = ("场景实例1", "环节名称：生产作业", "场景名称：人机协同制造", "场景实例名称：机加线", "已实施成效：提升")
    blocks = [Paragraph("附1", 2), *(Paragraph(t, n) for n, t in enumerate(lines, 3))]
    rows = read(TITLE, _table(1, *BASICS), *blocks).record.tables["scenes"]
    assert [(r["link"].value, r["instance"].value, r["results"].value) for r in rows] == [
        ("生产作业", "机加线", "提升")
    ]


@pytest.mark.parametrize("own", ["生产作业—人机协同制造—机加线", ""])
def test_a_row_filled_in_around_the_printed_example_is_a_row_and_the_example_no_instance(own: str) -> None:
    printed = "示例：\n1. 生产作业（环节名）—人机协同制造（场景名）—多机协同的发动机壳体柔性加工与检测（实例名）\n2. ……"
    filled = (
        ("1", "上海甲公司", f"{printed}\n{own}", "王芳", "13900000001"),
        ("2", "上海乙公司", "1.工艺设计—可制造性设计—乙线", "李强", "13900000002"),
    )
    blank = (("1", "", printed, "", ""), ("2", "", "", "", ""))
    one, two = read(SUMMARY, _table(1, LIST, *filled)).record.tables["scene_recommendations"]
    assert (one["seq"].value, one["company"].value, one["company"].certain) == ("1", "上海甲公司", False)
    assert (one["instances"].value or [{"instance": ""}])[0]["instance"] == ("机加线" if own else "")
    assert (two["company"].value, two["company"].certain) == ("上海乙公司", True)
    assert read(SUMMARY, _table(1, LIST, *blank)).record.tables["scene_recommendations"] == []


@pytest.mark.parametrize("head", ["成效", "实施成效", "数值"])
def test_a_list_of_figures_under_a_head_of_annex_one_is_read_as_fields(head: str) -> None:
    rows = (("1", "生产效率提升*（%）", "33%"), ("2", "关键设备数控化率（%）", "68"))
    record = read(TITLE, _table(1, *BASICS), _table(2, ("序号", "指标名称", head), *rows)).record
    assert [record.fields[k].value for k in ("productivity_gain", "cnc_rate")] == [33, 68]
    assert not record.tables["scenes"]


@pytest.mark.parametrize(
    ("second", "count", "sure"),
    [("质量管控—质量精准追溯—追溯平台", 2, True), ("自拟环节—自拟场景—追溯平台", 1, False)],
    ids=["named in the notice", "named by the applicant"],
)
def test_an_item_that_the_line_of_a_cell_ran_on_to_is_an_item(second: str, count: int, sure: bool) -> None:
    listed = f"生产作业—人机协同制造—柔性装配线{second}"
    (row,) = read(SUMMARY, _table(1, LIST, ("1", "上海甲公司", listed, "张三", "13800000001"))).record.tables[
        "scene_recommendations"
    ]
    assert len(row["instances"].value) == count
    assert (row["instances"].confidence >= 0.95) is sure


def test_a_head_printed_again_line_by_line_is_no_row() -> None:
    first = _table(1, LIST, ("1", "上海甲公司", "生产作业—人机协同制造—装配线", "张三", "13800000001"))
    parts = (
        ("序", "申报企业名", "申报智能制造典型场景实例", "联系", "联系方式"),
        ("号", "称", "（罗列）", "人", "（手机号）"),
    )
    again = _table(2, *parts, ("2", "上海乙公司", "质量管控—质量精准追溯—追溯平台", "李四", "13800000002"))
    rows = read(SUMMARY, first, again).record.tables["scene_recommendations"]
    assert [r["company"].value for r in rows] == ["上海甲公司", "上海乙公司"]
