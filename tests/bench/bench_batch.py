"""Whole runs over many applications: what Prefect and the ledger add, what a rerun saves, how cost and memory grow.

Each run is a process of its own, in turns on the same inbox; a Prefect server, where one is measured, is running before.
Takes several minutes, and tells each line as it is measured: SHENBAO_BENCH_SIZES (default 250,500,1000,2000) makes it shorter.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench import rounds
from tests.bench.measure import Row

TITLE = "整批审查（每八份中一份示范工厂，其余优秀场景，各有各的文字）"
SIZES = [int(n) for n in os.environ.get("SHENBAO_BENCH_SIZES", "250,500,1000,2000").split(",")]
USUAL = 500
TURNS = 3
"""So often the reading stage is run with one process and with two."""


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="shenbao-bench-") as folder:
        for part in (_by_hand, _usual, _growth):
            yield from part(Path(folder))


def _by_hand(folder: Path) -> Iterator[Row]:
    """A rerun for one office from the command line, and what of it is not the review itself."""
    inbox, out, office = rounds.inbox(folder / "few", 40), folder / "by-hand", "浦东新区"
    rounds.by_hand(inbox, out, office)
    whole, _ = rounds.by_hand(inbox, out, office)
    yield Row("手工重审一个推荐单位，没有变化", whole, aim="≤ 2 秒")
    (inbox / office / "changed.docx").write_bytes(rounds.form(99_998))
    whole, work = rounds.by_hand(inbox, out, office)
    yield Row("改了一份再重审，审查本身以外的用时", whole - work, (whole - work) / whole, "全部用时", "≤ 1 秒")


def _usual(folder: Path) -> Iterator[Row]:
    size = min(USUAL, max(SIZES))
    inbox = rounds.inbox(folder / f"in{size}", size)
    reading = _reading(inbox)
    cold = _cold(inbox, folder, 2)
    with_prefect = min((_cold(inbox, folder, 2, prefect=True) for _ in range(2)), key=lambda r: float(r["seconds"]))
    plain = min(cold, _cold(inbox, folder, 2, keep=True), key=lambda r: float(r["seconds"]))
    seconds = float(plain["seconds"])
    yield Row(f"{size} 份，两个进程读取，第一次", seconds, 1, "第一次")
    both = max(0.0, float(with_prefect["seconds"]) - seconds) + float(with_prefect["ledger"])
    yield Row("其中 Prefect（服务已在运行）和台账", both, both / float(with_prefect["seconds"]), "全部用时", "≤ 0.10")
    yield Row("其中台账", float(plain["ledger"]), float(plain["ledger"]) / seconds, "全部用时")
    out = folder / "out"
    again = rounds.run(inbox, out, 2)
    yield Row("没有变化，再次审查", again["seconds"], again["seconds"] / seconds, "第一次", "≤ 0.05")
    (inbox / "浦东新区" / "changed.docx").write_bytes(rounds.form(99_999))
    changed = rounds.run(inbox, out, 2)
    yield Row(f"{size} 份之外新来一份", changed["seconds"], changed["seconds"] / seconds, "第一次")
    yield reading

    large = _cold(rounds.inbox(folder / "large", 300, districts=1), folder, 2)
    reports = large["parts"]["报告"]
    yield Row("一个推荐单位 300 份，其中写报告", reports, reports / large["seconds"], "全部用时")


def _reading(inbox: Path) -> Row:
    """The reading stage alone, the workers' start included: one process and two in turns, the quicker run of each."""
    took: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(TURNS):
        for workers, seconds in took.items():
            seconds.append(rounds.read(inbox, workers))
    one, two = min(took[1]), min(took[2])
    return Row("只读取：一个进程与两个相比", two, one / two, "两个进程（倍）", "≥ 1.7")


def _growth(folder: Path) -> Iterator[Row]:
    hundred = _cold(rounds.inbox(folder / "in100", 100), folder, 2, prefect=True)
    base: dict[str, Any] = {}
    for size in SIZES:
        took = _cold(rounds.inbox(folder / f"grow{size}", size), folder, 2, prefect=True)
        base = base or {"size": size, **took}
        expected = base["seconds"] / base["size"] * size
        yield Row(
            f"{size} 份，第一次", took["seconds"], took["seconds"] / expected, f"{base['size']} 份的每份用时", "≤ 1.1"
        )
        aim = "≤ 1.3" if size == 2000 else ""
        ratio = took["memory"] / hundred["memory"]
        yield Row(f"{size} 份，内存峰值 {took['memory']} MB", 0.0, ratio, f"100 份（{hundred['memory']} MB）", aim)


def _cold(inbox: Path, folder: Path, workers: int, *, prefect: bool = False, keep: bool = False) -> dict[str, Any]:
    """A first run; ``keep`` leaves what it wrote in ``folder/out``."""
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    found = rounds.run(inbox, out, workers, prefect=prefect)
    if not keep:
        shutil.rmtree(out, ignore_errors=True)
    return found
