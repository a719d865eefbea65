"""Small pictures of boxes, ticked and not, that some programs set before the options of a choice."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

from extractors.page.grid import DrawnBox
from extractors.page.rules import Box, PageLines
from extractors.page.settings import RULES
from extractors.pdf.settings import BOX_PICTURES

if TYPE_CHECKING:
    from numpy.typing import NDArray


def pictured_boxes(lines: PageLines) -> list[DrawnBox]:
    """The boxes among a page's small pictures: two at least of one size, each with a frame on all its sides."""
    small = [(at, box) for at, box in zip(lines.image_at, lines.images, strict=True) if _is_box(box)]
    if not 1 < len(small) <= BOX_PICTURES.most:
        return []
    found: list[DrawnBox] = []
    known: dict[bytes, bool | None] = {}
    for at, box in small:
        if sum(1 for _, other in small if abs(other.width - box.width) < BOX_PICTURES.alike) <= 1:
            continue
        ticked = _ticked(at, known)
        if ticked is not None:
            found.append(DrawnBox(box, ticked))
    return found


def _is_box(box: Box) -> bool:
    low, high = RULES.box_side[0], BOX_PICTURES.larger * RULES.box_side[1]
    return low <= box.width <= high and abs(box.width - box.height) <= BOX_PICTURES.uneven_share * box.width


def _ticked(image: int, known: dict[bytes, bool | None]) -> bool | None:
    """Whether the box in a picture is ticked; None where it shows no box."""
    bitmap = pdfium.FPDFImageObj_GetBitmap(ctypes.cast(image, pdfium.FPDF_PAGEOBJECT))
    if not bitmap:
        return None
    try:
        width, height = pdfium.FPDFBitmap_GetWidth(bitmap), pdfium.FPDFBitmap_GetHeight(bitmap)
        stride, kind = pdfium.FPDFBitmap_GetStride(bitmap), pdfium.FPDFBitmap_GetFormat(bitmap)
        channels = {
            pdfium.FPDFBitmap_Gray: 1,
            pdfium.FPDFBitmap_BGR: 3,
            pdfium.FPDFBitmap_BGRx: 4,
            pdfium.FPDFBitmap_BGRA: 4,
        }.get(kind)
        if (
            channels is None
            or width < BOX_PICTURES.least_pixels
            or height < BOX_PICTURES.least_pixels
            or width * height > BOX_PICTURES.max_pixels
        ):
            return None
        data = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    if data not in known:
        known[data] = _look(data, width, height, stride, channels)
    return known[data]


def _look(data: bytes, width: int, height: int, stride: int, channels: int) -> bool | None:
    import numpy as np

    rows = np.frombuffer(data, dtype=np.uint8).reshape(height, stride)[:, : width * channels]
    ink: NDArray[np.bool_] = rows.reshape(height, width, channels)[:, :, :3].min(axis=2) < BOX_PICTURES.ink
    deep, wide = max(1, height // 4), max(1, width // 4)
    sides = (ink[:deep].any(axis=0), ink[-deep:].any(axis=0), ink[:, :wide].any(axis=1), ink[:, -wide:].any(axis=1))
    if any(side.mean() < BOX_PICTURES.frame_share for side in sides):
        return None
    share = float(ink[deep : height - deep, wide : width - wide].mean())
    empty, ticked = BOX_PICTURES.inside_share
    if empty < share < ticked:
        return None
    return share >= ticked
