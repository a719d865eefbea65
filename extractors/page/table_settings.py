"""The tolerances of tables: how rules, areas and texts become grids, and what runs on over a page break.

As in :mod:`extractors.page.settings`: where a measurement or a program's habit chose a value, it stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.page.settings import Settings


@dataclass(frozen=True, slots=True)
class GridSettings(Settings):
    """Rules → grids. In points unless said otherwise."""

    cluster: float = 1.5
    """Lines of a grid are put together over no more than so many times the distance at which rules are one."""
    cover_share: float = 0.55
    """Share of a field's side along which a rule must run to part it from its neighbour."""
    max_fields: int = 120_000
    """Fields of one grid (a count): more is a drawing."""
    width: int = 15
    """A table is at least this wide ..."""
    height: int = 6
    """... and this high; a part of one that a heading cuts off as well."""
    touch: float = 2.5
    """Rules that come this near to one another meet: producers leave out the corner, or draw it twice."""
    dash_gap: float = 3.6
    """Pieces of a dashed rule are at most this far apart ..."""
    dot: int = 5
    """... and where both are shorter than this ..."""
    dot_gap: float = 6.5
    """... this far."""
    shortest: int = 2
    """A rule is longer than this."""
    side: int = 4
    """The part of a rule between others that is a side of a cell is longer than this."""
    stub: int = 3
    """What is left of a rule that is cut is dropped unless it is longer than this."""
    beyond: int = 6
    """A rule that runs further beyond the last one across shows a table open at that side ..."""
    open_share: float = 0.6
    """... where more than this share of the rules there do."""
    double: int = 2
    """Rules in one line lie within so many times the distance at which pieces are one."""
    rules: int = 3
    """A table has more rules than this, or as many (a count)."""
    grounds: int = 4
    """A table told by the grounds of its cells has as many of them (a count), or more."""
    page_border: int = 45
    """A frame this near to all edges of the page is its decoration."""
    same_sides: int = 5
    """Sides of two grids in one place differ by less ..."""
    same_middle: int = 3
    """... and the middle of one is no further out of the other."""
    nested: float = 1.5
    """A grid in a cell of another may reach out of it by this."""
    heap_step: float = 2.6
    """Lines so many ems apart in a table of one row are rows that nothing parts."""
    used: int = 3
    """What lies no further out of a grid belongs to it."""


@dataclass(frozen=True, slots=True)
class StraySettings(Settings):
    """Rules that are no borders. In ems of the text unless said otherwise."""

    at_edge: float = 1.5
    """Text this near to a table's left rule is no text of a cell, in points."""
    many: int = 3
    """No border runs through so many lines of text in one place (a count)."""
    seam: float = 0.12
    """Where two texts touch, a rule within this of their seam parts them."""
    level: float = 0.1
    """Baselines of the characters of one piece differ by less."""
    overlap: float = 0.3
    """They overlap by less."""
    gap: float = 0.15
    """The gap between characters of one text object that are one piece is smaller ..."""
    gap_between: float = 0.06
    """... and that between characters of two."""


@dataclass(frozen=True, slots=True)
class FrameSettings(Settings):
    """Tables drawn inside a frame."""

    margin: float = 11.0
    """The margin between a frame and the table in it is at most this wide, in points: no column for text is ..."""
    margin_ems: float = 1.05
    """... nor narrower than this in ems, on a page that was made smaller."""
    columns: int = 3
    """A grid with a table in a frame has at least so many columns, its margins among them."""
    shortest: int = 3
    """A rule within a frame is longer than this, in points."""


