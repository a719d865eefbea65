"""The long texts of an application, and the words that the form and the catalog put into them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalog.models import Catalog
from checks.lists import list_of
from checks.lists import names as list_names
from checks.meaning.answers import clean, label_of, name_of
from checks.meaning.names import text_of
from records.models import Record, Value


@dataclass(frozen=True, slots=True)
class Prose:
    """One field, chapter or cell of the table of instances. ``key`` and ``row`` are those of findings; ``about`` names it without a
    position."""

    key: str
    row: int | None
    about: str
    label: str
    value: Value
    place: str = ""
    """What the label begins with where other columns of the row begin so too."""
    what: str = ""
    """What a row of the table is called (场景实例)."""

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


def prose(catalog: Catalog, record: Record, columns: Sequence[str]) -> list[Prose]:
    """The texts of an application, in the form's order: long fields, chapters, the columns named of its instances."""
    form = catalog.forms.get(record.form)
    if form is None:
        return []
    keys = [f.key for f in form.fields if f.type == "long_text"] + [s.key for s in form.sections]
    found = [
        Prose(key, None, key, f"“{label_of(form, key)}”", value)
        for key in keys
        if (value := record.get(key)) is not None and text_of(value)
    ]
    return found + list(instance_texts(catalog, record, columns))


def instance_texts(catalog: Catalog, record: Record, columns: Sequence[str]) -> Iterator[Prose]:
    """The columns named of the table of instances, row by row."""
    form = catalog.forms.get(record.form)
    table = form.instances() if form is not None else None
    if table is None:
        return
    naming = table.named_by
    what = clean(next(c.label for c in table.columns if c.key == naming[0])).removesuffix("名称")
    keys = {column: f"{table.key}.{column}" for column in columns}
    labels = {column: label_of(form, key).removeprefix(table.annex) for column, key in keys.items()}
    for number, row in enumerate(record.tables.get(table.key, []), 1):
        name = name_of(row, number, naming)
        place = f"{table.annex}{what}“{name}”的"
        for column in columns:
            value = row.get(column)
            if value is not None and text_of(value):
                about = f"{name}\x1e{column}"
                yield Prose(keys[column], number, about, place + labels[column], value, place, what)


def form_words(catalog: Catalog) -> list[str]:
    """What stands in everybody's form: its instructions, example and labels, and the texts of the notice's lists."""
    words = [item.text for name in list_names(catalog) for item in list_of(catalog, name).items]
    for form in catalog.forms.values():
        words += [*form.placeholders, *(h for f in form.fields for h in f.hints), *(f.label for f in form.fields)]
        words += [h for s in form.sections for h in (*s.hints, s.heading)]
        for table in form.tables:
            words += [*table.hints, *table.example.values()]
            words += [w for c in table.columns for w in (*c.hints, c.label)]
    return sorted(set(words))
