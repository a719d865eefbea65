"""The sheet of paper in a picture: what it was photographed on, and what a scanner shows around it, is taken away; where it
was taken by a camera, or pulled crookedly through a scanner, it is made straight by its own rule lines.

Seen at an angle, level rules slope more towards one end of the page, and upright ones lean. Both are taken to change evenly
over the page, which undoes a camera's view and a sheared feed alike.

Of two pages scanned side by side on one sheet each is a page of its own, so that what the first ends with goes on in the second.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from extractors.page.rules import PageLines, Rule
from extractors.scan.components import components
from extractors.scan.picture_settings import FOLD, PAPER, STRAIGHT


def sheet_of(rgb: Any) -> Any:
    """The picture cut to the sheet that lies on a darker table, white around it; as it is where there is no such sheet."""
    import cv2

    height, width = rgb.shape[:2]
    scale = PAPER.search_side / max(height, width)
    if scale >= 1:
        return rgb
    grey = cv2.cvtColor(cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    # Text and rules are closed: what is left is how bright the paper is.
    grey = cv2.GaussianBlur(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8)), (0, 0), 2)
    level, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    _, labels, stats, _ = cv2.connectedComponentsWithStats((grey > level).astype(np.uint8))
    if len(stats) <= 1:
        return rgb
    bright = (labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))).astype(np.uint8)
    outlines, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    sheet = np.zeros_like(bright)
    cv2.fillConvexPoly(sheet, hull, 1)
    if not PAPER.sheet_share[0] < float(sheet.mean()) < PAPER.sheet_share[1] or float(
        bright.sum()
    ) < PAPER.convex_share * float(sheet.sum()):
        return rgb
    if not (_darker_outside(grey, sheet) and _has_an_edge(grey, sheet)):
        return rgb
    outline = np.round((hull[:, 0, :].astype(np.float32) + 0.5) / scale).astype(np.int32)
    x, y, w, h = cv2.boundingRect(outline)
    x0, y0, x1, y1 = max(0, x), max(0, y), min(width, x + w), min(height, y + h)
    inside = np.zeros((y1 - y0, x1 - x0), np.uint8)
    cv2.fillConvexPoly(inside, outline - np.array([[x0, y0]], np.int32), 1)
    cut = rgb[y0:y1, x0:x1].copy()
    cut[inside == 0] = np.median(cut[inside > 0][::97], axis=0)
    return cut


def _darker_outside(grey: Any, sheet: Any) -> bool:
    """True where what lies outside of the sheet is another surface: beyond the shadow of a crease the same paper goes on."""
    within, outside = (float(np.median(grey[sheet == part])) for part in (1, 0))
    return within - outside > PAPER.brighter


def _has_an_edge(grey: Any, sheet: Any) -> bool:
    """True where it grows dark right outside of the sheet: light that falls off over a page has no edge."""
    import cv2

    beside = cv2.dilate(grey * sheet, np.ones((17, 17), np.uint8)).astype(np.int16)
    outside = (cv2.dilate(sheet, np.ones((11, 11), np.uint8)) > 0) & (cv2.dilate(sheet, np.ones((5, 5), np.uint8)) == 0)
    return bool(outside.any()) and float((beside - grey > PAPER.brighter)[outside].mean()) > PAPER.edge_share


def without_surround(grey: Any) -> None:
    """Whitens what surrounds the paper: the scanner's lid, the table it lies on, the shadow along its edge."""
    import cv2

    height, width = grey.shape
    scale = PAPER.surround_side / max(height, width)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    dark = cv2.morphologyEx((small < PAPER.dark).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    rows, columns = small.shape
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark)
    surround, drawn = np.zeros(count, np.uint8), np.zeros(count, np.uint8)
    within = labels[rows // 6 : -rows // 6, columns // 6 : -columns // 6]
    for number in range(1, count):
        x, y, w, h, _area = (int(v) for v in stats[number])
        outside = x <= 1 or y <= 1 or x + w >= columns - 1 or y + h >= rows - 1
        surround[number] = outside and max(w, h) > PAPER.surround
        # A seal over the edge of the paper, or a stroke that runs off it, may join a whole table to what lies outside.
        drawn[number] = surround[number] and bool((within == number).any())
    mask = surround[labels]
    if drawn.any():
        mask[(drawn[labels] > 0) & ~_solid_from_edge(dark)] = 0
    if mask.any() and float(mask.mean()) < PAPER.surround_share:
        mask = cv2.dilate(mask, np.ones((5, 5), np.uint8))
        grey[cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST) > 0] = 255


