"""An application: the document beside what was found in it, and the pictures of its pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from checks.meaning.versions import application_id
from checks.withheld import WITHHELD
from flows.desk.asking import allowed, desk_of, offices_of
from flows.desk.desk import Desk
from flows.desk.documents import NotThere, original
from flows.desk.pictures import NoPicture
from flows.desk.rendering import as_download, as_json, key_of, render
from flows.desk.rights import Act, Person, Refused, Role
from records.book.events import VERDICTS, open_point
from records.book.places import value_at
from records.book.state import Correction
from records.models import Finding
from reports.page.district import column_label, detail, finding_data, table_label
from reports.page.paper import Hit, lay_out
from reports.results.model import DistrictResult, Item, Standing
from reports.results.own import MANUAL
from reports.results.rulebook import rule_title
from reports.results.unsure import checked
from reports.results.versions import changes, former

router = APIRouter()
_DRAWN = frozenset({"pdf", "docx", "doc", "wps", "rtf", "odt", "html", "mht", "wordml", "dotx", "docm"})
"""Formats whose pages can be drawn."""
KEPT_BACK = "这份材料有密级或保密标志，或与这样的材料文字相同，不在本系统中显示"


def item_of(desk: Desk, office: str, key: str) -> tuple[DistrictResult, Item]:
    """An application, or another of the office's documents. Raises :class:`Refused`."""
    result = desk.office(office).result
    for item in (*result.items, *result.summaries):
        if key_of(item.document) == key:
            return result, item
    raise Refused("没有这份材料：它可能已被撤回，或者重新报送后换了名称", 404)


@dataclass(frozen=True)
class Card:
    """A finding as the page shows it. ``action`` is what somebody decided on it (维持, 撤销), ``words`` why."""

    finding: Finding
    data: dict[str, Any]
    anchor: str
    action: str
    words: str
    history: tuple[str, ...]


def card_of(result: DistrictResult, item: Item, finding: Finding, anchor: str) -> Card:
    decision = result.decisions.get(finding.id)
    standing = result.standing(finding)
    action = standing.value if standing in (Standing.UPHELD, Standing.WITHDRAWN) else ""
    data = finding_data(result, finding, item.number)
    if item.withheld:
        # What people wrote may quote it: from before it was marked, or because they have the paper in hand.
        return Card(finding, data | ({"message": WITHHELD} if finding.code == MANUAL else {}), anchor, action, "", ())
    history = tuple(decision.history) if decision is not None else ()
    return Card(finding, data, anchor, action, result.remark(finding), history)


@router.get("/o/{office}/a/{key}", include_in_schema=False, name="application")
def application(request: Request, office: str, key: str, person: Person = allowed(Act.SEE)) -> Response:
    desk = desk_of(request)
    # Before anything is looked at: what is decided while the page is made must not count as seen.
    seen = desk.decisions.now().seq
    result, item = item_of(desk, office, key)
    found = [*item.findings, *item.withdrawn]
    data = {f.id: finding_data(result, f, item.number) for f in found}
    hits = [
        Hit(f.id, f.code, f.level, data[f.id]["message"], f.where, tuple(data[f.id].get("marks", ()))) for f in found
    ]
    hidden = item.withheld
    contents = {} if hidden else detail(result, item)
    paper = lay_out(contents, () if hidden else hits)
    around = result.items
    at = next((n for n, i in enumerate(around) if i.document == item.document), None)
    neighbours = (
        (around[at - 1] if at else None, around[at + 1] if at + 1 < len(around) else None)
        if at is not None
        else (None, None)
    )
    state = desk.decisions.now()
    decided = state.of(office)
    mine = application_id(result.catalog, item.record)
    fields = [] if hidden else correctable(result, item)
    called = {place: label for place, label, _ in fields}
    context = {
        "office": office,
        "offices": offices_of(desk, person, Act.SEE),
        "seen": seen,
        "added": [a for a in decided.added.values() if a.application == mine and a.id not in data and not hidden],
        "corrected": [
            (called.get(c.place, c.place), c, _in_force(item, c))
            for c in decided.corrections.values()
            if c.application == mine and not hidden
        ],
        "assigned": decided.assigned.get(mine, ""),
        "verdict": decided.verdicts.get(mine),
        "verdicts": VERDICTS,
        "may_review": person.may(Act.REVIEW, office),
        "reviewers": reviewers(desk, office),
        "notes": [] if hidden else decided.notes.get(mine, []),
        "fields": fields,
        "key": key,
        "result": result,
        "item": item,
        "cards": [card_of(result, item, f, paper.places.get(f.id, "")) for f in found],
        "paper": paper,
        "fields_only": bool(contents.get("read")) and "blocks" not in contents,
        "before": neighbours[0],
        "after": neighbours[1],
        "former": former(result, item),
        "withheld": hidden,
        "drawn": item.record.source.format in _DRAWN and not hidden,
        "converted": item.record.source.format not in ("pdf", "scan"),
        "kept_back": KEPT_BACK,
        "titles": {a.code: rule_title(desk.catalog, a.code) for a in item.unsure},
        "unsure": [(a, None if hidden else checked(result, item, a)) for a in item.unsure],
        "spot_of": lambda a: open_point("", a.code, a.why)[1:],
    }
    return render(request, "application.html", context)


def _in_force(item: Item, correction: Correction) -> bool:
    """Whether the review at hand has read the value as the person did."""
    value = value_at(item.record, correction.place)
    return value is not None and value.read_as == correction.raw and value.raw == correction.text


