"""The Document: what every format is read into before any form is fitted.

Paragraphs and tables in reading order. A merged cell stands once, at its top left, with its spans. Ticks that the file
holds as something else than a typed character (w:sym, content control, form field, a drawn box) stand in the text as
☑ (ticked) or □ (not ticked), so that one parser serves all formats; :class:`Mark` says what was there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from extractors.document.doubts import Doubts, confidence
from records.models import Note, Place, Seal, TextLine

TICKED = "☑"
UNTICKED = "□"
PICTURE = "[图片]"


@dataclass(slots=True)
class Mark:
    """A box or tick at ``offset`` of the text. ``kind``: typed, sym, control, field, glyph, drawn."""

    offset: int
    ticked: bool
    kind: str = "typed"


@dataclass(slots=True)
class Paragraph:
    """``index`` is its number in the file from 1 (paragraphs inside tables are not counted). ``level`` is the outline
    level of a heading, 0 for body text.
    ``numbering`` is the automatic number Word prints before the text (already part of ``text``)."""

    text: str
    index: int
    level: int = 0
    place: Place = "body"
    page: int | None = None
    marks: list[Mark] = field(default_factory=list)
    pictures: int = 0
    doubts: Doubts = ()
    numbering: str = ""
    contents: bool = False
    """A line of a table of contents: its headings are not the chapters themselves."""
    origin: str = ""
    """The file it stands in, where an application came as several."""
    seams: tuple[int, ...] = ()
    """Where in ``text`` a paragraph goes on whose own mark, before it, was deleted as a tracked change."""
    at: str = ""
    """The place, where the format knows a better one than a count."""

    @property
    def confidence(self) -> float:
        return confidence(self.doubts)

    @property
    def where(self) -> str:
        at = (f"{self.origin} " if self.origin else "") + (f"第{self.page}页 " if self.page else "")
        if self.at:
            return f"{at}{self.at}"
        name = {"header": "页眉", "footer": "页脚", "textbox": "文本框", "footnote": "脚注"}.get(self.place, "段落")
        return f"{at}{name}{self.index}"


@dataclass(slots=True)
class Cell:
    """A cell at ``row``/``column`` (from 1). Its paragraphs are joined by line feeds in ``text``."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    text: str = ""
    marks: list[Mark] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    pictures: int = 0
    doubts: Doubts = ()
    lit: tuple[str, ...] = ()
    """Pieces of ``text`` that are set off by a ground, a frame or a colour of their own."""
    stressed: tuple[str, ...] = ()
    """Pieces of ``text`` that are bold, italic or underlined, where its boxes stand in a text that is not so throughout."""
    ringed: bool = False
    """A shape without text or picture is drawn over it: people ring an option so."""
    page: int | None = None
    page_row: int | None = None
    """Row on its own page, where a table that runs over pages was joined and ``page`` differs from the table's."""
    rest: Cell | None = None
    """The cell at the top of the next page that counts as its rest: its text ends ``text``."""

    @property
    def confidence(self) -> float:
        return confidence(self.doubts)


class OfSheet(NamedTuple):
    """Where a table stands in a workbook: the name of its sheet ("" in a table of text, which has none), and the numbers that
    its rows and columns have there."""

    sheet: str
    rows: tuple[int, ...]
    columns: tuple[int, ...]

    def place(self, row: int, column: int) -> str:
        """``工作表“附件4” C7``, as a person finds it; of a table of text ``行7 列3``."""
        row, column = self.rows[row - 1], self.columns[column - 1]
        return f"工作表“{self.sheet}” {letters(column)}{row}" if self.sheet else f"行{row} 列{column}"


