"""What conditions (:mod:`checks.conditions`) are given of one document: its answers by their keys, and the pack's constants.

Fields of the form are named by their keys (a period has ``.start`` and ``.end``), tables too; beside them stand ``params.NAME``, ``lists.NAME``
(the names of a list's entries, with their aliases) and ``deadlines.NAME``. A blank answer has no value, one that was not read for certain neither: what
hangs on the first is not applicable, what hangs on the second cannot be told.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.forms import Form, FormColumn, FormField, FormTable
from catalog.models import Catalog
from checks import lists
from checks.conditions import Arena, Columns, Condition, ConditionError, Kind, compiled
from checks.library import Unfit
from checks.meaning.answers import Answers
from checks.registry import Context
from records.models import CERTAIN, Value, as_text

_KINDS: Mapping[str, Kind] = {
    "number": "number",
    "money": "number",
    "percent": "number",
    "yesno": "flag",
    "date": "date",
    "choices": "texts",
    "instances": "rows",
}
"""Type of a field → what it is in a condition; text where it is none of these."""
_INSTANCE: Columns = {"link": "text", "scene": "text", "instance": "text"}
_YEAR, _MONTH = 4, 7
"""Characters of an ISO date that has no month, no day."""
_MOST_TRIED = 1000
"""Ways to read the dates without a day of one rule; a rule reads two or three dates."""


_Read = tuple[str, FormField | FormTable | None]
"""A key, and what it is on the form: a chapter as None."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the conditions read of one form; ``figures`` where that is fields with a number and nothing else."""

    reads: tuple[_Read, ...]
    figures: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Names:
    """What conditions may name: of some forms, and of the pack. ``differing`` are of another kind on another of the forms."""

    forms: Sequence[Form]
    declared: Mapping[str, Kind]
    differing: frozenset[str]
    tables: Mapping[str, Columns]
    constants: Mapping[str, tuple[Kind, Any]]

    @classmethod
    def of(cls, catalog: Catalog, forms: Sequence[Form]) -> Names:
        declared, differing, tables = _declared(forms)
        return cls(forms, declared, frozenset(differing), tables, _constants(catalog))

    @property
    def kinds(self) -> dict[str, Kind]:
        return {**self.declared, **{name: kind for name, (kind, _) in self.constants.items()}}

    def typed(self, key: str, text: str) -> Condition:
        """The condition that stands under ``key``. Raises :class:`checks.library.Unfit`."""
        try:
            made = compiled(text, self.kinds, self.tables)
        except ConditionError as error:
            raise Unfit(key, f"第{error.line}行第{error.column}个字处：{error.message}") from None
        for name in re.findall(r"/\s*(params\.\w+)", text):
            if not self.constants[name][1]:
                raise Unfit(key, f"“{name}”是零，不能作除数")
        for name in sorted(made.reads & self.differing):
            raise Unfit(key, f"“{name}”在所适用的各表里类型不同，请按表分成几条规则（forms）")
        return made


@dataclass(frozen=True, slots=True)
class Given:
    """What some conditions are given. ``reads`` are the fields, chapters and tables that they name."""

    constants: Mapping[str, Any]
    figures: Mapping[str, Any]
    """The constants, and that all has an answer of which the conditions ask whether it has."""
    asks: frozenset[str]
    """The names that the conditions ask about with ``filled``."""
    columns: Mapping[str, frozenset[str]]
    """Table → the columns that the conditions read."""
    reads: tuple[str, ...]
    plans: Mapping[str, Plan]
    """Form → what the conditions read of it; a form that lacks any of it has none."""

    @classmethod
    def to(cls, names: Names, conditions: Sequence[Condition], about: Sequence[str] = ()) -> Given:
        """``about`` are further keys that a form has to have."""
        texts = " ".join(c.text for c in conditions)
        asks: frozenset[str] = frozenset().union(*(c.asks for c in conditions))
        used = {n: value for n, (_, value) in names.constants.items() if any(n in c.reads for c in conditions)}
        read = {n.split(".")[0] for c in conditions for n in c.reads & set(names.declared)}
        return cls(
            used,
            {**used, **{f"filled.{name}": True for name in asks}},
            asks,
            {t: frozenset(c for c in cols if re.search(rf"\.\s*{c}\b", texts)) for t, cols in names.tables.items()},
            tuple(sorted(read)),
            dict(_plans(names.forms, about, read)),
        )


