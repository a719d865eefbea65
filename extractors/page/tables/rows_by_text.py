"""What the text tells of a table without vertical rules: rows beyond its edge, walls that texts run over, whether it is one."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from extractors.page.grid import Grid
from extractors.page.rules import Box
from extractors.page.segments import Segment, Segments
from extractors.page.table_settings import HORIZONTAL


def row_above(xs: list[float], box: Box, text: Segments, down: bool = False) -> float:
    """Where a table begins that has no rule (or ground) above its first row, or ``down``: below its last.

    Such a row stands close to the next one, and its texts begin where those of columns do, in two columns at least.
    """
    edge = box.y1 if down else box.y0
    pad = _pad([*xs, box.x1], box, text)
    if not pad:
        return edge
    lines = [s for s in text.segments if (s.level > edge if down else s.level < edge)]
    heading = HORIZONTAL.heading * median(s.em for s in text.within(box))
    row: list[Segment] = []
    begun: set[float] = set()
    last = edge
    for _, group in itertools.groupby(lines if down else reversed(lines), key=lambda s: round(s.level)):
        line = list(group)
        begins = {x for s in line for x in xs if abs(s.start - x - pad) < HORIZONTAL.begins}
        if (
            not begins
            or (len(line) == 1 and line[0].em > heading)
            or abs(line[0].level - last) > HORIZONTAL.line_step * line[0].em
            or any(_out_of_column(s, xs, box) for s in line)
        ):
            break
        row += line
        begun |= begins
        last = line[-1].level
    if len(begun) <= 1 or len({round(s.level) for s in row}) > HORIZONTAL.row_lines:
        return edge
    return last + row[-1].em if down else last - row[-1].em


def rows_above(xs: list[float], box: Box, text: Segments, others: Sequence[Box], down: bool = False) -> float:
    """The same where the columns are drawn: the lines that follow upon one another, none over a column's end or on one of ``others``,
    the grounds of other tables, with a text in most columns."""
    last = box.y1 if down else box.y0
    sizes = [s.em for s in text.within(box)]
    if not sizes:
        return last
    lines = [s for s in text.segments if (s.level > box.y1 if down else s.level < box.y0)]
    heading = HORIZONTAL.heading * median(sizes)
    found: list[Segment] = []
    for segment in lines if down else reversed(lines):
        if (
            segment.em > heading
            or abs(segment.level - last) > HORIZONTAL.line_step * segment.em
            or _out_of_column(segment, xs, box)
            or any(other.holds(segment.start, segment.level) for other in others)
        ):
            break
        found.append(segment)
        last = segment.level
    held = {bisect_right(xs, (s.start + s.end) / 2) for s in found}
    if 2 * len(held) <= len(xs):
        return row_above(xs, box, text, down)
    return last + found[-1].em if down else last - found[-1].em


def _out_of_column(segment: Segment, xs: list[float], box: Box) -> bool:
    """Whether a text runs out of the table, or over one of its columns' ends."""
    if segment.start < box.x0 or segment.end > box.x1 + HORIZONTAL.covers:
        return True
    return any(crosses(segment, x) for x in xs)


def _pad(xs: list[float], box: Box, text: Segments) -> float:
    """The space left of the text in each cell, where the texts of a table begin at the left of their cells; else 0."""
    shown = text.within(box)
    offsets = [min((s.start - x for x in xs if x <= s.start + 1), default=0.0) for s in shown]
    if not offsets:
        return 0.0
    pad = median(offsets)
    same = sum(1 for offset in offsets if abs(offset - pad) < HORIZONTAL.begins)
    return pad if 1 < pad < HORIZONTAL.padding_most and same >= HORIZONTAL.begin_share * len(offsets) else 0.0


def crossed(text: Segments, box: Box, x: float) -> bool:
    """True where a text runs over ``x``."""
    return any(crosses(s, x) for s in text.within(box))


def crosses(segment: Segment, x: float) -> bool:
    """True where a text runs over ``x``."""
    over = HORIZONTAL.over_wall * segment.em
    return segment.start < x - over and segment.end > x + over


def headed(between: Sequence[Segment], em: float) -> bool:
    """Whether texts hold the heading of another table: a text alone on its line, larger than those of rows, whose size is ``em``; or
    begin with two, each on a line of its own, the second behind the first one's end."""
    lines = _lines(between)
    if any(len(line) == 1 and line[0].em > HORIZONTAL.heading * em for line in lines):
        return True
    match lines:
        case [[first], [second], *_]:
            return second.start > first.end
        case _:
            return False


def _lines(shown: Sequence[Segment]) -> list[list[Segment]]:
    """Texts that stand beside one another, from the top."""
    found: list[list[Segment]] = []
    for segment in sorted(shown, key=lambda s: s.level):
        if found and segment.level - found[-1][-1].level < HORIZONTAL.beside * segment.em:
            found[-1].append(segment)
        else:
            found.append([segment])
    return found


def holds_table(grid: Grid, text: Segments, least: int) -> bool:
    """True where ``least`` rows or more have text in two cells or more: no ruled paper, no coloured banner."""
    rows: dict[int, set[int]] = defaultdict(set)
    for start, end, level, em in text.within(grid.box):
        number = grid.cell_at(min(start + 0.3 * em, (start + end) / 2), level)
        if number is not None:
            rows[grid.cells[number].row].add(number)
    return sum(1 for cells in rows.values() if len(cells) > 1) >= least and grid.columns > 1
