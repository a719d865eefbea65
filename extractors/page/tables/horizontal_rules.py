"""Tables that have no vertical rules: rows between horizontal rules alone, or cells told apart by the ground they stand on.

What is missing follows from the text. Programs draw a horizontal rule in a piece for each column, and a ground for each cell, so the
places where columns end are known; between two columns stands a wall in each row whose text does not run over it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from statistics import median

from extractors.page.characters import Char
from extractors.page.grid import NO_COLUMNS, Columns, Grid, clustered, make_grid, walls
from extractors.page.rules import Box, PageLines, Rule
from extractors.page.segments import Gap, Segment, Segments
from extractors.page.settings import RULES
from extractors.page.table_settings import GRID, HORIZONTAL
from extractors.page.tables.grounds import on_grounds, shade_groups, stacked_from_top, with_white
from extractors.page.tables.gutters import gutters_of, row_ends, wall_in
from extractors.page.tables.merged_cells import tiled
from extractors.page.tables.rows_by_text import crossed, crosses, holds_table, row_above
from extractors.page.tables.rule_groups import drawn_alike, edges_of_grounds, in_pieces_of, rule_groups
from extractors.page.tables.underlines import without_underlines


def open_tables(
    lines: PageLines,
    level: Sequence[Rule],
    used: Sequence[Box],
    chars: Sequence[Char],
    height: float,
    before: Columns = NO_COLUMNS,
) -> list[Grid]:
    """The tables without vertical rules of a page. ``level`` are its horizontal rules, ``used`` where ruled tables stand, ``before``
    the columns of the last table of the page before."""
    rules = [r for r in level if not any(b.holds((r.start + r.end) / 2, r.at, GRID.used) for b in used)]
    rules = without_underlines(rules, chars, anywhere=True)
    shades = [
        s for s in lines.shades if not any(b.holds((s.x0 + s.x1) / 2, (s.y0 + s.y1) / 2, GRID.used) for b in used)
    ]
    shades = with_white(shades, lines.whites)
    rest = stacked_from_top([*shades, *lines.whites], before.xs)
    shaded = HORIZONTAL.bands <= len(shades) <= HORIZONTAL.most_grounds
    pieces = [r for r in lines.horizontal if r.end - r.start > HORIZONTAL.piece]
    carried = [r for r in rules if in_pieces_of(r, pieces, before.xs)]
    if len(rules) < HORIZONTAL.rules and not (shaded or rest or carried or drawn_alike(rules, pieces)):
        return []
    text = Segments(chars)

    def columns_for(top: float) -> Sequence[float]:
        """``before`` for what may go on from it: no text of the page stands above."""
        return () if any(HORIZONTAL.head_share * height < s.level < top for s in text.segments) else before.xs

    found: list[Grid] = []
    rules = edges_of_grounds(rules, shades if shaded else ())
    for group in rule_groups(rules, pieces, text):
        found.extend(_between_rules(group, pieces, text, height, columns_for(group[0].at), before))
    if carried and not any(g.box.holds(g.box.x0, carried[0].at, GRID.used) for g in found):
        found.extend(_between_rules(carried, pieces, text, height, before.xs, before))
    shades = [s for s in shades if not any(g.box.holds((s.x0 + s.x1) / 2, (s.y0 + s.y1) / 2, GRID.used) for g in found)]
    if shaded and len(shades) >= HORIZONTAL.bands:
        grids: list[Grid | None] = []
        for areas in shade_groups(shades, text):
            match clustered([x for s in areas for x in (s.x0, s.x1)], HORIZONTAL.near):
                case [_, _]:
                    grids.append(_on_bands(areas, text, columns_for(min(s.y0 for s in areas))))
                case _ if len(areas) >= GRID.grounds:
                    grids.append(on_grounds(areas, text, shades))
        read = [grid for grid in grids if grid is not None]
        whole = [grid for grid in read if holds_table(grid, text, 2)]
        # A row of its own at the end of the page, of a table like the others.
        found.extend(g for g in read if g in whole or (holds_table(g, text, 1) and any(_as_wide(g, w) for w in whole)))
    if rest and columns_for(rest[0].y0) and not any(g.box.holds(rest[0].x0, rest[0].y1, GRID.used) for g in found):
        grid = _on_bands(rest, text, before.xs)
        if grid is not None and len(grid.xs) == len(before.xs) and holds_table(grid, text, 1):
            found.append(grid)
    return found


def _as_wide(one: Grid, other: Grid) -> bool:
    return abs(one.box.x0 - other.box.x0) <= HORIZONTAL.edge and abs(one.box.x1 - other.box.x1) <= HORIZONTAL.edge


def _on_bands(group: list[Box], text: Segments, before: Sequence[float]) -> Grid | None:
    """The table whose rows are told apart by grounds from side to side; columns are found by the text."""
    box = Box(min(s.x0 for s in group), min(s.y0 for s in group), max(s.x1 for s in group), max(s.y1 for s in group))
    columns = _free_columns(text, box, before)
    parted = text.parted(columns)
    top, bottom = (row_above([box.x0, *columns], box, parted, down) for down in (False, True))
    box = Box(box.x0, top, box.x1, bottom)
    ys = clustered([top, bottom, *(y for s in group for y in (s.y0, s.y1))], RULES.snap_y)
    return walled([Rule(y, box.x0, box.x1) for y in ys], columns, box, parted, False) if columns else None


def _free_columns(text: Segments, box: Box, before: Sequence[float]) -> list[float]:
    """Where columns end by the text: where those of the table that goes on from the page before do, if texts leave that free."""
    if _goes_on(before, box):
        shown = text.within(box)
        if not any(crosses(s, x) for s in shown for x in before[1:-1]):
            return list(before[1:-1])
    return [wall_in(gutter) for gutter in gutters_of(text.lines, box)]


def _goes_on(before: Sequence[float], box: Box) -> bool:
    """Whether the table with the columns ``before`` is as wide as what stands in ``box``."""
    return len(before) > 1 and max(abs(before[0] - box.x0), abs(before[-1] - box.x1)) <= HORIZONTAL.edge


def _alone(box: Box, text: Segments, pieces: Sequence[Rule]) -> bool:
    """Whether no rule of another row stands above ``box``, or before the text below it."""
    below = min((s.level for s in text.segments if s.level > box.y1), default=box.y1)
    return not any(p.at < box.y0 - HORIZONTAL.edge or box.y1 + HORIZONTAL.edge < p.at < below for p in pieces)


def _between_rules(
    group: list[Rule], pieces: list[Rule], text: Segments, height: float, free: Sequence[float], before: Columns
) -> Iterable[Grid]:
    """The table of horizontal rules, with the row above or below that a page break cut. ``free``: the columns of the table
    before, where it may go on here."""
    same = all(in_pieces_of(rule, pieces, before.xs) for rule in group)
    if len(group) <= 1 and not same:
        return
    box = Box(min(r.start for r in group), group[0].at, max(r.end for r in group), group[-1].at)
    columns, partial = (list(before.xs[1:-1]), []) if same else _column_ends(group, pieces, box)
    known = bool(columns)
    inner = columns or _free_columns(text, box, free)
    text = text.parted(inner)
    top, bottom = _cut_rows(box, text, height, columns, same)
    beside = [r.at for r in pieces if r.start < box.x1 and r.end > box.x0]
    top = (
        row_above([box.x0, *inner], box, text)
        if any(at < box.y0 - HORIZONTAL.edge for at in beside) or top == box.y0
        else top
    )
    bottom = box.y1 if any(at > box.y1 + HORIZONTAL.edge for at in beside) else bottom
    box = Box(box.x0, top, box.x1, bottom)
    columns = columns or _by_gaps(box, text, group, partial)
    text = text.parted(columns)
    ys = sorted({box.y0, *(r.at for r in group), box.y1})
    xs = [box.x0, *columns, box.x1]
    numbers = text.numbers(Box(xs[0], box.y0, xs[1], box.y1))
    ends = [y for a, b in itertools.pairwise(ys) for y in row_ends(text.within(box), a, b, xs[:-1], numbers)]
    level = [*group, *(Rule(y, box.x0, box.x1) for y in ends)]
    grid = walled(level, columns, box, text, known, before.parted if same else frozenset())
    if grid is not None and holds_table(
        grid, text, 1 if known or (_goes_on(free, box) and _alone(box, text, pieces)) else 2
    ):
        yield grid


def _column_ends(group: list[Rule], pieces: list[Rule], box: Box) -> tuple[list[float], list[float]]:
    """Where columns end by the pieces that horizontal rules are drawn in; and where shorter rules begin or end, beside a merged
    cell, if the rules are whole else."""
    own = [p for p in pieces if any(abs(p.at - r.at) < HORIZONTAL.same_level for r in group)]
    ends = [x for p in own for x in (p.start, p.end) if box.x0 + HORIZONTAL.edge < x < box.x1 - HORIZONTAL.edge]
    columns = [
        x
        for x in clustered(ends, HORIZONTAL.same_level)
        if sum(abs(x - e) < HORIZONTAL.same_end for e in ends) >= HORIZONTAL.column_ends
    ]
    starts = {(round(p.at), round(p.start)) for p in own}
    parted = [
        x
        for x in columns
        if any(
            abs(p.end - x) < HORIZONTAL.same_end and (round(p.at), round(p.end) + d) in starts
            for p in own
            for d in (-1, 0, 1)
        )
    ]
    return (columns, []) if parted else ([], columns)


def _cut_rows(box: Box, text: Segments, height: float, columns: Sequence[float], same: bool) -> tuple[float, float]:
    """Where the table begins and ends, with the lines of a row that runs over the page's edge without a rule. ``columns``: those
    that its rules tell; ``same``: they are those of the page before."""
    inside = text.within(box)
    pad = min((s.start for s in inside), default=box.x0) - box.x0
    top, bottom = box.y0, box.y1
    above = _run([s for s in reversed(text.segments) if s.level < box.y0], box.y0, height)
    if above and _in_columns(above, box, pad, columns if same else ()):
        top = above[-1].level - above[-1].em
    below = _run([s for s in text.segments if s.level > box.y1], box.y1, height)
    if below and below[-1].level > HORIZONTAL.low_on_page_share * height and _in_columns(below, box, pad, columns):
        bottom = below[-1].level + below[-1].em
    return top, bottom


def _run(lines: list[Segment], start: float, height: float) -> list[Segment]:
    """The lines next to a table's edge down (or up) to the end of the page; none where there is something else behind them."""
    found: list[Segment] = []
    for line in lines:
        if abs(line.level - start) > HORIZONTAL.line_step * line.em:
            break
        found.append(line)
        start = line.level
    margin = HORIZONTAL.head_share * height, HORIZONTAL.foot_share * height
    rest = all(line.level < margin[0] or line.level > margin[1] for line in lines[len(found) :])
    return found if rest else []


