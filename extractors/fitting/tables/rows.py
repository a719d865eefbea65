"""A row beneath a head as a row of the form's table: which cell is which column, what is an example, a hint or a row that only
goes on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from catalog.forms import FormColumn, FormTable
from extractors.document.doubts import (
    EXAMPLE_ROW,
    INK_NOT_READ,
    INSTANCE_UNKNOWN,
    MAYBE_TWO_CELLS,
    MERGED_OR_BLANK,
    ROW_GOES_ON,
    ROW_RAGGED,
    Doubts,
    confidence,
    together,
)
from extractors.document.grid import Grid
from extractors.document.model import Cell, Table
from extractors.fitting.candidates import Candidate, CandidateRow
from extractors.fitting.labels import LabelIndex, bare
from extractors.fitting.settings import TABLES
from extractors.fitting.tables.heads import Head
from extractors.fitting.values import make, unit_of
from records import normalise
from records.phones import parted

_DOTS = re.compile(r"[….。·\-—/\d]*")
_REMARK = re.compile(r"(?:[(（][^()（）]*[)）]\s*)+")
_TOTAL = re.compile(r"[合小总共]计[:：]?(?:共?\d+.{0,6})?")
_NOTE = re.compile(r"\s*(?:[备附]?注|说明|(?:填表|填报|制表|审核|复核|经办|联系)人(?:[(（]签[字名章][)）])?)\s*[:：]")
"""What stands beneath the rows: a note, who filled the table in."""
_LABELLED_EXAMPLE = re.compile(r"[(（]?示例(?:[)）:：]|\d{0,2}$)")
"""Also 示例 1: where the rule between it and the first row's number was not made out, or numbered."""

_NONE = Candidate()


def says_something(value: Candidate) -> bool:
    """Whether a cell holds more than nothing or a sign for nothing (/ — 无): a row of such cells alone is blank."""
    return bool(value.raw) and not normalise.is_blank(value.raw)


def named(text: str, where: str, doubts: Doubts) -> Candidate:
    """The name of a scene instance as it stands in a text."""
    return Candidate(normalise.fold_text(text) or None, normalise.fold(text), where, doubts)


def _begins_like(text: str, hint: str) -> bool:
    """Whether a text is an instruction of the form with an end of its own."""
    start = hint[: TABLES.hint_start]
    return len(hint) > TABLES.hint_start and text.startswith(start) and len(text) <= len(hint) + TABLES.hint_more


def _as_sure_as(own: CandidateRow, instance: Candidate) -> Candidate:
    """The instance that a row is given from above: no surer than the surest of what makes it a row."""
    doubts = [v.doubts for v in own.values() if v.raw]
    surest = max(doubts, key=confidence) if doubts and all(doubts) else ()
    return instance.doubted(*surest) if confidence(surest) < confidence(instance.doubts) else instance


class _Asked(NamedTuple):
    """The columns of a form's table that rows are looked through for, "" where it has none: the row's number, who takes part in
    what, and how a contact is reached."""

    seq: str
    company: str
    instances: str
    contact: str
    mobile: str

    @classmethod
    def of(cls, table: FormTable) -> _Asked:
        first = {c.role: c.key for c in reversed(table.columns)}
        last = {c.role: c.key for c in table.columns}
        instances = next((c.key for c in table.columns if c.type == "instances"), "")
        return cls(
            first.get("seq", ""), first.get("company", ""), instances, last.get("contact", ""), last.get("mobile", "")
        )


