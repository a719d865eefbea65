"""Seals on a page picture: found by colour and outline, and lifted off so that the text beneath can be read.

A seal is a connected mark of one colour, 11 to 75 mm wide, that lies around its middle on all sides (a ring, an oval, a
square chop); red or blue lines of text are long and low. Where two overlap, and on grey scans, it is a ring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from extractors.scan.mark_settings import SEALS

A4_LONG_MM = 297.0
COLOURLESS = "grey"
"""The colour of a seal on a page without colours: nothing tells its ink from that of the text."""


class _Box(NamedTuple):
    """In pixels."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        return self.y1 - self.y0

    @property
    def side(self) -> int:
        """The longer one."""
        return max(self.width, self.height)


@dataclass(slots=True)
class SealSpot:
    """A seal at ``x0 … y1`` (pixels of the picture it was found in) of a colour ("red", "blue", "purple", "grey")."""

    x0: int
    y0: int
    x1: int
    y1: int
    colour: str

    def part(self, height: int) -> str:
        """Where on the page: 上部, 中部, 下部."""
        middle = (self.y0 + self.y1) / 2 / height
        return "上部" if middle < 1 / 3 else "中部" if middle < 2 / 3 else "下部"


def find_seals(rgb: Any) -> list[SealSpot]:
    """The seals of an evenly lit page picture (RGB), from the top."""
    import cv2

    scale = 1000 / max(rgb.shape[:2])
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb
    back = 1 / scale if scale < 1 else 1.0
    found: list[SealSpot] = []
    for colour, mask in _coloured(small).items():
        found.extend(_spots(mask, colour, back))
    if not found and not _has_colour(small):
        found.extend(_grey_rings(small, back))
    return sorted(found, key=lambda s: (s.y0, s.x0))


def _coloured(rgb: Any) -> dict[str, Any]:
    red, green, blue = (rgb[:, :, i].astype(np.int16) for i in range(3))
    return {
        "red": ((red - np.maximum(green, blue) > SEALS.red) & (red > SEALS.red_bright)).astype(np.uint8),
        "blue": ((blue - red > SEALS.blue) & (blue - green > SEALS.blue_green) & (blue > SEALS.blue_bright)).astype(
            np.uint8
        ),
        "purple": (
            (np.minimum(red, blue) - green > SEALS.purple)
            & (np.abs(red - blue) < SEALS.purple_even)
            & (blue > SEALS.purple_bright)
        ).astype(np.uint8),
    }


def _has_colour(rgb: Any) -> bool:
    spread = rgb.max(axis=2).astype(np.int16) - rgb.min(axis=2)
    return bool((spread > SEALS.colour).mean() > SEALS.colour_share)


def _spots(mask: Any, colour: str, back: float) -> list[SealSpot]:
    import cv2

    if int(mask.sum()) < SEALS.least_ink:
        return []
    per_mm = max(mask.shape) / A4_LONG_MM
    reach = max(3, round(1.6 * per_mm)) | 1
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed)
    parts = [
        (_Box(x, y, x + w, y + h), (mask > 0) & (labels == number) if min(w, h) >= SEALS.size[0] * per_mm else None)
        for number, (x, y, w, h, _) in enumerate(stats[1:].tolist(), 1)
    ]
    found: list[_Box] = []
    for box, part in parts:
        if part is None:
            continue
        wide = box.side > SEALS.wider * SEALS.widest * per_mm
        rings = _rings_within(mask, box, per_mm) if wide else []
        if len(rings) > 1:  # seals that overlap
            found += rings
        elif _is_seal(part, box, per_mm):
            found.append(box)
    for box in _together([box for box, _ in parts], 3.0 * per_mm):
        # A pale seal comes in pieces; lines of red text close together have ink in the corners of what they fill.
        if not any(_meet(box, other, 0) for other in found) and _is_seal(mask > 0, box, per_mm, round_only=True):
            found.append(box)
    for box in _together([box for box, _ in parts], 1.0 * per_mm, alone=True):
        # Seals that overlap, or run into red text, are one mark of no shape; each ring shows all the same.
        if box.side >= 2 * SEALS.radius[0] * per_mm and not any(_meet(box, o, 0) for o in found):
            found += _rings_within(mask, box, per_mm)
    return [_spot(box, colour, back, 3) for box in found if not any(_within(box, o) for o in found if o != box)]


