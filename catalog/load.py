"""Loads a notice pack: ``catalog/<year>/*.toml`` and ``forms/*.toml`` → :class:`catalog.models.Catalog`.

Every fault of a pack is a :class:`catalog.errors.CatalogError` that names the file and the key. What one file alone
can get wrong is found here; what one file says of another is checked in :mod:`catalog.verify`.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from catalog.errors import CatalogError, from_pydantic
from catalog.forms import Form, assemble
from catalog.models import (
    Carrier,
    Catalog,
    Clause,
    Deadlines,
    Division,
    Industry,
    Limits,
    Link,
    Quotas,
    Recommender,
    Region,
    Scene,
    Section,
)
from catalog.verify import verify

DEFAULT_YEAR = "2023"
FORM_NAMES = ("scene", "factory", "summary")
_HERE = Path(__file__).parent
_PACK_FILES = ("notice", "scenes", "industries", "gbt4754", "districts", "kinds", "words", "carriers")
_Model = TypeVar("_Model", bound=BaseModel)


def years() -> list[str]:
    """The packs that come with the program, oldest first."""
    return sorted(p.parent.name for p in _HERE.glob("*/notice.toml"))


@functools.cache
def load(year: str = DEFAULT_YEAR, office: Path | None = None) -> Catalog:
    """The pack of one notice; ``office`` is an office's own additions (carriers, over_fifty), see docs/catalog.md.

    Raises CatalogError where there is no such pack or the pack is wrong.
    """
    directory = _HERE / year
    if year not in years():
        known = "、".join(years()) or "无"
        raise CatalogError(directory / "notice.toml", "", f"没有{year}年度的通知包；现有：{known}")
    return load_dir(directory, office)


def load_dir(directory: Path | str, office: Path | str | None = None) -> Catalog:
    """The pack in ``directory``, wherever that is; its year is the folder's name. Raises CatalogError."""
    directory = Path(directory)
    pack = _Pack(directory)
    additions = _toml(Path(office))[0] if office else {}
    if office:
        pack.digest.update(Path(office).read_bytes())
        _only(Path(office), additions, {"carrier", "over_fifty"})
    notice = pack.file("notice")
    kinds = pack.file("kinds")
    words = pack.file("words")
    quotas = pack.model("notice", "quotas", Quotas)
    links = pack.items("scenes", "link", Link)
    aspect_of = {link.name: link.aspect for link in links}
    forms = pack.forms()
    sections, divisions, groups = pack.gbt4754()
    catalog = pack.build(
        "notice",
        {
            "year": directory.name,
            "version": pack.digest.hexdigest(),
            "number": notice.get("number"),
            "title": notice.get("title"),
            "issuer": notice.get("issuer"),
            "years": notice.get("years"),
            "deadlines": pack.model("notice", "deadlines", Deadlines),
            "region": pack.model("notice", "region", Region),
            "limits": pack.model("notice", "limits", Limits),
            "quotas": quotas,
            "clauses": pack.items("notice", "clause", Clause),
            "aspects": pack.names("scenes", "aspect"),
            "links": links,
            "scenes": pack.items("scenes", "scene", Scene, lambda raw: {"aspect": aspect_of.get(raw.get("link", ""), "")}),
            "industries": pack.items("industries", "industry", Industry),
            "recommenders": pack.recommenders(quotas, additions.get("over_fifty", []), office),
            "equipment_kinds": _at(pack, "kinds", kinds, "equipment", "names"),
            "software_kinds": _at(pack, "kinds", kinds, "software", "names"),
            "equipment_aliases": kinds["equipment"].get("aliases", {}),
            "software_aliases": kinds["software"].get("aliases", {}),
            "sections": sections,
            "divisions": divisions,
            "groups": groups,
            "carriers": (
                *pack.items("carriers", "carrier", Carrier, required=False),
                *_items(Path(office or ""), additions.get("carrier", []), "carrier", Carrier),
            ),
            "words": _word_lists(kinds, words, pack.data["districts"]),
            "keys": words.get("keys", {}),
            "metric_words": words.get("metric_words", {}),
            "forms": forms,
        },
    )
    verify(catalog, directory)
    return catalog


