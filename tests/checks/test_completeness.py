"""C: what the form asks for is there, and nothing is asked for that the form does not ask."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.load import load
from records.models import MissingLabel, Seal, TextLine, Value
from tests.checks.outcomes import findings, outcome
from tests.forms import Data, clean_factory, clean_scene, factory, reading_of, scene, without_rows

FORMS = {"scene": scene, "factory": factory}
BLANK = Value(value=None, raw="", where="表1 行9")
UNREAD = Value(value=None, raw="", where="表1 行9", confidence=0.4)


def fields_of(code: str, data: Data, **more: Any) -> list[str | None]:
    return [f.field for f in findings(code, data, **more)]


@pytest.mark.parametrize("form", ["scene", "factory"])
@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("C01", "project_name"),
        ("C01", "applicant"),
        ("C01", "recommender"),
        ("C01", "application_date"),
        ("C02", "company_name"),
        ("C02", "uscc"),
        ("C02", "founded_on"),
        ("C02", "industry_section"),
        ("C02", "industry_group"),
        ("C02", "factory_address"),
        ("C02", "legal_rep_phone"),
        ("C02", "contact_name"),
        ("C02", "contact_email"),
        ("C02", "company_profile"),
        ("C02", "build_period"),
        ("C02", "investment"),
        ("C02", "solution_provider"),
        ("C03", "productivity_gain"),
        ("C03", "quality_loss_cut"),
        ("C05", "revenue_2021"),
        ("C05", "profit_margin_2022"),
        ("C11", "commitment_date"),
    ],
)
def test_a_required_item_left_blank_is_named(form: str, code: str, key: str) -> None:
    blank = FORMS[form]({key: None})
    assert fields_of(code, blank) == [key]
    assert outcome(code, FORMS[form]({key: UNREAD})) == "cannot_tell"
    assert outcome(code, FORMS[form]()) == "pass"
    missing = [MissingLabel(key, "某栏", "basic")]
    assert outcome(code, blank, missing_labels=missing) == "cannot_tell"


@pytest.mark.parametrize("key", ["link_name", "scene_name", "instance_name"])
def test_the_scene_form_asks_for_its_scene(key: str) -> None:
    assert fields_of("C02", scene({key: None})) == [key]
    assert fields_of("C02", scene({key: Value(raw="（在系统中下拉选择）")})) == [key]


@pytest.mark.parametrize("key", ["task_name", "task_subindustry", "task_address", "project_summary"])
def test_the_factory_form_asks_for_its_task(key: str) -> None:
    assert fields_of("C02", factory({key: None})) == [key]


@pytest.mark.parametrize("key", ["contact_fax", "contact_title", "in_key_region", "cnc_rate", "other_outcomes"])
@pytest.mark.parametrize("form", ["scene", "factory"])
def test_what_the_form_leaves_open_may_be_blank(form: str, key: str) -> None:
    data = FORMS[form]({key: None})
    for code in ("C01", "C02", "C03", "C04", "C05"):
        assert outcome(code, data) == "pass"


def test_one_of_telephone_and_mobile_is_enough() -> None:
    assert outcome("C02", scene({"contact_phone": None})) == "pass"
    assert outcome("C02", scene({"contact_mobile": None})) == "pass"
    assert fields_of("C02", scene({"contact_phone": None, "contact_mobile": "/"})) == ["contact_phone"]
    assert outcome("C02", scene({"contact_phone": None, "contact_mobile": UNREAD})) == "cannot_tell"


@pytest.mark.parametrize("provider", ["自建", "公司自建", "自主研发"])
def test_a_provider_s_contact_is_not_asked_of_those_who_build_themselves(provider: str) -> None:
    alone: Data = {"provider_contact": None, "provider_phone": None}
    assert outcome("C02", scene(alone | {"solution_provider": provider})) == "pass"
    outside = scene(alone | {"solution_provider": "上海示例自动化有限公司"})
    assert fields_of("C02", outside) == ["provider_contact", "provider_phone"]
    both = scene(alone | {"solution_provider": "自建、上海示例自动化有限公司"})
    assert fields_of("C02", both) == ["provider_contact", "provider_phone"]


def test_one_cell_for_two_items_is_asked_for_once() -> None:
    blank: Data = {"provider_contact": None, "provider_phone": None}
    outside: Data = {"solution_provider": "上海示例自动化有限公司"}
    assert fields_of("C02", factory(blank | outside)) == ["provider_contact"]
    assert fields_of("C02", factory({"provider_phone": None} | outside)) == ["provider_phone"]


@pytest.mark.parametrize("word", ["/", "无", "—", "——", "不涉及"])
def test_words_for_nothing_are_blank(word: str) -> None:
    assert fields_of("C03", scene({"resource_gain": Value(raw=word)})) == ["resource_gain"]
    assert fields_of("C02", scene({"factory_address": word})) == ["factory_address"]


def test_zero_is_an_answer_and_words_for_a_number_are_not_blank() -> None:
    assert outcome("C03", scene({"resource_gain": 0})) == "pass"
    assert outcome("C03", scene({"resource_gain": Value(raw="显著提升")})) == "cannot_tell"


def test_an_empty_date_is_blank_and_a_month_is_a_date() -> None:
    assert fields_of("C01", scene({"application_date": Value(raw="2023年 月 日")})) == ["application_date"]
    assert outcome("C01", scene({"application_date": "2023-08"})) == "pass"
    assert fields_of("C11", scene({"commitment_date": Value(raw="年 月 日")})) == ["commitment_date"]


@pytest.mark.parametrize("key", ["ownership", "size", "industry_category", "had_major_accident"])
@pytest.mark.parametrize("form", ["scene", "factory"])
def test_a_choice_has_one_tick(form: str, key: str) -> None:
    options = ["是", "否"] if key == "had_major_accident" else None
    two: Any = options or {
        "ownership": ["中央企业", "民营企业"],
        "size": ["大型企业", "中型企业"],
        "industry_category": ["原材料", "消费品"],
    }.get(key)
    assert fields_of("C04", FORMS[form]({key: None})) == [key]
    assert fields_of("C02", FORMS[form]({key: None})) == []
    found = findings("C04", FORMS[form]({key: two}))
    assert [f.field for f in found] == [key]
    assert "勾选了2项" in found[0].message
    assert outcome("C04", FORMS[form]({key: Value(raw="", confidence=0.5)})) == "cannot_tell"


@pytest.mark.parametrize(
    "key", ["is_national_pilot", "is_national_benchmark", "is_provincial_pilot", "applies_supply_chain"]
)
def test_a_factory_ticks_its_honours_and_chain(key: str) -> None:
    assert fields_of("C04", factory({key: None})) == [key]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("□大型企业 □中型企业 □小型企业 □微型企业", "finding"),
        ("☑大型企业 ☑中型企业 □小型企业 □微型企业", "finding"),
        ("□√大型企业 □中型企业√ □小型企业", "finding"),
        ("◼大型企业 ◼中型企业", "finding"),
        ("⊙大型企业 ◎中型企业 ⊙小型企业", "finding"),
        ("□√大型企业 □中型企业 □小型企业 □微型企业", "cannot_tell"),  # one tick, and yet no value
        ("规模以上企业", "cannot_tell"),
        ("", "finding"),
    ],
)
def test_ticks_are_counted_from_the_text(raw: str, expected: str) -> None:
    assert outcome("C04", scene({"size": Value(raw=raw, where="表1 行6")})) == expected


def test_boxes_filled_in_another_way_are_told_as_ticked() -> None:
    (found,) = findings("C04", scene({"size": Value(raw="◼大型企业 ◼中型企业 □小型企业", where="表1 行6")}))
    assert "勾选了2项" in found.message


def test_years_before_the_founding_are_no_gap() -> None:
    young = {f"{kind}_2020": None for kind in ("assets", "debt_ratio", "revenue", "profit_margin")}
    assert outcome("C05", scene(young | {"founded_on": "2021-03-01"})) == "pass"
    assert len(findings("C05", scene(young | {"founded_on": "2020-12"}))) == 4
    assert outcome("C05", scene(young | {"founded_on": Value(raw="庚子年")})) == "cannot_tell"
    unsure = Value(value="2021-03-01", raw="2021.3.1", confidence=0.6)
    assert outcome("C05", scene(young | {"founded_on": unsure})) == "cannot_tell"


def test_a_chapter_with_nothing_but_its_instruction_is_empty() -> None:
    form = load().forms["factory"]
    section = form.section("integration")
    assert section is not None
    hint = section.hints[0]
    assert fields_of("C06", factory(sections={"integration": None})) == ["integration"]
    assert fields_of("C06", factory(sections={"integration": Value(raw=hint)})) == ["integration"]
    assert outcome("C06", factory(sections={"integration": "[图片]"})) == "pass"
    assert outcome("C06", factory(sections={"integration": UNREAD})) == "cannot_tell"
    beside = Value(value="本项目集成五个系统。", raw=f"{hint}\n本项目集成五个系统。", where="段落40")
    data = factory(sections={"integration": beside})
    assert outcome("C06", data) == "pass"
    assert [(f.level, f.field) for f in findings("C10", data)] == [("note", "integration")]


def test_an_instruction_that_the_reader_took_off_is_still_seen_in_the_text() -> None:
    hint = load().forms["scene"].sections[0].hints[0]
    seen = reading_of(clean_scene(), lines=[TextLine(hint, "段落30", "body")])
    assert [f.level for f in findings("C10", seen)] == ["note"]
    assert outcome("C10", clean_scene()) == "pass"


def test_annex_one_needs_an_instance() -> None:
    none = scene(tables={"scenes": []})
    assert outcome("C07", none) == "finding"
    assert outcome("C07", none, format="scan") == "cannot_tell"
    assert outcome("C08", none) == "not_applicable"
    assert outcome("C07", clean_scene()) == "pass"


@pytest.mark.parametrize(
    "column", ["link", "scene", "instance", "description", "pain_points", "solution", "results", "economics"]
)
def test_a_blank_column_of_annex_one_is_named_with_its_row(column: str) -> None:
    found = findings("C08", scene(tables={"scenes": {2: {column: None}}}))
    assert [(f.field, f.row) for f in found] == [(f"scenes.{column}", 2)]
    assert outcome("C08", scene(tables={"scenes": {2: {column: UNREAD}}})) == "cannot_tell"
    gone = [MissingLabel(f"scenes.{column}", "某列", "附1")]
    assert outcome("C08", scene(tables={"scenes": {2: {column: None}}}), missing_labels=gone) == "cannot_tell"


@pytest.mark.parametrize("column", ["safeguards", "other", "remark", "seq"])
def test_optional_columns_of_annex_one_may_be_blank(column: str) -> None:
    assert outcome("C08", scene(tables={"scenes": {1: {column: None}}})) == "pass"


def second_instance(data: Data, name: str | None) -> Data:
    """The clean scene with annex two's second instance renamed."""
    own = data["tables"]["scenes"][1]["instance"]
    for table in ("equipment", "software", "processes", "technologies"):
        for row in data["tables"][table]:
            if row["instance"] == own:
                row["instance"] = name
    return data


