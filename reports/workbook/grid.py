"""A workbook as people left it: the text of its cells, and what stands beside cells (notes, boxes, colours, strokes).

Reads xlsx (xlsm, xltx, xltm), ods and csv from their bytes; what cannot be read is told of with what to do.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from reports.workbook.looks import Look, Looks
from reports.workbook.proof import number

EXCEL = (".xlsx", ".xlsm", ".xltx", ".xltm")
READABLE = (*EXCEL, ".ods", ".csv")
OTHER = (".xls", ".xlt", ".et", ".ett", ".xlsb", ".numbers")
"""Kinds of workbook that are known and cannot be read."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST = 500_000_000
"""Bytes that a workbook may unpack to; one of 10,000 findings unpacks to 20 MB."""
_WIDEST = 1_000
"""Columns that are looked at: programs save empty ones to the end of the sheet."""
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


class UnreadableWorkbook(Exception):
    """A workbook whose reviewers' words cannot be read; the message is Chinese and names the file."""


@dataclass
class Sheet:
    """``rows``: row → column → text, both from 1, without blank cells. ``spread``: the text of a merged cell at each of
    the places that it covers. ``beside``: (row, what it is, text); row 0 where it stands in none. ``notes`` and ``marks`` (what a person
    did to a look of the program's) by place. ``formulas``: cells that hold a formula without a value. ``source``: the sheet as openpyxl
    has it, ``results``: the same with the results of formulas, ``looks``: what tells how its cells look; None where it is no xlsx."""

    name: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    spread: dict[tuple[int, int], str] = field(default_factory=dict)
    beside: list[tuple[int, str, str]] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    notes: dict[tuple[int, int], str] = field(default_factory=dict)
    marks: dict[tuple[int, int], Look] = field(default_factory=dict)
    source: Any = None
    results: Any = None
    looks: Looks | None = None

    def put(self, row: int, column: int, text: str) -> None:
        if text.strip() and column <= _WIDEST:
            self.rows.setdefault(row, {})[column] = text


@dataclass
class Grid:
    """``editor`` is who saved it last, ``title`` what it is called in its properties, "" where that is not said."""

    sheets: list[Sheet]
    editor: str = ""
    title: str = ""


def read_grid(name: str, data: bytes) -> Grid:
    """The workbook ``data``, of the file ``name``. Raises :class:`UnreadableWorkbook`."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in READABLE:
        raise UnreadableWorkbook(f"{name}不是能读的格式，其中的处理意见未能读入，文件保留不动；请另存为.xlsx后放回原处")
    if suffix in EXCEL and data.startswith(_OLE):
        raise UnreadableWorkbook(
            f"{name}设有打开密码，或者实为旧版.xls，其中的处理意见未能读入，文件保留不动；请去掉密码，另存为.xlsx后放回原处"
        )
    try:
        if suffix == ".csv":
            return _csv(data)
        _bounded(data)
        return _ods(data) if suffix == ".ods" else _excel(data)
    except Exception as problem:  # openpyxl raises whatever its parsers raise on a broken file
        raise UnreadableWorkbook(
            f"{name}无法打开（{type(problem).__name__}），其中的处理意见未能读入，文件保留不动"
        ) from problem


def _bounded(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if sum(i.file_size for i in package.infolist()) > _MOST:
            raise ValueError("too large")


# -- xlsx ----------------------------------------------------------------------------------------------------------------
def _excel(data: bytes) -> Grid:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), keep_links=False)
    boxes, looks = _boxes(data), Looks(book)
    sheets = []
    for source in book.worksheets:
        sheet = Sheet(source.title, beside=boxes.get(source.title, []), source=source, looks=looks)
        cells = source._cells  # noqa: SLF001 - iter_rows would make every cell up to the last
        for (row, column), cell in sorted(cells.items()):
            if column > _WIDEST:
                continue
            if cell.data_type == "f":
                sheet.formulas.add((row, column))
            sheet.put(row, column, text_of(getattr(cell.value, "text", cell.value)))
            if cell.comment is not None and (note := (cell.comment.text or "").strip()):
                sheet.notes[row, column] = note
            if mark := looks.mark(cell):
                sheet.marks[row, column] = mark
        for area in source.merged_cells.ranges:
            text = sheet.rows.get(area.min_row, {}).get(area.min_col, "")
            if text and area.max_row - area.min_row < len(cells):
                at = (
                    (r, c) for r in range(area.min_row, area.max_row + 1) for c in range(area.min_col, area.max_col + 1)
                )
                sheet.spread.update(dict.fromkeys(at, text))
        sheets.append(sheet)
    if any(s.formulas for s in sheets):
        _values(data, sheets)
    editor = (book.properties.lastModifiedBy or "").strip()
    return Grid(sheets, editor, (book.properties.title or "").strip())


def _values(data: bytes, sheets: list[Sheet]) -> None:
    """Put the value that was last computed in place of each formula; one that has none stays as a formula."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    for sheet, source in zip(sheets, book.worksheets, strict=True):
        sheet.results = source
        for row, column in list(sheet.formulas):
            text = text_of(source.cell(row, column).value)
            if text.strip():
                sheet.put(row, column, text)
                sheet.formulas.discard((row, column))


