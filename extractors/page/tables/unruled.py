"""Tables without rules: lines of text that stand in columns.

Looked for among the lines outside ruled tables. A run of lines with wide gaps, whose gaps lie over one another, becomes a
table: rows by the space between them, columns by the fewest upright lines that pass through every gap.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Sequence

from extractors.document.doubts import TABLE_GUESSED, together
from extractors.document.model import Cell, Table
from extractors.page.characters import Char
from extractors.page.content import PageTable
from extractors.page.lines import Line, to_lines
from extractors.page.rules import Box
from extractors.page.table_settings import UNRULED
from extractors.page.tables.gutters import gutters_of, wall_in
from extractors.page.tables.pieces import Band, Field, Piece, bands_of, cut_at, fields_of, gutters, split_at
from extractors.page.text import Text, cell_text, doubts_about

_HEADING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|第[一二三四五六七八九十]+[章节条]|附件?\s*\d)"
)


def with_columns(lines: Sequence[Line], left: float, right: float, page: int) -> list[list[Line] | PageTable]:
    """The lines in order, those that stand in columns as tables. ``left``/``right`` are the margins of running text."""
    tables: list[PageTable] = []
    taken: set[int] = set()
    for region in _regions(bands_of(lines), left, right):
        table = _table(region, right, page)
        if table is not None:
            tables.append(table)
            taken.update(id(c) for band in region for p in band.pieces for c in p.chars)
    if not tables:
        return [list(lines)] if lines else []
    rest = [line for line in lines if not any(id(c) in taken for c in line.chars)]
    torn = [c for line in lines if line not in rest for c in line.chars if c.text != " " and id(c) not in taken]
    rest = sorted([*rest, *to_lines(torn)], key=lambda line: line.base)
    found: list[list[Line] | PageTable] = []
    for table in tables:
        above = [line for line in rest if line.base < table.box.y0 + UNRULED.above * line.size]
        rest = rest[len(above) :]
        if above:
            found.append(above)
        found.append(table)
    return [*found, rest] if rest else found


def _regions(bands: list[Band], left: float, right: float) -> list[list[Band]]:
    """Runs of bands that may be one table: side by side, or single pieces that may belong to a cell."""
    found: list[list[Band]] = []
    current: list[Band] = []
    for band in bands:
        far = bool(current) and band.first - current[-1].last > UNRULED.far * max(band.size, current[-1].size)
        fits = band.tabular() or _cell_like(band.pieces[0], left, right)
        if current and (far or not fits):
            found.append(current)
            current = []
        if fits:
            current.append(band)
    if current:
        found.append(current)
    return [region for region in map(_stripped, found) if region]


def _stripped(region: list[Band]) -> list[Band]:
    """Without single lines at either end that are not close to a row."""
    while (
        region
        and not region[0].tabular()
        and (
            len(region) == 1
            or region[1].first - region[0].last > UNRULED.near_row * region[0].size
            or not region[1].tabular()
        )
    ):
        region = region[1:]
    while (
        region
        and not region[-1].tabular()
        and (
            len(region) == 1
            or (region[-1].first - region[-2].last > UNRULED.near_row * region[-1].size and not _in_lead(region))
        )
    ):
        region = region[:-1]
    return region


def _in_lead(region: list[Band]) -> bool:
    """True where the last band is a short text in the first column: a row with nothing but its number."""
    last, before = region[-1].pieces[0], fields_of(region[-2].pieces)
    return len(last.text) <= UNRULED.number_length and last.x0 < before[0].x1 and before[0].x0 < last.x1


def _cell_like(piece: Piece, left: float, right: float) -> bool:
    """True for a piece alone that may belong to a cell: no running text, no heading."""
    if _HEADING.match(piece.text):
        return False
    short = piece.x1 - piece.x0 < UNRULED.short_share * (right - left)
    return piece.x0 - left > UNRULED.far_in * piece.size or (short and piece.text[-1:] not in "。；")


def _table(region: list[Band], right: float, page: int) -> PageTable | None:
    region = _parted(region)
    pieces = _rows(region)
    rows = _cells(pieces, right)
    if not _is_table(rows):
        return None
    walls = [*_walls(rows), *gutters(region)]
    rows = _cells([[part for p in row for part in split_at(p, walls)] for row in pieces], right)
    walls = _walls(rows)
    xs = [
        min(f.x0 for row in rows for f in row) - UNRULED.edge,
        *walls,
        max(f.x1 for row in rows for f in row) + UNRULED.edge,
    ]
    return _page_table(rows, xs, page)


def _parted(region: list[Band]) -> list[Band]:
    """The bands with their pieces parted where columns end that stand close."""
    pieces = [p for band in region for p in band.pieces]
    lines: dict[int, list[Char]] = defaultdict(list)
    for piece in pieces:
        lines[round(piece.base)] += piece.chars
    box = Box(
        min(p.x0 for p in pieces), region[0].first - region[0].size, max(p.x1 for p in pieces), region[-1].last + 1
    )
    walls = [wall_in(g) for g in gutters_of((sorted(own, key=lambda c: c.x0) for own in lines.values()), box)]
    return [Band([part for p in band.pieces for part in cut_at(p, walls)]) for band in region] if walls else region


def _cells(pieces: list[list[Piece]], right: float) -> list[list[Field]]:
    """The cells of each row. A line below a label whose value has filled its line is the rest of that value."""
    found: list[list[Field]] = []
    for row in pieces:
        cells = _value_last(fields_of(row))
        if found and len(cells) == 1 and _goes_on(found[-1], cells[0], right):
            found[-1][-1].pieces.extend(cells[0].pieces)
        else:
            found.append(cells)
    return _wrapped_values(found)


def _wrapped_values(rows: list[list[Field]]) -> list[list[Field]]:
    """The rows, with a line in the column of the values given to the value that it is a part of: the one above it where that fills its
    column, or, where the line itself does, the one below, whose label then stands beside its last line."""
    values = [row[1] for row in rows if _is_item(row)]
    if not values:
        return rows
    right = max(f.x1 for f in [*values, *(row[0] for row in rows if len(row) == 1)])
    found: list[list[Field]] = []
    ahead: list[Piece] = []
    for number, row in enumerate(rows):
        if ahead:
            row[1].pieces[:0] = ahead
            ahead = []
        lone = row[0]
        if (
            len(row) == 1
            and not any(c in p.text for p in lone.pieces for c in "：:")
            and lone.pieces[0].text[:1] not in "（("
        ):
            above, below = found[-1] if found else [], rows[number + 1] if number + 1 < len(rows) else []
            if _is_item(above) and _within(above[1], lone) and _fills(above[1], right):
                above[1].pieces.extend(lone.pieces)
                continue
            if _is_item(below) and _within(below[1], lone) and _fills(lone, right):
                ahead = lone.pieces
                continue
        found.append(row)
    return found


def _is_item(row: list[Field]) -> bool:
    """A label that ends with a colon, and its value."""
    match row:
        case [label, _]:
            return label.pieces[-1].text[-1:] in "：:"
    return False


def _within(value: Field, lone: Field) -> bool:
    """Whether a line begins where a value does."""
    return abs(value.x0 - lone.x0) < UNRULED.same_start * lone.pieces[0].size


def _fills(field: Field, right: float) -> bool:
    """Whether a line ends where the column of the values does."""
    return right - field.x1 < UNRULED.same_start * field.pieces[-1].size


def _goes_on(before: list[Field], rest: Field, right: float) -> bool:
    match before:
        case [first, second]:
            label, last, line = first.pieces[-1], second.pieces[-1], rest.pieces[0]
        case _:
            return False
    return (
        label.text[-1:] in "：:"
        and not any(c in p.text for p in rest.pieces for c in "：:")
        and line.text[:1] not in "（("
        and line.x0 < label.x1
        and right - last.x1 < UNRULED.filled * last.size
        and line.base - last.base < UNRULED.next_line * last.size
    )


def _value_last(row: list[Field]) -> list[Field]:
    """A label's value that goes on in the next line, below the label, given back to the value."""
    first = row[0]
    first.pieces.sort(key=lambda p: p.base)
    ends = next((i for i, p in enumerate(first.pieces) if p.text[-1:] in "：:"), len(first.pieces) - 1)
    below = first.pieces[ends + 1 :]
    if len(row) <= 1 or not below or min(p.base for p in below) <= first.pieces[ends].base:
        return row
    first.pieces = first.pieces[: ends + 1]
    first.x1 = max(p.x1 for p in first.pieces)
    row[-1].pieces.extend(below)
    return row


