"""A pack's entries (``rules.toml``) and the library's checks → rules: verified against the pack, told their values, able to speak."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from catalog.errors import CatalogError, from_pydantic
from catalog.forms import Form, limits_of, words_of
from catalog.models import Catalog
from catalog.pack import MISSING
from catalog.rules import CONDITION, RuleEntry
from checks.asked import questions
from checks.library import Check, DocumentFunction, OwnWords, RoundFunction, Unfit, checks, own_words
from checks.params import UNKNOWN, Kind, Params, is_known, refs, why_lacking
from checks.registry import At, Context, NotApplicable, Result, Round, Rule
from checks.sentences import Say, facts_of, filled, placeholders, there


def named(catalog: Catalog, kind: Kind) -> set[str]:
    """What the pack's rules and forms name of a kind. Raises CatalogError where a rule does not fit."""
    told = params_of(catalog).values()
    own = words_of(catalog.forms.values()) if kind == "words" else set()
    return own | {name for params in told for _, ref, name in refs(params) if ref.kind == kind}


def params_of(catalog: Catalog) -> dict[str, Params]:
    """What the check of each rule is told, by the rule's code. Raises CatalogError where a rule does not fit."""
    return {entry.code: _Maker(catalog, entry).params() for entry in catalog.rules}


_MADE: list[tuple[Catalog, list[Rule]]] = []
_KEPT = 4


def rules_of(catalog: Catalog) -> list[Rule]:
    """Every rule of the pack, in the order of its book. Raises CatalogError at the first that does not fit."""
    found = next((rules for known, rules in _MADE if known is catalog), None)
    if found is None:
        checks()
        questions(catalog, catalog.forms.values())
        facts, limits = facts_of(catalog), functools.cache(lambda *forms: limits_of([catalog.forms[f] for f in forms]))
        found = [_Maker(catalog, entry, facts, limits).rule() for entry in catalog.rules]
        _MADE.append((catalog, found))
        del _MADE[:-_KEPT]
    return found


@dataclass(frozen=True, slots=True)
class _Maker:
    """``facts`` are what every sentence may name of the notice, ``limits`` those of forms by their names."""

    catalog: Catalog
    entry: RuleEntry
    facts: Mapping[str, Any] = field(default_factory=dict)
    limits: Callable[..., Mapping[str, object]] = dict

    def check(self) -> Check:
        found = checks().get(self.entry.check)
        if found is None:
            raise self._wrong("check", f"没有名为“{self.entry.check}”的核对；可用的有：{'、'.join(sorted(checks()))}")
        return found

    def rule(self) -> Rule:
        entry, found, params = self.entry, self.check(), self.params()
        self._verify_names(params)
        told = {name: getattr(params, name) for name in type(params).model_fields}
        constants = {**told, **self.facts, "limits": self.limits(*(f.name for f in self._forms()))}
        given = self._ready(found, params)
        words = self._words()
        self._verify_messages(found, words, constants, getattr(given, "facts", {}))
        messages = {name.rstrip("?"): text for name, text in words.messages.items()}
        say = Say(messages, constants)
        forms = entry.forms or self.catalog.applications
        lacking = {f.name: why for f in self._forms() if (why := why_lacking(params, f, self.catalog))}
        reads = tuple(dict.fromkeys((*words.reads, *getattr(given, "reads", ()))))
        alone, over = None, None
        if found.function is not None:
            alone = functools.partial(_on_document, found.function, given, say, lacking)
        elif found.round_function is not None:
            over = functools.partial(_over_round, found.round_function, params, say)
        return Rule(
            entry.code, entry.level, entry.clause, filled(words.title, constants), tuple(forms), reads,
            filled(words.explanation, constants), alone, over, entry.alone and alone is not None,
            found.scope, found.sets_aside, found.withholds,
        )  # fmt: skip

    def _words(self) -> OwnWords:
        """What the rule says: its own words, and where it has none the check's. Raises CatalogError where there are neither."""
        entry, own = self.entry, own_words(self.entry.check, self.entry.params)
        for key in ("title", "explanation"):
            if not (getattr(entry, key) or getattr(own, key)):
                raise self._wrong(key, MISSING)
        messages = {**own.messages, **entry.messages}
        return OwnWords(
            entry.title or own.title, entry.explanation or own.explanation, messages, entry.reads or tuple(own.reads)
        )

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
            if not is_known(ref.kind, value, forms, self.catalog):
                raise self._wrong(name, f"“{value}”{UNKNOWN[ref.kind]}")

    def _ready(self, found: Check, params: Params) -> Any:
        if found.ready is None:
            return params
        try:
            return found.ready(self.catalog, self._forms(), params)
        except Unfit as error:
            raise self._wrong(error.key, error.message) from None

    def _verify_messages(
        self, found: Check, words: OwnWords, constants: Mapping[str, Any], more: Mapping[str, Any]
    ) -> None:
        says = {name.rstrip("?"): [*facts.split(), *more] for name, facts in found.params.says.items()}
        for name in words.messages:
            if name not in says:
                can = "、".join(says) or "没有"
                raise self._wrong(f"messages.{name}", f"“{self.entry.check}”不说这一句；可写的有：{can}")
        for name in found.params.says:
            if not name.endswith("?") and name not in words.messages:
                raise self._wrong(f"messages.{name}", "缺少这一句，请补上")
        texts: list[tuple[str, str, list[str]]] = [("title", words.title, [])]
        texts.append(("explanation", words.explanation, []))
        texts += [(f"messages.{name}", text, says[name]) for name, text in words.messages.items()]
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
            raise self._wrong(
                key, f"花括号里冒号后面的写法不合这个值的类型（{error}）；可用 percent、date、unit"
            ) from None

    def _wrong(self, key: str, message: str) -> CatalogError:
        key = key.removeprefix("messages.") if self.entry.check == CONDITION else key
        return CatalogError(self.catalog.rules_file, f"{self.entry.place}.{key}", message)


def _on_document(
    function: DocumentFunction, params: Params, say: Say, lacking: Mapping[str, str], context: Context
) -> Iterator[Result]:
    if context.form in lacking:
        yield NotApplicable(lacking[context.form])
        return
    yield from function(context, params, say)


def _over_round(function: RoundFunction, params: Params, say: Say, round_: Round) -> Iterator[tuple[At, Result]]:
    yield from function(round_, params, say)
