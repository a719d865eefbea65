"""One page of a PDF → its content: characters and drawings as pdfium has them, put into the grids they draw."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

from extractors.document.model import TICKED, UNTICKED
from extractors.page.characters import Char, PageChars
from extractors.page.content import Kind, PageContent, fill_page
from extractors.page.grid import NO_COLUMNS, Columns, DrawnBox, Grid
from extractors.page.lines import to_lines
from extractors.page.rules import Box, PageLines
from extractors.page.struck_out import without_struck
from extractors.page.table_settings import GRID
from extractors.page.tables.ruled import find_grids
from extractors.page.tables.tick_boxes import ticked_by_hand, with_words, without_patterns
from extractors.page.two_up import halves
from extractors.pdf.box_pictures import pictured_boxes
from extractors.pdf.characters import read_chars
from extractors.pdf.drawings import read_lines
from extractors.pdf.garbled import is_garbled
from extractors.pdf.missing_text import mark_left_out
from extractors.pdf.settings import PAGE_KINDS
from records.signs import OVER_A_BOX

_FOLIO = re.compile(r"第\d{1,3}页(?:[/，,、]?共\d{1,3}页)?")
_PRINTED_AT = re.compile(r"\d{4}/\d{1,2}/\d{1,2}[上下]?午?\d{1,2}:\d{2}")
"""When a browser printed, beside the title, at the head of a page."""
_ADDRESS = re.compile(r"(?:file|https?)://\S{1,300}")
"""What it prints at the foot, beside the page's number and never without."""
_NUMBER = re.compile(r"\d{1,4}/\d{1,4}")

_CHECK_CHARS = frozenset(OVER_A_BOX + "■●")
"""What stands in a drawn box that is ticked; ■ and ● fill it."""


def read_pages(page: Any, number: int, before: PageContent | None = None) -> list[PageContent]:
    """The content of a ``pypdfium2.PdfPage``, of both pages where two were printed on one sheet; ``number`` from 1. ``before``
    is the page before it."""
    found = read_chars(page)
    lines = read_lines(page, found.turn)
    mark_left_out(found, lines)
    found.chars, struck = without_struck(found.chars, lines.horizontal)
    kind = page_kind(found, lines)
    pages: list[PageContent] = []
    for chars, drawn in (
        halves(found, lines, before.width if before is not None else 0.0) if kind == "text" else [(found, lines)]
    ):
        content = _read(chars, drawn, PageContent(number, chars.width, chars.height, kind, images=drawn.images), before)
        content.tables_before = len(pages[0].tables) if pages else 0
        if kind != "text" and found.blank:
            _note_typed(content, found, lines)
        pages.append(content)
        before = content
    pages[0].struck = struck
    return pages


def _note_typed(content: PageContent, found: PageChars, lines: PageLines) -> None:
    """What stands upon the page in a font that is not in the file. What lies under a picture is its text layer."""
    typed = [c for c in found.chars if c.run in found.blank]
    area = found.width * found.height or 1.0
    covers = [
        n
        for box, n in zip(lines.images, lines.texts_at_image, strict=True)
        if box.width * box.height > PAGE_KINDS.typed_over_share * area
    ]
    if found.unmapped > PAGE_KINDS.unmapped or is_garbled(
        "".join(c.text for c in typed if c.text != " "), found.unmapped
    ):
        content.unshown = not any(covers)
    elif not any(covers):
        content.typed = typed


def _read(found: PageChars, lines: PageLines, content: PageContent, before: PageContent | None) -> PageContent:
    grids, boxes = find_grids(lines, found.width, found.height, found.chars, *_columns_of(before))
    boxes += pictured_boxes(lines)
    content.slanted, content.objects = found.slanted, found.objects
    if content.kind == "scan":
        return content
    folio = _folio(found, grids)
    if folio:
        found.chars = [c for c in found.chars if id(c) not in folio]
        content.slanted = [*content.slanted, "".join(folio.values()).strip()]
    beyond = [c for grid in grids for c in _widened(grid, found)]
    ticked_by_hand(found.chars, lines.strokes)
    content.chars = _with_boxes(found.chars, boxes, grids, lines.rings) + beyond
    fill_page(content, content.chars, grids)
    content.rules = [
        r for r in lines.horizontal if not any(t.box.holds(r.start, r.at, GRID.used) for t in content.tables)
    ]
    return content


def _folio(found: PageChars, grids: Sequence[Grid]) -> dict[int, str]:
    """The characters, by identity, of what a browser prints in the margins over a table that fills the page: the page's number, and with
    the address or the date all that stands beside it in letters of their size."""
    height, share = found.height, PAGE_KINDS.foot_share
    edge = [c for c in found.chars if not share * height < c.base < (1 - share) * height]
    told: dict[int, str] = {}
    for line in to_lines(edge) if any(c.text in "页/" for c in edge) else ():
        parts = _parts(line.chars)
        texts = ["".join(c.text for c in part if c.text.strip()) for part in parts]
        numbered = any(map(_NUMBER.fullmatch, texts))
        for part, text in zip(parts, texts, strict=True):
            size, base = part[0].size, part[0].base
            middle = (part[0].x0 + part[-1].x1) / 2
            if not any(grid.box.holds(middle, base - PAGE_KINDS.folio_above) for grid in grids):
                continue
            if _FOLIO.fullmatch(text):
                told |= {id(c): c.text for c in part}
            elif _PRINTED_AT.fullmatch(text) or (numbered and _ADDRESS.fullmatch(text)):
                told |= {id(c): c.text for p in parts for c in p if (c.size, c.base) == (size, base)}
    return told


