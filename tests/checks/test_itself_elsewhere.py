"""Checks of a document against itself, over a form of another programme: other keys, tables, years, options and sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from catalog.errors import CatalogError
from catalog.forms import Form
from catalog.models import Catalog
from checks.library import checks
from checks.making import rules_of
from checks.registry import Context, NotApplicable, Result, Trip
from records.models import Reading, Record, Source, Value
from tests.checks.test_other_programme import programme

FORM = Form.model_validate(
    {
        "name": "project",
        "title": "乡村产业示范社申报表",
        "annex": "附表",
        "title_marks": ("示范社",),
        "fields": (
            {"key": "coop", "label": "合作社名称", "part": "cover"},
            {"key": "licence_name", "label": "营业执照名称", "part": "basic"},
            {"key": "set_up", "label": "设立日期", "part": "basic", "type": "date"},
            {"key": "term", "label": "实施期限", "part": "basic", "type": "period"},
            {"key": "grade", "label": "级别", "part": "basic", "type": "choice", "options": ("省级", "县级")},
            {"key": "members_2024", "label": "成员数", "part": "basic", "type": "number", "column": ("2024年",)},
            {"key": "members_2025", "label": "成员数", "part": "basic", "type": "number", "column": ("2025年",)},
            {"key": "loss_cut", "label": "损耗率下降", "part": "basic", "type": "percent"},
            {"key": "main_plot", "label": "主要地块", "part": "basic"},
            {"key": "builder", "label": "大棚建设单位", "part": "basic"},
            {"key": "builder_contact", "label": "建设单位联系人", "part": "basic"},
            {"key": "hotline", "label": "热线", "part": "basic", "type": "phone"},
        ),
        "tables": (
            {
                "key": "plots",
                "annex": "表一",
                "columns": ({"key": "plot", "label": "地块"}, {"key": "effect", "label": "成效"}, {"key": "how", "label": "做法"}),
            },
            {"key": "machines", "annex": "表二", "columns": ({"key": "on", "label": "所在地块"},)},
        ),
    }
)  # fmt: skip
ROWS = [{"plot": "东坡一号", "effect": "损耗率下降12%", "how": "大棚由南山农业工程公司承建。"}, {"plot": "西坡"}]


def ruled(check: str, told: Mapping[str, Any], **given: str) -> Catalog:
    """A pack of which the rule N01 is this check; it says the facts that it is given, or the sentence's name."""
    says = {name.rstrip("?"): facts.split() for name, facts in checks()[check].params.says.items()}
    sentences = {
        name: given.get(name, "，".join([name, *(f"{{{fact}}}" for fact in facts)])) for name, facts in says.items()
    }
    catalog = programme(check, dict(told), sentences)
    words = {"blank": ("无",), "own": ("自建",), "ends": ("公司",)}
    return catalog.model_copy(
        update={"forms": {"project": FORM}, "words": words, "version": f"{catalog.version}itself"}
    )


def judged(
    catalog: Catalog, tables: Mapping[str, list[dict[str, str]]], form: str = "project", **fields: Any
) -> list[Result]:
    record = Record(
        form=form,
        source=Source(path="申报表.docx", format="docx", sha256="0" * 64),
        fields={key: Value(value=value, raw=str(value)) for key, value in fields.items()},
        tables={t: [{k: Value(value=v, raw=v) for k, v in row.items()} for row in rows] for t, rows in tables.items()},
    )
    (rule,) = (r for r in rules_of(catalog) if r.code == "N01")
    assert rule.check is not None
    return list(rule.check(Context(catalog, Reading(record=record), "申报表.docx")))


def messages(results: list[Result]) -> list[str]:
    return [r.message for r in results if isinstance(r, Trip)]


NAMES = {"field": "coop", "other": "licence_name"}
ABOUT = {"column": "plots.effect", "row_field": "main_plot", "row_column": "plots.plot"}
PROVIDER = {
    "field": "builder", "contact": "builder_contact", "own_names": ["coop"], "column": "plots.how",
    "row_field": "main_plot", "row_column": "plots.plot", "self_built": "own", "built": "own", "endings": "ends", "blank": "blank",
}  # fmt: skip


