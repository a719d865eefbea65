"""The tolerances of what is no text in a picture: boxes to tick, strokes of a pen, seals, and what they do to a cell.

As in :mod:`extractors.scan.settings`.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.page.settings import Settings


@dataclass(frozen=True, slots=True)
class TickSettings(Settings):
    """Boxes to tick. Shares of what is inked unless said otherwise."""

    side: tuple[float, float] = (0.64, 1.35)
    """Side of a box, in ems."""
    specks: int = 3
    """Inked pixels (a count) of nine that make a stroke: specks of compressed pictures stand alone."""
    ticked_share: float = 0.055
    """Ink inside a box from which it is ticked."""
    small: float = 0.7
    """A box lower than this, in ems, may as well be a part of a character."""
    alone_share: float = 0.5
    """Sides of a box that stands alone have less ink above and below ..."""
    small_alone_share: float = 0.36
    """... and those of a small one less than this ..."""
    alone_both: float = 1.7
    """... and so many times that together."""
    pen_share: float = 0.15
    """A pen that runs along the lower side and off to the right leaves less ink above and at the left ..."""
    pen_below_share: float = 0.9
    """... and less than this below."""
    filled_share: float = 0.9
    """Ink inside a box from which it is filled ..."""
    band_share: float = 0.8
    """... and no piece of a dark band, which has as much above or below."""
    ring_share: float = 0.75
    """A ring passes along this share of a box's width, above and below ..."""
    ring_other_share: float = 0.1
    """... with other strokes beside it along less than this ..."""
    ring_pixels: float = 4.0
    """... and is no thicker than this, in pixels ..."""
    ring_thick_share: float = 0.22
    """... or this share of the box's side."""
    same_row: float = 0.3
    """Boxes of one row differ less in height, of their own."""
    framed_share: float = 0.86
    """Each side of a box beside others is drawn over this share, at least."""
    upright: tuple[float, float] = (0.68, 1.12)
    """Width of a box, of its height ..."""
    square_pixels: int = 2
    """... and in pixels beyond that."""
    hole: float = 0.38
    """The hole of a box is wider and higher than this, in ems."""
    hole_share: float = 0.85
    """Share of its outline's box that a square hole fills."""
    hole_pixels: int = 5
    """A hole is as wide and high as this, in pixels."""
    inside_share: float = 0.15
    """Straight strokes in a hole of a box cover no more of it."""
    side_share: float = 0.85
    """Each side of a box is drawn over this share, at least."""
    solid_share: float = 0.8
    """A box with more ink is filled."""
    inner_pixels: int = 4
    """What is inside its frame is as wide and high as this, in pixels."""
    straight_share: float = 0.06
    """Straight strokes inside a box cover no more of it: characters have them."""
    rim_share: float = 0.5
    """A row of a box's frame is inked over more than this share."""
    rim_depth: int = 3
    """Its frame is no thicker than its height over this."""
    near_edge: int = 2
    """A box this near to the picture's edge, in pixels, is left out."""
    clear_share: float = 0.2
    """Ink close by on three sides of a box that stands clear is less ..."""
    beside_share: float = 0.6
    """... or less than this on each side ..."""
    around_share: float = 0.75
    """... and than this on all together."""
    closed_share: float = 0.78
    """Sides of a box are drawn over more: those of E, Z and ( are not, however thick they are."""
    corner_box: int = 18
    """A box as wide as this, in pixels, has corners of more than a pixel or two ..."""
    corner_share: float = 0.3
    """... inked over more than this share ..."""
    small_corner_share: float = 0.2
    """... and a smaller one over more than this."""


@dataclass(frozen=True, slots=True)
class HandMarkSettings(Settings):
    """Options marked by hand. In lengths of a box's side unless said otherwise."""

    beyond: float = 0.35
    """How much is drawn at an option that is marked by hand ..."""
    thin: float = 0.18
    """... and how much where the others have less ..."""
    nothing: float = 0.04
    """... than this, which is nearly nothing."""
    dark: float = 25.0
    """More is no stroke but a dark field."""
    second_share: float = 0.3
    """An option with less than this share of the most marked one is not marked."""
    ring: float = 2.2
    """A stroke above and below that is longer is a ring."""
    near: float = 0.3
    """A stroke that begins this near behind an option's box belongs to it ..."""
    gap: float = 0.22
    """... or with no wider blank before it, in ems ..."""
    ring_near: float = 1.2
    """... and a ring that begins this near."""
    colour: int = 40
    """By how much (of 255) the channels of ink with a colour of its own differ ..."""
    inked: int = 170
    """... of which the darkest is darker than this."""
    copy: int = 4
    """So many times smaller (a count) is the copy in which such ink is noted."""
    pen_share: float = 0.4
    """A line is written with a pen where more than this share of its ink has a colour ..."""
    pens_most: float = 0.5
    """... unless more than this share of the page's lines have."""


