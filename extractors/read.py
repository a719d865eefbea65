"""From a path to readings: what a file is, which reader reads it, which files of an archive are one application.

A file that cannot be read gives a Reading of form "unknown" whose note says why (F01, F02, F09); it is never an
exception, and never nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from catalog.models import Catalog
from extractors.document import Document, Paragraph, Table
from extractors.errors import Protected, Unreadable
from extractors.fit import fit
from extractors.sniff import ARCHIVES, IMAGES, KIND_NAMES, Sniffed, sniff
from records.models import Note, Reading, Record, Source

MAX_BYTES = 500 * 1024 * 1024


def read_document(data: bytes, name: str) -> Document:
    """The Document of one file that is no archive. Raises Unreadable, Protected."""
    kind = sniff(data, name)
    document = _reader(kind)(data)
    note = kind.note()
    if note is not None:
        document.notes.insert(0, note)
    return document


def open_document(path: Path) -> Document:
    """The Document of a file, as ``shenbao read`` prints it. Raises OSError, Unreadable."""
    return read_document(_bytes(path), path.name)


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > MAX_BYTES:
        raise Unreadable(f"文件超过{MAX_BYTES // 1048576} MB，未予打开；请压缩图片后重新报送")
    return path.read_bytes()


def _reader(kind: Sniffed) -> Callable[[bytes], Document]:
    """The reader of a format. One line a format."""
    match kind.format:
        case "docx" | "flat-opc":
            from extractors.docx import read_docx

            return read_docx
        case "doc" | "wps":
            from extractors.doc import read_doc

            return read_doc
        case "rtf" | "html" | "mht" | "wordml" | "odt":
            return _through_office(kind.format)
        case "pdf":
            return _read_pdf
        case image if image in IMAGES:
            from extractors.scan import read_image

            return read_image
        case "encrypted":
            raise Protected("文件设有打开密码，无法读取；请去除密码后重新报送")
        case "empty":
            raise Unreadable("文件是空的（0 字节）；请核对后重新报送")
    raise Unreadable(f"不是可以受理的文件类型（{KIND_NAMES.get(kind.format, kind.format)}）；请提交 Word 文档、PDF 或扫描件")


def _through_office(form: str) -> Callable[[bytes], Document]:
    def read(data: bytes) -> Document:
        from extractors.docx import read_docx
        from extractors.office import to_docx

        document = read_docx(to_docx(data, form))
        document.format = "doc"
        return document

    return read


def _read_pdf(data: bytes) -> Document:
    from extractors.pdf import page_kinds, read_pdf

    if all(kind == "text" for kind in page_kinds(data)):
        return read_pdf(data)
    from extractors.scan import read_page

    document = read_pdf(data, read_page)
    document.format = "scan"
    return document


# ------------------------------------------------------------------------------------------------------ readings
def read_path(path: Path, catalog: Catalog, *, name: str | None = None) -> list[Reading]:
    """One Reading a document: one for a file, one an application for an archive. ``name`` is the path to show (below the
    inbox). Raises OSError where the file itself cannot be opened."""
    shown = name if name is not None else path.as_posix()
    try:
        data = _bytes(path)
    except Unreadable as error:
        return [_unreadable(Source(path=shown, sha256=_hash_file(path), format="unknown"), error)]
    return read_bytes(data, catalog, shown)


def read_bytes(data: bytes, catalog: Catalog, name: str) -> list[Reading]:
    """As :func:`read_path`, for bytes at hand."""
    kind = sniff(data, name)
    if kind.format in ARCHIVES:
        return _read_archive(data, catalog, name, kind)
    return [_read_one(data, catalog, name, None)]


def _hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _unreadable(source: Source, error: Unreadable) -> Reading:
    return Reading(record=Record(source=source, notes=[Note(code=error.code, message=error.message)]))


def _source(data: bytes, name: str, form: str, member_of: str | None, pages: int | None = None) -> Source:
    return Source(path=name, sha256=hashlib.sha256(data).hexdigest(), format=form, pages=pages, member_of=member_of)


def _read_one(data: bytes, catalog: Catalog, name: str, member_of: str | None) -> Reading:
    try:
        document = read_document(data, name)
    except Unreadable as error:
        return _unreadable(_source(data, name, _format_name(sniff(data, name).format), member_of), error)
    return fit(document, catalog, _source(data, name, document.format, member_of, document.pages))


def _format_name(kind: str) -> str:
    """The contract's word for a format: docx, doc, pdf, scan, image; others as they are."""
    if kind in IMAGES:
        return "image"
    return {"flat-opc": "docx", "wps": "doc"}.get(kind, kind)


