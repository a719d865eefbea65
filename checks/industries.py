"""What the ticked industry asks for, and to which industry GB/T 4754 assigns the applicant (rules K09 and K12)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from catalog.industry import divided, find_division, find_group, industries_of
from checks.figures import blank
from checks.library import FieldKey, FormKey, Params, Say, Words, check
from checks.meaning.answers import label_of
from checks.meaning.choices import unticked
from checks.meaning.names import doubtful, fold, industry_named, text_of
from checks.meaning.text import shorten
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip

_EXPLAINED = re.compile(r"不|未|非")
"""不涉及, 未采用, 非流程行业: an answer, where "/" and 无 are none."""


class Asks(BaseModel):
    """What one form asks by the option that was ticked: those ``asked`` fill the field, those ``not_asked`` leave it, the others
    do as they like. ``only`` is how the form says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    form: FormKey
    asked: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    only: str


class AskedByOption(Params):
    """``field`` is filled by some options of ``choice`` alone."""

    field: FieldKey
    choice: FieldKey
    asks: tuple[Asks, ...]
    of: str
    """What the choice is called."""
    asked_by: str
    """The rule that asks for a tick where there is none."""
    blank: Words
    says: ClassVar[Mapping[str, str]] = {
        "not_asked": "label text option only",
        "asked": "label option",
        "expected_not_asked": "",
        "expected_asked": "",
        "open": "",
    }


@check("asked_by_option", AskedByOption)
def asked_by_option(ctx: Context, told: AskedByOption, say: Say) -> Iterator[Result]:
    """A field is filled where the form does not ask for it; a note where it does and the field is blank."""
    choice, value = ctx.reading.record.get(told.choice), ctx.reading.record.get(told.field)
    if why := unticked(choice, told.of, told.asked_by):
        yield why
        return
    option = text_of(choice)
    asks = next((a for a in told.asks if a.form == ctx.form), None)
    if asks is None or option not in (*asks.asked, *asks.not_asked):
        yield NotApplicable(say("open"))
        return
    filled = value is not None and not blank(value, ctx.catalog.words[told.blank])
    label = label_of(ctx.catalog.forms.get(ctx.form), told.field)
    if value is not None and doubtful(value) and filled:
        yield CannotTell(f"{label}没有读清")
    elif option in asks.not_asked and filled and value is not None and value.value:
        yield Trip(
            say("not_asked", label=label, text=value.raw or str(value.value), option=option, only=asks.only),
            about=told.field,
            field=told.field,
            where=value.where,
            evidence=value.raw or str(value.value),
            expected=say("expected_not_asked"),
        )
    elif option in asks.asked and not filled and not (value is not None and _EXPLAINED.match(fold(value.raw))):
        yield Trip(
            say("asked", label=label, option=option),
            about=told.field,
            field=told.field,
            where=value.where if value is not None else "",
            evidence=value.raw if value is not None else "",
            expected=say("expected_asked"),
            level="note",
        )


class IndustryByCode(Params):
    """``division`` and ``group`` are what the applicant works in by GB/T 4754, ``choice`` the industry of the pack that it
    ticked."""

    choice: FieldKey
    division: FieldKey
    group: FieldKey | None = None
    of: str
    """What the choice is called."""
    asked_by: str
    """The rule that asks for a tick where there is none."""
    blank: Words
    says: ClassVar[Mapping[str, str]] = {
        "other": "level code name industries option",
        "blank": "",
        "unknown": "text",
        "outside": "",
        "unread": "",
    }


@check("industry_by_code", IndustryByCode)
def industry_by_code(ctx: Context, told: IndustryByCode, say: Say) -> Iterator[Result]:
    """The code belongs to another industry than the one that was ticked."""
    record, words = ctx.reading.record, ctx.catalog.words[told.blank]
    choice, division_value = record.get(told.choice), record.get(told.division)
    group_value = record.get(told.group) if told.group else None
    given = [v for v in (division_value, group_value) if v is not None and not blank(v, words)]
    if not given:
        yield NotApplicable(say("blank"))
        return
    if why := unticked(choice, told.of, told.asked_by):
        yield why
        return
    ticked = industry_named(ctx.catalog, text_of(choice))
    own = next((i for i in ctx.catalog.industries if i.name == ticked), None)
    division = find_division(ctx.catalog, text_of(division_value))
    group = find_group(ctx.catalog, text_of(group_value))
    if own is None or (division is None and group is None):
        yield CannotTell(say("unknown", text=shorten(text_of(division_value))))
        return
    found = industries_of(ctx.catalog, division, group)
    if not found:
        yield NotApplicable(say("outside"))
        return
    if own in found:
        return
    if any(doubtful(v) for v in given):
        yield CannotTell(say("unread"))
        return
    by_group = group is not None and (division is None or divided(ctx.catalog, division))
    named, value = (group, group_value) if by_group else (division, division_value)
    names = "、".join(i.name for i in found)
    yield Trip(
        say(
            "other",
            level="中类" if by_group else "大类",
            code=named.code if named else "",
            name=named.name if named else "",
            industries=names,
            option=own.name,
        ),
        about=told.choice,
        field=told.group if by_group and told.group else told.division,
        where=value.where if value is not None else "",
        evidence=f"{text_of(value)}；{text_of(choice)}",
        expected=names,
    )
