"""Signing in through the house's own OpenID Connect server: who it says, never more than the account may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient

pytest.importorskip("authlib", reason="shenbao[oidc] is not installed")

from joserfc.jwk import RSAKey

from flows.desk.desk import Desk
from flows.desk.oidc import Oidc
from flows.desk.site import make_site
from flows.exits import UsageFault
from flows.settings import Settings
from tests.flows.desk.conftest import ADDRESS, HERE
from tests.flows.desk.oidc_server import CLIENT, SECRET, OidcServer


@pytest.fixture
def server() -> Iterator[OidcServer]:
    with OidcServer(who={"preferred_username": "lead"}) as made:
        yield made


@pytest.fixture
def told(desk: Desk, server: OidcServer, tmp_path: Path) -> Desk:
    """A desk that is told of the server."""
    (tmp_path / "secret").write_text(f"{SECRET}\n", "utf-8")
    wanted = {"desk_oidc": server.issuer, "desk_oidc_client": CLIENT, "desk_oidc_secret_file": tmp_path / "secret"}
    desk.settings = desk.settings.model_copy(update=wanted)
    desk.oidc = Oidc(desk.settings)
    return desk


def browser(desk: Desk) -> TestClient:
    return TestClient(make_site(desk), base_url=ADDRESS, raise_server_exceptions=False, follow_redirects=False)


def sent_back(client: TestClient) -> str:
    """Begin, let the server sign in, and where it sends the browser."""
    there = client.get("/oidc/start").headers["location"]
    with httpx.Client(trust_env=False) as elsewhere:
        back = urlsplit(elsewhere.get(there).headers["location"])
    return f"{back.path}?{back.query}"


def test_who_the_server_knows_and_the_desk_too_is_signed_in(told: Desk, server: OidcServer) -> None:
    client = browser(told)
    assert "统一登录" in client.get("/login").text
    asked = parse_qs(urlsplit(client.get("/oidc/start").headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    answer = client.get(sent_back(client))
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get(f"/o/{HERE}/").status_code == 200
    assert client.get("/city").status_code == 403
    noted, _ = told.journal.newest(2, what="sign_in")
    assert [(n.who, n.told) for n in noted] == [("lead", "统一登录")]


def refused(desk: Desk, client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 401
    assert client.get(f"/o/{HERE}/").headers["location"].startswith("/login")
    return answer.text


def test_what_came_back_counts_once_and_for_the_browser_that_asked(told: Desk) -> None:
    client, other = browser(told), browser(told)
    back = sent_back(client)
    assert "不是从这个浏览器" in refused(told, other, back)
    assert client.get(back).status_code == 200
    client.cookies.delete("shenbao_desk")
    assert "已过期" in refused(told, client, back)
    begun = sent_back(client)
    assert "已过期" in refused(told, client, begun.replace("state=", "state=x"))


FOREIGN = RSAKey.generate_key(2048, {"kid": "one"})


@pytest.mark.parametrize(
    "cheat",
    [
        {"lies": {"nonce": "another"}},
        {"lies": {"nonce": None}},
        {"lies": {"aud": "another client"}},
        {"lies": {"iss": "https://elsewhere.example"}},
        {"lies": {"exp": 1}},
        {"lies": {"azp": "another client"}},
        {"key": FOREIGN},
        {"header": {"alg": "none"}},
    ],
    ids=str,
)
def test_a_token_that_does_not_hold_signs_nobody_in(told: Desk, server: OidcServer, cheat: dict[str, Any]) -> None:
    for name, value in cheat.items():
        setattr(server, name, value)
    client = browser(told)
    assert "核验不通过" in refused(told, client, sent_back(client))


@pytest.mark.parametrize(
    ("who", "set_", "said"),
    [
        ({"preferred_username": "nobody"}, {}, "没有这个用户"),
        ({"preferred_username": ["lead"]}, {}, "没有这个用户"),
        ({"preferred_username": None}, {}, "没有这个用户"),
        ({"role": "city"}, {"desk_oidc_role": "role"}, "不一致"),
        ({"unit": ["嘉定区"]}, {"desk_oidc_office": "unit"}, "不一致"),
        ({}, {"desk_oidc_office": "unit"}, "不一致"),
    ],
)
def test_the_server_gives_nobody_more_than_their_account(
    told: Desk, server: OidcServer, who: dict[str, Any], set_: dict[str, str], said: str
) -> None:
    server.who |= who
    told.oidc = Oidc(told.settings.model_copy(update=set_))
    client = browser(told)
    assert said in refused(told, client, sent_back(client))


def test_claims_that_agree_with_the_account_are_no_hindrance(told: Desk, server: OidcServer) -> None:
    server.who |= {"groups": ["others", "负责人"], "unit": HERE}
    told.oidc = Oidc(told.settings.model_copy(update={"desk_oidc_role": "groups", "desk_oidc_office": "unit"}))
    client = browser(told)
    assert client.get(sent_back(client)).status_code == 200


def test_a_closed_account_stays_closed(told: Desk) -> None:
    told.people.disable("lead")
    client = browser(told)
    assert "已停用" in refused(told, client, sent_back(client))


def test_a_server_that_is_gone_is_told_of(told: Desk, server: OidcServer) -> None:
    server.__exit__()
    answer = browser(told).get("/oidc/start")
    assert answer.status_code == 401
    assert "没有应答" in answer.text


def test_unless_set_nobody_is_asked(desk: Desk, client: TestClient, server: OidcServer) -> None:
    assert desk.oidc is None
    assert [client.get(f"/oidc/{end}").status_code for end in ("start", "back")] == [404, 404]
    assert "统一登录" not in client.get("/login").text
    assert server.asked == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"desk_oidc": "http://login.example", "desk_oidc_client": "x"},
        {"desk_oidc": "https://login.example"},
        {"desk_oidc": "https://login.example", "desk_oidc_client": "x", "desk_oidc_secret_file": Path("nowhere")},
    ],
)
def test_wrong_settings_are_told_at_the_start(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageFault, match="desk_oidc"):
        Oidc(Settings(**wrong))
