"""The rules of a pack as data (``rules.toml``): which checks are run, with which values, and in which words they speak.

Each ``[[rule]]`` is a condition (:mod:`checks.conditions`); each ``[[use]]`` names a check of the library (:mod:`checks.library`); what it may be told, and whether the names it is given
are the pack's, is verified there. ``[[group]]`` gives the groups of the rule book in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from catalog.errors import CatalogError
from catalog.pack import MISSING, PackFile

Level = Literal["reject", "fix", "note"]
Actor = Literal["applicant", "recommender", "city", "reader"]
_HEAD = {key: re.compile(rf"^\s*\[\[{key}\]\]", re.MULTILINE) for key in ("use", "rule")}
CONDITION = "condition"
"""The check of the library that every ``[[rule]]`` uses."""
_SAID = ("message", "remedy", "expected")
"""The sentences of a ``[[rule]]``."""
NO_CLAUSE = "工作要求"
"""Stands in the place of a clause where a rule carries out none."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleGroup(_Strict):
    """A group of the rule book: the letter its codes begin with, and its name."""

    letter: str = Field(pattern=r"^[A-Z]$")
    name: str


class RuleEntry(_Strict):
    """A rule as the pack tells it. ``explanation`` is the rule in words, then the lines ``触发示例：``, ``不触发：``,
    ``如何补正：`` and ``局限：``. It and ``title``, like ``messages``, may name values in braces: those the check is told, and
    ``{notice.…}``."""

    code: str = Field(pattern=r"^[A-Z]\d{2}$")
    check: str
    level: Level
    clause: str
    title: str = ""
    """It, the explanation and the messages may be left to the check, where it has its own."""
    forms: tuple[str, ...] = ()
    """Names of the pack's forms, with ``unknown`` for what is none of them; all applications where none is named."""
    reads: tuple[str, ...] = ()
    explanation: str = ""
    actor: Actor = "applicant"
    letter: str = ""
    """The kind of letter that a finding leads to (``letters.toml``); that of its level where none is named."""
    alone: bool = True
    """Runs in ``check`` too, where there is no round."""
    messages: dict[str, str] = {}
    params: dict[str, Any] = {}
    """What is left of the entry: the values the check is told."""
    place: str = ""
    """The entry in the file: ``use[12]（E06，第340行）``."""


_OWN = frozenset(RuleEntry.model_fields) - {"params", "place"}


def rule_groups(file: PackFile) -> tuple[RuleGroup, ...]:
    return file.items("group", RuleGroup)


def rule_entries(file: PackFile, forms: Mapping[str, object]) -> tuple[RuleEntry, ...]:
    """The rules of ``rules.toml``, sorted by group, then code. Raises CatalogError on an unknown form, a code used twice, or
    one whose group is not named."""
    letters = [g.letter for g in rule_groups(file)]
    found: dict[str, RuleEntry] = {}
    for place, raw in [*_raws(file, "use"), *((p, _as_use(file, p, r)) for p, r in _raws(file, "rule"))]:
        told = {key: value for key, value in raw.items() if key not in _OWN}
        own = {key: value for key, value in raw.items() if key in _OWN}
        entry = file.valid(place, RuleEntry, {**own, "params": told, "place": place})
        unknown = [name for name in entry.forms if name not in forms and name != "unknown"]
        if unknown:
            raise CatalogError(
                file.path, f"{place}.forms", f"“{unknown[0]}”不是本包的表；本包有：{'、'.join(forms)}、unknown"
            )
        if entry.code in found:
            raise CatalogError(file.path, f"{place}.code", f"“{entry.code}”已用在 {found[entry.code].place}，请改其一")
        if entry.code[0] not in letters:
            raise CatalogError(
                file.path, f"{place}.code", f"“{entry.code[0]}”不是 [[group]] 中的类别：{'、'.join(letters)}"
            )
        found[entry.code] = entry
    return tuple(sorted(found.values(), key=lambda e: (letters.index(e.code[0]), e.code)))


def _raws(file: PackFile, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each ``[[key]]`` with its place in the file."""
    text = file.content.decode()
    starts = [m.start() for m in _HEAD[key].finditer(text)]
    for index, raw in enumerate(file.raws(key, required=False), 1):
        line = text.count("\n", 0, starts[index - 1]) + 1 if index <= len(starts) else 0
        yield f"{key}[{index}]（{raw.get('code', '没有code')}，第{line}行）", raw


def _as_use(file: PackFile, place: str, raw: dict[str, Any]) -> dict[str, Any]:
    """A ``[[rule]]`` as the use of the check of conditions that it is."""
    for key in ("check", "about", "message", "title", "explanation"):
        if key not in raw:
            raise CatalogError(file.path, f"{place}.{key}", MISSING)
    for key in ("check", "when"):
        if not isinstance(raw.get(key, ""), str):
            raise CatalogError(file.path, f"{place}.{key}", "应为文字（加引号）")
    for key in ("messages", "params", "place", "must"):
        if key in raw:
            raise CatalogError(file.path, f"{place}.{key}", "不认识这个键，请核对拼写，或删去")
    said = {key: raw[key] for key in _SAID if key in raw}
    rest = {key: value for key, value in raw.items() if key not in _SAID}
    return {"reads": raw["about"], **rest, "check": CONDITION, "must": raw["check"], "messages": said}
