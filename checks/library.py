"""The library of checks: what a pack's rules (``rules.toml``) may use, and how a rule is made of a check and a pack's values.

A check is a generator function under :func:`check` with its own model of what it is told (:class:`Params`). It takes the
:class:`~checks.registry.Context` (or, over a round, the :class:`~checks.registry.Round`), its values and :class:`Say`, and
yields results as :mod:`checks.registry` has them. It names no notice: keys, words, lists and limits are values that it is
told, and its sentences stand in the pack, as ``[use.messages]``.

Values that name something of the pack are typed so (:data:`FieldKey`, :data:`Words` …) and verified when the rules are
made. A rule on one document is not applicable where a field that it needs is none of the form's.
"""

from __future__ import annotations

import functools
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from catalog.errors import CatalogError, from_pydantic
from catalog.forms import Form, limits_of, words_of
from catalog.models import Catalog
from catalog.rules import RuleEntry
from checks import lists
from checks.registry import At, Context, NotApplicable, Result, Round, Rule, Scope, standing

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


class Say:
    """Fills a rule's sentences: ``say("loss", year=2021)``. Values that the check is told, and ``notice.…``, need not be
    given."""

    def __init__(self, messages: Mapping[str, str], constants: Mapping[str, Any]) -> None:
        self._messages = messages
        self._constants = constants

    def __call__(self, sentence: str, /, **facts: Any) -> str:
        return filled(self._messages.get(sentence, ""), {**self._constants, **facts})


class _Filler(string.Formatter):
    """Braces hold names alone: ``{notice.title}`` is looked up, never an attribute. ``{x:percent}`` shows 0.03 as 3%,
    ``{x:date}`` a date as 2023年8月19日; a list is joined by 、."""

    def get_field(
        self,
        field_name: str,
        args: Sequence[Any],  # noqa: ARG002 - the library's signature
        kwargs: Mapping[str, Any],
    ) -> tuple[Any, str]:
        found: Any = kwargs
        for part in field_name.split("."):
            if not isinstance(found, Mapping) or part not in found:
                raise KeyError(field_name)
            found = found[part]
        return found, field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        match format_spec:
            case "percent":
                return f"{value * 100:g}%"
            case "date":
                return f"{value.year}年{value.month}月{value.day}日"
            case "":
                return "、".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
        return str(format(value, format_spec))


_FILLER = _Filler()


def filled(text: str, facts: Mapping[str, Any]) -> str:
    """``text`` with its braces filled. Raises KeyError on a name that is not there."""
    return _FILLER.vformat(text, (), facts) if "{" in text or "}" in text else text


DocumentFunction = Callable[[Context, Any, Say], Iterator[Result]]
RoundFunction = Callable[[Round, Any, Say], Iterator[tuple[At, Result]]]
_P = TypeVar("_P", bound=Params)


@dataclass(frozen=True, slots=True)
class Check:
    """A check of the library, on one document or over the round; the rest as :class:`checks.registry.Rule` has it."""

    name: str
    params: type[Params]
    function: DocumentFunction | None = None
    round_function: RoundFunction | None = None
    scope: Scope = "counted"
    sets_aside: bool = False
    withholds: bool = False


_CHECKS: dict[str, Check] = {}


def check(
    name: str, params: type[_P], *, withholds: bool = False
) -> Callable[[Callable[[Context, _P, Say], Iterator[Result]]], Callable[[Context, _P, Say], Iterator[Result]]]:
    """Register a check on one document under ``name``. Raises ValueError where the name is taken."""

    def register(function: Callable[[Context, _P, Say], Iterator[Result]]) -> Any:
        _add(Check(name, params, function, withholds=withholds))
        return function

    return register


def round_check(
    name: str, params: type[_P], *, scope: Scope = "counted", sets_aside: bool = False
) -> Callable[
    [Callable[[Round, _P, Say], Iterator[tuple[At, Result]]]], Callable[[Round, _P, Say], Iterator[tuple[At, Result]]]
]:
    """Register a check over the whole round."""

    def register(function: Callable[[Round, _P, Say], Iterator[tuple[At, Result]]]) -> Any:
        _add(Check(name, params, None, function, scope, sets_aside))
        return function

    return register


