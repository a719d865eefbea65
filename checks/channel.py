"""Was the application made in time, and through the recommender that the notice asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import ClassVar

from pydantic import Field

from catalog.models import Catalog, Recommender
from catalog.names import district_of_address, find_recommender, same_area
from checks.library import Deadline, FieldKey, Params, Say, Words, check
from checks.meaning.choices import unticked
from checks.meaning.names import doubtful, empty, fold, text_of
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip

_FULL_DATE = 10
"""Length of an ISO date with its day."""


class ReceivedFrom(Params):
    """``field`` names the recommender; ``papers`` is what a form is called in the sentence where that is not its title."""

    field: FieldKey
    papers: dict[str, str] = Field(default_factory=dict)
    says: ClassVar[Mapping[str, str]] = {
        "nobody": "paper name",
        "another": "paper name recommender folder",
        "expected": "",
        "alone": "",
        "unfilled": "",
        "unsure": "",
    }


@check("received_from", ReceivedFrom)
def received_from(ctx: Context, told: ReceivedFrom, say: Say) -> Iterator[Result]:
    """The recommender named in a document is another than the folder's it was received in, or none at all."""
    if ctx.district is None:
        yield NotApplicable(say("alone"))
        return
    value = ctx.reading.record.get(told.field)
    if empty(value) or value is None:
        yield NotApplicable(say("unfilled"))
        return
    folder = find_recommender(ctx.catalog, ctx.district)
    named = find_recommender(ctx.catalog, text_of(value))
    if named is not None and folder is not None and named.name == folder.name:
        return
    if not value.certain:
        yield CannotTell(say("unsure"))
        return
    form = ctx.catalog.forms.get(ctx.form)
    paper = told.papers.get(ctx.form) or (form.title if form is not None else "")
    if named is None:
        message = say("nobody", paper=paper, name=text_of(value))
    elif folder is None:
        return
    else:
        message = say("another", paper=paper, name=text_of(value), recommender=named.name, folder=folder.name)
    yield Trip(
        message,
        about=told.field,
        field=told.field,
        where=value.where,
        evidence=value.raw or text_of(value),
        expected=folder.full_name if folder else say("expected"),
    )


class InTime(Params):
    """``opens``: the first day, of a notice whose applications may be dated before its year begins."""

    field: FieldKey
    deadline: Deadline
    opens: Deadline = ""
    says: ClassVar[Mapping[str, str]] = {
        "late": "date last",
        "other_year": "date last year",
        "expected": "last year",
        "unfilled": "",
        "unread": "raw",
    }


@check("in_time", InTime)
def in_time(ctx: Context, told: InTime, say: Say) -> Iterator[Result]:
    """A date after the deadline, or before the notice's first day, else of another year than its own; one without a day is judged
    by its month."""
    value = ctx.reading.record.get(told.field)
    if empty(value) or value is None:
        yield NotApplicable(say("unfilled"))
        return
    if doubtful(value):
        yield CannotTell(say("unread", raw=value.raw))
        return
    date, last, year = str(value.value), deadline(ctx.catalog, told.deadline).isoformat(), str(ctx.catalog.year)
    late = date > last[: len(date)]
    first = deadline(ctx.catalog, told.opens).isoformat()[: len(date)] if told.opens else ""
    if not late and (date >= first if first else date[:4] == year):
        return
    facts = {"date": _date_words(date), "last": _date_words(last), "year": year}
    yield Trip(
        say("late" if late else "other_year", **facts),
        about=told.field,
        field=told.field,
        where=value.where,
        evidence=value.raw or date,
        expected=say("expected", **facts),
    )


def deadline(catalog: Catalog, name: str) -> dt.date:
    """A deadline of the notice by its name. Raises KeyError where it has none of that name."""
    found: dict[str, dt.date] = dict(catalog.deadlines)
    return found[name]


def _date_words(date: str) -> str:
    """2023-08-19 as 2023年8月19日; shorter dates likewise."""
    if len(date) == _FULL_DATE:
        day = dt.date.fromisoformat(date)
        return f"{day.year}年{day.month}月{day.day}日"
    year, _, month = date.partition("-")
    return f"{year}年{int(month)}月" if month else f"{year}年"


def _recommended_by(ctx: Context, field: str) -> Recommender | None:
    """The recommender: the inbox folder's, or the one that the document names where it is taken alone."""
    if ctx.district is not None:
        return find_recommender(ctx.catalog, ctx.district)
    value = ctx.reading.record.get(field)
    return find_recommender(ctx.catalog, text_of(value)) if value is not None and value.certain else None


class OtherChannel(Params):
    """Applicants whose ``field`` is ticked with one of ``kinds`` go another way than through a recommender of the
    notice's."""

    field: FieldKey
    recommender: FieldKey
    kinds: Words
    of: str
    asked_by: str
    says: ClassVar[Mapping[str, str]] = {"through": "kind recommender", "expected": "", "unknown": ""}


@check("other_channel", OtherChannel)
def other_channel(ctx: Context, told: OtherChannel, say: Say) -> Iterator[Result]:
    """An applicant of a kind that has its own channel comes through a recommender."""
    value = ctx.reading.record.get(told.field)
    if why := unticked(value, told.of, told.asked_by):
        yield why
        return
    if value is None or fold(text_of(value)) not in {fold(w) for w in ctx.catalog.words[told.kinds]}:
        return
    through = _recommended_by(ctx, told.recommender)
    if through is None:
        yield CannotTell(say("unknown"))
        return
    yield Trip(
        say("through", kind=text_of(value), recommender=through.name),
        about=told.field,
        field=told.field,
        where=value.where,
        evidence=value.raw or text_of(value),
        expected=say("expected"),
    )


class InArea(Params):
    """``field`` is an address."""

    field: FieldKey
    recommender: FieldKey
    says: ClassVar[Mapping[str, str]] = {
        "outside": "address place recommender",
        "expected": "recommender",
        "unfilled": "",
        "unknown": "",
        "unsure": "",
    }


@check("in_area", InArea)
def in_area(ctx: Context, told: InArea, say: Say) -> Iterator[Result]:
    """An address names the area of another recommender."""
    value = ctx.reading.record.get(told.field)
    if empty(value) or value is None:
        yield NotApplicable(say("unfilled"))
        return
    through = _recommended_by(ctx, told.recommender)
    if through is None:
        yield NotApplicable(say("unknown"))
        return
    named = district_of_address(ctx.catalog, text_of(value))
    if not named or any(same_area(ctx.catalog, through.name, name) for name in named):
        return
    if not value.certain:
        yield CannotTell(say("unsure"))
        return
    yield Trip(
        say("outside", address=text_of(value), place="、".join(named), recommender=through.name),
        about=told.field,
        field=told.field,
        where=value.where,
        evidence=value.raw,
        expected=say("expected", recommender=through.name),
    )
