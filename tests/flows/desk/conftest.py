"""A round of two offices, reviewed once; each test has a desk of its own over a copy of what was written."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from flows.desk.desk import Desk
from flows.desk.rights import Person, Role
from flows.desk.running import Run, Running
from flows.desk.site import make_site
from flows.run import core
from flows.settings import Settings

PASSWORD = "correct horse battery"
ADDRESS = "http://127.0.0.1"
HERE, THERE = "浦东新区", "嘉定区"
PEOPLE = {Role.REVIEWER: HERE, Role.LEAD: HERE, Role.CITY: "", Role.ENGINEER: ""}
_SENT = {HERE: "02沪芯微光电子-优秀场景申报书.docx", THERE: "02织羽服饰-优秀场景申报书.docx"}
_SAMPLES = Path(__file__).parents[3] / "samples" / "inbox"


class Unrun(Running):
    """Takes orders to run, and runs nothing."""

    def _start(self, person: Person, scope: str, verb: Sequence[str]) -> Run:
        self.last = Run(scope, person.name, 0.0, code=0)
        self.orders = [*getattr(self, "orders", []), tuple(verb)]
        return self.last


@pytest.fixture(scope="session")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``inbox`` and, from a run over it, ``out``."""
    folder = tmp_path_factory.mktemp("desk")
    for office, name in _SENT.items():
        (folder / "inbox" / office).mkdir(parents=True)
        shutil.copy(_SAMPLES / office / name, folder / "inbox" / office / name)
    run = core.review(Settings(inbox=folder / "inbox", out=folder / "out", workers=0))
    assert not run.failures
    return folder


@pytest.fixture
def settings(reviewed: Path, tmp_path: Path) -> Settings:
    shutil.copytree(reviewed / "out", tmp_path / "out")
    return Settings(inbox=reviewed / "inbox", out=tmp_path / "out", workers=0)


@pytest.fixture
def desk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    cheap = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("flows.desk.people.PasswordHasher", cheap)
    made = Desk.at(settings)
    made.running = Unrun(settings)
    for role, office in PEOPLE.items():
        made.people.add(role.value, role, office, PASSWORD)
    yield made
    made.close()


@pytest.fixture
def client(desk: Desk) -> TestClient:
    """Somebody who is not signed in."""
    return TestClient(make_site(desk), base_url=ADDRESS, raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture
def signed_in(desk: Desk) -> Callable[[Role], TestClient]:
    """Somebody in a role, signed in; their token stands in ``headers``."""

    def sign_in(role: Role) -> TestClient:
        client = TestClient(make_site(desk), base_url=ADDRESS, raise_server_exceptions=False, follow_redirects=False)
        answer = client.post("/login", data={"name": role.value, "password": PASSWORD})
        assert answer.status_code == 303
        secret = client.cookies["shenbao_desk"]
        session = desk.people.session(secret)
        assert session is not None
        client.headers["X-Token"] = session.token
        return client

    return sign_in