def letters(column: int) -> str:
    """The name of a column of a workbook: 1 → A, 28 → AB."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


@dataclass(slots=True)
class Table:
    """``index`` counts the tables of the file from 1 (of the page, where ``page`` is set). ``header_rows`` rows are
    marked in the file as repeated headers. ``parent`` is the place of the cell a nested table stands in. ``of_sheet`` is
    None but in workbooks."""

    index: int
    rows: int = 0
    columns: int = 0
    cells: list[Cell] = field(default_factory=list)
    page: int | None = None
    header_rows: int = 0
    parent: str = ""
    doubts: Doubts = ()
    origin: str = ""
    of_sheet: OfSheet | None = None

    @property
    def confidence(self) -> float:
        return confidence(self.doubts)

    @property
    def where(self) -> str:
        at = (f"{self.origin} " if self.origin else "") + (f"第{self.page}页 " if self.page else "")
        if self.of_sheet is not None and self.of_sheet.sheet:
            at += f"工作表“{self.of_sheet.sheet}” "
        return f"{self.parent + ' ' if self.parent else at}表{self.index}"

    def where_cell(self, cell: Cell, at: str = "") -> str:
        """The place of a cell as a person counts: ``表2 行5 列3``. ``at``: the table's own place, where it is known already."""
        if self.of_sheet is not None:
            return (f"{self.origin} " if self.origin else "") + self.of_sheet.place(cell.row, cell.column)
        if not at:
            plain = self.page is None and not self.origin and not self.parent  # most: of a body that has no pages
            at = f"表{self.index}" if plain else self.where
        if cell.page and cell.page != self.page:
            return f"第{cell.page}页 表（接{at}） 行{cell.page_row or cell.row} 列{cell.column}"
        return f"{at} 行{cell.row} 列{cell.column}"


Block = Paragraph | Table


@dataclass(slots=True)
class Document:
    """``blocks`` in reading order; ``aside`` holds headers, footers, footnotes and hidden text, apart from the body.
    ``seals`` is None for typed text. ``notes`` is what the reader noticed about the file (rules F04, F05, F11, S03)."""

    format: str
    blocks: list[Block] = field(default_factory=list)
    aside: list[Paragraph] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    pages: int | None = None
    seals: list[Seal] | None = None
    by_ocr: bool = False

    def tables(self) -> Iterator[Table]:
        """Every table in reading order, nested ones after the table that holds them."""
        for block in self.blocks:
            if isinstance(block, Table):
                yield from _with_nested(block)

    def texts(self) -> Iterator[str]:
        """The text of every paragraph and cell of the body."""
        for block in self.blocks:
            if isinstance(block, Table):
                for table in _with_nested(block):
                    for cell in table.cells:
                        yield cell.text
            else:
                yield block.text

    def lines(self) -> list[TextLine]:
        """Every line of text with its place, for rules that look for words anywhere."""
        found: list[TextLine] = []
        for block in self.blocks:
            if isinstance(block, Table):
                for table in _with_nested(block):
                    at = table.where  # once a table: a form has a thousand cells
                    for cell in table.cells:
                        text = cell.text
                        if not text or text.isspace():
                            continue
                        plain = table.of_sheet is None and (not cell.page or cell.page == table.page)
                        where = f"{at} 行{cell.row} 列{cell.column}" if plain else table.where_cell(cell, at)
                        if "\n" in text:
                            found.extend(TextLine(line, where, "cell") for line in text.split("\n") if line.strip())
                        else:
                            found.append(TextLine(text, where, "cell"))
            elif block.text.strip():
                found.append(TextLine(block.text, block.where, block.place))
        found.extend(TextLine(p.text, p.where, p.place) for p in self.aside if p.text.strip())
        return found

    def to_dict(self) -> dict[str, Any]:
        """The blocks as ``shenbao read`` prints them."""
        return {"blocks": [_block(b) for b in self.blocks], "aside": [_block(p) for p in self.aside]}


def _with_nested(table: Table) -> Iterator[Table]:
    yield table
    for cell in table.cells:
        for nested in cell.tables:
            yield from _with_nested(nested)


def _marks(marks: list[Mark]) -> list[dict[str, Any]]:
    return [{"offset": m.offset, "ticked": m.ticked, "kind": m.kind} for m in marks]


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Table):
        return {
            "type": "table",
            "where": block.where,
            "rows": block.rows,
            "columns": block.columns,
            "cells": [_cell(c, block) for c in block.cells],
        }
    out: dict[str, Any] = {"type": "paragraph", "text": block.text, "where": block.where}
    if block.place != "body":
        out["place"] = block.place
    if block.marks:
        out["marks"] = _marks(block.marks)
    return out


def _cell(cell: Cell, table: Table) -> dict[str, Any]:
    out: dict[str, Any] = {
        "row": cell.row,
        "column": cell.column,
        "row_span": cell.row_span,
        "column_span": cell.column_span,
        "text": cell.text,
        "marks": _marks(cell.marks),
    }
    if table.of_sheet is not None or (cell.page and cell.page != table.page):
        # Elsewhere a cell's place follows from the table's.
        out["where"] = table.where_cell(cell)
    if cell.tables:
        out["tables"] = [_block(t) for t in cell.tables]
    return out
