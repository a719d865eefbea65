"""How the catalog's 环节 and 场景 are covered by the applications."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.models import Catalog
from checks.meaning.names import link_of, scene_of, text_of
from reports.results.model import Item
from reports.safe.text import line


@dataclass
class Coverage:
    """``links[item number][环节]`` and ``scenes[场景]`` count instances; ``by_scene`` names the items; ``other`` are
    scenes that are none of the catalog's, as written."""

    links: dict[int, dict[str, int]] = field(default_factory=dict)
    scenes: dict[str, int] = field(default_factory=dict)
    by_scene: dict[str, list[int]] = field(default_factory=dict)
    other: dict[str, int] = field(default_factory=dict)


def coverage(catalog: Catalog, items: Iterable[Item]) -> Coverage:
    """Count the rows of 附1 of every item by the 环节 and 场景 they name; without a known 环节, by the scene's own."""
    found = Coverage()
    for item in items:
        links = found.links.setdefault(item.number, {})
        table = catalog.forms[item.form].instances() if item.form in catalog.forms else None
        keys = {c.role: c.key for c in table.columns} if table is not None else {}
        for row in item.instances:
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
