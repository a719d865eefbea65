"""Everything that is a Word document by its content, whatever its name says → Document."""

from __future__ import annotations

from collections.abc import Callable

from extractors.document.errors import Protected, Unreadable
from extractors.document.model import Document
from extractors.word.binary.read import read_doc
from extractors.word.docx import read_docx
from extractors.word.html.read import read_html, read_mht
from extractors.word.rtf.read import read_rtf
from extractors.word.second_opinion import second_route
from extractors.word.word2003 import read_wordml


def _by_office(form: str) -> Callable[[bytes], Document]:
    return lambda data: second_route(data, form)


_READERS: dict[str, Callable[[bytes], Document]] = {
    "docx": read_docx,
    "flat-opc": read_docx,
    "doc": read_doc,
    "rtf": read_rtf,
    "html": read_html,
    "mht": read_mht,
    "wordml": read_wordml,
    "wps": _by_office("wps"),
    "odt": _by_office("odt"),
    "fodt": _by_office("fodt"),
}


def read_word(data: bytes, form: str) -> Document:
    """Read a document of the kind that :func:`extractors.formats.sniff` told. Its ``format`` is "docx" or "doc".

    Raises Protected where it is encrypted, Unreadable where it is damaged or of another kind, Unavailable where it
    needs LibreOffice and there is none.
    """
    if form == "encrypted":
        raise Protected("文件设有密码，无法读取；请去除密码后重新报送")
    reader = _READERS.get(form)
    if reader is None:
        raise Unreadable("文件不是 Word 文档；请用 Word 或 WPS 另存为 .docx 后重新报送")
    return reader(data)
