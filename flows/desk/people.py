"""The people of a desk: accounts, passwords, sessions, tries. A database of its own beside the output: it is neither the book
of decisions, which outlives it, nor the ledger, which may be lost."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
import time
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from flows.desk.rights import Person, Role
from records.database import Database, engine_of, sqlite_path
from records.folders import make_file

metadata = MetaData()
accounts = Table(
    "desk_accounts",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("office", Text, nullable=False, default=""),
    Column("password", Text, nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("made", Float, nullable=False),
)
sessions = Table(
    "desk_sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("token", String(64), nullable=False),
    Column("begun", Float, nullable=False),
    Column("seen", Float, nullable=False),
)
tries = Table(
    "desk_tries",
    metadata,
    Column("who", String(120), nullable=False),
    Column("at", Float, nullable=False),
)
Index("desk_tries_by_who", tries.c.who, tries.c.at)

SHORTEST = 10
"""Characters of a password."""
MOST_TRIES = 5
"""Wrong passwords for one name, or from one address, before the next has to wait."""
WITHIN_SECONDS = 900.0
LONGEST_WAIT = 600.0
_FIRST_WAIT = 5.0
_TOUCH_SECONDS = 30.0
"""A session's last sight is written down no more often than this."""
LONGEST_NAME = 60


class PeopleError(ValueError):
    """What cannot be done with an account, in Chinese."""


class TooManyTries(PeopleError):
    """The sign-in has to wait. ``seconds`` says how long."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"密码错误次数过多，请{max(1, round(seconds))}秒后再试")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    role: Role
    office: str
    disabled: bool
    made: float

    @property
    def person(self) -> Person:
        return Person(self.name, self.role, self.office)


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in. ``token`` is what every change has to carry."""

    person: Person
    token: str


