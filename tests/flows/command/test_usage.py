"""The command speaks Chinese about its use, and tells of what was mistyped."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flows import settings
from flows.command import cli
from flows.exits import UsageFault

Run = Callable[..., tuple[int, str, str]]
ENGLISH = re.compile(
    r"usage|options?\b|arguments?\b|commands?\b|show this|error|missing|no such|invalid|required|default|try ", re.I
)


@pytest.fixture
def shenbao(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["shenbao", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


def test_version(shenbao: Run) -> None:
    code, out, _ = shenbao("--version")
    assert (code, out.split()[0]) == (0, "shenbao")


VERBS = (
    "extract", "read", "check", "review", "status", "retry", "settings", "serve", "rules", "explain", "districts",
    "notice", "notice draft",
)  # fmt: skip


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_help_holds_none_of_the_librarys_english(shenbao: Run, verb: str) -> None:
    code, out, _ = shenbao(*verb.split(), "--help")
    own = re.sub(r"--[a-z-]+|^  [a-z]+ .*$|\bshenbao .*", "", out, flags=re.MULTILINE)
    assert code == 0
    assert "用法：shenbao" in out
    assert "选项：" in out
    assert not ENGLISH.search(own), own


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["revew"], "没有命令 revew（是不是 review"),
        (["review", "--inbx", "x"], "没有选项 --inbx（是不是 --inbox？）"),
        (["review", "--inbox"], "选项 --inbox 后面要写上值"),
        (["review", "--quiet=3"], "选项 --quiet 不带值"),
        (["explain"], "缺少 规则代码"),
        (["check"], "缺少 文件…"),
        (["check", "--format", "xml", "a"], "--format 不能是 xml，只能是 text, jsonl 之一"),
        (["rules", "x"], "多出了 x"),
        (["--verbose"], "缺少命令"),
    ],
)
def test_what_was_mistyped_is_told_in_chinese(shenbao: Run, given: list[str], said: str) -> None:
    code, out, err = shenbao(*given)
    assert (code, out) == (2, "")
    assert said in err
    assert not ENGLISH.search(re.sub(r"--[a-z-]+|shenbao [a-z]+", "", err)), err


def test_without_a_verb_it_says_how_it_is_used(shenbao: Run) -> None:
    code, out, err = shenbao()
    assert code == 2
    assert "命令：" in out + err


def test_a_name_that_no_setting_has_is_told_with_the_likely_one(shenbao: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_INBXO", "x")
    monkeypatch.setenv("SHENBAO_SOFFICE", "")
    code, _, err = shenbao("rules")
    assert code == 0
    assert err.splitlines() == ["注意：环境变量 SHENBAO_INBXO 不是本程序的设置，没有起作用（是不是 SHENBAO_INBOX？）"]


def test_so_is_one_in_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shenbao.toml").write_text("bach_size = 3\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageFault, match="bach_size：没有这项设置（是不是 batch_size？）"):
        settings.load()


def test_status_of_an_inbox_that_is_not_there_is_2(shenbao: Run, tmp_path: Path) -> None:
    code, _, err = shenbao("status", "--inbox", tmp_path / "没有", "--out", tmp_path)
    assert code == 2
    assert "收件目录不存在" in err
