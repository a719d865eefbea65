"""The tolerances of a page: how characters become lines, lines paragraphs, and rules and characters cells.

Those of tables stand in :mod:`extractors.page.table_settings`. Where a measurement or a program's habit chose a
value, it stands beside it; the others were set so that the layouts in the tests are read, and say what they tell
apart.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Tolerances of one stage; raises :class:`ValueError` for what cannot be one: no number, bounds out of order, a share over 1."""

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            bounds = value if isinstance(value, tuple) else (value,)
            if not all(math.isfinite(v) for v in bounds) or list(bounds) != sorted(bounds):
                raise ValueError(f"{field.name}: {value}")
            if bounds[0] < 0 and len(bounds) == 1:
                raise ValueError(f"{field.name}: {value} is below 0")
            if field.name.endswith("share") and bounds[-1] > 1:
                raise ValueError(f"{field.name}: {value} is no share")


@dataclass(frozen=True, slots=True)
class RuleSettings(Settings):
    """Rules and boxes as they are drawn. In points."""

    thin: float = 3.0
    """Thickness of a filled strip that is a rule, at most: Word's thickest border of a form is 3 points."""
    snap_x: float = 4.0
    """Vertical rules nearer than this are one: double rules, spaced cells, borders dragged a little out of line."""
    snap_y: float = 3.5
    """The same for horizontal rules."""
    box_side: tuple[float, float] = (4.5, 20.0)
    """Sides of a drawn box that a person ticks."""


@dataclass(frozen=True, slots=True)
class SegmentSettings(Settings):
    """What is one text and what are two, on one line. In ems."""

    same_line: float = 0.3
    """Baselines nearer than this are those of one line."""
    number_length: int = 3
    """Figures of a row's number (a count), at most."""
    word_gap: float = 0.35
    """Characters nearer than this are one text: no wall runs between them."""
    wall_gap: float = 0.15
    """Where a column is known to end, texts of two cells may be as near as this ..."""
    wall_slack: float = 0.5
    """... or end or begin this little beyond its end, in points."""
    wall_begins: float = 3.5
    """A text begins with its column where it does so within this of the wall, in points."""
    column_gap: float = 1.2
    """A gap from which texts stand in columns, where no colon, box or bracket explains it."""
    option_gap: float = 8.0
    """Options of a choice are at most this far apart."""
    spread_gap: float = 0.2
    """Letters of a word set to a width are further apart than this; running text's touch."""
    spread_even: float = 0.2
    """By how much their distances differ at most: programs round each to a twentieth of a point."""
    spread_least: int = 3
    """Letters of such a word, its colon one of them, at least; one more where no colon ends it."""


@dataclass(frozen=True, slots=True)
class LineSettings(Settings):
    """Characters → lines. In ems unless said otherwise."""

    shared_height: float = 0.52
    """Share of the lower one's height that a character shares with the line it stands in."""
    larger: float = 1.15
    """A character so many times as high as its line gives the line its height."""
    small: float = 0.8
    """Share of the line's size below which a character is small: the mark of a footnote, a unit's exponent."""
    bold_share: float = 0.8
    """Share of a line's characters that are bold in a bold line."""
    raised: float = 0.12
    """How far above the baseline the mark of a footnote stands."""
    before_exponent: int = 4
    """So many characters in front of raised digits tell whether they are an exponent."""
    half_inked: float = 0.5
    """How far the ink of a full stop or a closing bracket reaches into its square."""
    overlap: float = 0.4
    """Characters that cover more of one another are two texts set over each other."""
    other_size_share: float = 0.3
    """By what share of the larger the sizes of two texts set over each other differ."""
    tab_gap: float = 3.0
    """A gap that parts two pieces of text: label and value, columns without rules."""
    typed_blank: float = 0.08
    """Width of a blank that is in the file, from which it is one."""
    wide_blank: float = 0.17
    """Gap between Chinese characters, beyond their usual spacing, that stands for a blank: some programs leave it out
    and move on."""
    mixed_blank: float = 0.4
    """The same between a Chinese and a Latin character, where programs set a quarter of an em of their own."""
    latin_blank: float = 0.2
    """The same between Latin characters."""
    even_gaps: float = 0.06
    """Gaps in a short text that differ by less are those of letters set apart ..."""
    letter_gap: float = 0.45
    """... where they are no wider than this."""
    many_gaps: int = 3
    """More gaps than this (a count) have a usual width."""
    downward_least: int = 4
    """Characters of a text written downwards, at least."""
    same_level: float = 0.3
    """Characters nearer in height stand side by side."""
    step_up: float = 0.5
    """A step to the head of the next column of a text written downwards is higher."""
    beneath_aside: float = 0.2
    """A character beneath another stands no further to its side."""
    beneath: tuple[float, float] = (0.5, 1.8)
    """How far beneath it stands."""
    column_apart: float = 0.6
    """Columns of a text written downwards are further apart."""
    ordered_share: float = 0.9
    """Share of such a text's steps that go down, up or across in order."""
    downward_share: float = 0.6
    """Share of them that go down, at least."""
    across_share: float = 0.2
    """Share of them that go across (letters and digits side by side in a column), at most."""
    line_end: float = 0.3
    """Less room at a line's end than this counts as a full line."""
    narrow_cell: int = 3
    """A word that fills its line is cut in a cell narrower than itself from this many characters (a count) on."""
    long_word: int = 12
    """Characters of a number or an address that is broken within a word, more than (a count)."""


