"""Tables of a form drawn with their heads down the side: one scene a table, or one a column."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, replace

from catalog.forms import FormTable
from extractors.document.doubts import HEAD_NOT_UNDERSTOOD, INSTANCE_UNKNOWN, Doubts, together
from extractors.document.grid import Grid
from extractors.document.model import Table
from extractors.fitting.candidates import Candidate, CandidateRow
from extractors.fitting.labels import fold_label
from extractors.fitting.settings import TABLES
from extractors.fitting.tables.rows import TableRowFitter, named, says_something

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
class UprightFitter(TableRowFitter):
    """Reads the tables whose heads stand at the side."""

    def _upright(self, table: Table, grid: Grid) -> FormTable | None:
        """The form table that is drawn with its heads down the side, None where it is not."""
        if table.rows < TABLES.upright_rows:
            return None
        counts: dict[str, set[str]] = {}
        strong: dict[str, int] = {}
        by_key: dict[str, FormTable] = {}
        for row in range(1, table.rows + 1):
            cells = grid.rows.get(row, [])
            if not cells or self._head(cells) is not None:
                if cells and len(cells) > TABLES.upright_cells:
                    return None
                continue
            folded = _side_label(cells[0].text, self.index.heads)[0]
            for form_table, column in self.index.heads.get(folded, ()):
                if column.key not in counts.setdefault(form_table.key, set()):
                    counts[form_table.key].add(column.key)
                    strong[form_table.key] = strong.get(form_table.key, 0) + self._strong(folded, form_table.key)
                by_key[form_table.key] = form_table
        best = max(counts, key=lambda k: (strong.get(k, 0), len(counts[k])), default=None)
        if best is None:
            return None
        form_table = by_key[best]
        own = [
            k for k in counts[best] if k in {c.key for c in form_table.columns if c.limit or c.required == "required"}
        ]
        narrow, wide = TABLES.upright_heads
        enough = len(counts[best]) >= (wide if len(form_table.columns) > TABLES.upright_wide else narrow)
        if (
            enough
            and strong.get(best, 0) >= TABLES.upright_strong
            and (best != "scenes" or len([k for k in own if k not in ("link", "scene", "instance")]) >= narrow)
        ):
            return form_table
        return None

    def _read_upright(self, table: Table, grid: Grid, form_table: FormTable) -> set[int]:
        """One scene a table (or a column): labels beside values. A label that comes again begins the next row."""
        columns = {c.key: c for c in form_table.columns}
        keys = {word: c.key for c in form_table.columns for word in (fold_label(w) for w in (c.label, *c.aliases))}
        collected: list[CandidateRow] = []
        taken: set[int] = set()
        base = 0
        instance = self.instance
        understood: Doubts = ()
        for row in range(1, table.rows + 1):
            cells = grid.rows.get(row, [])
            position = 0
            used = False
            while position < len(cells):
                label, behind = _side_label(cells[position].text, keys)
                key = (
                    keys.get(label)
                    if not behind or (position == 0 and (len(cells) == 1 or len(label) > TABLES.side_label))
                    else None
                )
                if key is None:
                    if (
                        form_table.per
                        and fold_label(cells[position].text) in self.index.per
                        and position + 1 < len(cells)
                    ):
                        beside = cells[position + 1]
                        instance = named(beside.text, table.where_cell(beside), ())
                        used = True
                        position += 2
                        continue
                    if len(cells) > 1 and cells[position].text.strip():
                        understood = (
                            HEAD_NOT_UNDERSTOOD,
                        )  # it may be the label of a column that then seems to be missing
                    position += 1
                    continue
                values = [replace(cells[position], text=behind)] if behind else []
                while (
                    position + 1 < len(cells) and keys.get(fold_label(cells[position + 1].text[: TABLES.head])) is None
                ):
                    position += 1
                    values.append(cells[position])
                position += 1
                used = True
                beneath = grid.rows.get(row + 1, []) if not values and len(cells) == 1 else []
                if len(beneath) == 1 and not _side_label(beneath[0].text, keys)[0]:
                    values.append(beneath[0])  # the label over all columns, its text beneath
                    taken.add(row + 1)
                self.heads.setdefault(form_table.key, set()).add(key)
                if base < len(collected) and any(key in made for made in collected[base:]):
                    base = len(collected)
                for number, cell in enumerate(values):
                    while len(collected) <= base + number:
                        collected.append({})
                    collected[base + number][key] = self._value(table, columns[key], cell, ())
            if used:
                taken.add(row)
        self.found.add(form_table.key)
        for made in collected:
            if not any(says_something(v) for k, v in made.items() if k != "seq"):
                continue
            seq = made.get("seq")
            if seq is not None and _EXAMPLE.match(seq.raw):
                continue
            nothing = Candidate(doubts=together(table.doubts, understood))
            full: CandidateRow = {c.key: made.get(c.key, nothing) for c in form_table.columns}
            if form_table.per:
                full = {"instance": instance or Candidate(doubts=(INSTANCE_UNKNOWN,))} | full
            self.rows[form_table.key].append(full)
        return taken
