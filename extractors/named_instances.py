"""The instances of 附件4 read by the names of the catalog, where what stands between their parts does not part them."""

from __future__ import annotations

from catalog.forms import Form
from catalog.models import Catalog
from records.instances import by_names, instances
from records.models import Record


def read_by_names(record: Record, form: Form, catalog: Catalog) -> None:
    """Puts right the cells of instances whose 环节 or 场景 are none of the catalog's, where both stand in the text."""
    columns = [(t.key, c.key) for t in form.tables for c in t.columns if c.type == "instances"]
    if not columns:
        return
    links = tuple(n for link in catalog.links for n in (link.name, *link.aliases))
    scenes = tuple(n for scene in catalog.scenes for n in (scene.name, *scene.aliases))
    for table, column in columns:
        for row in record.tables.get(table, ()):
            held = row.get(column)
            if held is None or not isinstance(held.value, list):
                continue
            if all(item["link"] in links and item["scene"] in scenes for item in held.value):
                continue
            named = by_names(held.raw, links, scenes)
            if named is not None and len(named) >= len(held.value):
                parted = instances(held.raw).sure
                sure = round(min(1.0, held.confidence / parted), 4)
                row[column] = held.model_copy(update={"value": named, "confidence": sure})
