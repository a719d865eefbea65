"""What people decide at the desk: entries for the book, and the state that follows from it.

A page carries the number of the last event that it shows (``seen``). What is decided from it is put down only where nobody
has decided on the same application since.
"""

from __future__ import annotations

import threading
import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from checks.meaning.versions import application_id
from flows.desk.rights import Person, Refused
from flows.run.book import open_book
from flows.settings import Settings
from records.book.events import VERDICTS, Break, Entry, Event, Proof, open_point
from records.book.keeping import Book, Moved
from records.book.places import as_read, value_at
from records.book.state import Present, followed, present
from records.models import Assessment, Finding, Level
from reports.results.model import DistrictResult, Item, evidence_mark
from reports.safe.text import line
from reports.workbook.eventbook import WHATS

OnFinding = Literal["confirm", "withdraw", "restore", "note"]
CONFLICT = 409
_MOST_TOLD = 5


def told(event: Event) -> str:
    """An event in a few words: what was done, about what, why."""
    after = event.after if isinstance(event.after, dict) else {}
    about = after.get("about") or after.get("message") or after.get("verdict") or after.get("to") or after.get("number")
    words = line(str(about or after.get("text") or ""), 40)
    back = "收回" if event.after is None and event.what in ("correct", "decide") else ""
    return "：".join(
        w for w in (f"{back}{WHATS[event.what]}{f' {words}' if words else ''}", line(event.reason, 40)) if w
    )


@dataclass(frozen=True, slots=True)
class Trace:
    """An event without what was written: who did what to what, when (ISO 8601, UTC), by which way."""

    seq: int
    at: str
    who: str
    office: str
    what: str
    target: str
    source: str


class Decisions:
    """The output's book of decisions, with its state at hand. Safe to use from several threads."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._present = Present()
        self._proof = Proof()
        self._traces: list[Trace] = []
        self._lock = threading.Lock()

    @classmethod
    def of(cls, settings: Settings) -> Decisions:
        """Raises as :func:`flows.run.book.open_book`."""
        return cls(open_book(settings))

    def now(self) -> Present:
        """What holds now: what others put down meanwhile is taken in."""
        with self._lock:
            if self.book.head()[0] != self._present.seq:
                later = self.book.events(self._present.seq)
                known = bool(later) and later[0].previous == self._present.hash
                # Else it is another book by now: restored from a copy.
                self._present = followed(self._present, later) if known else present(self.book.events())
            return self._present

    def traces(self) -> list[Trace]:
        """All events in their order, without what was written. To be read only."""
        with self._lock:
            known = self._traces
            head = self.book.head()[0]
            if head < len(known):
                known = []
            if head != len(known) or not known:
                # Another list: somebody may be reading this one.
                later = self.book.events(len(known))
                self._traces = [*known, *(Trace(*(getattr(e, n) for n in Trace.__slots__)) for e in later)]
            return self._traces

    def broken(self, anchors: Iterable[tuple[int, str]]) -> Break | None:
        """The first break in the book's chain, None where it holds."""
        return self._proof.broken(self.book.bodies(), anchors)

    def put_down(self, entry: Entry, *, seen: int, about: tuple[str, ...]) -> Event:
        """Put an entry down. Raises :class:`Refused` where somebody has decided on the same since ``seen``, or where there was
        no such event yet: nobody has seen what is still to come."""
        return self.put_down_all([entry], seen=seen, about=about)[0]

    def put_down_all(
        self, entries: Sequence[Entry], *, seen: int, about: tuple[str, ...], keys: Sequence[str] = ()
    ) -> list[Event]:
        """All of them or none, as :meth:`put_down`; what one of ``keys`` names is put down once in the book's life. Raises
        :class:`records.book.keeping.Taken` too."""
        if seen > self.book.head()[0]:
            raise Refused("页面与决定簿对不上，请刷新后再试（未作任何改动）", 422)
        try:
            return self.book.append(entries, seen=seen, about=about, keys=keys, all_new=True)
        except Moved as problem:
            who = "、".join(dict.fromkeys(e.who or "有人" for e in problem.events))
            did = "；".join(dict.fromkeys(told(e) for e in problem.events[-_MOST_TOLD:]))
            raise Refused(
                f"{who}刚刚处理过（{did}），您的这一步没有记下；请看过最新情况后再定",
                CONFLICT,
                seen=problem.events[-1].seq,
            ) from problem

    def close(self) -> None:
        self.book.close()


