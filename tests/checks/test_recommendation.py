"""Q01 to Q08: a district's summary table against the applications received."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from catalog.load import load
from checks.agreement import ordinal
from checks.registry import Outcomes
from checks.run import check_round
from extractors.document.doubts import by_names, confidence
from records import instances
from records.models import Finding, Note, Reading, Record, Source, Submission, TextLine, Value
from tests.forms import Data, changed, clean_factory, clean_scene, clean_summary, submission_of

HOME = "浦东新区"
TABLE = f"{HOME}/推荐汇总表.docx"
FIRST, SECOND = "上海澄驰精密传动有限公司", "上海启明仪表有限公司"


def company(
    name: str, mobile: str = "13900000888", contact: str = "白求学", form: str = "scene", **fields: Any
) -> Data:
    """The clean application as another company's."""
    base = clean_scene() if form == "scene" else clean_factory()
    return changed(
        base,
        {"company_name": name, "applicant": name, "uscc": None, "contact_name": contact, "contact_mobile": mobile}
        | {"contact_phone": None, **fields},
    )


def renamed(data: Data, *names: str) -> Data:
    """The application with other names of its instances."""
    new = copy.deepcopy(data)
    for row, name in zip(new["tables"]["scenes"], names, strict=True):
        row["instance"] = name
    if "instance_name" in new["fields"]:
        new["fields"]["instance_name"] = names[0]
    return new


ONE = company(FIRST, "13900000101", "甄诚")
TWO = renamed(company(SECOND, "13900000202", "宁远"), "仪表壳体柔性装配", "仪表成品智能仓储")


def listing(*applications: Data, rows: dict[int, dict[str, Any]] | None = None, drop: Iterable[int] = ()) -> Data:
    """The summary table of the applications, with cells of the scenes' part changed (row from 1)."""
    table = clean_summary(*applications)
    scenes = table["tables"]["scene_recommendations"]
    for number, cells in (rows or {}).items():
        scenes[number - 1] |= cells
    table["tables"]["scene_recommendations"] = [r for n, r in enumerate(scenes, 1) if n not in drop]
    return table


def sent(table: Data | None, *applications: Data, district: str = HOME, **overrides: Any) -> list[Submission]:
    received = [
        submission_of(a, district, f"{district}/{n}-{a['fields']['company_name']}.docx")
        for n, a in enumerate(applications, 1)
    ]
    if table is not None:
        received.append(submission_of(table, district, f"{district}/推荐汇总表.docx", **overrides))
    return received


def checked(submissions: Sequence[Submission]) -> Outcomes:
    outcomes = check_round(load(), submissions)
    assert not outcomes.faults, [str(f) for f in outcomes.faults]
    return outcomes


def found(submissions: Sequence[Submission], code: str = "Q") -> list[Finding]:
    return [f for f in checked(submissions).findings if f.code.startswith(code)]


def outcome(submissions: Sequence[Submission], code: str, document: str) -> str:
    return next(a.outcome for a in checked(submissions).assessments if (a.code, a.document) == (code, document))


def codes(submissions: Sequence[Submission]) -> list[str]:
    return [f.code for f in found(submissions)]


def unreadable(name: str) -> Submission:
    record = Record(source=Source(path=name, sha256="1" * 64, format="docx"), notes=[Note(code="F01", message="损坏")])
    return Submission(district=HOME, document=name, reading=Reading(record=record))


def test_a_table_that_says_what_was_received() -> None:
    assert found(sent(listing(ONE, TWO), ONE, TWO)) == []


# ---------------------------------------------------------------------------------------------------- Q01


def many(count: int, form: str = "scene") -> list[Data]:
    return [company(f"上海某{number}号制造有限公司", f"139{number:08}", form=form) for number in range(count)]


