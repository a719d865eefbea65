"""Boxes to tick, read from the picture: OCR loses half of them.

A box is a square about as large as a character with four straight closed sides and no straight stroke within; it is ticked
when there is other ink in it (a tick, a cross), or when it is filled. Characters that look alike (日, 国, 田) have straight
strokes within; 口 is told apart by the reader that knows what stands around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from extractors.scan.mark_settings import TICKS


@dataclass(slots=True)
class TickBox:
    """A box at ``x0 … y1`` in pixels. ``inner`` is the share of its inside that is inked; ``ringed``: a ring around it is its
    tick."""

    x0: int
    y0: int
    x1: int
    y1: int
    ticked: bool
    inner: float
    ringed: bool = False
    doubted: bool = False

    @property
    def width(self) -> int:
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        return self.y1 - self.y0

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


def find_boxes(ink: Any, em: float, faint: Any | None = None) -> list[TickBox]:
    """The boxes of a level page, its rules taken away (``ink``: 255 on 0; ``faint``: the same with what is only a little
    darker than the paper, see :func:`faint_marks`). Those much smaller than the text's characters are looked for in further
    passes."""
    found = _boxes(ink, em)
    for mask, size, most in (
        (ink, 0.68 * em, 0.7 * em),
        *(((faint, em, 2.0 * em), (faint, 0.62 * em, 0.7 * em)) if faint is not None else ()),
    ):
        more = [b for b in _boxes(mask, size, strict=True) if max(b.width, b.height) < most]
        found += [b for b in more if not any(_shares(o, b.x0, b.y0, b.width, b.height) for o in found)]
    return sorted(found, key=lambda b: (b.y0, b.x0))


def faint_marks(grey: Any, ink: Any, em: float) -> Any:
    """``ink`` with the thin strokes that are only a little darker than the paper beside them: printed boxes have the thinnest
    sides of all, and pencil and pale pens make the palest ticks."""
    import cv2

    size = 2 * max(1, round(0.13 * em)) + 1
    darker = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((size, size), np.uint8))
    # The grain of the paper, away from ink: what is no darker is no stroke.
    paper = darker[::5, ::5][cv2.dilate(ink, np.ones((9, 9), np.uint8))[::5, ::5] == 0]
    level = max(14.0, 1.3 * float(np.percentile(paper, 97))) if paper.size else 14.0
    drawn = cv2.threshold(darker, level, 1, cv2.THRESH_BINARY)[1]
    kept = (
        cv2.boxFilter(drawn, -1, (3, 3), normalize=False) >= TICKS.specks
    )  # specks of compressed pictures stand alone
    return cv2.bitwise_or(ink, cv2.bitwise_and(drawn, kept.astype(np.uint8)) * 255)


def _boxes(ink: Any, em: float, strict: bool = False) -> list[TickBox]:
    import cv2

    length = max(5, round((0.7 if strict else 0.58) * em))  # longer than any straight stroke of a tick
    close = 3 if strict else 5
    thick = cv2.dilate(ink, np.ones((2, 2), np.uint8), anchor=(0, 0))
    across = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    along = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    frame = cv2.morphologyEx(cv2.bitwise_or(across, along), cv2.MORPH_CLOSE, np.ones((close, close), np.uint8))
    contours, levels = cv2.findContours(frame, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = [level[3] < 0 for level in (levels[0] if contours else ())]
    found = _hollow([c for c, out in zip(contours, outer, strict=True) if not out], frame, ink, em)
    outlines = [c for c, out in zip(contours, outer, strict=True) if out]
    for outline in sorted(outlines, key=lambda c: (c[0, 0, 1], c[0, 0, 0])):
        x, y, width, height = cv2.boundingRect(outline)
        if not _square(width, height, em) or any(_shares(b, x, y, width, height) for b in found):
            continue
        _, labels = cv2.connectedComponents(frame[y : y + height, x : x + width])
        part = labels == labels[outline[0, 0, 1] - y, outline[0, 0, 0] - x]
        box = _box(part, ink[y : y + height, x : x + width] > 0, x, y)
        if box is not None:
            found.append(box)
    return _without_frames_of_text(found, ink, em, strict)


def fellows(boxes: list[TickBox], ink: Any, em: float, faint: Any | None = None) -> list[TickBox]:
    """The boxes that stand in a row with empty ones, are as large, and were not made out: a bold tick, a cross or a ring
    turned their frame into other shapes, but all four sides are still drawn."""
    import cv2

    found: list[TickBox] = []
    near = (
        cv2.dilate(ink, np.ones((3, 3), np.uint8))
        if faint is None
        else cv2.bitwise_or(faint, cv2.dilate(ink, np.ones((3, 3), np.uint8)))
    ) > 0
    for row in in_rows([b for b in boxes if not b.ticked]):
        width, height = (round(float(np.median([getattr(b, side) for b in row]))) for side in ("width", "height"))
        top = round(float(np.median([b.y0 for b in row])))
        held = [*boxes, *found]
        for x, y in _framed(near, top, width, height):
            if any(_shares(b, x - 2, y - 2, width + 4, height + 4) for b in held):
                continue
            rim = max(3, round(0.2 * height))
            inner = float((ink[y + rim : y + height - rim, x + rim : x + width - rim] > 0).mean())
            box = TickBox(x, y, x + width, y + height, inner > TICKS.ticked_share, inner)
            if cornered(box, near, 4) and (not box.ticked or _stands_alone(box, ink, em)):
                box.ringed = not box.ticked and _ringed(box, ink)
                found.append(box)
                held.append(box)
    return found


def _stands_alone(box: TickBox, ink: Any, em: float) -> bool:
    """True where there is paper above and below a box but for strokes that run out of it, or the box is filled. A small box
    may as well be a part of a character."""
    above, below, left, _ = _around(box, ink, max(2, round(0.1 * box.height)))
    most = TICKS.alone_share if box.height > TICKS.small * em else TICKS.small_alone_share
    if (
        max(left, above) < TICKS.pen_share and below < TICKS.pen_below_share
    ):  # a pen that runs along the lower side and off to the right
        return True
    if box.inner > TICKS.filled_share:  # a piece of a dark band is none
        return max(above, below) < TICKS.band_share
    return max(above, below) < most and above + below < TICKS.alone_both * most


def _around(box: TickBox, ink: Any, reach: int) -> tuple[float, float, float, float]:
    """How much of each side of a box (above, below, left, right) has ink close by."""
    x0, y0, x1, y1 = max(0, box.x0 - 2), max(0, box.y0 - 2), box.x1 + 2, box.y1 + 2
    sides = (
        ink[max(0, y0 - reach) : y0, x0:x1].any(axis=0),
        ink[y1 : y1 + reach, x0:x1].any(axis=0),
        ink[y0:y1, max(0, x0 - reach) : x0].any(axis=1),
        ink[y0:y1, x1 : x1 + reach].any(axis=1),
    )
    above, below, left, right = (float(side.mean()) if side.size else 0.0 for side in sides)
    return above, below, left, right


def take_rings(boxes: list[TickBox], ink: Any) -> None:
    """Ticks the one box of a row, otherwise empty, that a ring is drawn around: alone or with its option."""
    for row in in_rows(boxes):
        ringed = [] if any(b.ticked for b in row) else [b for b in row if _ringed(b, ink)]
        if len(ringed) == 1:
            ringed[0].ticked, ringed[0].ringed = True, True


def _ringed(box: TickBox, ink: Any) -> bool:
    """True where a thin line passes above and below the box, and nothing else does."""
    side = max(box.width, box.height)
    reach = round(0.7 * side)
    x0, x1 = box.x0, box.x1 + round(0.3 * side)
    if box.y0 < reach or box.y1 + reach > ink.shape[0]:
        return False
    for band in (ink[box.y0 - reach : box.y0 - 2, x0:x1] > 0, ink[box.y1 + 2 : box.y1 + reach, x0:x1] > 0):
        thick = band.sum(axis=0)
        steps = np.diff(np.pad(band, ((1, 1), (0, 0))).astype(np.int8), axis=0) == 1
        if (
            float((thick > 0).mean()) < TICKS.ring_share
            or float((steps.sum(axis=0) > 1).mean()) > TICKS.ring_other_share
        ):
            return False
        if float(np.median(thick[thick > 0])) > max(TICKS.ring_pixels, TICKS.ring_thick_share * side):
            return False
    return True


def in_rows(boxes: list[TickBox]) -> list[list[TickBox]]:
    rows: list[list[TickBox]] = []
    for box in sorted(boxes, key=lambda b: b.y0):
        if rows and box.y0 - rows[-1][0].y0 < TICKS.same_row * box.height:
            rows[-1].append(box)
        else:
            rows.append([box])
    return rows


def _framed(near: Any, top: int, width: int, height: int) -> list[tuple[int, int]]:
    """Where, about ``top``, all four sides of a box of this size are drawn; the best of each place."""
    reach = max(2, round(0.2 * height))
    first, last = max(0, top - reach), min(near.shape[0] - height, top + reach)
    if last < first or near.shape[1] <= width:
        return []
    part = near[first : last + height].astype(np.int32)
    across = np.cumsum(np.pad(part, ((0, 0), (1, 0))), axis=1)
    along = np.cumsum(np.pad(part, ((1, 0), (0, 0))), axis=0)
    level = (across[:, width:] - across[:, :-width]) / width
    upright = (along[height:] - along[:-height]) / height
    rows = last - first + 1
    sides = np.stack([level[:rows], level[height - 1 :][:rows], upright[:, : level.shape[1]], upright[:, width - 1 :]])
    least, whole = sides.min(axis=0), sides.mean(axis=0)
    found: list[tuple[int, int]] = []
    places = np.argwhere(least >= TICKS.framed_share)
    for row, x in sorted(places.tolist(), key=lambda p: -whole[p[0], p[1]]):
        if all(abs(x - other) >= width for other, _ in found):
            found.append((int(x), int(first + row)))
    return found


def _square(width: int, height: int, em: float) -> bool:
    fits = TICKS.side[0] * em <= min(width, height) and max(width, height) <= TICKS.side[1] * em
    return fits and TICKS.upright[0] * height <= width <= TICKS.upright[1] * height + TICKS.square_pixels


def _shares(box: TickBox, x: int, y: int, width: int, height: int) -> bool:
    return min(box.x1, x + width) > max(box.x0, x) and min(box.y1, y + height) > max(box.y0, y)


def _hollow(holes: Sequence[Any], frame: Any, ink: Any, em: float) -> list[TickBox]:
    """Boxes by the square hole that their sides enclose; strokes of a neighbour may touch the outside."""
    import cv2

    found: list[TickBox] = []
    for contour in holes:
        x, y, width, height = cv2.boundingRect(contour)
        x, y, width, height = x + 1, y + 1, width - 2, height - 2
        if min(width, height) < TICKS.hole * em or max(width, height) > TICKS.side[1] * em:
            continue
        if cv2.contourArea(contour) < TICKS.hole_share * (width + 1) * (height + 1):
            continue
        thick = _thickness(ink, x, y, width, height, round(0.3 * em))
        outer = (x - thick, y - thick, x + width + thick, y + height + thick)
        if not _square(outer[2] - outer[0], outer[3] - outer[1], em):
            continue
        inside = np.s_[y + 2 : y + height - 2, x + 2 : x + width - 2]
        if (
            width < TICKS.hole_pixels
            or height < TICKS.hole_pixels
            or float((frame[inside] > 0).mean()) > TICKS.inside_share
        ):
            continue
        inner = float((ink[inside] > 0).mean())
        found.append(TickBox(*outer, inner > TICKS.ticked_share, inner))
    return found


def _thickness(ink: Any, x: int, y: int, width: int, height: int, most: int) -> int:
    """How thick the sides around a hole are: the usual length of ink outwards from it."""
    lengths: list[int] = []
    for share in (0.3, 0.5, 0.7):
        column, row = x + int(share * width), y + int(share * height)
        for dx, dy, px, py in (
            (0, -1, column, y),
            (0, 1, column, y + height - 1),
            (-1, 0, x, row),
            (1, 0, x + width - 1, row),
        ):
            length = 0
            for step in range(1, most + 2):
                qx, qy = px + dx * step, py + dy * step
                if not (0 <= qx < ink.shape[1] and 0 <= qy < ink.shape[0]):
                    break
                if ink[qy, qx]:
                    length = step
                elif length:
                    break
            lengths.append(length)
    return max(1, int(np.median(lengths)))


def _box(frame: Any, ink: Any, x: int, y: int) -> TickBox | None:
    height, width = frame.shape
    edge = max(3, round(0.2 * min(width, height)))
    sides = (
        frame[:edge].any(axis=0),
        frame[-edge:].any(axis=0),
        frame[:, :edge].any(axis=1),
        frame[:, -edge:].any(axis=1),
    )
    if min(float(s.mean()) for s in sides) < TICKS.side_share:
        return None
    solid = float(ink.mean())
    if solid > TICKS.solid_share:
        return TickBox(x, y, x + width, y + height, True, solid)
    rim = _rim(ink)
    inside = np.s_[rim : height - rim, rim : width - rim]
    if height - 2 * rim < TICKS.inner_pixels or width - 2 * rim < TICKS.inner_pixels:
        return None
    if float(frame[inside].mean()) > TICKS.straight_share:
        return None
    inner = float(ink[inside].mean())
    return TickBox(x, y, x + width, y + height, inner > TICKS.ticked_share, inner)


def _rim(ink: Any) -> int:
    """How far the drawn frame reaches in: its thickness, from the first to the last inked row at the top."""
    height = ink.shape[0]
    rows = ink[:, ink.shape[1] // 4 : -(ink.shape[1] // 4) or None].mean(axis=1)
    top = next((i for i, share in enumerate(rows) if share > TICKS.rim_share), 0)
    end = top
    while end < height // TICKS.rim_depth and rows[end] > TICKS.rim_share:
        end += 1
    return int(end + max(2, round(0.06 * height)))


def _without_frames_of_text(boxes: list[TickBox], ink: Any, em: float, strict: bool) -> list[TickBox]:
    """Leaves out what is a part of a character: strokes go on all around it. A tick or a neighbour may touch a box."""
    height, width = ink.shape
    found: list[TickBox] = []
    for box in boxes:
        reach = max(2, round(0.09 * em))
        if (
            box.x0 - TICKS.near_edge < reach
            or box.y0 - TICKS.near_edge < reach
            or box.x1 + TICKS.near_edge > width - reach
            or box.y1 + TICKS.near_edge > height - reach
        ):
            continue
        if not box.ticked and not cornered(box, ink):
            continue
        above, below, left, right = _around(box, ink, reach)
        # The upright stroke of a neighbour may run along one side.
        alone = above + below + min(left, right) < TICKS.clear_share
        if alone or (
            not strict
            and max(above, below, left, right) < TICKS.beside_share
            and above + below + left + right < TICKS.around_share
        ):
            found.append(box)
    return found


def closed(box: TickBox, ink: Any) -> bool:
    """True where all four sides are drawn nearly from end to end: those of E, Z and ( are not, however thick they are."""
    reach = max(3, round(0.16 * box.width))
    part = ink[max(0, box.y0 - 1) : box.y1 + 1, max(0, box.x0 - 1) : box.x1 + 1] > 0
    sides = (
        part[:reach].any(axis=0),
        part[-reach:].any(axis=0),
        part[:, :reach].any(axis=1),
        part[:, -reach:].any(axis=1),
    )
    return min(float(side.mean()) for side in sides) > TICKS.closed_share


def cornered(box: TickBox, ink: Any, least: int = 3) -> bool:
    """True where the frame has corners: O, Q, D and 0 have none."""
    size = max(3, round(0.14 * box.width))
    share = (
        TICKS.corner_share if box.width >= TICKS.corner_box else TICKS.small_corner_share
    )  # of a small one the corner is a pixel or two
    corners = 0
    for x in (box.x0 - 1, box.x1 + 1 - size):
        for y in (box.y0 - 1, box.y1 + 1 - size):
            corners += float((ink[y : y + size, x : x + size] > 0).mean()) > share
    return corners >= least
