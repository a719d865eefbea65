"""The lists of a notice by their names, as rules ask for them."""

from __future__ import annotations

from catalog.lists import Entry as Item
from catalog.lists import NoticeList as NamedList
from catalog.models import Catalog, Industry

__all__ = ["Item", "NamedList", "groups", "industries_of", "known", "list_of"]

_INDUSTRIES = "industries"
"""The list whose entries have fields, narrower fields and codes of their own."""


def known(catalog: Catalog, name: str) -> bool:
    """Whether the pack has a list of that name."""
    return name in catalog.lists or (name == _INDUSTRIES and bool(catalog.industries))


def industries_of(catalog: Catalog, name: str) -> tuple[Industry, ...]:
    """A list of industries. Raises KeyError where the pack has none of that name."""
    if name != _INDUSTRIES:
        raise KeyError(name)
    return catalog.industries


_MADE: dict[str, NamedList] = {}
"""Catalog version → its industries as a list."""


def list_of(catalog: Catalog, name: str) -> NamedList:
    """A list of the pack. Raises KeyError where it has none of that name."""
    if name == _INDUSTRIES:
        if catalog.version not in _MADE:
            items = (
                Item(name=i.full_name, aliases=(i.name, *i.option_aliases), text=i.text) for i in catalog.industries
            )
            _MADE[catalog.version] = NamedList(name=name, what="行业", title="行业", items=tuple(items))
        return _MADE[catalog.version]
    return catalog.lists[name]


def names(catalog: Catalog) -> tuple[str, ...]:
    """The names of all lists that have texts or names to compare with."""
    return (*catalog.lists, _INDUSTRIES)


def groups(catalog: Catalog) -> frozenset[str]:
    """The groups of all lists."""
    return frozenset(group for found in catalog.lists.values() for group in found.groups)
