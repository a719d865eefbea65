"""A page picture → the page's content in points, as the PDF reader makes it of typed pages.

From here on a scan goes the way of a PDF page: tables cut by page breaks are joined, lines become paragraphs, running headers
go aside, by the same code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import numpy as np

from extractors.document.doubts import (
    BLANK_INKED,
    BLANK_PLAIN,
    BLANK_SPECKLED,
    COLUMN_MAYBE_LOST,
    INK_NOT_READ,
    MAYBE_TWO_BY_GAP,
    MAYBE_TWO_CELLS,
    OPTION_WITHOUT_A_BOX,
    TICK_DISPUTED,
    TICK_FAINT,
    TICK_PLAIN,
    together,
)
from extractors.document.model import TICKED, UNTICKED, Cell
from extractors.page.characters import Char
from extractors.page.content import PageContent, fill_page
from extractors.page.rules import PageLines
from extractors.page.table_settings import GRID
from extractors.page.tables.ruled import find_grids
from extractors.scan.boxes_in_ink import TickBox, closed, cornered, faint_marks, fellows, find_boxes, take_rings
from extractors.scan.certainty import gapes, on_two_tones, parted, stacked
from extractors.scan.lines import text_pieces
from extractors.scan.mark_settings import BOX_READING, PAGES
from extractors.scan.marks_over_text import (
    doubt_broken_off,
    doubt_cut_by_rules,
    doubt_pens,
    doubt_strokes,
    doubt_under_seals,
    take_strokes,
)
from extractors.scan.paper import between, fold, scaled
from extractors.scan.pieces import left_over
from extractors.scan.prepare import A4_LONG_POINTS, Prepared, levelled, lies_level, prepare
from extractors.scan.recognition import Engine
from extractors.scan.seals import SealSpot
from extractors.scan.text import chars_of, recognised

A4_SHORT_POINTS = 595.0


@dataclass(slots=True)
class ScannedPage:
    """``contents``: the page, or both where two lie on one sheet, the left one first."""

    contents: list[PageContent]
    seals: list[SealSpot] = field(default_factory=list)
    height: int = 0


def read_picture(rgb: Any, number: int, engine: Engine) -> ScannedPage:
    """The content of page ``number`` (from 1) from its picture (height × width × 3, RGB)."""
    prepared = prepare(rgb)
    quads = engine.detect(prepared.grey, prepared.em)
    turned = _turned(prepared, quads, engine)
    if turned:
        prepared = prepare(np.ascontiguousarray(np.rot90(rgb, turned)))
        quads = engine.detect(prepared.grey, prepared.em)
    return _read(prepared, quads, number, engine)


def _turned(prepared: Prepared, quads: Any, engine: Engine) -> int:
    """By how many quarters against the clock the page has to be turned to stand upright."""
    if len(quads) == 0:
        return 0
    widths = quads[:, :, 0].max(axis=1) - quads[:, :, 0].min(axis=1)
    heights = quads[:, :, 1].max(axis=1) - quads[:, :, 1].min(axis=1)
    tall, wide = heights > PAGES.turned * widths, widths > PAGES.turned * heights
    level = lies_level(prepared, quads)
    if level is None:
        level = float(heights[tall].sum()) <= PAGES.level * float(widths[wide].sum())
    long = np.argsort(-np.maximum(widths, heights))
    across, down = (_crops(prepared.grey, quads[[i for i in long if kind[i]][:7]]) for kind in (wide, tall))
    down = [np.ascontiguousarray(np.rot90(c)) for c in down]
    if not level and across and _words(across, engine) > _words(down, engine):
        level = True  # columns of characters set as close as lines: what reads as words are the lines
    crops = across if level else down
    on_head = bool(crops) and engine.upside_down(crops)
    return (2 if on_head else 0) if level else (3 if on_head else 1)


_WORDS = re.compile(
    "场景|实例|名称|描述|以内|技术|方案|设备|装备|软件|生产|系统|管理|企业|公司|有限|上海|智能|制造|质量|数据|工厂|项目|申报|"
    "建设|实施|供应|成本|年度|电话|联系|情况|应用|提升|降低|自动|平台|标准|优化|产品"
)
"""Words that every page of these forms has some of."""


def _words(crops: list[Any], engine: Engine) -> int:
    """How many of the forms' words are read in pictures of lines, whichever way up they stand."""
    turned = [np.ascontiguousarray(np.rot90(c, 2)) for c in crops]
    read = engine.recognise([*crops, *turned])
    counts = [len(_WORDS.findall("".join(c.text for c in chars))) for chars in read]
    return max(sum(counts[: len(crops)]), sum(counts[len(crops) :]))


