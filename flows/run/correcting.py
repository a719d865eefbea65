"""Values as people read them, put where the machine read others: the rules run with them, and what the machine read stays beside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from catalog.models import Catalog
from checks.meaning.versions import application_id
from extractors.fitting.values import typed
from records.book.places import parts, value_at
from records.book.state import Correction, Present
from records.models import Record, Submission, Value


def corrected(catalog: Catalog, submissions: Sequence[Submission], state: Present) -> list[Submission]:
    """The submissions with people's corrections that still hold: those whose place in the file says what it said then."""
    by_office: dict[str, dict[str, list[Correction]]] = {}
    for office, decided in state.offices.items():
        found = by_office.setdefault(office, defaultdict(list))
        for correction in decided.corrections.values():
            found[correction.application].append(correction)
    out = []
    for submission in submissions:
        here = by_office.get(submission.district)
        out.append(_corrected(catalog, submission, here) if here else submission)
    return out


def _corrected(catalog: Catalog, submission: Submission, here: Mapping[str, Sequence[Correction]]) -> Submission:
    reading = submission.reading
    record = _with(catalog, reading.record, here.get(application_id(catalog, reading.record), ()))
    return submission if record is reading.record else submission.over(reading.model_copy(update={"record": record}))


def _with(catalog: Catalog, record: Record, corrections: Iterable[Correction]) -> Record:
    for one in corrections:
        value = value_at(record, one.place)
        if value is None or value.raw != one.raw or value.read_as is not None:
            continue
        read = _read(catalog, record.form, one, value)
        table, number, column = parts(one.place)
        if number:
            rows = list(record.tables[table])
            rows[number - 1] = rows[number - 1] | {column: read}
            record = record.model_copy(update={"tables": record.tables | {table: rows}})
        else:
            group = "fields" if one.place in record.fields else "sections"
            record = record.model_copy(update={group: getattr(record, group) | {one.place: read}})
    return record


def _read(catalog: Catalog, form: str, one: Correction, value: Value) -> Value:
    """The person's text as the type of its place."""
    known = catalog.forms.get(form)
    table, number, column = parts(one.place)
    of = known.table(table) if known is not None and number else None
    item = (
        next((c for c in of.columns if c.key == column), None)
        if of is not None
        else known.field(one.place)
        if known is not None
        else None
    )
    text = one.text.strip()
    meant = typed(item, text).value if item is not None else text or None
    return Value(value=meant, raw=text, where=value.where, read_as=value.raw)
