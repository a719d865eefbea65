"""Which horizontal rules underline words, and bound no cell."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from extractors.page.characters import Char
from extractors.page.rules import Rule
from extractors.page.table_settings import UNDERLINES


def without_underlines(rules: Sequence[Rule], chars: Sequence[Char], *, anywhere: bool = False) -> list[Rule]:
    """Rules without those right beneath letters that begin with their line and end with it or in the midst of its text: between
    text and border a cell has room. ``anywhere``: those that begin or end in the midst of a text, too, as only borders beneath
    merged cells do."""
    low = sorted((c for c in chars if not c.angle), key=lambda c: c.base)
    bases = [c.base for c in low]
    found: list[Rule] = []
    for rule in rules:
        first, last = bisect_left(bases, rule.at - UNDERLINES.most), bisect_right(bases, rule.at)
        line = [c for c in low[first:last] if rule.at - c.base < UNDERLINES.below * c.size]
        if not line or not _underlines(rule, line, anywhere=anywhere):
            found.append(rule)
    return found


def _underlines(rule: Rule, line: Sequence[Char], *, anywhere: bool) -> bool:
    letters = [c for c in line if c.text != " "]
    if anywhere and any(_in_midst(letters, x) for x in (rule.start, rule.end)):
        return True
    start, end = min(c.x0 for c in line), max(c.x1 for c in line)
    if abs(start - rule.start) > UNDERLINES.flush:
        return False
    return abs(end - rule.end) < UNDERLINES.flush or _in_midst(letters, rule.end)


def _in_midst(letters: Sequence[Char], x: float) -> bool:
    """Whether letters of one piece of text stand on either side of ``x``."""
    left = max((c for c in letters if c.middle < x), key=lambda c: c.x1, default=None)
    right = min((c for c in letters if c.middle > x), key=lambda c: c.x0, default=None)
    return left is not None and right is not None and right.x0 - left.x1 < UNDERLINES.running * right.size
