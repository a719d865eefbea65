"""A PDF → Document.

Pages with text are read from their characters and rules; pages that are pictures (scans) are left to a picture reader. pdfium
does the reading; where the grid it gives is in doubt, pdfplumber's view of the same page is tried and the better one kept.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from extractors.document.doubts import TYPED_UPON_A_SCAN
from extractors.document.errors import Protected, Unreadable
from extractors.document.model import Block, Document, Paragraph
from extractors.page.content import PageContent
from extractors.page.lines import to_lines
from extractors.page.margins import set_aside
from extractors.page.overlay import lay_over
from extractors.page.page_breaks import to_blocks
from extractors.page.picture import Picture, PictureReader
from extractors.pdf import blank_font
from extractors.pdf.page import read_pages
from extractors.pdf.tagged_tables import place_tagged, read_tags
from records.models import SCANNED, Note

MAX_PAGES = 1000
"""Pages read of one file. An application with all its annexes has some 200."""
MAX_DOCUMENT_CHARS = 5_000_000
MOST_PICTURES = 80
"""Pages of one file that are read from their picture (some two seconds each); what follows are scanned annexes."""
MOST_SECOND = 20
"""Pages of one file for which pdfplumber is asked too."""
_LOCK = threading.RLock()
"""pdfium may be used by one thread at a time."""
blank_font.serve()


@contextmanager
def open_pdf(data: bytes | Path) -> Iterator[Any]:
    """The file opened by pdfium (one at a time), closed at the end.

    Raises :class:`Protected` where it needs a password, :class:`Unreadable` where it is damaged, has no page, or has more
    than :data:`MAX_PAGES`.
    """
    raw = data.read_bytes() if isinstance(data, Path) else data
    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(raw)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower():
                raise Protected("PDF 文件设有打开密码，无法读取，请提供未加密的文件") from error
            raise Unreadable("PDF 文件已损坏或不完整，无法打开，请重新导出后提交") from error
        try:
            if len(document) == 0:
                raise Unreadable("PDF 文件中没有页面，请重新导出后提交")
            if len(document) > MAX_PAGES:
                raise Unreadable(f"PDF 文件有{len(document)}页，超过{MAX_PAGES}页的上限，请将申报书与佐证材料分开提交")
            if document.get_formtype() != pdfium.FORMTYPE_NONE:
                document.init_forms()
            yield document
        finally:
            document.close()


def read_pdf(data: bytes | Path, read_picture: PictureReader | None = None, dpi: int = 200) -> Document:
    """The Document of a PDF (format "pdf").

    Pages that must be read from their picture (:func:`extractors.pdf.page.page_kind`) are rendered at ``dpi`` and given to
    ``read_picture``; without one they are left out. Raises as :func:`open_pdf`.
    """
    with open_pdf(data) as document:
        pages: list[PageContent] = []
        pictures: dict[int, list[Block]] = {}
        found = Document("pdf", pages=len(document))
        total = asked = looked = unread = 0
        for number in range(1, len(document) + 1):
            for content in _pages(document, number, pages[-1] if pages else None):
                if content.doubt and asked < MOST_SECOND:
                    asked += 1
                    content = _second(data, content)
                content.chars, content.objects = [], {}
                pages.append(content)
                total += sum(len(line.chars) for line in content.lines)
            content = pages[-1]
            if total > MAX_DOCUMENT_CHARS:
                raise Unreadable("PDF 文件中的文字过多，超过读取上限，请将申报书与佐证材料分开提交")
            if content.kind != "text" and read_picture is not None and looked == MOST_PICTURES:
                unread += 1
            elif content.kind != "text" and read_picture is not None:
                looked += 1
                picture = read_picture(render(document, number, dpi), number)
                found.notes += _lay_over(picture, content)
                if picture.contents:
                    pages[-1:] = picture.contents
                else:
                    pictures[number] = picture.blocks
                found.aside.extend(picture.aside)
                found.seals = (found.seals or []) + picture.seals
                found.notes += picture.notes
                found.by_ocr = True
        place_tagged(pages)
        found.aside.extend(set_aside([p for p in pages if p.number not in pictures]))
        found.blocks = to_blocks(pages, pictures)
        found.notes += _notes(document) + _struck(pages)
        if unread:
            message = f"图片页过多，只识别了前{looked}页，其余{unread}页未读"
            found.notes.append(Note(code=SCANNED, message=message))
        return found


def render(document: Any, number: int, dpi: int = 200, most: int = 40_000_000) -> Any:
    """Page ``number`` of an open PDF as a numpy array (height × width × 3, RGB), at most ``most`` pixels."""
    with _LOCK, _opened(document, number - 1) as page:
        width, height = page.get_size()
        scale = min(dpi / 72, (most / max(1.0, width * height)) ** 0.5)
        bitmap = page.render(scale=scale, rev_byteorder=True)
        try:
            return bitmap.to_numpy()[:, :, :3].copy()
        finally:
            bitmap.close()


@contextmanager
def _opened(document: Any, index: int) -> Iterator[Any]:
    """A page, closed at the end; filled form fields and typed comments are made part of it first."""
    page = _load(document, index)
    try:
        if pdfium.FPDFPage_GetAnnotCount(page.raw) > 0:
            if document.formenv is not None:  # draws the filled fields that the file has no appearance of
                page.render(scale=0.02).close()
            pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
            page.close()
            page = _load(document, index)
        yield page
    finally:
        page.close()


def _load(document: Any, index: int) -> Any:
    try:
        return document[index]
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"PDF 文件第{index + 1}页已损坏，无法读取，请重新导出后提交") from error


def _pages(document: Any, number: int, before: PageContent | None = None) -> list[PageContent]:
    with _opened(document, number - 1) as page:
        found = read_pages(page, number, before)
        for content in found if pdfium.FPDFCatalog_IsTagged(document.raw) else ():
            read_tags(page, content, before)
            before = content
        return found


def _lay_over(picture: Picture, page: PageContent) -> list[Note]:
    """Put what the file says is typed upon a page among what its picture shows, and say so."""
    notes = []
    if page.unshown:
        message = f"第{page.number}页的文字所用的字体没有嵌入文件，编码也无从辨认，未能读出；请嵌入字体后重新导出"
        notes.append(Note(code=SCANNED, message=message))
    if any(c.text.strip() for c in page.typed):
        if picture.contents:
            lay_over(picture.contents, page.typed, max(page.width, page.height))
        else:
            for line in to_lines(page.typed):
                text = "".join(c.text for c in line.chars)
                picture.blocks.append(
                    Paragraph(text, len(picture.blocks) + 1, page=page.number, doubts=(TYPED_UPON_A_SCAN,))
                )
        message = f"第{page.number}页是图片，上面另有用未嵌入的字体写的文字，已按文件中的编码读出，位置可能有出入"
        notes.append(Note(code=SCANNED, message=message))
    return notes


def _second(data: bytes | Path, content: PageContent) -> PageContent:
    from extractors.pdf.pdfplumber_view import better  # loads pdfplumber: only for pages in doubt

    return better(data.read_bytes() if isinstance(data, Path) else data, content, content.chars)


def _struck(pages: list[PageContent]) -> list[Note]:
    """What was struck out and is left out (rule F05)."""
    with_some = [page for page in pages if page.struck]
    if not with_some:
        return []
    told = "文件中留有未处理的删除线，已按接受修订后的文字读取"
    said = "；".join(page.struck for page in with_some)[:200]
    return [Note(code="F05", message=told, where=f"第{with_some[0].number}页", evidence=said)]


def _notes(document: Any) -> list[Note]:
    """What the file carries besides its pages: attachments and scripts (rule F04). They are never opened or run."""
    notes: list[Note] = []
    names = [_attachment_name(document, i) for i in range(pdfium.FPDFDoc_GetAttachmentCount(document.raw))]
    if names:
        shown = "、".join(name for name in names[:5] if name) or "（未命名）"
        notes.append(Note(code="F04", message=f"PDF 中嵌有{len(names)}个附件文件，未打开", evidence=shown))
    if pdfium.FPDFDoc_GetJavaScriptActionCount(document.raw) > 0:
        notes.append(Note(code="F04", message="PDF 中带有脚本，未运行"))
    return notes


def _attachment_name(document: Any, index: int) -> str:
    attachment = pdfium.FPDFDoc_GetAttachment(document.raw, index)
    if not attachment:
        return ""
    size = pdfium.FPDFAttachment_GetName(attachment, None, 0)
    buffer = (pdfium.FPDF_WCHAR * (size // 2 + 1))()
    pdfium.FPDFAttachment_GetName(attachment, buffer, size)
    return bytes(buffer)[: max(0, size - 2)].decode("utf-16-le", "replace")
