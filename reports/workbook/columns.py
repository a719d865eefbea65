"""What columns a sheet has: those of the findings' sheet are known by whoever reads one that people changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reports.workbook.said import ACTION, BY, ID, REASON


@dataclass(frozen=True)
class Column:
    """``kind``: text wraps, short does not, number is right-aligned, words hold what people wrote, uncut (split longer
    ones with :func:`pieces`), write is a column for people to write in."""

    title: str
    width: float
    kind: Literal["text", "short", "number", "words", "write"] = "short"


COLUMNS = (
    Column("序号", 6),
    Column("申报单位", 24, "text"),
    Column("表式", 10),
    Column("级别", 11),
    Column("问题", 48, "text"),
    Column("位置", 20, "text"),
    Column("证据", 40, "text"),
    Column("应为", 26, "text"),
    Column("依据", 12, "text"),
    Column(ACTION, 9, "write"),
    Column(REASON, 28, "write"),
    Column(BY, 10, "write"),
    Column("意见状态", 20, "words"),
    Column("规则", 7),
    Column("文件", 30, "text"),
    Column(ID, 19),
)
"""The columns of the findings' sheet."""
