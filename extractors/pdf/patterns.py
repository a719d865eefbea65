"""Small areas of which pdfium says that they are white: one filled with a pattern (a gradient) may look otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from extractors.page.characters import Turn
from extractors.page.rules import Box
from extractors.page.settings import RULES
from extractors.pdf.settings import PATTERNS


def dark_ones(page: Any, whites: Sequence[Box], turn: Turn) -> list[Box]:
    """Those of ``whites``, as large as boxes that are ticked, which the page's picture shows filled with another colour. A turned
    page is not looked at."""
    low, high = RULES.box_side
    small = [w for w in whites if low <= min(w.width, w.height) and max(w.width, w.height) <= high]
    left, bottom, right, top = page.get_cropbox()
    upright = page.get_rotation() == 0 and max(*map(abs, turn(left, top))) < 1 and turn(right, bottom) > (0, 0)
    if not small or not upright:
        return []
    width, height = page.get_size()
    if width * height > PATTERNS.largest:
        return []
    bitmap = page.render(scale=PATTERNS.scale, grayscale=True)
    try:
        seen = bitmap.to_numpy().reshape(bitmap.height, -1)
        found: list[Box] = []
        for box in small[: PATTERNS.most]:
            x0, y0, x1, y1 = (round(v * PATTERNS.scale) for v in box)
            inside = seen[max(0, y0 + 1) : y1 - 1, max(0, x0 + 1) : x1 - 1]
            if inside.size and (inside < PATTERNS.white).mean() > PATTERNS.share:
                found.append(box)
        return found
    finally:
        bitmap.close()
