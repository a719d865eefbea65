"""The tolerances of a picture made ready for reading: the paper, its light, its angle, its rules.

As in :mod:`extractors.scan.settings`.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.page.settings import Settings


@dataclass(frozen=True, slots=True)
class PaperSettings(Settings):
    """The sheet of paper in a picture. In pixels of a small copy unless said otherwise."""

    search_side: int = 400
    """Longest side of the copy in which the sheet is looked for."""
    sheet_share: tuple[float, float] = (0.25, 0.93)
    """Share of the picture that a sheet on a table takes."""
    brighter: int = 25
    """By how much (of 255) the sheet is brighter than the table beside it ..."""
    edge_share: float = 0.85
    """... along this share of its outline."""
    convex_share: float = 0.93
    """How much of its outline's hull a sheet fills: light and shadow on one sheet have no straight sides."""
    surround_side: int = 600
    """Longest side of the copy in which what surrounds the paper is looked for."""
    dark: int = 228
    """What is darker (of 255) may be such."""
    surround: int = 20
    """It is longer than this ..."""
    surround_share: float = 0.3
    """... and covers less of the picture."""


@dataclass(frozen=True, slots=True)
class PrepareSettings(Settings):
    """A picture made ready for reading."""

    work_side: int = 2600
    """Longest side, in pixels, of the picture that is worked on: A4 at 222 dpi."""
    least_side: int = 1800
    """Smaller pictures are enlarged to this: rules and boxes of a page at 100 dpi are one or two pixels thin ..."""
    no_page_side: int = 300
    """... but not those smaller than this, which are no pages."""
    strip: int = 30
    """Times as long as it is wide: no page, and less than the work on pages takes. A4 is 1.4."""
    uneven: tuple[float, float] = (1.03, 4.0)
    """Points of a picture that are so many times as high as wide, or as wide as high, are no squares; more is no resolution."""
    max_skew: float = 6.0
    """Degrees; a page that lies more askew is taken as it is ..."""
    skew_margin: float = 0.3
    """... as is one for which the best angle lies this near to that bound."""
    level: float = 0.04
    """Degrees that are not worth turning a page."""
    sharper: float = 1.02
    """Lines are so many times as sharp along the angle found as along the page."""
    skew_side: int = 900
    """Longest side, in pixels, of the copy in which the angle is looked for."""
    inked: float = 0.05
    """Mean ink (of 255) of a page with something on it."""
    skew_ink: int = 40
    """Ink (of 255) that counts for the angle ..."""
    skew_points: int = 60_000
    """... of so many points, at most."""
    paper: int = 200
    """Grey (of 255) from which a point is paper, of a page that may be black and white alone ..."""
    black: int = 60
    """... below which it is ink ..."""
    between: int = 195
    """... and between which and black it is neither."""
    inked_share: float = 0.003
    """Share of its points that are ink, at least."""
    white_share: float = 0.93
    """Share of its paper that is wholly white."""
    between_most: float = 2.6
    """Points that are neither, at most, as many times as there is ink: thin strokes at 150 dpi, enlarged, 2.3; drawn in greys 17."""
    tile_share: tuple[float, float] = (0.03, 0.4)
    """Share of ink in a part of the page that is text."""
    tiles: int = 6
    """Parts of text (a count) that tell how its lines run, at least."""
    across: tuple[float, float] = (0.85, 1.2)
    """How much more uneven rows are than columns where that is not clear."""


@dataclass(frozen=True, slots=True)
class ScreenSettings(Settings):
    """Paper of dots. In pixels unless said otherwise."""

    tile: int = 48
    """Side of the parts of a page in which its grain is measured ..."""
    tiles: int = 12
    """... so many down and across (a count) ..."""
    edge_share: float = 0.06
    """... this share of its sides from its edges."""
    fine: float = 3.0
    """What varies over less than this is grain."""
    paper: int = 10
    """Percentile of the parts, by their grain, at which there is paper alone."""
    dots: float = 10.0
    """How far (of 255) paper of dots varies, at least: dithered pages 28 to 52, screened prints as a scanner sees them 4 to 14,
    all others up to 7."""
    widths: tuple[float, ...] = (0.8, 1.0, 1.3, 1.7, 2.2)
    """How far dots are smoothed: no further than needed until ..."""
    even: float = 9.0
    """... paper varies (of 255) no more than this."""
    lit: float = 250.0
    """Paper (of 255) of an evenly lit picture ..."""
    whitened: float = 3.0
    """... which is white down to so many times as far as it varies."""


