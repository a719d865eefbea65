"""status, retry and settings, as those who run this see them."""

from __future__ import annotations

import os
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

import extractors
from flows.command import operating
from flows.exits import UsageFault
from flows.orchestration import launch, serving
from flows.run import core
from flows.settings import Settings, load
from records.ledger.store import Store
from tests.flows.command.test_cli import shenbao  # noqa: F401 - the fixture
from tests.flows.rounds import fill, form, settings


def test_status_says_what_ran_what_waits_and_what_was_set_aside(tmp_path: Path) -> None:
    fill(tmp_path / "inbox", 2)
    (tmp_path / "inbox" / "静安区" / "坏.docx").write_bytes(b"PK\x03\x04")
    given = settings(tmp_path)
    with pytest.raises(UsageFault, match="还没有台账"):
        list(operating.status(given))
    for path in (tmp_path / "inbox").rglob("*.docx"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    core.review(given)
    (tmp_path / "inbox" / "静安区" / "新.docx").write_bytes(form(9))
    core.review(given, settle_seconds=60)
    told = "\n".join(operating.status(given))
    assert "最近2次审查" in told
    assert "静安区/坏.docx：F01" in told
    assert "静安区/新.docx：60秒内有变动，留待下次" in told


def test_status_without_an_inbox_looks_into_that_of_the_last_review(
    tmp_path: Path,
    shenbao: Any,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(tmp_path / "inbox", 1)
    core.review(settings(tmp_path))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    code, told, _ = shenbao("status", "--out", str(tmp_path / "out"))
    assert code == 0
    assert "等待下次审查：0个" in told


def test_status_counts_what_no_review_has_read_yet_and_what_changed_since(tmp_path: Path) -> None:
    """As after a first review that was killed before it had read anything."""
    first, second, *_ = fill(tmp_path / "inbox", 3)
    given = settings(tmp_path)
    Store.open(given.ledger_url).close()
    told = list(operating.status(given))
    assert "等待下次审查：3个" in told
    assert "  还没有读过的：3个" in told
    core.review(given)
    assert "等待下次审查：0个" in list(operating.status(given))
    first.write_bytes(form(8))
    second.rename(second.with_name("改名.docx"))
    told = list(operating.status(given))
    assert "等待下次审查：2个" in told
    assert f"  {first.relative_to(given.inbox).as_posix()}：审查以后有改动" in told
    assert "  还没有读过的：1个" in told


def test_an_output_that_was_copied_still_says_what_ran(tmp_path: Path) -> None:
    fill(tmp_path / "inbox", 1)
    given = settings(tmp_path)
    core.review(given)
    shutil.copytree(given.out, tmp_path / "copy")
    copied = given.model_copy(update={"out": tmp_path / "copy"})
    told = "\n".join(operating.status(copied))
    assert f"最近1次审查（在{given.out.resolve()}；" in told
    assert "还没有审查过" not in told
    core.review(copied)
    assert "最近1次审查：" in "\n".join(operating.status(copied))


def test_retry_reads_one_document_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    shenbao: Any,  # noqa: F811
) -> None:
    paths = fill(tmp_path / "inbox", 4)
    (tmp_path / "inbox" / "静安区" / "副本.docx").write_bytes(paths[1].read_bytes())
    monkeypatch.setenv("SHENBAO_WORKERS", "0")
    monkeypatch.setattr(launch, "run", core.review)  # without Prefect
    core.review(settings(tmp_path))
    names: list[str] = []
    read_bytes = extractors.read_bytes

    def watched(data: bytes, pack: Any, name: str, **o: Any) -> Any:
        names.append(name)
        return read_bytes(data, pack, name, **o)

    monkeypatch.setattr(extractors, "read_bytes", watched)
    where = ("--inbox", tmp_path / "inbox", "--out", tmp_path / "out", "--quiet")
    assert shenbao("retry", *where, "静安区/001.docx")[0] == 0
    assert sorted(names) == ["静安区/001.docx", "静安区/副本.docx"]  # the same bytes
    code, _, err = shenbao("retry", *where, "静安区/没有.docx")
    assert (code, "没有“静安区/没有.docx”" in err) == (2, True)


def test_settings_are_printed_as_the_file_that_would_give_them(tmp_path: Path) -> None:
    given = Settings(inbox=tmp_path / "收件", workers=3, ledger="postgresql://u:openly@h/x")
    text = "\n".join(operating.describe(given))
    found = tomllib.loads(text)
    assert (found["inbox"], found["workers"], found["cron"]) == (str(tmp_path / "收件"), 3, given.cron)
    assert "openly" not in text
    assert "office" not in found
    assert Settings(**{**found, "ledger": None}).model_dump(exclude={"ledger"}) == given.model_dump(exclude={"ledger"})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SHENBAO_WORKERS": "x"}, "workers：应为整数（现为'x'）"),
        ({"SHENBAO_FILE_SECONDS": "0"}, "file_seconds：应大于0（现为'0'）"),
        ({"SHENBAO_LEDGER": "mysql://u:secret@h/x"}, "台账只能用 sqlite 或 postgresql，不能用 mysql"),
        ({"SHENBAO_OUT": "file/below"}, "输出目录不能写入：file/below"),
    ],
)
def test_a_wrong_setting_is_told_of_in_words_before_anything_is_read(
    given: dict[str, str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "inbox", 1)
    (tmp_path / "file").write_text("no folder")
    monkeypatch.chdir(tmp_path)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(core.batch, "read", lambda *_: pytest.fail("it was read"))
    with pytest.raises(UsageFault) as caught:
        core.review(load())
    assert said in caught.value.message
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("given", [{"cron": "61 * * * *"}, {"timezone": "Mars/Phobos"}])
def test_serve_refuses_a_time_that_is_none(given: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="定时的时间有误"):
        serving.serve(settings(tmp_path, **given))
