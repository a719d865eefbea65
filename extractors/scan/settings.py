"""The tolerances of reading a picture: where lines of text stand, and what is read of them.

``em`` is the size of most text on the page. The levels were held against the truth of made scans (150 to 300 dpi,
noise, skew, JPEG, seals, shadows); what single values were measured with is not recorded beyond that. Those of boxes,
strokes of a pen and seals stand in :mod:`extractors.scan.mark_settings`.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.page.settings import Settings


@dataclass(frozen=True, slots=True)
class ReaderSettings(Settings):
    """The recogniser."""

    detect_em: float = 14.0
    """Size of most text, in pixels, in the copy in which lines are looked for ..."""
    detect_side: tuple[int, int] = (960, 1600)
    """... whose longest side lies between these: A4 at 82 and at 137 dpi, at which lines of 8 points are found."""
    detect_ink: int = 200
    """What is darker (of 255) in the copy is ink: the margins beyond it are not looked at ..."""
    detect_paper: int = 16
    """... but for so many pixels."""
    loose: float = 1.0
    """Pixels of that copy that are cut off the detector's boxes above and below: they reach into the lines beside."""
    turned: int = 3
    """Lines (a count) that are read both ways up where a page may stand on its head ..."""
    turned_part: int = 8
    """... and how much of each is looked at, in its heights. Of 40 pages both ways up, six whole lines of upright ones were taken
    for lines on their heads, pieces as long as this none."""
    high: int = 60
    """Lines higher than this, in pixels, are made smaller by area."""
    narrowed: float = 0.55
    """Lines are pressed together to this share of their width for a first reading. Of 629 lines of made scans 613 read right so,
    610 in full width, 614 at 0.45 (but there a figure that stands twice is read once)."""
    mostly: float = 0.5
    """Where more than this share of a line is worth a second reading it is read again whole."""
    paper: float = 0.16
    """For a second reading in full width, paper around them, as a share of their height: it makes characters smaller."""


@dataclass(frozen=True, slots=True)
class PieceSettings(Settings):
    """Where lines of text stand. In ems unless said otherwise."""

    tall: float = 1.45
    """How high a piece of a line may be, at most; what is higher is a heading, or takes in more than a line."""
    least: int = 4
    """What is narrower or lower, in pixels, is no piece."""
    wall_share: float = 0.7
    """Share of a line's height that an vertical rule runs through."""
    one_line: float = 1.1
    """A lower box holds one line."""
    narrow: float = 1.5
    """A box whose ink is narrower may be a column of characters."""
    middle: float = 1.75
    """A lower box is cut to the line in its middle ..."""
    small_line: float = 0.6
    """... unless paper parts it into lines of smaller characters, each at least so high."""
    thin_line: float = 0.3
    """What is lower is no line of a box."""
    line: float = 0.5
    """A line is at least this high ..."""
    line_most: float = 1.6
    """... and at most."""
    two_lines: float = 2.1
    """A lower box of no clear lines is cut to its middle one."""
    tall_character: float = 1.15
    """Characters higher than this are those of a heading ..."""
    tall_share: float = 0.4
    """... where they make up more than this share of the ink."""
    character_gap: float = 0.17
    """Parts of a character in a column are less far apart ..."""
    character_most: float = 1.3
    """... and no higher together than this ..."""
    character: float = 1.05
    """... or than this, however far apart."""
    valley_share: float = 0.3
    """Share of the usual ink of a row below which it lies between lines ..."""
    valley_apart: float = 0.6
    """... which are at least this far apart."""
    reach: float = 0.5
    """How far a line goes on beyond a box that cuts it."""
    speckless: int = 2
    """In a piece wider than this a row of pixels with a single inked one counts as blank."""
    character_reach: float = 0.6
    """How far a character goes on beyond a box that runs through it."""
    neighbour_share: float = 0.7
    """Share of the highest band of ink below which one at a box's edge is a neighbour's."""
    double_share: float = 0.7
    """Share of a piece that lies in another where it is left out."""
    usual_least: float = 0.8
    """A line is higher than this where it tells how a box is cut."""
    part: float = 0.3
    """What is lower is no part of a box."""
    beside_down: float = 0.25
    """A line lies beside or upon a box from this overlap on, down ..."""
    beside_across: float = 0.3
    """... and across ..."""
    upon: float = 0.5
    """... and upon it from this."""
    rest: tuple[float, float] = (0.7, 1.7)
    """Height of what lies between the lines of a box."""
    over_across: float = 0.35
    """Pieces that overlap more, of the lower one's height, may share a character: across ..."""
    over_down_share: float = 0.5
    """... and down."""
    same_height: float = 1.35
    """Pieces of one line are no higher than so many times one another."""
    joined_across: float = 0.4
    """They overlap by more across ..."""
    joined_down_share: float = 0.75
    """... and by more than this share of the lower one's height."""
    mark: float = 0.4
    """What the detector missed is as high as this ..."""
    mark_width: float = 0.1
    """... and as wide ..."""
    mark_area: float = 0.03
    """... and inks so much, in square ems ..."""
    mark_share: float = 0.06
    """... and this share of its box."""
    dash: float = 1.5
    """Or it is a dash, higher than this in pixels ..."""
    dash_most: int = 6
    """... and shorter than this."""
    picture: float = 3.2
    """What is larger ..."""
    picture_share: float = 0.5
    """... and inks more of its box is a picture."""
    stop: tuple[float, float] = (0.1, 0.45)
    """Width of a full stop or comma."""
    stop_height: tuple[float, float] = (0.14, 0.45)
    """Its height."""
    stop_area: float = 0.012
    """Its ink, at least, in square ems."""
    stop_low_share: float = 0.5
    """It stands below this share of the line's height."""
    stop_line: float = 1.6
    """A higher piece is no line that it ends."""
    stop_gap: float = 0.45
    """It stands nearer behind the line."""
    left_height: float = 0.4
    """A mark that was not read is as high as this ..."""
    left_width: float = 0.15
    """... as wide ..."""
    left_area: float = 0.04
    """... and inks so much, in square ems ..."""
    left_stroke: tuple[float, float] = (0.6, 1.3)
    """... or is a stroke as wide as a character and thinner: 一, a dash."""


