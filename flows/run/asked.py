"""What was asked for, looked at before anything is started or written: what a person mistyped is told at once.

Nothing heavy is loaded here, and no Prefect: the command line asks first, the run itself asks again (a flow may be started
from elsewhere).
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import catalog as packs
from catalog.models import Catalog
from catalog.names import find_recommender
from catalog.oserror import cause
from flows.exits import UsageFault
from flows.settings import BOOK, LEDGER, UNASSIGNED, Settings
from reports.results.posting import FOLDER, SENT

logger = logging.getLogger("shenbao.run")
_LOOKED_FOR = 20
"""Files of the last review by which its inbox is known again."""


def check(settings: Settings, districts: Sequence[str] = ()) -> tuple[Catalog, tuple[str, ...]]:
    """The notice's catalog and its names of the districts asked for. Raises UsageFault on what cannot be done as asked."""
    check_inbox(settings)
    if settings.out.exists() and not settings.out.is_dir():
        raise UsageFault(f"输出目录是一个文件，不是文件夹：{settings.out}")
    if settings.templates is not None and not settings.templates.is_dir():
        raise UsageFault(f"模板目录不存在：{settings.templates}")
    try:
        own = packs.load(settings.notice, settings.office)
    except packs.CatalogError as problem:
        raise UsageFault(f"通知包有误：{problem}") from problem
    catalog, wrong = packs.beside(own, settings.neighbours)
    for fault in wrong:
        logger.warning("另一轮的通知包有误，不能据以认出它的申报材料：%s", fault)
    known = known_districts(catalog, districts)
    check_apart(settings, [*(r.name for r in catalog.recommenders), UNASSIGNED, catalog.region.whole])
    return catalog, known


def check_inbox(settings: Settings) -> None:
    """Raises UsageFault where there is no inbox."""
    if not settings.inbox.exists():
        raise UsageFault(f"收件目录不存在：{settings.inbox}")
    if not settings.inbox.is_dir():
        raise UsageFault(f"收件目录是一个文件，不是文件夹：{settings.inbox}（审查一份材料请用 shenbao check）")


def with_inbox(settings: Settings) -> Settings:
    """The inbox that the round was reviewed from, where the one that is set is not there; as they are where neither is."""
    if settings.inbox.is_dir():
        return settings
    try:
        run = json.loads((settings.out / "run.json").read_bytes())
        reviewed, known = str(run["inbox"]), [str(i["document"]) for i in run["inputs"][:_LOOKED_FOR]]
    except (OSError, ValueError, KeyError, TypeError):
        return settings
    found = next((p for p in _places(settings.out, reviewed) if _is_it(p, known)), settings.inbox)
    return settings.model_copy(update={"inbox": found})


def _places(out: Path, inbox: str) -> list[Path]:
    """Where an inbox may be that a review was told of as this: seen from here, or from a folder above the output, in which somebody
    stood who named both."""
    return [Path(inbox), *(above / inbox for above in out.resolve().parents)] if inbox else []


def _is_it(inbox: Path, known: list[str]) -> bool:
    """Whether it is the folder that was reviewed: another may have its name."""
    return inbox.is_dir() and (not known or any((inbox / path).exists() for path in known))


def known_districts(catalog: Catalog, names: Iterable[str]) -> tuple[str, ...]:
    """The catalog's names of the districts asked for. Raises UsageFault on one it does not know."""
    found = []
    for name in names:
        recommender = find_recommender(catalog, name)
        if recommender is None and name != UNASSIGNED:
            known = "、".join(r.name for r in catalog.recommenders)
            raise UsageFault(f"没有名为“{name}”的推荐单位。可用的有：{known}、{UNASSIGNED}")
        found.append(recommender.name if recommender else name)
    return tuple(dict.fromkeys(found))


def check_apart(settings: Settings, names: Iterable[str]) -> None:
    """Raises UsageFault where a folder that is written to is, lies in or holds the inbox: what was received must never be
    written over. Paths are compared by what they lead to, so that links, other spellings and a file system that folds case
    make no difference. The inbox may lie in the output folder beside the ``names`` of the folders that are written."""
    inbox, out = settings.inbox, settings.out
    for place, what in _written(settings, names):
        if lies_in(place, inbox):
            raise UsageFault(
                f"{what}不能是收件目录，也不能在收件目录里：{place}（收件目录：{inbox}）。收到的文件会被覆盖，请另设输出目录（--out）"
            )
        if place != out and lies_in(inbox, place):
            raise UsageFault(f"收件目录不能在要写报告的文件夹里：{inbox}（{place}）。请另设输出目录（--out）")


def _written(settings: Settings, names: Iterable[str]) -> Iterator[tuple[Path, str]]:
    """The places that are written to, with what to call them. Each may be a link of its own."""
    yield settings.out, "输出目录"
    for name in names:
        own = settings.out / name
        for folder in (own, own / FOLDER, own / FOLDER / SENT):
            yield folder, "输出目录"
    yield settings.ledger_path or settings.out / LEDGER, "台账"
    yield settings.book_path or settings.out / BOOK, "决定簿"


def lies_in(path: Path, folder: Path) -> bool:
    """Whether ``path``, which need not exist, leads to ``folder`` or below it."""
    try:
        real = path.resolve()
        return any(os.path.samefile(above, folder) for above in (real, *real.parents) if above.exists())
    except (FileNotFoundError, NotADirectoryError):  # ``folder`` is not there: nothing lies in it
        return False
    except RuntimeError as problem:  # a loop of links before Python 3.13
        raise UsageFault(f"路径不能用：{path}（链接绕成了圈）") from problem
    except OSError as problem:
        raise UsageFault(f"路径不能用：{path}（{cause(problem)}）") from problem
