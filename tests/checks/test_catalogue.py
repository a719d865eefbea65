"""Group M: 环节, 场景, kinds, coverage and 细分行业 against the catalog."""

from __future__ import annotations

from typing import Any

import pytest

from records.models import MissingLabel, Value
from tests.checks.outcomes import findings, outcome
from tests.forms import Data, factory, scene, without_rows


def rows(**cells: Any) -> Data:
    """The clean factory application with cells of the first row of 附1 changed."""
    return factory(tables={"scenes": {1: cells}})


@pytest.mark.parametrize(
    ("written", "meant"),
    [("产品设汁", "产品设计"), ("8.环保管理", "环保管控"), ("质量管理", "质量管控"), ("仓储管理", "仓储物流")],
)
def test_a_misspelt_link_is_named_with_the_closest(written: str, meant: str) -> None:
    (found,) = findings("M01", rows(link=written))
    assert found.expected == meant
    assert found.row == 1
    assert meant in found.message


def test_nothing_is_suggested_where_nothing_is_close() -> None:
    (found,) = findings("M01", rows(link="党建工作", scene="员工食堂智能订餐"))
    assert "最接近" not in found.message


@pytest.mark.parametrize(
    "written",
    [
        "1.产品设计",
        "（1）产品设计",
        "一、产品设计",
        "①产品设计",
        "1 产品设计",
        "产品设计环节",
        "产品 设计",
        "环节1：产品设计",
        "一、产品全生命周期 1.产品设计",
        "产品全生命周期—产品设计",
        "1、产品设计；2、工艺设计",
    ],
)
def test_numbers_and_spaces_before_a_link_do_not_matter(written: str) -> None:
    assert outcome("M01", rows(link=written)) == "pass"


@pytest.mark.parametrize(
    ("cells", "links", "scenes"),
    [
        ({"link": "碳足迹管理（新环节）", "scene": "产品碳足迹核算"}, 1, 1),
        ({"link": "碳足迹管理", "scene": "产品碳足迹核算", "remark": "新环节"}, 1, 1),
        ({"scene": "新增：产品碳足迹核算"}, 0, 1),
        ({"scene": "产品碳足迹核算", "remark": "目录外新增场景"}, 0, 1),
        ({"scene": "产品碳足迹核算", "remark": "新增"}, 0, 1),
    ],
)
def test_what_is_marked_as_new_is_welcome(cells: dict[str, str], links: int, scenes: int) -> None:
    data = rows(**cells)
    assert outcome("M01", data) == "pass"
    assert outcome("M02", data) == "pass"
    assert outcome("M03", data) == "pass"
    found = findings("M09", data)
    assert {f.level for f in found} == {"note"}
    assert len(found) == links + scenes


@pytest.mark.parametrize("remark", ["新增3台检测设备", "非新场景", "已验收"])
def test_a_remark_about_something_else_marks_nothing(remark: str) -> None:
    data = rows(scene="产品碳足迹核算", remark=remark)
    assert outcome("M02", data) == "finding"
    assert outcome("M09", data) == "pass"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("智能仓库", "智能仓储"),
        ("能耗监测", "能耗数据监测"),
        ("设备预测性维护", "设备故障诊断与预测"),
        ("人机协作", "人机协同制造"),
    ],
)
def test_a_misspelt_scene_is_named_with_the_closest(written: str, meant: str) -> None:
    (found,) = findings("M02", rows(scene=written))
    assert found.expected == meant


@pytest.mark.parametrize(
    "written", ["（1）产品数字化研发与设计", "产品数字化研发与设计场景", "产品设计—产品数字化研发与设计"]
)
def test_numbers_before_a_scene_do_not_matter(written: str) -> None:
    data = rows(scene=written)
    assert outcome("M02", data) == "pass"
    assert outcome("M03", data) == "pass"


def test_a_scene_under_another_link() -> None:
    (found,) = findings("M03", rows(link="设备管理", scene="智能仓储"))
    assert found.expected == "仓储物流"
    assert outcome("M03", rows(link="设备管里", scene="智能仓储")) == "pass", "M01 says that the link is wrong"


def test_two_links_in_one_cell() -> None:
    data = rows(link="产品设计、工艺设计", scene="可制造性设计")
    assert outcome("M01", data) == "pass"
    assert outcome("M03", data) == "pass"


