"""A table seen as rows: which cells start in a row, and which cell covers a place."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter

from extractors.document.model import Cell, Table

_BY_COLUMN = attrgetter("column")


@dataclass(slots=True)
class Grid:
    """``rows[r]``: the cells that start in row r (from 1), left to right. :meth:`at`: the cell that covers a place."""

    table: Table
    rows: dict[int, list[Cell]] = field(default_factory=dict)
    _cover: dict[tuple[int, int], Cell] = field(default_factory=dict)
    _lines: dict[int, list[Cell]] = field(default_factory=dict)
    """Of the rows that cells from above reach into, every cell."""

    @classmethod
    def of(cls, table: Table) -> Grid:
        made = cls(table)
        for cell in table.cells:
            made.rows.setdefault(cell.row, []).append(cell)
            if cell.row_span > 1:
                for row in range(cell.row, cell.row + cell.row_span):
                    for column in range(cell.column, cell.column + cell.column_span):
                        made._cover[row, column] = cell
        for line in made.rows.values():
            if len(line) > 1:
                line.sort(key=_BY_COLUMN)
        if made._cover:
            made._join_spanning()
        return made

    def _join_spanning(self) -> None:
        spanning: dict[int, dict[int, Cell]] = {}
        for (row, _), cell in self._cover.items():
            if cell.row < row:
                spanning.setdefault(row, {})[id(cell)] = cell
        for row, above in spanning.items():
            self._lines[row] = sorted([*self.rows.get(row, ()), *above.values()], key=_BY_COLUMN)

    def at(self, row: int, column: int) -> Cell | None:
        """The cell that covers this place, None in a gap."""
        found = self._cover.get((row, column))
        if found is not None:
            return found
        for cell in self.rows.get(row, ()):
            if cell.column <= column < cell.column + cell.column_span:
                return cell
        return None

    def line(self, row: int) -> list[Cell]:
        """Every cell that covers part of a row, those merged down from above too, left to right."""
        found = self._lines.get(row)
        return self.rows.get(row, []) if found is None else found

    def end(self, row: int) -> int:
        """The column behind the last cell of a row."""
        return max([c.column + c.column_span for c in self.line(row)], default=1)

    def spanning(self, row: int) -> list[Cell]:
        """Cells that started above and reach into this row."""
        return [c for c in self._lines.get(row, ()) if c.row < row]
