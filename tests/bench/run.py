"""``make bench``: every ``bench_*.py`` beside this file, as tables of ratios. Nothing is asserted: look, and judge.

``python -m tests.bench.run word`` runs one of them; with ``--markdown`` the tables are as docs/performance.md has them.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.bench.measure import Row

_WIDTHS = (52, 6, 20, 16, 10)
"""Columns of a terminal; what is longer moves the rest of its line on."""


def main(wanted: Sequence[str]) -> None:
    markdown = "--markdown" in wanted
    wanted = [name for name in wanted if name != "--markdown"]
    names = sorted(p.stem.removeprefix("bench_") for p in Path(__file__).parent.glob("bench_*.py"))
    unknown = set(wanted) - set(names)
    if unknown:
        sys.exit(f"没有这些测量：{'、'.join(sorted(unknown))}；可用：{'、'.join(names)}")
    print(f"Python {platform.python_version()}，{platform.machine()}，{os.cpu_count()} 个核\n")
    for name in names:
        if not wanted or name in wanted:
            module = importlib.import_module(f"tests.bench.bench_{name}")
            print(module.TITLE)
            (show_markdown if markdown else show)(module.rows())
            print(flush=True)


def show(rows: Iterable[Row]) -> None:
    """Print a line for each row as soon as it is measured; a Chinese character takes two columns of a terminal."""
    _line("", "比值", "相对于", "要求", "用时")
    for row in rows:
        _line(row.name, "" if row.ratio is None else f"{row.ratio:.2f}", row.of, row.aim, _time(row.seconds))


def _line(*texts: str) -> None:
    print(
        "  " + "  ".join(text + " " * (w - _width(text)) for text, w in zip(texts, _WIDTHS, strict=True)).rstrip(),
        flush=True,
    )


def show_markdown(rows: Iterable[Row]) -> None:
    print("| 项目 | 比值 | 相对于 | 要求 | 用时 |\n|---|---|---|---|---|", flush=True)
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        print(f"| {row.name} | {ratio} | {row.of} | {row.aim} | {_time(row.seconds)} |", flush=True)


def _time(seconds: float) -> str:
    if not seconds:
        return ""
    return f"{seconds * 1000:.1f} 毫秒" if seconds < 1 else f"{seconds:.2f} 秒"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


if __name__ == "__main__":
    main(sys.argv[1:])
