"""The tolerances of what pdfium gives: characters, drawings, pictures, and how a page is to be read.

As in :mod:`extractors.page.settings`. Bounds of a file (pages, objects, characters) stand where they are kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.page.settings import Settings


@dataclass(frozen=True, slots=True)
class CharacterSettings(Settings):
    """Characters as pdfium has them. In points unless said otherwise."""

    beyond: float = 1.4
    """Text is looked for up to so many widths of the page: a table that is too wide runs out at the right."""
    off_page: int = 1
    """Text that begins no further outside the page is on it."""
    slanted_share: float = 0.5
    """Text that runs aslant is a watermark where it is less than this share of the upright text."""
    askew: int = 8
    """Degrees by which text may run aslant and still be read."""
    no_width: float = 0.01
    """A blank that is narrower was made up by pdfium, between letters set apart."""
    few: int = 20
    """On a page with fewer characters (a count) text shown upright decides how the page is turned, not what there is
    most of."""
    moved: int = 1
    """A character further from where its text object stands lies in a form whose matrix pdfium left out."""
    in_form: float = 0.01
    """Matrices that differ by less are the same: the text lies in no form."""
    square: float = 0.01
    """Share of an em within which a box is an em each way."""
    sizes: tuple[float, float] = (1, 300)
    """Sizes of type that are taken as they are written: beyond, the character's box tells it."""
    doubled: float = 0.6
    """The same character nearer than this is one, printed again to look bold ..."""
    doubled_ems: float = 0.12
    """... or nearer than this, in ems."""
    strip: int = 8
    """Width of the strips in which the same characters are looked up."""
    tick_across: float = 0.4
    """A tick this near to the middle of a printed box ticks it, in ems, across ..."""
    tick_down: float = 0.6
    """... and down."""


@dataclass(frozen=True, slots=True)
class DrawingSettings(Settings):
    """Paths and pictures → rules, frames, strokes. In points unless said otherwise."""

    on_line: float = 0.6
    """Dots of one dotted line lie within this of it."""
    dots: int = 5
    """Dots of such a line (a count), at least ..."""
    dot_gap: int = 5
    """... no further apart."""
    dot_share: float = 0.5
    """Dots thicker than this share of a rule are small filled marks as well."""
    max_depth: int = 6
    """Forms within forms (a count): more is no page."""
    max_segments: int = 64
    """A path with more segments (a count) is a drawing (a logo, text turned into curves), of which only the extent is
    kept ..."""
    max_straight: int = 20
    """... but up to so many times as many of a path of straight lines: many rules drawn at once ..."""
    max_round: int = 4
    """... and up to so many times as many of a frame with round corners."""
    rectangle: int = 6
    """Segments (a count) of a rectangle, at most."""
    small: float = 1.5
    """A small drawing is no larger than so many times a box that is ticked."""
    tiny: int = 2
    """Smaller drawings are no stroke."""
    picture_rule: int = 8
    """A picture as thin as a rule and longer than this is one."""
    rings: int = 3
    """Subpaths (a count) of a ring, at most."""
    dark: int = 480
    """A ground is dark where its red, green and blue (of 255 each) are less together."""
    white: int = 250
    """What is as white in all three is not seen ..."""
    opaque: int = 10
    """... nor what is no more opaque than this (of 255)."""
    round_length: float = 24.0
    """Longer side of a frame with round corners that may be a cell, at least ..."""
    round_width: float = 9.0
    """... and its shorter one; smaller ones are boxes and buttons."""
    corner: float = 15.0
    """Radius of the round corners of frames, at most."""
    on_side: float = 0.3
    """A point this near to a frame's side is on it."""
    ring_share: float = 0.6
    """The inner square of a ring is wider than this share of the outer one."""
    curve_points: int = 8
    """Points (a count) of a closed curve that is a box, at least."""
    ground: int = 6
    """The ground of a cell is wider and higher than this."""
    straight: float = 0.8
    """A line that goes further aslant is no rule."""
    straight_side: float = 0.35
    """A frame with a stretch of more than this share of its side along it is no circle."""
    uneven_share: float = 0.2
    """By which share of its width the sides of a drawn box differ, at most."""


@dataclass(frozen=True, slots=True)
class GarbledSettings(Settings):
    """Whether the characters of a page are text: shares of its characters. No count of real files is recorded; the made
    ones of the tests lie far on either side."""

    enough: int = 40
    """Different Chinese characters on a page (a count) from which they tell what is a language."""
    strange: int = 10
    """More characters (a count) of other scripts are strange ..."""
    strange_share: float = 0.15
    """... where they are more than this share."""
    unmapped: int = 10
    """More characters without a code (a count) are looked at ..."""
    chinese_share: float = 0.02
    """... where fewer are Chinese ..."""
    accented_share: float = 0.25
    """... and with accented letters they are more than this share."""
    common_share: float = 0.03
    """Of Chinese text fewer characters than this are no common ones: of the characters of any application more than a
    tenth are."""


@dataclass(frozen=True, slots=True)
class MissingTextSettings(Settings):
    """Text that pdfium leaves out. In points unless said otherwise."""

    most: int = 2000
    """More missing texts (a count) are not looked for."""
    ink: tuple[float, float] = (1.0, 3.0)
    """Width and height of what is more than a blank; the box of a blank in a common font has no height."""
    near_share: float = 0.3
    """Characters this near, as a share of the missing text's width, stand beside it ..."""
    near: int = 1
    """... and this in addition."""
    within: float = 0.1
    """A character this little outside is within it."""
    strip: float = 8.0
    """Height of the strips in which characters are looked up."""
    back: int = 6
    """How many texts back pdfium looks for the same one (a count)."""
    same: float = 0.05
    """Boxes of the same text differ by at most this."""
    beside: float = 0.35
    """Text set again fewer ems away is printed twice."""
    lower: float = 0.6
    """Lines of text are at least this many ems apart."""
    beneath: int = 8
    """pdfium drops a text beneath the same one by up to its extent over this."""
    aside_share: float = 0.9
    """... and aside by up to this share of its width."""


