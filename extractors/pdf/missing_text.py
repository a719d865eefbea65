"""Text that pdfium draws but leaves out of its list of characters.

A text set again close beneath the same text it takes for one printed twice to look bold, whatever the distance of its lines: where
the rows of a table are as low as their text, the same words in two rows are read once. Such a text is put back. Of drawn glyphs
(Type 3) set close some are missing: what they are the file may say, pdfium does not, so the characters beside are marked as unsure.
So are those beside a glyph of which the file does not say what it stands for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from extractors.document.doubts import TEXT_MISSING, TEXT_PUT_BACK
from extractors.page.characters import Char, PageChars
from extractors.page.rules import Box, Matrix, PageLines
from extractors.pdf.drawings import bounds
from extractors.pdf.settings import MISSING


def mark_left_out(found: PageChars, lines: PageLines) -> None:
    """Puts back what is missing among a page's characters, or lowers the confidence of those beside it."""
    missing = [n for n, (at, _) in enumerate(lines.text_at) if at not in found.objects]
    boxes = [(n, box) for n in missing[: MISSING.most + 1] if (box := _box(lines.text_at[n], found)) is not None]
    boxes = [(n, box) for n, box in boxes if _has_ink(box)] if len(missing) <= MISSING.most else []
    unread = [box for box in found.unread[: MISSING.most] if _has_ink(box)]
    if not boxes and not unread:
        return
    runs: dict[int, list[Char]] = defaultdict(list)
    levels: dict[int, list[Char]] = defaultdict(list)
    for char in found.chars:
        runs[char.run].append(char)
        levels[int(char.level // MISSING.strip)].append(char)
    added: dict[int, list[Char]] = {}
    for number, box in boxes:
        again = _same_above(number, box, lines, found, runs, added)
        if again is None:
            unread.append(box)
        elif again:
            added[number] = again
            found.chars.extend(again)
    for box in unread:
        for step in range(int(box.y0 // MISSING.strip), int(box.y1 // MISSING.strip) + 1):
            _mark_beside(levels.get(step, ()), box)


def _has_ink(box: Box) -> bool:
    return box.width > MISSING.ink[0] and box.height > MISSING.ink[1]


def _box(text: tuple[int, Matrix], found: PageChars) -> Box | None:
    return bounds(*text, found.turn)


def _same_above(
    number: int,
    box: Box,
    lines: PageLines,
    found: PageChars,
    runs: dict[int, list[Char]],
    added: dict[int, list[Char]],
) -> list[Char] | None:
    """The characters of a text left out, as those of the same one drawn before it; [] where it is printed twice, None where
    there is no such text."""
    again: list[Char] | None = None
    for before in range(number - 1, max(-1, number - 1 - MISSING.back), -1):
        at = lines.text_at[before][0]
        chars = added.get(before) or runs.get(found.objects.get(at, -1), [])
        other = _box(lines.text_at[before], found) if chars else None
        if (
            other is None
            or abs(other.width - box.width) > MISSING.same
            or abs(other.height - box.height) > MISSING.same
        ):
            continue
        across, down = box.x0 - other.x0, box.y0 - other.y0
        size = chars[0].size
        if max(abs(across), abs(down)) < MISSING.beside * size:
            return []
        beneath = MISSING.lower * size < abs(down) <= max(box.width, box.height, size) / MISSING.beneath
        if again is None and beneath and abs(across) <= MISSING.aside_share * max(box.width, size):
            again = [
                replace(c, x0=c.x0 + across, x1=c.x1 + across, base=c.base + down, run=-number - 1, doubt=TEXT_PUT_BACK)
                for c in chars
            ]
    return again


def _mark_beside(chars: Iterable[Char], box: Box) -> None:
    for char in chars:
        beside = min(abs(char.x1 - box.x0), abs(char.x0 - box.x1)) < MISSING.near_share * box.width + MISSING.near
        within = box.x0 - MISSING.within < char.middle < box.x1 + MISSING.within
        if (beside or within) and box.y0 < char.level < box.y1 and char.text != " ":
            char.doubted(TEXT_MISSING)
