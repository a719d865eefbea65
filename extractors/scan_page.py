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
from extractors.pdf_chars import BOXES, Char
from extractors.pdf_grid import find_grids
from extractors.pdf_page import PageContent, fill_page
from extractors.pdf_text import is_wide
from extractors.scan_engine import Engine, ReadChar
from extractors.scan_lines import Piece, runs, text_pieces
from extractors.scan_prepare import Prepared, ink, prepare
from extractors.scan_rules import Ruled, em_of, find_rules
from extractors.scan_seals import SealSpot
from extractors.scan_sure import doubtful_pieces, leniently, sure_of
from extractors.scan_ticks import TickBox, find_boxes

A4_LONG_POINTS, A4_SHORT_POINTS = 842.0, 595.0
"""A picture's long side counts as that of A4 paper: pictures seldom say how large the paper was."""


DASH = 0.9
"""The most a dash counts for that the recogniser took for 一."""
BOX_READ = 0.9
"""The most a box counts for that only the recogniser saw."""
SLACK = 34.0
"""How far, in points, one page may lie beside where the page before lay in the scanner."""


@dataclass(slots=True)
class Line:
    """A piece that was read: its characters, where its ink stands."""

    piece: Piece
    chars: list[ReadChar]
    top: int = 0
    bottom: int = 0
    size: float = 0.0


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
    inked = ink(grey)
    em = em_of(inked)
    ruled = find_rules(inked, em, scale)
    plain = cv2.bitwise_and(inked, cv2.bitwise_not(cv2.dilate(ruled.mask, np.ones((3, 3), np.uint8))))
    boxes = find_boxes(cv2.bitwise_and(inked, cv2.bitwise_not(ruled.mask)), em)
    boxes = _real_boxes(boxes, grey, em, engine)
    clean = _clean(grey, ruled, boxes, plain)
    pieces = text_pieces(quads, plain, ruled.upright, boxes, em)
    lines = _recognised(pieces, clean, engine, plain, em)
    chars = _chars(lines, scale) + [_tick(box, scale) for box in boxes]
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


def _recognised(pieces: list[Piece], clean: Any, engine: Engine, plain: Any, em: float) -> list[Line]:
    lines = [
        Line(p, chars) for p, chars in zip(pieces, engine.recognise([_crop(clean, p) for p in pieces]), strict=True)
    ]
    again = [i for i, line in enumerate(lines) if doubtful_pieces(line.chars)]
    for i, second in zip(again, engine.recognise([_crop(clean, pieces[i], 0.16) for i in again]), strict=True):
        lines[i].chars = sure_of(lines[i].chars, second)
    for line in lines:
        line.chars = leniently(_without_wide_blanks(line, em))
    kept = [line for line in lines if line.chars and (line.piece.found or _is_text(line, em))]
    for line in kept:
        _measure(line, plain, em)
    _even_sizes(kept)
    for line in kept:
        _dashes(line, clean)
    return kept


def _is_text(line: Line, em: float) -> bool:
    """Whether ink that the detector passed over is text: surely read, or as large as a character."""
    best = max(c.sure for c in line.chars)
    return best > 0.5 or (best > 0.2 and line.piece.height >= 0.6 * em and line.piece.width >= 0.4 * em)


def _without_wide_blanks(line: Line, em: float) -> list[ReadChar]:
    """Digits set as wide as Chinese characters come with blanks between; a number has none."""
    digits = [c for c in line.chars if c.text.strip()]
    if len(digits) < 2 or not all(c.text in "0123456789.%．％" for c in digits):
        return line.chars
    step = (digits[-1].at - digits[0].at) * line.piece.width / (len(digits) - 1)
    return digits if step > 0.74 * em else line.chars


def _dashes(line: Line, clean: Any) -> None:
    """Makes a dash of what was read as 一 and is thin from end to end: the character is thicker, or has a foot."""
    p = line.piece
    middle, reach = (line.top + line.bottom) // 2, round(0.25 * line.size)
    for i, c in enumerate(line.chars):
        if c.text != "一":
            continue
        x = p.x0 + round(c.at * p.width)
        x0 = max(0, x - round(0.8 * line.size))
        part = clean[max(0, middle - reach) : middle + reach, x0 : x + round(0.8 * line.size)]
        thick = (255.0 - part.astype(np.float32)).sum(axis=0) / 255
        thin = runs((thick > 0.5) & (thick < 0.08 * line.size))
        if max((b - a for a, b in thin), default=0) >= 0.82 * line.size:
            line.chars[i] = ReadChar("—", c.at, min(c.sure, DASH))