@dataclass(frozen=True, slots=True)
class TickBoxSettings(Settings):
    """Small drawn squares. In points unless said otherwise."""

    exact: float = 0.6
    """The sides of a drawn square meet this exactly."""
    clear: float = 0.8
    """Rules of a table stay at least this far away from a box in one of its cells; the rules of a square cell do not."""
    most: int = 3000
    """More rules as short as sides of boxes (a count) are a drawing."""
    uneven_share: float = 0.25
    """By which share of the longer the sides of a square differ, at most."""
    tick_share: float = 0.25
    """A tick is longer than this share of its box's side, and a smaller square that ticks it wider ..."""
    filled_share: float = 0.9
    """... but not as wide as this."""
    pattern: int = 3
    """So many boxes with no word between them are a rating or a drawing: no form prints three boxes for one option ..."""
    pattern_gap: float = 1.0
    """... no further apart than this many of their sides; those in cells of their own are ..."""
    pattern_level: float = 0.3
    """... and no more sides out of line."""
    word: float = 2.5
    """Within so many sides of a box stands its option's word."""
    word_near: float = 4.0
    """A box with no word within so many sides is none, unless it has a cell of its own."""
    crossed: int = 2
    """A ring with so many strokes through it (a count) is a sign."""
    by_hand: float = 0.7
    """A stroke's middle lies within this many ems of the middle of the typed box that it ticks."""
    stroke: tuple[float, float] = (0.35, 3.0)
    """Length of such a stroke, in ems."""


@dataclass(frozen=True, slots=True)
class BorderShapeSettings(Settings):
    """Borders drawn as shapes: round frames, white cells on a dark ground. In points unless said otherwise."""

    near: float = 5.0
    """Cells with frames of their own are at most this far apart."""
    shared_share: float = 0.5
    """Share of the shorter side along which two cells lie beside one another."""
    most: int = 2000
    """More round frames (a count) are a drawing."""
    cell: int = 6
    """White areas that are cells are wider and higher than this."""
    inside: float = 0.5
    """How far a white cell may reach out of its dark ground ..."""
    over: float = 12.0
    """... and at the right, where the gaps between columns add up."""
    white_share: float = 0.6
    """Share of a dark ground that its white cells cover, at least."""
    edge: int = 3
    """Rules that come this near to a frame's side end at it."""
    twice: int = 2
    """One frame drawn twice differs by less."""
    overlap: int = 3
    """Frames beside one another overlap by less."""


@dataclass(frozen=True, slots=True)
class UnderlineSettings(Settings):
    """Rules that underline words."""

    below: float = 0.35
    """Such a rule is nearer beneath a baseline, in ems"""
    most: float = 12.0
    """and in points;"""
    flush: float = 1.2
    """it begins, or ends, with its line but for so many points,"""
    running: float = 0.6
    """or ends in the midst of a text: letters nearer than this, in ems, are of one."""


