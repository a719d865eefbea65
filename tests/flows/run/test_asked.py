"""What a person mistyped is told before anything is started or written; received files are never written over."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.exits import UsageFault
from flows.orchestration import review
from flows.run import asked, core
from flows.settings import Settings
from tests.flows.rounds import form, settings, written

linked = pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
Spell = Callable[[Path], Path]


def received(root: Path) -> Path:
    path = root / "inbox" / "浦东新区" / "推荐汇总表.docx"
    path.parent.mkdir(parents=True)
    path.write_bytes(form(1))
    return root / "inbox"


def link(at: Path, to: Path) -> Path:
    at.parent.mkdir(parents=True, exist_ok=True)
    at.symlink_to(to, target_is_directory=True)
    return at


SPELLINGS: dict[str, Spell] = {
    "the inbox": lambda root: root / "inbox",
    "inside": lambda root: root / "inbox" / "浦东新区" / "结果",
    "not yet there": lambda root: root / "inbox" / "a" / "b" / "c",
    "by dots": lambda root: root / "elsewhere" / ".." / "inbox" / "." / "out",
    "a link to it": lambda root: link(root / "out", root / "inbox"),
    "below a link to it": lambda root: link(root / "out", root / "inbox") / "x",
    "a link to its folder": lambda root: link(root / "out", root / "inbox" / "浦东新区"),
    "a district's folder is a link": lambda root: link(root / "out" / "浦东新区", root / "inbox" / "浦东新区").parent,
    "the letters' folder is a link": lambda root: link(
        root / "out" / "浦东新区" / "补正通知", root / "inbox" / "浦东新区"
    ).parents[1],
}


@linked
@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_an_output_that_is_or_lies_in_the_inbox_is_refused_before_anything_is_written(
    tmp_path: Path, spell: Spell
) -> None:
    inbox = received(tmp_path)
    out = spell(tmp_path)
    before = written(tmp_path)
    with pytest.raises(UsageFault, match="不能是收件目录，也不能在收件目录里"):
        core.review(settings(tmp_path, out=out))
    assert written(tmp_path) == before
    assert sorted(p.name for p in inbox.rglob("*")) == ["推荐汇总表.docx", "浦东新区"]


@linked
def test_the_inbox_itself_may_be_a_link(tmp_path: Path) -> None:
    received(tmp_path)
    given = settings(tmp_path, inbox=link(tmp_path / "收件", tmp_path / "inbox"), out=tmp_path / "inbox" / "out")
    with pytest.raises(UsageFault):
        asked.check(given)
    asked.check(given.model_copy(update={"out": tmp_path / "out"}))


@pytest.mark.parametrize("name", ["浦东新区", "全市", "未归口"])
def test_an_inbox_in_a_folder_that_reports_go_to_is_refused(tmp_path: Path, name: str) -> None:
    received(tmp_path / "out" / name)
    with pytest.raises(UsageFault, match="收件目录不能在要写报告的文件夹里"):
        asked.check(settings(tmp_path, inbox=tmp_path / "out" / name / "inbox"))


def test_an_inbox_beside_the_reports_is_none_of_them(tmp_path: Path) -> None:
    received(tmp_path)
    asked.check(settings(tmp_path, out=tmp_path))


def test_the_ledger_does_not_go_into_the_inbox(tmp_path: Path) -> None:
    inbox = received(tmp_path)
    with pytest.raises(UsageFault, match="台账不能"):
        asked.check(settings(tmp_path, ledger=f"sqlite:///{(inbox / 'x.sqlite').as_posix()}"))


def test_a_link_that_leads_to_itself_is_told_in_chinese(tmp_path: Path) -> None:
    received(tmp_path)
    (tmp_path / "圈").symlink_to("圈")
    with pytest.raises(UsageFault, match="链接绕成了圈"):
        asked.check(settings(tmp_path, out=tmp_path / "圈"))


@pytest.mark.skipif(sys.platform == "linux", reason="the file system tells upper from lower case")
def test_case_makes_no_difference_where_the_file_system_makes_none(tmp_path: Path) -> None:
    received(tmp_path)
    with pytest.raises(UsageFault):
        asked.check(settings(tmp_path, out=tmp_path / "INBOX" / "out"))


def test_places_are_compared_by_what_they_are_not_by_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stands for a file system that folds case, or a folder mounted twice: two names of one folder that no link joins."""
    received(tmp_path)
    (tmp_path / "INBOX").mkdir()
    same = os.path.samefile

    def folding(one: object, other: object) -> bool:
        return same(*(str(p).replace("INBOX", "inbox") for p in (one, other)))

    monkeypatch.setattr(os.path, "samefile", folding)
    with pytest.raises(UsageFault):
        asked.check(settings(tmp_path, out=tmp_path / "INBOX" / "out"))


def test_settings_and_the_environment_are_held_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = received(tmp_path)
    monkeypatch.setenv("SHENBAO_INBOX", str(inbox))
    monkeypatch.setenv("SHENBAO_OUT", str(inbox / "out"))
    with pytest.raises(UsageFault):
        core.review(Settings())


def test_under_serve_it_is_a_failed_run_with_the_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = received(tmp_path)
    monkeypatch.setenv("SHENBAO_INBOX", str(inbox))
    monkeypatch.setenv("SHENBAO_OUT", str(inbox))
    monkeypatch.setattr(review, "_recording_interruption", lambda: print)  # it wants a run of Prefect's
    state = review._run((), None)
    assert state.is_failed()
    assert "不能是收件目录" in (state.message or "")


def test_what_was_mistyped_is_told_without_starting_anything(tmp_path: Path) -> None:
    """In a process of its own: neither Prefect nor the readers are loaded before the person is told."""
    inbox = received(tmp_path)
    file = next(inbox.rglob("*.docx"))
    wrong = {
        "没有名为“蒲东”的推荐单位": ("--inbox", inbox, "--district", "蒲东"),
        "通知包有误": ("--inbox", inbox, "--notice", "1999"),
        "收件目录是一个文件": ("--inbox", file),
        "收件目录不存在": ("--inbox", tmp_path / "没有"),
        "输出目录是一个文件": ("--inbox", inbox, "--out", file),
        "不能是收件目录": ("--inbox", inbox, "--out", inbox),
    }
    for said, arguments in wrong.items():
        script = (
            "import sys; from flows.command import cli\n"
            "try: cli.main()\n"
            "finally: print(sorted({m.partition('.')[0] for m in sys.modules} & {'prefect', 'extractors', 'pandas', 'sqlalchemy'}))"
        )
        if "--out" not in arguments:
            arguments = (*arguments, "--out", tmp_path / "out")
        run = subprocess.run(
            [sys.executable, "-c", script, "review", *map(str, arguments)], capture_output=True, text=True, check=False
        )
        assert (run.returncode, run.stdout) == (2, "[]\n"), run.stderr
        assert said in run.stderr
        assert "Traceback" not in run.stderr
    assert not (tmp_path / "out").exists()
