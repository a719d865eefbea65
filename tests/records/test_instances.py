"""Instances of 附件4 read by the names of the catalog."""

from __future__ import annotations

import pytest

from records.instances import by_names

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
