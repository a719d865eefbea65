"""Where the book of decisions is kept: SQLite beside the output, or PostgreSQL where several machines serve.

It is no cache. Nothing here drops or changes an event, and the database itself refuses to.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DatabaseError

from records.book.events import FIRST, Break, Entry, Event, broken
from records.database import Database, StoreError, engine_of, is_damage, sqlite_path
from records.folders import make_file

metadata = MetaData()
versions = Table("book_version", metadata, Column("version", Integer, primary_key=True))
books = Table("books", metadata, Column("id", String(36), primary_key=True), Column("out", Text, nullable=False))
events = Table(
    "decisions",
    metadata,
    Column("book", String(36), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
)
once = Table(
    "decisions_once",
    metadata,
    Column("book", String(36), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("seq", Integer, nullable=False),
)
"""What must not be put down twice: the key of what it was put down for, and the event it became."""

_MIGRATING = 7311906
"""The number of the lock under which PostgreSQL lets one process make the tables."""
_NO_CHANGE = "the book of decisions is never changed"


class Moved(Exception):
    """Somebody decided on the same thing since it was looked at. ``events`` are theirs; nothing was put down."""

    def __init__(self, found: Sequence[Event]) -> None:
        super().__init__("；".join(f"{e.who or '有人'}于{e.at}已有处理" for e in found))
        self.events = list(found)


class Taken(Exception):
    """What must not be put down twice is in the book already. ``key`` is what it was put down for; nothing was put down."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key}：已经记过")
        self.key = key


class BookDamaged(Exception):
    """The book cannot be read, or is not the one that belongs to the output. The message is Chinese and says what to do."""


