"""A paragraph while it is being read."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from extractors.document.model import TICKED, UNTICKED, Mark


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
    ringed: bool = False
    """A shape without text or picture is anchored in it."""
    seams: tuple[int, ...] = ()
    """Where the paragraphs begin that were joined to it by a deleted mark."""

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.size += len(text)

    def light(self, start: int) -> None:
        """What stands from ``start`` on is set off."""
        if self.lit and self.lit[-1][1] == start:
            start = self.lit.pop()[0]
        self.lit.append((start, self.size))

    def tick(self, ticked: bool, kind: str) -> None:
        self.marks.append(Mark(self.size, ticked, kind))
        self.add(TICKED if ticked else UNTICKED)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    @property
    def set_off(self) -> tuple[str, ...]:
        text = self.text if self.lit else ""
        return tuple(text[start:end] for start, end in self.lit)

    def follow(self, before: Text) -> None:
        """Continue ``before``, whose paragraph mark was deleted."""
        for mark in self.marks:
            mark.offset += before.size
        self.lit = before.lit + [(start + before.size, end + before.size) for start, end in self.lit]
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
        self.ringed = self.ringed or before.ringed
