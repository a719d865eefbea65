"""Whether a page break cut a row in two, where no rule tells: the odds by what stands above and below the break.

A cut row stops where a line is full and goes on below; cells that were shorter are blank below. A new row begins with a text in
most cells, and only by chance does the row above end where its lines are full.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.page.break_settings import CUT
from extractors.page.content import PageTable
from extractors.page.lines import Line, first_word
from extractors.page.text import Text

_FIGURE = re.compile(r"\s*+[-+]?[\d.,，]++\s*+(?:(?:%|％|[亿億万]?元|家)\s*+)?(?:。\s*+)?")
_SPREAD = re.compile(r"(?:\S\s)+\S")
"""A text of one line the letters of which were set apart to fill its cell."""
_ENDS = "。；！？.;!?"


def odds_of_cut(first: PageTable, second: PageTable, pairs: Sequence[tuple[int, int]]) -> float:
    """The odds that the cells ``pairs`` (of the last row above, of the first row below) are one row."""
    lead = first.table.cells[pairs[0][0]].text, second.table.cells[pairs[0][1]].text
    if all(lead) and any(text.isdigit() for text in lead):
        return 0.0  # numbered rows
    if not any(first.table.cells[a].text for a, _ in pairs):
        return 0.0  # a row no one filled in
    if any(
        len(first.table.cells[a].text) > 1 and first.table.cells[a].text == second.table.cells[b].text for a, b in pairs
    ):
        return 0.0  # the same name again
    odds, blanks = CUT.prior, 1.0
    for a, b in pairs:
        ratio = _ratio(first, second, a, b)
        if first.table.cells[a].text and second.table.cells[b].text:
            odds *= ratio
        else:
            blanks *= ratio
    return odds * min(blanks, CUT.blanks)


def begins_with_head(first: PageTable, second: PageTable) -> bool:
    """Whether the texts of the first row below are those of the head with more behind: no rule parts it from the head printed again."""
    one, other = ([c for c in t.table.cells if c.row == 1] for t in (first, second))
    if len(one) != len(other):
        return False
    said = [("".join(a.text.split()), "".join(b.text.split())) for a, b in zip(one, other, strict=True) if a.text]
    return len(said) > 1 and all(b.startswith(a) for a, b in said) and any(a != b for a, b in said)


def spread_labels(table: PageTable, numbers: Sequence[int]) -> bool:
    """Whether the cells ``numbers`` hold labels set apart to fill their cells, which end there, and nothing else: of texts set flush
    on both sides only some are lines of so few letters."""
    shown = [table.texts[n] for n in numbers if table.table.cells[n].text]
    return len(shown) > 1 and all(len(t.lines) == 1 and _SPREAD.fullmatch(t.lines[0].text) for t in shown)


def room_left(table: PageTable, number: int) -> float:
    """The room right of a cell's last line, in points."""
    lines = table.texts[number].lines
    last, box = lines[-1], table.boxes[number]
    flush = min(line.x0 for line in lines)
    if last.x0 - flush < CUT.flush * last.size and last.x0 - box.x0 < table.padding + CUT.near_border * last.size:
        return box.x1 - table.padding - last.x1
    return (box.width - 2 * table.padding) - (last.x1 - last.x0)


def _ratio(first: PageTable, second: PageTable, a: int, b: int) -> float:
    above, below = first.table.cells[a], second.table.cells[b]
    column = _Column(first, a)
    if not above.text or not below.text:
        ratio = CUT.blank_half / column.blank
        if below.text:  # a text in the middle of its cell's height, or all of it moved to the next page
            ratio *= CUT.blank_above
        return min(ratio, CUT.blank_most)
    if not first.texts[a].lines or not second.texts[b].lines:
        return 1.0
    chance = column.chance_of_full(second.texts[b])
    if room_left(first, a) > needed(first.texts[a].lines[-1], second.texts[b]):
        by_chance = CUT.room_ended / (1 - min(chance, CUT.full_most_share))
        return max(by_chance if _ended(above.text) else CUT.room_midway, column.broken)
    if _FIGURE.fullmatch(below.text) and len(first.texts[a].lines) == 1 and not above.text[-1].isdigit():
        return min(CUT.figure, CUT.full_share / chance)  # 2020年 | 4413.5: a figure by itself goes on with no word
    ended = column.ended
    # A remark in brackets seldom closes just where a page ends.
    cut_here = CUT.cut_at_end_share if above.text[-1] in _ENDS else CUT.cut_at_bracket_share
    midway = cut_here / ended if _ended(above.text) else CUT.full_share / (1 - ended)
    return CUT.full_share / chance * midway


def _ended(text: str) -> bool:
    """True for a text that ends as sentences and remarks in brackets do."""
    return text[-1] in _ENDS or (
        text[-1] in "）)" and text.count("（") + text.count("(") == text.count("）") + text.count(")")
    )


def needed(last: Line, rest: Text) -> float:
    """The room that ``rest`` would have needed at the end of the line ``last``, in points, with some slack."""
    return first_word(rest.lines[0]) + CUT.slack * last.size


class _Column:
    """What is usual in the column of a cell: how many are blank, how many end with a sentence, how many are full."""

    def __init__(self, table: PageTable, number: int) -> None:
        cell = table.table.cells[number]
        self.table, self.number = table, number
        self.others = [
            i
            for i, c in enumerate(table.table.cells)
            if i != number
            and c.row > table.table.header_rows
            and (c.column, c.column_span) == (cell.column, cell.column_span)
        ]
        self.shown = [i for i in self.others if table.table.cells[i].text and table.texts[i].lines]

    @property
    def blank(self) -> float:
        return (len(self.others) - len(self.shown) + CUT.blank_seen) / (len(self.others) + CUT.seen)

    @property
    def ended(self) -> float:
        count = sum(1 for i in self.shown if _ended(self.table.table.cells[i].text))
        return (count + 1) / (len(self.shown) + 2)

    @property
    def broken(self) -> float:
        """How many lines within a text end before the cell's width does, where most do: labels broken by hand."""
        inner = [(i, line) for i in self.shown for line in self.table.texts[i].lines[:-1]]
        short = sum(
            1 for i, line in inner if self.table.boxes[i].x1 - self.table.padding - line.x1 > CUT.broken * line.size
        )
        return CUT.broken_share * short / (len(inner) + 2) if 2 * short > len(inner) else 0.0

    def chance_of_full(self, rest: Text) -> float:
        """How likely a text of this column ends where its line has no room for the first word of ``rest``."""
        box = self.table.boxes[self.number]
        size = rest.lines[0].size
        by_width = min(
            1.0, (first_word(rest.lines[0]) + CUT.slack * size) / max(size, box.width - 2 * self.table.padding)
        )
        full = sum(1 for i in self.shown if room_left(self.table, i) <= needed(self.table.texts[i].lines[-1], rest))
        return (full + CUT.full_seen * by_width) / (len(self.shown) + CUT.full_seen)
