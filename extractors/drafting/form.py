"""A blank form as a whole: its title, its cover, its parts, tables and chapters, in reading order."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from extractors.document.model import Block, Document, Paragraph, Table
from extractors.drafting import printed as p
from extractors.drafting.fields import is_block, make_block, make_field, take_options
from extractors.drafting.headings import HEADING, Heading, Outline, heading
from extractors.drafting.keys import complete
from extractors.drafting.model import DraftField, DraftForm, DraftSection, Undecided
from extractors.drafting.printed import joined, printed
from extractors.drafting.rows import Above, read_table
from extractors.drafting.words import ends_as_title, holds, is_a, known_label, words

_ANNEX = re.compile(
    r"^附\s*+(?:件|表|录)?\s*+([\d一二三四五六七八九十]{1,2}(?:\s*+[-－—]\s*+\d{1,2})?)\s*+[：:、.]?\s*+(.*)$"
)
_STAR_LEGEND = re.compile(r"^\s*([*＊★]+)\s*(.+)$")
_NOTE = re.compile(r"^\s*+(?:备?注|说明|填表说明)\s*+\d*+\s*+[：:]")
_TITLE_LINES = 2
"""So many lines before the one that says 申报书 may belong to the title."""
_TITLE = 45
_COVER_ROWS = range(2, 13)
"""Rows of a table that is a cover's."""
_PARTS = ("basic", "project")
_OWN_PARTS = ("cover", "commitment")
_PROMISE = 12
"""So many paragraphs beneath its heading a promise has at most before it is signed."""
_DEPTH = 2
"""Chapters and their parts."""
_DATED = re.compile(r"^\s*([\u4e00-\u9fff](?:[\u4e00-\u9fff\s]{0,10}[\u4e00-\u9fff])?)\s{2}([\s\d_＿]*+年.*)$")
_UNDERLINED = re.compile(r"^\s*(\S(?:.{0,20}?\S)?)(?:[_＿]{3}|[\s　]{5})[_＿\s　]*+$")


def draft(document: Document) -> list[DraftForm]:
    """The forms that a blank file holds, each with its fields, tables, chapters and what must be decided."""
    notes = [line.text.strip() for line in document.aside if line.place == "footnote" and line.text.strip()]
    return [_Form(blocks, notes).read() for blocks in _apart(document.blocks)]


def _apart(blocks: Sequence[Block]) -> list[Sequence[Block]]:
    """The forms of a file: one begins where an annex's own line is followed by a title, after something was asked."""
    starts = [0]
    for at, block in enumerate(blocks):
        if not isinstance(block, Paragraph) or not (match := _ANNEX.match(joined(block.text))):
            continue
        after = [b for b in blocks[at + 1 : at + 6] if isinstance(b, Table) or b.text.strip()][: _TITLE_LINES + 1]
        titled = any(isinstance(b, Paragraph) and ends_as_title(b.text) for b in after) or ends_as_title(match[2])
        asked = any(isinstance(b, Table) for b in blocks[starts[-1] : at])
        if titled and asked and "件" in block.text[:3]:
            starts.append(at)
    return [blocks[start:end] for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True)]


