"""RTF and web pages, which many a .doc is inside, and the formats that LibreOffice alone reads → Document.

Word's "save as web page" writes such files, and so do the reporting systems of many offices.
"""

from __future__ import annotations

from functools import partial

from extractors.document.model import Document
from extractors.word.html import convert as html
from extractors.word.html.source import page_of
from extractors.word.rtf import convert as rtf
from extractors.word.second_opinion import links, read_by_libreoffice, settle
from records.models import Note

read_works, read_odt, read_fodt = (partial(read_by_libreoffice, form=form) for form in ("wps", "odt", "fodt"))


def read_html(data: bytes) -> Document:
    """Read a web page as a document. Raises Unreadable where there is no text in it."""
    try:
        page = html.convert(data)
    except html.Broken as error:
        return read_by_libreoffice(data, "html", "网页格式的文件已损坏，无法直接读取", error)
    notes = [
        Note(code="S03", message="文件链接到外部文件", where="外部链接", evidence=source) for source in page.outside
    ]
    return settle(data, "html", page.converted, notes)


def read_mht(data: bytes) -> Document:
    """Read a single-file web page. Raises Unreadable where it has none."""
    found = page_of(data)
    return read_by_libreoffice(data, "mht", "单个文件网页中没有网页正文") if found is None else read_html(found)


def read_rtf(data: bytes) -> Document:
    """Read an RTF document. Raises Unreadable where it is damaged and LibreOffice is not there or no help either."""
    made = rtf.convert(data)
    if not made.converted.visible and not any(b in data for b in (b"\\pict", b"\\cell")):
        return read_by_libreoffice(data, "rtf", "RTF 文档中没有读到文字")
    where = "嵌入的对象"
    notes = [Note(code="F04", message=f"文件中含有{where}，本系统不予运行", where=where, evidence=where)]
    return settle(
        data, "rtf", made.converted, (notes if made.objects else []) + links(made.converted.codes, made.template)
    )
