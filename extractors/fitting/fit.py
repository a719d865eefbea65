"""Fits a form of the catalog onto a Document: the way from what stands in a file to a Reading.

One pass over the blocks in reading order. Titles and headings say where one is (cover, basic information, chapters,
annexes); tables go first to the form's own tables, then to the fields; paragraphs to fields, chapters or instance lines.
"""

from __future__ import annotations

import re

from catalog.models import Catalog
from extractors.document.collecting import without_collecting
from extractors.document.doubts import NOT_FOUND
from extractors.document.model import Document, Paragraph, Table
from extractors.fitting.candidates import Candidate, CandidateRow
from extractors.fitting.chapters import SectionFitter
from extractors.fitting.fields.cut_rows import rejoin
from extractors.fitting.fields.fit import FieldFitter
from extractors.fitting.forms_apart import FILLED, forms_apart, is_whole, values_in, with_remainders
from extractors.fitting.labels import LabelIndex, bare, fold_heading, fold_label, label_index
from extractors.fitting.line_paragraphs import lines_apart
from extractors.fitting.named_instances import read_by_names
from extractors.fitting.recognise import Recognised, recognise
from extractors.fitting.tables.fit import TableFitter
from records.models import MissingLabel, Note, Reading, Record, Source, Value

BOXED_IN = 2
"""The last column of a table in which the heading of a chapter stands: a number may stand before it."""
MANY_LABELS = 8
"""A table with the labels of so many fields is the form's own."""
_ANNEX = re.compile(r"^附(?:件|表|录)?\s*([1-7一二三四五六七])\s*[:：、.]?\s*$")
_ANNEX_TITLED = re.compile(r"^附(?:件|表|录)?\s*([1-7一二三四五六七])[-－\d]*\s*[:：、.]?\s*(.*)$")
_NUMBERS = {c: str(n) for n, c in enumerate("一二三四五六七", 1)}
_PART_ONE = re.compile(r"\s*(?:[一1]\s*[、.．]|[(（]一[)）])")
_LISTED = re.compile(r"(.{2,50}?)(?:[\t.…·．]{1,}|\s{2,})\s*\d{1,3}\s*$")
_LISTED_CLOSE = re.compile(r"(.{4,50}?)\s?\d{1,3}\s*$")
"""The same where a converter dropped the leaders: only before part 一."""
_GUIDE = re.compile(r"\s*(?:填表|填报|填写|编写|编制|申报)(?:须知|说明|要求|指南|注意事项)\s*[:：]?\s*")
_NUMBERED = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}\s*[、.．]|[(（][一二三四五六七八九十\d]{1,2}[)）]|\d{1,2}\s*[、.．)）](?!\d))"
)
_TELLS = re.compile(r"[^:：]{2,14}[:：]\s*(?:请|应|须|需|填写|按|指|是指|如实|统一)")
"""An instruction for filling in an item: its name, a colon, what to write."""
_USED = re.compile(r"关键装备.{0,3}软件.{0,3}工艺.{0,3}技术")
"""The title of 附2."""


def fit(document: Document, catalog: Catalog, source: Source) -> Reading:
    """The reading of one document. A document that is none of the forms has form "unknown" and no values; one that holds
    several forms is read for the one that is filled in."""
    each = fit_each(document, catalog, source)
    return max((r for _, r in each), key=lambda r: values_in(r.record))


@without_collecting
def fit_each(document: Document, catalog: Catalog, source: Source) -> list[tuple[Document, Reading]]:
    """One reading an application of the file, in their order, each with its part of the document: the document itself
    where it holds only one. ``source`` is the file's for all of them."""
    found = recognise(document, catalog)
    document = lines_apart(document, [found.form] if found.form is not None else catalog.forms.values())
    found = found if found.form is not None else recognise(document, catalog)
    apart = _apart(document, catalog, source) if found.form is not None else []
    if not apart:
        return [(document, _fit(document, catalog, source, found))]
    main = max((r for _, r in apart), key=lambda r: values_in(r.record))
    several = [(d, r) for d, r in apart if r is main or (r.record.form != "unknown" and is_whole(r.record))]
    told = {id(r) for _, r in several}
    _tell_others(main, [r for _, r in apart if id(r) not in told], catalog)
    if len(several) > 1:
        return several
    main.lines = document.lines()
    return [(document, main)]


