"""Letters: drafted by the program, issued, sent, answered and closed by people; what was issued is kept, byte for byte."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Body, Form, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from flows.desk.asking import allowed, desk_of, offices_of
from flows.desk.desk import Desk
from flows.desk.rendering import WORD, as_download, render
from flows.desk.rights import Act, Person, Refused
from flows.desk.round import NoRound
from records.book.events import Entry, Event
from reports.results.own import MANUAL
from reports.results.posting import FOLDER, addressed
from reports.results.progress import State
from reports.safe.atomic import write_bytes
from reports.safe.text import line

router = APIRouter()
ISSUED = "已签发"
"""The folder below the output that holds what was issued, under its SHA-256; nothing is ever taken out of it."""
STEPS = {"issue": "已签发", "send": "已发出", "answer": "已答复", "close": "已办结"}
_NEXT = {"": ("issue",), "issue": ("send",), "send": ("answer", "close"), "answer": ("close",), "close": ()}
Step = Literal["send", "answer", "close"]


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
    points: int
    step: str
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
    """The letters that are due, then those that were issued and are due no longer."""
    state = State.load(desk.settings.out / office)
    done = desk.decisions.now().of(office).letters
    due = {letter_id(kept): kept for kept in state.letters.values()}
    gone, own = _since(desk, office)
    secret = _withheld(desk, office)
    found = [
        _letter(id_, kept, done.get(id_, ()), draft=True, secret=secret, gone=gone, own=own)
        for id_, kept in due.items()
    ]
    for id_, events in done.items():
        if id_ not in due:
            found.append(_letter(id_, events[0].after["letter"], events, draft=False, secret=secret))
    return sorted(found, key=lambda letter: (not letter.draft, letter.file))


def _since(desk: Desk, office: str) -> tuple[set[str], dict[tuple[str, str], set[str]]]:
    """The findings that people have withdrawn, and those of their own that a letter could tell of, by applicant and form."""
    try:
        result = desk.office(office).result
    except NoRound:
        return set(), {}
    own: dict[tuple[str, str], set[str]] = {}
    for item in result.items:
        told = {f.id for f in item.findings if f.code == MANUAL and f.level != "note"}
        own.setdefault((item.applicant, result.form_label(item.form)), set()).update(told)
    return {f.id for item in result.items for f in item.withdrawn}, own


def _withheld(desk: Desk, office: str) -> set[tuple[str, str]]:
    """The applications whose text stands nowhere: (applicant as addressed, form)."""
    try:
        result = desk.office(office).result
    except NoRound:
        return set()
    return {(addressed(i), result.form_label(i.form)) for i in result.items if i.withheld}


def letter_id(kept: dict[str, Any]) -> str:
    """What stands for a letter in the book: whom and what it is about, never its number or place."""
    about = "\x1f".join((str(kept.get("applicant", "")), str(kept.get("form", "")), str(kept.get("mark", ""))))
    return f"L-{hashlib.sha256(about.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _letter(
    id_: str,
    kept: dict[str, Any],
    events: Sequence[Event],
    *,
    draft: bool,
    secret: Set[tuple[str, str]],
    gone: Set[str] = frozenset(),
    own: Mapping[tuple[str, str], Set[str]] = MappingProxyType({}),
) -> Letter:
    points = set(kept.get("points") or ())
    added = own.get(_whose(kept), frozenset())
    issued: dict[str, Any] = next((e.after for e in events if e.what == "issue"), {})
    return Letter(
        id=id_,
        file=str(kept.get("file", "")),
        title=str(kept.get("title", "")),
        applicant=str(kept.get("applicant", "")),
        form=str(kept.get("form", "")),
        number=str(issued.get("number") or kept.get("number", "")),
        date=str(issued.get("date") or kept.get("date", "")),
        due=str(issued.get("due") or kept.get("due", "")),
        points=len(kept.get("points") or ()),
        step=events[-1].what if events else "",
        sha256=str(issued.get("sha256", "")),
        history=[_said(e) for e in events],
        draft=draft,
        withdrawn=0 if events else len(points & gone),
        unsaid=0 if events else len(added - points),
        withheld=bool(events) and _whose(kept) in secret and not events[0].after.get("letter", {}).get("withheld"),
    )


def _whose(kept: Mapping[str, Any]) -> tuple[str, str]:
    return str(kept.get("applicant", "")), str(kept.get("form", ""))


def _said(event: Event) -> str:
    day = event.after.get("date") or event.at[:10]
    return f"{STEPS[event.what]} {day}（{event.who}）{f'：{event.reason}' if event.reason else ''}"


@dataclass(frozen=True)
class Register:
    """The register of an office's letters, in the hands of one person."""

    desk: Desk
    person: Person
    office: str
    seen: int

    def letter(self, id_: str) -> Letter:
        found = next((x for x in letters_of(self.desk, self.office) if x.id == id_), None)
        if found is None:
            raise Refused("没有这封通知：重新审查之后它已不在了，请刷新", 404)
        return found

    def issuable(self, id_: str) -> Letter:
        """A letter that may be issued. Raises :class:`Refused` where it was already, or still tells of what was withdrawn."""
        letter = self.letter(id_)
        if "issue" not in letter.next:
            raise Refused("这封通知已经签发过", 409)
        if letter.withdrawn and self._is_as_drafted(letter):
            raise Refused(
                f"{letter.applicant}的{letter.title}写成之后，其中{letter.withdrawn}处问题已被撤销；请重新运行审查，或在 Word 中改过草稿再签发",
                409,
            )
        return letter

    def _is_as_drafted(self, letter: Letter) -> bool:
        """Whether nobody has changed the draft since the program wrote it."""
        return hashlib.sha256(self._draft(letter)).hexdigest() == self._kept(letter).get("sha256")

    def _kept(self, letter: Letter) -> dict[str, Any]:
        """What the last run kept of a draft."""
        kept = State.load(self.desk.settings.out / self.office).letters.values()
        return next(k for k in kept if letter_id(k) == letter.id)

    def _draft(self, letter: Letter) -> bytes:
        try:
            return (self.desk.settings.out / self.office / FOLDER / letter.file).read_bytes()
        except OSError as problem:
            raise Refused(f"读不到 {FOLDER}/{letter.file}：可能已被移走，请重新运行审查", 404) from problem

    def issue(self, id_: str, number: str, date: str, due: str) -> Event:
        """Issue a letter as it lies in the office's folder, and keep its very bytes."""
        letter = self.issuable(id_)
        kept, data = self._kept(letter), self._draft(letter)
        sha256 = hashlib.sha256(data).hexdigest()
        write_bytes(kept_at(self.desk, sha256), data)
        facts = {
            "number": line(number, 60),
            "date": _day(date) or today(self.desk),
            "due": _day(due),
            "sha256": sha256,
        }
        letter_facts = {k: kept.get(k) for k in ("file", "title", "applicant", "form", "mark", "points", "due")}
        if _whose(kept) in _withheld(self.desk, self.office):
            letter_facts["withheld"] = True
        return self._put("issue", id_, {**facts, "letter": letter_facts}, "")

    def step(self, id_: str, what: Step, date: str, words: str) -> Event:
        """Send a letter, note what came back, or close it."""
        letter = self.letter(id_)
        if what not in letter.next:
            raise Refused(f"这封通知现在不能登记为“{STEPS[what]}”", 409)
        return self._put(what, id_, {"date": _day(date) or today(self.desk)}, words)

    def _put(self, what: Any, id_: str, after: dict[str, Any], reason: str) -> Event:
        entry = Entry(
            who=self.person.name,
            office=self.office,
            what=what,
            target=id_,
            after=after,
            reason=reason.strip(),
            source="desk",
        )
        return self.desk.decisions.put_down(entry, seen=self.seen, about=(id_,))