def _parts(line: Sequence[Char]) -> list[list[Char]]:
    """The characters of a line, parted by gaps, for letters of each size."""
    found: list[list[Char]] = []
    for _, own in itertools.groupby(sorted(line, key=lambda c: (c.size, c.base, c.x0)), key=lambda c: (c.size, c.base)):
        last: Char | None = None
        for char in own:
            if last is None or char.x0 - last.x1 >= PAGE_KINDS.folio_gap * char.size:
                found.append([])
            found[-1].append(char)
            last = char
    return found


def _columns_of(page: PageContent | None) -> tuple[Sequence[float], Columns]:
    """The columns of the table that a page ends with, where no rule closes its last row; and of its last table anyhow."""
    last = page.tables[-1] if page is not None and page.tables else None
    if last is None:
        return (), NO_COLUMNS
    begun: Counter[int] = Counter()
    for cell in last.table.cells:
        begun[cell.column - 1] += cell.row_span
    parted = frozenset(i for i, rows in begun.items() if rows >= PAGE_KINDS.parted_share * last.table.rows)
    sizes = [text.size for text in last.texts if text.lines]
    low = page is not None and last.box.y1 > PAGE_KINDS.cut_share * page.height
    em = median(sizes) if sizes and low and last.table.doubts else 0.0
    return (last.xs if last.open_bottom else ()), Columns(last.xs, parted, em)


def _widened(grid: Grid, found: PageChars) -> list[Char]:
    """Widens a table that runs out of the page at the right to hold its text there, which it returns."""
    edge = grid.xs[-1]
    if edge < found.width - PAGE_KINDS.past_edge:
        return []
    grid.past_edge = True
    taken = [c for c in found.beyond if grid.box.y0 < c.level < grid.box.y1]
    end = (
        max((c.x1 for c in (*taken, *found.chars) if grid.box.y0 < c.level < grid.box.y1), default=0.0)
        + PAGE_KINDS.widened
    )
    if end > edge:
        grid.xs[-1], grid.box = end, grid.box._replace(x1=end)
        for cell in grid.cells:
            if cell.box.x1 == edge:
                cell.box = cell.box._replace(x1=end)
    return taken


def page_kind(found: PageChars, lines: PageLines) -> Kind:
    """Whether a page is read from its characters or from its picture.

    A picture that covers the page is a scan when its text is invisible, lies under the picture, or is next to none; so is a
    page whose characters have no codes or none that mean anything, or whose text was turned into curves.
    """
    shown = sum(1 for c in found.chars if c.text != " ")
    area = found.width * found.height or 1.0
    covers = [
        (box.width * box.height / area, texts) for box, texts in zip(lines.images, lines.texts_at_image, strict=True)
    ]
    largest = max((share for share, _ in covers), default=0.0)
    together = sum(share for share, _ in covers)
    if found.unmapped > PAGE_KINDS.unmapped and found.unmapped > PAGE_KINDS.unmapped_share * (shown + found.unmapped):
        return "scan"
    if is_garbled("".join(c.text for c in found.chars if c.text != " "), found.unmapped):
        return "scan"
    if together > PAGE_KINDS.covered_share and (
        found.invisible > PAGE_KINDS.invisible_share * (shown + found.invisible) or shown < PAGE_KINDS.next_to_none
    ):
        return "scan"
    if (
        any(
            share > PAGE_KINDS.over_text_share and texts > PAGE_KINDS.beneath_share * lines.texts
            for share, texts in covers
        )
        and lines.texts
    ):
        return "scan"
    if shown == 0 and (largest > PAGE_KINDS.picture_share or lines.paths > PAGE_KINDS.curves):
        return "scan"
    return "mixed" if together > PAGE_KINDS.covered_share and shown < PAGE_KINDS.little else "text"


def _with_boxes(chars: list[Char], boxes: list[DrawnBox], grids: Sequence[Grid], rings: Sequence[Box]) -> list[Char]:
    """The characters with drawn boxes among them as ☑ and □; a tick typed into a drawn box ticks it."""
    if not boxes:
        return chars
    used: set[int] = set()
    added: list[Char] = []
    for drawn in with_words(without_patterns(boxes, chars), chars, grids, rings):
        box = drawn.box
        inside = [c for c in chars if c.text != " " and box.holds(c.middle, c.level, PAGE_KINDS.in_box)]
        if any(c.text not in _CHECK_CHARS or c.size > PAGE_KINDS.framed * box.height for c in inside):
            continue  # a character in a frame: no box to tick
        used.update(id(c) for c in inside)
        text = TICKED if drawn.ticked or inside else UNTICKED
        size = box.height
        base = box.y1 - PAGE_KINDS.box_foot * size
        added.append(Char(text, box.x0, box.x1, base, size, run=-1, mark="drawn"))
    return [c for c in chars if id(c) not in used] + added
