"""How the catalog's 环节 and 场景 are covered by the applications."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from catalog.models import Catalog
from checks.meaning.names import industry_named, link_of, scene_of, text_of
from records.models import Row
from reports.results.model import Item
from reports.safe.text import line


def called(catalog: Catalog) -> dict[str, str]:
    """What the two levels of the notice's list, an instance, and what is counted of them are called; "" for what it has not."""
    table = next((t for f in catalog.applications if (t := catalog.forms[f].instances()) is not None), None)
    column = table.by_role("instance") if table is not None else None
    upper, lower = catalog.list_by_role("link"), catalog.list_by_role("scene")
    instance = column.label.removesuffix("名称") if column is not None else ""
    return {
        "upper": upper.what if upper is not None else "",
        "lower": lower.what if lower is not None else "",
        "instance": instance,
        "counted": f"{table.annex}的{instance}" if table is not None else "申报书",
    }


def _named(catalog: Catalog, item: Item) -> Sequence[Row]:
    """What names entries of the list: the rows of the table of instances; the form's own fields where it has no such table."""
    form = catalog.forms.get(item.form)
    if form is None or form.instances() is not None:
        return item.instances
    own = {role: field.key for role in _LEVELS if (field := form.by_role(role)) is not None}
    return [{role: value for role, key in own.items() if (value := item.record.get(key)) is not None}]


_LEVELS: tuple[Literal["link", "scene"], ...] = ("link", "scene")


@dataclass
class Coverage:
    """``links[item number][环节]`` and ``scenes[场景]`` count instances; ``by_scene`` names the items; ``other`` are
    scenes that are none of the catalog's, as written."""

    links: dict[int, dict[str, int]] = field(default_factory=dict)
    scenes: dict[str, int] = field(default_factory=dict)
    by_scene: dict[str, list[int]] = field(default_factory=dict)
    other: dict[str, int] = field(default_factory=dict)


def coverage(catalog: Catalog, items: Iterable[Item]) -> Coverage:
    """Count what every item names of the two levels; without a known upper one, by the lower one's own."""
    found = Coverage()
    for item in items:
        links = found.links.setdefault(item.number, {})
        table = catalog.forms[item.form].instances() if item.form in catalog.forms else None
        keys = {c.role: c.key for c in table.columns} if table is not None else dict(zip(_LEVELS, _LEVELS, strict=True))
        for row in _named(catalog, item):
            name = line(text_of(row.get(keys.get("scene", ""))), 40)
            scene = scene_of(catalog, name) if name else None
            link = link_of(catalog, text_of(row.get(keys.get("link", ""))))
            link_name = link.name if link else scene.under if scene else ""
            if link_name:
                links[link_name] = links.get(link_name, 0) + 1
            if scene:
                found.scenes[scene.name] = found.scenes.get(scene.name, 0) + 1
                places = found.by_scene.setdefault(scene.name, [])
                if item.number not in places:
                    places.append(item.number)
            elif name:
                found.other[name] = found.other.get(name, 0) + 1
    return found


def industries(catalog: Catalog, items: Iterable[Item]) -> list[tuple[str, int]]:
    """Applications by the notice's industries, in the catalog's order, then those that name none; nothing where the notice
    has none."""
    if not catalog.industries:
        return []
    named = Counter(industry_named(catalog, i.by_role("industry")) for i in items)
    rows = [(k.name, named[k.name]) for k in catalog.industries]
    return rows + ([("未填或不明", named[""])] if named[""] else [])
