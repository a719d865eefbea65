"""Stray rules, drawn by a fault of the program that wrote the file: they bound no cell and are taken out.

LibreOffice draws the sides of a merged cell that a page break cuts on to the end of the page, through whatever stands there.
A rule that runs through the midst of a piece of Chinese text is no border; a row with such text that is open at one side is
a heading between two tables.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from extractors.page.characters import Char
from extractors.page.rules import Box, Rule
from extractors.page.settings import RULES
from extractors.page.table_settings import GRID, STRAY

if TYPE_CHECKING:
    from extractors.page.grid import Grid

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_HANGING = frozenset("，。、；：！？）》」』”’,.;:!?)")


class Crossing(NamedTuple):
    """Two neighbouring characters of one piece of text, by their middles and height: no border runs between them. ``chain`` is
    the number of the piece."""

    x0: float
    x1: float
    y: float
    chain: int


def chains(chars: Sequence[Char]) -> list[int]:
    """For each character the number of the unbroken piece of text it belongs to."""
    found: list[int] = []
    level, overlap, gap, gap_between = STRAY.level, STRAY.overlap, STRAY.gap, STRAY.gap_between
    for index, char in enumerate(chars):
        before = chars[index - 1] if index else None
        joined = (
            before is not None
            and abs(before.base - char.base) < level * char.size
            and -overlap * char.size
            < char.x0 - before.x1
            < (gap if char.run == before.run else gap_between) * char.size
            and " " not in (before.text, char.text)
        )
        found.append(found[-1] if joined else len(found))
    return found


def crossings(chars: Sequence[Char], chains: list[int], box: Box, xs: Sequence[float]) -> list[Crossing]:
    """Neighbouring characters of one piece of Chinese text: no border can run between them. ``xs`` are
    the upright lines of the grid: one that runs just where two texts touch is a border between cells without any padding."""
    found: list[Crossing] = []
    for i, (a, b) in enumerate(itertools.pairwise(chars)):
        if chains[i] != chains[i + 1] or a.angle or not box.y0 < a.level < box.y1 or b.text in _HANGING:
            continue
        if a.run != b.run and _parts(xs, min(a.x1, b.x0), max(a.x1, b.x0), STRAY.seam * a.size):
            continue
        if _CHINESE.match(a.text) or _CHINESE.match(b.text):
            found.append(Crossing(a.middle, b.middle, a.level, chains[i]))
    return found


def _parts(xs: Sequence[float], start: float, end: float, near: float) -> bool:
    at = bisect_left(xs, start - near)
    return at < len(xs) and xs[at] <= end + near


def heading_band(grid: Grid, crossings: list[Crossing], chars: Sequence[Char]) -> int | None:
    """The row of the raster that is no row: open at one side, with text that runs out of the table, or that begins at the very
    edge and not as far in as the text of cells."""
    for row, (left, right) in enumerate(grid.sides):
        if left and right:
            continue
        top, bottom = grid.ys[row], grid.ys[row + 1]
        for x0, x1, y, _ in crossings:
            if top < y < bottom and any(x0 < edge < x1 for edge in (grid.xs[0], grid.xs[-1])):
                return row
        if left and any(
            top < c.level < bottom and abs(c.x0 - grid.xs[0]) < STRAY.at_edge and c.text != " " for c in chars
        ):
            return row
    return None


def without_stray(grid: Grid, vs: list[Rule], crossings: list[Crossing], chars: list[tuple[Char, int]]) -> list[Rule]:
    """The vertical rules without the pieces that run through a line of text."""
    pairs: dict[tuple[int, int], set[int]] = {}
    for x0, x1, y, chain in crossings:
        left, right = grid.cell_at(x0, y), grid.cell_at(x1, y)
        if left is not None and right is not None and left != right:
            pairs.setdefault((left, right), set()).add(chain)
    if not pairs:
        return vs
    held: dict[int, set[int]] = {}
    for char, chain in chars:
        number = grid.cell_at(char.middle, char.level) if grid.box.holds(char.middle, char.level) else None
        if number is not None and char.text != " ":
            held.setdefault(number, set()).add(chain)
    for (left, right), crossing in pairs.items():
        one, other = grid.cells[left], grid.cells[right]
        same_rows = (one.row, one.row_span) == (other.row, other.row_span)
        through = held.get(left, set()) <= crossing or held.get(right, set()) <= crossing or len(crossing) >= STRAY.many
        if same_rows and through:
            vs = _cut_out(vs, other.box.x0, one.box.y0, one.box.y1)
    return vs


def _cut_out(vs: list[Rule], at: float, start: float, end: float) -> list[Rule]:
    found: list[Rule] = []
    for v in vs:
        if abs(v.at - at) > RULES.snap_x or v.end <= start or v.start >= end:
            found.append(v)
            continue
        if start - v.start > GRID.stub:
            found.append(Rule(v.at, v.start, start))
        if v.end - end > GRID.stub:
            found.append(Rule(v.at, end, v.end))
    return found
