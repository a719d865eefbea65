"""Letters over several runs: none lost, none left to look valid, none numbered twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from catalog import Catalog, CatalogError, find, load, load_dir
from catalog.letters import Sender
from records.book.events import Entry, open_point
from records.book.keeping import Book
from records.book.state import Decided
from records.models import Assessment, Decision, Finding
from reports.outgoing import Outbox, issued_at, letter_id
from reports.results.model import DistrictResult, evidence_mark
from reports.results.progress import STATE, State
from reports.safe.hand import replace
from reports.write import write_district
from tests.reports.conftest import DISTRICT, Make, application, finding

ONE, TWO = f"{DISTRICT}/001.docx", f"{DISTRICT}/002.docx"
LETTER = "上海示例001机械有限公司（优秀场景）"
TODAY = dt.date(2023, 8, 10)


def run(make: Make, out: Path, findings: list[Finding], *, today: dt.date = TODAY, **changes: Any) -> DistrictResult:
    result = make(2, findings, broken=False)
    result.today = today
    for name, value in changes.items():
        setattr(result, name, value)
    write_district(result, out, say=[].append)
    return result


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.glob("*.docx"))


def text_of(path: Path) -> str:
    return "\n".join(p.text for p in Document(str(path)).paragraphs)


def listed(out: Path, sheet: str) -> list[dict[str, Any]]:
    heads, *rows = load_workbook(io.BytesIO((out / "补正通知" / "发文清单.xlsx").read_bytes()))[sheet].iter_rows(
        values_only=True
    )
    return [dict(zip(heads, row, strict=True)) for row in rows if any(row)]


def numbered(catalog: Catalog, **said: Any) -> Catalog:
    sender = Sender(**{"number": "浦经函〔{year}〕{number}号", **said})
    offices = [r.model_copy(update={"sender": sender}) if r.name == DISTRICT else r for r in catalog.recommenders]
    return catalog.model_copy(update={"recommenders": tuple(offices)})


def test_a_mended_letter_is_put_by_and_noted_as_answered(make: Make, tmp_path: Path) -> None:
    run(make, tmp_path, [finding(1, ONE)])
    before = (tmp_path / "补正通知" / f"{LETTER}.docx").read_bytes()
    run(make, tmp_path, [], today=dt.date(2023, 8, 12))
    assert names(tmp_path / "补正通知") == []
    assert (tmp_path / "补正通知" / "已发" / f"{LETTER}（2023-08-10）.docx").read_bytes() == before
    (row,) = listed(tmp_path, "已发")
    assert "均已改正" in row["办理情况"]
    assert row["收件单位"] == "上海示例001机械有限公司"


def test_a_letter_that_a_person_changed_is_put_by_too(make: Make, tmp_path: Path) -> None:
    run(make, tmp_path, [finding(1, ONE)])
    (tmp_path / "补正通知" / f"{LETTER}.docx").write_bytes(b"my words")
    run(make, tmp_path, [finding(1, ONE)])
    assert (tmp_path / "补正通知" / f"{LETTER}.docx").read_bytes() == b"my words"  # the same letter, as a person has it
    run(make, tmp_path, [])
    assert (tmp_path / "补正通知" / "已发" / f"{LETTER}（2023-08-10）.docx").read_bytes() == b"my words"


def issued(out: Path, state: State, data: bytes) -> Book:
    """The book after the desk has issued the one letter there is."""
    (kept,) = state.letters.values()
    sha256 = hashlib.sha256(data).hexdigest()
    issued_at(out, sha256).parent.mkdir(parents=True)
    issued_at(out, sha256).write_bytes(data)
    after = {"number": "浦经函〔2023〕5号", "date": "2023-08-11", "due": "2023-08-25", "contact": "王", "phone": "1"}
    about = {"after": after | {"sha256": sha256, "letter": kept}, "target": letter_id(kept), "source": "desk"}
    entry = Entry(who="李", office=DISTRICT, what="issue", **about)
    book = Book.in_memory()
    book.append([entry])
    return book


@pytest.mark.parametrize("lost", [False, True], ids=["state kept", "state lost"])
def test_what_was_issued_stays_as_it_was_issued(make: Make, tmp_path: Path, lost: bool) -> None:
    out = tmp_path / DISTRICT
    run(make, out, [finding(1, ONE)])
    data = (out / "补正通知" / f"{LETTER}.docx").read_bytes() + b"issued"
    book = issued(tmp_path, State.load(out), data)
    if lost:
        (out / STATE).unlink()
        (out / "补正通知" / "发文清单.xlsx").unlink()
        (out / "补正通知" / f"{LETTER}.docx").write_bytes(data)  # where the desk put it
    again = make(2, [finding(1, ONE), finding(2, TWO)], broken=False)
    again.catalog = numbered(again.catalog, first=5)
    again.today = dt.date(2023, 9, 1)
    write_district(again, out, say=[].append, book=book)
    assert names(out / "补正通知" / "已发") == []
    assert (out / "补正通知" / f"{LETTER}.docx").read_bytes() == data
    rows = {r["收件单位"]: r for r in listed(out, "发文")}
    assert [(r["文号"], r["日期"]) for r in rows.values()] == [
        ("浦经函〔2023〕5号", "2023-08-11"),
        (None, "2023-09-01"),
    ]
    row = rows["上海示例001机械有限公司"]
    assert (row["期限"], row["本单位联系人"]) == ("2023-08-25", "王")


@pytest.mark.parametrize(
    ("level", "outcome"),
    [("fix", "已改正1处，其余事项已另行发文"), ("reject", "文种由补正通知改为不予受理通知，已另行发文")],
)
def test_an_issued_letter_in_whose_place_another_goes_is_put_by_as_it_was_issued(
    make: Make, tmp_path: Path, level: str, outcome: str
) -> None:
    out, said = tmp_path / DISTRICT, list[str]()
    run(make, out, [finding(1, ONE), finding(2, ONE)])
    path = out / "补正通知" / f"{LETTER}.docx"
    data = path.read_bytes() + b"issued"
    book = issued(tmp_path, State.load(out), data)
    path.write_bytes(data)  # where the desk put it
    again = make(
        2,
        [finding(1, ONE)] if level == "fix" else [finding(1, ONE), finding(2, ONE), finding(3, ONE, level=level)],
        broken=False,
    )
    write_district(again, out, say=said.append, book=book)
    assert said == []
    assert names(out / "补正通知") == [path.name]
    assert path.read_bytes() != data
    (row,) = listed(out, "已发")
    assert (row["文号"], row["日期"], row["期限"]) == ("浦经函〔2023〕5号", "2023-08-11", "2023-08-25")
    assert row["办理情况"] == outcome
    assert (out / "补正通知" / row["文件"]).read_bytes() == data


def looked_at(result: DistrictResult) -> Entry:
    """Somebody has looked at what a rule could not tell of the first application."""
    target = open_point(result.application(result.items[0]), "C10", "看不清")
    return Entry(who="李", office=DISTRICT, what="confirm", target=target, reason="原件已看", source="desk")


def test_a_letter_asks_for_all_at_once_when_people_have_looked_at_what_rules_could_not_tell(
    make: Make, tmp_path: Path
) -> None:
    unsure = [Assessment(document=ONE, code="C10", outcome="cannot_tell", why="看不清")]
    texts = []
    for told in (False, True):
        result = make(2, [finding(1, ONE)], broken=False, unsure=unsure)
        with Book.in_memory() as book:
            book.append([looked_at(result)] if told else [])
            write_district(result, tmp_path / DISTRICT, say=[].append, book=book)
        texts.append(text_of(tmp_path / DISTRICT / "补正通知" / f"{LETTER}.docx"))
    assert ["现一次性告知" in text for text in texts] == [False, True]
    assert ["其余内容仍在核对" in text for text in texts] == [True, False]


def test_a_letter_that_was_issued_stays_that_letter_when_people_look_at_the_rest(make: Make, tmp_path: Path) -> None:
    out = tmp_path / DISTRICT
    unsure = [Assessment(document=ONE, code="C10", outcome="cannot_tell", why="看不清")]
    write_district(make(2, [finding(1, ONE)], broken=False, unsure=unsure), out, say=[].append)
    data = (out / "补正通知" / f"{LETTER}.docx").read_bytes() + b"issued"
    book = issued(tmp_path, State.load(out), data)
    again = make(2, [finding(1, ONE)], broken=False, unsure=unsure)
    book.append([looked_at(again)])
    write_district(again, out, say=[].append, book=book)
    assert names(out / "补正通知" / "已发") == []
    assert (out / "补正通知" / f"{LETTER}.docx").read_bytes() == data


def test_what_became_of_a_letter_is_told(make: Make, tmp_path: Path) -> None:
    one, state = finding(1, ONE), State()
    for decision in (None, Decision(finding=one.id, action="撤销", reason="已核对", evidence_mark=evidence_mark(one))):
        result = make(2, [one], broken=False)
        result.take(Decided(findings={one.id: decision} if decision else {}))
        Outbox(result, tmp_path, state, [].append, replace).send()
    assert [kept["outcome"] for kept in state.sent] == ["审查人员已撤销所列问题，不再要求办理"]
    gone = tmp_path / "gone"
    run(make, gone, [finding(2, TWO)])
    alone = make(1, [], broken=False)
    write_district(alone, gone)
    assert [r["办理情况"] for r in listed(gone, "已发")] == ["不再收到该申报书"]


def test_where_the_inbox_could_not_be_reached_letters_stay(make: Make, tmp_path: Path) -> None:
    run(make, tmp_path, [finding(1, ONE)])
    run(make, tmp_path, [], partial=True)
    assert names(tmp_path / "补正通知") == [f"{LETTER}.docx"]


def test_a_number_stays_with_its_letter_and_is_never_used_again(make: Make, tmp_path: Path, catalog: Catalog) -> None:
    own = numbered(catalog, first=7)
    one, two = finding(1, ONE), finding(2, TWO)
    run(make, tmp_path, [one, two], catalog=own)
    assert [r["文号"] for r in listed(tmp_path, "发文")] == ["浦经函〔2023〕7号", "浦经函〔2023〕8号"]
    run(make, tmp_path, [finding(1, ONE, message="改了说法")], catalog=own, today=dt.date(2023, 8, 12))
    (row,) = listed(tmp_path, "发文")
    assert (row["文号"], row["日期"]) == ("浦经函〔2023〕9号", "2023-08-12")
    run(make, tmp_path, [finding(1, ONE, message="改了说法")], catalog=own, today=dt.date(2023, 8, 13))
    (row,) = listed(tmp_path, "发文")
    assert (row["文号"], row["日期"]) == ("浦经函〔2023〕9号", "2023-08-12")
    assert [r["文号"] for r in listed(tmp_path, "已发")] == ["浦经函〔2023〕7号", "浦经函〔2023〕8号"]
    text = text_of(tmp_path / "补正通知" / f"{LETTER}.docx")
    assert "浦经函〔2023〕9号" in text
    assert "2023年8月12日" in text


def test_a_deadline_that_has_passed_is_told_and_not_asked_for(make: Make, tmp_path: Path) -> None:
    run(make, tmp_path, [finding(1, ONE)])
    assert "请于2023年8月19日前" in text_of(tmp_path / "补正通知" / f"{LETTER}.docx")
    run(make, tmp_path, [finding(1, ONE)], today=dt.date(2023, 8, 20))
    text = text_of(tmp_path / "补正通知" / f"{LETTER}.docx")
    assert "期限2023年8月19日已过" in text
    assert "请于2023年8月19日前" not in text
    assert "请于＿" in text
    assert "（已过）" in listed(tmp_path, "发文")[0]["期限"]
    assert names(tmp_path / "补正通知" / "已发") == [f"{LETTER}（2023-08-10）.docx"]


def test_what_the_office_says_of_itself_stands_in_the_letter_and_else_a_line_to_fill_in(
    make: Make, tmp_path: Path, catalog: Catalog
) -> None:
    run(make, tmp_path / "a", [finding(1, ONE)])
    text = text_of(tmp_path / "a" / "补正通知" / f"{LETTER}.docx")
    assert "联系人：＿＿" in text
    assert "＿＿＿＿〔2023〕＿＿号" in text
    reply = {"mend": dt.date(2023, 8, 15)}
    own = numbered(catalog, contact="林知予", phone="021-5550000", reply=reply)
    run(make, tmp_path / "b", [finding(1, ONE)], catalog=own)
    text = text_of(tmp_path / "b" / "补正通知" / f"{LETTER}.docx")
    assert "联系人：林知予　联系电话：021-5550000" in text
    assert "请于2023年8月15日前" in text


def test_what_a_person_wrote_into_the_list_is_not_written_over(make: Make, tmp_path: Path) -> None:
    run(make, tmp_path, [finding(1, ONE)])
    book = load_workbook(tmp_path / "补正通知" / "发文清单.xlsx")
    book["发文"]["P2"] = "已寄出"
    book.save(tmp_path / "补正通知" / "发文清单.xlsx")
    theirs = (tmp_path / "补正通知" / "发文清单.xlsx").read_bytes()
    run(make, tmp_path, [finding(1, ONE), finding(2, TWO)])
    assert (tmp_path / "补正通知" / "发文清单.xlsx").read_bytes() == theirs
    assert (tmp_path / "补正通知" / "发文清单（新）.xlsx").exists()


def test_the_list_says_where_each_letter_goes_and_why_others_get_none(make: Make, tmp_path: Path) -> None:
    other = finding(2, TWO, id="E08-2", code="E08", message="推荐单位写错")
    run(make, tmp_path, [finding(1, ONE), other])
    (row,) = listed(tmp_path, "发文")
    assert (row["收件单位"], row["文种"], row["期限"]) == ("上海示例001机械有限公司", "补正通知", "2023-08-19")
    assert (tmp_path / "补正通知" / row["文件"]).is_file()
    assert "@" in row["电子邮箱"]
    (none,) = listed(tmp_path, "不发文")
    assert none["申报单位或文件"] == "上海示例002机械有限公司"
    assert "推荐单位" in none["不发文的原因"]


def test_an_office_says_of_itself_what_stands_in_its_letters(tmp_path: Path) -> None:
    office = tmp_path / "office.toml"
    said = '[letters."浦东新区"]\nnumber = "浦经函〔{year}〕{number}号"\ncontact = "林知予"\nreply = { mend = 2023-08-15 }\n'
    office.write_text(said, encoding="utf-8")
    found = load("2023", office).recommender(DISTRICT)
    assert found is not None
    assert found.sender.contact == "林知予"
    for wrong, told in (("{number}号", "{no}号"), ("浦东新区", "浦东"), ("mend", "mended")):
        office.write_text(said.replace(wrong, told), encoding="utf-8")
        with pytest.raises(CatalogError, match="letters"):
            load_dir(find("2023"), office)


def test_a_number_stands_for_one_application(make: Make, tmp_path: Path) -> None:
    items = [application(n, applicant="上海同名公司", company_name="上海同名公司") for n in (1, 2)]
    faults = [finding(n, f"{DISTRICT}/{n:03d}.docx") for n in (1, 2)]
    first = make(submissions=items, findings=faults, broken=False)
    write_district(first, tmp_path)
    write_district(make(submissions=items, findings=faults[1:], broken=False), tmp_path)
    # The second keeps the name that it had, though the first has none any more.
    assert names(tmp_path / "补正通知") == ["上海同名公司（优秀场景）2.docx"]


def test_a_table_that_an_earlier_version_ranked_is_not_left_to_look_valid(make: Make, tmp_path: Path) -> None:
    old = tmp_path / "推荐汇总表.docx"
    for author, stays in (("shenbao", False), ("某经办人", True)):
        doc = Document()
        doc.core_properties.author = author
        doc.add_paragraph("推荐汇总表")
        doc.save(str(old))
        before, said = old.read_bytes(), list[str]()
        write_district(make(1, [], broken=False), tmp_path, say=said.append)
        kept = list(tmp_path.glob("推荐汇总表（旧版*）.docx"))
        assert old.exists() is stays
        assert [p.read_bytes() for p in kept] == ([before] if not stays else [p.read_bytes() for p in kept])
        assert any("推荐汇总表.docx是旧版" in s for s in said) is not stays


def test_a_draft_that_the_office_filled_in_is_not_written_over(make: Make, tmp_path: Path) -> None:
    run(make, tmp_path, [])
    draft = tmp_path / "推荐汇总表（草稿）.docx"
    doc = Document(str(draft))
    doc.tables[0].rows[-1].cells[0].text = "1"
    doc.save(str(draft))
    theirs = draft.read_bytes()
    run(make, tmp_path, [finding(1, ONE)])
    assert draft.read_bytes() == theirs
    assert (tmp_path / "推荐汇总表（草稿）（新）.docx").exists()


def test_a_letter_is_called_after_its_applicant_though_an_older_version_was_set_aside(
    make: Make, tmp_path: Path
) -> None:
    items = [application(n, applicant="上海同名公司", company_name="上海同名公司") for n in (1, 2)]
    result = make(submissions=items, findings=[finding(2, TWO)], broken=False)
    result.superseded = frozenset({ONE})
    write_district(result, tmp_path)
    assert names(tmp_path / "补正通知") == ["上海同名公司（优秀场景）.docx"]


def test_a_draft_of_an_earlier_version_that_nobody_changed_is_written_anew(make: Make, tmp_path: Path) -> None:
    run(make, tmp_path, [])
    (tmp_path / "progress.json").unlink()
    run(make, tmp_path, [finding(1, ONE, id="E05-1", code="E05", level="reject")])
    assert "近三年发生过重大事故" in "".join(
        c.text for t in Document(str(tmp_path / "推荐汇总表（草稿）.docx")).tables for r in t.rows for c in r.cells
    )
    assert not (tmp_path / "推荐汇总表（草稿）（新）.docx").exists()