def _add(new: Check) -> None:
    if new.name in _CHECKS:
        raise ValueError(f"check {new.name} is registered twice")
    _CHECKS[new.name] = new


def checks() -> Mapping[str, Check]:
    """The library by name: ours, and what others add by the entry-point group ``shenbao.checks``."""
    from checks import load_rules

    load_rules()
    return _CHECKS


def named(catalog: Catalog, kind: Kind) -> set[str]:
    """What the pack's rules and forms name of a kind. Raises CatalogError where a rule does not fit."""
    told = [_Maker(catalog, entry).params() for entry in catalog.rules]
    own = words_of(catalog.forms.values()) if kind == "words" else set()
    return own | {name for params in told for _, ref, name in refs(params) if ref.kind == kind}


_MADE: list[tuple[Catalog, list[Rule]]] = []
_KEPT = 4


def rules_of(catalog: Catalog) -> list[Rule]:
    """Every rule of the pack, in the order of its book. Raises CatalogError at the first that does not fit."""
    letters = [g.letter for g in catalog.rule_groups]
    return sorted([*_made(catalog), *standing()], key=lambda r: (letters.index(r.code[0]), r.code))


def _made(catalog: Catalog) -> list[Rule]:
    found = next((rules for known, rules in _MADE if known is catalog), None)
    if found is None:
        checks()
        found = [_Maker(catalog, entry).rule() for entry in catalog.rules]
        _MADE.append((catalog, found))
        del _MADE[:-_KEPT]
    return found


@dataclass(frozen=True, slots=True)
class _Maker:
    catalog: Catalog
    entry: RuleEntry

    def check(self) -> Check:
        found = checks().get(self.entry.check)
        if found is None:
            raise self._wrong("check", f"没有名为“{self.entry.check}”的核对；可用的有：{'、'.join(sorted(checks()))}")
        return found

    def rule(self) -> Rule:
        entry, found, params = self.entry, self.check(), self.params()
        self._verify_names(params)
        told = {name: getattr(params, name) for name in type(params).model_fields}
        constants = {**told, **facts_of(self.catalog), "limits": limits_of(self._forms())}
        self._verify_messages(found, constants)
        messages = {name.rstrip("?"): text for name, text in entry.messages.items()}
        say = Say(messages, constants)
        forms = entry.forms or self.catalog.applications
        lacking = {f.name: why for f in self._forms() if (why := _lacking(params, f, self.catalog))}
        alone, over = None, None
        if found.function is not None:
            alone = functools.partial(_on_document, found.function, params, say, lacking)
        elif found.round_function is not None:
            over = functools.partial(_over_round, found.round_function, params, say)
        return Rule(
            entry.code, entry.level, entry.clause, filled(entry.title, constants), tuple(forms), entry.reads,
            filled(entry.explanation, constants), alone, over, entry.alone and alone is not None,
            found.scope, found.sets_aside, found.withholds,
        )  # fmt: skip

    def _forms(self) -> list[Form]:
        return [
            self.catalog.forms[f] for f in (self.entry.forms or self.catalog.applications) if f in self.catalog.forms
        ]

    def params(self) -> Params:
        try:
            return self.check().params.model_validate(self.entry.params)
        except ValidationError as error:
            raise from_pydantic(self.catalog.rules_file, self.entry.place, error) from None

    def _verify_names(self, params: Params) -> None:
        forms = self._forms()
        for name, ref, value in refs(params):
            if not _known(ref.kind, value, forms, self.catalog):
                raise self._wrong(name, f"“{value}”{_UNKNOWN[ref.kind]}")

    def _verify_messages(self, found: Check, constants: Mapping[str, Any]) -> None:
        says = {name.rstrip("?"): facts.split() for name, facts in found.params.says.items()}
        for name in self.entry.messages:
            if name not in says:
                can = "、".join(says) or "没有"
                raise self._wrong(f"messages.{name}", f"“{self.entry.check}”不说这一句；可写的有：{can}")
        for name in found.params.says:
            if not name.endswith("?") and name not in self.entry.messages:
                raise self._wrong(f"messages.{name}", "缺少这一句，请补上")
        texts: list[tuple[str, str, list[str]]] = [("title", self.entry.title, [])]
        texts.append(("explanation", self.entry.explanation, []))
        texts += [(f"messages.{name}", text, says[name]) for name, text in self.entry.messages.items()]
        for key, text, facts in texts:
            for name in placeholders(text, functools.partial(self._wrong, key)):
                if name not in facts and not _there(name, constants):
                    can = "、".join([*facts, *constants])
                    raise self._wrong(key, f"花括号里的“{name}”没有这个值；可用的有：{can}")

    def _wrong(self, key: str, message: str) -> CatalogError:
        return CatalogError(self.catalog.rules_file, f"{self.entry.place}.{key}", message)