def _is_table(rows: list[list[Field]]) -> bool:
    wide = [row for row in rows if len(row) > 1]
    if len(wide) <= 1 or (len(wide) < UNRULED.columns and min(len(row) for row in wide) < UNRULED.columns):
        return False
    return len(wide) >= UNRULED.wide_share * len(rows)


def _rows(region: list[Band]) -> list[list[Piece]]:
    """The pieces of each row: what stands closer together than rows do."""
    pitch = _pitch(region)
    steps = [b.first - a.last for a, b in itertools.pairwise(region)]
    # Of labels and values some larger spaces are those beside labels of two lines; in lists of long cells few rows end.
    many = UNRULED.spaced_share * len(steps) if max(len(fields_of(b.pieces)) for b in region) <= UNRULED.labelled else 0
    spaced = sum(1 for step in steps if UNRULED.row_space * pitch < step) > many and pitch > 0
    lead = min(p.x0 for band in region for p in band.pieces)
    led = sum(
        1
        for b in region
        if len(fields_of(b.pieces)) >= UNRULED.columns and min(p.x0 for p in b.pieces) - lead < UNRULED.led * b.size
    )
    if len(region) >= UNRULED.led_rows and led >= UNRULED.led_share * len(region):  # a row a line
        spaced = False
    found: list[list[Piece]] = []
    for index, band in enumerate(region):
        step = steps[index - 1] if index else 0.0
        if not found or _new_row(found[-1], band, step, pitch, spaced):
            found.append(list(band.pieces))
        else:
            found[-1].extend(band.pieces)
    return found


