"""Group K: the document against itself. Names and instances stand here, figures in checks/figures.py, industries in
checks/industries.py, telephones and e-mail in checks/contacts.py, what the text says in checks/statements.py.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar

from pydantic import BaseModel, ConfigDict
from rapidfuzz import fuzz

from checks.library import ColumnKey, FieldKey, ListName, Params, Say, Words, check
from checks.meaning.answers import Answers, is_scan
from checks.meaning.closest import by_name
from checks.meaning.entries import without_mark
from checks.meaning.names import empty, fold, item_named, nfkc, same, text_of, without_number
from checks.meaning.text import shorten
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip
from records.models import Row, Value
from records.numbers import NUMERALS

_SEVERAL = re.compile(rf"[;\n]+|[、,](?=\s*(?:\d|[({NUMERALS}]))")
_Numbered = tuple[int, Row]


class SameName(Params):
    """``field`` and ``other`` name one and the same."""

    field: FieldKey
    other: FieldKey
    says: ClassVar[Mapping[str, str]] = {"differ": "name others", "blank": "", "unread": ""}


@check("same_name", SameName)
def same_name(ctx: Context, told: SameName, say: Say) -> Iterator[Result]:
    """Two fields name different ones."""
    record = ctx.reading.record
    one, other = record.get(told.field), record.get(told.other)
    if one is None or other is None or _nothing(ctx, one) or _nothing(ctx, other):
        yield NotApplicable(say("blank"))
        return
    if same(text_of(one), text_of(other)):
        return
    if not (one.certain and other.certain) or _misread(ctx, text_of(one), text_of(other)):
        yield CannotTell(say("unread"))
        return
    yield Trip(
        say("differ", name=text_of(one), others=text_of(other)),
        about=told.field,
        field=told.field,
        where=one.where,
        evidence=f"{one.raw or text_of(one)}；{other.raw or text_of(other)}",
        expected=text_of(other),
    )


def _nothing(ctx: Context, value: Value | None) -> bool:
    """Whether there is certainly no name: nothing, or a word that says so ("/", 无), which is another rule's."""
    return empty(value) or (value is not None and value.certain and Answers.of(ctx).means_blank(text_of(value)))


MISREAD = 85.0
"""Likeness (0 to 100) of two names from which on a scan may have made two of one."""


def _misread(ctx: Context, name: str, other: str | None) -> bool:
    """True where the file is a scan and two long names differ by so little that the reading may be at fault."""
    return other is not None and is_scan(ctx) and fuzz.ratio(fold(name), fold(other)) >= MISREAD


def _rows(ctx: Context, column: str) -> tuple[str, list[_Numbered]]:
    """A column's key within its table, and the table's rows with their number from 1."""
    table, _, key = column.partition(".")
    return key, list(enumerate(ctx.reading.record.tables.get(table, []), 1))


def name_key(text: str, called: str) -> str:
    """A row's name as it is compared: without the number or what it is ``called`` (场景实例1：) in front."""
    plain = re.sub(rf"^\s*(?:具体)?{re.escape(called)}(?:名称)?\s*+\d*+\s*+[:：]\s*", "", nfkc(text))
    return fold(without_number(plain)) or fold(text)


def _matches(ctx: Context, text: str, known: set[str], called: str, lists: Collection[str]) -> bool:
    """True where a name is one of ``known``, alone or behind entries of the ``lists`` (生产作业—人机协同制造—某某)."""
    if name_key(text, called) in known:
        return True
    *before, last = [p for p in re.split(r"[—–]+|(?<=[㐀-鿿])-+(?=[㐀-鿿])", nfkc(text)) if fold(p)] or [""]
    named = all(any(item_named(ctx.catalog, name, p) for name in lists) for p in before)
    return bool(before) and named and name_key(last, called) in known


def _several(text: str) -> list[str]:
    """The names of a cell: one, or several listed by numbers, lines or semicolons."""
    return [p.strip() for p in _SEVERAL.split(nfkc(text)) if fold(without_number(p))]


