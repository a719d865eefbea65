"""Fits the chapters: a heading, then everything until the next one, without the blank form's instructions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from catalog.forms import FormSection
from extractors.document.doubts import HEADING_REWORDED, NOT_FOUND, Doubts, together
from extractors.document.grid import Grid
from extractors.document.model import Paragraph, Table
from extractors.fitting.candidates import Candidate
from extractors.fitting.labels import FRAMES, LabelIndex, bare, fold_heading, fold_label
from extractors.fitting.settings import CHAPTERS
from extractors.fitting.values import is_prompt, strip_hints
from records import normalise

_NUMBER = re.compile(
    r"^\s*(?:第?(?P<c>[一二三四五六七八九十]{1,2})\s*(?:[、.章．]|(?<=[一二三四五六七八九十])部分|(?<=[ \t\u3000])(?=[\u4e00-\u9fff]))|[(（](?P<cs>[一二三四五六七八九十]{1,2})[)）]"
    r"|\d{1,2}[.．](?P<ds>\d{1,2})[.．、]?\s*(?=[\u4e00-\u9fff])|(?P<d>\d{1,2})(?:[、.．]|[ \t\u3000]+(?=[\u4e00-\u9fff]))|[(（](?P<b>\d{1,2})[)）])"
)
"""A heading's number: of a chapter (二、 第二部分 2.), or of a part of one (（一） 3.1 (1))."""
_HEADED = re.compile(r"([^:：。\s]{1,4}[、.．)）]?\s?[^:：。\s]{2,40})(?:[:：。]|\s+)")
"""A heading with its text in the same paragraph."""
_DIGITS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)}


def _alike(found: str, heading: str) -> bool:
    """Whether two folded headings say nearly the same."""
    if len(found) >= CHAPTERS.contained and (found in heading or heading in found):
        return True
    return fuzz.ratio(found, heading) >= CHAPTERS.alike


@dataclass(slots=True)
class _Chapter:
    lines: list[str] = field(default_factory=list)
    where: str = ""
    doubts: Doubts = ()
    title: str = ""
    """Its heading as it stands in the file."""
    within: str = ""
    """The chapter that was open before it."""