# ------------------------------------------------------------------------------------------------------ archives
def _read_archive(data: bytes, catalog: Catalog, name: str, kind: Sniffed) -> list[Reading]:
    from extractors.archive import open_archive
    from extractors.archive_group import group_members

    whole = _source(data, name, kind.format, None)
    try:
        members = open_archive(data, name)
    except Unreadable as error:
        return [_unreadable(whole, error)]
    contents = {m.path: m.data for m in members}
    opened = {path: _probe(content, path, catalog) for path, content in contents.items()}
    applications = group_members(probe for probe, _, _ in opened.values())
    if not applications or not any(a.parts for a in applications):
        return _no_form(opened, contents, whole, catalog, name)
    readings = []
    alone = len(applications) == 1
    for application in applications:
        parts = [opened[p][1] for p in application.parts]
        documents = [d for d in parts if isinstance(d, Document)]
        joined = _joined(application.parts, documents)
        path = name if alone else f"{name}!/{application.path}"
        content = data if alone else contents[application.path]
        source = _source(content, path, joined.format, None if alone else name, joined.pages)
        reading = fit(joined, catalog, source)
        reading.annexes = list(application.annexes)
        readings.append(reading)
    return readings + _failed(opened, contents, applications, name, kind)


def _probe(data: bytes, path: str, catalog: Catalog):  # type: ignore[no-untyped-def]
    """(light look for grouping, Document or error, path) of a member."""
    from extractors.archive_group import Probe

    try:
        document = read_document(data, PurePosixPath(path).name)
    except Unreadable as error:
        return Probe(path), error, path
    reading = fit(document, catalog, Source(path=path, sha256="", format=document.format))
    record = reading.record
    if record.form == "unknown":
        return Probe(path), document, path
    lacking = {m.key for m in reading.missing_labels}
    cover = [k for k in ("project_name", "applicant", "recommender") if k in record.fields and k not in lacking]
    probe = Probe(
        path,
        record.form,
        has_cover=len(cover) >= 2,
        has_basic="company_name" in record.fields and "company_name" not in lacking,
        has_tables=any(record.tables.values()),
        applicant=record.text("applicant") or record.text("company_name"),
    )
    return probe, document, path


def _joined(paths: list[str], documents: list[Document]) -> Document:
    """The parts of one application as one Document, each block knowing the file it stands in."""
    if len(documents) == 1:
        return documents[0]
    joined = Document(documents[0].format, by_ocr=any(d.by_ocr for d in documents))
    for path, document in zip(paths, documents, strict=True):
        for block in (*document.blocks, *document.aside):
            block.origin = path
        joined.blocks += document.blocks
        joined.aside += document.aside
        joined.notes += [n.model_copy(update={"where": f"{path} {n.where}".strip()}) for n in document.notes]
        if document.seals is not None:
            joined.seals = (joined.seals or []) + document.seals
    pages = [d.pages for d in documents if d.pages]
    joined.pages = sum(pages) if pages else None
    return joined


def _no_form(opened, contents, whole: Source, catalog: Catalog, name: str) -> list[Reading]:  # type: ignore[no-untyped-def]
    """An archive without any form: one reading for the whole, and one for each member that could not be read."""
    errors = [(path, error) for path, (_, error, _) in opened.items() if isinstance(error, Unreadable)]
    if errors:
        return [
            _unreadable(_source(contents[p], f"{name}!/{p}", _format_name(sniff(contents[p], p).format), name), e) for p, e in errors
        ]
    note = Note(code="F06", message="压缩包中没有本通知的申报书或推荐汇总表")
    return [Reading(record=Record(source=whole, notes=[note]), annexes=sorted(contents))]


def _failed(opened, contents, applications, name: str, kind: Sniffed) -> list[Reading]:  # type: ignore[no-untyped-def]
    """Members that could not be read and belong to no application as an annex."""
    placed = {p for a in applications for p in (*a.parts, *a.annexes)}
    return [
        _unreadable(_source(contents[p], f"{name}!/{p}", _format_name(sniff(contents[p], p).format), name), error)
        for p, (_, error, _) in opened.items()
        if isinstance(error, Unreadable) and p not in placed
    ]


__all__ = ["Paragraph", "Table", "open_document", "read_bytes", "read_document", "read_path"]
