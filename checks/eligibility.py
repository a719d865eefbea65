"""Group E: does the applicant meet the conditions of the notice?

Credit codes stand in checks/credit_code.py, offices and dates in checks/channel.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from checks.library import FieldKey, Keys, ListName, Params, Say, Words, check
from checks.lists import list_of
from checks.meaning.answers import Answers
from checks.meaning.choices import unticked
from checks.meaning.names import doubtful, empty, fold, means_blank, same, text_of, without_brackets
from checks.meaning.text import shorten
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip

_A_NUMBER = re.compile(r"(?<![a-z0-9])[a-z]*+[0-9][a-z0-9]*+")
"""A folded number of a report or a standard: zn202300312."""
_BARE_NUMBER = re.compile(r"(?:报告|评估)*+(?:编?号)?[a-z]*+[0-9][a-z0-9]*+")
"""A number and nothing that it is of."""
SLIGHT = 1
"""Characters that may be left of a proof without its saying anything."""


class Branch(Params):
    """``names`` hold the applicant's name, the first that is filled counts for the finding; ``industries`` what it works in,
    the most telling first, of which ``vague`` alone does not settle that it is another. ``allowed`` are words of
    industries whose branches may apply, ``allowed_divisions`` codes of GB/T 4754."""

    names: tuple[FieldKey, ...]
    industries: tuple[FieldKey, ...]
    vague: tuple[FieldKey, ...] = ()
    endings: Words
    allowed: Words
    allowed_divisions: Keys
    says: ClassVar[Mapping[str, str]] = {"branch": "name", "expected": "", "unknown_industry": "name", "nobody": ""}


@check("branch", Branch)
def branch(ctx: Context, told: Branch, say: Say) -> Iterator[Result]:
    """A branch applies, though its industry's branches may not."""
    known = [(key, v) for key in told.names if (v := ctx.reading.record.get(key)) is not None and not empty(v)]
    if not known:
        yield NotApplicable(say("nobody"))
        return
    words = [fold(w) for w in ctx.catalog.words[told.endings]]
    hits = [(key, v) for key, v in known if _ends_with(text_of(v), words)]
    if not hits:
        if any(not v.certain for _, v in known):
            yield CannotTell("企业名称识别没有把握")
        return
    key, value = hits[0]
    if not value.certain:
        yield CannotTell("企业名称识别没有把握")
        return
    allowed = _branch_allowed(ctx, told)
    if allowed is None:
        yield CannotTell(say("unknown_industry", name=value.raw))
    elif not allowed:
        yield Trip(
            say("branch", name=text_of(value)),
            about=told.names[0],
            field=key,
            where=value.where,
            evidence=value.raw,
            expected=say("expected"),
        )


def _ends_with(name: str, words: list[str]) -> bool:
    endings = tuple(words)
    return fold(name).endswith(endings) or fold(without_brackets(name)).endswith(endings)


def _branch_allowed(ctx: Context, told: Branch) -> bool | None:
    """Whether the applicant's industry lets a branch apply; None where the industry is not known."""
    codes = ctx.catalog.keys[told.allowed_divisions]
    names = [fold(w) for w in ctx.catalog.words[told.allowed]]
    sure = False
    for key in told.industries:
        value = ctx.reading.record.get(key)
        if value is None or empty(value):
            continue
        text = fold(text_of(value))
        if any(n in text for n in names) or any(_division_is(ctx, text, code) for code in codes):
            return True
        sure = sure or (not doubtful(value) and key not in told.vague)
    return False if sure else None


def _division_is(ctx: Context, folded: str, code: str) -> bool:
    """True where the folded text of 所属行业 is this GB/T 4754 division, by code (C26…, 265…) or by name."""
    name = next((fold(d.name) for d in ctx.catalog.divisions if d.code == code), "")
    return folded.lstrip("abcdefghijklmnopqrst").startswith(code) or (bool(name) and name in folded)


class LeastLevel(Params):
    """``field`` is ticked with one of ``levels``, lowest first, and must reach ``least``; ``proof`` may stand for it, unless
    it is one of the words ``no_proof``, or speaks of the level's own assessment (``own_proof``) and, beside words of
    paperwork, of nothing else."""

    field: FieldKey
    levels: tuple[str, ...]
    least: str
    proof: FieldKey
    no_proof: Words
    own_proof: Words
    paperwork: Words
    of: str
    """What the level is called in words."""
    asked_by: str
    """The rule that asks for a level where none is ticked."""
    says: ClassVar[Mapping[str, str]] = {
        "low": "level",
        "low_with_own": "level proof",
        "low_with_proof": "level proof",
        "expected": "",
        "proof_unread": "level",
    }


