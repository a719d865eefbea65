"""The store: what was received, what was read from it, what was written, who is writing.

One database a season: SQLite beside the output by default, PostgreSQL where several machines share it. Everything in it
can be made again from the inbox; reviewers' words are not in it but beside the workbooks they were written in.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError

from catalog.oserror import cause
from records.database import Database, engine_of, is_damage, sqlite_path
from records.folders import make_file
from records.ledger import schema as tables

State = Literal["seen", "settled", "read", "checked", "reported", "set_aside"]
"""What became of an input: it waits (seen), is ready (settled), was read, checked, stands in reports, or was set aside
with a reason."""

MIGRATING = 7311905
"""The number of the lock under which PostgreSQL lets one process bring the tables up to date."""
_AT_ONCE = 400
_DAY = 86_400.0
"""In seconds, as all times of the store."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was when its bytes were last hashed: ``size`` in bytes, times in ns since 1970."""

    sha256: str
    size: int
    modified_ns: int
    changed_ns: int
    hashed_at: float


class Store(Database):
    """An open store. Safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.put_aside: Path | None = None
        """The damaged file in whose place this store was begun."""

    @classmethod
    def open(cls, url: str) -> Store:
        """Open the store at an SQLAlchemy URL, made or brought up to date where need be.

        An SQLite file that is damaged, wherever in it, is put aside under another name and a new one begun: it holds
        nothing that cannot be made again, but a lock that cannot be read would keep nobody out. Looking through the
        whole file costs a second a gigabyte once it is in memory. Raises StoreError where the database cannot be
        reached, :class:`TooNew`, :class:`Damaged` where it cannot be put aside.
        """
        path = sqlite_path(url)
        if path is not None:
            make_file(path)
        store = cls(engine_of(url))
        if path is not None:
            looked_at = _number(path)
            if not store._is_sound():
                store.close()
                aside = _put_aside(path, looked_at)
                make_file(path)
                store = cls(engine_of(url))
                store.put_aside = aside
        store.prepare()
        return store

    def _is_sound(self) -> bool:
        """Whether an SQLite file can be read from end to end."""
        try:
            with self.engine.connect() as connection:
                return connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok"
        except DatabaseError as problem:
            if is_damage(problem):
                return False
            raise

    def prepare(self) -> None:
        """Bring the tables up to date; two processes may do so at once."""
        with self.engine.connect() as connection:
            if tables.installed(connection) == len(tables.STEPS):
                return
        with self.writing() as connection:
            if not self.is_sqlite:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATING})"))
            tables.migrate(connection)

    # -- inputs ------------------------------------------------------------------------------------------------------

    def seen(self, inbox: str) -> dict[str, Seen]:
        """What is known of the files of an inbox, by document."""
        t = tables.inputs
        columns = (t.c.document, t.c.sha256, t.c.size, t.c.modified_ns, t.c.changed_ns, t.c.hashed_at)
        with self.engine.connect() as connection:
            rows = connection.execute(select(*columns).where(t.c.inbox == inbox, t.c.sha256 != "")).all()
        return {document: Seen(*rest) for document, *rest in rows}

    def note_inputs(self, inbox: str, rows: Iterable[Mapping[str, Any]], *, run: str = "") -> None:
        """Write down inputs, by document: whatever columns each row has; what else is known of them stays."""
        now = time.time()
        filled: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in rows:
            values = {**row, "inbox": inbox, "updated": now, "run": run}
            filled.setdefault(tuple(sorted(values)), []).append(values)
        with self.writing() as connection:
            for columns, same in filled.items():
                changing = [c for c in columns if c not in ("inbox", "document")]
                complete = [{"state": "seen", **values, "first_seen": now} for values in same]
                self._upsert(connection, tables.inputs, complete, ("inbox", "document"), changing)

    def inputs(self, inbox: str, states: Sequence[State] = ()) -> list[dict[str, Any]]:
        """The inputs of an inbox, by document; those in ``states`` alone where any are named."""
        t = tables.inputs
        query = select(t).where(t.c.inbox == inbox).order_by(t.c.document)
        if states:
            query = query.where(t.c.state.in_(states))
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def forget_inputs(self, inbox: str, documents: Iterable[str]) -> None:
        """Drop inputs that are no longer there."""
        with self.writing() as connection:
            for some in _chunks(documents):
                t = tables.inputs
                connection.execute(delete(t).where(t.c.inbox == inbox, t.c.document.in_(some)))

    # -- readings ----------------------------------------------------------------------------------------------------

    def sizes(self, reader: str) -> set[int]:
        """The sizes of what ``reader`` has read: a file of another size need not be hashed to know that it is new."""
        t = tables.readings
        with self.engine.connect() as connection:
            return set(connection.execute(select(t.c.size).where(t.c.reader == reader).distinct()).scalars())

    def known(self, keys: Iterable[str]) -> set[str]:
        """Those of ``keys`` under which a reading is kept."""
        t = tables.readings
        found: set[str] = set()
        with self.engine.connect() as connection:
            for some in _chunks(keys):
                found.update(connection.execute(select(t.c.key).where(t.c.key.in_(some))).scalars())
        return found

    def readings(self, keys: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The readings kept under ``keys``, in no order."""
        t = tables.readings
        with self.engine.connect() as connection:
            for some in _chunks(keys, 50):
                rows = connection.execute(select(t.c.key, t.c.payload).where(t.c.key.in_(some))).all()
                yield from ((key, payload) for key, payload in rows)

    def readings_of(self, document: str) -> list[bytes]:
        """What is kept of a document under its name, whatever read it, the latest first."""
        t = tables.readings
        query = select(t.c.payload).where(t.c.document == document).order_by(t.c.used.desc())
        with self.engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def keep(self, kept: Sequence[tuple[str, int, str, bytes]], *, reader: str) -> None:
        """Keep readings: (key, size of the bytes read, document, payload)."""
        if not kept:
            return
        now = time.time()
        rows = [
            {"key": key, "size": size, "document": document, "payload": payload, "reader": reader, "used": now}
            for key, size, document, payload in kept
        ]
        with self.writing() as connection:
            self._upsert(connection, tables.readings, rows, ("key",), ("payload", "used", "document"))

    def forget(self, documents: Iterable[str] = (), keys: Iterable[str] = ()) -> int:
        """Drop the readings of documents, or those kept under ``keys``, so that they are read again; how many."""
        t = tables.readings
        gone = 0
        with self.writing() as connection:
            for column, names in ((t.c.document, documents), (t.c.key, keys)):
                for some in _chunks(names):
                    gone += connection.execute(delete(t).where(column.in_(some))).rowcount
        return gone

    # -- what was written --------------------------------------------------------------------------------------------

    def written(self, out: str) -> dict[str, tuple[str, str]]:
        """Part of an output → (mark, files as JSON)."""
        t = tables.outputs
        with self.engine.connect() as connection:
            rows = connection.execute(select(t.c.part, t.c.mark, t.c.files).where(t.c.out == out)).all()
        return {part: (mark, files) for part, mark, files in rows}

    def note_written(self, out: str, part: str, mark: str, files: str) -> None:
        row = {"out": out, "part": part, "mark": mark, "files": files}
        with self.writing() as connection:
            self._upsert(connection, tables.outputs, [row], ("out", "part"), ("mark", "files"))

    def forget_written(self, out: str, part: str) -> None:
        """Called before a part is written anew, so that a run that is killed meanwhile leaves nothing that looks
        finished."""
        t = tables.outputs
        with self.writing() as connection:
            connection.execute(delete(t).where(t.c.out == out, t.c.part == part))

    def round(self, out: str, scope: str) -> tuple[str, bytes] | None:
        """The (mark, facts) of the last completed run of a scope."""
        t = tables.rounds
        with self.engine.connect() as connection:
            row = connection.execute(select(t.c.mark, t.c.facts).where(t.c.out == out, t.c.scope == scope)).first()
        return None if row is None else (row[0], row[1])

    def note_round(self, out: str, scope: str, mark: str, facts: bytes) -> None:
        row = {"out": out, "scope": scope, "mark": mark, "facts": facts}
        with self.writing() as connection:
            self._upsert(connection, tables.rounds, [row], ("out", "scope"), ("mark", "facts"))

    # -- runs --------------------------------------------------------------------------------------------------------

    def begin_run(self, run: str, *, out: str, scope: str, owner: str, started: float) -> None:
        row = {"id": run, "out": out, "scope": scope, "owner": owner, "started": started, "outcome": "running"}
        with self.writing() as connection:
            connection.execute(insert(tables.runs).values(**row, counts="{}"))

    def end_run(self, run: str, *, ended: float, outcome: str, counts: str) -> None:
        t = tables.runs
        with self.writing() as connection:
            connection.execute(update(t).where(t.c.id == run).values(ended=ended, outcome=outcome, counts=counts))

    def runs(self, out: str, last: int = 10) -> list[dict[str, Any]]:
        """The last runs on an output, the newest first."""
        t = tables.runs
        query = select(t).where(t.c.out == out).order_by(t.c.started.desc()).limit(last)
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def outputs(self) -> list[str]:
        """The outputs on which there were runs, that of the last run first."""
        t = tables.runs
        query = select(t.c.out).group_by(t.c.out).order_by(func.max(t.c.started).desc())
        with self.engine.connect() as connection:
            return list(connection.execute(query).scalars())

    # -- upkeep ------------------------------------------------------------------------------------------------------

    def touch(self, keys: Iterable[str]) -> None:
        """Mark readings as used today."""
        t, now = tables.readings, time.time()
        with self.writing() as connection:
            for some in _chunks(keys):
                late = (t.c.key.in_(some), t.c.used < now - _DAY)
                connection.execute(update(t).where(*late).values(used=now))

    def prune(self, *, days: float) -> int:
        """Drop what was not used for ``days``: readings, and what is known of old runs. Returns how many readings."""
        before = time.time() - days * _DAY
        t = tables.readings
        with self.engine.connect() as connection:
            if not connection.execute(select(func.count()).where(t.c.used < before)).scalar():
                return 0
        with self.writing() as connection:
            gone = connection.execute(delete(t).where(t.c.used < before)).rowcount
            connection.execute(delete(tables.runs).where(tables.runs.c.started < before))
        if self.is_sqlite:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("PRAGMA incremental_vacuum")
        return gone

    def size(self) -> tuple[int, int]:
        """How many readings are kept, and how many bytes they take."""
        t = tables.readings
        with self.engine.connect() as connection:
            row = connection.execute(select(func.count(), func.sum(func.length(t.c.payload)))).one()
        return int(row[0] or 0), int(row[1] or 0)

    def _upsert(
        self,
        connection: Connection,
        table: Any,
        rows: Sequence[Mapping[str, Any]],
        unique: Sequence[str],
        changing: Iterable[str],
    ) -> None:
        if not rows:
            return
        make = sqlite.insert if self.is_sqlite else postgresql.insert
        statement = make(table)
        changed = {name: statement.excluded[name] for name in changing}
        connection.execute(statement.on_conflict_do_update(index_elements=list(unique), set_=changed), list(rows))


class Damaged(Exception):
    """A damaged file that could not be put aside: on Windows, another program has it open."""


def _put_aside(path: Path, looked_at: int) -> Path | None:
    """Rename a damaged file and its journals; the new name, None where another process did so since we looked."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    names = (f"{path.stem}（已损坏{stamp}{more}）{path.suffix}" for more in ("", *(f"-{n}" for n in range(2, 100))))
    aside = next(new for name in names if not (new := path.with_name(name)).exists())
    if looked_at and _number(path) != looked_at:
        return None
    try:
        path.replace(aside)
        for suffix in ("-wal", "-shm"):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.replace(aside.with_name(aside.name + suffix))
    except OSError as problem:
        raise Damaged(f"{path.name}：{cause(problem)}") from problem
    return aside


def _number(path: Path) -> int:
    """What the system knows a file by, 0 where it is not there."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def _chunks(items: Iterable[str], size: int = _AT_ONCE) -> Iterator[list[str]]:
    some = list(dict.fromkeys(items))
    for at in range(0, len(some), size):
        yield some[at : at + size]
