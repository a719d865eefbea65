"""The catalog's names of 环节 and 场景 tell what was read: where the parts of an item of 附件4 end, whatever stands between them,
and in a picture, which character was taken for one like it."""

from __future__ import annotations

from catalog.forms import Form
from catalog.models import Catalog
from records.instances import by_names, instances
from records.models import Record, Value

LIKENED = 0.9
"""The most a name counts for that was put for one a character apart: it may stand so on the paper."""
_NAMED = (("link_name", "link"), ("scene_name", "scene"))


def read_by_names(record: Record, form: Form, catalog: Catalog, by_ocr: bool) -> None:
    """Puts right the cells of instances whose 环节 or 场景 are none of the catalog's, where both stand in the text, and in what
    was read from a picture the names a character from one of the catalog's."""
    columns = [(t.key, c.key) for t in form.tables for c in t.columns if c.type == "instances"]
    if not (by_ocr or columns):
        return
    links = tuple(n for link in catalog.links for n in (link.name, *link.aliases))
    scenes = tuple(n for scene in catalog.scenes for n in (scene.name, *scene.aliases))
    if by_ocr:
        known = {"link": links, "scene": scenes}
        for key, part in _NAMED:
            if key in record.fields:
                record.fields[key] = _likened(record.fields[key], known[part])
        for row in record.tables.get("scenes", ()):
            row.update({k: _likened(row[k], names) for k, names in known.items() if k in row})
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


def _likened(held: Value, names: tuple[str, ...]) -> Value:
    """The name of the catalog that differs from what was read in a character (in long names two), where one does."""
    text = held.value
    if not isinstance(text, str) or len(text) < 4 or text in names:
        return held
    apart = {n: sum(a != b for a, b in zip(n, text, strict=True)) for n in names if len(n) == len(text)}
    like = [n for n, count in apart.items() if count <= (1 if len(text) < 8 else 2)]
    if len(like) != 1:
        return held
    return held.model_copy(update={"value": like[0], "confidence": min(held.confidence, LIKENED)})
