"""What ``shenbao schema`` answers: JSON Schemas of what the program writes for other programs, made from the very models that write it.

They name what is always there and allow more: keys may be added, none goes (draft 2020-12).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from catalog.forms import FormTable, ValueType
from catalog.models import Catalog
from catalog.oserror import cause
from flows.exits import PartFailed
from flows.run.account import RunFile
from records.book.events import Event
from records.models import UNKNOWN, Assessment, Decision, Finding, Record, Unplaced
from reports.safe.atomic import write_bytes

Schema = dict[str, Any]

WRITTEN: Mapping[str, tuple[type[BaseModel], str, str]] = {
    "record": (Record, "记录", "各推荐单位的 `records.jsonl`，一份材料一行；`shenbao extract`"),
    "finding": (Finding, "问题", "各推荐单位的 `findings.jsonl`，一个问题一行；`shenbao check --format jsonl`"),
    "assessment": (Assessment, "规则结果", "各推荐单位的 `assessments.jsonl`，一条规则对一份材料一行"),
    "decision": (Event, "决定", "决定簿，一项决定一行；`shenbao desk export` 写出的 `决定簿.jsonl`"),
    "handling": (Decision, "处理", "各推荐单位的 `decisions.jsonl`，一个问题一行：由决定簿得出，现在怎样处理"),
    "unplaced": (Unplaced, "未能归入的意见", "各推荐单位的 `unplaced.jsonl`，一处一行"),
    "run": (RunFile, "run.json", "输出目录的 `run.json`：最近一次审查"),
}
"""Name → the model, what people call it, where it is found."""

_TEXT: Schema = {"type": "string"}
_DATE: Schema = {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}
_NUMBER: Schema = {"type": "number"}
_OTHER: Mapping[ValueType, Schema] = {
    "number": _NUMBER,
    "percent": _NUMBER,
    "money": _NUMBER,
    "date": _DATE,
    "period": {
        "type": "object",
        "properties": {"start": _DATE, "end": {"anyOf": [_DATE, {"type": "null"}]}},
        "required": ["start", "end"],
    },
    "yesno": {"type": "boolean"},
    "choices": {"type": "array", "items": _TEXT},
    "instances": {
        "type": "array",
        "items": {"type": "object", "properties": dict.fromkeys(("link", "scene", "instance"), _TEXT)},
    },
}


class _Written(GenerateJsonSchema):
    """As it is written: a key is there unless the model says when it is left out; more keys may come."""

    def field_is_required(self, field: Any, total: bool) -> bool:  # noqa: ARG002 - the signature is the library's
        return "serialization_exclude_if" not in field

    def model_schema(self, schema: Any) -> Schema:
        found: Schema = super().model_schema(schema)
        found.pop("additionalProperties", None)
        found.pop("description", None)  # the docstring is for those who read the code
        for name in found.get("properties", {}).values():
            name.pop("title", None)
        return found


def schemas(catalog: Catalog) -> dict[str, Schema]:
    """All schemas, by name; a record's fields, columns and chapters are those of the notice."""
    found = {name: _schema(name, *rest) for name, rest in WRITTEN.items()}
    record = found["record"]
    record["$id"] += f":{catalog.id}"
    record["properties"]["form"]["enum"] = [*catalog.forms, UNKNOWN]
    record["allOf"] = [
        {
            "if": {"properties": {"form": {"const": form.name}}},
            "then": {
                "properties": {
                    "fields": _properties((f.key, f.label, f.type) for f in form.fields),
                    "tables": {"properties": {t.key: _rows(t) for t in form.tables}},
                    "sections": _properties((s.key, s.heading, "long_text") for s in form.sections),
                }
            },
        }
        for form in catalog.forms.values()
    ]
    return found


def write(catalog: Catalog, target: Path) -> list[Path]:
    """A file a schema. Raises PartFailed where the folder cannot be written."""
    try:
        target.mkdir(parents=True, exist_ok=True)
        return [
            write_bytes(target / f"{name}.schema.json", as_text(schema).encode())
            for name, schema in schemas(catalog).items()
        ]
    except OSError as problem:
        raise PartFailed("schema", f"写不到 {target}（{cause(problem)}）") from problem


def as_text(schema: Mapping[str, Any]) -> str:
    return f"{json.dumps(schema, ensure_ascii=False, indent=1)}\n"


def value_of(kind: ValueType) -> Schema:
    """What ``value`` of an answer of a type is, where it is not null."""
    return _OTHER.get(kind, _TEXT)


def _schema(name: str, model: type[BaseModel], title: str, where: str) -> Schema:
    made = model.model_json_schema(by_alias=True, mode="serialization", schema_generator=_Written)
    head = {"$schema": GenerateJsonSchema.schema_dialect, "$id": f"urn:shenbao:{name}:1"}
    return head | made | {"title": title, "description": where.replace("`", "")}


def _properties(asked: Iterable[tuple[str, str, ValueType]]) -> Schema:
    return {"properties": {key: _answer(label, kind) for key, label, kind in asked}}


def _answer(label: str, kind: ValueType) -> Schema:
    return {"title": label, "properties": {"value": {"anyOf": [value_of(kind), {"type": "null"}]}}}


def _rows(table: FormTable) -> Schema:
    return {"items": _properties((c.key, c.label, c.type) for c in table.columns)}
