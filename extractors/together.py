"""Files that belong together: several of one application become one Reading, each of the others its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from catalog.forms import Role
from catalog.models import Catalog
from extractors.archive.applications import Application, Probe
from extractors.document.errors import Failed, NotRead, Unavailable, one_document
from extractors.document.model import Document
from extractors.fitting.fit import belongs_to_a_form, fit
from extractors.fitting.recognise import recognise
from extractors.formats import IMAGES, SHEETS, WORD, Sniffed, extensions_of
from records.markings import markings, of_pack
from records.models import ARCHIVES, Note, Reading, Record, Row, Source
from records.roles import text_by_role

Keep = Callable[[str, Document], None]
"""Told the path of each reading and the Document it was made from, for those who want to show it."""
_FORM_KINDS = WORD | ARCHIVES | {"pdf", "docm", "encrypted", "empty"}
_CLAIMED = extensions_of(WORD | SHEETS | ARCHIVES | IMAGES | {"pdf", "ofd"})


_OF_A_COVER = 2
"""Of project, applicant and recommender, those that make a cover."""


@dataclass(slots=True)
class Opened:
    """A file of an archive or folder: what grouping wants to know, and its Document with what was read from it alone,
    or why it could not be read."""

    probe: Probe
    form: str
    document: Document | None = None
    reading: Reading | None = None
    error: NotRead | None = None
    marked: bool = False
    """It carries a secrecy marking."""

    @property
    def must_be_told(self) -> bool:
        """It may have been a form and cannot be read, or is marked as secret: told of wherever it lies. A picture or a table
        of Excel beside an application is an annex, readable or not."""
        if self.marked:
            return True
        kinds = (self.form, PurePosixPath(self.probe.path).suffix[1:].lower())
        return self.error is not None and any(kind in _FORM_KINDS for kind in kinds)

    @property
    def elsewhere(self) -> str:
        """To which other notice it belongs, "" where to none."""
        return self.reading.elsewhere if self.reading is not None else ""


def not_read(source: Source, error: NotRead) -> Reading:
    part = error.part if isinstance(error, Unavailable) else ""
    note = Note(code=error.code, message=error.message, evidence=part)
    return Reading(record=Record(source=source, notes=[note]), failed=error.told if isinstance(error, Failed) else "")


def source_of(data: bytes, name: str, form: str, member_of: str | None, pages: int | None = None) -> Source:
    return Source(path=name, sha256=hashlib.sha256(data).hexdigest(), format=form, pages=pages, member_of=member_of)


def part_path(name: str, number: int, record: Record, catalog: Catalog) -> str:
    """Where a further application of one file stands: below the file, as a member below its archive."""
    return f"{name}!/第{number}份（{catalog.forms[record.form].annex}）"


def part_data(data: bytes, path: str) -> bytes:
    """What stands for a further application of a file where its bytes are asked for: the same bytes received twice are the
    same, two applications of one file are not."""
    return data + path.rpartition("!/")[2].encode()


def format_name(kind: Sniffed) -> str:
    """The contract's word for a format: docx, doc, pdf, scan, image; others as they are. What is of no known kind and does
    not even claim to be a document (a program) is "other"."""
    if kind.format in IMAGES:
        return "image"
    if kind.format == "unknown" and kind.extension not in _CLAIMED:
        return "other"
    return {"flat-opc": "docx", "wps": "doc"}.get(kind.format, kind.format)


def probed(path: str, document: Document, reading: Reading, catalog: Catalog) -> Opened:
    record = reading.record
    if record.form == "unknown":
        part = not reading.elsewhere and belongs_to_a_form(document, catalog, whole=document.format in SHEETS)
        probe = Probe(path, has_tables=part)
        return Opened(probe, document.format, document, reading, marked=not part and _marked(reading, path, catalog))
    found = recognise(document, catalog)
    lacking = {m.key for m in reading.missing_labels}
    form = catalog.forms[record.form]

    def there(*roles: Role) -> list[str]:
        keys = [f.key for role in roles if (f := form.by_role(role)) is not None]
        return [k for k in keys if k in record.fields and k not in lacking]

    probe = Probe(
        path,
        record.form if found.own or found.titled else "unknown",  # 附1 alone is alike in both forms
        has_cover=len(there("project", "applicant", "recommender")) >= _OF_A_COVER,
        has_basic=bool(there("applicant_again")),
        has_tables=any(record.tables.values()),
        applicant=text_by_role(catalog, record, "applicant", "applicant_again"),
        project=text_by_role(catalog, record, "project"),
        recommends=form.kind == "summary",
    )
    return Opened(probe, document.format, document, reading)


def _marked(reading: Reading, path: str, catalog: Catalog) -> bool:
    """Whether a secrecy marking stands in the file or in its name."""
    return any(markings(by, reading.lines, path) for by in of_pack(catalog))


def alone(opened: Opened, source: Source, keep: Keep | None) -> Reading:
    """The reading of one file that belongs to no other; ``source`` says whose it is."""
    source = source.model_copy(update={"format": opened.form})
    if opened.error is not None:
        return not_read(source, opened.error)
    document, reading = opened.document, opened.reading
    assert document is not None
    assert reading is not None
    if keep is not None:
        try:
            with one_document():
                keep(source.path, document)
        except Failed as error:
            return not_read(source, error)
    reading.record.source = source.model_copy(update={"pages": document.pages})
    return reading


def assemble(
    application: Application, opened: Mapping[str, Opened], source: Source, catalog: Catalog, keep: Keep | None
) -> Reading:
    """The reading of one application from its parts.

    Where something is missing in it while a file beside it could not be read for want of a part of this installation, it
    may stand there (a cover that was scanned alone): the application is unread as a whole, and nothing is found to lack.
    """
    parts = [p for p in application.parts if opened[p].document is not None]
    if len(parts) <= 1:
        reading = alone(opened[(parts or application.parts)[0]], source, keep)
    else:
        try:
            with one_document():
                reading = _fitted_together(parts, opened, source, catalog, keep)
        except Failed as error:
            reading = not_read(source, error)
    lost = next((e for p in application.annexes if isinstance(e := opened[p].error, Unavailable)), None)
    if lost is not None and reading.missing_labels:
        reading = not_read(reading.record.source, lost)
    reading.parts = list(application.parts)
    reading.annexes = [p for p in application.annexes if not opened[p].must_be_told]
    return reading


def _fitted_together(
    parts: list[str], opened: Mapping[str, Opened], source: Source, catalog: Catalog, keep: Keep | None
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
