"""Rules as conditions: what holds, what hangs on a blank or a doubt, and how a pack's mistakes are told."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

import catalog
from catalog.errors import CatalogError
from catalog.forms import Form
from catalog.load import load, load_dir
from catalog.models import Catalog
from catalog.rules import RuleEntry, RuleGroup
from checks import conditions, library, making
from checks.conditions import Condition, ConditionError, Unsettled, compiled
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip
from records.models import Reading, Record, Source, Value

PACK = Path(catalog.__file__).parent / "2023"
NAMES: dict[str, Any] = {
    "spend": "number", "sales": "number", "kind": "text", "listed": "flag", "founded": "date", "span.start": "date",
    "parts": "rows", "params.share": "number", "params.words": "texts", "lists.areas": "texts",
}  # fmt: skip
TABLES: dict[str, Any] = {"parts": {"name": "text", "cost": "number"}}


def condition(text: str) -> Condition:
    return compiled(text, NAMES, TABLES)


@pytest.mark.parametrize(
    ("text", "values", "doubtful", "holds"),
    [
        ("spend >= params.share * sales", {"spend": 3.0, "sales": 100.0, "params.share": 0.03}, (), True),
        ("spend >= params.share * sales", {"spend": 2.9, "sales": 100.0, "params.share": 0.03}, (), False),
        ("spend > 100", {"spend": 100.0}, (), False),
        ("spend >= params.share * sales", {"spend": 7.0, "sales": 100.0, "params.share": 0.07}, (), True),
        ("spend > params.share * sales", {"spend": 7.0, "sales": 100.0, "params.share": 0.07}, (), False),
        ("spend + 0.2 <= 0.3 && 0.3 - 0.1 == 0.2 && spend / 0.1 == 1", {"spend": 0.1}, (), True),
        ("kind + '乙' == '甲乙'", {"kind": "甲"}, (), True),
        ("spend / 4 == 25", {"spend": 100.0}, (), True),
        ("spend > 1", {}, (), Unsettled.BLANK),
        ("spend > 1", {}, ("spend",), Unsettled.UNKNOWN),
        ("spend > 1", {}, ("sales",), Unsettled.BLANK),
        ("spend > sales", {"sales": 1.0}, ("spend",), Unsettled.UNKNOWN),
        ("spend > 1 || sales > 1", {"sales": 2.0}, ("spend",), True),
        ("spend > 1 && sales > 1", {"sales": 0.0}, ("spend",), False),
        ("spend > 1 && sales > 1", {"sales": 2.0}, ("spend",), Unsettled.UNKNOWN),
        ("!filled(spend) || spend > 1", {"filled.spend": False}, (), True),
        ("filled(spend) && spend > 1", {"filled.spend": False}, (), False),
        ("filled(spend)", {}, ("spend",), Unsettled.UNKNOWN),
        ("kind in params.words", {"kind": "乙", "params.words": ["甲", "乙"]}, (), True),
        ("kind == '100 > 甲' && chars(kind) == 4", {"kind": "100 > 甲"}, (), False),
        ("chars(kind) == 3", {"kind": "100 > 甲"}, (), True),
        ("parts.all(p, p.name in lists.areas)", {"parts": [{"name": "甲"}], "lists.areas": ["甲"]}, (), True),
        ("parts.exists(p, filled(p.cost) && p.cost > 5)", {"parts": [{"name": "甲"}, {"cost": 6.0}]}, (), True),
        ("parts.all(p, p.cost > 5)", {"parts": [{"name": "甲"}, {"cost": 6.0}]}, (), Unsettled.BLANK),
        ("parts.all(p, p.cost > 5)", {"parts": [{"name": "甲"}, {"cost": 4.0}]}, (), False),
        ("count(parts) >= 2 // 至少两行 filled(", {"parts": [{}, {}]}, (), True),
        ("parts[0].cost > 5", {"parts": [{"cost": 6.0}]}, (), True),
        ("parts[1].cost > 5", {"parts": [{"cost": 6.0}]}, (), Unsettled.BLANK),
    ],
)
def test_what_holds_and_what_it_hangs_on(text, values, doubtful, holds) -> None:
    assert condition(text).evaluate(values, doubtful) is holds


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        (
            "spend > 100 && sails > 3",
            1,
            16,
            "“sails”不是所适用各表的栏目、表格或列，也不是 params、lists、deadlines 中的名称；是不是“sales”",
        ),
        ("spend > kind", 1, 7, "“>”不能用于数与文字"),
        ("spend > 100 &&\n  founded > 100", 2, 11, "“>”不能用于日期与数"),
        ("filled(spend) && 100 + 20 > kind", 1, 27, "“>”不能用于数与文字"),
        ("kind in spend", 1, 6, "“in”不能用于文字与数"),
        ("kind in lists.area", 1, 14, "是不是“lists.areas”"),
        ("kind in params.nothing", 1, 15, "“params.nothing”不是"),
        ("listed && spend", 1, 8, "“&&”不能用于是否与数"),
        ("spend >", 1, 8, "写法不对，请核对括号、引号和运算符"),
        ("spend = 3", 1, 7, "写法不对，请核对括号、引号和运算符"),
        ("'甲" + "', spend", 1, 4, "写法不对"),
        ("spend", 1, 1, "结果应为真假"),
        ("summe(spend) > 3", 1, 6, "没有“summe”这个函数；可用的有：filled、chars、count"),
        ("spend / sales > 1", 1, 7, "请改用乘法"),
        ("spend / 0 > 1", 1, 7, "请改用乘法"),
        ("filled(nothing)", 1, 8, "“nothing”不是"),
        ("100 > spend && filled(spend + 1)", 1, 16, "filled() 里写"),
        ("parts.all(p, 1 > 0 && p.price > 3)", 1, 24, "“p.price”不是"),
        ("parts.exists(p, p.name > 3)", 1, 24, "“>”不能用于文字与数"),
        ("parts.all(p, filled(p.price))", 1, 21, "“p.price”不是"),
        ("parts > 3", 1, 7, "“>”不能用于表格与数"),
        ("founded - span.start > duration('24h')", 1, 1, "日期相减请用 days(从, 到)"),
        ("kind.matches('[')", 1, 1, "matches 里的正则表达式请核对"),
        ("kind == '甲_*_乙'", 1, 12, "“*”两边请加空格"),
        ("", 1, 1, "写法不对"),
    ],
)
def test_a_mistake_is_told_with_its_place(text, line, column, says) -> None:
    with pytest.raises(ConditionError) as raised:
        condition(text)
    assert says in raised.value.message
    assert (raised.value.line, raised.value.column) == (line, column)


def test_the_examples_of_the_documentation_fit() -> None:
    kinds = {
        "number": ("debt_ratio", "a", "b", "c", "budget"),
        "text": ("size", "kind", "phone", "mobile", "summary", "name"),
        "flag": ("joint",),
        "date": ("founded_on", "deadlines.applicants"),
        "texts": ("params.kinds",),
        "rows": ("members",),
    }
    names: Any = {name: kind for kind, every in kinds.items() for name in every}
    page = (PACK.parents[1] / "docs" / "notice.md").read_text(encoding="utf-8")
    table = page.partition("| 写 | 意思 | 例 |")[2].partition("\n\n")[0].replace("\\|", "‖")
    examples = [e for line in table.splitlines()[2:] for e in re.findall("`([^`]+)`", line.split(" | ")[2])]
    assert len(examples) > 12
    for example in examples:
        compiled(example.replace("‖", "|"), names, {"members": {"hours": "number"}})


FORM = {
    "name": "project",
    "title": "大学生创新训练项目申报书",
    "annex": "附表",
    "title_marks": ("创新训练",),
    "fields": (
        {"key": "budget", "label": "经费预算", "part": "basic", "type": "money"},
        {"key": "grant", "label": "学院配套", "part": "basic", "type": "money"},
        {"key": "signed_on", "label": "填表日期", "part": "cover", "type": "date"},
        {"key": "span", "label": "起止日期", "part": "basic", "type": "period"},
        {"key": "joint", "label": "是否联合申报", "part": "basic", "type": "yesno"},
    ),
    "tables": (
        {
            "key": "members",
            "annex": "表二",
            "columns": ({"key": "name", "label": "姓名"}, {"key": "hours", "label": "学时", "type": "number"}),
        },
    ),
    "sections": ({"key": "basis", "number": "二", "heading": "立项依据"},),
}
OTHER = {**FORM, "name": "team", "fields": FORM["fields"][:1], "tables": (), "sections": ()}
PARAMS = {"share": 0.25, "nothing": 0, "last": load().deadlines["applicants"]}


def programme(must: str, when: str = "", about: str = "budget", message: str = "不合。") -> Catalog:
    """A pack of two forms and one rule, N01, the second form with the budget alone."""
    entry = RuleEntry(
        code="N01", check="condition", level="fix", clause="1.1", title="不足{params.share:percent}", reads=(about,),
        forms=("project", "team"), explanation="试。", params={"must": must, "when": when, "about": (about,)},
        messages={"message": message, "remedy": "请核实。", "expected": "不少于{params.share:percent}"}, place="rule[1]",
    )  # fmt: skip
    forms = {"project": Form.model_validate(FORM), "team": Form.model_validate(OTHER)}
    groups = (*load().rule_groups, RuleGroup(letter="N", name="其他"))
    return load().model_copy(
        update={"params": PARAMS, "forms": forms, "rules": (entry,), "rule_groups": groups, "rules_file": "rules.toml"}
    )


def judged(pack: Catalog, form: str = "project", rows: Any = (), doubt: str = "", **fields: Any) -> Result | None:
    record = Record(
        form=form,
        source=Source(path="项目.docx", format="docx", sha256="0" * 64),
        fields={
            k: Value(value=v, raw=str(v), where=f"{k}处", confidence=0.7 if k == doubt else 1.0)
            for k, v in fields.items()
        },
        tables={"members": [{k: Value(value=v, raw=str(v)) for k, v in row.items()} for row in rows]},
    )
    rule = next(r for r in making.rules_of(pack) if r.code == "N01")
    assert rule.check is not None
    results = list(rule.check(Context(pack, Reading(record=record), "项目.docx")))
    assert len(results) <= 1
    return results[0] if results else None


def test_a_finding_says_what_stands_there() -> None:
    pack = programme("grant >= params.share * budget", message="配套{grant}万元，预算{budget}万元。{signed_on}填写。")
    found = judged(pack, budget=1200, grant=100.5, signed_on="2031-06")
    assert isinstance(found, Trip)
    assert found.message == "配套100.5万元，预算1200万元。2031年6月填写。请核实。"
    assert (found.about, found.field, found.where, found.evidence) == ("budget", "budget", "budget处", "1200")
    assert found.expected == "不少于25%"
    rule = making.rules_of(pack)[-1]
    assert rule.title == "不足25%"
    assert rule.reads == ("budget", "grant")
    assert judged(pack, budget=400, grant=100) is None
    other = judged(programme("budget <= 1000", message="预算{budget}，配套{grant}。"), "team", budget=2000)
    assert isinstance(other, Trip)
    assert other.message == "预算2000，配套（未填）。请核实。"


def test_what_it_hangs_on_decides_what_it_says() -> None:
    pack = programme("grant >= params.share * budget", when="!joint")
    fields = {"budget": 1000, "grant": 1}
    assert isinstance(judged(pack, joint=False, **fields), Trip)
    assert isinstance(judged(pack, joint=True, **fields), NotApplicable)
    assert judged(pack, budget=1000) == NotApplicable("“学院配套”、“是否联合申报”未填")
    assert judged(pack, doubt="grant", joint=False, **fields) == CannotTell("“学院配套”没有读清")
    assert isinstance(judged(pack, doubt="grant", joint=True, **fields), NotApplicable)
    assert isinstance(judged(pack, doubt="joint", joint=False, **fields), CannotTell)
    assert judged(pack, doubt="joint", joint=False, budget=1000, grant=900) is None
    assert judged(pack, form="team", budget=1000) == NotApplicable("本表没有这一栏")
    assert isinstance(judged(pack, form="unknown"), NotApplicable)


def test_a_date_without_a_day_is_taken_in_the_applicants_favour() -> None:
    """The deadline is 19 August: 2023-08 may be before it, 2023-09 may not."""
    pack = programme("signed_on <= params.last", about="signed_on")
    outcomes = [judged(pack, signed_on=day) for day in ("2023", "2023-08", "2023-08-19", "2023-08-20", "2023-09")]
    assert [type(o).__name__ for o in outcomes] == ["NoneType", "NoneType", "NoneType", "Trip", "Trip"]
    pack = programme("span.start >= signed_on && span.end >= span.start", about="span")
    assert judged(pack, signed_on="2020-05", span={"start": "2020", "end": "2020-06"}) is None
    assert isinstance(judged(pack, signed_on="2020-05", span={"start": "2019", "end": "2020-03"}), Trip)
    assert isinstance(judged(pack, signed_on="2020-05", span={"start": "2021", "end": None}), NotApplicable)
    assert isinstance(judged(programme("years(signed_on, params.last) >= 3"), budget=1, signed_on="2020-09-01"), Trip)


def test_rows_of_a_table() -> None:
    pack = programme("members.all(m, m.hours >= 16)", about="members")
    assert judged(pack, rows=[{"name": "李某", "hours": 16}]) is None
    assert isinstance(judged(pack, rows=[{"name": "李某", "hours": 16}, {"name": "王某", "hours": 8}]), Trip)
    assert isinstance(judged(pack, rows=[{"name": "李某"}]), NotApplicable)
    assert isinstance(judged(programme("filled(members)", about="members")), Trip)
    assert isinstance(judged(programme("count(members) >= 1", about="members"), "team"), NotApplicable)


@pytest.mark.parametrize(
    ("rule", "key", "says"),
    [
        ({"must": "budget >"}, "check", "第1行第9个字处：写法不对"),
        ({"must": "budget > 1", "when": "joint > 1"}, "when", "第1行第7个字处：“>”不能用于是否与数"),
        ({"must": "budget > 1", "about": "budgett"}, "about", "“budgett”不是所适用各表的栏目、章节或表格"),
        ({"must": "budget / params.nothing > 1"}, "check", "“params.nothing”是零，不能作除数"),
        ({"must": "budget > 1", "message": "{bugdet}"}, "message", "花括号里的“bugdet”没有这个值"),
        ({"must": "budget > 1", "message": "{joint:percent}"}, "message", "写法不合这个值的类型"),
        ({"must": "budget > 1", "message": "{budget:date}"}, "message", "写法不合这个值的类型"),
        ({"must": "budget > 1", "message": "{budget"}, "message", "花括号不成对"),
    ],
)
def test_a_rule_that_does_not_fit_is_told_with_its_place(rule, key, says) -> None:
    with pytest.raises(CatalogError) as raised:
        making.rules_of(programme(**rule))
    assert raised.value.key == f"rule[1].{key}"
    assert says in raised.value.message


RULE = """
[[rule]]
code = "E77"
level = "note"
clause = "一（一）"
when = "filled(investment)"
check = "investment <= params.most"
about = ["investment"]
title = "投资超过{params.most}万元"
message = "投资{investment}万元。"
explanation = "试。"
"""


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "says"),
    [
        ("rules.toml", 'clause = "一（一）"', 'clause = "九（九）"', "clause", "“九（九）”不是 clauses.toml 中的条款"),
        ("rules.toml", '"note"\nclause = "一（一）"', '"fix"\nclause = "工作要求"', "level", "没有条款依据，级别至多为 note"),
        ("rules.toml", "check = ", "chekc = ", "check", "缺少这一项"),
        ("rules.toml", 'check = "investment <= params.most"', "check = 3", "check", "应为文字"),
        ("rules.toml", 'about = ["investment"]', 'about = ["investment"]\nleast = 3', "least", "不认识这个键"),
        ("rules.toml", 'about = ["investment"]', 'about = ["investment"]\nmessages = {}', "messages", "不认识这个键"),
        ("rules.toml", 'code = "E77"', 'code = "E05"', "code", "已用在"),
        ("rules.toml", "investment <= ", "investmant <= ", "check", "第1行第1个字处：“investmant”不是"),
        ("rules.toml", "filled(investment)", "investment > founded_on", "when", "“>”不能用于数与日期"),
        ("notice.toml", "most = 50", "most = 50\nleast = 1", "params.least", "没有规则用到它"),
        ("notice.toml", "most = 50", "most = nan", "params.most", "应为数字"),
        ("notice.toml", "most = 50", 'most = { a = 1 }', "params.most", ""),
        ("notice.toml", "most = 50", '"Most 1" = 50', "params.Most 1", ""),
    ],
)  # fmt: skip
def test_a_pack_with_a_rule_that_does_not_fit(tmp_path, file, old, new, key, says) -> None:
    copied = tmp_path / "2023"
    shutil.copytree(PACK, copied)
    texts = {"rules.toml": RULE, "notice.toml": "\n[params]\nmost = 50\n"}
    for name, text in texts.items():
        path = copied / name
        added = text.replace(old, new) if name == file else text
        assert name != file or added != text
        path.write_text(path.read_text(encoding="utf-8") + added, encoding="utf-8")
    with pytest.raises(CatalogError) as raised:
        making.rules_of(load_dir(copied))
    assert raised.value.path.endswith(f"2023/{file}")
    assert says in raised.value.message
    if file == "rules.toml":
        assert raised.value.key.startswith("rule[1]（E")
        assert raised.value.key.endswith(f"行）.{key}")
    else:
        assert raised.value.key.startswith(key)


def test_a_pack_with_a_rule_and_params(tmp_path) -> None:
    copied = tmp_path / "2023"
    shutil.copytree(PACK, copied)
    for name, text in {"rules.toml": RULE, "notice.toml": "\n[params]\nmost = 50\n"}.items():
        path = copied / name
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    rule = next(r for r in making.rules_of(load_dir(copied)) if r.code == "E77")
    assert rule.title == "投资超过50万元"
    assert rule.reads == ("investment",)


ADDS = """
from checks.library import Params, check

