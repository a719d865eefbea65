"""What checks are told: values that name something of the pack are typed so (:data:`FieldKey`, :data:`Words` …), and verified
against it when the rules are made.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BaseModel, ConfigDict

from catalog.forms import Form, FormField
from catalog.models import Catalog
from checks import lists

Kind = Literal[
    "form", "field", "table", "column", "section", "part", "words", "keys", "option", "deadline", "list", "group"
]


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a value that names something of the pack."""

    kind: Kind


FormKey = Annotated[str, Ref("form")]
"""One of the rule's forms."""
FieldKey = Annotated[str, Ref("field")]
"""A field of one of the rule's forms."""
TableKey = Annotated[str, Ref("table")]
ColumnKey = Annotated[str, Ref("column")]
"""``table.column``."""
SectionKey = Annotated[str, Ref("section")]
Part = Annotated[str, Ref("part")]
"""A part of one of the rule's forms (cover, basic …)."""
Words = Annotated[str, Ref("words")]
"""A list of words.toml."""
Keys = Annotated[str, Ref("keys")]
"""A list of keys in words.toml."""
Deadline = Annotated[str, Ref("deadline")]
"""One of the notice's deadlines, by its name."""
ListName = Annotated[str, Ref("list")]
"""A list of the pack (:mod:`checks.lists`)."""
Group = Annotated[str, Ref("group")]
"""A group of entries of one of the pack's lists."""


class Params(BaseModel):
    """What a check is told. ``says`` has each sentence that it may say, with the names of the facts it fills in; a sentence
    whose name ends in ``?`` may be left out by a pack, and is then empty."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    says: ClassVar[Mapping[str, str]] = {}

    def looks_at(self, field: FormField) -> bool:  # noqa: ARG002 - most look at what they are told of alone
        """Whether it looks at a field that it is not told of by name."""
        return False


UNKNOWN: dict[Kind, str] = {
    "form": "不是所适用的表",
    "field": "不是所适用各表的栏目",
    "table": "不是所适用各表的表格",
    "column": "不是所适用各表的列，应写作 表格.列",
    "section": "不是所适用各表的章节",
    "part": "不是所适用各表的部分（栏目的 part）",
    "words": "不是 words.toml [words] 中的词表",
    "keys": "不是 words.toml [keys] 中的列表",
    "option": "不是选项",
    "deadline": "不是通知 [deadlines] 中的期限",
    "list": "不是本包的名单",
    "group": "不是本包名单中的分组",
}


def is_known(kind: Kind, value: str, forms: Sequence[Form], catalog: Catalog) -> bool:
    match kind:
        case "form":
            return any(f.name == value for f in forms)
        case "words":
            return value in catalog.words
        case "keys":
            return value in catalog.keys
        case "deadline":
            return value in dict(catalog.deadlines)
        case "list":
            return lists.known(catalog, value)
        case "group":
            return value in lists.groups(catalog)
        case "column":
            table, _, column = value.partition(".")
            tables = [t for f in forms if (t := f.table(table)) is not None]
            return any(column in t.keys for t in tables)
        case "table":
            return any(f.table(value) is not None for f in forms)
        case "part":
            return any(value == field.part for f in forms for field in f.fields)
        case "section":
            return any(f.section(value) is not None for f in forms)
    return any(f.field(value) is not None for f in forms)


def refs(params: BaseModel) -> Iterator[tuple[str, Ref, str]]:
    """The values that name something of the pack: (name of the value, what it names, the name)."""
    for name, field in type(params).model_fields.items():
        value = getattr(params, name)
        many = list(value) if isinstance(value, (tuple, dict)) else [value]
        for part in many if not isinstance(value, dict) else [*value, *value.values()]:
            if isinstance(part, BaseModel):
                yield from ((f"{name}.{inner}", ref, one) for inner, ref, one in refs(part))
        annotation: Any = field.annotation
        for ref in [m for m in field.metadata if isinstance(m, Ref)] or _inner(annotation):
            yield from ((name, ref, one) for one in many if isinstance(one, str) and one)


@functools.cache
def _inner(annotation: Any) -> tuple[Ref, ...]:
    """The first reference inside an annotation (``tuple[FieldKey, ...]``, ``FieldKey | None``)."""
    for part in get_args(annotation):
        found = tuple(m for m in getattr(part, "__metadata__", ()) if isinstance(m, Ref)) or _inner(part)
        if found:
            return found
    return ()


_OF_A_FORM: tuple[Kind, ...] = ("field", "table", "column", "section")


def why_lacking(params: Params, form: Form, catalog: Catalog) -> str:
    """Why a form gives the check nothing to look at, "" where it does: it lacks a key that has no default, or all of them."""
    for name, field in type(params).model_fields.items():
        for ref in (m for m in field.metadata if isinstance(m, Ref) and m.kind in _OF_A_FORM):
            if field.is_required() and not is_known(ref.kind, str(getattr(params, name)), [form], catalog):
                return "本表没有这一栏"
    named = [(ref.kind, value) for _, ref, value in refs(params) if ref.kind in _OF_A_FORM]
    if named and not any(is_known(kind, value, [form], catalog) for kind, value in named):
        return "本表没有这一栏"
    return ""
