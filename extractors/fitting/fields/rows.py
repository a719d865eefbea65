"""Reads the rows of tables that hold fields of a form: labels and values beside, beneath or within one another."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extractors.document.doubts import HEADS_IN_TABLE_BEFORE, NOTE_OR_FIGURE, ROW_RAGGED, Doubts, together
from extractors.document.grid import Grid
from extractors.document.model import Cell, Table
from extractors.fitting import inline_labels as inline
from extractors.fitting.candidates import Candidate, of_label
from extractors.fitting.cell_roles import GROUP, HEAD, INLINE, LABEL, VALUE
from extractors.fitting.fields.answers import STRANGER, Answers
from extractors.fitting.fields.beside import BesideFitter
from extractors.fitting.fields.by_year import Heads, take_group_row, take_year_row
from extractors.fitting.fields.row_shape import ClassifiedRows, Row, RowJudge
from extractors.fitting.fields.split_answers import UNITS_ROW, is_unit, with_unit, with_units
from extractors.fitting.labels import LabelIndex, Target, fold_label
from extractors.fitting.settings import ROWS
from extractors.fitting.values import UNIT_LINE, unit_stated
from records import normalise

_COLON = re.compile("[:：]")


@dataclass(slots=True)
class Loose:
    """A row in which values were left without a label, for the fuzzy pass; ``unit`` is the one its table states, ``last`` the place of
    the field met last."""

    table: Table
    row: Row
    group: str
    unit: str
    last: int


@dataclass(slots=True)
class _Pass:
    """What is known while one table is read from its first row to its last."""

    table: Table
    rows: ClassifiedRows
    skip: set[int]
    """Rows that are read already: by a form's table, or with the row above."""
    group: str
    """The people that the rows are about, after a row that names them alone."""
    apart: bool
    heads: Heads
    """The labels over the columns, where the rows are years or people."""
    years: list[tuple[Cell, str]] = field(default_factory=list)
    strangers: set[tuple[int, int]] = field(default_factory=set)
    """Where labels of people the form does not ask for stand, that are merged down beside rows about them."""
    blocks: list[tuple[int, str]] = field(default_factory=list)
    """Of two people named side by side, the column each begins in."""


