"""A rerun by hand waits for no Prefect, and stands in its database all the same."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from flows.exits import PartFailed
from flows.orchestration import launch, on_record
from flows.orchestration.on_record import Noting, write_down
from flows.orchestration.prefect_home import SPOOL, TROUBLE, home_of
from flows.orchestration.recorder import LOCK
from flows.orchestration.recorder import main as record
from flows.run import core
from flows.run.remember import Memory
from flows.settings import Settings
from tests.flows.rounds import fill, settings
from tests.flows.serving import wait_for


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An inbox, with a Prefect home of its own and nothing configured; no recorder is started."""
    for name in ("PREFECT_API_URL", "PREFECT_PROFILE", "PREFECT_PROFILES_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(on_record, "_start", lambda *_: None)
    fill(tmp_path / "inbox", 2)
    return settings(tmp_path, prefect_idle_seconds=0)


def noted(given: Settings) -> list[dict[str, Any]]:
    spool = home_of(given.out, "review") / SPOOL
    return [json.loads(path.read_text("utf-8")) for path in sorted(spool.glob("*.json"))]


def rows(given: Settings, query: str) -> list[tuple[Any, ...]]:
    database = home_of(given.out, "review") / "prefect.db"
    if not database.exists():
        return []
    with sqlite3.connect(database) as connection:
        try:
            return connection.execute(query).fetchall()
        except sqlite3.OperationalError:  # being made
            return []


def test_a_rerun_for_a_district_and_one_that_finds_nothing_changed_start_no_server(
    given: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "LocalServer", None)
    assert launch.run(given, ("静安区",)).unchanged is None
    assert launch.run(given, ("静安区",)).unchanged is not None
    core.review(given)
    assert launch.run(given, ()).unchanged is not None
    first, second, third = noted(given)
    assert [n["state"] for n in (first, second, third)] == ["COMPLETED"] * 3
    assert [p["name"] for p in first["parts"]] == ["读取-1", "规则-1", "报告-1"]
    assert (first["flow"], first["name"], first["parameters"]) == (
        "review-district", "2023 静安区", {"district": "静安区"},
    )  # fmt: skip
    assert "没有变化" in second["message"]
    assert (third["flow"], third["parts"]) == ("review-inbox", [])
    with Memory.opened(given, core._begin(given, ()).catalog) as memory:
        assert memory.store is not None
        told = [r["outcome"] for r in memory.store.runs(str(given.out.resolve()), 9)]
    assert sorted(told) == ["done", "done", "unchanged", "unchanged"]


def test_what_cannot_be_done_is_noted_as_failed(given: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise PartFailed("并发", "另一次审查仍在写出")

    monkeypatch.setattr(core, "review", broken)
    with pytest.raises(PartFailed):
        launch.run(given, ("静安区",))
    (told,) = noted(given)
    assert (told["state"], told["message"]) == ("FAILED", "另一次审查仍在写出")


def test_what_may_pass_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_record, "_RETRY_SECONDS", 0)
    tries: list[str] = []

    def work(what: str) -> str:
        tries.append(what)
        if what == "file" or tries.count(what) == 1:
            raise ConnectionError if what == "share" else ValueError
        return what

    noting = Noting()
    done = list(noting.map("读取", work, ["share", "file"]))
    assert [a.result for a in done] == ["share", None]
    assert tries == ["share", "share", "file"]
    assert [bool(p["failed"]) for p in noting.parts] == [False, True]


def test_that_earlier_runs_are_not_on_record_is_told(
    given: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import progress

    home = home_of(given.out, "review")
    (home / SPOOL).mkdir()
    (home / SPOOL / "1.json").write_text("{}", "utf-8")
    monkeypatch.setitem(sys.modules, "prefect.server.database", None)
    monkeypatch.setattr(os, "nice", lambda _: 0)
    record(home, 0, 30)
    assert "ModuleNotFoundError" in (home / TROUBLE).read_text("utf-8")
    assert [p.name for p in (home / SPOOL).iterdir()] == ["1.later"]  # kept for the next, and not tried for ever
    with progress.shown():
        launch.run(given, ("静安区",))
    assert "还没有记入 Prefect" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_recorders_that_start_at_once_write_each_run_once_and_end(
    given: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch.run(given, ("静安区",))  # as if its recorder had been killed
    monkeypatch.undo()
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))
    home = home_of(given.out, "review")
    (left,) = noted(given)
    (home / SPOOL / "0.json").write_text("not written to its end", "utf-8")
    for name in ("甲", "乙"):
        write_down(home, {**left, "name": name}, given)
    query = "select name, state_type, end_time is not null from flow_run order by name"
    wanted = [("2023 静安区", "COMPLETED", 1), ("乙", "COMPLETED", 1), ("甲", "COMPLETED", 1)]
    wait_for(600, lambda: len(rows(given, query)) == len(wanted))
    assert rows(given, query) == wanted
    assert {name for (name,) in rows(given, "select name from task_run")} == {"读取-1", "规则-1", "报告-1"}
    assert rows(given, "select count(*) from log")[0][0] >= len(wanted)
    mine = str(home).encode()
    until = time.monotonic() + 120
    while running := [p for p in Path("/proc").glob("[0-9]*/cmdline") if mine in _bytes(p)]:
        assert time.monotonic() < until, running
        time.sleep(0.2)
    assert list((home / SPOOL).iterdir()) == []
    assert not (home / TROUBLE).exists()
    assert (home / LOCK).exists()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # ended meanwhile, or another user's
        return b""
