"""The closest name of a list: the suggestion a person would make, and silence where nothing is close.

By the folded name first (rapidfuzz); where that does not decide, by the jieba terms of the texts that belong to the
names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rapidfuzz import fuzz

from catalog.models import Catalog
from checks.names import fold, scene_of, without_brackets, without_number
from checks.terms import TfIdf, dictionary_of

NEAR = 60.0
"""Likeness (0 to 100) of two names from which on one may be meant for the other: 环保管理 and 环保管控 have 75."""
NEAR_SCENE = 75.0
"""The same where a 环节 is looked for by the name of one of its scenes."""
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


_INDEXES: dict[tuple[str, str], TfIdf] = {}
"""Built once a catalog (by its version): 10 ms each."""


def _link_index(catalog: Catalog) -> TfIdf:
    return _kept(catalog, "links", _index_links)


def _kept(catalog: Catalog, what: str, build: Callable[[Catalog], TfIdf]) -> TfIdf:
    key = (catalog.version, what)
    if key not in _INDEXES:
        _INDEXES[key] = build(catalog)
    return _INDEXES[key]


def _index_links(catalog: Catalog) -> TfIdf:
    scenes = {k.name: [s for s in catalog.scenes if s.link == k.name] for k in catalog.links}
    texts = {
        k.name: "。".join(
            [k.name, k.name, k.text, *(s.name for s in scenes[k.name]), *(s.text for s in scenes[k.name])]
        )
        for k in catalog.links
    }
    return TfIdf(texts, dictionary_of(catalog))


def scene_index(catalog: Catalog) -> TfIdf:
    """The 45 scenes by their names and texts (rule M10 reads it too)."""
    return _kept(catalog, "scenes", _index_scenes)


def _index_scenes(catalog: Catalog) -> TfIdf:
    texts = {s.name: f"{s.name}。{s.name}。{s.text}" for s in catalog.scenes}
    example = next((t.example for f in catalog.forms.values() for t in f.tables if t.key == "scenes" and t.example), {})
    shown = scene_of(catalog, example.get("scene", ""))
    if shown is not None:
        words = (example.get(c, "") for c in ("instance", "description", "pain_points", "solution", "results"))
        texts[shown.name] += "。".join(words)
    return TfIdf(texts, dictionary_of(catalog))


def closest_link(catalog: Catalog, name: str) -> str | None:
    """The 环节 of the catalog that a name is meant for, if a person could tell."""
    found = by_name(name, [k.name for k in catalog.links])
    if found is not None:
        return found
    near = by_name(name, [s.name for s in catalog.scenes], NEAR_SCENE)
    return next((s.link for s in catalog.scenes if s.name == near), None) or by_terms(name, _link_index(catalog))


def closest_scene(catalog: Catalog, name: str, link: str = "") -> str | None:
    """The 场景 that a name is meant for; where names do not decide, those of ``link`` are looked at first."""
    names = [s.name for s in catalog.scenes]
    found = by_name(name, names)
    if found is None and link:
        found = by_name(name, [s.name for s in catalog.scenes if s.link == link])
    return found or by_terms(name, scene_index(catalog))


def closest_of(name: str, candidates: Sequence[str], aliases: dict[str, tuple[str, ...]] | None = None) -> str | None:
    """The name of a list that is meant, its other spellings counting as itself."""
    spellings = {alias: c for c in candidates for alias in (c, *(aliases or {}).get(c, ()))}
    found = by_name(name, spellings)
    if found is not None:
        return spellings[found]
    near = {spellings[s] for s in spellings if _likeness(_folded(name), _folded(s)) >= NEAR}
    return near.pop() if len(near) == 1 else None
