"""A table within a cell as the text of an answer."""

from __future__ import annotations

from catalog.forms import FormField
from extractors.document.model import Cell, Table
from extractors.fitting.labels import bare
from records.signs import TICKED


def options_text(table: Table, item: FormField) -> str:
    """A table of options, each with its mark beneath or beside it, as one line: （√）民营企业 （ ）三资企业."""
    names = {bare(o) for o in item.options} or {"是", "否"}
    options = [c for c in table.cells if bare(c.text) in names]
    marks = {(c.row, c.column) for c in table.cells if c.text.strip() and c.text.strip() in TICKED}
    step = _from_option_to_mark(options, marks)
    if step is None:
        return table_text(table)
    ticked = [(c.row + step[0], c.column + step[1]) in marks for c in options]
    return " ".join(f"（{'√' if on else ' '}）{c.text.strip()}" for c, on in zip(options, ticked, strict=True))


def _from_option_to_mark(options: list[Cell], marks: set[tuple[int, int]]) -> tuple[int, int] | None:
    """Where the mark of an option stands, in rows and columns from it: beneath or above options beside one another, beside
    options beneath one another. None where they do not stand so."""
    if len(options) <= 1 or not marks:
        return None
    rows, columns = {c.row for c in options}, {c.column for c in options}
    if len(rows) == 1:
        near = {r for r, _ in marks}
        step = next(iter(near)) - next(iter(rows))
        return (step, 0) if len(near) == 1 and abs(step) == 1 else None
    near = {c for _, c in marks}
    step = next(iter(near)) - next(iter(columns))
    return (0, step) if len(columns) == 1 and len(near) == 1 and abs(step) == 1 else None


def table_text(table: Table) -> str:
    """A nested table as text, a line a row: for a value written into a table of its own."""
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell.text.strip())
    return "\n".join(" ".join(parts) for _, parts in sorted(rows.items()))
