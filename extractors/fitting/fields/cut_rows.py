"""Rows of a form's table that a page break cut through their label (企业 | 简介) → one row; two rows taken for a cut one → two.

What stands on either side of the break tells by itself only now and then whether it is one row; the form's labels do.
"""

from __future__ import annotations

from extractors.document.doubts import JOINED_OVER_A_PAGE, together
from extractors.document.model import Cell, Mark, Table
from extractors.fitting.labels import LabelIndex, fold_label

_ENDS = "。；;！？!?"
_LONGEST_LABEL = 40


def rejoin(table: Table, index: LabelIndex) -> None:
    """Joins the first row of a page to the row above where a label of the form begins in the one and ends in the other."""
    if table.page is None:
        return  # no pages, no breaks
    _part(table, index)
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell)
    for number in sorted(rows, reverse=True):
        above, below = rows.get(number - 1, []), rows[number]
        if (
            _starts_a_page(below)
            and _alike(above, below)
            and any(_one_label(a, b, index) for a, b in _pairs(above, below))
        ):
            for one, other in _pairs(above, below):
                _join(one, other)
                table.cells.remove(other)
            _close_up(table, number)


def _part(table: Table, index: LabelIndex) -> None:
    """Parts a row that counts as cut by a page break where a label of the form stands on either side: these are two rows."""
    for number in sorted({c.row for c in table.cells if c.rest is not None}, reverse=True):
        joined = [(c, c.rest) for c in table.cells if c.row == number and c.rest is not None]
        if not any(_two_labels(c, rest, index) for c, rest in joined) or any(rest.tables for _, rest in joined):
            continue
        for cell in table.cells:
            if cell.row > number:
                cell.row += 1
            elif cell.rest is None and cell.row + cell.row_span > number:
                cell.row_span += 1
        table.cells += [_parted(c, rest) for c, rest in joined]
        table.cells.sort(key=lambda c: (c.row, c.column))
        table.rows += 1


def _two_labels(cell: Cell, rest: Cell, index: LabelIndex) -> bool:
    return _is_label(_above(cell, rest), index) and _is_label(rest.text, index) and not _is_label(cell.text, index)


def _above(cell: Cell, rest: Cell) -> str:
    return cell.text[: len(cell.text) - len(rest.text)].rstrip()


def _parted(cell: Cell, rest: Cell) -> Cell:
    """The cell that counted as the rest of another, taken from it again. Neither is certain."""
    cell.text, cell.rest, cell.pictures = _above(cell, rest), None, cell.pictures - rest.pictures
    cell.marks = [m for m in cell.marks if m.offset < len(cell.text)]
    rest.row = cell.row + 1
    for part in (cell, rest):
        part.doubts = together(part.doubts, (JOINED_OVER_A_PAGE,))
    return rest


def _starts_a_page(row: list[Cell]) -> bool:
    return all(c.page_row == 1 for c in row)


def _alike(above: list[Cell], below: list[Cell]) -> bool:
    shapes = [[(c.column, c.column_span, c.row_span) for c in row] for row in (above, below)]
    return len(above) > 1 and shapes[0] == shapes[1] and all(c.row_span == 1 for c in above)


def _pairs(above: list[Cell], below: list[Cell]) -> list[tuple[Cell, Cell]]:
    return list(zip(above, below, strict=True))


def _one_label(above: Cell, below: Cell, index: LabelIndex) -> bool:
    if not above.text.strip() or not below.text.strip() or len(above.text) + len(below.text) > _LONGEST_LABEL:
        return False
    halves = _is_label(above.text, index) or _is_label(below.text, index)
    return not halves and _is_label(above.text + below.text, index)


def _is_label(text: str, index: LabelIndex) -> bool:
    """Of an item or of a column."""
    return bool(index.exact(text)) or fold_label(text) in index.heads


def _join(above: Cell, below: Cell) -> None:
    seam = "\n" if above.text[-1:] in _ENDS and below.text else ""
    offset = len(above.text) + len(seam)
    above.marks += [Mark(m.offset + offset, m.ticked, m.kind) for m in below.marks]
    above.text += seam + below.text
    above.tables += below.tables
    above.pictures += below.pictures
    above.doubts = together(above.doubts, below.doubts)


def _close_up(table: Table, gone: int) -> None:
    """Moves the rows below one that is gone up by one."""
    for cell in table.cells:
        if cell.row > gone:
            cell.row -= 1
        elif cell.row + cell.row_span > gone:
            cell.row_span -= 1
    table.rows -= 1
