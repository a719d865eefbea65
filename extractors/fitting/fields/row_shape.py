"""What a row of a table with fields is: which cells are labels, groups, years or values, where its values stand, whose it is.

A row is classified once (:class:`Row`); the questions about it are asked of :class:`RowJudge`, which holds nothing but the
form's labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from extractors.document.grid import Grid
from extractors.document.model import Cell, Table
from extractors.fitting import inline_labels as inline
from extractors.fitting.cell_roles import GROUP, HEAD, INLINE, LABEL, VALUE, roles
from extractors.fitting.labels import LabelIndex, Target, bare, fold_label
from extractors.fitting.settings import ROWS
from records.numbers import VALUES

_LOSS = re.compile(r"[:：]\s*+[(（]\s*+[\d.,]++\s*+[%％]?\s*+[)）]\s*+$")
"""A figure below nothing behind its label: 销售增长率（%）：（2.1）"""
_FIGURE_BENEATH = re.compile(r"\n[^\S\n]*+\d++\s*+$")
_FURTHER = re.compile(r"(.{0,4}(?:联系|负责|联络|经办)人)\s*+[(（]?\s*+([2-9二三四五])\s*+[)）]?[:：]?")
_PLAIN_WORD = re.compile(r"[\u4e00-\u9fff]{2,6}")
_NAMES_SOMEBODY = re.compile(r"\s*(?:\d{1,2}\s*[.、．]\s*)?[\u4e00-\u9fff/、（）]{2,16}\s*")
_OPENING, _COLONS = ("(", "（"), (":", "：")
ONLY_COLON = frozenset(_COLONS)
"""A cell between a label and its value that holds the colon alone."""


class Row(NamedTuple):
    """The cells that start in a row, left to right, and the role of each (:mod:`extractors.fitting.cell_roles`)."""

    number: int
    cells: list[Cell]
    roles: list[str]

    def pairs(self) -> Iterator[tuple[Cell, str]]:
        return zip(self.cells, self.roles, strict=True)

    def with_roles(self, found: list[str]) -> Row:
        return self._replace(roles=found)

    def values_after(self, number: int) -> list[Cell]:
        """The cells behind a label up to the next that is no value."""
        out = []
        for cell, role in zip(self.cells[number + 1 :], self.roles[number + 1 :], strict=True):
            if role != VALUE:
                break
            if cell.text.strip() not in ONLY_COLON:
                out.append(cell)
        return out


@dataclass(slots=True)
class ClassifiedRows:
    """The rows of one table, each classified once."""

    table: Table
    grid: Grid
    judge: RowJudge
    _rows: dict[int, Row] = field(default_factory=dict)

    def row(self, number: int) -> Row:
        """A row as it stands; one without cells where there is none."""
        found = self._rows.get(number)
        if found is None:
            cells = self.grid.rows.get(number, [])
            found = self._rows[number] = Row(number, cells, self.judge.roles(cells))
        return found

    def joined(self, row: Row) -> Row:
        """The row with a label that was written into two cells (企业 | 名称) as one."""
        cells = self.judge.joined_labels(row.cells)
        return row if len(cells) == len(row.cells) else Row(row.number, cells, self.judge.roles(cells))


@dataclass(frozen=True, slots=True)
class RowJudge:
    """Judges rows by the labels of the form and by how their cells stand."""

    index: LabelIndex

    def roles(self, cells: list[Cell]) -> list[str]:
        found = roles(cells, self.index, [self._starts_inline(c) for c in cells])
        if found.count(HEAD) == 1 and found[0] != HEAD:
            at = found.index(HEAD)
            if self.index.columns[fold_label(cells[at].text)] not in self.index.own_columns:
                found[at] = VALUE  # another year by itself heads nothing: 成立年份 | 2017年
        return found

    def joined_labels(self, cells: list[Cell]) -> list[Cell]:
        """The cells of a row with a label that was written into two cells (企业 | 名称) as one."""
        out: list[Cell] = []
        position = 0
        while position < len(cells):
            cell = cells[position]
            following = cells[position + 1] if position + 1 < len(cells) else None
            if following is not None and self._halves_of_a_label(cell.text, following.text):
                span = following.column + following.column_span - cell.column
                text = cell.text + following.text
                cell = Cell(cell.row, cell.column, cell.row_span, span, text, doubts=cell.doubts)
                position += 1
            out.append(cell)
            position += 1
        return out

    def _halves_of_a_label(self, text: str, following: str) -> bool:
        if not (0 < len(text) <= ROWS.half_label and 0 < len(following) <= ROWS.half_label):
            return False
        whole = fold_label(text + following)
        first, second = fold_label(text), fold_label(following)
        own = first in self.index.groups or second in self.index.fields or second in self.index.columns
        return whole in self.index.fields and whole not in (first, second) and not own

    def bare_years(self, cells: list[Cell]) -> list[tuple[Cell, str]]:
        """Heads that are bare numbers (2020 | 2021 | 2022): only several years in a row are heads, one may be a value."""
        named = [(c, self.index.columns.get(fold_label(c.text.strip()))) for c in cells if c.text.strip().isdigit()]
        years = [(c, y) for c, y in named if y is not None]
        if len(years) >= ROWS.several and len({y for _, y in years}) == len(years) == len(named):
            others = sum(1 for c in cells if c.text.strip()) - len(years)
            more = 1 if len(years) == ROWS.several or self.index.exact(cells[0].text) else ROWS.beside_years
            return years if others <= more else []
        return []

    def is_matrix_row(self, row: Row) -> bool:
        """A row whose first cell names a year or a group of people, the labels standing in a row above. A post may be a word
        for a person (联系人 | 王芳 | 联系人 | 139… |)."""
        cells, found = row.cells, row.roles
        if not found:
            return False
        labels = [c for c, r in zip(cells[1:], found[1:], strict=True) if r in (LABEL, INLINE)]
        posts = [c for c in labels if fold_label(c.text) in self.index.groups]
        if labels and (len(labels) > 1 or not posts or len(cells) < ROWS.person_row):
            return False
        return found[0] == HEAD or (found[0] in (GROUP, LABEL) and bool(self.leader(fold_label(cells[0].text))))

    def _starts_inline(self, cell: Cell) -> bool:
        text = cell.text
        if len(text) < ROWS.shortest_inline or not text.strip():
            return False
        targets = self.index.exact(text)
        if targets and self.figure_beneath(text):
            return True
        if targets:
            return self._holds_hint(text, targets)
        return inline.leading(text, self.index) is not None

    def figure_beneath(self, text: str) -> bool:
        """Whether a figure stands on the line beneath its label, or in brackets behind its colon: the value, rather than a note's
        mark."""
        found = _FIGURE_BENEATH.search(text) or _LOSS.search(text)
        targets = self.index.exact(text)[:1] if found is not None else []
        return any(target.field.type in inline.FIGURES for target in targets)

    def _holds_hint(self, text: str, targets: list[Target]) -> bool:
        """Whether a label's own cell prints the instruction where the answer goes: then the answer, if any, is in this
        cell, and a cell beside it is something else."""
        hints = [h for t in targets for h in self.index.in_label[t.field.key]]
        plain = bare(text) if hints else ""
        return any(h in plain for h in hints)

    def answered_beside(self, cell: Cell, following: list[Cell]) -> bool:
        """Whether a label that prints its instruction holds no answer itself and the cell beside it, which is no label, does."""
        only_label = bool(self.index.exact(cell.text)) and not _FIGURE_BENEATH.search(cell.text)
        return only_label and sum(1 for c in following if c.text.strip()) == 1

    def numbered_person(self, cells: list[Cell]) -> tuple[str, int] | None:
        """The people and the number of a row whose label has one (联系人2): a second contact, or a note's mark."""
        found = _FURTHER.fullmatch(cells[0].text.strip()) if len(cells) > 1 else None
        return None if found is None else (fold_label(found[1]), VALUES.get(found[2]) or int(found[2]))

    def row_group(self, row: Row) -> str:
        return next((fold_label(cell.text) for cell, role in row.pairs() if role == GROUP), "")

    def heads_those_beneath(self, row: Row, columns: int, beneath: Row) -> bool:
        """A row that only heads those beneath it; a word that is a label too (联系人), where an item of its group follows."""
        if len(row.cells) != 1 or row.roles[0] not in (GROUP, LABEL) or not row.cells[0].column_span >= columns > 1:
            return False
        folded = fold_label(row.cells[0].text)
        if self.index.exact(row.cells[0].text):
            keys = self.index.groups.get(folded, set())
            under = self.index.exact(beneath.cells[0].text) if len(beneath.cells) > 1 else []
            return any(t.field.key in keys for t in under)
        return folded in self.index.groups or folded in self.index.enders

    def in_group(self, row: Row, group: str) -> bool:
        """Whether any label of the row belongs to the group held from a row above."""
        keys = self.index.groups.get(group, set())
        targets = [t for c, r in row.pairs() if r == LABEL for t in self.index.exact(c.text)]
        return not targets or any(t.field.key in keys for t in targets)

    def headed(self, row: Row, beneath: Row) -> Row:
        """The row with labels that print their instruction as labels, where each has its answer in the cell beneath."""
        if row.roles.count(INLINE) <= 1:
            return row
        heads = [c for c, r in row.pairs() if r == INLINE and self.index.exact(c.text)]
        if len(heads) <= 1 or VALUE in row.roles or row.roles.count(INLINE) > len(heads):
            return row
        under = {c.column for c, r in beneath.pairs() if r == VALUE and c.text.strip()}
        if not all(c.column in under for c in heads):
            return row
        return row.with_roles([LABEL if r == INLINE else r for r in row.roles])

    def answers_beneath(self, row: Row, beneath: Row) -> bool:
        """Whether a row of labels alone has its values in the row beneath."""
        row = self._instructions_as_labels(row)
        if LABEL not in row.roles:
            return False
        texts = [r for c, r in row.pairs() if c.text.strip()]
        count = texts.count(LABEL)
        if count >= ROWS.bare_heads and VALUE in texts and beneath.cells and self._bare_heads(row, beneath):
            return True
        others = any(r in (VALUE, INLINE, HEAD) for r in texts[1:]) or not texts or texts[0] in (INLINE, HEAD)
        if not beneath.cells or count == 0 or others:
            return False
        if any(c.text.strip() == "" for c in row.cells) and self.each_has_room(row):
            return False
        by_year = self.is_matrix_row(beneath) and beneath.roles[0] == HEAD
        fewest = 1 if by_year else ROWS.bare_heads
        if texts[0] == VALUE and (count < fewest or len(row.cells[0].text) > ROWS.corner):
            return False
        if VALUE in row.roles and count < ROWS.several and not by_year:
            return False
        if self.matrix_beneath(row, beneath):
            return by_year or count >= ROWS.several
        if any(r != VALUE for r in beneath.roles) and not self._answers(row, beneath):
            return False
        return count >= ROWS.several or (len(row.cells) == 1 and len(beneath.cells) == 1)

    def _instructions_as_labels(self, row: Row) -> Row:
        """The row with cells that hold a label and its printed instruction alone as labels."""
        if INLINE not in row.roles:
            return row
        found = [
            LABEL if r == INLINE and self.index.exact(c.text) and not _FIGURE_BENEATH.search(c.text) else r
            for c, r in row.pairs()
        ]
        return row.with_roles(found)

    def _bare_heads(self, row: Row, beneath: Row) -> bool:
        """Whether labels stand side by side with no room for values between them, a word that is none among them (姓名 | 部门 | 职务 |
        电话 | 手机): heads of the row beneath."""
        found = row.roles
        roomless = sum(1 for n, r in enumerate(found) if r == LABEL and found[n + 1 : n + 2] != [VALUE])
        words = [c.text.strip() for c, r in row.pairs() if r == VALUE and c.text.strip()]
        said = sum(1 for c, r in beneath.pairs() if r == VALUE and c.text.strip())
        plain = all(_PLAIN_WORD.fullmatch(w) for w in words)
        filled = len(beneath.cells) >= len(row.cells) - 1 and set(beneath.roles) == {VALUE} and said >= ROWS.bare_heads
        return roomless >= ROWS.several and plain and filled

    def matrix_beneath(self, row: Row, beneath: Row) -> bool:
        """Whether the row beneath a row of labels is one of a year or a person, not the answers to the labels."""
        own = row.roles[0] == LABEL and fold_label(row.cells[0].text) not in self.index.groups
        return self.is_matrix_row(beneath) and not (own and self._answers(row, beneath))

    def _answers(self, row: Row, beneath: Row) -> bool:
        """Whether a row beneath labels, cell for cell, holds their answers though one of them is a word of the form (the post
        of a contact: 负责人)."""
        said = [c for c, r in beneath.pairs() if r == VALUE and c.text.strip()]
        words = len(beneath.roles) - beneath.roles.count(VALUE)
        same = [(c.column, c.column_span) for c in row.cells] == [(c.column, c.column_span) for c in beneath.cells]
        return same and words == 1 and len(said) >= ROWS.several and all(r in (LABEL, GROUP) for r in row.roles)

    def each_has_room(self, row: Row) -> bool:
        """Whether each label of a row has an empty cell of its own beside it."""
        cells = row.cells
        return all(n + 1 < len(cells) and not cells[n + 1].text.strip() for n, r in enumerate(row.roles) if r == LABEL)

    def alone_beneath(self, rows: ClassifiedRows, row: Row, beneath: Row) -> bool:
        """Whether labels with empty cells beside them have their values in the row beneath, which no other label could claim:
        of several labels each has one there, or a single one stands in a table whose values stand beneath their labels."""
        cells = row.cells
        if len(cells) <= 1 or [c.column for c in beneath.cells] != [c.column for c in cells]:
            return False
        if any(r == VALUE and c.text.strip() for c, r in row.pairs()):
            return False
        labels = [n for n, r in enumerate(row.roles) if r in (LABEL, INLINE) and self.index.exact(cells[n].text)]
        if not labels or labels[0] != 0 or any(c.text.strip() and n not in labels for n, c in enumerate(cells)):
            return False
        full = [n for n, c in enumerate(beneath.cells) if c.text.strip()]
        if full != labels or not self.each_has_room(row) or any(r != VALUE for r in beneath.roles):
            return False
        return len(labels) > 1 or self._is_stacked(rows)

    def _is_stacked(self, rows: ClassifiedRows) -> bool:
        """Whether a row of the table has its values in the row beneath."""
        return any(self.answers_beneath(rows.row(n), rows.row(n + 1)) for n in rows.grid.rows)

    def stranger_named(self, row: Row) -> bool:
        """Whether a row is about somebody the form does not ask for (财务负责人 | 姓名 | …), named by a cell that is no label."""
        cells, found = row.cells, row.roles
        if len(cells) < ROWS.stranger_row or found[0] != VALUE or found[1] != LABEL:
            return False
        targets = self.index.exact(cells[1].text) if _NAMES_SOMEBODY.fullmatch(cells[0].text) else []
        return bool(targets) and all(any(self.leader(fold_label(g)) for g in t.field.group) for t in targets)

    def with_leader(self, cell: Cell, role: str, following: list[Cell]) -> list[Target]:
        """What a label stands for; one that names people (法人代表, 联系人) and has a value beside it stands for their
        name."""
        targets = self.index.exact(cell.text) if role == LABEL else []
        if not following or not any(c.text.strip() for c in following):
            return targets
        return [*targets, *(t for t in self.leader(fold_label(cell.text)) if t not in targets)]

    def leader(self, group: str) -> list[Target]:
        """The first field of a group of people, a name."""
        found = self.index.leaders.get(group)
        return [found] if found is not None else []

    def only_label_in_brackets(self, row: Row) -> bool:
        """A row of one cell with nothing but its label in brackets （其他成效指标）: the answer would stand behind it."""
        return len(row.cells) == 1 and row.roles[0] == LABEL and row.cells[0].text.lstrip()[:1] in _OPENING
