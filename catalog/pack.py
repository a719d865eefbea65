"""The files of a pack, read once, and their parts validated so that a fault names its file and key."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from catalog.errors import CatalogError, from_pydantic
from catalog.oserror import cause

MISSING = "缺少这一项，请补上"
FOLDERS = frozenset({"forms", "lists", "blanks", "templates", "cases", "待定"})
"""Folders that a pack may have; 待定 holds what a draft leaves to be decided."""
_ABSENT = object()
_Model = TypeVar("_Model", bound=BaseModel)
_Raw = dict[str, Any]


class PackFile:
    """One TOML file: ``data`` as parsed, ``content`` as it lies on disk."""

    def __init__(self, path: Path, data: _Raw, content: bytes) -> None:
        self.path = path
        self.data = data
        self.content = content

    def value(self, key: str, default: Any = _ABSENT) -> Any:
        found = self.data.get(key, default)
        if found is _ABSENT:
            raise CatalogError(self.path, key, MISSING)
        return found

    def text(self, key: str, default: Any = _ABSENT) -> str:
        found = self.value(key, default)
        if not isinstance(found, str):
            raise CatalogError(self.path, key, "应为文字（加引号）")
        return found

    def table(self, key: str, default: Any = _ABSENT) -> _Raw:
        """``[key]``."""
        found = self.value(key, default)
        if not isinstance(found, dict):
            raise CatalogError(self.path, key, f"应为键值表，写作 [{key}]")
        return found

    def strings(self, key: str) -> list[str]:
        """A list of texts, [] where there is none."""
        found = self.value(key, [])
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            raise CatalogError(self.path, key, '应为文字的列表，写作 ["…", "…"]')
        return found

    def raws(self, key: str, *, required: bool = True) -> list[_Raw]:
        """``[[key]]``, each a table of its own to change."""
        found = self.value(key, _ABSENT if required else [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise CatalogError(self.path, key, f"应写作 [[{key}]]（双方括号）")
        if required and not found:
            raise CatalogError(self.path, key, MISSING)
        return [dict(item) for item in found]

    def items(
        self,
        key: str,
        model: type[_Model],
        complete: Callable[[_Raw], _Raw] | None = None,
        *,
        required: bool = True,
    ) -> tuple[_Model, ...]:
        """``[[key]]`` as models; ``complete`` adds what the file leaves to be derived."""
        raws = self.raws(key, required=required)
        return tuple(
            self.valid(f"{key}[{index}]", model, complete(raw) if complete else raw)
            for index, raw in enumerate(raws, 1)
        )

    def model(self, key: str, model: type[_Model]) -> _Model:
        return self.valid(key, model, self.table(key))

    def valid(self, key: str, model: type[_Model], raw: Any) -> _Model:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            raise from_pydantic(self.path, key, error) from None


class Pack:
    """A pack's files by name (without .toml), and the SHA-256 over their sorted names and bytes. A file or folder that nothing
    reads is an error: what a pack says is never passed over. An ``optional`` file that is not there is an empty one."""

    def __init__(
        self, directory: Path, files: Mapping[str, Collection[str]], optional: Collection[str] = frozenset()
    ) -> None:
        self.directory = directory
        self._digest = hashlib.sha256()
        self._nothing_unread(files)
        self._files = {
            name: PackFile(path, {}, b"")
            if name in optional and not (path := directory / f"{name}.toml").exists()
            else self._read(name, files[name])
            for name in sorted(files)
        }
        self.forms = {
            path.stem: self._read(f"forms/{path.stem}") for path in sorted((directory / "forms").glob("*.toml"))
        }

        self.lists = {
            path.stem: self._read(f"lists/{path.stem}") for path in sorted((directory / "lists").glob("*.toml"))
        }

    def flags(self) -> set[str]:
        """The flags by which an office may say that another quota holds for it."""
        return {str(raw["flag"]) for raw in self["notice"].raws("quotas", required=False) if raw.get("flag")}

    def levels(self) -> set[str]:
        """The names of the lists' levels, so far as they can be told before the lists are looked at."""
        raws = [raw for file in self.lists.values() for raw in file.raws("levels")]
        return {str(raw.get("key")) for raw in raws}

    def _nothing_unread(self, files: Collection[str]) -> None:
        for path in sorted(self.directory.iterdir()) if self.directory.is_dir() else ():
            if path.name.startswith(".") or path.suffix == ".md" or path.name in FOLDERS:
                continue
            if path.is_dir() or path.suffix != ".toml" or path.stem not in files:
                known = "、".join(
                    [*(f"{name}.toml" for name in sorted(files)), *(f"{name}/" for name in sorted(FOLDERS))]
                )
                raise CatalogError(
                    path, "", f"通知包里没有东西会读它，请改名、移走或删去；可用的有：{known}（说明写成 .md）"
                )
        for folder in ("forms", "lists"):
            for path in sorted((self.directory / folder).iterdir()) if (self.directory / folder).is_dir() else ():
                if path.suffix not in (".toml", ".md") and not path.name.startswith("."):
                    raise CatalogError(path, "", f"{folder}/ 里只放 .toml")

    def __getitem__(self, name: str) -> PackFile:
        return self._files[name]

    @property
    def version(self) -> str:
        return self._digest.hexdigest()

    def add_to_version(self, file: PackFile, name: str = "") -> None:
        self._digest.update(f"{name}\0{len(file.content)}\0".encode())
        self._digest.update(file.content)

    def build(self, model: type[_Model], values: _Raw, sources: Mapping[str, tuple[str, str]]) -> _Model:
        """The whole of ``values``; ``sources`` says which file and key a field comes from."""
        try:
            return model.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]["loc"]
            field = str(first[0])
            file, key = sources.get(field, ("notice", field))
            raise from_pydantic(self[file].path, key, error, skip=1) from None

    def _read(self, name: str, allowed: Collection[str] | None = None) -> PackFile:
        file = read_file(self.directory / f"{name}.toml", allowed)
        self.add_to_version(file, name)
        return file


def read_file(path: Path, allowed: Collection[str] | None = None) -> PackFile:
    """Parse one file; ``allowed`` are the keys it may have at its top. Raises CatalogError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CatalogError(path, "", f"读不到这个文件，请从完整的通知包补回（{cause(error)}）") from None
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise CatalogError(path, "", "不是UTF-8编码，请另存为UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(path, "", f"不是合格的TOML，请检查引号、括号和逗号（{error}）") from None
    for key in data:
        if allowed is not None and key not in allowed:
            raise CatalogError(path, key, f"不认识这个键；可用的键：{'、'.join(sorted(allowed))}")
    return PackFile(path, data, content)
