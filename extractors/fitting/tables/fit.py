"""Fits the tables of a form (附1 to 附7, the lists of 附件4): by their heads, whatever the columns' order, split over several
tables or joined in one, upright or with one scene a table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz, process

from catalog.forms import FormTable
from extractors.document.doubts import (
    HEAD_BY_PLACE,
    INSTANCE_FUZZY,
    INSTANCE_MAYBE_OTHER,
    ITEM_MAYBE_ELSEWHERE,
    OWN_ITEM,
    Doubts,
    together,
)
from extractors.document.grid import Grid
from extractors.document.model import Cell, Table
from extractors.fitting.candidates import Candidate, CandidateRow, of_label
from extractors.fitting.labels import LabelIndex, bare, fold_label
from extractors.fitting.settings import TABLES
from extractors.fitting.tables.head_rows import HeadLines
from extractors.fitting.tables.heads import Head, HeadFinder
from extractors.fitting.tables.rows import TableRowReader, named
from extractors.fitting.tables.upright import UprightReader
from extractors.fitting.values import make
from records import normalise

_NUMERAL = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[①-⑳])"
_LED = re.compile(
    rf"\s*+(?:具体|典型)?(?:场景)?实例(?:名称)?\s*+[(（]?\s*+{_NUMERAL}"
    r"(?:\s*+[)）])?(?:\s*+名称)?(?:\s*+[:：、.．]\s*+|\s++)(?P<name>\S.*)"
)
"""场景实例1：X"""
_COUNTED = re.compile(
    r"\s*(?:[(（](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|\d{1,2}\s*[、.．)）](?!\d)|[一二三四五六七八九十]{1,3}\s*[、.．]|[①-⑳])"
    r"\s*(?P<name>\S.*)"
)
"""（1）X"""
_UNDER_LABEL = re.compile(r"[^:：\t\n]{4,40}[:：\t]|[^\n]{4,40}\n")
_BEFORE_COLON = re.compile(r"\s*([^:：\n]{2,90})[:：]")
_NO_NAME = re.compile(r"装备|设备|软件|工艺|技术|注[:：]|续|说明|清单|情况|^\s*[(（].*[)）]\s*$|[。；;]\s*$")
"""Lines among the parts of 附2 that name no scene instance."""


@dataclass(slots=True)
class TableFitter:
    """Finds the form's tables in a document's, in reading order."""

    index: LabelIndex
    finder: HeadFinder
    reader: TableRowReader
    upright: UprightReader
    current: tuple[Head, Table] | None = None
    """The head under which a following table without a head goes on."""
    annex2: bool = False
    unread: list[str] = field(default_factory=list)
    """Where rows begin that no table took: nothing tells of which list they are."""
    _heads: dict[str, Head] = field(default_factory=dict)
    """The last head of each kind of list that an instance has."""
    _block: tuple[FormTable, CandidateRow, str] | None = None
    """A row written as paragraphs, 环节名称：…, one beneath the other: its table, what it holds so far, the last column."""

    @classmethod
    def of(cls, index: LabelIndex) -> TableFitter:
        finder, reader = HeadFinder(index), TableRowReader(index)
        return cls(index, finder, reader, UprightReader(index, finder, reader))

    def table(self, table: Table, grid: Grid) -> set[int]:
        """Read what belongs to form tables; the rows taken are returned."""
        taken: set[int] = set()
        head: Head | None = None
        lines: HeadLines | None = None
        beneath = False
        upright = self.upright.form_of(table, grid)
        if upright is not None:
            return self.upright.read(table, grid, upright)
        if self.current is not None and self._continues(table, grid):
            head = self.current[0]
        for row in range(1, table.rows + 1):
            cells = grid.rows.get(row, [])
            if not cells:
                if head is not None:
                    taken.add(row)
                continue
            found = self.finder.head_of_row(grid, row, cells)
            if found is not None:
                head = found
                self._begin(found)
                lines = HeadLines(found, self.reader.head_texts[found.table.key])
                taken.add(row)
                continue
            filled = [c for c in cells if c.text.strip()]
            if lines is not None and lines.go_on(filled):
                taken.add(row)
                continue
            lines = None
            if head is None and len(filled) == 1:
                self._title_row(filled[0].text)
            named = self._instance_line(table, grid, row, cells, filled, after_head=head is not None)
            if named is not None:
                self.reader.instance = named
                if head is not None and head.table.per and self._next_is_head(grid, row):
                    head = None  # else a line between the rows of one list, which names whose the next ones are
                taken.add(row)
                self._nested(cells)
                beneath = self.annex2
                continue
            if head is None and beneath:
                head = self._lost_head(table, cells, filled)
            beneath = False
            if head is None:
                continue
            if self._ends(cells, filled, table):
                head = None
                continue
            if not filled and any(c.tables for c in cells):
                taken.add(row)
                self._nested(cells)
                continue
            taken.add(row)
            self.reader.row(table, grid, head, row, filled)
        self.current = (head, table) if head is not None else None
        return taken

    def _title_row(self, text: str) -> None:
        """A row that holds nothing but the title of one of the form's tables: the heads beneath it are that table's."""
        title = self.index.titles.get(fold_label(text)) if len(text) <= TABLES.head else None
        if title is not None and any(t.key == title and not t.per for t in self.index.form.tables):
            self.finder.title = title

    def _begin(self, head: Head) -> None:
        """Note a head; one that brings only other columns of rows already read goes on with those rows."""
        key = head.table.key
        before = self.reader.heads.get(key, set())
        new = set(head.cells)
        head.joins = bool(before) and not head.table.per and bool(new - before) and new & before <= head.table.naming
        if head.table.per:
            self._heads[key] = head
        self.reader.found.add(key)
        self.reader.head_texts.setdefault(key, set()).update(bare(c.text) for c in head.line)
        self.reader.heads.setdefault(key, set()).update(new)

    def _lost_head(self, table: Table, cells: list[Cell], filled: list[Cell]) -> Head | None:
        """The head of the only kind of list with as many columns as a row beneath an instance's line, whose own head is not there:
        LibreOffice draws none that a page break falls into."""
        if len(filled) < TABLES.heads or any(self.index.exact(c.text) for c in filled):
            return None
        fitting = [head for head in self._heads.values() if len(head.line) == len(cells)]
        if len(fitting) == 1:
            return replace(fitting[0], doubts=dict.fromkeys(fitting[0].cells, HEAD_BY_PLACE))
        self.unread.append(table.where_cell(filled[0]))
        return None

    def _nested(self, cells: list[Cell]) -> None:
        """The tables in a row's cells, in their turn."""
        for cell in cells:
            for inner in cell.tables:
                self.table(inner, Grid.of(inner))
        self.current = None

    def _continues(self, table: Table, grid: Grid) -> bool:
        """Whether a table without a head goes on where the last one stopped: as many columns, and no head of its own."""
        assert self.current is not None
        head, before = self.current
        first = grid.rows.get(1, [])
        if first and self.index.exact(first[0].text):
            return False
        filled = [c for c in first if c.text.strip()]
        if (
            self.finder.head(first) is not None
            or self._instance_line(table, grid, 1, first, filled, after_head=True) is not None
        ):
            return False
        return len(first) == len(head.line) or (table.columns == before.columns and len(first) >= TABLES.heads)

    def _instance_line(
        self, table: Table, grid: Grid, row: int, cells: list[Cell], filled: list[Cell], *, after_head: bool
    ) -> Candidate | None:
        """The line above an 附2 part that names its scene instance; None where the row is none."""
        if not filled or len(filled) > TABLES.marginal or not self.index.per:
            return None
        first = filled[0]
        if fold_label(first.text) in self.index.per:
            if not (self.annex2 or after_head or self._next_is_head(grid, row)):
                return None
            others = [c for c in cells if c is not first]
            value = filled[1] if len(filled) > 1 else (others[0] if others else None)
            if value is None:
                return Candidate(where=table.where_cell(first), doubts=first.doubts)
            return named(value.text, table.where_cell(value), together(of_label(first), value.doubts))
        if len(filled) == 1 and (self.annex2 or after_head or self._next_is_head(grid, row)):
            wide = first.column_span >= table.columns
            return self._named(first.text, table.where_cell(first), first.doubts, nearly=wide)
        return None

    def _named(self, text: str, where: str, doubts: Doubts, *, nearly: bool) -> Candidate | None:
        """The scene instance that a line names: under its label, numbered (场景实例1：X, （1）X), or by its name in 附1 alone;
        ``nearly``: also by a name somewhat like one there."""
        found = self._instance_text(text, where, doubts)
        if found is not None or len(text) > TABLES.note:
            return found
        led = _LED.match(text)
        match = led or _COUNTED.match(text)
        name = match["name"] if match else text
        known, plain = self._instances(), bare(name)
        if not plain or plain not in known:
            if led is None and not (nearly and self._like_instance(plain, known)):
                return None
            doubts = together(doubts, (INSTANCE_FUZZY,))
        return Candidate(normalise.fold_text(name), normalise.fold(text), where, doubts)

    def _like_instance(self, plain: str, known: list[str]) -> bool:
        return process.extractOne(plain, known, scorer=fuzz.ratio, score_cutoff=TABLES.instance_like) is not None

    def _instances(self) -> list[str]:
        """The names of the instances read so far (those that 附1 lists), as they are compared."""
        table, column = self.index.instances
        return [bare(row[column].raw) for row in self.reader.rows.get(table, ()) if column in row]

    def _instance_text(self, text: str, where: str, doubts: Doubts) -> Candidate | None:
        """``具体场景实例名称（与上面表格对应）：X`` in one text."""
        match = _UNDER_LABEL.match(text)
        if match and fold_label(match[0].rstrip(":：\t\n")) in self.index.per:
            return named(text[match.end() :], where, doubts)
        return None

    def _next_is_head(self, grid: Grid, row: int) -> bool:
        following = grid.rows.get(row + 1, [])
        head = self.finder.head(following) if following else None
        return head is not None and bool(head.table.per)

    def _blocked(self, text: str, where: str, doubts: Doubts) -> bool:
        """A paragraph that is one column of a row written as paragraphs; True where it was taken."""
        match = _BEFORE_COLON.match(text)
        folded = fold_label(match[1]) if match else ""
        pairs = [(t, c) for t, c in self.index.heads.get(folded, ()) if not t.per] if folded else []
        if not pairs:
            if self._block is None or not text.strip() or self._block[2] == "remark":
                self._block = None
                return False
            table, row, key = self._block
            held = row[key]
            column = next(c for c in table.columns if c.key == key)
            if match is not None and len(match[1]) <= TABLES.item and not match[1].rstrip()[-1:].isdigit():
                doubts = together(doubts, (OWN_ITEM,))  # or an item in words that are not the form's
                for name, value in row.items():
                    if not value.raw:
                        row[name] = value.doubted(ITEM_MAYBE_ELSEWHERE)
            row[key] = make(column, f"{held.raw}\n{text}", held.where or where, doubts, long=True)
            return True
        chosen = next((p for p in pairs if self._block and p[0] is self._block[0]), None)
        chosen = chosen or next((p for p in pairs if p[0].key == self.finder.title), None)
        if chosen is None or match is None:
            return False
        table, column = chosen
        if self._block is None or self._block[0] is not table or self._block[1][column.key].raw:
            if column.role not in ("seq", "link", "scene"):
                return False
            row = {c.key: Candidate() for c in table.columns}
            self.reader.rows[table.key].append(row)
            self.reader.found.add(table.key)
        else:
            row = self._block[1]
        row[column.key] = make(column, text[match.end() :], where, doubts, long=not column.names_row)
        self.reader.heads.setdefault(table.key, set()).add(column.key)
        self._block = (table, row, column.key)
        return True

    def paragraph(self, text: str, where: str, doubts: Doubts) -> bool:
        """A paragraph before an 附2 part that names its scene instance, or a column of a row written as paragraphs. Another
        line there may be such a name that cannot be told: what follows is then not certainly of the instance before."""
        if not self.annex2 and self._blocked(text, where, doubts):
            return True
        found = self._named(text, where, doubts, nearly=self.annex2)
        if found is not None:
            self.reader.instance = found
            self.current = None
        elif (
            self.annex2 and self.reader.instance is not None and len(text) <= TABLES.note and not _NO_NAME.search(text)
        ):
            self.reader.instance = self.reader.instance.doubted(INSTANCE_MAYBE_OTHER)
        return found is not None

    def _ends(self, cells: list[Cell], filled: list[Cell], table: Table) -> bool:
        """Whether a row below a head is no row of its table: a field's label with its value, a heading over all columns."""
        if len(filled) == 1 and len(cells) == 1 and cells[0].column_span >= table.columns > TABLES.marginal:
            folded = fold_label(filled[0].text)
            return folded in self.index.enders or folded in self.index.titles
        if filled and all(self._is_item(c.text) for c in filled):
            return True  # 填表人：某某 | 联系电话：…, a line of the sheet beneath its rows
        short = [fold_label(c.text) for c in filled if len(c.text) <= TABLES.short]
        return sum(1 for f in short if f in self.index.fields and f not in self.index.heads) >= TABLES.field_labels

    def _is_item(self, text: str) -> bool:
        """Whether a cell holds a field's label, a colon and what it says."""
        match = _BEFORE_COLON.match(text)
        return match is not None and fold_label(match[1]) in self.index.fields
