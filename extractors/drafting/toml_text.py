"""TOML as a person writes it: a key a line, lists that wrap, a remark above what must be decided."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence

_WIDTH = 110
_BARE = re.compile(r"[A-Za-z0-9_-]+")
Value = str | int | float | bool | dt.date | Sequence["Value"] | Mapping[str, "Value"]


def value(item: Value) -> str:
    """A value on one line."""
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, str):
        return json.dumps(item, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(item, Mapping):
        return "{ " + ", ".join(f"{key(k)} = {value(v)}" for k, v in item.items()) + " }" if item else "{}"
    if isinstance(item, Sequence):
        return "[" + ", ".join(value(v) for v in item) + "]"
    return str(item)


def key(name: str) -> str:
    return name if _BARE.fullmatch(name) else value(name)


def line(name: str, item: Value) -> list[str]:
    """``name = value``; a list that is too long for a line is wrapped."""
    whole = f"{key(name)} = {value(item)}"
    if isinstance(item, str | Mapping) or not isinstance(item, Sequence) or len(whole) <= _WIDTH:
        return [whole]
    out, row = [f"{key(name)} = ["], ""
    for piece in (f"{value(v)}, " for v in item):
        if row and len(row) + len(piece) > _WIDTH:
            out.append(f"  {row.rstrip()}")
            row = ""
        row += piece
    return [*out, f"  {row.rstrip()}", "]"]


def lines(items: Mapping[str, Value | None], *, drop_empty: bool = True) -> list[str]:
    """Every key with its value; None and, unless told otherwise, what is empty is left out."""
    return [
        text
        for name, item in items.items()
        if item is not None and not (drop_empty and item in ("", [], (), {}, False))
        for text in line(name, item)
    ]


def remark(text: str) -> list[str]:
    """A text as comment lines."""
    return [f"# {part}".rstrip() for part in text.split("\n")]
