"""Heads of two rows become one where the form names its columns by both."""

from __future__ import annotations

from catalog.forms import Form
from extractors.document.model import Cell, Table
from extractors.fitting.labels import label_index
from extractors.fitting.tables.head_rows import join_heads


def form(*labels: str) -> Form:
    columns = [{"key": f"c{n}", "label": label} for n, label in enumerate(labels)]
    table = {"key": "people", "annex": "附1", "columns": columns}
    return Form.model_validate({"name": "f", "title": "表", "annex": "附件1", "title_marks": ["表"], "tables": [table]})


def table() -> Table:
    cells = [
        Cell(1, 1, 2, 1, "序号"), Cell(1, 2, 1, 2, "负责人"), Cell(1, 4, 2, 1, "金额"),
        Cell(2, 2, 1, 1, "姓名"), Cell(2, 3, 1, 1, "手机"),
        Cell(3, 1, 1, 1, "1"), Cell(3, 2, 1, 1, "甲某"), Cell(3, 3, 1, 1, "139"), Cell(3, 4, 1, 1, "3"),
    ]  # fmt: skip
    return Table(1, 3, 4, cells)


def test_a_head_over_two_goes_into_both() -> None:
    made = table()
    join_heads(made, label_index(form("序号", "负责人姓名", "负责人手机", "金额")))
    heads = sorted((c.column, c.text, c.row_span) for c in made.cells if c.row == 1)
    assert heads == [(1, "序号", 2), (2, "负责人姓名", 2), (3, "负责人手机", 2), (4, "金额", 2)]
    assert not [c for c in made.cells if c.row == 2]


def test_heads_that_the_form_does_not_name_so_stay() -> None:
    made = table()
    join_heads(made, label_index(form("序号", "负责人", "姓名", "手机", "金额")))
    assert made == table()


def test_blank_cells_beneath_a_wide_head_are_no_heads() -> None:
    cells = [
        Cell(1, 1, 1, 1, "序号"),
        Cell(1, 2, 1, 2, "供应商"),
        *(Cell(2, n, 1, 1, "1" if n == 1 else "") for n in (1, 2, 3)),
    ]
    made, kept = Table(1, 2, 3, cells), Table(1, 2, 3, list(cells))
    join_heads(made, label_index(form("序号", "供应商名称", "供应商")))
    assert made == kept
