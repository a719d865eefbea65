"""The closest name of a list: the suggestion a person would make, and silence where nothing is close.

By the folded name first (rapidfuzz); where that does not decide, by the jieba terms of the texts that belong to the
names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from catalog.models import Catalog
from checks.lists import list_of
from checks.meaning.names import fold, item_named, without_brackets, without_number
from checks.meaning.terms import TfIdf, dictionary_of

NEAR = 60.0
"""Likeness (0 to 100) of two names from which on one may be meant for the other: 环保管理 and 环保管控 have 75."""
NEAR_BELOW = 75.0
"""The same where an entry is looked for by the name of one of the list below that belongs to it."""
LEAD = 8.0
"""By how much the best must lead the second."""
NEAR_TERMS, LEAD_TERMS = 0.22, 0.06
"""The same for TF-IDF cosines."""


def by_name(name: str, candidates: Iterable[str], near: float = NEAR) -> str | None:
    """The candidate that a name is most like, None where none is near or two are equally so."""
    wanted = _folded(name)
    if len(wanted) <= 1:
        return None
    scored = sorted(((_likeness(wanted, _folded(c)), c) for c in candidates), key=lambda pair: (-pair[0], pair[1]))
    if not scored or scored[0][0] < near:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < LEAD:
        return None
    return scored[0][1]


def _folded(name: str) -> str:
    folded = fold(without_number(without_brackets(name)))
    return folded or fold(name)


def _likeness(one: str, other: str) -> float:
    """0 to 100: equal order, equal characters in another order, or one inside the other."""
    if not one or not other:
        return 0.0
    ordered = fuzz.ratio(one, other)
    any_order = fuzz.ratio("".join(sorted(one)), "".join(sorted(other))) - 5
    inside = 70 + 30 * min(len(one), len(other)) / max(len(one), len(other)) if one in other or other in one else 0.0
    return max(ordered, any_order, inside)


def by_terms(name: str, index: TfIdf) -> str | None:
    """The name whose text shares the weightiest words with ``name``, None where none clearly does."""
    scored = list(index.scores(name).items())
    if not scored or scored[0][1] < NEAR_TERMS:
        return None
    if len(scored) > 1 and scored[0][1] - scored[1][1] < LEAD_TERMS:
        return None
    return scored[0][0]


class Shown(NamedTuple):
    """Where the form's printed example says more of an entry: its table, the column that names the entry, and those that
    speak of it."""

    table: str
    column: str
    texts: tuple[str, ...]


_INDEXES: dict[tuple[str, str, Shown | None], TfIdf] = {}
"""Built once a catalog (by its version): 10 ms each."""


def index_of(catalog: Catalog, list_name: str, shown: Shown | None = None) -> TfIdf:
    """The entries of a list by their names and texts, those of the list below among them."""
    key = (catalog.version, list_name, shown)
    if key not in _INDEXES:
        _INDEXES[key] = _index(catalog, list_name, shown)
    return _INDEXES[key]


def _index(catalog: Catalog, list_name: str, shown: Shown | None) -> TfIdf:
    own = list_of(catalog, list_name)
    below = list_of(catalog, own.below) if own.below else None
    texts: dict[str, str] = {}
    for item in own.items:
        members = below.under(item.name) if below is not None else ()
        texts[item.name] = "。".join(
            [item.name, item.name, item.text, *(m.name for m in members), *(m.text for m in members)]
        )
    if shown is not None:
        tables = (t for f in catalog.forms.values() for t in f.tables if t.key == shown.table)
        example = next((t.example for t in tables if t.example), {})
        item_shown = item_named(catalog, list_name, example.get(shown.column, ""))
        if item_shown is not None:
            texts[item_shown.name] += "。".join(example.get(c, "") for c in shown.texts)
    return TfIdf(texts, dictionary_of(catalog))


def closest(catalog: Catalog, list_name: str, name: str, under: str = "", shown: Shown | None = None) -> str | None:
    """The entry of a list that a name is meant for, if a person could tell. Where its own name does not decide: the one
    to which an entry of the list below belongs that is near, or one of those that are ``under`` an entry of the list
    above."""
    own = list_of(catalog, list_name)
    found = by_name(name, own.names)
    if found is not None:
        return found
    if own.below:
        below = list_of(catalog, own.below)
        near = by_name(name, below.names, NEAR_BELOW)
        found = next((i.under for i in below.items if i.name == near), None)
    elif under:
        found = by_name(name, [i.name for i in own.under(under)])
    return found or by_terms(name, index_of(catalog, list_name, shown))


def closest_of(
    name: str, candidates: Sequence[str], aliases: Mapping[str, tuple[str, ...]] | None = None
) -> str | None:
    """The name of a list that is meant, its other spellings counting as itself."""
    spellings = {alias: c for c in candidates for alias in (c, *(aliases or {}).get(c, ()))}
    found = by_name(name, spellings)
    if found is not None:
        return spellings[found]
    near = {spellings[s] for s in spellings if _likeness(_folded(name), _folded(s)) >= NEAR}
    return near.pop() if len(near) == 1 else None
