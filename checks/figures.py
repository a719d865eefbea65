"""Figures and dates of a form that contradict one another, or what they can be (group K)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from catalog.forms import Form
from checks.library import FieldKey, Params, Say, Words, check
from checks.meaning.answers import is_scan, label_of
from checks.meaning.choices import unticked
from checks.meaning.names import doubtful, empty, means_blank, nfkc, text_of, without_brackets
from checks.meaning.text import shorten
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip
from records import normalise
from records.models import Value

_RANGE = re.compile(r"\d[%\s]*(?:[-~—–至到]+)\s*\d|百分之[零一二三四五六七八九十百]")
_WORDS = re.compile(r"[\u4e00-\u9fff]{2}|^[\u4e00-\u9fff]$")
RATIO = 100.0
"""A rate in percent against the same as a fraction."""
_SMALL = 0.4
"""A share alone up to which it is read as a fraction of one (0.35 for 35%), where nothing beside it says how shares are written."""
_AROUND = 3
"""Times the other shares within which one read as a fraction lies."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Series(_Part):
    """The same figure of several years, each a field of its own under the column of its year, the earliest first."""

    fields: tuple[FieldKey, ...]
    name: str


def _number(value: Value | None) -> float | None:
    """The number of a value that is certain, else None."""
    if value is None or not value.certain or isinstance(value.value, bool):
        return None
    return float(value.value) if isinstance(value.value, (int, float)) else None


def blank(value: Value | None, words: Iterable[str]) -> bool:
    """Whether a value is certainly none, ``words`` such as "/" and 无 among what means so."""
    return value is None or (value.value is None and value.certain and means_blank(value.raw, words))


def _column(form: Form | None, key: str) -> str:
    """The head of the column that a field stands under (2020年), "" where there is none."""
    field = form.field(key) if form is not None else None
    return field.column[0] if field is not None and field.column else ""


class Needs(Params):
    """An option of ``field`` needs at least so much of ``figure``."""

    field: FieldKey
    figure: FieldKey
    needs: dict[str, float]
    of: str
    """What the choice is called."""
    asked_by: str
    """The rule that asks for a tick where there is none."""
    blank: Words
    says: ClassVar[Mapping[str, str]] = {
        "less": "option least amount",
        "less_fits": "option least amount fits",
        "expected": "least",
        "blank": "",
        "unread": "",
    }


@check("option_needs", Needs)
def option_needs(ctx: Context, told: Needs, say: Say) -> Iterator[Result]:
    """The option that was ticked needs a larger figure than is given."""
    choice, figure = ctx.reading.record.get(told.field), ctx.reading.record.get(told.figure)
    if why := unticked(choice, told.of, told.asked_by):
        yield why
        return
    if figure is None or blank(figure, ctx.catalog.words[told.blank]):
        yield NotApplicable(say("blank"))
        return
    amount = _number(figure)
    if amount is None:
        yield CannotTell(say("unread"))
        return
    least = told.needs.get(text_of(choice), 0.0)
    if amount >= least or choice is None:
        return
    fits = max((o for o, n in told.needs.items() if n <= amount), key=lambda o: told.needs[o], default="")
    facts = {"option": text_of(choice), "least": f"{least:.15g}", "amount": f"{amount:.15g}"}
    yield Trip(
        say("less_fits", fits=fits, **facts) if fits else say("less", **facts),
        about=told.field,
        field=told.field,
        where=choice.where,
        evidence=f"{text_of(choice)}；{figure.raw or format(amount, '.15g')}",
        expected=fits or say("expected", least=facts["least"]),
    )


def _coarse(one: str, other: str) -> tuple[str, str]:
    """Two ISO dates cut to the coarser of their precisions."""
    length = min(len(one), len(other))
    return one[:length], other[:length]


def _said(date: str) -> str:
    return (
        "年".join(str(int(p)) for p in date.split("-", 1)[:1])
        + "年"
        + "".join(f"{int(p)}{unit}" for p, unit in zip(date.split("-")[1:], ("月", "日"), strict=False))
    )


class Period(Params):
    """``field`` is a period; it cannot begin before ``since``, a date."""

    field: FieldKey
    since: FieldKey | None = None
    blank: Words
    says: ClassVar[Mapping[str, str]] = {
        "reversed": "label end start",
        "early?": "label start first",
        "expected_reversed": "",
        "expected_early?": "",
        "blank": "",
        "unread": "text",
        "since_unread?": "",
    }