class Nothing(Params):
    pass

@check("of_others", Nothing)
def of_others(ctx, told, say):
    yield from ()
"""


@pytest.fixture
def others(tmp_path, monkeypatch):
    """A package that adds a check by its entry point, as it would be installed."""
    monkeypatch.setattr(library, "_CHECKS", dict(library.checks()))
    library._load_others.cache_clear()
    monkeypatch.syspath_prepend(tmp_path)

    def install(module: str) -> None:
        (tmp_path / "of_an_office.py").write_text(module, encoding="utf-8")
        info = tmp_path / "office_checks-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: office-checks\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text("[shenbao.checks]\noffice = of_an_office\n", encoding="utf-8")

    yield install
    library._load_others.cache_clear()
    sys.modules.pop("of_an_office", None)


def test_others_add_checks(others) -> None:
    others(ADDS)
    assert "of_others" in library.checks()


@pytest.mark.parametrize(
    ("module", "says"),
    [
        ("import nothing_of_the_kind", "ModuleNotFoundError"),
        (ADDS + "\n1 / 0", "ZeroDivisionError"),
        (ADDS.replace("of_others", "in_list"), "ValueError"),
    ],
)
def test_anothers_module_that_does_not_load_is_told(others, module, says) -> None:
    others(module)
    before = set(library._CHECKS)
    with pytest.raises(CatalogError) as raised:
        library.checks()
    assert raised.value.path == "office-checks 1.0"
    assert raised.value.key == "shenbao.checks.office"
    assert says in raised.value.message
    assert set(library._CHECKS) == before


def test_a_condition_tells_which_names_it_asks_about() -> None:
    asked = condition("filled( spend ) || filled(parts) && sales > 1")
    assert (asked.asks, asked.reads) == ({"spend", "parts"}, {"spend", "parts", "sales"})


@pytest.mark.parametrize("number", [999_999_999_999.0, -3.0, 0.0, 1e12, 123_456_789_012_345.0, 1e300, float("inf")])
def test_whole_numbers_are_what_rounding_leaves(number: float) -> None:
    assert conditions._rounded(number) == float(f"{number:.12g}")
