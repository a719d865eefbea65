"""The register of letters and the order of recommendation: people's, kept for ever, never invented."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from fastapi.testclient import TestClient

from catalog.letters import Sender
from flows.command.deciding import verify
from flows.desk.desk import Desk
from flows.desk.letters import Letter, letters_of
from flows.desk.rendering import key_of
from flows.desk.rights import Role
from reports.outgoing import issued_at
from reports.results.posting import FOLDER
from reports.results.progress import STATE
from tests.flows.desk.conftest import HERE

SignIn = Callable[[Role], TestClient]
API = f"/api/offices/{HERE}"
TERMS: dict[str, Any] = {
    "number": "浦经函〔2023〕1号",
    "date": "2023-08-12",
    "due": "2023-08-25",
    "contact": "王小明",
    "phone": "021-55550000",
    "seen": 0,
}


def draft_of(desk: Desk) -> tuple[Letter, Path]:
    (letter,) = letters_of(desk, HERE)
    return letter, desk.settings.out / HERE / FOLDER / letter.file


def changed_in_word(path: Path) -> None:
    document = Document(str(path))
    document.add_paragraph("另：请附公章清晰的复印件。")
    document.save(str(path))


def text_of(data: bytes) -> str:
    return "\n".join(p.text for p in Document(io.BytesIO(data)).paragraphs)


def numbered(desk: Desk, number: str, first: int = 1) -> None:
    """The office has a scheme of numbers of its own."""
    sender = Sender(number=number, first=first)
    offices = [r.model_copy(update={"sender": sender}) if r.name == HERE else r for r in desk.catalog.recommenders]
    desk.catalog = desk.catalog.model_copy(update={"recommenders": tuple(offices)})


def test_what_is_typed_stands_in_what_goes_out_and_is_kept(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.LEAD)
    letter, path = draft_of(desk)
    event = client.post(f"{API}/letters/{letter.id}/issue", json=TERMS).json()
    given = client.get(f"/o/{HERE}/letters/{letter.id}/file").content
    for words in ("浦经函〔2023〕1号", "2023年8月12日", "2023年8月25日前", "联系人：王小明　联系电话：021-55550000"):
        assert words in text_of(given)
    assert "＿" not in text_of(given)
    assert path.read_bytes() == given  # where the office looks for it
    path.write_bytes(b"another draft")
    assert client.get(f"/o/{HERE}/letters/{letter.id}/file").content == given
    assert issued_at(desk.settings.out, event["after"]["sha256"]).read_bytes() == given
    (now,) = client.get(f"{API}/letters").json()
    assert {k: now[k] for k in ("step", "number", "date", "due", "contact", "phone")} == {
        "step": "issue",
        **{k: TERMS[k] for k in ("number", "date", "due", "contact", "phone")},
    }


def test_a_draft_changed_in_word_goes_out_as_it_was_changed(desk: Desk, signed_in: SignIn) -> None:
    letter, path = draft_of(desk)
    changed_in_word(path)
    client = signed_in(Role.LEAD)
    assert client.post(f"{API}/letters/{letter.id}/issue", json=TERMS).status_code == 200
    told = text_of(client.get(f"/o/{HERE}/letters/{letter.id}/file").content)
    assert "另：请附公章清晰的复印件。" in told
    assert "浦经函〔2023〕1号" in told


def test_a_letter_goes_its_way_step_by_step(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.LEAD)
    letter, _ = draft_of(desk)

    def step(what: str, date: str = "2023-08-14") -> int:
        at = f"{API}/letters/{letter.id}"
        seen = {"seen": desk.decisions.now().seq}
        body = TERMS | seen if what == "issue" else {"what": what, "date": date, "words": "邮寄", **seen}
        return int(client.post(f"{at}/issue" if what == "issue" else f"{at}/step", json=body).status_code)

    assert step("send") == 409  # nothing that was not issued
    assert [step("issue"), step("issue")] == [200, 409]
    assert step("send", "2023-08-11") == 422  # before it was issued
    assert step("send", "2999-01-01") == 422  # not yet
    assert step("send") == 200
    assert step("answer", "2023-08-13") == 422  # before it was sent
    assert [step("answer", "2023-08-20"), step("close", "2023-08-19"), step("close", "2023-08-21")] == [200, 422, 200]
    assert step("close", "2023-08-22") == 409
    assert len(client.get(f"{API}/letters").json()[0]["history"]) == 4


def test_a_deadline_before_the_date_is_refused(desk: Desk, signed_in: SignIn) -> None:
    letter, _ = draft_of(desk)
    answer = signed_in(Role.LEAD).post(f"{API}/letters/{letter.id}/issue", json=TERMS | {"due": "2023-08-11"})
    assert answer.status_code == 422
    assert "期限2023-08-11早于日期2023-08-12" in answer.json()["message"]
    assert desk.decisions.now().seq == 0


def test_some_are_issued_at_once_numbered_on(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.LEAD)
    letter, _ = draft_of(desk)
    form = TERMS | {"letter": letter.id, "number": "函〔2023〕{n}号", "first": "7", "seen": "0"}
    assert client.post(f"/o/{HERE}/letters/issue", data=form).status_code == 303
    assert letters_of(desk, HERE)[0].number == "函〔2023〕7号"
    assert 'value="函〔2023〕{n}号"' in client.get(f"/o/{HERE}/letters").text
    assert 'placeholder="8"' in client.get(f"/o/{HERE}/letters").text
    assert client.post(f"/o/{HERE}/letters/issue", data={"seen": "1"}).status_code == 422


def test_what_was_issued_wrong_is_issued_anew_until_it_is_sent(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.LEAD)
    letter, _ = draft_of(desk)
    at = f"{API}/letters/{letter.id}"
    first = client.post(f"{at}/issue", json=TERMS).json()
    again = client.post(f"{at}/issue", json=TERMS | {"due": "2023-08-30", "again": True, "seen": 1}).json()
    told = text_of(client.get(f"/o/{HERE}/letters/{letter.id}/file").content)
    assert "2023年8月30日前" in told
    assert "浦经函〔2023〕1号" in told
    assert letters_of(desk, HERE)[0].due == "2023-08-30"
    for event in (first, again):  # neither is lost
        assert issued_at(desk.settings.out, event["after"]["sha256"]).is_file()
    client.post(f"{at}/step", json={"what": "send", "date": "2023-08-12", "seen": 2})
    assert client.post(f"{at}/issue", json=TERMS | {"again": True, "seen": 3}).status_code == 409


def test_numbers_go_on_by_the_office_s_scheme_even_when_the_state_is_lost(desk: Desk, signed_in: SignIn) -> None:
    numbered(desk, "浦经函〔{year}〕{number}号", first=12)
    client = signed_in(Role.LEAD)
    letter, path = draft_of(desk)
    draft = path.read_bytes()
    told = TERMS | {"number": ""}
    assert client.post(f"{API}/letters/{letter.id}/issue", json=told).json()["after"]["number"] == "浦经函〔2023〕12号"
    state = desk.settings.out / HERE / STATE
    kept = state.read_text("utf-8")
    other = kept.replace(letters_mark(kept), "0" * 16)
    state.write_text(other, "utf-8")  # another letter, of which nothing is known but what the book says
    new = next(x for x in letters_of(desk, HERE) if not x.step)
    path.write_bytes(draft)
    taken = client.post(f"{API}/letters/{new.id}/issue", json=TERMS | {"number": "浦经函〔2023〕12号", "seen": 1})
    assert taken.status_code == 409
    assert "已经用过" in taken.json()["message"]
    event = client.post(f"{API}/letters/{new.id}/issue", json=told | {"seen": 1}).json()
    assert event["after"]["number"] == "浦经函〔2023〕13号"
    state.unlink()
    assert sorted(x.number for x in letters_of(desk, HERE)) == ["浦经函〔2023〕12号", "浦经函〔2023〕13号"]


def letters_mark(kept: str) -> str:
    (letter,) = json.loads(kept)["letters"].values()
    return str(letter["mark"])


def test_an_order_is_peoples_and_whole(desk: Desk, signed_in: SignIn) -> None:
    lead, reviewer = signed_in(Role.LEAD), signed_in(Role.REVIEWER)
    ranking = next(r for r in lead.get(f"{API}/recommendation").json()["lists"] if r["places"])
    assert all(p["at"] is None for p in ranking["places"])
    ids = [p["id"] for p in ranking["places"]]
    order = {"form": ranking["form"], "order": ids, "seen": 0}
    assert reviewer.post(f"{API}/recommendation", json=order).status_code == 403
    assert lead.post(f"{API}/recommendation", json=order | {"order": []}).status_code == 409
    assert lead.post(f"{API}/recommendation", json=order).status_code == 200
    after = next(r for r in lead.get(f"{API}/recommendation").json()["lists"] if r["places"])
    assert [p["at"] for p in after["places"]] == list(range(1, len(ids) + 1))


def test_a_draft_that_tells_of_what_was_withdrawn_is_not_issued(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.LEAD)
    letter, path = draft_of(desk)
    item = desk.office(HERE).result.items[0]
    at = f"{API}/applications/{key_of(item.document)}"
    client.post(f"{at}/findings", json={"level": "fix", "message": "公章模糊", "seen": 0})
    assert "新添了1处人工发现" in client.get(f"/o/{HERE}/letters").text
    point = next(f.id for f in item.findings if f.code in {"K01", "C03", "L01", "M01"})
    client.post(f"{at}/findings/{point}", json={"act": "withdraw", "reason": "不成立", "seen": 1})
    shown = client.get(f"/o/{HERE}/letters").text
    assert "撤销了其中1处问题" in shown
    answer = client.post(f"{API}/letters/{letter.id}/issue", json=TERMS | {"seen": 2})
    assert answer.status_code == 409
    assert "重新运行审查" in answer.json()["message"]
    assert letters_of(desk, HERE)[0].step == ""
    changed_in_word(path)
    assert client.post(f"{API}/letters/{letter.id}/issue", json=TERMS | {"seen": 2}).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": "一"},
        {"first": "-3"},
        {"seen": "x"},
        {"number": ""},
        {"number": "号" * 61},
        {"due": "2023-02-30"},
        {"contact": ""},
        {"seen": "9" * 30},
    ],
    ids=lambda w: f"{next(iter(w))}={next(iter(w.values()))[:4]}",
)
def test_what_is_filled_in_wrong_issues_nothing(desk: Desk, signed_in: SignIn, wrong: dict[str, str]) -> None:
    client = signed_in(Role.LEAD)
    letter, _ = draft_of(desk)
    right = TERMS | {"letter": letter.id, "number": "函〔2023〕{n}号", "first": "1", "seen": "0"}
    assert client.post(f"/o/{HERE}/letters/issue", data=right | wrong).status_code == 422
    assert desk.decisions.now().seq == 0


def test_a_letter_whose_bytes_are_lost_is_told_of(desk: Desk, signed_in: SignIn) -> None:
    letter, _ = draft_of(desk)
    event = signed_in(Role.LEAD).post(f"{API}/letters/{letter.id}/issue", json=TERMS).json()
    assert verify(desk.settings)[1]
    kept = issued_at(desk.settings.out, event["after"]["sha256"])
    for spoil in (lambda: kept.write_bytes(b"changed"), kept.unlink):
        spoil()
        told, sound = verify(desk.settings)
        assert not sound
        assert "浦经函〔2023〕1号" in told
