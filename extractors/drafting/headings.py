"""Numbered headings: how deep, which number, what they say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from extractors.drafting.printed import joined
from records.numbers import chinese

HEADING = 40
"""The longest heading, its brackets aside."""
_CHINESE = "一二三四五六七八九十"
_VALUES = {c: n for n, c in enumerate(_CHINESE, 1)}
_STYLES = (
    re.compile(rf"^第?\s*+([{_CHINESE}]{{1,3}})(?:\s*+(?:部分|章|[、.．，,:：])|\s++(?=\S))\s*+[、.．:：]?\s*+"),
    re.compile(rf"^[（(]\s*+([{_CHINESE}]{{1,3}})\s*+[)）]\s*+[、.．]?\s*+"),
    re.compile(r"^(\d{1,2})\s*(?:[、.．](?!\d)|\s(?=[^\d\s]))\s*"),
    re.compile(r"^(?:\d{1,2}[.．])(\d{1,2})\s*+[、.．]?\s*+(?:(?=[^\d.．])|(?<=\s))"),
    re.compile(r"^[（(]\s*(\d{1,2})\s*[)）]\s*"),
)
"""The ways to number a heading, the outermost first."""
_BRACKETS = re.compile(r"[（(][^（()）]*[)）]")


class Heading(NamedTuple):
    """``style``: the place of its way of numbering among :data:`_STYLES`; ``number`` from 1; ``text`` behind the number."""

    style: int
    number: int
    text: str


def heading(text: str) -> Heading | None:
    """The numbered heading that a line is, None where it is none."""
    plain = " ".join(text.split())
    for style, pattern in enumerate(_STYLES):
        match = pattern.match(plain)
        if match:
            rest = joined(plain[match.end() :])
            bare = _BRACKETS.sub("", rest).rstrip("：:")
            if not bare or len(bare) > HEADING or bare[-1] in "。；;，,、！？" or "。" in bare:
                return None
            return Heading(style, numeral(match[1]), rest.rstrip("：:"))
    return None


def numeral(text: str) -> int:
    """The number of a heading's numeral: 三, 十二, 7."""
    if text.isdigit():
        return int(text)
    tens, _, ones = text.rpartition("十")
    return (_VALUES.get(tens, 1) * 10 if "十" in text else 0) + _VALUES.get(ones, 0)


@dataclass(slots=True)
class Outline:
    """The headings that are open, outermost first."""

    open: list[Heading] = field(default_factory=list)

    def enter(self, found: Heading) -> int:
        """Take a heading; its depth from 1."""
        while self.open and self.open[-1].style >= found.style:
            self.open.pop()
        self.open.append(found)
        return len(self.open)

    def number(self) -> str:
        """The open heading's number in Chinese numerals: 二, 三（一）."""
        first, *deeper = [chinese(h.number) for h in self.open[:2]] or [""]
        return first + "".join(f"（{n}）" for n in deeper)

    def parent(self) -> str:
        return self.open[-2].text if len(self.open) > 1 else ""
