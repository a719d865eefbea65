"""What ``shenbao desk user`` answers. Passwords come from the keyboard or from standard input, never from the command line."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import catalog
from flows.desk.desk import machine_user, people_url
from flows.desk.journal import Journal
from flows.desk.people import People, PeopleError
from flows.desk.rights import ROLE_NAMES, Role
from flows.exits import PartFailed, UsageFault
from flows.run.ledger import words_of
from flows.settings import Settings
from records.database import StoreError


def add(settings: Settings, name: str, role: str, office: str) -> str:
    """Make an account. Raises UsageFault."""
    if role not in tuple(Role):
        raise UsageFault(f"没有角色“{role}”，只有{'、'.join(f'{r.value}（{ROLE_NAMES[r]}）' for r in Role)}")
    if office:
        pack = catalog.load(settings.notice, settings.office)
        known = pack.recommender(office)
        if known is None:
            raise UsageFault(f"通知中没有推荐单位“{office}”，见 shenbao districts")
        office = known.name
    with _opened(settings) as people:
        people.add(name, Role(role), office, _password())
        _note(people, office, f"建立“{name.strip()}”：{ROLE_NAMES[Role(role)]}")
    return f"已建立用户“{name.strip()}”：{ROLE_NAMES[Role(role)]}{f'，{office}' if office else ''}"


def listed(settings: Settings) -> Iterator[str]:
    """A line an account, its parts with tabs between."""
    with _opened(settings) as people:
        found = people.all()
    for account in found:
        yield "\t".join((account.name, account.role.value, account.office, "停用" if account.disabled else ""))


def disable(settings: Settings, name: str, *, undo: bool) -> str:
    with _opened(settings) as people:
        people.disable(name, disabled=not undo)
        _note(people, "", f"{'启用' if undo else '停用'}“{name}”")
    return f"已{'启用' if undo else '停用'}“{name}”"


def password(settings: Settings, name: str) -> str:
    with _opened(settings) as people:
        if people.account(name) is None:
            raise UsageFault(f"没有名为“{name}”的用户")
        people.set_password(name, _password())
        _note(people, "", f"另设“{name}”的密码")
    return f"已更改“{name}”的密码"


def _note(people: People, office: str, told: str) -> None:
    """Put down who changed an account: the user of the machine."""
    Journal(people).put("account", who=machine_user().name, office=office, told=told, address="命令行")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("密码：")
    if getpass.getpass("再输入一次：") != first:
        raise UsageFault("两次输入的密码不同，没有作任何改动")
    return first


@contextmanager
def _opened(settings: Settings) -> Iterator[People]:
    if not settings.out.is_dir():
        raise UsageFault(f"没有输出目录：{settings.out}（请先运行 shenbao review，或用 --out 指明）")
    try:
        with People(people_url(settings)) as people:
            yield people
    except PeopleError as problem:
        raise UsageFault(str(problem)) from problem
    except (StoreError, OSError) as problem:
        raise PartFailed("用户", f"用户数据库不可用（{words_of(problem)}）") from problem