@pytest.mark.parametrize(("form", "quota"), [("scene", 20), ("factory", 10)])
def test_more_rows_than_the_quota(form: str, quota: int) -> None:
    over = many(quota + 1, form)
    (finding,) = found(sent(clean_summary(*over), *over), "Q01")
    assert (finding.level, finding.document) == ("reject", TABLE)
    assert f"{quota + 1}个" in finding.message
    assert "50个" in finding.message, "the condition of the larger quota is named"
    assert found(sent(clean_summary(*over[:-1]), *over[:-1]), "Q01") == []


def test_without_a_table_the_applications_count_but_superseded_ones_do_not() -> None:
    over = many(21)
    (finding,) = found(sent(None, *over), "Q01")
    assert (finding.document, finding.district) == ("", HOME)
    old = changed(over[0], {"application_date": "2023-08-01"})
    assert found(sent(None, *over[:20], old), "Q01") == []


def test_a_committee_has_its_own_quota_and_counts_companies() -> None:
    over = many(11)
    (finding,) = found(sent(clean_summary(*over), *over, district="临港新片区"), "Q01")
    assert "10个" in finding.message
    assert "50个" not in finding.message
    twice = [*over[:10], renamed(changed(over[0], {"project_name": "另一项目"}), "甲实例", "乙实例")]
    table = sent(clean_summary(*twice), *twice, district="临港新片区")
    assert outcome(table, "Q01", "临港新片区/推荐汇总表.docx") == "cannot_tell"


def test_the_larger_quota_holds_where_the_office_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = load()
    (flagged,) = (q for q in pack.quotas if q.flag)
    update = {"flags": (flagged.flag,), "quota": flagged.numbers}
    homes = [r.model_copy(update=update) for r in pack.recommenders]
    larger = pack.model_copy(update={"recommenders": tuple(homes)})

    def over(count: int) -> list[Finding]:
        data = many(count)
        submissions = sent(clean_summary(*data), *data)
        return [f for f in check_round(larger, submissions).findings if f.code == "Q01"]

    assert over(25) == []
    (finding,) = over(26)
    assert "25个" in finding.message


def test_rows_that_only_hold_a_printed_number_are_none() -> None:
    table = clean_summary(*many(20))
    table["tables"]["scene_recommendations"].append({"seq": "21", "company": None, "instances": None})
    assert not {"Q01", "Q02", "Q06"} & set(codes(sent(table, *many(20))))


def test_a_scanned_table_over_the_quota_is_for_a_person() -> None:
    over = many(21)
    submissions = sent(clean_summary(*over), *over, confidence={"scene_recommendations.company": 0.8}, format="scan")
    assert outcome(submissions, "Q01", TABLE) == "cannot_tell"


# ---------------------------------------------------------------------------------------------- Q02, Q03


def test_listed_but_not_received() -> None:
    submissions = sent(listing(ONE, TWO), ONE)
    (finding,) = found(submissions)
    assert (finding.code, finding.level, finding.document, finding.row) == ("Q02", "fix", TABLE, 2)
    assert SECOND in finding.message
    assert outcome(sent(None, ONE), "Q02", "") == "not_applicable"


def test_received_but_not_listed() -> None:
    (finding,) = found(sent(listing(ONE), ONE, TWO))
    assert (finding.code, finding.level) == ("Q03", "fix")
    assert SECOND in finding.document
    assert [f.code for f in found(sent(None, ONE))] == ["Q07"], "without a table there is nothing to be listed in"
    assert outcome(sent(None, ONE), "Q03", f"{HOME}/1-{FIRST}.docx") == "not_applicable"


def test_the_right_company_under_the_wrong_form() -> None:
    works = company(FIRST, "13900000101", "甄诚", "factory")
    messages = {f.code: f.message for f in found(sent(clean_summary(works), ONE))}
    assert set(messages) == {"Q02", "Q03"}
    assert "请核对类别" in messages["Q02"]
    assert "请核对类别" in messages["Q03"]


def test_an_application_sent_by_another_district_is_named() -> None:
    submissions = [*sent(listing(ONE, TWO), ONE), *sent(listing(TWO), TWO, district="嘉定区")]
    (finding,) = found(submissions, "Q02")
    assert "嘉定区" in finding.message


