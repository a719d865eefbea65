"""The queue: what is to be done next, by whom; several assigned at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient

from flows.desk.desk import Desk
from flows.desk.rights import Role
from tests.flows.desk.conftest import HERE, PASSWORD
from tests.flows.desk.test_letters import API, TERMS, draft_of

SignIn = Callable[[Role], TestClient]


def only(client: TestClient) -> dict[str, Any]:
    (entry,) = client.get(f"{API}/applications").json()
    return dict(entry)


def test_what_is_to_be_done_next_follows_from_what_was_done(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.LEAD)
    entry = only(client)
    assert entry["next"] == "处理问题"
    at = f"{API}/applications/{entry['key']}"
    for finding in desk.office(HERE).result.items[0].findings:
        client.post(f"{at}/findings/{finding.id}", json={"act": "confirm", "seen": desk.decisions.now().seq})
    assert only(client)["next"] == "作出结论"
    told = {"verdict": "退回补正", "reason": "须补正", "seen": desk.decisions.now().seq}
    client.post(f"{at}/verdict", json=told)
    assert only(client)["next"] == "签发通知"
    letter, _ = draft_of(desk)
    letters = f"{API}/letters/{letter.id}"
    client.post(f"{letters}/issue", json=TERMS | {"seen": desk.decisions.now().seq})
    seen = [only(client)["next"]]
    for step in ("send", "answer", "close"):
        client.post(f"{letters}/step", json={"what": step, "date": "2023-08-20", "seen": desk.decisions.now().seq})
        seen.append(only(client)["next"])
    assert seen == ["登记发出", "等待答复", "办结", "已完成"]
    page = client.get(f"/o/{HERE}/").text
    assert "<b>1/1</b>份已作结论" in page


def test_it_is_filtered_by_who_and_what(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.LEAD)
    key = only(client)["key"]
    client.post(f"/o/{HERE}/take", data={"key": key, "seen": "0"})
    assert only(client)["assigned"] == "lead"
    for query, count in (
        ("assigned=lead", 1),
        ("assigned=未分派", 0),
        ("todo=处理问题", 1),
        ("todo=已完成", 0),
        ("verdict=未作结论", 1),
        ("verdict=通过", 0),
        ("q=沪芯&sort=assigned", 1),
    ):
        assert f"共{count}份" in client.get(f"/o/{HERE}/?{query}").text, query


def test_some_are_assigned_at_once_to_people_of_the_office(desk: Desk, signed_in: SignIn) -> None:
    desk.people.add("陈审", Role.REVIEWER, HERE, PASSWORD)
    lead = signed_in(Role.LEAD)
    key = only(lead)["key"]
    assert lead.post(f"{API}/assignments", json={"keys": [key], "to": "city", "seen": 0}).status_code == 422
    assert lead.post(f"{API}/assignments", json={"keys": [key, "x"], "to": "陈审", "seen": 0}).status_code == 404
    assert lead.post(f"/o/{HERE}/assign", data={"to": "陈审", "seen": "0"}).status_code == 422
    assert desk.decisions.now().seq == 0
    assert lead.post(f"{API}/assignments", json={"keys": [key], "to": "陈审", "seen": 0}).status_code == 200
    again = lead.post(f"{API}/assignments", json={"keys": [key], "to": "reviewer", "seen": 0})
    assert again.status_code == 409
    assert "lead刚刚分派过" in again.json()["message"]
    assert only(lead)["assigned"] == "陈审"
    assert lead.post(f"{API}/assignments", json={"keys": [key], "to": "", "seen": 1}).status_code == 200
    assert only(lead)["assigned"] == ""


def test_somebody_without_a_round_is_told_whom_to_ask(desk: Desk, signed_in: SignIn) -> None:
    desk.people.add("新来的", Role.REVIEWER, "徐汇区", PASSWORD)
    client = signed_in(Role.REVIEWER)
    client.cookies.clear()
    client.post("/login", data={"name": "新来的", "password": PASSWORD})
    page = client.get("/").text
    assert "请找运维人员engineer运行一次审查" in page
    assert "shenbao" not in page[page.index("还没有") :]
    assert "在“审查运行”页运行" in client.get("/o/徐汇区/").text