@dataclass(frozen=True, slots=True)
class BoxReadingSettings(Settings):
    """What is read of a box alone, and whether it is one. Probabilities unless said otherwise."""

    like: float = 0.9
    """How surely a character of a box's outline may be read of a box in a row with others of its size."""
    hidden: float = 0.6
    """How surely a character may be read of an empty box that a stroke runs over."""
    figure: float = 0.5
    """Surely read is a letter or figure with more."""
    letter_share: float = 0.6
    """A box with more ink inside is no letter."""
    letter: float = 0.97
    """Surely read is a letter with more, whatever its sides."""
    empty_share: float = 0.03
    """Ink inside a box below which it is surely empty."""
    large: int = 20
    """Width of a box, in pixels, from which a speck is told from a tick ..."""
    speck_share: float = 0.12
    """... by covering less ..."""
    small_speck_share: float = 0.25
    """... and in a smaller one less than this ..."""
    speck_sure: float = 0.8
    """... where an empty box is read more surely than this."""
    thick_side_share: float = 0.3
    """A side that a crooked page made thick covers less of a box's inside."""
    doubted_share: float = 0.05
    """The share of ink in a box of which it is not plain that it is empty."""
    mouth: float = 0.4
    """口 is read more surely than this ..."""
    one_size_share: float = 0.07
    """... and is a box where its size differs by no more from that of the others ..."""
    square_share: float = 0.06
    """... and its sides from one another."""
    square_pixels: int = 1
    """Pixels beyond that."""
    plain_share: tuple[float, float] = (0.02, 0.1)
    """Ink inside a box below which it is plainly empty, and above which plainly ticked."""


@dataclass(frozen=True, slots=True)
class ScannedPageSettings(Settings):
    """The page as a whole."""

    turned: float = 2.2
    """A box of the detector so many times as long as wide tells how lines run."""
    level: float = 2.0
    """Lines run across where those that run down are together no longer than so many times them."""
    paper_share: float = 0.03
    """A page is A4 where its short side differs by no more."""
    slack: float = 34.0
    """How far, in points, one page may lie beside where the page before lay in the scanner."""
    parted_pixels: int = 8
    """A cell as wide and high as this, in pixels, is looked at for a rule that was lost ..."""
    parted_share: float = 0.12
    """... which is drawn over more than this share of it."""
    gap: float = 2.5
    """Words of a cell that are further apart, in characters' sizes, may stand in two cells ..."""
    stacked: float = 0.8
    """... and so may lines, the end of a neighbouring cell between them: those of one text are half a size apart."""
    plain_pixels: int = 12
    """Inked pixels up to which a cell is plainly empty ..."""
    specks: int = 60
    """... and up to which they are specks."""
    seal_reach: float = 2.0
    """Characters' sizes from a seal without a colour of its own within which the end of a line may be what is left of it: two
    characters beneath a ring were lost at 200 dpi, on a line that it crossed twice."""


@dataclass(frozen=True, slots=True)
class SealSettings(Settings):
    """Seals. In millimetres on A4 paper unless said otherwise."""

    size: tuple[float, float] = (11.0, 75.0)
    """Width of a seal."""
    radius: tuple[float, float] = (14.0, 32.0)
    """Radius of a ring."""
    sectors: int = 24
    """Directions from a seal's middle (a count) ..."""
    around_share: float = 0.75
    """... in this share of which it is drawn ..."""
    outer: float = 0.62
    """... outside this share of its radius."""
    max_parts: int = 200
    """More marks of one colour (a count) are not put together."""
    red: int = 28
    """By how much (of 255) red ink is redder than green and blue ..."""
    red_bright: int = 90
    """... and how bright, at least."""
    blue: int = 36
    """By how much blue ink is bluer than red ..."""
    blue_green: int = 8
    """... and than green ..."""
    blue_bright: int = 80
    """... and how bright, at least."""
    purple: int = 28
    """By how much purple ink is redder and bluer than green ..."""
    purple_even: int = 60
    """... and how little red and blue differ."""
    purple_bright: int = 80
    """How bright it is, at least."""
    colour: int = 40
    """Parts of a colour differ by more than this (of 255) ..."""
    colour_share: float = 0.002
    """... on a page in colour, over more than this share of it."""
    least_ink: int = 150
    """Coloured points (a count) of a page with a seal, at least."""
    widest: int = 45
    """A single seal is no wider than this ..."""
    wider: float = 1.1
    """... or so many times that: seals that overlap are."""
    piece_share: float = 0.8
    """Share of a mark that lies in another where it is a piece of it."""
    shape: tuple[float, float] = (0.45, 2.2)
    """Width of a seal, of its height."""
    inked_share: float = 0.06
    """Share of a seal's box that is inked, at least."""
    outside: float = 1.08
    """What lies beyond so many times a round seal's radius is outside it ..."""
    outside_share: float = 0.03
    """... with less of its ink than this share."""
    grey: int = 215
    """What is darker (of 255) is ink, on a page without colour."""
    large_mark: int = 7
    """Marks as long as this may be a ring ..."""
    least_grey: int = 200
    """... where they ink so many points (a count), at least."""
    apart_share: float = 0.5
    """Middles of rings are further apart than this share of their radii together."""
    drawn_share: float = 0.62
    """A ring is drawn over more of its circle ..."""
    more_share: float = 0.3
    """... and over so much more than a circle a little wider."""
    text: int = 225
    """What is darker (of 255) than this is the seal's ink or the text's ..."""
    least_text: int = 50
    """... where there are so many points of it (a count)."""


TICKS = TickSettings()
HANDS = HandMarkSettings()
BOX_READING = BoxReadingSettings()
PAGES = ScannedPageSettings()
SEALS = SealSettings()
