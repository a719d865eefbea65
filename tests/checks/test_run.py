"""Running rules: one outcome each, a fault costs one rule on one document, the same bytes out, ids that stay."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from catalog.load import load
from checks import comparing, making
from checks.making import rules_of
from checks.registry import At, CannotTell, Context, NotApplicable, Outcomes, Result, Round, Rule, Trip
from checks.run import check_document, check_round
from checks.subject import FAILED
from records.models import Finding, Submission, TextLine, Value
from tests.checks.extra import with_rules
from tests.forms import clean_factory, clean_scene, clean_summary, factory, reading_of, scene, submission_of

APPLICATIONS = {"scene", "factory"}


@pytest.fixture
def temporary_rule(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Add rules to the book for one test."""

    def add(check: Any = None, *, code: str = "Q99", over_round: Any = None, **more: Any) -> None:
        more.setdefault("scope", "district" if code[0] == "Q" else "counted")
        made = Rule(code, "fix", "附件3", "试验", ("scene",), (), "试验。", check, over_round, over_round is None)
        monkeypatch.setattr(making, "_MADE", with_rules(replace(made, **more)))

    return add


@pytest.mark.parametrize("data", [clean_scene(), clean_factory(), clean_summary()])
def test_a_clean_document_gets_no_finding_and_every_rule_an_outcome(data: dict[str, Any]) -> None:
    outcomes = check_document(load(), reading_of(data), "甲.docx")
    assert [(f.code, f.message) for f in outcomes.findings] == []
    assert outcomes.faults == []
    expected = {r.code for r in rules_of(load()) if r.check and r.alone and data["form"] in r.forms}
    if data["form"] in APPLICATIONS:  # and the rules of the other application form, as not applicable
        expected |= {r.code for r in rules_of(load()) if r.check and r.alone and APPLICATIONS & set(r.forms)}
    assert Counter(a.code for a in outcomes.assessments) == Counter(expected)
    for assessment in outcomes.assessments:
        own = next(r for r in rules_of(load()) if r.code == assessment.code)
        if data["form"] not in own.forms:
            assert assessment.outcome == "not_applicable"
            assert assessment.why


def test_a_clean_round_gets_no_reject_and_no_fix() -> None:
    submissions = clean_round()
    found = check_round(load(), submissions)
    assert [(f.code, f.document, f.message) for f in found.findings if f.level != "note"] == []
    assert found.faults == []


def clean_round() -> list[Submission]:
    districts = {"浦东新区": [clean_scene()], "嘉定区": [clean_factory()]}
    out = []
    for district, applications in districts.items():
        out += [submission_of(a, district) for a in applications]
        out.append(submission_of(clean_summary(*applications), district))
    return out


def test_the_same_inbox_gives_the_same_findings_in_any_order() -> None:
    submissions = [
        *clean_round(),
        submission_of(scene({"factory_address": None, "contact_email": "无"}), "浦东新区", "浦东新区/二.docx"),
        submission_of(scene({"project_name": "另一项目", "revenue_2020": None}), "浦东新区", "浦东新区/三.docx"),
    ]
    first = check_round(load(), submissions)
    random.Random(7).shuffle(submissions)
    again = check_round(load(), submissions)
    assert [f.model_dump() for f in first.findings] == [f.model_dump() for f in again.findings]
    assert [a.model_dump() for a in first.assessments] == [a.model_dump() for a in again.assessments]
    keys = [(f.document, f.code, f.row or 0) for f in first.of_district("浦东新区").findings]
    assert keys == sorted(keys)
    assert len({f.id for f in first.findings}) == len(first.findings)


