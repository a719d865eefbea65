"""The text of a page as segments: pieces of a line without a gap. And which gaps are no end of a text."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from extractors.page.characters import BOXES, CHECKS, Char
from extractors.page.lines import Line, ink_end
from extractors.page.rules import Box
from extractors.page.settings import SEGMENTS

_BULLETS = frozenset("■●○◉◎")
_COLONS = frozenset("：:")
_GO_ON = frozenset("，、")
"""No text ends with these: what is drawn with them, behind their square, goes on with it."""
_BEFORE_BLANKS = _COLONS | frozenset("（(_＿")
_BEHIND_BLANKS = frozenset("）)年月日")
"""What stands beside a blank to fill in."""


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

    def __init__(self, chars: Sequence[Char], walls: Sequence[float] = ()) -> None:
        """``walls``: where columns end, for those within which no gap of a line is wide."""
        self.segments: list[Segment] = []
        self.gaps: list[Gap] = []
        self.lines: list[list[Char]] = []
        """The characters of each line from the left."""
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
            self.lines.append(line)
            for char, held in zip(line, held_together(line), strict=True):
                close = last is not None and char.x0 - end <= word_gap * max(char.size, last.size)
                if last is not None and (held or close) and not parts(walls, last, char, held):
                    end = max(end, char.x1)
                else:
                    if last is not None:
                        end = ink_end(last) if last.x1 == end else end
                        self.segments.append(Segment(start, end, last.level, last.size))
                        self.gaps.append(Gap(end, char.x0, char.level))
                    start, end = char.x0, char.x1
                last = char
            if last is not None:
                end = ink_end(last) if last.x1 == end else end
                self.segments.append(Segment(start, end, last.level, last.size))
        self.segments.sort(key=lambda s: s.level)

    def parted(self, walls: Sequence[float]) -> Segments:
        """The same segments, parted where columns end."""
        return Segments([c for line in self.lines for c in line], sorted(walls))

    def numbers(self, box: Box) -> list[tuple[float, int]]:
        """The whole numbers that stand alone on a line of ``box``, with their levels."""
        found: list[tuple[float, int]] = []
        for line in self.lines:
            inside = [c for c in line if box.holds(c.middle, c.level)]
            text = "".join(c.text for c in inside)
            if len(text) <= SEGMENTS.number_length and text.isdecimal():
                found.append((inside[0].level, int(text)))
        return found

    def within(self, box: Box) -> list[Segment]:
        return [s for s in self.segments if box.y0 < s.level < box.y1 and s.start < box.x1 and s.end > box.x0]


def parts(walls: Sequence[float], last: Char, char: Char, held: bool) -> bool:
    """Whether a column ends between two characters of what looks like one text: there is some space, or a full stop that hangs
    over it. Where the text is ``held`` together, only if the next one begins with the column and no blank to fill in ends there."""
    hangs = (
        ink_end(last) < last.x1 and char.x0 < last.x1 - SEGMENTS.wall_slack
    )  # a text goes on behind a full stop's square
    at = bisect_right(walls, last.x0 if hangs else min(last.middle, ink_end(last)) - SEGMENTS.wall_slack)
    if at == len(walls) or walls[at] > char.x0 + SEGMENTS.wall_slack:
        return False
    if held and (
        char.x0 - walls[at] > SEGMENTS.wall_begins or last.text in _BEFORE_BLANKS or char.text in "）)" or _is_box(char)
    ):
        return False
    goes_on = last.run == char.run and last.text in _GO_ON and char.x0 >= last.x1 - SEGMENTS.wall_slack
    begins = not goes_on and char.x0 - walls[at] <= SEGMENTS.wall_begins  # behind a full stop that hangs over the wall
    return (hangs and begins) or char.x0 - (ink_end(last) if begins else last.x1) > SEGMENTS.wall_gap * char.size


def held_together(line: Sequence[Char], *, piece: bool = False) -> list[bool]:
    """For each character whether a gap before it is one within a cell: the room for a name between brackets, or before the box
    of a choice's next option, or between the letters of a label that is set to the width of its cell (分散对齐). ``piece``: of a text that was found to be one."""
    found = _spread(line, piece=piece)
    opened: list[int] = []
    boxes = 0
    for number, char in enumerate(line):
        if char.text in "（(":
            opened.append(number)
        elif char.text in "）)" and opened:
            for inner in range(opened.pop() + 1, number + 1):
                found[inner] = line[inner - 1].text in _BEFORE_BLANKS or line[inner].text in _BEHIND_BLANKS
        elif _is_box(char):
            near = number and char.x0 - line[number - 1].x1 < SEGMENTS.option_gap * char.size
            found[number] = found[number] or (boxes > 0 and bool(near))
            boxes += 1
    return found


def _spread(line: Sequence[Char], *, piece: bool) -> list[bool]:
    """The same for letters alone: one as far from the next as all others of the run, which a colon ends, or which begins the line
    and has a text behind it."""
    found = [False] * len(line)
    start = 0
    for end in range(1, len(line) + 1):
        if end < len(line) and _goes_on(line, start, end):
            continue
        run = line[start:end]
        if len(run) >= SEGMENTS.spread_least and (
            run[-1].text in _COLONS
            or _is_colon(line[end : end + 1])
            or (
                start == 0
                and len(run) > SEGMENTS.spread_least
                and (_is_text(line[end : end + 2]) or (piece and end == len(line)))
            )
        ):
            found[start + 1 : end] = [True] * (len(run) - 1)
        start = end
    return found


def _goes_on(line: Sequence[Char], start: int, at: int) -> bool:
    """Whether the run from ``start`` goes on with the character ``at``."""
    before, char = line[at - 1], line[at]
    if before.text in _COLONS or not (_is_letter(before) and (_is_letter(char) or char.text in _COLONS)):
        return False
    if char.x0 - before.x1 <= SEGMENTS.spread_gap * char.size:
        return False
    step = char.x0 - before.x0
    first = line[start + 1].x0 - line[start].x0
    return at == start + 1 or abs(step - first) < SEGMENTS.spread_even * char.size


def _is_box(char: Char) -> bool:
    return char.text in BOXES or char.text in CHECKS or char.text in _BULLETS


def _is_letter(char: Char) -> bool:
    return "\u4e00" <= char.text <= "\u9fff"


def _is_colon(chars: Sequence[Char]) -> bool:
    return bool(chars) and chars[0].text in _COLONS


def _is_text(chars: Sequence[Char]) -> bool:
    """Whether two characters stand together as those of a word do."""
    return len(chars) > 1 and chars[1].x0 - chars[0].x1 <= SEGMENTS.spread_gap * chars[0].size


def is_parted(line: Line) -> bool:
    """Whether a line is parted as columns are."""
    shown = [c for c in line.chars if c.text != " " and not c.angle]
    return any(
        b.x0 - a.x1 > SEGMENTS.column_gap * a.size and a.text not in "：:、.．" and b.text not in "（(_＿" and not held
        for (a, b), held in zip(itertools.pairwise(shown), held_together(shown)[1:], strict=True)
    )
