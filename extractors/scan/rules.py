"""Rule lines of a level page picture, by morphology, in the form the PDF reader's grid takes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from extractors.page.rules import PageLines, Rule
from extractors.scan.black_and_white.broken_rules import mended
from extractors.scan.components import Components, components
from extractors.scan.picture_settings import SCAN_RULES
from extractors.scan.pieces import runs


@dataclass(slots=True)
class Ruled:
    """``lines`` in points; ``mask`` marks the rules' pixels (255), ``upright`` those of the vertical ones."""

    lines: PageLines
    mask: Any
    upright: Any


def em_of(ink: Any) -> float:
    """The size of the body's characters in pixels, from the heights of what stands alone on the page."""
    import cv2

    side = max(ink.shape)
    joined = cv2.dilate(ink, np.ones((1, max(3, round(0.004 * side))), np.uint8))
    stats = components(joined).stats[1:]
    low, high = 0.006 * side, 0.03 * side
    heights = [int(s[3]) for s in stats if low <= s[3] <= high and s[2] >= SCAN_RULES.wide * s[3]]
    weights = [int(s[2]) for s in stats if low <= s[3] <= high and s[2] >= SCAN_RULES.wide * s[3]]
    if not heights:
        return float(0.0135 * side)
    order = np.argsort(heights)
    total = np.cumsum(np.asarray(weights)[order])
    middle = np.asarray(heights)[order][int(np.searchsorted(total, total[-1] / 2))]
    return float(min(max(middle / 0.93, 0.009 * side), 0.02 * side))


def find_rules(ink: Any, grey: Any, em: float, scale: float) -> Ruled:
    """The rules of a page, of its ink and its grey picture. ``em`` in pixels; ``scale`` points a pixel."""
    import cv2

    length = max(12, round(1.3 * em))
    # A rule that is a little askew or rough steps from row to row: a pixel to either side counts as the same row.
    across = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    along = cv2.dilate(ink, np.ones((1, 3), np.uint8))
    horizontal = _thin(cv2.morphologyEx(across, cv2.MORPH_OPEN, np.ones((1, length), np.uint8)), em, upright=False)
    vertical = _thin(cv2.morphologyEx(along, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8)), em, upright=True)
    real = _real(horizontal, vertical, em)
    level, upright = (_clear(r, ink, em, upright) for r, upright in zip(real, (False, True), strict=True))
    horizontal, vertical = level.mask, _without_strokes(upright, level.mask, ink, grey, em)
    short = _without_strokes(_short(along, horizontal, ink, em), horizontal, ink, grey, em)
    horizontal, vertical, closed = mended(horizontal, cv2.bitwise_or(vertical, short), ink, em)
    if closed:  # where rules are broken, none quite runs into another
        near = cv2.dilate(horizontal, np.ones((5, 1), np.uint8))
        vertical = cv2.bitwise_or(vertical, _short(along, near, ink, em).mask)
    lines = PageLines(_rules(horizontal, em, scale, upright=False), _rules(vertical, em, scale, upright=True))
    return Ruled(lines, cv2.bitwise_or(horizontal, vertical), vertical)


def _short(along: Any, horizontal: Any, ink: Any, em: float) -> Components:
    """Vertical rules of low rows, no longer than strokes of characters: they run into the horizontal rules
    above and below, which strokes do not even where they all but touch them."""
    import cv2

    length = max(8, round(0.75 * em))
    parts = _thin(cv2.morphologyEx(along, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8)), em, upright=True)
    keep = np.zeros(parts.count, bool)
    for number, (x, y, width, height) in enumerate(parts.stats[1:, :4].tolist(), 1):
        columns = slice(x, x + width)
        if (
            height < SCAN_RULES.short * em
            and horizontal[y, columns].any()
            and horizontal[y + height - 1, columns].any()
        ):
            keep[number] = _straight(ink[y : y + height], x, width, em)
    # Whether paper lies beside them is asked last: few strokes of characters are left by then.
    return _clear(parts.among(keep), ink, em, upright=True)


def _without_strokes(vertical: Components, horizontal: Any, ink: Any, grey: Any, em: float) -> Any:
    """The mask of vertical rules without what only seems to run on through horizontal ones: strokes of characters in low rows
    all but touch the rules above and below, where they are paler than they are drawn, and other strokes run into them."""
    mask = vertical.mask
    reach = max(2, round(SCAN_RULES.touched * em))
    for x, y, width, height in vertical.stats[1:, :4].tolist():
        crossed = horizontal[y : y + height, x : x + width].any(axis=1)
        if height >= SCAN_RULES.of_strokes * em or not crossed.any() or x < reach:
            continue
        drawn = 255.0 - grey[y : y + height, max(0, x - 1) : x + width + 1].min(axis=1)
        beside = ink[y : y + height, x - reach : x + width + reach] > 0
        touched = beside[:, : reach - 1].any(axis=1) | beside[:, 1 - reach :].any(axis=1)
        touched &= np.convolve(crossed, np.ones(2 * SCAN_RULES.met_rows + 1), mode="same") == 0
        # The middles of the rules that it meets; what lies beside them may be paper.
        middles = [a + int(np.argmax(drawn[a:b])) for a, b in runs(crossed)]
        ends = [*([] if crossed[0] else [0]), *middles, *([] if crossed[-1] else [height - 1])]
        for a, b in itertools.pairwise(ends):
            part = drawn[a : b + 1]
            if touched[a:b].any() and float(part.min()) < SCAN_RULES.joint_share * float(np.median(part)):
                first, last = 0 if a == ends[0] else a, height if b == ends[-1] else b + 1
                mask[y + first : y + last, x : x + width] = 0
    return mask


