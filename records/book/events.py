"""What people decide, one event a decision, each holding the hash of the one before.

An :class:`Entry` is what somebody wants to put down; the book (:mod:`records.book.keeping`) gives it a number, a time and its
place in the chain, which makes it an :class:`Event`. Events are never changed and never deleted.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

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
KINDS: Mapping[What, str] = {
    "confirm": "维持一个问题。target 是问题的 id；after 写明作出决定时所依据的：evidence、evidence_mark、about（问题的一句话）。target 是 申报书#规则-摘要 的，是人核对过程序不能判断的一项：after 是 about、why，核对的结果在 reason",
    "withdraw": "撤销一个问题，须有 reason；target、after 同上",
    "restore": "收回先前的维持、撤销、核对；target、after 同上",
    "note": "备注。target 是问题的 id、申报书，或写在别处的话的编号（W-…，after.unplaced 是那些话）；话在 reason",
    "add": "人工发现。target 是申报书；after 是 id、level、place、message，可另有 field、about",
    "correct": "更正读数。target 是 申报书#栏目 或 申报书#表格.行.列（行从 1 数）；before 是程序读出的 raw、value、where，after 是 text；after 为 null 是收回更正",
    "assign": "分派审查人员。target 是申报书；after 是 to（人员）",
    "decide": "审定。target 是申报书；after 是 verdict（通过、退回补正、不予推荐），after 为 null 是收回",
    "rank": "排定推荐次序。target 是 推荐单位/表；after 是 order（申报书的编号，按次序）",
    "settle": "全市裁定。target 是几方的编号（按次序用 | 相连）；after 是 stands（推荐单位、申报书）或 words（如何处理）",
    "issue": "签发文书。target 是文书；after 是文号、日期、期限、联系人、sha256（发出的文件）等",
    "send": "登记寄送。target 是文书；after 是 date",
    "answer": "登记答复。target 是文书；after 是 date，答复的内容在 reason",
    "close": "办结。target 是文书；after 是 date",
}
"""What each kind does, what its ``target``, ``before`` and ``after`` hold: for people who read the book with programs of their own."""
Origin = Literal["desk", "workbook", "command"]
RETURNED = "退回补正"
VERDICTS = ("通过", RETURNED, "不予推荐")
FIRST = "0" * 64
"""What stands before the first event."""


class Entry(BaseModel):
    """What somebody decides. ``office`` is whose decision it is, the round's whole region for the city's; ``before`` is what the
    person saw there, ``after`` what it is to be, both JSON. Raises ValidationError with a Chinese message."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    who: str = Field(description="作出决定的人；台账里没有写处理人的为空字符串")
    office: str = Field(description="哪个推荐单位的决定；全市的决定为全市")
    what: What = Field(description="什么决定，见“决定的种类”")
    target: str = Field(description="针对什么：问题的 id、申报书、栏目、次序、事项或文书")
    before: Any = Field(None, description="作出决定时看到的内容")
    after: Any = Field(None, description="决定的内容")
    reason: str = Field("", description="理由或说明")
    source: Origin = Field(description="从哪里写入：desk 工作台，workbook 台账，command 命令行")

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

    seq: int = Field(description="序号，从 1 起，不间断")
    at: str = Field(description="写入的时间，ISO 8601，UTC")
    previous: str = Field(description="前一条的 hash；第一条为 64 个 0")
    hash: str = Field(
        description="除 hash 外各键按名称排序、不留空白的 JSON（UTF-8）的 SHA-256，见 records/book/events.py 的 digest"
    )

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


def open_point(application: str, code: str, why: str) -> str:
    """The target of what a rule cannot tell of an application, for this reason: another reason is to be looked at anew."""
    return f"{application}#{code}-{hashlib.sha256(why.encode('utf-8', 'replace')).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold: at which event, and why (Chinese)."""

    seq: int
    why: str


def broken(
    bodies: Iterable[tuple[int, str]],
    anchors: Iterable[tuple[int, str]] = (),
    *,
    after: tuple[int, str] = (0, FIRST),
) -> Break | None:
    """The first break in a chain of (number, body) in the order of their numbers; None where it holds.

    ``anchors``: (number, hash) as known from elsewhere (the last run's account): they show events cut off at the end, and a chain
    that was made anew. ``after``: number and hash of the event on which the bodies follow.
    """
    known = {seq: hash_ for seq, hash_ in anchors if seq}
    seq, previous = after
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


class Proof:
    """The chain proven again and again, as whole each time, at the cost of reading it: what was proven before and has the same bytes
    still holds. Safe to use from several threads."""

    def __init__(self) -> None:
        self._count, self._digest = 0, ""
        self._lock = threading.Lock()

    def broken(self, bodies: Sequence[tuple[int, str]], anchors: Iterable[tuple[int, str]] = ()) -> Break | None:
        """As :func:`broken`."""
        with self._lock:
            count = self._count if _digest_of(bodies[: self._count]) == self._digest else 0
            proven = [str(json.loads(body)["hash"]) for _, body in bodies[max(0, count - 1) : count]]
            known = list(anchors)
            if any(count >= seq and json.loads(bodies[seq - 1][1])["hash"] != hash_ for seq, hash_ in known if seq):
                count = 0
            if not count:
                found = broken(bodies, known)
            else:
                later = [(seq, hash_) for seq, hash_ in known if seq > count]
                found = broken(bodies[count:], later, after=(count, proven[0]))
            self._count, self._digest = (len(bodies), _digest_of(bodies)) if found is None else (0, "")
            return found


def _digest_of(bodies: Sequence[tuple[int, str]]) -> str:
    found = hashlib.sha256()
    for seq, body in bodies:
        found.update(f"{seq} {body}\n".encode("utf-8", "surrogatepass"))
    return found.hexdigest() if bodies else ""


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_clean(k): _clean(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(v) for v in value]
    return value