@check("period", Period)
def period(ctx: Context, told: Period, say: Say) -> Iterator[Result]:
    """A period ends before it begins, or begins too early; two dates are compared at the coarser of their precisions."""
    value = ctx.reading.record.get(told.field)
    if value is None or empty(value) or blank(value, ctx.catalog.words[told.blank]):
        yield NotApplicable(say("blank"))
        return
    if doubtful(value) or not isinstance(value.value, dict):
        yield CannotTell(say("unread", text=shorten(value.raw)))
        return
    start, end = value.value.get("start"), value.value.get("end")
    form = ctx.catalog.forms.get(ctx.form)
    label = label_of(form, told.field)
    if start and end:
        first, last = _coarse(start, end)
        if last < first:
            yield Trip(
                say("reversed", label=label, end=_said(end), start=_said(start)),
                about=told.field,
                field=told.field,
                where=value.where,
                evidence=value.raw,
                expected=say("expected_reversed"),
            )
    since = ctx.reading.record.get(told.since) if told.since else None
    if not start or told.since is None or since is None or since.blank:
        return
    if doubtful(since):
        yield CannotTell(say("since_unread"))
        return
    began, earliest = _coarse(start, str(since.value))
    if began < earliest:
        yield Trip(
            say("early", label=label, start=_said(start), first=_said(str(since.value))),
            about=told.since,
            field=told.field,
            where=value.where,
            evidence=f"{value.raw}；{label_of(form, told.since)}{since.raw}",
            expected=say("expected_early"),
        )


class Numbers(Params):
    """``fields`` hold a number or nothing; those ``capped`` none over ``most``."""

    fields: tuple[FieldKey, ...]
    capped: tuple[FieldKey, ...] = ()
    most: float = RATIO
    blank: Words
    says: ClassVar[Mapping[str, str]] = {
        "over": "label text",
        "no_number": "label text",
        "no_number_asked_for?": "label text",
        "expected_over": "",
        "expected_number": "",
    }


@check("numbers", Numbers)
def numbers(ctx: Context, told: Numbers, say: Say) -> Iterator[Result]:
    """A figure is no number, or more than it can be."""
    form = ctx.catalog.forms.get(ctx.form)
    for key in told.fields:
        value = ctx.reading.record.get(key)
        if value is None or blank(value, ctx.catalog.words[told.blank]) or (value.value is None and not value.raw):
            continue
        words = _is_words(ctx, value)
        if words and means_blank(value.raw, ctx.catalog.words[told.blank]):
            continue
        label = label_of(form, key)
        number = _number(value)
        if number is None and value.certain:
            # 12（家）: a unit in brackets makes no text of a number.
            number = _number(Value(value=normalise.number(without_brackets(value.raw)).value))
        over = number is not None and key in told.capped and number > told.most
        if number is not None and not over:
            continue
        if not (value.certain or words) or (number is None and _RANGE.search(nfkc(value.raw))):
            yield CannotTell(f"{label}“{shorten(value.raw)}”没有读清")
            continue
        text = shorten(value.raw or format(number or 0, "g"))
        field = form.field(key) if form is not None else None
        must = say("no_number_asked_for", label=label, text=text) if field and field.required == "required" else ""
        yield Trip(
            say("over", label=label, text=text) if over else must or say("no_number", label=label, text=text),
            about=key,
            field=key,
            where=value.where,
            evidence=value.raw or format(number or 0, "g"),
            expected=say("expected_over" if over else "expected_number"),
        )


def _is_words(ctx: Context, value: Value) -> bool:
    """Whether words stand where a figure is asked for (显著提升): read with certainty, and doubted only for being no figure. Of a
    picture they may be figures read wrongly."""
    if value.value is not None or value.doubts != ("not_understood",) or is_scan(ctx):
        return False
    return _WORDS.search(nfkc(value.raw)) is not None


class Units(Params):
    """Figures that may be in another unit than the form asks for. Money (``money``) changes by less than ``times`` from one
    year to the next. Of rates in percent, those of several years (``yearly``) are judged by one another, those of
    ``rates`` alone; ``shares`` among both are hardly ever below one percent."""

    money: tuple[Series, ...] = ()
    times: float
    yearly: tuple[Series, ...] = ()
    rates: tuple[FieldKey, ...] = ()
    shares: tuple[FieldKey, ...] = ()
    blank: Words
    says: ClassVar[Mapping[str, str]] = {
        "jump": "label amount column before ratio",
        "fraction": "label text percent",
        "expected_jump": "",
        "expected_fraction": "percent",
    }


@check("units", Units)
def units(ctx: Context, told: Units, say: Say) -> Iterator[Result]:
    """A figure looks as if it were in another unit."""
    for series in told.money:
        yield from _jumps(ctx, series, told, say)
    for series in told.yearly:
        yield from _fractions(ctx, series.fields, told, say, together=True)
    yield from _fractions(ctx, told.rates, told, say, together=False)


