"""How far a run is: how many of how many, how long yet, and that it is said though nobody listens."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest

from flows import progress
from flows.progress import Pace
from flows.run import core
from tests.flows.rounds import DISTRICTS, fill, settings


def test_what_is_left_is_told_by_the_latest_work() -> None:
    now = [0.0]
    pace = Pace(clock=lambda: now[0])
    pace.start("读取文件", 1000)
    assert pace.told() == "读取文件 0/1000，已用0秒"
    pace.add(900)  # read by earlier runs: in no time
    now[0] = 2
    assert pace.told() == "读取文件 900/1000，已用2秒"
    for _ in range(50):
        now[0] += 10
        pace.add(1)
    assert pace.told() == "读取文件 950/1000，已用8分，约还要8分"
    now[0] += 7200
    assert pace.told().startswith("读取文件 950/1000，已用2小时8分，约还要")
    pace.add(50)  # all is done: nothing is left to wait for
    assert pace.told() == "读取文件 1000/1000，已用2小时8分"
    pace.start("整理", None)
    now[0] += 61
    assert pace.told() == "整理，已用1分"


def test_a_line_is_said_each_minute_though_nothing_is_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(progress, "EACH_SECONDS", 0.01)
    caplog.set_level(logging.INFO, "shenbao.run")
    said = threading.Event()
    for quiet in (False, True):
        monkeypatch.setattr(progress.Pace, "told", lambda own: said.set() or f"{own.title} 还在")
        said.clear()
        with progress.shown(quiet=quiet) as show:
            show.step("读取文件", 3)
            assert said.wait(60)
        assert "读取文件 还在" in caplog.text
        assert ("读取文件 还在" in capsys.readouterr().err) is not quiet
        caplog.clear()
    assert not [t for t in threading.enumerate() if t.name == "shenbao-progress"]


@pytest.mark.parametrize("workers", [0, 1])
def test_every_part_of_a_run_counts_what_it_does(tmp_path: Path, workers: int) -> None:
    steps: list[list[object]] = []

    class Counting(progress.Silent):
        def step(self, title: str, total: int | None = None) -> None:
            steps.append([title, total, 0])

        def advance(self, count: int = 1) -> None:
            steps[-1][2] = int(str(steps[-1][2])) + count

    token = progress._current.set(Counting())
    try:
        fill(tmp_path / "inbox", 4)
        core.review(settings(tmp_path, workers=workers))
    finally:
        progress._current.reset(token)
    assert steps[0] == ["查看收件目录", None, 0]
    assert steps[1:] == [["读取文件", 4, 4], ["核对规则", 4, 4], ["写审查报告", len(DISTRICTS), len(DISTRICTS)]]
