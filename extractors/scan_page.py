"""A page picture → the page's content in points, as the PDF reader makes it of typed pages.

From here on a scan goes the way of a PDF page: tables cut by page breaks are joined, lines become paragraphs, running headers
go aside, by the same code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Any

import numpy as np

from extractors.document import TICKED, UNTICKED
from extractors.pdf_chars import Char
from extractors.pdf_grid import find_grids
from extractors.pdf_page import PageContent, fill_page
from extractors.scan_engine import Engine
from extractors.scan_lines import text_pieces
from extractors.scan_prepare import A4_LONG_POINTS, Prepared, prepare
from extractors.scan_rules import Ruled
from extractors.scan_seals import SealSpot
from extractors.scan_text import chars_of, recognised
from extractors.scan_ticks import TickBox, find_boxes

A4_SHORT_POINTS = 595.0
SLACK = 34.0
"""How far, in points, one page may lie beside where the page before lay in the scanner."""


@dataclass(slots=True)
class ScannedPage:
    content: PageContent
    seals: list[SealSpot] = field(default_factory=list)
    height: int = 0


def read_picture(rgb: Any, number: int, engine: Engine) -> ScannedPage:
    """The content of page ``number`` (from 1) from its picture (height × width × 3, RGB)."""
    prepared = prepare(rgb)
    quads = engine.detect(prepared.grey)
    turned = _turned(prepared, quads, engine)
    if turned:
        prepared = prepare(np.ascontiguousarray(np.rot90(rgb, turned)))
        quads = engine.detect(prepared.grey)
    return _read(prepared, quads, number, engine)


def _turned(prepared: Prepared, quads: Any, engine: Engine) -> int:
    """By how many quarters against the clock the page has to be turned to stand upright."""
    if len(quads) == 0:
        return 0
    widths = quads[:, :, 0].max(axis=1) - quads[:, :, 0].min(axis=1)
    heights = quads[:, :, 1].max(axis=1) - quads[:, :, 1].min(axis=1)
    tall, wide = heights > 2.2 * widths, widths > 2.2 * heights
    upended = float(heights[tall].sum()) > 2.0 * float(widths[wide].sum())
    long = np.argsort(-np.maximum(widths, heights))[:7]
    crops = []
    for i in long:
        x0, y0 = (max(0, int(v)) for v in quads[i].min(axis=0))
        x1, y1 = (int(v) + 1 for v in quads[i].max(axis=0))
        crop = prepared.grey[y0:y1, x0:x1]
        if crop.size and (upended == (crop.shape[0] > crop.shape[1])):
            crops.append(np.rot90(crop) if upended else crop)
    head = bool(crops) and engine.upside_down([np.ascontiguousarray(c) for c in crops])
    return (3 if head else 1) if upended else (2 if head else 0)


def _read(prepared: Prepared, quads: Any, number: int, engine: Engine) -> ScannedPage:
    import cv2

    grey = prepared.grey
    height, width = grey.shape
    scale = A4_LONG_POINTS / max(height, width)
    inked, em, ruled = prepared.inked, prepared.em, prepared.ruled
    plain = cv2.bitwise_and(inked, cv2.bitwise_not(cv2.dilate(ruled.mask, np.ones((3, 3), np.uint8))))
    boxes = find_boxes(cv2.bitwise_and(inked, cv2.bitwise_not(ruled.mask)), em)
    boxes = _real_boxes(boxes, grey, em, engine)
    clean = _clean(grey, ruled, boxes, plain)
    pieces = text_pieces(quads, plain, ruled.upright, boxes, em)
    lines = recognised(pieces, clean, engine, plain, em)
    chars = chars_of(lines, plain, scale) + [_tick(box, scale) for box in boxes]
    grids, _ = find_grids(ruled.lines, width * scale, height * scale)
    content = PageContent(number, *_paper(width * scale, height * scale))
    fill_page(content, chars, grids)
    for table in content.tables:
        table.slack = SLACK
    content.rules = [
        r for r in ruled.lines.horizontal if not any(t.box.holds(r.start, r.at, 3) for t in content.tables)
    ]
    _judge(content, plain, scale)
    return ScannedPage(content, prepared.seals, height)


def _paper(width: float, height: float) -> tuple[float, float]:
    """The size of the page: A4 where it is nearly that, so that the pages of a file are of one size."""
    short = min(width, height)
    if abs(short - A4_SHORT_POINTS) > 0.03 * A4_SHORT_POINTS:
        return width, height
    return (A4_SHORT_POINTS, A4_LONG_POINTS) if width < height else (A4_LONG_POINTS, A4_SHORT_POINTS)


def _clean(grey: Any, ruled: Ruled, boxes: list[TickBox], plain: Any) -> Any:
    """The picture without rules and tick boxes; ``plain`` loses the boxes too."""
    import cv2

    clean = grey.copy()
    clean[cv2.dilate(ruled.mask, np.ones((3, 3), np.uint8)) > 0] = 255
    for box in boxes:
        area = np.s_[max(0, box.y0 - 2) : box.y1 + 2, max(0, box.x0 - 2) : box.x1 + 2]
        clean[area] = 255
        plain[area] = 0
    return clean


_MOUTHS = frozenset("口囗")
_EMPTY = frozenset("□☐▢❏❑")
_LIKE_TICKED = frozenset("冈区図凶囚")
"""What the recogniser makes of a ticked or crossed box, seldom surely."""


def _most(text: str, ticked: bool) -> float:
    """How surely a box may be read as this character and still be a box."""
    if ticked:
        return 0.97 if text in _LIKE_TICKED else 0.4
    return 0.82 if text in _MOUTHS else 0.6


def _real_boxes(boxes: list[TickBox], grey: Any, em: float, engine: Engine) -> list[TickBox]:
    """Without characters that look like a box: each is read alone. The recogniser tells 口 from □."""
    if not boxes:
        return []
    crops = []
    for box in boxes:
        grow = max(2, round(0.16 * em))
        crops.append(grey[max(0, box.y0 - grow) : box.y1 + grow, max(0, box.x0 - grow) : box.x1 + grow])
    found: list[TickBox] = []
    mouths: list[TickBox] = []
    for box, read in zip(boxes, engine.recognise(crops), strict=True):
        first = next((c for c in read if c.text.strip()), None)
        text, sure = (first.text, first.sure) if first is not None else ("", 0.0)
        if text.isascii() and text.isalnum() and sure > 0.5:
            continue
        if "\u3400" <= text <= "\u9fff" and sure > _most(text, box.ticked):
            continue
        if not box.ticked and text and text not in _EMPTY and text not in _MOUTHS:
            continue
        (mouths if text in _MOUTHS and sure > 0.4 and not box.ticked else found).append(box)
    # The character is smaller and wider than high; the boxes of a form are of one size.
    side = median(max(b.width, b.height) for b in found) if found else 0.0
    for box in mouths:
        if (
            side
            and abs(max(box.width, box.height) - side) <= 0.07 * side
            and abs(box.width - box.height) <= 1 + 0.06 * side
        ):
            found.append(box)
    return sorted(found, key=lambda b: (b.y0, b.x0))


def _tick(box: TickBox, scale: float) -> Char:
    size = max(box.width, box.height) * scale / 0.85
    base = box.y1 * scale - 0.06 * size
    sure = 0.97 if box.inner < 0.02 or 0.1 < box.inner < 0.75 else 0.85
    return Char(
        TICKED if box.ticked else UNTICKED,
        box.x0 * scale,
        box.x1 * scale,
        base,
        size,
        run=-1,
        mark="drawn",
        confidence=sure,
    )


def _judge(content: PageContent, plain: Any, scale: float) -> None:
    """Confidence of each cell: of its text, or that it is empty."""
    from extractors.pdf_text import certainty

    for table in content.tables:
        for cell, box, text in zip(table.table.cells, table.boxes, table.texts, strict=True):
            if text.text:
                cell.confidence = certainty(text.lines)
                continue
            inset = 3
            x0, y0 = (int(v / scale) + inset for v in (box.x0, box.y0))
            x1, y1 = (int(v / scale) - inset for v in (box.x1, box.y1))
            marks = int((plain[y0:y1, x0:x1] > 0).sum()) if x1 > x0 and y1 > y0 else 0
            cell.confidence = 0.97 if marks <= 12 else 0.8 if marks < 60 else 0.5
