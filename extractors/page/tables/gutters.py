"""Columns by what stands in none of them: upright strips of a table that its lines of text leave free.

A gap within one line tells little, as cells stand as close as six points; over the lines of a whole table the strips between
columns are all that stays free. Full stops hang over the end of a line: what begins within one belongs to the next cell.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from statistics import median

from extractors.page.characters import Char
from extractors.page.column_settings import GUTTERS
from extractors.page.lines import ink_end
from extractors.page.rules import Box
from extractors.page.segments import Segment, held_together

Span = tuple[float, float]


def gutters_of(lines: Iterable[Sequence[Char]], box: Box) -> list[Span]:
    """The strips of ``box`` between columns, from the left. ``lines``: the characters of each line from the left."""
    spans: list[list[Span]] = []
    gaps: list[list[Span]] = []
    sizes: list[float] = []
    for line in lines:
        inside = [c for c in line if box.x0 < c.middle < box.x1 and box.y0 < c.level < box.y1]
        if inside:
            spans.append(_spans(inside))
            gaps.append([(_text_end(a), b.x0) for a, b in itertools.pairwise(inside) if _apart(a, b, a.x1)])
            sizes.append(inside[0].size)
    if not spans:
        return []
    size = median(sizes)
    free = _free(spans, int(GUTTERS.crossing_share * len(spans)), GUTTERS.narrow * size)
    found: list[Span] = []
    for start, end in free:
        # Behind a full stop texts may touch; in some lines there is a gap.
        beside = sum(1 for own in gaps if any(a < end and b > start for a, b in own))
        parted = beside >= GUTTERS.lines or (beside and end - start > GUTTERS.wide * size)
        if parted and _crossing((start, end), spans) <= _ending((start, end), gaps, size):
            found.append((start, end))
    return found


def _crossing(strip: Span, spans: Sequence[Sequence[Span]]) -> int:
    """How many lines run over a strip."""
    middle = (strip[0] + strip[1]) / 2
    return sum(1 for own in spans if any(a < middle < b for a, b in own))


def _ending(strip: Span, gaps: Sequence[Sequence[Span]], size: float) -> int:
    """How many lines have a text that ends or begins at a strip: one of a blank cell between others tells nothing of it."""
    low, high = strip
    return sum(1 for own in gaps if any(a < high and b > low and (low - a < size or b - high < size) for a, b in own))


def _spans(line: Sequence[Char]) -> list[Span]:
    """The stretches of a line without any gap that may be one between columns. A full stop at a stretch's end takes no room."""
    found: list[Span] = []
    start, last = line[0].x0, line[0]
    for char, held in zip(line[1:], held_together(line)[1:], strict=True):
        if _apart(last, char, ink_end(last)) and not held:
            found.append((start, _text_end(last)))
            start = char.x0
        last = char
    return [*found, (start, _text_end(last))]


def _apart(last: Char, char: Char, end: float) -> bool:
    """Whether a gap that may be one between columns stands before ``char``. That between two words drawn at once (GB/T 11033) is none."""
    gap = char.x0 - end
    words = last.run == char.run and last.text.isascii() and char.text.isascii() and gap < GUTTERS.word * last.size
    return _hangs(last, char) or (gap > GUTTERS.gap * last.size and not words)


def _hangs(last: Char, char: Char) -> bool:
    """Whether ``last`` is a full stop that hangs over a wall: the text of the next cell begins within its square, yet not right
    behind its ink, as it does where signs are set close."""
    return ink_end(last) + GUTTERS.hang * last.size < char.x0 < last.x1


def _text_end(char: Char) -> float:
    """Where a text ends: a full stop or closing bracket may hang over the end of its cell."""
    return char.x0 if ink_end(char) < char.x1 else char.x1


def _free(spans: Sequence[Sequence[Span]], allowed: int, narrow: float) -> list[Span]:
    """The stretches between the texts over which ``allowed`` lines run at most."""
    steps = sorted([(x, 1) for own in spans for x, _ in own] + [(x, -1) for own in spans for _, x in own])
    found: list[Span] = []
    count, start = 0, None
    for x, step in steps:
        if start is not None and x - start > narrow and count <= allowed:
            found.append((start, x))
        count += step
        start = x
    joined: list[Span] = []
    for a, b in found:
        if joined and a - joined[-1][1] < narrow:
            joined[-1] = (joined[-1][0], b)
        else:
            joined.append((a, b))
    return [part for strip in joined for part in _around_sparse(strip, spans) if part[1] - part[0] > narrow]


def _around_sparse(strip: Span, spans: Sequence[Sequence[Span]]) -> list[Span]:
    """The parts of a strip beside the texts within it: those of a column with few texts. What runs over all of it is a merged cell."""
    low, high = strip
    own = sorted((a, b) for line in spans for a, b in line if a < high and b > low and (a > low or b < high))
    found: list[Span] = []
    for start, end in own:
        if start > low:
            found.append((low, start))
        low = max(low, end)
    return [*found, (low, high)] if low < high else found


def wall_in(gutter: Span) -> float:
    """Where the wall of a gutter stands: just before what begins behind it."""
    low, high = gutter
    return max((low + high) / 2, high - GUTTERS.before)


def row_ends(
    segments: Sequence[Segment], top: float, bottom: float, xs: Sequence[float], numbers: Sequence[tuple[float, int]]
) -> list[float]:
    """Where rows end between two rules that part none of them: strips free of text from side to side, higher than those between
    the lines of a cell, with text in several columns above and below. ``numbers`` are those of the first column, with their
    levels: one that follows upon another is the next row's."""
    inside = sorted((s for s in segments if top < s.level < bottom), key=lambda s: s.level)
    ends = _spaced(inside, xs) if inside else []
    own = [(level, number) for level, number in numbers if top < level < bottom]
    for (above, number), (below, after) in itertools.pairwise(own):
        if after == number + 1 and not any(above < end < below for end in ends):
            levels = [above, *(s.level for s in inside if above < s.level < below), below]
            start, end = max(itertools.pairwise(levels), key=lambda gap: round(gap[1] - gap[0]))
            ends.append((start + end) / 2)
    return sorted(ends)


def _spaced(inside: Sequence[Segment], xs: Sequence[float]) -> list[float]:
    em = median(s.em for s in inside)
    columns = [bisect_right(xs, s.start + GUTTERS.inset * s.em) for s in inside]
    levels: dict[int, list[float]] = {}
    for segment, column in zip(inside, columns, strict=True):
        levels.setdefault(column, []).append(segment.level)
    steps = [b - a for own in levels.values() for a, b in itertools.pairwise(own) if b - a > GUTTERS.step * em]
    if not steps:
        return []
    least = min(steps) + GUTTERS.row_space * em
    groups = [[0]]
    for number, (a, b) in enumerate(itertools.pairwise(inside), 1):
        if b.level - a.level > least:
            groups.append([])
        groups[-1].append(number)
    whole = [group for group in groups if len({columns[n] for n in group}) > 1]
    return [(inside[above[-1]].level + inside[below[0]].level) / 2 for above, below in itertools.pairwise(whole)]