def test_the_basic_information_is_held_against_the_catalog_too() -> None:
    (found,) = findings("M02", scene({"scene_name": "智能再线检测"}))
    assert found.field == "scene_name"
    assert found.row is None


@pytest.mark.parametrize("code", ["M01", "M02", "M03"])
def test_cells_read_with_doubt_are_not_judged(code: str) -> None:
    data = rows(link="产品设汁", scene="智能仓库") if code != "M03" else rows(link="设备管理", scene="智能仓储")
    unsure = {"scenes.link": 0.6, "scenes.scene": 0.6}
    assert outcome(code, data, confidence=unsure) == "cannot_tell"
    assert outcome(code, rows(link=Value(raw="产?设?"), scene=Value(raw="智?仓?"))) == "cannot_tell"


@pytest.mark.parametrize("code", ["M01", "M02", "M03", "M09", "M10"])
def test_without_rows_there_is_nothing_to_compare(code: str) -> None:
    assert outcome(code, factory(tables={"scenes": []})) == "not_applicable"


@pytest.mark.parametrize("kind", ["检测设备", "工业机器人", "增材制造装备、检测设备", "智能装备"])
def test_a_kind_that_is_none_of_the_six(kind: str) -> None:
    (found,) = findings("M04", scene(tables={"equipment": {1: {"kind": kind}}}))
    assert found.field == "equipment.kind"


@pytest.mark.parametrize(
    "kind",
    [
        "智能检测与装配",
        "1.增材制造装备",
        "高档数控机床和工业机器人",
        "增材制造装备、行业成套装备",
        "智能传感与控制装备\n智能检测与装配装备",
        "智能物流与仓储装备和行业成套装备",
        "行业成套装备（非标定制）",
        "行业成套类",
    ],
)
def test_kinds_as_people_write_them(kind: str) -> None:
    assert outcome("M04", scene(tables={"equipment": {1: {"kind": kind}}})) == "pass"


def test_a_blank_kind() -> None:
    (found,) = findings("M04", scene(tables={"equipment": {2: {"kind": None}}}))
    assert "数控成形磨齿机" in found.message
    assert outcome("M04", scene(tables={"equipment": {2: {"kind": Value(raw="高档?")}}})) == "cannot_tell"
    assert outcome("M04", scene(tables={"equipment": []})) == "not_applicable"
    nothing = dict.fromkeys(("kind", "name", "model", "supplier", "remark"), "/")
    data = scene(tables={"equipment": [nothing | {"instance": "柔轮齿形在线检测与磨齿补偿"}]})
    assert outcome("M04", data) == "not_applicable"


def test_one_finding_for_a_wrong_kind_however_often_it_stands() -> None:
    data = scene(tables={"equipment": {n: {"kind": "检测设备"} for n in (1, 2, 3)}})
    (found,) = findings("M04", data)
    assert "3处" in found.message


@pytest.mark.parametrize("kind", ["MES", "工业软件", "经营管理类、MES"])
def test_a_software_kind_that_is_none_of_the_six(kind: str) -> None:
    assert outcome("M05", scene(tables={"software": {1: {"kind": kind}}})) == "finding"


@pytest.mark.parametrize(
    "kind",
    ["研发设计", "研发设计类软件", "新型", "生产制造类（MES）", "研发设计类/生产制造类", "①经营管理类；②控制执行类"],
)
def test_software_kinds_as_people_write_them(kind: str) -> None:
    assert outcome("M05", scene(tables={"software": {1: {"kind": kind}}})) == "pass"


def test_unsure_or_absent_software_kinds() -> None:
    data = scene(tables={"software": {1: {"kind": "MES"}}})
    assert outcome("M05", data, confidence={"software.kind": 0.9}) == "cannot_tell"
    assert outcome("M05", scene(tables={"software": []})) == "not_applicable"


def test_fewer_than_eight_links() -> None:
    seven = without_rows(factory(), "scenes", 1)
    for at, row in enumerate(seven["tables"]["scenes"], start=1):
        row["seq"] = str(at)
    (found,) = findings("M06", seven)
    assert found.level == "reject"
    assert "7个环节" in found.message, "the link of the supply chain does not count"


@pytest.mark.parametrize(
    "cells",
    [
        {"link": "工艺设计", "scene": "可制造性设计"},
        {"link": "工艺设汁", "scene": "可制造性设计"},
        {"link": "碳足迹管理（新环节）", "scene": "产品碳足迹核算"},
        {"link": "绿色发展", "scene": "污染监测与管控"},
    ],
)
def test_new_and_misspelt_links_count(cells: dict[str, str]) -> None:
    assert outcome("M06", rows(**cells)) == "pass"