@pytest.mark.parametrize(("here", "there"), [(HOME, "嘉定区"), ("嘉定区", HOME)])
def test_what_another_district_received_is_not_received_here(here: str, there: str) -> None:
    submissions = [*sent(listing(ONE, TWO), ONE, district=here), *sent(listing(ONE), TWO, district=there)]
    assert [(f.code, f.district) for f in found(submissions, "Q02") if SECOND in f.message] == [("Q02", here)]
    assert [(f.code, f.district) for f in found(submissions, "Q03")] == [("Q03", there)]


@pytest.mark.parametrize("name", [f"{HOME}/澄驰精密传动-申报书.docx", f"{HOME}/优秀场景申报书（扫描件）2.docx"])
def test_an_unreadable_file_may_be_the_missing_application(name: str) -> None:
    submissions = [*sent(listing(ONE, TWO), TWO), unreadable(name)]
    assert codes(submissions) == []
    assert outcome(submissions, "Q02", TABLE) == "cannot_tell"


def test_an_unreadable_file_of_another_company_is_not() -> None:
    assert codes([*sent(listing(ONE, TWO), TWO), unreadable(f"{HOME}/森越家居-优秀场景申报书.docx")]) == ["Q02"]


def test_names_are_compared_folded() -> None:
    one = company("上海澄驰（集团）有限公司")
    table = listing(one, rows={1: {"company": " 上海澄驰(集团） 有限公司 "}})
    assert codes(sent(table, one)) == []


@pytest.mark.parametrize(
    ("said", "others"),
    [
        ("上海澄池精密传动有限公司", {}),
        ("上海澄驰精密传动公司", {}),
        ("澄驰传动", {}),
        ("上海澄驰精密传动有限公司（浦东）", {"contact": "甄成"}),
        ("上海橙驰精密传动有限公司", {"mobile": "13900000102"}),
    ],
)
def test_a_slip_in_the_name_is_no_missing_application(said: str, others: dict[str, str]) -> None:
    submissions = sent(listing(ONE, TWO, rows={1: {"company": said, **others}}), ONE, TWO)
    findings = found(submissions)
    assert {f.code for f in findings} == {"Q05"}
    assert any(said in f.message and FIRST in f.message for f in findings)
    assert len(findings) == 1 + len(others)


def test_a_slip_is_told_apart_from_another_company() -> None:
    other = renamed(company("上海第二机床制造有限公司", "13900000303", "何人"), "机床床身柔性加工", "机床整机智能仓储")
    table = listing(other, rows={1: {"company": "上海第一机床制造有限公司", "mobile": "13900000404", "contact": "某人",
                                     "instances": [{"link": "仓储物流", "scene": "智能仓储", "instance": "别的实例"}]}})  # fmt: skip
    assert set(codes(sent(table, other))) == {"Q02", "Q03"}


@pytest.mark.parametrize(
    "same", [{"mobile": "13900000101"}, {"contact": "甄诚"}, {"instances": [clean_scene()["tables"]["scenes"][0]]}]
)
def test_one_thing_in_common_does_not_make_two_companies_one(same: dict[str, Any]) -> None:
    """A consultant's mobile or a namesake stands in the row of another company: both are told of."""
    other = {"company": "宝山钢构集团", "mobile": "13900000404", "contact": "某人", "instances": None}
    if "instances" in same:
        same = {"instances": [{k: same["instances"][0][k] for k in ("link", "scene", "instance")}]}
    assert set(codes(sent(listing(ONE, rows={1: other | same}), ONE))) == {"Q02", "Q03"}
    two = {"mobile": "13900000101", "contact": "甄诚"}
    assert "Q02" not in codes(sent(listing(ONE, rows={1: other | two}), ONE)), "two things in common do"


@pytest.mark.parametrize(("said", "told"), [("启明", False), ("启", True)])
def test_a_part_of_the_name_is_a_slip_where_one_thing_more_agrees(said: str, told: bool) -> None:
    """One character is no part of a name: with it, the same mobile says nothing."""
    row = {"company": said, "contact": "某人", "instances": None}
    assert ("Q02" in codes(sent(listing(TWO, rows={1: row}), TWO))) is told