class _Pack:
    """The files of one pack, read once, and the digest over their names and bytes."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.data: dict[str, dict[str, Any]] = {}
        self.digest = hashlib.sha256()
        for name in sorted(_PACK_FILES):
            self.data[name] = self._read(self.directory / f"{name}.toml", name)

    def _read(self, path: Path, name: str) -> dict[str, Any]:
        data, content = _toml(path)
        self.digest.update(f"{name}\0{len(content)}\0".encode())
        self.digest.update(content)
        return data

    def path(self, name: str) -> Path:
        return self.directory / f"{name}.toml"

    def file(self, name: str) -> dict[str, Any]:
        return self.data[name]

    def model(self, file: str, key: str, model: type[_Model]) -> _Model:
        """The table ``[key]`` of a file."""
        if key not in self.data[file]:
            raise CatalogError(self.path(file), key, "缺少这一项，请补上")
        return _validate(self.path(file), key, model, self.data[file][key])

    def items(
        self, file: str, key: str, model: type[_Model], extra: Any = None, *, required: bool = True
    ) -> tuple[_Model, ...]:
        """The tables ``[[key]]`` of a file; ``extra`` gives what the file leaves to be derived."""
        raws = self.data[file].get(key, [])
        if required and not raws:
            raise CatalogError(self.path(file), key, f"缺少 [[{key}]]，请补上")
        return _items(self.path(file), raws, key, model, extra)

    def names(self, file: str, key: str) -> tuple[str, ...]:
        found = []
        for index, raw in enumerate(self.data[file].get(key, []), 1):
            if not isinstance(raw, Mapping) or not isinstance(raw.get("name"), str):
                raise CatalogError(self.path(file), f"{key}[{index}].name", "缺少这一项，请补上")
            found.append(raw["name"])
        return tuple(found)

    def build(self, file: str, values: dict[str, Any]) -> Catalog:
        return _validate(self.path(file), "", Catalog, {k: v for k, v in values.items() if v is not None})

    def gbt4754(self) -> tuple[tuple[Section, ...], tuple[Division, ...], tuple[Division, ...]]:
        data, path = self.data["gbt4754"], self.path("gbt4754")
        for key in ("sections", "divisions", "groups"):
            if not isinstance(data.get(key), Mapping):
                raise CatalogError(path, key, f"缺少 [{key}]，请补上")
        sections = tuple(
            _validate(path, f"sections.{code}", Section, {"code": code, "name": name}) for code, name in data["sections"].items()
        )
        found: list[tuple[Division, ...]] = []
        for key in ("divisions", "groups"):
            found.append(
                tuple(
                    _validate(path, f"{key}.{section}.{code}", Division, {"code": code, "name": name, "section": section})
                    for section, members in data[key].items()
                    for code, name in members.items()
                )
            )
        return sections, found[0], found[1]

    def recommenders(self, quotas: Quotas, over_fifty: list[str], office: Path | str | None) -> tuple[Recommender, ...]:
        """The recommenders with their quotas, and their aliases spelt out from ``stems`` × ``office_suffixes``."""
        path, data = self.path("districts"), self.data["districts"]
        raws = data.get("recommender", [])
        unknown = set(over_fifty) - {raw.get("name") for raw in raws}
        if unknown:
            raise CatalogError(office or path, "over_fifty", f"“{'、'.join(sorted(unknown))}”不是本包的推荐单位")
        suffixes = data.get("office_suffixes", [""])
        found = []
        for index, raw in enumerate(raws, 1):
            raw = dict(raw)
            larger = bool(raw.get("over_fifty")) or raw.get("name") in over_fifty
            stems = raw.pop("stems", [])
            spelt = [stem + suffix for stem in stems for suffix in suffixes] + raw.get("aliases", [])
            quota = quotas.committee if raw.get("kind") == "committee" else quotas.over_fifty if larger else quotas.district
            raw |= {"aliases": tuple(dict.fromkeys(spelt)), "over_fifty": larger, "quota": quota}
            found.append(_validate(path, f"recommender[{index}]", Recommender, raw))
        if not found:
            raise CatalogError(path, "recommender", "缺少 [[recommender]]，请补上")
        return tuple(found)

    def forms(self) -> dict[str, Form]:
        """The forms; a form whose file is not there is left out, and :func:`catalog.verify.verify` says so."""
        found = {}
        shared = self.directory / "forms" / "common.toml"
        common = self._read(shared, "forms/common") if shared.exists() else {}
        for name in FORM_NAMES:
            path = self.directory / "forms" / f"{name}.toml"
            if path.exists():
                try:
                    raw = assemble(name, self._read(path, f"forms/{name}"), common)
                except KeyError as error:
                    raise CatalogError(path, str(error.args[0]), "order 与所列栏目对不上：每个栏目都要定义，且都要列入 order") from None
                found[name] = _validate(path, "", Form, raw)
        return found


def _toml(path: Path) -> tuple[dict[str, Any], bytes]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CatalogError(path, "", "没有这个文件，请从完整的通知包补回") from None
    try:
        return tomllib.loads(content.decode("utf-8")), content
    except UnicodeDecodeError:
        raise CatalogError(path, "", "不是UTF-8编码，请另存为UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(path, "", f"不是合格的TOML，请检查引号、括号和逗号（{error}）") from None


def _validate(path: Path, key: str, model: type[_Model], raw: Any) -> _Model:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise from_pydantic(path, key, error) from None


def _items(path: Path, raws: Any, key: str, model: type[_Model], extra: Any = None) -> tuple[_Model, ...]:
    if not isinstance(raws, list):
        raise CatalogError(path, key, f"应写作 [[{key}]]（双方括号）")
    return tuple(
        _validate(path, f"{key}[{index}]", model, {**raw, **extra(raw)} if extra else raw) for index, raw in enumerate(raws, 1)
    )


def _only(path: Path, data: Mapping[str, Any], allowed: set[str]) -> None:
    for key in data:
        if key not in allowed:
            raise CatalogError(path, key, f"不认识这个键；可用的键：{'、'.join(sorted(allowed))}")


def _at(pack: _Pack, file: str, data: Mapping[str, Any], table: str, key: str) -> Any:
    if not isinstance(data.get(table), Mapping) or key not in data[table]:
        raise CatalogError(pack.path(file), f"{table}.{key}", "缺少这一项，请补上")
    return data[table][key]


def _word_lists(kinds: Mapping[str, Any], words: Mapping[str, Any], districts: Mapping[str, Any]) -> dict[str, Any]:
    """The lists of words.toml, and those that stand beside what they belong to in other files."""
    return {
        **words.get("words", {}),
        "equipment_suffix": kinds["equipment"].get("suffixes", []),
        "software_suffix": kinds["software"].get("suffixes", []),
        "not_recommender": districts.get("not_recommender_suffixes", []),
    }
