"""A form as plain paragraphs and grids, taken from what the form builder draws: what the writers of each format print, and
what :mod:`tests.golden.layouts` lays out anew. Independent of the readers under test."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from tests import forms

NOTE = "\ue000"
"""Stands before the digit of a footnote's mark; each format writes the mark in its own way."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(slots=True)
class Para:
    text: str
    level: int = 0


@dataclass(slots=True)
class Box:
    """A cell: row and column from 0, spans, lines of text parted by line feeds, tables within."""

    row: int
    column: int
    rows: int
    columns: int
    text: str
    inner: list[Grid] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    rows: int
    columns: int
    cells: list[Box]
    widths: Sequence[int] = ()

    def row(self, number: int) -> list[Box]:
        return sorted((c for c in self.cells if c.row == number), key=lambda c: c.column)

    def flat(self) -> bool:
        return all(c.rows == 1 for c in self.cells)


Sheet = list[Para | Grid]


def grid(*rows: Iterable[str], columns: int = 0) -> Grid:
    """A grid of plain rows; the last cell of a short row takes the columns that are left."""
    texts = [list(r) for r in rows]
    width = columns or max(len(r) for r in texts)
    cells = [
        Box(r, c, 1, width - c if c == len(row) - 1 else 1, text)
        for r, row in enumerate(texts)
        for c, text in enumerate(row)
    ]
    return Grid(len(texts), width, cells)


def sheet(form: str, data: forms.Data | None, **layout: Any) -> Sheet:
    """The form as the builder draws it, as a sheet."""
    with zipfile.ZipFile(io.BytesIO(forms.fill(form, data, **layout))) as package:
        body = etree.fromstring(package.read("word/document.xml"))[0]
    found: Sheet = []
    for block in body:
        if block.tag == f"{_W}tbl":
            found.append(_grid(block))
        elif block.tag == f"{_W}p":
            level = block.find(f"{_W}pPr/{_W}outlineLvl")
            found.append(Para(_text(block), 0 if level is None else int(level.get(f"{_W}val")) + 1))
    return found


def _grid(table: Any) -> Grid:
    widths = [int(c.get(f"{_W}w")) for c in table.iter(f"{_W}gridCol")]
    cells: list[Box] = []
    open_: dict[int, Box] = {}
    rows = table.findall(f"{_W}tr")
    for r, row in enumerate(rows):
        column = 0
        for cell in row.findall(f"{_W}tc"):
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            columns = 1 if span is None else int(span.get(f"{_W}val"))
            if merge is not None and merge.get(f"{_W}val") != "restart":
                open_[column].rows += 1
            else:
                box = Box(r, column, 1, columns, "\n".join(_text(p) for p in cell.findall(f"{_W}p")))
                cells.append(box)
                open_[column] = box
            column += columns
    return Grid(len(rows), len(widths), cells, widths)


def _text(paragraph: Any) -> str:
    out = ""
    for node in paragraph.iter(f"{_W}t", f"{_W}sym", f"{_W}footnoteReference"):
        if node.tag == f"{_W}t":
            out += node.text or ""
        elif node.tag == f"{_W}sym":
            out += "☑" if node.get(f"{_W}char") == "F052" else "□"
        else:
            out += NOTE + str(node.get(f"{_W}id"))
    return out


def copied(blocks: Sheet) -> Sheet:
    return copy.deepcopy(blocks)


def noted(text: str, before: str = "", after: str = "") -> str:
    """A text with its footnote marks written as the digit between ``before`` and ``after``."""
    first, *rest = text.split(NOTE)
    return first + "".join(f"{before}{part[:1]}{after}{part[1:]}" for part in rest)


def short(data: forms.Data, length: int = 42, rows: int = 2) -> forms.Data:
    """The same application with its long texts and tables cut, for layouts where what is in the cells does not matter."""
    new = copy.deepcopy(data)
    kept = {row.get("instance") for row in new["tables"].get("scenes", [])[:rows]}
    for name, held in new["tables"].items():
        annex_2 = name in ("equipment", "software", "processes", "technologies")
        new["tables"][name] = [row for row in held if row["instance"] in kept] if annex_2 else held[:rows]

    def cut(values: dict[str, Any]) -> None:
        for key, value in values.items():
            if isinstance(value, str) and len(value) > length:
                values[key] = value.strip().partition("\n")[0][: length - 1].rstrip("，、；") + "。"

    for part in ("fields", "sections"):
        cut(new[part])
    for held in new["tables"].values():
        for row in held:
            if isinstance(row, dict):
                cut(row)
    return new