@dataclass(frozen=True, slots=True)
class RecutSettings(Settings):
    """Blocks of lines that were taken for one. In ems unless said otherwise."""

    well_read: float = 0.85
    """The mean probability of the characters of a piece that is left as it is."""
    better: float = 0.05
    """By how much the lines of a block have to be read more surely than the block."""
    gain: float = 1.0
    """How many characters more have to be read surely."""
    max_lines: int = 30
    """Lines of a block (a count), at most ..."""
    max_pieces: int = 60
    """... and its pieces."""
    pitch: tuple[float, float] = (0.82, 1.6)
    """The distance of lines."""
    crossed_share: float = 0.5
    """A rule runs through a block where it is drawn over more than this share of it."""
    wide: float = 1.3
    """A single piece that is a block is wider."""
    touch: float = 0.15
    """Pieces of a block are less far apart ..."""
    touch_share: float = 0.6
    """... and stand over one another by more than this share of the narrower one."""
    inked_share: float = 0.05
    """Share of the most inked row below which a row is blank."""


@dataclass(frozen=True, slots=True)
class CertaintySettings(Settings):
    """How sure a reading is. Probabilities unless said otherwise."""

    short: int = 40
    """Lines of up to so many characters (a count), whose every one counts, are read twice ..."""
    unsure: float = 0.98
    """... where one is less sure."""
    beside: int = 1
    """Characters (a count) to either side of figures that are read with them."""
    first: float = 0.02
    """The first reading counts as better where it is no less sure than this below the second."""
    plain: float = 0.998
    """How surely a character that looks like another has to be read in a code of letters and digits ..."""
    most: float = 0.94
    """... and the most it counts for otherwise."""
    disputed: float = 0.6
    """The most a character counts for that the second reading saw otherwise."""
    least_figure: int = 12
    """Height of figures, in pixels, below which a point runs into the figure before it."""
    figure_share: float = 0.6
    """Share of the highest figure that a figure is high."""
    point_height_share: float = 0.34
    """A point is lower than this share of a figure ..."""
    point_width_share: float = 0.4
    """... narrower than this ..."""
    point_pixels: int = 3
    """... and inks so many pixels ..."""
    point_ink_share: float = 0.012
    """... and this share of a figure's square."""
    point_foot_share: float = 0.3
    """It stands this near to the foot of the figures, of their height."""
    other_form: float = 0.94
    """The most a character counts for that was put for another form of it: it may have been meant."""
    word: float = 0.96
    """What a character counts for that only one word leaves open."""
    mark: float = 0.97
    """What marks between words count for, at least ..."""
    mark_seen: float = 0.65
    """... but those that part sentences where they were read less surely than this: which of them it was is open."""