def _straight(rows: Any, x: int, width: int, em: float) -> bool:
    """False for a bracket as high as its row: its stroke swings out. ``rows``: the ink; the rule stands at ``x``."""
    reach = max(2, round(0.12 * em))
    part = rows[:, max(0, x - reach) : x + width + reach] > 0
    # Next to the rules that it runs into, where a part of one may stand in a row, nothing is told of it.
    met = np.convolve(part.all(axis=1), np.ones(2 * SCAN_RULES.met_rows + 1), mode="same") > 0
    middles = [(y, float(np.nonzero(r)[0].mean())) for y, r in enumerate(part) if r.any() and not met[y]]
    if len(middles) < SCAN_RULES.straight_rows:
        return True
    ys, xs = np.array(middles).T
    return float(np.abs(xs - np.polyval(np.polyfit(ys, xs, 1), ys)).max()) <= max(
        SCAN_RULES.swing, SCAN_RULES.swing_ems * em
    )


def _thin(mask: Any, em: float, upright: bool) -> Components:
    """Only what is a line: solid blots and bold strokes are thick."""
    import cv2

    parts = components(mask)
    length = parts.stats[:, cv2.CC_STAT_HEIGHT if upright else cv2.CC_STAT_WIDTH]
    thickness = parts.stats[:, cv2.CC_STAT_AREA] / np.maximum(1, length)
    thin = thickness <= max(SCAN_RULES.thick, SCAN_RULES.thick_ems * em)
    return parts.among(thin & (length >= SCAN_RULES.slender * thickness))


def _real(horizontal: Components, vertical: Components, em: float) -> tuple[Components, Components]:
    """Without long strokes of large characters: what touches no rule of some characters' length."""
    import cv2

    both = cv2.dilate(cv2.bitwise_or(horizontal.mask, vertical.mask), np.ones((3, 3), np.uint8))
    count, labels = cv2.connectedComponents(both)
    longest = np.zeros(count, np.int64)
    homes = horizontal.of(labels), vertical.of(labels)
    for parts, home, side in zip((horizontal, vertical), homes, (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT), strict=True):
        np.maximum.at(longest, home[1:], parts.stats[1:, side].astype(np.int64))
    level, upright = (longest[home] >= SCAN_RULES.longest * em for home in homes)
    return horizontal.among(level), vertical.among(upright)


def _clear(parts: Components, ink: Any, em: float, upright: bool) -> Components:
    """Only rules with paper on both sides for most of their length: strokes of bold words that run together have none."""
    labels = parts.labels.T if upright else parts.labels
    ink = ink.T if upright else ink
    keep = np.ones(parts.count, bool)
    reach = max(3, round(0.16 * em))
    for number, place in enumerate(parts.stats[1:, :4].tolist(), 1):
        x, y, width, height = (place[i] for i in ((1, 0, 3, 2) if upright else (0, 1, 2, 3)))
        if width > SCAN_RULES.sure_length * em:
            continue
        own = labels[y : y + height, x : x + width] == number
        top = y + own.argmax(axis=0)
        bottom = y + height - 1 - own[::-1].argmax(axis=0)
        columns = np.arange(x, x + width)
        marked = np.zeros(width, bool)
        for step in range(2, reach + 2):
            above, below = (top - step).clip(0), (bottom + step).clip(None, ink.shape[0] - 1)
            marked |= (ink[above, columns] > 0) | (ink[below, columns] > 0)
        if float(marked.mean()) > SCAN_RULES.beside_share:
            keep[number] = False
    return parts.among(keep)


def _rules(mask: Any, em: float, scale: float, upright: bool) -> list[Rule]:
    """The rules in points; pieces in one row with next to nothing between them are one."""
    parts = components(mask)
    pieces: list[Rule] = []
    for (x, y, width, height), middle in zip(parts.stats[1:, :4].tolist(), parts.middles[1:].tolist(), strict=True):
        at = middle[0 if upright else 1] + 0.5
        start, end = (y, y + height) if upright else (x, x + width)
        pieces.append(Rule(at, start, end))
    found: list[Rule] = []
    for piece in sorted(pieces, key=lambda r: r.start):
        before = [
            i
            for i, r in enumerate(found)
            if abs(r.at - piece.at) <= SCAN_RULES.same_level * em
            and -SCAN_RULES.overlap * em <= piece.start - r.end <= SCAN_RULES.gap * em
        ]
        if before:
            nearest = min(before, key=lambda i: abs(found[i].at - piece.at))
            last = found[nearest]
            long, short = last.end - last.start, piece.end - piece.start
            at = (last.at * long + piece.at * short) / (long + short)
            found[nearest] = Rule(at, last.start, max(last.end, piece.end))
        else:
            found.append(piece)
    return [Rule(r.at * scale, r.start * scale, r.end * scale) for r in found]
