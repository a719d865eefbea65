"""From WordprocessingML that a reader of ours made to a Document, with LibreOffice as the second opinion.

What could not be read goes to LibreOffice where it is installed, and so does what was read with doubt. Where it is not,
a file that is damaged is F01, one of a kind that only LibreOffice reads is unread, and doubt is marked as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractors.document.doubts import FILE_INCONSISTENT, together
from extractors.document.errors import Unreadable
from extractors.document.model import Document, Table
from extractors.office import libreoffice
from extractors.word.docx import read_docx
from extractors.word.markup import Converted
from records.models import Note

AGAIN = "请用 Word 或 WPS 打开原件，另存为 .docx 后重新报送"
_LINK = re.compile(r"^\s*HYPERLINK\s+(?:\\\w\s+)*\"?((?:file:|\\\\|[A-Za-z]:[\\/])[^\"]*)", re.IGNORECASE)
_PATH = re.compile(r"(?:\w{2,}:|\\\\|//|[A-Za-z]:[\\/])")
_NORMAL = re.compile(r"normal\.(?:dot|dotm|dotx|wpt)$", re.IGNORECASE)


def settle(data: bytes, form: str, converted: Converted, notes: Iterable[Note] = ()) -> Document:
    """The Document of what a reader made of ``data`` (of the kind ``form``), confirmed where there was doubt."""
    document = read_docx(converted.docx)
    lost = _size(document) < converted.visible
    if converted.doubts or lost:
        document = _confirmed(data, form, document, lost=lost)
    document.format = "doc"
    seen = {(n.code, n.evidence) for n in document.notes}
    document.notes += [n for n in notes if (n.code, n.evidence) not in seen]
    return document


def read_by_libreoffice(data: bytes, form: str, damage: str = "", error: BaseException | None = None) -> Document:
    """Read by LibreOffice alone. ``damage`` says in Chinese what is wrong with the file, "" where it is only of a kind that
    no reader of ours reads. Raises Unreadable; Unavailable where it is sound and LibreOffice is not installed."""
    if damage and libreoffice.find_soffice() is None:
        raise Unreadable(f"{damage}；{AGAIN}") from error
    document = read_docx(libreoffice.to_docx(data, form))
    document.format = "doc"
    return document


def links(codes: Iterable[str], template: str = "") -> list[Note]:
    """The remarks of rule S03 on field codes that link to files and on a template other than Word's own."""
    targets = [template] if _PATH.match(template) and not _NORMAL.search(template) else []
    targets += [m[1].strip() for code in codes if (m := _LINK.match(code))]
    return [
        Note(code="S03", message="文件链接到外部文件", where="外部链接", evidence=target)
        for target in dict.fromkeys(targets)
    ]


def _confirmed(data: bytes, form: str, document: Document, *, lost: bool) -> Document:
    """As LibreOffice reads it, where it reads as much; else ours, every cell marked as unsure, and where text was ``lost``, every
    paragraph: nobody knows from where."""
    if libreoffice.find_soffice() is not None:
        try:
            other = read_docx(libreoffice.to_docx(data, form))
        except Unreadable:
            other = None
        if other is not None and _size(other) >= _size(document):
            return other
    for table in document.tables():
        table.doubts = together(table.doubts, (FILE_INCONSISTENT,))
        for cell in table.cells:
            cell.doubts = together(cell.doubts, (FILE_INCONSISTENT,))
    for block in document.blocks if lost else ():
        block.doubts = together(block.doubts, (FILE_INCONSISTENT,))
    return document


def _size(document: Document) -> int:
    """Characters that are not white space in the body and its tables."""
    texts = [b.text for b in document.blocks if not isinstance(b, Table)]
    texts += [c.text for t in document.tables() for c in t.cells]
    return sum(len("".join(t.split())) for t in texts)
