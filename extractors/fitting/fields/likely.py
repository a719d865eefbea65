"""What exact labels did not give: reworded labels, by their likeness or borne out by the value beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from catalog.forms import BOUNDED, CODES, OPTIONED, PHONES
from extractors.document.doubts import LABEL_FUZZY, LABEL_WRITTEN_OVER, together
from extractors.document.model import Cell
from extractors.fitting.candidates import of_label
from extractors.fitting.cell_roles import GROUP, HEAD, LABEL, VALUE
from extractors.fitting.fields.answers import Answers
from extractors.fitting.fields.beside import BesideFitter
from extractors.fitting.fields.row_shape import Row
from extractors.fitting.fields.rows import Loose
from extractors.fitting.fields.split_answers import is_unit, with_unit
from extractors.fitting.labels import LabelIndex, Target
from extractors.fitting.settings import ANSWERS
from extractors.fitting.values import make

_SHOWN_BY_VALUE = BOUNDED | CODES | PHONES | {"yesno", "email", "url"}
_WRITTEN = CODES | PHONES | {"email", "url"}
_NOTE = re.compile(r"\s*(?:[*＊]|备?注|说明|[(（]?[一二三四五六七八九十]{1,2}[)）、])")
_COLON = re.compile("[:：]")

Near = tuple[Cell, list[Cell], list[Target]]
"""A reworded label, the cells beside it, and what it may stand for."""


def take_likely(loose: Iterable[Loose], answers: Answers, beside: BesideFitter) -> None:
    """Give the fields whose labels were not met what is left in ``loose`` rows: first under labels nearly the form's, then under
    those that their values bear out (boxes with a choice's own options, a date, a percentage). None of it is certain."""
    rows = list(loose)
    fields = answers.index.form.fields
    missing = {f.key for f in fields if f.key not in answers.labels and not f.after_option}
    for nearly in (True, False):
        for row in rows:
            if not missing:
                return
            for near in _near(row.row, answers.index, missing, nearly=nearly):
                _take(row, near, answers, beside, missing)
    for row in rows:
        _take_alone(row, answers, missing)


def _take(row: Loose, near: Near, answers: Answers, beside: BesideFitter, missing: set[str]) -> None:
    label, values, targets = near
    answers.unit = row.unit
    if all(t.field.column for t in targets) and len(values) > 1:
        beside.by_year(row.table, label, targets, values, [])
        missing.difference_update(t.field.key for t in targets)
        return
    target = answers.choose(targets, row.group)
    if target is None or target.field.key not in missing:
        return
    doubts = together((LABEL_FUZZY,), of_label(label), values[0].doubts)
    answers.assign(target, values[0].text, row.table.where_cell(values[0]), doubts, label.text, values[0])
    missing.discard(target.field.key)


def _take_alone(row: Loose, answers: Answers, missing: set[str]) -> None:
    """The only text in a row right behind figures: the one further item of their part, written over its printed label
    （其他成效指标）."""
    fields, cells = answers.index.form.fields, row.row.cells
    if len(cells) != 1 or row.last < 0 or fields[row.last].type not in BOUNDED or _NOTE.match(cells[0].text):
        return
    part = fields[row.last].part
    left = [Target(f, n) for n, f in enumerate(fields) if f.part == part and f.type == "text" and f.key in missing]
    if len(left) == 1 and re.search(r"\d", cells[0].text):
        doubts = together((LABEL_WRITTEN_OVER,), cells[0].doubts)
        answers.values.pop(left[0].field.key, None)  # the blank of a like label of another part
        answers.assign(left[0], cells[0].text, row.table.where_cell(cells[0]), doubts, left[0].field.label, cells[0])
        missing.discard(left[0].field.key)


def _near(row: Row, index: LabelIndex, missing: set[str], *, nearly: bool) -> Iterator[Near]:
    for number, (cell, role) in enumerate(row.pairs()):
        if nearly and role == VALUE and _COLON.search(cell.text):
            yield from _near_inline(cell, index, missing)
        if role not in (VALUE, GROUP) or (number and row.roles[number - 1] in (LABEL, HEAD)):
            continue
        label, rest = cell, row.values_after(number)
        rest = [c for c in rest if c.text.strip()] or rest
        if len(rest) > 1 and is_unit(rest[0]):
            label, rest = with_unit(cell, rest[0]), rest[1:]
        if not rest or not label.text.strip():
            continue
        targets = index.fuzzy(label.text, missing) if nearly else _borne_out(label, rest[0], index, missing)
        if targets:
            yield label, rest, targets


def _near_inline(cell: Cell, index: LabelIndex, missing: set[str]) -> Iterator[Near]:
    """A reworded label with its value in one cell (订单准时交付率：23)."""
    label, _, value = cell.text.replace("：", ":").partition(":")
    targets = index.fuzzy(label, missing) if "\n" not in label.strip() and value.strip() else []
    if targets:
        place = (cell.row, cell.column, cell.row_span, cell.column_span)
        yield Cell(*place, label, doubts=cell.doubts), [Cell(*place, value, doubts=cell.doubts)], targets


def _borne_out(label: Cell, value: Cell, index: LabelIndex, missing: set[str]) -> list[Target]:
    """The missing field that a value shows by itself: a choice whose options stand in it; or of a label somewhat like
    the field's, a yes or no, a date, a period, a percentage, an amount."""
    for number, item in enumerate(index.form.fields):
        shown = sum(1 for o in item.options if o in value.text)
        if item.key in missing and item.type in OPTIONED and shown >= min(ANSWERS.options + 1, len(item.options)):
            return [Target(item, number)]
    for target in index.likely(label.text, missing):
        item = target.field
        if item.type in _SHOWN_BY_VALUE:
            found = make(item, value.text, "", unit=item.unit)
            written = item.type not in _WRITTEN or re.search(r"\d|@", str(found.value))
            if found.value is not None and written:
                return [target]
    return []
