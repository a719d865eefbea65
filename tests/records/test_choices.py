"""Ticks in every way people tick."""

from __future__ import annotations

import pytest

from records.choices import Choice, choose, ticks
from records.instances import instances
from records.signs import TICKED, UNTICKED
from records.yes_no import yes_no

OPTIONS = ("中央企业", "地方国企", "民营企业", "三资企业")


@pytest.mark.parametrize(
    "written",
    [
        "□中央企业 □地方国企 ☑民营企业 □三资企业", "中央企业□ 地方国企□ 民营企业☑ 三资企业□", "□中央企业 □地方国企 □民营企业√ □三资企业",
        "□中央企业 □地方国企 √□民营企业 □三资企业", "□中央企业 □地方国企 □√民营企业 □三资企业", "中央企业（ ） 地方国企（ ） 民营企业（√） 三资企业（ ）",
        "（ ）中央企业 （ ）地方国企 （√）民营企业", "□中央企业 □地方国企 √民营企业 □三资企业", "民营企业", "√民营企业", "民营企业√",
        "中央企业 地方国企 √民营企业 三资企业", "口中央企业 口地方国企 ☑民营企业 口三资企业", "○中央企业 ○地方国企 ●民营企业 ○三资企业",
        "□中央企业\n□地方国企\n■民营企业\n□三资企业", "□中央企业□地方国企☒民营企业□三资企业", "□中央企业 [x]民营企业", "□中 央 企 业 ☑民 营 企 业",
    ],
)  # fmt: skip
def test_one_tick_is_a_choice(written: str) -> None:
    found = choose(written, OPTIONS)
    assert (found.state, found.value, found.doubts) == ("one", "民营企业", ())


@pytest.mark.parametrize("sign", TICKED)
def test_what_ticks_an_option_is_counted_as_a_tick(sign: str) -> None:
    written = f"{sign}中央企业 □民营企业 {sign}三资企业"
    assert (len(choose(written, OPTIONS).ticked), ticks(written)) == (2, 2)


@pytest.mark.parametrize("sign", UNTICKED)
def test_an_empty_box_is_no_tick(sign: str) -> None:
    written = f"{sign}中央企业 {sign}民营企业"
    assert (choose(written, OPTIONS).ticked, ticks(written)) == ((), 0)


def test_two_ticks_are_a_conflict() -> None:
    found = choose("☑中央企业 □地方国企 ☑民营企业 □三资企业", OPTIONS)
    assert (found.state, found.value, found.ticked) == ("many", None, ("中央企业", "民营企业"))


@pytest.mark.parametrize(
    "written",
    [
        "□中央企业 □地方国企 □民营企业 □三资企业  ☑其他：合伙企业", "√其他 □中央企业 □地方国企 □民营企业 □三资企业",
        "中央企业□ 地方国企□ 民营企业□ 三资企业□ 其他☑",
    ],
)  # fmt: skip
def test_a_tick_at_an_option_that_the_form_does_not_have_is_no_choice(written: str) -> None:
    found = choose(written, OPTIONS)
    assert found.value is None
    assert found.doubts


def test_the_box_of_an_option_that_the_form_does_not_have_says_nothing_of_the_others() -> None:
    assert choose("☑民营企业 □其他（ ）", OPTIONS) == ("one", ("民营企业",), ())


@pytest.mark.parametrize("written", ["□中央企业 □地方国企 □民营企业 □三资企业 民营企业", "□是 □否  否"])
def test_an_option_written_again_behind_blank_boxes_is_not_certainly_none(written: str) -> None:
    found = yes_no(written) if "是" in written else choose(written, OPTIONS)
    assert (found.value, bool(found.doubts)) == (None, True)


@pytest.mark.parametrize(
    "written",
    [
        "□中央企业 □地方国企 民营企业 □三资企业", "中央企业 □地方国企 □民营企业 □三资企业", "中央企业□ 地方国企□ 民营企业 三资企业□",
        "□中央企业 ×地方国企 □民营企业 □三资企业", "□是（项目名称：） 否", "□是（项目名称：） ×否", "×是 □否",
    ],
)  # fmt: skip
def test_an_option_whose_box_was_lost_or_crossed_among_blank_boxes_is_not_certainly_none(written: str) -> None:
    found = yes_no(written) if "是" in written else choose(written, OPTIONS)
    assert (found.value, found.doubts) == (None, ("tick_not_told",))


def test_a_tick_at_an_option_of_the_form_and_at_another_is_a_conflict() -> None:
    assert choose("☑中央企业 □民营企业 ☑其他", OPTIONS).state == "many"


@pytest.mark.parametrize(
    "written", ["", "□中央企业 □地方国企 □民营企业 □三资企业", "中央企业 地方国企 民营企业 三资企业", "□民营企业"]
)
def test_no_tick_is_none(written: str) -> None:
    assert choose(written, OPTIONS).state == "none"


@pytest.mark.parametrize(("written", "sure"), [("□民营企业", False), ("□中央企业 □地方国企", True)])
def test_an_option_left_alone_with_its_empty_box_may_be_the_one_meant(written: str, sure: bool) -> None:
    assert choose(written, OPTIONS) == Choice("none", (), () if sure else ("tick_not_told",))


def test_a_tick_that_could_belong_to_either_neighbour_is_unsure() -> None:
    assert choose("□中央企业√□地方国企□民营企业", OPTIONS).doubts == ("tick_between",)


def test_a_tick_typed_over_a_box_is_that_options_though_it_stands_at_the_one_before() -> None:
    found = choose("□ 中央企业√ 地方国企 □ 民营企业 □ 三资企业", OPTIONS)
    assert (found.value, bool(found.doubts)) == ("地方国企", True)


