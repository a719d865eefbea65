"""Tables drawn inside a frame.

Word and LibreOffice set a table that stands in a cell of another so close to the cell's border that their rules touch: one raster
holds both. What tells them apart is the margin: a field left and right of the inner table that belongs to one cell, or two narrow
ones without text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from statistics import median

from extractors.page.characters import Char
from extractors.page.grid import Grid, GridCell, rectangles
from extractors.page.rules import Box, Rule
from extractors.page.settings import RULES
from extractors.page.table_settings import FRAMES

Fields = list[tuple[int, int]]
MakeGrid = Callable[[list[Rule], list[Rule], Box], Grid | None]


def framed(grid: Grid, hs: list[Rule], vs: list[Rule], chars: Sequence[Char], make: MakeGrid) -> Grid:
    """``grid`` with the tables in frames as grids of their own (``inner``); ``grid`` itself where there is no frame.

    ``make`` gives the grid of the rules of one table.
    """
    if not grid.doubtful and (grid.columns < FRAMES.columns or grid.xs[1] - grid.xs[0] > FRAMES.margin):
        return grid  # every area is a rectangle, and there is no margin
    narrow = _narrow(grid, chars)
    areas = [[*row] for row in grid.areas]
    _join_margins(grid, areas, chars, narrow)
    fields: dict[int, Fields] = {}
    for r, row in enumerate(areas):
        for c, area in enumerate(row):
            fields.setdefault(area, []).append((r, c))
    holes: list[Fields] = []
    margin = grid.xs[1] - grid.xs[0] <= narrow and _blank(grid, chars, grid.xs[0], grid.xs[1])
    for area, own in fields.items():
        inside = _inside(area, own, areas, margin)
        if inside is None:
            continue
        holes.extend(inside)
        for r, c in (field for hole in inside for field in hole):
            areas[r][c] = area
    if not holes:
        return grid
    outer = _outer(grid, areas)
    for hole in holes:
        rows, columns = [r for r, _ in hole], [c for _, c in hole]
        box = Box(grid.xs[min(columns)], grid.ys[min(rows)], grid.xs[max(columns) + 1], grid.ys[max(rows) + 1])
        inner = make(
            _within(hs, box.y0, box.y1, box.x0, box.x1, RULES.snap_y),
            _within(vs, box.x0, box.x1, box.y0, box.y1, RULES.snap_x),
            box,
        )
        if inner is None:
            return grid
        outer.inner.append(inner)
    outer.inner.sort(key=lambda g: (g.box.y0, g.box.x0))
    return outer


def _narrow(grid: Grid, chars: Sequence[Char]) -> float:
    sizes = [c.size for c in chars if grid.box.holds(c.middle, c.level) and c.text != " "]
    return min(FRAMES.margin, FRAMES.margin_ems * median(sizes)) if sizes else FRAMES.margin


def _join_margins(grid: Grid, areas: list[list[int]], chars: Sequence[Char], narrow: float) -> None:
    """Makes one area of two narrow blank ones at the left and the right edge, over the same rows."""
    last = grid.columns - 1
    if last <= 1:
        return
    widths = grid.xs[1] - grid.xs[0], grid.xs[-1] - grid.xs[-2]
    if max(widths) > narrow:
        return
    spans: list[dict[tuple[int, ...], int]] = [{}, {}]
    for found, column, beside in ((spans[0], 0, 1), (spans[1], last, last - 1)):
        rows: dict[int, list[int]] = {}
        for r, row in enumerate(areas):
            rows.setdefault(row[column], []).append(r)
        found.update((tuple(at), area) for area, at in rows.items() if all(areas[r][beside] != area for r in at))
    for at in spans[0].keys() & spans[1].keys():
        left, right = spans[0][at], spans[1][at]
        top, bottom = grid.ys[at[0]], grid.ys[at[-1] + 1]
        blank = not any(
            top < c.level < bottom and c.text != " " and not grid.xs[1] <= c.middle <= grid.xs[-2]
            for c in chars
            if grid.xs[0] <= c.middle <= grid.xs[-1]
        )
        if blank and left != right:
            for r in at:
                areas[r][last] = left


def _blank(grid: Grid, chars: Sequence[Char], start: float, end: float) -> bool:
    return not any(start < c.middle < end and grid.box.y0 < c.level < grid.box.y1 and c.text != " " for c in chars)


def _inside(area: int, own: Fields, areas: list[list[int]], margin: bool) -> list[Fields] | None:
    """The rectangles that an area stands around, at the left and the right at least; None where it does not.

    ``margin``: the first column is narrow and blank; then the right border of table and frame may be one.
    """
    r0, r1 = min(r for r, _ in own), max(r for r, _ in own)
    c0, c1 = min(c for _, c in own), max(c for _, c in own)
    last = len(areas[0]) - 1
    margin = margin and c0 == 0 and last > 1
    if margin and c1 == 0:
        c1 = last
    if len(own) == (r1 - r0 + 1) * (c1 - c0 + 1):
        return None
    left = {(r, c) for r in range(r0, r1 + 1) for c in range(c0, c1 + 1)} - set(own)
    if any(areas[r][c0] != area or (areas[r][c1] != area and not (margin and c1 == last)) for r, _ in left):
        return None
    held = {areas[r][c] for r, c in left}
    if any(a in held and (r, c) not in left for r, row in enumerate(areas) for c, a in enumerate(row)):
        return None  # a cell that reaches out of the frame
    found: list[Fields] = []
    while left:
        stack, part = [left.pop()], []
        while stack:
            r, c = stack.pop()
            part.append((r, c))
            for near in ((r, c + 1), (r, c - 1), (r + 1, c), (r - 1, c)):
                if near in left:
                    left.remove(near)
                    stack.append(near)
        if len(rectangles(part)) > 1:
            return None
        found.append(part)
    return found


def _outer(grid: Grid, areas: list[list[int]]) -> Grid:
    """The grid of the areas alone, without the lines that bound none of them."""
    fields: dict[int, Fields] = {}
    for r, row in enumerate(areas):
        for c, area in enumerate(row):
            fields.setdefault(area, []).append((r, c))
    parts = [(rectangles(own), own) for own in fields.values()]
    regions = sorted(region for found, _ in parts for region in found)
    columns = sorted({c for _, c, _, _ in regions} | {c + span for _, c, _, span in regions})
    rows = sorted({r for r, _, _, _ in regions} | {r + span for r, _, span, _ in regions})
    xs, ys = [grid.xs[c] for c in columns], [grid.ys[r] for r in rows]
    owner = [[-1] * (len(xs) - 1) for _ in range(len(ys) - 1)]
    cells: list[GridCell] = []
    for r, c, row_span, column_span in regions:
        box = Box(grid.xs[c], grid.ys[r], grid.xs[c + column_span], grid.ys[r + row_span])
        first, last = bisect_left(rows, r), bisect_left(rows, r + row_span)
        start, end = bisect_left(columns, c), bisect_left(columns, c + column_span)
        for y in range(first, last):
            owner[y][start:end] = [len(cells)] * (end - start)
        cells.append(GridCell(first, start, last - first, end - start, box))
    outer = Grid(grid.box, xs, ys, cells, owner, doubtful=any(len(found) > 1 for found, _ in parts))
    outer.open_top, outer.open_bottom = grid.open_top, grid.open_bottom
    outer.inner = list(grid.inner)
    return outer


def _within(rules: list[Rule], low: float, high: float, start: float, end: float, near: float) -> list[Rule]:
    """The rules between ``low`` and ``high``, cut to ``start`` and ``end``."""
    cut = [Rule(r.at, max(r.start, start), min(r.end, end)) for r in rules if low - near < r.at < high + near]
    return [r for r in cut if r.end - r.start > FRAMES.shortest]
