"""Pieces of a page picture → lines of characters with their place, size and confidence.

Here the picture corrects the recogniser where it is known to go wrong: dashes, slashes, wide digits, marks of footnotes.
"""

from __future__ import annotations

import bisect
import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from extractors.document.doubts import OCR_LINE
from extractors.page.characters import BOXES, Char
from extractors.page.lines import is_wide
from extractors.scan.certainty import (
    hides_a_point,
    no_surer,
    weighed,
    without_phantom,
)
from extractors.scan.pieces import Piece, is_stray, lie_over, runs
from extractors.scan.readings import readings
from extractors.scan.recognition import Engine, ReadChar
from extractors.scan.seals import SealSpot
from extractors.scan.settings import CERTAINTY, READ_TEXT
from extractors.scan.spelling import number_one, spelt

_BROAD = frozenset("%@&MWmw")
_DEEP = frozenset("gjpqy,;()[]{}|/@Q$_")


@dataclass(slots=True)
class Line:
    """A piece that was read: its characters, where its ink stands."""

    piece: Piece
    chars: list[ReadChar]
    top: int = 0
    bottom: int = 0
    size: float = 0.0


def recognised(
    pieces: list[Piece],
    clean: Any,
    engine: Engine,
    plain: Any,
    ruled: Any,
    em: float,
    seals: Sequence[SealSpot] = (),
) -> list[Line]:
    """The pieces as lines, without those that are no text.

    ``clean`` is the picture without rules and boxes, ``plain`` its ink, ``ruled`` the rules, ``em`` the size of most text in pixels.
    """

    read = readings(pieces, clean, engine, plain, ruled, em)
    lines = [Line(p, chars) for p, chars in zip(*read, strict=True)]
    for line in lines:
        p = line.piece
        part = plain[p.y0 : p.y1, p.x0 : p.x1] > 0
        line.chars = spelt(without_phantom(line.chars, part, em))
        line.chars = weighed(_without_wide_blanks(line, em))
        _doubt_beside_unread(line, plain, em)
        if hides_a_point(line.chars, part):
            line.chars = no_surer(line.chars, CERTAINTY.disputed)
    _doubt_doubles(lines)
    kept = [
        line
        for line in lines
        if line.chars
        and (line.piece.found or _is_text(line, em))
        and not is_stray(line.piece, line.chars, plain, seals, em)
    ]
    for line in kept:
        _measure(line, plain, em)
    _even_sizes(kept)
    for line in kept:
        _dashes(line, clean)
        _slash(line, plain)
    return kept


def _doubt_beside_unread(line: Line, plain: Any, em: float) -> None:
    """Doubts the characters next to ink that none was read of: the recogniser may leave one out and be sure of the rest."""
    p = line.piece
    shown = [i for i, c in enumerate(line.chars) if c.text.strip()]
    if not shown:
        return
    size = p.height / 1.24 if p.height < READ_TEXT.low_line * em else max(0.75 * em, min(p.height / 1.24, 1.6 * em))
    unread = (plain[p.y0 : p.y1, p.x0 : p.x1] > 0).any(axis=0)
    middles = [line.chars[i].at * p.width for i in shown]
    ink = runs(unread)
    starts, own = [a for a, _ in ink], [0.0] * len(ink)
    for i, middle in zip(shown, middles, strict=True):
        text = line.chars[i].text
        wide = is_wide(text) or text in _BROAD
        half = (READ_TEXT.wide_reach if wide else READ_TEXT.narrow_reach) * size
        unread[max(0, int(middle - half)) : int(middle + half) + 1] = False
        if starts:
            own[bisect.bisect(starts, middle) - 1] += READ_TEXT.own_ink[wide] * size
    for (a, b), room in zip(ink, own, strict=True):
        if b - a <= room:
            unread[a:b] = False  # where in it they stand the recogniser only guesses
    for a, b in runs(unread):
        if b - a <= READ_TEXT.unread * size:
            continue
        after = bisect.bisect(middles, a)
        for at in {max(0, after - 1), min(after, len(shown) - 1)}:
            c = line.chars[shown[at]]
            line.chars[shown[at]] = ReadChar(c.text, c.at, min(c.sure, CERTAINTY.disputed))


