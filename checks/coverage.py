"""How much of a list a document covers, and whether a field within an industry is one that the notice names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from catalog.industry import find_member, find_subindustry
from catalog.models import Catalog, Industry
from checks.library import ColumnKey, FieldKey, Group, ListName, Params, Say, Words, check
from checks.lists import industries_of, list_of
from checks.meaning.choices import unticked
from checks.meaning.closest import closest, closest_of
from checks.meaning.entries import Entry, Levels, column_of, entries
from checks.meaning.names import doubtful, empty, fold, industry_named, means_blank, nfkc, text_of, without_number
from checks.meaning.text import shorten
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip
from records.models import Value

_SEQUENCE = 2
"""Digits of an order number; more are a year or a figure."""


class Covers(Params):
    """Of the upper list's entries in ``groups``, ``least`` must be covered, where ``where`` (a yes or no) is yes. A new entry
    counts as one of these (``new_counts``); else it may be one where its name holds one of ``new_may``. ``order`` is the
    column that numbers the rows."""

    rows: Levels
    groups: tuple[Group, ...]
    least: int
    order: ColumnKey = ""
    new_counts: bool = False
    new_may: tuple[str, ...] = ()
    where: FieldKey = ""
    of: str = ""
    asked_by: str = ""
    says: ClassVar[Mapping[str, str]] = {
        "short": "count names parts every",
        "none?": "parts every",
        "evidence": "count names",
        "evidence_none?": "",
        "expected": "every",
        "unsure": "count rows",
        "unread": "",
        "not_asked?": "",
    }


@dataclass(slots=True)
class Covered:
    """The entries that the rows cover. ``unsure`` counts the rows that may add one more each."""

    known: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    unsure: int = 0


@check("covers", Covers)
def covers(ctx: Context, told: Covers, say: Say) -> Iterator[Result]:
    """The rows cover fewer entries of the list than are asked for: a misspelt one counts as its closest."""
    asked = ctx.reading.record.get(told.where) if told.where else None
    if (why := _not_asked(ctx, told, say, asked)) is not None:
        yield why
        return
    if any(m.key in (told.rows.table, told.rows.upper) for m in ctx.reading.missing_labels):
        yield CannotTell(say("unread"))
        return
    found = _covered(ctx, told)
    names = found.known + ([f"{n}（新）" for n in found.new] if told.new_counts else [])
    count = len(names)
    if count >= told.least:
        return
    may = 0 if told.new_counts else sum(any(w in n for w in told.new_may) for n in found.new)
    if count + found.unsure + may >= told.least:
        yield CannotTell(say("unsure", count=count, rows=found.unsure))
        return
    wanted = [i.name for i in list_of(ctx.catalog, told.rows.upper_list).items if i.group in told.groups]
    facts = {"count": count, "names": names, "parts": "和".join(told.groups), "every": wanted}
    bare = {} if names else {"message": say("none", **facts), "evidence": say("evidence_none")}
    yield Trip(
        bare.get("message") or say("short", **facts),
        about=told.rows.table,
        field=told.rows.upper,
        where=asked.where if asked is not None else _first_place(ctx, told),
        evidence=bare.get("evidence") or say("evidence", **facts),
        expected=say("expected", **facts),
    )


def _not_asked(ctx: Context, told: Covers, say: Say, asked: Value | None) -> Result | None:
    form = ctx.catalog.forms.get(ctx.form)
    if form is not None and form.table(told.rows.table) is None:
        return NotApplicable("本表没有这张表格")
    if not told.where:
        return None
    if why := unticked(asked, told.of, told.asked_by):
        return why
    return None if asked is not None and asked.value is True else NotApplicable(say("not_asked"))


def _first_place(ctx: Context, told: Covers) -> str:
    rows, column = ctx.reading.record.tables.get(told.rows.table, []), column_of(told.rows.upper)
    if rows and column in rows[0]:
        return rows[0][column].where
    form = ctx.catalog.forms.get(ctx.form)
    table = form.table(told.rows.table) if form is not None else None
    return table.annex if table is not None else ""


def _covered(ctx: Context, told: Covers) -> Covered:
    names: set[str] = set()
    new: dict[str, str] = {}
    found = Covered()
    for entry in entries(ctx, told.rows):
        named, certain = _covered_by(ctx.catalog, told.rows, entry)
        names.update(named)
        if entry.upper.new and not entry.upper.doubtful:
            new.setdefault(fold(entry.upper.text), entry.upper.text)
        elif not certain:
            found.unsure += 1
    upper = list_of(ctx.catalog, told.rows.upper_list)
    found.known = [i.name for i in upper.items if i.group in told.groups and i.name in names]
    found.unsure += _lost_rows(ctx, told)
    found.new = list(new.values())
    return found


def _lost_rows(ctx: Context, told: Covers) -> int:
    """Rows that the form's own numbers count and the reader did not give."""
    rows = ctx.reading.record.tables.get(told.rows.table, [])
    texts = (nfkc(text_of(row.get(column_of(told.order)))).strip(" .、") for row in rows)
    numbers = [int(t) for t in texts if t.isdecimal() and len(t) <= _SEQUENCE]
    return max(0, max(numbers, default=0) - len(rows))


