"""Fits the fields of a form in tables: label and value beside, beneath or within one another, years and people as rows or
columns, labels split over cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extractors import inline
from extractors.document import Cell, Table
from extractors.fit_values import STRANGER, ValueFitter
from extractors.grid import Grid
from extractors.labels import Target, bare, fold_label
from extractors.roles import GROUP, HEAD, INLINE, LABEL, VALUE, roles
from records import normalise

_YEAR_IN_CELL = re.compile(r"\s*((?:19|20)\d{2})\s*年?度?\s*[:：]")
_FIGURE_BENEATH = re.compile(r"\n\s*\d+\s*$")
UNIT_CELL = re.compile(r"[(（]?(?:[%％‰]|(?:百|千|万|亿)?元|家|个|万元人民币)[)）]?")
ONLY_COLON = frozenset((":", "："))
"""A cell between a label and its value that holds the colon alone."""


@dataclass(slots=True)
class Loose:
    """A row in which values were left without a label, for the fuzzy pass."""

    table: Table
    cells: list[Cell]
    roles: list[str]
    group: str


@dataclass(slots=True)
class RowFitter(ValueFitter):
    """Reads the rows of tables that no form table took."""

    years: list[str] = field(default_factory=list)
    """The years of the head met last, for rows in a table without one."""
    loose: list[Loose] = field(default_factory=list)
    done: set[int] = field(default_factory=set)
    """Nested tables that were read under the label beside them."""
    apart: bool = False
    """The table being read had its merged cells taken apart: many cells, most of them empty."""

    def table(self, table: Table, skip: set[int], group: str = "") -> None:
        """Read the rows of a table that no form table took (``skip``)."""
        grid = Grid.of(table)
        self.apart = _taken_apart(table)
        years: list[tuple[Cell, str]] = []
        heads: dict[int, tuple[Cell, list[Target]]] = {}
        held = group
        for row in range(1, table.rows + 1):
            cells = grid.rows.get(row, [])
            if row in skip or not cells:
                continue
            cells = self._joined_labels(cells)
            bare_years = self._bare_years(cells)
            if bare_years:
                years = bare_years
                self.years = [y for _, y in years]
                continue
            found = self._roles(cells)
            if HEAD in found and INLINE not in found and found.count(HEAD) >= 2:
                years = [
                    (c, self.index.columns[fold_label(c.text)]) for c, r in zip(cells, found, strict=True) if r == HEAD
                ]
                self.years = [y for _, y in years]
                continue
            if self._full_width_group(cells, found, table, grid.rows.get(row + 1, [])):
                held = fold_label(cells[0].text)
                continue
            spanning = self._spanning_group(grid, row)
            current = spanning or self._row_group(cells, found) or held
            if spanning == "" and held and not self._in_group(cells, found, held):
                held = current = ""
            if self._text_beneath(table, grid, row, cells, found, current):
                skip = skip | {row + 1}
                continue
            if self._below(grid, row, cells, found):
                heads = self._take_below(table, grid, row, cells, found, current)
                under = grid.rows.get(row + 1, [])
                if heads and not self._is_matrix_row(under, self._roles(under)):
                    skip = skip | {row + 1}
                continue
            if self._beside_merged(table, grid, row, cells, found, years):
                continue
            if not self._is_matrix_row(cells, found):
                heads = {}
            self._row(table, cells, found, current, years, heads)

    def _joined_labels(self, cells: list[Cell]) -> list[Cell]:
        """The cells of a row with a label that was written into two cells (企业 | 名称) as one."""
        out: list[Cell] = []
        position = 0
        while position < len(cells):
            cell = cells[position]
            following = cells[position + 1] if position + 1 < len(cells) else None
            if following is not None and 0 < len(cell.text) <= 12 and 0 < len(following.text) <= 12:
                whole = fold_label(cell.text + following.text)
                halves = (fold_label(cell.text), fold_label(following.text))
                own = (
                    halves[0] in self.index.groups or halves[1] in self.index.fields or halves[1] in self.index.columns
                )
                if whole in self.index.fields and whole not in halves and not own:
                    span = following.column + following.column_span - cell.column
                    cell = Cell(
                        cell.row,
                        cell.column,
                        cell.row_span,
                        span,
                        cell.text + following.text,
                        confidence=cell.confidence,
                    )
                    position += 1
            out.append(cell)
            position += 1
        return out

    def _bare_years(self, cells: list[Cell]) -> list[tuple[Cell, str]]:
        """Heads that are bare numbers (2020 | 2021 | 2022): only three years in a row are heads, one may be a value."""
        named = [(c, self.index.columns.get(fold_label(c.text.strip()))) for c in cells if c.text.strip().isdigit()]
        years = [(c, y) for c, y in named if y is not None]
        if len(years) >= 2 and len({y for _, y in years}) == len(years) == len(named):
            return years if sum(1 for c in cells if c.text.strip()) - len(years) <= 1 else []
        return []

    def _is_matrix_row(self, cells: list[Cell], found: list[str]) -> bool:
        """A row whose first cell names a year or a group of people, the labels standing in a row above."""
        if not found or any(r in (LABEL, INLINE) for r in found[1:]):
            return False
        return found[0] == HEAD or (found[0] in (GROUP, LABEL) and bool(self._leader(fold_label(cells[0].text))))

    def _beside_merged(
        self, table: Table, grid: Grid, row: int, cells: list[Cell], found: list[str], years: list[tuple[Cell, str]]
    ) -> bool:
        """A row of values whose label is merged down from the row above, beside the heads of the values."""
        if any(r != VALUE for r in found):
            return False
        for label in grid.spanning(row):
            targets = self.index.exact(label.text)
            if targets and label.column < cells[0].column:
                if not self._goes_on(label, targets, cells):
                    self._labelled(table, label, targets, cells, "", years)
                return True
        return False

    def _goes_on(self, label: Cell, targets: list[Target], cells: list[Cell]) -> bool:
        """A further row of a long text whose label is merged down beside it: it joins what stands above."""
        target = next((t for t in targets if self.labels.get(t.field.key) == label.text), None)
        held = self.values.get(target.field.key) if target is not None else None
        if target is None or held is None or not isinstance(held.value, str) or target.field.type != "long_text":
            return False
        text = "\n".join(c.text for c in cells if c.text.strip())
        if len(cells) == 1 and text.strip():
            more = {"value": f"{held.value}\n{normalise.fold_long(text)}", "raw": f"{held.raw} {normalise.fold(text)}"}
            self.values[target.field.key] = held.model_copy(update=more)
        return True

    def _roles(self, cells: list[Cell]) -> list[str]:
        starts = [self._starts_inline(c) for c in cells]
        return roles(cells, self.index, starts)

    def _starts_inline(self, cell: Cell) -> bool:
        text = cell.text
        if len(text) < 3 or not text.strip():
            return False
        targets = self.index.exact(text)
        if targets and _FIGURE_BENEATH.search(text) and targets[0].field.type in ("percent", "money", "number"):
            return True  # the figure on the line beneath is the value, not a footnote's mark
        if targets:
            return self._holds_hint(text, targets)
        return inline.leading(text, self.index) is not None

    def _holds_hint(self, text: str, targets: list[Target]) -> bool:
        """Whether a label's own cell prints the instruction where the answer goes: then the answer, if any, is in this
        cell, and a cell beside it is something else."""
        hints = [h for t in targets for h in self.index.in_label[t.field.key]]
        plain = bare(text) if hints else ""
        return any(h in plain for h in hints)

    def _spanning_group(self, grid: Grid, row: int) -> str:
        for cell in grid.spanning(row):
            folded = fold_label(cell.text)
            if folded in self.index.groups:
                return folded
        return ""

    def _row_group(self, cells: list[Cell], found: list[str]) -> str:
        for cell, role in zip(cells, found, strict=True):
            if role == GROUP:
                return fold_label(cell.text)
        return ""

    def _full_width_group(self, cells: list[Cell], found: list[str], table: Table, beneath: list[Cell]) -> bool:
        """A row that only heads those beneath it; a word that is a label too (联系人), where an item of its group follows."""
        if len(cells) != 1 or found[0] not in (GROUP, LABEL) or not cells[0].column_span >= table.columns > 1:
            return False
        folded = fold_label(cells[0].text)
        if self.index.exact(cells[0].text):
            keys = self.index.groups.get(folded, set())
            under = self.index.exact(beneath[0].text) if len(beneath) > 1 else []
            return any(t.field.key in keys for t in under)
        return folded in self.index.groups or folded in self.index.enders

    def _in_group(self, cells: list[Cell], found: list[str], group: str) -> bool:
        """Whether any label of the row belongs to the group held from a row above."""
        keys = self.index.groups.get(group, set())
        targets = [t for c, r in zip(cells, found, strict=True) if r == LABEL for t in self.index.exact(c.text)]
        return not targets or any(t.field.key in keys for t in targets)

    def _below(self, grid: Grid, row: int, cells: list[Cell], found: list[str]) -> bool:
        """Whether a row of labels alone has its values in the row beneath."""
        texts = [r for c, r in zip(cells, found, strict=True) if c.text.strip()]
        count = texts.count(LABEL)
        beneath = grid.rows.get(row + 1, [])
        if (
            not beneath
            or count == 0
            or any(r in (VALUE, INLINE, HEAD) for r in texts[1:])
            or texts[0] in (INLINE, HEAD)
        ):
            return False
        if any(c.text.strip() == "" for c in cells) and all(
            n + 1 < len(cells) and not cells[n + 1].text.strip() for n, r in enumerate(found) if r == LABEL
        ):
            return False  # each label has an empty cell of its own beside it
        under = self._roles(beneath)
        by_year = self._is_matrix_row(beneath, under) and under[0] == HEAD
        if texts[0] == VALUE and (count < (1 if by_year else 3) or len(cells[0].text) > 12):
            return False
        if any(r == VALUE for r in found) and count < 2 and not by_year:
            return False
        if self._is_matrix_row(beneath, under):
            return by_year or count >= 2
        if any(r in (LABEL, GROUP, INLINE, HEAD) for r in under):
            return False
        return count >= 2 or (len(cells) == 1 and len(beneath) == 1)

    def _text_beneath(
        self, table: Table, grid: Grid, row: int, cells: list[Cell], found: list[str], group: str
    ) -> bool:
        """A label over all columns that prints its instruction (企业简介（不超过500字）), with the answer in the row beneath."""
        beneath = grid.rows.get(row + 1, [])
        if len(cells) != 1 or found[0] != INLINE or len(beneath) != 1 or not beneath[0].text.strip():
            return False
        targets = self.index.exact(cells[0].text)
        same = beneath[0].column_span == cells[0].column_span and cells[0].column_span >= table.columns > 1
        target = self.choose(targets, group) if targets and same and self._roles(beneath) == [VALUE] else None
        if target is None:
            return False
        sure = cells[0].confidence * beneath[0].confidence
        self.assign(target, beneath[0].text, table.where_cell(beneath[0]), sure, cells[0].text, beneath[0])
        return True

    def _take_below(
        self, table: Table, grid: Grid, row: int, cells: list[Cell], found: list[str], group: str
    ) -> dict[int, tuple[Cell, list[Target]]]:
        under = grid.rows.get(row + 1, [])
        labels = [(c, self.index.exact(c.text)) for c, r in zip(cells, found, strict=True) if r == LABEL]
        if self._is_matrix_row(under, self._roles(under)):
            for _, targets in labels:
                for target in targets:
                    self.labels.setdefault(target.field.key, target.field.label)
            return {c.column: (c, targets) for c, targets in labels}
        taken: dict[int, tuple[Cell, list[Target]]] = {}
        for cell, targets in labels:
            value = grid.at(row + 1, cell.column)
            chosen = self.choose(targets, group)
            if value is not None and chosen is not None:
                self.assign(
                    chosen, value.text, table.where_cell(value), cell.confidence * value.confidence, cell.text, value
                )
                taken[cell.column] = (cell, targets)
        return taken

    def _row(
        self,
        table: Table,
        cells: list[Cell],
        found: list[str],
        group: str,
        years: list[tuple[Cell, str]],
        heads: dict[int, tuple[Cell, list[Target]]],
    ) -> None:
        if heads and self._is_matrix_row(cells, found):
            if found[0] == HEAD:
                self._year_row(table, cells, heads)
            else:
                self._group_row(table, cells, heads)
            return
        loose = False
        group = group or self._stranger(cells, found)
        found = self._owned(cells, found, group)
        for number, (cell, role) in enumerate(zip(cells, found, strict=True)):
            following = self._values_after(cells, found, number)
            if role == LABEL and len(following) > 1 and UNIT_CELL.fullmatch(following[0].text.strip()):
                cell, following = with_unit(cell, following[0]), following[1:]
            if role == INLINE:
                self._inline_cell(table, cell, group)
            elif role in (LABEL, GROUP):
                name = fold_label(cell.text)
                people = role == GROUP or (name in self.index.groups and bool(self._leader(name)))
                if people and following and following[0].tables and not following[0].text.strip():
                    for nested in following[0].tables:
                        apart = self.apart
                        self.table(nested, set(), name)
                        self.apart = apart
                        self.done.add(id(nested))
                    continue
                targets = self._with_leader(cell, role, following)
                self._labelled(table, cell, targets, following, group, years)
                if name in self.index.groups and any(t.order == self.last for t in self._leader(name)):
                    group = name
            if role == VALUE and len(cell.text) <= 90 and re.search("[:：]", cell.text):
                loose = True
            if role == GROUP and following and not self._leader(fold_label(cell.text)):
                loose = True
            elif role == VALUE and (number == 0 or found[number - 1] not in (LABEL, HEAD)) and cell.text.strip():
                loose = True
                if self.awaiting_date and number == 0:
                    self.take_date(cell.text, table.where_cell(cell), cell.confidence)
        if loose:
            self.loose.append(Loose(table, cells, found, group))

    def _owned(self, cells: list[Cell], found: list[str], group: str) -> list[str]:
        """A cell that begins with a label but belongs to the label before it: that one asks for all it holds (供应商联系人及联系方式
        | 姓名：…，电话：…)."""
        out = list(found)
        for number in range(len(cells) - 1):
            if out[number] != LABEL or out[number + 1] != INLINE or cells[number].text.rstrip()[-1:] in ":：":
                continue
            target = self.choose(self.index.exact(cells[number].text), group)
            pair = inline.leading(cells[number + 1].text, self.index)
            if target is not None and target.field.type == "long_text":
                out[number + 1] = VALUE
                continue
            if target is None or pair is None or (not target.field.group and target.field.key in self.values):
                continue
            if all(t.field.part != target.field.part for t in pair.targets):
                out[number + 1] = VALUE
        return out

    def _stranger(self, cells: list[Cell], found: list[str]) -> str:
        """A row about somebody the form does not ask for (财务负责人 | 姓名 | …), named by a cell that is no label."""
        if (
            len(cells) < 3
            or found[0] != VALUE
            or found[1] != LABEL
            or not re.fullmatch(r"\s*[\u4e00-\u9fff/、（）]{2,16}\s*", cells[0].text)
        ):
            return ""
        targets = self.index.exact(cells[1].text)
        people = all(any(self._leader(fold_label(g)) for g in t.field.group) for t in targets)
        return STRANGER if targets and people else ""

    def _with_leader(self, cell: Cell, role: str, following: list[Cell]) -> list[Target]:
        """What a label stands for; one that names people (法人代表, 联系人) and has a value beside it stands for their
        name."""
        targets = self.index.exact(cell.text) if role == LABEL else []
        if not following or not any(c.text.strip() for c in following):
            return targets
        return [*targets, *(t for t in self._leader(fold_label(cell.text)) if t not in targets)]

    def _leader(self, group: str) -> list[Target]:
        """The first field of a group of people, a name."""
        found = self.index.leaders.get(group)
        return [found] if found is not None else []

    def _values_after(self, cells: list[Cell], found: list[str], number: int) -> list[Cell]:
        out = []
        for cell, role in zip(cells[number + 1 :], found[number + 1 :], strict=True):
            if role != VALUE:
                break
            if cell.text.strip() not in ONLY_COLON:
                out.append(cell)
        return out

    def _labelled(
        self,
        table: Table,
        label: Cell,
        targets: list[Target],
        values: list[Cell],
        group: str,
        years: list[tuple[Cell, str]],
    ) -> None:
        if all(t.field.column for t in targets):
            self.by_year(table, label, targets, values, years)
            return
        target = self.choose(targets, group)
        if target is None:
            return
        said = [c for c in values if c.text.strip() or c.pictures]
        value = values[0] if values else None
        if len(said) == 1 and (len(values) <= 2 or said[0] is values[-1] or self.apart):
            value = said[0]  # behind empty cells; with more than one, the first may be another label's words
        if value is None:
            self.labels.setdefault(target.field.key, label.text)
            self.last = target.order
            if target.field.part == "commitment":
                self.awaiting_date = True
            return
        sure = 1.0 if value is values[0] else 0.9
        text = value.text
        if target.field.type in ("choice", "yesno") and len(values) > 1:
            text, sure = " ".join(c.text.strip() for c in values if c.text.strip()), 1.0  # a cell an option
        self.assign(
            target, text, table.where_cell(value), sure * self._sure_of(label) * value.confidence, label.text, value
        )

    def by_year(
        self, table: Table, label: Cell, targets: list[Target], values: list[Cell], years: list[tuple[Cell, str]]
    ) -> None:
        """A row of three years' figures: by the column head above each, else in the order of the years."""
        order = self.years or [fold_label(h) for h in dict.fromkeys(t.field.column[0] for t in targets)]
        named = [
            t
            for t in targets
            if fold_label(label.text) != fold_label(t.field.label) and self._names_year(label.text, t)
        ]
        if len(named) == 1 and values:
            self.assign(
                named[0],
                values[0].text,
                table.where_cell(values[0]),
                self._sure_of(label) * values[0].confidence,
                label.text,
            )
            return
        for number, cell in enumerate(values):
            above = [y for head, y in years if _overlap(head, cell)]
            year = above[0] if len(above) == 1 else None
            sure = 1.0
            text = cell.text
            own = _YEAR_IN_CELL.match(text)
            if own is not None and fold_label(own[1] + "年") in self.index.columns:
                year = self.index.columns[fold_label(own[1] + "年")]
                text = text[own.end() :]
            if year is None:
                if len(values) != len(order):
                    continue
                year = order[number]
                sure = 1.0 if self.years else 0.8
            for target in targets:
                if fold_label(target.field.column[0]) == year:
                    self.assign(
                        target, text, table.where_cell(cell), sure * self._sure_of(label) * cell.confidence, label.text
                    )
        for target in targets:
            self.labels.setdefault(target.field.key, label.text)

    def _sure_of(self, label: Cell) -> float:
        """How sure a label is: one that reads word for word as the form's is that one, however dim the page."""
        return 1.0 if self.index.exact(label.text) else label.confidence

    def _names_year(self, text: str, target: Target) -> bool:
        return any(bare(h)[:4] in text for h in target.field.column)

    def _year_row(self, table: Table, cells: list[Cell], heads: dict[int, tuple[Cell, list[Target]]]) -> None:
        """A row of one year in a table with the years as rows."""
        year = self.index.columns[fold_label(cells[0].text)]
        for cell in cells[1:]:
            for head, targets in heads.values():
                if _overlap(head, cell):
                    for target in targets:
                        if target.field.column and fold_label(target.field.column[0]) == year:
                            self.assign(
                                target, cell.text, table.where_cell(cell), cell.confidence * head.confidence, head.text
                            )

    def _group_row(self, table: Table, cells: list[Cell], heads: dict[int, tuple[Cell, list[Target]]]) -> None:
        """A row of one person in a table with 姓名, 职务, 电话 … as heads."""
        group = fold_label(cells[0].text)
        keys = self.index.groups.get(group, set())
        for cell in cells[1:]:
            for head, targets in heads.values():
                inside = [t for t in targets if t.field.key in keys]
                if inside and _overlap(head, cell):
                    self.assign(
                        inside[0], cell.text, table.where_cell(cell), cell.confidence * head.confidence, head.text
                    )

    def _inline_cell(self, table: Table, cell: Cell, group: str) -> None:
        where = table.where_cell(cell)
        several = inline.pairs(cell.text, self.index)
        if several and several[0].targets[0].field.type == "long_text":
            several = []  # a text with 成立时间：… in it is one text
        if len(several) >= 2 and fold_label(several[0].label) == fold_label(cell.text[: len(several[0].label) + 1]):
            for pair in several:
                self.take_pair(pair, where, cell.confidence, group, None)
            return
        found = inline.leading(cell.text, self.index)
        if found is None and self.index.exact(cell.text):
            found = inline.Pair(cell.text, self.index.exact(cell.text), "", 1.0)
        if found is not None:
            self.take_pair(found, where, cell.confidence, group, cell)

    def take_pair(self, pair: inline.Pair, where: str, confidence: float, group: str, cell: Cell | None) -> None:
        target = self.choose(pair.targets, group)
        same = [t for t in pair.targets if self.holds(t, pair.value)] if len(pair.targets) > 1 else []
        own = target is not None and target.field.part != "cover" and all(t.field.part == "cover" for t in same)
        if same and target not in same and not own:
            target = same[0]  # a second copy of the table
        if target is not None:
            self.assign(target, pair.value, where, confidence * pair.confidence, pair.label, cell)


def _taken_apart(table: Table) -> bool:
    """Whether a table's merged cells were taken apart, the text in the first of them."""
    if table.columns < 5 or any(c.column_span > 1 or c.row_span > 1 for c in table.cells):
        return False
    return sum(1 for c in table.cells if not c.text.strip()) * 3 > len(table.cells)


def with_unit(label: Cell, unit: Cell) -> Cell:
    """A label with the unit that stands in a cell of its own behind it."""
    text = f"{label.text}（{unit.text.strip(' ()（）')}）"
    return Cell(label.row, label.column, label.row_span, label.column_span, text, confidence=label.confidence)


def _overlap(head: Cell, cell: Cell) -> bool:
    """Whether a head and a cell beneath it share more than half of the narrower one's columns."""
    shared = min(head.column + head.column_span, cell.column + cell.column_span) - max(head.column, cell.column)
    return shared * 2 > min(head.column_span, cell.column_span)
