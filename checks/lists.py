"""The lists of a notice by their names, in one shape: the one place that knows how the pack holds them.

A list may have another above it, to whose entries its own belong (场景 to 环节), and each entry may belong to a group.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from catalog.models import Catalog, Industry


@dataclass(frozen=True, slots=True)
class Item:
    """An entry: ``under`` is the name of the entry of the list above that it belongs to."""

    name: str
    aliases: tuple[str, ...] = ()
    text: str = ""
    under: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class NamedList:
    """``what`` is what an entry is called; ``above`` and ``below`` are the names of the lists beside it."""

    name: str
    what: str
    items: tuple[Item, ...]
    above: str = ""
    below: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(i.name for i in self.items)

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(i.group for i in self.items if i.group))

    def under(self, name: str) -> tuple[Item, ...]:
        return tuple(i for i in self.items if i.under == name)


def _links(catalog: Catalog) -> NamedList:
    items = (Item(k.name, k.aliases, k.text, group=k.aspect) for k in catalog.links)
    return NamedList("links", "环节", tuple(items), below="scenes")


def _scenes(catalog: Catalog) -> NamedList:
    items = (Item(s.name, s.aliases, s.text, s.link, s.aspect) for s in catalog.scenes)
    return NamedList("scenes", "场景", tuple(items), above="links")


def _equipment(catalog: Catalog) -> NamedList:
    items = (Item(n, catalog.equipment_aliases.get(n, ())) for n in catalog.equipment_kinds)
    return NamedList("equipment_kinds", "关键装备", tuple(items))


def _software(catalog: Catalog) -> NamedList:
    items = (Item(n, catalog.software_aliases.get(n, ())) for n in catalog.software_kinds)
    return NamedList("software_kinds", "关键软件", tuple(items))


def _industries(catalog: Catalog) -> NamedList:
    items = (Item(i.full_name, (i.name, *i.option_aliases), i.text) for i in catalog.industries)
    return NamedList("industries", "行业", tuple(items))


NAMES: Mapping[str, Callable[[Catalog], NamedList]] = {
    "links": _links,
    "scenes": _scenes,
    "equipment_kinds": _equipment,
    "software_kinds": _software,
    "industries": _industries,
}

_INDUSTRIES = "industries"
"""The list whose entries have fields, narrower fields and codes of their own."""


def known(name: str) -> bool:
    """Whether the pack has a list of that name."""
    return name in NAMES or name == _INDUSTRIES


def industries_of(catalog: Catalog, name: str) -> tuple[Industry, ...]:
    """A list of industries. Raises KeyError where the pack has none of that name."""
    if name != _INDUSTRIES:
        raise KeyError(name)
    return catalog.industries


_KEPT: dict[tuple[str, str], NamedList] = {}
"""Catalog version and name → the list: lists are asked for at every cell."""


def list_of(catalog: Catalog, name: str) -> NamedList:
    """A list of the pack. Raises KeyError where it has none of that name."""
    key = (catalog.version, name)
    if key not in _KEPT:
        _KEPT[key] = NAMES[name](catalog)
    return _KEPT[key]


def groups(catalog: Catalog) -> frozenset[str]:
    """The groups of all lists."""
    return frozenset(group for name in NAMES for group in list_of(catalog, name).groups)
