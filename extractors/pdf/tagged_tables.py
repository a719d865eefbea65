"""Tables read by their tags in place of those guessed from a page's text: over the pages they run, as one table each."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from extractors.document.doubts import TABLE_BY_TAGS, together
from extractors.document.model import Cell, Table
from extractors.page.characters import Char
from extractors.page.content import PageContent, PageTable
from extractors.page.lines import to_lines
from extractors.page.rules import Box
from extractors.page.segments import is_parted
from extractors.page.tables.was_cut import needed
from extractors.page.tagged import Path, TagCell, TagTable
from extractors.page.text import Text, cell_text, doubts_about
from extractors.pdf.tags import tagged_tables


def read_tags(page: Any, content: PageContent, before: PageContent | None) -> None:
    """Looks for the tables of a page that were not drawn, or not wholly, in its tags; their text is taken out of its lines and
    of the tables guessed from it."""
    goes_on = before is not None and bool(before.tagged)
    guessed = any(not _is_sure(t) for t in content.tables)
    if not (goes_on or guessed or any(is_parted(line) for line in content.lines)):
        return
    found = tagged_tables(page, content.objects, content.chars)
    for number, table in enumerate(found):
        rest = goes_on and number == 0 and before is not None and before.tagged[-1].size == table.size
        own = {id(c) for c in table.chars()}
        drawn = [t for t in content.tables if _is_sure(t) and any(id(c) in own for c in _chars(t))]
        if own and (rest or not drawn or _holds_more_rows(table, drawn)):
            content.tagged.append(table)
    if content.tagged:
        _take(content, {id(c) for t in content.tagged for c in t.chars()})
        content.doubt = ""


def _holds_more_rows(table: TagTable, drawn: list[PageTable]) -> bool:
    """Whether rows that the tags tell of are one in a table with rules around them all: most of its rows hold several. Rows that the
    tags count beyond a drawn table (a title, blank ones) say nothing of it: what is drawn stands."""
    row_of = {id(c): path for path, row in table.rows.items() for cell in row for c in cell.chars}
    several: dict[tuple[int, int], set[Path]] = defaultdict(set)
    for found in drawn:
        for cell, text in zip(found.table.cells, found.texts, strict=True):
            told = (row_of.get(id(c)) for line in text.lines for c in line.chars)
            several[id(found), cell.row].update(path for path in told if path is not None)
    held = [paths for paths in several.values() if paths]
    return sum(1 for paths in held if len(paths) > 1) * 2 > len(held)


def _chars(table: PageTable) -> Iterator[Char]:
    for text in table.texts:
        for line in text.lines:
            yield from (c for c in line.chars if c.text != " ")


def _is_sure(table: PageTable) -> bool:
    """Whether a table was drawn whole; cells with gaps between them are frames, each of one cell."""
    return not table.table.doubts and len(table.table.cells) > 1


def _take(content: PageContent, own: set[int]) -> None:
    """Takes the characters of tables out of all else on the page."""
    guessed = [t for t in content.tables if any(id(c) in own for c in _chars(t))]
    rest = [c for t in guessed for text in t.texts for line in text.lines for c in line.chars if id(c) not in own]
    rest += [c for line in content.lines for c in line.chars if id(c) not in own]
    content.tables = [t for t in content.tables if t not in guessed]
    content.lines = to_lines(rest)


def place_tagged(pages: Sequence[PageContent]) -> None:
    """Puts the tables found in tags among those of their pages, each as one table on the page it begins."""
    last: list[tuple[PageContent, TagTable]] = []
    for page in pages:
        for number, table in enumerate(page.tagged):
            if last and number == 0 and last[-1][0] is not page and _goes_on([t for _, t in last], table):
                last.append((page, table))
                continue
            _place(last)
            last = [(page, table)]
        if not page.tagged:
            _place(last)
            last = []
    _place(last)


def _goes_on(parts: list[TagTable], other: TagTable) -> bool:
    """Whether ``other`` is the rest of a table on the next page; a head printed again is left out of it."""
    known = {path: row for part in parts for path, row in part.rows.items()}
    last = max(known)
    rest = {path: row for path, row in other.rows.items() if path == last or path not in known}
    again = all(_said(row) == _said(known[path]) for path, row in other.rows.items() if path not in rest)
    if parts[-1].size != other.size or not rest or last > min(rest) or not again:
        return False
    other.rows = rest
    return True


def _said(row: list[TagCell]) -> list[str]:
    return ["".join(c.text for c in cell.chars if c.text != " ") for cell in row if cell.chars]


def _place(parts: list[tuple[PageContent, TagTable]]) -> None:
    if not parts:
        return
    rows = _rows(parts)
    table = Table(0, page=parts[0][0].number, doubts=(TABLE_BY_TAGS,))
    placed = _laid_out(rows)
    table.rows, table.columns = len(rows), max((c + cell.span for _, c, cell in placed), default=0)
    if not placed:
        return
    edges = _edges(placed)
    first = parts[0][0]
    shown = [c for c in parts[0][1].chars() if c.text != " "]
    box = Box(
        min(c.x0 for c in shown), min(c.top for c in shown), max(c.x1 for c in shown), max(c.bottom for c in shown)
    )
    found = PageTable(table, box, [box.x0, box.x1], [], [], 1.0, bottom=box.y1, tagged=True)
    for row, column, cell in placed:
        text = _text(cell, *edges[column, cell.span])
        own = Cell(row + 1, column + 1, cell.rows, cell.span, text.text, text.marks)
        own.page = next((page for page, chars in cell.parts if chars), first.number)
        own.doubts = together((TABLE_BY_TAGS,), doubts_about(text.lines))
        table.cells.append(own)
        found.boxes.append(box)
        found.texts.append(text)
    first.tables.append(found)
    first.tables.sort(key=lambda t: t.box.y0)


class _Whole:
    """A cell with its text on all pages."""

    __slots__ = ("parts", "rows", "span")

    def __init__(self) -> None:
        self.parts: list[tuple[int, list[Char]]] = []
        self.span, self.rows = 0, 1

    def extent(self) -> tuple[float, float]:
        """From where to where its text reaches."""
        shown = [c for _, chars in self.parts for c in chars if c.text != " "]
        return min((c.x0 for c in shown), default=float("inf")), max((c.x1 for c in shown), default=float("-inf"))

    def add(self, page: int, cell: TagCell) -> None:
        self.parts.append((page, cell.chars))
        if cell.column_span is not None:
            self.span, self.rows = cell.column_span, max(self.rows, cell.row_span)


def _rows(parts: list[tuple[PageContent, TagTable]]) -> list[list[_Whole]]:
    """The rows of a table in order, those without any text among them."""
    found: dict[Path, list[_Whole]] = {}
    for page, table in parts:
        for path, cells in table.rows.items():
            row = found.setdefault(path, [_Whole() for _ in cells])
            for whole, cell in zip(row, cells, strict=False):
                whole.add(page.number, cell)
    first, last = min(found), max(found)
    if len(first) == len(last) and first[:-1] == last[:-1]:
        for index in range(first[-1], last[-1]):
            found.setdefault((*first[:-1], index), [])
    return [found[path] for path in sorted(found)]


def _laid_out(rows: list[list[_Whole]]) -> list[tuple[int, int, _Whole]]:
    """Each cell with its row and column. Programs leave out cells without text, or say nothing of their width: where a row has
    fewer columns than others, its cells stand below (or above) those of a row that has all."""
    known = [[cell for cell in row if cell.span] for row in rows]
    widths: list[int] = []
    taken: dict[int, int] = defaultdict(int)
    for number, row in enumerate(known):
        widths.append(taken[number] + sum(cell.span for cell in row))
        for cell in row:
            for below in range(number + 1, number + cell.rows):
                taken[below] += cell.span
    columns = max(widths, default=0)
    walls = _walls(known, widths, columns)
    begun = _begun(known, widths, columns)
    held: set[tuple[int, int]] = set()
    found: list[tuple[int, int, _Whole]] = []
    for number, row in enumerate(known):
        whole = widths[number] == columns and len(row) == len(rows[number])
        column, rest = 0, sum(cell.span for cell in row)
        for cell in row:
            while (number, column) in held:
                column += 1
            if not whole:
                column = _nearest(cell, range(column, max(column, columns - rest) + 1), walls, begun)
            rest -= cell.span
            held.update((number + r, column + c) for r in range(cell.rows) for c in range(cell.span))
            found.append((number, column, cell))
            column += cell.span
    found.sort(key=lambda f: f[:2])
    blank = [(r, c) for r in range(len(rows)) for c in range(columns) if (r, c) not in held]
    return sorted([*found, *((r, c, _blank()) for r, c in blank)], key=lambda f: f[:2])


def _blank() -> _Whole:
    cell = _Whole()
    cell.span = 1
    return cell


def _walls(rows: list[list[_Whole]], widths: list[int], columns: int) -> list[float]:
    """Where columns end, by the texts of rows that have all of them and no cell from above."""
    low, high = [float("inf")] * (columns + 1), [float("-inf")] * (columns + 1)
    for row, width in zip(rows, widths, strict=True):
        if width != columns or sum(cell.span for cell in row) != columns:
            continue
        column = 0
        for cell in row:
            start, end = cell.extent()
            low[column] = min(low[column], start)
            column += cell.span
            high[column] = max(high[column], end)
    walls: list[float] = []
    for n in range(columns + 1):
        ends = [v for v in (high[n], low[n]) if abs(v) != float("inf")]
        walls.append(sum(ends) / len(ends) if ends else (walls[-1] if walls else 0.0))
    return walls


def _begun(rows: list[list[_Whole]], widths: list[int], columns: int) -> set[tuple[int, int]]:
    """The columns and widths of cells in rows that have all of them."""
    found: set[tuple[int, int]] = set()
    for row, width in zip(rows, widths, strict=True):
        if width == columns == sum(cell.span for cell in row):
            starts = itertools.accumulate((cell.span for cell in row), initial=0)
            found.update((column, cell.span) for column, cell in zip(starts, row, strict=False))
    return found


def _nearest(cell: _Whole, free: range, walls: list[float], begun: set[tuple[int, int]]) -> int:
    """The column in which a cell's text lies best, of those ``free`` that leave room for the cells behind it: one where cells as
    wide begin in other rows, if any do."""
    start, end = cell.extent()
    if start > end or len(free) <= 1:
        return free[0]

    def outside(column: int) -> float:
        left, right = walls[column], walls[column + cell.span]
        return max(0.0, left - start) + max(0.0, end - right)

    return min([column for column in free if (column, cell.span) in begun] or free, key=outside)


def _edges(placed: list[tuple[int, int, _Whole]]) -> dict[tuple[int, int], tuple[float, float]]:
    """For cells of each column and span, where their text begins and ends at the most."""
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    for _, column, cell in placed:
        start, end = cell.extent()
        if start <= end:
            starts[column] = min(starts.get(column, start), start)
            ends[column + cell.span] = max(ends.get(column + cell.span, end), end)
    return {(c, cell.span): (starts.get(c, 0.0), ends.get(c + cell.span, 0.0)) for _, c, cell in placed}


def _text(cell: _Whole, left: float, right: float) -> Text:
    texts = [cell_text(chars, left, right) for _, chars in cell.parts if any(c.text != " " for c in chars)]
    if not texts:
        return Text("", [], [])
    whole = texts[0]
    for text in texts[1:]:
        whole = _joined(whole, text, right)
    return whole


def _joined(one: Text, other: Text, right: float) -> Text:
    """Texts of two pages; one that a page break cut goes on where its last line was full."""
    seam = "" if right - one.lines[-1].x1 <= needed(one.lines[-1], other) else "\n"
    shift = len(one.text) + len(seam)
    marks = [*one.marks, *(type(m)(m.offset + shift, m.ticked, m.kind) for m in other.marks)]
    return Text(one.text + seam + other.text, marks, [*one.lines, *other.lines])
