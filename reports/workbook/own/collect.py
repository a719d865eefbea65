"""Reads out of a workbook what comes back in the next one (:mod:`reports.workbook.own.carried`), and tells what cannot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from reports.workbook.grid import Sheet
from reports.workbook.own.carried import Carried, Cell, OwnColumn, OwnSheet, Width
from reports.workbook.own.formulas import in_row, stays
from reports.workbook.said import Part

_PADDING = 5 / 7
"""What a file's width of a column has over the width that Excel shows, in characters."""
_ROW = 15
"""Points of a row that nobody made higher or lower."""
_WIDEST, _LONGEST = 1_000, 32_767
"""Columns that are looked at, and characters of a cell."""


def collect(parts: Sequence[Part]) -> tuple[Carried, list[str]]:
    """What comes back, and messages (Chinese) on what does not."""
    found, left = Carried(), list[str]()
    own_names = [p.sheet.name for p in parts if p.is_own]
    after = ""
    for part in parts:
        if part.is_own:
            found.sheets.append(_own_sheet(part.sheet, after, own_names, left))
            left += _lost(part.sheet, own=True)
        elif part.name:
            after = part.name
            _of_program(found, part, left)
            left += _lost(part.sheet, own=False)
    return found, left


def _of_program(found: Carried, part: Part, left: list[str]) -> None:
    sheet = part.sheet
    if part.own and part.name not in found.columns:
        found.columns[part.name] = list(_own_columns(part, left))
    marks = found.marks.setdefault(part.name, {})
    for row, column in sorted({*sheet.marks, *sheet.notes}):
        if part.holds(row, column) and column in part.titles:
            look, note = sheet.marks.get((row, column), ()), sheet.notes.get((row, column), "")
            marks.setdefault((part.rows.get(row, ""), part.titles[column]), Cell(look=look, note=note))
    if not marks:
        del found.marks[part.name]
    if part.name not in found.widths and (widths := _widths(sheet)):
        found.widths[part.name] = {title: widths[c] for c, title in part.titles.items() if c in widths}


def _own_columns(part: Part, left: list[str]) -> Iterator[OwnColumn]:
    from openpyxl.utils import get_column_letter

    sheet, widths = part.sheet, _widths(part.sheet)
    heads = {c: sheet.rows.get(part.head, {}).get(c, "").strip() for c in part.own}
    letters = {get_column_letter(c): h for c, h in (*part.titles.items(), *heads.items()) if h}
    seen: dict[str, int] = {}
    for column in part.own:
        before = [c for c in part.titles if c < column]
        cells: dict[str, Cell] = {}
        for row, key in part.rows.items():
            cell = _cell(sheet, row, column)
            if cell.formula:
                moved = in_row(cell.formula, row, letters)
                if not moved:
                    left.append(
                        f"“{part.name}”的“{heads[column]}”栏第{row}行的公式指向别的行或者别的工作表，改存为文字"
                    )
                cell = (
                    Cell(cell.value, moved, cell.look, cell.note)
                    if moved
                    else Cell(cell.formula, "", cell.look, cell.note)
                )
            if cell != Cell():
                cells.setdefault(key, cell)
        seen[heads[column]] = nth = seen.get(heads[column], -1) + 1
        after = part.titles[max(before)] if before else ""
        yield OwnColumn(_cell(sheet, part.head, column), after, cells, widths.get(column), nth)


