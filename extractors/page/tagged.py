"""Tables as a file's tags tell them: rows of cells with the characters they hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from extractors.page.characters import Char

Path = tuple[int, ...]


@dataclass(slots=True)
class TagCell:
    """A cell: its characters on this page; ``column_span`` is None for a cell without any, of which nothing is known."""

    chars: list[Char] = field(default_factory=list)
    column_span: int | None = None
    row_span: int = 1


@dataclass(slots=True)
class TagTable:
    """The part of a table that stands on one page: its rows by their place in the tree. ``size`` is the number of the table's
    own elements, the same on each page it runs over."""

    size: int
    rows: dict[Path, list[TagCell]] = field(default_factory=dict)

    def chars(self) -> Iterator[Char]:
        for row in self.rows.values():
            for cell in row:
                yield from cell.chars
