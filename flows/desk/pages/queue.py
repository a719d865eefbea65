"""The queue: an office's applications by what is to be done next."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from flows.desk.asking import allowed, desk_of, offices_of
from flows.desk.rendering import key_of, render
from flows.desk.rights import Act, Person, Refused
from reports.results.model import DistrictResult, Item, Status

router = APIRouter()
PER_PAGE = 100
SORTS = {"number": "序号", "name": "申报单位", "status": "状态", "open": "待处理"}


@dataclass(frozen=True)
class Entry:
    """An application as the queue lists it. ``open`` counts findings that count and that nobody has confirmed or withdrawn."""

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


def entries(result: DistrictResult) -> list[Entry]:
    """Every application of an office, and every file that is none."""
    return [_entry(result, item) for item in result.items]


def _entry(result: DistrictResult, item: Item) -> Entry:
    waiting = [f for f in item.findings if f.level != "note" and not result.standing(f).value]
    return Entry(
        number=item.number,
        key=key_of(item.document),
        name=item.name,
        project=item.project,
        form=result.form_label(item.form),
        status=item.status.value,
        counts={level: item.count(level) for level in ("reject", "fix", "note")},
        open=len(waiting),
        unsure=len(item.unsure),
        document=item.document,
    )


@dataclass(frozen=True)
class Asked:
    """How the queue is to be shown."""

    status: str = ""
    form: str = ""
    words: str = ""
    sort: str = "number"

    def shown(self, found: list[Entry]) -> list[Entry]:
        """What of it is asked for, in the order asked for."""
        words = self.words.strip().lower()
        some = [
            e
            for e in found
            if (not self.status or e.status == self.status)
            and (not self.form or e.form == self.form)
            and (not words or words in f"{e.name}\n{e.project}\n{e.document}".lower())
        ]
        order = [s.value for s in Status]
        keys: dict[str, Any] = {
            "name": lambda e: (e.name, e.number),
            "status": lambda e: (order.index(e.status), e.number),
            "open": lambda e: (-e.open, -e.unsure, e.number),
        }
        return sorted(some, key=keys[self.sort]) if self.sort in keys else some


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
        raise Refused(f"还没有“{person.office}”的审查结果，运行一次审查之后再来", 404)
    return RedirectResponse(str(request.url_for("queue", office=offices[0]).path), 303)


@router.get("/o/{office}/", include_in_schema=False, name="queue")
def queue(
    request: Request,
    office: str,
    person: Person = allowed(Act.SEE),
    status: Text = "",
    form: Text = "",
    q: Text = "",
    sort: Text = "number",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    desk = desk_of(request)
    result = desk.office(office).result
    found = entries(result)
    asked = Asked(status, form, q, sort)
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
        "progress": progress(found),
    }
    return render(request, "queue.html", context)


def progress(found: list[Entry]) -> dict[str, int]:
    """How far an office is: applications in all, those with something to decide, findings that wait."""
    return {
        "all": len(found),
        "waiting": sum(bool(e.open) for e in found),
        "open": sum(e.open for e in found),
        "unsure": sum(e.unsure for e in found),
    }


@router.get("/api/offices/{office}/applications", tags=["申报书"], dependencies=[allowed(Act.SEE)])
def list_applications(request: Request, office: str) -> list[dict[str, Any]]:
    """The office's applications with their status and counts."""
    return [asdict(e) for e in entries(desk_of(request).office(office).result)]
