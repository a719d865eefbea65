"""Deciding on an application: each act as a form of the page and as an interface for programs, under the same right."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Body, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from flows.desk.asking import allowed, desk_of
from flows.desk.deciding import CONFLICT, Deciding, OnFinding
from flows.desk.pages.application import card_of, item_of, reviewers
from flows.desk.rendering import render
from flows.desk.rights import Act, Person, Refused
from records.book.events import Event
from records.models import Finding, Level
from reports.results.rulebook import rule_title

router = APIRouter()
Seen = Annotated[int, Form(ge=0)]
Words = Annotated[str, Form(max_length=2000)]
Line = Annotated[str, Form(max_length=200)]
_ADDRESS = "/api/offices/{office}/applications/{key}"


class OnFindingBody(BaseModel):
    """``seen``: the number of the last event that the decision rests on."""

    act: OnFinding
    reason: str = Field("", max_length=2000)
    seen: int = Field(ge=0)


class AddBody(BaseModel):
    level: Level
    place: str = Field("", max_length=200)
    message: str = Field(max_length=2000)
    seen: int = Field(ge=0)


class CorrectBody(BaseModel):
    """``place``: a field's key, or ``table.row.column``; ``text`` null takes the correction back."""

    place: str = Field(max_length=200)
    text: str | None = Field(max_length=5000)
    reason: str = Field("", max_length=2000)
    seen: int = Field(ge=0)


class CheckBody(BaseModel):
    """``code`` and ``why`` of what the program could not tell; ``reason`` what was found; ``undo`` takes it back."""

    code: str = Field(max_length=20)
    why: str = Field(max_length=5000)
    reason: str = Field("", max_length=2000)
    undo: bool = False
    seen: int = Field(ge=0)


class DecideBody(BaseModel):
    """``verdict`` null takes it back."""

    verdict: str | None
    reason: str = Field("", max_length=2000)
    seen: int = Field(ge=0)


class AssignBody(BaseModel):
    to: str = Field(max_length=60)
    seen: int = Field(ge=0)


def _deciding(request: Request, person: Person, office: str, key: str, seen: int) -> Deciding:
    desk = desk_of(request)
    result, item = item_of(desk, office, key)
    return Deciding(desk.decisions, person, result, item, seen)


def _finding(deciding: Deciding, id_: str) -> Finding:
    found = next((f for f in (*deciding.item.findings, *deciding.item.withdrawn) if f.id == id_), None)
    if found is None:
        raise Refused("没有这个问题：重新审查之后它已不在了", 404)
    return found


def _back(office: str, key: str, request: Request, at: str) -> Response:
    """To the application, at the place of what was put down."""
    page = str(request.url_for("application", office=office, key=key).path)
    return RedirectResponse(f"{page}#{quote(at)}", 303)


def _told(event: Event) -> dict[str, Any]:
    return event.model_dump()


# -- findings --------------------------------------------------------------------------------------------------------
@router.post("/o/{office}/a/{key}/findings/{finding}", include_in_schema=False)
def decide_on_finding(
    request: Request,
    office: str,
    key: str,
    finding: str,
    seen: Seen,
    act: Annotated[OnFinding, Form()],
    reason: Words = "",
    anchor: Line = "",
    person: Person = allowed(Act.REVIEW),
) -> Response:
    deciding = _deciding(request, person, office, key, seen)
    wrong, wants = "", ""
    try:
        seen = deciding.on_finding(_finding(deciding, finding), act, reason).seq
    except Refused as problem:
        if not request.headers.get("hx-request") or problem.status not in (CONFLICT, 422):
            raise
        wrong, wants = str(problem), problem.wants
    if not request.headers.get("hx-request"):
        return _back(office, key, request, f"f-{finding}")
    desk = desk_of(request)
    result, item = item_of(desk, office, key)
    found = _finding(_deciding(request, person, office, key, seen), finding)
    context = {
        "card": card_of(result, item, found, anchor),
        "office": office,
        "key": key,
        # What was refused stays so until the page shows what others have decided.
        "seen": seen,
        "wrong": wrong,
        "wants": act if wants else "",
        "reason": reason if wrong else "",
        "may_review": True,
    }
    response = render(request, "card.html", context)
    response.headers["X-Seen"] = str(seen)
    return response


@router.post(_ADDRESS + "/findings/{finding}", tags=["处理"])
def api_decide_on_finding(
    request: Request,
    office: str,
    key: str,
    finding: str,
    body: Annotated[OnFindingBody, Body()],
    person: Person = allowed(Act.REVIEW),
) -> dict[str, Any]:
    """Confirm, withdraw or restore a finding, or note something on it. The event as the book has it."""
    deciding = _deciding(request, person, office, key, body.seen)
    return _told(deciding.on_finding(_finding(deciding, finding), body.act, body.reason))


# -- a person's own findings, corrections ----------------------------------------------------------------------------
@router.post("/o/{office}/a/{key}/add", include_in_schema=False)
def add(
    request: Request,
    office: str,
    key: str,
    seen: Seen,
    level: Annotated[Literal["reject", "fix", "note"], Form()],
    message: Words,
    place: Line = "",
    person: Person = allowed(Act.REVIEW),
) -> Response:
    event = _deciding(request, person, office, key, seen).add(level, place, message)
    return _back(office, key, request, f"f-{event.after['id']}")


