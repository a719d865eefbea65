"""The tolerances of what a page break cuts: paragraphs, tables, rows. As in :mod:`extractors.page.settings`."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.page.settings import Settings


@dataclass(frozen=True, slots=True)
class PageBreakSettings(Settings):
    """What a page break cut. In ems unless said otherwise."""

    stamp: int = 40
    """Characters of a text stamped in a page's margin (a count), at most."""
    paper: int = 10
    """Sizes of pages that differ by less are one, in points."""
    left_margin: int = 2
    """Lines that begin this near to one another (in points) begin at the margin."""
    short_share: float = 0.7
    """Share of the page's width that the longest line reaches where all are short ..."""
    few_full: int = 4
    """... or fewer lines than this (a count) are full and ..."""
    few_share: float = 0.8
    """... reach less of it than this."""
    above_table: float = 0.3
    """A line counts as standing above a table by its height less this."""
    note_space: int = 12
    """Space above the rule of footnotes, in points."""
    other_size: float = 0.12
    """By how much the sizes of a paragraph's parts differ, at most."""
    indent: float = 1.2
    """A part that begins further in than this is a paragraph of its own."""
    misjudged_room: float = 0.6
    """By how much the room at a line's end may be misjudged."""
    stamps: int = 3
    """Items at the top of a page (a count) among which its table is looked for."""
    heading_lines: int = 2
    """Lines of a heading (a count), at most ..."""
    heading_length: int = 60
    """... and its characters."""
    heading_size: float = 1.12
    """A heading's letters are so many times as large as the body's."""
    body_size: float = 12.0
    """The size of the body's letters where a document has none, in points."""


@dataclass(frozen=True, slots=True)
class ContinuedSettings(Settings):
    """Tables on either side of a page break. In points unless said otherwise."""

    edge: float = 4.0
    """Edges of two parts of one table differ by at most this."""
    room: float = 2.6
    """Ems beneath a text in its cell from which nothing of it was moved to the next page."""
    prose: int = 25
    """Texts of fewer characters (a count), in one line or two, may be names ..."""
    names: int = 3
    """... of fewer lines than this (a count)."""
    spare: int = 40
    """Room below a table, beyond the height of the next row, from which the page's end did not move it."""
    wide_share: float = 0.04
    """By which share the widths of two scanned pages' tables differ, at most: pages are photographed from near and far."""
    above_page: int = 1
    """A row that begins further above the page's edge is drawn on both pages."""
    kind: int = 4
    """Characters of a label (a count), at least, by which two tables are of one kind."""
    head_rows: int = 5
    """Rows of a head (a count), at most."""
    alike_least: int = 40
    """Likeness (of 100) of two readings of a head's cell, at least ..."""
    alike_mean: int = 85
    """... and in the mean."""
    head_again: int = 3
    """Cells of a head (a count), at least, that stand in the next page's again ..."""
    head_share: float = 0.5
    """... and more than this share of those there, where one of the pages lost a column."""
    blank_row: int = 10
    """A blank row that is lower is the rest of a cut one."""
    ended: int = 2
    """Cells (a count) with text above and none below that speak for one."""
    named_share: float = 0.6
    """Share of a first column's cells that have text, where its rows are named."""
    midway: int = 8
    """Width of a cell in ems from which a text that stops in the midst of a sentence is cut ..."""
    midway_full: int = 15
    """... and where not every cell above is full."""
    group_rows: int = 3
    """Cells of a first column (a count) without a blank one, from which a blank one is the rest of a merged cell."""


@dataclass(frozen=True, slots=True)
class CutRowSettings(Settings):
    """The odds that a page break cut a row. Weighed on the made documents of the tests; no count of real files is
    recorded."""

    sure: float = 100.0
    """Odds from which a row counts as cut, with certainty ..."""
    likely: float = 3.5
    """... and with less."""
    doubt: float = 0.2
    """Odds from which a row is kept apart, but not with full confidence."""
    blanks: float = 8.0
    """Blank cells come together in a row that no one filled in: they count for no more than this."""
    prior: float = 0.5
    """The odds before anything is looked at."""
    flush: float = 0.3
    """Lines that begin this near to one another, in ems, are flush."""
    near_border: float = 2.5
    """A line that begins this near to its cell's border, in ems, is not centred."""
    blank_half: float = 0.5
    """What a cell that is blank on one side counts for, over how often its column is blank ..."""
    blank_above: float = 0.3
    """... times this where it is blank above ..."""
    blank_most: float = 4.0
    """... and no more than this."""
    room_ended: float = 0.15
    """Room left and a sentence ended: how likely in a cut row ..."""
    room_midway: float = 0.04
    """... and with no sentence ended."""
    figure: float = 0.2
    """A figure by itself beneath a text of one line that ends in no digit: how likely they are one cell."""
    full_most_share: float = 0.8
    """How likely a text ends at a full line by chance, at most."""
    cut_at_end_share: float = 0.15
    """How likely a page ends where a sentence does ..."""
    cut_at_bracket_share: float = 0.02
    """... and where a remark in brackets closes, which is seldom."""
    full_share: float = 0.85
    """How likely a cut text's last line is full; and stops midway."""
    slack: float = 0.6
    """By how much the room at a line's end may be misjudged, in ems."""
    broken: float = 1.6
    """Room from which a line was ended by hand, in ems ..."""
    broken_share: float = 0.8
    """... and what it counts for."""
    blank_seen: float = 0.4
    """Blank cells assumed before any is seen ..."""
    seen: int = 3
    """... among so many."""
    full_seen: int = 4
    """Cells whose width is taken as evidence, beside those seen."""


BREAKS = PageBreakSettings()
CONTINUED = ContinuedSettings()
CUT = CutRowSettings()