_UNKNOWN: dict[Kind, str] = {
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


def _known(kind: Kind, value: str, forms: Sequence[Form], catalog: Catalog) -> bool:
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


def placeholders(text: str, wrong: Callable[[str], CatalogError]) -> Iterator[str]:
    """The names that a text has in braces. Raises what ``wrong`` makes where its braces do not fit."""
    try:
        for _, name, _, _ in string.Formatter().parse(text):
            if name is not None:
                yield name
    except ValueError as error:
        raise wrong(f"花括号不成对或写法不对（{error}）；要写花括号本身，请写成 {{{{ 或 }}}}") from None


def _there(name: str, constants: Mapping[str, Any]) -> bool:
    found: Any = constants
    for part in name.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return False
        found = found[part]
    return True


def facts_of(catalog: Catalog) -> dict[str, Any]:
    """What every sentence may name of the notice."""
    return {
        "notice": {
            "number": catalog.number,
            "title": catalog.title,
            "issuer": catalog.issuer,
            "region": catalog.region.name,
            "deadlines": dict(catalog.deadlines),
            "years": catalog.years,
        }
    }


def refs(params: BaseModel) -> Iterator[tuple[str, Ref, str]]:
    """The values that name something of the pack: (name of the value, what it names, the name)."""
    for name, field in type(params).model_fields.items():
        value = getattr(params, name)
        many = list(value) if isinstance(value, (tuple, dict)) else [value]
        for part in many if not isinstance(value, dict) else [*value, *value.values()]:
            if isinstance(part, BaseModel):
                yield from ((f"{name}.{inner}", ref, one) for inner, ref, one in refs(part))
        for ref in [m for m in field.metadata if isinstance(m, Ref)] or _inner(field.annotation):
            yield from ((name, ref, one) for one in many if isinstance(one, str) and one)


def _inner(annotation: Any) -> list[Ref]:
    """The first reference inside an annotation (``tuple[FieldKey, ...]``, ``FieldKey | None``)."""
    for part in get_args(annotation):
        found = [m for m in getattr(part, "__metadata__", ()) if isinstance(m, Ref)] or _inner(part)
        if found:
            return found
    return []


_OF_A_FORM: tuple[Kind, ...] = ("field", "table", "column", "section")


def _lacking(params: Params, form: Form, catalog: Catalog) -> str:
    """Why a form gives the check nothing to look at, "" where it does: it lacks a key that has no default, or all of them."""
    for name, field in type(params).model_fields.items():
        for ref in (m for m in field.metadata if isinstance(m, Ref) and m.kind in _OF_A_FORM):
            if field.is_required() and not _known(ref.kind, str(getattr(params, name)), [form], catalog):
                return "本表没有这一栏"
    named = [(ref.kind, value) for _, ref, value in refs(params) if ref.kind in _OF_A_FORM]
    if named and not any(_known(kind, value, [form], catalog) for kind, value in named):
        return "本表没有这一栏"
    return ""


def _on_document(
    function: DocumentFunction, params: Params, say: Say, lacking: Mapping[str, str], context: Context
) -> Iterator[Result]:
    if context.form in lacking:
        yield NotApplicable(lacking[context.form])
        return
    yield from function(context, params, say)


def _over_round(function: RoundFunction, params: Params, say: Say, round_: Round) -> Iterator[tuple[At, Result]]:
    yield from function(round_, params, say)