def _unsure(rows: list[_Numbered], column: str) -> bool:
    """True where a row's cell may hold what was not found among the others."""
    return any(
        v is not None and (not v.certain or (v.value is None and bool(v.raw))) for _, r in rows for v in [r.get(column)]
    )


class Beside(BaseModel):
    """``field`` says of the row what ``column`` does, in an entry of the pack's ``list``; ``name`` is what it is called."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    field: FieldKey
    column: ColumnKey
    list: ListName
    name: str


class InARow(Params):
    """``field`` names a row of a table by its ``column``; what the form says of it ``beside`` is what the row says. ``called``
    is what the row's name is called."""

    field: FieldKey
    column: ColumnKey
    called: str
    beside: tuple[Beside, ...]
    new_mark: Words
    """Words that mark an entry as new to the list."""
    says: ClassVar[Mapping[str, str]] = {
        "lost": "missing",
        "lost_near": "missing near",
        "differs": "name value others",
        "differs_from_all": "name value others",
        "expected": "",
        "no_rows": "",
        "unread": "",
    }


@check("in_a_row", InARow)
def in_a_row(ctx: Context, told: InARow, say: Say) -> Iterator[Result]:
    """The form names a row that its table does not have, or says other things of it."""
    _, rows = _rows(ctx, told.column)
    if not rows:
        yield NotApplicable(say("no_rows"))
        return
    record = ctx.reading.record
    value = record.get(told.field)
    named = rows
    if value is not None and not _nothing(ctx, value):
        named, results = _named_rows(ctx, rows, value, told, say)
        yield from results
        if not named:
            return
    for beside in told.beside:
        value = record.get(beside.field)
        if value is None or _nothing(ctx, value):
            continue
        column = beside.column.partition(".")[2]
        cells = [r[column] for _, r in named if column in r and not _nothing(ctx, r[column])]
        if not cells or any(
            _same_entry(ctx, beside.list, told.new_mark, text_of(value), text_of(cell)) for cell in cells
        ):
            continue
        if not value.certain or _unsure(named, column):
            yield CannotTell(f"{beside.name}没有读清")
            continue
        others = "”“".join(dict.fromkeys(text_of(cell) for cell in cells))
        sentence = "differs" if named is not rows else "differs_from_all"
        yield Trip(
            say(sentence, name=beside.name, value=shorten(text_of(value)), others=others),
            about=beside.field,
            field=beside.field,
            where=value.where,
            evidence=value.raw or text_of(value),
            expected=text_of(cells[0]),
        )


def _named_rows(
    ctx: Context, rows: list[_Numbered], value: Value, told: InARow, say: Say
) -> tuple[list[_Numbered], list[Result]]:
    """The rows that the form names, and what is wrong with those it names in vain."""
    column, text = told.column.partition(".")[2], text_of(value)

    lists = {beside.list for beside in told.beside}

    def find(name: str) -> list[_Numbered]:
        keys = ((pair, name_key(text_of(pair[1].get(column)), told.called)) for pair in rows if fold(name))
        return [pair for pair, key in keys if _matches(ctx, name, {key}, told.called, lists)]

    whole = find(text) or _run_together(rows, text, told)
    if whole:
        return whole, []
    parts = _several(text)
    found = [pair for part in parts for pair in find(part)]
    lost = [part for part in parts if not find(part)]
    if not lost:
        return found, []
    names, unnamed = _names(ctx, rows, column)
    near = by_name(lost[0], names)
    if near is None and len(lost) <= unnamed:
        return found, [CannotTell(_unnamed(told.called))]
    if not value.certain or _unsure(rows, column) or _misread(ctx, lost[0], near):
        return found, [CannotTell(say("unread"))]
    missing = "”“".join(shorten(p) for p in lost)
    trip = Trip(
        say("lost_near", missing=missing, near=shorten(near)) if near else say("lost", missing=missing),
        about=told.field,
        field=told.field,
        where=value.where,
        evidence=value.raw or text,
        expected=near or say("expected"),
    )
    return found, [trip]