class Book(Database):
    """An open book. Safe to use from several threads and processes, and from several machines on PostgreSQL."""

    def __init__(self, engine: Engine, id_: str = "") -> None:
        super().__init__(engine)
        self.id = id_

    @classmethod
    def open(cls, url: str, *, out: str = "", mark: str = "") -> Book:
        """The book at an SQLAlchemy URL, begun where there is none.

        A file of SQLite is one book. A server holds many: ``mark`` is the id that the output keeps of its own (:attr:`id`, "" where it
        has none yet), ``out`` its place. Raises :class:`BookDamaged`, and StoreError where the database cannot be reached or written.
        """
        path = sqlite_path(url)
        if path is not None:
            make_file(path)
        book = cls(engine_of(url, lasting=True))
        try:
            book._prepare(out, mark)
        except (BookDamaged, StoreError) as problem:
            book.close()
            if is_damage(problem):
                raise BookDamaged(_damaged(path)) from problem
            raise
        return book

    @classmethod
    def in_memory(cls) -> Book:
        """A book that lasts as long as the object."""
        book = cls.open("sqlite://")
        book.id = "memory"
        return book

    @property
    def lasts(self) -> bool:
        """Whether it outlives the object."""
        return not self.is_sqlite or sqlite_path(str(self.engine.url)) is not None

    # -- reading -----------------------------------------------------------------------------------------------------

    def bodies(self, after: int = 0) -> list[tuple[int, str]]:
        """(number, event as JSON) of the events after a number, in order. Raises :class:`BookDamaged`, StoreError."""
        query = select(events.c.seq, events.c.body).where(events.c.book == self.id, events.c.seq > after)
        try:
            with self.engine.connect() as connection:
                return [(seq, body) for seq, body in connection.execute(query.order_by(events.c.seq))]
        except DatabaseError as problem:
            if is_damage(problem):
                raise BookDamaged(_damaged(sqlite_path(str(self.engine.url)))) from problem
            raise

    def events(self, after: int = 0) -> list[Event]:
        """The events after a number, in order. Raises like :meth:`bodies`, and :class:`BookDamaged` where one is none."""
        found = []
        for seq, body in self.bodies(after):
            try:
                found.append(Event.model_validate_json(body))
            except ValueError as problem:
                raise BookDamaged(
                    f"决定簿第{seq}条不是完整的记录；请运行 shenbao desk verify 查看，并从备份恢复"
                ) from problem
        return found

    def head(self) -> tuple[int, str]:
        """Number and hash of the last event; (0, :data:`FIRST`) in an empty book."""
        with self.engine.connect() as connection:
            return self._head(connection)

    def verify(self, anchors: Iterable[tuple[int, str]] = ()) -> Break | None:
        """The first break in the chain, None where it holds (:func:`records.book.events.broken`)."""
        return broken(self.bodies(), anchors)

    # -- writing -----------------------------------------------------------------------------------------------------

    def append(
        self,
        entries: Sequence[Entry],
        *,
        seen: int | None = None,
        about: Collection[str] = (),
        keys: Sequence[str] = (),
        all_new: bool = False,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> list[Event]:
        """Put entries down, all of them or none, and return them as events; on return they are on the disk.

        ``seen`` is the number of the last event that the person had before them: where another concerns the same office and one of
        ``about`` (by default the entries' own targets; what follows "#" belongs to what stands before it), :class:`Moved` is raised.
        ``keys``, one an entry, say what it was put down for: an entry whose key is known is not put down again, and the event that it
        became then is not returned; with ``all_new`` it raises :class:`Taken`. Raises StoreError where the database fails; then nothing was put down.
        """
        if not entries:
            return []
        with self.writing() as connection:
            self._alone(connection)
            if seen is not None:
                self._unmoved(connection, seen, {e.office for e in entries}, set(about) or {e.target for e in entries})
            number, previous = self._head(connection)
            at = clock().astimezone(dt.UTC).isoformat(timespec="milliseconds")
            made: list[Event] = []
            known = self._known(connection, keys)
            for place, entry in enumerate(entries):
                key = keys[place] if keys else ""
                if key and key in known:
                    if all_new:
                        raise Taken(key)
                    continue
                made.append(Event.make(entry, seq=number + 1, at=at, previous=previous))
                number, previous = made[-1].seq, made[-1].hash
                if key:
                    known.add(key)
                    connection.execute(insert(once).values(book=self.id, key=key, seq=number))
            if made:
                connection.execute(insert(events), [{"book": self.id, "seq": e.seq, "body": e.body()} for e in made])
        if made and self.is_sqlite:
            self._settle()
        return made

    def _settle(self) -> None:
        """Bring what is in the write-ahead log into the file itself: who copies or restores that file alone has all of it. Where a
        reader holds it off, the next does it."""
        with contextlib.suppress(DatabaseError), self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")

    def knows(self, key: str) -> bool:
        """Whether something was put down under this key."""
        with self.engine.connect() as connection:
            return bool(self._known(connection, [key]))

    def remember(self, keys: Iterable[str]) -> None:
        """Know these keys from now on, of no event."""
        with self.writing() as connection:
            self._alone(connection)
            known = self._known(connection, wanted := list(dict.fromkeys(keys)))
            fresh = [{"book": self.id, "key": key, "seq": 0} for key in wanted if key not in known]
            if fresh:
                connection.execute(insert(once), fresh)

    def _known(self, connection: Connection, keys: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for key in dict.fromkeys(k for k in keys if k):
            query = select(once.c.key).where(once.c.book == self.id, once.c.key == key)
            found.update(connection.execute(query).scalars())
        return found

    def _unmoved(self, connection: Connection, seen: int, offices: set[str], about: set[str]) -> None:
        query = select(events.c.body).where(events.c.book == self.id, events.c.seq > seen).order_by(events.c.seq)
        later = [Event.model_validate_json(body) for body in connection.execute(query).scalars()]
        mine = {a.partition("#")[0] for a in about}
        met = [e for e in later if e.office in offices and e.target.partition("#")[0] in mine]
        if met:
            raise Moved(met)

    def _head(self, connection: Connection) -> tuple[int, str]:
        query = (
            select(events.c.seq, events.c.body).where(events.c.book == self.id).order_by(events.c.seq.desc()).limit(1)
        )
        row = connection.execute(query).first()
        return (row[0], Event.model_validate_json(row[1]).hash) if row else (0, FIRST)

    def _alone(self, connection: Connection) -> None:
        """One writer at a time, so that numbers have no gap: SQLite lets but one in anyway."""
        if not self.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:book))"), {"book": self.id})

    # -- beginning ---------------------------------------------------------------------------------------------------

    def _prepare(self, out: str, mark: str) -> None:
        with self.engine.connect() as connection:
            known = inspect(connection).has_table(versions.name)
            version = connection.execute(select(func.max(versions.c.version))).scalar() if known else None
        if version is None:
            with self.writing() as connection:
                if not self.is_sqlite:
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATING})"))
                _make(connection)
        elif version > VERSION:
            raise BookDamaged(f"决定簿由更新版本的程序建立（版本{version}，本程序只认得{VERSION}），请升级程序")
        self.id = self._own(out, mark)

    def _own(self, out: str, mark: str) -> str:
        """The id of the output's book."""
        one_book = self.is_sqlite
        with self.engine.connect() as connection:
            rows = connection.execute(select(books.c.id, books.c.out)).all()
        found = [i for i, place in rows if one_book or i == mark or (not mark and place == out)]
        if found:
            return str(found[0])
        if mark and not one_book:
            raise BookDamaged(
                f"数据库中没有本输出目录的决定簿（编号{mark}）；请核对设置 book、ledger，或先恢复数据库的备份"
            )
        with self.writing() as connection:
            self._alone(connection)
            rows = connection.execute(select(books.c.id, books.c.out)).all()
            found = [i for i, place in rows if one_book or place == out]
            if not found:
                found = [str(uuid.uuid4())]
                connection.execute(insert(books).values(id=found[0], out=out))
        return str(found[0])


VERSION = 1


def _make(connection: Connection) -> None:
    """Make the tables, in which events cannot be changed or deleted; two processes may come to it at once."""
    if inspect(connection).has_table(versions.name):
        return
    metadata.create_all(connection)
    if connection.dialect.name == "sqlite":
        for done in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER decisions_no_{done.lower()} BEFORE {done} ON decisions "
                f"BEGIN SELECT RAISE(ABORT, '{_NO_CHANGE}'); END"
            )
    else:
        connection.execute(
            text(
                "CREATE FUNCTION decisions_stay() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{_NO_CHANGE}'; END $$"
            )
        )
        connection.execute(
            text(
                "CREATE TRIGGER decisions_stay BEFORE UPDATE OR DELETE ON decisions FOR EACH ROW "
                "EXECUTE FUNCTION decisions_stay()"
            )
        )
    connection.execute(insert(versions).values(version=VERSION))


def _damaged(path: Path | None) -> str:
    name = path.name if path is not None else "决定簿"
    return f"{name}已损坏，其中的决定读不出来；请从备份恢复该文件（原件请保留），恢复之前不写任何报告"


__all__ = ["Book", "BookDamaged", "Moved", "StoreError", "Taken"]
