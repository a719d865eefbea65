"""Two packs, or a blank form and a pack, side by side: what was added, removed, renamed, moved and changed.

What a pack lists is matched by its key, then by the likeness of its label and by its place: so a form that was drafted anew, with
keys of its own, stands beside last year's. All else is compared as it stands, whatever it is.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel
from rapidfuzz import fuzz

from catalog.forms import CODES, PHONES, Form
from catalog.models import Catalog

Kind = Literal["added", "removed", "renamed", "moved", "changed"]
_LIKE = 60.0
"""Likeness (0 to 100) from which on two labels may be one that was reworded."""
_LIKE_IN_PLACE = 30.0
"""The same where nothing else stands between two neighbours that are known."""
_SAME_PLACE = 10.0
"""What a part, group or column in common adds to the likeness."""
_NEUTRAL = ("field_", "table_", "section_", "column_", "list_")
"""Keys that a draft gives where it knows none say nothing."""


class Change(NamedTuple):
    """``what`` is changed (field, rule, notice …), ``place`` where it stands (the titles above it), ``name`` what people call it.
    ``attribute`` says what of it is changed, or by what it moved (order: what it stands behind), or, where it is renamed, that one
    side knows the other's label (aliases). ``before`` and ``after`` are plain data, None where there is none."""

    kind: Kind
    what: str
    place: tuple[str, ...]
    name: str
    attribute: str = ""
    before: Any = None
    after: Any = None


@dataclass(frozen=True)
class _Part:
    """How the entries of a list are told apart: ``key`` is the attribute by which a pack knows one, ``labels`` those by which
    people do (the first that is not empty), ``place`` those that say where it stands. ``children`` are lists of their own."""

    what: str
    key: str
    labels: tuple[str, ...]
    place: tuple[str, ...] = ()
    children: Mapping[str, _Part] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    printed: frozenset[str] | None = None
    """What a blank form says of it; None: nothing."""
    ordered: bool = True
    """The order of its entries says something."""

    def label(self, item: Mapping[str, Any]) -> str:
        for name in self.labels:
            found = item.get(name)
            if found:
                return str(found[0]) if isinstance(found, (list, tuple)) else str(found)
        return str(item.get(self.key, ""))


_FIELD = _Part(
    "field", "key", ("label",), ("part", "group", "column", "of_field", "after_option"),
    printed=frozenset({"type", "options", "unit", "limit", "column"}),
)  # fmt: skip
_COLUMN = _Part("column", "key", ("label",), printed=frozenset({"limit"}))
_TABLE = _Part(
    "table", "key", ("titles", "called", "annex"), ("annex",), {"columns": _COLUMN}, printed=frozenset({"annex"})
)
_SECTION = _Part("section", "key", ("heading",), ("parent", "number"), printed=frozenset({"number", "limit"}))
_FORM = _Part(
    "form", "name", ("title",), (), {"fields": _FIELD, "tables": _TABLE, "sections": _SECTION},
    printed=frozenset({"annex", "kind"}),
)  # fmt: skip
_ENTRY = _Part("entry", "name", ("name",), ("under", "group"), ignored=frozenset({"number"}))
_LIST = _Part("list", "name", ("what",), children={"items": _ENTRY})
_LISTS: dict[str, _Part] = {
    "forms": _FORM,
    "lists": _LIST,
    "clauses": _Part("clause", "ref", ("ref",)),
    "quotas": _Part("quota", "key", ("key",), ordered=False),
    "recommenders": _Part("recommender", "name", ("name",)),
    "industries": _Part("industry", "name", ("name",)),
    "sections": _Part("industry_code", "code", ("name",)),
    "divisions": _Part("industry_code", "code", ("name",)),
    "groups": _Part("industry_code", "code", ("name",)),
    "words": _Part("words", "name", ("name",), ordered=False),
    "keys": _Part("words", "name", ("name",), ordered=False),
    "rule_groups": _Part("rule_group", "letter", ("name",)),
    "rules": _Part("rule", "code", ("title",), ignored=frozenset({"place"}), ordered=False),
}
"""What of a pack is a list of entries; all else belongs to the notice itself."""
_NOT_SAID = frozenset({"version", "rules_file"})


