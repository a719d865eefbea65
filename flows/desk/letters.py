"""An office's letters as its register lists them: those that are due, and those that were issued, each with where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flows.desk.desk import Desk
from flows.desk.round import NoRound, Office
from records.book.events import Event
from reports.outgoing import issue_of, issued_before, letter_id, whose
from reports.results.model import DistrictResult
from reports.results.own import MANUAL

STEPS = {"issue": "已签发", "send": "已发出", "answer": "已答复", "close": "已办结"}
_NEXT = {"": ("issue",), "issue": ("send",), "send": ("answer", "close"), "answer": ("close",), "close": ()}


@dataclass(frozen=True)
class Letter:
    """A letter and where it stands. ``step`` is the last that was done with it, "" for a draft; ``history`` says all in order."""

    id: str
    file: str
    title: str
    applicant: str
    form: str
    number: str
    date: str
    due: str
    contact: str
    phone: str
    points: int
    step: str
    at: str
    """The day of the last step, ISO 8601, "" for a draft."""
    sha256: str
    history: list[str]
    draft: bool
    """The program has it among the letters that are due."""
    withdrawn: int
    """How many of its points people have withdrawn since it was drafted; 0 once it is issued."""
    unsaid: int
    """How many findings people have added on the applicant's forms that it does not tell of; 0 once it is issued."""
    withheld: bool
    """It was issued before its application's text was withheld, and may quote it."""

    @property
    def next(self) -> tuple[str, ...]:
        return _NEXT[self.step]


def letters_of(desk: Desk, office: str) -> list[Letter]:
    """The letters that are due, then those that were issued and are due no longer. To be read only."""
    try:
        return desk.derived(office, _letters_of)
    except NoRound:
        return _listed(desk, office, None)


def _letters_of(desk: Desk, office: Office) -> list[Letter]:
    return _listed(desk, office.name, office.result)


def due_of(desk: Desk, office: str) -> dict[str, dict[str, Any]]:
    """What the last run kept of the letters that are due, by letter."""
    return {letter_id(kept): kept for kept in desk.kept(office).letters.values()}


def _listed(desk: Desk, office: str, result: DistrictResult | None) -> list[Letter]:
    done = desk.decisions.now().of(office).letters
    due = due_of(desk, office)
    gone, own = _since(result)
    withheld = {*desk.kept(office).withheld, *(issued_before(result) if result is not None else ())}
    found = [
        _letter(id_, kept, done.get(id_, ()), draft=True, withheld=id_ in withheld, gone=gone, own=own)
        for id_, kept in due.items()
    ]
    for id_, events in done.items():
        if id_ not in due:
            found.append(_letter(id_, issue_of(events)["letter"], events, draft=False, withheld=id_ in withheld))
    return sorted(found, key=lambda letter: (not letter.draft, letter.file))


def _since(result: DistrictResult | None) -> tuple[set[str], dict[tuple[str, str], set[str]]]:
    """The findings that people have withdrawn, and those of their own that a letter could tell of, by applicant and form."""
    own: dict[tuple[str, str], set[str]] = {}
    if result is None:
        return set(), own
    for item in result.items:
        told = {f.id for f in item.findings if f.code == MANUAL and f.level != "note"}
        if told:
            own.setdefault((item.applicant, result.form_label(item.form)), set()).update(told)
    return {f.id for item in result.items for f in item.withdrawn}, own


def _letter(
    id_: str,
    kept: dict[str, Any],
    events: Sequence[Event],
    *,
    draft: bool,
    withheld: bool,
    gone: Set[str] = frozenset(),
    own: Mapping[tuple[str, str], Set[str]] = MappingProxyType({}),
) -> Letter:
    points = set(kept.get("points") or ())
    added = own.get(whose(kept), frozenset())
    stands = issue_of(events) or kept
    return Letter(
        id=id_,
        file=str(kept.get("file", "")),
        title=str(kept.get("title", "")),
        applicant=str(kept.get("applicant", "")),
        form=str(kept.get("form", "")),
        number=str(stands.get("number") or ""),
        date=str(stands.get("date") or ""),
        due=str(stands.get("due") or ""),
        contact=str(stands.get("contact") or ""),
        phone=str(stands.get("phone") or ""),
        points=len(points),
        step=events[-1].what if events else "",
        at=_day_of(events[-1]) if events else "",
        sha256=str(stands.get("sha256", "")) if events else "",
        history=[_said(e) for e in events],
        draft=draft,
        withdrawn=0 if events else len(points & gone),
        unsaid=0 if events else len(added - points),
        withheld=withheld,
    )


def _day_of(event: Event) -> str:
    return str(event.after.get("date") or event.at[:10])


def _said(event: Event) -> str:
    number = f" {event.after['number']}" if event.what == "issue" and event.after.get("number") else ""
    return f"{STEPS[event.what]}{number} {_day_of(event)}（{event.who}）{f'：{event.reason}' if event.reason else ''}"