def _apart(document: Document, catalog: Catalog, source: Source) -> list[tuple[Document, Reading]]:
    """The forms of a file read one by one, where it holds several; [] where none of them is filled in."""
    forms = tuple(catalog.forms.values())
    out: list[tuple[Document, Reading]] = []
    pieces = forms_apart(document, forms)
    for piece in pieces:
        alike = forms_apart(piece, forms, again=True)
        if len(alike) > 1:
            whole = [is_whole(_fit(a, catalog, source).record) for a in alike]
            if sum(whole) > 1:
                out += [(d, _fit(d, catalog, source)) for d in with_remainders(alike, whole)]
                continue
        if len(pieces) > 1:
            out.append((piece, _fit(piece, catalog, source)))
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
    index = label_index(found.form)
    fitting = _Fitting(index)
    fitting.run(document)
    record.form = found.form.name
    nothing = Candidate(doubts=(NOT_FOUND,))
    fields = {f.key: fitting.fields.answers.values.get(f.key, nothing) for f in found.form.fields}
    tables = fitting.tables.rows
    read_by_names(fields, tables, found.form, catalog, document.by_ocr)
    record.fields = _values(fields)
    record.tables = {name: [_values(row) for row in rows] for name, rows in tables.items()}
    record.sections = _values(fitting.sections.values(index))
    if document.by_ocr:
        record.notes.append(Note(code="F08", message="由扫描件识别而来，请对照原件核对"))
    reading.missing_labels = fitting.missing(index)
    return reading


def _values(found: CandidateRow) -> dict[str, Value]:
    return {key: candidate.as_value() for key, candidate in found.items()}


def belongs_to_a_form(document: Document, catalog: Catalog) -> bool:
    """Whether a document that is no form by itself holds a part of one: a table of an annex, or chapters in their turn."""
    for form in catalog.forms.values():
        if form.name == "summary":
            continue
        fitting = _Fitting(label_index(form))
        fitting.run(document)
        if any(fitting.tables.rows.values()) or len(fitting.sections.found) >= 2:
            return True
    return False


