"""What people made of a workbook besides words on findings, and what comes back where it was: their own columns and sheets, colours and
notes on cells, widths.

A cell of an own column belongs to what its row is about (a finding's id, an application's, a rule's code), an own column to the column that
stood left of it, an own sheet to the sheet before it. What is here is read from the former workbook each time and written into the new one
(:class:`reports.workbook.sheets.Book`); the words are in the book of decisions too (:class:`records.models.Unplaced`, ``placed``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from reports.workbook.looks import Look


@dataclass(frozen=True)
class Cell:
    """``value`` is a text, number, date or truth value; ``formula`` with its "=", whose last result ``value`` then is. ``note`` stands
    beside it."""

    value: Any = None
    formula: str = ""
    look: Look = ()
    note: str = ""

    def says(self) -> tuple[str, str]:
        return self.formula or ("" if self.value is None else str(self.value)), self.note


_SAME = 0.35
"""Characters by which a width may differ without a person's doing: programs round."""


@dataclass(frozen=True)
class Width:
    """In characters, as Excel shows it."""

    width: float
    hidden: bool = False

    def differs(self, usual: float) -> bool:
        """Whether a column is not as wide as the program makes it."""
        return self.hidden or abs(self.width - usual) > _SAME


@dataclass(frozen=True)
class OwnColumn:
    """``after`` is the title of the program's column left of it, "" where it stands before all. ``cells`` by the key of their row."""

    head: Cell
    after: str
    cells: dict[str, Cell]
    width: Width | None = None
    nth: int = 0
    """Counts own columns under the same head."""

    @property
    def title(self) -> str:
        return self.head.says()[0]

    @property
    def name(self) -> tuple[str, int]:
        return self.head.says()[0], self.nth


@dataclass(frozen=True)
class OwnSheet:
    """Rows and columns from 1. ``merged``: first row, first column, last row, last column; ``frozen``: rows, columns; ``after``: the
    program's sheet before it, "" where it stands before all."""

    name: str
    after: str
    cells: dict[tuple[int, int], Cell]
    widths: dict[int, Width] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    frozen: tuple[int, int] = (0, 0)
    filtered: tuple[int, int, int, int] | None = None
    hidden: bool = False
    tab: str = ""

    def says(self) -> dict[tuple[int, int], tuple[str, str]]:
        return {at: said for at, cell in self.cells.items() if any(said := cell.says())}


@dataclass
class Carried:
    """By the program's sheets. ``read``: the workbook of the folder itself was read: what it does not hold, a person took out."""

    columns: dict[str, list[OwnColumn]] = field(default_factory=dict)
    sheets: list[OwnSheet] = field(default_factory=list)
    marks: dict[str, dict[tuple[str, str], Cell]] = field(default_factory=dict)
    """Looks and notes on the program's cells, by the key of the row ("" for the head) and the title of the column."""
    widths: dict[str, dict[str, Width]] = field(default_factory=dict)
    read: bool = False

    def __bool__(self) -> bool:
        return bool(self.columns or self.sheets or self.marks or self.widths)

    def slots(self) -> set[tuple[str, str]]:
        """Sheet and head of every own column."""
        return {(sheet, c.name[0]) for sheet, columns in self.columns.items() for c in columns}

    def add(self, other: Carried) -> list[tuple[str, str, str, str]]:
        """Take over what is not here yet. Returns what is said otherwise here: (sheet, key, head, text) of own cells; of own sheets, which
        are kept under another name, (name, "", "", other name)."""
        against = []
        for sheet, columns in other.columns.items():
            here = self.columns.setdefault(sheet, [])
            for column in columns:
                at = next((n for n, c in enumerate(here) if c.name == column.name), None)
                if at is None:
                    here.append(column)
                    continue
                cells = dict(here[at].cells)
                for key, cell in column.cells.items():
                    mine = cells.setdefault(key, cell)
                    if mine.says() != cell.says() and any(cell.says()):
                        against.append((sheet, key, column.name[0], cell.says()[0]))
                here[at] = replace(here[at], cells=cells)
        for own in other.sheets:
            same = next((s for s in self.sheets if s.name.casefold() == own.name.casefold()), None)
            if same is None:
                self.sheets.append(own)
            elif same.says() != own.says():
                name = free_name(own.name, (s.name for s in self.sheets))
                self.sheets.append(replace(own, name=name))
                against.append((own.name, "", "", name))
        for sheet, widths in other.widths.items():
            self.widths.setdefault(sheet, widths)
        for sheet, marks in other.marks.items():
            self.marks[sheet] = {**marks, **self.marks.get(sheet, {})}
        return against


_LONGEST = 31
"""Characters of a sheet's name."""


def free_name(name: str, taken: Iterable[str]) -> str:
    """``name`` with a number that makes it one of its own."""
    used, number, found = {t.casefold() for t in taken}, 1, name
    while found.casefold() in used:
        number += 1
        found = f"{name[: _LONGEST - 4]}（{number}）"
    return found
