"""Tables as a file's tags tell them, where no rules do.

Word, LibreOffice and browsers write what is a table, a row, a cell into the file (ISO 32000-1, 14.8). Tags may lie, and few people
see them: they are asked only where a page's own tables were guessed from its text, and what is read by them is never certain.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pypdfium2.raw as pdfium

from extractors.page.characters import Char
from extractors.page.tagged import TagCell, TagTable
from extractors.pdf.pdfium import plain
from extractors.pdf.settings import TAGS

_P, _I = ctypes.c_void_p, ctypes.c_int
_content_of = plain(pdfium.FPDFPageObj_GetMarkedContentID, _I, _P)


def tagged_tables(page: Any, objects: Mapping[int, int], chars: Sequence[Char]) -> list[TagTable]:
    """The tables in the tags of a page, with the characters of ``chars`` that belong to them. ``objects``: the page's text objects
    with the numbers of their runs."""
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return []
    try:
        left = [TAGS.most]
        elements = [
            table
            for index in range(max(0, pdfium.FPDF_StructTree_CountChildren(tree)))
            for table in _tables(pdfium.FPDF_StructTree_GetChildAtIndex(tree, index), left, 0)
        ]
        if not elements:
            return []
        contents: dict[int, int] = {number: _content_of(drawn) for drawn, number in objects.items()}
        by_content: dict[int, list[Char]] = {}
        for char in chars:
            if (content := contents.get(char.run, -1)) >= 0:
                by_content.setdefault(content, []).append(char)
        tables = [_table(element, by_content, left) for element in elements]
    finally:
        pdfium.FPDF_StructTree_Close(tree)
    tables = [t for t in tables if len(t.rows) > 1 or any(len(row) > 1 for row in t.rows.values())]
    tables = [t for t in tables if _tell_each_once(t)]
    _give_boxes(tables, [c for c in chars if c.run < 0])
    return tables


def _tell_each_once(table: TagTable) -> bool:
    """Whether each character stands in one cell: a program that mentions a piece for every row it touches tells of no cells."""
    chars = [id(c) for c in table.chars()]
    return len(set(chars)) == len(chars)


def _type(element: Any) -> str:
    size = pdfium.FPDF_StructElement_GetType(element, None, 0)
    buffer = ctypes.create_string_buffer(max(2, size))
    pdfium.FPDF_StructElement_GetType(element, buffer, size)
    return buffer.raw[: max(0, size - 2)].decode("utf-16-le", "replace")


def _children(element: Any) -> list[Any]:
    """The elements within one; None for those with nothing on this page, and for text."""
    count = max(0, pdfium.FPDF_StructElement_CountChildren(element))
    return [pdfium.FPDF_StructElement_GetChildAtIndex(element, index) or None for index in range(count)]


def _tables(element: Any, left: list[int], depth: int) -> Iterator[Any]:
    left[0] -= 1
    if not element or left[0] < 0 or depth > TAGS.max_depth:
        return
    if _type(element) == "Table":
        yield element
        return
    for child in _children(element):
        yield from _tables(child, left, depth + 1)


def _table(element: Any, by_content: dict[int, list[Char]], left: list[int]) -> TagTable:
    children = _children(element)
    table = TagTable(len(children))
    for index, child in enumerate(children):
        kind = _type(child) if child else ""
        if kind == "TR":
            table.rows[(index,)] = _row(child, by_content, left)
        elif kind in ("THead", "TBody", "TFoot"):
            for inner, row in enumerate(_children(child)):
                if row and _type(row) == "TR":
                    table.rows[(index, inner)] = _row(row, by_content, left)
    return table


def _row(element: Any, by_content: dict[int, list[Char]], left: list[int]) -> list[TagCell]:
    cells: list[TagCell] = []
    for child in _children(element):
        if not child:
            cells.append(TagCell())
        elif _type(child) in ("TD", "TH"):
            contents = dict.fromkeys(_contents(child, left, 0))
            chars = [c for content in contents for c in by_content.get(content, ())]
            cells.append(TagCell(chars, _span(child, b"ColSpan"), _span(child, b"RowSpan")))
    return cells


def _contents(element: Any, left: list[int], depth: int) -> Iterator[int]:
    """The numbers of the marked content within an element, on this page."""
    left[0] -= 1
    if left[0] < 0 or depth > TAGS.max_depth:
        return
    for index in range(max(0, pdfium.FPDF_StructElement_CountChildren(element))):
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
        if child:
            yield from _contents(child, left, depth + 1)
        elif (content := pdfium.FPDF_StructElement_GetChildMarkedContentID(element, index)) >= 0:
            yield content


def _span(element: Any, name: bytes) -> int:
    for index in range(max(0, pdfium.FPDF_StructElement_GetAttributeCount(element))):
        attribute = pdfium.FPDF_StructElement_GetAttributeAtIndex(element, index)
        value = pdfium.FPDF_StructElement_Attr_GetValue(attribute, name) if attribute else None
        number = ctypes.c_float()
        if value and pdfium.FPDF_StructElement_Attr_GetNumberValue(value, number):
            return max(1, min(TAGS.max_span, int(number.value)))
    return 1


def _give_boxes(tables: list[TagTable], boxes: list[Char]) -> None:
    """Drawn boxes have no tags: each goes to the cell of the text beside it."""
    if not boxes:
        return
    cells = [(char, cell) for table in tables for row in table.rows.values() for cell in row for char in cell.chars]
    for box in boxes:
        beside = [
            (min(abs(char.x0 - box.x1), abs(box.x0 - char.x1)), n)
            for n, (char, _) in enumerate(cells)
            if abs(char.level - box.level) < TAGS.level * char.size
        ]
        if beside:
            distance, number = min(beside)
            if distance < TAGS.near * cells[number][0].size:
                cells[number][1].chars.append(box)
