"""Who may write an output: a row in the store with an owner and a heartbeat, taken over where its owner is gone."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from records.ledger import schema as tables
from records.ledger.store import Store
from records.owners import is_gone

WHOLE = "*"
"""The part that stands for all parts of an output."""
HEARTBEAT_SECONDS = 5.0
STALE_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 0.3


class Busy(Exception):
    """Another process is writing and did not end in time. ``owner`` says which; ``since`` in seconds since 1970."""

    def __init__(self, owner: str, since: float) -> None:
        super().__init__(owner)
        self.owner = owner
        self.since = since


class Lost(Exception):
    """The lock was taken over while this process slept too long to say that it still lives."""


class Lock:
    """The right to write ``parts`` of an output (:data:`WHOLE`: all of it), kept until :meth:`release`."""

    def __init__(self, store: Store, out: str, parts: Sequence[str], owner: str) -> None:
        self._store = store
        self._out = out
        self._parts = tuple(parts)
        self._owner = owner
        self._token = str(uuid.uuid4())
        self._ended = threading.Event()
        self._beating: threading.Thread | None = None

    def take(self, *, wait_seconds: float, waiting: Callable[[str, float], None]) -> None:
        """Take the lock, waiting for others to end; ``waiting`` is told once of whom. Raises :class:`Busy`."""
        until = time.monotonic() + wait_seconds
        told = False
        while True:
            holder = self._try()
            if holder is None:
                break
            if time.monotonic() >= until:
                raise Busy(*holder)
            if not told:
                waiting(*holder)
                told = True
            time.sleep(_LOOK_AGAIN_SECONDS)
        self._beating = threading.Thread(target=self._beat, name="shenbao-lock", daemon=True)
        self._beating.start()

    def check(self) -> None:
        """Raises :class:`Lost` where another process has taken the lock over."""
        t = tables.locks
        with self._store.engine.connect() as connection:
            mine = connection.execute(select(t.c.part).where(t.c.out == self._out, t.c.token == self._token)).all()
        if len(mine) != len(self._parts):
            raise Lost("本次审查停顿过久，输出已由另一次审查接手，本次不再写入")

    def release(self) -> None:
        """Give the lock back; harmless where it is not held."""
        self._ended.set()
        if self._beating is not None:
            self._beating.join(timeout=HEARTBEAT_SECONDS)
            self._beating = None
        t = tables.locks
        try:
            with self._store.writing() as connection:
                connection.execute(delete(t).where(t.c.out == self._out, t.c.token == self._token))
        except SQLAlchemyError:  # the database is gone: the lock goes stale by itself
            return

    def _try(self) -> tuple[str, float] | None:
        """Take the lock, or say who holds it."""
        t = tables.locks
        now = time.time()
        with self._store.writing() as connection:
            self._exclude(connection)
            held = connection.execute(select(t).where(t.c.out == self._out).order_by(t.c.part)).mappings().all()
            for row in held:
                # One from the future is no sign of life either: a clock was wrong, or has been set back.
                if abs(now - row["heartbeat"]) > STALE_SECONDS or is_gone(row["owner"]):
                    connection.execute(delete(t).where(t.c.out == self._out, t.c.part == row["part"]))
                elif WHOLE in (row["part"], *self._parts) or row["part"] in self._parts:
                    return str(row["owner"]), float(row["taken"])
            rows = [
                {"out": self._out, "part": part, "owner": self._owner, "token": self._token}
                | {"taken": now, "heartbeat": now}
                for part in self._parts
            ]
            connection.execute(insert(t), rows)
        return None

    def _exclude(self, connection: Connection) -> None:
        if not self._store.is_sqlite:  # SQLite lets one writer in at a time anyway
            connection.execute(text(f"LOCK TABLE {tables.locks.name} IN EXCLUSIVE MODE"))

    def _beat(self) -> None:
        t = tables.locks
        while not self._ended.wait(HEARTBEAT_SECONDS):
            try:
                with self._store.writing() as connection:
                    mine = (t.c.out == self._out, t.c.token == self._token)
                    connection.execute(update(t).where(*mine).values(heartbeat=time.time()))
            except SQLAlchemyError:  # tried again at the next beat; who writes asks check() first
                continue
