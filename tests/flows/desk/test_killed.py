"""Killed between any two steps of issuing a batch of letters: all of it is issued or none, no number is lost or used twice, and what
was issued lies where its draft lay."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from flows.command.deciding import verify
from flows.desk.desk import Desk
from flows.desk.letters import letters_of
from flows.desk.register import Register, Wanted, show_issued
from flows.desk.rights import Person, Role
from flows.run import core
from flows.settings import Settings
from records.book.events import Event
from reports.outgoing import issued_at
from reports.results.posting import FOLDER
from reports.results.progress import STATE
from tests.flows.desk.conftest import HERE
from tests.flows.desk.test_letters import changed_in_word, text_of

LETTERS = 3
LEAD = Person("lead", Role.LEAD, HERE)
TERMS = Wanted("函〔2023〕{n}号", None, "2023-08-12", "2023-08-25", "王小明", "021-55550000")

ISSUING = """
import os, shutil, signal, sys
from functools import partial
from pathlib import Path
from argon2 import PasswordHasher
from flows.desk import people, register
from flows.desk.deciding import Decisions
from flows.desk.desk import Desk
from flows.settings import Settings
from records.book.events import Event
from records.book.keeping import Book
from tests.flows.desk import test_killed

folder, left = Path(sys.argv[1]), 0
people.PasswordHasher = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)

def step():
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

def stepping(owner, name):
    real = getattr(owner, name)
    def stepped(*given, **named):
        step()
        found = real(*given, **named)
        step()
        return found
    setattr(owner, name, stepped)

for owner, name in ((register, "write_bytes"), (Decisions, "put_down_all"), (Event, "make"), (Book, "_settle")):
    stepping(owner, name)
for at in range(1, 200):
    out = shutil.copytree(folder / "out", folder / f"killed{at}")
    child = os.fork()
    if not child:
        left = at
        with test_killed.opened(Settings(inbox=folder / "inbox", out=out)) as desk:
            test_killed.issue(desk)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
"""


class opened:  # noqa: N801 - as contextlib's
    """A desk, closed in the end."""

    def __init__(self, settings: Settings) -> None:
        self.desk = Desk.at(settings)

    def __enter__(self) -> Desk:
        return self.desk

    def __exit__(self, *_: object) -> None:
        self.desk.close()


def issue(desk: Desk) -> list[Event]:
    """What is still a draft, issued as a batch."""
    drafts = [x.id for x in letters_of(desk, HERE) if not x.step]
    return Register(desk, LEAD, HERE, desk.decisions.now().seq).issue(drafts, TERMS) if drafts else []


def batch(out: Path) -> None:
    """The office has some letters to send; one of the drafts was changed in Word."""
    state = json.loads((out / HERE / STATE).read_text("utf-8"))
    (letter,) = state["letters"].values()
    draft = out / HERE / FOLDER / letter["file"]
    for n in range(1, LETTERS):
        other = f"第{n}号公司（优秀场景）.docx"
        shutil.copy(draft, draft.with_name(other))
        state["letters"][other] = letter | {"applicant": f"第{n}号公司", "file": other}
    (out / HERE / STATE).write_text(json.dumps(state), "utf-8")
    changed_in_word(draft)


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL, no fork")
def test_killed_between_any_two_steps_a_batch_is_issued_whole_or_not_at_all(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch(settings.out)
    (tmp_path / "inbox").symlink_to(settings.inbox)
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", ISSUING, str(tmp_path)], check=True, cwd=root, timeout=600)
    monkeypatch.setattr(
        "flows.desk.people.PasswordHasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )
    killed = sorted(tmp_path.glob("killed*"))
    counts = []
    for out in killed:
        with opened(settings.model_copy(update={"out": out})) as desk:
            before = desk.decisions.now().seq
            counts.append(before)
            assert before in (0, LETTERS), out
            show_issued(desk)  # as the desk does when it starts
            issue(desk)
            letters = letters_of(desk, HERE)
            assert sorted(x.number for x in letters) == [f"函〔2023〕{n}号" for n in range(1, LETTERS + 1)], out
            assert {x.step for x in letters} == {"issue"}
            for x in letters:
                data = issued_at(out, x.sha256).read_bytes()
                assert hashlib.sha256(data).hexdigest() == x.sha256
                assert x.number in text_of(data)
                assert (out / HERE / FOLDER / x.file).read_bytes() == data, (out, x.file)
        assert verify(settings.model_copy(update={"out": out}))[1]
    assert len(killed) > 4 * LETTERS
    assert 0 in counts
    assert counts.count(LETTERS) > 2 * LETTERS


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL, no fork")
def test_the_next_review_too_puts_what_was_issued_where_its_draft_lay(
    settings: Settings, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (letter,) = letters_of(desk, HERE)
    path = settings.out / HERE / FOLDER / letter.file
    changed_in_word(path)
    monkeypatch.setattr(Register, "_show", lambda *_: None)  # killed before
    (event,) = issue(desk)
    core.review(settings)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == event.after["sha256"]