def _within(box: _Box, other: _Box) -> bool:
    """True where a box is nearly all a part of another: a piece of that seal."""
    across, down = min(box.x1, other.x1) - max(box.x0, other.x0), min(box.y1, other.y1) - max(box.y0, other.y0)
    area = box.width * box.height
    return across > 0 and down > 0 and across * down > SEALS.piece_share * area and area < other.width * other.height


def _spot(box: _Box, colour: str, back: float, grow: int) -> SealSpot:
    x0, y0, x1, y1 = box
    ends = (max(0, x0 - grow), max(0, y0 - grow), x1 + grow, y1 + grow)
    left, top, right, bottom = (round(v * back) for v in ends)
    return SealSpot(left, top, right, bottom, colour)


def _is_seal(mask: Any, box: _Box, per_mm: float, *, round_only: bool = False) -> bool:
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    if not (SEALS.size[0] * per_mm <= min(width, height) and max(width, height) <= SEALS.size[1] * per_mm):
        return False
    if not SEALS.shape[0] <= width / height <= SEALS.shape[1]:
        return False
    part = mask[y0:y1, x0:x1]
    if part.mean() < SEALS.inked_share or not _all_around(part):
        return False
    if not round_only:
        return True
    ys, xs = np.nonzero(part)
    outside = np.hypot((xs - width / 2) / (width / 2), (ys - height / 2) / (height / 2)) > SEALS.outside
    return float(outside.mean()) < SEALS.outside_share


def _together(boxes: list[_Box], near: float, *, alone: bool = False) -> list[_Box]:
    """The boxes around those that lie close together, where there are several (or where they stand ``alone``)."""
    groups = [(box, 1) for box in boxes if box.side > near][: SEALS.max_parts]
    merged = True
    while merged:
        merged = False
        for i, (one, many) in enumerate(groups):
            j = next((j for j in range(i + 1, len(groups)) if _meet(one, groups[j][0], near)), None)
            if j is not None:
                other, more = groups.pop(j)
                union = _Box(min(one.x0, other.x0), min(one.y0, other.y0), max(one.x1, other.x1), max(one.y1, other.y1))
                groups[i] = (union, many + more)
                merged = True
                break
    return [box for box, many in groups if many > 1 or alone]


def _meet(one: _Box, other: _Box, near: float) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    return across > -near and down > -near


def _all_around(part: Any) -> bool:
    """True where marks lie near the outline in most directions from the middle."""
    ys, xs = np.nonzero(part)
    height, width = part.shape
    dx, dy = (xs - width / 2) / (width / 2), (ys - height / 2) / (height / 2)
    outer = np.hypot(dx, dy) > SEALS.outer
    sector = ((np.arctan2(dy[outer], dx[outer]) + np.pi) / (2 * np.pi) * SEALS.sectors).astype(int) % SEALS.sectors
    return len(np.unique(sector)) >= SEALS.around_share * SEALS.sectors


def _grey_rings(rgb: Any, back: float) -> list[SealSpot]:
    """Seals on a page without colour: circles drawn with ink, among marks that are larger than characters."""
    import cv2

    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    per_mm = max(grey.shape) / A4_LONG_MM
    ink = (grey < SEALS.grey).astype(np.uint8)
    long = round(17 * per_mm)  # longer than the flat of a ring
    for shape in ((1, long), (long, 1)):
        ink -= (
            cv2.dilate(cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8)), np.ones((3, 3), np.uint8)) & ink
        )
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    large = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= SEALS.large_mark * per_mm
    large[0] = False
    mask = large[labels].astype(np.uint8) * 255
    if int((mask > 0).sum()) < SEALS.least_grey:
        return []
    return [_spot(box, COLOURLESS, back, 8) for box in _rings(mask, per_mm)]


def _rings_within(mask: Any, box: _Box, per_mm: float) -> list[_Box]:
    x0, y0, x1, y1 = box
    rings = _rings(mask[y0:y1, x0:x1] * 255, per_mm)
    return [_Box(x0 + a - 5, y0 + b - 5, x0 + c + 5, y0 + d + 5) for a, b, c, d in rings]  # half of the ring's line


