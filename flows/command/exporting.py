"""``shenbao export``: the round in the output folder as tables for those who analyse it."""

from __future__ import annotations

import json
from pathlib import Path

import catalog as packs
from catalog.oserror import cause
from flows.exits import PartFailed, UsageFault
from flows.run.asked import lies_in
from flows.settings import Settings

FOLDER = "导出"
"""Where the tables stand in the output, unless another place is named."""


def export(settings: Settings, target: Path | None, form: str) -> list[Path]:
    """Write the tables; the paths of the files. Raises UsageFault where nothing was reviewed yet or the place is none to write
    to, PartFailed where a table cannot be made."""
    target = target or settings.out / FOLDER
    if not settings.out.is_dir():
        raise UsageFault(f"输出目录不存在：{settings.out}；请先运行 shenbao review")
    if lies_in(target, settings.inbox):
        raise UsageFault(f"不能导出到收件目录里：{target}")
    try:
        catalog = packs.load(settings.notice, settings.office)
    except packs.CatalogError as problem:
        raise UsageFault(f"通知包有误：{problem}") from problem
    from reports.data import export as exports

    try:
        made = exports.tables(settings.out, catalog)
        if not made:
            raise UsageFault(f"输出目录中还没有审查结果：{settings.out}；请先运行 shenbao review")
        target.mkdir(parents=True, exist_ok=True)
        return exports.WRITERS[form](made, target)
    except (exports.TooLarge, exports.NoParquet) as problem:
        raise UsageFault(str(problem)) from problem
    except json.JSONDecodeError as problem:
        raise PartFailed("导出", "输出目录中的数据不完整，请重新运行 shenbao review") from problem
    except OSError as problem:
        raise PartFailed("导出", f"写不到 {target}（{cause(problem)}）") from problem