@dataclass(frozen=True, slots=True)
class StraightenSettings(Settings):
    """A crooked page made straight."""

    shift: float = 4.0
    """Pixels at the page's edge below which nothing is done."""
    steepest: float = 0.1
    """Slope of rules beyond which the page is taken as it is."""
    usual: float = 0.03
    """Rules whose slope differs by more from the usual one are left out."""
    rules: int = 4
    """Rules (a count) from which slopes are taken to change over the page ..."""
    spread_share: float = 0.2
    """... where they are spread over this share of it."""
    level_rule: int = 8
    """Length of horizontal rules that tell a slope, in ems ..."""
    upright_rule: int = 5
    """... and of upright ones."""


@dataclass(frozen=True, slots=True)
class FoldSettings(Settings):
    """Two pages on one sheet."""

    wider: float = 1.2
    """A sheet with two upright pages is so many times as wide as high."""
    middle: tuple[float, float] = (0.44, 0.56)
    """Shares of its width between which its fold lies."""
    speck_share: float = 0.002
    """Share of a column of pixels that may be inked in the blank strip along the fold."""
    gutter: int = 2
    """Width of that strip, at least, in ems."""
    text_share: float = 0.002
    """The share of a page that text inks at least; a sheet with one page on it is left as it is."""


@dataclass(frozen=True, slots=True)
class ScanRuleSettings(Settings):
    """Rules in a picture. In ems unless said otherwise."""

    wide: float = 0.6
    """What stands alone is a character where it is so many times as wide as high, at least."""
    short: float = 1.6
    """An vertical rule of one low row is shorter."""
    straight_rows: int = 4
    """Rows of pixels (a count) from which a stroke is found straight or not ..."""
    met_rows: int = 2
    """Rows (a count) next to the rules that it runs into tell nothing of a stroke ..."""
    swing: float = 1.2
    """... by how far it swings out, in pixels ..."""
    swing_ems: float = 0.045
    """... or this."""
    of_strokes: float = 4.0
    """A vertical rule shorter than this may be strokes of characters in rows above one another: beside the rules that they
    all but touch ..."""
    joint_share: float = 0.55
    """... they are no darker than this share of what they are elsewhere ..."""
    touched: float = 0.1
    """... and another stroke, so long at least, runs into them."""
    thick: float = 7.0
    """A rule is no thicker than this, in pixels ..."""
    thick_ems: float = 0.3
    """... or this ..."""
    slender: int = 5
    """... and so many times as long as thick."""
    longest: float = 3.2
    """A rule of this length makes rules of the shorter ones that touch it."""
    sure_length: int = 12
    """A longer one is a rule whatever stands beside it ..."""
    beside_share: float = 0.5
    """... a shorter one has no ink beside more than this share of it."""
    followed: float = 0.3
    """What a broken rule goes on beyond its end, at least."""
    broken_share: float = 0.55
    """Share of each stretch along which a broken rule is drawn ..."""
    crossed_share: float = 0.3
    """... and has ink beside it, at most."""
    same_level: float = 0.1
    """Pieces of one rule lie within this of one line ..."""
    overlap: float = 0.3
    """... overlap by this, at most ..."""
    gap: float = 0.5
    """... and are no further apart."""


@dataclass(frozen=True, slots=True)
class BrokenRuleSettings(Settings):
    """Rules with gaps. In ems unless said otherwise."""

    crossed: float = 0.25
    """A rule ends at another that is this near ..."""
    over: float = 0.8
    """... or where it runs over it by no more ..."""
    same_row: float = 0.15
    """... and goes on in a piece that begins in the same row, within this ..."""
    gap_most: float = 1.0
    """... behind a gap no longer than so many times both pieces together ..."""
    gap: float = 20.0
    """... and than this."""
    end_most: float = 1.2
    """What is missing at an end is no longer than so many times the piece ..."""
    end: float = 12.0
    """... and than this."""
    clear: float = 0.2
    """So far above and below a gap ..."""
    text_share: float = 0.15
    """... one row of pixels is inked over no more than this share of it: between lines of text there is paper."""
    drawn: int = 3
    """Thickness of what is drawn, in pixels."""


PAPER = PaperSettings()
PREPARE = PrepareSettings()
SCREEN = ScreenSettings()
STRAIGHT = StraightenSettings()
FOLD = FoldSettings()
SCAN_RULES = ScanRuleSettings()
BROKEN = BrokenRuleSettings()
