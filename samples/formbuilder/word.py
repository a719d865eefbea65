"""WordprocessingML: paragraphs, runs, boxes, tables and sections as lxml elements.

Only what the forms need and python-docx does not offer: tables drawn on a fixed grid with spans both ways, ticks in
every encoding, footnote references.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = {"w": W, "w14": W14, "r": R}

Element = etree._Element  # noqa: SLF001 - lxml has no public name for its class


TALL = 800
"""A row of this least height (twips) may break across pages."""


class Footnote(NamedTuple):
    """A reference to footnote ``number`` (from 1 in the file)."""

    number: int


class Box(NamedTuple):
    """A tick box; how it is drawn is the layout's choice."""

    ticked: bool


Piece = str | Footnote | Box
Line = Sequence[Piece] | str


class Face(NamedTuple):
    """A type face: East Asian font, size in half points, bold."""

    font: str = "仿宋"
    size: int = 24
    bold: bool = False


@dataclass(frozen=True)
class Ticks:
    """How boxes are drawn. ``style``: a character that stands for a ticked box (☑, ■, √, ☒ …), ``sym`` (Wingdings
    w:sym) or ``control`` (w14:checkbox). ``√`` replaces the box, as people type it."""

    style: str = "☑"


def q(name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMES[prefix or 'w']}}}{local}"


def el(name: str, *children: Element | None, **attributes: Any) -> Element:
    """An element of the ``w`` namespace with attributes of that namespace; None among children is left out."""
    made = etree.Element(q(name), nsmap=NAMES)
    for key, value in attributes.items():
        if value is not None:
            made.set(q(key.rstrip("_")), str(value))
    made.extend(child for child in children if child is not None)
    return made


def _properties(face: Face, raised: bool = False) -> Element:
    return el(
        "rPr",
        el("rFonts", ascii="Times New Roman", hAnsi="Times New Roman", eastAsia=face.font, cs="Times New Roman"),
        el("b") if face.bold else None,
        el("sz", val=face.size),
        el("szCs", val=face.size),
        el("vertAlign", val="superscript") if raised else None,
    )


def _text(text: str) -> Element:
    made = el("t")
    made.text = text
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def run(text: str, face: Face) -> Element:
    return el("r", _properties(face), _text(text))


def _box(box: Box, face: Face, ticks: Ticks) -> Element:
    if ticks.style == "sym":
        return el("r", _properties(face), el("sym", font="Wingdings 2", char="F052" if box.ticked else "F0A3"))
    if ticks.style == "control":
        checkbox = etree.Element(q("w14:checkbox"), nsmap=NAMES)
        for name, value in (("checked", "1" if box.ticked else "0"),):
            etree.SubElement(checkbox, q(f"w14:{name}")).set(q("w14:val"), value)
        for name, value in (("checkedState", "2612"), ("uncheckedState", "2610")):
            state = etree.SubElement(checkbox, q(f"w14:{name}"))
            state.set(q("w14:val"), value)
            state.set(q("w14:font"), "MS Gothic")
        content = el("sdtContent", run("☒" if box.ticked else "☐", face))
        return el("sdt", el("sdtPr", checkbox), content)
    return run(ticks.style if box.ticked else "□", face)


def _piece(piece: Piece, face: Face, ticks: Ticks) -> Element:
    if isinstance(piece, Footnote):
        return el("r", _properties(face, raised=True), el("footnoteReference", id=piece.number))
    if isinstance(piece, Box):
        return _box(piece, face, ticks)
    return run(piece, face)


def paragraph(
    line: Line,
    face: Face | None = None,
    *,
    align: str = "both",
    indent: int = 0,
    left: int = 0,
    before: int = 0,
    after: int = 0,
    spacing: int | None = None,
    heading: int | None = None,
    page_break: bool = False,
    keep: bool = False,
    ticks: Ticks | None = None,
) -> Element:
    """A paragraph. ``indent`` is the first line's in characters; ``spacing`` an exact line height in twips;
    ``heading`` an outline level from 0; ``keep`` keeps it on one page with what follows, as a heading is."""
    face = face or Face()
    properties = el(
        "pPr",
        el("keepNext") if keep or heading is not None else None,
        el("pageBreakBefore") if page_break else None,
        el(
            "spacing",
            before=before,
            after=after,
            line=spacing if spacing else 240,
            lineRule="exact" if spacing else "auto",
        ),
        el("ind", left=left, firstLineChars=indent * 100, firstLine=indent * face.size * 10)
        if indent or left
        else None,
        el("jc", val=align),
        el("outlineLvl", val=heading) if heading is not None else None,
    )
    made = el("p", properties)
    for piece in [line] if isinstance(line, str) else line:
        if piece != "":
            made.append(_piece(piece, face, ticks or Ticks()))
    return made


@dataclass(slots=True)
class Cell:
    """A cell: its lines (paragraphs), how many grid columns and rows it spans. ``align`` holds for every line, or
    one for each, the last for the rest."""

    lines: Sequence[Line] = ("",)
    span: int = 1
    down: int = 1
    align: str | tuple[str, ...] = "center"
    face: Face | None = None
    vertical: str = "center"


