"""Options that are marked by hand beyond their box: a tick over the word, a ring around it, a pen too pale to count as ink."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from extractors.scan.boxes_in_ink import TickBox, in_rows
from extractors.scan.mark_settings import HANDS
from extractors.scan.pieces import runs


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
