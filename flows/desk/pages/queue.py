"""The queue: an office's applications by what is to be done next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Body, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from flows.desk.asking import allowed, desk_of, offices_of
from flows.desk.deciding import CONFLICT
from flows.desk.desk import Desk
from flows.desk.documents import all_gone
from flows.desk.letters import letters_of
from flows.desk.pages.application import reviewers
from flows.desk.rendering import key_of, render
from flows.desk.rights import Act, Person, Refused
from flows.desk.round import Office
from records.book.events import RETURNED, VERDICTS, Event
from records.book.events import Entry as BookEntry
from reports.results.model import ASIDE, DistrictResult, Item, Status
from reports.results.posting import addressed
from reports.results.unsure import checked

router = APIRouter()
PER_PAGE = 100
UNDECIDED = "未作结论"
_NAMED = 3
Keys = Annotated[list[str], Form(max_length=5000)]
SORTS = {"next": "下一步", "number": "序号", "name": "申报单位", "status": "状态", "open": "待处理", "assigned": "承办"}
NEXT = ("处理问题", "核对不能判断的", "作出结论", "签发通知", "登记发出", "等待答复", "办结", "已完成", "不用处理")
"""What is to be done with an application next, the most urgent first."""
NOBODY = "未分派"
_AFTER = {"": "签发通知", "issue": "登记发出", "send": "等待答复", "answer": "办结", "close": "已完成"}


@dataclass(frozen=True)
class Entry:
    """An application as the queue lists it. ``open`` counts findings that count and that nobody has confirmed or withdrawn, ``unsure``
    what the program cannot tell and nobody has looked at; ``next`` is one of :data:`NEXT`."""

    number: int
    key: str
    name: str
    project: str
    form: str
    status: str
    counts: dict[str, int]
    open: int
    unsure: int
    document: str
    id: str = ""
    assigned: str = ""
    verdict: str = ""
    next: str = ""


def entries(result: DistrictResult, steps: Mapping[tuple[str, str], str] = MappingProxyType({})) -> list[Entry]:
    """Every application of an office, and every file that is none. ``steps``: how far the letter of an applicant and form is, ""
    for a draft."""
    return [_entry(result, item, steps) for item in result.items]


def entries_of(desk: Desk, office: Office) -> list[Entry]:
    return entries(office.result, letter_steps(desk, office.name))


def _entry(result: DistrictResult, item: Item, steps: Mapping[tuple[str, str], str]) -> Entry:
    waiting = sum(f.level != "note" and not result.standing(f).value for f in item.findings)
    unsure = sum(checked(result, item, a) is None for a in item.unsure)
    mine, form = result.application(item), result.form_label(item.form)
    ruling = result.verdict(item)
    verdict = ruling.verdict if ruling is not None else ""
    return Entry(
        number=item.number,
        key=key_of(item.document),
        name=item.name,
        project=item.project,
        form=form,
        status=item.status.value,
        counts={level: item.count(level) for level in ("reject", "fix", "note")},
        open=waiting,
        unsure=unsure,
        document=item.document,
        id=mine,
        assigned=result.decided.assigned.get(mine, ""),
        verdict=verdict,
        next=_next(item, waiting, unsure, verdict, steps.get((addressed(item), form))),
    )


def _next(item: Item, waiting: int, unsure: int, verdict: str, step: str | None) -> str:
    if item.status in ASIDE:
        return "不用处理"
    if verdict == RETURNED and step is not None:
        return _AFTER[step]
    if verdict:
        return "已完成"
    return "处理问题" if waiting else "核对不能判断的" if unsure else "作出结论"


def letter_steps(desk: Desk, office: str) -> dict[tuple[str, str], str]:
    """How far the letters of an office are, by applicant and form."""
    return {(x.applicant, x.form): x.step for x in reversed(letters_of(desk, office))}


@dataclass(frozen=True)
class Asked:
    """How the queue is to be shown; "" is all."""

    status: str = ""
    form: str = ""
    words: str = ""
    sort: str = "next"
    assigned: str = ""
    verdict: str = ""
    todo: str = ""
    """What is to be done next, one of :data:`NEXT`."""

    def shown(self, found: list[Entry]) -> list[Entry]:
        """What of it is asked for, in the order asked for."""
        words = self.words.strip().lower()
        some = [
            e
            for e in found
            if (not self.status or e.status == self.status)
            and (not self.form or e.form == self.form)
            and (not self.todo or e.next == self.todo)
            and (not self.assigned or (e.assigned or NOBODY) == self.assigned)
            and (not self.verdict or (e.verdict or UNDECIDED) == self.verdict)
            and (not words or words in f"{e.name}\n{e.project}\n{e.document}".lower())
        ]
        order = [s.value for s in Status]
        keys: dict[str, Any] = {
            "next": lambda e: (NEXT.index(e.next), e.number),
            "name": lambda e: (e.name, e.number),
            "status": lambda e: (order.index(e.status), e.number),
            "open": lambda e: (-e.open, -e.unsure, e.number),
            "assigned": lambda e: (not e.assigned, e.assigned, e.number),
        }
        return sorted(some, key=keys[self.sort]) if self.sort in keys else some

    def query(self, **changed: Any) -> str:
        """As the end of an address."""
        told = {"q": self.words, **{k: v for k, v in asdict(self).items() if k != "words"}, **changed}
        return urlencode({k: v for k, v in told.items() if v})


Text = Annotated[str, Query(max_length=200)]


@router.get("/", include_in_schema=False)
def start(request: Request, person: Person = allowed(Act.ACCOUNT)) -> Response:
    """Where a person's work is."""
    desk = desk_of(request)
    if person.may(Act.COMPARE):
        return RedirectResponse("/city", 303)
    if not person.may(Act.SEE):
        return RedirectResponse("/runs", 303)
    offices = offices_of(desk, person, Act.SEE)
    if not offices:
        whom = (
            "请到“审查运行”中审查本单位" if person.may(Act.RUN) else f"请找{_runners(desk, person.office)}运行一次审查"
        )
        raise Refused(f"还没有“{person.office}”的审查结果：{whom}，完成之后再来", 404)
    return RedirectResponse(str(request.url_for("queue", office=offices[0]).path), 303)