@dataclass(slots=True)
class Row:
    cells: list[Cell]
    height: int = 0
    header: bool = False


@dataclass(slots=True)
class Table:
    """A table on a grid of ``widths`` (twips). A cell with ``down`` > 1 takes its place in the rows beneath by
    itself."""

    widths: Sequence[int]
    face: Face = field(default_factory=Face)
    ticks: Ticks = field(default_factory=Ticks)
    rows: list[Row] = field(default_factory=list)
    height: int = 0
    """The least height of a row that does not say its own."""

    def row(self, *cells: Cell, height: int = 0, header: bool = False) -> None:
        self.rows.append(Row(list(cells), height or self.height, header))

    def split(self, at: int) -> tuple[Table, Table]:
        """Two tables in place of one, cut before row ``at`` (from 0)."""
        return (
            Table(self.widths, self.face, self.ticks, self.rows[:at], self.height),
            Table(self.widths, self.face, self.ticks, self.rows[at:], self.height),
        )

    def element(self) -> Element:
        edges = ("top", "left", "bottom", "right", "insideH", "insideV")
        borders = el("tblBorders", *(el(edge, val="single", sz=4, space=0, color="auto") for edge in edges))
        margins = el("tblCellMar", el("left", w=85, type="dxa"), el("right", w=85, type="dxa"))
        properties = el(
            "tblPr",
            el("tblW", w=sum(self.widths), type="dxa"),
            el("jc", val="center"),
            borders,
            el("tblLayout", type="fixed"),
            margins,
        )
        made = el("tbl", properties, el("tblGrid", *(el("gridCol", w=width) for width in self.widths)))
        pending: dict[int, tuple[int, int]] = {}
        for row in self.rows:
            made.append(self._row(row, pending))
        return made

    def _row(self, row: Row, pending: dict[int, tuple[int, int]]) -> Element:
        properties = el(
            "trPr",
            el("cantSplit") if row.header or row.height < TALL else None,
            el("trHeight", val=row.height, hRule="atLeast") if row.height else None,
            el("tblHeader") if row.header else None,
        )
        made = el("tr", properties)
        column, cells = 0, iter(row.cells)
        while column < len(self.widths):
            if column in pending:
                span, left = pending.pop(column)
                if left > 1:
                    pending_next = (span, left - 1)
                    pending[column] = pending_next
                made.append(self._cell(Cell(span=span), column, "continue"))
                column += span
                continue
            cell = next(cells, None)
            if cell is None:
                raise ValueError(f"row {row.cells!r} leaves columns {column} to {len(self.widths)} open")
            made.append(self._cell(cell, column, "restart" if cell.down > 1 else None))
            if cell.down > 1:
                pending[column] = (cell.span, cell.down - 1)
            column += cell.span
        if next(cells, None) is not None or column > len(self.widths):
            raise ValueError(f"row {row.cells!r} is wider than the table")
        return made

    def _cell(self, cell: Cell, column: int, merge: str | None) -> Element:
        properties = el(
            "tcPr",
            el("tcW", w=sum(self.widths[column : column + cell.span]), type="dxa"),
            el("gridSpan", val=cell.span) if cell.span > 1 else None,
            (el("vMerge", val="restart") if merge == "restart" else el("vMerge")) if merge else None,
            el("vAlign", val=cell.vertical),
        )
        made = el("tc", properties)
        aligns = (cell.align,) if isinstance(cell.align, str) else cell.align
        for at, line in enumerate(cell.lines or ("",)):
            align = aligns[min(at, len(aligns) - 1)]
            made.append(paragraph(line, cell.face or self.face, align=align, ticks=self.ticks))
        return made


def section(
    *,
    landscape: bool = False,
    footer: str = "",
    header: str = "",
    first_footnote: int = 1,
    page_start: int | None = None,
) -> Element:
    """Section properties: A4, the margins of official documents upright, narrow ones for wide tables.
    ``footer`` and ``header`` are relationship ids."""
    made = el("sectPr")
    for kind, rel in (("header", header), ("footer", footer)):
        if rel:
            reference = el(f"{kind}Reference", type="default")
            reference.set(q("r:id"), rel)
            made.append(reference)
    made.append(el("footnotePr", el("numStart", val=first_footnote)) if first_footnote > 1 else el("footnotePr"))
    made.append(el("type", val="nextPage"))
    width, height = (16838, 11906) if landscape else (11906, 16838)
    made.append(el("pgSz", w=width, h=height, orient="landscape" if landscape else None))
    top, bottom, left, right = (1134, 1134, 1134, 1134) if landscape else (1701, 1701, 1531, 1531)
    made.append(el("pgMar", top=top, bottom=bottom, left=left, right=right, header=851, footer=992, gutter=0))
    if page_start is not None:
        made.append(el("pgNumType", start=page_start))
    return made


def break_section(properties: Element) -> Element:
    """The empty paragraph that ends a section."""
    return el("p", el("pPr", el("spacing", before=0, after=0, line=20, lineRule="exact"), properties))
