"""Tables with vertical rules alone: their rows follow from where vertical rules end and from the space between lines of text."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from extractors.page.characters import Char
from extractors.page.grid import clustered
from extractors.page.lines import first_word, is_wide, to_lines
from extractors.page.rules import Box, Rule
from extractors.page.settings import RULES
from extractors.page.table_settings import GRID, VERTICAL


class _Line(NamedTuple):
    top: float
    bottom: float
    column: int
    room: float
    """Space left beside the line in its cell, in points."""
    first: float
    """Width of the line's first word, with that between text and rule."""
    ems: float
    """Length of the line."""


def with_rows(hs: list[Rule], vs: list[Rule], box: Box, chars: Sequence[Char]) -> list[Rule]:
    """The horizontal rules of a table whose only ones are its top and bottom, with those that part its rows added; ``hs`` itself for
    other tables, and where the text shows no rows."""
    xs = clustered([*(v.at for v in vs), box.x0, box.x1], RULES.snap_x)
    inner = clustered([h.at for h in hs if box.y0 + RULES.snap_y < h.at < box.y1 - RULES.snap_y], RULES.snap_y)
    if len(xs) < VERTICAL.columns or len(vs) > VERTICAL.most or box.height < VERTICAL.tall:
        return hs
    if len(inner) == 1 and len(xs) > VERTICAL.columns:
        return _below_head(hs, vs, box._replace(y0=inner[0]), chars)
    if inner:
        return hs
    ends = [y for v in vs for y in (v.start, v.end) if box.y0 + RULES.snap_y < y < box.y1 - RULES.snap_y]
    cuts = clustered(ends, RULES.snap_y)
    ys: list[float] = []
    lines: list[_Line] = []
    for top, bottom in itertools.pairwise([box.y0, *cuts, box.y1]):
        whole = [v.at for v in vs if min(v.end, bottom) - max(v.start, top) > VERTICAL.whole_share * (bottom - top)]
        own = _lines(clustered([*whole, box.x0, box.x1], RULES.snap_x), Box(box.x0, top, box.x1, bottom), chars)
        lines += own
        ys += [y for y in _between(own) if top + VERTICAL.row_inside < y < bottom - VERTICAL.row_inside]
    ys = sorted(
        [
            *(
                c
                for c in cuts
                if not any(line.top + VERTICAL.through_line < c < line.bottom - VERTICAL.through_line for line in lines)
            ),
            *ys,
        ]
    )
    if not ys:
        return hs
    rows: dict[int, set[int]] = defaultdict(set)
    for line in lines:
        rows[bisect_right(ys, (line.top + line.bottom) / 2)].add(line.column)
    full = sum(1 for columns in rows.values() if len(columns) > 1)
    led = sum(1 for columns in rows.values() if min(columns) <= VERTICAL.first_columns)
    if full < VERTICAL.full_rows or full < VERTICAL.full_share * len(rows) or led < VERTICAL.full_share * len(rows):
        return hs  # the lines of one row's cells
    return [*hs, *(Rule(y, box.x0, box.x1) for y in ys)]


def _below_head(hs: list[Rule], vs: list[Rule], box: Box, chars: Sequence[Char]) -> list[Rule]:
    """The same for a table in which a rule parts the head alone: its rows all begin in the first column, on one line each."""
    if box.height < VERTICAL.tall or any(
        h.end - h.start < VERTICAL.head_share * box.width for h in hs if abs(h.at - box.y0) < RULES.snap_y
    ):
        return hs
    xs = clustered([*(v.at for v in vs), box.x0, box.x1], RULES.snap_x)
    lines = _lines(xs, box, chars)
    first = [line for line in lines if line.column == 1]
    ys = [y for y in _between(lines) if any(y < line.top for line in first)]
    bands = list(itertools.pairwise([box.y0, *ys, box.y1]))
    led = all(sum(1 for line in first if a < line.bottom and line.top < b) == 1 for a, b in bands)
    full = all(len({line.column for line in lines if a < line.bottom and line.top < b}) > 1 for a, b in bands)
    return [*hs, *(Rule(y, box.x0, box.x1) for y in ys)] if ys and led and full else hs


