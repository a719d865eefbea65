"""The audit view: who did what when, from the book of decisions and the desk's journal, and whether the book's chain holds.

It says which act and on what (by id; by name too, to who may see the material), never what was written: those who keep the
system see no material, and what a file says that may be shown to nobody is not shown here either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from flows.desk.asking import allowed, desk_of
from flows.desk.deciding import Trace
from flows.desk.desk import Desk
from flows.desk.journal import CALLED, Noted
from flows.desk.pages.naming import called
from flows.desk.rendering import render
from flows.desk.rights import Act, Person, Reach, Refused
from flows.run.book import anchors
from reports.workbook.eventbook import SOURCES, WHATS

router = APIRouter()
PER_PAGE = 100
KINDS = {**WHATS, **CALLED}


@dataclass(frozen=True)
class Line:
    """What somebody did. ``at`` in seconds since 1970; ``number`` is the event's in the book, 0 of what stands in the journal;
    ``what`` is the kind's key, ``target`` what it was done to, ``by`` the way it came in, or from which address."""

    at: float
    number: int
    who: str
    office: str
    what: str
    called: str
    target: str
    by: str


@dataclass(frozen=True)
class Asked:
    """What is to be shown; "" is all."""

    who: str = ""
    office: str = ""
    what: str = ""


@dataclass(frozen=True)
class Audit:
    """A page of lines, newest first, of ``found`` in all."""

    lines: list[Line]
    found: int
    page: int
    pages: int


def audit(desk: Desk, person: Person, asked: Asked, page: int) -> Audit:
    """What the person may know of: of their own office, or of all."""
    office = asked.office
    if person.reach(Act.AUDIT) is Reach.OWN:
        if office and office != person.office:
            raise Refused("没有这个页面", 404)
        office = person.office
    own = [t for t in desk.decisions.traces() if _is_asked(t, asked, office)]
    most = page * PER_PAGE
    noted, journaled = desk.journal.newest(most, who=asked.who, office=office, what=asked.what)
    lines = [*map(_of_book, reversed(own[-most:])), *map(_of_journal, noted)]
    lines.sort(key=lambda line: (-line.at, -line.number))
    found = len(own) + journaled
    return Audit(lines[most - PER_PAGE : most], found, page, max(1, -(-found // PER_PAGE)))


def _is_asked(trace: Trace, asked: Asked, office: str) -> bool:
    return (
        (not asked.who or trace.who == asked.who)
        and (not office or trace.office == office)
        and (not asked.what or trace.what == asked.what)
    )


def _of_book(trace: Trace) -> Line:
    at = dt.datetime.fromisoformat(trace.at).timestamp()
    by = SOURCES.get(trace.source, trace.source)
    return Line(at, trace.seq, trace.who, trace.office, trace.what, WHATS.get(trace.what, trace.what), trace.target, by)


def _of_journal(noted: Noted) -> Line:
    called = CALLED.get(noted.what, noted.what)
    return Line(noted.at, 0, noted.who, noted.office, noted.what, called, noted.told, noted.address)


def chain(desk: Desk) -> tuple[bool, str]:
    """Whether the book of decisions is as it was written, and that in words."""
    found = desk.decisions.broken(anchors(desk.settings.out))
    if found is not None:
        return False, f"决定簿不完整：{found.why}。请保留现状，运行 shenbao desk verify，并与备份对照"
    return True, f"决定簿完整：共{desk.decisions.now().seq}条，逐条相接，没有改动"


Text = Annotated[str, Query(max_length=100)]
Page = Annotated[int, Query(ge=1, le=10_000)]


@router.get("/audit", include_in_schema=False)
def page(
    request: Request,
    person: Person = allowed(Act.AUDIT),
    who: Text = "",
    office: Text = "",
    what: Text = "",
    page: Page = 1,
) -> Response:
    desk = desk_of(request)
    asked = Asked(who.strip(), office, what)
    sound, said = chain(desk)
    found = audit(desk, person, asked, page)
    context = {
        "asked": asked,
        "sound": sound,
        "said": said,
        "kinds": KINDS,
        "names": _names(desk, person, found.lines),
        "choices": list(_offices(desk)) if person.reach(Act.AUDIT) is Reach.ALL else [],
        **vars(found),
    }
    return render(request, "audit.html", context)


def _names(desk: Desk, person: Person, lines: list[Line]) -> dict[str, str]:
    if not person.may(Act.SEE):
        return {}
    return called(desk, person, ((line.office, line.target) for line in lines if line.number))


def _offices(desk: Desk) -> Iterator[str]:
    there = {t.office for t in desk.decisions.traces()} | {a.office for a in desk.people.all()}
    yield from sorted(filter(None, there))


@router.get("/api/audit", tags=["操作记录"])
def list_audit(
    request: Request,
    person: Person = allowed(Act.AUDIT),
    who: Text = "",
    office: Text = "",
    what: Text = "",
    page: Page = 1,
) -> dict[str, Any]:
    """Who did what when, newest first, and whether the book's chain holds."""
    desk = desk_of(request)
    sound, said = chain(desk)
    return {**asdict(audit(desk, person, Asked(who.strip(), office, what), page)), "sound": sound, "said": said}
