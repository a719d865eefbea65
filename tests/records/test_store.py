"""The store brings older databases up to date, leaves newer ones alone, and forgets nothing it was not told to."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, Integer, insert

from records.ledger import schema
from records.ledger.store import Store


def url(folder: Path) -> str:
    return f"sqlite:///{folder}/store.sqlite"


def test_an_older_database_gets_the_steps_it_lacks_and_keeps_what_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(url(tmp_path)) as store:
        store.note_inputs("in", [{"document": "a.docx", "state": "read", "sha256": "1" * 64}])

    def second(connection: Connection) -> None:
        connection.exec_driver_sql(f"ALTER TABLE inputs ADD COLUMN pages {Integer().compile()} DEFAULT 0")

    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, second))
    for _ in range(2):  # a step is carried out once
        with Store.open(url(tmp_path)) as store, store.engine.connect() as connection:
            assert schema.installed(connection) == 2
            rows = connection.exec_driver_sql("SELECT document, pages FROM inputs").all()
            assert [tuple(row) for row in rows] == [("a.docx", 0)]


def test_a_database_of_a_later_version_is_not_touched(tmp_path: Path) -> None:
    with Store.open(url(tmp_path)) as store, store.writing() as connection:
        connection.execute(insert(schema.versions).values(version=99))
    with pytest.raises(schema.TooNew, match="99"):
        Store.open(url(tmp_path))


def test_what_is_noted_later_leaves_the_rest_as_it_was(tmp_path: Path) -> None:
    with Store.open(url(tmp_path)) as store:
        store.note_inputs("in", [{"document": "a.docx", "state": "read", "sha256": "1" * 64, "size": 5}])
        store.note_inputs("in", [{"document": "a.docx", "state": "set_aside", "reason": "F01"}, {"document": "b.docx"}])
        assert [(r["document"], r["state"], r["reason"]) for r in store.inputs("in")] == [
            ("a.docx", "set_aside", "F01"),
            ("b.docx", "seen", ""),
        ]
        assert (store.seen("in")["a.docx"].sha256, store.seen("in")["a.docx"].size) == ("1" * 64, 5)
        assert store.inputs("elsewhere") == []


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def failing(store: Store) -> None:
        with store.writing() as connection:
            connection.execute(insert(schema.versions).values(version=5))
            raise ZeroDivisionError

    with Store.open(url(tmp_path)) as store:
        with pytest.raises(ZeroDivisionError):
            failing(store)
        with store.engine.connect() as connection:
            assert schema.installed(connection) == 1


def test_of_what_was_dropped_no_byte_stays_in_the_file(tmp_path: Path) -> None:
    """What carries a secrecy marking is dropped; an SQLite that is not Debian's would leave the bytes where they were."""
    path, payload = tmp_path / "ledger.sqlite", b"of a marked file" * 4000
    store = Store.open(f"sqlite:///{path}")
    store.keep([("a", 1, "a.docx", payload), ("b", 1, "b.docx", b"other")], reader="1")
    store.forget(["a.docx"])
    store.close()
    assert payload[:16] not in b"".join(p.read_bytes() for p in tmp_path.iterdir())