def test_every_instance_has_its_annex_two() -> None:
    data = clean_scene()
    own = data["tables"]["scenes"][1]["instance"]
    for table in ("equipment", "software", "processes", "technologies"):
        data["tables"][table] = [r for r in data["tables"][table] if r["instance"] != own]
    assert [(f.row, f.evidence) for f in findings("C09", data)] == [(2, own)]
    assert outcome("C09", clean_scene()) == "pass"


def test_annex_two_under_another_name_is_left_to_k03() -> None:
    own = clean_scene()["tables"]["scenes"][1]["instance"]
    assert outcome("C09", second_instance(clean_scene(), f"2.{own}")) == "pass"
    assert outcome("C09", second_instance(clean_scene(), "完全不同的另一个实例")) == "cannot_tell"
    assert outcome("C09", second_instance(clean_scene(), None)) == "cannot_tell"


def test_no_annex_two_at_all() -> None:
    empty: Data = {t: [] for t in ("equipment", "software", "processes", "technologies")}
    data = scene(tables=empty)
    assert len(findings("C09", data)) == 2
    assert outcome("C09", data, format="scan") == "cannot_tell"
    assert outcome("C09", scene(tables={"scenes": []})) == "not_applicable"


def test_the_printed_example_as_an_own_row() -> None:
    example = load().forms["scene"].table("scenes").example  # type: ignore[union-attr]
    rows = [*clean_scene()["tables"]["scenes"], {"seq": "3", **example}]
    found = findings("C10", scene(tables={"scenes": rows}))
    assert [(f.level, f.row) for f in found] == [("fix", 3)]
    for code in ("C09", "D05"):
        assert outcome(code, scene(tables={"scenes": rows})) == "pass", f"{code} says no more than C10"
    same_scene = {"seq": "3"} | clean_scene()["tables"]["scenes"][0]
    near = same_scene | {"link": example["link"], "scene": example["scene"], "instance": "壳体柔性加工"}
    assert outcome("C10", scene(tables={"scenes": [near]})) == "pass"


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("is_national_pilot", "national_pilot_name"),
        ("is_national_benchmark", "national_benchmark_name"),
        ("is_provincial_pilot", "provincial_pilot_name"),
        ("had_major_accident", "accident_name"),
    ],
)
def test_yes_needs_a_name(asked: str, name: str) -> None:
    assert fields_of("C12", factory({asked: True, name: None})) == [name]
    boxes = Value(raw="☑是（项目名称： ） □否")
    cell = reading_of(factory({asked: True, name: None}))
    cell.record.fields[name] = boxes
    assert [f.field for f in findings("C12", cell)] == [name]
    assert name not in fields_of("C12", factory({asked: True, name: "2021年示范项目"}))
    assert name not in fields_of("C12", factory({asked: False, name: None}))
    unsure = Value(value=True, raw="☑是", confidence=0.6)
    assert outcome("C12", factory({asked: unsure, name: None})) == "cannot_tell"