def _plans(forms: Sequence[Form], about: Sequence[str], read: set[str]) -> Iterator[tuple[str, Plan]]:
    for form in forms:
        kinds = _declared([form])[0]
        if {*about, *read} <= set(kinds):
            keys = sorted(read)
            figures = tuple(keys) if all(kinds[key] == "number" for key in keys) else None
            yield form.name, Plan(tuple((key, form.table(key) or form.field(key)) for key in keys), figures)


def _declared(forms: Sequence[Form]) -> tuple[dict[str, Kind], set[str], dict[str, Columns]]:
    """What conditions may name of the forms; the names that are of another kind on another form; the tables' columns."""
    names: dict[str, Kind] = {}
    differing: set[str] = set()
    tables: dict[str, Columns] = {}
    for form in forms:
        own: dict[str, Kind] = {s.key: "text" for s in form.sections}
        for of in form.fields:
            own[of.key] = _KINDS.get(of.type, "text")
            if of.type == "period":
                own |= {f"{of.key}.start": "date", f"{of.key}.end": "date"}
            if of.type == "instances":
                tables[of.key] = _INSTANCE
        for table in form.tables:
            own[table.key] = "rows"
            tables[table.key] = {**tables.get(table.key, {}), **{c.key: _of_column(c) for c in table.columns}}
        differing |= {name for name, kind in own.items() if names.setdefault(name, kind) != kind}
    return names, differing, tables


def _of_column(column: FormColumn) -> Kind:
    kind = _KINDS.get(column.type, "text")
    return kind if kind in ("number", "flag") else "text"


def _constants(catalog: Catalog) -> dict[str, tuple[Kind, Any]]:
    found: dict[str, tuple[Kind, Any]] = {}
    for name, value in catalog.params.items():
        found[f"params.{name}"] = _param(value)
    for name in lists.names(catalog):
        found[f"lists.{name}"] = ("texts", list(lists.list_of(catalog, name).spellings))
    for name, date in dict(catalog.deadlines).items():
        found[f"deadlines.{name}"] = ("date", _moment(date))
    return found


def _param(value: Any) -> tuple[Kind, Any]:
    match value:
        case bool():
            return "flag", value
        case int() | float():
            return "number", float(value)
        case dt.date():
            return "date", _moment(value)
        case str():
            return "text", value
    if all(isinstance(item, str) for item in value):
        return "texts", list(value)
    return "numbers", [float(item) for item in value]


def _moment(date: dt.date) -> dt.datetime:
    return dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC)


@dataclass(slots=True)
class Values:
    """What the conditions are given of one document: no more than they name. ``coarse`` are the dates without a day: the first
    and the last that they may be."""

    known: dict[str, Any]
    asks: frozenset[str]
    blank: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    coarse: dict[str, tuple[dt.datetime, dt.datetime]] = field(default_factory=dict)

    def put(self, name: str, kind: Kind, value: Any) -> None:
        """Of an answer that is there and certain."""
        self.fill(name, filled=True)
        if kind == "number" and isinstance(value, (int, float)) and not isinstance(value, bool):
            self.known[name] = float(value)
        elif kind == "flag" and isinstance(value, bool):
            self.known[name] = value
        elif kind == "date" and isinstance(value, str):
            self._put_date(name, value)
        elif kind == "texts" and isinstance(value, (list, tuple)):
            self.known[name] = list(map(str, value))
        elif kind == "text":
            self.known[name] = str(value)
        else:
            self.doubt(name)

    def _put_date(self, name: str, iso: str) -> None:
        try:
            first, last = _span(iso)
        except ValueError:
            self.doubt(name)
            return
        self.known[name] = first
        if first != last:
            self.coarse[name] = (first, last)

    def put_rows(self, name: str, rows: list[dict[str, Any]], *, filled: bool) -> None:
        self.fill(name, filled=filled)
        self.known[name] = rows

    def lack(self, name: str) -> None:
        self.fill(name, filled=False)
        self.blank.add(name)

    def fill(self, name: str, *, filled: bool) -> None:
        if name in self.asks:
            self.known[f"filled.{name}"] = filled

    def doubt(self, name: str) -> None:
        self.known.pop(f"filled.{name}", None)
        self.doubtful.add(name)

    def each(self) -> Iterator[Mapping[str, Any]]:
        """The values as they are; where dates have no day, with each as any of the days that may decide: its first, its last,
        and those on which another date falls."""
        names = list(self.coarse)
        every = {day for day in self.known.values() if isinstance(day, dt.datetime)}
        every |= {day for span in self.coarse.values() for day in span}
        days = [sorted(d for d in every if first <= d <= last) for first, last in self.coarse.values()]
        for chosen in itertools.islice(itertools.product(*days), _MOST_TRIED):
            yield {**self.known, **dict(zip(names, chosen, strict=True))}