def _crops(grey: Any, quads: Any) -> list[Any]:
    found = []
    for quad in quads:
        x0, y0 = (max(0, int(v)) for v in quad.min(axis=0))
        x1, y1 = (int(v) + 1 for v in quad.max(axis=0))
        if grey[y0:y1, x0:x1].size:
            found.append(np.ascontiguousarray(grey[y0:y1, x0:x1]))
    return found


def _read(prepared: Prepared, quads: Any, number: int, engine: Engine) -> ScannedPage:
    import cv2

    grey = prepared.grey
    height, width = grey.shape
    scale = A4_LONG_POINTS / max(height, width)
    inked, em, ruled = prepared.inked, prepared.em, prepared.ruled
    near = cv2.dilate(ruled.mask, np.ones((3, 3), np.uint8))
    plain = cv2.bitwise_and(inked, cv2.bitwise_not(near))
    marks = cv2.bitwise_and(inked, cv2.bitwise_not(ruled.mask))
    faint = cv2.bitwise_and(faint_marks(grey, inked, em), cv2.bitwise_not(near))
    boxes = _real_boxes(find_boxes(marks, em, faint), grey, marks, em, engine)
    boxes += _real_boxes(fellows(boxes, marks, em, faint), grey, marks, em, engine, beside=True)
    boxes.sort(key=lambda b: (b.y0, b.x0))
    take_rings(boxes, marks)
    take_strokes(boxes, marks, faint, em)
    clean = _clean(grey, near, boxes, plain)
    pieces = text_pieces(quads, plain, ruled.upright, boxes, em)
    seals = levelled(prepared.seals, prepared.angle, grey.shape)
    lines = recognised(pieces, clean, engine, plain, ruled.mask, em, seals)
    doubt_strokes(lines, ruled.mask, em)
    doubt_cut_by_rules(lines, ruled.upright, em)
    unread = left_over([line.piece for line in lines], plain, em)
    doubt_broken_off(lines, unread, em)
    doubt_pens(lines, prepared.coloured, plain)
    if prepared.two_tone:
        for line in lines:
            line.chars = on_two_tones(line.chars)
    rules, mask = ruled.lines, ruled.mask
    middle = fold(plain, mask, em)
    if middle is not None:  # each is a page of its own, as large as paper is
        rules = scaled(rules, A4_LONG_POINTS / height / scale)
        scale = A4_LONG_POINTS / height
    chars = chars_of(lines, plain, scale)
    doubt_under_seals(chars, lines, seals, em)
    chars += [_tick(box, scale) for box in boxes]
    contents: list[PageContent] = []
    for x0, x1 in [(0, width)] if middle is None else [(0, middle), (middle, width)]:
        own = [c for c in chars if x0 <= c.middle / scale < x1] if middle is not None else chars
        for char in own:
            char.x0, char.x1 = char.x0 - x0 * scale, char.x1 - x0 * scale
        drawn = rules if middle is None else between(rules, x0 * scale, x1 * scale)
        content = _content(number, own, drawn, plain[:, x0:x1], mask[:, x0:x1], scale)
        content.tables_before = sum(len(c.tables) for c in contents)
        for x, y in unread:
            if x0 <= x < x1:
                _doubt(content, (x - x0) * scale, y * scale)
        contents.append(content)
    return ScannedPage(contents, prepared.seals, height)


def _content(number: int, chars: list[Char], rules: PageLines, plain: Any, mask: Any, scale: float) -> PageContent:
    """A page of its characters and rules (in points); ``plain`` is its ink, ``mask`` marks its rules."""
    height, width = (side * scale for side in plain.shape)
    grids, _ = find_grids(rules, width, height)
    content = PageContent(number, *_paper(width, height))
    fill_page(content, chars, grids)
    for table in content.tables:
        table.slack = PAGES.slack
        table.table.doubts = (COLUMN_MAYBE_LOST,)
    content.rules = [
        r for r in rules.horizontal if not any(t.box.holds(r.start, r.at, GRID.used) for t in content.tables)
    ]
    _judge(content, plain, mask, scale)
    return content


def _paper(width: float, height: float) -> tuple[float, float]:
    """The size of the page: A4 where it is nearly that, so that the pages of a file are of one size."""
    short = min(width, height)
    if abs(short - A4_SHORT_POINTS) > PAGES.paper_share * A4_SHORT_POINTS:
        return width, height
    return (A4_SHORT_POINTS, A4_LONG_POINTS) if width < height else (A4_LONG_POINTS, A4_SHORT_POINTS)


