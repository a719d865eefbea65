"""The suggestion a person would make, and silence where nothing is close."""

from __future__ import annotations

import pytest

from catalog.load import load
from checks.meaning.closest import closest, closest_of
from checks.meaning.names import fold, means_blank, without_number
from checks.meaning.terms import _cutter, _plain_cutter, dictionary_of


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("环保管理", "环保管控"),
        ("物流仓储", "仓储物流"),
        ("设备运维", "设备管理"),
        ("销售管理", "营销管理"),
        ("生产计划", "计划调度"),
        ("采购管理", "供应链采购与交付"),
        ("供应链管理", None),
        ("财务管理", None),
        ("党建工作", None),
        ("设计", None),
    ],
)
def test_links(written: str, meant: str | None) -> None:
    assert closest(load(), "links", written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("质量追溯", "质量精准追溯"),
        ("在线运行监控", "在线运行监测"),
        ("柔性制造", "产线柔性配置"),
        ("环保监测", "污染监测与管控"),
        ("机器视觉检测", "智能在线检测"),
        ("员工食堂智能订餐", None),
        ("党建工作", None),
    ],
)
def test_scenes(written: str, meant: str | None) -> None:
    assert closest(load(), "scenes", written) == meant


def test_kinds() -> None:
    kinds = load().lists["equipment_kinds"].names
    assert closest_of("工业机器人", kinds) == "高档数控机床与工业机器人"
    assert closest_of("PLC", kinds) is None


def test_both_segmenters_give_the_same_words() -> None:
    catalog = load()
    dictionary = dictionary_of(catalog)
    plain, fast = _plain_cutter(dictionary), _cutter(dictionary)
    for scene in catalog.lists["scenes"].items:
        assert list(plain(scene.text.lower())) == list(fast(scene.text.lower()))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("8.环保管控", "环保管控"),
        ("（8）环保管控", "环保管控"),
        ("八、环保管控", "环保管控"),
        ("①环保管控", "环保管控"),
        ("场景3：智能仓储", "智能仓储"),
        ("5G专网建设", "5G专网建设"),
        ("3D打印", "3D打印"),
        ("2.4GHz无线", "2.4GHz无线"),
        ("一体化调度", "一体化调度"),
    ],
)
def test_numbers_before_names(written: str, name: str) -> None:
    assert without_number(written) == name


def test_folding() -> None:
    assert fold("上海某某（集团）有限公司") == fold("上海某某 (集团) 有限公司") == "上海某某集团有限公司"
    assert fold("ＬＮＧ－运输船") == fold("lng运输船")


@pytest.mark.parametrize(
    ("text", "blank"),
    [("/", True), ("—", True), ("不涉及", True), ("未统计", True), ("显著提升", False), ("约30", False)],
)
def test_what_means_blank(text: str, blank: bool) -> None:
    assert means_blank(text, load().words["blank"]) is blank
