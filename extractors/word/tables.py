"""A w:tbl as a grid: each cell once, at its top left, with its spans (ISO/IEC 29500-1 §17.4).

Rows that do not fill the grid, cells before and after it, vertical merges without a start and rows whose borders miss
each other by a hair (WPS and LibreOffice write such) all give the grid a person sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from extractors.document.errors import Unreadable
from extractors.document.model import Cell, Mark, Paragraph, Table
from extractors.word.paragraphs import VAL, Text, w
from extractors.word.styles import is_on
from extractors.word.walk import BESIDE_STRUCK, SYM, T, Walker
from extractors.word.wrappers import SDT, TBL, P
from records.numbers import whole

TR, TC, TRPR, TCPR = w("tr"), w("tc"), w("trPr"), w("tcPr")
(
    _BEFORE,
    _DEL,
    _INS,
    _HEADER,
    _HIDDEN,
    _SPAN,
    _VMERGE,
    _HMERGE,
    _CELL_DEL,
    _CELL_INS,
    _CELL_MERGE,
    _CONTENT,
    _CUSTOM,
    _MOVED,
    _SMART,
    _SDTPR,
    _GRID,
    _GRID_COLUMN,
    _WIDTH,
) = (
    w(n)
    for n in (
        "gridBefore",
        "del",
        "ins",
        "tblHeader",
        "hidden",
        "gridSpan",
        "vMerge",
        "hMerge",
        "cellDel",
        "cellIns",
        "cellMerge",
        "sdtContent",
        "customXml",
        "moveTo",
        "smartTag",
        "sdtPr",
        "tblGrid",
        "gridCol",
        "w",
    )
)
_PLAIN = frozenset((P, TCPR))
_LOOKS = frozenset(w(n) for n in ("tcW", "vAlign", "tcBorders", "shd", "tcMar", "noWrap"))
_UNSEEN = f"{w('rPr')}/{w('vanish')}"
_FRAME_ROWS = 6
_FRAME_BLOCKS = 40
MAX_COLUMNS = 256
MAX_CELLS = 400_000
_WIDEST = 31680
"""Twips: the widest page that Word lays out (22 inches)."""
HAIR = 90
"""Twips (1/20 pt) below which two borders of different rows are one to the eye: about 1.6 mm."""


@dataclass(slots=True)
class _Raw:
    """A w:tc at its grid boundaries."""

    start: int
    end: int
    node: etree._Element
    children: list[etree._Element]
    merge: str
    prompt: bool


@dataclass(slots=True)
class _Rows:
    rows: list[list[_Raw]] = field(default_factory=list)
    headers: int = 0


def framed(node: etree._Element) -> list[etree._Element]:
    """The cells that hold something of a table that only lays the page out, as web pages have them around everything: a few
    rows, of which each has one cell that is not empty, with tables in them. [] for any other table."""
    if len(node) > 3 * _FRAME_ROWS:
        return []
    rows = [child for child in node if child.tag == TR]
    if not 0 < len(rows) <= _FRAME_ROWS:
        return []
    if len(rows) == 1 and len(found := rows[0].findall(TC)) == 1 and len(found[0]) > _FRAME_BLOCKS:
        return found  # all of a page in one cell
    if node.find(f"./{TR}/{TC}/{TBL}") is None:
        return []
    found = []
    for row in rows:
        if any(child.tag == SDT for child in row):
            return []
        full = [tc for tc in row if tc.tag == TC and (tc.find(TBL) is not None or _says_something(tc))]
        if len(full) > 1:
            return []
        found += full
    # 联系人 above a table of its own is a label, not a page
    return found if len(found) == 1 or sum(len(tc.findall(TBL)) for tc in found) > 1 else []


def _says_something(cell: etree._Element) -> bool:
    shown = (t for t in cell.iter(T, SYM) if t.tag == SYM or (t.text or "").strip())
    return any((run := t.getparent()) is None or run.find(_UNSEEN) is None for t in shown)


def read_table(walker: Walker, node: etree._Element) -> Table:
    """A table with the tables nested in it. Raises Unreadable beyond the limits."""
    nested = walker.depth > 1
    if not nested:
        walker.tables += 1
    table = Table(walker.tables)
    raw = _gather(walker, node)
    columns = _snap(raw.rows, _widths(node))
    open_cells: dict[int, Cell] = {}
    for number, row in enumerate(raw.rows, 1):
        still_open: dict[int, Cell] = {}
        for item in row:
            start, end = columns[item.start], columns[item.end]
            above = open_cells.get(start) if item.merge == "continue" else None
            if above is not None:
                above.row_span += 1
                still_open[start] = above
                _fill(walker, item, Cell(number, start + 1), hidden=True)
                continue
            cell = Cell(number, start + 1, 1, max(1, end - start))
            _fill(walker, item, cell)
            table.cells.append(cell)
            if item.merge:
                still_open[start] = cell
        open_cells = still_open
    table.rows = len(raw.rows)
    table.columns = max((c.column + c.column_span - 1 for c in table.cells), default=0)
    table.header_rows = raw.headers
    for cell in table.cells:
        for index, inner in enumerate(cell.tables, 1):
            inner.index = index
            inner.parent = table.where_cell(cell)
    _reparent(table)
    return table


def _reparent(table: Table) -> None:
    for cell in table.cells:
        for inner in cell.tables:
            inner.parent = table.where_cell(cell)
            _reparent(inner)


def _gather(walker: Walker, node: etree._Element) -> _Rows:
    found = _Rows()
    for row in _rows(node):
        start = 0
        gone = header = unseen = False
        children = list(row)
        for properties in children:
            if properties.tag != TRPR:
                continue
            for child in properties:
                tag = child.tag
                if tag == _BEFORE:
                    start = whole(child.get(VAL), least=0, most=MAX_COLUMNS)
                elif tag == _DEL:
                    gone = walker.changed = True
                elif tag == _INS:
                    walker.changed = True
                elif tag == _HEADER:
                    header = is_on(child)
                elif tag == _HIDDEN:
                    unseen = is_on(child)
        if gone:
            continue
        if unseen:
            for tc, _ in _cells(children, walker):
                _fill(walker, _Raw(0, 1, tc, list(tc), "", False), Cell(1, 1), hidden=True)
            continue
        cells: list[_Raw] = []
        at = start
        for tc, prompt in _cells(children, walker):
            walker.cells += 1
            if walker.cells > MAX_CELLS:
                raise Unreadable(f"文件中表格单元格超过{MAX_CELLS}个，未予打开；请核对后重新报送")
            at = _place(walker, cells, tc, prompt, at)
        if cells:
            if header and found.headers == len(found.rows):
                found.headers += 1
            found.rows.append(cells)
    return found


def _place(walker: Walker, cells: list[_Raw], tc: etree._Element, prompt: bool, at: int) -> int:
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
                walker.changed = True
                return at
            elif tag in (_CELL_INS, _CELL_MERGE):
                walker.changed = True
    end = min(at + span, MAX_COLUMNS)
    if at >= MAX_COLUMNS:
        raise Unreadable(f"文件中表格超过{MAX_COLUMNS}列，未予打开；请核对后重新报送")
    cells.append(_Raw(at, end, tc, children, merge, prompt))
    return end


def _rows(node: etree._Element) -> Iterator[etree._Element]:
    for child in node:
        if child.tag == TR:
            yield child
        elif child.tag == SDT:
            content = child.find(_CONTENT)
            if content is not None:
                yield from _rows(content)
        elif child.tag in (_CUSTOM, _INS, _MOVED, _SMART):
            yield from _rows(child)


def _cells(row: Iterable[etree._Element], walker: Walker) -> Iterator[tuple[etree._Element, bool]]:
    for child in row:
        if child.tag == TC:
            yield child, False
        elif child.tag == SDT:
            content = child.find(_CONTENT)
            if content is not None:
                prompt = walker.opens_prompt(child.find(_SDTPR))
                for tc, inner in _cells(content, walker):
                    yield tc, prompt or inner
        elif child.tag in (_CUSTOM, _INS, _MOVED, _SMART):
            yield from _cells(child, walker)


def _widths(node: etree._Element) -> list[int]:
    """Widths of the grid's columns in twips, [] where the file does not give them."""
    grid = node.find(_GRID)
    if grid is None:
        return []
    found = (child.get(_WIDTH, "") for child in grid if child.tag == _GRID_COLUMN)
    return [whole(v.partition(".")[0], least=0, most=_WIDEST) for v in found]  # some programs write fractions


