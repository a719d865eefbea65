"""Rules of a page → the grids of its tables, and its drawn boxes.

Rules that touch belong together. The lines of one such group give columns and rows; where no rule runs between two
neighbouring fields of that raster they are one merged cell. The outer edge always counts as a border, so that tables
open at the sides or cut by a page break are read too.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from extractors.page.characters import Char
from extractors.page.grid import NO_COLUMNS, Columns, DrawnBox, Grid, make_grid
from extractors.page.lines import to_lines
from extractors.page.rules import Box, PageLines, Rule
from extractors.page.settings import RULES
from extractors.page.table_settings import GRID
from extractors.page.tables.border_shapes import add_rounds, hidden_rules
from extractors.page.tables.frames import framed
from extractors.page.tables.horizontal_rules import open_tables
from extractors.page.tables.rest_of_rows import with_rest
from extractors.page.tables.stray_rules import chains, crossings, heading_band, without_stray
from extractors.page.tables.tick_boxes import is_small_square, take_squares, ticks, without_signs
from extractors.page.tables.underlines import without_underlines
from extractors.page.tables.vertical_rules import upright_groups, with_rows

BAND = 0.95
"""A ground this wide, as a share of the frame around it, is that of a row."""


def find_grids(
    lines: PageLines,
    width: float,
    height: float,
    chars: Sequence[Char] = (),
    above: Sequence[float] = (),
    before: Columns = NO_COLUMNS,
) -> tuple[list[Grid], list[DrawnBox]]:
    """The tables of a page from top to bottom (nested ones within the table that holds them), and its drawn boxes.

    ``chars`` show which rules bound no cell: one that runs through the midst of a line of Chinese text is a fault of the
    program that wrote the file (LibreOffice draws the sides of a merged cell on to the end of the page). ``above`` are the columns of
    the table that the page before ends with, in the midst of a row; ``before`` those of its last table anyhow.
    """
    squares = take_squares(lines)
    add_rounds(lines)
    if len(lines.horizontal) + len(lines.vertical) < GRID.rules and not lines.shades:
        hidden_rules(lines)
    horizontal = without_underlines(_merged(lines.horizontal, RULES.snap_y / 3), chars)
    vertical = _merged(lines.vertical, RULES.snap_x / 3)
    grids: list[Grid] = []
    groups = _side_by_side(_groups(horizontal, vertical))
    met = {v for _, vs in groups for v in vs}
    for hs, vs in groups:
        hs, vs = _on_page(hs, vs, height)
        if not vs:
            continue
        box = _around(hs, vs)
        if is_small_square(box):
            if len(hs) > 1 and len(vs) > 1:
                squares.append(box)
            continue
        if not any(
            box.y0 + RULES.snap_y < h.at < box.y1 - RULES.snap_y for h in hs
        ):  # uprights that no horizontal rule meets
            loose = [v for v in vertical if v not in met]
            vs = [
                *vs,
                *(v for v in loose if box.holds(v.at, v.start, GRID.touch) and box.holds(v.at, v.end, GRID.touch)),
            ]
        for grid in _grids(hs, vs, box, chars):
            if not (len(grid.cells) == 1 and _page_border(box, width, height)):
                grids.append(grid)
    for vs in upright_groups(vertical, [g.box for g in grids]):
        rest = _rest_of_row(vs, above)
        grids.extend([rest] if rest is not None else _upright(vs, chars))
    if chars:
        # A frame around horizontal rules, or around rows on grounds.
        whole = [
            g
            for g in grids
            if g.columns == 1 and (g.rows >= GRID.rules or _banded(g, lines.shades)) and not _labelled(g, chars)
        ]
        found = open_tables(lines, horizontal, [g.box for g in grids if g not in whole], chars, height, before)
        grids = [g for g in grids if g not in whole or not any(_same_place(g.box, other.box) for other in found)]
        drawn = [*lines.shades, *(Box(r.start, r.at, r.end, r.at) for r in horizontal)]
        grids = with_rest(grids, found, before, chars, drawn, height)
    boxes = list(ticks(squares + without_signs(lines), lines.strokes, lines.fills))
    return _nested(grids), boxes


def _on_page(hs: list[Rule], vs: list[Rule], height: float) -> tuple[list[Rule], list[Rule]]:
    """The rules of a table without those of rows that lie beyond the page: Chromium draws a table whole on every page it runs to."""
    first = max((h.at for h in hs if h.at < -RULES.snap_y), default=float("-inf"))
    last = min((h.at for h in hs if h.at > height + RULES.snap_y), default=float("inf"))
    if first == float("-inf") and last == float("inf"):
        return hs, vs
    vs = [Rule(v.at, max(v.start, first), min(v.end, last)) for v in vs if v.start < last and v.end > first]
    return [h for h in hs if first - RULES.snap_y <= h.at <= last + RULES.snap_y], vs


def _same_place(one: Box, other: Box) -> bool:
    return (
        abs(one.x0 - other.x0) < GRID.same_sides
        and abs(one.x1 - other.x1) < GRID.same_sides
        and one.y0 - GRID.same_middle < (other.y0 + other.y1) / 2 < one.y1 + GRID.same_middle
    )


def _banded(grid: Grid, shades: Sequence[Box]) -> bool:
    """Whether grounds from side to side stand in a frame."""
    own = [s for s in shades if grid.box.holds((s.x0 + s.x1) / 2, (s.y0 + s.y1) / 2) and s.height < grid.box.height / 2]
    return sum(1 for s in own if s.width > BAND * grid.box.width) >= GRID.rules


def _labelled(grid: Grid, chars: Sequence[Char]) -> bool:
    """Whether the rows of a frame are cells of several answers each, every one behind a label of its own (姓名：…  电话：…): no columns."""
    lines = to_lines([c for c in chars if grid.box.holds(c.middle, c.level)])
    parted = [line.text for line in lines if "\t" in line.text]
    return bool(parted) and all(text.count("：") + text.count(":") > text.count("\t") for text in parted)


def _rest_of_row(vs: list[Rule], above: Sequence[float]) -> Grid | None:
    """The row that goes on over the whole page: no horizontal rule, and the uprights of the table above."""
    box = Box(min(v.at for v in vs), min(v.start for v in vs), max(v.at for v in vs), max(v.end for v in vs))
    columns = len(above) - 1
    grid = make_grid([], vs, box) if columns > 1 else None
    if grid is None or len(grid.xs) != len(above):
        return None
    return grid if all(abs(x - y) < RULES.snap_x for x, y in zip(grid.xs, above, strict=True)) else None


def _upright(vs: list[Rule], chars: Sequence[Char]) -> list[Grid]:
    """The table of vertical rules alone; its first and last column may have no rule at the page's margin."""
    top, bottom = min(v.start for v in vs), max(v.end for v in vs)
    inside = [c for c in chars if top < c.level < bottom and c.text != " "]
    if not inside:
        return []
    x0 = min(*(v.at for v in vs), *(c.x0 - 1 for c in inside))
    x1 = max(*(v.at for v in vs), *(c.x1 + 1 for c in inside))
    box = Box(x0, top, x1, bottom)
    hs = [Rule(top, x0, x1), Rule(bottom, x0, x1)]
    rows = with_rows(hs, vs, box, chars)
    grid = make_grid(rows, vs, box) if rows is not hs else None
    if grid is None or _crossed(grid, chars):
        return []
    grid.guessed = True
    return [grid]


