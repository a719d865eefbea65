"""Workbooks and tables of text → Document, whatever program wrote them."""

from __future__ import annotations

from functools import partial

from extractors.document.collecting import without_collecting
from extractors.document.errors import Unreadable
from extractors.document.model import Document
from extractors.office import libreoffice
from extractors.sheet import delimited, xls, xlsx
from extractors.sheet.blocks import document_of


@without_collecting
def read_xlsx(data: bytes) -> Document:
    """Read a workbook. Raises Unreadable, Protected."""
    return document_of(xlsx.read_book(data), "xlsx")


@without_collecting
def read_xls(data: bytes) -> Document:
    """Read a workbook of Excel 97-2003 or older. Raises Unreadable, Protected."""
    return document_of(xls.read_book(data), "xls")


@without_collecting
def read_csv(data: bytes) -> Document:
    """Read a table of text. Raises Unreadable."""
    return document_of(delimited.read_book(data), "csv")


def _by_libreoffice(data: bytes, form: str, suffix: str = "") -> Document:
    """Read through LibreOffice what no reader of ours reads. Raises Unreadable; Unavailable where it is not installed."""
    name = f"f.{suffix or form}"
    made = libreoffice.convert([(name, data)], to="xlsx:Calc MS Excel 2007 XML")[name]
    if isinstance(made, Unreadable):
        raise made
    document = read_xlsx(made)
    document.format = form
    return document


read_ods, read_fods, read_xlsb = (partial(_by_libreoffice, form=form) for form in ("ods", "fods", "xlsb"))
read_excel_xml = partial(_by_libreoffice, form="excel-xml", suffix="xls")