def test_a_name_as_near_to_two_companies_is_neither() -> None:
    """Which of the two is meant, only the office knows: both are told of, none is taken."""
    names = [f"上海启明精密光学测量仪{c}有限公司" for c in "表钟"]
    two = [renamed(company(n, f"1390000070{i}", f"某{i}"), f"甲{i}", f"乙{i}") for i, n in enumerate(names)]
    row = {"company": "上海启明精密光学测量仪器有限公司", "mobile": None, "contact": None, "instances": None}
    one = sent(listing(two[0], rows={1: row}), two[0])
    assert "Q02" not in codes(one), "near to one alone, it is that one"
    both = codes(sent(listing(two[0], rows={1: row}), *two))
    assert sorted(both) == ["Q02", "Q03", "Q03"]


def test_two_slips_find_their_partners() -> None:
    table = listing(ONE, TWO, rows={1: {"company": "上海澄弛精密传动有限公司"}, 2: {"company": "上海启明仪表公司"}})
    findings = found(sent(table, ONE, TWO))
    assert [(f.code, SECOND in f.document, SECOND in f.message) for f in findings] == [
        ("Q05", False, False),
        ("Q05", True, True),
    ]


def test_a_name_that_was_not_read_is_for_a_person() -> None:
    table = listing(ONE, TWO, rows={2: {"company": Value(value="上海某某有限公司", raw="上海某某有限公司", confidence=0.6),
                                        "mobile": None, "contact": None, "instances": None}})  # fmt: skip
    submissions = sent(table, ONE, TWO)
    assert codes(submissions) == []
    assert outcome(submissions, "Q02", TABLE) == "cannot_tell"
    assert outcome(submissions, "Q03", f"{HOME}/2-{SECOND}.docx") == "cannot_tell"


def test_superseded_versions_are_not_looked_for() -> None:
    old = changed(ONE, {"application_date": "2023-08-01", "contact_mobile": "13900000999"})
    assert codes(sent(listing(ONE), ONE, old)) == []


def test_a_company_with_several_applications() -> None:
    second = renamed(changed(ONE, {"project_name": "另一项目"}), "甲实例", "乙实例")
    rows = sent(listing(ONE, second), ONE, second)
    assert codes(rows) == []
    joined = listing(ONE)
    joined["tables"]["scene_recommendations"][0]["instances"] += [
        {k: r[k] for k in ("link", "scene", "instance")} for r in second["tables"]["scenes"]
    ]
    assert codes(sent(joined, ONE, second)) == [], "one row may put both forward"
    (finding,) = found(sent(listing(ONE), ONE, second))
    assert finding.code == "Q03"


def test_an_application_without_instances_is_not_put_forward_by_another_ones_row() -> None:
    blank = changed(ONE, {"project_name": "另一项目", "instance_name": None}, {"scenes": []})
    (finding,) = found(sent(listing(ONE), ONE, blank))
    assert (finding.code, finding.document) == ("Q03", f"{HOME}/2-{FIRST}.docx")


def test_an_application_whose_instances_stand_in_rows_of_their_own() -> None:
    table = listing(ONE, ONE)
    for number, row in enumerate(table["tables"]["scene_recommendations"]):
        row["instances"] = row["instances"][number : number + 1]
    assert codes(sent(table, ONE)) == []


# ---------------------------------------------------------------------------------------------------- Q04


def listed(text: str) -> dict[str, Any]:
    typed = instances.instances(text)
    return {
        "instances": Value(
            value=typed.value, raw=text, where="表1 行2 列3", confidence=confidence(by_names(typed.doubts))
        )
    }


def own_lines(separator: str, number: str = "{}. ", between: str = "\n") -> str:
    rows = ONE["tables"]["scenes"]
    return between.join(
        number.format(n) + separator.join((r["link"], r["scene"], r["instance"])) for n, r in enumerate(rows, 1)
    )


