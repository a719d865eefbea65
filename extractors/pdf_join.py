"""Pages → blocks in reading order: what a page break cut is put together again.

Tables whose columns stand at the same places run on; header rows that are printed again are dropped; a row that the break cut
gives its text to the row it belongs to; a merged cell that was cut grows by the rows of the next page.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from statistics import median

from extractors.document import Block, Cell, Mark, Paragraph
from extractors.pdf_grid import SNAP_X
from extractors.pdf_page import PageContent, PageTable
from extractors.pdf_text import Line, Text, first_word, join_lines, paragraphs

EDGE = 4.0
"""Edges of two parts of one table differ by at most this many points."""
_SPACE = re.compile(r"\s+")


@dataclass(slots=True)
class _Part:
    """A paragraph of one page with the bounds of its text."""

    lines: list[Line]
    page: int
    left: float
    right: float


def to_blocks(pages: list[PageContent], pictures: dict[int, list[Block]] | None = None) -> list[Block]:
    """The blocks of all pages. ``pictures`` holds, by page number, the blocks of pages that were read from a picture."""
    bounds = _bounds(pages)
    bottoms: dict[tuple[int, int], float] = {}
    for page in pages:
        ends = [*(t.box.y1 for t in page.tables), *(line.bottom for line in page.lines)]
        bottoms[_shape(page)] = max(bottoms.get(_shape(page), 0.0), *ends, 0.0)
    items: list[_Part | PageTable | Block] = []
    previous: PageContent | None = None
    for page in pages:
        if page.kind != "text" and pictures is not None and page.number in pictures:
            items.extend(pictures[page.number])
            previous = None
            continue
        _add_page(items, _page_items(page, *bounds[_shape(page)]), page, previous, bottoms[_shape(page)])
        previous = page
    return _numbered(items)


def _shape(page: PageContent) -> tuple[int, int]:
    return round(page.width / 10), round(page.height / 10)


def _bounds(pages: list[PageContent]) -> dict[tuple[int, int], tuple[float, float]]:
    """The left and right margin of running text, by the size of the page."""
    found: dict[tuple[int, int], tuple[float, float]] = {}
    for shape in {_shape(p) for p in pages}:
        lines = [line for p in pages if _shape(p) == shape for line in p.lines if "\t" not in line.text]
        if not lines:
            found[shape] = (0.0, 10_000.0)
            continue
        starts = sorted(line.x0 for line in lines)
        left = next((a for a, b in zip(starts, starts[1:], strict=False) if b - a < 2), starts[0])
        found[shape] = (left, _right_margin(lines))
    return found


def _right_margin(lines: list[Line]) -> float:
    """The right edge that several lines reach; a single line may run over the margin."""
    edges = sorted((line.edge for line in lines), reverse=True)
    size = median(line.size for line in lines)
    for a, b in itertools.pairwise(edges[: len(edges) // 2]):
        if a - b < size:
            return a
    return edges[0]


def _page_items(page: PageContent, left: float, right: float) -> list[_Part | PageTable]:
    found: list[_Part | PageTable] = []
    rest = list(page.lines)
    for table in page.tables:
        above = [line for line in rest if line.base - 0.3 * line.size < table.box.y0]
        rest = [line for line in rest if line.base - 0.3 * line.size >= table.box.y0]
        found.extend(_Part(group, page.number, left, right) for group in paragraphs(above, left, right, indents=True))
        found.append(table)
    found.extend(_Part(group, page.number, left, right) for group in paragraphs(rest, left, right, indents=True))
    return found


def _add_page(
    items: list[_Part | PageTable | Block],
    new: list[_Part | PageTable],
    page: PageContent,
    previous: PageContent | None,
    bottom: float,
) -> None:
    """Appends a page's items, the first one joined to the last where the page break cut it."""
    if not new:
        return
    if items and previous is not None and _shape(previous) == _shape(page):
        last, first = items[-1], new[0]
        if isinstance(last, PageTable) and isinstance(first, PageTable):
            if join_tables(last, first, room=(previous.floor or bottom) - last.bottom):
                last.bottom = first.box.y1
                new = new[1:]
        elif isinstance(last, _Part) and isinstance(first, _Part) and _runs_on(last, first):
            last.lines.extend(first.lines)
            new = new[1:]
    items.extend(new)


def _runs_on(last: _Part, first: _Part) -> bool:
    """True where a paragraph goes on at the top of the next page."""
    a, b = last.lines[-1], first.lines[0]
    if abs(a.size - b.size) > 0.12 * a.size or b.x0 - first.left > 1.2 * b.size:
        return False
    if re.match(r"^\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）])", b.text):
        return False
    return last.right - a.x1 <= first_word(b) + 0.6 * a.size


