"""A workbook as its readers hand it over: what each cell shows, what is merged, what is hidden, what stands beside the cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from extractors.document.doubts import Doubts
from extractors.document.errors import Unreadable
from extractors.document.model import Paragraph, letters
from extractors.sheet.settings import SHEET
from records.models import Note

AGAIN = "请用 Excel 或 WPS 打开原件，另存为 .xlsx 后重新报送"


class Shown(NamedTuple):
    """A cell as a person sees it; ``text`` is never blank."""

    text: str
    doubts: Doubts = ()


class Area(NamedTuple):
    """A range of cells, its first and last row and column, from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """``cells`` by row and column from 1, those with text alone. ``hidden_rows`` and ``hidden_columns`` may name rows and columns
    without text. ``unseen``: text in cells that show nothing (a format that hides it, beneath a merged cell). ``formulas``: the
    cells whose formula has no result."""

    name: str
    hidden: bool = False
    cells: dict[tuple[int, int], Shown] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    unseen: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: list[tuple[int, int]] = field(default_factory=list)
    aside: list[Paragraph] = field(default_factory=list)
    """Headers, footers and text boxes."""
    pictures: int = 0

    @property
    def at(self) -> str:
        return f"工作表“{self.name}”" if self.name else ""

    def put(self, row: int, column: int, text: str, doubts: Doubts = ()) -> None:
        """What a cell shows; nothing where it is blank."""
        if text and not text.isspace():
            self.cells[row, column] = Shown(text, doubts)

    def place(self, row: int, column: int) -> str:
        """``工作表“附件4” C7``; of a table of text ``行7 列3``."""
        return f"{self.at} {letters(column)}{row}" if self.name else f"行{row} 列{column}"


@dataclass(slots=True)
class Book:
    """``notes``: what the reader noticed beyond the sheets (macros, links, comments)."""

    sheets: list[Sheet] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


class Counter:
    """Counts the filled cells of a workbook while it is read."""

    def __init__(self) -> None:
        self.filled = 0

    def add(self, many: int) -> None:
        """Raises Unreadable where there are more than anybody reads."""
        self.filled += many
        if self.filled > SHEET.filled:
            raise Unreadable(
                f"表格有超过{SHEET.filled // 10000}万个单元格填有内容，远超过申报材料所需，未予读取；请只保留需要报送的内容后重新报送"
            )


def listed(names: Iterable[str], counted: str) -> str:
    """``names`` one behind the other, the first of many with how many there are (``处``, ``行`` …)."""
    every = list(names)
    more = f"等{len(every)}{counted}" if len(every) > SHEET.told else ""
    return "、".join(every[: SHEET.told]) + more
