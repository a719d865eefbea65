"""Signing in and out, and one's own password."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from flows.desk.asking import COOKIE, address_of, allowed, desk_of, is_secure, session_of
from flows.desk.journal import What
from flows.desk.people import PeopleError, TooManyTries, same
from flows.desk.rendering import render
from flows.desk.rights import Act, Person, Refused

router = APIRouter(include_in_schema=False)
logger = logging.getLogger("shenbao.desk")
Word = Annotated[str, Form(max_length=200)]


@router.get("/login")
def sign_in_page(request: Request) -> Response:
    if session_of(request) is not None:
        return RedirectResponse("/", 303)
    return render(request, "login.html", {"message": "", "name": ""})


@router.post("/login")
def sign_in(request: Request, name: Word = "", password: Word = "") -> Response:
    """Sign in. It carries no token, for nobody has one yet; what it could change for another is nothing but who is signed in,
    and a page of another site cannot ask for that (:func:`_from_here`)."""
    _from_here(request)
    desk, address = desk_of(request), address_of(request)
    account = desk.people.account(name.strip())
    # What is no account's name may be a password that slipped into the wrong field.
    who, office = (account.name, account.office) if account is not None else ("", "")
    try:
        secret = desk.people.sign_in(name.strip(), password, address)
    except TooManyTries as problem:
        return render(request, "login.html", {"message": str(problem), "name": name}, status=429)
    if secret is None:
        logger.warning("登录失败：%s，来自 %s", who or "没有这个用户", address)
        desk.journal.put("wrong", who=who, office=office, told="" if who else "没有这个用户", address=address)
        return render(request, "login.html", {"message": "用户名或密码不对", "name": name}, status=401)
    logger.info("登录：%s，来自 %s", who, address)
    desk.journal.put("sign_in", who=who, office=office, address=address)
    desk.people.end(request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/", 303)
    response.set_cookie(COOKIE, secret, httponly=True, samesite="strict", secure=is_secure(request), path="/")
    return response


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


def _from_here(request: Request) -> None:
    origin = request.headers.get("origin")
    if origin and origin.partition("://")[2] != request.headers.get("host"):
        raise Refused("请求不是从本系统的页面发出的，未予执行")
