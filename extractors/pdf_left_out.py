"""Texts that pdfium draws but leaves out of its list of characters: what it takes for a second print of the text before."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as pdfium

from extractors.pdf_chars import UNSEEN, Char, PageChars
from extractors.pdf_lines import Box, PageLines, bounds

MOST = 400
SAME = 0.35
"""A text is a second print where its middle is this many ems from that of the same text, at most."""


def left_out(page: Any, found: PageChars, lines: PageLines) -> list[Char]:
    """The characters that were left out of ``found`` and stand where no like character does; none of them is certain."""
    missing = [(at, outer) for at, outer in lines.text_at if at not in found.objects]
    if not missing or not found.chars or len(missing) > MOST:
        return []
    text_page = pdfium.FPDFText_LoadPage(page.raw)
    if not text_page:
        return []
    out: list[Char] = []
    try:
        for at, outer in missing:
            drawn = ctypes.cast(at, pdfium.FPDF_PAGEOBJECT)
            text = _text(drawn, text_page).strip()
            box = bounds(at, outer, found.turn) if text else None
            if box is None or pdfium.FPDFTextObj_GetTextRenderMode(drawn) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
                continue
            out.extend(c for c in _chars(text, box) if not _printed(c, found.chars))
    finally:
        pdfium.FPDFText_ClosePage(text_page)
    return out


def _text(drawn: Any, text_page: Any) -> str:
    size = pdfium.FPDFTextObj_GetText(drawn, text_page, None, 0)
    if not 2 < size <= 400:
        return ""
    buffer = (pdfium.FPDF_WCHAR * (size // 2 + 1))()
    pdfium.FPDFTextObj_GetText(drawn, text_page, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace").strip("\0")


def _chars(text: str, box: Box) -> list[Char]:
    """The characters of a text, spread evenly over where it is seen."""
    width = box.width / len(text)
    size = max(1.25 * box.height, 1.0)
    return [
        Char(char, box.x0 + i * width, box.x0 + (i + 1) * width, box.y1, size, confidence=UNSEEN)
        for i, char in enumerate(text)
        if ord(char) > 0x20 and ord(char) not in (0xFFFD, 0xFFFE)
    ]


def _printed(char: Char, chars: list[Char]) -> bool:
    return any(
        c.text == char.text and abs(c.middle - char.middle) < SAME * c.size and abs(c.base - char.base) < SAME * c.size
        for c in chars
    )
