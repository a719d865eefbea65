"""What somebody typed is not lost: not by an idle session, by somebody faster, by too long words or garbled bytes."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from flows.desk.desk import Desk
from flows.desk.rendering import key_of
from flows.desk.rights import Role
from flows.desk.typed import Typed
from tests.flows.desk.conftest import HERE, PASSWORD

SignIn = Callable[[Role], TestClient]
WORDS = "写了很久的问题：<b>公章</b>\n第二行"


def page_of(desk: Desk) -> str:
    return f"/o/{HERE}/a/{key_of(desk.office(HERE).result.items[0].document)}"


def again(client: TestClient, page: str) -> int:
    """Send the form that a page offers, as it stands there."""
    (action,) = re.findall(r'<form method="post" action="([^"]+)" class="typed">', page)
    form = page[page.index('class="typed"') :]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    fields |= dict(re.findall(r'<textarea name="(\w+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL))
    client.headers.pop("X-Token", None)
    answer = client.post(html.unescape(action), data={n: html.unescape(v) for n, v in fields.items()})
    return int(answer.status_code)


def test_what_was_typed_comes_through_the_sign_in(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.REVIEWER)
    told = {"level": "fix", "message": WORDS, "place": "封面", "seen": "0", "token": client.headers["X-Token"]}
    desk.people.idle_seconds = -1
    answer = client.post(f"{page_of(desk)}/add", data=told)
    assert answer.status_code == 401
    assert desk.decisions.now().seq == 0
    desk.people.idle_seconds = 1800
    (held,) = re.findall(r'name="held" value="([^"]+)"', answer.text)
    wrong = client.post("/login", data={"name": "reviewer", "password": "wrong", "held": html.unescape(held)})
    assert held in wrong.text  # a slip of the hand costs nothing
    page = client.post("/login", data={"name": "reviewer", "password": PASSWORD, "held": html.unescape(held)})
    assert "还没有提交" in page.text
    assert again(client, page.text) == 303
    (added,) = desk.decisions.now().of(HERE).added.values()
    assert (added.message.replace("\r\n", "\n"), added.place, added.who) == (WORDS, "封面", "reviewer")


def test_the_sign_in_leads_back_to_the_page(desk: Desk, client: TestClient) -> None:
    there = client.get(f"/o/{HERE}/?q=沪芯").headers["location"]
    page = client.get(there).text
    (next_,) = re.findall(r'name="next" value="([^"]+)"', page)
    told = {"name": "lead", "password": PASSWORD, "next": html.unescape(next_)}
    assert client.post("/login", data=told).headers["location"].startswith("/o/%E6%B5%A6")
    for elsewhere in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        assert client.post("/login", data=told | {"next": elsewhere}).headers["location"] == "/"


def test_a_page_from_before_the_last_sign_in_is_sent_once_more(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.REVIEWER)
    client.headers["X-Token"] = "of-the-session-before"
    answer = client.post(f"{page_of(desk)}/add", data={"level": "fix", "message": WORDS, "seen": "0"})
    assert answer.status_code == 403
    assert again(client, answer.text) == 303


def test_of_two_the_second_sees_what_the_first_did_and_keeps_his_words(desk: Desk, signed_in: SignIn) -> None:
    first, second = signed_in(Role.REVIEWER), signed_in(Role.LEAD)
    page = page_of(desk)
    first.post(f"{page}/add", data={"level": "fix", "message": "签字页缺失", "seen": "0"})
    answer = second.post(f"{page}/add", data={"level": "fix", "message": WORDS, "seen": "0"})
    assert answer.status_code == 409
    assert "reviewer刚刚处理过（人工发现" in answer.text
    assert "写了很久的问题" in answer.text
    assert again(second, answer.text) == 303  # having seen it
    assert len(desk.decisions.now().of(HERE).added) == 2


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("message", "长" * 2001, "“问题”有2001个字，最多2000个字"),
        ("message", "公章\ufffd模糊", "不是 UTF-8"),
        ("message", "å\x85¬ç« ", "不是 UTF-8"),
    ],
    ids=["too long", "no UTF-8", "bytes"],
)
def test_words_that_cannot_be_taken_are_told_of_and_stay(
    desk: Desk, signed_in: SignIn, field: str, text: str, said: str
) -> None:
    client = signed_in(Role.REVIEWER)
    told = {"level": "fix", "place": "封面第二行", "message": "x", "seen": "0"} | {field: text}
    answer = client.post(f"{page_of(desk)}/add", data=told)
    assert answer.status_code == 422
    assert said in answer.text
    assert "封面第二行" in answer.text
    assert text in html.unescape(answer.text)
    assert desk.decisions.now().seq == 0
    card = client.post(f"{page_of(desk)}/add", data=told, headers={"HX-Request": "true"})
    assert said in card.text
    assert "<html" not in card.text


def test_bytes_that_are_no_utf_8_are_refused(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.REVIEWER)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = b"level=fix&seen=0&message=%B9%AB%D5%C2"  # GB 18030
    assert "不是 UTF-8" in client.post(f"{page_of(desk)}/add", content=body, headers=form).text
    api = f"/api/offices/{HERE}/applications/{page_of(desk).rpartition('/')[2]}/findings"
    body = b'{"level": "fix", "seen": 0, "message": "\xb9\xab"}'
    answer = client.post(api, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert "UTF-8" in answer.json()["message"]
    assert desk.decisions.now().seq == 0


def test_what_is_held_leads_to_our_pages_alone() -> None:
    kept = Typed("/o/x/a/1/add", (("message", "字"),))
    assert Typed.load(kept.dump()) == kept
    for text in ("", "[]", "null", '["//evil/", []]', '["https://evil/", []]', '["/o", [["token", "x"]]]'):
        assert Typed.load(text) is None
