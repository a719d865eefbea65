"""Labels of the blank form that a file lacks: fields, heads of tables, chapters (rule F07)."""

from __future__ import annotations

from collections.abc import Container, Mapping

from catalog.forms import Form, FormTable
from records.models import MissingLabel


def missing_labels(
    form: Form, fields: Container[str], heads: Mapping[str, Container[str]], chapters: Container[str]
) -> list[MissingLabel]:
    """What is missing where the labels of ``fields``, the tables of ``heads`` with these columns and ``chapters`` were met."""
    out = [
        MissingLabel(f.key, f.label + (f"（{f.column[0]}）" if f.column else ""), form.parts.get(f.part, ""))
        for f in form.fields
        if f.key not in fields and not f.after_option and not f.of_field
    ]
    for table in form.tables:
        out += _of_table(table, heads.get(table.key))
    out.extend(MissingLabel(s.key, s.heading, s.place) for s in form.sections if s.key not in chapters)
    return out


def _of_table(table: FormTable, heads: Container[str] | None) -> list[MissingLabel]:
    if heads is None:
        return [MissingLabel(table.key, table.titles[0] if table.titles else table.annex, table.annex)]
    columns = (c for c in table.columns if c.key not in heads)
    return [MissingLabel(f"{table.key}.{c.key}", c.label, table.annex) for c in columns]
