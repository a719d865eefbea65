"""How tests of rules ask: the outcome of one rule on one reading, and its findings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from catalog.load import load
from checks.registry import Outcomes
from checks.run import check_document, check_round
from records.models import Finding, Reading, Submission
from tests.forms import Data, reading_of


def outcome(code: str, data: Data | Reading, **overrides: Any) -> str | None:
    """What the rule left on the document: pass, finding, cannot_tell, not_applicable; None where it left nothing."""
    found = [a.outcome for a in _checked(data, **overrides).assessments if a.code == code]
    assert len(found) <= 1, "a rule leaves one assessment a document"
    return found[0] if found else None


def findings(code: str, data: Data | Reading, **overrides: Any) -> list[Finding]:
    return [f for f in _checked(data, **overrides).findings if f.code == code]


def over_round(submissions: Iterable[Submission], code: str = "") -> list[Finding]:
    """The findings of a round, of one rule or of all."""
    return [f for f in check_round(load(), submissions).findings if not code or f.code == code]


def _checked(data: Data | Reading, **overrides: Any) -> Outcomes:
    reading = data if isinstance(data, Reading) else reading_of(data, **overrides)
    outcomes = check_document(load(), reading, reading.record.source.path)
    assert not outcomes.faults, [str(f) for f in outcomes.faults]
    return outcomes
