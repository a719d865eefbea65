"""Tables of text (CSV, texts parted by tabs; GB 18030, UTF-8, UTF-16) → Book."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter as Counts

from extractors.document.doubts import DIGITS_LOST, FILE_INCONSISTENT, Doubts
from extractors.document.errors import Unreadable
from extractors.formats import text_of
from extractors.sheet.book import AGAIN, Book, Counter, Sheet
from extractors.sheet.settings import SHEET
from records.models import Note

SEPARATORS = ",\t;|"
_AS_TEXT = re.compile(r'=?"(.*)"$', re.DOTALL)
"""``="00123"``: how programs keep Excel from taking a number for one."""
_ROUNDED = re.compile(r"[+-]?\d(?:\.\d+)?[Ee]\+?(\d{1,3})")
"""9.1310E+17: a long number that Excel wrote as it showed it."""


def read_book(data: bytes) -> Book:
    """The table of text. Raises Unreadable where it is no text."""
    text = text_of(data)
    if text is None:
        raise Unreadable(f"文件的文字编码无法识别；{AGAIN}")
    separator = _separator(text)
    sheet = Sheet("")
    doubts: Doubts = ()
    notes = []
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        # A quotation mark that is never closed would swallow all rows behind it.
        rows = [line.split(separator) for line in text.splitlines()]
        doubts = (FILE_INCONSISTENT,)
        notes = [Note(code="F08", message=f"表格中的引号不成对，各栏可能错位，请对照原件核对；{AGAIN}")]
    counter = Counter()
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            quoted = _AS_TEXT.match(value) if value.startswith("=") else None
            rounded = _ROUNDED.fullmatch(value.strip())
            lost = (DIGITS_LOST,) if rounded is not None and int(rounded[1]) >= SHEET.general_width - 1 else ()
            sheet.put(number, column, quoted[1] if quoted else value.replace("\r\n", "\n"), (*doubts, *lost))
        counter.add(sum(1 for v in row if v.strip()))
    return Book([sheet], notes)


def _separator(text: str) -> str:
    """The separator by which most rows have as many cells."""
    head = "".join(text.splitlines(keepends=True)[: SHEET.csv_rows])

    def alike(separator: str) -> tuple[int, int]:
        widths = Counts(len(r) for r in csv.reader(io.StringIO(head, newline=""), delimiter=separator) if len(r) > 1)
        return (max(widths.values()), max(widths)) if widths else (0, 0)

    return max(SEPARATORS, key=alike)