def _covered_by(catalog: Catalog, rows: Levels, entry: Entry) -> tuple[Sequence[str], bool]:
    """The entries of the upper list that a row stands for, and whether that is certain."""
    if entry.upper.known:
        return entry.upper.known, True
    if entry.upper.new and not entry.upper.doubtful:
        return (), True
    if entry.upper.unknown:
        near = closest(catalog, rows.upper_list, entry.upper.text)
        if near is not None:
            return (near,), True
    above = {i.under for i in list_of(catalog, rows.lower_list).items if i.name in entry.lower.known}
    if above:
        return tuple(above), True
    return (), entry.upper.blank and entry.lower.blank


class FieldOfIndustry(Params):
    """``field`` is a field within the industry ticked in ``choice``, one of the list."""

    field: FieldKey
    choice: FieldKey
    list: ListName
    blank: Words
    of: str
    asked_by: str
    says: ClassVar[Mapping[str, str]] = {
        "of_another": "name own other other_field",
        "unlisted": "name own fields",
        "unlisted_near": "name own fields near",
        "unlisted_member": "name own fields member",
        "unlisted_elsewhere": "name own fields other other_field",
        "expected": "fields",
        "unfilled": "",
        "unknown_choice": "choice",
        "unread": "",
    }


@check("field_of_industry", FieldOfIndustry)
def field_of_industry(ctx: Context, told: FieldOfIndustry, say: Say) -> Iterator[Result]:
    """A field that the notice does not name for the industry: a note, a fix where it is one of another industry's."""
    value, choice = (ctx.reading.record.get(k) for k in (told.field, told.choice))
    if empty(value) or value is None or means_blank(text_of(value), ctx.catalog.words[told.blank]):
        yield NotApplicable(say("unfilled"))
        return
    if why := unticked(choice, told.of, told.asked_by):
        yield why
        return
    industries = industries_of(ctx.catalog, told.list)
    own = next((i for i in industries if i.name == industry_named(ctx.catalog, text_of(choice))), None)
    if own is None:
        yield CannotTell(say("unknown_choice", choice=text_of(choice)))
        return
    text = text_of(value)
    pieces = _pieces(industries, text)
    if any(find_subindustry(own, p) for p in pieces):
        return
    if doubtful(value):
        yield CannotTell(say("unread"))
        return
    other = next(((i, s) for p in pieces for i in industries if (s := find_subindustry(i, p))), None)
    if other is not None:
        message = say("of_another", name=shorten(text), own=own.name, other=other[0].full_name, other_field=other[1])
    else:
        message = _unlisted(say, own, industries, text, pieces)
    yield Trip(
        message,
        about=told.field,
        field=told.field,
        where=value.where,
        evidence=value.raw or text,
        expected=say("expected", fields=own.subindustries),
        level="fix" if other is not None else None,
    )


def _unlisted(say: Say, own: Industry, industries: Sequence[Industry], text: str, pieces: Sequence[str]) -> str:
    """What to say of a field that the notice does not name: where it may belong."""
    facts = {"name": shorten(text), "own": own.full_name, "fields": own.subindustries}
    member = next((m for p in pieces if (m := find_member(own, p))), None)
    if member is not None:
        return say("unlisted_member", member=member, **facts)
    elsewhere = next(((i, m) for p in pieces for i in industries if (m := find_member(i, p))), None)
    if elsewhere is not None:
        return say("unlisted_elsewhere", other=elsewhere[0].full_name, other_field=elsewhere[1], **facts)
    near = closest_of(pieces[0], own.subindustries, own.subindustry_aliases)
    return say("unlisted_near", near=near, **facts) if near else say("unlisted", **facts)


def _pieces(industries: Sequence[Industry], text: str) -> list[str]:
    """The fields of a cell that may hold several; 计算机、通信和其他电子设备 is one."""
    if any(find_subindustry(i, text) or find_member(i, text) for i in industries):
        return [text]
    found = [without_number(p) for p in re.split(r"[、,;/\n\-—]|以?及|和|与", nfkc(text)) if fold(p)]
    return [text, *found]