def upright_groups(vs: Sequence[Rule], used: Sequence[Box]) -> list[list[Rule]]:
    """Vertical rules that stand beside one another, of tables that have no other rule."""
    left = sorted(
        (v for v in vs if not any(b.holds(v.at, (v.start + v.end) / 2, GRID.used) for b in used)), key=lambda v: v.start
    )
    if not 1 < len(left) <= VERTICAL.most or sum(1 for v in left if v.end - v.start > VERTICAL.tall) <= 1:
        return []
    found: list[list[Rule]] = []
    end = 0.0
    for rule in left:
        if found and rule.start < end + RULES.snap_y:
            found[-1].append(rule)
        else:
            found.append([rule])
        end = max(end, rule.end) if len(found[-1]) > 1 else rule.end
    return [
        g
        for g in found
        if len({round(v.at / RULES.snap_x) for v in g}) > 1 and any(v.end - v.start > VERTICAL.tall for v in g)
    ]


def _lines(xs: list[float], box: Box, chars: Sequence[Char]) -> list[_Line]:
    columns: dict[int, list[Char]] = defaultdict(list)
    for char in chars:
        if not char.angle and box.y0 < char.level < box.y1:
            columns[bisect_right(xs, char.middle)].append(char)
    found: list[_Line] = []
    for column, own in columns.items():
        width = xs[column] - xs[column - 1] if 0 < column < len(xs) else box.width
        lines = to_lines(own)
        downwards = len(lines) > 1 and all(len(line.text) == 1 and is_wide(line.text) for line in lines)
        for line in lines:
            if downwards or width < VERTICAL.narrow * line.size:
                continue  # a label written downwards, beside many rows
            top, bottom = line.base - VERTICAL.line_top * line.size, line.base + VERTICAL.line_bottom * line.size
            length = line.x1 - line.x0
            first = first_word(line) + VERTICAL.first_room * line.size
            found.append(_Line(top, bottom, column, width - length, first, length / line.size))
    return sorted(found)


def _between(lines: list[_Line]) -> list[float]:
    """Where rows end: where the cells of several columns, or of the first, end and others begin. A cell goes on where its line has
    no room left for the next one's first word; between rows there is more space than between the lines of a cell. A label in two
    lines (企业 / 简介) beside a text that goes on is one row."""
    groups: list[list[_Line]] = []
    end = float("-inf")
    for line in lines:
        if line.top >= end:
            groups.append([])
        groups[-1].append(line)
        end = max(end, line.bottom)
    first = min((line.column for line in lines), default=0)
    pairs = [_pairs(above, below) for above, below in itertools.pairwise(groups)]
    within = min((b.top - a.bottom for both in pairs for a, b in both if a.room < b.first), default=0.0)
    found: list[float] = []
    for (above, below), both in zip(itertools.pairwise(groups), pairs, strict=True):
        start, stop = max(line.bottom for line in above), min(line.top for line in below)
        ended = sum(1 for a, b in both if a.room >= b.first)
        lead = any(a.column == first and a.room >= b.first for a, b in both)
        several = len({line.column for line in above}) > 1 and len({line.column for line in below}) > 1
        wide = stop - start > within + VERTICAL.wider * (above[0].bottom - above[0].top)
        label = any(a.column == first and max(a.ems, b.ems) < VERTICAL.label for a, b in both)
        enough = 2 * ended > len(both) or (2 * ended == len(both) and (wide or not label))
        if (lead or several) and enough:
            found.append((start + stop) / 2)
    return found


def _pairs(above: list[_Line], below: list[_Line]) -> list[tuple[_Line, _Line]]:
    """The last line of each column above a space, and the first below."""
    last = {line.column: line for line in above}
    begin = {line.column: line for line in reversed(below)}
    return [(line, begin[column]) for column, line in last.items() if column in begin]
