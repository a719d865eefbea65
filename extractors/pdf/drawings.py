"""The rules, boxes and drawings of a PDF page, as seen from its top left, in points.

A table's rule may be a stroked line, a filled strip (Word, Chromium), one of many short pieces (dots and dashes), the side
of a rectangle, or a picture one pixel high. All become horizontal and vertical :class:`Rule` objects; what is small and
square or slanted is kept apart, as it may be a box and its tick.
"""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as pdfium

from extractors.page.characters import Turn
from extractors.page.rules import Box, Matrix, PageLines, Rule, strip
from extractors.page.settings import RULES
from extractors.pdf.patterns import dark_ones
from extractors.pdf.pdfium import plain
from extractors.pdf.settings import DRAWINGS

MAX_OBJECTS = 60_000
MAX_SHADES = 4000
DASH = 2
"""A piece of a rule as many times as long as it is thick is a dash, and counts for so many dots."""
_MOVE, _LINE, _CURVE = pdfium.FPDF_SEGMENT_MOVETO, pdfium.FPDF_SEGMENT_LINETO, pdfium.FPDF_SEGMENT_BEZIERTO
_FORM, _IMAGE, _PATH, _TEXT = (
    pdfium.FPDF_PAGEOBJ_FORM,
    pdfium.FPDF_PAGEOBJ_IMAGE,
    pdfium.FPDF_PAGEOBJ_PATH,
    pdfium.FPDF_PAGEOBJ_TEXT,
)


_P, _I = ctypes.c_void_p, ctypes.c_int
_get_segment = plain(pdfium.FPDFPath_GetPathSegment, _P, _P, _I)
_get_type = plain(pdfium.FPDFPathSegment_GetType, _I, _P)
_get_point = plain(pdfium.FPDFPathSegment_GetPoint, _I, _P, _P, _P)
_get_close = plain(pdfium.FPDFPathSegment_GetClose, _I, _P)
_count_segments = plain(pdfium.FPDFPath_CountSegments, _I, _P)
_get_mode = plain(pdfium.FPDFPath_GetDrawMode, _I, _P, _P, _P)
_get_kind = plain(pdfium.FPDFPageObj_GetType, _I, _P)
_get_matrix = plain(pdfium.FPDFPageObj_GetMatrix, _I, _P, _P)
_get_bounds = plain(pdfium.FPDFPageObj_GetBounds, _I, _P, _P, _P, _P, _P)
_get_fill = plain(pdfium.FPDFPageObj_GetFillColor, _I, _P, _P, _P, _P, _P)
_get_stroke = plain(pdfium.FPDFPageObj_GetStrokeColor, _I, _P, _P, _P, _P, _P)
_count_objects = plain(pdfium.FPDFPage_CountObjects, _I, _P)
_get_object = plain(pdfium.FPDFPage_GetObject, _P, _P, _I)
_count_inner = plain(pdfium.FPDFFormObj_CountObjects, _I, _P)
_get_inner = plain(pdfium.FPDFFormObj_GetObject, _P, _P, ctypes.c_ulong)


_SAME: Matrix = (1, 0, 0, 1, 0, 0)


def read_lines(page: Any, turn: Turn) -> PageLines:
    """The rules and drawings of a ``pypdfium2.PdfPage``, its form objects opened."""
    found = PageLines()
    dots: list[Box] = []
    left = [MAX_OBJECTS]
    at = ctypes.cast(page.raw, ctypes.c_void_p).value
    for index in range(_count_objects(at)):
        _object(_get_object(at, index), _SAME, turn, found, dots, left, 0)
    _dotted(dots, found)
    found.fills.extend(dark_ones(page, found.whites, turn))
    found.fills.extend(dot for dot in dots if min(dot.width, dot.height) > DRAWINGS.dot_share * RULES.thin)
    return found


