"""The city: offices side by side, and what only the city can settle."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from flows.desk.asking import allowed, desk_of, offices_of
from flows.desk.desk import Desk
from flows.desk.pages.queue import entries, progress
from flows.desk.rendering import render
from flows.desk.rights import Act, Person
from flows.desk.round import Office
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


class Standings:
    """The offices' standings, each made anew when a run has written it anew: the records of a whole round are not held."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Any, Standing]] = {}

    def of(self, office: Office) -> Standing:
        known = self._known.get(office.name)
        if known is None or known[0] != office.stamp:
            known = self._known[office.name] = (office.stamp, _standing(office))
        return known[1]


def _standing(office: Office) -> Standing:
    result = office.result
    found = entries(result)
    tally = result.tally(result.items)
    done = progress(found)
    return Standing(
        office.name,
        len(result.submissions),
        {s.value: n for s, n in tally.items()},
        done["waiting"],
        done["open"],
        bool(result.summaries),
        "、".join(result.form_label(f) for f in over_quota(result)),
    )


_standings = Standings()


def standings(desk: Desk, person: Person) -> list[Standing]:
    return [_standings.of(desk.office(name)) for name in offices_of(desk, person, Act.COMPARE)]


@router.get("/city", include_in_schema=False)
def city(request: Request, person: Person = allowed(Act.COMPARE)) -> Response:
    desk = desk_of(request)
    found = standings(desk, person)
    there = {s.office for s in found}
    missing = [r.name for r in desk.catalog.recommenders if r.name not in there]
    return render(request, "city.html", {"standings": found, "missing": missing})


@router.get("/api/offices", tags=["推荐单位"])
def list_offices(request: Request, person: Person = allowed(Act.COMPARE)) -> list[dict[str, Any]]:
    """The offices of the round with their tallies."""
    return [asdict(s) for s in standings(desk_of(request), person)]