def _snap(rows: list[list[_Raw]], widths: list[int]) -> dict[int, int]:
    """Grid boundary → boundary of the grid a person sees: unused ones dropped, ones a hair apart made one."""
    used = sorted({b for row in rows for c in row for b in (c.start, c.end)} | {0})
    if len(widths) < used[-1] or not any(widths):
        return {b: i for i, b in enumerate(used)}
    position, at = [0], 0
    for width in widths:
        at += width
        position.append(at)
    shut = {(c.start, c.end) for row in rows for c in row}
    mapped: dict[int, int] = {}
    group: list[int] = []
    index = -1
    for boundary in used:
        near = bool(group) and position[boundary] - position[group[0]] < HAIR
        if near and not any((earlier, boundary) in shut for earlier in group):
            group.append(boundary)
        else:
            group = [boundary]
            index += 1
        mapped[boundary] = index
    return mapped


def _content(walker: Walker, node: etree._Element) -> Iterable[Text | Table]:
    """What a cell holds; most hold paragraphs alone, which need none of the care that the rest does."""
    children = list(node)
    if any(child.tag not in _PLAIN for child in children):
        return walker.content(node)
    found: list[Text | Table] = []
    carried: Text | None = None
    for child in children:
        if child.tag == TCPR:
            continue
        text = walker.paragraph(child)
        if carried is not None:
            text.follow(carried)
        carried = text if text.joins else None
        if carried is None:
            found.append(text)
    return found if carried is None else [*found, carried]


