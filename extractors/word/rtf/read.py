"""RTF → Document, by way of WordprocessingML. Many a .doc is RTF inside."""

from __future__ import annotations

from extractors.document.model import Document
from extractors.word.rtf.convert import convert
from extractors.word.second_opinion import links, read_by_libreoffice, settle
from records.models import Note


def read_rtf(data: bytes) -> Document:
    """Read an RTF document. Raises Unreadable where it is damaged and LibreOffice is not there or no help either."""
    made = convert(data)
    if not made.converted.visible and not any(b in data for b in (b"\\pict", b"\\cell")):
        return read_by_libreoffice(data, "rtf", "RTF 文档中没有读到文字")
    where = "嵌入的对象"
    notes = [Note(code="F04", message=f"文件中含有{where}，本系统不予运行", where=where, evidence=where)]
    return settle(
        data, "rtf", made.converted, (notes if made.objects else []) + links(made.converted.codes, made.template)
    )
