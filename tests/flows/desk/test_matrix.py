"""Nobody sees or does what is not theirs: every page and interface by every role and by nobody, at one's own office and at another.

What is expected stands here, a line a route, and nowhere in the program: a route without a line fails.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel

from flows.desk.desk import Desk
from flows.desk.letters import letters_of
from flows.desk.rendering import key_of
from flows.desk.rights import Role
from tests.flows.desk.addresses import all_routes, routes
from tests.flows.desk.conftest import HERE, PEOPLE, THERE

SignIn = Callable[[Role], TestClient]
# Of reviewer, lead, city, engineer: "own" office, "all" offices, "-" not at all.
MATRIX = """
GET  /                                                            all all all all
GET  /account                                                     all all all all
POST /account                                                     all all all all
POST /logout                                                      all all all all
GET  /api/openapi.json                                            all all all all
GET  /o/{office}/                                                 own own all -
GET  /o/{office}/a/{key}                                          own own all -
GET  /o/{office}/a/{key}/versions                                 own own all -
GET  /o/{office}/a/{key}/original                                 own own all -
GET  /o/{office}/a/{key}/page                                     own own all -
GET  /o/{office}/letters                                          own own all -
GET  /o/{office}/letters/{letter}/file                            own own all -
GET  /o/{office}/recommendation                                   own own all -
GET  /o/{office}/recommendation/file                              own own all -
GET  /o/{office}/figures                                          own own all -
GET  /api/offices/{office}/applications                           own own all -
GET  /api/offices/{office}/applications/{key}/versions            own own all -
GET  /api/offices/{office}/letters                                own own all -
GET  /api/offices/{office}/recommendation                         own own all -
GET  /api/offices/{office}/figures                                own own all -
POST /o/{office}/a/{key}/findings/{finding}                       own own -   -
POST /o/{office}/a/{key}/add                                      own own -   -
POST /o/{office}/a/{key}/correct                                  own own -   -
POST /o/{office}/a/{key}/check                                    own own -   -
POST /o/{office}/take                                             own own -   -
POST /api/offices/{office}/applications/{key}/checks              own own -   -
POST /o/{office}/a/{key}/take                                     own own -   -
POST /api/offices/{office}/applications/{key}/findings/{finding}  own own -   -
POST /api/offices/{office}/applications/{key}/findings            own own -   -
POST /api/offices/{office}/applications/{key}/corrections         own own -   -
POST /api/offices/{office}/applications/{key}/take                own own -   -
POST /o/{office}/assign                                           -   own -   -
POST /api/offices/{office}/assignments                            -   own -   -
POST /o/{office}/a/{key}/assign                                   -   own -   -
POST /o/{office}/a/{key}/decide                                   -   own -   -
POST /o/{office}/letters/issue                                    -   own -   -
POST /o/{office}/letters/step                                     -   own -   -
POST /o/{office}/recommendation                                   -   own -   -
POST /api/offices/{office}/applications/{key}/assignment          -   own -   -
POST /api/offices/{office}/applications/{key}/verdict             -   own -   -
POST /api/offices/{office}/letters/{letter}/issue                 -   own -   -
POST /api/offices/{office}/letters/{letter}/step                  -   own -   -
POST /api/offices/{office}/recommendation                         -   own -   -
GET  /city                                                        -   -   all -
GET  /api/matters                                                 -   -   all -
GET  /api/offices                                                 -   -   all -
POST /city/settle                                                 -   -   all -
POST /api/matters                                                 -   -   all -
GET  /runs                                                        -   all -   all
GET  /api/runs                                                    -   all -   all
POST /o/{office}/run                                              -   own -   all
POST /o/{office}/retry                                            -   own -   all
POST /api/offices/{office}/runs                                   -   own -   all
POST /api/offices/{office}/retries                                -   own -   all
POST /runs                                                        -   -   -   all
POST /api/runs                                                    -   -   -   all
GET  /audit                                                       -   all all all
GET  /api/audit                                                   -   all all all
"""
OPEN_TO_ALL = {
    ("GET", "/login"),
    ("POST", "/login"),
    ("GET", "/oidc/start"),
    ("GET", "/oidc/back"),
    ("GET", "/static/{name}"),
}
NOBODYS = "没有这个单位"
"""An office that there is not."""


def lines() -> dict[tuple[str, str], tuple[str, ...]]:
    """(method, path) → how far each role's right goes."""
    found = [line.split() for line in MATRIX.split("\n") if line]
    return {(method, path): tuple(reaches) for method, path, *reaches in found}


