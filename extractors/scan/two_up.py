"""Two pages scanned side by side on one sheet, put one below the other: the first is read before the second."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from extractors.page.characters import Char
from extractors.page.rules import PageLines, Rule
from extractors.scan.picture_settings import FOLD


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


def stacked(picture: Any, middle: int) -> Any:
    """The right page of a picture below the left one."""
    left, right = picture[:, :middle], picture[:, middle:]
    width = max(left.shape[1], right.shape[1])
    return np.vstack([np.pad(half, ((0, 0), (0, width - half.shape[1]))) for half in (left, right)])


def stack_chars(chars: Sequence[Char], middle: float, height: float) -> None:
    """The same for characters, in place."""
    for char in chars:
        if char.middle >= middle:
            char.x0, char.x1, char.base = char.x0 - middle, char.x1 - middle, char.base + height


def stack_lines(lines: PageLines, middle: float, height: float) -> PageLines:
    """The same for rules."""
    level = [
        Rule(r.at + height, r.start - middle, r.end - middle) if r.start >= middle else r for r in lines.horizontal
    ]
    upright = [Rule(r.at - middle, r.start + height, r.end + height) if r.at >= middle else r for r in lines.vertical]
    return PageLines(level, upright)
