"""Instances of 附件4 read by the names of the catalog."""

from __future__ import annotations

import pytest

from records.instances import by_names, instances

LINKS = ("生产作业", "质量管控", "计划调度")
SCENES = ("人机协同制造", "质量精准追溯", "产供销一体化", "产线柔性配置")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("生产作业一人机协同制造一全厂装配", [("生产作业", "人机协同制造", "全厂装配")]),
        (
            "1.生产作业一人机协同制造一全厂装配2.质量管控—质量精准追溯一车身焊装",
            [("生产作业", "人机协同制造", "全厂装配"), ("质量管控", "质量精准追溯", "车身焊装")],
        ),
        (
            "1.生产作业（环节名）一人机协同制造（场景名）一全厂装配（实例名） 2.质量管控（环节名）一质量精准追溯（场景名）一焊装（实例名）",
            [("生产作业", "人机协同制造", "全厂装配"), ("质量管控", "质量精准追溯", "焊装")],
        ),
        ("生产作业——人机协同制造—一全厂装配", [("生产作业", "人机协同制造", "全厂装配")]),
        ("生产作业—人机协同制造—一体化装配", [("生产作业", "人机协同制造", "一体化装配")]),
        ("生产作业一人机协同制造一线控制动装配", [("生产作业", "人机协同制造", "线控制动装配")]),
        ("1.生产作业（环节名）—人机协同制造（场景名）—焊装（实例名", [("生产作业", "人机协同制造", "焊装")]),
        # numbers in rings read as boxes, a name over the end of a line
        (
            "☑生产作业一人机协同制造一全厂装配 ☑ 质量管控一质量精 准追溯一焊装③计划调度一产供销一体化一排产",
            [
                ("生产作业", "人机协同制造", "全厂装配"),
                ("质量管控", "质量精准追溯", "焊装"),
                ("计划调度", "产供销一体化", "排产"),
            ],
        ),
        ("生产作业\uf6a7人机协同制造\uf6a7全厂装配", [("生产作业", "人机协同制造", "全厂装配")]),
        ("计划调度：产供销一体化：一体化平台2.0", [("计划调度", "产供销一体化", "一体化平台2.0")]),
        (
            "1、生产作业一人机协同制造一服务生产作业、产线柔性配置的平台2、质量管控一质量精准追溯一焊装",
            [("生产作业", "人机协同制造", "服务生产作业、产线柔性配置的平台"), ("质量管控", "质量精准追溯", "焊装")],
        ),
    ],
)
def test_names_of_the_catalog_part_an_item(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = by_names(text, LINKS, SCENES)
    assert found is not None
    assert [(f["link"], f["scene"], f["instance"]) for f in found] == expected


@pytest.mark.parametrize(
    "text", ["某公司的生产作业一人机协同制造一装配", "生产作业一人机协同制造", "装配车间柔性制造", ""]
)
def test_text_that_the_names_do_not_part_is_left_alone(text: str) -> None:
    assert by_names(text, LINKS, SCENES) is None


@pytest.mark.parametrize(
    "text",
    [
        "1. 设备管理—设备故障诊断—健康评估与预测性维护 3.能",
        "工厂建设一数字孪生一虚实联动2.设备管理一设备故障诊断3.产品设计—产品数字化研发—协同研发",
    ],
    ids=["the next one cut off", "parted by nothing that is one"],
)
def test_the_number_of_an_item_within_another_says_that_one_was_missed(text: str) -> None:
    assert "instances_missed" in instances(text).doubts


def test_names_with_a_number_in_them_miss_nothing() -> None:
    found = instances("1.质量管控—质量精准追溯—追溯平台2.0 2.计划调度—产供销一体化—MES2.系统")
    assert found.doubts == ()
    assert [item["instance"] for item in found.value] == ["追溯平台2.0", "MES2.系统"]


def test_a_dash_too_many_is_no_part_of_a_name() -> None:
    assert instances("仓储物流—智能仓储—-无人化立体仓储").value == [
        {"link": "仓储物流", "scene": "智能仓储", "instance": "无人化立体仓储"}
    ]


def test_a_further_item_that_no_number_or_line_parts_is_missed() -> None:
    own = instances("新环节—新场景—甲平台另一环节—另一场景—乙平台")
    assert "instances_missed" in own.doubts
    assert instances("生产作业—人机协同制造—MES—WMS集成").doubts == ()
    assert instances("生产作业-人机协同制造-A-B-C型产线").doubts == ()
