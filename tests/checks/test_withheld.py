"""The text of a document that carries a secrecy marking stands in no finding, its own or another's."""

from __future__ import annotations

import re
from typing import Any

import pytest

from catalog.load import load
from checks import secrecy, withheld
from checks.assessments import Assessments
from checks.duplicates import MANY
from checks.registry import Outcomes
from checks.run import check_document, check_round
from checks.withheld import WITHHELD
from records.models import UNKNOWN, Reading, Record, Source, Submission, TextLine
from tests.checks.test_duplicates import PROSE, another
from tests.forms import Data, changed, clean_factory, clean_scene, clean_summary, reading_of, scene, submission_of

MARKS = [TextLine("机密★5年", "第1页 页眉1", "header")]
SECRET = "某型特种合金配比"
FAULTY: Data = scene(
    {"contact_email": f"{SECRET}信箱", "contact_mobile": f"{SECRET}12", "profit_margin_2020": -3.1, "factory_address": SECRET},
    {"scenes": {1: {"link": SECRET, "scene": SECRET, "results": SECRET}}},
)  # fmt: skip


def everything(outcomes: Outcomes) -> str:
    return "".join(x.model_dump_json() for x in (*outcomes.findings, *outcomes.assessments))


def marked(data: Data, district: str, document: str) -> Submission:
    return submission_of(data, district, document, lines=MARKS)


def test_of_a_marked_file_a_finding_has_the_name_the_marking_and_the_place() -> None:
    open_, kept = (
        check_document(load(), reading_of(FAULTY, **more), "申报书.docx")
        for more in ({}, {"lines": MARKS})
    )  # fmt: skip
    assert SECRET in everything(open_)
    assert SECRET not in everything(kept)
    (mark,) = [f for f in kept.findings if f.code == "S01"]
    assert mark.level == "reject"
    assert (mark.document, mark.evidence, mark.where) == ("申报书.docx", "机密★5年", "第1页 页眉1")
    others = [f for f in kept.findings if f.code != "S01"]
    assert {f.id for f in others} == {f.id for f in open_.findings}, "what is to be mended is still known"
    assert {(f.evidence, f.expected) for f in others} == {("", "")}
    assert all(f.message.endswith(f"。{WITHHELD}。") and f.where is not None for f in others)
    assert not kept.faults


def test_the_applicant_reports_to_its_secrecy_office_and_leaves_the_marking_alone() -> None:
    found = check_document(load(), reading_of(FAULTY, lines=MARKS), "申报书.docx").findings
    (message,) = [f.message for f in found if f.code == "S01"]
    assert "保密工作机构" in message
    assert "报告" in message
    assert not any(word in message for word in ("去除", "删除", "删去", "去掉", "误标"))


def test_what_another_shares_with_it_is_not_quoted_either() -> None:
    pair = []
    for name in ("上海甲制造有限公司", "上海乙制造有限公司"):
        data = another(clean_factory(), name)
        data["sections"]["construction_plan"] = PROSE
        pair.append((data, "浦东新区", f"浦东新区/{name}.docx"))
    submissions = [marked(*pair[0]), submission_of(*pair[1])]
    outcomes = check_round(load(), submissions)
    found = {f.document: f for f in outcomes.findings if f.code == "D03"}
    assert len(found) == 2
    assert PROSE[:10] not in everything(outcomes)
    for finding, other in zip(submissions, reversed(submissions), strict=True):
        assert f"“{other.document}”" in found[finding.document].message


@pytest.mark.parametrize("only", [None, ["嘉定区"]])
def test_a_marked_file_that_is_not_checked_itself_is_not_quoted(only: Any) -> None:
    one = another(clean_factory(), "上海甲制造有限公司", project_name=f"{SECRET}工厂")
    here = submission_of(another(clean_factory(), "上海甲制造有限公司"), "嘉定区", "嘉定区/1.docx")
    outcomes = check_round(load(), [here, marked(one, "浦东新区", "浦东新区/2.docx")], only)
    assert [f.document for f in outcomes.findings if f.code == "D02"] == ["嘉定区/1.docx", "浦东新区/2.docx"]
    assert "上海甲制造有限公司工厂" not in everything(outcomes)
    assert all(WITHHELD in f.message for f in outcomes.findings if f.code == "D02")
    again = marked(changed(one, {"project_name": SECRET}), "嘉定区", "嘉定区/2.docx")
    assert SECRET not in everything(check_round(load(), [here, again], only))