@dataclass(slots=True)
class SectionFitter:
    """Collects the chapters of one document. ``open`` is the key of the chapter being read, "" between chapters."""

    index: LabelIndex
    open: str = ""
    found: set[str] = field(default_factory=set)
    reached: int = -1
    """Place in the form of the chapter opened last."""
    under: str = ""
    """The chapter without text of its own that one is in (后续实施计划)."""
    reworded: set[str] = field(default_factory=set)
    numbers: bool = False
    """The file numbers its chapters."""
    counts: bool = False
    """The open chapter numbers its own paragraphs the way the form numbers its chapters."""
    bracketed: bool = False
    """The file numbers its chapters in brackets, as the form does their parts."""
    parts: int = 0
    """The number of the open chapter's own part read last (（三）…), 0 before one."""
    _chapters: dict[str, _Chapter] = field(default_factory=dict)

    def heading(self, text: str, level: int = 0) -> FormSection | None:
        """The chapter whose heading this line is. The form's own wording counts; another wording only with the chapter's
        number before it or in a heading style, since applicants head their own paragraphs alike."""
        plain = text.strip().strip(FRAMES)
        if not plain:
            return None
        if len(plain) > CHAPTERS.heading:
            return self._with_text(plain)
        folded = fold_heading(plain)
        section = self.index.headings.get(folded)
        if section is None:
            return self._with_text(plain) or self._reworded(plain, folded)
        if section.key in self._chapters and self._chapters[section.key].lines:
            if self._is_the_one(plain, folded, section):
                return section
            if folded in self.index.exact_headings and self._numbered_as(plain, section):
                within = self._chapters[section.key].within
                self.reworded.update(k for k in (section.key, within, self.open) if k)  # which of the two heads it?
            return None
        exact = folded in self.index.exact_headings
        if self._within_another(plain, section, exact=exact) or self._goes_on(plain, section):
            return None
        if exact and not self._own_heading(plain, section):
            return section
        if self._numbered_as(plain, section) or level > 0:
            return section
        return self._unnumbered(plain, folded) if _NUMBER.match(plain) is None else None

    def _reworded(self, plain: str, folded: str) -> FormSection | None:
        """A heading in other words: numbered as the form numbers it, in its turn, and somewhat like it."""
        match = _NUMBER.match(plain)
        if len(plain) > CHAPTERS.reworded or not folded:
            return None
        if match is None:
            return self._unnumbered(plain, folded)
        sub = bool(match["cs"] or match["ds"] or match["b"])
        sections = self.index.form.sections
        for number, section in enumerate(sections):
            own = re.findall(r"[一二三四五六七八九十]", section.number)
            if number <= self.reached or len(own) != (2 if sub else 1):
                continue
            next_one = number <= self.reached + 2 and fuzz.ratio(folded, fold_label(section.heading)) >= CHAPTERS.nearly
            if not self._numbered_as(plain, section) and not next_one:
                continue
            if sub and self.under != section.parent:
                continue
            if _alike(folded, fold_label(section.heading)):
                self.reworded.add(section.key)
                return section
        return None

    def _unnumbered(self, plain: str, folded: str) -> FormSection | None:
        """A heading in other words without a number, in a file that does not number its chapters: nearly that of one of
        the next chapters. Where the chapter before it ends is then not certain either."""
        shortest, longest = CHAPTERS.unnumbered
        if self.numbers or not shortest <= len(folded) <= longest or plain[-1] in "。；;，,：:！？":
            return None
        for section in self.index.form.sections[self.reached + 1 : self.reached + 3]:
            known = self.index.headings.get(folded) is section
            if known or fuzz.ratio(folded, fold_label(section.heading)) >= CHAPTERS.nearly:
                self.reworded.update(k for k in (section.key, self.open) if k)
                return section
        return None

    def foreign(self, text: str) -> bool:
        """Whether a line heads the next chapter in words that cannot be told: it ends the open one, so that no chapter
        swallows another. A chapter that counts its own paragraphs alike is left alone."""
        match = _NUMBER.match(text.strip())
        if (
            not self.open
            or match is None
            or len(text.strip()) > CHAPTERS.foreign
            or text.rstrip()[-1:] in "。；;，,：:！？"
        ):
            return False
        section = self.index.form.section(self.open)
        own = re.findall(r"[一二三四五六七八九十]", section.number) if section else []
        sub = bool(match["cs"])
        if not own or match["d"] or match["ds"] or match["b"] or (len(own) > 1) != sub:
            return False
        number = self._digit(match)
        if number == 1 or self.counts:
            self.counts = True
            return False
        if number == _DIGITS.get(own[-1], 0) + 1:
            self.reworded.add(self.open)  # or it was a heading of its own
            self.open = ""
            return True
        return False

    def parent(self, text: str) -> bool:
        """Whether a line heads a chapter that only holds others (七、后续实施计划), in its own words or nearly."""
        plain = text.strip().strip(FRAMES)
        match = _NUMBER.match(plain)
        folded = fold_heading(plain)
        shortest, longest = CHAPTERS.unnumbered_parent
        if match is None and not self.numbers and shortest <= len(folded) <= longest and plain[-1] not in "。；;，,：:":
            for section in self.index.form.sections[self.reached + 1 : self.reached + 2]:
                if section.parent and fuzz.ratio(folded, fold_label(section.parent)) >= CHAPTERS.nearly:
                    self.under, self.open = section.parent, ""
                    return True
        if len(plain) > CHAPTERS.reworded or match is None or not (match["c"] or match["d"]):
            return False
        for section in self.index.form.sections:
            in_turn = bool(section.parent) and self._digit(match) == _DIGITS.get(section.number[0])
            if in_turn and _alike(folded, fold_label(section.parent)):
                self.under = section.parent
                self.open = ""
                return True
        return False

    def _digit(self, match: re.Match[str]) -> int:
        text = next(g for g in match.groups() if g)
        return int(text) if text.isdigit() else _DIGITS.get(text, 0)

    def _with_text(self, plain: str) -> FormSection | None:
        """``（一）提升计划：……``: heading and text in one paragraph is handled by :meth:`begin`."""
        match = _HEADED.match(plain)
        if not match:
            return None
        folded = fold_heading(match[1])
        section = self.index.headings.get(folded)
        if (
            section
            and folded in self.index.exact_headings
            and self._numbered_as(plain, section)
            and section.key not in self._chapters
        ):
            return section
        return None

    def _within_another(self, plain: str, section: FormSection, *, exact: bool) -> bool:
        """Whether 1、提升计划 or （1）提升计划 stands in a chapter before the one that holds it, or beneath （一）提升计划 itself;
        so does （一）建设目标, which is not the form's own wording."""
        match = _NUMBER.match(plain)
        if match is None or not self.open or not section.parent:
            return False
        elsewhere = self.under != section.parent
        if match["d"] or match["b"]:
            return elsewhere or section.key == self.open
        return elsewhere and not exact

    def _is_the_one(self, plain: str, folded: str, section: FormSection) -> bool:
        """Whether 四、系统集成方案 is the chapter, and （四）系统集成方案 before it was a part of another that read like it."""
        now, then = _NUMBER.match(plain), _NUMBER.match(self._chapters[section.key].title)
        if section.parent or folded not in self.index.exact_headings or (now is not None and not now["c"]):
            return False
        if now is None:  # a file without numbers
            return then is not None and bool(then["cs"])
        return then is not None and not then["c"] and self._numbered_as(plain, section)

    def _goes_on(self, plain: str, section: FormSection) -> bool:
        """Whether （四）系统集成方案 is the fourth part of the open chapter, which numbered three itself, not chapter 四."""
        match = _NUMBER.match(plain)
        if match is None or not match["cs"] or not self.open or not self.parts or section.parent or self.bracketed:
            return False
        return self._digit(match) == self.parts + 1

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
        own = re.findall(r"[一二三四五六七八九十]", section.number)
        return bool(own) and _DIGITS.get(own[-1]) == self._digit(match)

    def begin(self, section: FormSection, text: str, paragraph: Paragraph) -> None:
        """Open a chapter; text behind its heading on the same line is its first line."""
        before, self.open = self.open, section.key
        self.counts = False
        self.parts = 0
        self.found.add(section.key)
        number = _NUMBER.match(text)
        self.numbers = self.numbers or number is not None
        self.bracketed = self.bracketed or (number is not None and bool(number["cs"]) and not section.parent)
        self.reached = next(i for i, s in enumerate(self.index.form.sections) if s.key == section.key)
        self.under = section.parent or self.under
        held = self._chapters.get(section.key)
        if held is not None and held.lines:  # see _is_the_one
            if held.within in self._chapters:
                self._chapters[held.within].lines += [held.title, *held.lines]
                self.reworded.update((held.within, section.key))
            del self._chapters[section.key]
        chapter = self._chapters.setdefault(
            section.key, _Chapter([], paragraph.where, paragraph.doubts, text.strip(), before)
        )
        if fold_heading(text) not in self.index.headings:
            match = _HEADED.match(text.strip())
            headed = match is not None and fold_heading(match[1]) in self.index.headings
            rest = text.strip()[match.end() :] if match and headed else ""
            if rest.strip():
                chapter.lines.append(rest)

    def close(self) -> None:
        self.open = ""

    def line(self, text: str, where: str, doubts: Doubts) -> None:
        """A paragraph of the open chapter."""
        chapter = self._chapters[self.open]
        if not chapter.lines:
            chapter.where = where
        chapter.lines.append(text)
        if text.lstrip()[:1] in "(（" and (match := _NUMBER.match(text)) and match["cs"]:
            self.parts = self._digit(match)
        chapter.doubts = together(chapter.doubts, doubts)

    def table(self, table: Table) -> None:
        """A table within a chapter, a line a row."""
        grid = Grid.of(table)
        for row in range(1, table.rows + 1):
            texts = [c.text.strip() for c in grid.rows.get(row, []) if c.text.strip()]
            if texts:
                self.line("\t".join(texts), table.where, table.doubts)

    def boxed(self, table: Table) -> None:
        """Chapters as rows of a table: heading beside or above its text, or in the same cell."""
        grid = Grid.of(table)
        open_before = self.open
        self.open = ""
        for row in range(1, table.rows + 1):
            cells = grid.rows.get(row, [])
            for cell in cells:
                first, _, rest = cell.text.partition("\n")
                if len(cells) > 1 and cell is cells[0] and self.index.exact(cell.text):
                    self.open = ""  # a field of the form, with its answer beside it
                section = self.heading(first)
                where = table.where_cell(cell)
                if section is not None:
                    self.begin(section, first, Paragraph(first, 0, doubts=cell.doubts))
                    self._chapters[section.key].where = where
                    if rest.strip():
                        for part in rest.split("\n"):
                            self.line(part, where, cell.doubts)
                elif self.parent(first) or fold_heading(cell.text) in self.index.enders or self.foreign(first):
                    self.open = ""
                elif self.open and cell.text.strip():
                    for part in cell.text.split("\n"):
                        self.line(part, where, cell.doubts)
        self.open = self.open or open_before

    def values(self, index: LabelIndex) -> dict[str, Candidate]:
        """Every chapter of the form; one that is missing or empty has no value."""
        out: dict[str, Candidate] = {}
        for section in index.form.sections:
            chapter = self._chapters.get(section.key)
            if chapter is None:
                out[section.key] = Candidate(doubts=(NOT_FOUND,))
                continue
            raw = "\n".join(chapter.lines)
            doubts = (HEADING_REWORDED,) if section.key in self.reworded else ()
            body = strip_hints(raw, section.hints)
            body = self._strip_split_hint(body, section)
            body = "\n".join(line for line in body.split("\n") if not self._instructs(line))
            value = normalise.fold_long(body) or None
            raw = normalise.fold_long(raw) if value else ""
            out[section.key] = Candidate(value, raw, chapter.where, together(chapter.doubts, doubts))
        return out

    def _instructs(self, line: str) -> bool:
        """A paragraph that is an instruction of the form with words of its own (another year's, the other form's), or a
        template's prompt."""
        text = line.strip()
        if is_prompt(text):
            return True
        if text[:1] not in ("(", "（") or text[-1:] not in (")", "）", "。") or len(text) < CHAPTERS.instruction:
            return False
        plain = bare(text)
        hints = (bare(h) for s in self.index.form.sections for h in s.hints)
        return any(
            plain[: CHAPTERS.tells] == h[: CHAPTERS.tells] or fuzz.ratio(plain, h) >= CHAPTERS.instructs for h in hints
        )

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