@pytest.mark.parametrize(
    "text",
    [
        own_lines("—"),
        own_lines("–", "（{}）"),
        own_lines("-", ""),
        own_lines("->", "{}、"),
        own_lines("/", "{}."),
        own_lines("——", "{}.", ""),
        own_lines("—", "", "；"),
        "\n".join(reversed(own_lines("—", "").split("\n"))),
        "\n".join(r["instance"] for r in ONE["tables"]["scenes"]),
    ],
)
def test_notations_of_the_same_instances(text: str) -> None:
    assert codes(sent(listing(ONE, rows={1: listed(text)}), ONE)) == []


def test_what_differs_is_named_and_nothing_else() -> None:
    first, second = (r["instance"] for r in ONE["tables"]["scenes"])
    table = listing(ONE)
    table["tables"]["scene_recommendations"][0]["instances"][1] |= {"instance": "毫不相干的立体仓储"}
    (finding,) = found(sent(table, ONE))
    assert (finding.code, finding.level, FIRST in finding.document) == ("Q04", "fix", True)
    assert "毫不相干的立体仓储" in finding.message
    assert second in finding.message
    assert first not in finding.message


def test_another_scene_for_the_same_instance() -> None:
    table = listing(ONE)
    wrong = load().lists["scenes"].items[0]
    table["tables"]["scene_recommendations"][0]["instances"][0] |= {"scene": wrong.name, "link": wrong.under}
    (finding,) = found(sent(table, ONE))
    assert finding.code == "Q04"
    assert wrong.name in finding.message


def test_an_instance_left_out_of_the_table() -> None:
    shorter = [{k: r[k] for k in ("link", "scene", "instance")} for r in ONE["tables"]["scenes"]][:1]
    table = listing(ONE, TWO, rows={1: {"instances": shorter}})
    (finding,) = found(sent(table, ONE, TWO))
    assert finding.code == "Q04"
    assert "汇总表未列" in finding.message


def test_a_table_whose_rows_all_give_the_instance_applied_for() -> None:
    table = listing(ONE, TWO)
    for row, data in zip(table["tables"]["scene_recommendations"], (ONE, TWO), strict=True):
        row["instances"] = [i for i in row["instances"] if i["instance"] == data["fields"]["instance_name"]]
        assert len(row["instances"]) == 1
    assert codes(sent(table, ONE, TWO)) == []


def test_instances_that_were_not_read_are_for_a_person() -> None:
    table = listing(ONE)
    table["tables"]["scene_recommendations"][0]["instances"][1] |= {"instance": "毫不相干的立体仓储"}
    submissions = sent(table, ONE, confidence={"scene_recommendations.instances": 0.8}, format="scan")
    assert outcome(submissions, "Q04", f"{HOME}/1-{FIRST}.docx") == "cannot_tell"
    none = sent(listing(ONE), changed(ONE, tables={"scenes": []}, fields={"instance_name": None}))
    assert outcome(none, "Q04", f"{HOME}/1-{FIRST}.docx") == "not_applicable"


# ---------------------------------------------------------------------------------------------------- Q05


@pytest.mark.parametrize(
    ("cells", "about"),
    [
        ({"mobile": "13900000102"}, ["contact_mobile"]),
        ({"contact": "甄城"}, ["contact_name"]),
        ({"mobile": None}, ["contact_mobile"]),
    ],
)
def test_a_contact_that_differs(cells: dict[str, str | None], about: list[str]) -> None:
    findings = found(sent(listing(ONE, rows={1: cells}), ONE))
    assert [(f.code, f.level, f.field) for f in findings] == [("Q05", "fix", key) for key in about]


@pytest.mark.parametrize(
    "cells",
    [
        {"mobile": "139-0000-0101"},
        {"mobile": "+86 139 0000 0101"},
        {"mobile": "021-50001234／13900000101"},
        {"contact": "甄 诚"},
        {"contact": "甄诚（总工程师）"},
        {"contact": "甄诚、白求学"},
    ],
)
def test_the_same_contact_written_otherwise(cells: dict[str, str]) -> None:
    assert codes(sent(listing(ONE, rows={1: cells}), ONE)) == []


