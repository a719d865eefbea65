"""Writes what is a person's own into a workbook: cells, and sheets as they stood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from reports.workbook.looks import PLAIN, Look
from reports.workbook.own.carried import Cell, OwnSheet, free_name

Format = Callable[[Look], Any]
_QUOTED = ("=", "+", "-", "@", "\t")
"""What begins a text that a program might take for a formula when somebody edits it."""


def put(sheet: Any, at: tuple[int, int], cell: Cell, look: Format) -> None:
    """Write a cell at (row, column) from 0. Its value stays of its kind: a text is never a formula or a link."""
    row, column = at
    shown, value = look(cell.look), cell.value
    if cell.formula:
        result = value if isinstance(value, bool | int | float | str) else 0
        sheet.write_formula(row, column, cell.formula, shown, result)
    elif value is None or value == "":
        if shown is not None:
            sheet.write_blank(row, column, None, shown)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, shown)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, shown)
    elif isinstance(value, dt.datetime | dt.date | dt.time):
        sheet.write_datetime(row, column, value, shown)
    else:
        text = str(value)
        if text.startswith(_QUOTED):
            shown = look(tuple(sorted((PLAIN | dict(cell.look) | {"quote_prefix": True}).items())))
        sheet.write_string(row, column, text, shown)
    if cell.note:
        sheet.write_comment(row, column, cell.note)


def write_sheet(book: Any, own: OwnSheet, look: Format) -> None:
    """Add a person's own sheet to an xlsxwriter workbook."""
    sheet = book.add_worksheet(free_name(own.name, (s.get_name() for s in book.worksheets())))
    for column, width in sorted(own.widths.items()):
        sheet.set_column(column - 1, column - 1, width.width, None, {"hidden": width.hidden})
    for row in sorted({*own.heights, *own.hidden_rows}):
        sheet.set_row(row - 1, own.heights.get(row), None, {"hidden": row in own.hidden_rows})
    for top, left, bottom, right in own.merged:
        first = own.cells.get((top, left), Cell())
        sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, "", look(first.look))
    for (row, column), cell in sorted(own.cells.items()):
        put(sheet, (row - 1, column - 1), cell, look)
    if any(own.frozen):
        sheet.freeze_panes(*own.frozen)
    if own.filtered is not None:
        top, left, bottom, right = own.filtered
        sheet.autofilter(top - 1, left - 1, bottom - 1, right - 1)
    if own.tab:
        sheet.set_tab_color(own.tab)
    if own.hidden:
        sheet.hide()
