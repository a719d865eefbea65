"""Texts that an application repeats, or takes from the notice. They need no other application."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel, ConfigDict
from rapidfuzz import fuzz

from catalog.forms import FormTable
from catalog.models import Catalog
from checks.library import Keys, ListName, Params, Say, check
from checks.lists import list_of
from checks.meaning.alignment import Shared, excerpt, passages, plain
from checks.meaning.names import fold
from checks.meaning.printed import is_example
from checks.meaning.prose import Prose, instance_texts, prose
from checks.meaning.text import shorten
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip

LEAST, LEAST_OPTIONAL = 30, 60
"""Characters below which a text may well be the same twice; more for what the form leaves optional (保障要素, 其他): the
same measures often hold for every scene."""
ALIKE = 95.0
"""Likeness (0 to 100) from which two texts are one, but for a slip."""
FIGURES_COUNT = 100
"""Characters up to which texts that differ in their figures only say different things in one form of words."""
TAKEN, TAKEN_WHOLE = 40, 0.9
"""Characters taken from the notice, or the share of one of its texts."""
SHARE = 0.85
_GRAM, _HITS = 8, 3
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
_LISTED = 6
"""Places that a message names before it only counts the rest."""


class RepeatedText(Params):
    """``columns`` of the table of instances are compared with one another."""

    columns: Keys
    says: ClassVar[Mapping[str, str]] = {
        "repeated": "annex count places text",
        "near": "annex count places text",
        "within?": "annex count places text",
        "expected": "",
    }


@check("repeated_text", RepeatedText)
def repeated_text(ctx: Context, told: RepeatedText, say: Say) -> Iterator[Result]:
    """The same text fills two instances, or two columns of one."""
    table = ctx.catalog.forms[ctx.form].instances()
    cells = list(_comparable(ctx, table, told)) if table is not None else []
    if table is None or len(cells) <= 1:
        yield NotApplicable(f"{table.annex if table is not None else '本表'}没有两处可以比较的文字")
        return
    for group in _groups(cells):
        first = group[0]
        if not all(cell.value.certain for cell in group):
            yield CannotTell(f"{first.label}等处文字识别没有把握")
            continue
        rows = {cell.row for cell in group}
        places = "、".join(cell.label for cell in group[:_LISTED])
        places += f"等{len(group)}处" if len(group) > _LISTED else ""
        shortest = min(group, key=lambda cell: cell.length)
        facts = {
            "annex": table.annex,
            "count": f"{len(rows)}个{first.what}" if len(rows) > 1 else f"{len(group)}个栏目",
            "places": places,
            "text": shorten(first.text, 80),
        }
        said = {fold(plain(cell.text)) for cell in group}
        within = (
            ""
            if all(_alike(shortest.text, cell.text) for cell in group)
            else say("within", **facts | {"text": shorten(shortest.text, 80)})
        )
        yield Trip(
            say("repeated", **facts) if len(said) == 1 else within or say("near", **facts),
            about=min(cell.about for cell in group),
            field=first.key,
            row=first.row,
            where=first.where,
            evidence=shorten(first.text, 120),
            expected=say("expected"),
        )


def _comparable(ctx: Context, table: FormTable, told: RepeatedText) -> Iterator[Prose]:
    optional = {f"{table.key}.{c.key}" for c in table.columns if c.required == "optional"}
    for cell in instance_texts(ctx.catalog, ctx.reading.record, ctx.catalog.keys[told.columns]):
        if cell.length >= (LEAST_OPTIONAL if cell.key in optional else LEAST):
            yield cell


def _groups(cells: Sequence[Prose]) -> list[list[Prose]]:
    """The cells that say the same, in groups of two or more."""
    groups: list[tuple[str, str, list[Prose]]] = []
    for cell in cells:
        text = plain(cell.text)
        folded, least, most = fold(text), 0.9 * len(text), len(text) / 0.9 + 1
        for first, first_folded, members in groups:
            # Most texts differ too much in length to be looked at.
            near = least <= len(first) <= most and _alike(first, text)
            if first_folded == folded or near or _within(first_folded, folded):
                members.append(cell)
                break
        else:
            groups.append((text, folded, [cell]))
    return [members for _, _, members in groups if len(members) > 1]


def _within(one: str, other: str) -> bool:
    """Whether the whole of a text stands in the other, which only adds to it: 由某公司实施。"""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    return len(short) >= LEAST_OPTIONAL and short in long


def _alike(one: str, other: str) -> bool:
    short, long = sorted((len(one), len(other)))
    if short < 0.9 * long or fuzz.ratio(one, other, score_cutoff=ALIKE) == 0:
        return False
    return len(one) >= FIGURES_COUNT or _NUMBERS.findall(one) == _NUMBERS.findall(other)


@dataclass(frozen=True, slots=True)
class _Source:
    """A text of the notice, and where it stands there."""

    place: str
    text: str


class Printed(BaseModel):
    """Texts of the notice: those of a list, each called ``called`` with its name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    list: ListName
    called: str


