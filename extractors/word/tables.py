"""A w:tbl as a grid: each cell once, at its top left, with its spans (ISO/IEC 29500-1 §17.4).

Rows that do not fill the grid, cells before and after it, vertical merges without a start and rows whose borders miss
each other by a hair (WPS and LibreOffice write such) all give the grid a person sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from extractors.document.errors import Unreadable
from extractors.word.names import INSERTED, SDT, SDTCONTENT, SDTPR, SYM, TBL, TCPR, VAL, T, w
from extractors.word.styles import is_on
from extractors.word.wrappers import shows_prompt
from records.numbers import whole

_TR, _TC, _TRPR = w("tr"), w("tc"), w("trPr")
_BEFORE, _DEL, _INS, _HEADER, _HIDDEN = (w(n) for n in ("gridBefore", "del", "ins", "tblHeader", "hidden"))
_SPAN, _VMERGE, _HMERGE = (w(n) for n in ("gridSpan", "vMerge", "hMerge"))
_CELL_DEL, _CELL_INS, _CELL_MERGE = (w(n) for n in ("cellDel", "cellIns", "cellMerge"))
_GRID, _GRID_COLUMN, _WIDTH = w("tblGrid"), w("gridCol"), w("w")
_THROUGH = INSERTED | {w("customXml"), w("smartTag")}
_LOOKS = frozenset(w(n) for n in ("tcW", "vAlign", "tcBorders", "shd", "tcMar", "noWrap"))
_UNSEEN = f"{w('rPr')}/{w('vanish')}"
_FRAME_ROWS = 6
_FRAME_BLOCKS = 40
MAX_COLUMNS = 256
_WIDEST = 31680
"""Twips: the widest page that Word lays out (22 inches)."""
HAIR = 90
"""Twips (1/20 pt) below which two borders of different rows are one to the eye: about 1.6 mm."""


@dataclass(slots=True)
class RawCell:
    """A w:tc at its grid boundaries."""

    start: int
    end: int
    node: etree._Element
    children: list[etree._Element]
    merge: str
    prompt: bool


@dataclass(slots=True)
class Rows:
    """The rows of a w:tbl without those deleted. ``headers`` are repeated on each page, ``unseen`` the cells of hidden rows,
    ``changed`` whether rows or cells were inserted or deleted, ``count`` the cells met."""

    rows: list[list[RawCell]] = field(default_factory=list)
    headers: int = 0
    unseen: list[RawCell] = field(default_factory=list)
    changed: bool = False
    count: int = 0


def framed(node: etree._Element) -> list[etree._Element]:
    """The cells that hold something of a table that only lays the page out, as web pages have them around everything: a few
    rows, of which each has one cell that is not empty, with tables in them. [] for any other table."""
    if len(node) > 3 * _FRAME_ROWS:
        return []
    rows = [child for child in node if child.tag == _TR]
    if not 0 < len(rows) <= _FRAME_ROWS:
        return []
    if len(rows) == 1 and len(found := rows[0].findall(_TC)) == 1 and len(found[0]) > _FRAME_BLOCKS:
        return found  # all of a page in one cell
    if node.find(f"./{_TR}/{_TC}/{TBL}") is None:
        return []
    found = []
    for row in rows:
        if any(child.tag == SDT for child in row):
            return []
        full = [tc for tc in row if tc.tag == _TC and (tc.find(TBL) is not None or _says_something(tc))]
        if len(full) > 1:
            return []
        found += full
    # 联系人 above a table of its own is a label, not a page
    return found if len(found) == 1 or sum(len(tc.findall(TBL)) for tc in found) > 1 else []


def _says_something(cell: etree._Element) -> bool:
    shown = (t for t in cell.iter(T, SYM) if t.tag == SYM or (t.text or "").strip())
    return any((run := t.getparent()) is None or run.find(_UNSEEN) is None for t in shown)


class _RowLook(NamedTuple):
    """What a w:trPr says."""

    start: int
    gone: bool
    header: bool
    unseen: bool


def rows_of(node: etree._Element, room: int) -> Rows | None:
    """The rows of a table; None where it has more than ``room`` cells. Raises Unreadable where a row is too wide."""
    found = Rows()
    for row in _rows(node):
        children = list(row)
        look = _row_look(children, found)
        if look.gone:
            continue
        if look.unseen:
            found.unseen += [RawCell(0, 1, tc, list(tc), "", False) for tc, _ in _cells(children)]
            continue
        cells: list[RawCell] = []
        at = look.start
        for tc, prompt in _cells(children):
            found.count += 1
            if found.count > room:
                return None
            at = _place(found, cells, tc, prompt, at)
        if cells:
            if look.header and found.headers == len(found.rows):
                found.headers += 1
            found.rows.append(cells)
    return found


def _row_look(children: list[etree._Element], found: Rows) -> _RowLook:
    start = 0
    gone = header = unseen = False
    for properties in children:
        if properties.tag != _TRPR:
            continue
        for child in properties:
            tag = child.tag
            if tag == _BEFORE:
                start = whole(child.get(VAL), least=0, most=MAX_COLUMNS)
            elif tag == _DEL:
                gone = found.changed = True
            elif tag == _INS:
                found.changed = True
            elif tag == _HEADER:
                header = is_on(child)
            elif tag == _HIDDEN:
                unseen = is_on(child)
    return _RowLook(start, gone, header, unseen)


def _place(found: Rows, cells: list[RawCell], tc: etree._Element, prompt: bool, at: int) -> int:
    span, merge = 1, ""
    children = list(tc)
    for properties in children:
        if properties.tag != TCPR:
            continue
        for child in properties:
            tag = child.tag
            if tag in _LOOKS:
                continue
            if tag == _SPAN:
                span = whole(child.get(VAL), 1, least=1, most=MAX_COLUMNS)
            elif tag == _VMERGE:
                merge = child.get(VAL, "continue")
            elif tag == _HMERGE and child.get(VAL, "continue") == "continue" and cells:
                cells[-1].end = min(at + span, MAX_COLUMNS)
                return cells[-1].end
            elif tag == _CELL_DEL:
                found.changed = True
                return at
            elif tag in (_CELL_INS, _CELL_MERGE):
                found.changed = True
    end = min(at + span, MAX_COLUMNS)
    if at >= MAX_COLUMNS:
        raise Unreadable(f"文件中表格超过{MAX_COLUMNS}列，未予打开；请核对后重新报送")
    cells.append(RawCell(at, end, tc, children, merge, prompt))
    return end


def _rows(node: etree._Element) -> Iterator[etree._Element]:
    for child in node:
        if child.tag == _TR:
            yield child
        elif child.tag == SDT:
            content = child.find(SDTCONTENT)
            if content is not None:
                yield from _rows(content)
        elif child.tag in _THROUGH:
            yield from _rows(child)


def _cells(row: Iterable[etree._Element]) -> Iterator[tuple[etree._Element, bool]]:
    for child in row:
        if child.tag == _TC:
            yield child, False
        elif child.tag == SDT:
            content = child.find(SDTCONTENT)
            if content is not None:
                prompt = shows_prompt(child.find(SDTPR))
                for tc, inner in _cells(content):
                    yield tc, prompt or inner
        elif child.tag in _THROUGH:
            yield from _cells(child)


def _widths(node: etree._Element) -> list[int]:
    """Widths of the grid's columns in twips, [] where the file does not give them."""
    grid = node.find(_GRID)
    if grid is None:
        return []
    found = (child.get(_WIDTH, "") for child in grid if child.tag == _GRID_COLUMN)
    return [whole(v.partition(".")[0], least=0, most=_WIDEST) for v in found]  # some programs write fractions


def seen_boundaries(rows: list[list[RawCell]], table: etree._Element) -> dict[int, int]:
    """Grid boundary → boundary of the grid a person sees: unused ones dropped, ones a hair apart made one."""
    widths = _widths(table)
    met = {0}
    for row in rows:
        for cell in row:
            met.add(cell.start)
            met.add(cell.end)
    used = sorted(met)
    if len(widths) < used[-1] or not any(widths):
        return {b: i for i, b in enumerate(used)}
    position, at = [0], 0
    for width in widths:
        at += width
        position.append(at)
    shut: set[tuple[int, int]] = set()
    mapped: dict[int, int] = {}
    group: list[int] = []
    index = -1
    for boundary in used:
        near = bool(group) and position[boundary] - position[group[0]] < HAIR
        if near and not shut:
            shut = {(c.start, c.end) for row in rows for c in row}
        if near and not any((earlier, boundary) in shut for earlier in group):
            group.append(boundary)
        else:
            group = [boundary]
            index += 1
        mapped[boundary] = index
    return mapped