def test_a_marked_table_is_not_quoted_on_the_applications() -> None:
    data = clean_scene()
    table = clean_summary(data)
    table["tables"]["scene_recommendations"][0] |= {"contact": SECRET}
    sent = [submission_of(data, "浦东新区", "浦东新区/申报书.docx"), marked(table, "浦东新区", "浦东新区/汇总表.docx")]
    outcomes = check_round(load(), sent)
    assert [f.document for f in outcomes.findings if f.code == "Q05"] == ["浦东新区/申报书.docx"]
    assert SECRET not in everything(outcomes)


def test_where_it_cannot_be_told_whether_it_is_marked_it_is_taken_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Any:
        raise ZeroDivisionError

    submissions = [submission_of(FAULTY, "浦东新区", "浦东新区/1.docx")]
    outcomes = check_document(load(), submissions[0].reading, "浦东新区/1.docx", "浦东新区")
    outcomes.assessments = Assessments(a for a in outcomes.assessments if a.code != "S01")
    monkeypatch.setattr(secrecy, "markings", broken)
    withheld.withhold(load(), outcomes, submissions)
    assert SECRET not in everything(outcomes)


def sharing(company: str, **fields: Any) -> Data:
    data = another(clean_factory(), company, **fields)
    data["sections"]["construction_plan"] = PROSE
    return data


def foreign(document: str, *paragraphs: str) -> Submission:
    """A file that is no form."""
    lines = [TextLine(text, f"段落{n}", "body") for n, text in enumerate(paragraphs, 1)]
    record = Record(form=UNKNOWN, source=Source(path=document, sha256=document, format="docx"))
    reading = Reading(record=record, lines=lines)
    return Submission(district=document.partition("/")[0], document=document, reading=reading)


OTHER = {"applicant": "上海甲制造有限公司"}


@pytest.mark.parametrize(
    ("place", "fields"),
    [("嘉定区/2.docx", OTHER), ("浦东新区/2.docx", OTHER | {"project_name": "另一项目"}), ("嘉定区/2.docx", {})],
    ids=["another office", "another project", "another company"],
)
def test_the_copy_of_a_marked_file_is_withheld_whosever_it_is(place: str, fields: dict[str, str]) -> None:
    copy = sharing(fields.get("applicant", "上海乙制造有限公司"), **fields)
    others = [another(clean_scene(), "上海丙制造有限公司")]
    outcomes = check_round(
        load(),
        [
            marked(sharing("上海甲制造有限公司"), "浦东新区", "浦东新区/1.docx"),
            submission_of(copy, place.partition("/")[0], place),
            *(submission_of(other, "嘉定区", "嘉定区/3.docx") for other in others),
            foreign("嘉定区/无关.docx", "会议纪要。" * 60),
            foreign("嘉定区/佐证.docx", *re.split("(?<=。)", PROSE)[::-1]),
            foreign("嘉定区/两段.docx", PROSE[:100], "别的话。" * 20, PROSE[120:]),
        ],
    )
    assert outcomes.withheld == {"浦东新区/1.docx", place, "嘉定区/佐证.docx", "嘉定区/两段.docx"}
    assert PROSE[:12] not in everything(outcomes)


def test_the_copy_of_a_marked_file_that_has_been_replaced_is_withheld() -> None:
    old = changed(sharing("上海甲制造有限公司"), {"application_date": "2023年8月1日"})
    new = another(clean_factory(), "上海甲制造有限公司")
    sent = [
        marked(old, "浦东新区", "浦东新区/旧.docx"),
        submission_of(new, "浦东新区", "浦东新区/新.docx"),
        submission_of(sharing("上海乙制造有限公司"), "嘉定区", "嘉定区/抄.docx"),
    ]
    outcomes = check_round(load(), sent)
    assert outcomes.aside == {"浦东新区/旧.docx"}
    assert outcomes.withheld == {s.document for s in sent}
    (mark,) = [f for f in outcomes.findings if f.code == "S01"]
    assert (mark.document, mark.evidence, mark.where) == (
        "浦东新区/新.docx",
        "机密★5年",
        "另一份的第1页 页眉1",
    )
    assert "“浦东新区/旧.docx”" in mark.message
    told = [a for a in outcomes.assessments if (a.code, a.document) == ("S01", "浦东新区/新.docx")]
    assert [(a.outcome, a.why) for a in told] == [("finding", "1处")]


def test_what_many_companies_have_of_one_template_is_no_copy_of_a_marked_file() -> None:
    companies = [f"上海{n:03d}号制造有限公司" for n in range(MANY + 2)]
    sent = [submission_of(sharing(c), "嘉定区", f"嘉定区/{c}.docx") for c in companies[1:]]
    outcomes = check_round(load(), [marked(sharing(companies[0]), "嘉定区", "嘉定区/密.docx"), *sent])
    assert outcomes.withheld == {"嘉定区/密.docx"}
