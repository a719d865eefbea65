"""Fits the chapters: a heading, then everything until the next one, without the blank form's instructions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from catalog.forms import FormSection
from extractors.document import Paragraph, Table
from extractors.grid import Grid
from extractors.labels import LabelIndex, bare, fold_label
from extractors.values import strip_hints
from records import normalise
from records.models import Value

_NUMBER = re.compile(
    r"^\s*(?:第?([一二三四五六七八九十]{1,2})[、.章．]|[(（]([一二三四五六七八九十]{1,2})[)）]|(\d{1,2})[、.．]|[(（](\d{1,2})[)）])"
)
_HEADED = re.compile(r"([^:：。\s]{1,4}[、.．)）]?\s?[^:：。\s]{2,40})(?:[:：。]|\s+)")
"""A heading with its text in the same paragraph."""
_DIGITS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)}


@dataclass(slots=True)
class _Chapter:
    lines: list[str] = field(default_factory=list)
    where: str = ""
    confidence: float = 1.0


@dataclass(slots=True)
class SectionFitter:
    """Collects the chapters of one document. ``open`` is the key of the chapter being read, "" between chapters."""

    index: LabelIndex
    open: str = ""
    found: set[str] = field(default_factory=set)
    _chapters: dict[str, _Chapter] = field(default_factory=dict)

    def heading(self, text: str, level: int = 0) -> FormSection | None:
        """The chapter whose heading this line is. The form's own wording counts; another wording only with the chapter's
        number before it or in a heading style, since applicants head their own paragraphs alike."""
        plain = text.strip()
        if not plain:
            return None
        if len(plain) > 60:
            return self._with_text(plain)
        folded = fold_label(plain)
        section = self.index.headings.get(folded)
        if section is None:
            return self._with_text(plain)
        if section.key in self._chapters and self._chapters[section.key].lines:
            return None
        exact = folded in self.index.exact_headings
        if exact and not self._own_heading(plain, section):
            return section
        if self._numbered_as(plain, section) or level > 0:
            return section
        return None

    def _with_text(self, plain: str) -> FormSection | None:
        """``（一）提升计划：……``: heading and text in one paragraph is handled by :meth:`begin`."""
        match = _HEADED.match(plain)
        if not match:
            return None
        folded = fold_label(match[1])
        section = self.index.headings.get(folded)
        if (
            section
            and folded in self.index.exact_headings
            and self._numbered_as(plain, section)
            and section.key not in self._chapters
        ):
            return section
        return None

    def _own_heading(self, plain: str, section: FormSection) -> bool:
        """Whether a line that reads like a heading of the form is a sub-heading of another chapter: numbered otherwise
        while a chapter is open and before its turn."""
        match = _NUMBER.match(plain)
        if match is None or not self.open:
            return False
        order = [s.key for s in self.index.form.sections]
        ahead = order.index(section.key) - order.index(self.open)
        return not self._numbered_as(plain, section) and ahead != 1

    def _numbered_as(self, plain: str, section: FormSection) -> bool:
        match = _NUMBER.match(plain)
        if match is None:
            return False
        text = next(g for g in match.groups() if g)
        number = int(text) if text.isdigit() else _DIGITS.get(text, 0)
        own = re.findall(r"[一二三四五六七八九十]", section.number)
        return bool(own) and _DIGITS.get(own[-1]) == number

    def begin(self, section: FormSection, text: str, paragraph: Paragraph) -> None:
        """Open a chapter; text behind its heading on the same line is its first line."""
        self.open = section.key
        self.found.add(section.key)
        chapter = self._chapters.setdefault(
            section.key, _Chapter(where=paragraph.where, confidence=paragraph.confidence)
        )
        if fold_label(text) not in self.index.headings:
            match = _HEADED.match(text.strip())
            rest = text.strip()[match.end() :] if match else ""
            if rest.strip():
                chapter.lines.append(rest)

    def close(self) -> None:
        self.open = ""

    def in_list(self) -> bool:
        """Whether the open chapter is the list of attachments, whose lines begin with 附件."""
        return (
            bool(self.open)
            and self.index.form.sections[-1].key == self.open
            and self.index.form.sections[-1].required == "optional"
        )

    def line(self, text: str, where: str, confidence: float) -> None:
        """A paragraph of the open chapter."""
        chapter = self._chapters[self.open]
        if not chapter.lines:
            chapter.where = where
        chapter.lines.append(text)
        chapter.confidence = min(chapter.confidence, confidence)

    def table(self, table: Table) -> None:
        """A table within a chapter, a line a row."""
        grid = Grid.of(table)
        for row in range(1, table.rows + 1):
            texts = [c.text.strip() for c in grid.rows.get(row, []) if c.text.strip()]
            if texts:
                self.line("\t".join(texts), table.where, table.confidence)

    def boxed(self, table: Table) -> None:
        """Chapters as rows of a table: heading beside or above its text, or in the same cell."""
        grid = Grid.of(table)
        open_before = self.open
        self.open = ""
        for row in range(1, table.rows + 1):
            for cell in grid.rows.get(row, []):
                first, _, rest = cell.text.partition("\n")
                section = self.heading(first)
                where = table.where_cell(cell)
                if section is not None:
                    self.begin(section, first, Paragraph(first, 0, confidence=cell.confidence))
                    self._chapters[section.key].where = where
                    if rest.strip():
                        for part in rest.split("\n"):
                            self.line(part, where, cell.confidence)
                elif self.open and cell.text.strip():
                    if fold_label(cell.text) in self.index.enders:
                        self.open = ""
                        continue
                    for part in cell.text.split("\n"):
                        self.line(part, where, cell.confidence)
        self.open = self.open or open_before

    def values(self, index: LabelIndex) -> dict[str, Value]:
        """Every chapter of the form; one that is missing or empty has no value."""
        out: dict[str, Value] = {}
        for section in index.form.sections:
            chapter = self._chapters.get(section.key)
            if chapter is None:
                out[section.key] = Value(confidence=0.9)
                continue
            raw = "\n".join(chapter.lines)
            body = strip_hints(raw, section.hints)
            body = self._strip_split_hint(body, section)
            value = normalise.fold_long(body) or None
            out[section.key] = Value(
                value=value,
                raw=normalise.fold_long(raw) if value else "",
                where=chapter.where,
                confidence=chapter.confidence,
            )
        return out

    def _strip_split_hint(self, body: str, section: FormSection) -> str:
        """An instruction of the form that runs over several paragraphs or was retyped with slips."""
        lines = body.split("\n")
        for hint in (bare(h) for h in section.hints):
            taken = ""
            for number, line in enumerate(lines, 1):
                taken += bare(line)
                if not hint.startswith(taken) or not taken:
                    break
                if taken == hint:
                    return "\n".join(lines[number:])
        return body