def _own_sheet(sheet: Sheet, after: str, own: Collection[str], left: list[str]) -> OwnSheet:
    places = {(row, column) for row, texts in sheet.rows.items() for column in texts} | set(sheet.notes)
    source = sheet.source
    if source is None:
        return OwnSheet(sheet.name, after, {at: _cell(sheet, *at) for at in sorted(places)})
    places |= {at for at in source._cells if at[1] <= _WIDEST}  # noqa: SLF001 - as in grid
    cells = {}
    for at in sorted(places):
        cell = _cell(sheet, *at, spread=False)
        if cell.formula and not stays(cell.formula, own):
            left.append(f"“{sheet.name}”第{at[0]}行的公式指向会变动的行或者本文件之外，改存为文字")
            cell = Cell(cell.formula, "", cell.look, cell.note)
        if cell != Cell():
            cells[at] = cell
    rows = source.row_dimensions
    frozen = source[source.freeze_panes] if source.freeze_panes else None
    return OwnSheet(
        sheet.name,
        after,
        cells,
        _widths(sheet),
        {n: float(d.height) for n, d in rows.items() if d.height and d.customHeight and d.height != _ROW},
        frozenset(n for n, d in rows.items() if d.hidden) if not source.auto_filter.ref else frozenset(),
        tuple(sorted((a.min_row, a.min_col, a.max_row, a.max_col) for a in source.merged_cells.ranges)),
        (frozen.row - 1, frozen.column - 1) if frozen is not None else (0, 0),
        _filtered(source),
        source.sheet_state != "visible",
        _tab(source),
    )


def _tab(source: Any) -> str:
    colour = source.sheet_properties.tabColor
    return f"#{str(colour.rgb)[-6:].upper()}" if colour is not None and colour.type == "rgb" else ""


def _filtered(source: Any) -> tuple[int, int, int, int] | None:
    from openpyxl.utils import range_boundaries

    if not source.auto_filter.ref:
        return None
    first_column, first_row, last_column, last_row = range_boundaries(source.auto_filter.ref)
    return (
        (first_row, first_column, last_row, last_column)
        if first_row and first_column and last_row and last_column
        else None
    )


def _cell(sheet: Sheet, row: int, column: int, *, spread: bool = True) -> Cell:
    """``spread``: each cell of a merged area holds its value."""
    note = sheet.notes.get((row, column), "")
    if sheet.source is None or sheet.looks is None:
        return Cell(sheet.rows.get(row, {}).get(column) or sheet.spread.get((row, column)), note=note)
    cell = sheet.source._cells.get((row, column))  # noqa: SLF001 - cell() would make one
    if cell is None:
        return Cell(sheet.spread.get((row, column)) if spread else None, note=note)
    value, formula = cell.value, ""
    if cell.data_type == "f":
        formula = str(getattr(value, "text", value) or "")
        if not formula.startswith("="):
            formula = f"={formula}"
        value = sheet.results.cell(row, column).value if sheet.results is not None else None
    elif isinstance(value, str):
        value = value[:_LONGEST]
    if value is None and not formula and spread:
        value = sheet.spread.get((row, column))
    if isinstance(value, dt.timedelta):
        value = str(value)
    return Cell(value, formula, sheet.looks.whole(cell), note)


def _widths(sheet: Sheet) -> dict[int, Width]:
    if sheet.source is None:
        return {}
    found: dict[int, Width] = {}
    for dimension in sheet.source.column_dimensions.values():
        first, last = dimension.min or 0, min(dimension.max or 0, _WIDEST)
        if dimension.customWidth or dimension.hidden:
            found |= {
                c: Width(round(max(dimension.width - _PADDING, 0), 2), bool(dimension.hidden))
                for c in range(first, last + 1)
            }
    return found


def _lost(sheet: Sheet, *, own: bool) -> Iterator[str]:
    """What of a sheet does not come back: it is in the workbook that is kept."""
    source = sheet.source
    if source is None:
        return
    kinds = {
        "图片": source._images,  # noqa: SLF001 - openpyxl has no other way to them
        "套用的表格样式": source.tables,
        "条件格式": [r for area in source.conditional_formatting for r in area.rules if own or r.type != "colorScale"],
    }
    if own:
        kinds |= {
            "图表": source._charts,  # noqa: SLF001
            "下拉选项": source.data_validations.dataValidation,
            "数据透视表": source._pivots,  # noqa: SLF001
            "链接": [c for c in source._cells.values() if c.hyperlink],  # noqa: SLF001
            "筛选条件": source.auto_filter.filterColumn,
        }
    if names := [name for name, things in kinds.items() if things]:
        yield f"“{sheet.name}”中的{'、'.join(names)}没有带回"
