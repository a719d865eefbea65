"""Tables whose rows are years or people, their labels standing over the columns."""

from __future__ import annotations

from extractors.document.doubts import together
from extractors.document.model import Cell, Table
from extractors.fitting.candidates import of_label
from extractors.fitting.fields.answers import Answers
from extractors.fitting.fields.split_answers import overlap
from extractors.fitting.labels import Target, fold_label

Heads = dict[int, tuple[Cell, list[Target]]]
"""Column → the label over it and what it may stand for."""


def take_year_row(answers: Answers, table: Table, cells: list[Cell], heads: Heads) -> None:
    """A row of one year in a table with the years as rows."""
    year = answers.index.columns[fold_label(cells[0].text)]
    for cell in cells[1:]:
        for head, targets in heads.values():
            for target in targets if overlap(head, cell) else ():
                if target.field.column and fold_label(target.field.column[0]) == year:
                    _take(answers, target, table, cell, head)


def take_group_row(answers: Answers, table: Table, cells: list[Cell], heads: Heads) -> None:
    """A row of one person in a table with 姓名, 职务, 电话 … as heads."""
    keys = answers.index.groups.get(fold_label(cells[0].text), set())
    for cell in cells[1:]:
        for head, targets in heads.values():
            inside = [t for t in targets if t.field.key in keys]
            if inside and overlap(head, cell):
                _take(answers, inside[0], table, cell, head)


def _take(answers: Answers, target: Target, table: Table, cell: Cell, head: Cell) -> None:
    answers.assign(target, cell.text, table.where_cell(cell), together(cell.doubts, of_label(head)), head.text)