def _solid_from_edge(dark: Any) -> Any:
    """What is dark all through, from the picture's edge inwards: no lines, no text."""
    import cv2

    solid = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    _, labels = cv2.connectedComponents(solid)
    edge = np.unique(
        np.concatenate([labels[:2].ravel(), labels[-2:].ravel(), labels[:, :2].ravel(), labels[:, -2:].ravel()])
    )
    return cv2.dilate(np.isin(labels, edge[edge > 0]).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0


class _Slope(NamedTuple):
    """Of a rule: its place across the page, slope, and length (in pixels)."""

    at: float
    slope: float
    length: float


def straightened(grey: Any, ruled: Any, upright: Any, em: float) -> Any | None:
    """The picture with its rules level and upright; None where they are already, or where there are too few to tell.

    ``ruled`` and ``upright`` are the masks of all rules and of the vertical ones."""
    import cv2

    height, width = grey.shape
    level = cv2.bitwise_and(ruled, cv2.bitwise_not(upright))
    slopes = _fitted(_slopes(level, STRAIGHT.level_rule * em), height)
    leans = _fitted(_slopes(np.ascontiguousarray(upright.T), STRAIGHT.upright_rule * em), width)
    ys, xs = np.arange(height, dtype=np.float32), np.arange(width, dtype=np.float32)
    slope, lean = np.polyval(slopes, ys).astype(np.float32), np.polyval(leans, xs).astype(np.float32)
    shift = max(float(np.abs(slope).max()) * width / 2, float(np.abs(lean).max()) * height / 2)
    steep = max(float(np.abs(slope).max()), float(np.abs(lean).max()))
    if shift < STRAIGHT.shift or steep > STRAIGHT.steepest:
        return None
    from_x = xs[None, :] + (ys[:, None] - height / 2) * lean[None, :]
    from_y = ys[:, None] + (xs[None, :] - width / 2) * slope[:, None]
    return cv2.remap(grey, from_x, from_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=255)


def _slopes(mask: Any, least: float) -> list[_Slope]:
    """The slope of each horizontal rule of at least ``least`` pixels."""
    parts = components(mask)
    found: list[_Slope] = []
    for number, (x, y, width, height) in enumerate(parts.stats[1:, :4].tolist(), 1):
        if width < least:
            continue
        part = parts.labels[y : y + height, x : x + width] == number
        ys, xs = np.nonzero(part)
        slope, at = np.polyfit(xs - width / 2, ys, 1)
        # Where the rule stands in the middle of the page's width, for pieces that lie to one side.
        middle = y + at + slope * (mask.shape[1] / 2 - (x + width / 2))
        found.append(_Slope(float(middle), float(slope), float(width)))
    return found


def _fitted(slopes: list[_Slope], extent: float) -> Any:
    """Slope as a straight line over the place (coefficients for polyval); 0 where nothing can be said."""
    if len(slopes) <= 1:
        return np.array([0.0, 0.0])
    at, slope, weight = (np.array(column) for column in zip(*slopes, strict=True))
    usual = float(np.median(slope))
    near = np.abs(slope - usual) < STRAIGHT.usual
    at, slope, weight = at[near], slope[near], weight[near]
    if len(at) < STRAIGHT.rules or float(at.max() - at.min()) < STRAIGHT.spread_share * extent:
        return np.array([0.0, float(np.average(slope, weights=weight))])
    fit = np.polyfit(at, slope, 1, w=np.sqrt(weight))
    # No further than the rules reach: beyond them the line is only a guess.
    return fit if float(np.abs(np.polyval(fit, [0.0, extent])).max()) < STRAIGHT.steepest else np.array([0.0, usual])


def fold(plain: Any, ruled: Any, em: float) -> int | None:
    """The column at which a sheet holds two pages: paper from top to bottom in its middle, text on both sides. Text and
    tables of one wide page run across the middle."""
    height, width = plain.shape
    if width < FOLD.wider * height:
        return None
    inked = (plain > 0) | (ruled > 0)
    low, high = (round(share * width) for share in FOLD.middle)
    blank = inked[:, low:high].sum(axis=0) <= FOLD.speck_share * height
    best = (0, 0)
    start = None
    for at, free in enumerate([*blank.tolist(), False]):
        if free and start is None:
            start = at
        elif not free and start is not None:
            best = max(best, (at - start, start))
            start = None
    if best[0] < FOLD.gutter * em:
        return None
    middle = low + best[1] + best[0] // 2
    sides = (float((plain[:, :middle] > 0).mean()), float((plain[:, middle:] > 0).mean()))
    return middle if min(sides) >= FOLD.text_share else None


def scaled(lines: PageLines, factor: float) -> PageLines:
    """The rules, so many times as large."""
    level, upright = (
        [Rule(r.at * factor, r.start * factor, r.end * factor) for r in rules]
        for rules in (lines.horizontal, lines.vertical)
    )
    return PageLines(level, upright)


def between(lines: PageLines, left: float, right: float) -> PageLines:
    """The rules of the page that lies between two places across the sheet, from its own left edge on."""
    level = [Rule(r.at, r.start - left, r.end - left) for r in lines.horizontal if left <= r.start < right]
    upright = [Rule(r.at - left, r.start, r.end) for r in lines.vertical if left <= r.at < right]
    return PageLines(level, upright)
