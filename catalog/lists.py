"""A notice's lists as data (``lists/*.toml``): any catalogue that its forms choose from, on one level or several.

A file gives its levels from the top, each with the entries that stand in it; an entry names the one above it that it
belongs to. A level that only ``groups`` what is beneath it (方面 above 环节) is no list to choose from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field

from catalog.errors import CatalogError
from catalog.pack import PackFile


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Level(_Strict):
    """A level: ``key`` is the list's name for forms and rules, and the head of its entries (``[[key]]``); ``what`` is what an
    entry is called. ``facts`` names what else its entries may say."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    what: str
    groups: bool = False
    facts: tuple[str, ...] = ()


class Entry(_Strict):
    """``under`` is the name of the entry above, ``group`` that of the grouping level's entry; ``number`` counts from 1 within
    the level, None where the notice does not number."""

    name: str
    number: int | None = None
    under: str = ""
    group: str = ""
    aliases: tuple[str, ...] = ()
    """Other words for the same: taken as the name itself."""
    text: str = ""
    facts: dict[str, str | int | float | dt.date] = {}


class NoticeList(_Strict):
    """One level of a catalogue. ``above`` and ``below`` are the names of the lists beside it, "" where there is none."""

    name: str
    what: str
    title: str
    clause: str = ""
    items: tuple[Entry, ...] = ()
    above: str = ""
    below: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(i.name for i in self.items)

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every name with its aliases."""
        return tuple(n for i in self.items for n in (i.name, *i.aliases))

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(i.group for i in self.items if i.group))

    def under(self, name: str) -> tuple[Entry, ...]:
        return tuple(i for i in self.items if i.under == name)


def load_lists(files: dict[str, PackFile], office: PackFile | None) -> dict[str, NoticeList]:
    """The lists by name, in the order of the files and of their levels; ``office`` may add entries to any. Raises
    CatalogError."""
    found: dict[str, NoticeList] = {}
    for file in files.values():
        for made in _levels(file, office):
            if made.name in found:
                raise CatalogError(file.path, "levels", f"“{made.name}”已是别的目录的层级，请改其一")
            found[made.name] = made
    return found


def _levels(file: PackFile, office: PackFile | None) -> Iterator[NoticeList]:
    levels = file.items("levels", Level)
    for key in file.data:
        if key not in ("title", "clause", "levels", *(level.key for level in levels)):
            raise CatalogError(
                file.path, key, f"不认识这个键；可用的键：title、clause、levels、{'、'.join(x.key for x in levels)}"
            )
    title, clause = file.text("title"), file.text("clause", "")
    groups: dict[str, str] = {}
    above: NoticeList | None = None
    above_is_list = False
    for number, level in enumerate(levels):
        entries = [_entry(file, level, index, raw) for index, raw in enumerate(file.raws(level.key, required=False), 1)]
        if office is not None:
            entries += [
                _entry(office, level, index, raw) for index, raw in enumerate(office.raws(level.key, required=False), 1)
            ]
        _verify(file, level, entries, above)
        # An entry's group is its own parent where that is a grouping level, else its parent's.
        grouped = above is not None and not above_is_list
        made = [
            e.model_copy(
                update={
                    "group": e.under if grouped else groups.get(e.under, ""),
                    "under": "" if grouped else e.under,
                }
            )
            for e in entries
        ]
        groups = {e.name: e.group for e in made}
        below = levels[number + 1].key if number + 1 < len(levels) and not level.groups else ""
        found = NoticeList(
            name=level.key, what=level.what, title=title, clause=clause, items=tuple(made), below=below,
            above=above.name if above is not None and above_is_list else "",
        )  # fmt: skip
        if not level.groups:
            yield found
        above, above_is_list = found, not level.groups


def _entry(file: PackFile, level: Level, index: int, raw: dict[str, object]) -> Entry:
    facts = {key: raw.pop(key) for key in level.facts if key in raw}
    return file.valid(f"{level.key}[{index}]", Entry, {**raw, **({"facts": facts} if facts else {})})


def _verify(file: PackFile, level: Level, entries: list[Entry], above: NoticeList | None) -> None:
    owner: dict[str, int] = {}
    numbered = any(e.number is not None for e in entries)
    for index, entry in enumerate(entries, 1):
        key = f"{level.key}[{index}]"
        for word in (entry.name, *entry.aliases):
            if owner.setdefault(word, index) != index:
                raise CatalogError(file.path, key, f"“{word}”已是{level.key}[{owner[word]}]的名称或别名，请改其一")
        if above is not None and entry.under not in above.names:
            raise CatalogError(
                file.path,
                f"{key}.under",
                f"“{entry.under}”不是本包的{above.what}；请改为 [[{above.name}]] 中的名称，或先增补",
            )
        if above is None and entry.under:
            raise CatalogError(file.path, f"{key}.under", "上面没有层级，不能写 under")
        if numbered and entry.number != index:
            raise CatalogError(
                file.path, f"{key}.number", f"应为{index}（从1起连续，不跳号、不重号），现为{entry.number}"
            )