def _numbered(items: list[_Part | PageTable | Block]) -> list[Block]:
    found: list[Block] = []
    size = _body_size(items)
    count = 0
    for item in items:
        if isinstance(item, PageTable):
            found.append(item.table)
            continue
        if isinstance(item, _Part):
            text, marks = join_lines(item.lines, item.right)
            item = Paragraph(text, 0, page=item.page, marks=marks, level=_level(item, size))
        if isinstance(item, Paragraph):
            count += 1
            item.index = count
        found.append(item)
    return found


def _body_size(items: list[_Part | PageTable | Block]) -> float:
    sizes = [line.size for item in items if isinstance(item, _Part) for line in item.lines]
    return median(sizes) if sizes else 12.0


def _level(part: _Part, body: float) -> int:
    """1 for a short paragraph in larger or bold letters: a heading."""
    short = len(part.lines) <= 2 and sum(len(line.text) for line in part.lines) <= 60
    larger = all(line.size > 1.12 * body for line in part.lines)
    return 1 if short and (larger or all(line.bold for line in part.lines)) else 0


def join_tables(first: PageTable, second: PageTable, room: float = 0.0) -> bool:
    """Appends ``second`` (the next page's table) to ``first`` where it is its continuation; False where it is not.

    ``room`` is the space left below ``first`` on its page: a row that would have fitted there was not moved by the page's
    end. A table that begins with the same label as ``first`` but is no repeated header is the next of its kind.
    """
    if abs(first.box.x0 - second.box.x0) > EDGE or abs(first.box.x1 - second.box.x1) > EDGE:
        return False
    columns = (first.xs, first.table.columns, second.xs, second.table.columns)
    before = [(c, c.column, c.column_span) for c in (*first.table.cells, *second.table.cells)]
    _same_columns(first, second)
    header = _repeated_header(first, second)
    if not header and (room > second.row_height() + 40 or _same_kind(first, second)):
        first.xs, first.table.columns, second.xs, second.table.columns = columns
        for cell, column, span in before:
            cell.column, cell.column_span = column, span
        return False
    start = header + 1
    cut = second.table.rows >= start and _is_cut(first, second, start)
    offset = first.table.rows - header - (1 if cut else 0)
    last_row = first.table.rows
    for cell, box, text in zip(second.table.cells, second.boxes, second.texts, strict=True):
        if cell.row <= header:
            continue
        if cell.row == start and _absorbed(first, cell, box, text, last_row, cut, second.padding):
            continue
        cell.page_row = cell.row
        cell.row += offset
        first.table.cells.append(cell)
        first.boxes.append(box)
        first.texts.append(text)
    first.table.rows = max(first.table.rows, second.table.rows + offset)
    first.table.header_rows = max(first.table.header_rows, header)
    first.table.confidence = min(first.table.confidence, second.table.confidence)
    first.open_bottom = second.open_bottom
    return True


def _same_kind(first: PageTable, second: PageTable) -> bool:
    one, other = (_SPACE.sub("", part.table.cells[0].text) for part in (first, second))
    return len(one) >= 4 and one == other


def _same_columns(first: PageTable, second: PageTable) -> None:
    """Gives both tables the columns of either: on one page a column may have no cell of its own."""
    xs: list[float] = []
    for x in sorted([*first.xs, *second.xs]):
        if not xs or x - xs[-1] > SNAP_X:
            xs.append(x)
    for part in (first, second):
        places = [min(range(len(xs)), key=lambda i, x=x: abs(xs[i] - x)) for x in part.xs]  # type: ignore[misc]
        for cell in part.table.cells:
            start, end = places[cell.column - 1], places[cell.column + cell.column_span - 1]
            cell.column, cell.column_span = start + 1, max(1, end - start)
        part.xs, part.table.columns = xs, len(xs) - 1


def _repeated_header(first: PageTable, second: PageTable) -> int:
    """How many rows at the top of ``second`` are the header rows of ``first`` again."""
    found = 0
    for rows in range(1, min(5, first.table.rows, second.table.rows) + 1):
        a, b = _head(first, rows), _head(second, rows)
        if a is None or b is None:
            continue
        if a != b:
            break
        if any(text for _, _, text in a):
            found = rows
    return found


def _head(part: PageTable, rows: int) -> list[tuple[int, int, str]] | None:
    """The cells of the first rows; None where a cell reaches beyond them."""
    cells = [c for c in part.table.cells if c.row <= rows]
    if any(c.row + c.row_span - 1 > rows for c in cells):
        return None
    return [(c.row, c.column, _SPACE.sub("", c.text)) for c in cells]