def test_no_honours_at_all_need_no_name() -> None:
    no = dict.fromkeys(
        ("is_national_pilot", "is_national_benchmark", "is_provincial_pilot", "had_major_accident"), False
    )
    names = dict.fromkeys(("national_pilot_name", "national_benchmark_name", "provincial_pilot_name", "accident_name"))
    assert outcome("C12", factory(no | names)) == "not_applicable"


@pytest.mark.parametrize(
    ("level", "proof", "expected"),
    [
        (None, None, "finding"),
        (None, "无", "finding"),
        (None, "[图片]", "pass"),
        (None, "行业智能制造评估报告见附件", "pass"),
        ("二级", None, "pass"),
        (["二级", "三级"], None, "cannot_tell"),
        (None, Value(confidence=0.5), "cannot_tell"),
    ],
)
def test_a_factory_shows_its_capability(level: Any, proof: Any, expected: str) -> None:
    assert outcome("C13", factory({"maturity_level": level, "capability_proof": proof})) == expected


def test_capability_and_chain_are_asked_of_factories_alone() -> None:
    assert outcome("C13", clean_scene()) == "not_applicable"
    assert outcome("C14", clean_scene()) == "not_applicable"


CHAIN = ("chain_products", "chain_partners", "chain_roles", "chain_provider")
CUTS = ("chain_incoming_quality", "chain_purchase_cost", "chain_logistics_cost", "chain_delivery_cycle")