def _doubt_doubles(lines: list[Line]) -> None:
    """Doubts what was read of pieces that lie over one another: their characters may stand there twice."""
    for one, other in itertools.combinations(lines, 2):
        if one.piece.x0 < other.piece.x1 and other.piece.x0 < one.piece.x1 and lie_over(one.piece, other.piece):
            for line in (one, other):
                line.chars = no_surer(line.chars, CERTAINTY.disputed)


def _is_text(line: Line, em: float) -> bool:
    """Whether ink that the detector passed over is text: surely read, or as large as a character."""
    if line.piece.height > READ_TEXT.max_height * em and len(line.chars) < READ_TEXT.few:
        return False  # the ring of a seal, a drawing
    best = max(c.sure for c in line.chars)
    return best > READ_TEXT.sure or (
        best > READ_TEXT.half_sure
        and line.piece.height >= READ_TEXT.text_height * em
        and line.piece.width >= READ_TEXT.text_width * em
    )


def _without_wide_blanks(line: Line, em: float) -> list[ReadChar]:
    """Digits set as wide as Chinese characters come with blanks between; a number has none."""
    shown = [c for c in line.chars if c.text.strip()]
    return shown if _wide_number(shown, line.piece.width, em) else line.chars


def _wide_number(chars: list[ReadChar], width: float, size: float) -> bool:
    """True for a number whose digits are as wide as Chinese characters."""
    if len(chars) <= 1 or not all(c.text in "0123456789.%．％" for c in chars):
        return False
    return (chars[-1].at - chars[0].at) * width > READ_TEXT.wide_figure * size * (len(chars) - 1)


def _dashes(line: Line, clean: Any) -> None:
    """Makes a dash of what was read as 一 and is thin from end to end: the character is thicker, or has a foot."""
    p = line.piece
    text = "".join(c.text[:1] or " " for c in line.chars)
    folio = re.fullmatch(r"[-—–－一][0-9]{1,3}[-—–－一]", "".join(text.split())) is not None
    middle, reach = (line.top + line.bottom) // 2, round(0.25 * line.size)
    for i, c in enumerate(line.chars):
        if c.text != "一" or number_one(text, i):
            continue
        if folio:
            line.chars[i] = ReadChar("—", c.at, c.sure)
            continue
        x = p.x0 + round(c.at * p.width)
        x0 = max(0, x - round(0.8 * line.size))
        part = clean[max(0, middle - reach) : middle + reach, x0 : x + round(0.8 * line.size)]
        if _even_stroke((255.0 - part.astype(np.float32)).sum(axis=0) / 255, x - x0, line.size):
            line.chars[i] = ReadChar("—", c.at, min(c.sure, READ_TEXT.dash))


def _even_stroke(thick: Any, middle: int, size: float) -> bool:
    """True for a stroke nearly an em long, thin, and as thin at its ends as between: 一 has a foot, or is thicker.

    ``thick`` is the ink of each column, ``middle`` the column where the stroke should be."""
    reach = round(0.25 * size)
    usual = float(np.median(thick[max(0, middle - reach) : middle + reach + 1]))
    if not READ_TEXT.thin < usual <= READ_TEXT.thin_most * size:
        return False
    start, end = max(
        runs((thick > READ_TEXT.even[0] * usual) & (thick < READ_TEXT.even[1] * usual)),
        key=lambda r: r[1] - r[0],
        default=(0, 0),
    )
    if end - start >= READ_TEXT.even_length * size:
        return True
    beyond = max(thick[start - 1] if start else 0.0, thick[end] if end < len(thick) else 0.0)
    return end - start >= READ_TEXT.dash_length * size and beyond < usual


