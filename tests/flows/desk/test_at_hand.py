"""What people stumbled over: the page stays at the place, says what is still to be written, leads to what it names."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from fastapi.testclient import TestClient

from flows.desk import serving
from flows.desk.desk import Desk
from flows.desk.pages import city
from flows.desk.rendering import key_of
from flows.desk.rights import Role
from flows.settings import Settings
from records.models import Assessment
from reports.results.matters import Concern
from tests.flows.desk.conftest import HERE
from tests.flows.desk.test_letters import API, TERMS, draft_of

SignIn = Callable[[Role], TestClient]


@pytest.fixture
def page(desk: Desk) -> str:
    item = desk.office(HERE).result.items[0]
    return f"/o/{HERE}/a/{key_of(item.document)}"


def test_what_was_put_down_is_at_hand_when_the_page_comes_anew(desk: Desk, signed_in: SignIn, page: str) -> None:
    item = desk.office(HERE).result.items[0]
    unsure = Assessment(document=item.document, code="S02", outcome="cannot_tell", why="第3页没有把握")
    path = desk.settings.out / HERE / "assessments.jsonl"
    path.write_text(path.read_text("utf-8") + unsure.model_dump_json() + "\n", "utf-8")
    client = signed_in(Role.LEAD)
    for act, told in (
        (f"findings/{item.findings[0].id}", {"act": "confirm"}),
        ("add", {"level": "fix", "message": "公章模糊", "place": "封面"}),
        ("correct", {"place": "contact_mobile", "text": "13800000000"}),
        ("correct", {"place": "contact_mobile", "undo": "true"}),
        ("check", {"code": "S02", "why": "第3页没有把握", "reason": "原件已看"}),
        ("decide", {"verdict": "通过"}),
        ("take", {}),
    ):
        answer = client.post(f"{page}/{act}", data={"seen": str(desk.decisions.now().seq), **told})
        assert answer.status_code == 303, answer.text
        at = unquote(urlsplit(answer.headers["location"]).fragment)
        assert at
        assert f'id="{at}"' in client.get(page).text, act


def test_a_withdrawal_without_a_reason_asks_for_it_where_it_is_to_be_written(
    desk: Desk, signed_in: SignIn, page: str
) -> None:
    client = signed_in(Role.REVIEWER)
    at = f"{page}/findings/{desk.office(HERE).result.items[0].findings[0].id}"
    told = {"act": "withdraw", "seen": "0", "reason": ""}
    card = client.post(at, data=told, headers={"HX-Request": "true"}).text
    assert "撤销须写明理由：请写在下面，按回车或再点“撤销”" in card
    assert 'data-wanted="x"' in card
    assert "刷新" not in card
    without_script = client.post(at, data=told)
    assert without_script.status_code == 422
    assert '<textarea name="reason"' in without_script.text
    assert 'name="act" value="withdraw"' in without_script.text
    assert desk.decisions.now().seq == 0


def test_somebody_who_was_slower_is_still_told_to_look_again(desk: Desk, signed_in: SignIn, page: str) -> None:
    client = signed_in(Role.REVIEWER)
    at = f"{page}/findings/{desk.office(HERE).result.items[0].findings[0].id}"
    for _ in range(2):
        card = client.post(at, data={"act": "confirm", "seen": "0"}, headers={"HX-Request": "true"}).text
    assert ">刷新</a>" in card
    assert "data-wanted" not in card


def test_a_matter_leads_to_the_applications_it_concerns(
    desk: Desk, signed_in: SignIn, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = desk.office(HERE).result
    item = result.items[0]
    code = min(desk.catalog.codes("one_recommender"))
    finding = item.findings[0].model_copy(update={"code": code})
    party = (HERE, result.application(item), result.item_label(item))

    def concerns(_: Desk, office: object) -> list[Concern]:
        return [Concern(finding, "甲", "两处推荐", False, party)] if getattr(office, "name", "") == HERE else []

    monkeypatch.setattr(city, "concerns_of", concerns)
    shown = signed_in(Role.CITY).get("/city").text
    assert "须裁定事项" in shown
    assert f'href="{desk_link(page)}"' in shown


def desk_link(page: str) -> str:
    from urllib.parse import quote

    return quote(page)


def test_a_letter_is_downloaded_under_its_kind_number_and_addressee(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.LEAD)
    letter, _ = draft_of(desk)

    def name() -> str:
        heads = client.get(f"/o/{HERE}/letters/{letter.id}/file").headers
        return unquote(heads["content-disposition"].partition("''")[2])

    assert name() == f"{letter.title} 草稿 {letter.applicant}（{letter.form}）.docx"
    client.post(f"{API}/letters/{letter.id}/issue", json=TERMS)
    assert name() == f"{letter.title} 浦经函〔2023〕1号 {letter.applicant}（{letter.form}）.docx"


def test_the_inbox_of_the_review_is_found_from_any_folder(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    (work / "elsewhere" / "inbox" / HERE).mkdir(parents=True)  # another's
    (work / "inbox").symlink_to(settings.inbox)
    out = settings.out.rename(work / "out")
    run = json.loads((out / "run.json").read_text("utf-8"))
    (out / "run.json").write_text(json.dumps(run | {"inbox": "inbox"}), "utf-8")
    given = settings.model_copy(update={"out": out, "inbox": tmp_path / "none"})
    for here in (work, work / "elsewhere", Path("/")):
        monkeypatch.chdir(here)
        assert serving.with_inbox(given).inbox.resolve() == settings.inbox.resolve()
