"""Tables of a form drawn with their heads down the side: one scene a table, or one a column."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field, replace

from catalog.forms import FormTable
from extractors.document.doubts import HEAD_NOT_UNDERSTOOD, INSTANCE_UNKNOWN, Doubts, together
from extractors.document.grid import Grid
from extractors.document.model import Table
from extractors.fitting.candidates import Candidate, CandidateRow
from extractors.fitting.labels import LabelIndex, fold_label
from extractors.fitting.settings import TABLES
from extractors.fitting.tables.heads import HeadFinder
from extractors.fitting.tables.rows import TableRowReader, named, says_something

_SIDE = re.compile(r"\s*([^:：\n]{2,60})[:：\n]")
_EXAMPLE = re.compile(r"^示?\s*例")


def _side_label(text: str, known: Container[str]) -> tuple[str, str]:
    """The folded label that a cell at a table's side holds, and the text behind it in the same cell; ("", "") for none."""
    folded = fold_label(text) if len(text) <= TABLES.head else ""
    if folded in known:
        return folded, ""
    match = _SIDE.match(text)
    folded = fold_label(match[1]) if match else ""
    return (folded, text[match.end() :].strip()) if match and folded in known else ("", "")


@dataclass(slots=True)
class _Upright:
    """What is known while one such table is read."""

    form_table: FormTable
    keys: dict[str, str]
    """Folded label → column."""
    instance: Candidate | None
    made: list[CandidateRow] = field(default_factory=list)
    first: int = 0
    """Of the rows made, the first that the labels at hand are about."""
    understood: Doubts = ()
    taken: set[int] = field(default_factory=set)

    def hold(self, key: str, values: list[Candidate]) -> None:
        """Give each row its value; a label that comes again begins the next rows."""
        if any(key in row for row in self.made[self.first :]):
            self.first = len(self.made)
        while len(self.made) < self.first + len(values):
            self.made.append({})
        for row, value in zip(self.made[self.first :], values, strict=False):
            row[key] = value


@dataclass(frozen=True, slots=True)
class UprightReader:
    """Reads the tables whose heads stand at the side."""

    index: LabelIndex
    finder: HeadFinder
    reader: TableRowReader

    def form_of(self, table: Table, grid: Grid) -> FormTable | None:
        """The form table that is drawn with its heads down the side, None where it is not."""
        if table.rows < TABLES.upright_rows:
            return None
        counts: dict[str, set[str]] = {}
        strong: dict[str, int] = {}
        by_key: dict[str, FormTable] = {}
        for row in range(1, table.rows + 1):
            cells = grid.rows.get(row, [])
            if not cells or self.finder.head(cells) is not None:
                if len(cells) > TABLES.upright_cells:
                    return None
                continue
            folded = _side_label(cells[0].text, self.index.heads)[0]
            for form_table, column in self.index.heads.get(folded, ()):
                if column.key not in counts.setdefault(form_table.key, set()):
                    counts[form_table.key].add(column.key)
                    strong[form_table.key] = strong.get(form_table.key, 0) + self.finder.strong(folded, form_table.key)
                by_key[form_table.key] = form_table
        best = max(counts, key=lambda k: (strong.get(k, 0), len(counts[k])), default=None)
        if best is None or strong.get(best, 0) < TABLES.upright_strong:
            return None
        return by_key[best] if _enough(by_key[best], counts[best]) else None

    def read(self, table: Table, grid: Grid, form_table: FormTable) -> set[int]:
        """The rows of a table with labels beside values, one scene a table (or a column); the rows of the table are returned."""
        keys = {fold_label(w): c.key for c in form_table.columns for w in (c.label, *c.aliases)}
        at = _Upright(form_table, keys, self.reader.instance)
        for row in range(1, table.rows + 1):
            self._row(table, grid, row, at)
        self.reader.found.add(form_table.key)
        seq = self.reader.asked[form_table.key].seq
        for made in at.made:
            number = made.get(seq)
            example = number is not None and _EXAMPLE.match(number.raw) is not None
            if example or not any(says_something(v) for k, v in made.items() if k != seq):
                continue
            nothing = Candidate(doubts=together(table.doubts, at.understood))
            full: CandidateRow = {c.key: made.get(c.key, nothing) for c in form_table.columns}
            if form_table.per:
                full = {"instance": at.instance or Candidate(doubts=(INSTANCE_UNKNOWN,))} | full
            self.reader.rows[form_table.key].append(full)
        return at.taken

    def _row(self, table: Table, grid: Grid, row: int, at: _Upright) -> None:
        """Every label of a row with the cells beside it; a label over all columns with the row beneath."""
        cells = grid.rows.get(row, [])
        position = 0
        while position < len(cells):
            cell = cells[position]
            label, behind = _side_label(cell.text, at.keys)
            leads = position == 0 and (len(cells) == 1 or len(label) > TABLES.side_label)
            key = at.keys.get(label) if not behind or leads else None
            position += 1
            if key is not None:
                values = [replace(cell, text=behind)] if behind else []
                while position < len(cells) and at.keys.get(fold_label(cells[position].text[: TABLES.head])) is None:
                    values.append(cells[position])
                    position += 1
                beneath = grid.rows.get(row + 1, []) if not values and len(cells) == 1 else []
                if len(beneath) == 1 and not _side_label(beneath[0].text, at.keys)[0]:
                    values.append(beneath[0])
                    at.taken.add(row + 1)
                self.reader.heads.setdefault(at.form_table.key, set()).add(key)
                column = next(c for c in at.form_table.columns if c.key == key)
                at.hold(key, [self.reader.value(table, column, v, ()) for v in values])
            elif at.form_table.per and fold_label(cell.text) in self.index.per and position < len(cells):
                at.instance = named(cells[position].text, table.where_cell(cells[position]), ())
                position += 1
            else:
                if len(cells) > 1 and cell.text.strip():
                    at.understood = (
                        HEAD_NOT_UNDERSTOOD,
                    )  # it may be the label of a column that then seems to be missing
                continue
            at.taken.add(row)


def _enough(form_table: FormTable, columns: set[str]) -> bool:
    """Whether labels of so many columns make a table the form's."""
    narrow, wide = TABLES.upright_heads
    own = [c for c in form_table.columns if c.key in columns and (c.limit or c.required == "required")]
    told = [c for c in own if not c.names_row]
    enough = len(columns) >= (wide if len(form_table.columns) > TABLES.upright_wide else narrow)
    return enough and (form_table.by_role("instance") is None or len(told) >= narrow)
