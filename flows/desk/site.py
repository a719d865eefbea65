"""The desk as an application for a web server: its pages, what stands in every answer's head, and how faults are told."""

from __future__ import annotations

import hashlib
import logging
import mimetypes
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from flows.desk.asking import CHANGES, SignIn, allowed, check_origin, session_of
from flows.desk.desk import Desk, asset
from flows.desk.pages import application, audit, city, decisions, figures, letters, queue, recommendation, runs, signing
from flows.desk.rendering import render
from flows.desk.rights import Act, Refused
from flows.desk.round import NoRound
from flows.desk.typed import is_ours, typed_in, wrongs
from flows.masking import trace_of
from reports.page.district import ASSETS

logger = logging.getLogger("shenbao.desk")

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_STATIC = {
    "page.css": ASSETS / "page.css",
    "desk.css": asset("desk.css"),
    "desk.js": asset("desk.js"),
    "htmx.js": asset("htmx.min.js"),
    "icon.svg": asset("icon.svg"),
}
API = "/api/"
_FAULT = 500
LONGEST = 1_000_000
"""Bytes of what may be sent: a form's longest field is 5,000 characters, a table's order 5,000 ids."""


def make_site(desk: Desk) -> FastAPI:
    """The desk's application. It answers nothing to another host's name, and nothing to anybody who is not signed in but the
    sign-in page and its styles."""

    @asynccontextmanager
    async def life(_: FastAPI) -> Any:
        yield
        desk.close()

    site = FastAPI(
        title="申报审查工作台",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        lifespan=life,
    )
    site.state.desk = desk
    for page in (signing, queue, application, decisions, letters, recommendation, city, runs, figures, audit):
        site.include_router(page.router)
    site.add_api_route(
        f"{API}openapi.json", _described, methods=["GET"], include_in_schema=False, dependencies=[allowed(Act.ACCOUNT)]
    )
    site.add_api_route("/static/{name}", _static, methods=["GET"], include_in_schema=False)
    site.add_exception_handler(SignIn, _sign_in)
    site.add_exception_handler(Refused, _refused)
    site.add_exception_handler(NoRound, _no_round)
    site.add_exception_handler(HTTPException, _http)
    site.add_exception_handler(RequestValidationError, _wrong)
    site.add_exception_handler(Exception, _fault)
    site.middleware("http")(_headed(desk))
    return site


