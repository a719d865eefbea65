"""How much of a workbook is read: beyond it the file is told of, not opened half."""

from __future__ import annotations

from typing import NamedTuple


class SheetSettings(NamedTuple):
    filled: int = 300_000
    """Cells with text of a whole workbook. The largest 附件4 thinkable has 2,000 rows of six; a register of equipment of a large
    works some 50,000 of six."""
    drawn: int = 200_000
    """Places of one table that are given as cells, blank ones too; of a larger one the filled cells alone."""
    title_share: float = 0.6
    """Share of a sheet's columns that a title merged across them covers at least: it may end a column short of the table."""
    certain_digits: int = 15
    """Decimal digits that a number of a spreadsheet holds (IEEE 754 double, as Excel shows it): the 18 of a credit code are none."""
    general_width: int = 11
    """Characters that the format General shows of a number with a fraction, its point among them (as Excel does)."""
    evidence: int = 200
    """Characters of hidden text that a note quotes."""
    told: int = 20
    """Places that a note names before it only counts."""
    csv_rows: int = 200
    """Rows of a table of text that the separator is told from."""


SHEET = SheetSettings()
