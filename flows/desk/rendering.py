"""Pages from templates. Whatever stands in a template's place is text: nothing an applicant wrote becomes markup."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from functools import cache
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from flows.desk.asking import desk_of
from flows.desk.rights import Act
from flows.versions import version
from reports.results.model import LEVELS, Status
from reports.safe.text import line

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
"""The media type of a Word file."""

_TONES = {
    Status.REJECT: "reject",
    Status.FIX: "fix",
    Status.UNREADABLE: "fix",
    Status.CLEAN: "good",
}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("flows.desk"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(LEVELS=LEVELS, Act=Act, key_of=key_of)
    environment.filters.update(
        part=_part, tone=lambda status: _TONES.get(status, "quiet"), clock=_clock, outcome=_outcome
    )
    return environment


def render(
    request: Request, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HTMLResponse:
    """A page. Every template has ``session`` (None: nobody is signed in), ``desk`` and ``path``."""
    told = {"session": None, **(context or {})}
    if told["session"] is None and getattr(request.state, "session", None) is not None:
        told["session"] = request.state.session
    desk = desk_of(request)
    told |= {"desk": desk, "path": request.url.path, "notice": desk.catalog, "version": version()}
    return HTMLResponse(_environment().get_template(template).render(told), status)


def key_of(document: str) -> str:
    """What stands for a document in an address: paths may hold anything, and say more than an address should."""
    return hashlib.sha256(document.encode("utf-8", "replace")).hexdigest()[:16]


_OUTCOMES = {"done": "完成", "unchanged": "无变化", "failed": "部分失败", "interrupted": "中断", "running": "正在进行"}


def _outcome(outcome: str) -> str:
    return _OUTCOMES.get(outcome, outcome)


@pass_context
def _clock(context: Context, seconds: float) -> str:
    """The time where the office is, whatever the server's own clock says."""
    there = ZoneInfo(context["desk"].settings.timezone)
    return dt.datetime.fromtimestamp(seconds, there).strftime("%Y-%m-%d %H:%M")


def _part(text: str) -> str:
    """Text as one part of an address."""
    return quote(text, safe="")


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def as_download(data: bytes, name: str, kind: str = "application/octet-stream") -> Response:
    """A file to keep, under its own name."""
    heads = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(line(name), safe='')}"}
    return Response(data, media_type=kind, headers=heads)
