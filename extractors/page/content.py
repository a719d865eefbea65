"""A page → its tables with the text of every cell, and the lines of text outside them."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from extractors.document.doubts import BORDER_MISSING, TABLE_UNEVEN, together
from extractors.document.model import Cell, Table
from extractors.page.characters import Char
from extractors.page.cut_text import mark_by_borders, mark_by_paper, mark_in_frames, mark_over_walls, mark_run_over
from extractors.page.grid import Grid
from extractors.page.lines import CLOSING, Line, to_lines
from extractors.page.rules import Box, Rule
from extractors.page.settings import CELLS
from extractors.page.tagged import TagTable
from extractors.page.text import Text, cell_text, doubts_about

Kind = Literal["text", "scan", "mixed"]


@dataclass(slots=True)
class PageTable:
    """A table as it stands on one page: ``cells[i]`` lies at ``boxes[i]`` with the text ``texts[i]``."""

    table: Table
    box: Box
    xs: list[float]
    boxes: list[Box]
    texts: list[Text]
    padding: float = CELLS.usual_padding
    open_top: bool = False
    open_bottom: bool = False
    stray: int = 0
    bottom: float = 0.0
    """Where the table ends on the last page it runs to."""
    inner: dict[int, list[PageTable]] = field(default_factory=dict)
    """The tables that stand in a cell, by the ``id`` of the cell."""
    past_edge: bool = False
    """The table runs out of the page at the right."""
    tagged: bool = False
    """It was read by the file's tags, whole."""
    slack: float = 0.0
    """How far the page may lie out of place, in points: 0 but for scans."""

    def row_height(self) -> float:
        """The height of the first row, in points."""
        return min(b.height for c, b in zip(self.table.cells, self.boxes, strict=True) if c.row == 1)


@dataclass(slots=True)
class PageContent:
    """What was read from one page. ``rules`` are horizontal rules of no table; ``doubt`` says why its grid is unsure;
    ``chars`` are all its characters, until they are no longer needed."""

    number: int
    width: float
    height: float
    kind: Kind = "text"
    tables: list[PageTable] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    doubt: str = ""
    chars: list[Char] = field(default_factory=list)
    objects: dict[int, int] = field(default_factory=dict)
    """The text objects of the page with their runs, as long as ``chars``."""
    slanted: list[str] = field(default_factory=list)
    """Watermarks: texts that run aslant over the page."""
    tagged: list[TagTable] = field(default_factory=list)
    """Tables that the file's tags tell of, where the page draws none."""
    tables_before: int = 0
    """How many tables stand on the page left of it on the same sheet."""
    floor: float = 0.0
    """Where the room for the body ends, on a page with footnotes."""
    typed: list[Char] = field(default_factory=list)
    """Characters upon a page read from its picture, which no picture shows: their font is not in the file."""
    struck: str = ""
    """What was struck out, and left out."""
    unshown: bool = False
    """The page has text that no picture shows and whose codes mean nothing."""


def fill_page(content: PageContent, chars: list[Char], grids: list[Grid]) -> None:
    """Each character into its cell or among the lines outside the tables."""
    rest = list(chars)
    for grid in grids:
        page_table, rest = _table(grid, rest, content)
        if page_table is None:
            continue
        page_table.table.index = len(content.tables) + 1
        content.tables.append(page_table)
        if grid.doubtful:
            content.doubt = content.doubt or "表格线不成矩形"
        if page_table.stray > max(CELLS.stray, CELLS.stray_share * len(chars)):
            content.doubt = content.doubt or "表格内有文字不在任何单元格中"
    content.lines = to_lines(rest)


def _table(grid: Grid, chars: list[Char], content: PageContent) -> tuple[PageTable | None, list[Char]]:
    """The table of a grid with its text, and the characters that lie outside it; None for a grid without text."""
    inside, outside = _split(chars, grid.box)
    if not any(c.text != " " for c in inside):
        return None, chars
    by_cell, stray = _by_cell(grid, inside)
    mark_in_frames(grid, inside)
    mark_by_paper(grid, by_cell, content.width)
    nested = _nested_tables(grid, by_cell, content)
    padding = _padding(grid, by_cell)
    mark_by_borders(grid, by_cell, padding)
    mark_over_walls(grid, by_cell)
    table = Table(
        0,
        len(grid.ys) - 1,
        len(grid.xs) - 1,
        page=content.number,
        doubts=(TABLE_UNEVEN,) if grid.doubtful or grid.guessed else (),
    )
    found = PageTable(
        table, grid.box, grid.xs, [], [], padding, grid.open_top, grid.open_bottom, len(stray), grid.box.y1
    )
    found.past_edge = grid.past_edge
    # Cells that are drawn whole on both pages of a break reach beyond the page.
    found.open_top = found.open_top or grid.box.y0 < -CELLS.off_page
    found.open_bottom = found.open_bottom or grid.box.y1 > content.height + CELLS.off_page
    for number, place in enumerate(grid.cells):
        text = cell_text(by_cell.get(number, ()), place.box.x0 + padding, place.box.x1 - padding)
        cell = Cell(place.row + 1, place.column + 1, place.row_span, place.column_span, text.text, text.marks)
        cell.tables = [t.table for t in nested.get(number, ())]
        if cell.tables:
            found.inner[id(cell)] = nested[number]
        cell.pictures = sum(
            1
            for i in content.images
            if i.width > CELLS.picture and place.box.holds((i.x0 + i.x1) / 2, (i.y0 + i.y1) / 2)
        )
        cell.page, cell.doubts = content.number, together(table.doubts, doubts_about(text.lines))
        table.cells.append(cell)
        found.boxes.append(place.box)
        found.texts.append(text)
    mark_run_over(table.cells, found.texts)
    _without_gaps(found, grid)
    return found, outside


