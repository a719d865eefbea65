"""场景实例 as they are compared between 附件4 and an application: by 环节, 场景 and name, whatever their notation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from catalog.forms import FormTable
from catalog.models import Catalog
from checks.meaning.closest import by_name
from checks.meaning.names import fold, link_of, nfkc, scene_of, text_of, without_number
from checks.meaning.text import shorten
from records.models import Record, Row, Value
from records.roles import text_by_role

_NOTATION = re.compile(r"环节名称?|场景名称?|(?:场景)?实例名称?|环节|场景实例|场景|[0-9]+|[和与及等共个项]")
"""What stands around names in a list; a word more is another name's (平台建设 is not 平台)."""


@dataclass(frozen=True, slots=True)
class Instance:
    """``key`` is the folded name without its number; ``link`` and ``scene`` as written, "" where left out."""

    key: str
    name: str
    link: str = ""
    scene: str = ""

    def words(self) -> str:
        return "—".join(p for p in (self.link, self.scene, self.name) if p)


def key_of(name: str) -> str:
    return fold(without_number(name)) or fold(name)


def of_cell(value: Value | None) -> Iterator[Instance]:
    """What 附件4's instances column lists."""
    listed = value.value if value is not None and isinstance(value.value, list) else []
    for item in listed:
        if isinstance(item, dict) and fold(str(item.get("instance") or "")):
            name, link, scene = (str(item.get(k) or "") for k in ("instance", "link", "scene"))
            yield Instance(key_of(name), name, link, scene)


def of_application(catalog: Catalog, record: Record) -> list[Instance]:
    """The instances that the form's table lists, each once; where it lists none, that of the basic information."""
    form = catalog.forms.get(record.form)
    table = form.instances() if form is not None else None
    rows = record.tables.get(table.key, []) if table is not None else []
    found = {i.key: i for row in reversed(rows) if table is not None and (i := _of_row(table, row)) is not None}
    return list(reversed(found.values())) or basic(catalog, record)


def basic(catalog: Catalog, record: Record) -> list[Instance]:
    """The instance that the basic information names, [] where it names none."""
    name, link, scene = (text_by_role(catalog, record, role) for role in _PARTS)
    return [Instance(key_of(name), name, link, scene)] if fold(name) else []


_PARTS: tuple[Literal["instance"], Literal["link"], Literal["scene"]] = ("instance", "link", "scene")


def _of_row(table: FormTable, row: Row) -> Instance | None:
    keys = [c.key if (c := table.by_role(part)) is not None else "" for part in _PARTS]
    name, link, scene = (text_of(row.get(key)) for key in keys)
    return Instance(key_of(name), name, link, scene) if fold(name) else None


def differences(
    catalog: Catalog,
    annex: str,
    listed: Sequence[Instance],
    own: Sequence[Instance],
    beside: Sequence[Instance] = (),
) -> list[str]:
    """What differs between the table's instances and the application's, in words. ``annex`` is where the application lists
    them, ``beside`` are those of the company's
    other applications that the same rows put forward."""
    elsewhere = {i.key for i in beside}
    by_key = {i.key: i for i in own}
    said = {i.key for i in listed}
    missing = [i for i in own if i.key not in said]
    words: list[str] = []
    for item in listed:
        if item.key in by_key:
            words += _names_differ(catalog, item, by_key[item.key])
        elif item.key not in elsewhere:
            near = by_name(item.name, [m.name for m in missing])
            words.append(
                f"汇总表列有“{shorten(item.words())}”，申报书{annex}没有"
                + (f"（最接近的是“{shorten(near)}”）" if near else "")
            )
            missing = [m for m in missing if m.name != near]
    words += [f"申报书{annex}的“{shorten(i.words())}”汇总表未列" for i in missing]
    return words


def _names_differ(catalog: Catalog, item: Instance, own: Instance) -> Iterator[str]:
    levels: tuple[Literal["link", "scene"], ...] = ("link", "scene")
    for level in levels:
        found = catalog.list_by_role(level)
        what, find = found.what if found is not None else "", link_of if level == "link" else scene_of
        one, other = getattr(item, level), getattr(own, level)
        if not fold(one) or not fold(other) or key_of(one) == key_of(other):
            continue
        first, second = find(catalog, one), find(catalog, other)
        if first is None or first is not second:
            yield f"“{shorten(item.name)}”的{what}，汇总表为“{shorten(one, 30)}”，申报书为“{shorten(other, 30)}”"


def misread(listed: Sequence[Instance], own: Sequence[Instance], near: float) -> bool:
    """Whether two lists differ by so little, entry by entry, that reading a scan may be at fault."""
    left = [fold(i.words()) for i in own]
    for item in listed:
        best = max(left, key=lambda text: fuzz.ratio(fold(item.words()), text), default="")
        if fuzz.ratio(fold(item.words()), best) < near:
            return False
        left.remove(best)
    return not left


def same_text(raw: str, own: Sequence[Instance]) -> bool:
    """Whether a cell says the application's instances and nothing else, however it was taken apart: each name stands
    in it, and what is left are numbers, words of a list and the names of 环节 and 场景."""
    text = fold(nfkc(raw))
    for item in sorted(own, key=lambda i: -len(i.key)):
        if not item.key or item.key not in text:
            return False
        text = text.replace(item.key, "\x00", 1)
    for name in sorted({fold(n) for i in own for n in (i.link, i.scene)} - {""}, key=len, reverse=True):
        text = text.replace(name, "")
    return not _NOTATION.sub("", text).replace("\x00", "")
