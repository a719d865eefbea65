"""Tables on either side of a page break → one table.

Tables whose columns stand at the same places run on; header rows that are printed again are dropped; a row that the break cut
gives its text to the row it belongs to; a merged cell that was cut grows by the rows of the next page.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from rapidfuzz import fuzz

from extractors.document.doubts import JOINED_OVER_A_PAGE, MAYBE_TWO_CELLS, together
from extractors.document.model import Cell, Mark
from extractors.page.break_settings import CONTINUED, CUT
from extractors.page.content import PageTable
from extractors.page.lines import is_wide
from extractors.page.tables.columns_alike import same_columns, without_sides
from extractors.page.tables.was_cut import begins_with_head, needed, odds_of_cut, room_left, spread_labels
from extractors.page.text import Text, join_lines

_SPACE = re.compile(r"\s+")
BELOW_HEAD = 2
"""The row below a head of one row."""
_ONE_EACH = 2
"""Lines of a text that has one on either side of the break."""


def join_tables(first: PageTable, second: PageTable, room: float = 0.0, sliced: bool = False) -> bool:
    """Appends ``second`` (the next page's table) to ``first`` where it is its continuation; False where it is not.

    ``room`` is the space left below ``first`` on its page: a row that would have fitted there was not moved by the page's
    end. A table that begins with the same label as ``first`` but is no repeated header is the next of its kind.
    ``sliced``: the file's producer leaves out the rule where a page break cuts a row.
    """
    if first.tagged or second.tagged:
        return False
    if begins_with_head(first, second):
        unopened(second)
    _laid_over(first, second)
    without_sides(first, second)
    if abs(first.xs[0] - second.xs[0]) > CONTINUED.edge or abs(first.xs[-1] - second.xs[-1]) > CONTINUED.edge:
        return False
    columns = (first.xs, first.table.columns, second.xs, second.table.columns)
    before = [(c, c.column, c.column_span) for c in (*first.table.cells, *second.table.cells)]
    same_columns(first, second)
    _without_unseen(first, second)
    header = _repeated_header(first, second)
    if not header and (room > second.row_height() + CONTINUED.spare or _same_kind(first, second)):
        first.xs, first.table.columns, second.xs, second.table.columns = columns
        for cell, column, span in before:
            cell.column, cell.column_span = column, span
        return False
    start = header + 1
    cut, sure = False, True
    if second.table.rows >= start:
        cut, sure = _is_cut(first, second, start, _Break(header > 0, sliced))
    if (first.open_bottom or _run_together(second, start)) and not cut:
        unclosed(first)
        unopened(second, start + 1)  # a head that was left out before may stand over the rest
    offset = first.table.rows - header - (1 if cut else 0)
    last_row = first.table.rows
    for cell, box, text in zip(second.table.cells, second.boxes, second.texts, strict=True):
        if cell.row <= header:
            continue
        cell.page_row = cell.row
        if cell.row == start and _absorbed(first, second, cell, text, last_row, _Cut(cut, sure, sliced)):
            continue
        cell.row += offset
        first.table.cells.append(cell)
        first.boxes.append(box)
        first.texts.append(text)
        if id(cell) in second.inner:
            first.inner[id(cell)] = second.inner[id(cell)]
    first.table.rows = max(first.table.rows, second.table.rows + offset)
    first.table.header_rows = max(first.table.header_rows, header)
    first.table.doubts = together(first.table.doubts, second.table.doubts)
    first.open_bottom = second.open_bottom
    return True


def _run_together(part: PageTable, row: int) -> bool:
    """True where a cell of the row may be those of several: the rule below the row is broken, and whose row it is is open."""
    return any(
        c.row == row and c.row_span > 1 and any(d.name == MAYBE_TWO_CELLS.name for d in c.doubts)
        for c in part.table.cells
    )


def _doubt_join(*cells: Cell) -> None:
    for cell in cells:
        cell.doubts = together(cell.doubts, (JOINED_OVER_A_PAGE,))


def unclosed(part: PageTable) -> None:
    """Marks the last row of a table as unsure: it goes on on the next page, but where is not known."""
    for cell in part.table.cells:
        if cell.row + cell.row_span - 1 == part.table.rows:
            _doubt_join(cell)


def unopened(part: PageTable, last: int = 1) -> None:
    """The same for the first rows, which may go on from the page before."""
    for cell in part.table.cells:
        if cell.row <= last:
            _doubt_join(cell)


def _laid_over(first: PageTable, second: PageTable) -> None:
    """Moves the columns of a scanned page's table over those of the page before, where it is nearly as wide: paper does not
    lie in the scanner as it did before."""
    if first.past_edge and second.past_edge:
        first.xs[-1] = second.xs[-1] = max(first.xs[-1], second.xs[-1])
    slack = max(first.slack, second.slack)
    wide, other = first.xs[-1] - first.xs[0], second.xs[-1] - second.xs[0]
    if torn(first, second) or (
        slack and abs(first.xs[0] - second.xs[0]) <= slack and abs(wide - other) <= CONTINUED.wide_share * wide
    ):  # pages photographed from near and far
        second.xs = [first.xs[0] + (x - second.xs[0]) * wide / other for x in second.xs]


def _without_unseen(first: PageTable, second: PageTable) -> None:
    """Leaves out a blank row above the page's edge that a header printed again follows: Chromium draws the cells that a page
    break cut whole on both pages, under the header."""
    table = second.table
    row = [c for c in table.cells if c.row == 1]
    if second.box.y0 >= -CONTINUED.above_page or any(c.text or c.tables or c.row_span > 1 for c in row):
        return
    head = [(c.column, _SPACE.sub("", c.text)) for c in first.table.cells if c.row == 1]
    next_row = [c for c in table.cells if c.row == BELOW_HEAD]
    if head != [(c.column, _SPACE.sub("", c.text)) for c in next_row]:
        return
    keep = [i for i, c in enumerate(table.cells) if c.row > 1]
    table.cells = [table.cells[i] for i in keep]
    second.boxes, second.texts = [second.boxes[i] for i in keep], [second.texts[i] for i in keep]
    for cell in table.cells:
        cell.row -= 1
    table.rows -= 1


def torn(first: PageTable, second: PageTable) -> bool:
    """True for tables of scanned pages of which one has no rule at its end and the other none at its start: a page break cut a
    row in two."""
    return bool(first.slack and second.slack and first.open_bottom and second.open_top)


def _same_kind(first: PageTable, second: PageTable) -> bool:
    one, other = (_SPACE.sub("", part.table.cells[0].text) for part in (first, second))
    return len(one) >= CONTINUED.kind and one == other


def _repeated_header(first: PageTable, second: PageTable) -> int:
    """How many rows at the top of ``second`` are the header rows of ``first`` again."""
    found = 0
    for rows in range(1, min(CONTINUED.head_rows, first.table.rows, second.table.rows) + 1):
        a, b = _head(first, rows), _head(second, rows)
        if a is None or b is None:
            continue
        if a != b and not _same_signs(a, b) and not (first.slack and _alike(a, b)):
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


def _same_signs(one: list[tuple[int, int, str]], other: list[tuple[int, int, str]]) -> bool:
    """True for the same cells with the same characters, the order of which may have been mistaken in a narrow cell."""
    return [(r, c, sorted(text)) for r, c, text in one] == [(r, c, sorted(text)) for r, c, text in other]


def _alike(one: list[tuple[int, int, str]], other: list[tuple[int, int, str]]) -> bool:
    """True for the same cells with texts that OCR may have read twice in two ways."""
    if [(row, column) for row, column, _ in one] != [(row, column) for row, column, _ in other]:
        return False
    ratios = [
        fuzz.ratio(*(unicodedata.normalize("NFKC", t) for t in (a[2], b[2]))) for a, b in zip(one, other, strict=True)
    ]
    return min(ratios) >= CONTINUED.alike_least and sum(ratios) >= CONTINUED.alike_mean * len(ratios)


def _partner(first: PageTable, cell: Cell, last_row: int) -> int | None:
    """The number of the cell in the last row of ``first`` that stands over ``cell``."""
    for number, other in enumerate(first.table.cells):
        if other.row + other.row_span - 1 == last_row and (other.column, other.column_span) == (
            cell.column,
            cell.column_span,
        ):
            return number
    return None


@dataclass(frozen=True, slots=True)
class _Break:
    """What is known of the page break: a header was printed again, and the producer leaves rows open where they are cut."""

    header: bool
    sliced: bool


@dataclass(frozen=True, slots=True)
class _Cut:
    """Whether the break cut a row, whether that is sure, and ``sliced`` as in :func:`join_tables`."""

    cut: bool
    sure: bool
    sliced: bool


def _is_cut(first: PageTable, second: PageTable, start: int, at: _Break) -> tuple[bool, bool]:
    """Whether the row ``start`` of ``second`` is the rest of the last row of ``first``, and whether that is sure."""
    pairs: list[tuple[int, int]] = []
    for number, cell in enumerate(second.table.cells):
        if cell.row == start:
            partner = _partner(first, cell, first.table.rows)
            if partner is None:
                return False, True
            pairs.append((partner, number))
    above, below = first.table.cells, second.table.cells
    plain = [(a, b) for a, b in pairs if above[a].row_span == 1 and below[b].row_span == 1]
    if not plain:
        return False, True
    if any(_nested_run_on(first, second, above[a], below[b]) for a, b in plain):
        return True, True
    if _counts_on(above[plain[0][0]].text, below[plain[0][1]].text) or spread_labels(first, [a for a, _ in plain]):
        return False, True
    if at.sliced:
        return first.open_bottom and (second.open_top or at.header), True
    if not any(below[b].text for _, b in plain):
        height = max(second.boxes[b].height for _, b in plain)
        return height < CONTINUED.blank_row and any(above[a].text for a, _ in plain), True
    cut, sure = _reads_on(first, second, plain)
    if cut:
        return cut, sure
    odds = odds_of_cut(first, second, plain)
    return odds > CUT.likely, odds > CUT.sure or odds < CUT.doubt


def _counts_on(above: str, below: str) -> bool:
    """True for the numbers of two rows, one after the other."""
    return above.isdecimal() and below.isdecimal() and int(below) == int(above) + 1


def _reads_on(first: PageTable, second: PageTable, pairs: list[tuple[int, int]]) -> tuple[bool, bool]:
    """The same, judged by the texts above and below the break: what stops midway, and which cells are blank below."""
    above, below = first.table.cells, second.table.cells
    both = [(a, b) for a, b in pairs if above[a].text and below[b].text]
    full = [(a, b) for a, b in both if _full(first, a, second.texts[b])]
    ended = sum(1 for a, b in pairs if above[a].text and not below[b].text)
    begun = sum(1 for a, b in pairs if not above[a].text and below[b].text)
    lead_above, lead_below = bool(above[pairs[0][0]].text), bool(below[pairs[0][1]].text)
    stopped = len(both) - len(full)  # one cell may have broken its line early, several did not by chance
    unlike = stopped and len(both) > 1 and lead_above and not lead_below
    odds = odds_of_cut(first, second, pairs) if unlike else CUT.sure
    if lead_above and not lead_below and odds >= CUT.doubt:
        return bool(full) or ended >= CONTINUED.ended or (len(both) == 1 and not begun), odds >= CUT.sure
    if lead_below and not lead_above:
        usual = [c for c in above if c.column == above[pairs[0][0]].column and c.row < first.table.rows]
        named = sum(1 for c in usual if c.text) >= CONTINUED.named_share * len(usual)
        return bool(both) and len(full) == len(both) and (named or ended == 0), True
    if both and len(full) == len(both) and any(_midway(first, a, CONTINUED.midway) for a, _ in both):
        return True, True
    numbered = above[pairs[0][0]].text.isdigit() or below[pairs[0][1]].text.isdigit()  # such a row begins anew
    if not begun and not numbered and any(_midway(first, a, CONTINUED.midway_full) for a, _ in full):
        return True, True
    # A label cut in two beside values that stand above the break alone.
    return bool(both) and len(full) == len(both) and ended >= CONTINUED.ended and not begun and not numbered, False


def _midway(first: PageTable, number: int, ems: float) -> bool:
    """True for a text of several lines, in a cell of some width, that stops in the midst of a sentence."""
    text, lines, box = first.table.cells[number].text, first.texts[number].lines, first.boxes[number]
    if len(text) < CONTINUED.prose and len(lines) < CONTINUED.names:
        return False  # names have no full stop
    if ems <= CONTINUED.midway and text.count("（") > text.count("）"):
        return True
    return box.width > ems * lines[-1].size and text[-1:] not in "。；！？.;!?"


def _full(first: PageTable, number: int, rest: Text) -> bool:
    """True where the last line of a cell has no room for what comes next: the text was broken, not ended."""
    lines = first.texts[number].lines
    if not lines or not rest.lines:
        return False
    both = [*lines, *rest.lines]
    if len(both) > _ONE_EACH and all(len(line.text) == 1 and is_wide(line.text) for line in both):
        return True  # a label written downwards
    return room_left(first, number) <= needed(lines[-1], rest)


def _nested_run_on(first: PageTable, second: PageTable, above: Cell, below: Cell) -> bool:
    """True where a table ends the cell above the break, and one with the same edges begins the cell below."""
    tables = first.inner.get(id(above), ())[-1:], second.inner.get(id(below), ())[:1]
    if not tables[0] or not tables[1] or below.text:
        return False
    one, other = tables[0][0], tables[1][0]
    edges = abs(one.xs[0] - other.xs[0]) <= CONTINUED.edge and abs(one.xs[-1] - other.xs[-1]) <= CONTINUED.edge
    return edges and not _same_kind(one, other)


def _absorbed(first: PageTable, second: PageTable, cell: Cell, text: Text, last_row: int, at: _Cut) -> bool:
    """Gives a cell of the continuation's first row to the cell above it; False where it is a cell of its own."""
    partner = _partner(first, cell, last_row)
    if partner is None:
        return False
    above = first.table.cells[partner]
    spanning = above.row_span > 1 or cell.row_span > 1
    if not at.cut and not spanning and _group_goes_on(first, second, partner, cell):
        above.row_span += 1
        _doubt_join(above)
        return True
    if not at.cut and not (spanning and _one_merged(first, partner, cell, text)):
        if not at.sure:
            _doubt_join(above, cell)
        return False
    both = bool(above.text and cell.text)
    _append(above, first.texts[partner], cell, text, _full(first, partner, text))
    _append_tables(first, second, above, cell, at.sliced)
    if at.cut and not spanning:
        above.rest = cell
    above.row_span += cell.row_span - (1 if at.cut else 0)
    if (at.cut and not at.sure) or (not at.cut and both):
        _doubt_join(above)
    return True


def _group_goes_on(first: PageTable, second: PageTable, partner: int, cell: Cell) -> bool:
    """True where a blank first cell is the rest of a cell merged over rows of which one stands above the break: the column
    has no blank cell else, and some that are merged (or many)."""
    above = first.table.cells[partner]
    if cell.text or cell.column != 1 or not above.text or above.row <= first.table.header_rows or cell.tables:
        return False
    if not all(c.text for c in second.table.cells if c.row == cell.row and c.column == 1 + cell.column_span):
        return False
    column = [c for c in (*first.table.cells, *second.table.cells) if c.column == 1 and c is not cell and c.row > 1]
    numbered = any(c.text.isdigit() for c in column)
    usual = any(c.row_span > 1 for c in column) or len(column) >= CONTINUED.group_rows
    return usual and not numbered and all(c.text and c.column_span == cell.column_span for c in column)


def _append_tables(first: PageTable, second: PageTable, above: Cell, cell: Cell, sliced: bool) -> None:
    """The tables in a cell given to the cell it goes on from; the first of them goes on the last one there."""
    rest = second.inner.pop(id(cell), [])
    own = first.inner.setdefault(id(above), [])
    if own and rest and not cell.text and join_tables(own[-1], rest[0], 0.0, sliced):
        rest = rest[1:]
    for table in rest:
        table.table.index = len(own) + 1
        own.append(table)
        above.tables.append(table.table)


def _one_merged(first: PageTable, partner: int, cell: Cell, text: Text) -> bool:
    """True where two cells on either side of a page break are one merged cell."""
    above = first.table.cells[partner]
    if not cell.text:
        return bool(above.text)
    if not above.text:
        return above.row_span > 1 and cell.row_span > 1
    return above.row_span > 1 and cell.row_span > 1 and _full(first, partner, text) and not _has_room(first, partner)


def _has_room(first: PageTable, number: int) -> bool:
    """Whether the cell had room for more lines than a program moves on for the sake of a paragraph."""
    last = first.texts[number].lines[-1]
    return first.boxes[number].y1 - last.bottom > CONTINUED.room * last.size


def _append(above: Cell, have: Text, cell: Cell, text: Text, full: bool) -> None:
    if cell.text:
        seam = ""
        if above.text:
            seam = _seam_between(have, text) if full else "\n"
        shift = len(above.text) + len(seam)
        above.doubts = together(above.doubts, cell.doubts) if above.text else cell.doubts
        above.text += seam + cell.text
        above.marks.extend(Mark(m.offset + shift, m.ticked, m.kind) for m in cell.marks)
        have.lines.extend(text.lines)
    above.pictures += cell.pictures


def _seam_between(have: Text, text: Text) -> str:
    joined, _ = join_lines([have.lines[-1], text.lines[0]], have.lines[-1].x1)
    between = len(joined) - len(have.lines[-1].text) - len(text.lines[0].text)
    return " " * max(0, between)