def _plain_lines(walker: Walker, children: list[etree._Element]) -> list[str] | None:
    """The paragraphs of a cell of plain text, None where any of it is more than that."""
    lines = []
    for child in children:
        tag = child.tag
        if tag == P:
            text = walker.plain(child)
            if text is None:
                return None
            lines.append(text)
        elif tag != TCPR:
            return None
    return lines


def _fill(walker: Walker, item: _Raw, cell: Cell, hidden: bool = False) -> None:
    """Read a cell's content. A cell hidden beneath a vertical merge is shown by no program: its text goes apart."""
    if not hidden and not item.prompt and walker.at_rest:
        plain = _plain_lines(walker, item.children)
        if plain is not None:
            cell.text = "\n".join(plain)
            return
    lines: list[str] = []
    size = 0
    walker.prompting += item.prompt
    for part in _content(walker, item.node):
        if isinstance(part, Table):
            cell.tables.append(part)
            continue
        texts = [(part.text, part.marks)]
        if part.struck:
            cell.confidence = min(cell.confidence, BESIDE_STRUCK)
        cell.pictures += part.pictures
        for box in part.boxes:
            for block in walker.body(box, "textbox"):
                if isinstance(block, Table):
                    cell.tables.append(block)
                else:
                    texts.append((block.text, block.marks))
        for text, marks in texts:
            cell.marks.extend(Mark(size + m.offset, m.ticked, m.kind) for m in marks)
            lines.append(text)
            size += len(text) + 1
    walker.prompting -= item.prompt
    text = "\n".join(lines)
    if hidden:
        if text.strip():
            walker.hidden.append(Paragraph(text, len(walker.hidden) + 1, place="hidden"))
    else:
        cell.text = text
