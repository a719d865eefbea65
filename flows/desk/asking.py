"""Who asks, and may they? Every page and interface says which act it is; nothing is answered before that is settled.

A change must come as POST, from a page of ours (its origin), with the session's token: in the form's field ``token`` or the
header ``X-Token``.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from fastapi import Depends, Request

from flows.desk.desk import Desk
from flows.desk.people import Session, same
from flows.desk.rights import Act, Person, Reach, Refused
from flows.desk.typed import FORMS, GARBLED, is_garbled
from flows.settings import networks
from reports.safe.text import line

COOKIE = "shenbao_desk"
CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_PROXY_KEY = secrets.token_bytes(32)
"""Tokens of those whom a proxy has signed in follow from this; they end with the process."""
_ONCE_SECONDS = 60.0
"""What is refused again and again is put into the journal once in this time."""
logger = logging.getLogger("shenbao.desk")


class SignIn(Exception):
    """Nobody is signed in."""


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def session_of(request: Request) -> Session | None:
    """Who is signed in, None where nobody is."""
    desk = desk_of(request)
    if desk.open:
        return desk.only
    named = _named_by_proxy(request, desk)
    if named is not None:
        return named
    secret = request.cookies.get(COOKIE, "")
    return desk.people.session(secret) if secret else None


def _named_by_proxy(request: Request, desk: Desk) -> Session | None:
    """The account that a proxy names, where the proxy's own address is one that was set."""
    header = desk.settings.desk_user_header
    name = _as_text(request.headers.get(header, "")) if header else ""
    if not name:
        return None
    if not comes_from(request, desk.settings.desk_proxy):
        address = address_of(request)
        logger.warning("请求头 %s 不是从反向代理来的，未予理会：来自 %s", header, address)
        desk.journal.put("forged", told=f"请求头 {header} 自称“{name}”", address=address, once_seconds=_ONCE_SECONDS)
        return None
    account = desk.people.account(name)
    if account is None or account.disabled:
        return None
    token = hmac.new(_PROXY_KEY, account.name.encode(), hashlib.sha256).hexdigest()
    return Session(account.person, token)


def _as_text(header: str) -> str:
    """A header's text: servers give its bytes as Latin-1."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def address_of(request: Request) -> str:
    """Where a request comes from, "" where the server does not know; of what comes through the proxy as the proxy says."""
    if comes_from(request, desk_of(request).settings.desk_proxy):
        told = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        if _as_address(told) is not None:
            return told
    return _peer(request)


def _peer(request: Request) -> str:
    return request.client.host if request.client is not None else ""


def _as_address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        here = ip_address(text)
    except ValueError:
        return None
    return getattr(here, "ipv4_mapped", None) or here  # as a socket for both kinds tells it


def comes_from(request: Request, addresses: str) -> bool:
    """Whether a request comes from one of the addresses or networks named, with commas between."""
    here = _as_address(_peer(request))
    return here is not None and any(here in network for network in networks(addresses))


def is_secure(request: Request) -> bool:
    """Whether the browser came over TLS, here or at the proxy."""
    told = (
        request.headers.get("x-forwarded-proto", "")
        if comes_from(request, desk_of(request).settings.desk_proxy)
        else ""
    )
    return request.url.scheme == "https" or told == "https"


async def check_change(request: Request, session: Session) -> None:
    """Raises :class:`Refused` where a change does not come from one of our own pages with this session's token."""
    if request.method not in CHANGES:
        return
    check_origin(request)
    token = request.headers.get("x-token", "")
    if request.headers.get("content-type", "").startswith(FORMS):
        form = await request.form()
        token = token or str(form.get("token", ""))
        if is_garbled(str(text) for _, text in form.multi_items()):
            raise Refused(GARBLED, 422)
    if not same(token, session.token):
        raise Refused("页面已过期，没有记下；请核对后再提交一次")


def check_origin(request: Request) -> None:
    """Raises :class:`Refused` where a request does not come from a page of ours."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise Refused("请求不是从本系统的页面发出的，未予执行")


class Allowed:
    """A dependency: the person who asks may do ``act`` somewhere; with an office in the path or query, there."""

    def __init__(self, act: Act) -> None:
        self.act = act

    async def __call__(self, request: Request) -> Person:
        session = session_of(request)
        if session is None:
            raise SignIn
        await check_change(request, session)
        office = request.path_params.get("office")
        person = session.person
        if not person.may(self.act, office):
            where = f"：{office}" if office else ""
            logger.warning("%s（%s）无权%s%s", person.name, person.role_name, self.act.value, where)
            desk_of(request).journal.put(
                "refused",
                who=person.name,
                office=person.office,
                told=line(f"{self.act.value}{where}", 100),
                address=address_of(request),
                once_seconds=_ONCE_SECONDS,
            )
            # What another office has is not even said to be there.
            raise (
                Refused("没有这个页面", 404)
                if office and person.may(self.act)
                else Refused(f"您没有权限：{self.act.value}")
            )
        request.state.session = session
        return person


def allowed(act: Act) -> Any:
    return Depends(Allowed(act))


def offices_of(desk: Desk, person: Person, act: Act) -> list[str]:
    """The offices in which a person may do ``act`` and of which there is something."""
    there = desk.round.offices()
    return there if person.reach(act) is Reach.ALL else [o for o in there if o == person.office]
