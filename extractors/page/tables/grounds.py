"""Tables whose cells are told apart by the ground they stand on."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from statistics import median

from extractors.page.grid import Grid, clustered, make_grid
from extractors.page.rules import Box, Rule
from extractors.page.segments import Segment, Segments
from extractors.page.settings import RULES
from extractors.page.table_settings import HORIZONTAL
from extractors.page.tables.gutters import row_ends
from extractors.page.tables.rows_by_text import crossed, crosses, headed, rows_above


def with_white(shades: list[Box], whites: list[Box]) -> list[Box]:
    """``shades`` with the white areas of the same table: as wide as a coloured one, and right above or below it. Programs that
    colour every second row draw the others too."""
    found = list(shades)
    left = [w for w in whites if min(w.width, w.height) > RULES.thin][: HORIZONTAL.most_grounds] if shades else []
    before = -1
    while before != len(found):
        before = len(found)
        for white in left:
            if any(_same_width(white, f) and min(abs(white.y0 - f.y1), abs(white.y1 - f.y0)) < 1 for f in found):
                found.append(white)
        left = [w for w in left if w not in found]
    return found


def stacked_from_top(grounds: Sequence[Box], xs: Sequence[float]) -> list[Box]:
    """The areas that lie one upon the other from the first of a page down, as wide as the table that the page before ended
    with, whose columns end at ``xs``: rows of it, though all of them are white."""
    if len(xs) < HORIZONTAL.rest_columns:
        return []
    sides = Box(xs[0], 0, xs[-1], 0)
    found: list[Box] = []
    for ground in sorted((g for g in grounds if _same_width(g, sides)), key=lambda g: g.y0):
        if found and ground.y0 - found[-1].y1 > 1:
            break
        if not found or ground.y1 > found[-1].y1 + 1:
            found.append(ground)
    return found


def _same_width(one: Box, other: Box) -> bool:
    return abs(one.x0 - other.x0) < HORIZONTAL.edge and abs(one.x1 - other.x1) < HORIZONTAL.edge


def shade_groups(shades: list[Box], text: Segments) -> list[list[Box]]:
    """Coloured areas that lie side by side, without those that are the ground of others."""
    small = [s for s in shades if s.width * s.height < HORIZONTAL.page_ground]
    small = [s for s in small if sum(_covers(s, other) for other in small) < HORIZONTAL.held_areas]
    small = sorted({Box(*(round(v, 1) for v in s)) for s in small}, key=lambda b: (b.y0, b.x0))
    groups: list[list[Box]] = []
    for shade in small:
        near = [g for g in groups if any(_beside(shade, other, text, small) for other in reversed(g))]
        for other in near[1:]:
            near[0].extend(other)
            groups.remove(other)
        if near:
            near[0].append(shade)
        else:
            groups.append([shade])
    return [g for g in groups if len(g) > 1]


def _covers(outer: Box, inner: Box) -> bool:
    larger = outer.width * outer.height > HORIZONTAL.larger * inner.width * inner.height
    return (
        larger
        and outer.holds(inner.x0, inner.y0, HORIZONTAL.covers)
        and outer.holds(inner.x1, inner.y1, HORIZONTAL.covers)
    )


def _beside(one: Box, other: Box, text: Segments, grounds: list[Box]) -> bool:
    """True where two areas touch, or stand over one another with a row without ground between them."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    if across > -HORIZONTAL.near and down > -HORIZONTAL.near:
        return True
    if not _same_width(one, other):
        return False
    between = text.within(Box(one.x0, min(one.y1, other.y1), one.x1 + HORIZONTAL.row_reach, max(one.y0, other.y0)))
    between = [s for s in between if not any(g.holds(s.start, s.level) for g in grounds)]
    if not any(_side_by_side(a, b) for a in between for b in between):
        return False
    rows = [s.em for ground in (one, other) for s in text.within(ground)]
    if rows and headed(between, median(rows)):
        return False
    return -down < HORIZONTAL.row_between * min(one.height, other.height) or _in_columns(between, one)


def _side_by_side(one: Segment, other: Segment) -> bool:
    return one.end < other.start and abs(one.level - other.level) < HORIZONTAL.beside * one.em


def _in_columns(shown: list[Segment], ground: Box) -> bool:
    """Whether texts stand beside one another as those of a row do, none of them over the ends of ``ground``."""
    over = [s for s in shown if crosses(s, ground.x0) or crosses(s, ground.x1)]
    levels = Counter(round(s.level) for s in shown)
    return not over and sum(1 for many in levels.values() if many > 1) >= HORIZONTAL.beside_share * len(levels) > 0


def on_grounds(group: list[Box], text: Segments, grounds: Sequence[Box]) -> Grid | None:
    """The table of cells told apart by their grounds; cells without one are found by the rows and columns of the others.
    ``grounds``: all of the page."""
    box = Box(min(s.x0 for s in group), min(s.y0 for s in group), max(s.x1 for s in group), max(s.y1 for s in group))
    beyond = [s for s in text.segments if box.y0 < s.level < box.y1 and s.start > box.x1 - 1]
    xs = clustered([e for s in group for e in (s.x0, s.x1)], HORIZONTAL.near)
    ys = clustered([e for s in group for e in (s.y0, s.y1)], HORIZONTAL.near)
    end = max((s.end for s in beyond), default=0.0)
    if end > box.x1 and len({s.level for s in beyond}) > 1:  # the last column has no ground
        box = Box(box.x0, box.y0, end + HORIZONTAL.widened, box.y1)
    others = [g for g in grounds if not box.holds(g.x0, (g.y0 + g.y1) / 2, 1)]
    text = text.parted(xs[1:-1])
    top, bottom = (rows_above(xs[:-1], box, text, others, down) for down in (False, True))
    numbers = text.numbers(Box(xs[0], top, xs[1], bottom))
    ends = [
        y
        for a, b in ((top, box.y0), (box.y1, bottom))
        for y in row_ends(text.within(Box(box.x0, a, box.x1, b)), a, b, xs[:-1], numbers)
    ]
    box = Box(box.x0, top, box.x1, bottom)
    ys = clustered([*ys, *ends, top, bottom], RULES.snap_y)
    hs: list[Rule] = []
    vs: list[Rule] = []
    for shade in group:
        x0, x1 = (min(xs, key=lambda x, at=at: abs(x - at)) for at in (shade.x0, shade.x1))  # type: ignore[misc]
        y0, y1 = (min(ys, key=lambda y, at=at: abs(y - at)) for at in (shade.y0, shade.y1))  # type: ignore[misc]
        hs += [Rule(y0, x0, x1), Rule(y1, x0, x1)]
        vs += [Rule(x0, y0, y1), Rule(x1, y0, y1)]
    for top, bottom in itertools.pairwise(ys):
        for left, right in itertools.pairwise([*xs, box.x1]):
            middle = ((left + right) / 2, (top + bottom) / 2)
            if right - left < HORIZONTAL.narrow or any(s.holds(*middle) for s in group):
                continue
            hs += [Rule(top, left, right), Rule(bottom, left, right)]
            vs += [Rule(x, top, bottom) for x in (left, right) if not crossed(text, Box(left, top, right, bottom), x)]
    grid = make_grid(hs, vs, box)
    if grid is not None:
        grid.guessed = True
    return grid
