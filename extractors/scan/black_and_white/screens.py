"""Paper that came as dots: a scan in black and white that shows grey by dithering, a print screened in halftones. Its dots are
smoothed away until paper is even; they would be taken for ink, and hide rules and boxes."""

from __future__ import annotations

from typing import Any

import numpy as np

from extractors.scan.picture_settings import SCREEN


def smoothed(rgb: Any) -> tuple[Any, float]:
    """The picture without the dots of its paper, and how far (of 255) paper still varies; as it is, and 0.0, where there are
    none."""
    import cv2

    tiles = _tiles(rgb[:, :, 1])
    if not len(tiles) or _grain(tiles) < SCREEN.dots:
        return rgb, 0.0
    rest, width = 0.0, 0.0
    for width in SCREEN.widths:
        rest = _grain([cv2.GaussianBlur(tile, (0, 0), width) for tile in tiles])
        if rest <= SCREEN.even:
            break
    return cv2.GaussianBlur(rgb, (0, 0), width), rest


def whitened(even: Any, rest: float) -> Any:
    """The evenly lit picture with what is left of the dots white: ``rest`` is how far its paper varies."""
    import cv2

    return cv2.convertScaleAbs(even, alpha=255 / (SCREEN.lit - SCREEN.whitened * rest)) if rest else even


def _tiles(grey: Any) -> list[Any]:
    """Small parts from all over the page but its edges."""
    height, width = grey.shape
    side = SCREEN.tile
    ys, xs = (
        np.linspace(SCREEN.edge_share * length, (1 - SCREEN.edge_share) * length - side, SCREEN.tiles).astype(int)
        for length in (height, width)
    )
    if ys[-1] <= ys[0] or xs[-1] <= xs[0]:
        return []
    return [grey[y : y + side, x : x + side].astype(np.float32) for y in ys for x in xs]


def _grain(tiles: list[Any]) -> float:
    """How much the finest detail varies (a standard deviation) where there is next to nothing on the paper."""
    import cv2

    return float(np.percentile([(t - cv2.GaussianBlur(t, (0, 0), SCREEN.fine)).std() for t in tiles], SCREEN.paper))