def text_of(value: object) -> str:
    """A cell's value as a person sees it, near enough: dates without an empty time, numbers without ``.0``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, dt.datetime):
        return str(value.date() if value.time() == dt.time() else value)
    return str(value)


_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def _boxes(data: bytes) -> dict[str, list[tuple[int, str, str]]]:
    """The words of text boxes and shapes by sheet, as :attr:`Sheet.beside` has them; openpyxl drops them."""
    found: dict[str, list[tuple[int, str, str]]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = set(package.namelist())
        if not any(n.startswith("xl/drawings/drawing") for n in names):
            return {}
        targets = _related(package, "xl/workbook.xml", names)
        for sheet in etree.fromstring(package.read("xl/workbook.xml"), _PARSER).iter("{*}sheet"):
            part = targets.get(sheet.get(f"{_R}id") or "", "")
            for drawing in _related(package, part, names).values():
                if drawing.startswith("xl/drawings/drawing"):
                    found.setdefault(str(sheet.get("name")), []).extend(_box_words(package.read(drawing)))
    return found


def _box_words(data: bytes) -> Iterator[tuple[int, str, str]]:
    for anchor in etree.fromstring(data, _PARSER):
        row = anchor.findtext(f"{_XDR}from/{_XDR}row") or "-1"
        lines = ("".join(t.text or "" for t in p.iter(f"{_A}t")) for p in anchor.iter(f"{_A}p"))
        if words := "\n".join(lines).strip():
            yield int(row) + 1, "文本框", words


def _related(package: zipfile.ZipFile, part: str, names: set[str]) -> dict[str, str]:
    """The parts that ``part`` names, by relationship id."""
    folder, _, name = part.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in names:
        return {}
    out = {}
    for relation in etree.fromstring(package.read(relations), _PARSER):
        steps: list[str] = [] if str(relation.get("Target")).startswith("/") else folder.split("/")
        for step in str(relation.get("Target")).strip("/").split("/"):
            steps = steps[:-1] if step == ".." else [*steps, step]
        if "/".join(steps) in names:
            out[str(relation.get("Id"))] = "/".join(steps)
    return out


# -- other kinds ----------------------------------------------------------------------------------------------------------
def _csv(data: bytes) -> Grid:
    for encoding in ("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise ValueError("unknown encoding")
    head = text.partition("\n")[0]
    sheet = Sheet("csv")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",\t;", key=head.count))
    for n, row in enumerate(rows, 1):
        for m, value in enumerate(row, 1):
            sheet.put(n, m, value)
    return Grid([sheet])


_T = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"


def _ods(data: bytes) -> Grid:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = etree.fromstring(package.read("content.xml"), etree.XMLParser(resolve_entities=False, huge_tree=True))
    return Grid([_ods_sheet(t) for t in root.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_T}table")])


def _ods_sheet(table: Any) -> Sheet:
    sheet = Sheet(str(table.get(f"{_T}name")))
    at = 0
    for row in table.iter(f"{_T}table-row"):
        at += 1
        column = 0
        for cell in row:
            if cell.tag not in (f"{_T}table-cell", f"{_T}covered-table-cell"):
                continue
            column += 1
            for kind in (f"{_OFFICE}annotation", f"{_DRAW}custom-shape", f"{_DRAW}frame"):
                for aside in cell.iter(kind):
                    if words := _ods_text(aside).strip():
                        sheet.beside.append((at, "批注" if kind.endswith("annotation") else "文本框", words))
            text = _ods_text(cell)
            repeated = int(cell.get(f"{_T}number-columns-repeated") or 1)
            for n in range(min(repeated, _WIDEST) if text else 0):
                sheet.put(at, column + n, text)
            for n in range(int(cell.get(f"{_T}number-rows-spanned") or 1) if text else 0):
                sheet.spread[at + n, column] = text
            column += repeated - 1
        at += int(row.get(f"{_T}number-rows-repeated") or 1) - 1
    shapes = table.find(f"{_T}shapes")
    if shapes is not None and (words := _ods_text(shapes).strip()):
        sheet.beside.append((0, "文本框", words))
    return sheet


def _ods_text(cell: Any) -> str:
    """The paragraphs right in a cell; those of a note or a shape in it are not its own."""
    own = (p for p in cell.iter(f"{_TEXT}p") if p.getparent() is cell or cell.tag != f"{_T}table-cell")
    return "\n".join("".join(_ods_runs(p)) for p in own)


def _ods_runs(node: Any) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if child.tag == f"{_TEXT}s":
            yield " " * int(child.get(f"{_TEXT}c") or 1)
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        else:
            yield from _ods_runs(child)
        yield child.tail or ""