def _object(
    drawn: int, outer: Matrix, turn: Turn, found: PageLines, dots: list[Box], left: list[int], depth: int
) -> None:
    left[0] -= 1
    if left[0] < 0 or not drawn:
        return
    kind = _get_kind(drawn)
    if kind == _PATH:
        found.paths += 1
        _path(drawn, outer, turn, found, dots)
    elif kind == _IMAGE:
        box = bounds(drawn, outer, turn)
        if box is not None:
            _image(box, found, drawn)
    elif kind == _TEXT:
        found.texts += 1
        found.text_at.append((drawn, outer))
    elif kind == _FORM and depth < DRAWINGS.max_depth:
        matrix = _joined(_matrix(drawn), outer)
        for index in range(_count_inner(drawn)):
            _object(_get_inner(drawn, index), matrix, turn, found, dots, left, depth + 1)


def _matrix(drawn: int) -> Matrix:
    m = pdfium.FS_MATRIX()
    if not _get_matrix(drawn, ctypes.addressof(m)):
        return _SAME
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def _joined(m: Matrix, n: Matrix) -> Matrix:
    """The matrix that applies ``m`` first, then ``n``."""
    if n is _SAME:
        return m
    a, b, c, d, e, f = m
    g, h, i, j, k, o = n
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + o)


def bounds(drawn: int, outer: Matrix, turn: Turn) -> Box | None:
    """Where a page object is seen."""
    corners = (ctypes.c_float * 4)()
    at = ctypes.addressof(corners)
    if not _get_bounds(drawn, at, at + 4, at + 8, at + 12):
        return None
    x0, y0, x1, y1 = corners
    if outer is _SAME:
        (ax, ay), (bx, by) = turn(x0, y0), turn(x1, y1)
        return Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
    return _extent([_seen(x, y, outer, turn) for x, y in ((x0, y0), (x1, y1), (x0, y1), (x1, y0))])


def _seen(x: float, y: float, m: Matrix, turn: Turn) -> tuple[float, float]:
    a, b, c, d, e, f = m
    return turn(a * x + c * y + e, b * x + d * y + f)


def _extent(points: list[tuple[float, float]]) -> Box:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _image(box: Box, found: PageLines, drawn: int) -> None:
    if box.height <= RULES.thin < DRAWINGS.picture_rule < box.width:
        found.horizontal.append(Rule((box.y0 + box.y1) / 2, box.x0, box.x1))
    elif box.width <= RULES.thin < DRAWINGS.picture_rule < box.height:
        found.vertical.append(Rule((box.x0 + box.x1) / 2, box.y0, box.y1))
    else:
        found.images.append(box)
        found.image_at.append(drawn)
        found.texts_at_image.append(found.texts)


def _path(drawn: int, outer: Matrix, turn: Turn, found: PageLines, dots: list[Box]) -> None:
    modes = (ctypes.c_int * 2)()
    at = ctypes.addressof(modes)
    _get_mode(drawn, at, at + 4)
    fill, stroke = modes
    stroked = bool(stroke) and _visible(drawn, _get_stroke)
    filled = bool(fill) and _visible(drawn, _get_fill)
    if not fill and not stroke:
        return
    segments = _count_segments(drawn)
    if segments > DRAWINGS.max_segments * DRAWINGS.max_straight or (
        segments > DRAWINGS.max_segments and not _rectangles(drawn, segments)
    ):
        box = bounds(drawn, outer, turn)
        if box is not None and max(box.width, box.height) <= RULES.box_side[1] * DRAWINGS.small:
            found.strokes.append(box)
        elif box is not None and segments <= DRAWINGS.max_segments * DRAWINGS.max_round and (stroked or filled):
            for points, _ in _subpaths(drawn, segments, _joined(_matrix(drawn), outer), turn)[:2]:
                _round(points, stroked, found)
        return
    if not filled and not stroked and segments <= DRAWINGS.rectangle:  # white: seen upon a ground alone
        box = bounds(drawn, outer, turn)
        if box is not None and (fill or min(box.width, box.height) <= RULES.thin):  # else a tick upon a coloured box
            if len(found.whites) < MAX_SHADES:
                found.whites.append(box)
            return
    if filled and not stroke and segments <= DRAWINGS.rectangle:  # the common case: a strip
        box = bounds(drawn, outer, turn)
        if box is not None and min(box.width, box.height) <= RULES.thin:
            strip(box, found, dots)
            return
    subpaths = _subpaths(drawn, segments, _joined(_matrix(drawn), outer), turn)
    if filled and not stroked and 1 < len(subpaths) <= DRAWINGS.rings:
        ring = _ring([_extent(points) for points, _ in subpaths])
        if ring is not None:
            turned = any(not curved and not _is_straight(points) for points, curved in subpaths)
            (found.strokes if turned else found.frames).append(ring)
            return
        if all(curved and _round(points, True, found) for points, curved in subpaths):
            return
    for points, curved in subpaths:
        _subpath(points, curved, stroked, filled, found, dots)
    if filled and found.shades and len(subpaths) == 1 and _dark(drawn) and found.shades[-1] == _extent(subpaths[0][0]):
        found.dark.append(found.shades[-1])


