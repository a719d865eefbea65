"""The audit view says who did what when, to those whom it concerns, and whether the book is as it was written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from checks.meaning.versions import application_id
from flows.desk.desk import Desk
from flows.desk.pages import audit
from flows.desk.rights import Role
from records.book.events import Entry
from tests.flows.desk.conftest import HERE, THERE

SignIn = Callable[[Role], TestClient]
SECRET = "原件写的是丁字号"


@pytest.fixture
def told(desk: Desk) -> Desk:
    """A desk at which two offices have decided something."""
    for office, who in ((HERE, "reviewer"), (THERE, "别处的人"), (HERE, "lead")):
        desk.decisions.book.append(
            [Entry(who=who, office=office, what="note", target="A-1", reason=SECRET, before=SECRET, source="desk")]
        )
    return desk


def test_each_sees_what_concerns_them_newest_first_and_never_what_was_written(told: Desk, signed_in: SignIn) -> None:
    lead, city, engineer = signed_in(Role.LEAD), signed_in(Role.CITY), signed_in(Role.ENGINEER)
    mine = lead.get("/api/audit").json()
    assert [(x["number"], x["what"], x["who"]) for x in mine["lines"]] == [
        (0, "sign_in", "lead"),
        (3, "note", "lead"),
        (1, "note", "reviewer"),
    ]
    for client in (city, engineer):
        every = client.get("/api/audit").json()
        assert every["found"] == 6
        assert {x["number"] for x in every["lines"]} == {0, 1, 2, 3}
        assert [x["at"] for x in every["lines"]] == sorted((x["at"] for x in every["lines"]), reverse=True)
    for client in (lead, city, engineer):
        for page in ("/audit", "/api/audit"):
            assert SECRET not in client.get(page).text
    assert lead.get("/audit", params={"office": THERE}).status_code == 404


def test_it_is_filtered_by_person_office_and_kind_and_goes_on_overleaf(
    told: Desk, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(Role.ENGINEER)

    def numbers(**asked: object) -> list[int]:
        return [x["number"] for x in client.get("/api/audit", params=asked).json()["lines"]]

    assert numbers(who="reviewer") == [1]
    assert numbers(office=THERE) == [2]
    assert numbers(what="note") == [3, 2, 1]
    assert numbers(what="sign_in") == [0]
    monkeypatch.setattr(audit, "PER_PAGE", 2)
    assert [numbers(page=n) for n in (1, 2, 3)] == [[0, 3], [2, 1], []]
    assert "page=2" in client.get("/audit").text


def test_what_was_decided_on_is_named_to_who_may_see_it(desk: Desk, signed_in: SignIn) -> None:
    result = desk.office(HERE).result
    item = result.items[0]
    mine, finding = application_id(result.catalog, item.record), item.findings[0]
    here = [("decide", mine), ("correct", f"{mine}#contact_mobile"), ("note", finding.id), ("rank", f"{HERE}/scene")]
    entries = [Entry(who="lead", office=HERE, what=w, target=t, source="desk") for w, t in here]
    ruled = Entry(who="city", office=desk.catalog.region.whole, what="settle", target=f"{mine}|A-0", source="desk")
    desk.decisions.book.append([*entries, ruled])
    name = result.item_label(item)
    for role, named in ((Role.LEAD, True), (Role.CITY, True), (Role.ENGINEER, False)):
        shown = signed_in(role).get("/audit").text
        assert all(target in shown for _, target in here)
        for words in (name, f"{name} 联系人 手机", f"{finding.code} {name}", f"{HERE} 优秀场景"):
            assert (words in shown) is named, (role, words)
    assert signed_in(Role.CITY).get("/audit", params={"what": "settle"}).text.count(name) == 1


def test_the_pages_of_ones_own_office_stay_at_hand(told: Desk, signed_in: SignIn) -> None:
    letters = f"/o/{quote(HERE)}/letters"
    for page in ("/audit", "/runs", "/no such page"):
        assert letters in signed_in(Role.LEAD).get(page).text
        assert letters not in signed_in(Role.ENGINEER).get(page).text


def test_a_book_that_was_changed_is_told_of(told: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.CITY)
    assert client.get("/api/audit").json()["sound"] is True
    with sqlite3.connect(told.settings.out / "decisions.sqlite") as connection:
        connection.execute("DROP TRIGGER decisions_no_update")
        connection.execute("UPDATE decisions SET body = replace(body, '别处的人', '没有人') WHERE seq = 2")
    found = client.get("/api/audit").json()
    assert found["sound"] is False
    assert "第2条" in found["said"]
    assert "决定簿不完整" in client.get("/audit").text
