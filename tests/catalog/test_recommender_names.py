"""Recommenders and districts as covers, folders and addresses write them."""

from __future__ import annotations

import pytest

import catalog
from catalog.names import district_of_address, find_recommender, same_area

PACK = catalog.load("2023")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("浦东", "浦东新区"),
        ("浦东新区科经委", "浦东新区"),
        ("上海市浦东新区科技和经济委员会", "浦东新区"),
        ("上海市 浦东新区 科技和经济委员会（盖章）", "浦东新区"),
        ("静安区商务委员会", "静安区"),
        ("闸北区商务委", "静安区"),
        ("嘉 定 区 经 委", "嘉定区"),
        ("上海市奉贤区经济委员会", "奉贤区"),
        ("上海市奉贤区经济和信息化委员会", "奉贤区"),
        ("01_崇明县经委报送", "崇明区"),
        ("中国（上海）自由贸易试验区临港新片区管理委员会", "临港新片区"),
        ("中国(上海)自由贸易试验区 临港新片区管委会", "临港新片区"),
        ("临港管委会", "临港新片区"),
        ("浦东新区（临港新片区管委会）", "临港新片区"),
        ("上海化学工业区管理委员会", "化学工业区"),
        ("上海化工区管委会", "化学工业区"),
        ("上海市长兴岛开发建设管理委员会办公室", "长兴岛"),
    ],
)
def test_a_recommender_is_known_however_it_is_written(written, name):
    found = find_recommender(PACK, written)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("recommender", PACK.recommenders, ids=lambda r: r.name)
def test_every_alias_leads_back(recommender):
    for word in (recommender.name, recommender.full_name, *recommender.aliases):
        assert find_recommender(PACK, word) == recommender
        assert find_recommender(PACK, f"上海市{word}（盖章）") == recommender


@pytest.mark.parametrize(
    "written",
    [
        "",
        "（盖章）",
        "徐汇区、静安区",
        "上海市徐汇区商务委员会 上海市静安区商务委员会",
        "浦东新区（化学工业区管委会）",
        "上海市经济和信息化委员会",
        "苏州市工业和信息化局",
        "宝山钢铁股份有限公司",
        "某某集团有限公司（浦东）",
        "浦东新区智能制造协会",
    ],
)
def test_none_or_several_or_a_company_is_no_recommender(written):
    assert find_recommender(PACK, written) is None


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("上海市浦东新区洲海路2569号", ("浦东新区",)),
        ("中国（上海）自由贸易试验区临港新片区新元南路8号", ("临港新片区",)),
        ("上海市奉贤区临港新片区新杨公路1号", ("奉贤区", "临港新片区")),
        ("上海化学工业区目华路201号", ("化学工业区",)),
        ("上海市崇明区长兴镇江南大道9号", ("崇明区", "长兴岛")),
        ("上海宝山城市工业园区振园路1号", ("宝山区",)),
        ("上海市南汇区康桥镇", ("浦东新区",)),
        ("松江区临港松江科技城", ("松江区",)),
        ("上海市宝山路100号", ()),
        ("浦东大道1号", ()),
        ("上海市虹口区宝山路5号", ("虹口区",)),
        ("浙江省舟山市普陀区1号", ()),
        ("江苏省昆山市花桥镇", ()),
        ("", ()),
    ],
)
def test_the_districts_an_address_names(address, names):
    assert district_of_address(PACK, address) == names


def test_a_committee_and_the_districts_it_lies_in_are_one_area():
    assert same_area(PACK, "临港新片区", "浦东新区")
    assert same_area(PACK, "奉贤区", "化学工业区")
    assert not same_area(PACK, "临港新片区", "崇明区")
    assert not same_area(PACK, "浦东新区", "奉贤区")
