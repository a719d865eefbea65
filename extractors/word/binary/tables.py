"""Paragraphs of a Word 97-2003 file gathered into tables: there, a table is only paragraphs that say they are in one.

Each paragraph tells its depth; a mark ends a cell, another a row, and the row's properties hold its edges and merges
([MS-DOC] 2.4.3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from extractors.word.binary.properties import ParaProps, TableCell

_HAIR = 8
"""Twips below which two edges of different rows are one: rounding, not drawing."""
_MAX_DEPTH = 20


@dataclass(slots=True)
class _Row:
    cells: list[str]
    props: ParaProps
    deleted: bool


@dataclass(slots=True)
class _Table:
    rows: list[_Row] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    content: list[str] = field(default_factory=list)


@dataclass(slots=True)
class TableStack:
    """Takes paragraphs in order, gives block content. What does not add up goes to ``doubts``."""

    doubts: list[str]
    _body: list[str] = field(default_factory=list)
    _open: list[_Table] = field(default_factory=list)

    def paragraph(self, xml: str, para: ParaProps, sign: str, deleted: bool = False) -> None:
        """Add a paragraph that ``sign`` ("\\r" or "\\x07") ended. ``deleted`` is a row whose end was deleted."""
        depth = para.depth or int(para.in_table or para.row_end)
        if sign == "\x07":
            depth = 1
        self._to_depth(min(depth, _MAX_DEPTH))
        if depth == 0:
            self._body.append(xml)
            return
        table = self._open[-1]
        if para.row_end if depth == 1 else para.inner_row_end:
            if "<w:t" in xml:  # a row's end mark has no text of its own
                table.content.append(xml)
            if table.content:
                self.doubts.append("表格行末之前有不属于任何单元格的文字")
                table.cells.append("".join(table.content))
                table.content = []
            table.rows.append(_Row(table.cells, para, deleted))
            table.cells = []
            return
        table.content.append(xml)
        if sign == "\x07" or (depth > 1 and para.inner_cell):
            table.cells.append("".join(table.content))
            table.content = []

    def finish(self) -> str:
        """Everything added, as block content."""
        self._to_depth(0)
        return "".join(self._body)

    def _to_depth(self, depth: int) -> None:
        while len(self._open) > depth:
            table = self._open.pop()
            xml = self._close(table)
            (self._open[-1].content if self._open else self._body).append(xml)
        while len(self._open) < depth:
            self._open.append(_Table())

    def _close(self, table: _Table) -> str:
        if table.content or table.cells:
            self.doubts.append("表格最后一行没有行末标记")
            if table.content:
                table.cells.append("".join(table.content))
            table.rows.append(_Row(table.cells, ParaProps(), False))
        for number, row in enumerate(table.rows, 1):
            self._mend(row, number)
        return _xml(table.rows)

    def _mend(self, row: _Row, number: int) -> None:
        """Make the row's definition fit its cells."""
        props = row.props = row.props.copy()
        if len(row.cells) != len(props.cells):
            self.doubts.append(f"表格第{number}行有{len(row.cells)}个单元格，行定义为{len(props.cells)}个")
            count = len(row.cells)
            last = props.edges[-1] if props.edges else 0
            wanting = count - len(props.cells)
            props.edges = (props.edges or [0]) + [last + 1000 * (i + 1) for i in range(max(0, wanting))]
            props.edges = props.edges[: count + 1]
            props.cells = (props.cells + [TableCell() for _ in range(max(0, wanting))])[:count]
        for i in range(1, len(props.edges)):  # a cell of no width still is one
            props.edges[i] = max(props.edges[i], props.edges[i - 1] + 1)


def _xml(rows: list[_Row]) -> str:
    rows = [row for row in rows if row.cells]
    position = _grid(rows)
    marks = sorted({edge: position[edge] for row in rows for edge in row.props.edges}.items())
    starts: dict[int, int] = {}
    for edge, index in marks:
        starts.setdefault(index, edge)
    edges = [starts[i] for i in sorted(starts)]
    out = ["<w:tbl><w:tblGrid>"]
    out += [f'<w:gridCol w:w="{b - a}"/>' for a, b in pairwise(edges)]
    out.append("</w:tblGrid>")
    for row in rows:
        out.append(_row(row, position))
    out.append("</w:tbl>")
    return "".join(out)


def _grid(rows: list[_Row]) -> dict[int, int]:
    """Edge → number of the grid line; edges a hair apart are one line unless a cell lies between them."""
    used = sorted({edge for row in rows for edge in row.props.edges})
    within = {(a, b) for row in rows for a, b in pairwise(row.props.edges) if b - a < _HAIR}
    found: dict[int, int] = {}
    line, first = -1, -(1 << 20)
    group: list[int] = []
    for edge in used:
        if edge - first >= _HAIR or any((other, edge) in within for other in group):
            line, first, group = line + 1, edge, []
        group.append(edge)
        found[edge] = line
    return found


def _row(row: _Row, position: dict[int, int]) -> str:
    props = row.props
    lines = [position[e] for e in props.edges]
    before = f'<w:gridBefore w:val="{lines[0]}"/>' if lines[0] else ""
    looks = before + ("<w:tblHeader/>" if props.header else "") + ("<w:del/>" if row.deleted else "")
    out = ["<w:tr>", f"<w:trPr>{looks}</w:trPr>" if looks else ""]
    at = 0
    while at < len(row.cells):
        end = at + 1
        content = row.cells[at]
        while end < len(row.cells) and props.cells[end].merged:
            # what stands in a cell merged away is shown by no program, but nothing is dropped
            content += row.cells[end] if "<w:t" in row.cells[end] else ""
            end += 1
        span = max(1, lines[end] - lines[at])
        cell = props.cells[at]
        merge = '<w:vMerge w:val="restart"/>' if cell.starts else ("<w:vMerge/>" if cell.below else "")
        looks = (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "") + merge
        out.append(f"<w:tc>{f'<w:tcPr>{looks}</w:tcPr>' if looks else ''}{content}</w:tc>")
        at = end
    out.append("</w:tr>")
    return "".join(out)