@dataclass(frozen=True, slots=True)
class ParagraphSettings(Settings):
    """Lines → paragraphs. In ems of the line unless said otherwise."""

    misjudged_room: float = 0.35
    """By how much the room at a line's end may be misjudged."""
    figure_room: float = 1.1
    """The same at the end of the first half of a figure that a narrow cell cut in two."""
    set_over: float = 0.6
    """Lines nearer than this are two texts set over each other."""
    sure_length: int = 60
    """Texts of up to so many characters have to be right in every one; in longer ones a slip does not change what is
    said ..."""
    slip: int = 50
    """... where it is one in so many."""
    next_line: float = 0.5
    """Lines nearer than this stand beside one another and tell no distance of lines."""
    bracket: int = 12
    """Characters (a count) within which an open bracket goes on in the next line, and closes there."""
    begins_right: float = 0.5
    """A line that begins beyond this share of the width is set to the right (a date, a signature) and does not run on."""
    long_share: float = 0.6
    """Share of the text's width that a label and its value fill where the value goes on in the next line."""
    value_step: float = 3.2
    """Distance of the lines of such a value, at most ..."""
    label_step: float = 2.2
    """... and where it goes on below its label."""
    value_size: float = 0.1
    """By how much their sizes differ, at most."""
    below_value: float = 0.5
    """The next line begins this near to where the value does ..."""
    value_indent: int = 3
    """... which is so far behind the label."""
    block_end: float = 0.3
    """The longest line of a block may end so much before the others."""
    centred: float = 0.6
    """Middles of centred lines lie this near to the middle of the text."""
    uneven: float = 0.3
    """Centred lines begin further apart than this."""
    one_row: float = 0.3
    """Lines nearer in height than this are parts of one row."""
    other_size: float = 0.12
    """Paragraphs of running text differ more in size than this."""
    wide_step: float = 1.4
    """A step so many times the usual one parts paragraphs ..."""
    least_step: float = 1.3
    """... where it is at least this."""
    indent: float = 1.4
    """A line that begins so far in begins a paragraph: two ems are usual."""
    hanging: float = 0.5
    """Not where the line before begins as far in."""


