"""Web pages saved as .doc (HTML, and single-file MHT) → Document, by way of WordprocessingML.

Word's "save as web page" writes such files, and so do the reporting systems of many offices.
"""

from __future__ import annotations

from extractors.document.model import Document
from extractors.word.html.convert import Broken, convert
from extractors.word.html.source import page_of
from extractors.word.second_opinion import read_by_libreoffice, settle
from records.models import Note


def read_html(data: bytes) -> Document:
    """Read a web page as a document. Raises Unreadable where there is no text in it."""
    try:
        page = convert(data)
    except Broken as error:
        return read_by_libreoffice(data, "html", "网页格式的文件已损坏，无法直接读取", error)
    notes = [
        Note(code="S03", message="文件链接到外部文件", where="外部链接", evidence=source) for source in page.outside
    ]
    return settle(data, "html", page.converted, notes)


def read_mht(data: bytes) -> Document:
    """Read a single-file web page. Raises Unreadable where it has none."""
    found = page_of(data)
    return read_by_libreoffice(data, "mht", "单个文件网页中没有网页正文") if found is None else read_html(found)