def kept_at(desk: Desk, sha256: str) -> Path:
    return desk.settings.out / ISSUED / f"{sha256}.docx"


def today(desk: Desk) -> str:
    """The date where the office is, ISO 8601."""
    return dt.datetime.now(ZoneInfo(desk.settings.timezone)).date().isoformat()


def _day(text: str) -> str:
    """A date as ISO 8601, "" for none. Raises :class:`Refused`."""
    if not text.strip():
        return ""
    try:
        return dt.date.fromisoformat(text.strip()).isoformat()
    except ValueError as problem:
        raise Refused("日期须写成 2023-08-15 的样子", 422) from problem


# -- pages -----------------------------------------------------------------------------------------------------------
Short = Annotated[str, Form(max_length=100)]
Seen = Annotated[int, Form(ge=0)]


@router.get("/o/{office}/letters", include_in_schema=False)
def letters(request: Request, office: str, person: Person = allowed(Act.SEE)) -> Response:
    desk = desk_of(request)
    seen = desk.decisions.now().seq
    context = {
        "office": office,
        "offices": offices_of(desk, person, Act.SEE),
        "letters": letters_of(desk, office),
        "seen": seen,
        "steps": STEPS,
        "today": today(desk),
        "may_issue": person.may(Act.ISSUE, office),
    }
    return render(request, "letters.html", context)


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
    path = kept_at(desk, found.sha256) if found.sha256 else desk.settings.out / office / FOLDER / found.file
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise Refused("文件不在了", 404) from problem
    return as_download(data, found.file.rpartition("/")[2] or "通知.docx", WORD)


