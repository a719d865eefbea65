"""What people decide, one event a decision, each holding the hash of the one before.

An :class:`Entry` is what somebody wants to put down; the book (:mod:`records.book.keeping`) gives it a number, a time and its
place in the chain, which makes it an :class:`Event`. Events are never changed and never deleted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

What = Literal[
    "confirm",
    "withdraw",
    "restore",
    "note",
    "add",
    "correct",
    "assign",
    "decide",
    "rank",
    "settle",
    "issue",
    "send",
    "answer",
    "close",
]
"""What was done, and to what (``target``):

* confirm, withdraw, restore: a finding's id. ``after`` holds what the decision rests on: ``evidence``, ``evidence_mark``,
  ``about`` (the finding in a line).
* note: a finding's id, an application, or words that a person wrote elsewhere (``W-…``); the words stand in ``reason``.
* add: an application. ``after``: ``{"id", "level", "place", "message", "field"?}``, a person's own finding.
* correct: ``application#field`` or ``application#table.row.column`` (row from 1). ``before``: ``{"raw", "value", "where"}`` as the
  machine read it; ``after``: ``{"text"}`` as the person read it, None to take the correction back.
* assign: an application. ``after``: ``{"to"}``.
* decide: an application. ``after``: ``{"verdict"}``, one of :data:`VERDICTS`, None to take it back.
* rank: ``recommender/form``. ``after``: ``{"order": [application, …]}``.
* settle: a pair or a quota (:func:`pair`). ``after``: ``{"stands": [office, application]}`` or ``{"words"}``.
* issue, send, answer, close: a letter. ``after``: its number, date, deadline, contact, SHA-256.
"""
Origin = Literal["desk", "workbook", "command"]
VERDICTS = ("通过", "退回补正", "不予推荐")
FIRST = "0" * 64
"""What stands before the first event."""


class Entry(BaseModel):
    """What somebody decides. ``office`` is whose decision it is, the round's whole region for the city's; ``before`` is what the
    person saw there, ``after`` what it is to be, both JSON. Raises ValidationError with a Chinese message."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    who: str
    office: str
    what: What
    target: str
    before: Any = None
    after: Any = None
    reason: str = ""
    source: Origin

    @field_validator("who", "office", "target", "reason", "before", "after", mode="before")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        """Text that every database and UTF-8 take."""
        return _clean(value)

    @model_validator(mode="after")
    def _sense(self) -> Entry:
        if not self.target:
            raise ValueError("没有说明针对什么")
        if self.what == "withdraw" and self.source == "desk" and not self.reason.strip():
            raise ValueError("撤销须写明理由")
        if self.what == "decide" and self.after is not None and self.after.get("verdict") not in VERDICTS:
            raise ValueError(f"审定意见只能是{'、'.join(VERDICTS)}")
        return self


class Event(Entry):
    """An entry in its place. ``seq`` counts from 1 without a gap; ``at`` is ISO 8601 in UTC; ``hash`` is that of all other keys."""

    seq: int
    at: str
    previous: str
    hash: str

    @classmethod
    def make(cls, entry: Entry, *, seq: int, at: str, previous: str) -> Event:
        facts = {**entry.model_dump(), "seq": seq, "at": at, "previous": previous}
        return cls(**facts, hash=digest(facts))

    def body(self) -> str:
        """The event as one line of JSON, keys in the order of the contract. Equal events give equal bytes."""
        facts = self.model_dump()
        return json.dumps({key: facts[key] for key in KEYS}, ensure_ascii=False, separators=(",", ":"))


KEYS = ("seq", "at", "who", "office", "what", "target", "before", "after", "reason", "source", "previous", "hash")


def digest(facts: dict[str, Any]) -> str:
    """SHA-256 of an event's keys but ``hash``, as JSON with sorted keys and no white space, in UTF-8."""
    told = {key: facts[key] for key in KEYS if key != "hash"}
    return hashlib.sha256(
        json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def pair(*sides: str) -> str:
    """The target of what lies between several applications or offices, whichever is named first."""
    return "|".join(sorted(sides))


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold: at which event, and why (Chinese)."""

    seq: int
    why: str


def broken(bodies: Iterable[tuple[int, str]], anchors: Iterable[tuple[int, str]] = ()) -> Break | None:
    """The first break in a chain of (number, body) in the order of their numbers; None where it holds.

    ``anchors``: (number, hash) as known from elsewhere (the last run's account): they show events cut off at the end, and a chain
    that was made anew.
    """
    known = {seq: hash_ for seq, hash_ in anchors if seq}
    seq, previous = 0, FIRST
    for number, body in bodies:
        if number != seq + 1:
            return Break(seq + 1, f"第{seq + 1}条不见了（其后是第{number}条）")
        seq = number
        try:
            facts = json.loads(body)
            found, own = digest(facts), str(facts["hash"])
        except (ValueError, KeyError, TypeError):
            return Break(seq, f"第{seq}条不是完整的记录")
        if facts["seq"] != seq or found != own:
            return Break(seq, f"第{seq}条的内容与其校验码不符，写入之后被改动过")
        if facts["previous"] != previous:
            return Break(seq, f"第{seq}条与前一条不相接，其前有记录被删除、插入或重写")
        if known.pop(seq, own) != own:
            return Break(seq, f"第{seq}条与上次审查时不同，从这里或更早起被整体重写过")
        previous = own
    if known:
        return Break(seq + 1, f"末尾缺少记录：上次审查时有{max(known)}条，现只有{seq}条")
    return None


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_clean(k): _clean(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(v) for v in value]
    return value
