"""Cells that hold one or several of a list's kinds, as people write them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from checks.library import ColumnKey, ListName, Params, Say, Words, check
from checks.lists import list_of
from checks.meaning.answers import Answers
from checks.meaning.closest import closest_of
from checks.meaning.entries import column_of
from checks.meaning.names import SEPARATORS, fold, nfkc, text_of, without_brackets, without_number
from checks.meaning.text import shorten
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip
from records.models import Row
from records.numbers import NUMERALS

_AND = "与和及"
_ENUMERATOR = re.compile(
    rf"(?:^|(?<=[\s;,、/]))(?:\(?(?:\d{{1,2}}|[{NUMERALS}])\s*[、.)]|第[\d{NUMERALS}][类种])\s*(?!\d)"
)
_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")


@dataclass(frozen=True, slots=True)
class Spellings:
    """Names of kinds, other ways of writing them, and words that may stand or lack at their end."""

    names: tuple[str, ...]
    aliases: Mapping[str, tuple[str, ...]]
    suffixes: tuple[str, ...]

    def unknown(self, cell: str) -> list[str]:
        """The parts of a cell that are none of the kinds. Several kinds may stand in a cell, run together or parted by
        any mark, by white space or by 和; 与 inside a kind's own name parts nothing. Details in brackets do not matter.
        """
        listed = _ENUMERATOR.sub(";", nfkc(cell))
        if self._all_kinds(listed) or self._all_kinds(without_brackets(listed)):
            return []
        wrong = []
        for part in (p.strip() for p in SEPARATORS.split(listed) if fold(p)):
            inside = _BRACKETS.findall(part)
            if not any(self._all_kinds(t) for t in (part, without_brackets(part), *inside)):
                wrong.append(without_number(part))
        return wrong

    def _all_kinds(self, text: str) -> bool:
        pieces = (without_number(p) for p in re.split(r"[、,;/|\s]+", nfkc(text)))
        folded = fold("".join(pieces))
        return bool(folded) and self._pattern().fullmatch(folded) is not None

    def _pattern(self) -> re.Pattern[str]:
        return _pattern(tuple(s for n in self.names for s in (n, *self.aliases.get(n, ()))), self.suffixes)


@functools.lru_cache(maxsize=32)
def _pattern(spellings: tuple[str, ...], suffixes: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the spellings, run together."""
    tail = "(?:" + "|".join(map(re.escape, suffixes)) + ")*" if suffixes else ""
    stems = {_stem(s, suffixes) for s in spellings}
    any_of = "|".join(re.sub(f"[{_AND}]", f"[{_AND}]", re.escape(s)) for s in sorted(stems, key=lambda s: (-len(s), s)))
    return re.compile(rf"(?:(?:{any_of}){tail}[{_AND}]?)+")


def _stem(name: str, suffixes: tuple[str, ...]) -> str:
    folded = fold(name)
    while (shorter := next((folded.removesuffix(s) for s in suffixes if folded.endswith(s)), folded)) != folded:
        folded = shorter
    return folded


class KindsOf(Params):
    """``kind`` is the column; ``name`` says which row it is, and ``instance`` under which key a row has what the table's line
    above it names; ``suffixes`` at a kind's end do not matter."""

    kind: ColumnKey
    name: ColumnKey
    instance: str
    list: ListName
    suffixes: Words
    says: ClassVar[Mapping[str, str]] = {
        "blank": "instance name kinds",
        "unknown": "name kind kinds",
        "unknown_near": "name kind kinds near",
        "unknown_many": "name kind kinds count",
        "unknown_many_near": "name kind kinds near count",
        "unread": "name",
        "nothing": "",
    }


@check("kinds_of", KindsOf)
def kinds_of(ctx: Context, told: KindsOf, say: Say) -> Iterator[Result]:
    """One finding a wrong name (however many rows hold it), and one a row whose kind is blank."""
    table, key = told.kind.split(".")
    listed, answers = list_of(ctx.catalog, told.list), Answers.of(ctx)
    kinds = Spellings(listed.names, {i.name: i.aliases for i in listed.items}, ctx.catalog.words[told.suffixes])
    form_table = answers.form.table(table)
    column = next((c for c in form_table.columns if c.key == key), None) if form_table else None
    rows = [(number, row) for number, row in answers.rows(table) if not answers.nothing(row, told.instance)]
    if not rows or form_table is None or column is None:
        yield NotApplicable(say("nothing"))
        return
    wrong: dict[str, list[tuple[int, Row]]] = {}
    for number, row in rows:
        value, state = row.get(key), answers.cell(form_table, column, row)
        if state == "unreadable" or (value is not None and not value.certain):
            if state != "filled" or kinds.unknown(text_of(value)):
                yield CannotTell(say("unread", name=text_of(row.get(column_of(told.name)))))
        elif state == "blank":
            yield _blank(told, say, kinds, number, row)
        else:
            for part in kinds.unknown(text_of(value)):
                wrong.setdefault(part, []).append((number, row))
    for part, places in wrong.items():
        yield _not_a_kind(told, say, kinds, part, places)


def _blank(told: KindsOf, say: Say, kinds: Spellings, number: int, row: Row) -> Trip:
    value = row.get(column_of(told.kind))
    name, instance = (text_of(row.get(k)) for k in (column_of(told.name), told.instance))
    place = value.where if value is not None else ""
    return Trip(
        say("blank", instance=shorten(instance), name=shorten(name), kinds=kinds.names),
        about=f"blank:{fold(instance)}:{fold(name)}",
        field=told.kind,
        row=number,
        where=place or next((v.where for v in row.values() if v.where), ""),
        evidence=name,
        expected="、".join(kinds.names),
    )


def _not_a_kind(told: KindsOf, say: Say, kinds: Spellings, part: str, places: Sequence[tuple[int, Row]]) -> Trip:
    number, row = places[0]
    near = closest_of(part, kinds.names, kinds.aliases)
    cell = row[column_of(told.kind)]
    sentence = "unknown" + ("_many" if len(places) > 1 else "") + ("_near" if near else "")
    facts = {"name": shorten(text_of(row.get(column_of(told.name)))), "kind": shorten(part), "kinds": kinds.names}
    return Trip(
        say(sentence, near=near, count=len(places), **facts),
        about=fold(part) or part,
        field=told.kind,
        row=number,
        where=cell.where,
        evidence=text_of(cell),
        expected=near or "、".join(kinds.names),
    )