@dataclass(slots=True)
class RowFitter:
    """Reads tables row by row into the answers. What holds for one table alone stands in its :class:`_Pass`."""

    index: LabelIndex
    answers: Answers
    judge: RowJudge
    beside: BesideFitter
    loose: list[Loose] = field(default_factory=list)
    done: set[int] = field(default_factory=set)
    """Nested tables that were read under the label beside them."""
    counted: dict[str, int] = field(default_factory=dict)
    """People whose labels are numbered → the last number; 0 where the numbers are notes' marks."""
    unit_above: str = ""
    """The unit that a line above the next table states for its amounts."""
    matrix: Heads = field(default_factory=dict)
    """The heads of the last table's columns, where its rows are years or people: a table cut in two goes on beneath them."""

    @classmethod
    def of(cls, answers: Answers) -> RowFitter:
        return cls(answers.index, answers, RowJudge(answers.index), BesideFitter(answers.index, answers))

    def table(self, table: Table, grid: Grid, skip: set[int], group: str = "") -> None:
        """Read the rows of a table that no form table took (``skip``)."""
        rows = ClassifiedRows(table, grid, self.judge)
        self.answers.unit, self.unit_above = self.unit_above, ""
        at = _Pass(table, rows, set(skip), group, _taken_apart(table), self._cut_off(rows))
        for number in range(1, table.rows + 1):
            if number not in at.skip and rows.row(number).cells:
                self._row_of(at, rows.joined(rows.row(number)))
        self.matrix = at.heads or self._heads_at_end(rows)

    def _row_of(self, at: _Pass, row: Row) -> None:
        """One row: as the heads or the unit of those beneath, together with the row beneath, or by itself."""
        beneath = at.rows.row(row.number + 1)
        if self._states_years_or_unit(at, row):
            return
        if self.judge.heads_those_beneath(row, at.table.columns, beneath):
            at.group = fold_label(row.cells[0].text)
            return
        group = self._group_of(at, row)
        if self._text_beneath(at.table, row, beneath, group):
            at.skip.add(beneath.number)
            return
        if row.roles.count(LABEL) > 1 and beneath.cells and beneath.cells[0].text.strip() in UNITS_ROW:
            labels = with_units(row.cells, row.roles, beneath.cells)
            at.heads = {c.column: (u, self.index.exact(c.text)) for c, u in labels}
            at.skip.add(beneath.number)
            return
        row = self.judge.headed(row, beneath)
        if self.judge.answers_beneath(row, beneath) or self.judge.alone_beneath(at.rows, row, beneath):
            at.heads = self._take_beneath(at, row, beneath, group)
            if at.heads and not self.judge.matrix_beneath(row, beneath):
                at.skip.add(beneath.number)
            return
        if self._beside_merged(at, row):
            return
        if not self.judge.is_matrix_row(row):
            at.heads = {}
        self._row(at, row, group)

    def _states_years_or_unit(self, at: _Pass, row: Row) -> bool:
        """Whether a row heads the columns of years, or states the unit of the amounts beneath; it is noted."""
        cells, found = row.cells, row.roles
        years = self.judge.bare_years(cells)
        if years:
            self.answers.unit = unit_stated(cells[0].text) or self.answers.unit
        elif len(cells) <= ROWS.unit_row and UNIT_LINE.fullmatch(cells[0].text.strip()):
            self.answers.unit = unit_stated(cells[0].text)
            return True
        elif found.count(HEAD) >= ROWS.several and INLINE not in found:
            years = [(c, self.index.columns[fold_label(c.text)]) for c, r in row.pairs() if r == HEAD]
            stated = [unit_stated(c.text) for c, r in row.pairs() if r == HEAD or c is cells[0]]
            self.answers.unit = next(filter(None, stated), self.answers.unit)
        if years:
            at.years, self.beside.years, self.beside.unit = years, [y for _, y in years], self.answers.unit
        return bool(years)

    def _group_of(self, at: _Pass, row: Row) -> str:
        """The people a row is about: named beside it, by itself, or in a row above; "" for none."""
        spanning = self._spanning_group(at, row.number)
        further = STRANGER if self._is_further(row) else ""
        group = spanning or further or self.judge.row_group(row) or at.group
        if spanning == "" and at.group and not self.judge.in_group(row, at.group):
            at.group = group = ""
        return group

    def _is_further(self, row: Row) -> bool:
        """A row about a further contact (联系人2): its label counts on from those before. Any other number there is a note's
        mark."""
        found = self.judge.numbered_person(row.cells)
        if found is None:
            return False
        people, number = found
        met = any(key in self.answers.labels for key in self.index.groups.get(people, ()))
        count = self.counted.get(people, 1 if met or people not in self.index.groups else 0)
        counts = bool(count) and number == count + 1
        self.counted[people] = number if counts else 0
        return counts

    def _spanning_group(self, at: _Pass, number: int) -> str:
        for cell in at.rows.grid.spanning(number):
            if (cell.row, cell.column) in at.strangers:
                return STRANGER
            folded = fold_label(cell.text)
            if folded in self.index.groups:
                return folded
        return ""

    # ------------------------------------------------------------------------------------------ heads of the table before
    def _cut_off(self, rows: ClassifiedRows) -> Heads:
        """The heads that stand in the table before, each over the cell it belongs to, where this one begins with a row of
        theirs. The two need not have the same grid."""
        first = rows.row(1)
        if not self.matrix or len(first.cells) != len(self.matrix) + 1 or not self.judge.is_matrix_row(first):
            return {}
        heads = (head for _, head in sorted(self.matrix.items()))
        doubted = (HEADS_IN_TABLE_BEFORE,)
        return {
            c.column: (
                Cell(1, c.column, 1, c.column_span, head.text, doubts=together(head.doubts, doubted)),
                targets,
            )
            for c, (head, targets) in zip(first.cells[1:], heads, strict=True)
        }

    def _heads_at_end(self, rows: ClassifiedRows) -> Heads:
        """The last row as heads, where it holds nothing but labels of figures by year."""
        labels = [(c, self.index.exact(c.text)) for c in rows.row(rows.table.rows).cells]
        by_year = [(c, t) for c, t in labels if t and all(x.field.column for x in t)]
        whole = len(by_year) >= ROWS.several and len(by_year) >= len(labels) - 1
        return {c.column: (c, targets) for c, targets in by_year} if whole else {}

    # ------------------------------------------------------------------------------------------ rows that belong together
    def _beside_merged(self, at: _Pass, row: Row) -> bool:
        """A row of values whose label is merged down from the row above, beside the heads of the values."""
        if any(r != VALUE for r in row.roles):
            return False
        for label in at.rows.grid.spanning(row.number):
            targets = self.index.exact(label.text)
            if targets and label.column < row.cells[0].column:
                if not self._goes_on(label, targets, row.cells):
                    self.beside.labelled(at.table, label, targets, row.cells, "", at.years, apart=at.apart)
                return True
        return False

    def _goes_on(self, label: Cell, targets: list[Target], cells: list[Cell]) -> bool:
        """A further row of a long text whose label is merged down beside it: it joins what stands above."""
        target = next((t for t in targets if self.answers.labels.get(t.field.key) == label.text), None)
        held = self.answers.values.get(target.field.key) if target is not None else None
        if target is None or held is None or not isinstance(held.value, str) or target.field.type != "long_text":
            return False
        text = "\n".join(c.text for c in cells if c.text.strip())
        if len(cells) == 1 and text.strip():
            value, raw = f"{held.value}\n{normalise.fold_long(text)}", f"{held.raw} {normalise.fold(text)}"
            self.answers.values[target.field.key] = held._replace(value=value, raw=raw)
        return True

    def _text_beneath(self, table: Table, row: Row, beneath: Row, group: str) -> bool:
        """A label over all columns that prints its instruction (企业简介（不超过500字）), with the answer in the row beneath."""
        if len(row.cells) != 1 or row.roles[0] != INLINE or len(beneath.cells) != 1:
            return False
        label, answer = row.cells[0], beneath.cells[0]
        targets = self.index.exact(label.text) if answer.text.strip() else []
        same = answer.column_span == label.column_span and label.column_span >= table.columns > 1
        target = self.answers.choose(targets, group) if targets and same and beneath.roles == [VALUE] else None
        if target is None:
            return False
        doubts = together(of_label(label), answer.doubts)
        self.answers.assign(target, answer.text, table.where_cell(answer), doubts, label.text, answer)
        return True

    def _take_beneath(self, at: _Pass, row: Row, beneath: Row, group: str) -> Heads:
        """Takes the answers in the row beneath a row of labels; its labels as heads, where rows of years or people follow."""
        labels = [(c, self.index.exact(c.text)) for c, r in row.pairs() if r in (LABEL, INLINE)]
        if self.judge.matrix_beneath(row, beneath):
            self.answers.unit = unit_stated(row.cells[0].text) or self.answers.unit
            for _, targets in labels:
                for target in targets:
                    self.answers.labels.setdefault(target.field.key, target.field.label)
            return {c.column: (c, targets) for c, targets in labels}
        taken: Heads = {}
        grid = at.rows.grid
        lone = len(labels) < len(row.cells) and self.judge.each_has_room(row)
        ragged = (ROW_RAGGED,) if lone or grid.end(beneath.number) < grid.end(row.number) else ()
        for cell, targets in labels:
            value = grid.at(beneath.number, cell.column)
            chosen = self.answers.choose(targets, group)
            if value is not None and chosen is not None:
                doubts = together(ragged, of_label(cell), value.doubts)
                self.answers.assign(chosen, value.text, at.table.where_cell(value), doubts, cell.text, value)
                taken[cell.column] = (cell, targets)
        return taken

    # ------------------------------------------------------------------------------------------ a row by itself
    def _row(self, at: _Pass, row: Row, group: str) -> None:
        if at.heads and self.judge.is_matrix_row(row):
            take = take_year_row if row.roles[0] == HEAD else take_group_row
            take(self.answers, at.table, row.cells, at.heads)
            return
        group = group or (STRANGER if self.judge.stranger_named(row) else "")
        if group == STRANGER and row.cells[0].row_span > 1:
            at.strangers.add((row.cells[0].row, row.cells[0].column))
        row = self._owned(row, group)
        beside = self._people_beside(at, row)
        loose = False
        for number, (cell, role) in enumerate(row.pairs()):
            following = row.values_after(number)
            if role == LABEL and beside:
                group = next((g for column, g in reversed(at.blocks) if column <= cell.column), group)
            if role == INLINE and not self.judge.answered_beside(cell, following):
                noted = bool(following) and self.judge.figure_beneath(cell.text)
                self._inline_cell(at.table, cell, group, (NOTE_OR_FIGURE,) if noted else ())
            elif role == INLINE:
                self._take_beside(at, cell, self.index.exact(cell.text), following, group)
            elif role in (LABEL, GROUP):
                group = self._label(at, row, number, following, group)
            loose = loose or self._left_over(row, number, following)
            if role == VALUE and number == 0 and cell.text.strip() and self.answers.awaiting_date:
                self.answers.take_date(cell.text, at.table.where_cell(cell), cell.doubts)
        if loose:
            self.loose.append(Loose(at.table, row, group, self.answers.unit, self.answers.last))
        if self.judge.only_label_in_brackets(row):
            self._left_blank(at.table, row.cells[0])

    def _label(self, at: _Pass, row: Row, number: int, following: list[Cell], group: str) -> str:
        """Takes what belongs to a label or a word for people in a row; the people that the rest of the row is about."""
        cell, role = row.cells[number], row.roles[number]
        if role == LABEL and len(following) > 1 and is_unit(following[0]):
            cell, following = with_unit(cell, following[0]), following[1:]
        name = fold_label(cell.text)
        leader = self.judge.leader(name)
        people = bool(leader) and (role == GROUP or name in self.index.groups)
        if (people or role == GROUP) and following and following[0].tables and not following[0].text.strip():
            self._nested(following[0], name)
            return group
        if not leader and self.beside.written_over(at.table, name, following):
            return group
        targets = self.judge.with_leader(cell, role, following)
        if role == LABEL and not people and self.answers.of_another(cell.text, targets, group):
            return group
        self._take_beside(at, cell, targets, following, group)
        if role == GROUP and people and number:
            group = name  # a second person beside the first
        if name in self.index.groups and any(t.order == self.answers.last for t in leader):
            group = name
        return group

    def _nested(self, cell: Cell, name: str) -> None:
        """The tables in the cell beside a word for people: their items."""
        unit = self.answers.unit
        for nested in cell.tables:
            self.table(nested, Grid.of(nested), set(), name)
            self.answers.unit = unit
            self.done.add(id(nested))

    def _take_beside(self, at: _Pass, label: Cell, targets: list[Target], values: list[Cell], group: str) -> None:
        self.beside.labelled(at.table, label, targets, values, group, at.years, apart=at.apart)

    def _left_over(self, row: Row, number: int, following: list[Cell]) -> bool:
        """Whether a cell holds a label in other words, or a value that no label claims: for the fuzzy pass."""
        cell, role = row.cells[number], row.roles[number]
        if role == GROUP:
            nested = bool(following) and bool(following[0].tables) and not following[0].text.strip()
            return bool(following) and not nested and not self.judge.leader(fold_label(cell.text))
        if role != VALUE:
            return False
        claimed = number > 0 and row.roles[number - 1] in (LABEL, HEAD)
        inline_label = len(cell.text) <= ROWS.longest_inline and _COLON.search(cell.text) is not None
        return inline_label or (not claimed and bool(cell.text.strip()))

    def _left_blank(self, table: Table, cell: Cell) -> None:
        """A row of one cell with nothing but its label in brackets （其他成效指标）: the answer would stand behind it."""
        values = self.answers.values
        meant = next((t.field for t in self.index.exact(cell.text) if t.field.key not in values), None)
        if meant is not None and meant.type == "text" and cell.column + cell.column_span > table.columns:
            values[meant.key] = Candidate(where=table.where_cell(cell), doubts=cell.doubts)

    def _people_beside(self, at: _Pass, row: Row) -> bool:
        """Whether a row goes on with the items of two people named side by side in a row above; such a row is noted."""
        named = [
            (c.column, folded)
            for c, r in row.pairs()
            if r in (LABEL, GROUP) and (folded := fold_label(c.text)) in self.index.leaders
        ]
        if named:
            at.blocks = named if len(named) > 1 else []
            return False
        labels = (c for c, r in row.pairs() if r == LABEL)
        if at.blocks and any(not t.field.group for c in labels for t in self.index.exact(c.text)):
            at.blocks = []
        return bool(at.blocks)

    def _owned(self, row: Row, group: str) -> Row:
        """The row with cells as values that begin with a label but belong to the label before them: that one asks for all they
        hold (供应商联系人及联系方式 | 姓名：…，电话：…)."""
        cells, out = row.cells, list(row.roles)
        for number in range(len(cells) - 1):
            label, beside = cells[number], cells[number + 1]
            if out[number] == INLINE and out[number + 1] == VALUE and beside.text.strip():
                if self.index.exact(label.text):
                    out[number] = LABEL  # its instruction alone is printed with it, and the answer stands beside
                continue
            if out[number] != LABEL or out[number + 1] != INLINE or label.text.rstrip()[-1:] in ":：":
                continue
            if self._owns(self.answers.choose(self.index.exact(label.text), group), beside):
                out[number + 1] = VALUE
        return row.with_roles(out)

    def _owns(self, target: Target | None, beside: Cell) -> bool:
        """Whether a field asks for all that the cell beside its label holds, the label in it included."""
        if target is None:
            return False
        if target.field.type == "long_text":
            return True
        pair = inline.leading(beside.text, self.index)
        if pair is None or (not target.field.group and target.field.key in self.answers.values):
            return False
        return all(t.field.part != target.field.part for t in pair.targets)

    def _inline_cell(self, table: Table, cell: Cell, group: str, doubts: Doubts) -> None:
        where = table.where_cell(cell)
        several = inline.pairs(cell.text, self.index)
        if several and several[0].targets[0].field.type == "long_text":
            several = []  # a text with 成立时间：… in it is one text
        first = several[0].label if len(several) > 1 else ""
        if first and fold_label(first) == fold_label(cell.text[: len(first) + 1]):
            for pair in several:
                self.answers.take_pair(pair, where, cell.doubts, group, None)
            return
        found = inline.leading(cell.text, self.index)
        if found is None and self.index.exact(cell.text):
            found = inline.Pair(cell.text, self.index.exact(cell.text), "")
        if found is not None:
            self.answers.take_pair(found, where, together(doubts, cell.doubts), group, cell)


def _taken_apart(table: Table) -> bool:
    """Whether a table's merged cells were taken apart, the text in the first of them: many cells, most of them empty."""
    if table.columns < ROWS.apart_columns or any(c.column_span > 1 or c.row_span > 1 for c in table.cells):
        return False
    return sum(1 for c in table.cells if not c.text.strip()) * ROWS.apart_blank > len(table.cells)
