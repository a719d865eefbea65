"""A draft beside the definition of the same form that a person wrote: what was found, by labels."""

from __future__ import annotations

from dataclasses import dataclass, field

from catalog.forms import Form, FormField
from extractors.drafting.model import DraftField, DraftForm, DraftTable
from extractors.fitting.labels import fold_label

NARROWER: dict[str, tuple[str, ...]] = {"code": ("uscc",), "phone": ("mobile",)}
"""What a draft says more precisely than the 2023 pack, which was written before these types."""


@dataclass
class Measure:
    """``found`` of ``wanted`` by kind (fields, tables, columns, chapters, limits, stars …), and what is missing."""

    wanted: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def count(self, kind: str, found: bool, what: str) -> None:
        self.wanted[kind] = self.wanted.get(kind, 0) + 1
        self.found[kind] = self.found.get(kind, 0) + found
        if not found:
            self.missing.append(f"{kind}: {what}")

    def __str__(self) -> str:
        return ", ".join(f"{kind} {self.found[kind]}/{n}" for kind, n in self.wanted.items())


def pair(drafted: DraftForm, form: Form) -> dict[str, DraftField]:
    """Key of the definition → the drafted field with its label, column, option and, where several have these, group or place."""
    left = list(drafted.fields)
    out = {}
    for item in form.fields:
        same = [f for f in left if _same(f, item)]
        same = [f for f in same if fold_label(f.label) == fold_label(item.label)] or same
        same = [f for f in same if fold_label(f.group) in {fold_label(g) for g in item.group}] or same
        if same:
            out[item.key] = same[0]
            left.remove(same[0])
    return out


def _same(made: DraftField, item: FormField) -> bool:
    return (
        fold_label(made.label) in {fold_label(word) for word in (item.label, *item.aliases)}
        and made.after == item.after_option
        and (made.column == item.column[0] if item.column else not made.column)
        and (made.part == "cover") == (item.part == "cover")
    )


def pair_tables(drafted: DraftForm, form: Form) -> dict[str, DraftTable]:
    left = list(drafted.tables)
    out = {}
    for table in form.tables:
        heads = {fold_label(c.label) for c in table.columns}
        best = max(left, key=lambda t: len(heads & {fold_label(c.label) for c in t.columns}), default=None)
        if best and len(heads & {fold_label(c.label) for c in best.columns}) * 2 > len(heads):
            out[table.key] = best
            left.remove(best)
    return out


def compare(drafted: DraftForm, form: Form) -> Measure:
    out = Measure()
    pairs, tables = pair(drafted, form), pair_tables(drafted, form)
    for item in form.fields:
        made = pairs.get(item.key)
        out.count("fields", made is not None, item.key)
        if made is not None:
            same = made.type == item.type or made.type in NARROWER.get(item.type, ())
            out.count("types", same, f"{item.key} {made.type} for {item.type}")
            if item.limit:
                out.count("limits", made.limit == item.limit, item.key)
            if item.options:
                out.count("options", tuple(made.options) == item.options, item.key)
    for table in form.tables:
        made_table = tables.get(table.key)
        out.count("tables", made_table is not None, table.key)
        heads = {fold_label(c.label): c for c in (made_table.columns if made_table else [])}
        for column in table.columns:
            made_column = heads.get(fold_label(column.label))
            out.count("columns", made_column is not None, f"{table.key}.{column.key}")
            if column.limit:
                out.count(
                    "limits", made_column is not None and made_column.limit == column.limit, f"{table.key}.{column.key}"
                )
    chapters = {(fold_label(s.heading), s.number) for s in drafted.sections}
    for section in form.sections:
        out.count("chapters", (fold_label(section.heading), section.number) in chapters, section.key)
    out.count(
        "extra", len(pairs) == len(drafted.fields), str([f.label for f in drafted.fields if f not in pairs.values()])
    )
    return out
