"""The library of checks: what a pack's rules (``rules.toml``) may use. How a rule is made of a check and a pack's values stands
in :mod:`checks.making`, what a check may be told in :mod:`checks.params`; what a check is written with is to be had here.

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
import importlib.resources
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from catalog.errors import CatalogError
from catalog.forms import Form
from catalog.models import Catalog
from checks.params import (
    ColumnKey,
    Deadline,
    FieldKey,
    FormKey,
    Group,
    Keys,
    ListName,
    Params,
    Part,
    Ref,
    SectionKey,
    TableKey,
    Words,
)
from checks.registry import At, Context, Result, Round, Scope
from checks.sentences import Say

__all__ = [
    "Check", "ColumnKey", "Deadline", "DocumentFunction", "FieldKey", "FormKey", "Group", "Keys", "ListName", "Params", "Part",
    "Ready", "Ref", "RoundFunction", "Say", "SectionKey", "TableKey", "Unfit", "Words", "check", "checks", "round_check",
]  # fmt: skip

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


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What a check says where a pack does not say otherwise (``defaults.toml``)."""

    title: str = ""
    explanation: str = ""
    messages: Mapping[str, str] = field(default_factory=dict)
    reads: tuple[str, ...] = ()


@functools.cache
def _defaults() -> Mapping[str, Any]:
    return tomllib.loads((importlib.resources.files(__package__) / "defaults.toml").read_text("utf-8"))


def own_words(check: str, told: Mapping[str, Any]) -> OwnWords:
    """What the check says where the pack does not; of ``noted``, for the note that it is ``told``."""
    found: Mapping[str, Any] = _defaults().get(check, {})
    found = found.get(str(told.get("note")), found)
    return OwnWords(**{f.name: found[f.name] for f in fields(OwnWords) if f.name in found})


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
