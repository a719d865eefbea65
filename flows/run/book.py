"""Opening the book of decisions that belongs to an output, and telling of it: its account in run.json, its export."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from catalog.oserror import cause
from flows.exits import PartFailed, UsageFault
from flows.run.ledger import words_of
from flows.settings import Settings
from records.book.keeping import Book, BookDamaged
from records.database import StoreError, sqlite_path
from reports.safe.atomic import write_bytes

MARK = "decisions.json"
"""Which book of a database server is the output's: a small file beside run.json."""
PART = "决定簿"
SCHEMA = "shenbao.book/1"


def open_book(settings: Settings, *, there: bool = False) -> Book:
    """The book of the output. The caller closes it. ``there``: it must be there already.

    Raises UsageFault where the setting is wrong or there is none, PartFailed where it cannot be reached, read or written: without what
    people decided, reports would mislead.
    """
    url = settings.book_url
    path = sqlite_path(url) if url.startswith("sqlite") else None
    if there and path is not None and not path.is_file():
        raise UsageFault(f"还没有决定簿（{path}）：请先运行 shenbao review，或用 --out 指明输出目录")
    try:
        if make_url(url).get_backend_name() not in ("sqlite", "postgresql"):
            raise UsageFault("设置 book 有误：决定簿只能用 sqlite 或 postgresql")
        mark = _mark(settings.out)
        book = Book.open(url, out=str(settings.out.resolve()), mark=mark)
        if path is None and mark != book.id:
            write_bytes(settings.out / MARK, f"{json.dumps({'schema': SCHEMA, 'book': book.id})}\n".encode())
        return book
    except (ArgumentError, NoSuchModuleError, ImportError) as problem:
        shown = str(problem).partition("\n")[0]
        raise UsageFault(f"设置 book 有误：{shown}（PostgreSQL 需要安装 shenbao[postgresql]）") from problem
    except BookDamaged as problem:
        raise PartFailed(PART, str(problem)) from problem
    except StoreError as problem:
        raise PartFailed(PART, f"决定簿不可用（{words_of(problem)}），未开始；其中的决定不受影响") from problem
    except OSError as problem:
        raise PartFailed(PART, f"决定簿不可用（{cause(problem)}），未开始；其中的决定不受影响") from problem


def _mark(out: Path) -> str:
    try:
        return str(json.loads((out / MARK).read_text("utf-8"))["book"])
    except FileNotFoundError:
        return ""
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise BookDamaged(f"{out / MARK}无法读取，不能确定是哪一本决定簿；请从备份恢复该文件") from problem


def anchors(out: Path) -> Iterator[tuple[int, str]]:
    """The end of the chain as the last run wrote it into run.json."""
    try:
        told: dict[str, Any] = json.loads((out / "run.json").read_text("utf-8"))["decisions"]
        yield int(told["seq"]), str(told["hash"])
    except (OSError, ValueError, KeyError, TypeError):
        return
