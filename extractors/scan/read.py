"""Pages without text, and pictures (JPEG, PNG, TIFF, BMP, WebP) → Document, by OCR in this process.

:func:`read_page` is the picture reader that :func:`extractors.pdf.read.read_pdf` takes; :func:`read_image` reads image files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from extractors.document.model import Document
from extractors.page.content import PageContent
from extractors.page.margins import set_aside
from extractors.page.page_breaks import to_blocks
from extractors.page.picture import Picture
from extractors.scan.page import ScannedPage, read_picture
from extractors.scan.prepare import frames
from extractors.scan.recognition import available, engine, set_threads
from extractors.scan.seals import COLOURLESS
from records.models import SCANNED, Note, Seal

__all__ = ["available", "read_image", "read_page", "set_threads"]


def read_page(image: Any, page_number: int) -> Picture:
    """A page from its picture (numpy array height × width × 3, RGB).

    The Picture holds the page's lines and tables as ``content``, so that what a page break cut is joined as in any PDF.
    Raises :class:`Unavailable` where the extra ``ocr`` is not installed, :class:`Unreadable` where the picture is too large.
    """
    page = read_picture(image, page_number, engine())
    return Picture([], seals=_seals(page), contents=page.contents, notes=_covered(page))


def read_image(data: bytes | Path) -> Document:
    """The Document (format "image") of an image file; each page of a TIFF is a page.

    Raises :class:`Unreadable` where it is damaged or too large, :class:`Unavailable` where the extra ``ocr`` is not installed.
    """
    engine()  # before anything of the file is looked at
    raw = data.read_bytes() if isinstance(data, Path) else data
    found = Document("image", seals=[], by_ocr=True)
    pages: list[PageContent] = []
    for number, frame in enumerate(frames(raw), 1):
        page = read_picture(frame, number, engine())
        pages += page.contents
        assert found.seals is not None
        found.seals.extend(_seals(page))
        found.notes += _covered(page)
    found.pages = pages[-1].number if pages else 0
    found.aside = set_aside(pages)
    found.blocks = to_blocks(pages)
    return found


def _seals(page: ScannedPage) -> list[Seal]:
    number = page.contents[0].number
    return [Seal(f"第{number}页 {spot.part(page.height)}", spot.colour) for spot in page.seals]


def _covered(page: ScannedPage) -> list[Note]:
    """What seals may hide that cannot be lifted off: whole lines beneath them may be missing, where nobody would look for them."""
    number = page.contents[0].number
    return [
        Note(
            code=SCANNED,
            message="黑白扫描件上的印章无法与文字分开，盖住的文字可能没有读出，请对照原件核对",
            where=f"第{number}页 {spot.part(page.height)}",
        )
        for spot in page.seals
        if spot.colour == COLOURLESS
    ]
