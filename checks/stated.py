"""The check of every ``[[rule]]``: a condition (:mod:`checks.conditions`) over the answers of one document (:mod:`checks.given`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from catalog.forms import Form
from catalog.models import Catalog
from catalog.rules import CONDITION
from checks.conditions import Condition, Kind, Unsettled
from checks.given import Given, Names, arena_of, figures, labels, values_of
from checks.library import Params, Say, Unfit, check
from checks.meaning.answers import Answers
from checks.registry import CannotTell, Context, NotApplicable, Result
from checks.stated_finding import trip


class Stated(Params):
    """``must`` has to be true where ``when`` is; ``about`` are the fields or tables that a finding is about."""

    must: str
    when: str = ""
    about: tuple[str, ...]
    says: ClassVar[Mapping[str, str]] = {"message": "", "remedy?": "", "expected?": ""}


@dataclass(frozen=True, slots=True)
class Ready:
    """A rule whose conditions are typed. ``facts`` has each name that its sentences may use, with a value of its type."""

    must: Condition
    when: Condition | None
    about: tuple[str, ...]
    given: Given
    facts: Mapping[str, Any]

    @property
    def reads(self) -> tuple[str, ...]:
        return self.given.reads


def ready(catalog: Catalog, forms: Sequence[Form], told: Stated) -> Ready:
    """Raises :class:`checks.library.Unfit` on a condition that does not hold together, or what it is about is not on a form."""
    names = Names.of(catalog, forms)
    conditions = {
        key: names.typed(key, text)
        for key, text in (("check", told.must), ("when", told.when))
        if key == "check" or text
    }
    for key in told.about:
        if key not in names.declared:
            raise Unfit("about", f"“{key}”不是所适用各表的栏目、章节或表格")
    if not told.about:
        raise Unfit("about", "写上至少一个栏目：问题指向它")
    return Ready(
        conditions["check"],
        conditions.get("when"),
        told.about,
        Given.to(names, list(conditions.values()), told.about[:1]),
        {name: _sample(kind) for name, kind in names.declared.items() if "." not in name and kind != "rows"},
    )


def _sample(kind: Kind) -> Any:
    return 1.0 if kind == "number" else "…"


@check(CONDITION, Stated, ready=ready)
def condition(ctx: Context, rule: Ready, say: Say) -> Iterator[Result]:
    """What the pack's rule asks for is not so."""
    plan = rule.given.plans.get(ctx.form)
    if plan is None:
        yield NotApplicable("本表没有这一栏")
        return
    arena = arena_of(ctx)
    if plan.figures is not None:
        found = figures(ctx.reading.record.fields, rule.given, plan.figures)
        if (
            found is not None
            and (rule.when is None or rule.when.decide(found, arena) is True)
            and rule.must.decide(found, arena) is True
        ):
            return
    answers = Answers.of(ctx)
    values = values_of(answers, rule.given, plan)
    verdicts = {_verdict(rule, each, values.doubtful, arena) for each in values.each()}
    if True in verdicts:
        return
    if None in verdicts:
        yield NotApplicable("不是本规则所说的情形")
    elif Unsettled.BLANK in verdicts:
        yield NotApplicable(f"{labels(answers, values.blank)}未填")
    elif Unsettled.UNKNOWN in verdicts:
        yield CannotTell(f"{labels(answers, values.doubtful)}没有读清")
    else:
        yield trip(answers, rule.about, rule.facts, say)


def _verdict(rule: Ready, values: Mapping[str, Any], doubtful: Collection[str], arena: Any) -> bool | Unsettled | None:
    """None where the rule is not about such a case."""
    when = True if rule.when is None else rule.when.evaluate(values, doubtful, arena)
    if when is False:
        return None
    if when is Unsettled.BLANK:
        return when
    must = rule.must.evaluate(values, doubtful, arena)
    return must if when is True or must is True else when
