"""Loads a notice pack: ``catalog/<year>/*.toml`` and ``forms/*.toml`` → :class:`catalog.models.Catalog`.

Every fault of a pack is a :class:`catalog.errors.CatalogError` that names the file and the key. What one file alone
can get wrong is found here; what one file says of another is checked in :mod:`catalog.verify`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from catalog.errors import CatalogError, shown
from catalog.formpack import load_forms
from catalog.letters import Letters, Sender, load_letters, verify_letters, verify_sender
from catalog.lists import load_lists
from catalog.models import (
    Catalog,
    Clause,
    Division,
    Industry,
    Quota,
    Recommender,
    Region,
    Section,
)
from catalog.pack import Pack, PackFile, read_file
from catalog.rules import RuleEntry, rule_entries, rule_groups
from catalog.verify import verify

DEFAULT = "2023"
_HERE = Path(__file__).parent

_FILES: dict[str, frozenset[str]] = {
    "clauses": frozenset({"clause"}),
    "gbt4754": frozenset({"sections", "divisions", "groups"}),
    "industries": frozenset({"industry"}),
    "notice": frozenset(
        {
            "id",
            "year",
            "number",
            "title",
            "issuer",
            "letter",
            "forms",
            "years",
            "deadlines",
            "region",
            "quotas",
            "labels",
            "params",
        },
    ),
    "offices": frozenset(
        {"kinds", "office_suffixes", "not_recommender_anywhere", "not_recommender_suffixes", "recommender"}
    ),
    "letters": frozenset({"letter", "words", "corrections"}),
    "rules": frozenset({"group", "rule", "use"}),
    "words": frozenset({"words", "keys"}),
}
"""The files of a pack and the keys each may have at its top."""
_OPTIONAL = frozenset({"gbt4754", "industries", "letters", "words"})
"""The files that a notice may do without."""


SENDERS = "letters"
"""The key of an office's own file under which it says what stands in its letters, by recommender."""

_SOURCES = {
    "words": ("words", "words"),
    "keys": ("words", "keys"),
}
"""Where in the pack a field of the Catalog comes from, where that is not notice.toml's key of the same name."""


def built_in() -> list[str]:
    """The names of the packs that come with the program, oldest first."""
    return sorted(p.parent.name for p in _HERE.glob("*/notice.toml"))


def find(notice: str) -> Path:
    """The folder of a pack that is named by a built-in name, by its id or by a path. Raises CatalogError."""
    if notice in built_in():
        return _HERE / notice
    folder = Path(notice)
    if folder.is_dir() and (folder / "notice.toml").exists():
        return folder
    for name in built_in():
        if read_file(_HERE / name / "notice.toml").data.get("id") == notice:
            return _HERE / name
    if folder.is_dir():
        raise CatalogError(folder, "", "这个文件夹里没有 notice.toml，不是通知包")
    known = "、".join(built_in()) or "无"
    raise CatalogError(folder, "", f"没有“{notice}”这个通知包；现有：{known}；也可以写通知包所在的文件夹")


def load(notice: str = DEFAULT, office: Path | None = None) -> Catalog:
    """The pack of one notice, named as :func:`find` takes it; ``office`` is a file of an office's own additions (carriers,
    over_fifty).

    Raises CatalogError where there is no such pack, or the pack or the office's file is wrong.
    """
    return _kept(find(notice), office)


def beside(catalog: Catalog, notices: Iterable[str]) -> tuple[Catalog, list[CatalogError]]:
    """A catalog that knows the other notices among ``notices``, each once; what is wrong with those that cannot be loaded."""
    others: dict[str, Catalog] = {}
    wrong = []
    for notice in notices:
        try:
            other = load(notice)
        except CatalogError as problem:
            wrong.append(problem)
            continue
        if other.id != catalog.id:
            others.setdefault(other.id, other)
    return catalog.model_copy(update={"neighbours": tuple(others.values())}), wrong


@functools.cache
def _kept(folder: Path, office: Path | None) -> Catalog:
    return load_dir(folder, office)


def load_dir(directory: Path | str, office: Path | str | None = None) -> Catalog:
    """The pack in ``directory``, wherever that is. Raises CatalogError."""
    pack = Pack(Path(directory), _FILES, _OPTIONAL)
    extra = read_file(Path(office), {*pack.flags(), *pack.levels(), SENDERS}) if office else None
    catalog = pack.build(Catalog, _values(pack, extra), _SOURCES)
    verify(catalog, pack.directory)
    return catalog


