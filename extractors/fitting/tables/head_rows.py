"""Heads of two rows (负责人 over 姓名 and 手机) → one row of heads, as the form names its columns (负责人姓名)."""

from __future__ import annotations

from extractors.document.grid import Grid
from extractors.document.model import Cell, Table
from extractors.fitting.labels import LabelIndex, fold_label


def join_heads(table: Table, index: LabelIndex) -> None:
    """Gives each head of a second row the words above it, where the form has a column of both together, and its place beside
    the heads of the first row."""
    if not any(c.column_span > 1 and c.row_span == 1 for c in table.cells):
        return
    grid = Grid.of(table)
    for row, cells in grid.rows.items():
        for over in cells:
            under = _under(grid, row, over)
            if len(under) > 1 and all(fold_label(over.text + c.text) in index.heads for c in under):
                table.cells.remove(over)
                for cell in under:
                    cell.text, cell.row, cell.row_span = over.text + cell.text, row, cell.row_span + 1


def _under(grid: Grid, row: int, over: Cell) -> list[Cell]:
    """The cells of the next row that lie beneath a cell, [] where they do not fill its width."""
    if over.row_span > 1 or over.column_span == 1 or not over.text.strip():
        return []
    end = over.column + over.column_span
    found = [c for c in grid.rows.get(row + 1, []) if over.column <= c.column < end]
    return found if sum(c.column_span for c in found) == over.column_span else []
