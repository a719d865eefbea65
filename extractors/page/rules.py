"""Rules, boxes and drawings of a page, as seen from its top left, in points."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from extractors.page.settings import RULES

Matrix = tuple[float, float, float, float, float, float]


class Rule(NamedTuple):
    """A straight rule at ``at`` (x of a vertical, y of a horizontal one) from ``start`` to ``end``."""

    at: float
    start: float
    end: float


class Box(NamedTuple):
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    def holds(self, x: float, y: float, slack: float = 0.0) -> bool:
        return self.x0 - slack <= x <= self.x1 + slack and self.y0 - slack <= y <= self.y1 + slack


@dataclass(slots=True)
class PageLines:
    """``strokes`` are slanted or curved small drawings and ``fills`` small filled ones (the tick in a box), ``frames`` small squares
    with round corners or drawn as rings (straight ones are found among the rules), ``rounds`` larger frames with round corners,
    ``shades`` larger coloured areas (the ground of cells), ``dark`` those of them that white areas (``whites``) may lie upon,
    ``images`` the pictures; ``paths`` counts all drawings."""

    horizontal: list[Rule] = field(default_factory=list)
    vertical: list[Rule] = field(default_factory=list)
    frames: list[Box] = field(default_factory=list)
    rings: list[Box] = field(default_factory=list)
    """Of the frames, those that are circles."""
    strokes: list[Box] = field(default_factory=list)
    fills: list[Box] = field(default_factory=list)
    rounds: list[Box] = field(default_factory=list)
    dark: list[Box] = field(default_factory=list)
    whites: list[Box] = field(default_factory=list)
    shades: list[Box] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
    image_at: list[int] = field(default_factory=list)
    """The page object of each image."""
    paths: int = 0
    texts: int = 0
    text_at: list[tuple[int, Matrix]] = field(default_factory=list)
    """The page object of each text, with the matrix of the form it stands in."""
    texts_at_image: list[int] = field(default_factory=list)
    """For each image, how many text objects were drawn before it: a picture over text hides it."""


def strip(box: Box, found: PageLines, dots: list[Box]) -> None:
    """Takes a thin filled area as a rule; what is thin both ways is a dot of one."""
    if max(box.width, box.height) <= RULES.thin:
        dots.append(box)
    elif box.height <= box.width:
        found.horizontal.append(Rule((box.y0 + box.y1) / 2, box.x0, box.x1))
    else:
        found.vertical.append(Rule((box.x0 + box.x1) / 2, box.y0, box.y1))
