"""Excel 97-2003 workbooks (xls, xlt, et; BIFF 2 to 8) → Book, by xlrd and a look of our own at the records it passes over."""

from __future__ import annotations

import io
import struct
from typing import Any

import olefile
import xlrd
from xlrd.compdoc import CompDocError
from xlrd.formula import FormulaError

from extractors.document.doubts import FORMULA_WITHOUT_RESULT
from extractors.document.errors import Protected
from extractors.office.package import EXCEL, damaged
from extractors.office.programs import told
from extractors.sheet.book import Area, Book, Counter, Sheet
from extractors.sheet.number_format import BUILT_IN
from extractors.sheet.records import Records, records_of
from extractors.sheet.xlsx import aside, comments, header_text, put_number
from records.models import Note

_BROKEN = (
    xlrd.XLRDError, CompDocError, FormulaError, struct.error, ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, RecursionError, TypeError,
    ValueError,
)  # fmt: skip
"""What xlrd meets in a damaged file."""
_EPOCH_1904 = 1
_NUMBERED = 50
"""xlrd's number of the first version (BIFF 5) whose formats have numbers of their own: in older files they are counted."""


def read_book(data: bytes) -> Book:
    """The workbook. Raises Unreadable (damaged, beyond the limits) or Protected."""
    try:
        held = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except _BROKEN as error:
        if "encrypted" in str(error).lower():
            raise Protected("文件设有密码（或用密码保护了工作簿），无法读取；请去除密码后重新报送") from error
        raise damaged(EXCEL) from error
    names, stream = _streams(data)
    records = records_of(stream)
    counter = Counter()
    book = Book()
    try:
        for number, source in enumerate(held.sheets()):
            sheet = _sheet(held, source, records.get(number, Records()))
            counter.add(len(sheet.cells) + len(sheet.unseen))
            book.sheets.append(sheet)
        notes = [n.text for source in held.sheets() for n in source.cell_note_map.values()]
    except _BROKEN as error:
        raise damaged(EXCEL) from error
    book.notes = [*_programs(names), *comments(notes), *_links(held)]
    return book


def _streams(data: bytes) -> tuple[set[str], bytes]:
    """The names in the compound file, and the stream of the workbook; the file itself where it is none (BIFF 2 to 4)."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            names = {"/".join(path) for path in ole.listdir(streams=True, storages=True)}
            name = next((n for n in ("Workbook", "Book") if ole.exists(n)), None)  # however it is capitalised
            return names, ole.openstream(name).read() if name else b""
    except (OSError, *_BROKEN):
        return set(), data


def _sheet(held: Any, source: Any, records: Records) -> Sheet:
    sheet = Sheet(source.name, hidden=bool(source.visibility))
    for row in range(source.nrows):
        kinds, values = source.row_types(row), source.row_values(row)
        for column, kind in enumerate(kinds):
            if kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                _cell(held, source, sheet, row, column, kind, values[column], records)
    sheet.merged = [Area(top + 1, left + 1, bottom, right) for top, bottom, left, right in source.merged_cells]
    sheet.hidden_rows = {n + 1 for n, look in source.rowinfo_map.items() if look.hidden or look.height == 0}
    sheet.hidden_columns = {n + 1 for n, look in source.colinfo_map.items() if look.hidden or look.width == 0}
    for place, text in records.headers:
        sheet.aside += aside(sheet, place, header_text(text))
    said = {"".join(n.text.split()) for n in source.cell_note_map.values()}
    for text in records.boxes:
        if "".join(text.split()) not in said:
            sheet.aside += aside(sheet, "textbox", text)
    return sheet


def _cell(held: Any, source: Any, sheet: Sheet, row: int, column: int, kind: int, value: Any, records: Records) -> None:
    at = row + 1, column + 1
    if (row, column) in records.without_result:
        sheet.put(*at, "=公式", (FORMULA_WITHOUT_RESULT,))
        sheet.formulas.append(at)
    elif kind == xlrd.XL_CELL_TEXT:
        sheet.put(*at, value.replace("\r\n", "\n").replace("\r", "\n"))
    elif kind == xlrd.XL_CELL_BOOLEAN:
        sheet.put(*at, "TRUE" if value else "FALSE")
    elif kind == xlrd.XL_CELL_ERROR:
        sheet.put(*at, xlrd.error_text_from_code.get(value, "#ERR!"), (FORMULA_WITHOUT_RESULT,))
    else:
        put_number(sheet, *at, float(value), _format(held, source, row, column), held.datemode == _EPOCH_1904)


def _format(held: Any, source: Any, row: int, column: int) -> str:
    key = held.xf_list[source.cell_xf_index(row, column)].format_key
    if key in BUILT_IN and held.biff_version >= _NUMBERED:
        return BUILT_IN[key]
    found = held.format_map.get(key)
    return str(found.format_str) if found is not None and found.format_str else "General"


def _programs(names: set[str]) -> list[Note]:
    found: dict[str, str] = {}
    for name in sorted(names):
        if name.startswith("_VBA_PROJECT_CUR"):
            found.setdefault("宏", name)
        elif name.startswith("MBD"):
            found.setdefault("嵌入的对象", name)
    return told(found)


def _links(held: Any) -> list[Note]:
    """Links to files on some machine: never followed. Web and mail links are none."""
    targets = [
        link.url_or_path.decode("utf-8", "replace") if isinstance(link.url_or_path, bytes) else str(link.url_or_path)
        for source in held.sheets()
        for link in source.hyperlink_list
        if link.type in ("local file", "unc") and link.url_or_path
    ]
    return [
        Note(code="S03", message="文件链接到外部文件", where="外部链接", evidence=t) for t in dict.fromkeys(targets)
    ]