def _says_something(words: str) -> bool:
    """Whether anything in them is seen: spaces, and characters that have no shape, say nothing."""
    return any(unicodedata.category(c)[0] not in "CZ" for c in words)


@dataclass(frozen=True)
class Deciding:
    """Somebody who decides on an application from a page that shows the book up to ``seen``."""

    decisions: Decisions
    person: Person
    result: DistrictResult
    item: Item
    seen: int

    @property
    def application(self) -> str:
        return application_id(self.result.catalog, self.item.record)

    def on_finding(self, finding: Finding, act: OnFinding, reason: str) -> Event:
        """Confirm, withdraw or restore a finding, or note something on it."""
        if act in ("note", "withdraw") and not _says_something(reason):
            raise Refused("请先写说明" if act == "note" else "撤销须写明理由", 422, wants="reason")
        after = {
            "evidence": finding.evidence,
            "evidence_mark": evidence_mark(finding),
            "about": line(f"{finding.code} {finding.applicant} {finding.message}", 200),
        }
        before = {"standing": self.result.standing(finding).value}
        return self._put(act, finding.id, before, after, reason)

    def check(self, assessment: Assessment, title: str, reason: str, *, undo: bool = False) -> Event:
        """What a person found where a rule could not tell (``undo``: taken back)."""
        if not undo and not _says_something(reason):
            raise Refused("请写明核对的结果，如：原件已看，符合要求", 422, wants="reason")
        target = open_point(self.application, assessment.code, assessment.why)
        after = {"about": line(f"{assessment.code} {title}", 200), "why": assessment.why}
        return self._put("restore" if undo else "confirm", target, None, after, reason)

    def add(self, level: Level, place: str, message: str) -> Event:
        """A person's own finding."""
        if not _says_something(message):
            raise Refused("请写明问题是什么", 422, wants="message")
        after = {
            "id": f"P-{uuid.uuid4().hex[:12]}",
            "level": level,
            "place": line(place, 120),
            "message": message.strip(),
            "about": line(f"{self.item.name} {self.item.project}", 120),
        }
        return self._put("add", self.application, None, after, "")

    def correct(self, place: str, text: str | None, reason: str) -> Event:
        """A value as the person read it (None: taken back)."""
        value = value_at(self.item.record, place)
        if value is None:
            raise Refused("没有这一栏", 422)
        before = {"raw": as_read(value), "value": value.value, "where": value.where}
        after = None if text is None else {"text": text.strip()}
        return self._put("correct", f"{self.application}#{place}", before, after, reason)

    def assign(self, to: str) -> Event:
        return self._put("assign", self.application, None, {"to": to}, "")

    def decide(self, verdict: str | None, reason: str) -> Event:
        """The lead's verdict on the application; None takes it back."""
        if verdict is not None and verdict not in VERDICTS:
            raise Refused(f"结论只能是{'、'.join(VERDICTS)}", 422)
        if verdict != VERDICTS[0] and not _says_something(reason):
            raise Refused("退回补正、不予推荐或收回结论，须写明理由", 422, wants="reason")
        return self._put("decide", self.application, None, None if verdict is None else {"verdict": verdict}, reason)

    def _about(self) -> tuple[str, ...]:
        """All that the page shows and that another may have decided on meanwhile."""
        return (self.application, *(f.id for f in (*self.item.findings, *self.item.withdrawn)))

    def _put(self, what: Any, target: str, before: Any, after: Any, reason: str) -> Event:
        try:
            entry = Entry(
                who=self.person.name,
                office=self.result.district,
                what=what,
                target=target,
                before=before,
                after=after,
                reason=reason.strip() if _says_something(reason) else "",
                source="desk",
            )
        except ValidationError as problem:
            raise Refused(
                "；".join(str(e["ctx"]["error"]) if "ctx" in e else e["msg"] for e in problem.errors()), 422
            ) from problem
        return self.decisions.put_down(entry, seen=self.seen, about=self._about())
