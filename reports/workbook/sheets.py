"""A workbook's sheets as an office expects them: heads that stay, filters, widths, print titles, text kept as text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from records import outputs
from reports.safe.atomic import MADE
from reports.safe.text import LONG, plain
from reports.workbook.proof import PROOF, Proof, digests, number

AUTHOR = "shenbao"
FONT, HEAD_FONT = "宋体", "黑体"
_CELL, _PIECE = 32_767, 32_000
"""What Excel takes in a cell, in UTF-16 units; how longer text is divided."""


@dataclass(frozen=True)
class Column:
    """``kind``: text wraps, short does not, number is right-aligned, words hold what people wrote, uncut (split longer
    ones with :func:`pieces`), write is a column for people to write in."""

    title: str
    width: float
    kind: Literal["text", "short", "number", "words", "write"] = "short"


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
_TONES: dict[str, dict[str, Any]] = {
    "reject": {"font_color": "#9C0006", "bg_color": "#FBE3E4", "bold": True},
    "fix": {"font_color": "#7A4A00", "bg_color": "#FFF1D6"},
    "note": {"font_color": "#1F4E79", "bg_color": "#E4EEF7"},
    "good": {"font_color": "#1E6B34", "bg_color": "#E3F3E6"},
    "quiet": {"font_color": "#6B6B6B"},
}
_BARS = {"reject": "#A11420", "fix": "#D08A1D", "note": "#5A94C4", "good": "#4B9C63"}
_WRITE, _HEAD = "#FFFDE7", "#DDE5EE"
COLOURS = frozenset(
    c.lstrip("#").upper() for c in (_WRITE, _HEAD, *(t["bg_color"] for t in _TONES.values() if "bg_color" in t))
)
"""The grounds that the program gives to cells; any other is a person's."""


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
                "created": MADE,
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
            if kind in ("text", "words", "write"):
                look["text_wrap"] = True
            if kind == "number":
                look |= {"align": "right", "indent": 1}
            if kind == "write":
                look |= {"bg_color": _WRITE}
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
                look |= {"bg_color": _HEAD}
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

        Every row gets its proof in a hidden last column; a row of a finding brings what is special to it as its last
        value, a :class:`Proof`.
        ``frozen`` columns stay in sight and are repeated on each of the ``pages_wide`` pages. Rows are as high as their
        text, or ``row_height`` points.
        """
        sheet = self._book.add_worksheet(name)
        for n, column in enumerate(columns):
            sheet.set_column(n, n, column.width)
            sheet.write_string(0, n, column.title, self.format("head"))
        hidden = len(columns)
        sheet.set_column(hidden, hidden, 10, None, {"hidden": True})
        head = Proof(cells=digests(c.title for c in columns)).text()
        sheet.write_string(0, hidden, f"{PROOF}{head}", self.format("head"))
        last = 0
        for last, row in enumerate(rows, 1):
            given = row[-1] if row and isinstance(row[-1], Proof) else None
            shown = row if given is None else row[:-1]
            texts = [self._write(sheet, last, *at) for at in zip(range(hidden), columns, shown, strict=True)]
            cells = digests(t for t, c in zip(texts, columns, strict=True) if c.kind != "write")
            proof = replace(given or Proof(), cells=cells)
            sheet.write_string(last, hidden, proof.text(), self.format("short"))
            if row_height is not None:
                sheet.set_row(last, row_height)
        sheet.set_row(0, 30)
        sheet.freeze_panes(1, frozen)
        if frozen:
            sheet.repeat_columns(0, frozen - 1)
        sheet.autofilter(0, 0, max(last, 1), hidden)  # with the hidden column, so that a sort takes it along
        self._page(sheet, name, note, pages_wide)
        return sheet

    def chart(self, sheet: Any, title: str, columns: Sequence[Column], series: Mapping[str, str], rows: int) -> None:
        """Bars beside a sheet's table: the names of its first column that is text or stands alone, the columns of
        ``series`` (title → tone) stacked, for the first ``rows`` rows. Nothing where there are none."""
        if not rows:
            return
        at = {column.title: n for n, column in enumerate(columns)}
        names = next((n for n, column in enumerate(columns) if column.kind == "text"), 0)
        chart = self._book.add_chart({"type": "bar", "subtype": "stacked"})
        for name, tone in series.items():
            chart.add_series(
                {
                    "name": [sheet.name, 0, at[name]],
                    "categories": [sheet.name, 1, names, rows, names],
                    "values": [sheet.name, 1, at[name], rows, at[name]],
                    "fill": {"color": _BARS[tone]},
                    "gap": 40,
                    "overlap": 100,
                }
            )
        chart.set_title({"name": title, "name_font": {"name": HEAD_FONT, "size": 12, "bold": False}, "overlay": False})
        chart.set_y_axis({"reverse": True, "num_font": {"name": FONT, "size": 9}})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_legend({"position": "bottom"} if len(series) > 1 else {"none": True})
        chart.set_size({"width": 620, "height": 110 + 24 * rows})
        sheet.insert_chart(1, len(columns) + 2, chart, {"description": title, "object_position": 3})

    @staticmethod
    def shade(sheet: Any, first: int, last: int, rows: int) -> None:
        """Colour the numbers of some columns, the more the darker; none stays white."""
        scale = {
            "type": "2_color_scale",
            "min_type": "num",
            "min_value": 0,
            "min_color": "#FFFFFF",
            "max_color": "#6F9FD6",
        }
        if rows:
            sheet.conditional_format(1, first, rows, last, scale)

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

    def _write(self, sheet: Any, row: int, column: int, spec: Column, value: CellValue) -> str:
        """Write a cell and return its text as a reader will see it."""
        if isinstance(value, Link):
            text = plain(value.text, 200)
            sheet.write_url(row, column, f"internal:'{value.sheet}'!A{value.row}", self.format("link"), text)
        elif isinstance(value, Toned):
            text = plain(value.text, LONG)
            sheet.write_string(row, column, text, self.format(spec.kind, value.tone))
        elif isinstance(value, bool | Proof) or value is None or value == "":
            text = ""
            sheet.write_blank(row, column, None, self.format(spec.kind))
        elif isinstance(value, int | float):
            text = number(value)
            sheet.write_number(row, column, value, self.format("number"))
        else:
            text = plain(value, None if spec.kind in ("words", "write") else LONG)
            sheet.write_string(row, column, text, self.format(spec.kind, quoted=text[:1] in ("=", "+", "-", "@", "\t")))
        return text


def pieces(text: str) -> list[str]:
    """``text`` in pieces that each fit a cell; [""] where it is blank."""
    units = len(text.encode("utf-16-le", "replace")) // 2
    if units <= _CELL:
        return [text]
    size = _PIECE if units == len(text) else _PIECE // 2
    return [text[n : n + size] for n in range(0, len(text), size)]
