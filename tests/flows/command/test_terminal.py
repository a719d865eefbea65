"""File names and values never act on a terminal, whatever verb prints them."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import progress
from flows.command import cli, ending
from flows.run import core
from flows.terminal import shown, shown_json, shown_lines
from reports.results.model import Status
from tests.flows.rounds import form, settings

EVIL = "申\x1b[2J\x9b31m\u202e报\r书\n失败：伪造"
ACTING = set("\x1b\x9b\u202e\r\x07\u2028")
posix = pytest.mark.skipif(os.name == "nt", reason="Windows takes no such names")


@given(st.text())
def test_what_is_shown_is_one_line_without_controls(text: str) -> None:
    told = shown(text)
    assert len(told.splitlines()) <= 1
    assert all(c == "\t" or c.isprintable() or not c.isascii() for c in told)
    assert not set(told) & ACTING


@given(st.text())
def test_json_keeps_its_value(text: str) -> None:
    line = shown_json(json.dumps({"甲": text}, ensure_ascii=False))
    assert json.loads(line) == {"甲": text}
    assert not set(line) & ACTING


def test_signs_say_what_was_there() -> None:
    assert shown("a\x1b[0m\n\x7f\u202e\tb") == "a␛[0m␊␡<U+202E>\tb"
    assert shown_lines("a\nb\rc", "  | ") == "a\n  | b␍c"


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    """An application, and a broken file, whose names would rewrite the screen."""
    home = tmp_path / "inbox" / "浦东新区"
    home.mkdir(parents=True)
    (home / f"{EVIL}.docx").write_bytes(form(1, company_name="甲\u202e乙公司"))
    (home / f"坏{EVIL}.pdf").write_bytes(b"%PDF-1.4 x")
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    monkeypatch.setattr(sys, "argv", ["shenbao", *map(str, arguments)])
    with pytest.raises(SystemExit):
        cli.main()
    return "".join(capsys.readouterr())


@posix
def test_no_verb_lets_a_name_or_value_act_on_the_terminal(
    evil: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = settings(evil)
    with progress.shown():
        summary = core.review(given)
    summary.failures.append(core.Failure("读取", EVIL, EVIL))
    ending.say_ending(summary, seconds=75.2)
    told = "".join(capsys.readouterr())
    assert "伪造" in told
    where = ("--inbox", given.inbox, "--out", given.out)
    files = sorted((given.inbox / "浦东新区").iterdir())
    told += run(monkeypatch, capsys, "status", *where)
    told += run(monkeypatch, capsys, "retry", *where, EVIL)
    for verb in (("check", "--format", "text"), ("check", "--format", "jsonl"), ("extract",), ("read",)):
        told += run(monkeypatch, capsys, *verb, *files, f"没有{EVIL}")
    assert not set(told) & ACTING
    assert not [line for line in told.splitlines() if line.startswith("失败：伪造")]


def test_a_fault_of_the_program_is_3_with_its_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(f"{EVIL} 13812345678")

    monkeypatch.setattr("flows.command.alone.rules", broken)
    monkeypatch.setattr(sys, "argv", ["shenbao", "rules"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr().err
    assert ended.value.code == 3
    assert "RuntimeError" in told
    assert "13812345678" not in told
    assert not set(told) & ACTING


def test_the_ending_is_never_cut(
    evil: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    summary = core.review(settings(evil))
    name = "中国（上海）自由贸易试验区临港新片区管理委员会"
    (standing,) = summary.standings.values()
    summary.standings = {name: replace(standing, received=3, items=2, tally=dict.fromkeys(Status, 1))}
    summary.failures.append(core.Failure("读取", "长" * 60, "信"))
    ending.say_ending(summary, seconds=75.2)
    told = capsys.readouterr().err
    assert "审查 2 个文件，用时 1 分 15 秒。" in told
    header = "推荐单位 收到 汇总表 " + " ".join(Status)
    assert [line.split() for line in told.splitlines() if line.startswith("推荐单位")] == [header.split()]
    assert [line.split() for line in told.splitlines() if line.startswith(name)] == [
        [name, "3", "1", *["1"] * len(Status)]
    ]
    assert f"失败：读取 {'长' * 60}：信" in told.splitlines()
