"""Twenty people on three thousand applications: an office is opened by reading little, and what did not change is not made again."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from flows.desk import letters
from flows.desk.desk import Desk
from flows.desk.kept import KeptRecord
from flows.desk.letters import letters_of
from flows.desk.pages import figures, recommendation
from flows.desk.people import People
from flows.desk.register import Register
from flows.desk.rights import Person, Role
from flows.desk.round import NoRound
from records.models import Record
from reports.results.progress import STATE
from tests.flows.desk.conftest import HERE, PASSWORD

SignIn = Callable[[Role], TestClient]


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents whose records were read whole, as they are."""
    found: list[str] = []
    read = KeptRecord._read_whole

    def counted(record: KeptRecord) -> None:
        found.extend([record.source.path] if record._line is not None else [])
        read(record)

    monkeypatch.setattr(KeptRecord, "_read_whole", counted)
    return found


def test_lists_letters_and_the_citys_page_read_no_record_whole(signed_in: SignIn, whole: list[str]) -> None:
    client = signed_in(Role.CITY)
    for page in (f"/o/{HERE}/", f"/o/{HERE}/letters", "/city", "/audit", f"/api/offices/{HERE}/applications"):
        assert client.get(page).status_code == 200
    assert whole == []
    assert client.get(f"/o/{HERE}/figures").status_code == 200
    assert len(whole) == 1


def test_a_record_read_later_is_the_same(desk: Desk, settings: Any) -> None:
    line = (settings.out / HERE / "records.jsonl").read_bytes().splitlines()[0]
    expected = Record.model_validate_json(line)
    for look in (
        lambda r: (r.fields, r.tables, r.sections, r.notes, r.form, r.source, r.withheld),
        lambda r: r.model_dump_json(),
        lambda r: r.model_dump(),
        lambda r: {key: r.get(key) for key in (*expected.fields, *expected.sections, "none")},
        lambda r: {key: r.text(key) for key in (*expected.fields, *expected.sections, "none")},
    ):
        record = desk.round.office(HERE).result.submissions[0].record
        assert look(record) == look(expected)
        desk.round._held.clear()


def test_a_record_that_is_none_is_told_of_wherever_it_shows(desk: Desk, settings: Any, signed_in: SignIn) -> None:
    path: Path = settings.out / HERE / "records.jsonl"
    facts = json.loads(path.read_text("utf-8"))
    client = signed_in(Role.CITY)
    (entry,) = client.get(f"/api/offices/{HERE}/applications").json()
    for wrong in ({"sections": 3}, {"tables": {"scenes": [{"link": {"raw": 1}}]}}):
        path.write_text(json.dumps(facts | wrong) + "\n", "utf-8")
        answer = client.get(f"/o/{HERE}/a/{entry['key']}")
        assert answer.status_code == 404
        assert "读不出" in answer.text
    for text in ("{", "[]", '{"form": "scene"}', json.dumps(facts | {"fields": 3})):
        path.write_text(text + "\n", "utf-8")
        with pytest.raises(NoRound, match="读不出"):
            desk.office(HERE)


@pytest.mark.parametrize(
    ("module", "name", "page"),
    [
        (recommendation, "drawn_up", "recommendation"),
        (figures, "coverage", "figures"),
        (letters, "_since", "letters"),
    ],
)
def test_what_did_not_change_is_not_made_again(
    desk: Desk, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, page: str
) -> None:
    made: Counter[str] = Counter()
    real = getattr(module, name)

    def counted(*given: Any) -> Any:
        made[name] += 1
        return real(*given)

    monkeypatch.setattr(module, name, counted)
    client = signed_in(Role.LEAD)
    for _ in range(3):
        assert client.get(f"/o/{HERE}/{page}").status_code == 200
    assert made[name] == 1
    (entry,) = client.get(f"/api/offices/{HERE}/applications").json()
    finding = desk.office(HERE).result.items[0].findings[0]
    at = f"/api/offices/{HERE}/applications/{entry['key']}/findings/{finding.id}"
    told = {"act": "withdraw", "reason": "原件无误", "seen": desk.decisions.now().seq}
    assert client.post(at, json=told).status_code == 200
    client.get(f"/o/{HERE}/{page}")
    assert made[name] == 2


def test_a_batch_of_letters_looks_each_up_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.settings.out / HERE / STATE
    state = json.loads(path.read_text("utf-8"))
    (letter,) = state["letters"].values()
    count = 200
    state["letters"] = {f"{n}.docx": letter | {"applicant": f"第{n}号公司", "file": f"{n}.docx"} for n in range(count)}
    path.write_text(json.dumps(state), "utf-8")
    asked: Counter[str] = Counter()
    real = letters.letter_id

    def counted(kept: dict[str, Any]) -> str:
        asked["letters"] += 1
        return real(kept)

    monkeypatch.setattr(letters, "letter_id", counted)
    mine = Register(desk, Person("lead", Role.LEAD, HERE), HERE, 0)
    ids = [found.id for found in letters_of(desk, HERE)]
    assert [mine._kept(mine.letter(id_))["file"] for id_ in ids] == sorted(f"{n}.docx" for n in range(count))
    assert asked["letters"] <= 4 * count


def test_passwords_are_checked_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes 64 MB, and both of two processors."""
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    entered, most, met = Counter[str](), [0], threading.Event()
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

    class Slow(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Any:  # noqa: A002 - as the library has it
            entered["now"] += 1
            most[0] = max(most[0], entered["now"])
            met.wait(0.2)
            entered["now"] -= 1
            return hasher.verify(hash, password)

    with People(f"sqlite:///{tmp_path}/desk.sqlite", hasher=Slow(time_cost=1, memory_cost=8, parallelism=1)) as people:
        people.add("甲", Role.CITY, "", PASSWORD)
        found: list[bool] = []
        threads = [threading.Thread(target=lambda: found.append(people.is_password("甲", PASSWORD))) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [True] * 3
    assert most == [1]