@pytest.mark.parametrize("key", CHAIN)
def test_a_supply_chain_is_described(key: str) -> None:
    assert fields_of("C14", factory({"applies_supply_chain": True, key: None})) == [key]
    assert outcome("C14", factory({"applies_supply_chain": True, key: UNREAD})) == "cannot_tell"


def test_one_of_the_four_figures_of_a_supply_chain_is_enough() -> None:
    none: Data = dict.fromkeys(CUTS)
    assert len(findings("C14", factory({"applies_supply_chain": True} | none))) == 1
    assert outcome("C14", factory({"applies_supply_chain": True} | none | {"chain_logistics_cost": 3})) == "pass"
    nothing: Data = dict.fromkeys((*CHAIN, *CUTS, "chain_other"))
    assert outcome("C14", factory({"applies_supply_chain": False} | nothing)) == "not_applicable"
    assert outcome("C14", factory({"applies_supply_chain": None} | nothing)) == "cannot_tell"


def test_seals_are_looked_for_on_pictures_alone() -> None:
    data = clean_factory()
    assert outcome("C15", data) == "not_applicable"
    assert outcome("C15", data, seals=[], format="scan") == "finding"
    assert outcome("C15", data, seals=[Seal("第1页", "red")], format="scan") == "pass"
    cover = {
        key: Value(value="某", raw="某", where="第1页 段落3") for key in ("applicant", "recommender", "project_name")
    }
    promise = {"commitment_date": Value(value="2023-08-01", raw="2023年8月1日", where="第4页 表1 行40")}
    placed = factory(cover | promise)
    both = [Seal("第1页", "red"), Seal("第4页", "red")]
    assert outcome("C15", placed, seals=both, format="scan") == "pass"
    assert [f.evidence for f in findings("C15", placed, seals=both[:1], format="scan")] == ["全文见公章1处"]


