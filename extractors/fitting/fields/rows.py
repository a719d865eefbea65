"""Fits the fields of a form in tables: label and value beside, beneath or within one another, years and people as rows or
columns, labels split over cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extractors.document.doubts import (
    HEADS_IN_TABLE_BEFORE,
    LABEL_OUT_OF_TURN,
    PIECED_TOGETHER,
    ROW_RAGGED,
    VALUE_APART,
    YEAR_BY_ORDER,
    Doubts,
    together,
)
from extractors.document.grid import Grid
from extractors.document.model import Cell, Table
from extractors.fitting import inline_labels as inline
from extractors.fitting.candidates import Candidate, of_label
from extractors.fitting.cell_roles import GROUP, HEAD, INLINE, LABEL, VALUE
from extractors.fitting.fields.row_shape import RowShape
from extractors.fitting.fields.split_answers import (
    UNITS_ROW,
    in_pieces,
    is_unit,
    of_several,
    one_a_year,
    overlap,
    place_in_pieces,
    unit_aside,
    with_unit,
    with_units,
)
from extractors.fitting.fields.values import STRANGER
from extractors.fitting.labels import Target, bare, fold_label
from extractors.fitting.values import UNIT_LINE, unit_stated
from records import normalise

_YEAR_IN_CELL = re.compile(r"\s*((?:19|20)\d{2})\s*年?度?\s*[:：]")


@dataclass(slots=True)
class Loose:
    """A row in which values were left without a label, for the fuzzy pass."""

    table: Table
    cells: list[Cell]
    roles: list[str]
    group: str


@dataclass(slots=True)
class RowFitter(RowShape):
    """Reads the rows of tables that no form table took."""

    years: list[str] = field(default_factory=list)
    """The years of the head met last, for rows in a table without one."""
    loose: list[Loose] = field(default_factory=list)
    done: set[int] = field(default_factory=set)
    """Nested tables that were read under the label beside them."""
    unit_above: str = ""
    """The unit that a line above the next table states for its amounts."""
    matrix: dict[int, tuple[Cell, list[Target]]] = field(default_factory=dict)
    """The heads of the last table's columns, where its rows are years or people: a table cut in two goes on beneath them."""
    apart: bool = False
    """The table being read had its merged cells taken apart: many cells, most of them empty."""

    def table(self, table: Table, skip: set[int], group: str = "") -> None:
        """Read the rows of a table that no form table took (``skip``)."""
        grid = Grid.of(table)
        self.apart = _taken_apart(table)
        self.unit, self.unit_above = self.unit_above, ""
        self.strangers, self.blocks = set(), []
        years: list[tuple[Cell, str]] = []
        heads = self._cut_off(grid)
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
                self.unit = unit_stated(cells[0].text) or self.unit
                continue
            if len(cells) <= 2 and UNIT_LINE.fullmatch(cells[0].text.strip()):
                self.unit = unit_stated(cells[0].text)
                continue
            found = self._roles(cells)
            if HEAD in found and INLINE not in found and found.count(HEAD) >= 2:
                years = [
                    (c, self.index.columns[fold_label(c.text)]) for c, r in zip(cells, found, strict=True) if r == HEAD
                ]
                self.years = [y for _, y in years]
                stated = [unit_stated(c.text) for c, r in zip(cells, found, strict=True) if r == HEAD or c is cells[0]]
                self.unit = next(filter(None, stated), self.unit)
                continue
            if self._full_width_group(cells, found, table, grid.rows.get(row + 1, [])):
                held = fold_label(cells[0].text)
                continue
            spanning = self._spanning_group(grid, row)
            current = spanning or self._further_person(cells) or self._row_group(cells, found) or held
            if spanning == "" and held and not self._in_group(cells, found, held):
                held = current = ""
            if self._text_beneath(table, grid, row, cells, found, current):
                skip = skip | {row + 1}
                continue
            if found.count(LABEL) > 1 and (under := grid.rows.get(row + 1)) and under[0].text.strip() in UNITS_ROW:
                heads = {c.column: (u, self.index.exact(c.text)) for c, u in with_units(cells, found, under)}
                skip = skip | {row + 1}
                continue
            found = self._headed(grid, row, cells, found)
            if self._below(grid, row, cells, found) or self._alone_beneath(grid, row, cells, found):
                heads = self._take_below(table, grid, row, cells, found, current)
                under = grid.rows.get(row + 1, [])
                if heads and not self._matrix_beneath(cells, found, under, self._roles(under)):
                    skip = skip | {row + 1}
                continue
            if self._beside_merged(table, grid, row, cells, found, years):
                continue
            if not self._is_matrix_row(cells, found):
                heads = {}
            self._row(table, cells, found, current, years, heads)
        self.matrix = heads or self._heads_at_end(table, grid)

    def _cut_off(self, grid: Grid) -> dict[int, tuple[Cell, list[Target]]]:
        """The heads that stand in the table before, each over the cell it belongs to, where this one begins with a row of
        theirs. The two need not have the same grid."""
        first = grid.rows.get(1, [])
        if not self.matrix or len(first) != len(self.matrix) + 1 or not self._is_matrix_row(first, self._roles(first)):
            return {}
        heads = (head for _, head in sorted(self.matrix.items()))
        return {
            c.column: (
                Cell(1, c.column, 1, c.column_span, head.text, doubts=together(head.doubts, (HEADS_IN_TABLE_BEFORE,))),
                targets,
            )
            for c, (head, targets) in zip(first[1:], heads, strict=True)
        }

    def _heads_at_end(self, table: Table, grid: Grid) -> dict[int, tuple[Cell, list[Target]]]:
        """The last row as heads, where it holds nothing but labels of figures by year."""
        labels = [(c, self.index.exact(c.text)) for c in grid.rows.get(table.rows, [])]
        by_year = [(c, t) for c, t in labels if t and all(x.field.column for x in t)]
        whole = len(by_year) >= 2 and len(by_year) >= len(labels) - 1
        return {c.column: (c, targets) for c, targets in by_year} if whole else {}

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
            self.values[target.field.key] = held._replace(
                value=f"{held.value}\n{normalise.fold_long(text)}", raw=f"{held.raw} {normalise.fold(text)}"
            )
        return True

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
        doubts = together(of_label(cells[0]), beneath[0].doubts)
        self.assign(target, beneath[0].text, table.where_cell(beneath[0]), doubts, cells[0].text, beneath[0])
        return True

    def _take_below(
        self, table: Table, grid: Grid, row: int, cells: list[Cell], found: list[str], group: str
    ) -> dict[int, tuple[Cell, list[Target]]]:
        under = grid.rows.get(row + 1, [])
        labels = [(c, self.index.exact(c.text)) for c, r in zip(cells, found, strict=True) if r in (LABEL, INLINE)]
        if self._matrix_beneath(cells, found, under, self._roles(under)):
            self.unit = unit_stated(cells[0].text) or self.unit
            for _, targets in labels:
                for target in targets:
                    self.labels.setdefault(target.field.key, target.field.label)
            return {c.column: (c, targets) for c, targets in labels}
        taken: dict[int, tuple[Cell, list[Target]]] = {}
        lone = len(labels) < len(cells) and self._each_has_room(cells, found)
        ragged = (ROW_RAGGED,) if lone or grid.end(row + 1) < grid.end(row) else ()
        for cell, targets in labels:
            value = grid.at(row + 1, cell.column)
            chosen = self.choose(targets, group)
            if value is not None and chosen is not None:
                doubts = together(ragged, of_label(cell), value.doubts)
                self.assign(chosen, value.text, table.where_cell(value), doubts, cell.text, value)
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
        if group == STRANGER and cells[0].row_span > 1:
            self.strangers.add((cells[0].row, cells[0].column))
        found = self._owned(cells, found, group)
        beside = self._people_beside(cells, found)
        for number, (cell, role) in enumerate(zip(cells, found, strict=True)):
            following = self._values_after(cells, found, number)
            if role == LABEL and beside:
                group = next((g for column, g in reversed(self.blocks) if column <= cell.column), group)
            if role == LABEL and len(following) > 1 and is_unit(following[0]):
                cell, following = with_unit(cell, following[0]), following[1:]
            if role == INLINE and self._answered_beside(cell, following):
                self._labelled(table, cell, self.index.exact(cell.text), following, group, years)
            elif role == INLINE:
                self._inline_cell(table, cell, group)
            elif role in (LABEL, GROUP):
                name = fold_label(cell.text)
                people = bool(self._leader(name)) and (role == GROUP or name in self.index.groups)
                if (people or role == GROUP) and following and following[0].tables and not following[0].text.strip():
                    for nested in following[0].tables:
                        apart, unit, strangers = self.apart, self.unit, self.strangers
                        self.table(nested, set(), name)
                        self.apart, self.unit, self.strangers = apart, unit, strangers
                        self.done.add(id(nested))
                    continue
                targets = self._with_leader(cell, role, following)
                if role == LABEL and not people and self.of_another(cell.text, targets, group):
                    continue
                self._labelled(table, cell, targets, following, group, years)
                if role == GROUP and people and number:
                    group = name  # a second person beside the first
                if name in self.index.groups and any(t.order == self.last for t in self._leader(name)):
                    group = name
            if role == VALUE and len(cell.text) <= 90 and re.search("[:：]", cell.text):
                loose = True
            if role == GROUP and following and not self._leader(fold_label(cell.text)):
                loose = True
            elif role == VALUE and (number == 0 or found[number - 1] not in (LABEL, HEAD)) and cell.text.strip():
                loose = True
                if self.awaiting_date and number == 0:
                    self.take_date(cell.text, table.where_cell(cell), cell.doubts)
        if loose:
            self.loose.append(Loose(table, cells, found, group))
        if len(cells) == 1 and found[0] == LABEL and cells[0].text.lstrip()[:1] in ("(", "（"):
            self._left_blank(table, cells[0])

    def _left_blank(self, table: Table, cell: Cell) -> None:
        """A row of one cell with nothing but its label in brackets （其他成效指标）: the answer would stand behind it."""
        meant = next((t.field for t in self.index.exact(cell.text) if t.field.key not in self.values), None)
        if meant is not None and meant.type == "text" and cell.column + cell.column_span > table.columns:
            self.values[meant.key] = Candidate(where=table.where_cell(cell), doubts=cell.doubts)

    def _labelled(
        self,
        table: Table,
        label: Cell,
        targets: list[Target],
        values: list[Cell],
        group: str,
        years: list[tuple[Cell, str]],
    ) -> None:
        if len(values) > 1 and any(t.field.unit for t in targets):
            label, values = unit_aside(label, values)
        if all(t.field.column for t in targets):
            self.by_year(table, label, targets, values, years)
            return
        target = self.choose(targets, group)
        if target is None:
            return
        doubts: Doubts = (LABEL_OUT_OF_TURN,) if self.out_of_turn(target, targets, group) else ()
        said = [c for c in values if c.text.strip() or c.pictures]
        value = values[0] if values else None
        if len(said) == 1 and (len(values) <= 2 or said[0] is values[-1] or self.apart):
            value = said[0]  # behind empty cells; with more than one, the first may be another label's words
        elif len(said) == 1 and said[0] is not value:
            doubts = together(doubts, (VALUE_APART,))  # whose words those are, a person must see
        if value is None:
            self.labels.setdefault(target.field.key, label.text)
            self.last = target.order
            if target.field.part == "commitment":
                self.awaiting_date = True
            return
        place: Doubts = () if value is values[0] else (VALUE_APART,)
        if len(said) > 1 and target.field.type in ("percent", "number", "money"):
            value, place = of_several(table, target.field, said, value)
        text = value.text
        if len(said) > 1:
            address = place_in_pieces(said) if target.field.type == "text" else ""
            text = address or in_pieces(target.field, said) or text
            place = (PIECED_TOGETHER,) if address else place
        if target.field.type in ("choice", "yesno") and len(values) > 1:
            text, place = " ".join(c.text.strip() for c in values if c.text.strip()), ()  # a cell an option
        elif target.field.unit and len(values) == 2 and text.strip()[-1:].isdigit() and is_unit(values[1]):
            text = f"{text.strip()}{values[1].text.strip(' ()（）')}"
        self.assign(
            target,
            text,
            table.where_cell(value),
            together(doubts, place, self._about(label), value.doubts),
            label.text,
            value,
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
                together(self._about(label), values[0].doubts),
                label.text,
            )
            return
        spare = len(values) - len(order)
        if not years and spare > 0 and not any(c.text.strip() for c in values[:spare]):
            values = values[spare:]  # empty cells where the label's was merged
        values, chosen = one_a_year(table, values, years) if len(values) > len(years) > 1 else (values, ())
        for number, cell in enumerate(values):
            above = [y for head, y in years if overlap(head, cell)]
            year = above[0] if len(above) == 1 else None
            doubts = together(chosen, self._about(label), cell.doubts)
            text = cell.text
            own = _YEAR_IN_CELL.match(text)
            if own is not None and fold_label(own[1] + "年") in self.index.columns:
                year = self.index.columns[fold_label(own[1] + "年")]
                text = text[own.end() :]
            if year is None:
                if len(values) != len(order):
                    continue
                year = order[number]
                if not self.years:
                    doubts = together(doubts, (YEAR_BY_ORDER,))
            for target in targets:
                if fold_label(target.field.column[0]) == year:
                    self.assign(target, text, table.where_cell(cell), doubts, label.text)
        for target in targets:
            self.labels.setdefault(target.field.key, label.text)

    def _about(self, label: Cell) -> Doubts:
        """The doubts about a label: one that reads word for word as the form's is that one, however dim the page."""
        return () if not label.doubts or self.index.exact(label.text) else of_label(label)

    def _names_year(self, text: str, target: Target) -> bool:
        return any(bare(h)[:4] in text for h in target.field.column)

    def _year_row(self, table: Table, cells: list[Cell], heads: dict[int, tuple[Cell, list[Target]]]) -> None:
        """A row of one year in a table with the years as rows."""
        year = self.index.columns[fold_label(cells[0].text)]
        for cell in cells[1:]:
            for head, targets in heads.values():
                if overlap(head, cell):
                    for target in targets:
                        if target.field.column and fold_label(target.field.column[0]) == year:
                            self.assign(
                                target,
                                cell.text,
                                table.where_cell(cell),
                                together(cell.doubts, of_label(head)),
                                head.text,
                            )

    def _group_row(self, table: Table, cells: list[Cell], heads: dict[int, tuple[Cell, list[Target]]]) -> None:
        """A row of one person in a table with 姓名, 职务, 电话 … as heads."""
        group = fold_label(cells[0].text)
        keys = self.index.groups.get(group, set())
        for cell in cells[1:]:
            for head, targets in heads.values():
                inside = [t for t in targets if t.field.key in keys]
                if inside and overlap(head, cell):
                    self.assign(
                        inside[0], cell.text, table.where_cell(cell), together(cell.doubts, of_label(head)), head.text
                    )

    def _inline_cell(self, table: Table, cell: Cell, group: str) -> None:
        where = table.where_cell(cell)
        several = inline.pairs(cell.text, self.index)
        if several and several[0].targets[0].field.type == "long_text":
            several = []  # a text with 成立时间：… in it is one text
        if len(several) >= 2 and fold_label(several[0].label) == fold_label(cell.text[: len(several[0].label) + 1]):
            for pair in several:
                self.take_pair(pair, where, cell.doubts, group, None)
            return
        found = inline.leading(cell.text, self.index)
        if found is None and self.index.exact(cell.text):
            found = inline.Pair(cell.text, self.index.exact(cell.text), "")
        if found is not None:
            self.take_pair(found, where, cell.doubts, group, cell)

    def take_pair(self, pair: inline.Pair, where: str, doubts: Doubts, group: str, cell: Cell | None) -> None:
        target = self.choose(pair.targets, group)
        same = [t for t in pair.targets if self.holds(t, pair.value)] if len(pair.targets) > 1 else []
        own = target is not None and target.field.part != "cover" and all(t.field.part == "cover" for t in same)
        if same and target not in same and not own:
            target = same[0]  # a second copy of the table
        if target is not None:
            self.assign(target, pair.value, where, together(doubts, pair.doubts), pair.label, cell)


def _taken_apart(table: Table) -> bool:
    """Whether a table's merged cells were taken apart, the text in the first of them."""
    if table.columns < 5 or any(c.column_span > 1 or c.row_span > 1 for c in table.cells):
        return False
    return sum(1 for c in table.cells if not c.text.strip()) * 3 > len(table.cells)
