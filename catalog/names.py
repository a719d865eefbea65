"""Recommenders as people write them, and the districts an address names."""

from __future__ import annotations

import functools
import re
import unicodedata

from catalog.models import Catalog, Recommender, Region

_DROPPED = re.compile(r"[\W_]+")


def fold_recommender(text: str, region: Region | None = None) -> str:
    """``text`` after NFKC, without white space, brackets and punctuation, and without the region's name before it.

    ``上海市 浦东新区（科经委）`` → ``浦东新区科经委``
    """
    folded = _DROPPED.sub("", unicodedata.normalize("NFKC", text)).lower()
    for prefix in (region.name, region.short) if region is not None else ():
        if prefix and folded.startswith(prefix) and folded != prefix:
            return folded[len(prefix) :]
    return folded


def find_recommender(catalog: Catalog, text: str) -> Recommender | None:
    """The recommender that ``text`` names: by a known way of writing it, else by the one name that stands in it.

    None where it names none, or several (``徐汇区、静安区``), or a company whose name holds a district's. One that
    lies in others is itself where it is named together with them (a 管委会 and its district).
    """
    folded = fold_recommender(text, catalog.region)
    if not folded:
        return None
    spellings = _spellings(_Cached(catalog))
    exact = spellings.get(folded)
    if exact is not None:
        return exact
    companies = catalog.words.get("not_recommender_anywhere", ())
    if folded.endswith(catalog.words.get("not_recommender", ())) or any(word in folded for word in companies):
        return None
    named = _named(folded, catalog)
    inner = [r for r in named if r.lies_in]
    if len(inner) == 1 and all(r is inner[0] or r.name in inner[0].lies_in for r in named):
        return inner[0]
    return named[0] if len(named) == 1 else None


def district_of_address(catalog: Catalog, text: str) -> tuple[str, ...]:
    """The names of the recommenders whose area an address names, in the catalog's order; () where it names none or lies
    outside the region. A road named after a district (``宝山路``) names none; ``上海宝山城市工业园区`` does.
    """
    folded = unicodedata.normalize("NFKC", "".join(text.split()))
    short = catalog.region.short
    if short not in folded and re.match(r"[^市区县]{2,7}(省|自治区)|[^区县]{2,4}市", folded):
        return ()
    found = []
    start = folded.lstrip("0123456789").removeprefix("中国").removeprefix(catalog.region.name).removeprefix(short)
    for recommender in catalog.recommenders:
        words = recommender.address_words
        bare = recommender.name.removesuffix("新区").removesuffix("区")
        leads = recommender.codes and re.match(rf"{bare}(?!.?(路|大道|街|公路))", start)
        if leads or any(word in folded for word in words):
            found.append(recommender.name)
    return tuple(found)


def same_area(catalog: Catalog, one: str, other: str) -> bool:
    """True where two recommenders are the same or one lies in the other (临港新片区 and 浦东新区)."""
    first, second = catalog.recommender(one), catalog.recommender(other)
    if first is None or second is None:
        return one == other
    return one == other or one in second.lies_in or other in first.lies_in


def _named(folded: str, catalog: Catalog) -> list[Recommender]:
    """The recommenders of which a short way of writing stands in ``folded``, each character used by the longest."""
    found: dict[str, Recommender] = {}
    rest = folded
    for word, recommender in _short_words(_Cached(catalog)):
        if word in rest:
            found.setdefault(recommender.name, recommender)
            rest = rest.replace(word, "\0")
    return list(found.values())


class _Cached:
    """A catalog as a cache key: by its version, so that the large model is never hashed."""

    __slots__ = ("catalog",)

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def __hash__(self) -> int:
        return hash(self.catalog.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Cached) and other.catalog.version == self.catalog.version


@functools.lru_cache(maxsize=4)
def _spellings(key: _Cached) -> dict[str, Recommender]:
    region = key.catalog.region
    return {
        fold_recommender(word, region): recommender
        for recommender in key.catalog.recommenders
        for word in (recommender.name, recommender.full_name, *recommender.aliases)
    }


@functools.lru_cache(maxsize=4)
def _short_words(key: _Cached) -> list[tuple[str, Recommender]]:
    words = [
        (folded, recommender)
        for recommender in key.catalog.recommenders
        for folded in {fold_recommender(w) for w in (*recommender.aliases, *recommender.address_words)}
    ]
    return sorted(words, key=lambda pair: (-len(pair[0]), pair[0]))