@dataclass(frozen=True, slots=True)
class HorizontalRuleSettings(Settings):
    """Tables without vertical rules. In points unless said otherwise."""

    edge: float = 4.0
    """Rules of one table begin and end within this of one another."""
    shortest: float = 120.0
    """A table is at least this wide."""
    column_gap: float = 1.2
    """A gap of this many ems within a line shows where a column ends, where the rules do not tell."""
    bands: int = 2
    """Grounds of whole rows (a count), at least."""
    most_grounds: int = 800
    """More coloured areas on a page (a count) are a picture."""
    near: float = 7.0
    """Grounds of cells are at most this far apart: white gaps, set by the program, of up to some five points."""
    head_share: float = 0.1
    """Share of the page's height above which headers stand ..."""
    foot_share: float = 0.9
    """... and below which footers do."""
    rules: int = 3
    """Rules of one table (a count), at least."""
    piece: int = 3
    """A piece of a rule is longer than this."""
    heading: float = 1.2
    """A text so many times as large as those of rows is the heading of another table."""
    around: int = 200
    """How far beside a table's rules texts between them are looked for."""
    low_share: float = 0.8
    """A row without text is at least this share as high as the lowest row with text ..."""
    high: int = 30
    """... and lower than this."""
    outside: int = 2
    """Text that begins further out of the rules stands in no cell."""
    padding: int = 2
    """Space between a cell's border and its text, at least, where it tells anything ..."""
    padding_most: int = 12
    """... and at most."""
    flush_share: float = 0.4
    """Text that begins at less than this share of that space stands in no cell."""
    same_level: float = 1.5
    """Pieces of one rule differ in height by less."""
    same_end: int = 2
    """Columns of several rules end within this of one another ..."""
    column_ends: int = 3
    """... in so many pieces (a count), at least."""
    low_on_page_share: float = 0.75
    """Share of the page's height below which a row is that a page break cuts."""
    line_step: float = 2.2
    """Lines of one row are at most this many ems apart."""
    begins: float = 1.5
    """Texts that begin in one column do so within this."""
    row_lines: int = 12
    """Lines of a row without a rule above it (a count), at most."""
    cut_lines: int = 40
    """Lines of a row that a page break cut (a count), fewer than, where no columns are known."""
    wall_room: float = 0.4
    """A wall stands at most this many ems before the text behind it ..."""
    wall_before: float = 0.2
    """... or this many before a text within the gap ..."""
    gap_before: float = 0.3
    """... which begins so many ems behind the gap's start."""
    wall_slack: float = 0.5
    """A text this little over a wall is not cut by it."""
    wall_near: int = 8
    """Columns that follow from gaps stand further from those that follow from rules."""
    apart: float = 0.25
    """Texts of one row on two levels are further apart than this many ems, across and down."""
    page_ground: int = 250_000
    """Area of what is the page's own ground, in square points."""
    held_areas: int = 2
    """An area that others lie upon (a count) is their ground, no cell's."""
    larger: float = 1.2
    """It is so many times as large as they are."""
    covers: int = 1
    """How far an area may reach out of its ground."""
    row_between: float = 2.5
    """Areas over one another with a row between them are less far apart than so many times the lower one's height ..."""
    beside_share: float = 0.5
    """... and a higher row has several texts on this share of its lines."""
    beside: float = 0.9
    """Texts beside one another in a row are at most this many ems apart in height: those of cells set in their middle."""
    rest_columns: int = 4
    """Lines of the grid (a count) of a table whose rows on the next page may all be white, at least."""
    same_em: float = 0.08
    """Letters of one table differ in size by less than this share."""
    row_reach: int = 300
    """How far to the right text of such a row is looked for."""
    widened: int = 3
    """A last column without a ground ends this far behind its text."""
    narrow: int = 3
    """No column is narrower than this."""
    over_wall: float = 0.3
    """A text that runs further over a wall, in ems, shows that there is none."""
    begin_share: float = 0.7
    """Share of the texts that begin at the left of their cells, where the texts of a table do so."""
    no_size: float = 10.0
    """The em where there is no text to tell it."""


@dataclass(frozen=True, slots=True)
class VerticalRuleSettings(Settings):
    """Tables with vertical rules alone. In ems unless said otherwise."""

    wider: float = 0.5
    """Space between rows is wide where it exceeds that between the lines of a cell by this."""
    full_rows: int = 2
    """Rows (a count) with text in several columns, at least ..."""
    full_share: float = 0.6
    """... and their share of all rows, and that of rows that begin in the first columns."""
    first_columns: int = 2
    """How many columns (a count) the first ones are."""
    narrow: float = 2.3
    """A column that is narrower holds a label written downwards, beside many rows."""
    label: float = 4.6
    """A label set in two lines has shorter lines."""
    tall: float = 24.0
    """Vertical rules of a table without any other are at least this long, in points."""
    most: int = 400
    """More vertical rules (a count) are a drawing."""
    columns: int = 3
    """Lines of the grid (a count) of a table with two columns: fewer are a frame."""
    whole_share: float = 0.6
    """Share of a part's height along which a rule runs that bounds its columns."""
    row_inside: int = 4
    """Rows end at least this far within a part, in points."""
    through_line: int = 2
    """A rule that ends further within a line of text (in points) ends no row."""
    head_share: float = 0.9
    """Share of the table's width that a rule below its head reaches."""
    line_top: float = 0.85
    """How far a line reaches above its baseline ..."""
    line_bottom: float = 0.15
    """... and below."""
    first_room: float = 0.9
    """Space beside a line's first word in its cell."""