def _page_border(box: Box, width: float, height: float) -> bool:
    """A frame around the whole page is decoration, not a table."""
    edge = GRID.page_border
    return box.x0 < edge and box.y0 < edge and box.x1 > width - edge and box.y1 > height - edge


def _merged(rules: Iterable[Rule], near: float) -> list[Rule]:
    """Rules in one line put together: pieces for each cell, dashes, and what was drawn twice."""
    found: list[Rule] = []
    group: list[Rule] = []
    for rule in sorted(rules):
        if (group and rule.at - group[-1].at > near) or (group and rule.at - group[0].at > GRID.double * near):
            found.extend(_joined(group))
            group = []
        group.append(rule)
    found.extend(_joined(group))
    return found


def _joined(group: list[Rule]) -> list[Rule]:
    if not group:
        return []
    found: list[Rule] = []
    pieces = sorted(group, key=lambda r: (r.start, r.end))
    at = sum(r.at for r in group) / len(group)
    start, end, last = pieces[0].start, pieces[0].end, pieces[0].end - pieces[0].start
    for piece in pieces[1:]:
        length = piece.end - piece.start
        gap = GRID.dot_gap if length < GRID.dot and last < GRID.dot else GRID.dash_gap
        if piece.start - end <= gap:
            end = max(end, piece.end)
        else:
            found.append(Rule(at, start, end))
            start, end = piece.start, piece.end
        last = length
    found.append(Rule(at, start, end))
    return [r for r in found if r.end - r.start > GRID.shortest]