def test_a_contact_that_was_not_read_or_not_given() -> None:
    document = f"{HOME}/1-{FIRST}.docx"
    blurred = sent(
        listing(ONE, rows={1: {"mobile": "13900000107"}}), ONE, confidence={"scene_recommendations.mobile": 0.8}
    )
    assert outcome(blurred, "Q05", document) == "cannot_tell"
    blank = changed(ONE, {"contact_mobile": None})
    assert outcome(sent(listing(ONE), blank), "Q05", document) == "pass"
    assert outcome(sent(listing(TWO), ONE, TWO), "Q05", document) == "not_applicable"


@pytest.mark.parametrize(
    ("code", "cells"),
    [
        ("Q05", {"company": "上海澄池精密传动有限公司"}),
        ("Q05", {"mobile": "13900000107"}),
        ("Q05", {"contact": "甄城"}),
        ("Q04", listed(own_lines("—").replace(ONE["tables"]["scenes"][0]["instance"][2], "口"))),
    ],
)
def test_a_character_that_a_scan_may_have_misread_is_for_a_person(code: str, cells: dict[str, Any]) -> None:
    document = f"{HOME}/1-{FIRST}.docx"
    typed, scan = (sent(listing(ONE, rows={1: cells}), ONE, **more) for more in ({}, {"format": "scan"}))
    assert (outcome(typed, code, document), outcome(scan, code, document)) == ("finding", "cannot_tell")


# ---------------------------------------------------------------------------------------------------- Q06


@pytest.mark.parametrize(
    ("seqs", "said"),
    [(("1", "3"), "缺2"), (("2", "2"), "2重复2次"), (("1", None), "没有序号"), (("2", "3"), "缺1")],
)
def test_order_numbers_with_gaps_or_repeats(seqs: tuple[str | None, ...], said: str) -> None:
    table = listing(ONE, TWO, rows={n: {"seq": seq} for n, seq in enumerate(seqs, 1)})
    (finding,) = found(sent(table, ONE, TWO))
    assert (finding.code, finding.level, finding.document) == ("Q06", "fix", TABLE)
    assert said in finding.message


@pytest.mark.parametrize("seqs", [("1", "2"), ("2", "1"), ("1.", "（2）"), ("一", "二"), ("①", "②"), ("01", "02")])
def test_order_numbers_as_they_are_written(seqs: tuple[str, ...]) -> None:
    assert codes(sent(listing(ONE, TWO, rows={n: {"seq": s} for n, s in enumerate(seqs, 1)}), ONE, TWO)) == []


def test_order_numbers_that_are_missing_or_unsure() -> None:
    none = sent(listing(ONE, TWO, rows={1: {"seq": None}, 2: {"seq": None}}), ONE, TWO)
    assert outcome(none, "Q06", TABLE) == "cannot_tell"
    blurred = sent(listing(ONE, TWO, rows={2: {"seq": "7"}}), ONE, TWO, confidence={"scene_recommendations.seq": 0.7})
    assert outcome(blurred, "Q06", TABLE) == "cannot_tell"
    assert outcome(sent(None, ONE), "Q06", "") == "not_applicable"


def test_numbers_in_words() -> None:
    assert [ordinal(t) for t in ("十", "十二", "二十", "二十三", "第三", "", "甲", "1、2")] == [
        10,
        12,
        20,
        23,
        3,
        None,
        None,
        12,
    ]
    assert [ordinal(t) for t in ("1" * 5000, "\u1369")] == [None, None], (
        "neither too long for Python nor no decimal digit"
    )


# ------------------------------------------------------------------------------------------------ Q07, Q08


def test_applications_without_a_table() -> None:
    (finding,) = found(sent(None, ONE))
    assert (finding.code, finding.level, finding.document, finding.district) == ("Q07", "fix", "", HOME)
    lost = [*sent(None, ONE), unreadable(f"{HOME}/汇总表.docx")]
    assert codes(lost) == []
    assert outcome(lost, "Q07", "") == "cannot_tell"
    assert outcome([unreadable(f"{HOME}/1.docx")], "Q07", "") == "not_applicable"


