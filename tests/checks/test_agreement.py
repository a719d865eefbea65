"""Q04: what a district's table says of an application's instance, beside the application."""

from __future__ import annotations

from typing import Any

import pytest

from checks.meaning.instances import Instance, key_of, same_text
from tests.checks.outcomes import over_round
from tests.forms import Data, clean_scene, clean_summary, submission_of, without_rows

DISTRICT = "浦东新区"


def found_with(row: dict[str, Any], *, application: Data | None = None) -> list[str]:
    """Q04's messages where the table's one instance is the application's first with ``row``'s changes."""
    data = application or clean_scene()
    table = clean_summary(data)
    instances = table["tables"]["scene_recommendations"][0]["instances"]
    table["tables"]["scene_recommendations"][0]["instances"] = [instances[0] | row]
    return [f.message for f in over_round([submission_of(d, DISTRICT) for d in (data, table)], "Q04")]


@pytest.mark.parametrize("row", [{"link": "仓储物流"}, {"scene": "智能仓储"}])
def test_the_right_instance_under_a_wrong_name_of_its_link_or_scene(row: dict[str, str]) -> None:
    for application in (clean_scene(), without_rows(clean_scene(), "scenes", 2)):
        [message] = found_with(row, application=application)
        assert "".join(row.values()) in message


def test_the_table_may_list_the_instance_of_the_basic_information_alone() -> None:
    assert found_with({}) == []


@pytest.mark.parametrize("more", ["建设", "项目", "改造"])
def test_a_name_with_words_more_or_fewer_is_another_name(more: str) -> None:
    application = without_rows(clean_scene(), "scenes", 2)
    name = application["tables"]["scenes"][0]["instance"]
    [message] = found_with({"instance": name + more}, application=application)
    assert f"{name}{more}" in message
    [message] = found_with({"instance": name[:-2]}, application=application)
    assert name in message


@pytest.mark.parametrize(
    "raw", ["1.{0}—{1}—{2}", "场景实例：{2}（{0}、{1}）", "{0}环节{1}场景{2}", "{2}等1个", "{0}和{1}：{2}"]
)
def test_the_notation_around_a_name_is_no_part_of_it(raw: str) -> None:
    own = Instance(key_of("总装线数字孪生平台"), "总装线数字孪生平台", "生产作业", "数字孪生产线")
    text = raw.format(own.link, own.scene, own.name)
    assert same_text(text, [own])
    assert not same_text(text.replace(own.name, own.name + "建设"), [own])