@router.post("/o/{office}/letters/issue", include_in_schema=False)
async def issue_some(request: Request, office: str, person: Person = allowed(Act.ISSUE)) -> Response:
    """Issue the letters that were ticked, numbered one after the other where a number is given with {n}."""
    form = await request.form()
    ids = list(dict.fromkeys(str(i) for i in form.getlist("letter")))
    if not ids:
        raise Refused("没有选中任何通知", 422)
    try:
        seen, first = int(str(form.get("seen", "")) or 0), int(str(form.get("first", "")) or 1)
    except ValueError as problem:
        raise Refused("起始号须是整数（未作任何改动）", 422) from problem
    if first < 1:
        raise Refused("起始号须从1起（未作任何改动）", 422)
    scheme = str(form.get("number", ""))[:60].strip()
    await run_in_threadpool(
        _issue_all,
        Register(desk_of(request), person, office, seen),
        ids,
        scheme,
        first,
        str(form.get("date", "")),
        str(form.get("due", "")),
    )
    return _back(request, office)


def _issue_all(register: Register, ids: list[str], scheme: str, first: int, date: str, due: str) -> None:
    """All that can be known to be wrong is said before the first is issued."""
    chosen = [register.issuable(id_) for id_ in ids]
    if not scheme and not all(letter.number for letter in chosen):
        raise Refused("草稿上没有文号，请填写文号（未作任何改动）", 422)
    if scheme and "{n}" not in scheme and len(chosen) > 1:
        raise Refused("一次签发多封，文号中须有 {n}，否则各封文号相同（未作任何改动）", 422)
    _day(date), _day(due)
    for n, letter in enumerate(chosen, first):
        number = scheme.replace("{n}", str(n)) if scheme else letter.number
        register.issue(letter.id, number, date or letter.date, due or letter.due)


@router.post("/o/{office}/letters/{letter}/step", include_in_schema=False)
def step(
    request: Request,
    office: str,
    letter: str,
    seen: Seen,
    what: Annotated[Step, Form()],
    date: Short = "",
    words: Annotated[str, Form(max_length=2000)] = "",
    person: Person = allowed(Act.ISSUE),
) -> Response:
    Register(desk_of(request), person, office, seen).step(letter, what, date, words)
    return _back(request, office)


def _back(request: Request, office: str) -> Response:
    return RedirectResponse(str(request.url_for("letters", office=office).path), 303)


# -- interface -------------------------------------------------------------------------------------------------------
class IssueBody(BaseModel):
    number: str = Field("", max_length=60)
    date: str = ""
    due: str = ""
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
    """Issue a letter as it lies in the office's folder; its bytes are kept."""
    return (
        Register(desk_of(request), person, office, body.seen)
        .issue(letter, body.number, body.date, body.due)
        .model_dump()
    )


@router.post("/api/offices/{office}/letters/{letter}/step", tags=["通知书"])
def api_step(
    request: Request, office: str, letter: str, body: Annotated[StepBody, Body()], person: Person = allowed(Act.ISSUE)
) -> dict[str, Any]:
    """Put down that a letter was sent, what came back, or that it is closed."""
    return (
        Register(desk_of(request), person, office, body.seen)
        .step(letter, body.what, body.date, body.words)
        .model_dump()
    )
