"""Bringing Prefect up: only where no server is configured, and never at the price of the review."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from flows.orchestration import launch
from flows.orchestration.local_server import LocalServer, ServerFailed, configured_elsewhere
from flows.settings import Settings
from samples.formbuilder import build
from tests.flows.serving import ask, wait_for
from tests.forms import clean_scene


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder and a Prefect home of its own, with nothing configured."""
    for name in ("PREFECT_API_URL", "PREFECT_PROFILE", "PREFECT_PROFILES_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home").mkdir()
    return tmp_path


def test_a_server_of_our_own_is_started_only_where_none_may_be_configured(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bare / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (bare / "home" / "profiles.toml").write_text('active = "ephemeral"\n[profiles.ephemeral]\n')
    assert not configured_elsewhere()
    (bare / "home" / "profiles.toml").write_text('[profiles.office]\nPREFECT_API_URL = "http://127.0.0.1:4200/api"\n')
    assert configured_elsewhere()
    (bare / "home" / "profiles.toml").unlink()
    (bare / "pyproject.toml").write_text("[tool.prefect.api]\nurl = 'http://127.0.0.1:4200/api'\n")
    assert configured_elsewhere()
    (bare / "pyproject.toml").unlink()
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    assert configured_elsewhere()


def test_without_prefect_the_review_is_done_and_says_so(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = bare / "inbox" / "浦东新区"
    folder.mkdir(parents=True)
    (folder / "申报书.docx").write_bytes(build("scene", clean_scene()))

    def never(*_: object) -> None:
        raise ServerFailed("Prefect 未能启动：磁盘只读")

    monkeypatch.setattr(LocalServer, "start", lambda _: None)
    monkeypatch.setattr(LocalServer, "wait", never)
    summary = launch.run(Settings(inbox=bare / "inbox", out=bare / "out"), ())
    assert [(f.part, f.what) for f in summary.failures] == [("Prefect", "启动")]
    assert (bare / "out" / "浦东新区" / "审查报告.docx").exists()
    assert "磁盘只读" in (bare / "out" / "run.json").read_text("utf-8")


@pytest.mark.slow
def test_a_server_that_dies_says_why(bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_SERVER_DATABASE_CONNECTION_URL", "no-database://")
    with LocalServer(tmp_path, "user:secret") as server, pytest.raises(ServerFailed, match="退出"):
        server.wait(60)


@pytest.mark.slow
def test_old_runs_are_dropped_though_a_server_lives_for_one_run(tmp_path: Path) -> None:
    with LocalServer(tmp_path, "user:secret", keep_days=30) as server:
        server.wait(600)
        flow = ask(server.api_url, server.secret, "flows/", name="review-inbox")["id"]
        done = {"type": "COMPLETED", "name": "Completed"}
        for name in ("old", "new"):
            ask(server.api_url, server.secret, "flow_runs/", name=name, flow_id=flow, state=done)
    with sqlite3.connect(tmp_path / "prefect.db") as database:
        ended = "UPDATE flow_run SET end_time = strftime('%Y-%m-%d %H:%M:%f', 'now', ?) WHERE name = ?"
        database.executemany(ended, [("-31 days", "old"), ("-29 days", "new")])
    database.close()
    with LocalServer(tmp_path, "user:secret", keep_days=30) as server:
        server.wait(600)
        wait_for(
            120, lambda: [r["name"] for r in ask(server.api_url, server.secret, "flow_runs/filter", limit=9)] == ["new"]
        )