def _groups(horizontal: list[Rule], vertical: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Sets of rules that touch one another."""
    parent = list(range(len(horizontal) + len(vertical)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    places = [v.at for v in vertical]
    touch = GRID.touch
    for i, h in enumerate(horizontal):
        for j in range(bisect_left(places, h.start - touch), bisect_right(places, h.end + touch)):
            v = vertical[j]
            if v.start - touch <= h.at <= v.end + touch:
                a, b = root(i), root(len(horizontal) + j)
                if a != b:
                    parent[b] = a
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, h in enumerate(horizontal):
        groups.setdefault(root(i), ([], []))[0].append(h)
    for j, v in enumerate(vertical):
        groups.setdefault(root(len(horizontal) + j), ([], []))[1].append(v)
    return [g for g in groups.values() if g[0] and g[1]]


def _side_by_side(
    groups: list[tuple[list[Rule], list[Rule]]],
) -> list[tuple[list[Rule], list[Rule]]]:
    """The groups, those put together whose uprights all begin and end with the page's body: the parts of a table that goes on above and
    below the page, at either side of a merged cell that fills its height."""
    found: list[tuple[list[Rule], list[Rule]]] = []
    last: Box | None = None
    for hs, vs in sorted(groups, key=lambda g: min(v.at for v in g[1])):
        box = _around(hs, vs)
        whole = all(box.y0 + GRID.touch < h.at < box.y1 - GRID.touch for h in hs)
        whole = whole and all(v.start - box.y0 < GRID.touch and box.y1 - v.end < GRID.touch for v in vs)
        if (
            whole
            and last is not None
            and abs(last.y0 - box.y0) + abs(last.y1 - box.y1) < GRID.touch
            and last.x1 < box.x0
        ):
            found[-1] = (found[-1][0] + hs, found[-1][1] + vs)
        else:
            found.append((hs, vs))
        last = box if whole else None
    return found


def _around(hs: list[Rule], vs: list[Rule]) -> Box:
    x0 = min(min(h.start for h in hs), min(v.at for v in vs))
    x1 = max(max(h.end for h in hs), max(v.at for v in vs))
    y0 = min(min(v.start for v in vs), min(h.at for h in hs))
    y1 = max(max(v.end for v in vs), max(h.at for h in hs))
    return Box(x0, y0, x1, y1)


def _trimmed(rules: list[Rule], across: list[Rule], low: float, high: float) -> list[Rule]:
    """Rules cut back to where they meet others: an underline inside a cell is no border. At an open end (``low``, ``high``) they
    go on as far as the longest: Chromium draws the cells of a row that a page break cut to different depths."""
    found: list[Rule] = []
    touch = GRID.touch
    first, last = min(c.at for c in across), max(c.at for c in across)
    for rule in rules:
        meets = [c.at for c in across if c.start - touch <= rule.at <= c.end + touch]
        meets = [at for at in (*meets, low, high) if rule.start - touch <= at <= rule.end + touch]
        if first in meets and first - rule.start > GRID.beyond:
            meets.append(low)
        if last in meets and rule.end - last > GRID.beyond:
            meets.append(high)
        if len(meets) > 1 and max(meets) - min(meets) > GRID.side:
            found.append(Rule(rule.at, min(meets), max(meets)))
    return found


def _reach(rules: list[Rule], across: list[Rule], edge: float, end: bool) -> float:
    """Where the raster ends: at ``edge`` where the outermost or most rules reach beyond the last one across (a table open
    at that side, or cut by the page's end), else at the last one across."""
    last = max(c.at for c in across) if end else min(c.at for c in across)

    def beyond(rule: Rule) -> bool:
        return (rule.end - last if end else last - rule.start) > GRID.beyond

    there = [r for r in rules if r.start - GRID.touch <= last <= r.end + GRID.touch]
    outermost = len(rules) > 1 and beyond(min(rules)) and beyond(max(rules))
    return edge if outermost or sum(map(beyond, there)) > GRID.open_share * len(there) else last


def _grids(hs: list[Rule], vs: list[Rule], box: Box, chars: Sequence[Char]) -> list[Grid]:
    """The grid of a group of rules; two where a heading stands between two tables that one stray rule joins."""
    rows = with_rows(hs, vs, box, chars)
    grid = make_grid(rows, vs, box) if rows is not hs else None
    if grid is not None and not _crossed(grid, chars):
        grid.guessed = True
        return [grid]
    drawn = vs
    low_y, high_y = _reach(vs, hs, box.y0, end=False), _reach(vs, hs, box.y1, end=True)
    low_x, high_x = _reach(hs, vs, box.x0, end=False), _reach(hs, vs, box.x1, end=True)
    for _ in range(2):
        hs = _trimmed(hs, vs, low_x, high_x)
        vs = _trimmed(vs, hs, low_y, high_y) if hs else []
        if not vs:  # strokes that meet once, as in a drawn chart
            return []
    if len(hs) <= 1 and len(vs) <= 1:
        return []
    box = _around(hs, vs)
    grid = make_grid(hs, vs, box)
    if grid is None:
        return []
    chained = chains(chars)
    crossed = crossings(chars, chained, box, grid.xs)
    band = heading_band(grid, crossed, chars)
    if band is not None:
        above, below = (box.y0, grid.ys[band]), (grid.ys[band + 1], box.y1)
        found: list[Grid] = []
        for start, end in (above, below):
            part = _clipped(vs, start, end)
            rows = [h for h in hs if start - RULES.snap_y <= h.at <= end + RULES.snap_y]
            if rows and part and end - start > GRID.height:
                found.extend(_grids(rows, part, _around(rows, part), chars))
        return found
    grid.guessed = _is_heap(grid, chars) or _lost_columns(grid, drawn)
    real = without_stray(grid, vs, crossed, list(zip(chars, chained, strict=True)))
    if real is not vs:
        grid = make_grid(hs, real, box) or grid
    return [framed(grid, hs, real, chars, _table_in_frame)]


def _crossed(grid: Grid, chars: Sequence[Char]) -> bool:
    """Whether a piece of Chinese text runs over a wall of the grid: its vertical rules bound no cells, or its rows were guessed wrongly."""
    for x0, x1, y, _ in crossings(chars, chains(chars), grid.box, grid.xs):
        left, right = grid.cell_at(x0, y), grid.cell_at(x1, y)
        if left is not None and right is not None and left != right:
            return True
    return False


def _is_heap(grid: Grid, chars: Sequence[Char]) -> bool:
    """Whether a table of one row has lines far apart in its first cell: rows that nothing parts."""
    if grid.rows > 1 or grid.columns <= 1:
        return False
    levels = sorted((c.base, c.size) for c in chars if grid.xs[0] < c.middle < grid.xs[1] and c.text != " ")
    return any(
        grid.box.y0 < a[0] and b[0] < grid.box.y1 and b[0] - a[0] > GRID.heap_step * a[1]
        for a, b in itertools.pairwise(levels)
    )


def _lost_columns(grid: Grid, drawn: Sequence[Rule]) -> bool:
    """Whether a frame without columns has uprights in it, which no rule meets at their other end: a table whose rows nobody drew."""
    x0, x1, tall = grid.box.x0 + RULES.snap_x, grid.box.x1 - RULES.snap_x, grid.box.height / 2
    return grid.columns == 1 and sum(1 for v in drawn if x0 < v.at < x1 and v.end - v.start > tall) > 1


def _table_in_frame(hs: list[Rule], vs: list[Rule], box: Box) -> Grid | None:
    grid = make_grid(hs, vs, box)
    return grid and framed(grid, hs, vs, (), _table_in_frame)


def _clipped(vs: list[Rule], start: float, end: float) -> list[Rule]:
    cut = [Rule(v.at, max(v.start, start), min(v.end, end)) for v in vs]
    return [v for v in cut if v.end - v.start > GRID.stub]


def _nested(grids: list[Grid]) -> list[Grid]:
    """Tables that lie within a cell of another go into it; the rest in order from the top."""
    grids.sort(key=lambda g: -(g.box.width * g.box.height))
    top: list[Grid] = []
    for grid in grids:
        middle = ((grid.box.x0 + grid.box.x1) / 2, (grid.box.y0 + grid.box.y1) / 2)
        holder = _holder(top, grid, middle)
        if holder is None:
            top.append(grid)
        elif len(grid.cells) > 1:
            holder.inner.append(grid)
        else:
            holder.frames.append(grid.box)
    for grid in grids:
        grid.inner.sort(key=lambda g: (g.box.y0, g.box.x0))
    return sorted(top, key=lambda g: (g.box.y0, g.box.x0))


def _holder(grids: list[Grid], grid: Grid, middle: tuple[float, float]) -> Grid | None:
    for other in grids:
        number = other.cell_at(*middle) if other.box.holds(*middle) else None
        if number is not None:
            cell = other.cells[number].box
            if cell.holds(grid.box.x0, grid.box.y0, GRID.nested) and cell.holds(grid.box.x1, grid.box.y1, GRID.nested):
                return _holder(other.inner, grid, middle) or other
    return None