def test_ids_stay_when_the_file_moves_and_another_fault_is_mended() -> None:
    faulty = scene(
        {"factory_address": None, "applicant": None, "project_name": None}, {"scenes": {2: {"results": None}}}
    )
    before = {f.id: f for f in check_document(load(), reading_of(faulty), "浦东新区/旧/甲.docx", "浦东新区").findings}
    mended = scene({"factory_address": None}, {"scenes": {2: {"results": None}}})
    mended["tables"]["scenes"].reverse()
    after = {f.id: f for f in check_document(load(), reading_of(mended), "浦东新区/新.docx", "浦东新区").findings}
    assert {f.code for f in after.values()} == {"C02", "C08"}
    assert set(after) <= set(before)
    assert {before[i].code for i in set(before) - set(after)} >= {"C01"}


def test_two_applications_of_one_company_have_ids_of_their_own() -> None:
    def one(project: str, document: str) -> Submission:
        return submission_of(scene({"project_name": project, "factory_address": None}), "浦东新区", document)

    both = [one("甲项目", "浦东新区/1.docx"), one("乙项目", "浦东新区/2.docx")]
    moved = [one("甲项目", "浦东新区/9.docx"), one("乙项目", "浦东新区/2.docx")]
    ids = {f.document: f.id for f in check_round(load(), both).findings if f.code == "C02"}
    later = {f.document: f.id for f in check_round(load(), moved).findings if f.code == "C02"}
    assert ids["浦东新区/1.docx"] != ids["浦东新区/2.docx"]
    assert ids["浦东新区/1.docx"] == later["浦东新区/9.docx"]
    assert ids["浦东新区/2.docx"] == later["浦东新区/2.docx"]


def test_findings_of_one_thing_are_told_apart_by_their_evidence(temporary_rule: Any) -> None:
    def check(context: Context) -> Iterator[Result]:
        """Reads the words to complain of from the form, in the order given there."""
        for word in context.reading.record.text("other_outcomes").split():
            yield Trip(f"有“{word}”。", about="词", evidence=word)

    temporary_rule(check)

    def ids(words: str) -> dict[str, str]:
        found: list[Finding] = check_document(load(), reading_of(scene({"other_outcomes": words})), "甲").findings
        return {f.evidence: f.id for f in found if f.code == "Q99"}

    assert len(set(ids("甲 乙 丙").values())) == 3
    assert ids("甲 乙 丙") == ids("丙 乙 甲")
    assert len(set(ids("甲 甲").values())) == 1


def test_a_rule_that_raises_is_a_fault_and_the_others_run(temporary_rule: Any) -> None:
    def broken(_context: Context) -> Iterator[Result]:
        yield Trip("先说一句", about="x")
        raise KeyError("no such key")

    temporary_rule(broken)
    outcomes = check_document(load(), reading_of(scene({"factory_address": None})), "甲.docx")
    assert [(f.code, f.document) for f in outcomes.faults] == [("Q99", "甲.docx")]
    assert "no such key" in outcomes.faults[0].error
    assert "broken" in outcomes.faults[0].trace
    assert [f.code for f in outcomes.findings] == ["C02"]
    assert [(a.outcome, a.why) for a in outcomes.assessments if a.code == "Q99"] == [("cannot_tell", FAILED)]


def test_a_finding_that_cannot_be_made_costs_that_rule_alone(temporary_rule: Any) -> None:
    temporary_rule(lambda _context: iter([Trip("甲", about="甲"), Trip(None, about="乙")]))  # type: ignore[arg-type]
    outcomes = check_document(load(), reading_of(scene({"factory_address": None})), "甲.docx")
    assert [(f.code, f.document) for f in outcomes.faults] == [("Q99", "甲.docx")]
    assert [f.code for f in outcomes.findings] == ["C02"]
    assert [a.outcome for a in outcomes.assessments if a.code == "Q99"] == ["cannot_tell"]


def test_a_round_rule_that_raises_is_a_fault_too(temporary_rule: Any) -> None:
    def broken(_round: Round) -> Iterator[tuple[At, Result]]:
        raise RuntimeError("kaputt")
        yield

    temporary_rule(over_round=broken)
    outcomes = check_round(load(), clean_round())
    assert [(f.code, f.document) for f in outcomes.faults] == [("Q99", "")]
    assert len({a.document for a in outcomes.assessments}) >= 4
    assert {a.outcome for a in outcomes.assessments if a.code == "Q99"} == {"cannot_tell"}


