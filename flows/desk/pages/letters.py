"""Letters: the register, issuing some at once, and what was issued to be printed again."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import Annotated, Any

from fastapi import APIRouter, Body, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from flows.desk.asking import allowed, desk_of, offices_of
from flows.desk.letters import STEPS, Letter, letters_of
from flows.desk.numbers import Numbers
from flows.desk.register import Register, Step, Wanted, today
from flows.desk.rendering import WORD, as_download, render
from flows.desk.rights import Act, Person, Refused
from reports.outgoing import issued_at
from reports.results.posting import FOLDER, Sending
from reports.safe.text import file_name

router = APIRouter()
Short = Annotated[str, Form(max_length=100)]
Seen = Annotated[int, Form(ge=0)]
Ids = Annotated[list[str], Form(max_length=2000)]
DRAFT = "draft"


@router.get("/o/{office}/letters", include_in_schema=False)
def letters(
    request: Request,
    office: str,
    person: Person = allowed(Act.SEE),
    step: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    desk = desk_of(request)
    # Before anything is looked at: what is decided while the page is made must not count as seen.
    seen = desk.decisions.now().seq
    found = letters_of(desk, office)
    shown = [x for x in found if not step or (x.step or DRAFT) == step]
    numbers = Numbers.of(desk, office)
    scheme = numbers.usual(today(desk).year)
    contact, phone = _contact(request, office, found)
    context = {
        "office": office,
        "offices": offices_of(desk, person, Act.SEE),
        "letters": shown,
        "counts": Counter(x.step or DRAFT for x in found),
        "step": step,
        "seen": seen,
        "steps": {DRAFT: "草稿", **STEPS},
        "today": today(desk).isoformat(),
        "scheme": scheme,
        "next": numbers.next(scheme) if "{n}" in scheme else 1,
        "contact": contact,
        "phone": phone,
        "may_issue": person.may(Act.ISSUE, office),
    }
    return render(request, "letters.html", context)


def _contact(request: Request, office: str, found: list[Letter]) -> tuple[str, str]:
    """Whom applicants are told to ask: as the office has it in its pack, else as it was issued last."""
    desk = desk_of(request)
    sender = Sending.of(desk.office(office).result).sender
    last = max((x for x in found if x.contact), key=lambda x: x.date, default=None)
    return sender.contact or (last.contact if last else ""), sender.phone or (last.phone if last else "")


@router.get("/o/{office}/letters/{letter}/file", include_in_schema=False)
def file(request: Request, office: str, letter: str, person: Person = allowed(Act.SEE)) -> Response:
    """The letter as it was issued; a draft as it stands now."""
    desk = desk_of(request)
    found = Register(desk, person, office, 0).letter(letter)
    if found.withheld:
        raise Refused(
            "签发这封通知之后，所涉材料被认定带有密级或保密标志，通知中可能引用了其内容，不在本系统中提供。请交本单位保密工作人员",
            403,
        )
    out = desk.settings.out
    path = issued_at(out, found.sha256) if found.sha256 else out / office / FOLDER / found.file
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise Refused("文件不在了：已签发的请从备份恢复“已签发”文件夹，草稿请重新运行审查", 404) from problem
    return as_download(data, _called(found), WORD)


def _called(letter: Letter) -> str:
    """The name of a letter's file: its kind, its number (草稿 where it has not gone out), whom it is to."""
    whom = f"{letter.applicant or PurePosixPath(letter.file).stem}（{letter.form}）"
    number = letter.number or "无文号" if letter.step else "草稿"
    return f"{file_name(' '.join((letter.title or '通知', number, whom)), 100)}.docx"


@router.post("/o/{office}/letters/issue", include_in_schema=False)
def issue_some(
    request: Request,
    office: str,
    seen: Seen,
    letter: Ids = [],  # noqa: B006 - FastAPI makes a new one
    number: Annotated[str, Form(max_length=60)] = "",
    first: Annotated[str, Form(max_length=9)] = "",
    date: Short = "",
    due: Short = "",
    contact: Annotated[str, Form(max_length=30)] = "",
    phone: Annotated[str, Form(max_length=40)] = "",
    again: bool = Form(False),
    person: Person = allowed(Act.ISSUE),
) -> Response:
    """Issue the letters that were ticked, numbered one after the other where a number is given with {n}."""
    if first.strip() and not (first.strip().isdecimal() and int(first) > 0):
        raise Refused("起始号须是从1起的整数（未作任何改动）", 422)
    wanted = Wanted(number.strip(), int(first) if first.strip() else None, date, due, contact, phone, again)
    Register(desk_of(request), person, office, seen).issue(_chosen(letter), wanted)
    return _back(request, office)


@router.post("/o/{office}/letters/step", include_in_schema=False)
def step_some(
    request: Request,
    office: str,
    seen: Seen,
    what: Annotated[Step, Form()],
    letter: Ids = [],  # noqa: B006
    date: Short = "",
    words: Annotated[str, Form(max_length=2000)] = "",
    person: Person = allowed(Act.ISSUE),
) -> Response:
    """Register what became of the letters that were ticked."""
    Register(desk_of(request), person, office, seen).step(_chosen(letter), what, date, words)
    return _back(request, office)


def _chosen(ids: list[str]) -> list[str]:
    if not ids:
        raise Refused("没有选中任何通知", 422)
    return list(dict.fromkeys(ids))


def _back(request: Request, office: str) -> Response:
    return RedirectResponse(str(request.url_for("letters", office=office).path), 303)


# -- interface -------------------------------------------------------------------------------------------------------
class IssueBody(BaseModel):
    """``number`` may hold {n}; what is "" is as the draft and the office have it."""

    number: str = Field("", max_length=60)
    date: str = ""
    due: str = ""
    contact: str = Field("", max_length=30)
    phone: str = Field("", max_length=40)
    again: bool = False
    seen: int = Field(ge=0)


class StepBody(BaseModel):
    what: Step
    date: str = ""
    words: str = Field("", max_length=2000)
    seen: int = Field(ge=0)


@router.get("/api/offices/{office}/letters", tags=["通知书"], dependencies=[allowed(Act.SEE)])
def list_letters(request: Request, office: str) -> list[dict[str, Any]]:
    """The office's letters and where each stands."""
    return [asdict(letter) for letter in letters_of(desk_of(request), office)]


@router.post("/api/offices/{office}/letters/{letter}/issue", tags=["通知书"])
def api_issue(
    request: Request, office: str, letter: str, body: Annotated[IssueBody, Body()], person: Person = allowed(Act.ISSUE)
) -> dict[str, Any]:
    """Issue a letter as it lies in the office's folder, with what is told in it; its bytes are kept."""
    wanted = Wanted(body.number, None, body.date, body.due, body.contact, body.phone, body.again)
    return Register(desk_of(request), person, office, body.seen).issue([letter], wanted)[0].model_dump()


@router.post("/api/offices/{office}/letters/{letter}/step", tags=["通知书"])
def api_step(
    request: Request, office: str, letter: str, body: Annotated[StepBody, Body()], person: Person = allowed(Act.ISSUE)
) -> dict[str, Any]:
    """Put down that a letter was sent, what came back, or that it is closed."""
    register = Register(desk_of(request), person, office, body.seen)
    return register.step([letter], body.what, body.date, body.words)[0].model_dump()
