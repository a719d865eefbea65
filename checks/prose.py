"""The long texts of an application (rules D03 to D05), and the words that the form and the catalog put into them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from catalog.models import Catalog
from checks.answers import label_of, name_of
from checks.names import text_of
from records.models import Record, Value


@dataclass(frozen=True, slots=True)
class Prose:
    """One field, chapter or cell of 附1. ``key`` and ``row`` are those of findings; ``about`` names it without a
    position."""

    key: str
    row: int | None
    about: str
    label: str
    value: Value
    place: str = ""
    """What the label begins with where other columns of the row begin so too."""

    @property
    def text(self) -> str:
        return text_of(self.value)

    @property
    def where(self) -> str:
        return self.value.where

    @property
    def length(self) -> int:
        """Characters without white space."""
        return len("".join(self.text.split()))


def prose(catalog: Catalog, record: Record) -> list[Prose]:
    """The texts of an application, in the form's order: long fields, chapters, the text columns of 附1."""
    form = catalog.forms.get(record.form)
    if form is None:
        return []
    keys = [f.key for f in form.fields if f.type == "long_text"] + [s.key for s in form.sections]
    found = [
        Prose(key, None, key, f"“{label_of(form, key)}”", value)
        for key in keys
        if (value := record.get(key)) is not None and text_of(value)
    ]
    return found + list(scene_texts(catalog, record))


def scene_texts(catalog: Catalog, record: Record) -> Iterator[Prose]:
    """The text columns of 附1, row by row."""
    form = catalog.forms.get(record.form)
    for number, row in enumerate(record.tables.get("scenes", []), 1):
        name = name_of(row, number)
        for column in catalog.keys.get("scene_texts", ()):
            value = row.get(column)
            if value is not None and text_of(value):
                key = f"scenes.{column}"
                place = f"附1场景实例“{name}”的"
                label = place + label_of(form, key).removeprefix("附1")
                yield Prose(key, number, f"{name}\x1e{column}", label, value, place)


def form_words(catalog: Catalog) -> list[str]:
    """What stands in everybody's form: its instructions, example and labels, and the texts of 附件1."""
    words = [*(s.text for s in catalog.scenes), *(k.text for k in catalog.links), *(i.text for i in catalog.industries)]
    for form in catalog.forms.values():
        words += [*form.placeholders, *(h for f in form.fields for h in f.hints), *(f.label for f in form.fields)]
        words += [h for s in form.sections for h in (*s.hints, s.heading)]
        for table in form.tables:
            words += [*table.hints, *table.example.values()]
            words += [w for c in table.columns for w in (*c.hints, c.label)]
    return sorted(set(words))
