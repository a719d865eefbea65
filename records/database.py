"""A database, SQLite beside the output or PostgreSQL where several machines share it: opening one, and writing to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

StoreError = SQLAlchemyError
"""What is raised where the database fails (disk full, server gone)."""

_BUSY_SECONDS = 60


class Database:
    """An open database. Safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that will write. SQLite takes its write lock at the start, so that it never has to give up
        half way."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()


def sqlite_path(url: str) -> Path | None:
    """The file of an SQLite URL; None for another database, or one in memory."""
    parsed = make_url(url)
    named = parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:"
    return Path(str(parsed.database)) if named else None


def engine_of(url: str, *, lasting: bool = False) -> Engine:
    """The engine at an SQLAlchemy URL. Transactions of SQLite begin where we say so (:meth:`Database.writing`). ``lasting``: what was
    committed to SQLite stays where the power fails the next moment."""
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    options: dict[str, Any] = {"connect_args": {"timeout": _BUSY_SECONDS}}
    if sqlite_path(url) is None:  # one connection is the database
        options = {"connect_args": {"check_same_thread": False}, "poolclass": StaticPool}
    engine = create_engine(parsed, **options)

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say so
        cursor = connection.cursor()
        cursor.execute("PRAGMA auto_vacuum = INCREMENTAL")
        cursor.execute("PRAGMA secure_delete = ON")  # nothing is left in freed pages; Debian's has it so
        cursor.execute("PRAGMA journal_mode = WAL")  # stays as it was where the file system cannot (a network share)
        cursor.execute(f"PRAGMA synchronous = {'FULL' if lasting else 'NORMAL'}")
        cursor.close()

    return engine


def is_damage(problem: Exception) -> bool:
    """Whether an error of the database says that an SQLite file is damaged."""
    if not isinstance(problem, DatabaseError):
        return False
    words = ("malformed", "not a database", "disk image")
    return isinstance(problem.orig, sqlite3.DatabaseError) and any(w in str(problem.orig) for w in words)