def _clean(grey: Any, near: Any, boxes: list[TickBox], plain: Any) -> Any:
    """The picture without rules (``near``: they and what lies next to them) and tick boxes; ``plain`` loses the boxes too."""
    clean = grey.copy()
    clean[near > 0] = 255
    for box in boxes:
        if box.ticked and not box.ringed:
            _lift_strokes(box, clean, plain)
        area = np.s_[max(0, box.y0 - 2) : box.y1 + 2, max(0, box.x0 - 2) : box.x1 + 2]
        clean[area] = 255
        plain[area] = 0
    return clean


def _lift_strokes(box: TickBox, clean: Any, plain: Any) -> None:
    """Takes away what a tick drawn by hand has beyond its box, but where the option stands: it would be read as characters."""
    import cv2

    side = max(box.width, box.height)
    grow = round(1.4 * side)
    top, left = max(0, box.y0 - grow), max(0, box.x0 - grow)
    window = np.s_[top : box.y1 + grow, left : box.x1 + grow]
    _, labels = cv2.connectedComponents(plain[window])
    within = labels[box.y0 - top : box.y1 - top, box.x0 - left : box.x1 - left]
    stroke = np.isin(labels, np.unique(within[within > 0]))
    if stroke[:, : max(0, box.x0 - left - round(0.8 * side))].any():
        stroke[:, : box.x0 - left] = False  # it runs into a word
    stroke[max(0, box.y0 - top - 2) : box.y1 - top + 2, box.x1 - left + 2 :] = False
    stroke = cv2.dilate(stroke.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    clean[window][stroke] = 255
    plain[window][stroke] = 0


_MOUTHS = frozenset("口囗")
_EMPTY = frozenset("□☐▢❏❑")
"""What the recogniser may make of an empty box read alone: its readings, not all boxes there are (records/signs.py)."""
_ROUND = frozenset("0ODQ")
_CROSSES = frozenset("XxVv")
"""What it reads of a cross or a tick whose strokes run over the sides of the box beneath."""
_LIKE_TICKED = frozenset("冈区図凶囚")
"""What the recogniser makes of a ticked or crossed box, seldom surely."""


def _most(text: str, ticked: bool, beside: bool) -> float:
    """How surely a box may be read as this character and still be a box; ``beside``: empty, and one of a row of its size."""
    if ticked:
        return 0.97 if text in _LIKE_TICKED else 0.4
    return (0.95 if beside else 0.82) if text in _MOUTHS else 0.6


def _real_boxes(
    boxes: list[TickBox], grey: Any, marks: Any, em: float, engine: Engine, beside: bool = False
) -> list[TickBox]:
    """Without characters that look like a box: each is read alone. The recogniser tells 口 from □. ``beside``: they stand in a
    row with others of their size, and what is read may be the stroke that hid them."""
    if not boxes:
        return []
    crops = []
    for box in boxes:
        grow = max(2, round(0.16 * em))
        crops.append(grey[max(0, box.y0 - grow) : box.y1 + grow, max(0, box.x0 - grow) : box.x1 + grow])
    found: list[TickBox] = []
    mouths: list[TickBox] = []
    for box, read in zip(boxes, engine.recognise(crops), strict=True):
        if box.ringed:
            found.append(box)  # what is read here is the ring
            continue
        first = next((c for c in read if c.text.strip()), None)
        text, sure = (first.text, first.sure) if first is not None else ("", 0.0)
        like = beside and (text in _MOUTHS or text in _ROUND) and sure < BOX_READING.like
        if like and cornered(box, marks):
            found.append(box)
            continue
        if beside and box.ticked and text in _CROSSES and closed(box, marks):
            found.append(box)
            continue
        figures = [c for c in read if c.text.isascii() and c.text.isalnum() and c.sure > BOX_READING.figure]
        if len(figures) > 1 or (figures and figures[0] is first and not cornered(box, marks, 4)):
            continue
        letter = text.isascii() and text.strip() and box.inner < BOX_READING.letter_share
        if letter and (sure > BOX_READING.letter or (sure > BOX_READING.figure and not closed(box, marks))):
            continue
        empty = beside and box.inner < BOX_READING.empty_share
        if any("\u3400" <= c.text <= "\u9fff" and c.sure > _most(c.text, box.ticked, empty) for c in read):
            continue
        if (
            not box.ticked
            and text
            and text not in _EMPTY
            and text not in _MOUTHS
            and not (empty and sure < BOX_READING.hidden)
        ):
            continue
        if (
            box.ticked
            and box.inner
            < (BOX_READING.speck_share if box.width >= BOX_READING.large else BOX_READING.small_speck_share)
            and text in _EMPTY
            and sure > BOX_READING.speck_sure
        ):
            box.ticked = False  # a speck, or a side drawn inwards
        if box.ticked and box.inner < BOX_READING.thick_side_share and _hollow(box, marks):
            box.ticked, box.inner = False, BOX_READING.doubted_share  # a side that a crooked page made thick
        (mouths if text in _MOUTHS and sure > BOX_READING.mouth and not box.ticked and not empty else found).append(box)
    return sorted([*found, *_of_their_size(mouths, found)], key=lambda b: (b.y0, b.x0))


def _of_their_size(mouths: list[TickBox], boxes: list[TickBox]) -> list[TickBox]:
    """Of what was read as 口, the boxes: the boxes of a form are of one size, the character is smaller and wider than high."""
    side = median(max(b.width, b.height) for b in boxes) if boxes else 0.0
    return [
        box
        for box in mouths
        if side
        and abs(max(box.width, box.height) - side) <= BOX_READING.one_size_share * side
        and abs(box.width - box.height) <= BOX_READING.square_pixels + BOX_READING.square_share * side
    ]


def _hollow(box: TickBox, marks: Any) -> bool:
    """Whether there is nothing in the middle of a box, through which every tick and cross runs."""
    x, y = round(0.3 * box.width), round(0.3 * box.height)
    return not (marks[box.y0 + y : box.y1 - y, box.x0 + x : box.x1 - x] > 0).any()


def _tick(box: TickBox, scale: float) -> Char:
    size = max(box.width, box.height) * scale / 0.85
    base = box.y1 * scale - 0.06 * size
    plainly = not box.ringed and (box.inner < BOX_READING.plain_share[0] or box.inner > BOX_READING.plain_share[1])
    return Char(
        TICKED if box.ticked else UNTICKED,
        box.x0 * scale,
        box.x1 * scale,
        base,
        size,
        run=-1,
        mark="drawn",
        doubt=TICK_DISPUTED if box.doubted else TICK_PLAIN if plainly else TICK_FAINT,
    )


def _lacks_a_box(cell: Cell) -> bool:
    """True where no option is ticked and one of them has no box: it may be the one that is ticked, too boldly to be seen as a box."""
    if not cell.marks or any(m.ticked or m.kind != "drawn" for m in cell.marks):
        return False
    before, *parts = re.split(f"[{UNTICKED}]", cell.text)
    if not parts:
        return True  # the boxes' places are known, but not where they stand in the text
    words = [before, *parts] if before.strip() else parts
    unboxed = before.strip() and parts[-1].strip() and not before.rstrip().endswith(("（", "(", "：", ":"))
    return bool(unboxed) or any(re.search(r"\S\s+[\u4e00-\u9fff]", word.strip()) for word in words)


def _doubt(content: PageContent, x: float, y: float) -> None:
    """There is something at this place that was not read: what was read of its cell is not all of it."""
    for table in content.tables:
        for cell, box in zip(table.table.cells, table.boxes, strict=True):
            if box.holds(x, y, -2):
                cell.doubts = together(cell.doubts, (INK_NOT_READ,))


def _judge(content: PageContent, plain: Any, ruled: Any, scale: float) -> None:
    """Confidence of each cell: of its text, or that it is empty."""
    from extractors.page.text import doubts_about

    for table in content.tables:
        for cell, box, text in zip(table.table.cells, table.boxes, table.texts, strict=True):
            spans = cell.row_span > 1 or cell.column_span > 1
            if spans and (parted(box, table.boxes, ruled, scale) or stacked(box, table.boxes, text.lines)):
                cell.doubts = (MAYBE_TWO_CELLS,)
                continue
            if text.text:
                cell.doubts = doubts_about(text.lines)
                if not cell.marks and any(gapes(line.chars) for line in text.lines):
                    cell.doubts = together(cell.doubts, (MAYBE_TWO_BY_GAP,))
                if _lacks_a_box(cell):
                    cell.doubts = together(cell.doubts, (OPTION_WITHOUT_A_BOX,))
                continue
            inset = 3
            x0, y0 = (int(v / scale) + inset for v in (box.x0, box.y0))
            x1, y1 = (int(v / scale) - inset for v in (box.x1, box.y1))
            marks = int((plain[y0:y1, x0:x1] > 0).sum()) if x1 > x0 and y1 > y0 else 0
            cell.doubts = (
                BLANK_PLAIN if marks <= PAGES.plain_pixels else BLANK_SPECKLED if marks < PAGES.specks else BLANK_INKED,
            )