@pytest.mark.parametrize(
    ("check", "told", "fields", "expected"),
    [
        ("same_name", NAMES, {"coop": "青禾合作社", "licence_name": "青苗合作社"}, ["differ，青禾合作社，青苗合作社"]),
        ("same_name", NAMES, {"coop": "青禾（合作社）", "licence_name": "青禾合作社"}, []),
        (
            "in_a_row",
            {"field": "main_plot", "column": "plots.plot", "called": "地块", "beside": [], "new_mark": "own"},
            {"main_plot": "东坡二号"},
            ["lost_near，东坡二号，东坡一号"],
        ),
        (
            "option_needs",
            {"field": "grade", "figure": "members_2025", "needs": {"省级": 100, "县级": 0}, "of": "级别",
             "asked_by": "N02", "blank": "blank"},
            {"grade": "省级", "members_2025": 99},
            ["less_fits，省级，100，99，县级"],
        ),
        (
            "period",
            {"field": "term", "since": "set_up", "blank": "blank"},
            {"term": {"start": "2025-03", "end": "2025-01"}, "set_up": "2026"},
            ["reversed，实施期限，2025年1月，2025年3月", "early，实施期限，2025年3月，2026年"],
        ),
        (
            "numbers",
            {"fields": ["loss_cut"], "capped": ["loss_cut"], "most": 50, "blank": "blank"},
            {"loss_cut": 60},
            ["over，损耗率下降，60"],
        ),
        (
            "units",
            {"money": [{"name": "成员数", "fields": ["members_2024", "members_2025"]}], "times": 10, "blank": "blank"},
            {"members_2024": 5, "members_2025": 50},
            ["jump，2025年成员数，50，2024年，5，10"],
        ),
        (
            "none_before",
            {"since": "set_up", "series": [{"name": "成员数", "fields": ["members_2024", "members_2025"]}]},
            {"set_up": "2025-01-01", "members_2024": 5, "members_2025": 50},
            ["given，2025年1月1日，2024，成员数“5”"],
        ),
        (
            "text_figures",
            {"measures": {"loss_cut": ["损耗率"]}} | ABOUT,
            {"loss_cut": 20, "main_plot": "东坡一号"},
            ["differs，1，损耗率下降12%，损耗率下降，20"],
        ),
        (
            "asked_by_option",
            {"field": "loss_cut", "choice": "grade", "of": "级别", "asked_by": "N02", "blank": "blank",
             "asks": [{"form": "project", "not_asked": ["县级"], "only": "省级才填"}]},
            {"grade": "县级", "loss_cut": 20},
            ["not_asked，损耗率下降，20，县级，省级才填"],
        ),
        ("well_formed_contacts", {"blank": "blank"}, {"hotline": "1390000"}, ["faulty，热线，1390000，“1390000”是7位，手机号应为11位"]),
        (
            "provider",
            PROVIDER,
            {"builder": "自建", "main_plot": "东坡一号", "coop": "青禾合作社"},
            ["text_outside，自建，1，大棚由南山农业工程公司承建"],
        ),
    ],
)  # fmt: skip
def test_the_check_knows_no_form(check: str, told: dict[str, Any], fields: dict[str, Any], expected: list[str]) -> None:
    assert messages(judged(ruled(check, told), {"plots": ROWS}, **fields)) == expected


def test_tables_whose_rows_belong_to_rows_of_another() -> None:
    told = {"column": "plots.plot", "called": "地块", "annexes": [{"column": "machines.on", "name": "农机"}]}
    catalog = ruled("annex_rows", told)
    machines = [{"on": "地块1：东坡一号"}, {"on": "北坡"}]
    assert messages(judged(catalog, {"plots": ROWS, "machines": machines})) == ["lost，农机，北坡"]
    assert judged(catalog, {"plots": ROWS}) == [NotApplicable("no_annex")]
    assert judged(catalog, {"machines": machines}) == [NotApplicable("no_rows")]


@pytest.mark.parametrize(
    ("check", "told"),
    [("numbers", {"fields": ["loss_cut"], "blank": "blank"}), ("same_name", NAMES), ("text_figures", {"measures": {}} | ABOUT)],
)  # fmt: skip
def test_a_form_that_has_not_what_a_check_looks_at_is_none_of_its_business(check: str, told: dict[str, Any]) -> None:
    bare = FORM.model_copy(update={"name": "bare", "fields": FORM.fields[:1], "tables": ()})
    catalog = ruled(check, told)
    (entry,) = catalog.rules
    rules = (entry.model_copy(update={"forms": ("project", "bare")}),)
    both = catalog.model_copy(update={"forms": {"project": FORM, "bare": bare}, "rules": rules})
    assert judged(both, {}, "bare", coop="青禾合作社") == [NotApplicable("本表没有这一栏")]


def test_what_a_rule_names_wrongly_is_refused() -> None:
    asks = [{"form": "school", "only": ""}]
    told = {"field": "loss_cut", "choice": "grade", "of": "", "asked_by": "", "blank": "blank", "asks": asks}
    with pytest.raises(CatalogError, match="“school”不是所适用的表"):
        rules_of(ruled("asked_by_option", told))
    with pytest.raises(CatalogError, match=r"“plots\.place”不是所适用各表的列"):
        rules_of(ruled("text_figures", {"measures": {"loss_cut": ["损耗率"]}} | ABOUT | {"column": "plots.place"}))