def test_ids_tell_rows_apart_and_stay_when_another_row_is_added() -> None:
    one = findings("C08", scene(tables={"scenes": {2: {"results": None}}}))
    data = scene(tables={"scenes": {2: {"results": None}}})
    data["tables"]["scenes"].insert(0, data["tables"]["scenes"][0] | {"instance": "新增在前的实例", "results": None})
    two = findings("C08", data)
    assert len({f.id for f in two}) == 2
    assert one[0].id in {f.id for f in two if f.row == 3}


def test_a_row_taken_away_is_no_fault() -> None:
    assert outcome("C08", without_rows(clean_scene(), "scenes", 2)) == "pass"


@pytest.mark.parametrize("words", ["暂无。", "（无）", "（300字以内，可配图）", "（可后附）：无"])
def test_that_there_is_nothing_is_said_in_many_ways(words: str) -> None:
    data = factory(fields={"maturity_level": None, "capability_proof": words}, sections={"growth": words})
    assert outcome("C13", data) == "finding"
    assert outcome("C06", data) == ("pass" if "可后附" in words else "finding")


def test_a_period_without_numbers_is_blank() -> None:
    [found] = findings("C02", scene(fields={"build_period": Value(raw="年 月至 年 月")}))
    assert found.field == "build_period"


@pytest.mark.parametrize("provider", ["自建（公司信息中心）", "由我公司自主开发"])
def test_the_applicants_own_house_is_no_provider(provider: str) -> None:
    data = scene(fields={"solution_provider": provider, "provider_contact": None, "provider_phone": None})
    assert outcome("C02", data) == "pass"


def test_an_annex_of_slashes_is_none() -> None:
    data = scene()
    name = data["tables"]["scenes"][1]["instance"]
    for table in ("equipment", "software", "processes", "technologies"):
        for row in data["tables"][table]:
            if row["instance"] == name:
                row |= {column: "/" for column in row if column != "instance"}
    assert [f.row for f in findings("C09", data)] == [2]
