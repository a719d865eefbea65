"""What lies over the print or beside it: marks by hand (a tick over a word, a ring around it, a pen too pale to count as ink),
words in ink of a colour; rules, seals and marks that were not read, and the doubt that they leave of the lines they touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from extractors.document.doubts import UNDER_A_STAMP
from extractors.page.characters import Char
from extractors.scan.boxes_in_ink import TickBox, in_rows
from extractors.scan.certainty import no_surer
from extractors.scan.lines import margin
from extractors.scan.mark_settings import HANDS, PAGES
from extractors.scan.pieces import runs
from extractors.scan.seals import COLOURLESS, SealSpot
from extractors.scan.settings import CERTAINTY, PIECES, READ_TEXT
from extractors.scan.text import Line

RULED_OVER = 0.6
"""How surely what runs into a rule, or may go on in what was not read, may be read."""


def coloured_ink(rgb: Any, seals: Sequence[SealSpot]) -> Any | None:
    """A small copy of an evenly lit page (0 on 255) in which ink with a colour of its own is dark, but for its seals; None where
    there is none."""
    import cv2

    red, green, blue = cv2.split(rgb)
    darkest = cv2.min(cv2.min(red, green), blue)
    spread = cv2.subtract(cv2.max(cv2.max(red, green), blue), darkest)
    coloured = cv2.bitwise_and(
        cv2.threshold(spread, HANDS.colour, 255, cv2.THRESH_BINARY)[1],
        cv2.threshold(darkest, HANDS.inked, 255, cv2.THRESH_BINARY_INV)[1],
    )
    for seal in seals:
        coloured[seal.y0 : seal.y1, seal.x0 : seal.x1] = 0
    if not coloured.any():
        return None
    height, width = (max(1, side // HANDS.copy) for side in coloured.shape)
    return cv2.resize(cv2.bitwise_not(coloured), (width, height), interpolation=cv2.INTER_AREA)


def doubt_pens(lines: list[Line], coloured: Any | None, ink: Any) -> None:
    """Doubts lines whose ink has a colour that the page's other lines have not (``coloured`` as of :func:`coloured_ink`):
    handwriting is never sure."""
    if coloured is None:
        return
    written = [line for line in lines if _share_coloured(line, coloured, ink) > HANDS.pen_share]
    if len(written) <= HANDS.pens_most * len(lines):
        for line in written:
            line.chars = no_surer(line.chars, CERTAINTY.disputed)


def _share_coloured(line: Line, coloured: Any, ink: Any) -> float:
    p, times = line.piece, HANDS.copy
    part = coloured[p.y0 // times : -(-p.y1 // times), p.x0 // times : -(-p.x1 // times)]
    dark = float((255 - part).sum()) / 255 * times * times
    return dark / max(1, int((ink[p.y0 : p.y1, p.x0 : p.x1] > 0).sum()))


def take_strokes(boxes: list[TickBox], ink: Any, faint: Any, em: float) -> None:
    """Ticks the one option of a row, otherwise empty, that a stroke is drawn over: a tick over its word or beside its box, a
    ring around it. Print keeps to its line; such a stroke runs beyond. Where another option is marked so beside a ticked
    one (in ``ink``: ``faint`` holds the paper's grain as well), where two are, or where it cannot be said which one, none of them
    is sure."""
    for row in in_rows(boxes):
        if len(row) <= 1:
            continue
        row.sort(key=lambda b: b.x0)
        strokes = _beyond(row, faint, em)
        much = [stroke.length for stroke in strokes]
        second, most = sorted(much)[-2:]
        least = HANDS.thin if second < HANDS.nothing else HANDS.beyond
        marked = [i for i, length in enumerate(much) if length > max(least, HANDS.second_share * most)]
        ticked = [i for i, box in enumerate(row) if box.ticked]
        plain = _beyond(row, ink, em) if ticked and any(i not in ticked for i in marked) else []
        if not ticked and len(marked) == 1 and strokes[marked[0]].belongs and most < HANDS.dark:
            row[marked[0]].ticked, row[marked[0]].ringed = True, True
        elif any(i not in ticked and (not ticked or plain[i].length > HANDS.beyond) for i in marked):
            for box in row:
                box.doubted = True


@dataclass(slots=True)
class _Stroke:
    """What is drawn in the box of an option or runs out of its line: its length in box sides, and whether it is that option's
    for sure."""

    length: float
    belongs: bool


def _beyond(row: list[TickBox], faint: Any, em: float) -> list[_Stroke]:
    """For each option of a row how much ink, in strokes as long as a box is wide, runs out of the line above or below."""
    import cv2

    side = round(float(np.median([max(b.width, b.height) for b in row])))
    middle = float(np.median([b.middle[1] for b in row]))
    half, reach = max(0.72 * side, 0.54 * em), 1.45 * max(side, 0.8 * em)
    y0, y1 = max(0, round(middle - reach)), min(faint.shape[0], round(middle + reach))
    x0, x1 = max(0, row[0].x0 - side // 2), min(faint.shape[1], row[-1].x1 + round(6 * max(side, em)))
    top, bottom = max(0, round(middle - half) - y0), round(middle + half) - y0
    _, labels, stats, middles = cv2.connectedComponentsWithStats(faint[y0:y1, x0:x1])
    own = np.zeros(len(stats), bool)
    for number in np.unique(labels[top:bottom]):
        own[number] = number > 0 and top < middles[number][1] < bottom
    drawn: Any = own[labels]
    above, below = drawn[:top].sum(axis=0), drawn[bottom:].sum(axis=0)
    line: Any = drawn[top:bottom].any(axis=0)
    starts = [max(0, b.x0 - x0 - round(0.35 * side)) for b in row]
    found: list[_Stroke] = []
    for box, a, b in zip(row, starts, [*starts[1:], line.size], strict=True):
        out = np.nonzero(above[a:b] + below[a:b])[0]
        rim = max(3, round(0.26 * box.height))
        within = faint[box.y0 + rim : box.y1 - rim, box.x0 + rim : box.x1 - rim]
        inside = float((within > 0).sum()) if within.size else 0.0
        length = (float((above[a:b] + below[a:b]).sum()) + inside) / (2.0 * side)
        belongs = inside > 2.0 * side * HANDS.thin
        if len(out) and not belongs:
            first, last, right = a + int(out[0]), a + int(out[-1]), box.x1 - x0
            ring = bool(above[a:b].any() and below[a:b].any()) and last - first > HANDS.ring * side
            # Behind a gap within it, an option's stretch holds another one: its tick is printed in place of its box.
            blank = max((y - x for x, y in runs(~line[right:first]) if x), default=0)
            near = first <= right + HANDS.near * side or blank <= HANDS.gap * em
            belongs = bool(first <= right + HANDS.ring_near * side if ring else near)
        found.append(_Stroke(length, belongs))
    return found


def doubt_strokes(lines: list[Line], ruled: Any, em: float) -> None:
    """Doubts what was read of single marks that run into a rule, and that the detector did not take for text: a piece of a
    seal or of a stroke in the next cell."""
    inset = max(0, round(0.1 * em) - 3)
    for line in lines:
        p = line.piece
        if not p.found and ruled[p.y0 + inset : p.y1 - inset, p.x0 + inset : p.x1 - inset].any():
            line.chars = no_surer(line.chars, RULED_OVER)


def doubt_cut_by_rules(lines: list[Line], upright: Any, em: float) -> None:
    """Doubts lines whose ink begins or ends at an upright rule: a text too wide for its cell, whose end stands in the next one."""
    side, reach = margin(em), round(READ_TEXT.at_rule * em)
    for line in lines:
        p, quarter = line.piece, line.piece.height // 4
        first, last = p.x0 + side, p.x1 - side
        walls = upright[p.y0 + quarter : max(p.y0 + quarter + 1, p.y1 - quarter)] > 0
        beside = (walls[:, max(0, first - reach) : first], walls[:, last : last + reach])
        if any((strip.mean(axis=0) > PIECES.wall_share).any() for strip in beside):
            line.chars = no_surer(line.chars, RULED_OVER)


def doubt_broken_off(lines: list[Line], unread: list[tuple[float, float]], em: float) -> None:
    """Doubts lines beside marks as large as characters that were not read (their middles): a seal's ink may hide how a line goes on."""
    reach = READ_TEXT.beside * em
    for line in lines:
        p = line.piece
        if any(p.y0 < y < p.y1 and p.x0 - reach < x < p.x1 + reach for x, y in unread):
            line.chars = no_surer(line.chars, RULED_OVER)


def doubt_under_seals(chars: list[Char], lines: list[Line], seals: list[SealSpot], em: float) -> None:
    """Doubts lines that a seal without a colour of its own lies on, or that end at it: it cannot be lifted off, and characters
    beneath it are lost or read as others, however surely the rest is read."""
    reach = PAGES.seal_reach * em
    under = {
        run
        for run, line in enumerate(lines, 1)
        for s in seals
        if s.colour == COLOURLESS
        and s.x0 - reach < line.piece.x1
        and line.piece.x0 < s.x1 + reach
        and s.y0 < line.piece.y1
        and line.piece.y0 < s.y1
    }
    for char in chars:
        if char.run in under:
            char.doubted(UNDER_A_STAMP)
