"""The desk as an application for a web server: its pages, what stands in every answer's head, and how faults are told."""

from __future__ import annotations

import logging
import mimetypes
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from flows.desk.asking import CHANGES, SignIn, allowed, session_of
from flows.desk.desk import Desk, asset
from flows.desk.pages import application, audit, city, decisions, figures, letters, queue, recommendation, runs, signing
from flows.desk.rendering import render
from flows.desk.rights import Act, Refused
from flows.desk.round import NoRound
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
_SHORTENED = 3600
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
    names = {"127.0.0.1", "localhost", "[::1]", desk.settings.desk_host}
    names |= {n.strip().lower() for n in desk.settings.desk_names.split(",") if n.strip()}

    async def headed(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
        host = request.headers.get("host", "").lower()
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        if name not in names:
            response: Response = Response(
                "主机名不是本工作台的（设置 desk_names）", 421, media_type="text/plain; charset=utf-8"
            )
        elif problem := _unread(request):
            response = _told(request, *problem)
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


async def _static(name: str) -> Response:
    path = _STATIC.get(name)
    if path is None:
        raise Refused("没有这个文件", 404)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    heads = {"Cache-Control": f"private, max-age={_SHORTENED}"}
    return Response(
        path.read_bytes(), media_type=kind if kind.startswith("image/") else f"{kind}; charset=utf-8", headers=heads
    )


async def _sign_in(request: Request, _: Exception) -> Response:
    if _is_for_programs(request):
        return JSONResponse({"message": "请先登录"}, 401)
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": "/login"})
    return RedirectResponse("/login", 303)


async def _refused(request: Request, problem: Exception) -> Response:
    return _told(request, str(problem), getattr(problem, "status", 403))


async def _no_round(request: Request, problem: Exception) -> Response:
    return _told(request, str(problem), 404)


async def _http(request: Request, problem: Exception) -> Response:
    status = getattr(problem, "status_code", 500)
    said = {404: "没有这个页面", 405: "这里不能这样操作"}.get(status, "请求有误")
    return _told(request, said, status)


async def _wrong(request: Request, _: Exception) -> Response:
    return _told(request, "请求的内容有误，未作任何改动", 422)


async def _fault(request: Request, problem: Exception) -> Response:
    """The rim: a fault of the program costs one answer, and is told whole, masked, in the log."""
    logger.error("%s %s\n%s", request.method, request.url.path, trace_of(type(problem), problem, problem.__traceback__))
    return _told(request, "程序出错，没有做完；请把时间和所做的操作告诉运维人员", _FAULT)


def _told(request: Request, message: str, status: int) -> Response:
    if _is_for_programs(request):
        return JSONResponse({"message": message}, status)
    session = None if status == _FAULT else session_of(request)
    told = {"message": message, "session": session, "back": _came_from(request)}
    return render(request, "told.html", told, status=status)


def _came_from(request: Request) -> str:
    """The page of ours from which somebody came, "" where there is none or it is this one."""
    try:
        page = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    there = page.path.startswith("/") and page.path[1:2] not in {"/", "\\"}
    if page.netloc != request.headers.get("host") or not there or page.path in {quote(request.url.path), "/"}:
        return ""
    return f"{page.path}?{page.query}" if page.query else page.path


def _is_for_programs(request: Request) -> bool:
    return request.url.path.startswith(API) or request.headers.get("accept", "").startswith("application/json")
