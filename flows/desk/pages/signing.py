"""Signing in and out, and one's own password."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from flows.desk.asking import COOKIE, address_of, allowed, check_origin, desk_of, is_secure, session_of
from flows.desk.journal import What
from flows.desk.oidc import WAITING_SECONDS, Oidc, SignInFailed
from flows.desk.people import PeopleError, TooManyTries, same
from flows.desk.rendering import render
from flows.desk.rights import Act, Person, Refused
from flows.desk.typed import Typed, is_ours

router = APIRouter(include_in_schema=False)
logger = logging.getLogger("shenbao.desk")
Word = Annotated[str, Form(max_length=200)]
Line = Annotated[str, Query(max_length=4000)]
_MEANWHILE = "shenbao_oidc"
"""The cookie that ties a sign-in at the house's own server to the browser that began it."""
_ONCE_SECONDS = 5.0


@router.get("/login")
def sign_in_page(request: Request, next: Annotated[str, Query(max_length=2000)] = "") -> Response:  # noqa: A002
    if session_of(request) is not None:
        return RedirectResponse(next if is_ours(next) else "/", 303)
    return render(request, "login.html", {"message": "", "name": "", "next": next, "held": ""})


@router.post("/login")
def sign_in(
    request: Request,
    name: Word = "",
    password: Word = "",
    next: Annotated[str, Form(max_length=2000)] = "",  # noqa: A002
    held: Annotated[str, Form(max_length=200_000)] = "",
) -> Response:
    """Sign in, and go on to ``next``; ``held`` is what was typed before. It carries no token, for nobody has one yet; what it could
    change for another is nothing but who is signed in, and a page of another site cannot ask for that."""
    check_origin(request)
    desk, address = desk_of(request), address_of(request)
    account = desk.people.account(name.strip())
    # What is no account's name may be a password that slipped into the wrong field.
    who, office = (account.name, account.office) if account is not None else ("", "")
    try:
        secret = desk.people.sign_in(name.strip(), password, address)
    except TooManyTries as problem:
        told = {"message": str(problem), "name": name, "next": next, "held": held}
        return render(request, "login.html", told, status=429)
    if secret is None:
        logger.warning("登录失败：%s，来自 %s", who or "没有这个用户", address)
        desk.journal.put("wrong", who=who, office=office, told="" if who else "没有这个用户", address=address)
        told = {"message": "用户名或密码不对", "name": name, "next": next, "held": held}
        return render(request, "login.html", told, status=401)
    logger.info("登录：%s，来自 %s", who, address)
    desk.journal.put("sign_in", who=who, office=office, address=address)
    response: Response = RedirectResponse(next if is_ours(next) else "/", 303)
    typed = Typed.load(held) if held else None
    if typed is not None:
        page = {"message": "已经登录。先前填写的内容还没有提交，请核对后提交", "back": "", "typed": typed, "done": True}
        response = render(request, "told.html", page | {"session": desk.people.session(secret)})
    return _begun(request, response, secret)


def _begun(request: Request, response: Response, secret: str) -> Response:
    """An answer that brings the session of ``secret``, in place of the one before."""
    desk_of(request).people.end(request.cookies.get(COOKIE, ""))
    response.set_cookie(COOKIE, secret, httponly=True, samesite="strict", secure=is_secure(request), path="/")
    return response


@router.get("/oidc/start")
def sign_in_elsewhere(request: Request) -> Response:
    """To the house's own server, where one is set."""
    oidc, https = _oidc(request), is_secure(request)
    try:
        there, secret = oidc.begin(f"{'https' if https else 'http'}://{request.headers.get('host')}/oidc/back")
    except SignInFailed as problem:
        return _failed(request, problem)
    response = RedirectResponse(there, 303)
    # Lax: it has to come along when the server sends the browser back.
    response.set_cookie(
        _MEANWHILE, secret, max_age=int(WAITING_SECONDS), httponly=True, samesite="lax", secure=https, path="/oidc"
    )
    return response


@router.get("/oidc/back")
def come_back(request: Request, state: Line = "", code: Line = "") -> Response:
    """Back from the house's own server."""
    oidc, desk, address = _oidc(request), desk_of(request), address_of(request)
    try:
        claims = oidc.finish(request.cookies.get(_MEANWHILE, ""), state, code)
        account = oidc.account(claims, desk.people.all())
    except SignInFailed as problem:
        return _failed(request, problem)
    logger.info("统一登录：%s，来自 %s", account.name, address)
    desk.journal.put("sign_in", who=account.name, office=account.office, told="统一登录", address=address)
    # A redirect would still count as coming from the other site, and the session's cookie would not come along.
    response = _begun(request, render(request, "entered.html"), desk.people.begin(account.name))
    response.delete_cookie(_MEANWHILE, path="/oidc")
    return response


def _oidc(request: Request) -> Oidc:
    oidc = desk_of(request).oidc
    if oidc is None:
        raise Refused("没有设置统一登录", 404)
    return oidc


def _failed(request: Request, problem: SignInFailed) -> Response:
    logger.warning("统一登录失败：%s，来自 %s", problem.why, address_of(request))
    desk_of(request).journal.put("wrong", told="统一登录", address=address_of(request), once_seconds=_ONCE_SECONDS)
    return render(request, "login.html", {"message": str(problem), "name": "", "next": "", "held": ""}, status=401)


@router.post("/logout")
def sign_out(request: Request, person: Person = allowed(Act.ACCOUNT)) -> Response:
    desk_of(request).people.end(request.cookies.get(COOKIE, ""))
    logger.info("退出：%s", person.name)
    _note(request, "sign_out", person)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


@router.get("/account")
def account(request: Request, person: Person = allowed(Act.ACCOUNT)) -> Response:
    return render(request, "account.html", {"message": "", "person": person})


@router.post("/account")
def change_password(
    request: Request, old: Word = "", new: Word = "", again: Word = "", person: Person = allowed(Act.ACCOUNT)
) -> Response:
    people = desk_of(request).people
    try:
        if not people.is_password(person.name, old):
            raise PeopleError("现用密码不对")
        if not same(new, again):
            raise PeopleError("两次输入的新密码不同")
        people.set_password(person.name, new)
    except PeopleError as problem:
        return render(request, "account.html", {"message": str(problem), "person": person}, status=400)
    logger.info("修改密码：%s", person.name)
    _note(request, "password", person)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


def _note(request: Request, what: What, person: Person) -> None:
    desk_of(request).journal.put(what, who=person.name, office=person.office, address=address_of(request))
