"""docs/data.md: what other programs read, from the models that write it and the notice that comes with the program.

``python -m flows.command.datapage`` writes the page; with ``--check`` it only says whether it is current (exit 1: not).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from catalog.forms import FormColumn, FormField, ValueType
from catalog.load import load
from catalog.models import Catalog
from checks.book import keep
from flows.command.schemas import WRITTEN, schemas
from records.book.events import KINDS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "data.md"

_TYPES: dict[str, str] = {
    "string": "文字", "integer": "整数", "number": "数", "boolean": "true 或 false", "null": "null", "array": "列表", "object": "对象",
}  # fmt: skip
_PARTS = {
    "Value": "值", "Note": "情况", "Source": "来源", "InputRecord": "材料", "RunInput": "文件", "LevelCounts": "各级数目", "Counts": "数目",
    "PassedOver": "略过", "Words": "台账中的话", "BookEnd": "末条", "Failed": "失败", "Unplaced": "未能归入的意见",
}  # fmt: skip
"""What the parts of a schema are called."""
_VALUES: tuple[tuple[str, tuple[ValueType, ...], str], ...] = (
    ("文字、长文字", ("text", "long_text"), "文字，空白已合并；长文字的段落之间为换行"),
    ("电话、邮箱、网址、代码", ("phone", "mobile", "email", "url", "uscc", "id_number", "postcode", "code"), "文字；统一社会信用代码为大写、不含空白"),
    ("数", ("number",), "数"),
    ("百分数", ("percent",), "数，30% 为 30"),
    ("金额", ("money",), "数，单位万元：1.2亿元 为 12000"),
    ("日期", ("date",), "文字，ISO 8601：`2023-08-15`；没有写日、月的为 `2023-08`、`2023`"),
    ("起止日期", ("period",), '`{"start": 日期, "end": 日期}`；“至今”的 end 为 null'),
    ("单选", ("choice",), "选项的文字，不含方框；两个方框都勾的为 null，raw 有原文"),
    ("多选", ("choices",), "选项的列表"),
    ("是否", ("yesno",), "true、false；都没有勾或都勾的为 null"),
    ("所列各项", ("instances",), '`{"link": 上一级, "scene": 下一级, "instance": 名称}` 的列表，没有写的一级为空字符串'),
)  # fmt: skip
"""What people call types of answers, the types, what ``value`` is."""
_TYPE_WORDS: dict[ValueType, str] = {kind: words.split("、")[0] for words, kinds, _ in _VALUES for kind in kinds} | {
    "long_text": "长文字", "phone": "电话", "mobile": "手机", "email": "邮箱", "uscc": "统一社会信用代码",
}  # fmt: skip


def page(catalog: Catalog) -> str:
    """The page as Markdown."""
    made = schemas(catalog)
    out = [
        "# 数据：供其他程序读取的内容",
        "",
        "<!-- 本页由 python -m flows.command.datapage 从模型和通知包生成，请勿手改。 -->",
        "",
        "程序写给其他程序的都是 JSON：每行一个对象的 JSON Lines（UTF-8），和 run.json。本页列出全部键；`shenbao schema --out 目录` 写出同样内容的 "
        "JSON Schema（2020-12），`--notice` 选通知。以后可能添加键，现有的键不删、不改含义；没有注明“可无”的键总是写出。供人统计用的表格见 `shenbao export`。",
        "",
        "同样的收件目录得出同样的字节（run.json 记时间，除外）。身份证件号码在各处都已遮盖；有密级或保密标志的文件只有名称、标志和位置。",
        "",
        "| 内容 | 在哪里 | JSON Schema |",
        "|---|---|---|",
        *(f"| [{title}](#{_anchor(title)}) | {where} | `{name}` |" for name, (_, title, where) in WRITTEN.items()),
        "",
    ]
    told: set[str] = set()
    for name, (_, title, where) in WRITTEN.items():
        out += [f"## {title}", "", f"{where}。", "", *_keys(made[name])]
        for part, schema in made[name].get("$defs", {}).items():
            if part not in told and _PARTS[part] != title and part != "Unplaced":
                told.add(part)
                out += [f"### {_PARTS[part]}", "", *_keys(schema)]
        if name == "record":
            out += _value_types()
        if name == "decision":
            out += _kinds()
    return "\n".join([*out, *_notice(catalog)]).rstrip() + "\n"


def _keys(schema: dict[str, Any]) -> Iterator[str]:
    yield from ("| 键 | 类型 | 含义 |", "|---|---|---|")
    required = schema.get("required", ())
    for key, found in schema["properties"].items():
        absent = "" if key in required else "（可无）"
        yield f"| `{key}` | {_cell(_type(found))}{absent} | {_cell(found.get('description', ''))} |"
    yield ""


def _type(schema: dict[str, Any]) -> str:
    """A type in words."""
    if "$ref" in schema:
        called = _PARTS[schema["$ref"].rpartition("/")[2]]
        return f"[{called}](#{_anchor(called)})"
    if "anyOf" in schema:
        return " 或 ".join(_type(s) for s in schema["anyOf"])
    if "enum" in schema:
        return "、".join(f"`{value}`" if value else "空" for value in schema["enum"])
    if schema.get("type") == "array" and "items" in schema:
        return f"{_type(schema['items'])}的列表"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"对象，每个键是{_type(schema['additionalProperties'])}"
    return _TYPES[schema["type"]] if "type" in schema else "随情形"


def _anchor(title: str) -> str:
    """As GitHub makes it of a heading."""
    return title.lower().replace(" ", "-").replace(".", "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _value_types() -> Iterator[str]:
    yield from ("### 值的类型", "", "| 栏目的类型 | `value` |", "|---|---|")
    yield from (f"| {words} | {meaning} |" for words, _, meaning in _VALUES)
    yield ""


def _kinds() -> Iterator[str]:
    yield from (
        "### 决定的种类",
        "",
        "申报书、文书的编号由申报单位、表和项目得出，不随路径变化。",
        "",
        "| `what` | 含义 |",
        "|---|---|",
    )
    yield from (f"| `{kind}` | {_cell(meaning)} |" for kind, meaning in KINDS.items())
    yield ""


def _notice(catalog: Catalog) -> Iterator[str]:
    """The keys of the notice's own forms."""
    yield from (
        f"## 栏目：{catalog.number}",
        "",
        f"记录的 `fields`、`tables`、`sections` 里的键（通知包 `{catalog.id}`）。",
        "",
    )
    forms = list(catalog.forms.values())
    for form in forms:
        yield f"- `{form.name}`：{form.annex}《{form.title}》"
    yield from ("", "### fields", "", "| 键 | 栏目 | 类型 | 表 |", "|---|---|---|---|")
    yield from _rows((f.key, _label(f), _called(f.type), form.name) for form in forms for f in form.fields)
    yield from ("### tables", "", "| 键 | 列 | 类型 | 表 |", "|---|---|---|---|")
    yield from _rows(
        row
        for form in forms
        for t in form.tables
        for row in (
            *([(f"{t.key}.instance", f"{t.short}：属于哪一项", _called("text"), form.name)] if t.per else ()),
            *((f"{t.key}.{c.key}", f"{t.short}：{_label(c)}", _called(c.type), form.name) for c in t.columns),
        )
    )
    yield from ("### sections", "", "| 键 | 章节 | 类型 | 表 |", "|---|---|---|---|")
    yield from _rows(
        (s.key, f"{s.number} {s.heading}", _called("long_text"), form.name) for form in forms for s in form.sections
    )


def _rows(found: Iterable[tuple[str, str, str, str]]) -> Iterator[str]:
    """A row a key and label, with all forms that have it."""
    forms: dict[tuple[str, str, str], list[str]] = {}
    for key, label, kind, form in found:
        forms.setdefault((key, label, kind), []).append(form)
    for (key, label, kind), names in forms.items():
        yield f"| `{key}` | {_cell(label)} | {kind} | {'、'.join(f'`{n}`' for n in dict.fromkeys(names))} |"
    yield ""


def _label(asked: FormField | FormColumn) -> str:
    if isinstance(asked, FormField):
        return " ".join((*asked.group[:1], asked.label, *asked.column[:1]))
    return asked.label


def _called(kind: ValueType) -> str:
    return _TYPE_WORDS[kind]


def main(arguments: list[str] | None = None) -> int:
    return keep(PAGE, lambda: page(load()), "flows.command.datapage", ("数据说明", "模型"), arguments)


if __name__ == "__main__":
    sys.exit(main())
