"""Faults of a database, in the words of the people who read them."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from flows.run.ledger import words_of


def test_a_full_disk_under_a_database_is_said_in_chinese(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'full.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("PRAGMA max_page_count = 2"))
        with pytest.raises(OperationalError) as caught:
            connection.execute(text("CREATE TABLE big AS SELECT randomblob(100000) AS data"))
    engine.dispose()
    assert words_of(caught.value) == "磁盘已满"


def test_a_folder_that_is_not_there_is_said_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(OperationalError) as caught:
        create_engine(f"sqlite:///{tmp_path / 'none' / 'ledger.sqlite'}").connect()
    assert words_of(caught.value) == "打不开：没有权限，或者没有所在的文件夹"


def test_what_the_system_says_and_what_nobody_foresaw() -> None:
    assert words_of(PermissionError(errno.EACCES, "Permission denied")) == "没有权限"
    assert words_of(sqlite3.OperationalError("no such table: files\nmore")) == "OperationalError: no such table: files"
