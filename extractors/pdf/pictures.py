"""Pictures of a file's pages for people to look at, with the places of words framed."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.pdf.read import open_pdf, render

Frame = tuple[float, float, float, float]
"""Left, top, right and bottom as shares of the page's width and height, from its top left."""
_MOST_PIXELS = 4_000_000
_LONGEST = 24
"""Characters of words that are looked for: a longer text may be broken over lines, its beginning seldom is."""
_MOST_FRAMES = 40


@dataclass(frozen=True)
class PagePicture:
    """Page ``number`` of ``pages`` as PNG. ``frames`` say where the words stand on it."""

    number: int
    pages: int
    png: bytes
    frames: list[Frame]


def page_picture(data: bytes | Path, number: int | None, words: Sequence[str], dpi: int = 110) -> PagePicture:
    """Draw page ``number`` of a PDF (from 1); without one, the first that has one of ``words``, else the first.

    Raises as :func:`extractors.pdf.read.open_pdf`; IndexError where the file has no such page.
    """
    with open_pdf(data) as document:
        count = len(document)
        if number is not None and not 1 <= number <= count:
            raise IndexError(number)
        wanted = [w for w in dict.fromkeys(map(_beginning, words)) if w]
        found = number or next((n for n in range(1, count + 1) if _frames(document, n, wanted)), 1)
        picture = render(document, found, dpi, _MOST_PIXELS)
        frames = _frames(document, found, wanted)
    return PagePicture(found, count, _png(picture), frames)


def _beginning(words: str) -> str:
    return " ".join(words.split())[:_LONGEST].strip()


def _frames(document: Any, number: int, wanted: Sequence[str]) -> list[Frame]:
    """Where the first of ``wanted`` that stands on the page stands."""
    page = document[number - 1]
    try:
        text = page.get_textpage()
        try:
            for words in wanted:
                frames = list(_found(page, text, words))
                if frames:
                    return frames[:_MOST_FRAMES]
        finally:
            text.close()
    finally:
        page.close()
    return []


def _found(page: Any, text: Any, words: str) -> Iterator[Frame]:
    left, bottom, right, top = page.get_bbox()
    width, height = max(1.0, right - left), max(1.0, top - bottom)
    turned = page.get_rotation()
    searcher = text.search(words)
    try:
        while (found := searcher.get_next()) is not None:
            index, count = found
            if _within_a_number(text, index, count):
                continue
            for n in range(text.count_rects(index, count)):
                x0, y0, x1, y1 = text.get_rect(n)
                frame = ((x0 - left) / width, (top - y1) / height, (x1 - left) / width, (top - y0) / height)
                yield _turned(frame, turned)
    finally:
        searcher.close()


def _within_a_number(text: Any, index: int, count: int) -> bool:
    """Whether figures that were found are a piece of a longer number: 120 in 9120.5."""
    found = text.get_text_range(index, count)
    before = text.get_text_range(index - 1, 1) if index else ""
    after = text.get_text_range(index + count, min(2, text.count_chars() - index - count))
    goes_on = after[:1].isdigit() or (after[:1] == "." and after[1:].isdigit())
    return (found[:1].isdigit() and (before.isdigit() or before == ".")) or (found[-1:].isdigit() and goes_on)


def _turned(frame: Frame, degrees: int) -> Frame:
    """A frame of the page as it is drawn, which is turned clockwise."""
    x0, y0, x1, y1 = frame
    match degrees % 360:
        case 90:
            return 1 - y1, x0, 1 - y0, x1
        case 180:
            return 1 - x1, 1 - y1, 1 - x0, 1 - y0
        case 270:
            return y0, 1 - x1, y1, 1 - x0
    return frame


def _png(picture: Any) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG", optimize=False, compress_level=6)
    return out.getvalue()