def _slash(line: Line, plain: Any) -> None:
    """Makes a slash of a lone stroke that leans and was read as 1: forms have it where nothing applies."""
    if len(line.chars) != 1 or line.chars[0].text not in "1lIi|丨jJ!":
        return
    p = line.piece
    ys, xs = np.nonzero(plain[p.y0 : p.y1, p.x0 : p.x1])
    if len(ys) < READ_TEXT.stroke_pixels or int(ys.max() - ys.min()) < READ_TEXT.stroke_height:
        return
    lean, foot = np.polyfit(ys, xs, 1)
    spread = float(np.abs(xs - (lean * ys + foot)).mean())
    if READ_TEXT.lean[0] < lean < READ_TEXT.lean[1] and spread < READ_TEXT.spread * line.size:
        line.chars = [ReadChar("/", line.chars[0].at, min(line.chars[0].sure, READ_TEXT.slash))]


def _measure(line: Line, plain: Any, em: float) -> None:
    """Top, bottom and size of the line's characters from its ink; ``em`` is the size of most text on the page."""
    p = line.piece
    part = plain[p.y0 : p.y1, p.x0 : p.x1] > 0
    filled = part.sum(axis=1)
    # What a rule or an underline left behind is thinner than any row of characters.
    rows = np.nonzero(filled > READ_TEXT.filled_share * filled.max())[0] if part.size else np.zeros(0, int)
    line.top, line.bottom = (p.y0 + int(rows[0]), p.y0 + int(rows[-1]) + 1) if len(rows) else (p.y0, p.y1)
    _part_from_neighbours(line, filled)
    tall = line.bottom - line.top
    text = "".join(c.text for c in line.chars)
    if any("\u3400" <= c <= "\u9fff" for c in text):
        line.size = tall / 0.95
    elif any(c in _DEEP for c in text):
        line.size = tall / 0.93
    else:
        line.size = tall / 0.72
    if READ_TEXT.same_size[0] * em < line.size < READ_TEXT.same_size[1] * em and not any(
        "\u3400" <= c <= "\u9fff" for c in text
    ):
        line.size = em  # how high digits and letters stand differs from font to font


def _part_from_neighbours(line: Line, filled: Any) -> None:
    """Takes from a line's height, and from its piece, what that has of the lines above and below: it is far higher than its
    characters are wide. ``filled`` is the ink of each row of the piece. What was read of no other piece is left over."""
    p = line.piece
    wide = [(a, b) for a, b in itertools.pairwise(line.chars) if is_wide(a.text) and is_wide(b.text)]
    if not wide:
        return
    pitch = float(np.median([(b.at - a.at) * p.width for a, b in wide]))
    most = READ_TEXT.pitch if len(wide) >= READ_TEXT.pitch_pairs else READ_TEXT.pitch_of_few
    if line.bottom - line.top <= most * pitch:
        return
    high = round(0.97 * pitch)
    sums = np.convolve(filled, np.ones(high), mode="valid")
    if len(sums):
        line.top = p.y0 + int(np.argmax(sums))
        line.bottom = line.top + high
        line.piece = Piece(p.x0, line.top, p.x1, line.bottom, p.found)


def _even_sizes(lines: list[Line]) -> None:
    """Sizes that differ by a few percent are the same size, measured on other characters."""
    if not lines:
        return
    ordered = sorted(lines, key=lambda line: line.size)
    groups: list[list[Line]] = [[ordered[0]]]
    for line in ordered[1:]:
        group = groups[-1]
        if line.size <= READ_TEXT.alike * group[-1].size and line.size <= READ_TEXT.group * group[0].size:
            group.append(line)
        else:
            groups.append([line])
    for group in groups:
        weights = [len(line.chars) for line in group]
        order = np.cumsum(weights)
        size = group[int(np.searchsorted(order, order[-1] / 2))].size
        for line in group:
            line.size = size


def chars_of(lines: list[Line], plain: Any, scale: float) -> list[Char]:
    """The characters of all lines in points; those of a line have its number as their run."""
    found: list[Char] = []
    for run, line in enumerate(lines, 1):
        chars = _line_chars(line, run, scale)
        _raise_marks(line, chars, plain, scale)
        found.extend(chars)
    return found


