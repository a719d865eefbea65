"""Characters of a page, each where a reader sees it: from the top left, in points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from extractors.document.doubts import Doubt
from extractors.page.rules import Box
from records import signs

ASCENT, DESCENT, MIDDLE = 0.8, 0.2, 0.3
"""Of a character's em: what lies above its baseline, what lies below, and the height at which it counts as standing in a row."""

UPWARDS, DOWNWARDS = 90, 270
"""Angles of text that runs up and down the page."""

BOXES = frozenset(signs.PAGE_BOXES)

CHECKS = frozenset(signs.CHECKS)


@dataclass(slots=True)
class Char:
    """A character: ``x0``/``x1`` its advance, ``base`` its baseline, ``size`` its em, all in points from the top left.
    ``angle`` 0, 90 (runs upwards) or 270 (runs downwards); ``run`` tells the text object it was drawn in;
    ``mark`` is "glyph" or "drawn" for a box that was no typed character; ``doubt`` is the gravest about it, one of OCR with the
    measured factor."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    angle: int = 0
    run: int = 0
    bold: bool = False
    mark: str = ""
    doubt: Doubt | None = None

    def doubted(self, doubt: Doubt) -> None:
        """Notes a doubt, where it is graver than the one held."""
        if self.doubt is None or doubt.factor < self.doubt.factor:
            self.doubt = doubt

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def top(self) -> float:
        return self.base - ASCENT * self.size

    @property
    def bottom(self) -> float:
        return self.base + DESCENT * self.size

    @property
    def level(self) -> float:
        """The height at which the character counts as standing in one row or another."""
        return self.base - MIDDLE * self.size


Turn = Callable[[float, float], tuple[float, float]]


@dataclass(slots=True)
class PageChars:
    """The characters of a page, its size as seen, and ``turn``, which brings a point of the page's own coordinates to where
    it is seen. ``beyond`` are characters right of the page's edge. ``invisible`` counts characters of a hidden text layer (left out), ``unmapped`` those without a code."""

    chars: list[Char] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0
    turn: Turn = lambda x, y: (x, y)
    beyond: list[Char] = field(default_factory=list)
    slanted: list[str] = field(default_factory=list)
    """Texts that run aslant over the page: watermarks."""
    invisible: int = 0
    unmapped: int = 0
    unread: list[Box] = field(default_factory=list)
    """Where glyphs are drawn of which the file says nothing."""
    odd: int = 0
    blank: set[int] = field(default_factory=set)
    """The runs set in a font that the file does not hold, and that no picture of the page shows."""
    objects: dict[int, int] = field(default_factory=dict)
    """The text objects of the page that gave characters, with the number of their run."""
