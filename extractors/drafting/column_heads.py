"""Rows of heads: which row of a table is one, and what the rows beneath it are."""

from __future__ import annotations

import re
from typing import NamedTuple

from extractors.document.grid import Grid
from extractors.document.model import Cell
from extractors.drafting import printed as p
from extractors.drafting.printed import printed
from extractors.drafting.words import is_a, known_column

_SEQUENCE = re.compile(r"[\d\s.、（）()]{1,6}|[…。.·]+|[一二三四五六七八九十]{1,2}[、.]?")
EXAMPLE = re.compile(r"^\s*(?:示例|样例|范例|例如|例|举例)\s*[：:\n]\s*")
_SEVERAL = 2
"""So many cells are a row of heads; one is a label."""


class Heads(NamedTuple):
    """A row of heads: their cells, where its body begins, the labels, the label of the cell that runs down beside it, and the
    unit that it states (经济指标（万元）)."""

    cells: list[Cell]
    body: int
    labels: list[str]
    group: str
    unit: str = ""


def beside(grid: Grid, row: int, cells: list[Cell]) -> str:
    """The label of the cell that runs down the left of a row from above, "" where there is none."""
    return printed(_left(grid, row, cells)).label


def _left(grid: Grid, row: int, cells: list[Cell]) -> str:
    left = [c for c in grid.spanning(row) if c.column < cells[0].column and not p.is_fill(c.text)]
    return left[-1].text if left else ""


def heads_at(grid: Grid, row: int, cells: list[Cell]) -> Heads | None:
    """The heads that a row consists of, None where it is no such row. A head over several is read with each of these."""
    over = _left(grid, row, cells)
    heads = list(cells)
    deep = min(c.row_span for c in cells)
    if len(heads) > _SEVERAL and heads[0].row_span > deep and heads[0].row_span > max(c.row_span for c in heads[1:]):
        over = heads.pop(0).text
    if len(heads) < _SEVERAL or any(p.is_fill(c.text) or p.has_boxes(c.text) or p.is_hint(c.text) for c in heads):
        return None
    height = max(c.row_span for c in heads)
    leaves: list[Cell] = []
    labels: list[str] = []
    for head in heads:
        within = range(head.column, head.column + head.column_span)
        under = [c for r in range(row + 1, row + height) for c in grid.rows.get(r, []) if c.column in within]
        leaves += under or [head]
        labels += [head.text + c.text if known_column(c.text) else c.text for c in under] or [head.text]
    said = printed(over)
    return Heads(leaves, row + height, labels, said.label, said.unit)


def body_kind(grid: Grid, heads: Heads, row: int) -> str:
    """What a row under heads is: blank, example, labelled (its first cell names it); "" where it is no row of theirs."""
    cells = grid.rows.get(row, [])
    if [c.column for c in cells] != [c.column for c in heads.cells]:
        return ""
    first, rest = cells[0].text, cells[1:]
    if is_a(first, "examples") or any(EXAMPLE.match(c.text) for c in cells):
        return "example"
    if all(is_room(c.text) for c in cells):
        return "blank"
    numbered = bool(first.strip()) and is_sequence(first) and not is_room(rest[0].text)
    named, *room = rest if numbered else cells
    if room and all(is_room(c.text) for c in room) and not p.has_boxes(named.text) and not p.is_hint(named.text):
        return "labelled"
    return ""


def is_total(cells: list[Cell]) -> bool:
    """Whether a row beneath the rows to fill in adds them up (合计): nothing but that word, and room."""
    first, *rest = [c.text for c in cells if not p.is_fill(c.text)] or [""]
    return is_a(first, "totals") and not rest


def is_room(text: str) -> bool:
    """Whether a cell under heads is to be filled in: blank, or numbered."""
    return p.is_fill(text) or is_sequence(text)


def is_sequence(text: str) -> bool:
    return _SEQUENCE.fullmatch(text.strip()) is not None