def _line_chars(line: Line, run: int, scale: float) -> list[Char]:
    """The characters of a line side by side, parted only where the picture has a gap."""
    p, size = line.piece, line.size * scale
    shown = [c for c in line.chars if c.text.strip()]
    if not shown:
        return []
    base = line.bottom * scale - (0.06 if any(is_wide(c.text) for c in shown) else 0.0) * size
    middles = [(p.x0 + c.at * p.width) * scale for c in shown]
    wide = _wide_number(shown, p.width * scale, size)
    half = [(0.5 if wide or is_wide(c.text) else 0.27) * size for c in shown]
    edges: list[tuple[float, float]] = [(m - h, m + h) for m, h in zip(middles, half, strict=True)]
    for i in range(len(shown) - 1):
        gap = edges[i + 1][0] - edges[i][1]
        # A bracket or comma as wide as a Chinese character has its blank half on one side.
        if gap < (0.8 if _half_blank(shown[i].text, shown[i + 1].text) else 0.55) * size:
            middle = (edges[i][1] + edges[i + 1][0]) / 2
            edges[i], edges[i + 1] = (edges[i][0], middle), (middle, edges[i + 1][1])
    edges[0] = (min(max(edges[0][0], p.x0 * scale), edges[0][1]), edges[0][1])
    edges[-1] = (edges[-1][0], max(min(edges[-1][1], p.x1 * scale), edges[-1][0]))
    found: list[Char] = []
    place = 0
    blank = False
    for c in line.chars:
        if not c.text.strip():
            blank = True
            continue
        x0, x1 = edges[place]
        if blank and found:
            found.append(Char(" ", found[-1].x1, x0, base, size, run=run))
            if x0 - found[-2].x1 < READ_TEXT.blank * size and not (is_wide(c.text) or is_wide(found[-2].text)):
                # The recogniser saw a blank between two words: leave room for it.
                x0 = found[-2].x1 + 0.15 * size
        drawn = "drawn" if c.text in BOXES else ""
        sure = min(c.sure, READ_TEXT.box) if drawn else c.sure
        found.append(Char(c.text, x0, max(x1, x0), base, size, run=run, mark=drawn, doubt=OCR_LINE.at(sure)))
        place, blank = place + 1, False
    return found


def _raise_marks(line: Line, chars: list[Char], plain: Any, scale: float) -> None:
    """Gives the marks of footnotes (small raised digits behind a Chinese word) the size and place they have in the picture: above
    the foot of that word, for a line that slopes ends above its own."""
    foot_of_word = line.bottom - 1
    for before, char in itertools.pairwise(chars):
        if not (
            char.text.isdigit()
            and (is_wide(before.text) or before.text in ")）*" or before.size < READ_TEXT.small * line.size * scale)
        ):
            continue
        if is_wide(before.text) and len(rows := _inked_rows(line, before, plain, scale)):
            foot_of_word = line.top + int(rows[-1])
        rows = _inked_rows(line, char, plain, scale)
        if len(rows) == 0:
            continue
        tall, foot = int(rows[-1] - rows[0]) + 1, foot_of_word - line.top - int(rows[-1])
        if tall <= READ_TEXT.mark_height * line.size and foot >= READ_TEXT.mark_foot * line.size:
            char.text = unicodedata.normalize("NFKC", char.text)
            char.base -= foot * scale
            char.size *= 0.6


def _inked_rows(line: Line, char: Char, plain: Any, scale: float) -> Any:
    """The rows of a line, from its top, in which there is ink where a character stands."""
    x0, x1 = int((char.x0 + 0.05 * char.size) / scale), int((char.x1 - 0.02 * char.size) / scale) + 1
    return np.nonzero((plain[line.top : line.bottom, x0:x1] > 0).any(axis=1))[0]


def _half_blank(left: str, right: str) -> bool:
    return (
        left in ")）,，.。;；:：、"
        or right in "(（"
        or (is_wide(left) and right in "\u201c\u2018")
        or left in "\u201d\u2019"
    )
