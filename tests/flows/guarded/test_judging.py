"""Rules in guarded processes: the same outcomes as in one process, and what hangs, crashes or raises costs its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from catalog.load import load
from checks.comparing import round_rules
from checks.registry import Outcomes
from checks.run import check_document, check_round
from checks.subject import FAILED
from flows.guarded import judging
from flows.guarded.judge_job import as_bytes, from_bytes
from flows.guarded.judging import judge, judging_alone
from flows.settings import Settings
from records.models import Submission, Value
from tests.checks.test_run import clean_round
from tests.forms import Data, factory, scene, submission_of


def settings(tmp_path: Path, **more: Any) -> Settings:
    return Settings(inbox=tmp_path, out=tmp_path / "out", **{"workers": 2, **more})


def facts(outcomes: Outcomes) -> dict[str, Any]:
    return {
        "findings": [f.model_dump() for f in outcomes.findings],
        "assessments": [(a.district, *a.model_dump().values()) for a in outcomes.assessments],
        "faults": [(f.code, f.document, f.error) for f in outcomes.faults],
    }


def varied_round() -> list[Submission]:
    """Sound and faulty applications, a copy, a newer version, a company before two recommenders."""
    faulty = scene({"factory_address": None, "contact_email": "无", "revenue_2020": None})
    older = scene({"application_date": "2023-08-01", "project_name": "旧"})
    return [
        *clean_round(),
        submission_of(faulty, "浦东新区", "浦东新区/二.docx"),
        submission_of(faulty, "浦东新区", "浦东新区/二（副本）.docx"),
        submission_of(scene({"project_name": "旧"}), "浦东新区", "浦东新区/新.docx"),
        submission_of(older, "浦东新区", "浦东新区/旧.docx"),
        submission_of(factory({"task_address": None}), "闵行区", "闵行区/三.docx"),
    ]


@pytest.mark.parametrize("portion", [1, 3, 20])
def test_processes_give_what_one_process_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, portion: int) -> None:
    monkeypatch.setattr(judging, "_PORTION", portion)
    monkeypatch.setattr(judging, "_EACH_PROCESS", 4)
    inbox = varied_round()
    assert facts(judge(settings(tmp_path), load(), inbox)) == facts(check_round(load(), inbox))


@pytest.mark.parametrize("workers", [0, 1])
def test_one_district_alone_is_checked_and_compared_with_all(tmp_path: Path, workers: int) -> None:
    inbox = varied_round()
    whole = check_round(load(), inbox)
    some = judge(settings(tmp_path, workers=workers), load(), inbox, only={"闵行区"})
    assert facts(some.of_district("闵行区")) == facts(whole.of_district("闵行区"))
    assert any(a.code[0] == "D" for a in some.of_district("闵行区").assessments)
    assert {a.code for a in some.of_district("浦东新区").assessments} <= {r.code for r in round_rules(load())}


def test_without_processes_the_rules_run_in_place(tmp_path: Path) -> None:
    inbox = clean_round()
    assert facts(judge(settings(tmp_path, workers=0), load(), inbox)) == facts(check_round(load(), inbox))


def test_a_document_taken_alone_gives_what_it_gives_in_place(tmp_path: Path) -> None:
    readings = [s.reading for s in varied_round()[:3]]
    expected = [facts(check_document(load(), r, r.record.source.path)) for r in readings]
    with judging_alone(settings(tmp_path), load()) as check:
        assert [facts(check(r)) for r in readings] == expected


def test_outcomes_survive_the_way() -> None:
    outcomes = check_round(load(), varied_round())
    (again,) = from_bytes(as_bytes([outcomes]))
    assert facts(again) == facts(outcomes)


def hostile(number: int, **told: str) -> Data:
    data = scene(
        {
            "project_name": f"项目{number}",
            "uscc": None,
            "company_name": f"第{number}公司",
            "applicant": f"第{number}公司",
        }
    )
    data["fields"].update(told)
    return data


def inbox_of(*applications: Data) -> list[Submission]:
    return [submission_of(data, "浦东新区", f"浦东新区/{n}.docx") for n, data in enumerate(applications)]


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    monkeypatch.setattr(judging, "_JOB", "tests.flows.hanging_rules")
    monkeypatch.setattr(judging, "_SHARE", 0.0)
    return settings(tmp_path, check_seconds=6, workers=1)


def left(outcomes: Outcomes, code: str) -> dict[str, tuple[str, str]]:
    return {a.document.rpartition("/")[2]: (a.outcome, a.why) for a in outcomes.assessments if a.code == code}


def test_what_hangs_or_crashes_costs_that_rule_on_that_document(hanging: Settings) -> None:
    inbox = inbox_of(
        hostile(0),
        hostile(1, contact_title="hang"),
        hostile(2),
        hostile(3, contact_fax="crash"),
        hostile(4, contact_title="raise"),
    )
    outcomes = judge(hanging, load(), inbox)
    first, second = left(outcomes, "S97"), left(outcomes, "S98")
    assert first["1.docx"] == ("cannot_tell", "核对用时超过6秒，未作判断，请人工核对")
    assert first["4.docx"] == ("cannot_tell", FAILED)
    assert {first[f"{n}.docx"][0] for n in (0, 2, 3)} == {"finding"}
    assert second["3.docx"] == ("cannot_tell", "核对进程意外退出，代码3，未作判断，请人工核对")
    assert {second[f"{n}.docx"][0] for n in (0, 1, 2, 4)} == {"finding"}
    assert [(f.code, f.document) for f in outcomes.faults] == [("S97", "浦东新区/4.docx")]
    usual = check_round(load(), inbox)
    extra = ("S97", "S98", "D98")
    known = [a for a in outcomes.assessments if a.code not in extra]
    assert [a.model_dump() for a in known] == [a.model_dump() for a in usual.assessments], "all else is as ever"
    assert [f.model_dump() for f in outcomes.findings if f.code not in extra] == [
        f.model_dump() for f in usual.findings
    ]


def test_what_cannot_be_compared_is_left_out_of_the_comparison(hanging: Settings) -> None:
    large = hostile(1, factory_address="hang")
    inbox = inbox_of(hostile(0), large, hostile(2))
    text = "甲" * 20_000
    inbox[1].reading.record.sections["construction_plan"] = Value(value=text, raw=text)
    compared = left(judge(hanging, load(), inbox), "D98")
    assert compared["1.docx"] == ("cannot_tell", "核对用时超过6秒，未作判断，请人工核对")
    assert compared["0.docx"][0] == compared["2.docx"][0] == "finding"


def test_a_comparison_that_never_ends_is_given_up(hanging: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "_HEAVIEST", (1,))
    inbox = inbox_of(hostile(0, factory_address="crash"), hostile(1, factory_address="crash"), hostile(2))
    outcomes = judge(hanging, load(), inbox)
    assert {outcome for outcome, _ in left(outcomes, "D98").values()} == {"cannot_tell"}
    assert {outcome for outcome, _ in left(outcomes, "D02").values()} == {"pass"}
