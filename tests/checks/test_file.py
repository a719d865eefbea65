"""F: the file as received; doubles and versions across a round."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.load import load
from checks.run import check_round
from records.models import MissingLabel, Note, Reading, Record, Source, Submission, TextLine, Value
from tests import forms
from tests.checks.outcomes import findings, outcome, over_round
from tests.forms import changed, clean_factory, clean_scene, clean_summary, factory, reading_of, scene, submission_of


def unreadable(*notes: Note, path: str = "a.docx", sha256: str = "0" * 64) -> Reading:
    return Reading(record=Record(source=Source(path=path, sha256=sha256, format="docx"), notes=list(notes)))


@pytest.mark.parametrize(
    ("code", "level"),
    [("F01", "fix"), ("F02", "fix"), ("F04", "fix"), ("F05", "note"), ("F09", "fix"), ("F11", "note")],
)
def test_what_the_reader_noticed_becomes_a_finding(code: str, level: str) -> None:
    noted = Note(code=code, message="某处有异常", where="段落3", evidence="原文")
    found = findings(code, reading_of(clean_scene(), notes=[noted]))
    assert [(f.level, f.where, f.evidence) for f in found] == [(level, "段落3", "原文")]
    assert found[0].message.startswith("某处有异常。")
    assert outcome(code, clean_scene()) == "pass"
    assert findings(code, unreadable(noted))


def test_a_file_that_cannot_be_read_leaves_file_outcomes_alone() -> None:
    reading = unreadable(Note(code="F01", message="文件损坏"))
    assert outcome("F01", reading) == "finding"
    assert outcome("F06", reading) == "cannot_tell"
    assert outcome("F04", reading) == "cannot_tell"
    assert outcome("S01", reading) == "cannot_tell"  # whether it is marked
    for code in ("F07", "C02", "L01", "E01"):
        assert outcome(code, reading) is None


def test_ids_of_unreadable_files_differ() -> None:
    note = Note(code="F01", message="文件损坏")
    one = findings("F01", unreadable(note, sha256="1" * 64))
    other = findings("F01", unreadable(note, sha256="2" * 64))
    assert one[0].id != other[0].id


def test_two_notes_of_a_kind_are_two_findings_whose_ids_do_not_count() -> None:
    notes = [Note(code="F05", message="3处修订"), Note(code="F05", message="1处批注", evidence="待核")]
    both = findings("F05", reading_of(clean_scene(), notes=notes))
    later = findings("F05", reading_of(clean_scene(), notes=[Note(code="F05", message="1处修订"), notes[1]]))
    assert {f.id for f in both} == {f.id for f in later}
    assert len({f.id for f in both}) == 2


def test_a_foreign_form() -> None:
    reading = unreadable()
    reading.lines.append(TextLine("“专精特新”企业申请书", "段落1", "body"))
    found = findings("F06", reading)
    assert [(f.level, f.evidence) for f in found] == [("fix", "“专精特新”企业申请书")]
    assert "附件3-1" in found[0].message
    assert outcome("F06", clean_summary()) == "pass"


def test_missing_labels_are_named_by_part_in_one_finding() -> None:
    missing = [
        MissingLabel("size", "企业类型", "第一部分（一）"),
        MissingLabel("quality_loss_cut", "质量损失率下降*", "第一部分（二）整体建设成效"),
        MissingLabel("cnc_rate", "关键设备数控化率", "第一部分（二）整体建设成效"),
    ]
    found = findings("F07", clean_scene(), missing_labels=missing)
    assert len(found) == 1
    assert "整体建设成效中的“质量损失率下降”“关键设备数控化率”" in found[0].message
    assert "“企业类型”" in found[0].message
    assert outcome("F07", clean_scene()) == "pass"
    assert outcome("F07", clean_scene(), missing_labels=missing, format="scan") == "cannot_tell"


def test_lists_that_the_form_calls_optional_may_be_left_out() -> None:
    lists = [MissingLabel("patents", "专利清单", "附7"), MissingLabel("standards.number", "标准号", "附6")]
    assert outcome("F07", clean_factory(), missing_labels=lists) == "pass"
    part = MissingLabel("software", "关键软件", "附2")
    assert [f.level for f in findings("F07", clean_factory(), missing_labels=[*lists, part])] == ["fix"]


def test_a_column_for_remarks_that_was_dropped_is_a_note() -> None:
    remark = MissingLabel("scenes.remark", "备注", "附1")
    assert [f.level for f in findings("F07", clean_scene(), missing_labels=[remark])] == ["note"]
    results = MissingLabel("scenes.results", "已实施成效", "附1")
    assert [f.level for f in findings("F07", clean_scene(), missing_labels=[remark, results])] == ["fix"]


def test_unsure_values_are_listed_by_their_labels() -> None:
    unsure = {"contact_mobile": 0.8, "scenes.results": 0.7, "integration": 0.6}
    found = findings("F08", clean_factory(), confidence=unsure)
    assert len(found) == 1
    for label in ("联系人手机", "附1“已实施成效”", "四、系统集成方案"):
        assert label in found[0].message
    assert outcome("F08", clean_scene()) == "pass"
    assert outcome("F08", clean_scene(), confidence={"contact_mobile": 0.95}) == "pass"
    assert [f.level for f in findings("F08", clean_scene(), format="scan")] == ["note"]


def test_unsure_values_are_listed_with_what_is_in_doubt_those_of_one_reason_together() -> None:
    data = clean_factory()
    doubts = {
        "contact_mobile": ("joined_over_a_page",),
        "contact_fax": ("joined_over_a_page",),
        "sales_growth": ("label_fuzzy", "several_figures"),
        "integration": ("named_by_a_later_version",),
    }
    submission = submission_of(data)
    for key, names in doubts.items():
        value = submission.record.get(key)
        assert value is not None
        value.confidence, value.doubts = 0.9, names
    (found,) = [f for f in check_round(forms.CATALOG, [submission]).findings if f.code == "F08"]
    assert found.message == (
        "部分内容读取把握不足。请人工核对：联系人手机、联系人传真（跨页接合）；"
        "销售增长率（栏目名称与表中不完全一致；栏内有几个数，取其中一个）；四、系统集成方案（named_by_a_later_version）。"
    )
    assert found.evidence == "联系人手机、联系人传真、销售增长率、四、系统集成方案"


# ------------------------------------------------------------------------------------------- a round


def copies(district: str = "浦东新区", other: str = "浦东新区") -> list[Any]:
    first = submission_of(clean_scene(), district, f"{district}/一.docx")
    second = Submission(district=other, document=f"{other}/二.docx", reading=first.reading)
    return [second, first]


def test_the_same_bytes_twice() -> None:
    found = over_round(copies(), "F03")
    assert [f.document for f in found] == ["浦东新区/一.docx", "浦东新区/二.docx"]
    assert all("一.docx" in f.message and "二.docx" in f.message for f in found)
    assert len({f.id for f in found}) == 2
    outcomes = check_round(load(), copies())
    assert {a.code for a in outcomes.assessments if a.document.endswith("二.docx")} == {"F03", "F10"}
    assert len({a.code for a in outcomes.assessments if a.document.endswith("一.docx")}) > 40


def test_the_same_file_before_two_recommenders_stands_in_both() -> None:
    outcomes = check_round(load(), copies("浦东新区", "嘉定区"))
    assert len([f for f in outcomes.findings if f.code == "F03"]) == 2
    for district in ("浦东新区", "嘉定区"):
        assert len([a for a in outcomes.of_district(district).assessments if a.code == "C02"]) == 1


def test_two_applications_of_one_archive_are_no_doubles() -> None:
    one, two = (
        submission_of(clean_scene(), "浦东新区", "a.zip!/1.docx"),
        submission_of(factory(), "浦东新区", "a.zip!/2.docx"),
    )
    for s in (one, two):
        s.record.source.sha256 = "a" * 64
    assert over_round([one, two], "F03") == []


def test_each_unreadable_file_is_asked_for_again() -> None:
    note = Note(code="F01", message="文件为空")
    one = Submission(district="浦东新区", document="浦东新区/甲.docx", reading=unreadable(note))
    two = Submission(district="浦东新区", document="浦东新区/乙.docx", reading=unreadable(note))
    found = over_round([one, two], "F01")
    assert len(found) == 2
    assert len({f.id for f in found}) == 2


def versions(change: dict[str, Any] | None = None, **later: Any) -> list[Any]:
    """An application and another version of it, in which ``change`` was made."""
    data = scene({"application_date": "2023-08-01"})
    one = submission_of(data, "浦东新区", "浦东新区/b.docx", modified=100)
    two = submission_of(changed(data, change), "浦东新区", "浦东新区/a.docx", modified=later.get("modified", 50))
    return [one, two]


@pytest.mark.parametrize(
    ("change", "modified", "superseded"),
    [
        ({"application_date": "2023-08-10"}, 50, "b.docx"),  # the later date wins over the later modification
        ({"contact_mobile": "13800000000"}, 50, "a.docx"),  # the same date: the later modification
        ({"contact_mobile": "13800000000"}, 100, "a.docx"),  # and then the later path
        ({"application_date": "2023-08"}, 200, "b.docx"),  # a month is no earlier than a day of it
        ({"uscc": None, "investment": 999}, 50, "a.docx"),  # the name alone tells the company
        ({"company_name": "上海改名有限公司", "applicant": "上海改名有限公司"}, 50, "a.docx"),  # so does the code
        ({"project_name": None}, 50, "a.docx"),  # the instance tells the project
    ],
)
def test_the_earlier_version_is_set_aside(change: dict[str, Any], modified: float, superseded: str) -> None:
    found = over_round(versions(change, modified=modified), "F10")
    assert [f.document for f in found] == [f"浦东新区/{superseded}"]
    assert "a.docx" in found[0].message
    assert "b.docx" in found[0].message


def test_the_message_says_what_changed() -> None:
    found = over_round(versions({"application_date": "2023-08-10", "investment": 999}), "F10")
    assert "场景实例建设投资" in found[0].message
    assert "联系人手机" not in found[0].message


@pytest.mark.parametrize(
    "change", [{"project_name": "另一个项目"}, {"uscc": None, "company_name": "上海其他有限公司", "applicant": None}]
)
def test_other_projects_and_other_companies_are_no_versions(change: dict[str, Any]) -> None:
    assert over_round(versions(change), "F10") == []


def test_other_forms_and_other_recommenders_are_no_versions() -> None:
    one = submission_of(scene({"project_name": "同名项目"}), "浦东新区")
    company = {k: clean_scene()["fields"][k] for k in ("uscc", "company_name", "applicant")}
    two = submission_of(factory(company | {"project_name": "同名项目"}), "浦东新区")
    three = submission_of(scene({"project_name": "同名项目", "investment": 3}), "嘉定区")
    assert over_round([one, two, three], "F10") == []


def test_a_superseded_version_is_not_checked_further() -> None:
    older, newer = versions({"application_date": "2023-08-10"})
    older.record.fields["factory_address"] = Value()
    outcomes = check_round(load(), [older, newer])
    assert {a.code: a.outcome for a in outcomes.assessments if a.document == older.document} == {
        "F03": "pass",
        "F10": "finding",
    }
    assert not [f for f in outcomes.findings if f.code == "C02"]
