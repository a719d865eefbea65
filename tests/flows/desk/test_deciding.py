"""What people decide at the desk is put down once, shows at once, and is never overwritten unseen."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from flows.desk.desk import Desk
from flows.desk.documents import Documents
from flows.desk.pages import application
from flows.desk.rendering import key_of
from flows.desk.rights import Role
from reports.results.unsure import why
from tests.flows.desk.conftest import ADDRESS, HERE, THERE

SignIn = Callable[[Role], TestClient]


def place(desk: Desk) -> tuple[str, str, list[str]]:
    """(address of an application, of its interface, the ids of its findings)."""
    item = desk.office(HERE).result.items[0]
    key = key_of(item.document)
    return f"/o/{HERE}/a/{key}", f"/api/offices/{HERE}/applications/{key}", [f.id for f in item.findings]


def test_a_withdrawn_finding_counts_nowhere_and_comes_back(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.REVIEWER)
    page, api, findings = place(desk)
    before = client.get(f"/api/offices/{HERE}/applications").json()[0]
    assert before["open"] == len(findings)
    told = {"act": "withdraw", "reason": "执照已核", "seen": 0}
    event = client.post(f"{api}/findings/{findings[0]}", json=told).json()
    assert (event["seq"], event["who"], event["source"]) == (1, "reviewer", "desk")
    assert client.get(f"/api/offices/{HERE}/applications").json()[0]["open"] == len(findings) - 1
    assert "执照已核" in client.get(page).text
    client.post(f"{api}/findings/{findings[0]}", json={"act": "restore", "seen": 1})
    assert client.get(f"/api/offices/{HERE}/applications").json()[0]["open"] == len(findings)


def test_withdrawing_wants_a_reason(desk: Desk, signed_in: SignIn) -> None:
    _, api, findings = place(desk)
    answer = signed_in(Role.REVIEWER).post(f"{api}/findings/{findings[0]}", json={"act": "withdraw", "seen": 0})
    assert answer.status_code == 422
    assert "理由" in answer.json()["message"]
    assert desk.decisions.now().seq == 0


def test_what_is_not_seen_is_no_reason_and_what_is_to_come_was_not_seen(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.REVIEWER)
    _, api, findings = place(desk)
    for told in (
        {"act": "withdraw", "reason": "\u3000\u200b\u202e", "seen": 0},
        {"act": "confirm", "seen": 1},
        {"act": "confirm", "seen": 10**30},
    ):
        assert client.post(f"{api}/findings/{findings[0]}", json=told).status_code == 422
    assert desk.decisions.now().seq == 0


def test_the_second_of_two_sees_what_the_first_did(desk: Desk, signed_in: SignIn) -> None:
    first, second = signed_in(Role.REVIEWER), signed_in(Role.LEAD)
    _, api, findings = place(desk)
    assert first.post(f"{api}/findings/{findings[0]}", json={"act": "confirm", "seen": 0}).status_code == 200
    for other in findings[:2]:  # on the same finding, and on another of the same application
        answer = second.post(f"{api}/findings/{other}", json={"act": "withdraw", "reason": "不成立", "seen": 0})
        assert answer.status_code == 409
        assert "reviewer" in answer.json()["message"]
    assert desk.decisions.now().seq == 1
    assert second.post(f"{api}/findings/{findings[1]}", json={"act": "confirm", "seen": 1}).status_code == 200


def test_what_was_refused_stays_refused_until_the_page_is_read_again(desk: Desk, signed_in: SignIn) -> None:
    first, second = signed_in(Role.REVIEWER), signed_in(Role.LEAD)
    page, api, findings = place(desk)
    first.post(f"{api}/findings/{findings[0]}", json={"act": "confirm", "seen": 0})
    told = {"act": "confirm", "seen": "0", "anchor": ""}
    told["reason"] = "写了很久的理由"
    card = second.post(f"{page}/findings/{findings[1]}", data=told, headers={"HX-Request": "true"}).text
    assert "没有记下" in card
    assert 'value="写了很久的理由"' in card
    assert 'name="seen" value="0"' in card
    assert 'name="seen" value="1"' in second.get(page).text


def test_own_findings_corrections_and_verdicts_show(desk: Desk, signed_in: SignIn) -> None:
    reviewer, lead = signed_in(Role.REVIEWER), signed_in(Role.LEAD)
    page, api, _ = place(desk)
    added = {"level": "fix", "place": "封面", "message": "公章模糊，看不清单位名称", "seen": 0}
    assert reviewer.post(f"{api}/findings", json=added).status_code == 200
    corrected = {"place": "applicant", "text": "上海沪芯微光电子科技有限公司", "reason": "原件如此", "seen": 1}
    assert reviewer.post(f"{api}/corrections", json=corrected).status_code == 200
    assert lead.post(f"{api}/verdict", json={"verdict": "退回补正", "seen": 2}).status_code == 422  # without a reason
    told = {"verdict": "退回补正", "reason": "公章须补", "seen": 2}
    assert lead.post(f"{api}/verdict", json=told).status_code == 200
    shown = lead.get(page).text
    for words in ("公章模糊，看不清单位名称", "原件如此", "退回补正", "公章须补"):
        assert words in shown
    assert shown.count("<p>公章模糊，看不清单位名称</p>") == 1
    assert "申报单位 由“" in shown
    headers = {"Referer": f"http://127.0.0.1{quote(page)}"}
    told = {"verdict": "退回补正", "seen": "4"}
    assert f'href="{quote(page)}"' in lead.post(f"{page}/decide", data=told, headers=headers).text


def test_what_is_written_is_text(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.REVIEWER)
    page, api, _ = place(desk)
    hostile = '"><script>alert(1)</script>{{7*7}}<img src=x onerror=alert(1)>'
    assert (
        client.post(
            f"{api}/findings", json={"level": "note", "place": hostile, "message": hostile, "seen": 0}
        ).status_code
        == 200
    )
    shown = client.get(page).text
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "49" not in shown[shown.index("alert(1)") :][:80]


def test_a_rerun_shows_at_once_and_decisions_stay(desk: Desk, signed_in: SignIn, settings: object) -> None:
    client = signed_in(Role.REVIEWER)
    page, api, findings = place(desk)
    client.post(f"{api}/findings/{findings[0]}", json={"act": "withdraw", "reason": "已核", "seen": 0})
    path = desk.settings.out / HERE / "findings.jsonl"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if findings[1] not in line), "utf-8")
    shown = client.get(page).text
    assert findings[1] not in shown
    assert "已撤销" in shown


def test_the_original_is_given_only_as_it_was_reviewed(desk: Desk, signed_in: SignIn, tmp_path: Path) -> None:
    client = signed_in(Role.REVIEWER)
    page, *_ = place(desk)
    document = desk.office(HERE).result.items[0].document
    own = tmp_path / "inbox"
    (own / HERE).mkdir(parents=True)
    data = (desk.settings.inbox / document).read_bytes()
    assert client.get(f"{page}/original").content == data
    (own / document).write_bytes(data + b"changed")
    desk.settings = desk.settings.model_copy(update={"inbox": own})
    answer = client.get(f"{page}/original")
    assert answer.status_code == 404
    assert "不是审查时的那一份" in answer.text


def test_an_original_that_is_gone_is_answered_with_what_to_do(desk: Desk, signed_in: SignIn, tmp_path: Path) -> None:
    client = signed_in(Role.REVIEWER)
    page, *_ = place(desk)
    document = desk.office(HERE).result.items[0].document
    own = tmp_path / "inbox"
    desk.settings = desk.settings.model_copy(update={"inbox": own})
    answer = client.get(f"{page}/original")
    assert (answer.status_code, "收件目录现在打不开" in answer.text) == (404, True)
    own.mkdir()
    answer = client.get(f"{page}/original", headers={"referer": f"{ADDRESS}{quote(page)}"})
    assert answer.status_code == 404
    assert f"收件目录中已没有“{document}”。误移走、改名的，请放回原处" in answer.text
    assert f'<a href="{quote(page)}">回到刚才的页面</a>' in answer.text


def test_an_office_whose_files_have_all_gone_says_so(desk: Desk, signed_in: SignIn, tmp_path: Path) -> None:
    reviewer, city = signed_in(Role.REVIEWER), signed_in(Role.CITY)
    told = f"{HERE}上次审查的材料现在都不在收件目录里"

    def gone() -> list[str]:
        return [o["office"] for o in city.get("/api/offices").json() if o["gone"]]

    assert told not in reviewer.get(f"/o/{HERE}/").text + city.get("/city").text
    assert gone() == []
    shutil.copytree(desk.settings.inbox, tmp_path / "inbox")
    shutil.rmtree(tmp_path / "inbox" / HERE)
    desk.settings = desk.settings.model_copy(update={"inbox": tmp_path / "inbox"})
    assert told in reviewer.get(f"/o/{HERE}/").text
    assert told in city.get("/city").text
    assert gone() == [HERE]


def test_what_no_review_has_read_yet_is_counted(desk: Desk, signed_in: SignIn, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    shutil.copytree(desk.settings.inbox, inbox)
    desk.settings = desk.settings.model_copy(update={"inbox": inbox})
    lead, engineer = signed_in(Role.LEAD), signed_in(Role.ENGINEER)
    told = {who: client.get("/api/runs").json() for who, client in (("lead", lead), ("engineer", engineer))}
    assert {who: (t["waiting"], t["new"]) for who, t in told.items()} == {"lead": ([], 1), "engineer": ([], 2)}
    assert "等待下次审查（1）" in lead.get("/runs").text
    assert "还没有读过的：2个" in engineer.get("/runs").text


def test_the_document_stands_beside_its_findings_as_it_was_read(desk: Desk, signed_in: SignIn) -> None:
    page, *_ = place(desk)
    shown = signed_in(Role.REVIEWER).get(page).text
    assert "智能制造试点示范项目申报书" in shown  # the title, which is no field
    assert 'class="hit' in shown


def test_a_correction_says_whether_the_review_has_read_it(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.REVIEWER)
    page, api, _ = place(desk)
    value = desk.office(HERE).result.items[0].record.fields["assets_2022"]
    client.post(f"{api}/corrections", json={"place": "assets_2022", "text": "1", "reason": "原件如此", "seen": 0})
    assert "下次审查时生效" in client.get(page).text
    value.read_as, value.raw = value.raw, "1"  # as the next review reads it
    shown = client.get(page).text
    assert "本次审查已按此读" in shown
    assert "下次审查时生效" not in shown


def test_another_file_under_a_documents_name_is_not_shown_as_it(
    desk: Desk, signed_in: SignIn, reviewed: Path, tmp_path: Path
) -> None:
    client = signed_in(Role.REVIEWER)
    page, *_ = place(desk)
    document = desk.office(HERE).result.items[0].document
    title = "智能制造试点示范项目申报书"
    whole = client.get(page).text
    assert title in whole
    assert "不是全文" not in whole
    own = tmp_path / "inbox"
    shutil.copytree(reviewed / "inbox", own)
    (other,) = (own / THERE).iterdir()
    shutil.copy(other, own / document)
    desk.documents = Documents(desk.settings.model_copy(update={"inbox": own}), desk.catalog)
    desk._decided.clear()
    shown = client.get(page).text
    assert "织羽" not in shown
    assert title not in shown  # the values of the record, without their document
    assert "沪芯" in shown
    assert "不是全文" in shown
    long = "，".join(["九个字的话写得长些"] * 60)
    desk.office(HERE).result.items[0].record.fields["company_profile"].value = long
    assert "……（此处从略）" in client.get(page).text


def test_what_is_to_be_corrected_goes_by_the_forms_own_words(desk: Desk) -> None:
    result = desk.office(HERE).result
    fields = application.correctable(result, result.items[0])
    assert any(label.startswith("附2 关键装备 第1行 ") for _, label, _ in fields)
    assert not [label for _, label, _ in fields if re.search(r"[a-z]{4}", label)]


def test_what_is_decided_while_a_page_is_made_does_not_count_as_seen(
    desk: Desk, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = signed_in(Role.REVIEWER), signed_in(Role.LEAD)
    page, api, findings = place(desk)
    real = application.detail

    def meanwhile(*given: Any) -> Any:
        first.post(f"{api}/findings/{findings[0]}", json={"act": "confirm", "seen": 0})
        return real(*given)

    monkeypatch.setattr(application, "detail", meanwhile)
    shown = second.get(page).text
    seen = re.search(r'name="seen" value="(\d+)"', shown)
    assert seen is not None
    told = {"act": "withdraw", "reason": "不成立", "seen": int(seen[1])}
    assert second.post(f"{api}/findings/{findings[0]}", json=told).status_code == 409


def test_a_correction_is_taken_back(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in(Role.REVIEWER)
    page, *_ = place(desk)
    told = {"place": "assets_2022", "text": "1", "reason": "原件如此", "seen": "0"}
    assert client.post(f"{page}/correct", data=told).status_code == 303
    shown = client.get(page).text
    assert "收回更正" in shown
    back = {"place": "assets_2022", "undo": "true", "reason": "看错了行", "seen": "1"}
    assert client.post(f"{page}/correct", data=back).status_code == 303
    assert not desk.decisions.now().of(HERE).corrections
    assert "收回更正" not in client.get(page).text
    assert [e.reason for e in desk.decisions.book.events()] == ["原件如此", "看错了行"]


def test_a_note_without_words_is_none(desk: Desk, signed_in: SignIn) -> None:
    _, api, findings = place(desk)
    told = {"act": "note", "reason": " ", "seen": 0}
    assert signed_in(Role.REVIEWER).post(f"{api}/findings/{findings[0]}", json=told).status_code == 422


def test_what_the_program_cannot_tell_is_looked_at_by_a_person(desk: Desk, signed_in: SignIn) -> None:
    path = desk.settings.out / HERE / "assessments.jsonl"
    lines = [json.loads(t) for t in path.read_text("utf-8").splitlines()]
    one = next(a for a in lines if a["document"] == desk.office(HERE).result.items[0].document and a["code"] == "C02")
    one |= {"outcome": "cannot_tell", "why": "第3页没有把握"}
    path.write_text("".join(json.dumps(a, ensure_ascii=False) + "\n" for a in lines), "utf-8")
    client = signed_in(Role.REVIEWER)
    page, api, _ = place(desk)
    assert client.get(f"/api/offices/{HERE}/applications").json()[0]["unsure"] == 1
    told = {"code": "C02", "why": "第3页没有把握", "seen": 0}
    assert client.post(f"{api}/checks", json=told).status_code == 422  # what was found?
    assert client.post(f"{api}/checks", json=told | {"reason": "原件已看，都填了", "why": "别的"}).status_code == 404
    event = client.post(f"{api}/checks", json=told | {"reason": "原件已看，都填了"}).json()
    assert (event["what"], event["reason"], event["after"]["why"]) == ("confirm", "原件已看，都填了", "第3页没有把握")
    shown = client.get(page).text
    assert "reviewer已核对：原件已看，都填了" in shown
    assert client.get(f"/api/offices/{HERE}/applications").json()[0]["unsure"] == 0
    result = desk.office(HERE).result
    ((item, assessment),) = result.unsure
    assert why(result, item, assessment) == "第3页没有把握（reviewer已核对：原件已看，都填了）"
    # For another reason it is to be looked at again.
    path.write_text(path.read_text("utf-8").replace("第3页没有把握", "第4页没有把握"), "utf-8")
    assert client.get(f"/api/offices/{HERE}/applications").json()[0]["unsure"] == 1
    path.write_text(path.read_text("utf-8").replace("第4页没有把握", "第3页没有把握"), "utf-8")
    assert client.post(f"{page}/check", data={**told, "undo": "true", "seen": "1"}).status_code == 303
    assert client.get(f"/api/offices/{HERE}/applications").json()[0]["unsure"] == 1
