"""Rules → the grid of a table: the fields between its lines, and the cells that they make up."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extractors.page.rules import Box, Rule
from extractors.page.settings import RULES
from extractors.page.table_settings import GRID


class Rectangle(NamedTuple):
    """Fields of a grid that are one cell."""

    row: int
    column: int
    row_span: int
    column_span: int


class Columns(NamedTuple):
    """Where the columns of a table end, its sides among them, and the numbers of those lines that part most of its rows. ``em``: the
    size of its letters where it has no upright rules and runs to the page's end; 0 else."""

    xs: Sequence[float] = ()
    parted: frozenset[int] = frozenset()
    em: float = 0.0


NO_COLUMNS = Columns()


@dataclass(slots=True)
class GridCell:
    """A cell of a grid: raster row and column from 0, spans, and where it lies on the page."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box


@dataclass(slots=True)
class Grid:
    """The cells of one table by position; ``doubtful`` where the rules gave a shape that is no rectangle. ``xs``/``ys`` are
    the raster's lines, ``owner`` the cell of every field of the raster."""

    box: Box
    xs: list[float]
    ys: list[float]
    cells: list[GridCell]
    owner: list[list[int]]
    doubtful: bool = False
    guessed: bool = False
    """The columns or rows were not drawn but follow from where text and colours stand."""
    past_edge: bool = False
    """The table runs out of the page at the right."""
    open_top: bool = False
    open_bottom: bool = False
    sides: list[tuple[bool, bool]] = field(default_factory=list)
    """For each row of the raster, whether a rule closes it at the left and at the right."""
    inner: list[Grid] = field(default_factory=list)
    frames: list[Box] = field(default_factory=list)
    """Frames within cells: fields that are filled in."""
    areas: list[list[int]] = field(default_factory=list)
    """For each field of the raster the number of the area without rules in it; an area may be no rectangle."""

    @property
    def columns(self) -> int:
        return len(self.xs) - 1

    @property
    def rows(self) -> int:
        return len(self.ys) - 1

    def cell_at(self, x: float, y: float) -> int | None:
        """The number of the cell that holds a point; None outside the table."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if not (0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1):
            return None
        number = self.owner[row][column]
        return number if number >= 0 else None


@dataclass(slots=True)
class DrawnBox:
    box: Box
    ticked: bool


def clustered(values: Iterable[float], near: float) -> list[float]:
    """Values nearer than ``near`` to their neighbour made one (their mean)."""
    found: list[list[float]] = []
    for value in sorted(values):
        if found and value - found[-1][-1] <= near and value - found[-1][0] <= GRID.cluster * near:
            found[-1].append(value)
        else:
            found.append([value])
    return [(group[0] + group[-1]) / 2 for group in found]


def make_grid(hs: list[Rule], vs: list[Rule], box: Box) -> Grid | None:
    """The grid of the rules of one table; None where they make none."""
    xs = clustered([*(v.at for v in vs), box.x0, box.x1], RULES.snap_x)
    ys = clustered([*(h.at for h in hs), box.y0, box.y1], RULES.snap_y)
    columns, rows = len(xs) - 1, len(ys) - 1
    if (
        columns < 1
        or rows < 1
        or columns * rows > GRID.max_fields
        or box.width < GRID.width
        or box.height < GRID.height
    ):
        return None
    right = walls(vs, xs, ys, RULES.snap_x)
    below = walls(hs, ys, xs, RULES.snap_y)
    owner, found, areas = regions(right, below, columns, rows)
    cells = [GridCell(r, c, rs, cs, Box(xs[c], ys[r], xs[c + cs], ys[r + rs])) for r, c, rs, cs in found]
    grid = Grid(box, xs, ys, cells, owner, len({a for row in areas for a in row}) < len(cells), areas=areas)
    grid.sides = list(zip(right[0], right[-1], strict=True))
    grid.open_top = not any(h.at - ys[0] <= RULES.snap_y for h in hs)
    grid.open_bottom = not any(ys[-1] - h.at <= RULES.snap_y for h in hs)
    return grid


def walls(rules: list[Rule], lines: list[float], cross: list[float], near: float) -> list[list[bool]]:
    """``walls[i][k]``: whether a rule runs on line ``i`` between ``cross[k]`` and ``cross[k + 1]``."""
    found = [[False] * (len(cross) - 1) for _ in lines]
    cover = GRID.cover_share
    for rule in rules:
        i = bisect_left(lines, rule.at)
        options = [j for j in (i - 1, i) if 0 <= j < len(lines)]
        i = min(options, key=lambda j: abs(lines[j] - rule.at))
        if abs(lines[i] - rule.at) > GRID.cluster * near:
            continue
        first = max(0, bisect_right(cross, rule.start) - 1)
        for k in range(first, len(cross) - 1):
            if cross[k] >= rule.end:
                break
            shared = min(rule.end, cross[k + 1]) - max(rule.start, cross[k])
            if shared >= cover * (cross[k + 1] - cross[k]):
                found[i][k] = True
    return found


def regions(
    right: list[list[bool]], below: list[list[bool]], columns: int, rows: int
) -> tuple[list[list[int]], list[Rectangle], list[list[int]]]:
    """Fields without a wall between them put together: the rectangle each field belongs to, the rectangles, and the area of
    each field."""
    label = [[-1] * columns for _ in range(rows)]
    areas: list[list[tuple[int, int]]] = []
    for r in range(rows):
        for c in range(columns):
            if label[r][c] >= 0:
                continue
            number = len(areas)
            label[r][c] = number
            area, stack = [], [(r, c)]
            while stack:
                y, x = stack.pop()
                area.append((y, x))
                for ny, nx, wall in (
                    (y, x + 1, right[x + 1][y]),
                    (y, x - 1, right[x][y]),
                    (y + 1, x, below[y + 1][x]),
                    (y - 1, x, below[y][x]),
                ):
                    if 0 <= ny < rows and 0 <= nx < columns and not wall and label[ny][nx] < 0:
                        label[ny][nx] = number
                        stack.append((ny, nx))
            areas.append(area)
    found = sorted(part for area in areas for part in rectangles(area))
    owner = [[0] * columns for _ in range(rows)]
    for number, (r, c, rs, cs) in enumerate(found):
        for y in range(r, r + rs):
            for x in range(c, c + cs):
                owner[y][x] = number
    return owner, found, label


def rectangles(area: list[tuple[int, int]]) -> list[Rectangle]:
    """An area of fields as rectangles: one where it is one, else rows of equal width put together."""
    r0, r1 = min(a[0] for a in area), max(a[0] for a in area)
    c0, c1 = min(a[1] for a in area), max(a[1] for a in area)
    if len(area) == (r1 - r0 + 1) * (c1 - c0 + 1):
        return [Rectangle(r0, c0, r1 - r0 + 1, c1 - c0 + 1)]
    left = set(area)
    found: list[Rectangle] = []
    while left:
        r, c = min(left)
        width = 1
        while (r, c + width) in left:
            width += 1
        height = 1
        while (
            all((r + height, c + i) in left for i in range(width))
            and (r + height, c - 1) not in left
            and ((r + height, c + width) not in left)
        ):
            height += 1
        left -= {(r + j, c + i) for j in range(height) for i in range(width)}
        found.append(Rectangle(r, c, height, width))
    return found
