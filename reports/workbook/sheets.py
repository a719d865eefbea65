"""A workbook's sheets as an office expects them: heads that stay, filters, widths, print titles, text kept as text."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from records import outputs
from reports.safe.atomic import MADE
from reports.safe.text import LONG, plain
from reports.workbook.columns import Column
from reports.workbook.looks import Look
from reports.workbook.own.carried import Carried, Cell, OwnColumn
from reports.workbook.own.formulas import at_row
from reports.workbook.own.writing import put, write_sheet
from reports.workbook.proof import PROOF, Proof, digests, number
from reports.workbook.tones import BARS, FONT, HEAD, HEAD_FONT, INK, TONES, WRITE

AUTHOR = "shenbao"
_CELL, _PIECE = 32_767, 32_000
"""What Excel takes in a cell, in UTF-16 units; how longer text is divided."""
_UNMARKED = Cell()


@dataclass(frozen=True)
class Link:
    """A cell that leads to another cell of the workbook."""

    text: str
    sheet: str
    row: int
    """From 1, as Excel counts."""


@dataclass(frozen=True)
class Toned:
    """A cell whose text has a colour: reject, fix, note, good, quiet."""

    text: str
    tone: str


CellValue = str | int | float | None | Link | Toned | Proof


class Book:
    """A workbook in memory. Strings are never taken for formulas, links or numbers."""

    def __init__(self, title: str, carried: Carried | None = None, date: dt.date | None = None) -> None:
        """``carried``: what people made of the workbook before, which comes back in this one. ``date``: its day."""
        import xlsxwriter

        self._carried = carried or Carried()
        self._waiting = list(self._carried.sheets)
        self._at: dict[str, dict[str, int]] = {}

        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._buffer,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )
        self._book.set_properties(
            {
                "title": plain(title, 200),
                "author": AUTHOR,
                "keywords": outputs.mark(outputs.WORKBOOK),
                "created": dt.datetime.combine(date, dt.time()) if date is not None else MADE,
            }
        )
        self._book.formats[0].set_font_name(FONT)
        self._formats: dict[tuple[str, str, bool, Look], Any] = {}
        self._own_sheets("")

    def close(self) -> bytes:
        self._own_sheets()
        self._book.close()
        return self._buffer.getvalue()

    def format(self, kind: str, tone: str = "", quoted: bool = False, mark: Look = ()) -> Any:
        """The cell format of a column kind; ``quoted`` keeps text that starts like a formula text even when edited; ``mark`` is what a
        person did to it."""
        key = (kind, tone, quoted, mark)
        if key not in self._formats:
            look = {"font_name": FONT, "font_size": 10, "valign": "top", "border": 1, "border_color": "#BFBFBF"}
            look |= _KINDS.get(kind, {}) | ({"quote_prefix": True} if quoted else {})
            self._formats[key] = self._book.add_format(look | TONES.get(tone, {}) | dict(mark))
        return self._formats[key]

    def own_format(self, look: Look) -> Any:
        """The format of a cell of a person's own; None where it has no look of its own."""
        if not look:
            return None
        key = ("", "", False, look)
        if key not in self._formats:
            self._formats[key] = self._book.add_format(dict(look))
        return self._formats[key]

    def _own_sheets(self, after: str | None = None) -> None:
        """The sheets of people's own that stood after the program's; all that are left where none is named."""
        for own in [s for s in self._waiting if after is None or s.after == after]:
            self._waiting.remove(own)
            write_sheet(self._book, own, self.own_format)

    def add(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[CellValue]],
        *,
        note: str = "",
        frozen: int = 0,
        pages_wide: int = 1,
        row_height: float | None = None,
        always: bool = False,
    ) -> Any:
        """Add a sheet with a head row and ``rows``; returns xlsxwriter's worksheet for what is special to it. One without rows is left out,
        unless it is ``always`` there, since people write in it: then None.

        Every row gets its proof in a hidden last column; a row of a finding brings what is special to it as its last
        value, a :class:`Proof`.
        ``frozen`` columns stay in sight and are repeated on each of the ``pages_wide`` pages. Rows are as high as their
        text, or ``row_height`` points.
        """
        rows = list(rows)
        if not rows and not always:
            self._own_sheets(name)
            return None
        sheet = self._book.add_worksheet(name)
        placed, marks = list(_placed(columns, self._carried.columns.get(name, ()))), self._carried.marks.get(name, {})
        hidden = len(placed)
        self._at[name] = {c.title: n for n, c in reversed(list(enumerate(placed)))}
        self._heads(sheet, placed, marks)
        head = Proof(key=name, cells=digests(c.title for c in columns)).text()
        sheet.write_string(0, hidden, f"{PROOF}{head}", self.format("head"))
        last = 0
        for last, row in enumerate(rows, 1):
            given = row[-1] if row and isinstance(row[-1], Proof) else None
            key, values = (given.key, row[:-1]) if given is not None else ("", row)
            cells = self._row(sheet, last, placed, values, key, marks)
            proof = replace(given or Proof(), cells=digests(cells))
            sheet.write_string(last, hidden, proof.text(), self.format("short"))
            if row_height is not None:
                sheet.set_row(last, row_height)
        sheet.set_row(0, 30)
        edge = self._at[name][columns[frozen - 1].title] + 1 if frozen else 0
        sheet.freeze_panes(1, edge)
        if edge:
            sheet.repeat_columns(0, edge - 1)
        sheet.autofilter(0, 0, max(last, 1), hidden)  # with the hidden column, so that a sort takes it along
        self._page(sheet, name, note, pages_wide)
        self._own_sheets(name)
        return sheet

    def _row(
        self,
        sheet: Any,
        at: int,
        placed: Sequence[Column | OwnColumn],
        values: Sequence[CellValue],
        key: str,
        marks: Mapping[tuple[str, str], Cell],
    ) -> list[str]:
        """Write a row about ``key``; the texts of the program's cells in it, but for those that people write in."""
        left, cells = iter(values), []
        for n, column in enumerate(placed):
            if isinstance(column, OwnColumn):
                self._own_cell(sheet, at, n, column.cells.get(key) if key else None)
                continue
            mark = marks.get((key, column.title), _UNMARKED) if key else _UNMARKED
            text = self._write(sheet, at, n, column, next(left), mark)
            if column.kind != "write":
                cells.append(text)
        if next(left, None) is not None:
            raise ValueError(f"{sheet.name}: more values than columns")
        return cells

    def _own_cell(self, sheet: Any, row: int, column: int, cell: Cell | None) -> None:
        """A cell of a person's own column; its formula goes by the heads of the columns."""
        from xlsxwriter.utility import xl_col_to_name

        if cell is not None and cell.formula:
            letters = {title: xl_col_to_name(n) for title, n in self._at[sheet.name].items()}
            cell = replace(cell, formula=at_row(cell.formula, row + 1, letters))
        if cell is not None:
            put(sheet, (row, column), cell, self.own_format)

    def _heads(self, sheet: Any, placed: Sequence[Column | OwnColumn], marks: Mapping[tuple[str, str], Cell]) -> None:
        widths = self._carried.widths.get(sheet.name, {})
        for n, column in enumerate(placed):
            if isinstance(column, OwnColumn):
                if column.width is not None:
                    sheet.set_column(n, n, column.width.width, None, {"hidden": column.width.hidden})
                self._own_cell(sheet, 0, n, column.head)
                continue
            wanted = widths.get(column.title)
            own = wanted is not None and wanted.differs(column.width)
            width, hidden = (wanted.width, wanted.hidden) if wanted is not None and own else (column.width, False)
            sheet.set_column(n, n, width, None, {"hidden": hidden})
            mark = marks.get(("", column.title), _UNMARKED)
            sheet.write_string(0, n, column.title, self.format("head", mark=mark.look))
            if mark.note:
                sheet.write_comment(0, n, mark.note)
        sheet.set_column(len(placed), len(placed), 10, None, {"hidden": True})

    def chart(self, sheet: Any, title: str, columns: Sequence[Column], series: Mapping[str, str], rows: int) -> None:
        """Bars beside a sheet's table: the names of its first column that is text or stands alone, the columns of
        ``series`` (title → tone) stacked, for the first ``rows`` rows. Nothing where there are none."""
        if not rows:
            return
        at = self._at[sheet.name]
        names = at[next((c for c in columns if c.kind == "text"), columns[0]).title]
        chart = self._book.add_chart({"type": "bar", "subtype": "stacked"})
        for name, tone in series.items():
            chart.add_series(
                {
                    "name": [sheet.name, 0, at[name]],
                    "categories": [sheet.name, 1, names, rows, names],
                    "values": [sheet.name, 1, at[name], rows, at[name]],
                    "fill": {"color": BARS[tone]},
                    "gap": 40,
                    "overlap": 100,
                }
            )
        chart.set_title({"name": title, "name_font": {"name": HEAD_FONT, "size": 12, "bold": False}, "overlay": False})
        chart.set_y_axis({"reverse": True, "num_font": {"name": FONT, "size": 9}})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_legend({"position": "bottom"} if len(series) > 1 else {"none": True})
        chart.set_size({"width": 620, "height": 110 + 24 * rows})
        sheet.insert_chart(1, len(at) + 2, chart, {"description": title, "object_position": 3})

    def shade(self, sheet: Any, titles: Sequence[str], rows: int) -> None:
        """Colour the numbers of some columns, the more the darker; none stays white."""
        scale = {
            "type": "2_color_scale",
            "min_type": "num",
            "min_value": 0,
            "min_color": "#FFFFFF",
            "max_color": "#6F9FD6",
        }
        at = [self._at[sheet.name][title] for title in titles] if rows else []
        if at:
            sheet.conditional_format(1, min(at), rows, max(at), scale)

    def at(self, sheet: Any, title: str) -> int:
        """Where a column of the program's stands, from 0."""
        return self._at[sheet.name][title]

    @staticmethod
    def _page(sheet: Any, name: str, note: str, pages_wide: int) -> None:
        sheet.set_landscape()
        sheet.set_paper(8 if pages_wide > 1 else 9)  # A3, A4
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        sheet.fit_to_pages(pages_wide, 0)
        sheet.print_across()
        sheet.repeat_rows(0)
        # & starts a code in headers and footers; doubled it is itself.
        sheet.set_header(f'&C&"{HEAD_FONT}"&12{plain(note, 80).replace("&", "&&")} {name}'.replace("  ", " "))
        sheet.set_footer("&C第 &P 页，共 &N 页")

    def _write(self, sheet: Any, row: int, column: int, spec: Column, value: CellValue, mark: Cell) -> str:
        """Write a cell and return its text as a reader will see it; ``mark`` is what a person did to it."""
        look = mark.look
        if isinstance(value, str) and value:
            text = plain(value, None if spec.kind in ("words", "write") else LONG)
            quoted = text[:1] in ("=", "+", "-", "@", "\t")
            sheet.write_string(row, column, text, self.format(spec.kind, quoted=quoted, mark=look))
        elif isinstance(value, Link):
            text = plain(value.text, 200)
            sheet.write_url(row, column, f"internal:'{value.sheet}'!A{value.row}", self.format("link", mark=look), text)
        elif isinstance(value, Toned):
            text = plain(value.text, LONG)
            sheet.write_string(row, column, text, self.format(spec.kind, value.tone, mark=look))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            text = number(value)
            sheet.write_number(row, column, value, self.format("number", mark=look))
        else:
            text = ""
            sheet.write_blank(row, column, None, self.format(spec.kind, mark=look))
        if mark.note:
            sheet.write_comment(row, column, mark.note)
        return text


_KINDS: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True},
    "words": {"text_wrap": True},
    "number": {"align": "right", "indent": 1},
    "write": {"text_wrap": True, "bg_color": WRITE},
    "link": {"font_color": INK, "underline": 1},
    "head": {
        "font_name": HEAD_FONT,
        "bold": True,
        "text_wrap": True,
        "align": "center",
        "valign": "vcenter",
        "bg_color": HEAD,
    },
}


def _placed(columns: Sequence[Column], own: Sequence[OwnColumn]) -> Iterator[Column | OwnColumn]:
    """The program's columns and people's own, each of these right of the one after which it stood; at the end where that is gone."""
    titles = {c.title for c in columns}
    yield from (o for o in own if not o.after)
    for column in columns:
        yield column
        yield from (o for o in own if o.after == column.title)
    yield from (o for o in own if o.after and o.after not in titles)


def pieces(text: str) -> list[str]:
    """``text`` in pieces that each fit a cell; [""] where it is blank."""
    units = len(text.encode("utf-16-le", "replace")) // 2
    if units <= _CELL:
        return [text]
    size = _PIECE if units == len(text) else _PIECE // 2
    return [text[n : n + size] for n in range(0, len(text), size)]