def _in_columns(lines: list[Segment], box: Box, pad: float, columns: Sequence[float]) -> bool:
    """Whether lines are those of cells: over no end of a column, or, where none is known, as far in as the texts of cells."""
    if not columns and (pad <= HORIZONTAL.padding or len({round(s.level) for s in lines}) >= HORIZONTAL.cut_lines):
        return False
    begins = box.x0 + (0.0 if columns else pad)
    return all(s.start >= begins - 1 and s.end <= box.x1 + 1 for s in lines) and not any(
        crosses(s, x) for s in lines for x in columns
    )


def _by_gaps(box: Box, text: Segments, level: Sequence[Rule], partial: Sequence[float]) -> list[float]:
    """The fewest upright lines such that one passes through every wide gap of a line of text, each where the fewest texts
    stand in its way."""
    free = [wall_in(gutter) for gutter in gutters_of(text.lines, box)]
    text = text.parted(free)
    shown = text.within(box)
    size = median([s.em for s in shown] or [HORIZONTAL.no_size])
    gaps = [
        g
        for g in text.gaps
        if box.y0 < g.level < box.y1 and g.end - g.start > HORIZONTAL.column_gap * size and box.x0 < g.start < box.x1
    ]
    gaps += [
        g
        for above, below in itertools.pairwise(sorted({r.at for r in level}))
        for g in _apart_by_level(text, box, above, below)
    ]
    groups: list[tuple[float, float]] = []
    for start, end, _ in sorted(gaps, key=lambda g: g.end):
        if any(start <= x <= end for x in free):
            continue
        if groups and start <= groups[-1][1]:
            groups[-1] = (max(start, groups[-1][0]), groups[-1][1])
        else:
            groups.append((start, end))
    found: list[float] = []
    for low, high in groups:
        # Text begins at the left of its column: the wall stands nearer to what follows the gap.
        first = max(low, high - HORIZONTAL.wall_room * size)
        places = [
            first,
            *(
                s.start - HORIZONTAL.wall_before * size
                for s in shown
                if low + HORIZONTAL.gap_before * size < s.start < high
            ),
        ]
        found.append(
            min(
                places,
                key=lambda x: (
                    sum(1 for s in shown if s.start + HORIZONTAL.wall_slack < x < s.end - HORIZONTAL.wall_slack),
                    -x,
                ),
            )
        )
    known = [*partial, *(x for x in free if all(abs(x - p) > HORIZONTAL.wall_near for p in partial))]
    return sorted([*known, *(x for x in found if all(abs(x - p) > HORIZONTAL.wall_near for p in known))])