def compare(before: Catalog, after: Catalog) -> list[Change]:
    """What is other in ``after`` than in ``before``, in the order of a pack."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    out: list[Change] = []
    for name in dict.fromkeys([*old, *new]):
        part = _LISTS.get(name)
        if part is not None:
            out += _entries(part, (), _listed(part, old.get(name)), _listed(part, new.get(name)))
        elif name not in _NOT_SAID:
            out += _attributes("notice", (), "", name, old.get(name), new.get(name))
    return out


def compare_printed(before: Sequence[Form], after: Sequence[Form]) -> list[Change]:
    """The same of forms, one side of which was drafted from blanks: of what a blank form prints alone, keys aside."""
    old, new = ([_plain(form) for form in forms] for forms in (before, after))
    return _entries(_FORM, (), old, new, printed=True)


def best_form(drafted: Form, forms: Sequence[Form]) -> Form | None:
    """The form of a pack that a drafted one is, by title and labels; None where none is like it."""

    def shared(form: Form) -> float:
        own, other = (
            {f.label for f in one.fields} | {c.label for t in one.tables for c in t.columns} for one in (drafted, form)
        )
        return fuzz.ratio(drafted.title, form.title) + 100 * len(own & other) / max(len(own | other), 1)

    found = max(forms, key=shared, default=None)
    return found if found is not None and shared(found) >= _LIKE else None


def _plain(item: BaseModel) -> dict[str, Any]:
    return item.model_dump(mode="json")


def _listed(part: _Part, value: Any) -> list[dict[str, Any]]:
    """A list of entries; a table of them, or of lists, as such a list. A quota is known by whom it is for."""
    if isinstance(value, Mapping):
        return [
            dict(item) if isinstance(item, Mapping) else {part.key: key, "words": item} for key, item in value.items()
        ]
    if part.what == "quota":
        return [{**item, "key": " ".join(filter(None, (item["kind"], item["flag"])))} for item in value or ()]
    return list(value or ())


# ------------------------------------------------------------------------------------------------ entries
def _entries(
    part: _Part, place: tuple[str, ...], old: Sequence[Any], new: Sequence[Any], *, printed: bool = False
) -> list[Change]:
    pairs = _pairs(part, old, new, printed=printed)
    known_old, known_new = {i for i, _ in pairs}, {j for _, j in pairs}
    stays = _in_order(pairs)
    out: list[Change] = []
    for i, item in enumerate(old):
        if i not in known_old:
            out.append(Change("removed", part.what, place, part.label(item), before=_facts(part, item)))
    by_new = {j: i for i, j in pairs}
    for j, item in enumerate(new):
        if j not in known_new:
            out.append(Change("added", part.what, place, part.label(item), after=_facts(part, item)))
            continue
        i = by_new[j]
        out += _same(part, place, old[i], item, printed=printed)
        if part.ordered and (i, j) not in stays:
            behind = [part.label(side[at - 1]) if at else "" for side, at in ((old, i), (new, j))]
            out.append(Change("moved", part.what, place, part.label(item), "order", *behind))
    return out


def _facts(part: _Part, item: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry that stands on one side alone says, its own lists aside."""
    return {
        k: v
        for k, v in item.items()
        if k not in part.children and k not in part.ignored and v not in (None, "", [], {})
    }


def _same(
    part: _Part, place: tuple[str, ...], old: Mapping[str, Any], new: Mapping[str, Any], *, printed: bool
) -> Iterator[Change]:
    """One entry before and after."""
    before, after = part.label(old), part.label(new)
    if before != after:
        known = before in new.get("aliases", ()) or after in old.get("aliases", ())
        yield Change("renamed", part.what, place, after, "aliases" if known else "", before, after)
    label_of = next((name for name in part.labels if old.get(name) or new.get(name)), "")
    for name in dict.fromkeys([*old, *new]):
        if name in part.children or name in part.ignored or name == label_of:
            continue
        if printed and (name not in (part.printed or ()) or _looks_alike(name, old.get(name), new.get(name))):
            continue
        if name in part.place and old.get(name) != new.get(name):
            yield Change("moved", part.what, place, after, name, old.get(name), new.get(name))
            continue
        yield from _attributes(part.what, place, after, name, old.get(name), new.get(name))
    for name, child in part.children.items():
        yield from _entries(
            child, (*place, after), _listed(child, old.get(name)), _listed(child, new.get(name)), printed=printed
        )