@dataclass(frozen=True, slots=True)
class PageKindSettings(Settings):
    """Whether a page is read from its characters or from its picture. Shares of its area or of its characters unless
    said otherwise."""

    unmapped: int = 20
    """More characters without a code (a count) make a page a picture ..."""
    unmapped_share: float = 0.3
    """... where they are more than this share of all."""
    covered_share: float = 0.6
    """Pictures that cover more of a page make it a scan ..."""
    invisible_share: float = 0.5
    """... where more of its text than this is invisible ..."""
    next_to_none: int = 10
    """... or less than so many characters are shown (a count) ..."""
    little: int = 60
    """... and a page read from both where less than so many are."""
    over_text_share: float = 0.75
    """A picture that covers more lies over its text layer ..."""
    beneath_share: float = 0.8
    """... where more of the texts than this were drawn before it."""
    picture_share: float = 0.1
    """A page without text is a picture where one covers more ..."""
    curves: int = 150
    """... or more paths (a count) are drawn: text turned into curves."""
    typed_over_share: float = 0.5
    """A picture that covers more has its text layer beneath it."""
    foot_share: float = 0.07
    """Share of the page's height, at its end, in which its number stands."""
    folio_gap: float = 1.5
    """Characters of such a number are fewer ems apart."""
    folio_above: int = 2
    """How far above its baseline, in points, it is looked for in a table."""
    parted_share: float = 0.75
    """A column's end parts most rows of a table from this share of them."""
    cut_share: float = 0.75
    """A table that goes on over the page ends below this share of its height."""
    past_edge: int = 3
    """A table that ends this near to the page's edge, in points, runs out of it ..."""
    widened: int = 4
    """... and ends this far behind its text."""
    in_box: float = 0.5
    """How far out of a drawn box a character in it may stand, in points."""
    framed: float = 2.5
    """A character so many times as high as the box around it is in a frame: no box to tick."""
    box_foot: float = 0.2
    """How far a drawn box reaches below the baseline, in its heights."""


@dataclass(frozen=True, slots=True)
class BoxPictureSettings(Settings):
    """Small pictures of boxes."""

    most: int = 200
    """More small pictures on a page (a count) are a drawing."""
    alike: float = 1.0
    """Pictures of boxes on one page are of one size within this many points."""
    larger: float = 1.5
    """They are up to so many times as large as drawn boxes."""
    uneven_share: float = 0.25
    """By which share of its width the sides of one differ, at most."""
    frame_share: float = 0.5
    """Share of each side that a box's frame covers."""
    inside_share: tuple[float, float] = (0.03, 0.05)
    """Shares of ink inside up to which a box is not ticked, and from which it is."""
    least_pixels: int = 8
    """A picture of a box is as wide and high, at least, in pixels."""
    max_pixels: int = 1_000_000
    """A larger one is not looked at."""
    ink: int = 170
    """What is darker (of 255) is ink."""


@dataclass(frozen=True, slots=True)
class WatermarkSettings(Settings):
    """Watermarks and stamps that are text."""

    larger: float = 1.8
    """A level watermark's letters are so many times as large as the page's text, ..."""
    washed: int = 150
    """... and less opaque than this (of 255), or ..."""
    pale: int = 140
    """... as pale as this in every colour, or ..."""
    huge: float = 3.0
    """... so many times as large."""
    over: float = 1.5
    """Letters so many times smaller may lie upon one ..."""
    lying: int = 2
    """... and show that it is one where there are so many (a count)."""
    apart: float = 1.6
    """Characters of one text that runs aslant are fewer sizes apart."""
    stamp: float = 1.25
    """The letters of a stamp are so many times as large as the page's text."""
    seal: int = 4
    """So many red letters on a curve (a count) are those of a seal."""
    red: int = 150
    """Red ink is brighter in red than this (of 255) ..."""
    not_red: int = 100
    """... and darker in green and blue."""


@dataclass(frozen=True, slots=True)
class TagSettings(Settings):
    """Tables in a file's tags."""

    most: int = 40_000
    """Elements of one page's tree looked at (a count)."""
    max_depth: int = 40
    """Elements within elements (a count): more is no document."""
    max_span: int = 200
    """Columns or rows of one cell (a count), at most."""
    near: float = 1.5
    """A drawn box belongs to the cell of the text this many ems beside it, at most ..."""
    level: float = 0.6
    """... on its line: nearer in height than this, in ems."""


@dataclass(frozen=True, slots=True)
class PatternSettings(Settings):
    """Small areas filled with a pattern."""

    scale: float = 2.0
    """Pixels of a point, in the picture in which they are looked at."""
    white: int = 235
    """A pixel with a lower grey value (0 to 255) is not white ..."""
    share: float = 0.9
    """... and an area not, where more of its pixels are not."""
    largest: int = 4_000_000
    """Pages larger than this, in square points, are not looked at."""
    most: int = 200
    """More of them on a page (a count) are not looked at."""


CHARACTERS = CharacterSettings()
DRAWINGS = DrawingSettings()
GARBLED = GarbledSettings()
MISSING = MissingTextSettings()
PAGE_KINDS = PageKindSettings()
BOX_PICTURES = BoxPictureSettings()
WATERMARKS = WatermarkSettings()
TAGS = TagSettings()
PATTERNS = PatternSettings()