def test_a_round_rule_is_tried_without_the_document_it_raises_on(temporary_rule: Any) -> None:
    def broken(round_: Round) -> Iterator[tuple[At, Result]]:
        for submission in round_.counted("scene"):
            if submission.document in ("乙.docx", "丁.docx"):
                raise OverflowError(submission.document)
            yield At.of(submission), Trip("看到了。", about="某事")

    temporary_rule(over_round=broken, code="D99")
    inbox = [submission_of(scene(), "浦东新区", f"{name}.docx") for name in "甲乙丙丁戊"]
    for number, submission in enumerate(inbox):
        submission.reading.record.fields["uscc"] = Value(value=f"{number}", raw="x")
        submission.reading.record.fields["company_name"] = Value(value=f"第{number}公司", raw="x")
    outcomes = check_round(load(), inbox)
    assert {a.document: a.outcome for a in outcomes.assessments if a.code == "D99"} == {
        "甲.docx": "finding", "乙.docx": "cannot_tell", "丙.docx": "finding", "丁.docx": "cannot_tell", "戊.docx": "finding",
    }  # fmt: skip
    assert {(f.code, f.document) for f in outcomes.faults} == {("D99", "乙.docx"), ("D99", "丁.docx")}


def test_a_rule_on_a_districts_recommendation_is_tried_without_the_district_it_raises_on(temporary_rule: Any) -> None:
    def broken(round_: Round) -> Iterator[tuple[At, Result]]:
        for submission in round_.counted():
            if submission.district == "浦东新区" and submission.record.form == "scene":
                raise OverflowError
            yield At.of(submission), Trip("没有收到相应的申报书。", about="某事")

    temporary_rule(over_round=broken, forms=("scene", "factory", "summary"))
    outcomes = check_round(load(), clean_round())
    found = {(a.district, a.outcome) for a in outcomes.assessments if a.code == "Q99"}
    assert found == {("浦东新区", "cannot_tell"), ("嘉定区", "finding")}
    assert [(f.code, f.document) for f in outcomes.faults] == [("Q99", "浦东新区")]


def test_where_versions_cannot_be_told_apart_nothing_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_submissions: Any) -> frozenset[str]:
        raise ValueError("kaputt")

    monkeypatch.setattr(comparing, "set_aside", broken)
    outcomes = check_round(load(), clean_round())
    assert [(f.code, f.document) for f in outcomes.faults] == [("F10", "")]
    over_round = {r.code for r in rules_of(load()) if r.round_check is not None}
    assert {a.outcome for a in outcomes.assessments if a.code in over_round} == {"cannot_tell"}


def test_a_round_rule_speaks_of_documents_and_of_districts(temporary_rule: Any) -> None:
    def check(round_: Round) -> Iterator[tuple[At, Result]]:
        for submission in round_.counted("scene"):
            yield At.of(submission), Trip("某事。", about="某事")
        yield At("嘉定区", ""), CannotTell("没有汇总表")

    temporary_rule(over_round=check, forms=("scene", "summary"))
    inbox = [s for s in clean_round() if not (s.district == "嘉定区" and s.record.form == "summary")]
    outcomes = check_round(load(), inbox)
    left = {(a.district, a.document): a.outcome for a in outcomes.assessments if a.code == "Q99"}
    by_form = {s.record.form: s.document for s in inbox}
    assert left == {
        ("浦东新区", by_form["scene"]): "finding",
        ("浦东新区", by_form["summary"]): "pass",
        ("嘉定区", ""): "cannot_tell",
    }
    found = [f for f in outcomes.findings if f.code == "Q99"]
    assert [(f.district, f.applicant, f.form) for f in found] == [
        ("浦东新区", clean_scene()["fields"]["applicant"], "scene")
    ]
    assert [a.code for a in outcomes.of_district("嘉定区").assessments if a.document == ""].count("Q99") == 1