def filled(desk: Desk, path: str, office: str) -> str:
    """An address with what there is at an office, "x" in its other places."""
    item = desk.office(office if office in (HERE, THERE) else HERE).result.items[0]
    finding = next((f.id for f in item.findings), "none")
    letter = next((x.id for x in letters_of(desk, office)), "none")
    places = {"office": office, "key": key_of(item.document), "finding": finding, "letter": letter}
    return re.sub(r"\{(\w+)\}", lambda m: quote(places.get(m[1], "x"), safe=""), path)


def traces(desk: Desk) -> tuple[Any, ...]:
    """All that anybody could have changed."""
    return desk.decisions.now().seq, len(getattr(desk.running, "orders", [])), desk.people.all()


def test_every_route_has_its_line(desk: Desk) -> None:
    assert {(method, path) for method, path, _ in routes(desk)} == set(lines()) | OPEN_TO_ALL
    assert {(method, path) for method, path, act in routes(desk) if act is None} == OPEN_TO_ALL


def test_nobody_gets_anything_without_signing_in(desk: Desk, client: TestClient) -> None:
    before = traces(desk)
    for method, path in lines():
        for office in (HERE, NOBODYS) if "{office}" in path else ("",):
            answer = client.request(method, filled(desk, path, office or HERE), headers={"X-Token": ""})
            expected = {401} if path.startswith("/api/") else {303}
            assert answer.status_code in expected, (method, path)
            assert answer.headers.get("location", "/login").partition("?")[0] == "/login"
            assert "沪芯" not in answer.text
    assert traces(desk) == before


@pytest.mark.parametrize("role", Role)
def test_a_role_gets_what_is_its_own_and_nothing_else(desk: Desk, signed_in: SignIn, role: Role) -> None:
    client = signed_in(role)
    ends = ("/account", "/logout")
    for (method, path), reaches in lines().items():
        for office in (HERE, THERE, NOBODYS) if "{office}" in path else ("",):
            reach = reaches[tuple(Role).index(role)]
            may = reach == "all" or (reach == "own" and office == PEOPLE[role])
            asked = signed_in(role) if path in ends else client
            answer = asked.request(method, filled(desk, path, office or HERE))
            assert answer.status_code != 500, (method, path)
            # What is allowed and not there says what is not there; what is not allowed says nothing of it.
            refused = answer.status_code in (401, 403) and "保密工作人员" not in answer.text
            got = not (refused or "没有这个页面" in answer.text)
            assert got == may, (role, method, path, office, answer.status_code, answer.text[-300:])
            if not may:
                assert "沪芯" not in answer.text
                assert "织羽" not in answer.text


def test_of_another_office_nothing_is_told_not_even_whether_it_is_there(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.LEAD)
    for method, path in lines():
        if "{office}" in path:
            there, nowhere = (client.request(method, filled(desk, path, office)) for office in (THERE, NOBODYS))
            told = [a.text.replace(o, "").replace(quote(o), "") for a, o in ((there, THERE), (nowhere, NOBODYS))]
            assert (there.status_code, told[0]) == (nowhere.status_code, told[1]), (method, path)


