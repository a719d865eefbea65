"""Entries of two lists, one above the other (环节 and 场景), against the lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from catalog.models import Catalog
from checks.library import Params, Say, check
from checks.lists import list_of
from checks.meaning.closest import closest
from checks.meaning.entries import Entry, Level, Levels, Named, entries
from checks.meaning.names import fold
from checks.meaning.text import shorten
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip


class Listed(Params):
    rows: Levels
    says: ClassVar[Mapping[str, str]] = {"nothing": "", "unread": "place what"}


class InList(Listed):
    """``judged`` is the level that is looked at."""

    judged: Level
    says: ClassVar[Mapping[str, str]] = {
        **Listed.says,
        "unknown": "place name count",
        "unknown_near": "place name count near",
        "expected": "",
    }


@check("in_list", InList)
def in_list(ctx: Context, told: InList, say: Say) -> Iterator[Result]:
    """A name that is none of the list's, nor marked as new; the closest is named."""
    rows, level = told.rows, told.judged
    own = list_of(ctx.catalog, rows.list_name(level))
    for entry in (found := entries(ctx, rows)):
        named = entry.named(level)
        if named.doubtful and not named.known:
            yield CannotTell(say("unread", place=entry.place, what=own.what))
        if not named.unknown:
            continue
        near = _meant(ctx.catalog, rows, entry, level)
        facts = {"place": entry.place, "name": shorten(named.text), "count": len(own.items)}
        yield Trip(
            say("unknown_near", near=near, **facts) if near else say("unknown", **facts),
            about=_about(rows, entry, level),
            **_at(rows, entry, level),
            where=_where(named),
            evidence=named.text,
            expected=near or say("expected"),
        )
    if not found:
        yield NotApplicable(say("nothing"))


def _meant(catalog: Catalog, rows: Levels, entry: Entry, level: Level) -> str | None:
    """What an unknown name is meant for: the closest; of the upper list also what the entry's lower one belongs to."""
    text = entry.named(level).text
    if level == "lower":
        under = entry.upper.known[0] if entry.upper.known else ""
        return closest(catalog, rows.lower_list, text, under, rows.shown)
    above = {i.under for i in list_of(catalog, rows.lower_list).items if i.name in entry.lower.known}
    return closest(catalog, rows.upper_list, text) or (above.pop() if len(above) == 1 else None)


def _where(named: Named) -> str:
    return named.value.where if named.value is not None else ""


def _about(rows: Levels, entry: Entry, level: Level) -> str:
    key = rows.key(level, entry.number)
    return key if entry.number is None else f"{key.rpartition('.')[2]}:{entry.identity}"


def _at(rows: Levels, entry: Entry, level: Level) -> dict[str, Any]:
    return {"field": rows.key(level, entry.number), "row": entry.number}


class Belongs(Listed):
    says: ClassVar[Mapping[str, str]] = {**Listed.says, "elsewhere": "place lower upper right"}


@check("belongs", Belongs)
def belongs(ctx: Context, told: Belongs, say: Say) -> Iterator[Result]:
    """An entry of the lower list under another entry of the upper list than its own."""
    rows = told.rows
    of = {i.name: i.under for i in list_of(ctx.catalog, rows.lower_list).items}
    for entry in (found := entries(ctx, rows)):
        unread = CannotTell(say("unread", place=entry.place, what=""))
        if not (entry.upper.known and entry.lower.known):
            if entry.upper.doubtful or entry.lower.doubtful:
                yield unread
            continue
        wrong = [name for name in entry.lower.known if of[name] not in entry.upper.known]
        if not wrong:
            continue
        if any(v is not None and not v.certain for v in (entry.upper.value, entry.lower.value)):
            yield unread
            continue
        right = of[wrong[0]]
        yield Trip(
            say("elsewhere", place=entry.place, lower=wrong[0], upper="、".join(entry.upper.known), right=right),
            about=_about(rows, entry, "lower"),
            **_at(rows, entry, "upper"),
            where=_where(entry.upper) or _where(entry.lower),
            evidence=f"{entry.upper.text}—{entry.lower.text}",
            expected=right,
        )
    if not found:
        yield NotApplicable(say("nothing"))


class PutForward(Listed):
    says: ClassVar[Mapping[str, str]] = {**Listed.says, "new": "place what name", "new_near": "place what name near"}


@check("put_forward", PutForward)
def put_forward(ctx: Context, told: PutForward, say: Say) -> Iterator[Result]:
    """An entry that is marked as new to the list; each once."""
    rows = told.rows
    seen: set[str] = set()
    levels: tuple[Level, Level] = ("upper", "lower")
    for entry in (found := entries(ctx, rows)):
        for level in levels:
            named, what = entry.named(level), list_of(ctx.catalog, rows.list_name(level)).what
            about = f"{rows.key(level, 1).rpartition('.')[2]}:{fold(named.text)}"
            if not named.new or about in seen:
                continue
            if named.doubtful:
                yield CannotTell(say("unread", place=entry.place, what=what))
                continue
            seen.add(about)
            near = closest(
                ctx.catalog, rows.list_name(level), named.text, shown=rows.shown if level == "lower" else None
            )
            facts = {"place": entry.place, "what": what, "name": shorten(named.text)}
            yield Trip(
                say("new_near", near=near, **facts) if near else say("new", **facts),
                about=about,
                **_at(rows, entry, level),
                where=_where(named),
                evidence=named.text,
                expected="",
            )
    if not found:
        yield NotApplicable(say("nothing"))
