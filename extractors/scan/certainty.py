"""How sure a reading is: the model's own probability, a second reading at another scale, and what characters look alike; and
whether what was read as one cell may be two.

The levels were held against the truth of made scans (150 to 300 dpi, noise, skew, JPEG, seals, shadows).
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

import numpy as np

from extractors.page.characters import Char
from extractors.page.lines import Line, is_wide
from extractors.page.rules import Box
from extractors.scan.mark_settings import PAGES
from extractors.scan.recognition import ReadChar
from extractors.scan.settings import CERTAINTY, READ_TEXT

PUNCTUATION = frozenset("（）()，,：:；;、。！？!?“”\"‘’'《》【】〔〕[]·…—–-*")
"""Marks whose width or kind changes no value; which of them it was is not held against a text."""
_SELDOM = frozenset("！!？?*·")
"""Marks that forms hardly have: read unsurely they may be what is left of a character."""
_STOPS = frozenset("，,。、；;“”\"‘’'")
"""Marks that part sentences, of which one is easily taken for another, and those that they are taken for."""
CONFUSABLE = frozenset("0OoQD1Ili5S8B2Z6G")
TWINS = frozenset("日曰未末己已巳土士戊戌戍钩钧洗冼毫亳逢逄昊炅千干")
"""Characters that differ by a stroke or its length, of which one stands in names that few have."""
_SIGNS = frozenset(".%‰±<>≤≥-")
_PER_MILLE = re.compile(r"[0-9]\s?(?:[%％]\s?[0oO〇°]|‰)")
_NUMBER = re.compile(r"[约≥≤>＞<＜]?[0-9][0-9.,，．·]*[0-9][%％万亿元家]*")


class Stretch(NamedTuple):
    """The characters ``first`` … ``last`` of a line that are read again, and from where to where that is, with a character to
    either side (shares of the line's width, 0 to 1)."""

    first: int
    last: int
    start: float
    end: float


def stretches(chars: Sequence[ReadChar]) -> list[Stretch]:
    """What of a line is worth a second reading: its figures and Latin words, for pressed together the same figure several
    times over may be read once less, and surely; and the unsure characters of a short line, whose every one counts. What
    stands close together is one, but a % ends it: it is read with little beside it."""
    short = len(chars) <= CERTAINTY.short
    groups: list[tuple[int, int]] = []
    for i, c in enumerate(chars):
        figure = c.text.isascii() and c.text.isalnum()
        percent = (
            c.text in "%％" and bool(groups) and "".join(b.text for b in chars[groups[-1][1] + 1 : i]).strip() == ""
        )
        if not (figure or percent or (short and c.sure < CERTAINTY.unsure and _counts(chars, i))):
            continue
        if groups and i - groups[-1][1] <= CERTAINTY.beside + 1 and chars[groups[-1][1]].text not in "%％":
            groups[-1] = (groups[-1][0], i)
        else:
            groups.append((i, i))
    return [
        Stretch(a, b, _between(chars, a - CERTAINTY.beside), _between(chars, b + CERTAINTY.beside + 1))
        for a, b in groups
    ]


def _counts(chars: Sequence[ReadChar], at: int) -> bool:
    """Whether a character says something: blanks and marks between words do not."""
    beside = (chars[i].text for i in (at - 1, at + 1) if 0 <= i < len(chars))
    return chars[at].text.strip() != "" and (
        chars[at].text not in PUNCTUATION or any(b.isascii() and b.isalnum() for b in beside)
    )


def agree(chars: Sequence[ReadChar], stretch: Stretch, second: Sequence[ReadChar]) -> bool:
    """Whether a second reading of a stretch says the same. Of the characters beside it, which its edges may cut, only
    figures and signs are compared, and of a long line those alone."""
    beside = chars[max(0, stretch.first - CERTAINTY.beside) : stretch.last + CERTAINTY.beside + 1]
    if plain_of(_text(second)) != plain_of(_text(beside)):
        return False
    return len(chars) > CERTAINTY.short or _place(chars, stretch, second) is not None


def surer(chars: Sequence[ReadChar], stretch: Stretch, second: Sequence[ReadChar]) -> list[ReadChar]:
    """The characters with the surer reading's confidence where two say the same (see :func:`agree`)."""
    found = list(chars)
    place = _place(chars, stretch, second)
    if place is not None:
        own = _saying(chars, stretch.first, stretch.last + 1)
        other = _saying(second, 0, len(second))[place : place + len(own)]
        if _score([second[j] for j in other]) > _score([chars[i] for i in own]) + CERTAINTY.first:
            for i, j in zip(own, other, strict=True):
                found[i] = ReadChar(found[i].text, found[i].at, second[j].sure)
    return found


def _saying(chars: Sequence[ReadChar], start: int, end: int) -> list[int]:
    """The characters between two that say something."""
    return [i for i in range(start, end) if _counts(chars, i)]


def _place(chars: Sequence[ReadChar], stretch: Stretch, second: Sequence[ReadChar]) -> int | None:
    """Behind how many of a second reading's characters those of the stretch stand in it, at most as many before and behind
    them as were read with it; None where they do not."""
    own = [_folded(chars[i].text) for i in _saying(chars, stretch.first, stretch.last + 1)]
    other = [_folded(second[i].text) for i in _saying(second, 0, len(second))]
    more = len(other) - len(own)
    return next(
        (
            place
            for place in range(CERTAINTY.beside + 1)
            if 0 <= more - place <= CERTAINTY.beside and other[place : place + len(own)] == own
        ),
        None,
    )


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _text(chars: Sequence[ReadChar]) -> str:
    return "".join(c.text for c in chars)


def _between(chars: Sequence[ReadChar], at: int) -> float:
    """The place between a character and the one before it."""
    return (chars[at - 1].at + chars[at].at) / 2 if 0 < at < len(chars) else float(at > 0)


def plain_of(text: str) -> str:
    """The figures and Latin letters of a text with their points and the signs that change what a figure says, without what
    stands between."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(c for c in text if (c.isascii() and c.isalnum()) or c in _SIGNS).strip(".")


def sure_of(first: Sequence[ReadChar], second: Sequence[ReadChar]) -> list[ReadChar]:
    """The better of two readings, each character with the confidence that both together give it."""
    better, other = (first, second) if _score(first) >= _score(second) - CERTAINTY.first else (second, first)
    disputed = _disputed(better, other)
    return [
        ReadChar(c.text, c.at, min(CERTAINTY.disputed, c.sure) if i in disputed else c.sure)
        for i, c in enumerate(better)
    ]


def reads_per_mille(chars: Sequence[ReadChar]) -> bool:
    """Whether ‰ stands behind a figure, or what the recogniser makes of it. Pressed together or with paper around it, its smaller
    ring is lost, and ten times as much is surely read."""
    return _PER_MILLE.search("".join(c.text for c in chars)) is not None


def hides_a_point(chars: Sequence[ReadChar], part: Any) -> bool:
    """True where a number has more points or commas in its picture (``part``: its ink) than were read, or is too small to
    tell: the recogniser passes over those that stand close to a figure, and 3.3 becomes 33."""
    import cv2

    text = "".join(c.text for c in chars).strip()
    if not _NUMBER.fullmatch(text):
        return False
    _, _, stats, middles = cv2.connectedComponentsWithStats(part.astype(np.uint8))
    tall = stats[1:, cv2.CC_STAT_HEIGHT]
    if not len(tall):
        return False
    high = float(tall.max())
    if high < CERTAINTY.least_figure:
        return True
    full = stats[1:][tall > CERTAINTY.figure_share * high]
    foot, left = float(np.median(full[:, 1] + full[:, 3])), int(full[:, 0].min())
    points = 0
    for (x, y, width, height, area), (_, middle) in zip(stats[1:].tolist(), middles[1:].tolist(), strict=True):
        small = (
            height <= CERTAINTY.point_height_share * high
            and width <= CERTAINTY.point_width_share * high
            and area >= max(CERTAINTY.point_pixels, CERTAINTY.point_ink_share * high * high)
        )
        points += (
            small
            and x > left
            and middle > foot - CERTAINTY.point_foot_share * high
            and y + height < foot + CERTAINTY.point_foot_share * high
        )
    return points > sum(text.count(mark) for mark in ".,，．·")


def without_phantom(chars: list[ReadChar], part: Any, em: float) -> list[ReadChar]:
    """The characters without a closing bracket at their end that there is no ink for: where a bracket opens near a line's end the
    recogniser closes it, and 收入（万 | 元） becomes 收入（万） | 元）. ``part``: the line's ink."""
    if len(chars) <= 1 or chars[-1].text not in ")）" or not is_wide(chars[-2].text):
        return chars
    height, width = part.shape
    inked = np.nonzero(part.any(axis=0))[0]
    before, size = chars[-2].at * width, min(height / 1.24, em)
    near = chars[-1].at * width - before < READ_TEXT.phantom_at * size
    return chars[:-1] if near and len(inked) and float(inked[-1]) - before < READ_TEXT.phantom_ink * size else chars


def weighed(chars: Sequence[ReadChar]) -> list[ReadChar]:
    """The characters with what their company says of them: marks between words do not make a text unsure, and letters that
    look like digits do in a code that has both, and in an address of mail."""
    return _cautiously(_leniently(chars))


def _cautiously(chars: Sequence[ReadChar]) -> list[ReadChar]:
    found = list(chars)
    whole = "".join(c.text if len(c.text) == 1 else " " for c in chars)
    for token in re.finditer(r"[0-9A-Za-z]+", whole):
        text = token.group()
        if text.isdigit() or (text.isalpha() and "@" not in whole):
            continue
        for i in range(*token.span()):
            c = found[i]
            if c.text in CONFUSABLE and c.sure < CERTAINTY.plain:
                found[i] = ReadChar(c.text, c.at, min(c.sure, CERTAINTY.most))
    for i, c in enumerate(found):
        # A day of the month is no name.
        if c.text in TWINS and c.sure < CERTAINTY.plain and not (c.text == "日" and whole[:i].rstrip()[-1:].isdigit()):
            found[i] = ReadChar(c.text, c.at, min(c.sure, CERTAINTY.most))
    return found


def no_surer(chars: Sequence[ReadChar], most: float) -> list[ReadChar]:
    """The characters with ``most`` at most for each."""
    return [ReadChar(c.text, c.at, min(c.sure, most)) for c in chars]


def on_two_tones(chars: Sequence[ReadChar]) -> list[ReadChar]:
    """The characters of a page of black and white alone: a figure loses a stroke to the threshold, and 4 becomes 1."""
    return [
        ReadChar(c.text, c.at, min(c.sure, CERTAINTY.most)) if c.text.isdigit() and c.sure < CERTAINTY.plain else c
        for c in chars
    ]


def _leniently(chars: Sequence[ReadChar]) -> list[ReadChar]:
    """Marks between words do not make a text unsure; within a number they do."""
    found: list[ReadChar] = []
    for i, c in enumerate(chars):
        beside = [chars[j].text for j in (i - 1, i + 1) if 0 <= j < len(chars)]
        mark = c.text in PUNCTUATION and c.text not in _SELDOM
        plain = mark and not any(b.isascii() and b.isalnum() for b in beside)
        blank = not c.text.strip()
        least = CERTAINTY.most if c.text in _STOPS and c.sure < CERTAINTY.mark_seen else CERTAINTY.mark
        found.append(ReadChar(c.text, c.at, max(c.sure, least)) if plain or blank else c)
    return found


def _score(chars: Sequence[ReadChar]) -> float:
    return sum(c.sure for c in chars) / len(chars) if chars else 0.0


def _disputed(chars: Sequence[ReadChar], others: Sequence[ReadChar]) -> set[int]:
    """The characters that the other reading has not, and those between which it has one more."""
    one, other = ([unicodedata.normalize("NFKC", c.text) for c in side] for side in (chars, others))
    found: set[int] = set()
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "insert" and any(t.strip() and t not in PUNCTUATION for t in other[c:d]):
            found |= {a - 1, a} & set(range(len(one)))
        elif kind != "equal":
            found |= set(range(a, b))
    return found


_GOES_ON = frozenset("：:年月日_—-（）()章")
"""Beside these there is room for what is to be written."""


def gapes(chars: list[Char]) -> bool:
    """True where words of a line stand as far apart as in two cells: the rule between them may have been lost."""
    shown = [c for c in chars if c.text.strip() and c.angle == 0]
    return any(
        b.x0 - a.x1 > PAGES.gap * max(a.size, b.size) and a.text not in _GOES_ON and b.text not in _GOES_ON
        for a, b in itertools.pairwise(shown)
    )


def parted(box: Box, boxes: list[Box], ruled: Any, scale: float) -> bool:
    """True where a part of a rule runs through a cell on a line that parts its neighbours: the rest of it may have been lost,
    and the cell be two."""
    inset, reach = 4.0, 2.5
    x0, y0, x1, y1 = (round(v / scale) for v in (box.x0 + inset, box.y0 + inset, box.x1 - inset, box.y1 - inset))
    if x1 - x0 < PAGES.parted_pixels or y1 - y0 < PAGES.parted_pixels:
        return False
    near = round(reach / scale)
    rows = {round(v / scale) for b in boxes for v in (b.y0, b.y1) if box.y0 + 2 * inset < v < box.y1 - 2 * inset}
    columns = {round(v / scale) for b in boxes for v in (b.x0, b.x1) if box.x0 + 2 * inset < v < box.x1 - 2 * inset}
    strips = [ruled[row - near : row + near + 1, x0:x1].any(axis=0) for row in rows]
    strips += [ruled[y0:y1, column - near : column + near + 1].any(axis=1) for column in columns]
    return any(float(strip.mean()) > PAGES.parted_share for strip in strips)


def stacked(box: Box, boxes: list[Box], lines: list[Line]) -> bool:
    """True where a blank as high as a line lies in a cell over a line that parts its neighbours, text above and below: the rule
    between two cells may have been lost. The lines of one text stand closer."""
    edges = {v for b in boxes for v in (b.y0, b.y1) if box.y0 < v < box.y1}
    return any(
        a.base < edge < b.base - b.size and b.base - b.size - a.base > PAGES.stacked * a.size
        for a, b in itertools.pairwise(lines)
        for edge in edges
    )
