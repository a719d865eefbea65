"""Tables of web pages: their rows as a browser finds them, and merged cells as Word writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from extractors.word.html.look import tag_of
from records.numbers import whole

_MAX_SPAN = 256
_PARTS = ("thead", "tbody", "tfoot")


@dataclass(slots=True)
class Cell:
    content: str
    rows: int
    columns: int


def grid(rows: list[list[Cell]]) -> list[str]:
    """The rows with a continuation cell wherever one from above hangs down (HTML 4.01 §11.2.6)."""
    out: list[str] = []
    hanging: dict[int, tuple[int, int]] = {}
    for cells in rows:
        line, column, waiting = "", 0, list(cells)
        below: dict[int, tuple[int, int]] = {}
        while waiting or any(start >= column for start in hanging):
            if column in hanging:
                left, width = hanging[column]
                line += _cell(width, "<w:vMerge/>", "<w:p/>")
                if left > 1:
                    below[column] = left - 1, width
                column += width
            elif waiting:
                cell = waiting.pop(0)
                merge = '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
                line += _cell(cell.columns, merge, cell.content)
                if cell.rows > 1:
                    below[column] = cell.rows - 1, cell.columns
                column += cell.columns
            else:
                following = min(start for start in hanging if start >= column)
                line += _cell(following - column, "", "<w:p/>")
                column = following
        hanging = below
        out.append(f"<w:tr>{line}</w:tr>" if line else "")
    return out


def _cell(columns: int, merge: str, content: str) -> str:
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    return f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{content}</w:tc>"


def rows_of(table: etree._Element) -> list[tuple[etree._Element | None, list[etree._Element]]]:
    """The table's own rows, each with its cells; the foot last. Cells without a row make one, and what old pages have around
    rows (a form) is looked through."""
    found: list[tuple[etree._Element | None, list[etree._Element]]] = []
    foot: list[tuple[etree._Element | None, list[etree._Element]]] = []
    loose: list[etree._Element] = []
    for child in table:
        tag = tag_of(child)
        if tag in ("td", "th"):
            loose.append(child)
            continue
        if loose:
            found.append((None, loose))
            loose = []
        if tag == "tr":
            found.append((child, list(_cells(child))))
        elif tag in _PARTS or _holds_rows(child):
            (foot if tag == "tfoot" else found).extend(rows_of(child))
    return [*found, *([(None, loose)] if loose else []), *foot]


def outside_rows(table: etree._Element) -> list[etree._Element]:
    """The captions of a table, and elements put into it beside its rows: a browser shows them above it."""
    skipped = ("tr", "td", "th", "col", "colgroup", *_PARTS)
    return [c for c in table if tag_of(c) and tag_of(c) not in skipped and not _holds_rows(c)]


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        if tag_of(child) in ("td", "th"):
            yield child
        elif tag_of(child) == "form":
            yield from _cells(child)


def _holds_rows(node: etree._Element) -> bool:
    return tag_of(node) in ("form", "div", "center", "font", "span") and any(tag_of(c) in ("tr", *_PARTS) for c in node)


def span(cell: etree._Element, name: str) -> int:
    return whole(cell.get(name), 1, least=1, most=_MAX_SPAN)
