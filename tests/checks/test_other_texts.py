"""Checks of texts and files know no form of their own: tried over an invented form of another programme."""

from __future__ import annotations

from typing import Any

from catalog.forms import Form
from catalog.models import Catalog
from checks.making import rules_of
from checks.registry import Context, NotApplicable, Result
from records.models import MissingLabel, Note, Reading, Record, Source
from tests.checks.test_other_programme import FORM, judged, messages, programme

MODULES = {
    "key": "modules",
    "annex": "表二",
    "columns": (
        {"key": "task", "label": "任务名称", "role": "instance", "required": "required"},
        {"key": "plan", "label": "研究内容", "required": "required"},
        {"key": "result", "label": "预期成果", "required": "required"},
    ),
}
PLAN = "采用仿生结构设计六足机器人，完成步态规划、足端力感知与整机装配三项研究内容，形成样机一台。"


def with_modules(check: str, told: dict[str, Any], says: dict[str, str]) -> Catalog:
    catalog = programme(check, {}, says)
    form = Form.model_validate(FORM.model_dump() | {"tables": (MODULES,)})
    entry = catalog.rules[0].model_copy(update={"params": told})
    return catalog.model_copy(
        update={"forms": {"project": form}, "keys": {"texts": ("plan", "result")}, "rules": (entry,)}
    )


def test_one_text_for_two_rows_of_any_table() -> None:
    says = {"repeated": "{annex}的{count}相同：{places}", "expected": ""}
    catalog = with_modules("repeated_text", {"columns": "texts"}, says)
    rows = [{"task": "六足", "plan": PLAN}, {"task": "四足", "plan": PLAN, "result": "样机"}]
    (message,) = messages(judged(catalog, rows))
    assert message.startswith("表二的2个任务相同：表二任务“六足”的“研究内容”")
    assert judged(catalog, rows[:1]) == [NotApplicable("表二没有两处可以比较的文字")]


def test_what_is_taken_from_the_notices_own_list() -> None:
    says = {"taken": "{places}抄自{sources}", "expected": ""}
    told = {"sources": [{"list": "topics", "called": "方向指南"}], "example": "样表", "columns": "texts"}
    catalog = with_modules("taken_text", told, says)
    guide = catalog.lists["topics"]
    (item,) = guide.items
    lists = {**catalog.lists, "topics": guide.model_copy(update={"items": (item.model_copy(update={"text": PLAN}),)})}
    catalog = catalog.model_copy(update={"lists": lists, "version": "taken"})
    (message,) = messages(judged(catalog, [{"task": "六足", "plan": PLAN}]))
    assert message.endswith("抄自方向指南“仿生机器人”的说明")
    assert judged(catalog, [{"task": "六足", "plan": PLAN[::-1]}]) == []


def on_file(catalog: Catalog, reading: Reading) -> list[Result]:
    (rule,) = [r for r in rules_of(catalog) if r.code == "N01"]
    assert rule.check is not None
    return list(rule.check(Context(catalog, reading, "项目.docx")))


def test_what_the_reader_noticed_and_what_the_form_lacks() -> None:
    record = Record(
        form="project",
        source=Source(path="项目.docx", format="docx", sha256="0" * 64),
        notes=[Note(code="X1", message="有2处批注。", where="段落3", evidence="待核")],
    )
    missing = [MissingLabel("modules.note", "说明", "附页"), MissingLabel("budget", "经费预算（元）", "基本情况")]
    reading = Reading(record=record, missing_labels=missing)
    noted = with_modules("noted", {"note": "X1"}, {"noted": "{said}，请定稿", "expected": ""})
    assert list(messages(on_file(noted, reading))) == ["有2处批注，请定稿"]
    told = {"no_content": ["note"]}
    lacks = with_modules("labels_missing", told, {"missing": "{annex}缺{labels}", "expected": ""})
    assert list(messages(on_file(lacks, reading))) == ["附表缺基本情况中的“经费预算（元）”"]