def test_rules_of_the_round_are_left_out_where_files_are_checked_alone() -> None:
    alone = {a.code for a in check_document(load(), reading_of(clean_factory()), "甲.docx").assessments}
    inbox = {a.code for a in check_document(load(), reading_of(clean_factory()), "甲.docx", "嘉定区").assessments}
    assert inbox - alone == {r.code for r in rules_of(load()) if r.check and not r.alone}
    assert alone <= inbox


def test_the_gravest_result_is_the_outcome() -> None:
    made = next(r for r in rules_of(load()) if r.code == "C02")
    cases: list[tuple[list[Result], str]] = [
        ([], "pass"),
        ([NotApplicable("甲")], "not_applicable"),
        ([NotApplicable("甲"), CannotTell("乙")], "cannot_tell"),
        ([CannotTell("乙"), Trip("丙"), NotApplicable("甲")], "finding"),
    ]
    for results, expected in cases:
        outcomes = Outcomes()
        finding = Finding(id="x", code="C02", level="fix", message="", clause="")
        outcomes.add(made, results, document="甲", make=lambda _trip, f=finding: f)
        assert [a.outcome for a in outcomes.assessments] == [expected]
        assert len(outcomes.findings) == (expected == "finding")


def test_a_finding_carries_what_the_contract_names() -> None:
    found = check_document(load(), reading_of(factory({"factory_address": None})), "嘉定区/甲.docx", "嘉定区").findings
    assert list(found[0].model_dump()) == [
        "id", "code", "level", "district", "document", "applicant", "form", "field", "row", "where", "evidence",
        "expected", "message", "clause", "place", "actor",
    ]  # fmt: skip
    one = found[0]
    assert (one.code, one.level, one.district, one.document) == ("C02", "fix", "嘉定区", "嘉定区/甲.docx")
    assert (one.form, one.field, one.clause) == ("factory", "factory_address", "附件3 一")
    assert one.applicant == clean_factory()["fields"]["applicant"]
    assert one.message
    assert one.expected
    assert one.where
    assert (one.place, one.actor) == ("第一部分（一）—工厂地址", "applicant")


def test_assessments_are_written_without_the_district() -> None:
    outcomes = check_document(load(), reading_of(clean_scene()), "甲.docx", "浦东新区")
    assert set(next(iter(outcomes.assessments)).model_dump()) == {"document", "code", "outcome", "why"}


def test_a_document_without_any_value_is_checked_without_a_fault() -> None:
    for form in ("scene", "factory", "summary", "unknown"):
        reading = reading_of(clean_scene())
        reading.record.form = form
        reading.record.fields = {}
        reading.record.tables = {}
        reading.record.sections = {}
        assert check_document(load(), reading, "空.docx", "浦东新区").faults == []


@pytest.mark.parametrize(
    "text", ["", " ", "-", "x" * 5000, "\ud800", "\x00", "１", "2023-13-45", "（）", "%", "\n\n", "\u202e甲"]
)
@pytest.mark.parametrize("make", [clean_scene, clean_factory])
def test_no_text_whatever_makes_a_rule_fail(make: Any, text: str) -> None:
    reading = reading_of(make())
    record = reading.record
    for held in (record.fields, record.sections, *(row for table in record.tables.values() for row in table)):
        for key, value in held.items():
            typed = not isinstance(value.value, str | None)
            held[key] = Value(value=None if typed else text, raw=text, where="表1")
    for key in ("application_date", "founded_on", "commitment_date"):
        record.fields[key] = Value(raw=text)
    reading.lines.append(TextLine(text, "段落1", "header"))
    outcomes = check_document(load(), reading, "怪.docx", "浦东新区")
    assert [str(f) + f.trace for f in outcomes.faults] == []
    assert all(f.id for f in outcomes.findings)