def _jumps(ctx: Context, series: Series, told: Units, say: Say) -> Iterator[Result]:
    """Money that changes too much from one given year to the next."""
    words = ctx.catalog.words[told.blank]
    given = [(k, v) for k in series.fields if (v := ctx.reading.record.get(k)) and not blank(v, words)]
    form = ctx.catalog.forms.get(ctx.form)
    odd = _alone(given, told.times)
    for (previous, before), (key, after) in pairwise(given):
        if previous == odd:
            continue  # told of as the year that differs from the one before it
        one, other = _number(before), _number(after)
        if one is None or other is None:
            values = [v.value for v in (before, after)]
            if all(isinstance(v, (int, float)) for v in values) and not _jumped(values[0], values[1], told.times):
                continue
            yield CannotTell(f"{series.name}没有读清")
            continue
        if not _jumped(one, other, told.times):
            continue
        yield Trip(
            say(
                "jump",
                label=label_of(form, key),
                amount=f"{other:.15g}",
                column=_column(form, previous),
                before=f"{one:.15g}",
                ratio=f"{max(one, other) / min(one, other):.0f}",
            ),
            about=key,
            field=key,
            where=after.where,
            evidence=f"{before.raw or format(one, '.15g')}；{after.raw or format(other, '.15g')}",
            expected=say("expected_jump"),
        )


def _alone(given: Sequence[tuple[str, Value]], times: float) -> str:
    """The key of the figure between two that agree, if it is the one of all that differs so much; "" if there is none."""
    for (_, before), (key, value), (_, after) in zip(given, given[1:], given[2:], strict=False):
        one, odd, other = _number(before), _number(value), _number(after)
        if one is None or odd is None or other is None:
            continue
        if _jumped(one, odd, times) and _jumped(odd, other, times) and not _jumped(one, other, times):
            return key
    return ""


def _jumped(one: float, other: float, times: float) -> bool:
    return one > 0 and other > 0 and max(one, other) / min(one, other) >= times


def _fractions(ctx: Context, keys: Sequence[str], told: Units, say: Say, *, together: bool) -> Iterator[Result]:
    """Rates that look like fractions. ``together``: the same rate of several years, each judged by the others."""
    form = ctx.catalog.forms.get(ctx.form)
    given = {k: n for k in keys if (n := _number(ctx.reading.record.get(k))) is not None}
    for key, number in given.items():
        value = ctx.reading.record.fields[key]
        others = [abs(n) for k, n in given.items() if k != key and n]
        if "%" in nfkc(value.raw) or not _like_fraction(number, others if together else None, share=key in told.shares):
            continue
        percent = f"{number * RATIO:g}"
        yield Trip(
            say("fraction", label=label_of(form, key), text=value.raw or format(number, "g"), percent=percent),
            about=key,
            field=key,
            where=value.where,
            evidence=value.raw or format(number, "g"),
            expected=say("expected_fraction", percent=percent),
        )


def _like_fraction(number: float, others: list[float] | None, *, share: bool) -> bool:
    size = abs(number)
    if not 0 < size < 1 and not (share and size == 1):
        return False
    if others is None or share:
        return True
    larger = [n for n in others if n >= 1]
    if not larger:
        return size <= _SMALL
    return min(larger) / _AROUND <= size * RATIO <= max(larger) * _AROUND


class BeforeSince(Params):
    """There are no figures of a year before ``since``, a date."""

    since: FieldKey
    series: tuple[Series, ...]
    says: ClassVar[Mapping[str, str]] = {
        "given": "first year figures",
        "expected": "year",
        "blank": "",
        "unread": "",
    }


@check("none_before", BeforeSince)
def none_before(ctx: Context, told: BeforeSince, say: Say) -> Iterator[Result]:
    """Figures are given of a year before there can be any."""
    record, form = ctx.reading.record, ctx.catalog.forms.get(ctx.form)
    since = record.get(told.since)
    if since is None or empty(since):
        yield NotApplicable(say("blank"))
        return
    if doubtful(since):
        yield CannotTell(say("unread"))
        return
    years: dict[int, list[tuple[str, str]]] = {}
    for series in told.series:
        for key in series.fields:
            if year := re.search(r"\d{4}", _column(form, key)):
                years.setdefault(int(year[0]), []).append((key, series.name))
    for when, figures in sorted(years.items()):
        if when >= int(str(since.value)[:4]):
            continue
        given = [(key, name, v) for key, name in figures if (v := record.get(key)) is not None and v.value]
        if not given:
            continue
        if not all(v.certain for _, _, v in given):
            yield CannotTell(f"{when}年的数字没有读清")
            continue
        key, _, first = given[0]
        what = "、".join(f"{name}“{v.raw or v.value}”" for _, name, v in given)
        yield Trip(
            say("given", first=_said(str(since.value)), year=when, figures=what),
            about=str(when),
            field=key,
            where=first.where,
            evidence=f"{label_of(form, told.since)}{since.raw or since.value}；{what}",
            expected=say("expected", year=when),
        )
