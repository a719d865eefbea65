"""What a reader needs of Word's styles: outline levels, hidden text, list numbers, placeholder styles."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from extractors.word.names import OUTLINE_LEVELS, w
from records.numbers import whole

_HEADING = re.compile(r"^(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"placeholder|占位符", re.IGNORECASE)
_TOC = re.compile(r"^(?:toc|目录)\s*\d", re.IGNORECASE)


_STYLE, _ID, _NAME, _VAL, _BASED, _RPR, _PPR, _VANISH, _OUTLINE, _NUMPR = (
    w(n) for n in ("style", "styleId", "name", "val", "basedOn", "rPr", "pPr", "vanish", "outlineLvl", "numPr")
)


def is_on(node: etree._Element | None) -> bool:
    """A toggle property (w:vanish, w:b …): present and not switched off."""
    return node is not None and node.get(_VAL, "1") not in ("0", "false", "off")


@dataclass(slots=True)
class Styles:
    """By style id. ``numbered`` holds (list id, level) of styles that number their paragraphs."""

    levels: dict[str, int] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    placeholder: set[str] = field(default_factory=set)
    contents: set[str] = field(default_factory=set)
    numbered: dict[str, tuple[str, int]] = field(default_factory=dict)
    _telling: set[str] | None = None

    @property
    def telling(self) -> set[str]:
        """Styles that say more of a paragraph in a cell than how it looks."""
        if self._telling is None:
            self._telling = self.hidden | set(self.numbered) | self.contents
        return self._telling

    @classmethod
    def load(cls, root: etree._Element | None) -> Styles:
        """From styles.xml, each style with what it inherits; empty where there is none."""
        made = cls()
        based: dict[str, str] = {}
        for node in root if root is not None else ():
            if node.tag != _STYLE:
                continue
            sid = node.get(_ID, "")
            title = ""
            for child in node:
                tag = child.tag
                if tag == _NAME:
                    title = child.get(_VAL, "")
                elif tag == _BASED:
                    based[sid] = child.get(_VAL, "")
                elif tag == _RPR:
                    if is_on(child.find(_VANISH)):
                        made.hidden.add(sid)
                elif tag == _PPR:
                    made._paragraph(sid, child)
            if match := _HEADING.match(title):
                made.levels.setdefault(sid, int(match[1]))
            if _PLACEHOLDER.search(title):
                made.placeholder.add(sid)
            if _TOC.match(title):
                made.contents.add(sid)
        made._inherit(based)
        return made

    def _paragraph(self, sid: str, properties: etree._Element) -> None:
        for child in properties:
            tag = child.tag
            if tag == _OUTLINE:
                level = whole(child.get(_VAL), OUTLINE_LEVELS)
                if 0 <= level < OUTLINE_LEVELS:
                    self.levels[sid] = level + 1
            elif tag == _NUMPR:
                ref, ilvl = child.find(w("numId")), child.find(w("ilvl"))
                if ref is not None:
                    self.numbered[sid] = ref.get(_VAL, ""), whole(ilvl.get(_VAL)) if ilvl is not None else 0

    def _inherit(self, based: dict[str, str]) -> None:
        for sid in based:
            seen, parent = {sid}, based.get(sid)
            while parent and parent not in seen:
                seen.add(parent)
                if parent in self.levels:
                    self.levels.setdefault(sid, self.levels[parent])
                if parent in self.numbered:
                    self.numbered.setdefault(sid, self.numbered[parent])
                if parent in self.placeholder:
                    self.placeholder.add(sid)
                parent = based.get(parent)