class _Form:
    def __init__(self, blocks: Sequence[Block], notes: list[str]) -> None:
        self.blocks = [b for b in blocks if isinstance(b, Table) or b.text.strip()]
        self.form = DraftForm(notes=list(notes))
        self.outline = Outline()
        self.annex = ""
        self.open: DraftSection | None = None
        """A heading of which is not known yet whether it is a chapter."""
        self.title = ""
        self.part = ""
        self.under = ""
        """The heading under which something is asked now."""
        self.cover = True
        self.guide = False

    def read(self) -> DraftForm:
        at = self._titles()
        while at < len(self.blocks):
            block = self.blocks[at]
            following = self.blocks[at + 1] if at + 1 < len(self.blocks) else None
            if isinstance(block, Table):
                self._table(block, following)
            else:
                self._paragraph(block, following)
            at += 1
        self._settle(chapter=True)
        complete(self.form)
        return self.form

    # ---------------------------------------------------------------------------------------------- title
    def _titles(self) -> int:
        """Read the annex's line and the title; how many blocks they take."""
        first = next((n for n, b in enumerate(self.blocks) if isinstance(b, Table)), len(self.blocks))
        titles = [n for n, b in enumerate(self.blocks[:first]) if isinstance(b, Paragraph) and ends_as_title(b.text)]
        named = [
            n for n in titles if not joined(self._text(n)).startswith("附")
        ]  # 附件：…申报书 only tells what follows
        at = next(iter([*named, *titles]), None)
        if at is None:
            self.form.ask("", "没有认出表的标题，请填写 title")
            return 0
        start = at
        while start > 0 and at - start < _TITLE_LINES and self._of_title(self.blocks[start - 1]):
            start -= 1
        lines = [joined(b.text) for b in self.blocks[start : at + 1] if isinstance(b, Paragraph)]
        end = at + 1
        while end < len(self.blocks) and (mark := self._bracketed(self.blocks[end])):
            end += 1
            if re.search(r"\d{4}", mark):  # the year is no part of a form's name
                self.form.notes.append(f"（{mark}）")
                continue
            lines.append(f"（{mark}）")
            self.form.marks.append(mark)
        match = _ANNEX.match(lines[0])
        if match:
            self.annex_of_form(lines[0])
            lines[0] = match[2]
        self.form.title = "".join(lines)
        for block in self.blocks[:start]:
            if isinstance(block, Paragraph) and _ANNEX.match(joined(block.text)):
                self.annex_of_form(joined(block.text))
            elif isinstance(block, Paragraph) and not self._asks(block):
                self.form.unused.append(Undecided(block.where, block.text.strip()))
        return end

    def _text(self, at: int) -> str:
        block = self.blocks[at]
        return block.text if isinstance(block, Paragraph) else ""

    def annex_of_form(self, text: str) -> None:
        self.form.annex = re.sub(r"\s", "", text).rstrip("：:、.") if not _ANNEX.match(text) else _annex_name(text)

    @staticmethod
    def _of_title(block: Block) -> bool:
        if isinstance(block, Table):
            return False
        plain = joined(block.text)
        plain_mark = _ANNEX.match(plain)
        return not plain_mark and len(plain) <= _TITLE and not any(c in plain for c in "：:。；□")

    @staticmethod
    def _bracketed(block: Block) -> str:
        if isinstance(block, Table) or p.is_hint(block.text) or p.has_boxes(block.text):
            return ""
        return p.whole_in_brackets(block.text)

    # ---------------------------------------------------------------------------------------------- paragraphs
    def _paragraph(self, block: Paragraph, following: Block | None) -> None:
        text = block.text.strip()
        plain = joined(text)
        annex = _ANNEX.match(plain)
        found = heading(text) if not annex else None
        if annex and not p.is_hint(annex[2]) and (len(annex[2]) <= HEADING or not annex[2]):
            self._settle(chapter=True)
            self.annex, self.title, self.cover = _annex_name(plain), annex[2], False
        elif _STAR_LEGEND.match(plain) or _NOTE.match(plain):
            self.form.notes.append(plain)
            self.guide = self.guide or plain[-1] in "：:"
        elif is_a(plain, "guides"):
            self.guide = True
            self.form.notes.append(plain)
            self._settle(chapter=True)
        elif found is not None and not (self.guide and holds(plain, "signs")) and not self._pairs(block):
            self._heading(found, block)
        elif self.guide:
            self.form.notes.append(plain)
        elif self._heads_a_promise(block):
            self.cover = False
            self._settle(chapter=True)
            self.open = DraftSection(plain, block.where)
        elif self._asks(block):
            pass
        elif self.open is not None:
            self.open.hints.append(text)
            self.open.limit = self.open.limit or p.limit_of(text)
        elif p.is_seal(plain) and self.form.fields:
            self.form.fields[-1].hints.append(plain)
        elif self._heads_a_table(plain, following):
            self.title = plain
        else:
            self.form.unused.append(Undecided(block.where, text))

    def _heads_a_table(self, plain: str, following: Block | None) -> bool:
        if p.is_hint(plain):
            return False
        return (isinstance(following, Table) and len(plain) <= HEADING) or bool(self.annex and not self.title)

    def _heads_a_promise(self, block: Paragraph) -> bool:
        """Whether a line without a number heads what is signed beneath it: 承诺书, some sentences, a place for the signature or its
        date. As a line of the chapter above it, the signature would be read as that chapter's text."""
        plain = joined(block.text)
        if len(plain) > HEADING or not plain.endswith(words("instructions", "promises")):
            return False
        at = self.blocks.index(block) + 1
        beneath = itertools.takewhile(lambda b: isinstance(b, Paragraph), self.blocks[at : at + _PROMISE])
        lines = [b.text.strip() for b in beneath if isinstance(b, Paragraph)]
        return any(p.is_date(line) or any(p.is_signature(label) for label, _ in p.pairs(line)) for line in lines)

    def _heading(self, item: Heading, block: Paragraph) -> None:
        self.guide = self.cover = False
        before = len(self.outline.open)
        depth = self.outline.enter(item)
        if depth > _DEPTH:  # a part of a part: what the chapter should go into
            self.outline.open.pop()
            if self.open is not None:
                self.open.hints.append(block.text.strip())
                return
        self._settle(chapter=depth <= before or self._has_text())
        said = printed(item.text)
        self.open = DraftSection(
            said.label, block.where, self.outline.number(), self.outline.parent(), said.limit, said.stars,
            said.optional, list(said.hints),
        )  # fmt: skip
        self.annex = ""

    def _has_text(self) -> bool:
        return self.open is not None and bool(self.open.hints)

    def _settle(self, *, chapter: bool) -> None:
        """What the open heading turned out to be: a chapter of prose, or the title of what stands beneath it."""
        if self.open is None:
            return
        if self._is_promise(self.open):
            self._promise(self.open)
        elif chapter:
            self.open.optional = self.open.optional or is_a(self.open.heading, "enclosed")
            self.form.sections.append(self.open)
        else:
            self.form.headings.append(self.open.heading)
            self.form.notes += self.open.hints
            self.title = self.open.heading
            self.under = self.open.heading
        self.open = None

    @staticmethod
    def _is_promise(open_: DraftSection) -> bool:
        """Whether what stands under a heading is signed: a promise with a place for the signature or its date."""
        lines = [label for hint in open_.hints for label, rest in p.pairs(hint) if p.is_fill(rest)]
        return holds(open_.heading, "commitments") and (bool(lines) or any(p.is_date(h) for h in open_.hints))

    def _promise(self, open_: DraftSection) -> None:
        self.form.headings.append(open_.heading)
        make_block(self.form, open_.heading, "\n".join(open_.hints), open_.where, "commitment")

    def _pairs(self, block: Paragraph) -> list[tuple[str, str]]:
        """The labels of a line with room behind each, [] where it is no such line."""
        found = p.pairs(block.text)
        room = [
            (label, rest)
            for label, rest in found
            if p.is_fill(rest)
            or p.has_boxes(rest)
            or p.is_seal(rest)
            or (p.is_hint(rest) and p.whole_in_brackets(rest))
        ]
        if found and len(room) == len(found):
            return found
        if self.cover and len(found) == 1 and known_label(printed(found[0][0]).label):
            self.form.filled += 1
            return [(found[0][0], "")]
        return []

    def _asks(self, block: Paragraph) -> bool:
        """Whether a line asks for something: ``项目名称：______``, ``填报单位：    填报日期：    ``."""
        found = self._pairs(block)
        if not found and self.cover and (match := _UNDERLINED.match(block.text.rstrip("\n"))):
            label = printed(match[1]).label
            if known_label(label) is not None or "_" in block.text:
                found = [(match[1], "")]
        if not found and self.cover and (dated := _DATED.match(block.text)) and p.is_date(dated[2]):
            found = [(dated[1], dated[2])]
        if not found or (self.open is not None and self.open.hints):
            return False
        for label, rest in found:
            self._line_field(block, label, rest)
        return True

    def _line_field(self, block: Paragraph, label: str, rest: str) -> None:
        if p.is_signature(re.sub(r"[（(].*", "", label)):
            self.form.unused.append(Undecided(block.where, label))
            return
        part = self._cover() if self.cover else self._part()
        boxes = p.options(rest)
        if boxes is not None:
            made = DraftField(printed(label).label, block.where, part)
            self.form.fields.append(made)
            take_options(self.form, made, boxes)
            return
        make_field(self.form, label, block.where, rest, part=part)

    def _cover(self) -> str:
        self.form.parts["cover"] = "封面"
        return "cover"

    def _part(self) -> str:
        """The part of the form that one is in: the first under a heading is basic, the next project."""
        if not self.part or self.form.parts[self.part] != self.under:
            number = sum(key not in _OWN_PARTS for key in self.form.parts)
            self.part = _PARTS[number] if number < len(_PARTS) else f"part_{number + 1}"
            self.form.parts[self.part] = self.under
        return self.part

    # ---------------------------------------------------------------------------------------------- tables
    def _table(self, table: Table, following: Block | None) -> None:
        self.guide = False
        if self.cover and following is not None and self._is_cover(table):
            read_table(self.form, table, Above(self._cover()))
            return
        self.cover = False
        if self.open is not None and len(table.cells) == 1:
            text = table.cells[0].text
            if p.is_fill(text) or p.is_hint(text):  # a box for the chapter's text
                self.open.hints += [text.strip()] if not p.is_fill(text) else []
                self._settle(chapter=True)
                return
        optional = self.open is not None and self.open.optional
        signed = any(is_block(c.text) for c in table.cells if c.row == c.column == 1)
        self._settle(chapter=self.open is not None and (bool(self.open.limit) or signed))
        read_table(self.form, table, Above(self._part(), self.annex, self.title, self.outline, optional))
        self.title = ""

    @staticmethod
    def _is_cover(table: Table) -> bool:
        rows: dict[int, list[str]] = {}
        for cell in table.cells:
            rows.setdefault(cell.row, []).append(cell.text)
        if len(rows) not in _COVER_ROWS:
            return False
        pairs = [(cells[0], "\n".join(cells[1:])) for cells in rows.values() if len(cells) > 1]
        return len(pairs) == len(rows) and all(
            not p.is_fill(label) and (p.is_fill(room) or p.is_seal(room) or p.has_boxes(room)) for label, room in pairs
        )


def _annex_name(text: str) -> str:
    match = _ANNEX.match(text)
    assert match is not None
    head = text[: match.start(2)] if match[2] else text
    return re.sub(r"[\s：:、.]", "", head)