@router.get("/o/{office}/", include_in_schema=False, name="queue")
def queue(
    request: Request,
    office: str,
    person: Person = allowed(Act.SEE),
    status: Text = "",
    form: Text = "",
    q: Text = "",
    sort: Text = "next",
    assigned: Text = "",
    verdict: Text = "",
    todo: Text = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    desk = desk_of(request)
    seen = desk.decisions.now().seq
    result = desk.office(office).result
    found = desk.derived(office, entries_of)
    asked = Asked(status, form, q, sort, assigned, verdict, todo)
    shown = asked.shown(found)
    pages = max(1, -(-len(shown) // PER_PAGE))
    at = min(page, pages)
    context = {
        "office": office,
        "offices": offices_of(desk, person, Act.SEE),
        "result": result,
        "asked": asked,
        "entries": shown[(at - 1) * PER_PAGE : at * PER_PAGE],
        "found": len(shown),
        "page": at,
        "pages": pages,
        "statuses": [s.value for s in Status if any(e.status == s.value for e in found)],
        "forms": list(dict.fromkeys(e.form for e in found)),
        "sorts": SORTS,
        "seen": seen,
        "nexts": [n for n in NEXT if any(e.next == n for e in found)],
        "people": sorted({e.assigned for e in found if e.assigned}),
        "nobody": NOBODY,
        "verdicts": [*VERDICTS, UNDECIDED],
        "reviewers": reviewers(desk, office),
        "may_assign": person.may(Act.ASSIGN, office),
        "may_take": person.may(Act.TAKE, office),
        "progress": progress(found),
        "gone": has_gone(desk, desk.office(office)),
    }
    return render(request, "queue.html", context)


def has_gone(desk: Desk, office: Office) -> bool:
    """Whether all files of an office have gone from the inbox."""
    return all_gone(desk.settings.inbox, (s.document for s in office.result.submissions))


def progress(found: list[Entry]) -> dict[str, int]:
    """How far an office is: applications in all, those with something to decide, findings that wait."""
    return {
        "all": len(found),
        "waiting": sum(bool(e.open) for e in found),
        "open": sum(e.open for e in found),
        "unsure": sum(e.unsure for e in found),
        "wanted": sum(e.next != "不用处理" for e in found),
        "decided": sum(bool(e.verdict) and e.next != "不用处理" for e in found),
        "done": sum(e.next == "已完成" for e in found),
    }


def _runners(desk: Desk, office: str) -> str:
    """Who can run a review of an office, by name where there is somebody."""
    able = [a for a in desk.people.all() if not a.disabled and a.person.may(Act.RUN, office)]
    named = [f"{a.person.role_name}{a.name}" for a in able[:_NAMED]]
    return "或".join(named) or "本单位负责人或运维人员"


# -- assigning some at once ------------------------------------------------------------------------------------------
@router.post("/o/{office}/assign", include_in_schema=False)
def assign_some(
    request: Request,
    office: str,
    seen: Annotated[int, Form(ge=0)],
    key: Keys = [],  # noqa: B006 - FastAPI makes a new one
    to: Annotated[str, Form(max_length=60)] = "",
    person: Person = allowed(Act.ASSIGN),
) -> Response:
    """Say who reviews the applications that were ticked; "" takes it back."""
    assign(desk_of(request), person, office, key, to, seen)
    return _back(request, office)


@router.post("/o/{office}/take", include_in_schema=False)
def take_some(
    request: Request,
    office: str,
    seen: Annotated[int, Form(ge=0)],
    key: Keys = [],  # noqa: B006
    person: Person = allowed(Act.TAKE),
) -> Response:
    """Take the applications that were ticked upon oneself."""
    assign(desk_of(request), person, office, key, person.name, seen)
    return _back(request, office)


def assign(desk: Desk, person: Person, office: str, keys: list[str], to: str, seen: int) -> list[Event]:
    """Say who reviews some applications: all or none. Raises :class:`Refused`, also where somebody else has assigned one of them
    since ``seen``; what else was decided on them meanwhile is nothing to this."""
    if not keys:
        raise Refused("没有选中任何申报书", 422)
    if to and to != person.name and to not in reviewers(desk, office):
        raise Refused(f"“{to}”不是{office}的审查人员", 422)
    result = desk.office(office).result
    items = {key_of(i.document): i for i in result.items}
    if missing := [k for k in keys if k not in items]:
        raise Refused(f"有{len(missing)}份材料已不在了，请刷新后再选（未作任何改动）", 404)
    ids = list(dict.fromkeys(result.application(items[k]) for k in keys))
    head = desk.decisions.now().seq
    later = [e for e in desk.decisions.book.events(min(seen, head)) if e.what == "assign" and e.office == office]
    if met := [e for e in later if e.target in ids]:
        who = "、".join(dict.fromkeys(e.who for e in met))
        raise Refused(f"{who}刚刚分派过其中{len(met)}份，请看过最新情况后再定（未作任何改动）", CONFLICT)
    entries_ = [
        BookEntry(who=person.name, office=office, what="assign", target=i, after={"to": to}, source="desk") for i in ids
    ]
    return desk.decisions.put_down_all(entries_, seen=max(seen, head), about=tuple(ids))


def _back(request: Request, office: str) -> Response:
    return RedirectResponse(str(request.url_for("queue", office=office).path), 303)


class AssignSomeBody(BaseModel):
    """``keys``: the applications, by ``key``; ``to`` "" takes it back."""

    keys: list[str] = Field(max_length=5000)
    to: str = Field("", max_length=60)
    seen: int = Field(ge=0)


@router.post("/api/offices/{office}/assignments", tags=["处理"])
def api_assign_some(
    request: Request, office: str, body: Annotated[AssignSomeBody, Body()], person: Person = allowed(Act.ASSIGN)
) -> list[dict[str, Any]]:
    """Say who reviews some applications."""
    found = assign(desk_of(request), person, office, body.keys, body.to, body.seen)
    return [e.model_dump() for e in found]


@router.get("/api/offices/{office}/applications", tags=["申报书"], dependencies=[allowed(Act.SEE)])
def list_applications(request: Request, office: str) -> list[dict[str, Any]]:
    """The office's applications with their status and counts."""
    return [asdict(e) for e in desk_of(request).derived(office, entries_of)]
