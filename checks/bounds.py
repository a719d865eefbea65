"""What rules are given of a document: no more of a value than its field can hold many times over.

The place before the rules: what is beyond is cut here, once and for every rule, and told of as :class:`Cut`. A file
that puts 60,000 digits into 环节 then costs what any other costs, and nobody takes a part of a text for the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from catalog.forms import Form, ValueType
from catalog.models import Catalog
from checks.meaning.answers import label_of
from records.models import CERTAIN, Note, Reading, Record, Row, Value
from records.numbers import held

MOST: dict[ValueType, int] = {
    "text": 10_000,
    "long_text": 50_000,
    "instances": 50_000,
    "code": 1_000,
    "date": 1_000,
    "period": 1_000,
    "percent": 1_000,
    "money": 1_000,
    "number": 1_000,
    "choice": 5_000,
    "choices": 5_000,
    "yesno": 5_000,
    **dict.fromkeys(("phone", "mobile", "email", "url", "uscc", "id_number", "postcode"), 1_000),
}
"""Characters of a value by its type. The longest of the samples: a cell 408, a long text 588, of the others 47."""
MOST_CHAPTER = 200_000
LIMITS = 20
"""Times the limit that the form itself sets, where that is more."""
MOST_ROWS = 5_000
MOST_LISTED = 2_000
"""Entries of a cell that lists scene instances (附件4)."""
_MOST_NOTED = 2_000
_LISTED = 3
_NO_VALUES = ("文件", "全文")
"""What a rule says it reads where it looks at no value: lines are not cut."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A value (or, ``row`` None and the key a table's, the rows) of which rules see the beginning alone."""

    key: str
    row: int | None
    label: str
    length: int
    kept: int
    unit: str = "字"

    def words(self) -> str:
        place = f"{self.label}第{self.row}行" if self.row is not None else self.label
        return f"{place}有{self.length}{self.unit}，只核对前{self.kept}{self.unit}"

    def concerns(self, reads: Sequence[str]) -> bool:
        """Whether a rule that says it reads these looks at this value."""
        return any(self._is(read) for read in reads)

    def _is(self, read: str) -> bool:
        if not read.isascii():  # 各章, scenes各文字栏: several together
            return not read.startswith(_NO_VALUES)
        table = self.key.partition(".")[0]
        return fnmatchcase(self.key, read) or read == table or (self.key == table and read.startswith(f"{table}."))


def told(cuts: Sequence[Cut]) -> str:
    """What was cut, in words; of many the first."""
    more = f"等{len(cuts)}处" if len(cuts) > _LISTED else ""
    return "；".join(c.words() for c in cuts[:_LISTED]) + more


def within(catalog: Catalog, reading: Reading) -> tuple[Reading, tuple[Cut, ...]]:
    """The reading as rules may see it, and what was cut; the reading itself where nothing was."""
    record = reading.record
    bounds = _Bounds(catalog.forms.get(record.form))
    fields = bounds.values(record.fields, None)
    sections = bounds.values(record.sections, None)
    tables = {key: bounds.rows(key, rows) for key, rows in record.tables.items()}
    notes = [_note(n) for n in record.notes]
    pairs: list[tuple[Any, Any]] = [(fields, record.fields), (sections, record.sections)]
    pairs += [(tables[key], rows) for key, rows in record.tables.items()] + list(zip(notes, record.notes, strict=True))
    if all(new is old for new, old in pairs):
        return reading, ()
    bounded: Record = record.model_copy(
        update={"fields": fields, "sections": sections, "tables": tables, "notes": notes}
    )
    return reading.model_copy(update={"record": bounded}), tuple(bounds.cuts)


class _Bounds:
    """Cuts a record's values; ``cuts`` is what it cut, in the record's order."""

    def __init__(self, form: Form | None) -> None:
        self._form = form
        self.cuts: list[Cut] = []

    def values(self, held: Row, row: int | None, table: str = "") -> Row:
        changed = {key: cut for key, value in held.items() if (cut := self._value(key, value, row, table)) is not value}
        return {**held, **changed} if changed else held

    def rows(self, table: str, rows: list[Row]) -> list[Row]:
        kept = rows
        if len(rows) > MOST_ROWS:
            kept = rows[:MOST_ROWS]
            self.cuts.append(Cut(table, None, label_of(self._form, table), len(rows), MOST_ROWS, "行"))
        found = [self.values(row, number, table) for number, row in enumerate(kept, 1)]
        same = len(found) == len(rows) and all(new is old for new, old in zip(found, rows, strict=True))
        return rows if same else found

    def _value(self, key: str, value: Value, row: int | None, table: str) -> Value:
        typed = value.value
        if type(typed) is int or type(typed) is float:
            typed = typed if held(typed) is not None else None
        size = max(len(value.raw), len(typed) if type(typed) is str else 0)
        if size < _SMALLEST and typed is value.value and type(typed) is not list:
            return value
        whole = f"{table}.{key}" if table else key
        most = bound(self._form, table, key)
        raw = value.raw
        if size > most:
            typed, raw = typed[:most] if type(typed) is str else typed, raw[:most]
            self.cuts.append(Cut(whole, row, label_of(self._form, whole), size, most))
        if type(typed) is list:
            typed = self._list(whole, typed, row)
        if typed is value.value and raw is value.raw:
            return value
        doubt = value.value is not None and typed is None
        sure = min(value.confidence, CERTAIN / 2) if doubt else value.confidence
        return value.model_copy(update={"value": typed, "raw": raw, "confidence": sure})

    def _list(self, key: str, items: list[Any], row: int | None) -> list[Any]:
        if len(items) > MOST_LISTED:
            self.cuts.append(Cut(key, row, label_of(self._form, key), len(items), MOST_LISTED, "项"))
        kept = [_item(item, MOST["text"]) for item in items[:MOST_LISTED]]
        return kept if kept != items else items


def bound(form: Form | None, table: str, key: str) -> int:
    """Characters of a value that rules see: of a column of ``table``, or with ``table`` "" of a field or chapter."""
    if form is None:
        return MOST["text"]
    if not table and form.field(key) is None:
        section = form.section(key)
        return max(MOST_CHAPTER, LIMITS * (section.limit or 0) if section else 0)
    found = form.field(key)
    if table:
        whole = form.table(table)
        column = next((c for c in whole.columns if c.key == key), None) if whole else None
        return max(MOST[column.type], LIMITS * (column.limit or 0)) if column else MOST["text"]
    return max(MOST[found.type], LIMITS * (found.limit or 0)) if found else MOST["text"]


_SMALLEST = min(MOST.values())


def _item(item: Any, most: int) -> Any:
    """An entry of a list of instances, its texts cut."""
    if isinstance(item, dict):
        return {k: v[:most] if isinstance(v, str) else v for k, v in item.items()}
    return item[:most] if isinstance(item, str) else item


def _note(note: Note) -> Note:
    if max(len(note.message), len(note.evidence), len(note.where)) <= _MOST_NOTED:
        return note
    texts: Iterator[tuple[str, str]] = ((key, getattr(note, key)) for key in ("message", "evidence", "where"))
    return note.model_copy(update={key: text[:_MOST_NOTED] for key, text in texts})
