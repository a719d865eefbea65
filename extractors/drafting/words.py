"""The usual words of application forms, from vocabulary.toml: label → key, type, role."""

from __future__ import annotations

import functools
import re
import tomllib
from importlib.resources import files
from typing import Any, NamedTuple

from extractors.fitting.labels import fold_label


class Known(NamedTuple):
    """What the vocabulary says of a label. ``sure`` (0-1): its very words, or only their end."""

    key: str
    type: str = ""
    role: str = ""
    general: bool = False
    merged: bool = False
    sure: float = 1.0


EXACT, ENDING = 0.9, 0.6
"""How sure a role is that was guessed from the label's very words, or from its last words."""


@functools.cache
def vocabulary() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "vocabulary.toml").read_text("utf-8"))


@functools.cache
def words(table: str, key: str) -> tuple[str, ...]:
    """A word list, longest word first."""
    return tuple(sorted(vocabulary()[table][key], key=len, reverse=True))


@functools.cache
def _labels(kind: str) -> tuple[dict[str, list[tuple[Known, str]]], list[tuple[str, Known]]]:
    exact: dict[str, list[tuple[Known, str]]] = {}
    endings: list[tuple[str, Known]] = []
    for entry in vocabulary()[kind]:
        known = Known(
            entry["key"], entry.get("type", ""), entry.get("role", ""),
            entry.get("general", False), entry.get("merged", False), EXACT,
        )  # fmt: skip
        for word in entry["words"]:
            exact.setdefault(fold_label(word), []).append((known, entry.get("part", "")))
            if entry.get("endings"):
                endings.append((fold_label(word), known._replace(sure=ENDING)))
    return exact, endings


def known_label(label: str, part: str = "") -> Known | None:
    """What the vocabulary knows of a field's label; ``part`` decides where the same words stand on covers and in tables."""
    found = _labels("label")[0].get(fold_label(label), [])
    fitting = [k for k, own in found if own and own == part] or [k for k, own in found if not own]
    return fitting[0] if fitting else found[0][0] if found else None


def is_general(label: str) -> bool:
    """Whether a label may stand several times in a form (电话), of somebody each time."""
    known = known_label(label)
    return known is not None and known.general


def known_column(label: str) -> Known | None:
    exact, endings = _labels("column")
    folded = fold_label(label)
    if folded in exact:
        return exact[folded][0][0]
    return next((known for word, known in endings if folded.endswith(word)), None)


def role_name(role: str) -> str:
    """A role in words for people."""
    return str(vocabulary()["roles"][role])


@functools.cache
def _wordings(kind: str) -> dict[str, tuple[str, ...]]:
    return {entry["key"]: tuple(entry["words"]) for entry in vocabulary()[kind]}


def wordings(known: Known, kind: str = "label") -> tuple[str, ...]:
    """The usual wordings of a label or column that is known by its very words, its own among them."""
    return _wordings(kind)[known.key] if known.sure == EXACT else ()


def names_of(prefix: str) -> tuple[str, ...]:
    """The usual labels of a person's or firm's row or block."""
    return tuple(vocabulary()["people"][prefix])


@functools.cache
def _people() -> dict[str, str]:
    return {fold_label(word): prefix for prefix, names in vocabulary()["people"].items() for word in names}


def person_key(key: str) -> bool:
    """Whether a field's key is that of somebody's name (contact_name)."""
    return key.endswith("_name") and key.removesuffix("_name") in vocabulary()["people"]


def person(label: str) -> str:
    """The prefix for the fields of a person's or firm's row or block, "" where the label heads none."""
    return _people().get(fold_label(label), "")


@functools.cache
def _ends() -> tuple[tuple[str, str], ...]:
    found = [(fold_label(word), kind) for kind, ends in vocabulary()["endings"].items() for word in ends]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


def type_by_ending(label: str) -> str:
    """The type that a label's last words suggest, "" where they suggest none."""
    folded = fold_label(label)
    return next((kind for word, kind in _ends() if folded.endswith(word)), "")


@functools.cache
def _units() -> dict[str, str]:
    return {unit: kind for kind, units in vocabulary()["units"].items() for unit in units}


def unit_type(text: str) -> str:
    """money, percent or number where ``text`` is a unit, "" where it is none. Of one thing a share of another (吨标准煤/万元)
    is a number."""
    plain = text.strip(" ()（）\n\u3000")
    share = "/" in plain and all(piece.strip() in _units() for piece in plain.split("/"))
    return _units().get(plain, "number" if share else "")


def holds(text: str, key: str, table: str = "instructions") -> bool:
    return any(word in text for word in words(table, key))


def is_a(text: str, key: str) -> bool:
    """Whether a text is one of a list's words, spacing and punctuation aside."""
    folded = fold_label(text)
    return any(fold_label(word) == folded for word in words("instructions", key))


_TITLE = (2, 45)
"""The longest text that is no title, the longest title."""


def ends_as_title(text: str) -> bool:
    """Whether a line ends as the titles of forms do (申报书, 推荐汇总表), a bracket behind that aside."""
    plain = re.sub(r"[（(][^（()）]*[)）]$", "", "".join(text.split()))
    kinds = (word for kind in ("summary", "application") for word in words("titles", kind))
    return _TITLE[0] < len(plain) <= _TITLE[1] and any(plain.endswith(word) for word in kinds)
