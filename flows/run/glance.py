"""A run at a glance: what it is called and what it came to, in a line, a table and a page. Names of files, no personal data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import catalog as packs
from flows.run.summary import RunSummary
from flows.settings import Settings
from flows.terminal import shown
from reports.results.model import Status


def run_name(settings: Settings, districts: Iterable[object], round_name: str = "") -> str:
    """What a run is called: its round and office, as in “2023 浦东新区”."""
    try:
        year, whole = round_name or settings.notice, packs.load(settings.notice).region.whole
    except packs.CatalogError:
        year, whole = "", "全部"
    return shown(" ".join((year, "、".join(map(str, districts)) or whole)).strip())


def found(summary: RunSummary) -> str:
    """What a run found, in a sentence."""
    items = sum(s.items for s in summary.standings.values())
    tally = {s.value: sum(d.tally.get(s.value, 0) for d in summary.standings.values()) for s in Status}
    states = "、".join(f"{name}{count}份" for name, count in tally.items() if count)
    what = f"{len(summary.standings)}个推荐单位，材料{items}份" + (f"：{states}" if states else "")
    return f"没有变化；{what}" if summary.unchanged is not None else what


def table(summary: RunSummary) -> list[dict[str, Any]]:
    """A row a district: what was received and how it stands."""
    rows = []
    for name, standing in sorted(summary.standings.items()):
        rows.append(
            {"推荐单位": name, "收到": standing.received}
            | {status.value: standing.tally.get(status.value, 0) for status in Status}
            | {"报告": "、".join(p.name for p in summary.reports.get(name, []))}
        )
    return rows


def markdown(summary: RunSummary) -> str:
    """Counts, failures and what was passed over. Names of files, no personal data."""
    lines = [
        f"审查 {summary.read_count} 个文件（其中 {summary.recalled} 个此前已读过），"
        f"略过 {len(summary.passed_over)} 个，涉及 {len(summary.standings)} 个推荐单位，"
        f"输出目录 `{summary.settings.out}`。",
        "",
        "；".join(f"{part} {seconds:g} 秒" for part, seconds in summary.seconds.items()),
    ]
    if summary.unchanged is not None:
        lines += ["", "收件目录和规则自上次审查后没有变化，报告保持不变。"]
    if summary.failures:
        lines += [
            "",
            "**失败**",
            "",
            *(f"- {shown(f.part)} {shown(f.what)}：{shown(f.message)}" for f in summary.failures),
        ]
    if summary.passed_over:
        lines += ["", "**略过**", "", *(f"- `{shown(p.path)}`：{p.reason}" for p in summary.passed_over[:100])]
    return "\n".join(lines)