def _pitch(region: list[Band]) -> float:
    """The distance of lines within a cell: the smallest between pieces that stand over one another."""
    pieces = [p for band in region for p in band.pieces]
    steps: list[float] = []
    for a in pieces:
        below = [
            b.base - a.base
            for b in pieces
            if b.base - a.base > UNRULED.line_step * a.size and b.x0 < a.x1 and a.x0 < b.x1
        ]
        if below:
            steps.append(min(below))
    return min(steps) if steps else 0.0


def _new_row(row: list[Piece], band: Band, step: float, pitch: float, spaced: bool) -> bool:
    if spaced:
        return step > UNRULED.row_step * pitch
    # Rows no further apart than lines: a line goes on with cells above it, unless it has a cell in the first column.
    lead, begin = min(p.x0 for p in row), min(p.x0 for p in band.pieces)
    return (
        begin - lead < UNRULED.first_column * band.size
        or len(band.pieces) >= UNRULED.columns
        or step > UNRULED.new_row * band.size
    )


def _walls(rows: list[list[Field]]) -> list[float]:
    """The fewest upright lines such that one passes between any two neighbouring cells of a row."""
    gaps = [(a.x1, b.x0) for row in rows for a, b in itertools.pairwise(row) if b.x0 > a.x1]
    found: list[float] = []
    low = high = 0.0
    for start, end in sorted(gaps, key=lambda g: g[1]):
        if found and start <= high:
            low = max(low, start)
            found[-1] = (low + high) / 2
        else:
            low, high = start, end
            found.append((low + high) / 2)
    return found


def _page_table(rows: list[list[Field]], xs: list[float], page: int) -> PageTable:
    table = Table(0, len(rows), len(xs) - 1, page=page, doubts=(TABLE_GUESSED,))
    tops = [min(p.base - p.size for f in row for p in f.pieces) for row in rows]
    bottoms = [max(p.base + UNRULED.below * p.size for f in row for p in f.pieces) for row in rows]
    found = PageTable(table, Box(xs[0], tops[0], xs[-1], bottoms[-1]), xs, [], [], 1.0, bottom=bottoms[-1])
    edges = _edges(rows, xs)
    for number, row in enumerate(rows, 1):
        taken: set[int] = set()
        for item in row:
            first, last = _column(xs, item.x0 + UNRULED.inset), _column(xs, item.x1 - UNRULED.inset)
            if first in taken:
                first = min(last, first + 1)
            taken.update(range(first, last + 1))
            chars = [c for p in item.pieces for c in p.chars]
            free = next((f.x0 for f in row if f.x0 > item.x1), None)
            end = len(xs) - 2 if free is None else max(last, _column(xs, free + UNRULED.inset) - 1)
            text = cell_text(chars, edges[first][0], max(edges[end][1], item.x1))
            _add(found, number, first, last, text, tops[number - 1], bottoms[number - 1])
        for column in set(range(len(xs) - 1)) - taken:
            _add(found, number, column, column, Text("", [], []), tops[number - 1], bottoms[number - 1])
    return found


def _edges(rows: list[list[Field]], xs: list[float]) -> list[tuple[float, float]]:
    """For each column where its text begins and ends at the most."""
    found = [(xs[i + 1], xs[i]) for i in range(len(xs) - 1)]
    for row in rows:
        for item in row:
            first, last = _column(xs, item.x0 + UNRULED.inset), _column(xs, item.x1 - UNRULED.inset)
            found[first] = (min(found[first][0], item.x0), found[first][1])
            found[last] = (found[last][0], max(found[last][1], item.x1))
    return found


def _column(xs: list[float], x: float) -> int:
    return max(0, min(len(xs) - 2, sum(1 for edge in xs if edge <= x) - 1))


def _add(found: PageTable, row: int, first: int, last: int, text: Text, top: float, bottom: float) -> None:
    cell = Cell(
        row,
        first + 1,
        1,
        last - first + 1,
        text.text,
        text.marks,
        page=found.table.page,
        doubts=together((TABLE_GUESSED,), doubts_about(text.lines)),
    )
    found.table.cells.append(cell)
    found.boxes.append(Box(found.xs[first], top, found.xs[last + 1], bottom))
    found.texts.append(text)
