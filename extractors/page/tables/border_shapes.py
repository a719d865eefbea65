"""Cells that are drawn otherwise than by rules: frames with round corners, white areas on a dark ground, white borders."""

from __future__ import annotations

from bisect import bisect_left

from extractors.page.rules import Box, PageLines, Rule, strip
from extractors.page.settings import RULES
from extractors.page.table_settings import SHAPES


def hidden_rules(found: PageLines) -> None:
    """Makes rules of white strips: the borders of a table that shows none."""
    for box in found.whites:
        if min(box.width, box.height) <= RULES.thin < max(box.width, box.height):
            strip(box, found, [])


def _cells_on_dark(found: PageLines) -> None:
    """Makes rules of what is seen between white areas upon a dark one: the ground of a table whose cells are white."""
    for dark in found.dark:
        cells = [
            w
            for w in found.whites
            if min(w.width, w.height) > SHAPES.cell
            and dark.holds(w.x0, w.y0, SHAPES.inside)
            and dark.holds(min(w.x1, dark.x1), w.y1, SHAPES.inside)
            and w.x1 - dark.x1 < SHAPES.over
        ]
        if len(cells) <= 1 or sum(w.width * w.height for w in cells) < SHAPES.white_share * dark.width * dark.height:
            continue
        found.shades = [s for s in found.shades if s != dark]
        for cell in cells:
            found.horizontal += [Rule(y, cell.x0, cell.x1) for y in (cell.y0, cell.y1)]
            found.vertical += [Rule(x, cell.y0, cell.y1) for x in (cell.x0, cell.x1)]


def add_rounds(lines: PageLines) -> None:
    """Adds the sides of round frames to the rules: of those beside others, and of those around rules; and those of white cells.

    One that stands alone is an entry field of a web form, which is no cell.
    """
    _cells_on_dark(lines)
    _add_grounds(lines)
    if not lines.rounds or len(lines.rounds) > SHAPES.most:
        return
    boxes = sorted(set(lines.rounds))
    lefts = [b.x0 for b in boxes]
    cells = {n for n, box in enumerate(boxes) if _holds_rules(lines, box)}
    for number, box in enumerate(boxes):
        for other in range(number + 1, bisect_left(lefts, box.x1 + SHAPES.near)):
            if _meet(box, boxes[other]):
                cells |= {number, other}
    for box in (boxes[n] for n in sorted(cells)):
        lines.horizontal += [Rule(y, box.x0, box.x1) for y in (box.y0, box.y1)]
        lines.vertical += [Rule(x, box.y0, box.y1) for x in (box.x0, box.x1)]


def _add_grounds(lines: PageLines) -> None:
    """Adds the left and right sides of a dark area with rules from side to side: a border that was drawn as an area with all but its edge cut
    out (Chromium does so where a page ends in the midst of a round border)."""
    for box in dict.fromkeys(lines.dark):
        rows = [r for r in lines.horizontal if box.y0 + SHAPES.edge < r.at < box.y1 - SHAPES.edge]
        across = [r for r in rows if r.start < box.x0 + SHAPES.edge or r.end > box.x1 - SHAPES.edge]
        columns = [
            r
            for r in lines.vertical
            if box.x0 + SHAPES.edge < r.at < box.x1 - SHAPES.edge and box.y0 - SHAPES.edge < r.start < box.y1
        ]
        if lines.dark.count(box) > 1 and across and columns:  # at the page's end it is open
            lines.vertical += [Rule(x, box.y0, box.y1) for x in (box.x0, box.x1)]
            lines.shades = [s for s in lines.shades if s != box]


def _meet(one: Box, other: Box) -> bool:
    """True for two frames side by side or one above the other; not for one and the same frame drawn twice."""
    if max(abs(a - b) for a, b in zip(one, other, strict=True)) < SHAPES.twice:
        return False
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    if -SHAPES.near < across < SHAPES.overlap and down > SHAPES.shared_share * min(one.height, other.height):
        return True
    return -SHAPES.near < down < SHAPES.overlap and across > SHAPES.shared_share * min(one.width, other.width)


def _holds_rules(lines: PageLines, box: Box) -> bool:
    """True for a frame with rules in it that end at its sides."""
    rows = sum(
        1 for r in lines.horizontal if box.holds(r.start, r.at, SHAPES.edge) and box.holds(r.end, r.at, SHAPES.edge)
    )
    columns = sum(
        1 for r in lines.vertical if box.holds(r.at, r.start, SHAPES.edge) and box.holds(r.at, r.end, SHAPES.edge)
    )
    return rows >= 1 and columns >= 1
