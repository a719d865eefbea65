"""Two pages printed side by side on one sheet, taken apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from extractors.page.characters import Char, PageChars
from extractors.page.rules import Box, PageLines, Rule
from extractors.page.settings import TWO_UP

Half = tuple[PageChars, PageLines]


def halves(found: PageChars, lines: PageLines, after: float = 0.0) -> list[Half]:
    """The two pages of a sheet; one for a sheet with nothing on its right page, where the sheet before held two (``after`` is
    the width of its pages); the page itself for all others."""
    middle = _fold(found, lines, after)
    if middle is None:
        return [(found, lines)]
    left, right = _half(found, lines, 0.0, middle), _half(found, lines, middle, found.width)
    return [left, right] if right[0].chars else [left]


def _fold(found: PageChars, lines: PageLines, after: float) -> float | None:
    if found.width < TWO_UP.wider * found.height:
        return None
    chars = [c for c in found.chars if c.text != " "]
    if not chars:
        return None
    low, high = (share * found.width for share in TWO_UP.middle)
    spans = [(c.x0, c.x1) for c in chars if c.x1 > low and c.x0 < high]
    spans += [(r.start, r.end) for r in lines.horizontal if r.end > low and r.start < high]
    spans += [(r.at, r.at) for r in lines.vertical if low < r.at < high]
    spans += [(b.x0, b.x1) for b in (*lines.images, *lines.shades, *lines.rounds) if b.x1 > low and b.x0 < high]
    start, best = low, (0.0, 0.0)
    for x0, x1 in [*sorted(spans), (high, high)]:
        best = max(best, (x0 - start, start))
        start = max(start, x1)
    if best[0] < TWO_UP.gutter * median(c.size for c in chars):
        return None
    middle = found.width / 2
    if not best[1] < middle < sum(best):
        return None
    right = sum(1 for c in chars if c.x0 > middle)
    if not right:
        return middle if abs(after - middle) < TWO_UP.same_width else None
    enough = min(right, len(chars) - right) >= TWO_UP.least_chars
    return middle if enough and (_is_full(chars, lines, 0, middle) or _is_full(chars, lines, middle, middle)) else None


def _is_full(chars: Sequence[Char], lines: PageLines, start: float, width: float) -> bool:
    """Whether a line or a table reaches over half of the page that begins at ``start``."""
    if any(r.end - r.start > TWO_UP.full_share * width and start < r.start < start + width for r in lines.horizontal):
        return True
    levels: dict[int, list[Char]] = {}
    for char in chars:
        if start < char.x0 < start + width:
            levels.setdefault(round(char.base), []).append(char)
    return any(sum(c.x1 - c.x0 for c in line) > TWO_UP.full_share * width for line in levels.values())


def _half(found: PageChars, lines: PageLines, start: float, end: float) -> Half:
    def own(x: float) -> bool:
        return start <= x < end

    def boxes(all_boxes: Sequence[Box]) -> list[Box]:
        moved = [b for b in all_boxes if own((b.x0 + b.x1) / 2)]
        return [b._replace(x0=b.x0 - start, x1=b.x1 - start) for b in moved]

    chars = [replace(c, x0=c.x0 - start, x1=c.x1 - start) for c in found.chars if own(c.middle)]
    page = replace(found, chars=chars, width=end - start, beyond=[], slanted=[] if start else found.slanted)
    images = [i for i, b in enumerate(lines.images) if own((b.x0 + b.x1) / 2)]
    drawn = PageLines(
        horizontal=[Rule(r.at, r.start - start, r.end - start) for r in lines.horizontal if own(r.start)],
        vertical=[Rule(r.at - start, r.start, r.end) for r in lines.vertical if own(r.at)],
        frames=boxes(lines.frames),
        rings=boxes(lines.rings),
        strokes=boxes(lines.strokes),
        fills=boxes(lines.fills),
        rounds=boxes(lines.rounds),
        dark=boxes(lines.dark),
        whites=boxes(lines.whites),
        shades=boxes(lines.shades),
        images=boxes([lines.images[i] for i in images]),
        image_at=[lines.image_at[i] for i in images],
        texts_at_image=[lines.texts_at_image[i] for i in images],
    )
    return page, drawn
