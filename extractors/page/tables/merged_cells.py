"""Which columns of a row are one cell, where only the places of all columns are known and no rule parts the cells.

Programs draw a horizontal rule in a piece for each column of the table, also below a merged cell. What is merged shows by how texts
stand: flush with the left or right of their cell, or in its middle. Of all ways to part a row into cells the one is taken in
which every text stands so, with few blank cells, and parted where the rows around it are.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from statistics import median

from extractors.page.column_settings import MERGED
from extractors.page.segments import Segment


def tiled(
    xs: Sequence[float], rows: Sequence[Sequence[Segment]], known: frozenset[int] = frozenset()
) -> list[set[int]]:
    """For each row the numbers of the inner lines of ``xs`` that part two cells. ``rows``: the text in each. ``known`` part most
    rows of the same table on another page."""
    inner = range(1, len(xs) - 1)
    if len(xs) - 1 > MERGED.most:
        return [set(inner) for _ in rows]
    pad = _pad(xs, rows)
    begun = [
        sum(1 for row in rows if any(abs(s.start - xs[i] - pad) < MERGED.flush for s in row)) for i in range(len(xs))
    ]
    usual = [min(1.0, count / MERGED.often) for count in begun]
    found = [_parted(xs, row, pad, usual, set(known)) for row in rows]
    for _ in range(MERGED.rounds):
        many = max(MERGED.often_least, MERGED.often_share * len(rows))
        usual = [min(1.0, sum(1 for walls in found if i in walls) / many) for i in range(len(xs))]
        beside = [
            (found[k - 1] if k else set()) | (found[k + 1] if k + 1 < len(found) else set()) | known
            for k in range(len(rows))
        ]
        found = [_parted(xs, row, pad, usual, beside[k]) for k, row in enumerate(rows)]
    return found


def _pad(xs: Sequence[float], rows: Sequence[Sequence[Segment]]) -> float:
    """The space between a line and a text that stands flush left of it: the most frequent one."""
    offsets = sorted(
        s.start - max(x for x in xs if x <= s.start + 1) for row in rows for s in row if s.start + 1 >= xs[0]
    )
    offsets = [o for o in offsets if o < MERGED.padding]
    best = max(offsets, key=lambda o: sum(1 for other in offsets if abs(other - o) < MERGED.same_padding), default=0.0)
    near = [o for o in offsets if abs(o - best) < MERGED.same_padding]
    return max(0.0, median(near)) if near else 0.0


def _parted(
    xs: Sequence[float], row: Sequence[Segment], pad: float, usual: Sequence[float], beside: set[int]
) -> set[int]:
    last = len(xs) - 1
    lines = _lines(row)
    barred = {
        i
        for i in range(1, last)
        for s in row
        if s.start + MERGED.over_line * s.em < xs[i] < s.end - MERGED.over_line * s.em
    }
    joint = [0.0] * (last + 1)
    for line in lines:
        for a, b in itertools.pairwise(line):
            for i in range(1, last):
                if abs(b.start - xs[i] - pad) < MERGED.flush:
                    continue  # it begins where texts of that column do
                if (
                    b.start - a.end < MERGED.close * b.em
                    and a.end - MERGED.over_line * a.em <= xs[i] <= b.start + MERGED.over_line * b.em
                ):
                    joint[i] += 1.0
    joint = [1.0 if count == 1 else 0.0 for count in joint]  # over two lines it is one between columns
    best = [0.0] + [float("inf")] * last
    before = [0] * (last + 1)
    for j in range(1, last + 1):
        if j in barred:
            continue
        for i in range(j):
            if i in barred or best[i] == float("inf"):
                continue
            cost = best[i] + _cost(xs, i, j, lines, pad)
            cost += MERGED.passed * sum(1 for k in range(i + 1, j) if k in beside)
            if j < last:
                cost += MERGED.unused * (1 - (1.0 if j in beside else usual[j])) + joint[j]
            if cost < best[j] - MERGED.equal:
                best[j], before[j] = cost, i
    walls: set[int] = set()
    at = before[last]
    while at > 0:
        walls.add(at)
        at = before[at]
    return walls


def _lines(row: Sequence[Segment]) -> list[list[Segment]]:
    found: list[list[Segment]] = []
    for segment in sorted(row, key=lambda s: s.level):
        if found and segment.level - found[-1][0].level < MERGED.same_line * segment.em:
            found[-1].append(segment)
        else:
            found.append([segment])
    return [sorted(line) for line in found]


def _cost(xs: Sequence[float], i: int, j: int, lines: Sequence[Sequence[Segment]], pad: float) -> float:
    """What speaks against one cell from line ``i`` to line ``j``."""
    left, right = xs[i], xs[j]
    own = [[s for s in line if left <= (s.start + s.end) / 2 < right] for line in lines]
    own = [line for line in own if line]
    if not own:
        return MERGED.blank
    lefts = [abs(line[0].start - left - pad) < MERGED.flush for line in own]
    indents = [abs(line[0].start - left - pad - MERGED.indent * line[0].em) < MERGED.flush for line in own]
    ends = [(line[-1].end, line[-1].end + MERGED.hanging * line[-1].em) for line in own]  # behind a bracket is room
    rights = [any(abs(right - pad - x) < MERGED.flush for x in end) for end in ends]
    centres = [
        any(abs(line[0].start + x - left - right) < 2 * MERGED.flush for x in end)
        for line, end in zip(own, ends, strict=True)
    ]
    stands = all(centres) or all(rights) or (all(a or b for a, b in zip(lefts, indents, strict=True)) and any(lefts))
    cost = 0.0 if stands else MERGED.misfit
    begun = sum(1 for line in own if any(abs(line[0].start - x - pad) < MERGED.flush for x in xs[i + 1 : j]))
    for line in own:
        for a, b in itertools.pairwise(line):
            gap = b.start - a.end
            begins = any(abs(b.start - x - pad) < MERGED.flush for x in xs[i + 1 : j])
            begun += begins
            if gap >= MERGED.close * b.em and (begins or gap > MERGED.apart * b.em):
                cost += 1.0
    return cost + (1.0 if begun > 1 else 0.0)  # over two lines it is no chance that a text begins with a column