@dataclass(frozen=True, slots=True)
class UnruledSettings(Settings):
    """Tables without rules. In ems of the text unless said otherwise."""

    column_gap: float = 1.2
    """A gap that parts two cells."""
    close_gap: float = 0.6
    """The same, on a line with several of them ..."""
    close_gaps: int = 3
    """... so many (a count)."""
    labelled: int = 4
    """Cells of a row of labels and values (a count), at most."""
    same_start: float = 1.0
    """The lines of one value begin within this, and all but its last end within this of the column's end."""
    stacked: int = 4
    """So many single characters (a count) below one another are a label written downwards ..."""
    stacked_aside: int = 3
    """... that stand within this of one another, in points ..."""
    stacked_step: float = 2.5
    """... and this near beneath one another."""
    same_band: float = 0.85
    """Lines less far apart than this stand side by side."""
    large_share: float = 0.8
    """Share of the line's size that a character has whose baseline counts."""
    same_base: float = 0.15
    """Baselines that differ by less are one."""
    item_gap: int = 40
    """Gap behind the number of a list's item, in points, less than."""
    cell_gap: float = 0.3
    """Gap at a column's end that parts a text there."""
    at_wall: float = 0.2
    """How far from such a gap the column's end may lie; and how far cells of one column may overlap."""
    gutter: float = 0.35
    """Gap between Chinese characters from which columns set close show, over other gaps."""
    above: float = 0.5
    """A line counts as standing above a table by its height less this."""
    far: float = 3.2
    """A line further away begins another table."""
    near_row: float = 1.6
    """A single line further away is no part of the row beside it."""
    number_length: int = 4
    """Characters of a row's number (a count), at most."""
    short_share: float = 0.45
    """Share of the text's width below which a line is short."""
    far_in: int = 3
    """A line that begins further in may be a cell's."""
    columns: int = 3
    """Columns (a count) from which two rows are a table; of fewer there have to be as many rows."""
    wide_share: float = 0.4
    """Share of a table's rows that have several cells."""
    row_space: float = 1.25
    """Space so many times that between lines may be one between rows ..."""
    spaced_share: float = 0.3
    """... where this share of the spaces of a table of labels and values is as large."""
    led: int = 3
    """A row begins with its first column where its first text begins this near to the left."""
    led_rows: int = 5
    """Bands (a count) from which such rows are told ..."""
    led_share: float = 0.7
    """... where this share of them begins so."""
    line_step: float = 0.9
    """Steps between lines of a cell, at least."""
    row_step: float = 1.18
    """A step so many times that between lines begins a row, where rows are spaced."""
    first_column: float = 1.5
    """Text this near to the left of a row is in its first column."""
    new_row: float = 1.7
    """A step beyond this begins a row."""
    filled: float = 1.5
    """A value that ends this near to the margin may go on below its label ..."""
    next_line: float = 2.2
    """... in a line this near."""
    below: float = 0.3
    """A cell's text reaches this far below its baseline."""
    inset: float = 0.5
    """How far within a text's ends its column is looked for, in points."""
    edge: int = 1
    """A table's edges lie this far beside its text, in points."""


GRID = GridSettings()
STRAY = StraySettings()
FRAMES = FrameSettings()
TICK_BOXES = TickBoxSettings()
SHAPES = BorderShapeSettings()
HORIZONTAL = HorizontalRuleSettings()
UNDERLINES = UnderlineSettings()
VERTICAL = VerticalRuleSettings()
UNRULED = UnruledSettings()