class People(Database):
    """Accounts and sessions. Safe to use from several threads and processes."""

    def __init__(
        self,
        url: str,
        *,
        idle_seconds: float = 1800.0,
        whole_seconds: float = 43200.0,
        hasher: PasswordHasher | None = None,
    ) -> None:
        """``hasher``: by default argon2id at the cost that its library advises. Raises :class:`sqlalchemy.exc.SQLAlchemyError` where the database cannot be reached, OSError for its file."""
        path = sqlite_path(url)
        if path is not None:
            make_file(path)
        super().__init__(engine_of(url))
        self.idle_seconds = idle_seconds
        self.whole_seconds = whole_seconds
        self._hasher = hasher or PasswordHasher()
        # A check takes both of two processors and 64 MB for a moment: all sign in at nine, and the pages go on meanwhile.
        self._hashing = threading.BoundedSemaphore(max(1, (os.cpu_count() or 1) // 2))
        self._nobody = self._hasher.hash(secrets.token_hex())
        with self.writing() as connection:
            metadata.create_all(connection)

    # -- accounts ----------------------------------------------------------------------------------------------------

    def add(self, name: str, role: Role, office: str, password: str) -> None:
        """Make an account. Raises :class:`PeopleError`."""
        name = name.strip()
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise PeopleError(f"用户名不能为空，不能超过{LONGEST_NAME}个字，不能有控制字符")
        if role in (Role.REVIEWER, Role.LEAD) and not office:
            raise PeopleError("审查人员和负责人须有所属推荐单位：加 --office")
        if role in (Role.CITY, Role.ENGINEER) and office:
            raise PeopleError("市级和运维人员不属于任何一个推荐单位：去掉 --office")
        row = {
            "name": name,
            "role": role.value,
            "office": office,
            "password": self._hashed(password),
            "disabled": False,
            "made": time.time(),
        }
        try:
            with self.writing() as connection:
                connection.execute(insert(accounts).values(**row))
        except IntegrityError as problem:
            raise PeopleError(f"已有名为“{name}”的用户") from problem

    def all(self) -> list[Account]:
        """Every account, by name."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(accounts).order_by(accounts.c.name)).mappings().all()
        return [Account(r["name"], Role(r["role"]), r["office"], bool(r["disabled"]), r["made"]) for r in rows]

    def account(self, name: str) -> Account | None:
        return next((a for a in self.all() if a.name == name), None)

    def disable(self, name: str, *, disabled: bool = True) -> None:
        """Close an account, and end its sessions. Raises :class:`PeopleError`."""
        self._change(name, disabled=disabled)

    def set_password(self, name: str, password: str) -> None:
        """Set a new password, and end the sessions that the old one began. Raises :class:`PeopleError`."""
        self._change(name, password=self._hashed(password))

    def _change(self, name: str, **values: object) -> None:
        with self.writing() as connection:
            if not connection.execute(update(accounts).where(accounts.c.name == name).values(**values)).rowcount:
                raise PeopleError(f"没有名为“{name}”的用户")
            connection.execute(delete(sessions).where(sessions.c.name == name))

    def _hashed(self, password: str) -> str:
        if len(password) < SHORTEST:
            raise PeopleError(f"密码至少{SHORTEST}个字符")
        with self._hashing:
            return self._hasher.hash(password)

    # -- signing in --------------------------------------------------------------------------------------------------

    def sign_in(self, name: str, password: str, address: str) -> str | None:
        """The secret of a new session, None where name or password is wrong. It takes as long for a name that nobody has.

        Raises :class:`TooManyTries` where too many were wrong lately, for this name or from this address.
        """
        whom = (f"name:{name[:LONGEST_NAME]}", f"address:{address[:LONGEST_NAME]}")
        self._check_tries(whom)
        with self.engine.connect() as connection:
            row = connection.execute(select(accounts).where(accounts.c.name == name)).mappings().first()
        if not self._is_right(row["password"] if row else self._nobody, password) or row is None or row["disabled"]:
            with self.writing() as connection:
                connection.execute(insert(tries), [{"who": who, "at": time.time()} for who in whom])
            return None
        again = self._hashed(password) if self._hasher.check_needs_rehash(row["password"]) else ""
        with self.writing() as connection:
            connection.execute(delete(tries).where(tries.c.who == whom[0]))
            if again:
                connection.execute(update(accounts).where(accounts.c.name == name).values(password=again))
        return self.begin(name)

    def is_password(self, name: str, password: str) -> bool:
        """Whether this is the password of an account."""
        with self.engine.connect() as connection:
            row = connection.execute(select(accounts.c.password).where(accounts.c.name == name)).first()
        return self._is_right(row[0] if row else self._nobody, password) and row is not None

    def _is_right(self, hashed: str, password: str) -> bool:
        try:
            with self._hashing:
                return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    def _check_tries(self, whom: tuple[str, ...]) -> None:
        now = time.time()
        for who in whom:
            query = select(func.count(), func.max(tries.c.at)).where(
                tries.c.who == who, tries.c.at > now - WITHIN_SECONDS
            )
            with self.engine.connect() as connection:
                count, last = connection.execute(query).one()
            if count < MOST_TRIES:
                continue
            wait = min(_FIRST_WAIT * 2 ** (count - MOST_TRIES), LONGEST_WAIT)
            if now < last + wait:
                raise TooManyTries(last + wait - now)

    # -- sessions ----------------------------------------------------------------------------------------------------

    def begin(self, name: str) -> str:
        """Begin a session; its secret, of which only a digest is kept."""
        secret = secrets.token_urlsafe(32)
        now = time.time()
        row = {"digest": _digest(secret), "name": name, "token": secrets.token_urlsafe(32), "begun": now, "seen": now}
        with self.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.seen < now - self.idle_seconds))
            connection.execute(delete(tries).where(tries.c.at < now - WITHIN_SECONDS))
            connection.execute(insert(sessions).values(**row))
        return secret

    def session(self, secret: str) -> Session | None:
        """The session of a secret; None where there is none, it was idle too long, or its account was closed."""
        now = time.time()
        query = (
            select(sessions, accounts.c.role, accounts.c.office, accounts.c.disabled)
            .join(accounts, accounts.c.name == sessions.c.name)
            .where(sessions.c.digest == _digest(secret))
        )
        with self.engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        if row is None or row["disabled"]:
            return None
        if now > row["seen"] + self.idle_seconds or now > row["begun"] + self.whole_seconds:
            self.end(secret)
            return None
        if now > row["seen"] + _TOUCH_SECONDS:
            with self.writing() as connection:
                connection.execute(update(sessions).where(sessions.c.digest == _digest(secret)).values(seen=now))
        return Session(Person(row["name"], Role(row["role"]), row["office"]), row["token"])

    def end(self, secret: str) -> None:
        with self.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.digest == _digest(secret)))


def same(one: str, other: str) -> bool:
    """Whether two tokens agree, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
