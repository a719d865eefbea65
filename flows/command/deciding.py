"""What ``shenbao desk verify`` and ``export`` answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from catalog.oserror import cause
from flows.command.exporting import FOLDER
from flows.exits import PartFailed, UsageFault
from flows.run.asked import lies_in
from flows.run.book import PART, anchors, open_book
from flows.run.ledger import words_of
from flows.settings import Settings
from records.book.events import Event
from records.book.keeping import Book, BookDamaged
from records.database import StoreError
from reports.outgoing import ISSUED, issued_at
from reports.safe.atomic import write_bytes
from reports.workbook.eventbook import jsonl, table

NAME = "决定簿"
"""What the exported files are called."""


def verify(settings: Settings) -> tuple[str, bool]:
    """Whether the chain holds, in words. Raises UsageFault where there is no book, PartFailed where it cannot be read."""
    with _opened(settings) as book:
        found = book.verify(anchors(settings.out))
        if found is None:
            number, head = book.head()
            told = f"决定簿完整：共{number}条，逐条相接，没有改动。末条校验码 {head}"
            lost = _not_kept(settings.out, book.events())
            if not lost:
                return told, True
            return (
                f"{told}\n已签发的通知中，留存的文件不见了或者被改动过：{'、'.join(lost)}；请从备份恢复“{ISSUED}”文件夹",
                False,
            )
        return (
            f"决定簿不完整：{found.why}。第{found.seq}条以前的可信；请保留现状，与备份（shenbao desk export 的导出）逐条对照",
            False,
        )


def export(settings: Settings, target: Path | None, kinds: Sequence[str]) -> list[Path]:
    """Write the book out; the paths. Raises like :func:`verify`, and UsageFault where the place is none to write to."""
    target = target or settings.out / FOLDER
    if lies_in(target, settings.inbox):
        raise UsageFault(f"不能导出到收件目录里：{target}")
    with _opened(settings) as book:
        bodies = book.bodies()
    made = {"jsonl": lambda: jsonl(bodies), "xlsx": lambda: table(bodies)}
    try:
        target.mkdir(parents=True, exist_ok=True)
        return [write_bytes(target / f"{NAME}.{kind}", made[kind]()) for kind in kinds]
    except OSError as problem:
        raise PartFailed("导出", f"写不到 {target}（{cause(problem)}）") from problem


def _not_kept(out: Path, events: Sequence[Event]) -> list[str]:
    """The numbers of letters whose bytes as issued are not there any more."""
    issued = [e.after for e in events if e.what == "issue" and e.after.get("sha256")]
    return [str(a.get("number") or a["sha256"]) for a in issued if _digest(issued_at(out, a["sha256"])) != a["sha256"]]


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


@contextmanager
def _opened(settings: Settings) -> Iterator[Book]:
    with open_book(settings, there=True) as book:
        try:
            yield book
        except BookDamaged as problem:
            raise PartFailed(PART, str(problem)) from problem
        except StoreError as problem:
            raise PartFailed(PART, f"决定簿读不出来（{words_of(problem)}）") from problem
