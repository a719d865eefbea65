"""Glyphs that pdfium draws but leaves out of its list of characters, as it may do with drawn ones (Type 3) set close.

What they are the file may say, pdfium does not: the characters beside them are marked as unsure.
"""

from __future__ import annotations

from extractors.pdf_chars import UNSEEN, PageChars
from extractors.pdf_lines import PageLines, bounds

MOST = 2000
INK = (1.0, 3.0)
"""Width and height of what is more than a blank, in points; the box of a blank in a common font has no height."""
NEAR = 0.3


def mark_left_out(found: PageChars, lines: PageLines) -> None:
    """Lowers the confidence of the characters beside a glyph that is missing among them."""
    missing = [(at, outer) for at, outer in lines.text_at if at not in found.objects]
    if not missing or len(missing) > MOST:
        return
    boxes = [box for at, outer in missing if (box := bounds(at, outer, found.turn)) is not None]
    for box in boxes:
        if box.width <= INK[0] or box.height <= INK[1]:
            continue
        for char in found.chars:
            beside = min(abs(char.x1 - box.x0), abs(char.x0 - box.x1)) < NEAR * box.width + 1
            within = box.x0 - 0.1 < char.middle < box.x1 + 0.1
            if (beside or within) and box.y0 < char.level < box.y1 and char.text != " ":
                char.confidence = min(char.confidence, UNSEEN)
