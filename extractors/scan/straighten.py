"""A page taken by a camera, or pulled crookedly through a scanner, made straight by its own rule lines.

Seen at an angle, level rules slope more towards one end of the page, and upright ones lean. Both are taken to change evenly
over the page, which undoes a camera's view and a sheared feed alike.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from extractors.scan.picture_settings import STRAIGHT


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
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    found: list[_Slope] = []
    for number in range(1, count):
        x, y, width, height = (int(v) for v in stats[number][:4])
        if width < least:
            continue
        part = labels[y : y + height, x : x + width] == number
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
