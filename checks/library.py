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
import importlib.metadata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from catalog.errors import CatalogError, from_pydantic
from catalog.forms import Form, limits_of, words_of
from catalog.models import Catalog
from catalog.rules import CONDITION, RuleEntry
from checks import lists
from checks.registry import At, Context, NotApplicable, Result, Round, Rule, Scope, standing
from checks.sentences import facts_of, filled, placeholders, there

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


DocumentFunction = Callable[[Context, Any, Say], Iterator[Result]]
RoundFunction = Callable[[Round, Any, Say], Iterator[tuple[At, Result]]]
Ready = Callable[[Catalog, Sequence[Form], Any], Any]
"""Makes of what a check is told what its function gets in its place, once, when the rules are made; ``facts`` of that are further
values that its sentences may name, with one of their kind, ``reads`` what it looks at beside the entry's ``reads``. Raises :class:`Unfit`."""
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
    ready: Ready | None = None


class Unfit(Exception):
    """What a check is told does not fit the pack: ``key`` of the rule's entry, ``message`` in Chinese."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(key, message)
        self.key = key
        self.message = message


ENTRY_POINTS = "shenbao.checks"
"""Packages that add checks name a module here; loading it registers them."""
_CHECKS: dict[str, Check] = {}


def check(
    name: str, params: type[_P], *, withholds: bool = False, ready: Ready | None = None
) -> Callable[[Callable[[Context, Any, Say], Iterator[Result]]], Callable[[Context, Any, Say], Iterator[Result]]]:
    """Register a check on one document under ``name``. Raises ValueError where the name is taken."""

    def register(function: Callable[[Context, Any, Say], Iterator[Result]]) -> Any:
        _add(Check(name, params, function, withholds=withholds, ready=ready))
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
    _load_others()
    return _CHECKS


@functools.cache
def _load_others() -> None:
    """What other packages add. Raises CatalogError where one of them does not load: a pack may hang on it."""
    for point in sorted(importlib.metadata.entry_points(group=ENTRY_POINTS), key=lambda p: (p.name, p.value)):
        before = dict(_CHECKS)
        try:
            point.load()
        except Exception as error:
            _CHECKS.clear()
            _CHECKS.update(before)
            by = f"{point.dist.name} {point.dist.version}" if point.dist is not None else point.value
            message = f"这个软件包的核对没有载入（{type(error).__name__}：{error}），请更新或卸载它"
            raise CatalogError(by, f"{ENTRY_POINTS}.{point.name}", message) from error


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
        given = self._ready(found, params)
        self._verify_messages(found, constants, getattr(given, "facts", {}))
        messages = {name.rstrip("?"): text for name, text in entry.messages.items()}
        say = Say(messages, constants)
        forms = entry.forms or self.catalog.applications
        lacking = {f.name: why for f in self._forms() if (why := _lacking(params, f, self.catalog))}
        reads = tuple(dict.fromkeys((*entry.reads, *getattr(given, "reads", ()))))
        alone, over = None, None
        if found.function is not None:
            alone = functools.partial(_on_document, found.function, given, say, lacking)
        elif found.round_function is not None:
            over = functools.partial(_over_round, found.round_function, params, say)
        return Rule(
            entry.code, entry.level, entry.clause, filled(entry.title, constants), tuple(forms), reads,
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

    def _ready(self, found: Check, params: Params) -> Any:
        if found.ready is None:
            return params
        try:
            return found.ready(self.catalog, self._forms(), params)
        except Unfit as error:
            raise self._wrong(error.key, error.message) from None

    def _verify_messages(self, found: Check, constants: Mapping[str, Any], more: Mapping[str, Any]) -> None:
        says = {name.rstrip("?"): [*facts.split(), *more] for name, facts in found.params.says.items()}
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
                if name not in facts and not there(name, constants):
                    can = "、".join(
                        [*(f for f in facts if f not in more), *constants, *(["各栏目的键"] if more else [])]
                    )
                    raise self._wrong(key, f"花括号里的“{name}”没有这个值；可用的有：{can}")
            if more:
                self._try_filling(key, text, {**constants, **more})

    def _try_filling(self, key: str, text: str, facts: Mapping[str, Any]) -> None:
        try:
            filled(text, facts)
        except (ValueError, TypeError, AttributeError) as error:
            raise self._wrong(key, f"花括号里冒号后面的写法不合这个值的类型（{error}）；可用 percent、date") from None

    def _wrong(self, key: str, message: str) -> CatalogError:
        key = key.removeprefix("messages.") if self.entry.check == CONDITION else key
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
