"""Text that was struck out: a rule from its first to its last character, halfway up. A person reads it as deleted."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from extractors.document.doubts import BESIDE_STRUCK_OUT
from extractors.page.characters import Char
from extractors.page.rules import Rule
from extractors.page.settings import STRUCK


def without_struck(chars: list[Char], rules: Sequence[Rule]) -> tuple[list[Char], str]:
    """``chars`` without those struck out by one of the level ``rules``, and what those say."""
    lines: dict[int, list[Char]] = defaultdict(list)
    for char in chars:
        if char.text != " " and char.angle == 0:
            lines[round(char.base)].append(char)
    struck: set[int] = set()
    bases = sorted(lines)
    for rule in rules:
        for base in bases[bisect_left(bases, int(rule.at)) : bisect_left(bases, int(rule.at) + 20)]:
            struck.update(id(c) for c in _covered(rule, lines[base]))
    if not struck:
        return chars, ""
    for index, char in enumerate(chars):
        if id(char) not in struck:
            around = chars[max(0, index - 1) : index + 2]
            if any(id(c) in struck for c in around):
                char.doubted(BESIDE_STRUCK_OUT)
    return [c for c in chars if id(c) not in struck], "".join(c.text for c in chars if id(c) in struck)


def _covered(rule: Rule, line: Sequence[Char]) -> list[Char]:
    """The characters of a line that a rule runs through from end to end."""
    low, high = STRUCK.height
    if not low * line[0].size < line[0].base - rule.at < 2 * high * line[0].size:
        return []
    found = [c for c in line if low * c.size < c.base - rule.at < high * c.size and rule.start < c.middle < rule.end]
    if not found:
        return []
    first, last = min(found, key=lambda c: c.x0), max(found, key=lambda c: c.x1)
    near = STRUCK.end * first.size
    return found if abs(rule.start - first.x0) < near and abs(rule.end - last.x1) < near else []
