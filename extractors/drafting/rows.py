"""A table of the blank form, row by row: labels with room beside them, rows of heads with room beneath, headings across."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extractors.document.grid import Grid
from extractors.document.model import Cell, Table
from extractors.drafting import printed as p
from extractors.drafting.column_heads import EXAMPLE, Heads, beside, body_kind, heads_at, is_room, is_total
from extractors.drafting.fields import (
    is_answer,
    is_block,
    is_personal,
    looks_filled,
    make_block,
    make_column,
    make_field,
    only_signed,
    parts_of,
    take_options,
)
from extractors.drafting.headings import Outline, heading
from extractors.drafting.model import DraftField, DraftForm, DraftSection, DraftTable, Undecided
from extractors.drafting.printed import joined, printed
from extractors.drafting.words import ends_as_title, holds, is_a, is_general, known_column, person, words

_OUTER = 2
"""Ways of numbering that head a chapter: 一、 and （一）."""
_KIND_OF = re.compile(r"(?:种类|类别|类型|名称|姓名)$")


@dataclass(slots=True)
class Above:
    """What stands above a table: its part of the form, the annex it belongs to, the title printed over it."""

    part: str = "basic"
    annex: str = ""
    title: str = ""
    outline: Outline = field(default_factory=Outline)
    optional: bool = False


def read_table(form: DraftForm, table: Table, above: Above) -> None:
    """Add to ``form`` what a table asks for."""
    _Rows(form, table, above).read()


class _Rows:
    def __init__(self, form: DraftForm, table: Table, above: Above) -> None:
        self.form, self.table, self.above = form, table, above
        self.grid = Grid.of(table)
        self.title = ""
        """A heading across the table, for what stands beneath it."""
        self.heads: Heads | None = None
        """Heads whose rows each begin with a label of their own."""
        self.person = ""
        """The label of somebody about whom the row says more (项目负责人 | | 学院 | )."""
        self.last: DraftTable | None = None
        self.first_field = len(form.fields)
        self.first_table = len(form.tables)

    def read(self) -> None:
        row = 1
        while row <= self.table.rows:
            row = self._step(row)
        self._per()

    # ---------------------------------------------------------------------------------------------- what a row is
    def _step(self, row: int) -> int:
        cells = self.grid.rows.get(row, [])
        if not cells:
            return row + 1
        after = self._read_row(row, cells)
        for cell in cells:
            for nested in cell.tables:
                self._nested(row, cell, nested)
        return after

    def _nested(self, row: int, cell: Cell, nested: Table) -> None:
        """A table within a cell: under the words of its cell, or those of the label beside it."""
        before = [c for c in self.grid.line(row) if c.column < cell.column and not p.is_fill(c.text)]
        own = cell.text if not p.is_fill(cell.text) and not p.is_hint(cell.text) else ""
        title = own.strip() or (before[-1].text if before else "")
        read_table(self.form, nested, replace(self.above, title=printed(title).label))

    def _read_row(self, row: int, cells: list[Cell]) -> int:
        heads = heads_at(self.grid, row, cells)
        if heads is not None:
            kind = body_kind(self.grid, heads, heads.body)
            if kind == "labelled" and len(heads.cells) > 1:
                return self._matrix(heads)
            if kind:
                return self._columns(heads)
        if len(cells) == 1 and not beside(self.grid, row, cells):
            return self._across(row, cells[0])
        self._labels(row, cells)
        self.last = None
        return row + 1

    # ---------------------------------------------------------------------------------------------- heads
    def _columns(self, heads: Heads) -> int:
        """A table of rows to fill in."""
        made = DraftTable(heads.group or self.title, self.table.where_cell(heads.cells[0]), self.above.annex)
        made.columns = [make_column(text) for text in heads.labels]
        row, rows = heads.body, 0
        while kind := body_kind(self.grid, heads, row):
            if kind == "labelled":
                break
            if kind == "example":
                self._example(made, row)
            row, rows = row + 1, rows + 1
        self._name(made)
        self.form.tables.append(made)
        self.last = made
        self.title = ""
        if is_total(under := self.grid.rows.get(row, [])):
            self.form.unused.append(Undecided(self.table.where_cell(under[0]), under[0].text.strip()))
            row += 1
        if rows == 1 and not made.example and self.table.header_rows == 0 and not made.annex:
            self.form.ask(made.where, f"“{made.title}”下只有一行空行：现作可填多行的表，如只填一行请改为栏目")
        return row

    def _example(self, made: DraftTable, row: int) -> None:
        for at, cell in enumerate(self.grid.rows[row]):
            text = EXAMPLE.sub("", cell.text).strip()
            if text and not is_a(text, "examples") and made.columns[at].label not in words("instructions", "numbering"):
                made.example[at] = text
                parts = parts_of(text)
                if parts:
                    made.columns[at].parts, made.columns[at].type = parts, "instances"

    def _name(self, made: DraftTable) -> None:
        """A table's title: what stands over it; of several in one, what their first columns say they list."""
        if not made.title and self.above.title and self.first_table == len(self.form.tables):
            alone = len(self.form.fields) == self.first_field
            made.title = self.above.title if alone else ""
        if (
            not made.title
            and not self.form.tables
            and not self.form.sections
            and self.form.kind_of_title() == "summary"
        ):
            made.title = self.form.title
        made.over = self.above.title if made.title != self.above.title else ""
        said = printed(made.title) if made.title else None
        if said is not None:
            made.title, made.hints, made.limit = said.label, list(said.hints), said.limit
            made.optional = said.optional
        if not made.title:
            first = next((c.label for c in made.columns if c.label not in words("instructions", "numbering")), "")
            made.title = _KIND_OF.sub("", first) or self.above.title
            self.form.ask(made.where, f"这个表没有表题，暂名“{made.title}”")

    def _matrix(self, heads: Heads) -> int:
        """Rows that each begin with a label, under heads: a field for each place."""
        row = heads.body
        while body_kind(self.grid, heads, row) in ("labelled", "blank"):
            cells = self.grid.rows[row]
            named = next((n for n, c in enumerate(cells) if not is_room(c.text)), None)
            if named is not None:
                for cell, head in list(zip(cells, heads.labels, strict=True))[named + 1 :]:
                    made = self._at_head(cells[named], cell, head, heads)
                    made.block = heads.group or printed(heads.labels[named]).label
            row += 1
        self.last = None
        return row

    def _at_head(self, label: Cell, cell: Cell, head: str, heads: Heads) -> DraftField:
        said = printed(head)
        made = make_field(
            self.form, label.text, self.table.where_cell(cell), cell.text, part=self.above.part, group=heads.group,
            unit=said.unit or ("" if known_column(said.label) else heads.unit),
        )  # fmt: skip
        made.column = said.label
        if said.unit and not made.unit:
            made.unit, made.type = said.unit, make_column(head).type
        return made

    # ---------------------------------------------------------------------------------------------- one cell across
    def _across(self, row: int, cell: Cell) -> int:
        """A row of one cell: a heading, an instruction, a question with boxes, a chapter with room beneath or within."""
        text, where = cell.text, self.table.where_cell(cell)
        if p.is_fill(text):
            return row + 1
        if not self.form.title and ends_as_title(text):
            self.form.title = joined(text)
        elif "\n" in text.strip() and (found := heading(text.strip().partition("\n")[0])) and found.style < _OUTER:
            self._chapter(text, where)
        elif p.has_boxes(text):
            self._inline_options(cell, "")
        elif p.is_hint(text) and not is_block(text):
            self._instruct(text, where)
        elif is_block(text) and only_signed(text):
            self.form.unused.append(Undecided(where, text.strip()))
        elif is_block(text):
            make_block(self.form, self.title, text, where, self.above.part)
        elif (asked := p.pairs(text)) and all(p.is_fill(rest) for _, rest in asked):
            self._inline_pairs(asked, where, "")
        elif self._has_room(row, cell):
            self._chapter(text, where)
        else:
            self._headed(text)
        return row + 1

    def _has_room(self, row: int, cell: Cell) -> bool:
        """Whether the answer to a cell across goes beneath its words: empty lines, instructions, an empty row."""
        if cell.text.rstrip(" \t　").endswith("\n") or ("\n" in cell.text.strip() and printed(cell.text).hints):
            return True
        if cell.text.count("\n") > 1 and not all(len(line) <= 1 for line in cell.text.split()):
            return True
        under = self.grid.rows.get(row + 1, [])
        if not under:
            return row == self.table.rows
        alone = len(under) == 1 and not beside(self.grid, row + 1, under)
        return alone and (p.is_fill(under[0].text) or p.is_hint(under[0].text)) and not is_block(under[0].text)

    def _headed(self, text: str) -> None:
        said = printed(text)
        found = heading(joined(text))
        if found is not None:
            self.above.outline.enter(found)
        self.title = found.text if found else said.label
        if self.title not in self.form.headings:
            self.form.headings.append(self.title)
        self.last = None

    def _chapter(self, text: str, where: str) -> None:
        """A chapter drawn as a cell: numbered it is a chapter of the form, without a number a field for a text."""
        first, _, rest = text.strip().partition("\n")
        found = heading(first) or heading(printed(text).label)
        if found is None:
            made = make_field(self.form, text, where, part=self.above.part)
            made.type = "long_text"
        else:
            self.above.outline.enter(found)
            said = printed(found.text)
            hints = [line.strip() for line in rest.split("\n") if not p.is_fill(line)]
            limit = next((n for n in map(p.limit_of, [found.text, *hints]) if n), None)
            self.form.sections.append(
                DraftSection(
                    said.label, where, self.above.outline.number(), self.above.outline.parent(), limit,
                    said.stars, said.optional, [*said.hints, *hints],
                )
            )  # fmt: skip
        self.title = ""
        self.last = None

    def _instruct(self, text: str, where: str) -> None:
        """An instruction across the table: of the rows above it, else of the chapter or field above it."""
        plain = text.strip()
        if self.last is not None:
            self.last.hints.append(plain)
        elif self.form.sections and len(self.form.fields) == self.first_field:
            self.form.sections[-1].hints.append(plain)
        elif len(self.form.fields) > self.first_field:
            self.form.fields[-1].hints.append(plain)
        else:
            self.form.unused.append(Undecided(where, plain))

    # ---------------------------------------------------------------------------------------------- labels and room
    def _labels(self, row: int, cells: list[Cell]) -> None:
        """A row of labels with room beside each; a label before a label names the group of the row."""
        group = beside(self.grid, row, cells) or self.title
        self.person = self._person(cells)
        waiting: list[Cell] = []
        made: DraftField | None = None
        for cell, behind in zip(cells, [*cells[1:], None], strict=True):
            text, where = cell.text, self.table.where_cell(cell)
            has_room = behind is not None and p.is_fill(behind.text)
            filled = bool(waiting) and not is_answer(text) and looks_filled(waiting[-1].text, text, has_room=has_room)
            if cell.tables and p.is_fill(text):
                waiting = waiting[:-1]  # it is the nested table's title
            elif waiting and not holds(text, "photos") and (filled or is_answer(text)):
                group = printed(waiting[-2].text).label if len(waiting) > 1 else group
                self._over(waiting[:-2], group)
                self.form.filled += filled
                made = self._field(waiting[-1], Cell(cell.row, cell.column) if filled else cell, group)
                if self.person and is_general(made.label) and not person(made.group):
                    made.group = self.person
                waiting = []
            elif p.is_fill(text):
                continue
            elif holds(text, "photos"):
                self.form.unused.append(Undecided(where, text.strip()))
            elif p.has_boxes(text) or _pairs_to_fill(text):
                if waiting:
                    group, waiting = printed(waiting[-1].text).label, []
                if p.has_boxes(text):
                    self._inline_options(cell, group)
                else:
                    self._inline_pairs(p.pairs(text), where, group)
            elif p.is_hint(text):
                if made is not None:
                    made.hints.append(text.strip())
                else:
                    self.form.unused.append(Undecided(where, text.strip()))
            elif is_personal(text):
                self.form.filled += 1
            else:
                waiting.append(cell)
        self._rest(waiting, group)

    def _person(self, cells: Sequence[Cell]) -> str:
        """Whose row it is, where its first label names somebody: that of the row before, where it only goes on about them."""
        labels = [printed(c.text).label for c in cells if not is_answer(c.text)]
        if len(labels) > 1 and not person(labels[0]) and cells[0].row_span > cells[-1].row_span:
            del labels[0]  # it heads several rows
        if labels and person(labels[0]):
            return labels[0]
        return self.person if labels and all(map(is_general, labels)) else ""

    def _field(self, label: Cell, cell: Cell, group: str) -> DraftField:
        if is_block(cell.text):
            said = printed(label.text).label
            return make_block(self.form, said, cell.text, self.table.where_cell(label), self.above.part)
        return make_field(
            self.form, label.text, self.table.where_cell(cell), cell.text, part=self.above.part, group=group
        )

    def _over(self, cells: Sequence[Cell], group: str) -> None:
        for cell in cells:
            self._field(cell, Cell(cell.row, cell.column), group)

    def _rest(self, waiting: list[Cell], group: str) -> None:
        """Labels at a row's end without room of their own: the answer goes into their cells."""
        if len(waiting) > 1:
            group = printed(waiting.pop(0).text).label
        for cell in waiting:
            where = self.table.where_cell(cell)
            if not printed(cell.text).label:
                self.form.unused.append(Undecided(where, cell.text.strip()))
                continue
            made = self._field(cell, Cell(cell.row, cell.column), group)
            made.where = where
            if not p.whole_in_brackets(cell.text) and not made.hints:
                self.form.ask(where, f"“{made.label}”旁边没有填写处：现作栏目，答案写在同一格内")

    def _inline_options(self, cell: Cell, group: str) -> None:
        """A question and its boxes in one cell."""
        found, where = p.options(cell.text), self.table.where_cell(cell)
        if found is None or not found.head.strip():
            self.form.unused.append(Undecided(where, cell.text.strip()))
            return
        said = printed(found.head)
        made = DraftField(said.label, where, self.above.part, group=group, hints=list(said.hints), stars=said.stars)
        self.form.fields.append(made)
        found.tail = found.tail.lstrip("，,；; ）)")
        take_options(self.form, made, found)

    def _inline_pairs(self, found: list[tuple[str, str]], where: str, group: str) -> None:
        for label, rest in found:
            if p.is_signature(label):
                self.form.unused.append(Undecided(where, label))
            else:
                make_field(self.form, label, where, rest, part=self.above.part, group=group)

    # ---------------------------------------------------------------------------------------------- the line over several tables
    def _per(self) -> None:
        """One field over the tables of an annex says what each of them belongs to: it is no field of the form."""
        made, tables = self.form.fields[self.first_field :], self.form.tables[self.first_table :]
        if len(made) == 1 and tables and self.above.annex and not made[0].options:
            self.form.fields.remove(made[0])
            for table in tables:
                table.per = made[0].label
                table.hints += made[0].hints
            self.form.ask(made[0].where, f"“{made[0].label}”写明其下各表属于哪一项：每一项填一份，请核对")


def _pairs_to_fill(text: str) -> bool:
    """Whether a cell holds labels with room behind each, and not one label with its colon."""
    found = p.pairs(text)
    if len(found) > 1:
        return True
    return bool(found) and not text.strip().endswith(("：", ":")) and all(p.is_fill(rest) for _, rest in found)
