"""The table of recommendation as a list that people order; what hinders an application stands apart, with the reason."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from checks.meaning.versions import application_id
from flows.desk.asking import allowed, desk_of, offices_of
from flows.desk.desk import Desk
from flows.desk.rendering import WORD, as_download, key_of, render
from flows.desk.rights import Act, Person, Refused
from flows.desk.round import Office
from records.book.events import Entry, Event
from reports.papers.recommendation import NAME, drawn_up
from reports.safe.text import line

router = APIRouter()


@dataclass(frozen=True)
class Place:
    """An application in the list. ``at`` is its place, from 1; None where nobody has ordered the list yet."""

    id: str
    key: str
    name: str
    project: str
    status: str
    verdict: str
    at: int | None


@dataclass(frozen=True)
class Ranking:
    """The list of one form. ``quota`` is how many may be put forward, None where there is no limit."""

    form: str
    label: str
    quota: int | None
    places: list[Place]
    ordered_by: str


Rankings = tuple[list[Ranking], list[tuple[str, str, str]]]
"""The lists of an office by form, and what stands apart: (applicant, project, why)."""


def rankings(desk: Desk, office: str) -> Rankings:
    return desk.derived(office, _rankings)


def _rankings(desk: Desk, office: Office) -> Rankings:
    result = office.result
    decided = result.decided
    draft = drawn_up(result)
    found = []
    for form, rows in draft.rows.items():
        order = {id_: n for n, id_ in enumerate(decided.ranks.get(form, ()), 1)}
        places = []
        for _, item in rows:
            id_ = application_id(result.catalog, item.record)
            verdict = decided.verdicts.get(id_)
            places.append(
                Place(
                    id_,
                    key_of(item.document),
                    item.name,
                    line(item.project, 80),
                    item.status.value,
                    verdict.verdict if verdict is not None else "",
                    order.get(id_),
                )
            )
        places.sort(key=lambda p: (p.at is None, p.at or 0))
        quota = (result.quota or {}).get(desk.catalog.forms[form].of_class)
        by = "人工排定" if order else "推荐单位汇总表的次序" if result.summaries else "尚未排定"
        found.append(Ranking(form, result.form_label(form), quota, places, by))
    return found, draft.apart


def put_in_order(desk: Desk, person: Person, office: str, form: str, order: list[str], seen: int) -> Event:
    """Put an order of the office's applications down. Raises :class:`Refused`."""
    ranking = next((r for r in rankings(desk, office)[0] if r.form == form), None)
    if ranking is None:
        raise Refused("没有这张表", 404)
    if sorted(order) != sorted(p.id for p in ranking.places):
        raise Refused("名单已有变化，请刷新后再排（未作任何改动）", 409)
    target = f"{office}/{form}"
    entry = Entry(
        who=person.name,
        office=office,
        what="rank",
        target=target,
        before={"order": [p.id for p in ranking.places]},
        after={"order": order},
        source="desk",
    )
    return desk.decisions.put_down(entry, seen=seen, about=(target,))


@router.get("/o/{office}/recommendation", include_in_schema=False)
def recommendation(request: Request, office: str, person: Person = allowed(Act.SEE)) -> Response:
    desk = desk_of(request)
    seen = desk.decisions.now().seq
    lists, apart = rankings(desk, office)
    context = {
        "office": office,
        "offices": offices_of(desk, person, Act.SEE),
        "lists": lists,
        "apart": apart,
        "seen": seen,
        "may_rank": person.may(Act.RANK, office),
        "drafted": (desk.settings.out / office / NAME).is_file(),
    }
    return render(request, "recommendation.html", context)


@router.get("/o/{office}/recommendation/file", include_in_schema=False, dependencies=[allowed(Act.SEE)])
def draft_file(request: Request, office: str) -> Response:
    """The table as the last run drew it, or as people have it by now, marked 草稿."""
    desk = desk_of(request)
    folder = desk.settings.out / office
    try:
        data = (folder / NAME).read_bytes()
    except OSError as problem:
        raise Refused("还没有草稿，请先运行审查", 404) from problem
    as_written = hashlib.sha256(data).hexdigest() == desk.kept(office).papers.get(NAME)
    if not as_written and any(i.withheld for i in desk.office(office).result.items):
        raise Refused(
            "草稿有人改过，其中可能有带密级或保密标志的材料的内容，不在本系统中提供。请交本单位保密工作人员", 403
        )
    return as_download(data, f"{office}{NAME}", WORD)


@router.post("/o/{office}/recommendation", include_in_schema=False)
async def order_list(request: Request, office: str, person: Person = allowed(Act.RANK)) -> Response:
    """Take the places that were typed in: equal ones keep the order in which they stood."""
    form = await request.form()
    ids = [str(i) for i in form.getlist("id")]
    places = [str(p) for p in form.getlist("at")]
    try:
        ranked = sorted(zip(ids, (int(p) for p in places), strict=True), key=lambda pair: pair[1])
        seen = int(str(form.get("seen", "0")))
    except ValueError as problem:
        raise Refused("名次须是整数，每一项都要有（未作任何改动）", 422) from problem
    await run_in_threadpool(
        put_in_order, desk_of(request), person, office, str(form.get("form", "")), [i for i, _ in ranked], seen
    )
    return RedirectResponse(str(request.url_for("recommendation", office=office).path), 303)


class OrderBody(BaseModel):
    form: str
    order: list[str] = Field(max_length=5000)
    seen: int = Field(ge=0)


@router.get("/api/offices/{office}/recommendation", tags=["推荐"], dependencies=[allowed(Act.SEE)])
def list_recommendation(request: Request, office: str) -> dict[str, Any]:
    """The lists with their order, and what stands apart."""
    lists, apart = rankings(desk_of(request), office)
    return {"lists": [asdict(r) for r in lists], "apart": apart}


@router.post("/api/offices/{office}/recommendation", tags=["推荐"])
def api_order(
    request: Request, office: str, body: Annotated[OrderBody, Body()], person: Person = allowed(Act.RANK)
) -> dict[str, Any]:
    """Order a list: all its applications, first first."""
    return put_in_order(desk_of(request), person, office, body.form, body.order, body.seen).model_dump()
