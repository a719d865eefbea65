"""The book of decisions for other programs (JSON Lines, the very events) and for people (a table)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from reports.workbook.columns import Column
from reports.workbook.sheets import Book

WHATS = {
    "confirm": "维持",
    "withdraw": "撤销",
    "restore": "恢复",
    "note": "备注",
    "add": "人工发现",
    "correct": "更正读数",
    "assign": "分派",
    "decide": "审定",
    "rank": "排序",
    "settle": "全市裁定",
    "issue": "发文",
    "send": "寄送",
    "answer": "回复",
    "close": "办结",
}
SOURCES = {"desk": "工作台", "workbook": "台账", "command": "命令行"}
_COLUMNS = [
    Column("序号", 7, "number"),
    Column("时间（UTC）", 24),
    Column("人员", 12, "words"),
    Column("单位", 14, "text"),
    Column("决定", 10),
    Column("对象", 22, "text"),
    Column("理由", 40, "words"),
    Column("原为", 36, "words"),
    Column("改为", 36, "words"),
    Column("来自", 9),
    Column("校验码", 20, "text"),
]


def jsonl(bodies: Iterable[tuple[int, str]]) -> bytes:
    """The events as they stand in the book, a line each."""
    return "".join(f"{body}\n" for _, body in bodies).encode()


def table(bodies: Iterable[tuple[int, str]]) -> bytes:
    """The events as a workbook."""
    book = Book("决定簿")
    rows = []
    for seq, body in bodies:
        e: dict[str, Any] = json.loads(body)
        what, source = WHATS.get(e["what"], e["what"]), SOURCES.get(e["source"], e["source"])
        words = [_told(e["before"]), _told(e["after"])]
        rows.append([seq, e["at"], e["who"], e["office"], what, e["target"], e["reason"], *words, source, e["hash"]])
    book.add("决定簿", _COLUMNS, rows, frozen=1, always=True)
    return book.close()


def _told(value: Any) -> str:
    """What stood or is to stand there, as text."""
    if isinstance(value, dict):
        return "\n".join(f"{key}：{_told(v)}" for key, v in value.items() if v not in ("", None, [], {}))
    if isinstance(value, list):
        return "；".join(map(_told, value))
    return "" if value is None else str(value)