@dataclass(slots=True)
class TableRowReader:
    """Collects the rows of the form's tables. ``instance`` is the scene instance an 附2 part belongs to at present."""

    index: LabelIndex
    rows: dict[str, list[CandidateRow]] = field(default_factory=dict)
    found: set[str] = field(default_factory=set)
    heads: dict[str, set[str]] = field(default_factory=dict)
    """Form table → keys of the columns that its head had."""
    head_texts: dict[str, set[str]] = field(default_factory=dict)
    """Form table → what its heads said, bare."""
    instance: Candidate | None = None
    asked: dict[str, _Asked] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows = {t.key: [] for t in self.index.form.tables}
        self.asked = {t.key: _Asked.of(t) for t in self.index.form.tables}

    def row(self, table: Table, grid: Grid, head: Head, row: int, line: list[Cell]) -> None:
        """Take a row whose cells with text are ``line``."""
        placed = self._place(grid, head, row)
        starting = {id(c) for c in line}
        parts = [c for p in head.parts.values() if (c := grid.at(row, p.column)) is not None]
        if starting.isdisjoint(map(id, placed.values())) and starting.isdisjoint(map(id, parts)):
            return
        starting.update(id(c) for c in grid.rows.get(row, ()))
        if len(line) == 1 and line[0].column_span >= table.columns > TABLES.marginal:
            return  # a note beneath the rows
        if line[0].text.lstrip()[:1] in "合小总共" and _TOTAL.fullmatch("".join(line[0].text.split())):
            return
        if len(line) <= TABLES.marginal and line[0].column <= TABLES.marginal and _NOTE.match(line[0].text):
            return
        example = self._is_example(grid, row, line)
        first = grid.at(row, 1)
        beneath = first is not None and first.row < row  # the label of the example reaches into this row
        if (example and not beneath and not self._written_over(head, placed)) or self._is_hint(line, head):
            return
        made: CandidateRow = {}
        rows, seq = self.rows[head.table.key], self.asked[head.table.key].seq
        for column in head.table.columns:
            cell = placed.get(column.key)
            if column.parts and cell is None and head.parts:
                made[column.key] = self._from_parts(table, grid, head, row)
            else:
                doubt = head.doubts.get(column.key)
                doubts = (doubt,) if doubt is not None else ()
                made[column.key] = self.value(table, column, cell, doubts, head.cells.get(column.key))
            if column.merged and rows and made[column.key].blank and rows[-1].get(column.key, _NONE).value is not None:
                # left empty, or once drawn as merged down
                made[column.key] = made[column.key].doubted(MERGED_OR_BLANK)
        if example:  # still labelled 示例: whether it counts, a person must see
            made = {k: v.doubted(EXAMPLE_ROW) for k, v in made.items()}
            if "例" in made.get(seq, _NONE).raw:
                made[seq] = made[seq]._replace(value=None)
        number = made.get(seq, _NONE)
        if number.value is None and INK_NOT_READ in number.doubts:  # it may be 示例, or 合计
            made = {k: v.doubted(INK_NOT_READ) for k, v in made.items()}
        cells = grid.line(row)
        ragged = len(cells) < len(head.line) and grid.end(row) < max(c.column + c.column_span for c in head.line)
        if ragged:
            made = {k: v.doubted(ROW_RAGGED) for k, v in made.items()}
        if self._goes_on(head, placed, starting, made) or self._continued(head, placed, starting, made):
            return
        self._part_contact(head, made, placed)
        said = any(says_something(v) for k, v in made.items() if k != seq and id(placed.get(k)) in starting)
        if not said and not head.parts:
            return
        if head.table.per:
            instance = self._instance_of(table, grid, head, row)
            if ragged:
                instance = instance.doubted(ROW_RAGGED)
            made = {"instance": _as_sure_as(made, instance)} | made
        if head.joins and self._join(head, made):
            return
        rows.append(made)

    def _join(self, head: Head, made: CandidateRow) -> bool:
        """Put the columns of a further table into the row they belong to, by number or by name."""
        for row in self.rows[head.table.key]:
            shared = [
                k
                for k in head.table.naming
                if k in made and k in head.cells and k in row and made[k].raw and row[k].raw
            ]
            if shared and all(bare(made[k].raw) == bare(row[k].raw) for k in shared):
                row.update({k: v for k, v in made.items() if k in head.cells and not row[k].raw})
                return True
        return False

    def _part_contact(self, head: Head, made: CandidateRow, placed: dict[str, Cell]) -> None:
        """A contact and a telephone written into one column of a table that recommends."""
        _, _, _, who, called = self.asked[head.table.key]
        contact, mobile = made.get(who), made.get(called)
        if contact is None or mobile is None or called in placed or not isinstance(contact.value, str):
            return
        rest, numbers = parted(contact.value)
        name = re.sub(r"^[\s,，、;；/:：()（）]+|[\s,，、;；/:：()（）]+$", "", rest)
        if numbers and name:
            made[who] = contact._replace(value=normalise.fold_text(name))
            made[called] = contact._replace(value="、".join(numbers))

    def _from_parts(self, table: Table, grid: Grid, head: Head, row: int) -> Candidate:
        """An instance whose 环节, 场景 and 实例 stand in columns of their own."""
        cells = {part: grid.at(row, cell.column) for part, cell in head.parts.items()}
        texts = {part: normalise.fold_text(c.text) for part, c in cells.items() if c is not None}
        if not any(texts.values()):
            return Candidate()
        value = [{part: texts.get(part, "") for part in ("link", "scene", "instance")}]
        first = next(c for c in cells.values() if c is not None)
        doubts = together(*(c.doubts for c in cells.values() if c is not None))
        return Candidate(value, "—".join(t for t in texts.values() if t), table.where_cell(first), doubts)

    def _goes_on(self, head: Head, placed: dict[str, Cell], starting: set[int], made: CandidateRow) -> bool:
        """Whether a row only brings a further instance of the company merged down beside it; then it joins that row."""
        _, name, column, _, _ = self.asked[head.table.key]
        company = placed.get(name)
        rows = self.rows[head.table.key]
        if not column or company is None or id(company) in starting or not rows:
            return False
        more, held = made[column], rows[-1][column]
        if isinstance(more.value, list):
            value, raw = [*(held.value or []), *more.value], f"{held.raw} {more.raw}".strip()
            rows[-1][column] = held._replace(value=value, raw=raw).doubted(*more.doubts)
        return True

    def _continued(self, head: Head, placed: dict[str, Cell], starting: set[int], made: CandidateRow) -> bool:
        """Whether a row only goes on with a long text of the row above, all that names a row being blank; then it joins that
        row, though not as certain."""
        rows = self.rows[head.table.key]
        if head.table.per or not rows:
            return False
        naming = [placed[k] for k in head.table.naming if k in placed]
        if len(naming) < TABLES.goes_on or any(c.text.strip() or id(c) not in starting for c in naming):
            return False
        said = [k for k, v in made.items() if says_something(v)]
        before = rows[-1]
        if not 0 < len(said) <= TABLES.goes_on or any(not before[k].raw for k in said):
            return False
        for key in said:
            column = next(c for c in head.table.columns if c.key == key)
            held, more = before[key], made[key]
            joined = make(column, f"{held.raw}\n{more.raw}", held.where, long=column.type == "text")
            before[key] = joined._replace(doubts=together(held.doubts, more.doubts, (ROW_GOES_ON,)))
        return True

    def _instance_of(self, table: Table, grid: Grid, head: Head, row: int) -> Candidate:
        if head.instance is not None:
            cell = grid.at(row, head.instance.column)
            above = self.rows[head.table.key][-1]["instance"] if self.rows[head.table.key] else None
            if cell is not None and not cell.text.strip() and above is not None and above.value is not None:
                return above.doubted(MERGED_OR_BLANK)  # once drawn as merged down
            if cell is not None:
                return named(cell.text, table.where_cell(cell), cell.doubts)
        return self.instance if self.instance is not None else Candidate(doubts=(INSTANCE_UNKNOWN,))

    def _place(self, grid: Grid, head: Head, row: int) -> dict[str, Cell]:
        """Column key → the cell of this row beneath its head. Where the row has as many cells as the head, in their order;
        else by the columns they cover."""
        line = grid.line(row)
        if len(line) == len(head.line):
            return {key: line[place] for key, _, place in head.columns()}
        out: dict[str, Cell] = {}
        used: set[int] = set()
        for key, cell, _ in head.columns():
            below = grid.at(row, cell.column)
            if below is None or id(below) in used:
                middle = grid.at(row, cell.column + cell.column_span // 2)
                below = middle if middle is not None and id(middle) not in used else None
            if below is not None:
                used.add(id(below))
                out[key] = below
        return out

    def value(
        self, table: Table, column: FormColumn, cell: Cell | None, doubts: Doubts, head: Cell | None = None
    ) -> Candidate:
        """What a cell says; of an amount, in the unit that its ``head`` states."""
        if cell is None:
            return Candidate(doubts=together(doubts, table.doubts))
        if (
            cell is head
        ):  # the rule beneath the head was not made out, or the head is merged down: what was written is unknown
            return Candidate(where=table.where_cell(cell), doubts=together(doubts, (MAYBE_TWO_CELLS,)))
        text = cell.text
        if not text.strip() and cell.tables:
            text = "\n".join(c.text for t in cell.tables for c in t.cells if c.text.strip())
        return make(
            column,
            text,
            table.where_cell(cell),
            together(doubts, cell.doubts) if doubts or cell.doubts else (),
            unit=unit_of(head.text, column.unit) if head is not None and column.type == "money" else "",
            long=not column.names_row,
        )

    def _is_example(self, grid: Grid, row: int, line: list[Cell]) -> bool:
        """The printed row still labelled 示例."""
        first = grid.at(row, 1) or line[0]
        if "".join(first.text.split()) in ("例", "样例", "举例"):
            return True
        for cell in (first, *line):
            start = cell.text[:40]
            if "例" in start and _LABELLED_EXAMPLE.match("".join(start.split())):
                return True
        return False

    def _written_over(self, head: Head, placed: dict[str, Cell]) -> bool:
        """Whether the printed 示例 row holds an applicant's own scene: most columns filled, none with the printed words; or where
        the form prints an example in one column alone, whether others are filled."""
        printed, seq = head.table.example, self.asked[head.table.key].seq
        if 0 < len(printed) < TABLES.example_cells:
            own = [c.text for k, c in placed.items() if k not in printed and k != seq and c.text.strip()]
            first = placed.get(seq)
            return (
                len(own) >= TABLES.example_own
                and not any("例" in t for t in own)
                and "例" not in (first.text if first else "")
            )
        said = {k: bare(c.text) for k, c in placed.items() if k in printed and c.text.strip()}
        if seq not in head.cells or len(printed) < TABLES.example_cells or len(said) < TABLES.example_cells:
            return False
        most, least = TABLES.example_long
        long = [k for k in said if len(printed[k]) > most and len(said[k]) >= least]
        return len(long) >= TABLES.example_own and not any(said[k][:most] == bare(printed[k])[:most] for k in long)

    def _is_hint(self, line: list[Cell], head: Head) -> bool:
        """A row that holds only an instruction of the blank form, or only dots."""
        for cell in line:
            if len(cell.text) > TABLES.note:
                return False
        if len(line) > TABLES.marginal and all(_REMARK.fullmatch(normalise.fold(c.text)) for c in line):
            return True  # the heads' instructions in a row of their own: （300字以内）
        texts = ["".join(c.text.split()) for c in line]
        if all(_DOTS.fullmatch(t) for t in texts) and any("…" in t or ".." in t for t in texts):
            return True
        if len(line) > TABLES.marginal:
            return False
        hints = {bare(h) for h in head.table.hints}
        plain = [bare(t) for t in texts]
        return all(p in hints or any(_begins_like(p, h) for h in hints) for p in plain)
