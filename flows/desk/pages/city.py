"""The city: offices side by side, and what only the city can settle."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from flows.desk.asking import allowed, desk_of, offices_of
from flows.desk.desk import Desk
from flows.desk.pages.queue import entries, has_gone, progress
from flows.desk.rendering import key_of, render
from flows.desk.rights import Act, Person, Refused
from flows.desk.round import Office
from records.book.events import Entry, Event
from reports.results.matters import Concern, Matter, concerns, matters_of
from reports.results.recommend import over_quota

router = APIRouter()


@dataclass(frozen=True)
class Standing:
    """An office at a glance. ``over`` says which quota it exceeds, in words."""

    office: str
    sent: int
    tallies: dict[str, int]
    waiting: int
    open: int
    table: bool
    over: str


def standing_of(_: Desk, office: Office) -> Standing:
    result = office.result
    found = entries(result)
    tally = result.tally(result.items)
    done = progress(found)
    return Standing(
        office.name,
        len(result.items),
        {s.value: n for s, n in tally.items()},
        done["waiting"],
        done["open"],
        bool(result.summaries),
        "、".join(result.form_label(f) for f in over_quota(result)),
    )


def concerns_of(_: Desk, office: Office) -> list[Concern]:
    return concerns(office.result)


def keys_of(_: Desk, office: Office) -> dict[str, str]:
    """By application: what stands for it in an address."""
    return {office.result.application(i): key_of(i.document) for i in office.result.items}


def standings(desk: Desk, person: Person) -> list[Standing]:
    return [desk.derived(name, standing_of) for name in offices_of(desk, person, Act.COMPARE)]


def round_matters(desk: Desk, person: Person) -> list[Matter]:
    """What lies between offices, or only the city can settle."""
    names = offices_of(desk, person, Act.COMPARE)
    return matters_of(desk.catalog, [c for name in names for c in desk.derived(name, concerns_of)])


def settle_matter(desk: Desk, person: Person, target: str, stands: str, words: str, seen: int) -> Event:
    """Put a ruling down: which application stands (its id, "" for none of them), or what was ruled in words. Raises
    :class:`Refused`."""
    matter = next((m for m in round_matters(desk, person) if m.target == target), None)
    if matter is None:
        raise Refused("没有这个事项：重新审查之后它已不在了，请刷新", 404)
    party = next((p for p in matter.parties if p[1] == stands), None)
    if stands and party is None:
        raise Refused("保留的申报书不在这个事项里", 422)
    if party is None and not words.strip():
        raise Refused("请选定保留哪一份，或者写明如何处理", 422, wants="words")
    after = {"words": words.strip()} if party is None else {"stands": list(party[:2])}
    entry = Entry(
        who=person.name,
        office=desk.catalog.region.whole,
        what="settle",
        target=target,
        before={"title": matter.title, "sides": list(matter.sides)},
        after=after,
        reason=words.strip() if party is not None else "",
        source="desk",
    )
    return desk.decisions.put_down(entry, seen=seen, about=(target,))


@router.get("/city", include_in_schema=False)
def city(request: Request, person: Person = allowed(Act.COMPARE)) -> Response:
    desk = desk_of(request)
    found = standings(desk, person)
    there = [s.office for s in found]
    state = desk.decisions.now()
    matters = round_matters(desk, person)
    context = {
        "standings": found,
        "gone": [name for name in there if has_gone(desk, desk.office(name))],
        "missing": [r.name for r in desk.catalog.recommenders if r.name not in there],
        "matters": matters,
        "keys": {office: desk.derived(office, keys_of) for m in matters for office, _, _ in m.parties},
        "settled": state.settled,
        "seen": state.seq,
        "may_settle": person.may(Act.SETTLE),
    }
    return render(request, "city.html", context)


@router.post("/city/settle", include_in_schema=False)
def settle(
    request: Request,
    target: Annotated[str, Form(max_length=4000)],
    seen: Annotated[int, Form(ge=0)],
    stands: Annotated[str, Form(max_length=60)] = "",
    words: Annotated[str, Form(max_length=2000)] = "",
    person: Person = allowed(Act.SETTLE),
) -> Response:
    settle_matter(desk_of(request), person, target, stands, words, seen)
    return RedirectResponse("/city", 303)


class SettleBody(BaseModel):
    """``stands``: the application that is kept, "" where words say what is to be done."""

    target: str = Field(max_length=4000)
    stands: str = Field("", max_length=60)
    words: str = Field("", max_length=2000)
    seen: int = Field(ge=0)


@router.get("/api/matters", tags=["全市"])
def list_matters(request: Request, person: Person = allowed(Act.COMPARE)) -> list[dict[str, Any]]:
    """What lies between offices, or only the city can settle, and how it was settled."""
    desk = desk_of(request)
    settled = desk.decisions.now().settled
    return [
        {**asdict(m), "ruling": asdict(settled[m.target]) if m.target in settled else None}
        for m in round_matters(desk, person)
    ]


@router.post("/api/matters", tags=["全市"])
def api_settle(
    request: Request, body: Annotated[SettleBody, Body()], person: Person = allowed(Act.SETTLE)
) -> dict[str, Any]:
    """Settle a matter."""
    return settle_matter(desk_of(request), person, body.target, body.stands, body.words, body.seen).model_dump()


@router.get("/api/offices", tags=["推荐单位"])
def list_offices(request: Request, person: Person = allowed(Act.COMPARE)) -> list[dict[str, Any]]:
    """The offices of the round with their tallies; ``gone``: all files have gone from the inbox, no run reviews the office anew."""
    desk = desk_of(request)
    return [asdict(s) | {"gone": has_gone(desk, desk.office(s.office))} for s in standings(desk, person)]
