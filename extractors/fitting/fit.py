"""Fits a form of the catalog onto a Document: the way from what stands in a file to a Reading.

Recognised (:mod:`.recognise`), taken apart where a file holds several forms (:mod:`.forms_apart`), laid out (:mod:`.layout`), fitted
in one pass (:mod:`.form_pass`) into candidates, and these as the values of a record.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from catalog.models import Catalog
from extractors.document.collecting import without_collecting
from extractors.document.model import Document
from extractors.fitting.candidates import CandidateRow
from extractors.fitting.form_pass import fit_form
from extractors.fitting.forms_apart import FILLED, forms_apart, is_whole, may_be_whole, values_in, with_remainders
from extractors.fitting.labels import label_index
from extractors.fitting.named_industries import settle_by_industries
from extractors.fitting.named_instances import read_by_names
from extractors.fitting.neighbours import belongs_elsewhere, recognised
from extractors.fitting.recognise import Recognised, recognise
from extractors.fitting.settings import LAYOUT
from records.models import SCANNED, Note, Reading, Record, Source, Value
from records.roles import text_by_role

_UNREAD = "从这一行起的内容认不出属于哪张表的哪一栏，没有读入；请对照原件核对"


def fit(document: Document, catalog: Catalog, source: Source) -> Reading:
    """The reading of one document. A document that is none of the forms has form "unknown" and no values; one that holds
    several forms is read for the one that is filled in."""
    each = fit_each(document, catalog, source)
    return max((r for _, r in each), key=lambda r: values_in(r.record))


@without_collecting
def fit_each(document: Document, catalog: Catalog, source: Source) -> list[tuple[Document, Reading]]:
    """One reading an application of the file, in their order, each with its part of the document: the document itself
    where it holds only one. ``source`` is the file's for all of them."""
    received = document
    document, found = recognised(received, catalog)
    if elsewhere := belongs_elsewhere(received, found, catalog):
        return [(received, _foreign(received, source, elsewhere))]
    reader = _Reader(catalog, source)
    apart = _apart(document, reader) if found.form is not None else []
    if not apart:
        return [(document, reader.read(document, found))]
    main = max((r for _, r in apart), key=lambda r: values_in(r.record))
    several = [(d, r) for d, r in apart if r is main or reader.is_whole(r)]
    told = {id(r) for _, r in several}
    _tell_others(main, [r for _, r in apart if id(r) not in told], catalog)
    if len(several) > 1:
        return several
    main.lines = document.lines()
    return [(document, main)]


def _foreign(document: Document, source: Source, elsewhere: str) -> Reading:
    """The reading of a document that belongs to another notice."""
    record = Record(source=source, notes=[*document.notes, Note(code="F06", message=elsewhere)])
    reading = Reading(record=record, elsewhere=elsewhere)
    reading.lines = document.lines()
    return reading


@dataclass(slots=True)
class _Reader:
    """Reads parts of one file, each once."""

    catalog: Catalog
    source: Source
    read_before: dict[tuple[int, ...], Reading] = field(default_factory=dict)

    def read(self, document: Document, found: Recognised | None = None) -> Reading:
        blocks = tuple(map(id, document.blocks))
        reading = self.read_before.get(blocks)
        if reading is None:
            reading = self.read_before[blocks] = _fit(document, self.catalog, self.source, found)
        return reading

    def is_whole(self, reading: Reading) -> bool:
        """Whether a part of the file is an application of its own, or a table that recommends one."""
        form = self.catalog.forms.get(reading.record.form)
        return form is not None and is_whole(reading.record, form)

    def make_one_table(self, parts: list[Document]) -> bool:
        """Whether parts of a file, each with the title, are one table that recommends: each class of applications on a sheet of
        its own."""
        records = [self.read(p).record for p in parts]
        form = self.catalog.forms[records[0].form]
        filled = [key for record in records for key, rows in record.tables.items() if rows]
        offices = {text_by_role(self.catalog, record, "recommender") for record in records} - {""}
        return form.kind == "summary" and len(filled) == len(set(filled)) and len(offices) <= 1


def _apart(document: Document, reader: _Reader) -> list[tuple[Document, Reading]]:
    """The forms of a file read one by one, where it holds several; [] where none of them is filled in."""
    forms = tuple(reader.catalog.forms.values())
    out: list[tuple[Document, Reading]] = []
    pieces = forms_apart(document, forms)
    for piece in pieces:
        alike = forms_apart(piece, forms, again=True)
        maybe = [may_be_whole(a, forms) for a in alike]
        if sum(maybe) > 1:
            whole = [one and reader.is_whole(reader.read(a)) for a, one in zip(alike, maybe, strict=True)]
            if sum(whole) > 1 and not reader.make_one_table([a for a, one in zip(alike, whole, strict=True) if one]):
                out += [(d, reader.read(d)) for d in with_remainders(alike, whole)]
                continue
        if len(pieces) > 1:
            out.append((piece, reader.read(piece)))
    return out if any(values_in(r.record) for _, r in out) else []


def _tell_others(reading: Reading, others: list[Reading], catalog: Catalog) -> None:
    """Note the further forms of the file in which only a little was written: they are not read as applications, and must
    not go missing."""
    for other in others:
        if other.record.form != "unknown" and values_in(other.record) >= FILLED:
            form = catalog.forms[other.record.form]
            first = next((v for v in other.record.fields.values() if v.value is not None), None)
            name = f"{form.annex}《{form.title}》"
            note = Note(
                code="F06",
                message=f"文件中还有一份填写了部分内容的{name}，没有读入；如需申报，请填写完整后报送",
                where=first.where if first else "",
                evidence=first.raw if first else name,
            )
            reading.record.notes.append(note)


def _fit(document: Document, catalog: Catalog, source: Source, found: Recognised | None = None) -> Reading:
    found = found or recognise(document, catalog)
    record = Record(source=source, notes=list(document.notes))
    reading = Reading(record=record, seals=document.seals)
    reading.lines = document.lines()  # not through the constructor, which would check each of a thousand tuples
    if found.form is None:
        record.notes.append(Note(code="F06", message="不是本通知的申报书或推荐汇总表"))
        return reading
    fitted = fit_form(document, label_index(found.form))
    record.form = found.form.name
    settle_by_industries(fitted.fields, found.form, catalog)
    read_by_names(fitted.fields, fitted.tables, found.form, catalog, document.by_ocr)
    record.fields = _values(fitted.fields)
    record.tables = {name: [_values(row) for row in rows] for name, rows in fitted.tables.items()}
    record.sections = _values(fitted.sections)
    if document.by_ocr:
        record.notes.append(Note(code=SCANNED, message="由扫描件识别而来，请对照原件核对"))
    record.notes.extend(Note(code=SCANNED, message=_UNREAD, where=where) for where in fitted.unread)
    reading.missing_labels = fitted.missing
    return reading


def _values(found: CandidateRow) -> dict[str, Value]:
    return {key: candidate.as_value() for key, candidate in found.items()}


def belongs_to_a_form(document: Document, catalog: Catalog, *, whole: bool = False) -> bool:
    """Whether a document that is no form by itself holds a part of one: a table of an annex, or chapters in their turn. ``whole``:
    of a table every column, since lists of the applicant's own (of its equipment) have some of them too."""
    for form in catalog.forms.values():
        if form.kind == "summary":
            continue
        fitted = fit_form(document, label_index(form))
        lacking = {m.key.partition(".")[0] for m in fitted.missing} if whole else set()
        if any(rows and key not in lacking for key, rows in fitted.tables.items()):
            return True
        if fitted.chapters_met >= LAYOUT.chapters:
            return True
    return False