@router.post(_ADDRESS + "/findings", tags=["处理"])
def api_add(
    request: Request, office: str, key: str, body: Annotated[AddBody, Body()], person: Person = allowed(Act.REVIEW)
) -> dict[str, Any]:
    """Add a person's own finding (人工发现)."""
    return _told(_deciding(request, person, office, key, body.seen).add(body.level, body.place, body.message))


@router.post("/o/{office}/a/{key}/correct", include_in_schema=False)
def correct(
    request: Request,
    office: str,
    key: str,
    seen: Seen,
    place: Line,
    text: Annotated[str, Form(max_length=5000)] = "",
    reason: Words = "",
    undo: bool = Form(False),
    person: Person = allowed(Act.REVIEW),
) -> Response:
    _deciding(request, person, office, key, seen).correct(place, None if undo else text, reason)
    return _back(office, key, request, "correct" if undo else f"c-{place}")


@router.post(_ADDRESS + "/corrections", tags=["处理"])
def api_correct(
    request: Request, office: str, key: str, body: Annotated[CorrectBody, Body()], person: Person = allowed(Act.REVIEW)
) -> dict[str, Any]:
    """Put down a value as a person read it, or take that back."""
    return _told(_deciding(request, person, office, key, body.seen).correct(body.place, body.text, body.reason))


# -- what the program cannot tell -----------------------------------------------------------------------------------
@router.post("/o/{office}/a/{key}/check", include_in_schema=False)
def check(
    request: Request,
    office: str,
    key: str,
    seen: Seen,
    code: Annotated[str, Form(max_length=20)],
    why: Annotated[str, Form(max_length=5000)],
    reason: Words = "",
    undo: bool = Form(False),
    person: Person = allowed(Act.REVIEW),
) -> Response:
    event = _check(_deciding(request, person, office, key, seen), code, why, reason, undo=undo)
    return _back(office, key, request, f"u-{event.target.partition('#')[2]}")


@router.post(_ADDRESS + "/checks", tags=["处理"])
def api_check(
    request: Request, office: str, key: str, body: Annotated[CheckBody, Body()], person: Person = allowed(Act.REVIEW)
) -> dict[str, Any]:
    """Put down what a person found where the program could not tell, or take that back."""
    deciding = _deciding(request, person, office, key, body.seen)
    return _told(_check(deciding, body.code, body.why, body.reason, undo=body.undo))


def _check(deciding: Deciding, code: str, why: str, reason: str, *, undo: bool) -> Event:
    # Forms send line feeds as people's keyboards have them.
    same = "".join(why.split())
    found = next((a for a in deciding.item.unsure if a.code == code and "".join(a.why.split()) == same), None)
    if found is None:
        raise Refused("没有这一项：重新审查之后它已不在了", 404)
    return deciding.check(found, rule_title(deciding.result.catalog, code), reason, undo=undo)


# -- who reviews, what the lead decides ------------------------------------------------------------------------------
@router.post("/o/{office}/a/{key}/take", include_in_schema=False)
def take(request: Request, office: str, key: str, seen: Seen, person: Person = allowed(Act.TAKE)) -> Response:
    _deciding(request, person, office, key, seen).assign(person.name)
    return _back(office, key, request, "verdict")


@router.post(_ADDRESS + "/take", tags=["处理"])
def api_take(
    request: Request,
    office: str,
    key: str,
    seen: Annotated[int, Body(embed=True, ge=0)],
    person: Person = allowed(Act.TAKE),
) -> dict[str, Any]:
    """Take an application upon oneself."""
    return _told(_deciding(request, person, office, key, seen).assign(person.name))


@router.post("/o/{office}/a/{key}/assign", include_in_schema=False)
def assign(
    request: Request, office: str, key: str, seen: Seen, to: Line = "", person: Person = allowed(Act.ASSIGN)
) -> Response:
    _assign(request, person, office, key, to, seen)
    return _back(office, key, request, "verdict")


@router.post(_ADDRESS + "/assignment", tags=["处理"])
def api_assign(
    request: Request, office: str, key: str, body: Annotated[AssignBody, Body()], person: Person = allowed(Act.ASSIGN)
) -> dict[str, Any]:
    """Say who reviews an application; "" takes it back."""
    return _told(_assign(request, person, office, key, body.to, body.seen))


def _assign(request: Request, person: Person, office: str, key: str, to: str, seen: int) -> Event:
    if to and to not in reviewers(desk_of(request), office) and to != person.name:
        raise Refused(f"“{to}”不是{office}的审查人员", 422)
    return _deciding(request, person, office, key, seen).assign(to)


@router.post("/o/{office}/a/{key}/decide", include_in_schema=False)
def decide(
    request: Request,
    office: str,
    key: str,
    seen: Seen,
    verdict: Line = "",
    reason: Words = "",
    person: Person = allowed(Act.DECIDE),
) -> Response:
    _deciding(request, person, office, key, seen).decide(verdict or None, reason)
    return _back(office, key, request, "verdict")


@router.post(_ADDRESS + "/verdict", tags=["处理"])
def api_decide(
    request: Request, office: str, key: str, body: Annotated[DecideBody, Body()], person: Person = allowed(Act.DECIDE)
) -> dict[str, Any]:
    """The lead's verdict on an application."""
    return _told(_deciding(request, person, office, key, body.seen).decide(body.verdict, body.reason))
