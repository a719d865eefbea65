"""L: 字数 as Word counts them, and the notice's limits."""

from __future__ import annotations

import random
import unicodedata

import pytest

from checks.meaning.text import count_words
from records.models import Value
from tests.checks.outcomes import findings, outcome
from tests.forms import clean_factory, clean_scene, factory, scene

CELLS = ("description", "pain_points", "solution", "results", "other")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("  \n\u3000\t", 0),
        ("98.6%", 1),
        ("PLC/DCS", 1),
        ("≥95", 1),
        ("GB/T 39116-2020", 2),
        ("智能制造", 4),
        ("，。；：（）《》！？、", 11),
        ("“智能”——制造……", 10),
        ("提升了98.6%，PLC/DCS均已联网。", 11),
        ("５Ｇ", 2),
        ("5G", 1),
        ("OPC UA", 2),
        ("AGV（3台）", 5),
        ("一\u200b二", 2),
        ("前[图片]后", 2),
        ("𠮷野", 2),
        ("第一行\n第二行", 6),
    ],
)
def test_characters_are_counted_as_word_counts_them(text: str, count: int) -> None:
    assert count_words(text) == count


def test_counting_by_the_rule_word_for_word() -> None:
    """Each wide character is one, each run of others between white space and wide characters is one."""
    rng = random.Random(643)
    alphabet = "智能制造，。（）aZ09%./≥-+ \n\u3000"
    for _ in range(500):
        text = "".join(rng.choice(alphabet) for _ in range(rng.randrange(60)))
        expected, in_run = 0, False
        for char in text:
            wide = unicodedata.east_asian_width(char) in "WF" and not char.isspace()
            expected += wide or (not char.isspace() and not in_run)
            in_run = not wide and not char.isspace()
        assert count_words(text) == expected, repr(text)


@pytest.mark.parametrize(
    ("code", "key", "make"),
    [("L01", "company_profile", scene), ("L01", "company_profile", factory), ("L02", "project_summary", factory)],
)
def test_a_limit_that_is_just_reached_is_kept(code: str, key: str, make: object) -> None:
    assert callable(make)
    assert outcome(code, make({key: "字" * 500})) == "pass"
    found = findings(code, make({key: "字" * 501}))
    assert [f.field for f in found] == [key]
    assert "501字" in found[0].message
    assert outcome(code, make({key: "字 " * 400 + "ABC-1 " * 100})) == "pass"
    unsure = Value(value="字" * 520, raw="字" * 520, confidence=0.7)
    assert outcome(code, make({key: unsure})) == "cannot_tell"
    assert outcome(code, make({key: Value(value="字" * 300, raw="字" * 300, confidence=0.7)})) == "pass"


def test_the_summary_is_asked_of_factories_alone() -> None:
    assert outcome("L02", clean_scene()) == "not_applicable"
    assert outcome("L02", clean_factory()) == "pass"


@pytest.mark.parametrize(("column", "limit"), [*((c, 300) for c in CELLS), ("safeguards", 200)])
def test_columns_of_annex_one_have_limits(column: str, limit: int) -> None:
    assert outcome("L03", scene(tables={"scenes": {1: {column: "字" * limit}}})) == "pass"
    found = findings("L03", scene(tables={"scenes": {1: {column: "字" * (limit + 1)}}}))
    assert [(f.field, f.row) for f in found] == [(f"scenes.{column}", 1)]
    unsure = Value(value="字" * (limit + 1), raw="字", confidence=0.8)
    assert outcome("L03", scene(tables={"scenes": {1: {column: unsure}}})) == "cannot_tell"


def test_economics_has_no_limit_and_no_rows_have_none() -> None:
    assert outcome("L03", scene(tables={"scenes": {1: {"economics": "字" * 900}}})) == "pass"
    assert outcome("L03", scene(tables={"scenes": []})) == "not_applicable"


def test_a_row_of_annex_one_is_one_scene_s_description() -> None:
    texts = ("description", "pain_points", "solution", "safeguards", "results", "other", "economics")
    row: dict[str, str | None] = dict.fromkeys(texts)
    full = scene(tables={"scenes": {1: row | {"description": "字" * 100, "economics": "字" * 2900}}})
    assert outcome("L04", full) == "pass"
    over = scene(tables={"scenes": {1: row | {"description": "字" * 101, "economics": "字" * 2900}}})
    assert [(f.field, f.row) for f in findings("L04", over)] == [("scenes", 1)]
    unsure = row | {"economics": Value(value="字" * 3001, raw="字", confidence=0.8)}  # type: ignore[operator]
    assert outcome("L04", scene(tables={"scenes": {1: unsure}})) == "cannot_tell"


def test_chapter_two_of_the_scene_form_is_shared_by_its_instances() -> None:
    assert outcome("L04", scene(sections={"construction_plan": "字" * 6000})) == "pass"  # two instances
    found = findings("L04", scene(sections={"construction_plan": "字" * 6001}))
    assert [f.field for f in found] == ["construction_plan"]
    assert outcome("L04", factory(sections={"construction_plan": "字" * 30000})) == "pass"


@pytest.mark.parametrize("column", ["description", "pain_points", "solution", "results", "economics"])
def test_short_texts_are_pointed_out(column: str) -> None:
    found = findings("L05", scene(tables={"scenes": {1: {column: "字" * 19}}}))
    assert [(f.level, f.field, f.row) for f in found] == [("note", f"scenes.{column}", 1)]
    assert outcome("L05", scene(tables={"scenes": {1: {column: "字" * 20}}})) == "pass"
    assert outcome("L05", scene(tables={"scenes": {1: {column: None}}})) == "pass"
    unsure = Value(value="字" * 9, raw="字" * 9, confidence=0.6)
    assert outcome("L05", scene(tables={"scenes": {1: {column: unsure}}})) == "cannot_tell"


def test_names_and_optional_columns_may_be_short() -> None:
    short = {"link": "生产作业", "safeguards": "有制度。", "other": "无", "remark": "已验收"}
    assert outcome("L05", scene(tables={"scenes": {1: short}})) == "pass"
    assert outcome("L05", scene(tables={"scenes": []})) == "not_applicable"