@check("least_level", LeastLevel)
def least_level(ctx: Context, told: LeastLevel, say: Say) -> Iterator[Result]:
    """A level below the least one that is asked for; a note where something else is given as proof."""
    record = ctx.reading.record
    level = record.get(told.field)
    if why := unticked(level, told.of, told.asked_by):
        yield why
        return
    found = text_of(level)
    if level is None or found not in told.levels:
        yield CannotTell(f"{told.of}“{found}”不是表中的选项")
        return
    if told.levels.index(found) >= told.levels.index(told.least):
        return
    proof = record.get(told.proof)
    said = Answers.of(ctx).said(told.proof)
    own = _own_proof(ctx, told, said)
    given = bool(said) and not own and not means_blank(said, ctx.catalog.words[told.no_proof])
    if not given and proof is not None and not proof.certain:
        yield CannotTell(say("proof_unread", level=found))
        return
    sentence = "low_with_proof" if given else "low_with_own" if own else "low"
    yield Trip(
        say(sentence, level=found, proof=shorten(text_of(proof))),
        about=told.field,
        field=told.field,
        where=level.where,
        evidence=level.raw or found,
        expected=say("expected"),
        level="note" if given else None,
    )


def _own_proof(ctx: Context, told: LeastLevel, said: str) -> bool:
    """Whether what is said as proof is the number or the report of the level's own assessment, and nothing else."""
    own = [fold(w) for w in ctx.catalog.words[told.own_proof]]
    if not any(w in said for w in own):
        return bool(_BARE_NUMBER.fullmatch(said))
    rest = said
    paperwork = {*(fold(w) for w in ctx.catalog.words[told.paperwork]), *map(fold, told.levels)}
    # 自评估 goes before 评估报告, which would leave a 自 of each 自评估报告.
    for words in (own, paperwork):
        for word in sorted(words, key=lambda w: (-len(w), w)):
            rest = rest.replace(word, "")
    return len(_A_NUMBER.sub("", rest)) <= SLIGHT


class Declared(Params):
    """``field``, a yes or no, may not be ``value``; ``name`` says more where it is."""

    field: FieldKey
    value: bool = True
    name: FieldKey
    of: str
    asked_by: str
    says: ClassVar[Mapping[str, str]] = {"declared": "", "declared_named": "name", "expected": ""}


@check("declared", Declared)
def declared(ctx: Context, told: Declared, say: Say) -> Iterator[Result]:
    """What may not be so was ticked."""
    value = ctx.reading.record.get(told.field)
    if why := unticked(value, told.of, told.asked_by):
        yield why
    elif value is not None and value.value is told.value:
        name = text_of(ctx.reading.record.get(told.name))
        yield Trip(
            say("declared_named", name=shorten(name)) if name else say("declared"),
            about=told.field,
            field=told.field,
            where=value.where,
            evidence=value.raw or ("是" if told.value else "否"),
            expected=say("expected"),
        )


class Bound(Params):
    """Figures that may not be under ``least`` nor over ``most``; ``name`` is what they are called, ``fault`` what it means
    where one is beyond, ``expected`` what was asked for."""

    fields: tuple[FieldKey, ...]
    name: str
    least: float = float("-inf")
    most: float = float("inf")
    fault: str
    expected: str


class Beyond(Params):
    bounds: tuple[Bound, ...]
    blank: Words
    says: ClassVar[Mapping[str, str]] = {"beyond": "column name figure fault"}


@check("beyond", Beyond)
def beyond(ctx: Context, told: Beyond, say: Say) -> Iterator[Result]:
    """Figures in percent beyond their bounds, column by column."""
    answers = Answers.of(ctx)
    for key, bound in _by_column(told):
        value = ctx.reading.record.get(key)
        if value is None or value.blank:
            continue
        column = next((f.column[0] for f in answers.form.fields if f.key == key and f.column), "")
        if doubtful(value) or not isinstance(value.value, (int, float)):
            if not means_blank(value.raw, ctx.catalog.words[told.blank]):
                yield CannotTell(f"{column}{bound.name}没有读清")
            continue
        if not bound.least <= value.value <= bound.most:
            figure = f"{value.value:g}"
            yield Trip(
                say("beyond", column=column, name=bound.name, figure=figure, fault=bound.fault),
                about=key,
                field=key,
                where=value.where,
                evidence=value.raw or figure,
                expected=bound.expected,
            )