def _headed(desk: Desk) -> Callable[[Request, Callable[[Request], Awaitable[Response]]], Awaitable[Response]]:
    """Answers only to the names that the desk goes by (another name is another site's, sent here to get at ours), and puts the
    heads on every answer."""
    names = {"127.0.0.1", "localhost", "[::1]", desk.settings.desk_name}
    names |= {n.strip().lower() for n in desk.settings.desk_names.split(",") if n.strip()}

    async def headed(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
        host = request.headers.get("host", "").lower()
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        if name not in names:
            response: Response = Response(
                "主机名不是本工作台的（设置 desk_names）", 421, media_type="text/plain; charset=utf-8"
            )
        elif problem := _unread(request):
            response = await _told(request, *problem, keep=False)
        else:
            response = await call(request)
        for head, value in HEADS.items():
            response.headers.setdefault(head, value)
        return response

    return headed


def _unread(request: Request) -> tuple[str, int] | None:
    """Why what was sent is not read at all: nobody who is not signed in shall fill the memory."""
    sent = request.headers
    if request.method not in CHANGES or not ({"content-length", "transfer-encoding"} & set(sent)):
        return None
    if not sent.get("content-length", "").isdecimal():
        return "请求没有说明长度，未作任何改动", 411
    return ("内容过长，未作任何改动", 413) if int(sent["content-length"]) > LONGEST else None


def _described(request: Request) -> dict[str, Any]:
    """What programs may ask for."""
    found: dict[str, Any] = request.app.openapi()
    return found


async def _static(request: Request, name: str) -> Response:
    """A style or script, asked about each time: one of before an upgrade would not fit its pages."""
    path = _STATIC.get(name)
    if path is None:
        raise Refused("没有这个文件", 404)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    contents = path.read_bytes()
    heads = {"Cache-Control": "private, no-cache", "ETag": f'"{hashlib.sha256(contents).hexdigest()[:32]}"'}
    if request.headers.get("if-none-match") == heads["ETag"]:
        return Response(status_code=304, headers=heads)
    return Response(contents, media_type=kind if kind.startswith("image/") else f"{kind}; charset=utf-8", headers=heads)


async def _sign_in(request: Request, _: Exception) -> Response:
    """Leads to the sign-in, and from there on to where somebody was; what they typed comes along."""
    if _is_for_programs(request):
        return JSONResponse({"message": "请先登录"}, 401)
    typed = await typed_in(request)
    if request.headers.get("hx-request"):
        # The page sends the form again as a whole, so that what was typed comes along (desk.js).
        return Response(status_code=401, headers={} if typed else {"HX-Redirect": "/login"})
    if typed is None:
        there = quote(request.url.path) + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse("/login" if there == "/" else f"/login?{urlencode({'next': there})}", 303)
    try:
        check_origin(request)
    except Refused as problem:
        return await _told(request, str(problem), problem.status, keep=False)
    told = {"message": "登录已过期。请重新登录，所填的内容还在", "name": "", "next": "", "held": typed.dump()}
    return render(request, "login.html", told, status=401)


async def _refused(request: Request, problem: Exception) -> Response:
    told = problem if isinstance(problem, Refused) else Refused(str(problem))
    return await _told(request, str(told), told.status, seen=told.seen, wants=told.wants)


async def _no_round(request: Request, problem: Exception) -> Response:
    return await _told(request, str(problem), 404)


async def _http(request: Request, problem: Exception) -> Response:
    status = getattr(problem, "status_code", 500)
    said = {
        400: "请求的内容不是完好的 UTF-8 文本（未作任何改动）",
        404: "没有这个页面",
        405: "这里不能这样操作",
    }.get(status, "请求有误")
    return await _told(request, said, status)


async def _wrong(request: Request, problem: Exception) -> Response:
    errors = problem.errors() if isinstance(problem, RequestValidationError) else ()
    return await _told(request, wrongs(errors), 422)


async def _fault(request: Request, problem: Exception) -> Response:
    """The rim: a fault of the program costs one answer, and is told whole, masked, in the log."""
    logger.error("%s %s\n%s", request.method, request.url.path, trace_of(type(problem), problem, problem.__traceback__))
    return await _told(request, "程序出错，没有做完；请把时间和所做的操作告诉运维人员", _FAULT, keep=False)


async def _told(
    request: Request, message: str, status: int, *, seen: int | None = None, keep: bool = True, wants: str = ""
) -> Response:
    """Why something was not done, and what was typed for it (``keep``), with what is still to be."""
    if _is_for_programs(request):
        return JSONResponse({"message": message}, status)
    if request.headers.get("hx-request"):
        return Response(message, status, media_type="text/plain; charset=utf-8")
    session = None if status == _FAULT else session_of(request)
    typed = await typed_in(request) if keep and session is not None else None
    typed = typed.wanting(wants) if typed is not None else None
    told = {
        "message": message,
        "session": session,
        "back": _came_from(request),
        "typed": typed.seeing(seen) if typed is not None and typed.shown else None,
        "done": False,
    }
    return render(request, "told.html", told, status=status)


def _came_from(request: Request) -> str:
    """The page of ours from which somebody came, "" where there is none or it is this one."""
    try:
        page = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    if (
        page.netloc != request.headers.get("host")
        or not is_ours(page.path)
        or page.path in {quote(request.url.path), "/", "/login"}
    ):
        return ""
    return f"{page.path}?{page.query}" if page.query else page.path


def _is_for_programs(request: Request) -> bool:
    return request.url.path.startswith(API) or request.headers.get("accept", "").startswith("application/json")
