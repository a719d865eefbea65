"""The 2023 pack says what the notice says."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest

import catalog
from catalog import load
from checks.making import named, rules_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pack() -> catalog.Catalog:
    return catalog.load("2023")


def test_three_aspects_sixteen_links_forty_five_scenes(pack):
    assert pack.lists["links"].groups == ("产品全生命周期", "生产全过程", "供应链全环节")
    assert [len(list(g)) for _, g in groupby(pack.lists["links"].items, key=lambda link: link.group)] == [5, 8, 3]
    by_aspect = Counter(scene.group for scene in pack.lists["scenes"].items)
    assert [by_aspect[a] for a in pack.lists["links"].groups] == [13, 26, 6]
    assert len({scene.name for scene in pack.lists["scenes"].items}) == 45


def test_texts_are_whole_sentences_without_traces_of_the_page(pack):
    for item in (*pack.lists["links"].items, *pack.lists["scenes"].items):
        assert len(item.text) > 30
        assert item.text.endswith(("。", "："))
        assert not re.search(r"\s|[—]\d|附件", item.text), item.text
    first, last = pack.lists["scenes"].items[0], pack.lists["scenes"].items[-1]
    assert first.text.startswith("应用设计、仿真软件和知识模型库，")
    assert last.text == (
        "建立供应链管理系统，集成知识图谱、云计算等技术，开展供应链风险隐患识别、定位、预警和高效处置。"
    )


def test_sixteen_districts_and_three_committees_with_their_quotas(pack):
    kinds = Counter(r.kind for r in pack.recommenders)
    assert kinds == {"district": 16, "committee": 3}
    for recommender in pack.recommenders:
        wanted = (20, 10) if recommender.kind == "district" else (10, 5)
        assert tuple(recommender.quota.values()) == wanted
        assert recommender.flags == ()
    codes = {code: r.name for r in pack.recommenders for code in (*r.codes, *r.retired_codes)}
    assert codes["310115"] == codes["310119"] == "浦东新区"
    assert codes["310106"] == codes["310108"] == "静安区"
    assert codes["310151"] == codes["310230"] == "崇明区"


def test_a_pack_is_one_whatever_it_is_called(pack):
    assert load() is load("2023") is load(pack.id)


def test_number_and_deadlines_of_the_notice(pack):
    assert pack.number == "沪经信制〔2023〕643号"
    assert pack.deadlines["applicants"].isoformat() == "2023-08-19"
    assert pack.deadlines["recommenders"].isoformat() == "2023-08-21"
    assert len(pack.lists["equipment_kinds"].items) == len(pack.lists["software_kinds"].items) == 6


def test_every_clause_a_rule_names_has_its_wording(pack):
    without = {rule.code: rule.clause for rule in rules_of(load()) if not pack.clause(rule.clause)}
    assert without == {}


def test_several_clauses_give_both_wordings(pack):
    both = pack.clause("附件1, 附件3")
    assert both == f"{pack.clause('附件1')}\n{pack.clause('附件3')}"
    assert pack.clause("附件1, 附件9") == ""


def test_no_personal_data_of_officials(pack):
    whole = "".join(clause.text for clause in pack.clauses)
    assert not re.search(r"\d{11}|\d{3}-\d{8}|\w@\w", whole)


def test_every_form_is_there_and_lists_of_keys_name_its_fields(pack):
    assert set(pack.forms) == {"scene", "factory", "summary"}
    columns = {c.key for c in pack.forms["scene"].table("scenes").columns}
    assert set(pack.keys["scene_texts"]) <= columns


def test_choices_of_the_forms_are_the_catalogs(pack):
    names = tuple(i.name for i in pack.industries)
    for form in ("scene", "factory"):
        assert pack.forms[form].field("industry_category").options == names
    told = {rule.code: rule.params for rule in pack.rules}
    assert set(told["K04"]["needs"]) == set(pack.forms["scene"].field("size").options)
    for asks in told["K09"]["asks"]:
        assert {*asks["asked"], *asks["not_asked"]} <= set(names)
    assert set(pack.words["central_enterprise"]) <= set(pack.forms["scene"].field("ownership").options)


def test_gb_t_4754_is_complete(pack):
    assert "".join(s.code for s in pack.sections) == "ABCDEFGHIJKLMNOPQRST"
    assert [d.code for d in pack.divisions] == [f"{n:02}" for n in range(1, 98)]
    assert len(pack.groups) == 179
    assert {g.section for g in pack.groups} == {"C"}


def test_every_list_of_words_and_keys_is_read_by_a_rule_or_a_reader(pack):
    code = [
        p.read_text(encoding="utf-8")
        for name in ("catalog", "checks", "extractors")
        for p in (ROOT / name).rglob("*.py")
    ]
    asked = {name for text in code for name in re.findall(r'(?:words|keys)(?:\.get\(|\[)\s*"(\w+)"', text)}
    asked |= named(pack, "words") | named(pack, "keys")
    assert {*pack.words, *pack.keys} - asked == set()
