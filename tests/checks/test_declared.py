"""What a form declares of its fields is judged by the same checks whatever the programme: here a students' award."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from catalog.errors import CatalogError
from catalog.forms import Form
from catalog.load import load
from catalog.models import Catalog
from catalog.rules import RuleEntry, RuleGroup
from checks.making import rules_of
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip
from records.models import Reading, Record, Source, Value

FORM = """
name = "award"
title = "学生创新奖申报表"
annex = "表1"
title_marks = ["创新奖"]

[[fields]]
key = "leader"
label = "负责人"
part = "team"
required = "required"

[[fields]]
key = "phone"
label = "宿舍电话"
part = "team"
required = "required"
one_of = "reach"

[[fields]]
key = "chat"
label = "微信号"
part = "team"
required = "required"
one_of = "reach"

[[fields]]
key = "enrolled"
label = "入学日期"
part = "team"
type = "date"

[[fields]]
key = "marks_2024"
label = "学年成绩"
part = "study"
column = ["2024年"]
required = { field = "enrolled", by_year = 2024 }

[[fields]]
key = "level"
label = "学历层次"
part = "team"
type = "choice"
options = ["本科", "硕士"]
required = "required"

[[fields]]
key = "tutor"
label = "导师"
part = "team"
required = { field = "level", value = "硕士", remedy = "（免导师的请注明）" }

[[fields]]
key = "idea"
label = "创意概述"
part = "work"
type = "long_text"
limit = 10

[[sections]]
key = "plan"
number = "三"
heading = "研究计划"
limit = 12

[[tables]]
key = "members"
annex = "表2"
titles = ["成员"]
min_rows = 2
max_rows = 3

[[tables.columns]]
key = "name"
label = "姓名"
required = "required"

[[tables.columns]]
key = "duty"
label = "分工"
required = "required"
limit = 4
"""

RULES = """
[[use]]
code = "N01"
check = "filled"
parts = ["team"]
other_types = ["choice"]
title = "团队信息未填"
[use.messages]
blank = "“{label}”未填写{stands}，请补填{remedy}。"
unsure = "“{of}”{how}"

[[use]]
code = "N02"
check = "filled"
parts = ["study"]
title = "成绩未填"
[use.messages]
blank = "“{label}”未填写，请补填。"
none = "各学年均在入学以前"

[[use]]
code = "N03"
check = "filled"
chapters = true
tables = ["members"]
title = "正文或成员表未填"
[use.messages]
blank = "{name}{label}未填写，请补填。"

[[use]]
code = "N04"
check = "row_count"
table = "members"
title = "成员人数不符"
[use.messages]
few = "成员{count}人，少于{least}人。"
expected = "至少{least}人"
unseen = "成员表未认出"

[[use]]
code = "N05"
check = "within_limit"
keys = ["idea"]
chapters = ["plan"]
tables = ["members"]
title = "创意概述超过{limits.idea}字，或分工超过{limits.members.duty}字"
[use.messages]
over = "{name}{label}{count}字，超过{limit}字，多{excess}字。"
expected = "{limit}字以内"

