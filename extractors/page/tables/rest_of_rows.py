"""What a page begins with, where it is the rest of a table without upright rules and little is drawn: a row, or the end of one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from extractors.page.characters import Char
from extractors.page.grid import Columns, Grid, clustered
from extractors.page.rules import Box, Rule
from extractors.page.segments import Segment, Segments
from extractors.page.settings import RULES
from extractors.page.table_settings import HORIZONTAL
from extractors.page.tables.gutters import row_ends
from extractors.page.tables.horizontal_rules import walled
from extractors.page.tables.rows_by_text import crosses, holds_table


def with_rest(
    ruled: list[Grid], found: list[Grid], before: Columns, chars: Sequence[Char], drawn: Sequence[Box], height: float
) -> list[Grid]:
    """The tables of a page, ``ruled`` and ``found`` without upright rules, with the rest of the one ``before`` at its top. It takes
    in those in the same columns that what is drawn told a part of."""
    same = [grid for grid in found if _same_columns(grid, before)]
    rest = _rest_of_rows(chars, drawn, before, [g.box for g in (*ruled, *found) if g not in same], height)
    if rest is None or any(grid.box.y0 <= rest.box.y0 + before.em for grid in same):
        return [*ruled, *found]
    inside = [grid for grid in same if grid.box.y0 < rest.box.y1]
    if any(grid.box.y1 > rest.box.y1 + before.em for grid in inside):
        return [*ruled, *found]
    return [*ruled, *(grid for grid in found if grid not in inside), rest]


def _same_columns(grid: Grid, before: Columns) -> bool:
    return len(grid.xs) == len(before.xs) and all(
        abs(a - b) <= RULES.snap_x for a, b in zip(grid.xs, before.xs, strict=True)
    )


def _rest_of_rows(
    chars: Sequence[Char], drawn: Sequence[Box], before: Columns, taken: Sequence[Box], height: float
) -> Grid | None:
    """The lines from the top of a page down that stand in the columns ``before``, in letters as large; None where they are no
    rest of a row, or where it cannot be told from the rows behind it. ``drawn``: rules, and the grounds of a head printed again;
    ``taken``: where other tables stand."""
    if not before.em or len(before.xs) < HORIZONTAL.rest_columns:
        return None
    left, *inner, right = before.xs
    text = Segments(chars).parted(inner)
    lines = list(itertools.takewhile(lambda s: _in_columns(s, before, taken), _below_header(text, before, height)))
    lines = _run(lines)
    if not lines or any(b.y0 < lines[0].level and b.y1 > 0 for b in taken):
        return None
    box = Box(left, lines[0].level - lines[0].em, right, lines[-1].level + lines[-1].em / 2)
    edges = [y for g in drawn if _in(box, g) for y in (g.y0, g.y1)]
    levels = clustered([box.y0, *edges, box.y1], RULES.snap_y)
    numbers = text.numbers(Box(left, box.y0, inner[0], box.y1))
    ends = [y for a, b in itertools.pairwise(levels) for y in row_ends(text.within(box), a, b, before.xs[:-1], numbers)]
    if numbers and not _begins_row(numbers[0][0], sorted((*levels, *ends)), lines[0]):
        return None
    rules = [Rule(y, left, right) for y in (*levels, *ends)]
    grid = walled(rules, inner, box, text, True, before.parted)
    return grid if grid is not None and holds_table(grid, text, 1) else None


def _begins_row(number: float, levels: Sequence[float], first: Segment) -> bool:
    """Whether it is known where the row of the first number begins: below the end of another, or with the page, where the number
    stands on the first line or in the middle of the row."""
    above, below = (y for y in levels if y < number), (y for y in levels if y > number)
    middle = (next(above) + next(below)) / 2
    return next(above, None) is not None or number - first.level < first.em or abs(number - middle) < first.em


def _in(box: Box, other: Box) -> bool:
    edge = HORIZONTAL.edge
    return box.holds(other.x0, other.y0, edge) and box.holds(other.x1, other.y1, edge)


def _below_header(text: Segments, before: Columns, height: float) -> list[Segment]:
    """The texts of a page without those of a running header, which are not set as the table is."""
    edge = HORIZONTAL.head_share * height
    return list(itertools.dropwhile(lambda s: s.level < edge and not _as_large(s, before), text.segments))


def _as_large(segment: Segment, before: Columns) -> bool:
    return abs(segment.em - before.em) < HORIZONTAL.same_em * before.em


def _in_columns(segment: Segment, before: Columns, taken: Sequence[Box]) -> bool:
    return (
        _as_large(segment, before)
        and before.xs[0] - 1 <= segment.start
        and segment.end <= before.xs[-1] + 1
        and not any(crosses(segment, x) for x in before.xs[1:-1])
        and not any(b.holds(segment.start, segment.level) for b in taken)
    )


def _run(lines: Sequence[Segment]) -> list[Segment]:
    """The lines as far as they follow upon one another."""
    found: list[Segment] = []
    for line in lines:
        if found and line.level - found[-1].level > HORIZONTAL.line_step * line.em:
            break
        found.append(line)
    return found
