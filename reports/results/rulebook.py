"""The rules as reports show them: which ran, on how many documents, and with what outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from catalog.models import Catalog
from checks.assessments import Told
from checks.making import rules_of
from checks.registry import Rule
from records.models import Level
from reports.results.model import DistrictResult
from reports.results.own import CALLED, MANUAL


@dataclass(frozen=True)
class RuleRow:
    """One rule over some districts. ``outcomes`` counts the documents by outcome."""

    code: str
    title: str
    level: Level
    clause: str
    outcomes: Counter[str]
    findings: int

    @property
    def applied(self) -> int:
        """The documents that it passed or found fault with; those of which it cannot tell, or which are none of its business,
        stand apart."""
        return self.outcomes["pass"] + self.outcomes["finding"]


def _rule(catalog: Catalog, code: str) -> Rule | None:
    return next((r for r in rules_of(catalog) if r.code == code), None)


def rule_title(catalog: Catalog, code: str) -> str:
    """The rule in half a line, its code where the rule book has none such."""
    found = _rule(catalog, code)
    return found.title if found else CALLED if code == MANUAL else code


def rule_reads(catalog: Catalog, code: str) -> frozenset[str]:
    """The keys of the fields, tables and columns that a rule judges by."""
    found = _rule(catalog, code)
    return frozenset(found.reads) if found else frozenset()


def rule_rows(catalog: Catalog, results: Iterable[DistrictResult]) -> list[RuleRow]:
    """A row for every rule of the rule book, in its order, whether it had something to say or not."""
    told: Counter[Told] = Counter()
    findings: Counter[str] = Counter()
    for result in results:
        for _, every in result.outcomes.assessments.groups():
            told.update(every)
        findings.update(f.code for f in result.outcomes.findings)
    outcomes: dict[str, Counter[str]] = {}
    for one, count in told.items():
        outcomes.setdefault(one.code, Counter())[one.outcome] += count
    own = [RuleRow(MANUAL, CALLED, "fix", CALLED, Counter(), findings[MANUAL])] if findings[MANUAL] else []
    return own + [
        RuleRow(r.code, r.title, r.level, r.clause, outcomes.get(r.code, Counter()), findings[r.code])
        for r in rules_of(catalog)
    ]


def common_faults(catalog: Catalog, results: Iterable[DistrictResult], top: int = 8) -> list[tuple[str, str, int, int]]:
    """The faults (``reject`` and ``fix``) met most: (code, title, applications, findings), most applications first."""
    places: dict[str, set[str]] = {}
    count: Counter[str] = Counter()
    for result in results:
        for finding in result.open_findings:
            if finding.level != "note":
                places.setdefault(finding.code, set()).add(f"{result.district}/{finding.document}")
                count[finding.code] += 1
    ranked = sorted(places, key=lambda c: (-len(places[c]), c))
    return [(c, rule_title(catalog, c), len(places[c]), count[c]) for c in ranked[:top]]
