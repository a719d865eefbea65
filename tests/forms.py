"""Filled forms for tests: data that is clean by every rule, and readings made from it without a file.

``scene(...)`` and ``factory(...)`` give the clean data with one thing changed; ``reading_of`` turns data into the
:class:`Reading` that a faultless reader would give for it. In data a value is typed (number, bool, ISO date,
period dict), or the text as written where it cannot be typed, or a :class:`Value` to say everything oneself; None
is blank.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import catalog
from catalog.forms import FormField
from extractors.document.doubts import by_names, confidence
from records import dates, normalise
from records.models import (
    FormName,
    MissingLabel,
    Note,
    Place,
    Reading,
    Record,
    Row,
    Seal,
    Source,
    Submission,
    TextLine,
    Value,
)
from records.normalise import Typed
from samples.formbuilder import build, written
from samples.formbuilder.data import application

Data = dict[str, Any]
Table = dict[str, tuple[str, ...]]

CATALOG = catalog.load("2023")
_FIELDS: dict[str, FormField] = {field.key: field for form in CATALOG.forms.values() for field in form.fields}

FIELDS = {name: tuple(field.key for field in form.fields) for name, form in CATALOG.forms.items()}
SECTIONS = {name: tuple(section.key for section in form.sections) for name, form in CATALOG.forms.items()}
TABLES: dict[str, Table] = {
    name: {
        table.key: (*(("instance",) if table.per else ()), *(column.key for column in table.columns))
        for table in form.tables
    }
    for name, form in CATALOG.forms.items()
}
COVER = tuple(field.key for field in CATALOG.forms["scene"].fields if field.part == "cover")
OPTIONS = {key: field.options or ("是", "否") for key, field in _FIELDS.items() if field.type in ("choice", "yesno")}
NAMED = {field.of_field: field for field in _FIELDS.values() if field.after_option}
"""A yes/no field → the field whose value stands in the brackets behind 是."""
_TYPED: dict[str, Callable[[str], Typed]] = {
    "percent": normalise.percent,
    "money": normalise.money,
    "number": normalise.number,
    "date": dates.date,
    "period": dates.period,
}


# ---------------------------------------------------------------------------------------------- data


def clean_scene() -> Data:
    """A 附件3-1 application that no rule objects to (浦东新区, 装备制造, two instances)."""
    return whole(application("chengchi"))


def clean_factory() -> Data:
    """A 附件3-2 application that no rule objects to (嘉定区, 消费品, eight 环节 and 智慧供应链)."""
    return whole(application("hexin"))


def clean_summary(*applications: Data, recommender: str = "") -> Data:
    """The 附件4 that puts forward ``applications`` (by default the clean scene) as they describe themselves."""
    chosen = applications or (clean_scene(),)
    data: Data = {
        "form": "summary",
        "fields": {"recommender": recommender or chosen[0]["fields"]["recommender"]},
        "tables": {"scene_recommendations": [], "factory_recommendations": []},
        "sections": {},
    }
    for one in chosen:
        rows = data["tables"][f"{one['form']}_recommendations"]
        row = {"seq": str(len(rows) + 1), "company": one["fields"]["company_name"]}
        if one["form"] == "factory":
            row["factory"] = one["fields"]["task_name"]
        row["instances"] = [{key: r[key] for key in ("link", "scene", "instance")} for r in one["tables"]["scenes"]]
        rows.append(row | {"contact": one["fields"]["contact_name"], "mobile": one["fields"]["contact_mobile"]})
    return data


def scene(
    fields: Mapping[str, Any] | None = None,
    tables: Mapping[str, Any] | None = None,
    sections: Mapping[str, Any] | None = None,
) -> Data:
    """The clean scene application, changed: ``fields``/``sections`` by key; ``tables`` by table, either the new rows
    or ``{row number from 1: {column: value}}`` to change cells."""
    return changed(clean_scene(), fields, tables, sections)


def factory(
    fields: Mapping[str, Any] | None = None,
    tables: Mapping[str, Any] | None = None,
    sections: Mapping[str, Any] | None = None,
) -> Data:
    """The clean factory application, changed as with :func:`scene`."""
    return changed(clean_factory(), fields, tables, sections)


def changed(
    data: Data,
    fields: Mapping[str, Any] | None = None,
    tables: Mapping[str, Any] | None = None,
    sections: Mapping[str, Any] | None = None,
) -> Data:
    """A copy of ``data`` with values replaced. An unknown key is an error: a test must not pass by a slip."""
    new = copy.deepcopy(data)
    for part, changes in (("fields", fields), ("sections", sections)):
        for key, value in (changes or {}).items():
            if key not in new[part]:
                raise KeyError(f"{new['form']} has no {key} in its {part}")
            new[part][key] = value
    for name, change in (tables or {}).items():
        columns = TABLES[new["form"]][name]
        rows = change if isinstance(change, list) else new["tables"][name]
        for at, cells in change.items() if isinstance(change, Mapping) else ():
            rows[at - 1] |= cells
        for row in rows:
            if unknown := set(row) - set(columns):
                raise KeyError(f"{name} has no column {sorted(unknown)}")
        new["tables"][name] = [dict.fromkeys(columns) | row for row in rows]
    return new


def without_rows(data: Data, table: str, *numbers: int) -> Data:
    """A copy without those rows (from 1)."""
    new = copy.deepcopy(data)
    new["tables"][table] = [row for at, row in enumerate(new["tables"][table], start=1) if at not in numbers]
    return new


def whole(data: Data) -> Data:
    """Every key of the form, None where the data leaves it blank."""
    form = data["form"]
    tables = {
        name: [dict.fromkeys(columns) | row for row in data["tables"].get(name, [])]
        for name, columns in TABLES[form].items()
    }
    return {
        "form": form,
        "fields": dict.fromkeys(FIELDS[form]) | data["fields"],
        "tables": tables,
        "sections": dict.fromkeys(SECTIONS[form]) | data["sections"],
    }


def fill(form: str, data: Data | None, **layout: Any) -> bytes:
    """The form as a .docx file, blank where ``data`` is None. ``layout``: samples.formbuilder.layout.Layout."""
    return build(form, data, **layout)


# ------------------------------------------------------------------------------------------ readings


def value_of(key: str, value: Any, where: str = "", fields: Mapping[str, Any] | None = None) -> Value:
    """The Value a faultless reader gives for what stands in the data under ``key``."""
    if isinstance(value, Value):
        return value
    if key in OPTIONS:
        return _choice(key, value, where, fields or {})
    raw = written.text(value)
    if value is None or raw == "":
        return Value(where=where)
    type_ = _FIELDS[key].type if key in _FIELDS else "text"
    if type_ in _TYPED and isinstance(value, str):
        found = _TYPED[type_](value)
        return Value(value=found.value, raw=raw, where=where, confidence=confidence(by_names(found.doubts)))
    return Value(value=value.strip("\n") if isinstance(value, str) else value, raw=raw, where=where)


def _choice(key: str, value: Any, where: str, fields: Mapping[str, Any]) -> Value:
    """A choice: one option, a list where several boxes are ticked (no value), None where none is."""
    after = {}
    if key in NAMED:
        name = NAMED[key]
        after[name.after_option] = f"（{name.label}：{written.text(fields.get(name.key))}）"
    several = isinstance(value, list) and len(value) != 1
    one = value[0] if isinstance(value, list) and not several else value
    return Value(value=None if several else one, raw=written.boxes(OPTIONS[key], value, after=after), where=where)


def reading_of(
    data: Data,
    *,
    path: str = "申报书.docx",
    lines: Iterable[TextLine] = (),
    notes: Iterable[Note] = (),
    missing_labels: Iterable[MissingLabel] = (),
    seals: list[Seal] | None = None,
    annexes: Iterable[str] = (),
    confidence: Mapping[str, float] | None = None,
    format: str = "docx",  # noqa: A002
) -> Reading:
    """The reading of ``data``. ``lines`` come on top of those the form itself gives; ``confidence`` lowers that of a
    field, section or ``table.column``."""
    form: FormName = data["form"]
    unsure = dict(confidence or {})
    fields = {
        key: value_of(key, value, f"表1 行{at}", data["fields"])
        for at, (key, value) in enumerate(data["fields"].items(), start=1)
    }
    sections = {
        key: value_of(key, value, f"段落{20 + 10 * at}") for at, (key, value) in enumerate(data["sections"].items())
    }
    tables: dict[str, list[Row]] = {}
    for number, (name, rows) in enumerate(data["tables"].items(), start=2):
        tables[name] = [
            {
                column: value_of(f"{name}.{column}", value, f"表{number} 行{at + 1} 列{nth}")
                for nth, (column, value) in enumerate(row.items(), start=1)
            }
            for at, row in enumerate(rows, start=1)
        ]
    for key, value in (fields | sections).items():
        value.confidence = unsure.get(key, value.confidence)
    for name, rows_read in tables.items():
        for row in rows_read:
            for column, value in row.items():
                value.confidence = unsure.get(f"{name}.{column}", value.confidence)
    digest = hashlib.sha256(f"{path}\n{data!r}".encode()).hexdigest()
    record = Record(
        form=form,
        source=Source(path=path, sha256=digest, format=format),
        fields=fields,
        tables=tables,
        sections=sections,
        notes=list(notes),
    )
    return Reading(
        record=record,
        lines=[*_lines(record), *lines],
        missing_labels=list(missing_labels),
        seals=seals,
        annexes=list(annexes),
    )


def _lines(record: Record) -> list[TextLine]:
    """Each line of text that the form holds, with its place."""
    found: list[TextLine] = []
    for key, value in record.fields.items():
        place: Place = "cover" if key in COVER else "cell"
        found += [TextLine(line, value.where, place) for line in value.raw.split("\n") if line]
    for rows in record.tables.values():
        for row in rows:
            found += [TextLine(v.raw, v.where, "cell") for v in row.values() if v.raw]
    for value in record.sections.values():
        found += [TextLine(line, value.where, "body") for line in value.raw.split("\n") if line]
    return found


def submission_of(
    data: Data, district: str = "", document: str = "", modified: float = 0.0, **overrides: Any
) -> Submission:
    """A reading with its standing in a round; the path defaults to one below the district's folder."""
    fields = data["fields"]
    name = fields.get("company_name") or fields.get("recommender") or "申报书"
    document = document or f"{district + '/' if district else ''}{name}-{data['form']}.docx"
    reading = reading_of(data, path=document, **overrides)
    return Submission(district=district, document=document, reading=reading, modified=modified)
