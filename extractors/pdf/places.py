"""Where the characters of a text stand, where pdfium leaves a part of its matrix out."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from functools import partial
from typing import Any

import pypdfium2.raw as pdfium

from extractors.page.rules import Matrix
from extractors.pdf.pdfium import Raw, plain
from extractors.pdf.settings import CHARACTERS

_get_own = plain(pdfium.FPDFPageObj_GetMatrix, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


def moved(drawn: int, whole: Any) -> Callable[[Raw], Raw] | None:
    """The matrix of the form that a text stands in, as pdfium leaves it out of the places of drawn glyphs (Type 3)."""
    own = pdfium.FS_MATRIX()
    if not _get_own(drawn, ctypes.addressof(own)):
        return None
    a, b, c, d, e, f = own.a, own.b, own.c, own.d, own.e, own.f
    area = a * d - b * c
    if not area or max(abs(whole.a - a), abs(whole.d - d), abs(whole.e - e), abs(whole.f - f)) < CHARACTERS.in_form:
        return None  # in no form
    inverse = (d / area, -b / area, -c / area, a / area)
    g = inverse[0] * whole.a + inverse[1] * whole.c, inverse[0] * whole.b + inverse[1] * whole.d
    h = inverse[2] * whole.a + inverse[3] * whole.c, inverse[2] * whole.b + inverse[3] * whole.d
    return partial(_placed_by, (*g, *h, whole.e - e * g[0] - f * h[0], whole.f - e * g[1] - f * h[1]))


def _placed_by(m: Matrix, raw: Raw) -> Raw:
    points = [
        (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]) for x, y in zip(raw[1:7:2], raw[2:7:2], strict=True)
    ]
    (ax, ay), (bx, by), (x, y) = points
    return Raw(raw.code, min(ax, bx), min(ay, by), max(ax, bx), max(ay, by), x, y, raw.run)


def downwards(matrix: Any) -> Callable[[Raw], Raw] | None:
    """Of a font that is written downwards, pdfium gives boxes in the text's own units: an em each way, whatever its matrix is."""
    scale = math.hypot(matrix.c, matrix.d)
    if abs(scale - 1) < CHARACTERS.square:
        return None

    def shrunk(raw: Raw) -> Raw:
        x, y = raw.x, raw.y
        left, bottom, right, top = (at + scale * (edge - at) for at, edge in zip((x, y, x, y), raw[1:5], strict=True))
        return Raw(raw.code, left, bottom, right, top, x, y, raw.run)

    return shrunk
