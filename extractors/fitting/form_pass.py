"""Fits a form onto the blocks of a file: what goes to its fields, its tables and its chapters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from extractors.document.doubts import NOT_FOUND
from extractors.document.model import Block, Document, Paragraph, Table
from extractors.fitting.candidates import Candidate, CandidateRow
from extractors.fitting.chapters import SectionFitter
from extractors.fitting.fields.cut_rows import rejoin
from extractors.fitting.fields.fit import FieldFitter
from extractors.fitting.labels import LabelIndex, fold_heading, fold_label
from extractors.fitting.layout import PART_ONE, USED, Layout, is_title, lay_out
from extractors.fitting.missing import missing_labels
from extractors.fitting.settings import CHAPTERS, LABELS, LAYOUT
from extractors.fitting.tables.fit import TableFitter
from extractors.fitting.tables.head_rows import join_heads
from records.models import MissingLabel

_ANNEX = re.compile(r"^附(?:件|表|录)?\s*+([1-7一二三四五六七])\s*+[:：、.]?+\s*+$")
_ANNEX_TITLED = re.compile(r"^附(?:件|表|录)?\s*([1-7一二三四五六七])[-－\d]*\s*[:：、.]?\s*(.*)$")
_NUMBERS = {c: str(n) for n, c in enumerate("一二三四五六七", 1)}
_LISTED = re.compile(r"(.{2,50}?)(?:[\t.…·．]++\s*+|\s{2,}+)\d{1,3}\s*+$")
_LISTED_CLOSE = re.compile(r"(.{4,50}?)\s?\d{1,3}\s*$")
"""The same where a converter dropped the leaders: only before part 一."""
_TABLE_WORDS = ("一览表", "情况表", "汇总表", "明细表", "表")
_BROKEN = re.compile(r"(?:错误\s*+[!！][^\t…]{0,30}|Error[:!][^\t…]{0,60})$")
"""What stands for the number of a page whose bookmark is gone."""
_PAGE = re.compile(r"([-—－–―─])\1?\s*+\d{1,3}\s*+\1{1,2}|第\s*+\d{1,3}\s*+页(?:\s*+[,，/]?\s*+共\s*+\d{1,3}\s*+页)?")
"""The number of a page, which a program that makes Word of PDF leaves among the text."""
_GUIDE = re.compile(r"\s*+(?:填表|填报|填写|编写|编制|申报)(?:须知|说明|要求|指南|注意事项)\s*+[:：]?+\s*+")
_NUMBERED = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}\s*[、.．]|[(（][一二三四五六七八九十\d]{1,2}[)）]|\d{1,2}\s*[、.．)）](?!\d))"
)
_TELLS = re.compile(r"[^:：]{2,14}[:：]\s*(?:请|应|须|需|填写|按|指|是指|如实|统一)")
"""An instruction for filling in an item: its name, a colon, what to write."""


class Fitted(NamedTuple):
    """What one pass found: a candidate for each field and chapter of the form (one that says so where there is none), the rows of
    its tables, the labels that are missing, how many chapters were met, and where rows begin that no table took."""

    fields: CandidateRow
    tables: dict[str, list[CandidateRow]]
    sections: CandidateRow
    missing: list[MissingLabel]
    chapters_met: int
    unread: list[str]


def fit_form(document: Document, index: LabelIndex) -> Fitted:
    """The form of ``index`` fitted onto a document."""
    return FormPass(index).run(lay_out(document, index))


class FormPass:
    """One pass over a file's blocks in reading order. Titles and headings say where one is (cover, basic information, chapters,
    annexes); tables go first to the form's own tables, then to the fields; paragraphs to fields, chapters or instance lines."""

    def __init__(self, index: LabelIndex) -> None:
        self.index = index
        self.fields = FieldFitter.of(index)
        self.tables = TableFitter.of(index)
        self.sections = SectionFitter(index)
        self.zone = "cover"
        self.guide = False
        """Instructions for filling in the form were met."""
        self.cover_last = False
        """The form's table stands before any title."""
        self.in_letter: frozenset[int] = frozenset()
        """The tables of another paper in front of the form: their items are not the form's."""
        self.before_annex = False
        """The next thing that stands in the file is a title or a table of the form's annexes."""
        self.row_told = False
        """Of a row that no table took it was told, since the last table."""

    def run(self, layout: Layout) -> Fitted:
        self.cover_last, self.in_letter = layout.cover_last, layout.in_letter
        self.fields.lines.cover_only = layout.has_parts
        self.tables.finder.announced = self._announced(layout.blocks)
        for block in layout.blocks:
            if isinstance(block, Table):
                self._table(block)
            else:
                self.before_annex = id(block) in layout.before_annex
                self._paragraph(block)
        self.fields.finish()
        return self._fitted()

    def _announced(self, blocks: Sequence[Block]) -> frozenset[str]:
        """The form's tables whose annex (附2) or whose title stands in a line of its own."""
        lines = (b.text.strip() for b in blocks if isinstance(b, Paragraph) and len(b.text) <= LAYOUT.title)
        found: set[str] = set()
        for line in filter(None, lines):
            match = _ANNEX_TITLED.match(line)
            number = _NUMBERS.get(match[1], match[1]) if match and not match[2] else ""
            used = number == "2" or bool(USED.search(line))
            title = match[2] if match else line
            key = self._titled(title) if len(title) > CHAPTERS.own_heading else None
            found.update(t.key for t in self.index.form.tables if t.key == key or (t.per and used))
            found.update(t.key for t in self.index.form.tables if not t.per and t.annex == f"附{number}")
        return frozenset(found)

    def _fitted(self) -> Fitted:
        form, tables, sections = self.index.form, self.tables.reader, self.sections
        nothing = Candidate(doubts=(NOT_FOUND,))
        fields = {f.key: self.fields.answers.values.get(f.key, nothing) for f in form.fields}
        heads = {key: tables.heads.get(key, set()) for key in tables.found}
        missing = missing_labels(form, self.fields.answers.labels, heads, sections.found)
        return Fitted(
            fields, tables.rows, sections.values(self.index), missing, len(sections.found), self.tables.unread
        )

    # ---------------------------------------------------------------------------------------------- tables
    def _table(self, table: Table) -> None:
        rejoin(table, self.index)
        grid = join_heads(table, self.index)
        boxed = self._boxed_headings(table)
        if not boxed and self.zone == "chapters" and self._promises(table):
            self.sections.close()
            self.zone = "basic"
        self.tables.finder.in_chapter = self.zone == "chapters" and bool(self.sections.open)
        taken = self.tables.table(table, grid)
        self.row_told = False
        rest = [c for c in table.cells if c.row not in taken]
        if taken and not rest:
            self.sections.close()
        elif not boxed and self._is_prose(table) and self.sections.open:
            self.sections.table(table)
        else:
            self.fields.lines.rest()
            if not self._behind_the_form() and id(table) not in self.in_letter:
                self.fields.answers.later = self.zone in ("chapters", "annex")
                self.fields.rows.table(table, grid, taken)
            if self.sections.open and not taken and not boxed and self.zone == "chapters":
                self.sections.table(table)
            if taken:
                self.sections.close()
        for cell in table.cells:
            if cell.row in taken:
                continue
            if id(table) in self.in_letter:
                self.in_letter |= set(map(id, cell.tables))
            for nested in cell.tables:
                if id(nested) not in self.fields.rows.done:
                    self._table(nested)

    def _behind_the_form(self) -> bool:
        """Whether the form's parts and its annexes were met: what follows are other papers (an opinion, a licence)."""
        instances = self.index.form.instances()
        met = instances is not None and instances.key in self.tables.reader.found
        return self.zone == "annex" and met and self._fields_are_found()

    def _fields_are_found(self) -> bool:
        """Whether the form's own parts were met: labels behind its annexes are another paper's (an office's opinion)."""
        asked = [f for f in self.index.form.fields if not f.after_option and not f.of_field]
        return sum(1 for f in asked if f.key in self.fields.answers.labels) > LAYOUT.fields_share * len(asked)

    def _is_prose(self, table: Table) -> bool:
        """A table within a chapter that holds no field of the form: a box around text, the applicant's own table."""
        return self.zone == "chapters" and not any(
            len(c.text) < LAYOUT.title and self.index.exact(c.text) for c in table.cells
        )

    def _promises(self, table: Table) -> bool:
        """Whether a table begins with the commitment: the chapters are at an end."""
        return any(
            target.field.role == "commitment"
            for cell in table.cells
            if cell.row == 1 and cell.column == 1
            for target in self.index.exact(cell.text)
        )

    def _boxed_headings(self, table: Table) -> bool:
        """Chapters drawn as rows of a table: a heading cell beside, above or together with its text. Whether there are any."""
        headings = self.index.headings
        for cell in table.cells:
            if cell.column > CHAPTERS.boxed_in:
                continue
            first = cell.text.partition("\n")[0]
            if (
                LABELS.long <= len(first) <= LAYOUT.title
                and fold_heading(first) in headings
                and self.sections.heading(first)
            ):
                self.sections.boxed(table)
                return True
        return False

    # ---------------------------------------------------------------------------------------------- paragraphs
    def _paragraph(self, paragraph: Paragraph) -> None:
        text = paragraph.text
        if not text.strip() or (len(text) <= LAYOUT.title and _PAGE.fullmatch(text.strip())):
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
        if (fold_heading(text) in self.index.enders and len(text) <= LAYOUT.title) or self.sections.parent(text):
            self.sections.parent(text)
            if self.zone == "chapters":
                self.sections.close()
                self._heads_a_table(text)
            elif self.zone == "cover" and PART_ONE.match(text):
                self.zone = "basic"
                self.fields.lines.cover_only = False
            self.fields.lines.rest()
            if not self.fields.lines.cover_only:  # before part 一 it may be a line of the contents
                self._heads_the_promise(text)
            return
        self._prose(paragraph)

    def _heads_a_table(self, text: str) -> None:
        """A heading of the form behind its chapters that is one of its tables'."""
        title = self.index.titles.get(fold_heading(text))
        if title is not None:
            self.tables.finder.title = title

    def _heads_the_promise(self, text: str) -> None:
        """A heading of the commitment: its date is one of the lines beneath, wherever in the form it stands."""
        for target in self.index.fields.get(fold_heading(text), ()):
            if target.field.part == "commitment":
                self.fields.answers.met(target, text)
                self.fields.answers.awaiting_date = True
                self.zone = "basic"

    def _begins_cover(self, text: str) -> bool:
        """The title of a cover that lies behind the form."""
        if not self.cover_last or not is_title(text, self.index):
            return False
        self.sections.close()
        self.zone = "cover"
        return True

    def _lists_contents(self, text: str) -> bool:
        """A line of a table of contents: a heading of the form, leaders, a page number."""
        text = _BROKEN.sub("0", text.rstrip())
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
        if len(plain) > LAYOUT.title:
            return False
        match = _ANNEX_TITLED.match(plain)
        title = match[2] if match else plain
        key = self._titled(title) if title else None
        if key is None and match and title and fold_label(title):
            return False
        alone = bool(_ANNEX.match(plain)) and (
            self.zone != "chapters" or not plain.startswith("附件") or self.before_annex
        )
        if key is not None and not match and self.zone == "chapters" and len(fold_label(title)) <= CHAPTERS.own_heading:
            # "关键装备" as a line of a chapter is the applicant's own heading
            return False
        annex_two = bool(USED.search(plain))
        if key is None and not alone and not annex_two:
            return False
        if (alone and (not plain.startswith("附件") or self.before_annex)) or key is not None or annex_two:
            self.sections.close()
            self.zone = "annex"
            self.fields.lines.cover_only = False
            self.tables.current = None
        number = match[1] if match else ""
        if key is None and alone:
            annex = f"附{_NUMBERS.get(number, number)}"
            key = next((t.key for t in self.index.form.tables if t.annex == annex and not t.per), None)
        if key is not None:
            self.tables.finder.title = key
        if annex_two or number in ("2", "二"):
            self.tables.annex2 = True
            self.tables.reader.instance = None if number else self.tables.reader.instance
        elif number:
            self.tables.annex2 = False
        return True

    def _titled(self, title: str) -> str | None:
        """The form's table that a title names, with or without a word for a table behind it (场景实例描述表)."""
        folded = fold_label(title)
        names = (folded, *(folded.removesuffix(word) for word in _TABLE_WORDS if folded.endswith(word)))
        return next((key for name in names if (key := self.index.titles.get(name)) is not None), None)

    def _prose(self, paragraph: Paragraph) -> None:
        text = paragraph.text
        if self._instructs(text):
            return
        in_annex = self.zone == "annex" or self.tables.annex2
        if in_annex and self.tables.paragraph(text, paragraph.where, paragraph.doubts):
            return
        if in_annex:
            self._row_by_itself(paragraph)
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

    def _row_by_itself(self, paragraph: Paragraph) -> None:
        """Columns side by side beneath a table of an annex, with no rule about them, are rows of it that nobody can tell apart:
        the first of them is told of."""
        if (
            self.tables.reader.found
            and not self.row_told
            and "\t" in paragraph.text
            and not (set(paragraph.text) & set(":："))
        ):
            self.tables.unread.append(paragraph.where)
            self.row_told = True

    def _instructs(self, text: str) -> bool:
        """Whether a paragraph before part 一 says how to fill in an item of the form: its number, its name, and what to write."""
        if self.zone != "cover":
            return False
        if len(text) <= CHAPTERS.guide and _GUIDE.fullmatch(text):
            self.guide = True
            return True
        number = _NUMBERED.match(text)
        return number is not None and (self.guide or _TELLS.match(text, number.end()) is not None)
