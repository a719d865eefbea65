"""Two pages scanned side by side on one sheet: each is a page of its own, so that what the first ends with goes on in the second."""

from __future__ import annotations

from typing import Any

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
