"""A document as read, laid out for a page that is drawn on the server: blocks with anchors, and what was found at each.

The same places as the page of a district shows (page.js draws there what this lays out): a place that a finding names is a
block, a row or a cell; one that is not drawn is looked for in its row, then in its table.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_PLACE = re.compile(
    r"(?:第\d+页 )?(?:表（接[^）]*）|表\d+)(?: 行\d+(?: 列\d+)?)?(?: 表\d+(?: 行\d+ 列\d+)?)*"
    r"|(?:第\d+页 )?(?:段落|文本框|页眉|页脚|脚注)\d+"
)
_FRONT = re.compile(r"^(?:(.*?) )??(?:第(\d+)页 )?(?:段落|表|文本框|页眉|页脚|脚注)")
_COLUMN = re.compile(r" 列\d+$")
_ROW = re.compile(r" 行\d+( 列\d+)?$")


@dataclass(frozen=True)
class Hit:
    """A finding at a place of the document. ``marks`` are the words to mark there, best first."""

    id: str
    code: str
    level: str
    message: str
    where: str
    marks: tuple[str, ...] = ()


@dataclass
class Spot:
    """Something drawn that a place may name. ``pieces`` is its text, cut where words are marked: (text, marked)."""

    text: str = ""
    anchor: str = ""
    hits: list[Hit] = field(default_factory=list)
    title: str = ""
    unsure: bool = False

    def says(self, hit: Hit) -> bool:
        text = re.sub(r"\s", " ", self.text)
        return any(words and words in text for words in hit.marks)

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        for hit in self.hits:
            for words in hit.marks:
                at = re.sub(r"\s", " ", self.text).find(words)
                if words and at >= 0:
                    parts = (
                        (self.text[:at], False),
                        (self.text[at : at + len(words)], True),
                        (self.text[at + len(words) :], False),
                    )
                    return [p for p in parts if p[0]]
        return [(self.text, False)] if self.text else []


@dataclass
class Heading(Spot):
    kind = "heading"


@dataclass
class Paragraph(Spot):
    kind = "paragraph"
    aside: bool = False


@dataclass
class Cell(Spot):
    row_span: int = 1
    column_span: int = 1
    tables: list[Table] = field(default_factory=list)


@dataclass
class Row(Spot):
    cells: list[Cell] = field(default_factory=list)


@dataclass
class Table(Spot):
    kind = "table"
    rows: list[Row] = field(default_factory=list)
    aside: bool = False


@dataclass
class Paper:
    """``places``: finding id → the anchor of the first place that shows it."""

    blocks: list[Heading | Paragraph | Table]
    places: dict[str, str]


def lay_out(detail: Mapping[str, Any], hits: Iterable[Hit]) -> Paper:
    """Lay out a document from its detail (:func:`reports.page.district.detail`), with what was found in it."""
    layout = _Layout()
    blocks: list[Heading | Paragraph | Table] = []
    blocks += layout.blocks(detail["blocks"]) if detail.get("blocks") else layout.values(detail)
    for block in detail.get("aside") or ():
        blocks.append(layout.block(block, aside=True))
    for label, value, where, sure, why in detail.get("read") or ():
        spot = layout.spots.get(where)
        if spot is not None:
            said = f"{label}：{value}{f'（{why}）' if why else ''}"
            spot.title = f"{spot.title}；{said}"[:400] if spot.title else said[:400]
            spot.unsure = spot.unsure or bool(why) or sure < _CERTAIN
    places: dict[str, str] = {}
    for hit in hits:
        for named in layout.named(hit.where):
            spot = _said_in(blocks, named, hit)
            spot.hits.append(hit)
            places.setdefault(hit.id, spot.anchor)
    return Paper(blocks, places)


_CERTAIN = 0.95


def _said_in(blocks: Sequence[Spot], named: Spot, hit: Hit) -> Spot:
    """The paragraph that has the words, where a chapter is named by its first one."""
    if not isinstance(named, Paragraph) or named.says(hit):
        return named
    after = blocks[next(n for n, block in enumerate(blocks) if block is named) + 1 :]
    return next((block for block in after if isinstance(block, Paragraph) and block.says(hit)), named)


class _Layout:
    def __init__(self) -> None:
        self.spots: dict[str, Spot] = {}
        self._number = 0

    def put(self, where: str, spot: Spot) -> None:
        self._number += 1
        spot.anchor = f"p{self._number}"
        if where:
            self.spots.setdefault(where, spot)

    def blocks(self, blocks: Sequence[Mapping[str, Any]]) -> Iterator[Heading | Paragraph | Table]:
        """Files of an application, and pages, are told apart by headings, which places may name too."""
        file = page = ""
        for block in blocks:
            found = _FRONT.match(str(block.get("w") or ""))
            front, on_page = (found[1] or "", found[2] or "") if found else ("", "")
            if front and front != file:
                file, page = front, ""
                yield Heading(file)
            if on_page and on_page != page:
                page = on_page
                heading = Heading(f"第{page}页")
                self.put(f"{file} 第{page}页" if file else f"第{page}页", heading)
                yield heading
            yield self.block(block)

    def block(self, block: Mapping[str, Any], *, aside: bool = False) -> Paragraph | Table:
        where = str(block.get("w") or "")
        if "p" in block:
            paragraph = Paragraph(block["p"], aside=aside)
            self.put(where, paragraph)
            return paragraph
        return self._table(block, where, aside=aside)

    def _table(self, block: Mapping[str, Any], where: str, *, aside: bool) -> Table:
        table = Table(aside=aside)
        self.put(where, table)
        rows: dict[int, list[Sequence[Any]]] = defaultdict(list)
        for cell in block["c"]:
            rows[cell[0]].append(cell)
        for number in sorted(rows):
            row = Row()
            self.put(f"{where} 行{number}", row)
            for _, column, row_span, column_span, text, *more in sorted(rows[number], key=lambda c: c[1]):
                cell = Cell(text, row_span=row_span, column_span=column_span)
                self.put((more[1] if len(more) > 1 else "") or f"{where} 行{number} 列{column}", cell)
                cell.tables = [self._table(t, t.get("w") or "", aside=False) for t in (more[0] if more else ())]
                row.cells.append(cell)
            table.rows.append(row)
        return table

    def values(self, detail: Mapping[str, Any]) -> Iterator[Heading | Paragraph | Table]:
        """What was read, where the document itself is not at hand."""
        if detail.get("read"):
            yield self._rows([[(r[0], ""), (r[1], r[2])] for r in detail["read"]])
        for table in detail.get("tables") or ():
            yield Heading(table["title"])
            yield self._rows([[(h, "") for h in table["heads"]], *([tuple(c) for c in row] for row in table["rows"])])
        for title, text, where in detail.get("sections") or ():
            yield Heading(title)
            paragraph = Paragraph(text)
            self.put(where, paragraph)
            yield paragraph

    def _rows(self, rows: Sequence[Sequence[tuple[Any, ...]]]) -> Table:
        table = Table()
        self.put("", table)
        for cells in rows:
            row = Row()
            self.put("", row)
            for text, where in cells:
                cell = Cell(str(text))
                self.put(where, cell)
                row.cells.append(cell)
            table.rows.append(row)
        return table

    def named(self, where: str) -> list[Spot]:
        """The spots a text names: itself where it is one; otherwise each in it, with the file's name in front where there are
        several files."""
        if not where:
            return []
        names = [where]
        if where not in self.spots:
            found = list(_PLACE.finditer(where))
            front = where[: found[0].start()] if found else ""
            names = [front + m[0] if front + m[0] in self.spots else m[0] for m in found]
        spots = [
            self.spots.get(n) or self.spots.get(_COLUMN.sub("", n)) or self.spots.get(_ROW.sub("", n)) for n in names
        ]
        unique: dict[int, Spot] = {id(s): s for s in spots if s is not None}
        return list(unique.values())