def reviewers(desk: Desk, office: str) -> list[str]:
    """Who may review the office's applications."""
    roles = (Role.REVIEWER, Role.LEAD)
    return [a.name for a in desk.people.all() if a.office == office and not a.disabled and a.role in roles]


def correctable(result: DistrictResult, item: Item) -> list[tuple[str, str, str]]:
    """(place, label, text) of every field of an application."""
    found = [(k, result.field_label(item.form, k) or k, v.raw) for k, v in item.record.fields.items()]
    for name, rows in item.record.tables.items():
        table = table_label(result, item.form, name)
        for number, row in enumerate(rows, 1):
            for column, value in row.items():
                label = column_label(result, item.form, name, column)
                found.append((f"{name}.{number}.{column}", f"{table} 第{number}行 {label}", value.raw))
    return found


@router.get("/o/{office}/a/{key}/versions", include_in_schema=False)
def versions(request: Request, office: str, key: str, person: Person = allowed(Act.SEE)) -> Response:
    """The version before beside the present one."""
    desk = desk_of(request)
    context = {
        "office": office,
        "offices": offices_of(desk, person, Act.SEE),
        "result": desk.office(office).result,
        "key": key,
        **_compared(desk, office, key),
    }
    return render(request, "versions.html", context)


@router.get("/api/offices/{office}/applications/{key}/versions", tags=["申报书"], dependencies=[allowed(Act.SEE)])
def api_versions(request: Request, office: str, key: str) -> dict[str, Any]:
    """What changed since the version before."""
    found = _compared(desk_of(request), office, key)
    return {
        "before": found["before"].document,
        "now": found["item"].document,
        "mended": [p[0] for p in found["mended"]],
        "still": [f.id for f in found["still"]],
        "new": [f.id for f in found["new"]],
        "changes": [{"label": c.label, "before": c.before, "after": c.after} for c in found["changes"]],
    }


def _compared(desk: Desk, office: str, key: str) -> dict[str, Any]:
    result, item = item_of(desk, office, key)
    _not_withheld(item)
    before = former(result, item)
    if before is None:
        raise Refused("没有收到过这份申报书的上一版", 404)
    _not_withheld(before)
    known = desk.kept(office)
    previous = known.previous or {}
    of_company = {id_: kept for id_, kept in previous.items() if kept[2] == item.applicant and kept[3] == item.form}
    return {
        "item": item,
        "known": bool(previous),
        "before": before,
        "mended": [kept for id_, kept in of_company.items() if id_ not in known.current],
        "still": [f for f in item.findings if f.id in previous or not previous],
        "new": [f for f in item.findings if previous and f.id not in previous],
        "changes": changes(result, before.record, item.record),
    }


@router.get("/o/{office}/a/{key}/original", include_in_schema=False, dependencies=[allowed(Act.SEE)])
def download(request: Request, office: str, key: str) -> Response:
    """The file as it was received."""
    desk = desk_of(request)
    _, item = item_of(desk, office, key)
    _not_withheld(item)
    try:
        data = original(desk.settings.inbox, item.document, item.record.source.sha256)
    except NotThere as problem:
        raise Refused(str(problem), 404) from problem
    return as_download(data, item.document.partition("!/")[0].rpartition("/")[2])


@router.get("/o/{office}/a/{key}/page", include_in_schema=False, dependencies=[allowed(Act.SEE)])
def page_picture(
    request: Request,
    office: str,
    key: str,
    finding: Annotated[str, Query(max_length=80)] = "",
    n: Annotated[int | None, Query(ge=1, le=1000)] = None,
    facts: bool = False,
) -> Response:
    """The picture of a page as PNG, or its ``facts`` as JSON: number, pages, frames."""
    desk = desk_of(request)
    result, item = item_of(desk, office, key)
    _not_withheld(item)
    form = item.record.source.format
    if form not in _DRAWN or "!/" in item.document:
        raise Refused("这种文件没有页面可画，请打开原件查看", 404)
    found = next((f for f in (*item.findings, *item.withdrawn) if f.id == finding), None)
    words = _words(result, found) if found is not None else []
    number = n if n is not None else _page_named(found)
    try:
        data = original(desk.settings.inbox, item.document, item.record.source.sha256)
        picture = desk.pictures.page(data, form, number, words)
    except (NotThere, NoPicture) as problem:
        raise Refused(str(problem), 404) from problem
    if facts:
        told = {"number": picture.number, "pages": picture.pages, "frames": picture.frames}
        return Response(as_json(told), media_type="application/json")
    return Response(picture.png, media_type="image/png", headers={"Cache-Control": "private, max-age=600"})


def _not_withheld(item: Item) -> None:
    """Of a file with a secrecy marking, or one that shares a passage with it, nothing is shown. Raises :class:`Refused`."""
    if item.withheld:
        raise Refused(f"{KEPT_BACK}。请停止处理，交本单位保密工作人员", 403)


def _words(result: DistrictResult, finding: Finding) -> list[str]:
    """What to look for on the page: the evidence, else the label of the field."""
    label = result.field_label(finding.form, finding.field)
    return [
        w for w in (*finding_data(result, finding, 0).get("marks", ()), finding.evidence, *label.split()[::-1]) if w
    ]


def _page_named(finding: Finding | None) -> int | None:
    found = re.search(r"第(\d+)页", finding.where) if finding is not None else None
    return int(found[1]) if found else None
