"""The last words of a run on the terminal: how each district stands, what failed, and which reports to open."""

from __future__ import annotations

import sys
from pathlib import Path

from flows.run.summary import RunSummary
from flows.terminal import shown
from reports.results.model import Status

_NO_EDGE = 10_000
_MINUTE = 60
_OPEN_FIRST = (("index", ".html"), ("审查报告", ".docx"), ("审查台账", ".xlsx"))


def say_ending(summary: RunSummary, *, seconds: float, told: bool = False) -> None:
    """Print the table and the reports' paths on standard error, and each report's path on standard output. ``seconds``: what
    all of it took, Prefect's start too; ``told``: what the run had to tell was told as it went."""
    from rich.console import Console
    from rich.table import Column, Table

    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:  # a log has no edge to cut or break lines at
        console.width = _NO_EDGE
    usual = (Status.REJECT, Status.FIX, Status.CLEAN)
    states = [s.value for s in Status if s in usual or any(d.tally.get(s.value) for d in summary.standings.values())]
    tables = any(s.received > s.items for s in summary.standings.values())
    titles = ("推荐单位", "收到", *(("汇总表",) if tables else ()), *states)
    columns = (Column(title, overflow="fold") for title in titles)
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for name, standing in sorted(summary.standings.items()):
        apart = (standing.received - standing.items,) if tables else ()
        table.add_row(name, *map(str, (standing.received, *apart, *(standing.tally.get(s, 0) for s in states))))
    if summary.standings:
        console.print(table)
    else:
        console.print("没有可写报告的申报材料；已有的报告保持不变。")
    known = f"（其中 {summary.recalled} 个此前已读过）" if summary.recalled else ""
    passed_over = f"，略过 {len(summary.passed_over)} 个" if summary.passed_over else ""
    console.print(f"审查 {summary.read_count} 个文件{known}{passed_over}，用时 {_lasting(seconds)}。")
    if summary.unchanged is not None:
        console.print("收件目录和规则自上次审查后没有变化，报告保持不变。")
    for passed in (*summary.foreign, *summary.misplaced):
        console.print(shown(f"注意：{passed.path}：{passed.reason}"), style="yellow", markup=False)
    for folder, files in sorted(summary.nobodys.items()):
        words = (
            f"“{folder}”不是推荐单位的名称，其中{files}个文件按文件中写的推荐单位归入；名称写错的请改正，再运行一次。"
        )
        console.print(shown(f"注意：收件目录中的文件夹{words}"), style="yellow", markup=False)
    for name, texts in () if told else sorted(summary.told.items()):
        for text in texts:
            console.print(shown(f"{name}：{text}"), markup=False)
    if unplaced := summary.unplaced():
        counts = "、".join(f"{name}{len(words)}处" for name, words in unplaced.items())
        console.print(f"台账中有文字不能归入任何一条问题，列在“未能归入的意见”，待处理：{counts}。", markup=False)
    for failure in summary.failures:
        console.print(shown(f"失败：{failure.part} {failure.what}：{failure.message}"), style="red", markup=False)
    if summary.failures:
        console.print("以上各处失败，其余结果已写出；加 --verbose 重新运行可看详细日志。", style="red")
    if summary.reports:
        console.print("请打开：")
    sys.stderr.flush()
    for path in _to_open(summary):
        sys.stdout.write(f"{path}\n")


def _lasting(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), _MINUTE)
    return f"{minutes} 分 {rest} 秒" if minutes else f"{seconds:.1f} 秒"


def _to_open(summary: RunSummary) -> list[Path]:
    """The reports a person opens, the round's first; run.json last."""
    whole = summary.catalog.region.whole
    names = sorted(summary.reports, key=lambda n: (n != whole, n))
    # A report that was open in Word has its new copy beside it, as 审查报告（新）.docx.
    found = [
        path
        for name in names
        for stem, suffix in _OPEN_FIRST
        for path in summary.reports[name]
        if path.suffix == suffix and path.stem.removeprefix(whole).partition("（")[0] == stem
    ]
    return [*found, *([summary.run_file] if summary.run_file else [])]