def _span(iso: str) -> tuple[dt.datetime, dt.datetime]:
    """The first and the last day that an ISO date may be: 2022-06 is any day of June. Raises ValueError."""
    year, month = int(iso[:_YEAR]), int(iso[5:7] or 0)
    if len(iso) > _MONTH:
        day = _moment(dt.date.fromisoformat(iso))
        return day, day
    first = _moment(dt.date(year, month or 1, 1))
    after = dt.date(year + 1, 1, 1) if month in (0, 12) else dt.date(year, month + 1, 1)
    return first, _moment(after - dt.timedelta(days=1))


def figures(fields: Mapping[str, Value], given: Given, keys: Sequence[str]) -> dict[str, Any] | None:
    """What the conditions are given where every figure is there and certain: nearly always, and then nothing else need be
    looked at."""
    found = dict(given.figures)
    for key in keys:
        value = fields.get(key)
        if value is None or value.confidence < CERTAIN:
            return None
        match value.value:
            case float() as number:
                found[key] = number
            case int() as number if number is not True and number is not False:
                found[key] = float(number)
            case _:
                return None
    return found


def values_of(answers: Answers, given: Given, plan: Plan) -> Values:
    values = Values(dict(given.constants), given.asks)
    for key, of in plan.reads:
        value = answers.value(key)
        if isinstance(of, FormTable):
            _put_rows(values, answers, of, given.columns[key])
            continue
        kind, state = "text" if of is None else of.type, answers.state(key)
        if state == "unreadable" or (value is not None and not value.certain):
            for name in _names(key, kind):
                values.doubt(name)
        elif state == "blank" or value is None:
            for name in _names(key, kind):
                values.lack(name)
        elif kind == "period" and isinstance(value.value, dict):
            values.put(key, "text", value.raw)
            for name in _names(key, kind)[1:]:
                day = value.value.get(name.rpartition(".")[2])
                values.put(name, "date", day) if day else values.lack(name)
        elif kind == "instances" and isinstance(value.value, list):
            values.put_rows(key, [_named(item) for item in value.value], filled=True)
        else:
            values.put(key, _KINDS.get(kind, "text"), value.value)
    return values


def _names(key: str, kind: str) -> tuple[str, ...]:
    return (key, f"{key}.start", f"{key}.end") if kind == "period" else (key,)


def _named(item: Any) -> dict[str, str]:
    return {k: str(v) for k, v in item.items() if v} if isinstance(item, dict) else {}


def _put_rows(values: Values, answers: Answers, table: FormTable, columns: frozenset[str]) -> None:
    """A table of which one cell that is looked at was not read for certain counts as not read."""
    rows: list[dict[str, Any]] = []
    read = [c for c in table.columns if c.key in columns]
    for _, row in answers.rows(table.key):
        known: dict[str, Any] = {}
        for column in read:
            state, value = answers.cell(table, column, row), row.get(column.key)
            if state == "unreadable" or (value is not None and not value.certain):
                values.doubt(table.key)
                return
            if state == "filled" and value is not None:
                known[column.key] = _cell(column, value.value)
        rows.append(known)
    if table.key in answers.missing:
        values.doubt(table.key)
        return
    values.put_rows(table.key, rows, filled=bool(rows))


def _cell(column: FormColumn, value: Any) -> Any:
    kind = _of_column(column)
    return float(value) if kind == "number" else value if kind == "flag" else as_text(value)


def labelled(answers: Answers, names: Iterable[str]) -> list[str]:
    """The labels of what conditions name, each once."""
    return list(dict.fromkeys(answers.label(name.split(".")[0]) for name in sorted(names)))


def labels(answers: Answers, names: Iterable[str]) -> str:
    return "、".join(f"“{label}”" for label in labelled(answers, names))


def arena_of(ctx: Context) -> Any:
    """The room that all conditions of a document share."""
    return ctx.memo.get("arena") or ctx.memo.setdefault("arena", Arena())
