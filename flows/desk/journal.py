"""What was done with the desk itself: who signed in, who failed to, what was refused, whose account was changed. What people decide
stands in the book of decisions."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import Column, Float, Index, Integer, MetaData, String, Table, Text, func, insert, select

from records.database import Database

metadata = MetaData()
entries = Table(
    "desk_journal",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("what", String(16), nullable=False),
    Column("who", String(60), nullable=False),
    Column("office", Text, nullable=False),
    Column("told", Text, nullable=False),
    Column("address", String(60), nullable=False),
)
Index("desk_journal_by_time", entries.c.at)

What = Literal["sign_in", "wrong", "sign_out", "password", "account", "run", "refused", "forged"]
CALLED: Mapping[str, str] = MappingProxyType(
    {
        "sign_in": "登录",
        "wrong": "登录失败",
        "sign_out": "退出",
        "password": "修改密码",
        "account": "用户管理",
        "run": "运行审查",
        "refused": "越权被拒",
        "forged": "冒名的请求",
    }
)
_LONGEST = 60
"""Characters of a name or an address."""


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry. ``at`` in seconds since 1970; ``who`` is "" where nobody is known; ``office`` is the person's own."""

    at: float
    what: str
    who: str
    office: str
    told: str
    address: str


class Journal:
    """The journal of a desk, in the database of its people. Nothing is taken out of it. Safe to use from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._once: dict[tuple[str, ...], float] = {}
        with database.writing() as connection:
            metadata.create_all(connection)

    def put(
        self,
        what: What,
        *,
        who: str = "",
        office: str = "",
        told: str = "",
        address: str = "",
        once_seconds: float = 0.0,
    ) -> None:
        """Put an entry down; the same again within ``once_seconds`` is not. Raises StoreError."""
        now = time.time()
        row = {"what": what, "who": who[:_LONGEST], "office": office, "told": told, "address": address[:_LONGEST]}
        if once_seconds:
            self._once = {key: until for key, until in self._once.items() if until > now}
            if self._once.setdefault(tuple(row.values()), now + once_seconds) != now + once_seconds:
                return
        with self._database.writing() as connection:
            connection.execute(insert(entries).values(at=now, **row))

    def newest(self, most: int, *, who: str = "", office: str = "", what: str = "") -> tuple[list[Noted], int]:
        """The newest entries, and how many there are; of a person, an office, a kind where one is named."""
        asked = [
            entries.c[name] == value for name, value in (("who", who), ("office", office), ("what", what)) if value
        ]
        rows = select(entries).where(*asked).order_by(entries.c.at.desc(), entries.c.id.desc()).limit(most)
        with self._database.engine.connect() as connection:
            count: Any = connection.execute(select(func.count()).select_from(entries).where(*asked)).scalar()
            found = connection.execute(rows).mappings().all()
        return [Noted(**{n: r[n] for n in Noted.__slots__}) for r in found], int(count)
