"""A worker's job for tests: the rules, and some that do not get done with what their fields tell them to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from checks import making
from checks.registry import At, Context, DocumentCheck, Result, Round, RoundCheck, Rule, Trip
from flows.guarded import judge_job
from flows.guarded.worker import Answer
from tests.checks.extra import with_rules


def _obey(word: str) -> None:
    if word == "crash":
        os._exit(3)
    while word == "hang":
        pass
    if word == "raise":
        raise OverflowError("too large")


def first(ctx: Context) -> Iterator[Result]:
    """Obeys the title of the contact."""
    _obey(ctx.reading.record.text("contact_title"))
    yield Trip("看过了。", about="某事")


def second(ctx: Context) -> Iterator[Result]:
    """Obeys the fax of the contact."""
    _obey(ctx.reading.record.text("contact_fax"))
    yield Trip("也看过了。", about="某事")


def together(round_: Round) -> Iterator[tuple[At, Result]]:
    """Obeys the factory's address."""
    for submission in round_.counted("scene", "factory"):
        _obey(submission.record.text("factory_address"))
        yield At.of(submission), Trip("比过了。", about="某事")


def _rule(code: str, check: DocumentCheck | None, over_round: RoundCheck | None = None) -> Rule:
    forms = ("scene", "factory")
    return Rule(code, "note", "工作要求", "试验", forms, (), "试验。", check, over_round, over_round is None)


def prepare(told: dict[str, Any]) -> Answer:
    answer = judge_job.prepare(told)
    making._MADE[:] = with_rules(_rule("S97", first), _rule("S98", second), _rule("D98", None, together))
    return answer
