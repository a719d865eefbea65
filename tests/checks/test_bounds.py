"""What is beyond a field is cut before rules see it, and told of; figures nobody can reckon with are none."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.load import load
from checks.bounds import MOST, MOST_LISTED, MOST_ROWS, within
from checks.run import check_document, check_round
from records.models import Note, Value
from tests.checks.outcomes import findings, outcome
from tests.forms import clean_factory, clean_scene, clean_summary, reading_of, scene, submission_of

LONG = "9" * 60_000


def test_a_sound_document_is_given_as_it_is() -> None:
    for data in (clean_scene(), clean_factory(), clean_summary(clean_scene())):
        reading = reading_of(data)
        assert within(load(), reading) == (reading, ())
        assert within(load(), reading)[0] is reading


def test_a_value_beyond_its_field_is_cut_and_told_of() -> None:
    reading = reading_of(clean_scene())
    reading.record.tables["scenes"][0]["link"] = Value(value=LONG, raw=LONG, where="表2 行2 列2")
    seen, (cut,) = within(load(), reading)
    assert cut.words() == f"附1“环节名称”第1行有60000字，只核对前{MOST['text']}字"
    assert len(seen.record.tables["scenes"][0]["link"].value) == MOST["text"]
    assert len(seen.record.tables["scenes"][0]["link"].raw) == MOST["text"]
    assert reading.record.tables["scenes"][0]["link"].value == LONG, "what was read stays as it is"
    (found,) = [f for f in findings("F08", reading) if "附1“环节名称”第1行有60000字" in f.message]
    assert found.level == "note"
    (wrong,) = [f for f in findings("M01", reading) if f.row == 1]
    assert "附1“环节名称”第1行有60000字" in wrong.message
    assert outcome("M03", reading) == "cannot_tell", "that all is well cannot be said of a part"
    assert outcome("E05", reading) == "pass", "a rule that reads another field is not concerned"


def test_a_count_of_a_cut_text_says_so() -> None:
    reading = reading_of(clean_scene())
    text = "数" * 70_000
    reading.record.fields["company_profile"] = Value(value=text, raw=text, where="表1")
    (found,) = findings("L01", reading)
    assert found.message.endswith(
        f"（“企业简介”有70000字，只核对前{MOST['long_text']}字。）".replace("“企业简介”", "企业简介")
    )


def test_rows_have_a_bound_too() -> None:
    reading = reading_of(clean_scene())
    rows = reading.record.tables["equipment"]
    reading.record.tables["equipment"] = [*rows, *({} for _ in range(MOST_ROWS))]
    seen, (cut,) = within(load(), reading)
    assert len(seen.record.tables["equipment"]) == MOST_ROWS
    assert cut.words() == f"附2关键装备有{MOST_ROWS + len(rows)}行，只核对前{MOST_ROWS}行"


def test_lists_of_instances_have_a_bound_too() -> None:
    summary = reading_of(clean_summary(clean_scene()))
    cell = summary.record.tables["scene_recommendations"][0]["instances"]
    cell.value = [{"link": "甲", "scene": "乙", "instance": "丙" * 60_000}] * (MOST_LISTED + 1)
    seen, cuts = within(load(), summary)
    listed = seen.record.tables["scene_recommendations"][0]["instances"].value
    assert (len(listed), len(listed[0]["instance"])) == (MOST_LISTED, MOST["text"])
    assert [c.unit for c in cuts] == ["项"]


def test_a_round_tells_of_cuts_too() -> None:
    one = submission_of(scene(), "浦东新区", "甲.docx")
    one.reading.record.fields["company_name"] = Value(value=LONG, raw=LONG, where="表1")
    left = {a.code: a for a in check_round(load(), [one]).assessments if a.document == "甲.docx"}
    assert left["D02"].outcome == "cannot_tell"
    assert "只核对前" in left["D02"].why


def test_what_the_reader_noticed_has_bounds_too() -> None:
    reading = reading_of(clean_scene())
    reading.record.notes.append(Note(code="S03", message="有隐藏文字", evidence="藏" * 100_000))
    (found,) = findings("S03", reading)
    assert len(found.evidence) == 2_000


@pytest.mark.parametrize("figure", [10**400, -(10**400), float("inf"), float("nan")])
@pytest.mark.parametrize("make", [clean_scene, clean_factory])
def test_no_figure_whatever_makes_a_rule_fail(make: Any, figure: float) -> None:
    reading = reading_of(make())
    for key, value in reading.record.fields.items():
        if isinstance(value.value, int | float) and not isinstance(value.value, bool):
            reading.record.fields[key] = Value(value=figure, raw="9" * 400, where="表1")
    outcomes = check_document(load(), reading, "怪.docx", "浦东新区")
    assert [str(f) + f.trace for f in outcomes.faults] == []
    left = {a.code: a.outcome for a in outcomes.assessments}
    assert {left[code] for code in ("E06", "K04", "K07")} == {"cannot_tell"}
    assert left["K06"] in ("cannot_tell", "finding")