@pytest.mark.parametrize("token", ["", "guessed", None])
def test_no_change_without_its_token(desk: Desk, signed_in: SignIn, token: str | None) -> None:
    """None: with the token, from a page of another site."""
    client, before = signed_in(Role.LEAD), traces(desk)
    for method, path in lines():
        if method != "POST":
            continue
        heads = {"Origin": "http://evil.example"} if token is None else {"X-Token": token}
        for sent in ({"json": {"token": token}}, {"data": {"token": token or ""}}):
            answer = client.post(filled(desk, path, HERE), headers=heads, **sent)
            assert answer.status_code == 403, (path, sent, answer.status_code)
    assert traces(desk) == before


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_other_methods_do_nothing_and_say_nothing(
    desk: Desk, signed_in: SignIn, client: TestClient, method: str
) -> None:
    for asking, (_, path) in itertools.product((client, signed_in(Role.LEAD)), lines()):
        answer = asking.request(method, filled(desk, path, HERE))
        assert answer.status_code == 405, (method, path)
        assert "沪芯" not in answer.text


HOSTILE = ("..%2f..%2fetc%2fpasswd", "%00", "%2e%2e%2f", "x" * 500, "'%20or%20'1'='1", "%ff%fe", "%F0%9F%98%80")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_id_leads_anywhere_else(desk: Desk, signed_in: SignIn, hostile: str) -> None:
    client, before = signed_in(Role.LEAD), traces(desk)
    for method, path in lines():
        for place in re.findall(r"\{\w+\}", path):
            answer = client.request(
                method, filled(desk, path.replace(place, "HOSTILE"), HERE).replace("HOSTILE", hostile)
            )
            assert answer.status_code in (303, 307, 403, 404, 405, 422), (method, path, place)
            assert "root:" not in answer.text
    assert traces(desk)[0] == before[0]


def fields_of(desk: Desk) -> Iterator[tuple[str, str, list[str]]]:
    """(path, "data" or "json", its fields) of every change."""
    by_hand = {
        "/o/{office}/letters/issue": ["letter", "number", "first", "date", "due", "seen"],
        "/o/{office}/recommendation": ["id", "at", "form", "seen"],
    }
    for route in all_routes(desk):
        if "POST" not in route.methods or route.path in ("/login", "/logout", "/account"):
            continue
        names = list(by_hand.get(route.path, []))
        for param in route.dependant.body_params:
            model = param.field_info.annotation
            inner = (
                list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else [param.name]
            )
            names += inner
        yield route.path, "json" if route.path.startswith("/api/") else "data", names


def sound(desk: Desk, name: str) -> Any:
    """What goes through in a field of one's own."""
    known = {"level": "fix", "act": "confirm", "what": "send", "seen": 0, "first": 1, "at": "1", "order": []}
    return known.get(name, "x")


def test_another_offices_ids_lead_nowhere_in_any_field(desk: Desk, signed_in: SignIn) -> None:
    other = desk.office(THERE).result.items[0]
    theirs = [key_of(other.document), other.document, desk.office(THERE).result.application(other)]
    theirs += (
        [f.id for f in other.findings[:1]] + [x.id for x in letters_of(desk, THERE)[:1]] + [THERE, f"{THERE}/scene"]
    )
    client, tried = signed_in(Role.LEAD), 0
    free = {"reason", "words", "message", "place", "number", "text", "anchor"}
    for path, kind, names in fields_of(desk):
        for name, id_ in itertools.product([n for n in names if n not in free], theirs):
            sent = {n: sound(desk, n) for n in names} | {name: [id_] if name == "order" else id_}
            answer = client.post(filled(desk, path, HERE), **{kind: sent})
            assert answer.status_code != 500, (path, name)
            assert "织羽" not in answer.text.replace(id_, ""), (path, name)
            tried += 1
    assert tried > 100
    for event in desk.decisions.book.events():
        assert event.office == HERE
        assert event.target.partition("#")[0] not in theirs
        assert not any(f'"{id_}"' in event.body() for id_ in theirs), event
    assert not any(id_ in order for order in getattr(desk.running, "orders", []) for id_ in theirs)