def _crop(clean: Any, piece: Piece, more: float = 0.0) -> Any:
    """The piece's picture; ``more`` adds paper around it (a share of its height), which reads it at another scale."""
    pad = round(more * piece.height)
    part = clean[piece.y0 : piece.y1, piece.x0 : piece.x1]
    return np.pad(part, pad, constant_values=255) if pad else part


_DEEP = frozenset("gjpqy,;()[]{}|/@Q$_")


def _measure(line: Line, plain: Any, em: float) -> None:
    """Top, bottom and size of the line's characters from its ink; ``em`` is the size of most text on the page."""
    p = line.piece
    part = plain[p.y0 : p.y1, p.x0 : p.x1] > 0
    filled = part.sum(axis=1)
    # What a rule or an underline left behind is thinner than any row of characters.
    rows = np.nonzero(filled > 0.08 * filled.max())[0] if part.size else np.zeros(0, int)
    line.top, line.bottom = (p.y0 + int(rows[0]), p.y0 + int(rows[-1]) + 1) if len(rows) else (p.y0, p.y1)
    tall = line.bottom - line.top
    text = "".join(c.text for c in line.chars)
    if any("\u3400" <= c <= "\u9fff" for c in text):
        line.size = tall / 0.95
    elif any(c in _DEEP for c in text):
        line.size = tall / 0.93
    else:
        line.size = tall / 0.72
    if 0.75 * em < line.size < 1.33 * em and not any("\u3400" <= c <= "\u9fff" for c in text):
        line.size = em  # how high digits and letters stand differs from font to font


def _even_sizes(lines: list[Line]) -> None:
    """Sizes that differ by a few percent are the same size, measured on other characters."""
    if not lines:
        return
    ordered = sorted(lines, key=lambda line: line.size)
    groups: list[list[Line]] = [[ordered[0]]]
    for line in ordered[1:]:
        group = groups[-1]
        if line.size <= 1.05 * group[-1].size and line.size <= 1.22 * group[0].size:
            group.append(line)
        else:
            groups.append([line])
    for group in groups:
        weights = [len(line.chars) for line in group]
        order = np.cumsum(weights)
        size = group[int(np.searchsorted(order, order[-1] / 2))].size
        for line in group:
            line.size = size


def _chars(lines: list[Line], scale: float) -> list[Char]:
    found: list[Char] = []
    for run, line in enumerate(lines, 1):
        found.extend(_line_chars(line, run, scale))
    return found


def _line_chars(line: Line, run: int, scale: float) -> list[Char]:
    """The characters of a line side by side, parted only where the picture has a gap."""
    p, size = line.piece, line.size * scale
    shown = [c for c in line.chars if c.text.strip()]
    if not shown:
        return []
    base = line.bottom * scale - (0.06 if any(is_wide(c.text) for c in shown) else 0.0) * size
    middles = [(p.x0 + c.at * p.width) * scale for c in shown]
    half = [(0.5 if is_wide(c.text) else 0.27) * size for c in shown]
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
            if x0 - found[-2].x1 < 0.1 * size and not (is_wide(c.text) or is_wide(found[-2].text)):
                # The recogniser saw a blank between two words: leave room for it.
                x0 = found[-2].x1 + 0.15 * size
        drawn = "drawn" if c.text in BOXES else ""
        sure = min(c.sure, BOX_READ) if drawn else c.sure
        found.append(Char(c.text, x0, max(x1, x0), base, size, run=run, mark=drawn, confidence=sure))
        place, blank = place + 1, False
    return found


def _half_blank(left: str, right: str) -> bool:
    return (
        left in ")）,，.。;；:：、"
        or right in "(（"
        or (is_wide(left) and right in "\u201c\u2018")
        or left in "\u201d\u2019"
    )


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
