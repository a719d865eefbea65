"""A form as its files write it → the raw data of one :class:`catalog.forms.Form`: common definitions taken over, columns told apart,
stars given their meaning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def assemble(name: str, own: dict[str, object], common: dict[str, object]) -> dict[str, object]:
    """A form's raw data with what it takes from ``common``: its ``order`` lists the keys of its fields and tables as the
    form prints them; each is the form's own definition or, failing that, the common one. A field with ``columns`` becomes one a
    column, and one with a ``star`` asks for what the form's ``stars`` say. Raises KeyError for a key that
    is defined in neither or not listed (the message names it)."""
    made = {k: v for k, v in own.items() if k != "order"}
    order = own.get("order")
    if not isinstance(order, list):
        raise KeyError("order")
    for part in ("fields", "tables"):
        defined = {entry["key"]: entry for source in (common, own) for entry in _entries(source, part)}
        lost = [entry["key"] for entry in _entries(own, part) if entry["key"] not in order]
        if lost:
            raise KeyError(f"{part}.{lost[0]}")
        made[part] = [one for key in order if key in defined for one in columns_of(defined[key])]
    known = {
        entry["key"] for part in ("fields", "tables") for source in (common, own) for entry in _entries(source, part)
    }
    for key in order:
        if key not in known:
            raise KeyError(f"order.{key}")
    _asked_by_stars(made)
    made.setdefault("name", name)
    return made


def columns_of(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A field as it is written: one, or with ``columns`` one a column of the form. ``columns`` gives the heads by what is added to
    the key (``{ first = ["第一年"] }``), or lists years alone (``[2030, 2031]``). Raises KeyError where it does neither."""
    columns = raw.get("columns")
    if columns is None or "label" not in raw:  # a table's columns are its own
        yield raw
        return
    if isinstance(columns, list) and columns and all(type(year) is int for year in columns):
        columns = {str(year): [f"{year}年", f"{year}年度", str(year)] for year in columns}
    if not isinstance(columns, dict) or not columns:
        raise KeyError(f"fields.{raw['key']}.columns")
    rest = {name: value for name, value in raw.items() if name != "columns"}
    for suffix, heads in columns.items():
        yield rest | {"key": f"{raw['key']}_{suffix}", "column": [heads] if isinstance(heads, str) else heads}


def _asked_by_stars(form: dict[str, Any]) -> None:
    """Gives fields and columns with stars what the form's ``stars`` ask, where they do not say what is required themselves."""
    stars = form.get("stars")
    if not isinstance(stars, dict):
        return

    def told(raw: dict[str, Any]) -> dict[str, Any]:
        asks = stars.get(str(raw.get("star", 0)))
        return raw if asks is None or "required" in raw else raw | {"required": asks}

    form["fields"] = [told(raw) for raw in form["fields"]]
    form["tables"] = [
        raw | {"columns": [told(c) if isinstance(c, dict) else c for c in columns]}
        if isinstance(columns := raw.get("columns"), list)
        else raw
        for raw in form["tables"]
    ]


def _entries(source: dict[str, object], part: str) -> list[dict[str, Any]]:
    found = source.get(part, [])
    return found if isinstance(found, list) else []