[[use]]
code = "N06"
check = "ticked"
parts = ["team"]
title = "未勾选"
[use.messages]
unticked = "“{label}”未勾选。"
ticked = "“{label}”勾选{count}项。"
"""

CLEAN: dict[str, Any] = {
    "leader": "周同学",
    "phone": "62000000",
    "enrolled": "2023-09-01",
    "marks_2024": 88,
    "level": "硕士",
    "tutor": "吴老师",
    "idea": "会飞的书包",
    "plan": "先做模型再试飞",
}
MEMBERS = [{"name": "周同学", "duty": "设计"}, {"name": "郑同学", "duty": "试验"}]


def programme(rules: str = RULES, form: str = FORM) -> Catalog:
    entries = []
    for number, raw in enumerate(tomllib.loads(rules)["use"], 1):
        own = {k: raw.pop(k) for k in ("code", "check", "title", "messages")}
        more = {"level": "fix", "clause": "第三条", "forms": ("award",), "explanation": "说明"}
        entries.append(RuleEntry.model_validate({**own, **more, "params": raw, "place": f"use[{number}]"}))
    forms = {"award": Form.model_validate(tomllib.loads(form))}
    groups = (*load().rule_groups, RuleGroup(letter="N", name="学生创新奖"))
    return load().model_copy(update={"forms": forms, "rules": tuple(entries), "rule_groups": groups})


PROGRAMME = programme()


def results(
    code: str, members: list[dict[str, Any]] = MEMBERS, catalog: Catalog = PROGRAMME, **changed: Any
) -> list[Result]:
    def value(given: Any) -> Value:
        if isinstance(given, Value):
            return given
        return Value(value=given, raw="" if given is None else str(given), where="第1页")

    given = {**CLEAN, **changed}
    chapters = {"plan": value(given.pop("plan"))}
    record = Record(
        form="award",
        source=Source(path="申报表.docx", sha256="0" * 64, format="docx"),
        fields={key: value(v) for key, v in given.items()},
        sections=chapters,
        tables={"members": [{key: value(v) for key, v in row.items()} for row in members]},
    )
    rule = next(r for r in rules_of(catalog) if r.code == code)
    assert rule.check is not None
    return list(rule.check(Context(catalog, Reading(record=record), "申报表.docx")))


def said(code: str, **changed: Any) -> list[str]:
    found = results(code, **changed)
    assert all(isinstance(r, Trip) for r in found), found
    return [r.message for r in found if isinstance(r, Trip)]


def test_a_clean_application_of_another_programme_is_clean() -> None:
    assert [said(code) for code in ("N01", "N02", "N03", "N04", "N05", "N06")] == [[], [], [], [], [], []]


@pytest.mark.parametrize(
    ("code", "changed", "message"),
    [
        ("N01", {"leader": "/"}, "“负责人”未填写（现为“/”），请补填。"),
        ("N01", {"phone": None, "chat": None}, "宿舍电话、微信号均未填写，请至少补填一项。"),
        ("N01", {"tutor": None}, "“导师”未填写，请补填（免导师的请注明）。"),
        ("N02", {"marks_2024": None}, "“2024年学年成绩”未填写，请补填。"),
        ("N03", {"plan": None}, "三、研究计划未填写，请补填。"),
        ("N03", {"members": [*MEMBERS, {"name": "王同学", "duty": None}]}, "王同学分工未填写，请补填。"),
        ("N04", {"members": MEMBERS[:1]}, "成员1人，少于2人。"),
        ("N04", {"members": MEMBERS * 2}, "表2成员共4行，超过3行，请删减。"),
        ("N05", {"idea": "字" * 11}, "创意概述11字，超过10字，多1字。"),
        ("N05", {"plan": "字" * 13}, "三、研究计划13字，超过12字，多1字。"),
        ("N05", {"members": [*MEMBERS, {"name": "王同学", "duty": "又设计又试验"}]}, "王同学分工6字，超过4字，多2字。"),
        ("N06", {"level": None}, "“学历层次”未勾选。"),
    ],
)
def test_a_fault_is_told_in_the_programmes_own_words(code: str, changed: dict[str, Any], message: str) -> None:
    assert said(code, **changed) == [message]


def test_what_hangs_on_another_answer_is_asked_only_then() -> None:
    assert said("N01", level="本科", tutor=None) == []
    assert said("N01", level=None, tutor=None) == []
    unsure = Value(value="硕士", raw="☑硕士", confidence=0.5)
    assert results("N01", level=unsure) == []
    assert results("N01", level=unsure, tutor=None) == [CannotTell("“学历层次”未能读准")]
    assert results("N02", enrolled="2025-09-01", marks_2024=None) == [NotApplicable("各学年均在入学以前")]


WHEN = FORM.replace('{ field = "enrolled", by_year = 2024 }', "{ when = 'level == \"硕士\" && year(enrolled) > 2020' }")


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, ["“2024年学年成绩”未填写，请补填。"]),
        ({"marks_2024": "良"}, []),
        ({"level": "本科"}, [NotApplicable("各学年均在入学以前")]),
        ({"enrolled": "2019-09-01"}, [NotApplicable("各学年均在入学以前")]),
        ({"enrolled": "2020"}, [NotApplicable("各学年均在入学以前")]),
        ({"level": None}, [NotApplicable("各学年均在入学以前")]),
        ({"level": Value(value="硕士", raw="☑硕士", confidence=0.5)}, [CannotTell("“学历层次”未能读准")]),
        ({"level": Value(value="本科", raw="☑本科", confidence=0.5), "enrolled": "2019-09-01"}, [NotApplicable("各学年均在入学以前")]),
    ],
)  # fmt: skip
def test_a_condition_over_several_answers_says_when_a_field_is_asked_for(
    changed: dict[str, Any], found: list[Any]
) -> None:
    answers = {"level": "硕士", "enrolled": "2024-09-01", "marks_2024": None} | changed
    got = results("N02", catalog=programme(form=WHEN), **answers)
    assert [r.message if isinstance(r, Trip) else r for r in got] == found


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ("levle == '硕士'", "是不是“level”"),
        ("level > 3", "“>”不能用于文字与"),
        ("enrolled", "真假"),
        ("(level == '硕士'", "括号"),
    ],
)
def test_a_condition_that_does_not_hold_together_is_told_at_its_field(when: str, says: str) -> None:
    form = FORM.replace('{ field = "enrolled", by_year = 2024 }', f'{{ when = "{when}" }}')
    with pytest.raises(CatalogError, match=says) as error:
        rules_of(programme(form=form))
    assert error.value.key == "fields.marks_2024.required.when"
    assert str(error.value.path).endswith("award.toml")


def test_a_title_tells_the_forms_own_limits() -> None:
    titles = {r.code: r.title for r in rules_of(PROGRAMME)}
    assert titles["N05"] == "创意概述超过10字，或分工超过4字"


def test_a_form_without_what_a_rule_covers_is_not_judged_by_it() -> None:
    bare = FORM.replace('part = "study"', 'part = "other"')
    with pytest.raises(CatalogError, match="“study”不是所适用各表的部分"):
        rules_of(programme(form=bare))
    optional = FORM.replace('required = { field = "enrolled", by_year = 2024 }', "")
    rule = next(r for r in rules_of(programme(form=optional)) if r.code == "N02")
    empty = Record(form="award", source=Source(path="a", sha256="0" * 64, format="docx"))
    assert rule.check is not None
    found = list(rule.check(Context(programme(form=optional), Reading(record=empty), "a")))
    assert [type(r) for r in found] == [NotApplicable]


def test_of_a_promise_the_date_is_asked_for() -> None:
    """The field is called after the heading that it stands under: nobody fills in a 承诺书."""
    promise = '[[fields]]\nkey = "promised_on"\nlabel = "承诺书"\nrole = "commitment"\npart = "team"\ntype = "date"\nrequired = "required"\n\n'
    catalog = programme(form=FORM.replace("[[sections]]", promise + "[[sections]]", 1))
    (found,) = results("N01", catalog=catalog, promised_on=None)
    assert isinstance(found, Trip)
    assert (found.message, found.expected) == ("“承诺书的日期”未填写，请补填。", "填写承诺书的日期")