def _dark(drawn: int) -> bool:
    parts = (ctypes.c_uint * 4)()
    at = ctypes.addressof(parts)
    return bool(_get_fill(drawn, at, at + 4, at + 8, at + 12)) and sum(parts[:3]) < DRAWINGS.dark


def _round(points: list[tuple[float, float]], framed: bool, found: PageLines) -> bool:
    """Takes a closed path as a frame with round corners (or, not ``framed``, as a ground); False where it is none: all its
    points lie on the sides of a rectangle or at its corners."""
    box = _extent(points)
    if (
        max(box.width, box.height) < DRAWINGS.round_length
        or min(box.width, box.height) < DRAWINGS.round_width
        or points[0] != points[-1]
    ):
        return False
    corner = min(DRAWINGS.corner, box.width / 2, box.height / 2)
    for x, y in points:
        aside = min(x - box.x0, box.x1 - x), min(y - box.y0, box.y1 - y)
        if min(aside) > DRAWINGS.on_side and max(aside) > corner:
            return False
    if framed:
        found.rounds.append(box)
    elif len(found.shades) < MAX_SHADES:
        found.shades.append(box)
    return True


def _ring(boxes: list[Box]) -> Box | None:
    """The outer of two nested squares: a box drawn as a filled ring."""
    outer = max(boxes, key=lambda b: b.width)
    inner = min(boxes, key=lambda b: b.width)
    middle = ((inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2)
    nested = outer.width > inner.width > DRAWINGS.ring_share * outer.width and outer.holds(*middle)
    return outer if nested and _is_square(outer) else None


def _visible(drawn: int, colour: Any) -> bool:
    """False for what is drawn in white or fully transparent, as no one sees it."""
    parts = (ctypes.c_uint * 4)()
    at = ctypes.addressof(parts)
    if not colour(drawn, at, at + 4, at + 8, at + 12):
        return True
    return parts[3] > DRAWINGS.opaque and min(parts[:3]) < DRAWINGS.white


def _rectangles(drawn: int, segments: int) -> bool:
    """True for a long path of straight lines: many rules drawn at once."""
    return all(_get_type(_get_segment(drawn, i)) != _CURVE for i in range(segments))


def _subpaths(drawn: int, segments: int, matrix: Matrix, turn: Turn) -> list[tuple[list[tuple[float, float]], bool]]:
    found: list[tuple[list[tuple[float, float]], bool]] = []
    points: list[tuple[float, float]] = []
    curved = False
    x, y = ctypes.c_float(), ctypes.c_float()
    x_at, y_at = ctypes.addressof(x), ctypes.addressof(y)
    a, b, c, d, e, f = matrix
    for index in range(segments):
        segment = _get_segment(drawn, index)
        kind = _get_type(segment)
        if kind == _MOVE and points:
            found.append((points, curved))
            points, curved = [], False
        _get_point(segment, x_at, y_at)
        px, py = x.value, y.value
        points.append(turn(a * px + c * py + e, b * px + d * py + f))
        curved = curved or kind == _CURVE
        if _get_close(segment) and points[0] != points[-1]:
            points.append(points[0])
    if len(points) > 1:
        found.append((points, curved))
    return found


def _subpath(
    points: list[tuple[float, float]], curved: bool, stroked: bool, filled: bool, found: PageLines, dots: list[Box]
) -> None:
    box = _extent(points)
    square = _is_square(box)
    straight = not curved and _is_straight(points)
    if filled and not stroked and min(box.width, box.height) <= RULES.thin:
        strip(box, found, dots)
    elif curved or not straight:
        closed = points[0] == points[-1] and len(points) >= DRAWINGS.curve_points
        if square and closed and curved:
            found.frames.append(box)
            if _is_circle(points, box):
                found.rings.append(box)
        elif curved and _round(points, stroked, found):
            return
        elif (
            max(box.width, box.height) <= RULES.box_side[1] * DRAWINGS.small
            and max(box.width, box.height) > DRAWINGS.tiny
        ):
            found.strokes.append(box)
    elif stroked:
        for a, b in itertools.pairwise(points):
            _segment(a, b, found, dots)
    elif filled and max(box.width, box.height) <= RULES.box_side[1]:
        found.fills.append(box)
    elif filled and min(box.width, box.height) > DRAWINGS.ground and len(found.shades) < MAX_SHADES:
        found.shades.append(box)


def _is_straight(points: list[tuple[float, float]]) -> bool:
    return all(
        abs(a[0] - b[0]) < DRAWINGS.straight or abs(a[1] - b[1]) < DRAWINGS.straight
        for a, b in itertools.pairwise(points)
    )


def _is_square(box: Box) -> bool:
    low, high = RULES.box_side
    return (
        low <= box.width <= high
        and low <= box.height <= high
        and abs(box.width - box.height) <= DRAWINGS.uneven_share * box.width
    )


def _is_circle(points: list[tuple[float, float]], box: Box) -> bool:
    """True for a closed curve without a straight stretch along a side of its square."""
    return not any(
        max(abs(a[0] - b[0]), abs(a[1] - b[1])) > DRAWINGS.straight_side * box.width
        and any(
            abs(a[axis] - side) < DRAWINGS.straight and abs(b[axis] - side) < DRAWINGS.straight
            for axis, sides in ((0, (box.x0, box.x1)), (1, (box.y0, box.y1)))
            for side in sides
        )
        for a, b in itertools.pairwise(points)
    )


def _segment(a: tuple[float, float], b: tuple[float, float], found: PageLines, dots: list[Box]) -> None:
    box = _extent([a, b])
    if max(box.width, box.height) <= RULES.thin:
        dots.append(box)
    elif box.height < DRAWINGS.straight:
        found.horizontal.append(Rule((a[1] + b[1]) / 2, box.x0, box.x1))
    elif box.width < DRAWINGS.straight:
        found.vertical.append(Rule((a[0] + b[0]) / 2, box.y0, box.y1))


def _dotted(dots: list[Box], found: PageLines) -> None:
    """Rows and columns of dots are rules; single dots (corners of borders) are nothing."""
    if len(dots) < DRAWINGS.dots:
        return
    for row in _aligned(dots, lambda d: (d.y0 + d.y1) / 2):
        for start, end in _runs([(d.x0, d.x1, d.height) for d in row]):
            found.horizontal.append(Rule((row[0].y0 + row[0].y1) / 2, start, end))
    for column in _aligned(dots, lambda d: (d.x0 + d.x1) / 2):
        for start, end in _runs([(d.y0, d.y1, d.width) for d in column]):
            found.vertical.append(Rule((column[0].x0 + column[0].x1) / 2, start, end))


def _aligned(dots: list[Box], at: Callable[[Box], float]) -> list[list[Box]]:
    """Dots whose middles lie on one line each."""
    found: list[list[Box]] = []
    for dot in sorted(dots, key=at):
        if found and at(dot) - at(found[-1][0]) < DRAWINGS.on_line:
            found[-1].append(dot)
        else:
            found.append([dot])
    return found


def _runs(pieces: list[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """Stretches of at least five dots, or three dashes, with no gap over 5 points. A piece: from where to where, how thick."""
    found: list[tuple[float, float]] = []
    pieces.sort()
    start, end, count = pieces[0][0], pieces[0][1], 0
    for a, b, thick in [*pieces, (float("inf"), float("inf"), 1.0)]:
        if a - end > DRAWINGS.dot_gap:
            if count >= DRAWINGS.dots:
                found.append((start, end))
            start, count = a, 0
        end = b if count == 0 else max(end, b)
        count += DASH if b - a > DASH * thick else 1
    return found
