"""Text of which a part may not be shown: it fills the field it was typed in, runs out of the paper, or over the border of its cell.

Spreadsheets cut a text that is higher than its row, browsers one that is wider than its cell or the paper; what was cut away is not in
the file, or a line of it stands in the next row.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from statistics import median

from extractors.document.doubts import FILLS_ITS_BOX, together
from extractors.document.model import Cell
from extractors.page.characters import Char
from extractors.page.grid import Grid
from extractors.page.lines import Line
from extractors.page.rules import Box
from extractors.page.settings import CELLS
from extractors.page.text import Text


def mark_in_frames(grid: Grid, chars: Sequence[Char]) -> None:
    """Marks texts that reach the right edge of the field they were typed in as unsure: what had no room there is not shown."""
    for frame in grid.frames:
        own = [c for c in chars if c.text != " " and frame.holds(c.middle, c.level)]
        if own and max(c.x1 for c in own) > frame.x1 - CELLS.edge * own[0].size:
            _doubt(own)


def mark_by_paper(grid: Grid, by_cell: Mapping[int, Sequence[Char]], width: float) -> None:
    """The same where a table runs out of the page and no text does: browsers leave out the characters that the paper cuts off."""
    for number, chars in by_cell.items() if grid.past_edge else ():
        shown = [c for c in chars if c.text != " "]
        last = max(shown, key=lambda c: c.x1, default=None)
        if last is not None and abs(last.x1 - width) < last.size and grid.cells[number].box.x1 >= grid.xs[-1]:
            _doubt(shown)


def mark_by_borders(grid: Grid, by_cell: Mapping[int, Sequence[Char]], padding: float) -> None:
    """The same where a border of a cell runs through a line of its text, or a line begins as others do and ends at the border."""
    for number, chars in by_cell.items() if not grid.guessed else ():
        shown = [c for c in chars if c.text != " " and c.angle == 0]
        if not shown:
            continue
        box = grid.cells[number].box
        first, last = min(shown, key=lambda c: c.base), max(shown, key=lambda c: c.base)
        dots = [c for c in shown if c.text == "…"]
        if len(dots) % 2 or any(abs(a.base - b.base) > a.size for a, b in zip(dots[::2], dots[1::2], strict=True)):
            # one by itself, not ……: a browser's sign that there was no room for the rest
            _doubt(shown)
        above = box.y0 > 0 and first.base < box.y0 + CELLS.cut_above * first.size
        below = last.base > box.y1 + CELLS.cut_below * last.size
        if above or below or _fills(shown, box, padding):
            _doubt(shown)
        for cut, char, y in ((above, first, box.y0 - 1), (below, last, box.y1 + 1)):
            if cut and (beyond := grid.cell_at(char.middle, y)) is not None:
                _doubt(by_cell.get(beyond, ()))


def mark_over_walls(grid: Grid, by_cell: Mapping[int, Sequence[Char]]) -> None:
    """The same where a text goes on in the next cell: what stands right behind its last letter is no other text."""
    begins: dict[int, list[Char]] = {}
    for number, chars in by_cell.items():
        own = [c for c in chars if c.text.isalnum() and c.angle == 0]
        left = grid.cells[number].box.x0
        begins[number] = [c for c in own if c.x0 - left < c.size]
    for number, chars in by_cell.items():
        right = grid.cells[number].box.x1
        for char in chars:
            if right - char.x1 < char.size and char.text.isalnum() and char.angle == 0:
                beside = grid.cell_at(right + 1, char.level)
                near = CELLS.over_wall * char.size
                if beside is not None and any(
                    abs(c.base - char.base) < CELLS.over_edge_level * char.size and c.x0 - char.x1 < near
                    for c in begins.get(beside, ())
                ):
                    _doubt((*chars, *by_cell[beside]))


def _fills(shown: Sequence[Char], box: Box, padding: float) -> bool:
    room = CELLS.room_share * padding
    last = max(shown, key=lambda c: c.x1)
    if padding < CELLS.least_padding or box.x1 - last.x1 > room or not last.text.isalnum():
        return False
    line = [c for c in shown if abs(c.base - last.base) < CELLS.over_edge_level * last.size]
    return min(c.x0 for c in line) - box.x0 > padding - room


def mark_run_over(cells: Sequence[Cell], texts: Sequence[Text]) -> None:
    """Marks texts of two cells one above the other as unsure where the lines of one go on into the other at their own pitch, and a gap
    parts them from what else stands there: the text is higher than its row, set in its middle."""
    lines = {n: text.lines for n, text in enumerate(texts) if len(text.lines) > CELLS.several_lines}
    if not any(_gap(own) for own in lines.values()):
        return
    begun = {(c.row, c.column, c.column_span): n for n, c in enumerate(cells) if n in lines}
    for upper, own in lines.items():
        cell = cells[upper]
        lower = begun.get((cell.row + cell.row_span, cell.column, cell.column_span))
        if lower is None:
            continue
        pitch = _pitch(own), _pitch(lines[lower])
        over = lines[lower][0].base - own[-1].base
        if any(
            abs(over - p) < CELLS.same_pitch * p and _gap(t) for p, t in zip(pitch, (lines[lower], own), strict=True)
        ):
            for cell in (cells[upper], cells[lower]):
                cell.doubts = together(cell.doubts, (FILLS_ITS_BOX,))


def _pitch(lines: Sequence[Line]) -> float:
    return median(b.base - a.base for a, b in itertools.pairwise(lines))


def _gap(lines: Sequence[Line]) -> bool:
    """Whether lines of a text are parted by the room of some."""
    return any(b.base - a.base > CELLS.room_of_lines * a.size for a, b in itertools.pairwise(lines))


def _doubt(chars: Sequence[Char]) -> None:
    for char in chars:
        char.doubted(FILLS_ITS_BOX)
