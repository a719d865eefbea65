"""Runs: what was reviewed when, what waits, and what was set aside and why."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from flows.desk.asking import allowed, desk_of
from flows.desk.rendering import render
from flows.desk.rights import Act, Person
from flows.run.ledger import open_store
from flows.settings import Settings
from records.database import StoreError

router = APIRouter()


def state(settings: Settings, office: str) -> dict[str, Any]:
    """The last runs, and the inputs that wait or were set aside; of one office, where one is named."""
    try:
        with open_store(settings) as store:
            inbox = str(settings.inbox.resolve())
            runs = store.runs(str(settings.out.resolve()), 20)
            waiting = store.inputs(inbox, ["seen", "settled", "read"])
            aside = store.inputs(inbox, ["set_aside"])
    except (StoreError, OSError):
        return {"runs": [], "waiting": [], "aside": [], "fault": "台账暂时读不出"}

    def own(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        kept = [r for r in rows if not office or r["document"].startswith(f"{office}/")]
        return [{k: r[k] for k in ("document", "state", "reason", "updated")} for r in kept]

    shown = [r for r in runs if not office or r["scope"] in ("*", office)]
    return {"runs": shown, "waiting": own(waiting), "aside": own(aside), "fault": ""}


@router.get("/runs", include_in_schema=False)
def runs(request: Request, person: Person = allowed(Act.RUN)) -> Response:
    return render(request, "runs.html", state(desk_of(request).settings, person.office))


@router.get("/api/runs", tags=["审查"])
def list_runs(request: Request, person: Person = allowed(Act.RUN)) -> dict[str, Any]:
    """The last runs, what waits, what was set aside."""
    return state(desk_of(request).settings, person.office)