@pytest.mark.parametrize(
    ("line", "late"),
    [
        ("推荐单位（盖章）：浦东新区科经委  2023年8月22日", True),
        ("填报日期：2023.8.22", True),
        ("二〇二三年八月二十二日", True),
        ("2023年8月21日", False),
        ("2023年8月", False),
        ("2023年 月 日", False),
    ],
)
def test_the_date_of_the_table(line: str, late: bool) -> None:
    submissions = sent(listing(ONE), ONE, lines=[TextLine(line, "段落9", "body")])
    findings = found(submissions)
    assert [(f.code, f.document, f.where) for f in findings] == ([("Q07", TABLE, "段落9")] if late else [])


def test_the_date_of_a_scan_is_for_a_person() -> None:
    lines = [TextLine("2023年8月27日", "第1页 段落9", "body")]
    assert outcome(sent(listing(ONE), ONE, lines=lines, format="scan"), "Q07", TABLE) == "cannot_tell"


def industries(*counts: tuple[str | None, int]) -> list[Submission]:
    names = [name for name, count in counts for _ in range(count)]
    data = [company(f"上海某{n}号制造有限公司", industry_category=name) for n, name in enumerate(names)]
    return sent(None, *data)


def test_one_industry_over_its_share() -> None:
    (finding,) = found(industries(("装备制造", 8), ("消费品", 2)), "Q08")
    assert (finding.level, finding.document) == ("note", "")
    assert "80%" in finding.message
    assert found(industries(("装备制造", 7), ("消费品", 3)), "Q08") == []
    assert outcome(industries(("装备制造", 9)), "Q08", "") == "not_applicable"
    assert outcome(industries(("装备制造", 7), (None, 1), ("消费品", 2)), "Q08", "") == "cannot_tell"


# ----------------------------------------------------------------------------------------- several tables


def test_a_later_table_replaces_an_earlier_one() -> None:
    def table(data: Data, name: str, date: str) -> Submission:
        return submission_of(data, HOME, f"{HOME}/{name}.docx", lines=[TextLine(f"2023年8月{date}日", "段落9", "body")])

    submissions = [*sent(None, ONE), table(listing(ONE, TWO), "甲表", "9"), table(listing(ONE), "乙表", "10")]
    assert codes(submissions) == []
    assert outcome(submissions, "Q02", f"{HOME}/甲表.docx") == "not_applicable"
    (told,) = found(submissions, "F10")
    assert (told.document, told.level, told.actor) == (f"{HOME}/甲表.docx", "note", "recommender")
    assert "2023-08-09" in told.message
    assert f"{HOME}/乙表.docx" in told.message


def test_two_tables_of_different_forms_are_one_recommendation() -> None:
    works = company(SECOND, form="factory")
    parts = [submission_of(clean_summary(d), HOME, f"{HOME}/{n}.docx") for n, d in (("场景", ONE), ("工厂", works))]
    assert codes([*sent(None, ONE, works), *parts]) == []


def test_what_belongs_to_no_recommender_is_not_judged() -> None:
    submissions = sent(None, ONE, district="未归口")
    assert codes(submissions) == []
    assert {a.outcome for a in checked(submissions).assessments if a.code.startswith("Q")} == {"not_applicable"}


def test_every_rule_leaves_one_outcome_where_it_belongs() -> None:
    submissions = [*sent(listing(ONE, TWO), ONE, TWO), *sent(None, ONE, district="嘉定区")]
    left = [(a.code, a.document) for a in checked(submissions).assessments if a.code.startswith("Q")]
    assert len(left) == len(set(left))
    for code in ("Q01", "Q02", "Q06", "Q07", "Q08"):
        assert {d for c, d in left if c == code} == {TABLE, ""}
    for code in ("Q03", "Q04", "Q05"):
        assert {d for c, d in left if c == code} == {s.document for s in submissions if s.record.form == "scene"}