def test_coverage_that_cannot_be_told() -> None:
    assert outcome("M06", rows(link="党建工作", scene="员工食堂智能订餐")) == "cannot_tell"
    assert outcome("M06", rows(link=Value(raw="产?设?"), scene=Value(raw="?"))) == "cannot_tell"
    numbered_on = without_rows(factory(), "scenes", 1)
    numbered_on["tables"]["scenes"][-1]["seq"] = "9"
    assert outcome("M06", numbered_on) == "cannot_tell", "the table counts to 9, eight rows were read"
    lost = [MissingLabel("scenes", "附1", "table")]
    assert outcome("M06", factory(tables={"scenes": []}), missing_labels=lost) == "cannot_tell"
    assert outcome("M06", scene()) == "not_applicable"


def test_a_supply_chain_without_its_link() -> None:
    without = without_rows(factory(), "scenes", 9)
    (found,) = findings("M07", without)
    assert found.level == "reject"
    assert outcome("M06", without) == "pass"
    assert outcome("M07", factory()) == "pass"
    assert outcome("M07", factory(tables={"scenes": {9: {"link": "供应链计化"}}})) == "pass"


def test_supply_chain_not_applied_for_or_not_readable() -> None:
    without = without_rows(factory({"applies_supply_chain": False}), "scenes", 9)
    assert outcome("M07", without) == "not_applicable"
    new = factory(tables={"scenes": {9: {"link": "供应链金融", "scene": "应收账款确权", "remark": "新环节"}}})
    assert outcome("M07", new) == "cannot_tell"


@pytest.mark.parametrize(
    ("text", "level"),
    [("船舶", "fix"), ("汽车制造业", "fix"), ("玩具", "note"), ("汽车零部件", "note"), ("乳制品", "note")],
)
def test_a_subindustry_of_another_industry_or_of_none(text: str, level: str) -> None:
    (found,) = findings("M08", factory({"task_subindustry": text}))
    assert found.level == level


@pytest.mark.parametrize("text", ["食品", "食品行业", "食品制造业", "1.食品", "食品、饮料", "医药制造业"])
def test_subindustries_as_people_write_them(text: str) -> None:
    assert outcome("M08", factory({"task_subindustry": text})) == "pass"


def test_a_subindustry_that_holds_the_mark_of_a_list() -> None:
    data = factory({"industry_category": "电子信息", "task_subindustry": "计算机、通信和其他电子设备"})
    assert outcome("M08", data) == "pass"
    assert outcome("M08", factory({"task_subindustry": None})) == "not_applicable"
    assert outcome("M08", factory({"task_subindustry": "船舶"}), confidence={"task_subindustry": 0.8}) == "cannot_tell"


def test_a_slash_for_a_scene_is_blank_and_no_wrong_name() -> None:
    assert outcome("M02", scene(tables={"scenes": {1: {"scene": "/"}}})) == "pass"


def test_names_on_lines_of_their_own_that_were_run_together() -> None:
    row = {"link": "仓储物流", "scene": "智能仓储精准配送"}
    assert outcome("M02", scene(tables={"scenes": {1: row}})) == "pass"


def test_kinds_counted_in_one_cell() -> None:
    assert outcome("M05", scene(tables={"software": {1: {"kind": "1、研发设计类 2、生产制造类"}}})) == "pass"
    [found] = findings("M05", scene(tables={"software": {1: {"kind": "1、研发设计类 2、ERP"}}}))
    assert "“ERP”" in found.message


def test_a_new_scene_makes_its_new_link_new_but_excuses_no_slip() -> None:
    row = {"scene": "产品碳足迹核算", "remark": "鼓励申报的新场景"}
    assert outcome("M01", scene(tables={"scenes": {2: row | {"link": "碳足迹管理"}}})) == "pass"
    assert outcome("M01", scene(tables={"scenes": {2: row | {"link": "环保管理"}}})) == "finding"


@pytest.mark.parametrize("kind", ["六、行业成套装备", "第6类 行业成套装备"])
def test_a_kind_behind_its_number(kind: str) -> None:
    assert outcome("M04", scene(tables={"equipment": {1: {"kind": kind}}})) == "pass"
