"""The answer to a label among the cells beside it: which of them, and of figures by year which year's each is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from catalog.forms import BOXED
from extractors.document.doubts import (
    LABEL_OUT_OF_TURN,
    LABEL_WRITTEN_OVER,
    NOTE_OR_FIGURE,
    PIECED_TOGETHER,
    VALUE_APART,
    YEAR_BY_ORDER,
    Doubts,
    together,
)
from extractors.document.model import Cell, Table
from extractors.fitting import inline_labels as inline
from extractors.fitting.candidates import of_label
from extractors.fitting.fields.answers import Answers
from extractors.fitting.fields.split_answers import (
    in_pieces,
    is_unit,
    of_several,
    one_a_year,
    overlap,
    place_in_pieces,
    unit_aside,
)
from extractors.fitting.labels import LabelIndex, Target, bare, fold_label
from extractors.fitting.settings import ANSWERS
from records.signs import TICKED, UNTICKED

_YEAR_IN_CELL = re.compile(r"\s*+((?:[1１][9９]|[2２][0０])\d{2})\s*+年?度?\s*+[:：]")
_BEHIND_BRACKET = re.compile(r"[)）]\s*+\d{1,2}\s*+$")
_YEAR = 4
"""Digits of a year."""
_PAIR = 2
"""A figure and its unit, or the blank rest of a label's cell and the answer."""


@dataclass(slots=True)
class BesideFitter:
    """Takes the cells beside labels."""

    index: LabelIndex
    answers: Answers
    years: list[str] = field(default_factory=list)
    """The years of the head met last, for rows in a table without one,"""
    unit: str = ""
    """and the unit of their amounts."""

    def labelled(
        self,
        table: Table,
        label: Cell,
        targets: list[Target],
        values: list[Cell],
        group: str,
        years: list[tuple[Cell, str]],
        *,
        apart: bool,
    ) -> None:
        """Take what stands beside a label. ``years`` are the heads of the table's columns of years; ``apart``: its merged cells
        were taken apart, an answer may stand behind any number of empty ones."""
        if len(values) > 1 and any(t.field.unit for t in targets):
            label, values = unit_aside(label, values)
        if all(t.field.column for t in targets):
            self.by_year(table, label, targets, values, years)
            return
        target = self.answers.choose(targets, group)
        if target is None:
            return
        turn: Doubts = (LABEL_OUT_OF_TURN,) if self.answers.out_of_turn(target, targets, group) else ()
        if not values:
            self.answers.met(target, label.text)
            self.answers.awaiting_date = self.answers.awaiting_date or target.field.part == "commitment"
            return
        value, text, doubts = _answer(table, target, values, apart=apart)
        if not text.strip() and target.field.type in inline.FIGURES and _BEHIND_BRACKET.search(label.text):
            doubts = together(doubts, (NOTE_OR_FIGURE,))
        doubts = together(turn, doubts, self._about(label), value.doubts)
        self.answers.assign(target, text, table.where_cell(value), doubts, label.text, value)

    def written_over(self, table: Table, group: str, answers: list[Cell]) -> bool:
        """Whether the cells beside a word over several items are their answers, each written over the label that its cell printed
        (所属行业 | C 制造业 | 34 通用设备制造业 | …): in the order of the form, then. They are taken."""
        keys = self.index.groups.get(group, set())
        items = [Target(f, n) for n, f in enumerate(self.index.form.fields) if f.key in keys]
        met = any(t.field.key in self.answers.labels for t in items)
        printed = all(self.index.in_label[t.field.key] for t in items)
        if met or not printed or not ANSWERS.several <= len(items) == len(answers):
            return False
        if not all(c.text.strip() for c in answers) or any(
            sign in c.text for c in answers for sign in TICKED + UNTICKED
        ):
            return False
        for target, cell in zip(items, answers, strict=True):
            doubts = together((LABEL_WRITTEN_OVER,), cell.doubts)
            self.answers.assign(target, cell.text, table.where_cell(cell), doubts, target.field.label, cell)
        return True

    def by_year(
        self, table: Table, label: Cell, targets: list[Target], values: list[Cell], years: list[tuple[Cell, str]]
    ) -> None:
        """A row of three years' figures: by the column head above each, else in the order of the years."""
        named = [t for t in targets if fold_label(label.text) != fold_label(t.field.label) and _names_year(label, t)]
        if len(named) == 1 and values:
            doubts = together(self._about(label), values[0].doubts)
            self.answers.assign(named[0], values[0].text, table.where_cell(values[0]), doubts, label.text)
            return
        if not years and self.years:
            self.answers.unit = self.answers.unit or self.unit
        order = self.years or [fold_label(h) for h in dict.fromkeys(t.field.column[0] for t in targets)]
        spare = len(values) - len(order)
        if not years and spare > 0 and not any(c.text.strip() for c in values[:spare]):
            values = values[spare:]  # empty cells where the label's was merged
        chosen: Doubts = ()
        if len(values) > len(years) > 1:
            values, chosen = one_a_year(table, values, years)
        for number, cell in enumerate(values):
            year, text = self._year_of(cell, years)
            doubts = together(chosen, self._about(label), cell.doubts)
            if year is None:
                if len(values) != len(order):
                    continue
                year = order[number]
                doubts = doubts if self.years else together(doubts, (YEAR_BY_ORDER,))
            for target in targets:
                if fold_label(target.field.column[0]) == year:
                    self.answers.assign(target, text, table.where_cell(cell), doubts, label.text)
        for target in targets:
            self.answers.labels.setdefault(target.field.key, label.text)

    def _year_of(self, cell: Cell, years: list[tuple[Cell, str]]) -> tuple[str | None, str]:
        """The year that a figure says itself or that stands over it, None where neither tells; and the figure."""
        own = _YEAR_IN_CELL.match(cell.text)
        year = self.index.columns.get(fold_label(own[1] + "年")) if own is not None else None
        if own is not None and year is not None:
            return year, cell.text[own.end() :]
        above = [y for head, y in years if overlap(head, cell)]
        return (above[0] if len(above) == 1 else None), cell.text

    def _about(self, label: Cell) -> Doubts:
        """The doubts about a label: one that reads word for word as the form's is that one, however dim the page."""
        return () if not label.doubts or self.index.exact(label.text) else of_label(label)


