"""Text from applicants made safe for any output: it stays text, whatever stands in it.

Formulas, links, markup, field codes and template braces are disarmed where they are written (a cell is written as a
string, XML and HTML are escaped); here goes what no format can carry, and what must not be shown.
"""

from __future__ import annotations

import re
from typing import Any

from checks.meaning.text import LEAST_IDENTITY, mask_identities

LONG = 600
"""Characters of a value that reports show; the full text stands in the jsonl files."""

# Control characters but tab and line feed, lone surrogates, non-characters, and marks that turn the reading order
# round (U+202E …), by which a name can be made to look like another.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_ODD = re.compile(rf"{_UNSEEN.pattern[:-1]}{_UNWRITABLE.pattern[1:]}")


def plain(value: object, limit: int | None = None) -> str:
    """``value`` as text that every output can carry: masked, without unseen characters, cut at ``limit`` characters."""
    text = "" if value is None else str(value)
    if not text.isprintable() and _ODD.search(text):  # Unicode calls none of them printable
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
        text = _UNWRITABLE.sub("\ufffd", _UNSEEN.sub("", text))
    if len(text) >= LEAST_IDENTITY:
        text = mask_identities(text)
    if limit is not None and len(text) > limit:
        text = f"{text[:limit]}……（共{len(text)}字，此处从略）"
    return text


def line(value: object, limit: int | None = None) -> str:
    """Like :func:`plain`, on one line."""
    return plain(" ".join(str("" if value is None else value).split()), limit)


def cleaned(value: Any) -> Any:
    """A JSON-like value with every string in it masked and made writable; nothing else is changed."""
    if isinstance(value, str):
        return mask_identities(_UNWRITABLE.sub("\ufffd", value))
    if isinstance(value, dict):
        return {k: cleaned(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(v) for v in value]
    return value


_RESERVED = {"con", "prn", "aux", "nul"} | {f"{p}{n}" for p in ("com", "lpt") for n in range(1, 10)}
_NAME_BYTES = 200
"""Bytes of UTF-8 of a name without its extension: ext4 allows 255 for the whole."""


def file_name(text: str, limit: int = 60) -> str:
    """``text`` as a file name (without extension) that Windows, UOS and Kylin take; "未命名" where nothing is left.

    At most ``limit`` characters, and :data:`_NAME_BYTES`.
    """
    name = re.sub(r'[\\/:*?"<>|\t\n]+', "_", line(text)).strip(" ._")
    name = name[:limit]
    while len(name.encode("utf-8")) > _NAME_BYTES:
        name = name[:-1]
    name = name.strip(" ._")
    return f"_{name}" if name.lower().split(".")[0] in _RESERVED else name or "未命名"
