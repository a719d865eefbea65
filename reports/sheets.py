"""A workbook's sheets as an office expects them: heads that stay, filters, widths, print titles, text kept as text."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from records import outputs
from reports.text import LONG, plain

AUTHOR = "shenbao"
# A workbook says when it was made; a fixed date keeps equal contents equal bytes.
CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - Excel knows no time zones
FONT, HEAD_FONT = "宋体", "黑体"
_MAX_CELL = 32_000


@dataclass(frozen=True)
class Column:
    """``kind``: text wraps, short does not, number is right-aligned, write is a column for people to write in."""

    title: str
    width: float
    kind: Literal["text", "short", "number", "write"] = "short"
    hidden: bool = False


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


CellValue = str | int | float | None | Link | Toned
_TONES: dict[str, dict[str, Any]] = {
    "reject": {"font_color": "#9C0006", "bg_color": "#FBE3E4", "bold": True},
    "fix": {"font_color": "#7A4A00", "bg_color": "#FFF1D6"},
    "note": {"font_color": "#1F4E79", "bg_color": "#E4EEF7"},
    "good": {"font_color": "#1E6B34", "bg_color": "#E3F3E6"},
    "quiet": {"font_color": "#6B6B6B"},
}


class Book:
    """A workbook in memory. Strings are never taken for formulas, links or numbers."""

    def __init__(self, title: str) -> None:
        import xlsxwriter

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
                "created": CREATED,
            }
        )
        self._book.formats[0].set_font_name(FONT)
        self._formats: dict[tuple[str, str, bool], Any] = {}

    def close(self) -> bytes:
        self._book.close()
        return self._buffer.getvalue()

    def format(self, kind: str, tone: str = "", quoted: bool = False) -> Any:
        """The cell format of a column kind; ``quoted`` keeps text that starts like a formula text even when edited."""
        key = (kind, tone, quoted)
        if key not in self._formats:
            look: dict[str, Any] = {
                "font_name": FONT,
                "font_size": 10,
                "valign": "top",
                "border": 1,
                "border_color": "#BFBFBF",
            }
            if kind in ("text", "write"):
                look["text_wrap"] = True
            if kind == "number":
                look |= {"align": "right", "indent": 1}
            if kind == "write":
                look |= {"bg_color": "#FFFDE7"}
            if kind == "link":
                look |= {"font_color": "#0B4F9E", "underline": 1}
            if kind == "head":
                look |= {
                    "font_name": HEAD_FONT,
                    "bold": True,
                    "text_wrap": True,
                    "align": "center",
                    "valign": "vcenter",
                }
                look |= {"bg_color": "#DDE5EE"}
            if quoted:
                look["quote_prefix"] = True
            self._formats[key] = self._book.add_format(look | _TONES.get(tone, {}))
        return self._formats[key]

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
    ) -> Any:
        """Add a sheet with a head row and ``rows``; returns xlsxwriter's worksheet for what is special to it.

        ``frozen`` columns stay in sight and are repeated on each of the ``pages_wide`` pages. Rows are as high as their
        text, or ``row_height`` points.
        """
        sheet = self._book.add_worksheet(name)
        for n, column in enumerate(columns):
            sheet.set_column(n, n, column.width, None, {"hidden": True} if column.hidden else None)
            sheet.write_string(0, n, column.title, self.format("head"))
        last = 0
        for last, row in enumerate(rows, 1):
            for n, (column, value) in enumerate(zip(columns, row, strict=True)):
                self._write(sheet, last, n, column, value)
            if row_height is not None:
                sheet.set_row(last, row_height)
        sheet.set_row(0, 30)
        sheet.freeze_panes(1, frozen)
        if frozen:
            sheet.repeat_columns(0, frozen - 1)
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
        self._page(sheet, name, note, pages_wide)
        return sheet

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

    def _write(self, sheet: Any, row: int, column: int, spec: Column, value: CellValue) -> None:
        if isinstance(value, Link):
            target = f"internal:'{value.sheet}'!A{value.row}"
            sheet.write_url(row, column, target, self.format("link"), plain(value.text, 200))
        elif isinstance(value, Toned):
            sheet.write_string(row, column, plain(value.text, LONG), self.format(spec.kind, value.tone))
        elif isinstance(value, bool) or value is None or value == "":
            sheet.write_blank(row, column, None, self.format(spec.kind))
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self.format("number"))
        else:
            limit = _MAX_CELL if spec.kind == "write" or spec.hidden else LONG
            text = plain(value, limit)
            sheet.write_string(row, column, text, self.format(spec.kind, quoted=text[:1] in ("=", "+", "-", "@", "\t")))