@dataclass(frozen=True, slots=True)
class CellSettings(Settings):
    """Characters → cells. In ems unless said otherwise."""

    padding: tuple[float, float] = (0.0, 20.0)
    """Bounds of the space between a cell's border and its text, in points."""
    usual_padding: float = 3.0
    """That space where a table has no text, in points."""
    stray: int = 2
    """Characters outside every cell (a count) that are no reason to doubt a grid ..."""
    stray_share: float = 0.01
    """... as is this share of the page's."""
    picture: int = 12
    """Width of what counts as a picture in a cell, in points: less is a sign of the text."""
    edge: float = 0.6
    """Text that ends so near to the right edge of the field it was typed in may be cut off."""
    over_edge_level: float = 0.1
    """Baselines of a text that runs over its table's edge differ by less."""
    over_edge_gap: float = 0.15
    """Gaps within it are smaller."""
    follows_level: float = 0.3
    """Baselines of characters that stand right behind one another differ by less."""
    follows_gap: tuple[float, float] = (-0.5, 0.15)
    """Bounds of the gap between them."""
    cut_above: float = 0.55
    """A border less far above a baseline runs through the line: its letters reach up 0.8 ..."""
    cut_below: float = 0.1
    """... as does one so far above the baseline."""
    room_share: float = 0.5
    """A text that ends nearer to its cell's right border than this share of the usual space runs into it ..."""
    least_padding: float = 2.5
    """... where that space is at least this, in points."""
    over_wall: float = 0.35
    """Letters in two cells nearer than this are of one text."""
    several_lines: int = 1
    """A text of more lines (a count) may be higher than its row ..."""
    room_of_lines: int = 3
    """... and run into one where lines are this far apart ..."""
    same_pitch: float = 0.04
    """... with the distance of its own lines, but for this share."""
    off_page: int = 1
    """A table drawn whole on both pages of a break reaches so far beyond the page, in points."""


@dataclass(frozen=True, slots=True)
class StruckSettings(Settings):
    """Text that was struck out. In ems."""

    height: tuple[float, float] = (0.15, 0.5)
    """Where the rule lies above the baseline: underlines and borders do not."""
    end: float = 0.3
    """How near its ends lie to the first and the last character."""


@dataclass(frozen=True, slots=True)
class MarginSettings(Settings):
    """Running headers, page numbers, footnotes. In points unless said otherwise."""

    header: float = 68.0
    """Baselines of a running header lie within this from the page's top: Word's default is some 50."""
    footer_share: float = 0.90
    """Share of the page's height below which footers stand."""
    long: int = 8
    """Characters of a running header (a count), at least, where only its digits or its place tell."""
    beside_table: int = 2
    """How far a header or footer may reach into a table's edge."""
    place: int = 3
    """Lines that stand in the same place on several pages do so within this."""
    paper: int = 10
    """Sizes of pages that differ by less are one."""
    seldom_share: float = 0.3
    """Share of the pages on which a header or footer stands, at least ..."""
    seldom: int = 2
    """... and on so many (a count)."""
    numbered_share: float = 0.6
    """Share of the pages of one size that carry their number in one place ..."""
    counted: int = 3
    """... or so many pages (a count) whose numbers count on."""
    top_share: float = 0.2
    """Share of the pages that begin with the same line in one place ..."""
    tops: int = 3
    """... and so many (a count)."""
    head_gap: float = 0.6
    """The head of a table has gaps between its columns of so many ems ..."""
    head_gaps: int = 3
    """... and so many of them (a count); a header is parted in three at most."""
    head_step: float = 3.0
    """Its lines are at most this many ems apart."""
    outermost: int = 2
    """A page's number stands this near to the outermost line of its margin."""
    note_rule: int = 40
    """Length of the rule above footnotes, at least ..."""
    note_rule_share: float = 0.5
    """... and at most, as a share of the page's width."""
    note_foot_share: float = 0.3
    """Share of the page's height above which no such rule stands."""
    underline: float = 0.35
    """A rule no further beneath a line's baseline, in ems, underlines it."""
    note_size: float = 0.85
    """Size of footnotes, as a share of the body's, where they do not begin with a mark ..."""
    marked_note_size: float = 0.97
    """... and where they do."""


@dataclass(frozen=True, slots=True)
class TwoUpSettings(Settings):
    """Two pages side by side on one sheet."""

    wider: float = 1.2
    """A sheet with two upright pages is so many times as wide as high."""
    middle: tuple[float, float] = (0.44, 0.56)
    """Shares of the sheet's width between which its fold lies."""
    gutter: float = 2.0
    """Width of the blank strip along the fold, at least, in ems."""
    least_chars: int = 20
    """Characters on either page (a count)."""
    full_share: float = 0.5
    """A line or rule of a page reaches over this share of its width: what is less on both sides are labels and their
    values."""
    same_width: int = 2
    """Pages of sheets on end differ by less, in points."""


RULES = RuleSettings()
SEGMENTS = SegmentSettings()
LINES = LineSettings()
PARAGRAPHS = ParagraphSettings()
CELLS = CellSettings()
STRUCK = StruckSettings()
MARGINS = MarginSettings()
TWO_UP = TwoUpSettings()
