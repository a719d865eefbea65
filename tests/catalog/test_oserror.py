"""What the system says, in the words of the people who read it."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from catalog.errors import CatalogError
from catalog.oserror import cause, reason
from catalog.pack import read_file

_LATIN = re.compile(r"[A-Za-z]")
_PASSED_ON = {"catalog/oserror.py", "flows/guarded/cluster.py", "flows/guarded/worker.py", "flows/guarded/sandbox.py"}
"""Where the system's own words are turned into ours, or go from one process to another."""


@pytest.mark.parametrize(
    "name",
    [
        "ENOENT",
        "EACCES",
        "EPERM",
        "EROFS",
        "ENOSPC",
        "EDQUOT",
        "EIO",
        "EISDIR",
        "ENOTDIR",
        "ENAMETOOLONG",
        "ELOOP",
        "EBUSY",
        "EMFILE",
        "ESTALE",
        "ETIMEDOUT",
    ],
)
def test_the_usual_causes_are_said_in_chinese(name: str) -> None:
    if not hasattr(errno, name):
        pytest.skip(f"this system has no {name}")
    number = getattr(errno, name)
    assert not _LATIN.search(cause(OSError(number, os.strerror(number))))


def test_a_reason_names_the_file_and_of_a_fault_of_the_program_what_it_raised() -> None:
    assert (
        reason(OSError(errno.ENOSPC, "No space left on device", "/输出/审查报告.docx"))
        == "磁盘已满（/输出/审查报告.docx）"
    )
    assert reason(OSError(errno.ENOSPC, "No space left on device")) == "磁盘已满"
    assert reason(KeyError("form")) == "KeyError: 'form'"


def test_of_a_folder_that_could_not_be_copied_the_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "包").mkdir()
    (tmp_path / "包" / "表.toml").symlink_to(tmp_path / "没有.toml")
    with pytest.raises(shutil.Error) as caught:
        shutil.copytree(tmp_path / "包", tmp_path / "新")
    assert cause(caught.value) == "没能复制：表.toml"


def test_why_a_file_of_a_pack_cannot_be_read_is_said_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(CatalogError) as caught:
        read_file(tmp_path / "rules.toml")
    assert "（没有这个文件或文件夹）" in str(caught.value)


def test_no_other_module_shows_what_the_system_says_as_it_says_it() -> None:
    root = Path(__file__).parents[2]
    rooms = ("catalog", "checks", "extractors", "flows", "records", "reports")
    found = {
        path.relative_to(root).as_posix()
        for room in rooms
        for path in (root / room).rglob("*.py")
        if "strerror" in path.read_text(encoding="utf-8")
    }
    assert found <= _PASSED_ON


def test_a_full_disk_under_a_database_is_told_as_such(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "full.sqlite", isolation_level=None)
    database.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as caught:
        database.execute("CREATE TABLE big AS SELECT randomblob(100000) AS data")
    database.close()
    assert reason(caught.value) == "磁盘已满"
    wrapped = RuntimeError(f"{caught.value}\n(Background on this error at: https://example.invalid)")
    wrapped.orig = caught.value  # type: ignore[attr-defined]
    assert reason(wrapped) == "磁盘已满"


def test_a_pack_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "notice.toml").write_bytes('title = "通知"'.encode("utf-8-sig"))
    assert read_file(tmp_path / "notice.toml").data == {"title": "通知"}