class TakenText(Params):
    """``sources`` are the notice's lists; ``example`` is what the form's printed example in the table of instances is called, of
    which the ``columns`` count."""

    sources: tuple[Printed, ...]
    example: str
    columns: Keys
    says: ClassVar[Mapping[str, str]] = {"taken": "places sources text length share", "expected": ""}


@check("taken_text", TakenText)
def taken_text(ctx: Context, told: TakenText, say: Say) -> Iterator[Result]:
    """A passage is copied from the notice's own lists or example."""
    sources, index = _notice(ctx.catalog, told)
    found: dict[tuple[str, int | None], list[tuple[Prose, _Source, Shared]]] = {}
    table = ctx.catalog.forms[ctx.form].instances()
    rows = ctx.reading.record.tables.get(table.key, ()) if table is not None else ()
    # What stands in the example's row is the example itself, and told of.
    printed = {n for n, row in enumerate(rows, 1) if table is not None and is_example(table, row)}
    texts = [t for t in prose(ctx.catalog, ctx.reading.record, ctx.catalog.keys[told.columns]) if t.row not in printed]
    for text in texts:
        for source, shared in _taken(plain(text.text), sources, index):
            found.setdefault((text.key.split(".")[0], text.row) if text.row else (text.key, None), []).append(
                (text, source, shared)
            )
    if not texts:
        yield NotApplicable("没有可以比较的文字")
    for pieces in found.values():
        if all(text.value.certain for text, _, _ in pieces):
            yield _taken_trip(pieces, say)
        else:
            yield CannotTell(f"{pieces[0][0].label}的文字识别没有把握")


def _taken_trip(pieces: list[tuple[Prose, _Source, Shared]], say: Say) -> Trip:
    pieces = sorted(pieces, key=lambda p: (-p[2].length, p[0].label))
    text, _, shared = pieces[0]
    said = excerpt(text.text, (shared.start, shared.end - 1))
    labels = dict.fromkeys(t.label for t, _, _ in pieces)
    listed = "、".join(t if n == 0 else t.removeprefix(text.place) for n, t in enumerate(labels))
    sources = dict.fromkeys(s.place for _, s, _ in pieces)
    return Trip(
        say(
            "taken",
            places=listed,
            sources=list(sources),
            text=shorten(said, 80),
            length=shared.length,
            share=f"{shared.share:.0%}",
        ),
        about=text.about.split("\x1e")[0],
        field=text.key,
        row=text.row,
        where=text.where,
        evidence=shorten(said, 120),
        expected=say("expected"),
    )


_Indexed = tuple[Sequence[_Source], Mapping[str, Sequence[int]]]
"""The texts of a notice, and which of them hold a run of characters."""
_NOTICES: dict[tuple[str, TakenText], _Indexed] = {}
"""By catalog version and what the rule is told."""


def _notice(catalog: Catalog, told: TakenText) -> _Indexed:
    key = (catalog.version, told)
    if key not in _NOTICES:
        texts = [
            (f"{printed.called}“{item.name}”的说明", item.text)
            for printed in told.sources
            for item in list_of(catalog, printed.list).items
        ]
        for form in catalog.forms.values():
            table = form.instances()
            for column, text in (table.example if table else {}).items():
                if column in catalog.keys[told.columns]:
                    texts.append((told.example, text))
        sources = [_Source(*pair) for pair in dict.fromkeys((place, plain(text)) for place, text in texts if text)]
        index: dict[str, list[int]] = {}
        for number, source in enumerate(sources):
            for gram in {source.text[at : at + _GRAM] for at in range(len(source.text) - _GRAM + 1)}:
                index.setdefault(gram, []).append(number)
        _NOTICES[key] = (sources, index)
    return _NOTICES[key]


def _taken(
    text: str, sources: Sequence[_Source], index: Mapping[str, Sequence[int]]
) -> Iterator[tuple[_Source, Shared]]:
    """What a plain text takes from the notice."""
    runs = [text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1)]
    known = index.keys() & runs  # of most texts none
    hits = Counter(number for run in runs if run in known for number in index[run]) if known else {}
    for number in sorted(n for n, count in hits.items() if count >= _HITS):
        source = sources[number]
        least = min(TAKEN, int(TAKEN_WHOLE * len(source.text)))
        for shared in passages(text, source.text, least=least, share=SHARE):
            if shared.same >= SHARE * least:
                yield source, shared
