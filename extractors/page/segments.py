"""The text of a page as segments: pieces of a line without a gap. And which gaps are no end of a text."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

from extractors.page.characters import BOXES, CHECKS, Char
from extractors.page.lines import Line
from extractors.page.rules import Box
from extractors.page.settings import SEGMENTS

_BULLETS = frozenset("■●○◉◎")


class Segment(NamedTuple):
    """A piece of a line without a gap, from ``start`` to ``end``; ``level`` is its height on the page, ``em`` its size."""

    start: float
    end: float
    level: float
    em: float


class Gap(NamedTuple):
    """The space between two segments of a line."""

    start: float
    end: float
    level: float


class Segments:
    """The characters of a page as segments, from the top, and the gaps between segments of a line."""

    def __init__(self, chars: Sequence[Char]) -> None:
        self.segments: list[Segment] = []
        self.gaps: list[Gap] = []
        rows: list[list[Char]] = []
        for char in sorted((c for c in chars if c.text != " " and not c.angle), key=lambda c: c.base):
            if rows and char.base - rows[-1][0].base < SEGMENTS.same_line * char.size:
                rows[-1].append(char)
            else:
                rows.append([char])
        word_gap = SEGMENTS.word_gap
        for row in rows:
            start = end = 0.0
            last: Char | None = None
            line = sorted(row, key=lambda c: c.x0)
            for char, held in zip(line, held_together(line), strict=True):
                if last is not None and (held or char.x0 - end <= word_gap * max(char.size, last.size)):
                    end = max(end, char.x1)
                else:
                    if last is not None:
                        self.segments.append(Segment(start, end, last.level, last.size))
                        self.gaps.append(Gap(end, char.x0, char.level))
                    start, end = char.x0, char.x1
                last = char
            if last is not None:
                self.segments.append(Segment(start, end, last.level, last.size))
        self.segments.sort(key=lambda s: s.level)

    def within(self, box: Box) -> list[Segment]:
        return [s for s in self.segments if box.y0 < s.level < box.y1 and s.start < box.x1 and s.end > box.x0]


def held_together(line: Sequence[Char]) -> list[bool]:
    """For each character whether a gap before it is one within a cell: the room for a name between brackets, or before the box
    of a choice's next option."""
    found = [False] * len(line)
    opened: list[int] = []
    boxes = 0
    for number, char in enumerate(line):
        if char.text in "（(":
            opened.append(number)
        elif char.text in "）)" and opened:
            start = opened.pop()
            found[start + 1 : number + 1] = [True] * (number - start)
        elif char.text in BOXES or char.text in CHECKS or char.text in _BULLETS:
            near = number and char.x0 - line[number - 1].x1 < SEGMENTS.option_gap * char.size
            found[number] = found[number] or (boxes > 0 and bool(near))
            boxes += 1
    return found


def is_parted(line: Line) -> bool:
    """Whether a line is parted as columns are."""
    shown = [c for c in line.chars if c.text != " " and not c.angle]
    return any(
        b.x0 - a.x1 > SEGMENTS.column_gap * a.size and a.text not in "：:、.．" and b.text not in "（(_＿" and not held
        for (a, b), held in zip(itertools.pairwise(shown), held_together(shown)[1:], strict=True)
    )
