"""The sheet of paper in a picture: what it was photographed on, and what a scanner shows around it, is taken away."""

from __future__ import annotations

from typing import Any

import numpy as np

from extractors.scan.picture_settings import PAPER


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
    if not _has_an_edge(grey, sheet):
        return rgb
    outline = np.round((hull[:, 0, :].astype(np.float32) + 0.5) / scale).astype(np.int32)
    x, y, w, h = cv2.boundingRect(outline)
    x0, y0, x1, y1 = max(0, x), max(0, y), min(width, x + w), min(height, y + h)
    inside = np.zeros((y1 - y0, x1 - x0), np.uint8)
    cv2.fillConvexPoly(inside, outline - np.array([[x0, y0]], np.int32), 1)
    cut = rgb[y0:y1, x0:x1].copy()
    cut[inside == 0] = np.median(cut[inside > 0][::97], axis=0)
    return cut


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
