"""The columns of two tables on either side of a page break, laid over one another."""

from __future__ import annotations

from rapidfuzz import fuzz

from extractors.document.doubts import TABLE_GUESSED
from extractors.page.break_settings import CONTINUED
from extractors.page.content import PageTable
from extractors.page.settings import RULES


def without_sides(first: PageTable, second: PageTable) -> None:
    """Moves the right side of two tables that no rule closes, and whose columns begin at the same places: it lies where the
    longest text of a page ends, and a column may be blank on one of them."""
    if TABLE_GUESSED not in first.table.doubts or TABLE_GUESSED not in second.table.doubts:
        return
    inner = second.xs[1:-1]
    same = [x for x in inner if min(abs(x - other) for other in first.xs) <= RULES.snap_x]
    if len(same) <= 1 or 2 * len(same) <= len(inner):
        return
    for part, other in ((second, first), (first, second)):
        over = [x for x in other.xs if x >= part.xs[-1] - RULES.snap_x]
        if part.xs[-1] < other.xs[-1] and over and over[0] > part.xs[-2] + RULES.snap_x:
            part.xs = [*part.xs[:-1], over[0]]
            if over[0] < other.xs[-1]:
                part.xs = [*part.xs, *over[1:]]
                part.table.columns = len(part.xs) - 1


def same_columns(first: PageTable, second: PageTable) -> None:
    """Gives both tables the columns of either: on one page a column may have no cell of its own."""
    xs: list[float] = []
    for x in sorted([*first.xs, *second.xs]):
        if not xs or x - xs[-1] > RULES.snap_x:
            xs.append(x)
    for part in (first, second):
        places = [min(range(len(xs)), key=lambda i, x=x: abs(xs[i] - x)) for x in part.xs]  # type: ignore[misc]
        for cell in part.table.cells:
            start, end = places[cell.column - 1], places[cell.column + cell.column_span - 1]
            cell.column, cell.column_span = start + 1, max(1, end - start)
        part.xs, part.table.columns = xs, len(xs) - 1


def likely_one(first: PageTable, second: PageTable) -> bool:
    """True for tables of scanned pages of which the second begins with most of the first one's head: a column was lost on one
    of the pages, cut off or in the fold, and whether a row goes on is not known."""
    if not (first.slack and second.slack):
        return False
    heads = [
        [text for c in part.table.cells if c.row == 1 and len(text := "".join(c.text.split())) > 1]
        for part in (first, second)
    ]
    again = [t for t in heads[1] if any(fuzz.ratio(t, u) >= CONTINUED.alike_mean for u in heads[0])]
    return len(again) >= CONTINUED.head_again and len(again) > CONTINUED.head_share * len(heads[1])
