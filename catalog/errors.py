"""What is wrong with a pack, said so that the person who edits it finds the place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

_PACKAGE = Path(__file__).parent

_MESSAGES = {
    "missing": "缺少这一项，请补上",
    "extra_forbidden": "不认识这个键，请核对拼写，或删去",
    "string_type": "应为文字（加引号）",
    "int_type": "应为整数（不加引号）",
    "int_parsing": "应为整数（不加引号）",
    "int_from_float": "应为整数",
    "float_parsing": "应为数字（不加引号）",
    "bool_parsing": "应为 true 或 false",
    "float_type": "应为数字（不加引号）",
    "bool_type": "应为 true 或 false",
    "tuple_type": "应为列表，写作 [ … ]",
    "list_type": "应为列表，写作 [ … ]",
    "dict_type": "应为键值表，写作 { 键 = 值 }",
    "model_type": "应为键值表，写作 { 键 = 值 }",
    "date_type": "应为日期，写作 2023-08-19（不加引号）",
}


class CatalogError(Exception):
    """A pack is wrong. ``path`` names the file, ``key`` the entry in it (``scene[12].link``, counted from 1, "" for the
    whole file), ``message`` in Chinese what is wrong and what to do."""

    def __init__(self, path: Path | str, key: str, message: str) -> None:
        self.path = shown(path)
        self.key = key
        self.message = message
        super().__init__("：".join(part for part in (self.path, key, message) if part))


def shown(path: Path | str) -> str:
    """A pack file as ``catalog/2023/scenes.toml`` where it belongs to the package, its whole path elsewhere."""
    path = Path(path)
    if path.is_relative_to(_PACKAGE):
        return (_PACKAGE.name / path.relative_to(_PACKAGE)).as_posix()
    return path.as_posix()


def from_pydantic(path: Path | str, prefix: str, error: ValidationError, skip: int = 0) -> CatalogError:
    """The first fault pydantic found, with how many others there are. ``skip`` drops that many parts of its place,
    where ``prefix`` stands for them."""
    faults = error.errors(include_url=False, include_context=True)
    first = faults[0]
    more = f"（另有{len(faults) - 1}处）" if len(faults) > 1 else ""
    return CatalogError(path, key_of(prefix, first["loc"][skip:]), _message(first) + more)


def key_of(prefix: str, loc: tuple[int | str, ...]) -> str:
    """pydantic's place as a reader of TOML counts it: ``("fields", 2, "label")`` → ``fields[3].label``."""
    key = prefix
    for part in loc:
        if isinstance(part, int):
            key += f"[{part + 1}]"
        elif not part.startswith("["):
            key += f".{part}" if key else part
    return key


def _message(fault: Any) -> str:
    kind = fault["type"]
    if kind == "literal_error":
        wanted = str(fault["ctx"]["expected"]).replace(" or ", "、").replace(", ", "、")
        return f"“{fault['input']}”不是可用的值，应为下列之一：{wanted}"
    text = _MESSAGES.get("date_type" if kind.startswith("date_") else kind)
    if text is None and kind.endswith(("_type", "_parsing")):
        text = f"“{fault['input']}”的类型不对"
    return text or f"“{fault['input']}”不合要求（{fault['msg']}）"