def _by_column(told: Beyond) -> Iterator[tuple[str, Bound]]:
    """The first field of each bound, then the second of each …"""
    for number in range(max(len(b.fields) for b in told.bounds)):
        yield from ((b.fields[number], b) for b in told.bounds if number < len(b.fields))


class Measure(BaseModel):
    """A figure that another may exceed ``times`` over at most."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    field: FieldKey
    times: float = 1


class Outsized(Params):
    field: FieldKey
    measures: tuple[Measure, ...]
    blank: Words
    says: ClassVar[Mapping[str, str]] = {
        "outsized": "label figure over",
        "over": "label figure",
        "over_times": "label figure times",
        "expected": "",
        "unfilled": "label",
        "unmeasured": "",
    }


@check("outsized", Outsized)
def outsized(ctx: Context, told: Outsized, say: Say) -> Iterator[Result]:
    """A figure is more than so many times others of the applicant."""
    answers = Answers.of(ctx)
    own = _figure(answers, told.field, told.blank)
    if not isinstance(own, float):
        yield own or NotApplicable(say("unfilled", label=answers.label(told.field)))
        return
    over, compared = [], False
    for measure in told.measures:
        figure = _figure(answers, measure.field, told.blank)
        if isinstance(figure, CannotTell):
            yield figure
        if not isinstance(figure, float):
            continue
        compared = True
        if own > figure * measure.times:
            sentence = "over" if measure.times == 1 else "over_times"
            label = answers.label(measure.field)
            over.append(say(sentence, label=label, figure=f"{figure:.15g}", times=f"{measure.times:g}"))
    value = ctx.reading.record.get(told.field)
    if over and value is not None:
        yield Trip(
            say("outsized", label=answers.label(told.field), figure=f"{own:.15g}", over=over),
            about=told.field,
            field=told.field,
            where=value.where,
            evidence=value.raw or f"{own:.15g}",
            expected=say("expected"),
        )
    elif not compared:
        yield NotApplicable(say("unmeasured"))


def _figure(answers: Answers, key: str, blank: str) -> float | CannotTell | None:
    """A field's figure; None where it has none, or why it cannot be told."""
    value = answers.value(key)
    if value is None or value.blank:
        return None
    if doubtful(value) or not isinstance(value.value, (int, float)):
        if means_blank(value.raw, answers.context.catalog.words[blank]):
            return None
        return CannotTell(f"{answers.label(key)}没有读清")
    return float(value.value)


class Listed(Params):
    """``names`` hold the applicant's name; ``list`` is the pack's list of those who may not apply again."""

    names: tuple[FieldKey, ...]
    list: ListName
    says: ClassVar[Mapping[str, str]] = {"listed": "name since", "expected": "", "nobody": ""}


@check("listed", Listed)
def listed(ctx: Context, told: Listed, say: Say) -> Iterator[Result]:
    """The applicant is on the list of those who already carry a task."""
    record = ctx.reading.record
    values = [(k, v) for k in told.names if (v := record.get(k)) is not None and not empty(v)]
    if not values:
        yield NotApplicable(say("nobody"))
        return
    for key, value in values:
        found = next((c for c in list_of(ctx.catalog, told.list).items if same(c.name, text_of(value))), None)
        if found is None:
            continue
        if not value.certain:
            yield CannotTell("企业名称识别没有把握")
            return
        year, task = found.facts.get("year", ""), found.facts.get("task", "")
        since = f"（{year}年{f'，{task}' if task else ''}）" if year else ""
        yield Trip(
            say("listed", name=text_of(value), since=since),
            about=told.names[0],
            field=key,
            where=value.where,
            evidence=value.raw,
            expected=say("expected"),
        )
        return
    if list_of(ctx.catalog, told.list).items and any(not v.certain for _, v in values):
        yield CannotTell("企业名称识别没有把握")