def _names_year(label: Cell, target: Target) -> bool:
    return any(bare(h)[:_YEAR] in label.text for h in target.field.column)


def _answer(table: Table, target: Target, values: list[Cell], *, apart: bool) -> tuple[Cell, str, Doubts]:
    """The cell that answers a label, the text of the answer, and what is doubtful about the choice."""
    item = target.field
    said = [c for c in values if c.text.strip() or c.pictures]
    value = values[0]
    whose: Doubts = ()
    if len(said) == 1 and (len(values) <= _PAIR or said[0] is values[-1] or apart):
        value = said[0]  # behind empty cells; with more than one, the first may be another label's words
    elif len(said) == 1 and said[0] is not value:
        whose = (VALUE_APART,)  # whose words those are, a person must see
    which: Doubts = () if value is values[0] else (VALUE_APART,)
    if len(said) > 1 and item.type in inline.FIGURES:
        value, which = of_several(table, item, said, value)
    text = value.text
    if len(said) > 1:
        address = place_in_pieces(said) if item.type == "text" else ""
        text = address or in_pieces(item, said) or text
        which = (PIECED_TOGETHER,) if address else which
    if item.type in BOXED and len(values) > 1:
        text, which = " ".join(c.text.strip() for c in values if c.text.strip()), ()  # a cell an option
    elif item.unit and len(values) == _PAIR and text.strip()[-1:].isdigit() and is_unit(values[1]):
        text = f"{text.strip()}{values[1].text.strip(' ()（）')}"
    return value, text, together(whose, which)
