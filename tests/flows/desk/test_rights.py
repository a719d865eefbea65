"""Nobody sees or does what is not theirs: every page and interface, by every role, and by nobody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from flows.desk.asking import Allowed
from flows.desk.desk import Desk
from flows.desk.rendering import key_of
from flows.desk.rights import RIGHTS, Act, Reach, Role
from flows.desk.site import make_site
from tests.flows.desk.conftest import HERE, PASSWORD, PEOPLE, THERE

OPEN_TO_ALL = {("GET", "/login"), ("POST", "/login"), ("GET", "/static/{name}")}


def acts_of(dependant: Dependant) -> Iterator[Act]:
    if isinstance(dependant.call, Allowed):
        yield dependant.call.act
    for inner in dependant.dependencies:
        yield from acts_of(inner)


def routes(desk: Desk) -> list[tuple[str, str, Act | None]]:
    """(method, path, act) of everything the desk answers."""
    found = []
    for route in all_routes(make_site(desk).routes):
        for method in route.methods - {"HEAD"}:
            acts = list(acts_of(route.dependant))
            assert len(acts) <= 1, f"{route.path} is more than one act"
            found.append((method, route.path, acts[0] if acts else None))
    return found


def all_routes(routes: list[object]) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from all_routes(
                list(getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", []))
            )


def address(desk: Desk, path: str, office: str) -> str:
    item = desk.office(office).result.items[0]
    finding = next((f.id for f in item.findings), "none")
    filled = path.replace("{office}", office).replace("{key}", key_of(item.document)).replace("{finding}", finding)
    return re.sub(r"\{\w+\}", "x", filled)


def test_every_address_is_an_act_but_the_sign_in(desk: Desk) -> None:
    found = routes(desk)
    assert len(found) > 20
    assert {(method, path) for method, path, act in found if act is None} == OPEN_TO_ALL


def test_nobody_gets_anything_without_signing_in(desk: Desk, client: TestClient) -> None:
    for method, path, act in routes(desk):
        if act is None:
            continue
        answer = client.request(method, address(desk, path, HERE), headers={"X-Token": ""})
        expected = {401} if path.startswith("/api/") else {303, 401}
        assert answer.status_code in expected, (method, path)
        assert answer.headers.get("location", "/login") == "/login"
        assert "沪芯" not in answer.text


@pytest.mark.parametrize("role", Role)
def test_a_role_gets_what_is_its_own_and_nothing_else(
    desk: Desk, signed_in: Callable[[Role], TestClient], role: Role
) -> None:
    for method, path, act in routes(desk):
        if act is None or path == "/logout":
            continue
        for office in (HERE, THERE) if "{office}" in path else ("",):
            client = signed_in(role) if path == "/account" else clients(desk, signed_in, role)
            reach = RIGHTS[act][tuple(Role).index(role)]
            may = reach is Reach.ALL or (reach is Reach.OWN and office in ("", PEOPLE[role]))
            answer = client.request(method, address(desk, path, office or HERE))
            # What is allowed and not there says what is not there; what is not allowed says nothing of it.
            refused = answer.status_code in (401, 403) and "保密工作人员" not in answer.text
            got = not (refused or "没有这个页面" in answer.text)
            assert got == may, (role, method, path, office, answer.status_code, answer.text[-300:])
            if not may:
                assert "沪芯" not in answer.text
                assert "织羽" not in answer.text


_CLIENTS: dict[tuple[int, Role], TestClient] = {}


def clients(desk: Desk, signed_in: Callable[[Role], TestClient], role: Role) -> TestClient:
    return _CLIENTS.setdefault((id(desk), role), signed_in(role))


def test_a_change_without_its_token_changes_nothing(desk: Desk, signed_in: Callable[[Role], TestClient]) -> None:
    client = signed_in(Role.REVIEWER)
    item = desk.office(HERE).result.items[0]
    at = f"/o/{HERE}/a/{key_of(item.document)}/findings/{item.findings[0].id}"
    told = {"act": "confirm", "seen": "0"}
    for token in ("", "guessed"):
        assert client.post(at, data=told | {"token": token}, headers={"X-Token": ""}).status_code == 403
    assert client.post(at, data=told, headers={"Origin": "http://evil.example"}).status_code == 403
    assert desk.decisions.now().seq == 0
    assert client.post(at, data=told).status_code == 303
    assert desk.decisions.now().seq == 1


def test_the_cookie_is_out_of_scripts_and_other_sites_reach(client: TestClient, desk: Desk) -> None:
    answer = client.post("/login", data={"name": "lead", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    for page in ("/login", "/static/desk.js"):
        heads = client.get(page).headers
        assert "unsafe" not in heads["content-security-policy"]
        assert heads["x-content-type-options"] == "nosniff"


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
    assert client.get(f"/o/{HERE}/").headers["location"] == "/login"
    assert client.post("/login", data={"name": Role.REVIEWER.value, "password": PASSWORD}).status_code == 401


def test_a_session_ends_when_idle(desk: Desk, signed_in: Callable[[Role], TestClient]) -> None:
    client = signed_in(Role.REVIEWER)
    desk.people.idle_seconds = -1
    assert client.get(f"/o/{HERE}/").status_code == 303


def test_a_name_from_a_proxy_counts_only_from_the_proxy(desk: Desk) -> None:
    named = {"X-Remote-User": "lead"}
    page = f"/o/{HERE}/"

    def asked(proxy: str) -> int:
        desk.settings = desk.settings.model_copy(update={"desk_proxy": proxy, "desk_user_header": "X-Remote-User"})
        client = TestClient(
            make_site(desk), base_url="http://127.0.0.1", client=("10.0.0.7", 1), follow_redirects=False
        )
        return int(client.get(page, headers=named).status_code)

    assert asked("10.0.0.0/24") == 200
    assert asked("10.0.1.0/24") == 303


def test_no_path_leads_out_of_the_inbox(desk: Desk, signed_in: Callable[[Role], TestClient], tmp_path: Path) -> None:
    client = signed_in(Role.REVIEWER)
    for key in ("..%2f..%2fetc%2fpasswd", "..", "%00", "x" * 500):
        assert client.get(f"/o/{HERE}/a/{key}/original").status_code in (404, 422)
    for office in ("..", "%2e%2e", "../" + HERE):
        assert client.get(f"/o/{office}/").status_code in (303, 404)
