"""Opening the ledger that the settings name, and telling of it in words: its address without the password, its faults."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from catalog.oserror import cause, reason
from flows.exits import UsageFault
from flows.settings import Settings
from records.database import sqlite_path
from records.ledger.schema import TooNew
from records.ledger.store import Store


def open_store(settings: Settings) -> Store:
    """The store that the settings name. Raises StoreError where it cannot be reached, UsageFault where its URL is wrong
    or it was made by a later version."""
    try:
        kind = make_url(settings.ledger_url).get_backend_name()
        if kind not in ("sqlite", "postgresql"):
            raise UsageFault(f"设置 ledger 有误：台账只能用 sqlite 或 postgresql，不能用 {kind}")
        return Store.open(settings.ledger_url)
    except (ArgumentError, NoSuchModuleError, ImportError) as problem:
        shown = str(problem).partition("\n")[0]
        raise UsageFault(f"设置 ledger 有误：{shown}（PostgreSQL 需要安装 shenbao[postgresql]）") from problem
    except TooNew as problem:
        raise UsageFault(str(problem)) from problem


def reviewed_as(store: Store, settings: Settings) -> str:
    """The output under whose name the ledger has the runs of this one: that which it was moved or copied from, where the ledger came
    along in it and there was no run since."""
    here, path = str(settings.out.resolve()), sqlite_path(settings.ledger_url)
    came_along = path is not None and path.resolve().is_relative_to(here)
    if not came_along or store.runs(here, 1):
        return here
    return next(iter(store.outputs()), here)


def told_of_damage(aside: Path) -> str:
    return f"台账已损坏，另存为 {aside.name}，并新建了一个；审查结果不受影响，但以前读过的文件要重读一次"


def safe_url(url: str) -> str:
    """A database URL without its password."""
    return make_url(url).render_as_string(hide_password=True)


def words_of(problem: Exception) -> str:
    """Why a database does not answer: in Chinese where the system or SQLite has one of the usual causes, else its first line."""
    told = getattr(problem, "orig", None) or problem
    return cause(told) if isinstance(told, OSError) else reason(told).splitlines()[0]


def told_who(owner: str, since: float) -> str:
    """Who holds a lock, and since when."""
    host, _, rest = owner.partition(" ")
    clock = time.strftime("%m-%d %H:%M:%S", time.localtime(since))
    return f"{host} 进程{rest.partition(' ')[0]}，始于{clock}"
