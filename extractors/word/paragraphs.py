"""A paragraph while it is being read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from extractors.document.doubts import BESIDE_STRUCK_OUT, NOTE_OR_FIGURE, Doubts
from extractors.document.model import TICKED, UNTICKED, Mark
from extractors.word.raised import kind_of_raised

_EMPTY = re.compile("[□☐○]")
_WORD = re.compile("[\u4e00-\u9fff]")


@dataclass(slots=True)
class Text:
    """A paragraph being read. ``joins`` says that its paragraph mark was deleted: the next one continues it."""

    parts: list[str] = field(default_factory=list)
    size: int = 0
    marks: list[Mark] = field(default_factory=list)
    pictures: int = 0
    boxes: list[etree._Element] = field(default_factory=list)
    level: int = 0
    numbering: str = ""
    joins: bool = False
    contents: bool = False
    struck: bool = False
    """Part of it is struck out and was left away."""
    lit: list[tuple[int, int]] = field(default_factory=list)
    """Where characters are set off by a ground, a frame or a colour of their own."""
    stressed: list[tuple[int, int]] = field(default_factory=list)
    """Where characters are bold, italic or underlined by their own run."""
    raised: bool = False
    """A raised figure stands in it that may be a note's mark."""
    raised_last: tuple[int, int, str] = (0, -1, "")
    """The last raised stretch: the parts it begins and ends at, and what it is with what was left away."""
    ringed: bool = False
    """A shape without text or picture is anchored in it."""
    seams: tuple[int, ...] = ()
    """Where the paragraphs begin that were joined to it by a deleted mark."""

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.size += len(text)

    def light(self, start: int) -> None:
        """What stands from ``start`` on is set off."""
        self._extend(self.lit, start)

    def stress(self, start: int) -> None:
        """What stands from ``start`` on is bold, italic or underlined."""
        self._extend(self.stressed, start)

    def _extend(self, pieces: list[tuple[int, int]], start: int) -> None:
        if pieces and pieces[-1][1] == start:
            start = pieces.pop()[0]
        pieces.append((start, self.size))

    def raise_text(self, text: str) -> None:
        """Add a raised text, but for the mark of a note, which is no part of the paragraph. Programs part one into runs: （ 2 ）."""
        at, end, held = self.raised_last
        if end != len(self.parts):
            at, held = len(self.parts), ""
        held += text
        kind = kind_of_raised(held, self.parts[at - 1] if at else "")
        self.raised = self.raised or kind == "unclear"
        self.size -= sum(map(len, self.parts[at:]))
        del self.parts[at:]
        if kind != "note":
            self.add(held)
        self.raised_last = at, len(self.parts), held

    def tick(self, ticked: bool, kind: str) -> None:
        self.marks.append(Mark(self.size, ticked, kind))
        self.add(TICKED if ticked else UNTICKED)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    @property
    def doubts(self) -> Doubts:
        return (BESIDE_STRUCK_OUT,) * self.struck + (NOTE_OR_FIGURE,) * self.raised

    @property
    def set_off(self) -> tuple[str, ...]:
        text = self.text if self.lit else ""
        return tuple(text[start:end] for start, end in self.lit)

    @property
    def emphasised(self) -> tuple[str, ...]:
        """The words that are bold, italic or underlined beside empty boxes, where others are not."""
        text = self.text if self.stressed else ""
        if not _EMPTY.search(text):
            return ()
        found = tuple(text[start:end] for start, end in self.stressed)
        ends = [0, *(end for _, end in self.stressed)]
        starts = [*(start for start, _ in self.stressed), len(text)]
        rest = "".join(text[end:start] for end, start in zip(ends, starts, strict=True))
        return found if _WORD.search("".join(found)) and _WORD.search(rest) else ()

    def follow(self, before: Text) -> None:
        """Continue ``before``, whose paragraph mark was deleted."""
        for mark in self.marks:
            mark.offset += before.size
        self.lit = before.lit + [(start + before.size, end + before.size) for start, end in self.lit]
        self.stressed = before.stressed + [(start + before.size, end + before.size) for start, end in self.stressed]
        if before.size:
            self.seams = (*before.seams, before.size, *(before.size + seam for seam in self.seams))
        self.parts[:0] = before.parts
        self.marks[:0] = before.marks
        self.size += before.size
        self.pictures += before.pictures
        self.boxes[:0] = before.boxes
        self.numbering = before.numbering
        self.level = self.level or before.level
        self.struck = self.struck or before.struck
        self.raised = self.raised or before.raised
        self.ringed = self.ringed or before.ringed
