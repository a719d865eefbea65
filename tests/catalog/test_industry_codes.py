"""GB/T 4754 as applicants write it, and the four industries."""

from __future__ import annotations

import pytest

import catalog
from catalog.industry import (
    divided,
    find_division,
    find_group,
    find_member,
    find_subindustry,
    industries_of,
)

PACK = catalog.load("2023")
INDUSTRY = {i.name: i for i in PACK.industries}


@pytest.mark.parametrize(
    "written", ["C36 汽车制造业", "36", "C36", "汽车制造业", "汽车制造", "3670", "C367", "（36）汽车制造业"]
)
def test_a_division_by_code_or_name(written):
    assert find_division(PACK, written).code == "36"


@pytest.mark.parametrize("written", ["", "汽车", "3", "C36 医药制造业", "99"])
def test_no_division_where_none_is_named_or_code_and_name_disagree(written):
    assert find_division(PACK, written) is None


def test_groups():
    assert find_group(PACK, "C367 汽车零部件及配件制造").code == "367"
    assert find_group(PACK, "羽毛(绒)加工及制品制造").code == "194"
    assert find_group(PACK, "C36") is None


@pytest.mark.parametrize(
    ("division", "group", "names"),
    [
        ("36", "367", {"装备制造"}),
        ("27", "", {"消费品"}),
        ("39", "397", {"电子信息"}),
        ("26", "265", {"原材料"}),
        ("26", "268", {"消费品"}),
        ("28", "282", {"消费品"}),
        ("38", "382", {"装备制造"}),
        ("38", "385", {"消费品"}),
        ("38", "384", {"装备制造", "消费品", "电子信息"}),
        ("39", "373", {"电子信息"}),
        ("", "385", {"消费品"}),
        ("06", "", set()),
    ],
)
def test_the_industry_of_a_code(division, group, names):
    found = industries_of(PACK, find_division(PACK, division), find_group(PACK, group))
    assert {i.name for i in found} == names


def test_38_is_divided_and_36_is_not():
    assert divided(PACK, find_division(PACK, "38"))
    assert not divided(PACK, find_division(PACK, "36"))


def test_every_manufacturing_division_but_the_unassigned_has_an_industry():
    without = {d.code for d in PACK.divisions if d.section == "C" and not industries_of(PACK, d)}
    assert without == {"42"}


def test_subindustries_by_their_other_words_and_narrower_fields_apart():
    assert find_subindustry(INDUSTRY["原材料"], "石油化工行业") == "石化化工"
    assert find_subindustry(INDUSTRY["装备制造"], "汽车制造业") == "汽车"
    assert find_subindustry(INDUSTRY["装备制造"], "汽车零部件") is None
    assert find_member(INDUSTRY["装备制造"], "汽车零部件制造") == "汽车"
    assert find_member(INDUSTRY["电子信息"], "集成电路") == "计算机、通信和其他电子设备"
    assert find_subindustry(INDUSTRY["电子信息"], "医药") is None