def _without_gaps(found: PageTable, grid: Grid) -> None:
    """Gives a blank place at a table's left, where no rule closes it, to the cell above: LibreOffice leaves out the borders of
    a merged cell that a page break moved."""
    closed = [left for left, _ in grid.sides]
    cells = found.table.cells
    if all(closed) or sum(closed) <= 1:
        return
    for number in range(len(cells) - 1, 0, -1):
        gap = cells[number]
        if gap.column != 1 or gap.text or gap.row == 1 or any(closed[gap.row - 1 : gap.row - 1 + gap.row_span]):
            continue
        above = next((c for c in cells if c.column == 1 and c.row + c.row_span == gap.row), None)
        if above is None or above.column_span != gap.column_span or not above.text:
            continue
        above.row_span += gap.row_span
        above.doubts = together(above.doubts, (BORDER_MISSING,))
        del cells[number], found.boxes[number], found.texts[number]


def _nested_tables(grid: Grid, by_cell: dict[int, list[Char]], content: PageContent) -> dict[int, list[PageTable]]:
    found: dict[int, list[PageTable]] = defaultdict(list)
    for inner in grid.inner:
        number = grid.cell_at((inner.box.x0 + inner.box.x1) / 2, (inner.box.y0 + inner.box.y1) / 2)
        if number is None:
            continue
        page_table, rest = _table(inner, by_cell.get(number, []), content)
        if page_table is not None:
            by_cell[number] = rest
            page_table.table.index = len(found[number]) + 1
            found[number].append(page_table)
    return found


def _split(chars: Sequence[Char], box: Box) -> tuple[list[Char], list[Char]]:
    """Characters inside and outside a table. Text that begins inside and runs over the table's edge is inside."""
    within = [box.holds(char.middle, char.level) for char in chars]
    for order in (range(1, len(chars)), range(len(chars) - 2, -1, -1)):
        for i in order:
            beside = i - order.step
            hangs = order.step > 0 and chars[i].text in CLOSING  # programs may draw it by itself
            if within[i] or not within[beside] or (chars[i].run != chars[beside].run and not hangs):
                continue
            a, b = sorted((chars[i], chars[beside]), key=lambda c: c.x0)
            if (
                abs(a.base - b.base) < CELLS.over_edge_level * a.size
                and b.x0 - a.x1 < CELLS.over_edge_gap * a.size
                and a.text != " " != b.text
            ):
                within[i] = True
    inside = [c for c, w in zip(chars, within, strict=True) if w]
    return inside, [c for c, w in zip(chars, within, strict=True) if not w]


def _by_cell(grid: Grid, chars: Sequence[Char]) -> tuple[dict[int, list[Char]], list[Char]]:
    """The characters of each cell; text that runs over its cell's edge stays with the cell that holds most of it."""
    runs: dict[int, list[tuple[Char, int | None]]] = defaultdict(list)
    key, last = 0, None
    for char in chars:
        if not (char.text in CLOSING and last is not None and _follows(last, char)):  # it may hang over its cell's edge
            key = char.run if char.run > 0 else -id(char)
        runs[key].append((char, grid.cell_at(char.middle, char.level)))
        last = char
    found: dict[int, list[Char]] = defaultdict(list)
    stray: list[Char] = []
    for run in runs.values():
        cells = {number for _, number in run}
        pieces = [run] if len(cells) == 1 else _contiguous(run)
        for piece in pieces:
            counts: dict[int, int] = defaultdict(int)
            for char, number in piece:
                if number is not None and char.text != " ":
                    counts[number] += 1
            if not counts:
                stray.extend(c for c, n in piece if n is None and c.text != " ")
                for char, number in piece:
                    if number is not None:
                        found[number].append(char)
                continue
            home = max(counts, key=lambda n: (counts[n], -n))
            found[home].extend(c for c, _ in piece)
    return found, stray


def _follows(a: Char, b: Char) -> bool:
    """Whether a character stands right behind another."""
    low, high = CELLS.follows_gap
    return abs(a.base - b.base) < CELLS.follows_level * a.size and low * a.size < b.x0 - a.x1 < high * a.size


def _contiguous(run: list[tuple[Char, int | None]]) -> list[list[tuple[Char, int | None]]]:
    """A text object that touches several cells, cut where there is a gap or a new line."""
    found: list[list[tuple[Char, int | None]]] = [[run[0]]]
    for before, after in itertools.pairwise(run):
        a, b = before[0], after[0]
        if _follows(a, b) and a.text != " " and b.text != " ":
            found[-1].append(after)
        else:
            found.append([after])
    return found


def _padding(grid: Grid, by_cell: dict[int, list[Char]]) -> float:
    """The space between border and text in this table: a low percentile over its cells."""
    gaps = sorted(
        min(c.x0 for c in chars if c.text != " ") - grid.cells[number].box.x0
        for number, chars in by_cell.items()
        if any(c.text != " " for c in chars)
    )
    low, high = CELLS.padding
    return min(high, max(low, gaps[len(gaps) // 10])) if gaps else CELLS.usual_padding