@dataclass(frozen=True, slots=True)
class ReadTextSettings(Settings):
    """Pieces → lines of characters. In ems unless said otherwise."""

    dash: float = 0.9
    """The most a dash counts for that the recogniser took for 一 (a probability)."""
    box: float = 0.9
    """The most a box counts for that only the recogniser saw (a probability)."""
    slash: float = 0.9
    """The most a slash counts for that was read as 1 (a probability)."""
    phantom_at: float = 0.5
    """A bracket at the end of a line whose middle is nearer to that of a Chinese character before it ..."""
    phantom_ink: float = 0.6
    """... behind which there is no ink further than this, is not there: it follows at 0.75 or more."""
    own_ink: tuple[float, float] = (0.65, 1.1)
    """Ink that no blank parts and that is no wider is all its own: of a narrow character, and of a wide one."""
    wide_reach: float = 0.62
    """How far from its middle a wide character's ink is taken to be its own: what the recogniser says of places is rough
    ..."""
    narrow_reach: float = 0.5
    """... and that of a narrow one."""
    max_height: float = 3.0
    """How high a character may be that the detector passed over ..."""
    few: int = 3
    """... in a line of fewer characters than this (a count)."""
    unread: float = 0.2
    """Ink this wide that no character was read of is one that was left out."""
    low_line: float = 0.9
    """A piece lower than this has characters of its own size."""
    sure: float = 0.5
    """Surely read is ink that the detector passed over (a probability) ..."""
    half_sure: float = 0.2
    """... or less surely where it is ..."""
    text_height: float = 0.6
    """... as high as this ..."""
    text_width: float = 0.4
    """... and as wide."""
    stray_on_seal: float = 0.9
    """A single character upon a seal, or what the detector passed over, is read more surely (a probability) ..."""
    stray_words: float = 0.65
    """... and so is one of several at least ..."""
    stray: float = 0.8
    """... and one of ink that runs on beyond its piece more than so; else it is a mark of the seal, or a stroke of the pen."""
    seal_rim: float = 0.5
    """How far beside a seal its rim may lie."""
    runs_on: float = 0.35
    """Ink that goes on so far beyond a piece runs on ..."""
    mostly_on: float = 0.5
    """... and more than this share of a piece's ink does."""
    wide_figure: float = 0.74
    """Figures further apart are set as wide as Chinese characters."""
    thin: float = 0.5
    """A dash is thicker than this, in pixels ..."""
    thin_most: float = 0.075
    """... and thinner than this ..."""
    even: tuple[float, float] = (0.4, 1.4)
    """... and as thick all along as so many times its usual thickness ..."""
    even_length: float = 0.94
    """... over this length ..."""
    dash_length: float = 0.82
    """... or over this, and thin beyond."""
    stroke_pixels: int = 12
    """A slash inks so many pixels, at least ..."""
    stroke_height: int = 8
    """... over so many rows ..."""
    lean: tuple[float, float] = (-1.0, -0.2)
    """... leans so much (columns to a row) ..."""
    spread: float = 0.08
    """... and is no thicker."""
    beside: float = 1.5
    """A mark that was not read, so near (em) to a line's end, may be how it goes on."""
    at_rule: float = 0.15
    """An upright rule so near (em) to the ink of a line cuts it: cells leave more than 0.2 em between rule and text."""
    filled_share: float = 0.08
    """What a rule left behind inks less of a row than this share of the most inked one."""
    same_size: tuple[float, float] = (0.75, 1.33)
    """Sizes of Latin text between which it has the page's size: how high it stands differs from font to font."""
    pitch_pairs: int = 4
    """Pairs of Chinese characters (a count) from which their distance is known ..."""
    pitch: float = 1.2
    """... and a line higher than so many times it takes in others ..."""
    pitch_of_few: float = 1.6
    """... or than so many times where there are fewer."""
    alike: float = 1.05
    """Sizes up to so many times one another are one ..."""
    group: float = 1.22
    """... within a group no wider than this."""
    blank: float = 0.1
    """Latin words nearer than this are given room for their blank."""
    small: float = 0.8
    """A mark of a footnote stands behind a character smaller than this share of the line's size ..."""
    mark_height: float = 0.62
    """... is lower than this ..."""
    mark_foot: float = 0.3
    """... and stands this high."""


READER = ReaderSettings()
PIECES = PieceSettings()
RECUT = RecutSettings()
CERTAINTY = CertaintySettings()
READ_TEXT = ReadTextSettings()