def _looks_alike(attribute: str, old: Any, new: Any) -> bool:
    """Whether a blank form cannot tell one type from the other: a code of any kind, a telephone of any kind."""
    return attribute == "type" and any({old, new} <= alike for alike in (CODES, PHONES))


def _attributes(what: str, place: tuple[str, ...], name: str, attribute: str, old: Any, new: Any) -> Iterator[Change]:
    """What differs in a value; of a table, each of its own values."""
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys([*old, *new]):
            yield from _attributes(what, place, name, f"{attribute}.{key}", old.get(key), new.get(key))
        return
    yield Change("changed", what, place, name, attribute, old, new)


# ------------------------------------------------------------------------------------------------ matching
def _pairs(part: _Part, old: Sequence[Any], new: Sequence[Any], *, printed: bool) -> list[tuple[int, int]]:
    """Which entry before is which after, in the order of ``old``."""
    found = {} if printed else _by_key(part, old, new)
    taken = set(found.values())
    if part.key in part.labels and part.what not in _RENAMED:
        return sorted(found.items())
    scored = [
        (score - abs(i / len(old) - j / len(new)), -i, -j)
        for i, one in enumerate(old)
        for j, other in enumerate(new)
        if i not in found and j not in taken and (score := _score(part, one, other)) >= _LIKE
    ]
    for _, i, j in sorted(scored, reverse=True):
        if -i not in found and -j not in taken:
            found[-i] = -j
            taken.add(-j)
    _between(part, old, new, found)
    return sorted(found.items())


def _by_key(part: _Part, old: Sequence[Any], new: Sequence[Any]) -> dict[int, int]:
    places = {item.get(part.key): j for j, item in enumerate(new)}
    keys = ((i, str(item.get(part.key, ""))) for i, item in enumerate(old))
    return {i: places[key] for i, key in keys if key in places and not key.startswith(_NEUTRAL)}


def _score(part: _Part, old: Mapping[str, Any], new: Mapping[str, Any]) -> float:
    """How far two entries are one, by label and place; 0 where their labels are not alike."""
    one, other = part.label(old), part.label(new)
    like = max(fuzz.ratio(a, b) for a in _spellings(one, old) for b in _spellings(other, new))
    if like < _LIKE:
        return 0.0
    same = sum(_agree(old.get(name), new.get(name)) for name in part.place)
    return like + (1.0 if one == other else 0.0) + _SAME_PLACE * same


_RENAMED = frozenset({"entry", "recommender"})
"""What has no key beside its name and may all the same be the same under another."""


def _spellings(label: str, item: Mapping[str, Any]) -> list[str]:
    return [label, *item.get("aliases", ())]


def _agree(old: Any, new: Any) -> bool:
    if isinstance(old, list) and isinstance(new, list) and old and new:
        return bool(set(old) & set(new))
    return bool(old == new)


def _between(part: _Part, old: Sequence[Any], new: Sequence[Any], found: dict[int, int]) -> None:
    """An entry that alone went from between two neighbours, and one that alone came there: the same under another name, where
    the names have something in common."""
    ends = {-1: -1, **found, len(old): len(new)}
    for i in range(len(old)):
        j = ends.get(i - 1, -2) + 1
        if i in found or j != ends.get(i + 1, -2) - 1 or not 0 <= j < len(new):
            continue
        like = fuzz.ratio(part.label(old[i]), part.label(new[j]))
        if like >= _LIKE_IN_PLACE and old[i].get("type") == new[j].get("type"):
            found[i] = j
            ends[i] = j


def _in_order(pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """The most pairs that stand in the same order on both sides; the others moved."""
    ends: list[int] = []
    at: list[int] = []
    back: list[int] = []
    for number, (_, j) in enumerate(pairs):
        where = bisect.bisect_left(ends, j)
        back.append(at[where - 1] if where else -1)
        ends[where : where + 1] = [j]
        at[where : where + 1] = [number]
    out: set[tuple[int, int]] = set()
    number = at[-1] if at else -1
    while number >= 0:
        out.add(pairs[number])
        number = back[number]
    return out


def by_place(changes: Sequence[Change]) -> Iterator[tuple[tuple[str, ...], list[Change]]]:
    """The changes in runs of one place."""
    for place, group in itertools.groupby(changes, key=lambda c: c.place):
        yield place, list(group)
