"""Who asks is known for sure: sessions, tokens, passwords, names from a proxy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from flows.desk.desk import Desk
from flows.desk.people import accounts
from flows.desk.rights import Role
from flows.desk.site import make_site
from flows.exits import UsageFault
from flows.settings import load
from tests.flows.desk.conftest import ADDRESS, HERE, PASSWORD


def test_the_cookie_is_out_of_scripts_and_other_sites_reach(client: TestClient, desk: Desk) -> None:
    answer = client.post("/login", data={"name": "lead", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    for page in ("/login", "/static/desk.js"):
        heads = client.get(page).headers
        assert "unsafe" not in heads["content-security-policy"]
        assert heads["x-content-type-options"] == "nosniff"


def test_a_script_of_before_an_upgrade_is_not_kept(client: TestClient) -> None:
    first = client.get("/static/desk.js")
    assert first.headers["cache-control"] == "private, no-cache"
    again = client.get("/static/desk.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/static/desk.js", headers={"If-None-Match": '"another"'}).content == first.content


def test_another_hosts_name_is_not_answered(desk: Desk) -> None:
    rebound = TestClient(make_site(desk), base_url="http://evil.example", follow_redirects=False)
    assert rebound.get("/login").status_code == 421


def test_wrong_passwords_slow_down_and_say_nothing_of_who_there_is(client: TestClient) -> None:
    first = client.post("/login", data={"name": "lead", "password": "wrong"})
    nobody = client.post("/login", data={"name": "nobody", "password": "wrong"})
    assert (first.status_code, nobody.status_code) == (401, 401)
    assert first.text.replace("lead", "") == nobody.text.replace("nobody", "")
    for _ in range(4):
        client.post("/login", data={"name": "lead", "password": "wrong"})
    assert client.post("/login", data={"name": "lead", "password": PASSWORD}).status_code == 429


def test_a_closed_account_is_out_at_once(desk: Desk, signed_in: Callable[[Role], TestClient]) -> None:
    client = signed_in(Role.REVIEWER)
    assert client.get(f"/o/{HERE}/").status_code == 200
    desk.people.disable(Role.REVIEWER.value)
    assert client.get(f"/o/{HERE}/").headers["location"].startswith("/login?next=")
    assert client.post("/login", data={"name": Role.REVIEWER.value, "password": PASSWORD}).status_code == 401


def test_a_session_ends_when_idle(desk: Desk, signed_in: Callable[[Role], TestClient]) -> None:
    client = signed_in(Role.REVIEWER)
    desk.people.idle_seconds = -1
    assert client.get(f"/o/{HERE}/").status_code == 303


def from_elsewhere(desk: Desk, address: str, **settings: str) -> TestClient:
    """Somebody at another address, the desk being set so."""
    desk.settings = desk.settings.model_copy(update=settings)
    return TestClient(make_site(desk), base_url=ADDRESS, client=(address, 1), follow_redirects=False)


def test_a_name_from_a_proxy_counts_only_from_the_proxy(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    def asked(proxy: str) -> int:
        client = from_elsewhere(desk, "10.0.0.7", desk_proxy=proxy, desk_user_header="X-Remote-User")
        return int(client.get(f"/o/{HERE}/", headers={"X-Remote-User": "lead"}).status_code)

    assert asked("10.0.0.0/24") == 200
    assert caplog.text == ""
    assert [asked("10.0.1.0/24"), asked("10.0.1.0/24"), asked("")] == [303] * 3
    assert "不是从反向代理来的" in caplog.text
    noted, count = desk.journal.newest(10, what="forged")
    assert (count, noted[0].address) == (1, "10.0.0.7")


def test_the_proxy_says_from_where_somebody_comes_and_nobody_else(desk: Desk) -> None:
    """Else one who guesses passwords would keep all out who come by the same proxy, and could name other addresses."""
    proxied = from_elsewhere(desk, "::ffff:10.0.0.7", desk_proxy="10.0.0.7")
    for number in range(6):
        heads = {"X-Forwarded-For": f"1.1.1.1, 10.9.0.{number // 5}"}
        proxied.post("/login", data={"name": f"n{number}", "password": "wrong"}, headers=heads)
    told = {"name": "lead", "password": PASSWORD}
    assert proxied.post("/login", data=told, headers={"X-Forwarded-For": "10.9.0.0"}).status_code == 429
    assert proxied.post("/login", data=told, headers={"X-Forwarded-For": "10.9.0.2"}).status_code == 303
    direct = from_elsewhere(desk, "10.8.0.1")
    for number in range(5):
        direct.post("/login", data={"name": "x", "password": "wrong"}, headers={"X-Forwarded-For": f"10.7.0.{number}"})
    assert direct.post("/login", data=told, headers={"X-Forwarded-For": "10.7.0.9"}).status_code == 429


@pytest.mark.parametrize("wrong", ["proxy.example", "10.0.0.0/33", "10.0.0.1;10.0.0.2", "0.0.0.0/0", "::/0"])
def test_a_wrong_proxy_is_told_when_settings_are_read(wrong: str) -> None:
    with pytest.raises(UsageFault, match="desk_proxy"):
        load(desk_proxy=f"10.0.0.1, {wrong}")


def test_signing_in_begins_another_session_and_ends_the_one_before(desk: Desk, client: TestClient) -> None:
    client.cookies.set("shenbao_desk", "chosen by somebody else")
    told = {"name": "lead", "password": PASSWORD}
    client.post("/login", data=told)
    first = client.cookies.get("shenbao_desk", domain="127.0.0.1")
    assert first not in (None, "chosen by somebody else")
    assert desk.people.session("chosen by somebody else") is None
    client.post("/login", data=told)
    assert client.cookies.get("shenbao_desk", domain="127.0.0.1") != first
    assert desk.people.session(str(first)) is None


def test_another_password_ends_the_other_sessions(desk: Desk, signed_in: Callable[[Role], TestClient]) -> None:
    one, other = signed_in(Role.LEAD), signed_in(Role.LEAD)
    told = {"old": PASSWORD, "new": "another long password", "again": "another long password"}
    assert one.post("/account", data=told).status_code == 303
    assert [c.get(f"/o/{HERE}/").status_code for c in (one, other)] == [303, 303]
    assert other.post("/login", data={"name": "lead", "password": PASSWORD}).status_code == 401


def test_another_role_or_office_counts_from_the_next_click_on(
    desk: Desk, signed_in: Callable[[Role], TestClient]
) -> None:
    client = signed_in(Role.LEAD)
    assert client.get(f"/o/{HERE}/").status_code == 200
    with desk.people.writing() as connection:
        connection.execute(update(accounts).where(accounts.c.name == "lead").values(role="engineer", office=""))
    assert client.get(f"/o/{HERE}/").status_code == 403
    assert client.get("/runs").status_code == 200


def test_a_session_ends_after_a_day_however_busy(desk: Desk, signed_in: Callable[[Role], TestClient]) -> None:
    client = signed_in(Role.REVIEWER)
    desk.people.whole_seconds = -1
    assert client.get(f"/o/{HERE}/").status_code == 303


def test_what_is_too_long_to_be_meant_is_not_read(client: TestClient) -> None:
    long = client.post("/login", content=b"name=" + b"x" * 2_000_000)
    assert long.status_code == 413
    endless = client.post("/login", content=(b"x" for _ in range(3)))
    assert endless.status_code == 411


def test_what_happens_at_the_door_stands_in_the_journal(desk: Desk, client: TestClient) -> None:
    client.post("/login", data={"name": "a password in the wrong field", "password": "wrong"})
    client.post("/login", data={"name": "lead", "password": "wrong"})
    client.post("/login", data={"name": "lead", "password": PASSWORD})
    client.get("/city")
    token = desk.people.session(client.cookies["shenbao_desk"])
    assert token is not None
    client.post("/logout", data={"token": token.token})
    noted, _ = desk.journal.newest(10)
    assert [(n.what, n.who) for n in reversed(noted)] == [
        ("wrong", ""),
        ("wrong", "lead"),
        ("sign_in", "lead"),
        ("refused", "lead"),
        ("sign_out", "lead"),
    ]