def _rings(mask: Any, per_mm: float) -> list[_Box]:
    """The boxes around the circles, as large as seals are, that a mask (255 on 0) shows."""
    import cv2

    margin = round(SEALS.radius[1] * per_mm)  # a circle may run off the page
    wide = np.pad(mask, margin)
    circles = cv2.HoughCircles(
        cv2.GaussianBlur(wide, (0, 0), 1.2),
        cv2.HOUGH_GRADIENT,
        dp=2,
        minDist=3 * per_mm,
        param1=120,
        param2=45,
        minRadius=round(SEALS.radius[0] * per_mm),
        maxRadius=round(SEALS.radius[1] * per_mm),
    )
    found: list[tuple[float, float, float]] = []
    likely = [] if circles is None else np.asarray(circles).reshape(-1, circles.shape[-1])[:16, :3].tolist()
    for x, y, radius in sorted(likely, key=lambda c: -c[2]):  # the outer one of rings about one middle
        if all(np.hypot(x - a, y - b) > SEALS.apart_share * (radius + r) for a, b, r in found) and _ring(
            wide, x, y, radius
        ):
            found.append((x, y, radius))
    height, width = mask.shape
    boxes = [(round(v - margin) for v in (x - r, y - r, x + r, y + r)) for x, y, r in found]
    return [_Box(max(0, x0), max(0, y0), min(width, x1), min(height, y1)) for x0, y0, x1, y1 in boxes]


def _ring(mask: Any, x: float, y: float, radius: float) -> bool:
    """True where the circle is drawn nearly all around, and far more so than one a little wider: any circle through text
    meets it in many places."""
    drawn = _share_drawn(mask, x, y, radius)
    return drawn > SEALS.drawn_share and drawn - _share_drawn(mask, x, y, radius + 9) > SEALS.more_share


def _share_drawn(mask: Any, x: float, y: float, radius: float) -> float:
    """The share of a circle's directions in which the mask is met within three pixels of it."""
    angles = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    hit = np.zeros(len(angles), bool)
    for r in np.arange(radius - 3, radius + 3.5):
        px, py = (x + r * np.cos(angles)).astype(int), (y + r * np.sin(angles)).astype(int)
        inside = (px >= 0) & (py >= 0) & (px < mask.shape[1]) & (py < mask.shape[0])
        hit[inside] |= mask[py[inside], px[inside]] > 0
    return float(hit.mean())


def lift(rgb: Any, seals: list[SealSpot]) -> Any:
    """The page in grey without its seals: within each, only what is darker than the seal's own ink stays."""
    import cv2

    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    for seal in seals:
        area = np.s_[seal.y0 : seal.y1, seal.x0 : seal.x1]
        patch = rgb[area]
        if seal.colour == COLOURLESS:
            grey[area] = _stretched(grey[area], _between(grey[area]))
            continue
        mask = _coloured(patch)[seal.colour]
        near = cv2.dilate(mask, np.ones((5, 5), np.uint8)) > 0
        if not near.any():
            continue
        # In its own colour's light a seal is bright, and black text under it stays dark.
        bright = {"red": patch[:, :, 0], "blue": patch[:, :, 2]}.get(seal.colour, patch[:, :, ::2].max(axis=2))
        ink = float(np.median(bright[mask > 0]))
        plain = grey[area]
        plain[near] = np.maximum(plain[near], _stretched(bright, 0.62 * ink + 20)[near])
        grey[area] = plain
    return grey


def _between(grey: Any) -> float:
    """A level between the grey of the seal and the ink of the text."""
    import cv2

    values = grey[grey < SEALS.text].reshape(-1, 1)
    if len(values) < SEALS.least_text:
        return 128.0
    level, _ = cv2.threshold(values, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    dark, light = values[values <= level], values[values > level]
    return (float(dark.mean()) + float(light.mean())) / 2 if len(dark) and len(light) else float(level)


def _stretched(values: Any, level: float) -> Any:
    """Values under ``level`` stay dark, those above become paper, with a soft step between."""
    spread = 40.0
    return ((values.astype(np.float32) - (level - spread / 2)) * (255 / spread)).clip(0, 255).astype(np.uint8)
