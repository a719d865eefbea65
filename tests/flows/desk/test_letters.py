"""The register of letters and the order of recommendation: people's, kept for ever, never invented."""

from __future__ import annotations

from collections.abc import Callable

from fastapi.testclient import TestClient

from flows.desk.desk import Desk
from flows.desk.pages.letters import kept_at, letters_of
from flows.desk.rendering import key_of
from flows.desk.rights import Role
from reports.results.posting import FOLDER
from tests.flows.desk.conftest import HERE

SignIn = Callable[[Role], TestClient]
API = f"/api/offices/{HERE}"


def test_what_was_issued_can_be_printed_again_whatever_becomes_of_the_draft(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.LEAD)
    (letter,) = letters_of(desk, HERE)
    path = desk.settings.out / HERE / FOLDER / letter.file
    data = path.read_bytes()
    told = {"number": "浦经函〔2023〕1号", "date": "2023-08-12", "due": "2023-08-19", "seen": 0}
    event = client.post(f"{API}/letters/{letter.id}/issue", json=told).json()
    assert event["after"]["sha256"]
    path.write_bytes(b"another draft")
    assert client.get(f"/o/{HERE}/letters/{letter.id}/file").content == data
    assert kept_at(desk, event["after"]["sha256"]).read_bytes() == data
    (now,) = client.get(f"{API}/letters").json()
    assert (now["step"], now["number"], now["date"], now["due"]) == (
        "issue",
        "浦经函〔2023〕1号",
        "2023-08-12",
        "2023-08-19",
    )


def test_a_letter_goes_its_way_step_by_step(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.LEAD)
    (letter,) = letters_of(desk, HERE)

    def step(what: str) -> int:
        seen = desk.decisions.now().seq
        at = f"{API}/letters/{letter.id}"
        body = (
            {"seen": seen} if what == "issue" else {"what": what, "date": "2023-08-14", "words": "邮寄", "seen": seen}
        )
        return int(client.post(f"{at}/issue" if what == "issue" else f"{at}/step", json=body).status_code)

    assert step("send") == 409  # nothing that was not issued
    assert [step(w) for w in ("issue", "issue", "send", "answer", "close", "close")] == [200, 409, 200, 200, 200, 409]
    assert len(client.get(f"{API}/letters").json()[0]["history"]) == 4


def test_some_are_issued_at_once_numbered_on(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.LEAD)
    (letter,) = letters_of(desk, HERE)
    form = {
        "letter": letter.id,
        "number": "函〔2023〕{n}号",
        "first": "7",
        "date": "2023-08-12",
        "due": "",
        "seen": "0",
    }
    assert client.post(f"/o/{HERE}/letters/issue", data=form).status_code == 303
    assert letters_of(desk, HERE)[0].number == "函〔2023〕7号"
    assert client.post(f"/o/{HERE}/letters/issue", data={"seen": "1"}).status_code == 422


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
    (letter,) = letters_of(desk, HERE)
    item = desk.office(HERE).result.items[0]
    at = f"{API}/applications/{key_of(item.document)}"
    client.post(f"{at}/findings", json={"level": "fix", "message": "公章模糊", "seen": 0})
    assert "新添了1处人工发现" in client.get(f"/o/{HERE}/letters").text
    point = next(f.id for f in item.findings if f.code in {"K01", "C03", "L01", "M01"})
    client.post(f"{at}/findings/{point}", json={"act": "withdraw", "reason": "不成立", "seen": 1})
    shown = client.get(f"/o/{HERE}/letters").text
    assert "撤销了其中1处问题" in shown
    answer = client.post(f"{API}/letters/{letter.id}/issue", json={"number": "1号", "seen": 2})
    assert answer.status_code == 409
    assert "重新运行审查" in answer.json()["message"]
    assert letters_of(desk, HERE)[0].step == ""
    (desk.settings.out / HERE / FOLDER / letter.file).write_bytes(b"mended by hand")
    assert client.post(f"{API}/letters/{letter.id}/issue", json={"number": "1号", "seen": 2}).status_code == 200


def test_what_is_filled_in_wrong_issues_nothing(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.LEAD)
    (letter,) = letters_of(desk, HERE)
    right = {"letter": letter.id, "number": "函〔2023〕{n}号", "first": "1", "seen": "0"}
    for wrong in (
        {"first": "一"},
        {"first": "-3"},
        {"seen": "x"},
        {"number": ""},
        {"due": "2023-02-30"},
        {"seen": "9" * 30},
    ):
        assert client.post(f"/o/{HERE}/letters/issue", data=right | wrong).status_code == 422
    assert desk.decisions.now().seq == 0
