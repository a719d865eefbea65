"""The industries of GB/T 4754 tell whether answers written over their labels stand in the order of the form."""

from __future__ import annotations

from itertools import islice

from catalog.forms import Form
from catalog.industry import find_division, find_group, find_section
from catalog.models import Catalog
from extractors.document.doubts import LABEL_WRITTEN_OVER
from extractors.fitting.candidates import Candidate


def settle_by_industries(fields: dict[str, Candidate], form: Form, catalog: Catalog) -> None:
    """Three answers beside one another, each written over its label, are sure where they are a 门类, a 大类 of it and a 中类 of
    that: names of another level, or in another order, would not be so."""
    if not (catalog.sections and catalog.divisions):
        return
    keys = [f.key for f in form.fields]
    for three in zip(keys, islice(keys, 1, None), islice(keys, 2, None), strict=False):
        held = [fields.get(key, Candidate()) for key in three]
        if all(c.doubts == (LABEL_WRITTEN_OVER,) for c in held) and _nested([str(c.value) for c in held], catalog):
            fields |= {key: c._replace(doubts=()) for key, c in zip(three, held, strict=True)}


def _nested(texts: list[str], catalog: Catalog) -> bool:
    section, division = find_section(catalog, texts[0]), find_division(catalog, texts[1])
    group = find_group(catalog, texts[2])
    if section is None or division is None or group is None:
        return False
    return division.section == section.code and group.code.startswith(division.code)
