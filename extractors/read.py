"""From bytes to readings: what a file is, which reader reads it, which files of an archive are one application.

A file that cannot be read gives a Reading of form "unknown" whose note says why (F01, F02, F09; UNREAD where this
installation lacks a part); it is never an exception, and never nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from catalog.models import Catalog
from extractors.archive.applications import Application, Probe, group_members
from extractors.document.errors import Failed, NotRead, Protected, Unavailable, Unreadable, one_document
from extractors.document.model import Document, Paragraph, Table
from extractors.fitting.fit import belongs_to_a_form, fit, fit_each
from extractors.fitting.recognise import recognise
from extractors.formats import ARCHIVES, IMAGES, KIND_NAMES, WORD, Sniffed, extensions_of, sniff
from extractors.own import own_output
from records.models import Note, Reading, Record, Row, Source

MAX_BYTES = 500 * 1024 * 1024


Before = Callable[[str], str]
"""Told of each file of several (by the path to show) before it is opened, and of each page that is a picture (the path,
NUL, its number): gives why the file must not be opened, "" where it may. For those who watch how long each takes."""


def read_document(
    data: bytes, name: str, kind: Sniffed | None = None, page: Callable[[int], object] | None = None
) -> Document:
    """The Document of one file that is no archive; ``kind`` where it is known already; ``page`` is told the number of each
    page that is a picture before it is read. Raises Unreadable, Unavailable."""
    kind = kind or sniff(data, name)
    document = _reader(kind, page)(data)
    note = kind.note()
    if note is not None:
        document.notes.insert(0, note)
    return document


def _pages(shown: str, before: Before | None) -> Callable[[int], object] | None:
    return None if before is None else lambda number: before(f"{shown}\0{number}")


def refuse_size(size: int) -> None:
    """Raises Unreadable where a file of ``size`` bytes is too large to be opened."""
    if size > MAX_BYTES:
        raise Unreadable(f"文件超过{MAX_BYTES // 1048576} MB，未予打开；请压缩图片后重新报送")


def _reader(kind: Sniffed, page: Callable[[int], object] | None) -> Callable[[bytes], Document]:
    """The reader of a format. One line a format."""
    match kind.format:
        case "docx" | "flat-opc":
            from extractors.word.docx import read_docx

            return read_docx
        case "doc":
            from extractors.word.binary.read import read_doc

            return read_doc
        case word if word in WORD:
            from extractors.word.read import read_word

            return lambda data: read_word(data, word)
        case "pdf":
            return lambda data: _read_pdf(data, page)
        case image if image in IMAGES:
            from extractors.scan.read import read_image

            return read_image
        case "encrypted":
            raise Protected("文件设有打开密码，无法读取；请去除密码后重新报送")
        case "empty":
            raise Unreadable("文件是空的（0 字节）；请核对后重新报送")
    raise Unreadable(
        f"不是可以受理的文件类型（{KIND_NAMES.get(kind.format, kind.format)}）；请提交 Word 文档、PDF 或扫描件"
    )


def _read_pdf(data: bytes, page: Callable[[int], object] | None) -> Document:
    from extractors.page.picture import Picture
    from extractors.pdf.read import read_pdf

    def read_picture(image: object, number: int) -> Picture:
        from extractors.scan.read import read_page  # loads the models: only for pages that are pictures

        if page is not None:
            page(number)
        return read_page(image, number)

    document = read_pdf(data, read_picture)
    if document.by_ocr:
        document.format = "scan"
    return document


# ------------------------------------------------------------------------------------------------------ readings
Keep = Callable[[str, Document], None]
"""Told the path of each reading and the Document it was made from, for those who want to show it."""
Aside = Callable[[str, str], None]
"""Told the path of each file that this program wrote itself, and that in Chinese: it gets no reading. Where nobody wants to
be told, such a file is read like any other."""


def read_bytes(
    data: bytes,
    catalog: Catalog,
    name: str,
    *,
    keep: Keep | None = None,
    aside: Aside | None = None,
    before: Before | None = None,
) -> list[Reading]:
    """One Reading a document: one for a file, one an application for an archive. ``name`` is the path to show (below
    the inbox)."""
    kind = sniff(data, name)
    if kind.format in ARCHIVES:
        return _read_archive(data, catalog, name, kind, keep, aside, before)
    if aside is not None and (why := own_output(data, kind, name)):
        aside(name, why)
        return []
    return _read_file(data, catalog, name, kind, keep, before)


def read_folder(
    files: Mapping[str, bytes],
    catalog: Catalog,
    *,
    keep: Keep | None = None,
    aside: Aside | None = None,
    before: Before | None = None,
) -> list[Reading]:
    """The files of one folder, by the path to show: an application may lie in several of them.

    One Reading an application, under the path of its first part, its other parts and annexes named in it; files that
    belong to no application are read one by one, archives too.
    """
    files = _others(files, aside)
    archives = {p for p, data in files.items() if sniff(data, p).format in ARCHIVES}
    opened, parts = _open_members({p: files[p] for p in sorted(files) if p not in archives}, catalog, before)
    files = {**files, **parts}
    readings = []
    placed: set[str] = set()
    for application in group_members(o.probe for o in opened.values()):
        if application.parts:
            placed |= {p for p in (*application.parts, *application.annexes) if not opened[p].must_be_told}
            held_in = application.path.rpartition("!/")[0] if application.path in parts else None
            source = _source(files[application.path], application.path, "", held_in)
            readings.append(_assemble(application, opened, source, catalog, keep))
    for path, data in sorted(files.items()):
        if path in archives:
            readings += read_bytes(data, catalog, path, keep=keep, aside=aside, before=before)
        elif path not in placed:
            readings.append(_alone(opened[path], _source(data, path, "", None), keep))
    return sorted(readings, key=lambda r: r.record.source.path)


def _others(files: Mapping[str, bytes], aside: Aside | None, below: str = "") -> dict[str, bytes]:
    """The files that are not our own, by path; of those that are, ``aside`` is told."""
    found = dict(files)
    if aside is None:
        return found
    for path, data in files.items():
        if why := own_output(data, sniff(data, path), path):
            aside(below + path, why)
            del found[path]
    return found


def _not_read(source: Source, error: NotRead) -> Reading:
    part = error.part if isinstance(error, Unavailable) else ""
    note = Note(code=error.code, message=error.message, evidence=part)
    return Reading(record=Record(source=source, notes=[note]), failed=error.told if isinstance(error, Failed) else "")


def _source(data: bytes, name: str, form: str, member_of: str | None, pages: int | None = None) -> Source:
    return Source(path=name, sha256=hashlib.sha256(data).hexdigest(), format=form, pages=pages, member_of=member_of)


def _read_file(
    data: bytes, catalog: Catalog, name: str, kind: Sniffed, keep: Keep | None, before: Before | None
) -> list[Reading]:
    try:
        with one_document():
            document = read_document(data, name, kind, _pages(name, before))
            each = list(fit_each(document, catalog, _source(data, name, document.format, None, document.pages)))
            for number, (part, reading) in enumerate(each, 1):
                if number > 1:
                    path = part_path(name, number, reading.record, catalog)
                    reading.record.source = _source(part_data(data, path), path, document.format, name, document.pages)
                if keep is not None:
                    keep(reading.record.source.path, part)
    except NotRead as error:
        return [_not_read(_source(data, name, _format_name(kind), None), error)]
    return [reading for _, reading in each]


def part_path(name: str, number: int, record: Record, catalog: Catalog) -> str:
    """Where a further application of one file stands: below the file, as a member below its archive."""
    return f"{name}!/第{number}份（{catalog.forms[record.form].annex}）"


def part_data(data: bytes, path: str) -> bytes:
    """What stands for a further application of a file where its bytes are asked for: the same bytes received twice are the
    same, two applications of one file are not."""
    return data + path.rpartition("!/")[2].encode()


def _format_name(kind: Sniffed) -> str:
    """The contract's word for a format: docx, doc, pdf, scan, image; others as they are. What is of no known kind and does
    not even claim to be a document (a program) is "other"."""
    if kind.format in IMAGES:
        return "image"
    if kind.format == "unknown" and kind.extension not in _CLAIMED:
        return "other"
    return {"flat-opc": "docx", "wps": "doc"}.get(kind.format, kind.format)


# ------------------------------------------------------------------------------- files that belong together
@dataclass(slots=True)
class _Opened:
    """A file of an archive or folder: what grouping wants to know, and its Document with what was read from it alone,
    or why it could not be read."""

    probe: Probe
    form: str
    document: Document | None = None
    reading: Reading | None = None
    error: NotRead | None = None

    @property
    def must_be_told(self) -> bool:
        """It may have been a form and cannot be read: told of wherever it lies. A picture or a table of Excel beside
        an application is an annex, readable or not."""
        kinds = (self.form, PurePosixPath(self.probe.path).suffix[1:].lower())
        return self.error is not None and any(kind in _FORM_KINDS for kind in kinds)


_FORM_KINDS = WORD | ARCHIVES | {"pdf", "docm", "encrypted", "empty"}
_CLAIMED = extensions_of(WORD | ARCHIVES | IMAGES | {"pdf", "ofd"})


def _open_members(
    contents: Mapping[str, bytes], catalog: Catalog, before: Before | None, above: str = ""
) -> tuple[dict[str, _Opened], dict[str, bytes]]:
    """The files by path, opened; a file that holds several applications is as many, with bytes of their own. ``before``
    is told of each below ``above``."""
    opened: dict[str, _Opened] = {}
    parts: dict[str, bytes] = {}
    for path, data in contents.items():
        try:
            if before is not None and (why_not := before(above + path)):
                raise Unreadable(why_not)
            with one_document():
                document = read_document(data, PurePosixPath(path).name, page=_pages(above + path, before))
                each = list(fit_each(document, catalog, Source(path=path, sha256="", format=document.format)))
                for number, (part, reading) in enumerate(each, 1):
                    own = path if number == 1 else part_path(path, number, reading.record, catalog)
                    opened[own] = _probed(own, part, reading, catalog)
                    if number > 1:
                        parts[own] = part_data(data, own)
        except NotRead as error:
            opened[path] = _Opened(Probe(path), _format_name(sniff(data, path)), error=error)
    return opened, parts


def _probed(path: str, document: Document, reading: Reading, catalog: Catalog) -> _Opened:
    record = reading.record
    if record.form == "unknown":
        part = belongs_to_a_form(document, catalog)
        return _Opened(Probe(path, has_tables=part), document.format, document, reading)
    found = recognise(document, catalog)
    lacking = {m.key for m in reading.missing_labels}
    cover = [k for k in ("project_name", "applicant", "recommender") if k in record.fields and k not in lacking]
    probe = Probe(
        path,
        record.form if found.own or found.titled else "unknown",  # 附1 alone is alike in both forms
        has_cover=len(cover) >= 2,
        has_basic="company_name" in record.fields and "company_name" not in lacking,
        has_tables=any(record.tables.values()),
        applicant=record.text("applicant") or record.text("company_name"),
        project=record.text("project_name"),
    )
    return _Opened(probe, document.format, document, reading)


def _alone(opened: _Opened, source: Source, keep: Keep | None) -> Reading:
    """The reading of one file that belongs to no other; ``source`` says whose it is."""
    source = source.model_copy(update={"format": opened.form})
    if opened.error is not None:
        return _not_read(source, opened.error)
    document, reading = opened.document, opened.reading
    assert document is not None
    assert reading is not None
    if keep is not None:
        try:
            with one_document():
                keep(source.path, document)
        except Failed as error:
            return _not_read(source, error)
    reading.record.source = source.model_copy(update={"pages": document.pages})
    return reading


def _assemble(
    application: Application, opened: Mapping[str, _Opened], source: Source, catalog: Catalog, keep: Keep | None
) -> Reading:
    """The reading of one application from its parts.

    Where something is missing in it while a file beside it could not be read for want of a part of this installation, it
    may stand there (a cover that was scanned alone): the application is unread as a whole, and nothing is found to lack.
    """
    parts = [p for p in application.parts if opened[p].document is not None]
    if len(parts) <= 1:
        reading = _alone(opened[(parts or application.parts)[0]], source, keep)
    else:
        try:
            with one_document():
                reading = _fitted_together(parts, opened, source, catalog, keep)
        except Failed as error:
            reading = _not_read(source, error)
    lost = next((e for p in application.annexes if isinstance(e := opened[p].error, Unavailable)), None)
    if lost is not None and reading.missing_labels:
        reading = _not_read(reading.record.source, lost)
    reading.parts = list(application.parts)
    reading.annexes = [p for p in application.annexes if not opened[p].must_be_told]
    return reading


def _fitted_together(
    parts: list[str], opened: Mapping[str, _Opened], source: Source, catalog: Catalog, keep: Keep | None
) -> Reading:
    joined = _joined({p: document for p in parts if (document := opened[p].document) is not None})
    if keep is not None:
        keep(source.path, joined)
    source = source.model_copy(update={"format": joined.format, "pages": joined.pages})
    reading = fit(joined, catalog, source)
    _drop_copies(reading.record, parts)
    return reading


def _drop_copies(record: Record, parts: list[str]) -> None:
    """Rows that come again, word for word, from another file of the application: it was put in twice (as Word and as PDF)."""

    def origin(row: Row) -> str:
        return next((p for v in row.values() for p in parts if v.where.startswith(f"{p} ")), "")

    for name, rows in record.tables.items():
        seen: dict[tuple[str, ...], str] = {}
        kept = []
        for row in rows:
            key = tuple("".join(v.raw.split()) for v in row.values())
            if seen.setdefault(key, origin(row)) == origin(row):
                kept.append(row)
        record.tables[name] = kept


def _joined(documents: Mapping[str, Document]) -> Document:
    """The parts of one application as one Document, each block knowing the file it stands in."""
    first = next(iter(documents.values()))
    joined = Document(first.format, by_ocr=any(d.by_ocr for d in documents.values()))
    for path, document in documents.items():
        for block in (*document.blocks, *document.aside):
            block.origin = path
        joined.blocks += document.blocks
        joined.aside += document.aside
        joined.notes += [n.model_copy(update={"where": f"{path} {n.where}".strip()}) for n in document.notes]
        if document.seals is not None:
            joined.seals = (joined.seals or []) + document.seals
    pages = [d.pages for d in documents.values() if d.pages]
    joined.pages = sum(pages) if pages else None
    return joined


def _read_archive(
    data: bytes,
    catalog: Catalog,
    name: str,
    kind: Sniffed,
    keep: Keep | None,
    aside: Aside | None,
    before: Before | None,
) -> list[Reading]:
    from extractors.archive.read import open_archive

    whole = _source(data, name, kind.format, None)
    try:
        members = open_archive(data, name)
    except NotRead as error:
        return [_not_read(whole, error)]
    sound = {m.path: m.data for m in members if not m.passed_over and m.error is None}
    ours = sound.keys() - (sound := _others(sound, aside, f"{name}!/")).keys()
    contents = {m.path: m.data for m in members if not m.passed_over and m.path not in ours}
    if ours and not contents and aside is not None:
        aside(name, "压缩包中都是本程序写出的文件，不是申报材料")
        return []
    opened, parts = _open_members(sound, catalog, before, f"{name}!/")
    contents |= parts
    opened |= {
        m.path: _Opened(Probe(m.path), sniff(m.data, m.path).format, error=m.error)
        for m in members
        if not m.passed_over and m.error is not None
    }
    applications = [a for a in group_members(o.probe for o in opened.values()) if a.parts]

    def member(path: str) -> Source:
        return _source(contents[path], f"{name}!/{path}", "", name)

    placed = {p for a in applications for p in (*a.parts, *a.annexes)}
    failed = [
        _alone(o, member(p), keep)
        for p in contents
        if (o := opened[p]).must_be_told or (o.error is not None and p not in placed)
    ]
    if not applications:
        note = Note(code="F06", message="压缩包中没有本通知的申报书或推荐汇总表")
        return failed or [Reading(record=Record(source=whole, notes=[note]), annexes=sorted(contents))]
    alone = len(applications) == 1
    readings = [_assemble(a, opened, whole if alone else member(a.path), catalog, keep) for a in applications]
    return readings + failed


__all__ = ["Paragraph", "Table", "read_bytes", "read_document", "read_folder", "refuse_size"]