@pytest.mark.parametrize(
    ("written", "value", "name"),
    [
        ("□是（事故名称： ） ☑否", False, ""), ("☑是（项目名称：大型船市级智能工厂） □否", True, "大型船市级智能工厂"), ("是☑ 否□", True, ""),
        ("√是（项目名称：甲（一期）工程） □否", True, "甲(一期)工程"), ("是（ ） 否（√）", False, ""), ("☑是，项目名称：某工程 □否", True, "某工程"), ("是，项目名称为某工程", True, "某工程"), ("√是 ×否", True, ""), ("×是 √否", False, ""), ("是□ √否□", False, ""),
        ("1.是 2.否√", False, ""), ("①是√（项目名称：甲工程） ②否", True, "甲工程"), ("1、☑是 2、□否", True, ""),
        ("☑是 □否（系统自动识别）", True, ""), ("□是 ☑否，不申报无需填报", False, ""), ("是□（事故名称：____）否☑", False, ""), ("□是□√否", False, ""),
        ("□是（事故名称： ) ☑/否", False, ""), ("☑是（项目名称）：甲（一期）工程 □否", True, "甲(一期)工程"), ("☑是（项目名称：   ）甲工程  □否", True, "甲工程"),
        ("□是（项目名称）：      ☑否", False, ""), ("☑是 否", True, ""), ("是 ☑否", False, ""),
    ],
)  # fmt: skip
def test_yes_or_no_with_the_name_behind_it(written: str, value: bool, name: str) -> None:
    found = yes_no(written)
    assert (found.value, found.name) == (value, name)


@pytest.mark.parametrize(
    ("written", "value", "sure"),
    [
        ("有□ 无☑", False, True), ("☑有 □无", True, True), ("近三年未发生重大安全生产事故和重大环境事故", False, False), ("没有发生过", False, False),
        ("未发生，但2019年有一起", None, False), ("有一起，未发生伤亡", None, False),
    ],
)  # fmt: skip
def test_there_is_or_there_is_not_and_what_never_happened(written: str, value: bool | None, sure: bool) -> None:
    found = yes_no(written)
    assert (found.value, not found.doubts) == (value, sure)


@pytest.mark.parametrize(
    ("written", "state"), [("□是 □否", "none"), ("☑是 ☑否", "many"), ("", "none"), ("详见附件", "unclear")]
)
def test_neither_or_both_is_no_answer(written: str, state: str) -> None:
    assert (yes_no(written).value, yes_no(written).state) == (None, state)


@pytest.mark.parametrize(
    "written",
    [
        "1.生产作业（环节名）—人机协同制造（场景名）—AGV/RGV协同（实例名）\n2.仓储物流—智能仓储—立库", "生产作业-人机协同制造-AGV/RGV协同；仓储物流-智能仓储-立库",
        "1、生产作业–人机协同制造–AGV/RGV协同2、仓储物流–智能仓储–立库", "①生产作业→人机协同制造→AGV/RGV协同②仓储物流→智能仓储→立库",
        "（1）生产作业/人机协同制造/AGV/RGV协同\n（2）仓储物流/智能仓储/立库", "生产作业->人机协同制造->AGV/RGV协同\n仓储物流->智能仓储->立库",
    ],
)  # fmt: skip
def test_instances_in_every_notation(written: str) -> None:
    assert instances(written) == (
        [
            {"link": "生产作业", "scene": "人机协同制造", "instance": "AGV/RGV协同"},
            {"link": "仓储物流", "scene": "智能仓储", "instance": "立库"},
        ],
        (),
    )


def test_the_dots_of_the_blank_list_are_no_instance() -> None:
    assert instances("1.生产作业—人机协同制造—柔性加工\n2.……").value == [
        {"link": "生产作业", "scene": "人机协同制造", "instance": "柔性加工"}
    ]


def test_an_instance_without_its_link_is_unsure() -> None:
    assert instances("柔性加工单元").doubts == ("instance_alone",)


def test_instances_with_their_parts_named_or_framed() -> None:
    two = [
        {"link": "生产作业", "scene": "人机协同制造", "instance": "甲"},
        {"link": "仓储物流", "scene": "智能仓储", "instance": "乙"},
    ]
    assert instances(
        "1. 环节：生产作业；场景：人机协同制造；实例：甲\n2. 环节：仓储物流；场景：智能仓储；实例：乙"
    ) == (two, ())
    assert instances("环节：生产作业，场景：人机协同制造，实例：甲；环节：仓储物流，场景：智能仓储，实例：乙") == (
        two,
        (),
    )
    assert instances("1.【生产作业】人机协同制造—甲\n2.【仓储物流】智能仓储—乙") == (two, ())


@pytest.mark.parametrize(
    "written",
    [
        "（一）生产作业—人机协同制造—甲\n（二）仓储物流—智能仓储—乙", "一、生产作业—人机协同制造—甲\n二、仓储物流—智能仓储—乙",
        "1.1 生产作业—人机协同制造—甲\n1.2 仓储物流—智能仓储—乙", "共2个：1.生产作业—人机协同制造—甲；2.仓储物流—智能仓储—乙",
        "1.生产作业—人机协同制造—甲\n2.仓储物流—智能仓储—乙\n3.",
    ],
)  # fmt: skip
def test_the_numbers_of_instances_are_no_part_of_them(written: str) -> None:
    assert instances(written).value == [
        {"link": "生产作业", "scene": "人机协同制造", "instance": "甲"},
        {"link": "仓储物流", "scene": "智能仓储", "instance": "乙"},
    ]


def test_a_sign_for_nothing_is_no_instance() -> None:
    assert instances("/").value is None
