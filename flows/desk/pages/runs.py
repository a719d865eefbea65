"""Runs: what was reviewed when, what waits, and what was set aside and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Form, Request, Response
from fastapi.responses import RedirectResponse

from flows.desk.asking import address_of, allowed, desk_of, offices_of
from flows.desk.rendering import render
from flows.desk.rights import Act, Person, Refused
from flows.desk.running import Run
from flows.run.ledger import open_store, reviewed_as
from flows.run.waiting import waiting_in
from flows.settings import Settings
from records.database import StoreError
from reports.safe.text import line

router = APIRouter()


def state(settings: Settings, office: str) -> dict[str, Any]:
    """The last runs, and the inputs that wait (``new``: how many no review has read yet) or were set aside; of one office, where one
    is named."""
    try:
        with open_store(settings) as store:
            inbox = str(settings.inbox.resolve())
            runs = store.runs(reviewed_as(store, settings), 20)
            known = store.inputs(inbox)
    except (StoreError, OSError):
        return {"runs": [], "waiting": [], "new": 0, "aside": [], "fault": "台账暂时读不出"}

    def is_own(document: str) -> bool:
        return not office or document.startswith(f"{office}/")

    def own(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{k: r[k] for k in ("document", "state", "reason", "updated")} for r in rows if is_own(r["document"])]

    found = waiting_in(settings.inbox, known)
    waiting = [r | {"reason": found.known[r["document"]]} for r in known if r["document"] in found.known]
    aside = [r for r in known if r["state"] == "set_aside"]
    new = sum(map(is_own, found.new))

    shown = [r for r in runs if not office or r["scope"] in ("*", office)]
    return {"runs": shown, "waiting": own(waiting), "new": new, "aside": own(aside), "fault": ""}


@dataclass(frozen=True)
class Shown:
    """A run of the desk's own, as far as a person may see it: what it says of other offices is not theirs."""

    scope: str
    who: str
    began: float
    outcome: str
    running: bool
    lines: list[str]


def shown(run: Run | None, person: Person) -> Shown | None:
    if run is None:
        return None
    lines = list(run.lines) if person.may(Act.RUN_ALL) or run.scope == person.office else []
    return Shown(run.scope, run.who, run.began, run.outcome, run.code is None, lines)


def _context(request: Request, person: Person) -> dict[str, Any]:
    desk = desk_of(request)
    offices = offices_of(desk, person, Act.RUN) or ([person.office] if person.office else [])
    return {**state(desk.settings, person.office), "now": shown(desk.running.last, person), "run_for": offices}


@router.get("/runs", include_in_schema=False)
def runs(request: Request, person: Person = allowed(Act.RUN)) -> Response:
    return render(request, "runs.html", _context(request, person))


@router.post("/runs", include_in_schema=False)
def run_all(request: Request, person: Person = allowed(Act.RUN_ALL)) -> Response:
    _run_all(request, person)
    return RedirectResponse("/runs", 303)


@router.post("/o/{office}/run", include_in_schema=False)
def run_office(request: Request, office: str, person: Person = allowed(Act.RUN)) -> Response:
    _run(request, person, office)
    return RedirectResponse("/runs", 303)


@router.post("/o/{office}/retry", include_in_schema=False)
def retry(
    request: Request, office: str, document: Annotated[str, Form(max_length=1000)], person: Person = allowed(Act.RUN)
) -> Response:
    """Read a file that was set aside anew."""
    _retry(request, person, office, document)
    return RedirectResponse("/runs", 303)


@router.get("/api/runs", tags=["审查"])
def list_runs(request: Request, person: Person = allowed(Act.RUN)) -> dict[str, Any]:
    """The last runs, what waits, what was set aside, and the run that the desk began last."""
    found = _context(request, person)
    return {**found, "now": asdict(found["now"]) if found["now"] else None}


@router.post("/api/runs", tags=["审查"])
def api_run_all(request: Request, person: Person = allowed(Act.RUN_ALL)) -> dict[str, Any]:
    """Run a review of the whole round."""
    return _told(_run_all(request, person), person)


@router.post("/api/offices/{office}/runs", tags=["审查"])
def api_run_office(request: Request, office: str, person: Person = allowed(Act.RUN)) -> dict[str, Any]:
    """Run a review of one office."""
    return _told(_run(request, person, office), person)


@router.post("/api/offices/{office}/retries", tags=["审查"])
def api_retry(
    request: Request,
    office: str,
    document: Annotated[str, Body(embed=True, max_length=1000)],
    person: Person = allowed(Act.RUN),
) -> dict[str, Any]:
    """Read a file that was set aside anew, and review its office."""
    return _told(_retry(request, person, office, document), person)


def _run_all(request: Request, person: Person) -> Run:
    return _noted(request, person, desk_of(request).running.review(person))


def _noted(request: Request, person: Person, run: Run) -> Run:
    told = line(run.scope, 200)
    desk_of(request).journal.put("run", who=person.name, office=person.office, told=told, address=address_of(request))
    return run


def _run(request: Request, person: Person, office: str) -> Run:
    desk = desk_of(request)
    if desk.catalog.recommender(office) is None and office not in desk.round.offices():
        raise Refused("没有这个推荐单位", 404)
    return _noted(request, person, desk.running.review(person, office))


def _retry(request: Request, person: Person, office: str, document: str) -> Run:
    desk = desk_of(request)
    aside = state(desk.settings, office)
    if document not in {r["document"] for r in (*aside["aside"], *aside["waiting"])}:
        raise Refused("这个文件没有被搁置", 404)
    return _noted(request, person, desk.running.retry(person, document))


def _told(run: Run, person: Person) -> dict[str, Any]:
    found = shown(run, person)
    assert found is not None
    return asdict(found)