class _Fitting:
    """The state of one pass."""

    def __init__(self, index: LabelIndex) -> None:
        self.index = index
        self.fields = FieldFitter.of(index)
        self.tables = TableFitter(index)
        self.sections = SectionFitter(index)
        self.zone = "cover"
        self.guide = False
        """Instructions for filling in the form were met."""
        self.cover_last = False
        """The form's table stands before any title."""
        self.before_annex = False
        """The next thing that stands in the file is a title or a table of the form's annexes."""

    def run(self, document: Document) -> None:
        self.fields.lines.cover_only = self._has_parts(document)
        before = self._before_title(document)
        contents = self._contents(document)
        for number, block in enumerate(document.blocks):
            if (number < before and not isinstance(block, Table)) or number in contents:
                continue
            if isinstance(block, Table):
                self._table(block)
            elif block.text.strip():
                self.before_annex = len(block.text) <= 10 and self._annex_follows(document, number)
                self._paragraph(block)
        self.fields.finish()

    def _contents(self, document: Document) -> set[int]:
        """The blocks of a list of contents typed by hand, without page numbers: headings one right behind the other that come
        again later."""
        place = last = 0
        runs: list[list[tuple[int, str]]] = [[]]
        known = self.index.headings.keys() | self.index.enders | self.index.titles.keys()
        for number, block in enumerate(document.blocks):
            if not isinstance(block, Paragraph):
                place += 1
            elif block.text.strip():
                place += 1
                folded = fold_heading(block.text) if len(block.text) <= 60 else ""
                if folded in known:
                    if place != last + 1 or any(f == folded for _, f in runs[-1]):
                        runs.append([])
                    last = place
                    runs[-1].append((number, folded))
        out: set[int] = set()
        for run in runs:
            if len(run) >= 3:
                later = {f for other in runs for n, f in other if n > run[-1][0]}
                later |= {fold_heading(c.text.partition("\n")[0][:60]) for t in document.tables() for c in t.cells}
                if sum(1 for _, f in run if f in later) * 3 >= 2 * len(run):
                    out.update(n for n, _ in run)
        return out

    def _has_parts(self, document: Document) -> bool:
        """Whether the file heads its part 一: what stands before it is the cover, or papers put in, not the part's items."""
        return any(
            len(b.text) <= 60 and _PART_ONE.match(b.text) and fold_label(b.text) in self.index.enders
            for b in document.blocks
            if isinstance(b, Paragraph)
        )

    def _annex_follows(self, document: Document, number: int) -> bool:
        for block in document.blocks[number + 1 : number + 8]:
            if isinstance(block, Table):
                return True
            if block.text.strip():
                return fold_label(block.text) in self.index.titles or bool(_USED.search(block.text))
        return False

    def _before_title(self, document: Document) -> int:
        """How many blocks stand before the form's title: a letter or instructions for filling in, not the form. 0 where
        there is no title, and where the form stands before it: the cover lay at the end of the pile in the scanner."""
        for number, block in enumerate(document.blocks):
            if isinstance(block, Table) and self._holds_the_form(block):
                self.cover_last = True
                return 0
            if isinstance(block, Paragraph) and self._is_title(block.text):
                return number
        return 0

    def _is_title(self, text: str) -> bool:
        return len(text) <= 60 and fold_label(text).endswith(fold_label(self.index.form.title))

    def _holds_the_form(self, table: Table) -> bool:
        labels = {fold_label(c.text) for c in table.cells if len(c.text) < 60} & self.index.fields.keys()
        return len(labels) >= MANY_LABELS

    # ---------------------------------------------------------------------------------------------- tables
    def _table(self, table: Table) -> None:
        rejoin(table, self.index)
        boxed = self._boxed_headings(table)
        taken = self.tables.table(table)
        rest = [c for c in table.cells if c.row not in taken]
        if taken and not rest:
            self.sections.close()
        elif not boxed and self._is_prose(table) and self.sections.open:
            self.sections.table(table)
        else:
            self.fields.lines.rest()
            if not self._behind_the_form():
                self.fields.answers.later = self.zone in ("chapters", "annex")
                self.fields.rows.table(table, taken)
            if self.sections.open and not taken and not boxed and self.zone == "chapters":
                self.sections.table(table)
            if taken:
                self.sections.close()
        for cell in table.cells:
            if cell.row in taken:
                continue
            for nested in cell.tables:
                if id(nested) not in self.fields.rows.done:
                    self._table(nested)

    def _behind_the_form(self) -> bool:
        """Whether the form's parts and its annexes were met: what follows are other papers (an opinion, a licence)."""
        return self.zone == "annex" and "scenes" in self.tables.found and self._fields_are_found()

    def _fields_are_found(self) -> bool:
        """Whether the form's own parts were met: labels behind its annexes are another paper's (an office's opinion)."""
        asked = [f for f in self.index.form.fields if not f.after_option and not f.of_field]
        return sum(1 for f in asked if f.key in self.fields.answers.labels) > 0.6 * len(asked)

    def _is_prose(self, table: Table) -> bool:
        """A table within a chapter that holds no field of the form: a box around text, the applicant's own table."""
        return self.zone == "chapters" and not any(len(c.text) < 60 and self.index.exact(c.text) for c in table.cells)

    def _boxed_headings(self, table: Table) -> bool:
        """Chapters drawn as rows of a table: a heading cell beside, above or together with its text. Whether there are any."""
        headings = self.index.headings
        for cell in table.cells:
            if cell.column > BOXED_IN:
                continue
            first = cell.text.split("\n", 1)[0] if len(cell.text) > 60 else cell.text.partition("\n")[0]
            if 4 <= len(first) <= 60 and fold_heading(first) in headings and self.sections.heading(first):
                self.sections.boxed(table)
                return True
        return False

    # ---------------------------------------------------------------------------------------------- paragraphs
    def _paragraph(self, paragraph: Paragraph) -> None:
        text = paragraph.text
        if not text.strip():
            return
        if paragraph.contents or self._lists_contents(text):
            return
        if self._marks_place(text) or self._begins_cover(text):
            self.fields.lines.rest()
            return
        section = self.sections.heading(text, paragraph.level)
        if section is not None:
            self.zone = "chapters"
            self.fields.lines.rest()
            self.fields.answers.awaiting_date = False
            self.sections.begin(section, text, paragraph)
            return
        if (fold_heading(text) in self.index.enders and len(text) <= 60) or self.sections.parent(text):
            self.sections.parent(text)
            if self.zone == "chapters":
                self.sections.close()
            elif self.zone == "cover" and _PART_ONE.match(text):
                self.zone = "basic"
                self.fields.lines.cover_only = False
            self.fields.lines.rest()
            return
        self._prose(paragraph)

    def _begins_cover(self, text: str) -> bool:
        """The title of a cover that lies behind the form."""
        if not self.cover_last or not self._is_title(text):
            return False
        self.sections.close()
        self.zone = "cover"
        return True

    def _lists_contents(self, text: str) -> bool:
        """A line of a table of contents: a heading of the form, leaders, a page number."""
        match = _LISTED.match(text) if text.rstrip()[-1:].isdigit() else None
        if match is None and self.zone == "cover" and text.rstrip()[-1:].isdigit():
            match = _LISTED_CLOSE.match(text)
        if match is None:
            return False
        folded = fold_label(match[1])
        return folded in self.index.headings or folded in self.index.enders or folded in self.index.titles

    def _marks_place(self, text: str) -> bool:
        """Titles of annexes and of the form's tables: they end a chapter and say which table comes."""
        plain = text.strip()
        if len(plain) > 60:
            return False
        match = _ANNEX_TITLED.match(plain)
        title = match[2] if match else plain
        key = self.index.titles.get(fold_label(title)) if title else None
        if key is None and match and title and fold_label(title):
            return False
        alone = bool(_ANNEX.match(plain)) and (
            self.zone != "chapters" or not plain.startswith("附件") or self.before_annex
        )
        if key is not None and not match and self.zone == "chapters" and len(fold_label(title)) <= 4:
            # "关键装备" as a line of a chapter is the applicant's own heading
            return False
        annex_two = bool(_USED.search(plain))
        if key is None and not alone and not annex_two:
            return False
        if (alone and (not plain.startswith("附件") or self.before_annex)) or key is not None or annex_two:
            self.sections.close()
            self.zone = "annex"
            self.tables.current = None
        number = match[1] if match else ""
        if key is None and alone:
            annex = f"附{_NUMBERS.get(number, number)}"
            key = next((t.key for t in self.index.form.tables if t.annex == annex and not t.per), None)
        if key is not None:
            self.tables.title = key
        if annex_two or number in ("2", "二"):
            self.tables.annex2 = True
            self.tables.instance = None if number else self.tables.instance
        elif number:
            self.tables.annex2 = False
        return True

    def _prose(self, paragraph: Paragraph) -> None:
        text = paragraph.text
        if self._instructs(text):
            return
        in_annex = self.zone == "annex" or self.tables.annex2
        if in_annex and self.tables.paragraph(text, paragraph.where, paragraph.doubts):
            return
        if "续" not in text[:6]:
            self.tables.current = None  # a table without a head goes on with the last one only right behind it
        if self.sections.foreign(text):
            return
        if self.sections.open:
            self.sections.line(text, paragraph.where, paragraph.doubts)
            return
        if self.zone == "chapters" or self._behind_the_form():
            return
        if self.fields.lines.pending is not None:
            held = self.fields.lines.pending
            if not self.fields.lines.paragraph(paragraph):
                self.fields.lines.pending = held
                self.fields.lines.continue_pending(paragraph)
            return
        self.fields.lines.paragraph(paragraph)

    def _instructs(self, text: str) -> bool:
        """Whether a paragraph before part 一 says how to fill in an item of the form: its number, its name, and what to write."""
        if self.zone != "cover":
            return False
        if len(text) <= 20 and _GUIDE.fullmatch(text):
            self.guide = True
            return True
        number = _NUMBERED.match(text)
        return number is not None and (self.guide or _TELLS.match(text, number.end()) is not None)

    # ---------------------------------------------------------------------------------------------- what is not there
    def missing(self, index: LabelIndex) -> list[MissingLabel]:
        """Labels of the blank form that the file lacks: fields, heads of tables, chapters."""
        form = index.form
        out = [
            MissingLabel(f.key, f.label + (f"（{f.column[0]}）" if f.column else ""), _PART_NAMES.get(f.part, ""))
            for f in form.fields
            if f.key not in self.fields.answers.labels and not f.after_option and not f.of_field
        ]
        for table in form.tables:
            if table.key not in self.tables.found:
                out.append(MissingLabel(table.key, table.titles[0] if table.titles else table.annex, table.annex))
                continue
            heads = self.tables.heads.get(table.key, set())
            out.extend(
                MissingLabel(f"{table.key}.{c.key}", c.label, table.annex) for c in table.columns if c.key not in heads
            )
        out.extend(MissingLabel(s.key, s.heading, s.number) for s in form.sections if s.key not in self.sections.found)
        return out


_PART_NAMES = {
    "cover": "封面",
    "basic": "（一）",
    "project": "（二）",
    "outcome": "整体建设成效",
    "chain": "（三）",
    "commitment": "真实性承诺",
}

__all__ = ["bare", "belongs_to_a_form", "fit", "fit_each"]
