"""A workbook's sheets → blocks of a Document: titles and notes that stand alone in their rows are paragraphs, the rest tables.

A form in Word has its titles between its tables, in a sheet they are rows: so one way of fitting serves both.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from extractors.document.doubts import HIDDEN_CELL, Doubts
from extractors.document.model import PICTURE, Block, Cell, Document, OfSheet, Paragraph, Table, letters
from extractors.document.radicals import read_as_meant
from extractors.sheet.book import Area, Book, Sheet, listed
from extractors.sheet.settings import SHEET
from records.models import Note

_DEFAULT_NAMES = ("sheet", "工作表")
"""Ends of what a program calls a sheet that nobody named."""


def document_of(book: Book, form: str) -> Document:
    """The Document of a workbook; ``form`` is its format."""
    document = Document(form, notes=list(book.notes))
    shown = [s for s in book.sheets if not s.hidden] or book.sheets
    for sheet in shown:
        document.blocks += _Blocks(sheet, sum(isinstance(b, Table) for b in document.blocks)).all()
        document.aside += sheet.aside
        document.notes += _notes(sheet)
    for sheet in book.sheets:
        if sheet not in shown and sheet.cells:
            document.aside += [_hidden(sheet, row, column, c.text) for (row, column), c in sorted(sheet.cells.items())]
            document.notes.append(
                _note(f"工作表“{sheet.name}”是隐藏的，其内容没有读入", sheet.at, (c.text for c in sheet.cells.values()))
            )
    read_as_meant(document)
    return document


def _hidden(sheet: Sheet, row: int, column: int, text: str) -> Paragraph:
    return Paragraph(text, row, place="hidden", at=sheet.place(row, column))


def _note(message: str, where: str, cells: Iterable[str]) -> Note:
    said = "；".join(" ".join(text.split()) for text in cells)
    return Note(code="S03", message=message, where=where, evidence=said[: SHEET.evidence])


def _notes(sheet: Sheet) -> list[Note]:
    """What of a sheet that is shown a person does not see, and what nobody computed."""
    notes = []
    cells = sorted(sheet.cells.items())
    rows = sorted({r for (r, _), _ in cells} & sheet.hidden_rows)
    columns = sorted({c for (_, c), _ in cells} & sheet.hidden_columns)
    if rows:
        said = (s.text for (r, _), s in cells if r in sheet.hidden_rows)
        told = f"{sheet.at}中有隐藏的行：第{listed(map(str, rows), '')}行；已一并读入，请核对是否应当报送"
        notes.append(_note(told, f"{sheet.at} 第{rows[0]}行", said))
    if columns:
        said = (s.text for (_, c), s in cells if c in sheet.hidden_columns)
        told = f"{sheet.at}中有隐藏的列：{listed(map(letters, columns), '')}列；已一并读入，请核对是否应当报送"
        notes.append(_note(told, f"{sheet.at} {letters(columns[0])}列", said))
    if sheet.unseen:
        places = sorted(sheet.unseen)
        told = f"{sheet.at}中有不显示的内容（被合并单元格遮住，或数字格式为不显示），没有读入"
        notes.append(_note(told, sheet.place(*places[0]), (sheet.unseen[p] for p in places)))
    if sheet.formulas:
        told = listed((sheet.place(*p).removeprefix(f"{sheet.at} ") for p in sheet.formulas), "处")
        message = f"{sheet.at}中有公式没有算出结果（{told}），请用 Excel 或 WPS 打开、保存后重新报送"
        notes.append(Note(code="F08", message=message, where=sheet.place(*sheet.formulas[0])))
    return notes


@dataclass(slots=True)
class _Blocks:
    """The blocks of one sheet."""

    sheet: Sheet
    tables: int
    """Those of the sheets before it."""
    rows: list[int] = field(default_factory=list)
    below: dict[int, list[Area]] = field(default_factory=dict)
    """Row → the merged areas with text that reach into it from above."""
    spans: dict[tuple[int, int], Area] = field(default_factory=dict)
    by_row: dict[int, list[int]] = field(default_factory=dict)
    wide: tuple[int, int] = (0, 0)
    """The first and last column of the rows with several cells."""

    def all(self) -> list[Block]:
        self._look()
        made: list[Block] = []
        name = self.sheet.name
        if (
            name
            and not name.lower().rstrip("0123456789 ()（）").endswith(_DEFAULT_NAMES)
            and (self.rows or self.sheet.pictures)
        ):
            made.append(self._paragraph(name, self.sheet.at, ()))
        run: list[int] = []
        before = 0
        for row in self.rows:
            if self._stands_alone(row, inside=bool(run) and row == before + 1):
                made += self._table(run)
                run = []
                (column,) = self.by_row[row]
                shown = self.sheet.cells[row, column]
                made.append(self._paragraph(shown.text, self.sheet.place(row, column), self._doubts(row, column)))
            else:
                run.append(row)
            before = max([row, *(a.bottom for c in self.by_row[row] if (a := self.spans.get((row, c))) is not None)])
        made += self._table(run)
        if self.sheet.pictures:
            text = PICTURE * min(self.sheet.pictures, SHEET.told)
            made.append(Paragraph(text, 1, pictures=self.sheet.pictures, at=f"{self.sheet.at} 图片"))
        return made

    def _paragraph(self, text: str, at: str, doubts: Doubts) -> Paragraph:
        return Paragraph(text, 1, doubts=doubts, at=at)

    def _look(self) -> None:
        """Sort out what the sheet holds: rows, merged areas, what lies unseen beneath those."""
        sheet = self.sheet
        starts = {(a.top, a.left): a for a in sheet.merged if (a.top, a.left) != (a.bottom, a.right)}
        self.spans = {place: area for place, area in starts.items() if place in sheet.cells}
        places = sorted(sheet.cells)
        for place in places:
            self.by_row.setdefault(place[0], []).append(place[1])
        for area in starts.values():
            for row in _between(sorted(self.by_row), area.top, area.bottom):
                for column in [c for c in self.by_row[row] if area.left <= c <= area.right]:
                    if (row, column) != (area.top, area.left):
                        sheet.unseen[row, column] = sheet.cells.pop((row, column)).text
                        self.by_row[row].remove(column)
        self.by_row = {row: columns for row, columns in self.by_row.items() if columns}
        self.rows = sorted(self.by_row)
        for area in self.spans.values():
            for row in _between(self.rows, area.top + 1, area.bottom):
                self.below.setdefault(row, []).append(area)
        several = [c for columns in self.by_row.values() if len(columns) > 1 for c in columns]
        self.wide = (min(several), max(several)) if several else (0, 0)

    def _stands_alone(self, row: int, *, inside: bool) -> bool:
        """Whether a row is a title or a note, no row of a table: one cell that is merged across, or that no table lies right
        above. ``inside``: a row of a table lies right above."""
        columns = self.by_row[row]
        if len(columns) > 1 or self.below.get(row):
            return False
        area = self.spans.get((row, columns[0]))
        first, last = self.wide
        covered = min(area.right, last) - max(area.left, first) + 1 if area is not None else 1
        return covered >= max(2, SHEET.title_share * (last - first + 1)) or not inside

    def _doubts(self, row: int, column: int) -> Doubts:
        doubts = self.sheet.cells[row, column].doubts
        if self.sheet.hidden or row in self.sheet.hidden_rows or column in self.sheet.hidden_columns:
            return (*doubts, HIDDEN_CELL)
        return doubts

    def _table(self, rows: list[int]) -> list[Table]:
        """These rows as one table; none of none. Columns without text are left out, but for those that merged cells cover."""
        if not rows:
            return []
        self.tables += 1
        columns = sorted(
            {c for row in rows for c in self.by_row[row]} | {a.left for r in rows for a in self.below.get(r, ())}
        )
        table = Table(
            self.tables, len(rows), len(columns), of_sheet=OfSheet(self.sheet.name, tuple(rows), tuple(columns))
        )
        row_at, column_at = ({n: i for i, n in enumerate(of, 1)} for of in (rows, columns))
        blanks = len(rows) * len(columns) <= SHEET.drawn
        covered: set[tuple[int, int]] = set()
        for row in rows:
            for column in columns if blanks else self.by_row[row]:
                if (row, column) in covered:
                    continue
                cell = Cell(row_at[row], column_at[column])
                if (row, column) in self.sheet.cells:
                    cell.text, cell.doubts = self.sheet.cells[row, column].text.strip(), self._doubts(row, column)
                    area = self.spans.get((row, column))
                    if area is not None:
                        inner = _between(rows, row, area.bottom), _between(columns, column, area.right)
                        cell.row_span, cell.column_span = len(inner[0]), len(inner[1])
                        covered |= {(r, c) for r in inner[0] for c in inner[1]}
                table.cells.append(cell)
        return [table]


def _between(numbers: Sequence[int], first: int, last: int) -> Sequence[int]:
    """Those of the sorted ``numbers`` from ``first`` to ``last``."""
    return numbers[bisect_left(numbers, first) : bisect_right(numbers, last)]
