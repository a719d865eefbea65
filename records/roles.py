"""A record's values by what they are for the program (:data:`catalog.forms.Role`), whatever its form calls them."""

from __future__ import annotations

import re

from catalog.forms import Role
from catalog.models import Catalog
from records.models import Record, Row, Value


def key_of(catalog: Catalog, form: str, role: Role) -> str:
    """The key of the form's field in this role, "" where it has none."""
    known = catalog.forms.get(form)
    found = known.by_role(role) if known is not None else None
    return found.key if found is not None else ""


def by_role(catalog: Catalog, record: Record, role: Role) -> Value | None:
    """The value of a record in a role; None where its form has no such field, or the record has no value there."""
    return record.fields.get(key_of(catalog, record.form, role))


def text_by_role(catalog: Catalog, record: Record, *roles: Role) -> str:
    """The value of a record in the first of the roles that is filled, as text, "" where none is."""
    return next((text for role in roles if (text := record.text(key_of(catalog, record.form, role)))), "")


def text_as_read(catalog: Catalog, record: Record, *roles: Role) -> str:
    """As :func:`text_by_role`, as the machine read it: ids are made from that, whatever a person reads there."""
    for role in roles:
        value = record.get(key_of(catalog, record.form, role))
        text = "" if value is None else str(value.value or "") if value.read_as is None else value.read_as
        if text:
            return text
    return ""


def instance_rows(catalog: Catalog, record: Record) -> list[Row]:
    """The rows of the table whose rows are the application's instances, [] where its form has none."""
    known = catalog.forms.get(record.form)
    table = known.instances() if known is not None else None
    return record.tables.get(table.key, []) if table is not None else []


_BLANKS = re.compile(r"\s+")


def name(text: str) -> str:
    """A name as it is printed: blanks beside Chinese characters are none of it. What stood there is kept in the value."""
    bare = text.strip()

    def kept(found: re.Match[str]) -> str:
        return found[0] if bare[found.start() - 1].isascii() and bare[found.end()].isascii() else ""

    return _BLANKS.sub(kept, bare)
