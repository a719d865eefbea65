"""The tables of the store and the steps that bring an older database up to them.

A step is never changed once released: a database says which steps it has had (``store_version``), and gets the others
in order, each in a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    func,
    insert,
    inspect,
    select,
)

metadata = MetaData()

versions = Table("store_version", metadata, Column("version", Integer, primary_key=True))

inputs = Table(
    "inputs",
    metadata,
    Column("inbox", Text, primary_key=True),
    Column("document", Text, primary_key=True),
    Column("sha256", String(64), nullable=False, default=""),
    Column("size", BigInteger, nullable=False, default=0),
    Column("modified_ns", BigInteger, nullable=False, default=0),
    Column("changed_ns", BigInteger, nullable=False, default=0),
    Column("hashed_at", Float, nullable=False, default=0.0),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("first_seen", Float, nullable=False),
    Column("updated", Float, nullable=False),
    Column("run", String(36), nullable=False, default=""),
)
"""What was received: a row a path below an inbox."""

readings = Table(
    "readings",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("reader", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("document", Text, nullable=False, default=""),
    Column("used", Float, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)
"""What was read, by what it was read from and with. ``size`` is of the bytes read, ``document`` one of their names."""
Index("readings_by_size", readings.c.reader, readings.c.size)
Index("readings_by_use", readings.c.used)

outputs = Table(
    "outputs",
    metadata,
    Column("out", Text, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("mark", String(64), nullable=False),
    Column("files", Text, nullable=False),
)
"""What was written for a district: a digest of what it was made from, and the files as they were then (JSON)."""

rounds = Table(
    "rounds",
    metadata,
    Column("out", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("mark", String(64), nullable=False),
    Column("facts", LargeBinary, nullable=False),
)
"""What a completed run said, by what it was run on."""

runs = Table(
    "runs",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("out", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("started", Float, nullable=False),
    Column("ended", Float),
    Column("outcome", String(16), nullable=False),
    Column("counts", Text, nullable=False, default="{}"),
)
Index("runs_by_time", runs.c.started)

locks = Table(
    "locks",
    metadata,
    Column("out", Text, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("token", String(36), nullable=False),
    Column("taken", Float, nullable=False),
    Column("heartbeat", Float, nullable=False),
)
"""Who is writing what."""


def _first(connection: Connection) -> None:
    metadata.create_all(connection, [inputs, readings, outputs, rounds, runs, locks])


STEPS: tuple[Callable[[Connection], None], ...] = (_first,)
"""Step n brings a database of version n to n + 1."""


def installed(connection: Connection) -> int:
    """The version of a database, 0 where it is new."""
    if not inspect(connection).has_table(versions.name):
        return 0
    return connection.execute(select(func.max(versions.c.version))).scalar() or 0


def migrate(connection: Connection) -> int:
    """Carry out the steps that are missing and return the version reached. Raises :class:`TooNew`.

    The caller holds whatever keeps two processes from doing so at once, and commits.
    """
    at = installed(connection)
    if at > len(STEPS):
        raise TooNew(f"台账由更新版本的程序建立（版本{at}，本程序只认得{len(STEPS)}），请升级程序或另设台账")
    metadata.create_all(connection, [versions])
    for number, step in enumerate(STEPS[at:], at + 1):
        step(connection)
        connection.execute(insert(versions).values(version=number))
    return len(STEPS)


class TooNew(Exception):
    """The database was made by a later version of the program. The message is Chinese."""
