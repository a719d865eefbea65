"""Heads of several rows: two of them (负责人 over 姓名 and 手机) become one, as the form names its columns (负责人姓名); and the lines
of a head printed again that were taken for rows are known by the head as it was read before."""

from __future__ import annotations

from extractors.document.grid import Grid
from extractors.document.model import Cell, Table
from extractors.fitting.labels import LONGEST, LabelIndex, bare, fold_label
from extractors.fitting.tables.heads import Head


class HeadLines:
    """The head of a table as far as it was read, which the rows beneath it may go on with."""

    __slots__ = ("read", "whole")

    def __init__(self, head: Head, whole: set[str]) -> None:
        self.read = {c.column: bare(c.text) for c in head.line}
        self.whole = whole

    def go_on(self, line: list[Cell]) -> bool:
        """Whether every text of a row goes on with the text above it as a head of this table does; then it is read too."""
        longer = {c.column: self.read.get(c.column, "") + bare(c.text) for c in line if bare(c.text)}
        if not longer or not all(any(whole.startswith(text) for whole in self.whole) for text in longer.values()):
            return False
        self.read.update(longer)
        return True


def join_heads(table: Table, index: LabelIndex) -> Grid:
    """Gives each head of a second row the words above it, where the form has a column of both together, and its place beside
    the heads of the first row; the table's grid after that is returned."""
    wide = [c for c in table.cells if c.column_span > 1 and c.row_span == 1 and len(c.text) <= LONGEST]
    starts = [c for c in wide if fold_label(c.text) in index.head_starts]
    grid = Grid.of(table)
    joined = False
    for over in starts:
        under = _under(grid, over)
        if len(under) > 1 and all(c.text.strip() and fold_label(over.text + c.text) in index.heads for c in under):
            joined = True
            table.cells.remove(over)
            for cell in under:
                cell.text, cell.row, cell.row_span = over.text + cell.text, over.row, cell.row_span + 1
    return Grid.of(table) if joined else grid


def _under(grid: Grid, over: Cell) -> list[Cell]:
    """The cells of the next row that lie beneath a cell, [] where they do not fill its width."""
    end = over.column + over.column_span
    found = [c for c in grid.rows.get(over.row + 1, []) if over.column <= c.column < end]
    return found if sum(c.column_span for c in found) == over.column_span else []
