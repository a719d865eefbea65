"""Which horizontal rules are those of one table, where no vertical ones tell."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from statistics import median

from extractors.page.grid import clustered
from extractors.page.rules import Box, Rule
from extractors.page.segments import Segment, Segments
from extractors.page.settings import RULES
from extractors.page.table_settings import HORIZONTAL
from extractors.page.tables.rows_by_text import headed

_Band = tuple[Rule, Rule, list[Segment]]


def edges_of_grounds(rules: Sequence[Rule], grounds: Sequence[Box]) -> list[Rule]:
    """``rules`` with the edges of the grounds that rows between them stand on: as wide as a rule, and stacked upon it."""
    found = sorted(rules)
    stacked = sorted(grounds, key=lambda g: g.y0)
    for order in (stacked, stacked[::-1]):
        for ground in order:
            near = [r for y in (ground.y0, ground.y1) for r in _at(found, y) if _as_wide(ground, r)]
            if near:
                for y in (ground.y0, ground.y1):
                    if not any(abs(y - r.at) <= RULES.snap_y for r in near):
                        insort(found, Rule(y, ground.x0, ground.x1))
    return found


def _at(rules: Sequence[Rule], y: float) -> Sequence[Rule]:
    """Those of the sorted ``rules`` that run at ``y``."""
    first = bisect_left(rules, y - RULES.snap_y, key=lambda r: r.at)
    return rules[first : bisect_right(rules, y + RULES.snap_y, key=lambda r: r.at)]


def _as_wide(ground: Box, rule: Rule) -> bool:
    return abs(ground.x0 - rule.start) < HORIZONTAL.edge and abs(ground.x1 - rule.end) < HORIZONTAL.edge


def in_pieces_of(rule: Rule, pieces: Sequence[Rule], xs: Sequence[float]) -> bool:
    """Whether a rule is drawn in pieces that end where the columns of a table do, at ``xs``: a row of it ends there."""
    if len(xs) < HORIZONTAL.rest_columns or max(abs(rule.start - xs[0]), abs(rule.end - xs[-1])) > HORIZONTAL.edge:
        return False
    ends = _ends(rule, pieces)
    return all(any(abs(x - end) < HORIZONTAL.same_end for end in ends) for x in xs[1:-1])


def drawn_alike(rules: Sequence[Rule], pieces: Sequence[Rule]) -> bool:
    """Whether two rules are drawn in the same pieces: so few are a table's where each cell draws its own."""
    match rules:
        case [one, other]:
            xs = clustered(_ends(one, pieces), HORIZONTAL.same_end)
            return in_pieces_of(other, pieces, xs) and in_pieces_of(
                one, pieces, clustered(_ends(other, pieces), HORIZONTAL.same_end)
            )
        case _:
            return False


def _ends(rule: Rule, pieces: Sequence[Rule]) -> list[float]:
    return [x for p in pieces if abs(p.at - rule.at) < HORIZONTAL.same_level for x in (p.start, p.end)]


def rule_groups(rules: list[Rule], pieces: Sequence[Rule], text: Segments) -> list[list[Rule]]:
    """Horizontal rules of one table each, from the top: rules of full width, and shorter ones beside a merged cell."""
    found: list[list[Rule]] = []
    left = sorted((r for r in rules if r.end - r.start >= HORIZONTAL.shortest), key=lambda r: r.start - r.end)
    while left:
        widest = left[0]
        own = [r for r in left if widest.start - HORIZONTAL.edge <= r.start and r.end <= widest.end + HORIZONTAL.edge]
        own = sorted(
            r
            for r in own
            if abs(r.start - widest.start) <= HORIZONTAL.edge or abs(r.end - widest.end) <= HORIZONTAL.edge
        )
        left = [r for r in left if r not in own]
        wide = [Rule(r.at, widest.start, widest.end) for r in own]
        if sum(1 for r in own if r.end - r.start > widest.end - widest.start - 2 * HORIZONTAL.edge) <= 1 or (
            len(own) < HORIZONTAL.rules and not drawn_alike(own, pieces)
        ):
            continue
        bands = [(a, b, text.within(_band(a, b))) for a, b in itertools.pairwise(wide)]
        em = median([s.em for _, _, shown in bands for s in shown] or [HORIZONTAL.no_size])
        current = [own[0]]
        for above, below, rule in zip(wide, wide[1:], own[1:], strict=False):
            if _apart(above, below, bands, em, text):
                found.append(current)
                current = []
            current.append(rule)
        found.append(current)
    for group in found:
        low, high = group[0], group[-1]
        inner = [
            r for r in rules if r not in group and low.at < r.at < high.at and r.end - r.start < HORIZONTAL.shortest
        ]
        group.extend(r for r in inner if low.start - HORIZONTAL.edge <= r.start and r.end <= low.end + HORIZONTAL.edge)
        group.sort()
    return found


def _apart(above: Rule, below: Rule, bands: Sequence[_Band], em: float, text: Segments) -> bool:
    """True where what stands between two rules is no row: nothing, text that begins left of where cells' text does, or a
    heading. ``bands``: all rules of full width, with the texts between them;
    ``em``: the size of most of these."""
    between = text.within(Box(above.start - HORIZONTAL.around, above.at, above.end + HORIZONTAL.around, below.at))
    if not between:
        least = min((b.at - a.at for a, b, shown in bands if shown), default=0.0)
        return not HORIZONTAL.low_share * least < below.at - above.at < HORIZONTAL.high
    if any(s.start < above.start - HORIZONTAL.outside or s.end > above.end + HORIZONTAL.outside for s in between):
        return True
    return headed(between, em) or min(s.start for s in between) - above.start < HORIZONTAL.flush_share * _pad(bands)


def _pad(bands: Sequence[_Band]) -> float:
    """The space left of the first text of rows; 0 where most of them stand close to the table's edge."""
    offsets = [min(s.start for s in shown) - above.start for above, _, shown in bands if shown]
    padded = [offset for offset in offsets if offset > HORIZONTAL.padding]
    return min(padded) if 2 * len(padded) > len(offsets) else 0.0


def _band(above: Rule, below: Rule) -> Box:
    return Box(above.start, above.at, above.end, below.at)
