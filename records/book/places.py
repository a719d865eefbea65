"""A value of a record by the name that the book has for its place: a field's or chapter's key, or ``table.row.column``."""

from __future__ import annotations

from records.models import Record, Value


def value_at(record: Record, place: str) -> Value | None:
    """The value at a place (rows from 1), None where the record has none such."""
    found = record.get(place)
    if found is not None:
        return found
    table, number, column = parts(place)
    rows = record.tables.get(table, [])
    return rows[number - 1].get(column) if 1 <= number <= len(rows) else None


def parts(place: str) -> tuple[str, int, str]:
    """Table, row from 1 (0: it is none) and column."""
    table, _, rest = place.partition(".")
    number, _, column = rest.partition(".")
    return table, int(number) if number.isdecimal() else 0, column


def as_read(value: Value) -> str:
    """The text as the machine read it, whatever a person reads there."""
    return value.raw if value.read_as is None else value.read_as