def _names(ctx: Context, rows: list[_Numbered], column: str) -> tuple[list[str], int]:
    """The names that rows have, and how many rows have none: what is found nowhere else may be theirs."""
    cells = [row.get(column) for _, row in rows]
    names = [text_of(cell) for cell in cells if not _nothing(ctx, cell)]
    return [name for name in names if name], sum(_nothing(ctx, cell) for cell in cells)


def _unnamed(called: str) -> str:
    return f"有的行没有写明{called}，可能就是这一行"


def _run_together(rows: list[_Numbered], text: str, told: InARow) -> list[_Numbered]:
    """The rows of which the names stand in a cell one after another, with nothing else but numbers; [] if any."""
    column, rest = told.column.partition(".")[2], fold(text)
    found = []
    for number, row in sorted(rows, key=lambda r: -len(text_of(r[1].get(column)))):
        key = name_key(text_of(row.get(column)), told.called)
        if key and key in rest:
            rest = rest.replace(key, "")
            found.append((number, row))
    return sorted(found, key=lambda r: r[0]) if found and not rest.strip("0123456789和及与") else []


def _same_entry(ctx: Context, list_name: str, new_mark: str, one: str, other: str) -> bool:
    """True where two cells name the same entry, by the words or by the pack's list."""
    one, other = without_mark(ctx.catalog, one, new_mark), without_mark(ctx.catalog, other, new_mark)
    first, second = item_named(ctx.catalog, list_name, one), item_named(ctx.catalog, list_name, other)
    if first is not None or second is not None:
        named = first or second
        return first is second or (
            named is not None and fold(named.name) in fold(one) and fold(named.name) in fold(other)
        )
    return same(without_number(one), without_number(other))


class Annex(BaseModel):
    """A table whose ``column`` names a row of another; ``name`` is what the table is called."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    column: ColumnKey
    name: str


class AnnexRows(Params):
    """The rows of ``annexes`` belong to rows of a table, each named in its ``column``; ``called`` as in :class:`InARow`."""

    column: ColumnKey
    called: str
    annexes: tuple[Annex, ...]
    lists: tuple[ListName, ...] = ()
    """Lists of which entries may stand in front of a row's name."""
    says: ClassVar[Mapping[str, str]] = {
        "lost": "annex name",
        "lost_near": "annex name near",
        "expected": "",
        "no_rows": "",
        "no_annex": "",
        "unread": "",
    }


@check("annex_rows", AnnexRows)
def annex_rows(ctx: Context, told: AnnexRows, say: Say) -> Iterator[Result]:
    """A table's row belongs to a row that the other table does not have."""
    column, rows = _rows(ctx, told.column)
    if not rows:
        yield NotApplicable(say("no_rows"))
        return
    names, unnamed = _names(ctx, rows, column)
    known = {name_key(n, told.called) for n in names}
    seen: set[str] = set()
    any_rows = False
    for annex in told.annexes:
        own, annex_rows_ = _rows(ctx, annex.column)
        for number, row in annex_rows_:
            value = row.get(own)
            any_rows = True
            text = text_of(value)
            key = name_key(text, told.called)
            if (
                value is None
                or _nothing(ctx, value)
                or key in seen
                or _matches(ctx, text, known, told.called, told.lists)
            ):
                continue
            lost = [p for p in _several(text) if not _matches(ctx, p, known, told.called, told.lists)]
            if not lost:
                continue
            seen.add(key)
            near = by_name(lost[0], names)
            if near is None and unnamed:
                unnamed -= 1
                yield CannotTell(_unnamed(told.called))
                continue
            if not value.certain or _unsure(rows, column) or _misread(ctx, lost[0], near):
                yield CannotTell(say("unread"))
                continue
            facts = {"annex": annex.name, "name": shorten(text)}
            yield Trip(
                say("lost_near", near=shorten(near), **facts) if near else say("lost", **facts),
                about=key,
                field=annex.column,
                row=number,
                where=value.where,
                evidence=text,
                expected=near or say("expected"),
            )
    if not any_rows:
        yield NotApplicable(say("no_annex"))