def _partner(first: PageTable, cell: Cell, last_row: int) -> int | None:
    """The number of the cell in the last row of ``first`` that stands over ``cell``."""
    for number, other in enumerate(first.table.cells):
        if other.row + other.row_span - 1 == last_row and (other.column, other.column_span) == (
            cell.column,
            cell.column_span,
        ):
            return number
    return None


def _is_cut(first: PageTable, second: PageTable, start: int) -> bool:
    """True where the row ``start`` of ``second`` is the rest of the last row of ``first``."""
    pairs: list[tuple[int, int]] = []
    for number, cell in enumerate(second.table.cells):
        if cell.row == start:
            partner = _partner(first, cell, first.table.rows)
            if partner is None:
                return False
            pairs.append((partner, number))
    above, below = first.table.cells, second.table.cells
    plain = [(a, b) for a, b in pairs if above[a].row_span == 1 and below[b].row_span == 1]
    if not plain:
        return False
    both = [(a, b) for a, b in plain if above[a].text and below[b].text]
    if not any(below[b].text for _, b in plain):
        height = max(second.boxes[b].height for _, b in plain)
        return height < 10 and any(above[a].text for a, _ in plain)
    full = [(a, b) for a, b in both if _full(first, a, second.texts[b])]
    ended = sum(1 for a, b in plain if above[a].text and not below[b].text)
    begun = sum(1 for a, b in plain if not above[a].text and below[b].text)
    lead_above, lead_below = bool(above[plain[0][0]].text), bool(below[plain[0][1]].text)
    if lead_above and not lead_below:
        return bool(full) or ended >= 2 or (len(both) == 1 and not begun)
    if lead_below and not lead_above:
        usual = [c for c in above if c.column == above[plain[0][0]].column and c.row < first.table.rows]
        named = sum(1 for c in usual if c.text) >= 0.6 * len(usual)
        return bool(both) and len(full) == len(both) and (named or ended == 0)
    return bool(both) and len(full) == len(both) and (ended >= 1 or any(_midway(first, a) for a, _ in both))


def _midway(first: PageTable, number: int) -> bool:
    """True for a text of several lines that stops in the midst of a sentence."""
    text, lines, box = first.table.cells[number].text, first.texts[number].lines, first.boxes[number]
    if text.count("（") > text.count("）"):
        return True
    return len(lines) >= 2 and box.width > 8 * lines[-1].size and text[-1:] not in "。；！？.;!?"


def _full(first: PageTable, number: int, rest: Text) -> bool:
    """True where the last line of a cell has no room for what comes next: the text was broken, not ended."""
    lines = first.texts[number].lines
    if not lines or not rest.lines:
        return False
    last, box = lines[-1], first.boxes[number]
    room = (box.width - 2 * first.padding) - (last.x1 - last.x0)
    flush = min(line.x0 for line in lines)
    if last.x0 - flush < 0.3 * last.size and last.x0 - box.x0 < first.padding + 2.5 * last.size:
        room = box.x1 - first.padding - last.x1
    return room <= first_word(rest.lines[0]) + 0.6 * last.size


def _absorbed(first: PageTable, cell: Cell, box: object, text: Text, last_row: int, cut: bool, padding: float) -> bool:
    """Gives a cell of the continuation's first row to the cell above it; False where it is a cell of its own."""
    partner = _partner(first, cell, last_row)
    if partner is None:
        return False
    above = first.table.cells[partner]
    spanning = above.row_span > 1 or cell.row_span > 1
    if not cut and not (spanning and _one_merged(first, partner, cell, text)):
        return False
    _append(above, first.texts[partner], cell, text, _full(first, partner, text))
    above.row_span += cell.row_span - (1 if cut else 0)
    return True


def _one_merged(first: PageTable, partner: int, cell: Cell, text: Text) -> bool:
    """True where two cells on either side of a page break are one merged cell."""
    above = first.table.cells[partner]
    if not cell.text:
        return bool(above.text)
    if not above.text:
        return above.row_span > 1 and cell.row_span > 1
    return above.row_span > 1 and cell.row_span > 1 and _full(first, partner, text)


def _append(above: Cell, have: Text, cell: Cell, text: Text, full: bool) -> None:
    if cell.text:
        seam = ""
        if above.text:
            seam = _seam_between(have, text) if full else "\n"
        shift = len(above.text) + len(seam)
        above.text += seam + cell.text
        above.marks.extend(Mark(m.offset + shift, m.ticked, m.kind) for m in cell.marks)
        have.lines.extend(text.lines)
    above.tables.extend(cell.tables)
    above.pictures += cell.pictures


def _seam_between(have: Text, text: Text) -> str:
    joined, _ = join_lines([have.lines[-1], text.lines[0]], have.lines[-1].x1)
    between = len(joined) - len(have.lines[-1].text) - len(text.lines[0].text)
    return " " * max(0, between)