def _apart_by_level(text: Segments, box: Box, above: float, below: float) -> list[Gap]:
    """The gaps of a row between texts that stand beside one another, not on one line: cells of one line and of two."""
    found: list[Gap] = []
    last: Segment | None = None
    for segment in sorted(text.within(Box(box.x0, above, box.x1, below))):
        if (
            last is not None
            and segment.start - last.end > HORIZONTAL.apart * segment.em
            and abs(segment.level - last.level) > HORIZONTAL.apart * segment.em
        ):
            found.append(Gap(last.end, segment.start, segment.level))
        if last is None or segment.end > last.end:
            last = segment
    return found


def walled(
    level: list[Rule],
    columns: list[float],
    box: Box,
    text: Segments,
    known: bool,
    usual: frozenset[int] = frozenset(),
) -> Grid | None:
    """The grid of horizontal rules and the places where columns end, without the walls within merged cells. ``known``: the rules
    tell the places, not the gaps of the text; ``usual`` of them part most rows of the table that goes on here."""
    xs = [box.x0, *columns, box.x1]
    ys = clustered([*(r.at for r in level), box.y0, box.y1], RULES.snap_y)
    below = walls(level, ys, xs, RULES.snap_y)
    rows = len(ys) - 1
    if known:
        parted = tiled(xs, [_in_row(text, xs, ys, below, k) for k in range(rows)], usual)
    else:
        inner = range(1, len(xs) - 1)
        fields = [[Box(xs[i - 1], ys[k], xs[i + 1], ys[k + 1]) for k in range(rows)] for i in inner]
        parted = [{i for i in inner if not crossed(text, fields[i - 1][k], xs[i])} for k in range(rows)]
    closed = [[i in (0, len(xs) - 1) or i in parted[k] for k in range(rows)] for i in range(len(xs))]
    for i in range(1, len(xs) - 1):
        for order in (range(1, rows), range(rows - 1, 0, -1)):
            for k in order:
                if not below[k][i - 1] and not below[k][i]:  # one merged cell, or two beside one another
                    closed[i][k] = closed[i][k - 1] = closed[i][k] and closed[i][k - 1]
    vs = [Rule(xs[i], ys[k], ys[k + 1]) for i in range(len(xs)) for k in range(rows) if closed[i][k]]
    grid = make_grid(level, vs, box)
    if grid is not None:
        grid.guessed = True
    return grid


def _in_row(text: Segments, xs: list[float], ys: list[float], below: list[list[bool]], row: int) -> list[Segment]:
    """The text of a row, with that of cells merged down into it."""
    found: list[Segment] = []
    for i, (left, right) in enumerate(itertools.pairwise(xs)):
        top, bottom = row, row + 1
        while top > 0 and not below[top][i]:
            top -= 1
        while bottom < len(ys) - 1 and not below[bottom][i]:
            bottom += 1
        field = text.within(Box(left, ys[top], right, ys[bottom]))
        found.extend(
            s for s in field if left <= s.start + HORIZONTAL.over_wall * s.em < right or (i == 0 and s.start < left)
        )
    return found