def _values(pack: Pack, office: PackFile | None) -> dict[str, Any]:
    notice, words = pack["notice"], pack["words"]
    quotas = notice.items("quotas", Quota, required=False)
    lists = load_lists(pack.lists, office)
    forms = load_forms(notice, pack.forms, lists)
    rules = rule_entries(pack["rules"], forms)
    letters = _letters(pack, rules)
    if office is not None:
        pack.add_to_version(office)
    return {
        "version": pack.version,
        **{key: notice.value(key) for key in ("id", "year", "number", "title", "issuer")},
        "years": notice.value("years", ()),
        "deadlines": notice.table("deadlines") if "deadlines" in notice.data else {},
        "letter": notice.text("letter", ""),
        "region": notice.model("region", Region) if "region" in notice.data else Region(),
        "quotas": quotas,
        "params": notice.table("params") if "params" in notice.data else {},
        "labels": notice.value("labels", {}),
        "kinds": pack["offices"].value("kinds", {}),
        "clauses": pack["clauses"].items("clause", Clause),
        "lists": lists,
        "industries": pack["industries"].items("industry", Industry, required=False),
        "recommenders": _recommenders(pack["offices"], quotas, office, [k.kind for k in letters.kinds]),
        "sections": tuple(_sections(pack["gbt4754"])),
        "divisions": tuple(_divisions(pack["gbt4754"], "divisions")),
        "groups": tuple(_divisions(pack["gbt4754"], "groups")),
        "words": {
            **words.table("words", {}),
            "not_recommender": pack["offices"].strings("not_recommender_suffixes"),
            "not_recommender_anywhere": pack["offices"].strings("not_recommender_anywhere"),
        },
        "keys": words.table("keys", {}),
        "forms": forms,
        "letters": letters,
        "rules": rules,
        "rule_groups": rule_groups(pack["rules"]),
        "rules_file": shown(pack["rules"].path),
    }


def _letters(pack: Pack, rules: Sequence[RuleEntry]) -> Letters:
    """The pack's own letters, else the program's, which then belong to what the pack's version stands for."""
    file = pack["letters"]
    if not file.data:
        file = read_file(_HERE / "letters.toml", _FILES["letters"])
        pack.add_to_version(file)
    letters = load_letters(file)
    verify_letters(file, letters, pack["rules"].path, rules)
    return letters


def _sections(gbt: PackFile) -> Iterator[Section]:
    for code, name in gbt.table("sections", {}).items():
        yield gbt.valid(f"sections.{code}", Section, {"code": code, "name": name})


def _divisions(gbt: PackFile, key: str) -> Iterator[Division]:
    for section, members in gbt.table(key, {}).items():
        if not isinstance(members, Mapping):
            raise CatalogError(gbt.path, f"{key}.{section}", "应为键值表，写作 代码 = 名称")
        for code, name in members.items():
            yield gbt.valid(f"{key}.{section}.{code}", Division, {"code": code, "name": name, "section": section})


def _recommenders(
    offices: PackFile, quotas: Sequence[Quota], office: PackFile | None, kinds_of_letters: Sequence[str]
) -> tuple[Recommender, ...]:
    """The recommenders with their quotas, their aliases spelt out from ``stems`` x ``office_suffixes``."""
    suffixes = offices.strings("office_suffixes")
    kinds = offices.table("kinds") if "kinds" in offices.data else {}
    told = {flag: office.strings(flag) for flag in dict.fromkeys(q.flag for q in quotas if q.flag)} if office else {}
    names = {str(raw.get("name")) for raw in offices.raws("recommender")}
    for flag, flagged in told.items():
        unknown = set(flagged) - names
        if office and unknown:
            raise CatalogError(office.path, flag, f"“{'、'.join(sorted(unknown))}”不是本包的推荐单位")

    senders = office.table(SENDERS, {}) if office else {}
    for name, said in senders.items():
        if office and name not in names:
            raise CatalogError(office.path, f"{SENDERS}.{name}", f"“{name}”不是本包的推荐单位")
        if office:
            verify_sender(
                office, f"{SENDERS}.{name}", office.valid(f"{SENDERS}.{name}", Sender, said), kinds_of_letters
            )

    def complete(raw: dict[str, Any]) -> dict[str, Any]:
        own = raw.get("flags", [])
        flags = [*(own if isinstance(own, list) else []), *(f for f, who in told.items() if raw.get("name") in who)]
        if str(raw.get("kind")) not in kinds:
            has = "、".join(kinds) or "无"
            raise CatalogError(
                offices.path, "recommender", f"“{raw.get('name')}”的类别“{raw.get('kind')}”不在 [kinds] 中：{has}"
            )
        held = [q for q in quotas if q.kind == raw.get("kind") and (not q.flag or q.flag in flags)]
        stems, aliases = raw.pop("stems", []), raw.get("aliases", [])
        if isinstance(stems, list) and isinstance(aliases, list):
            spelt = [f"{stem}{suffix}" for stem in stems for suffix in suffixes]
            raw["aliases"] = list(dict.fromkeys([*spelt, *aliases]))
        numbers = {name: number for q in held for name, number in q.numbers.items()}
        sender = senders.get(str(raw.get("name")), raw.get("sender", {}))
        return raw | {"flags": flags, "quota": raw.get("quota", numbers), "sender": sender}

    return offices.items("recommender", Recommender, complete)
