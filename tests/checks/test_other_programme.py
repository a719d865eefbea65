"""The library of checks over a form of another programme: other keys, lists, words and sentences, the same checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from catalog.errors import CatalogError
from catalog.forms import Form
from catalog.lists import Entry, NoticeList
from catalog.load import load
from catalog.models import Catalog
from catalog.rules import RuleEntry, RuleGroup
from checks.making import rules_of
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip
from records.models import Reading, Record, Source, Value

FORM = Form.model_validate(
    {
        "name": "project",
        "title": "大学生创新训练项目申报书",
        "annex": "附表",
        "title_marks": ("创新训练",),
        "fields": (
            {"key": "budget", "label": "经费预算（元）", "part": "basic", "type": "money"},
            {"key": "grant", "label": "学院配套经费", "part": "basic", "type": "money"},
            {"key": "signed_on", "label": "填表日期", "part": "cover", "type": "date"},
            {"key": "stage", "label": "技术成熟阶段", "part": "basic", "type": "choice"},
            {"key": "patents", "label": "已有成果", "part": "basic"},
        ),
        "tables": (
            {
                "key": "modules",
                "annex": "表二",
                "columns": (
                    {"key": "area", "label": "领域"},
                    {"key": "topic", "label": "方向"},
                    {"key": "task", "label": "任务名称"},
                ),
            },
        ),
    }
)
ROWS = {
    "upper_list": "areas", "lower_list": "topics", "upper": "modules.area", "lower": "modules.topic",
    "instance": "modules.task", "new_mark": "fresh", "blank": "blank",
}  # fmt: skip
GROUPS = {"rows": ROWS, "groups": ["工学"], "least": 2, "new_counts": True}
SHORT = {
    "short": "只有{count}个{parts}领域",
    "evidence": "{names}",
    "expected": "至少{least}个",
    "unsure": "",
    "unread": "",
}


def programme(check: str, told: dict[str, Any], messages: dict[str, str]) -> Catalog:
    """A pack with one form, two lists and one rule, N01."""
    entry = RuleEntry(
        code="N01", check=check, level="fix", clause="1.1", title="试", forms=("project",), explanation="试。",
        params=told, messages=messages, place="use[1]",
    )  # fmt: skip
    areas = NoticeList(
        name="areas",
        what="领域",
        title="领域",
        below="topics",
        items=(Entry(name="机械", group="工学"), Entry(name="材料", group="工学")),
    )
    robots = Entry(name="仿生机器人", under="机械", group="工学", text="仿生结构与驱动。")
    topics = NoticeList(name="topics", what="方向", title="方向", above="areas", items=(robots,))
    return load().model_copy(
        update={
            "version": f"{check}{told}",
            "forms": {"project": FORM},
            "lists": {"areas": areas, "topics": topics},
            "words": {
                "fresh": ("自选",),
                "blank": ("无",),
                "own": ("自测",),
                "paper": ("报告",),
                "none": ("无",),
                "terms": (),
            },
            "rules": (entry,),
            "rule_groups": (*load().rule_groups, RuleGroup(letter="N", name="其他")),
        }
    )


def judged(catalog: Catalog, rows: list[dict[str, str]], **fields: Any) -> list[Result]:
    record = Record(
        form="project",
        source=Source(path="项目.docx", format="docx", sha256="0" * 64),
        fields={key: Value(value=value, raw=str(value)) for key, value in fields.items()},
        tables={"modules": [{key: Value(value=text, raw=text) for key, text in row.items()} for row in rows]},
    )
    rule = next(r for r in rules_of(catalog) if r.code == "N01")
    assert rule.check is not None
    return list(rule.check(Context(catalog, Reading(record=record), "项目.docx")))


def messages(results: list[Result]) -> Iterator[str]:
    return (r.message for r in results if isinstance(r, Trip))


def test_a_list_and_its_rows() -> None:
    says = {
        "unknown": "{place}：{name}",
        "unknown_near": "{place}：{name}，或为{near}",
        "expected": "",
        "unread": "",
        "nothing": "无",
    }
    catalog = programme("in_list", {"rows": ROWS, "judged": "upper"}, says)
    rows = [{"area": "机械学", "topic": "仿生机器人", "task": "六足"}, {"area": "自选：声学", "topic": "", "task": ""}]
    assert list(messages(judged(catalog, rows))) == ["表二第1行（任务“六足”）：机械学，或为机械"]
    assert judged(catalog, []) == [NotApplicable("无")]


def test_coverage_of_a_list() -> None:
    catalog = programme("covers", GROUPS, SHORT)
    assert list(messages(judged(catalog, [{"area": "机械"}]))) == ["只有1个工学领域"]
    assert judged(catalog, [{"area": "机械"}, {"area": "材料"}]) == []


def test_a_group_that_no_list_has_is_refused_when_the_pack_is_loaded() -> None:
    catalog = programme("covers", GROUPS | {"groups": ["理学"]}, SHORT)
    with pytest.raises(CatalogError, match="“理学”不是本包名单中的分组"):
        rules_of(catalog)


def test_dates_by_the_deadline_that_is_named() -> None:
    says = {"late": "晚于{last}", "other_year": "", "expected": "", "unfilled": "", "unread": ""}
    catalog = programme("in_time", {"field": "signed_on", "deadline": "recommenders"}, says)
    assert list(messages(judged(catalog, [], signed_on="2023-08-22"))) == ["晚于2023年8月21日"]
    wrong = programme("in_time", {"field": "signed_on", "deadline": "schools"}, says)
    with pytest.raises(CatalogError, match="“schools”不是通知"):
        rules_of(wrong)


def test_applications_dated_before_the_year_of_a_notice_that_opens_then() -> None:
    says = {"late": "晚", "other_year": "早", "expected": "", "unfilled": "", "unread": ""}
    told = {"field": "signed_on", "deadline": "recommenders"}
    for opens, dated, said in (
        ("", "2022-12-28", ["早"]),
        ("opens", "2022-12-28", []),
        ("opens", "2022-12", []),
        ("opens", "2022-11-30", ["早"]),
    ):
        catalog = programme("in_time", told | {"opens": opens}, says)
        catalog = catalog.model_copy(
            update={"deadlines": catalog.deadlines | {"opens": dt.date(2022, 12, 1)}, "version": f"opens{opens}"}
        )
        assert list(messages(judged(catalog, [], signed_on=dated))) == said


def test_figures_and_levels() -> None:
    says = {
        "outsized": "{label}{figure}超过{over}", "over": "{label}", "over_times": "{label}的{times}倍",
        "expected": "", "unfilled": "{label}未填", "unmeasured": "",
    }  # fmt: skip
    told = {"field": "budget", "measures": [{"field": "grant", "times": 2}], "blank": "blank"}
    catalog = programme("outsized", told, says)
    assert list(messages(judged(catalog, [], budget=5000, grant=2000))) == ["经费预算（元）5000超过学院配套经费的2倍"]
    assert judged(catalog, []) == [NotApplicable("经费预算（元）未填")]

    levels = {
        "field": "stage", "levels": ["构思", "样机"], "least": "样机", "proof": "patents", "no_proof": "none",
        "own_proof": "own", "paperwork": "paper", "of": "阶段", "asked_by": "N02",
    }  # fmt: skip
    said = {name: name for name in ("low", "low_with_own", "low_with_proof", "expected", "proof_unread")}
    catalog = programme("least_level", levels, said)
    assert list(messages(judged(catalog, [], stage="构思", patents="自测报告A1"))) == ["low_with_own"]
    assert list(messages(judged(catalog, [], stage="构思", patents="发明专利"))) == ["low_with_proof"]
    assert judged(catalog, [], stage="概念") == [CannotTell("阶段“概念”不是表中的选项")]
