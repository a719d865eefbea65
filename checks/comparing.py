"""The rules that compare documents, each so that one document costs the others nothing.

A rule that raises is tried without the document it raises on: that one is left out of the comparison and told of. Of a rule
that judges districts as wholes the whole district is left out: an application that were missing from it would be reported as
never received.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from catalog.models import Catalog
from checks.bounds import Cut, within
from checks.making import rules_of
from checks.meaning.versions import set_aside
from checks.registry import At, CannotTell, Outcomes, Result, Round, Rule, RuleFault
from checks.subject import FAILED, UNREAD_HERE, Subject, add, fault_of, with_cuts
from records.models import Submission

MOST_LEFT_OUT = 20
"""Documents (or districts) that a rule is tried without before it is given up for the round."""
_NOBODY: Mapping[str, str] = {}

Pairs = list[tuple[At, Result]]


def round_rules(catalog: Catalog) -> list[Rule]:
    """The rules over a round, in the order of the rule book."""
    return [rule for rule in rules_of(catalog) if rule.round_check is not None]


@dataclass(frozen=True, slots=True)
class Compared:
    """A round's submissions, sorted by (district, document), as the rules that compare them see them."""

    whole: Round
    cuts: Mapping[At, tuple[Cut, ...]] = field(default_factory=dict)
    fault: RuleFault | None = None
    """Why nothing can be compared: which documents count could not be found out."""

    @classmethod
    def of(cls, catalog: Catalog, submissions: Sequence[Submission]) -> Compared:
        seen: list[Submission] = []
        cuts: dict[At, tuple[Cut, ...]] = {}
        for submission in submissions:
            reading, cut = within(catalog, submission.reading)
            seen.append(submission.over(reading) if cut else submission)
            if cut:
                cuts[At.of(submission)] = cut
        try:
            return cls(Round(catalog, tuple(seen), set_aside(catalog, seen)), cuts)
        except Exception as error:  # noqa: BLE001  kept as a fault: exit 3
            rule = next(r for r in rules_of(catalog) if r.sets_aside)
            return cls(Round(catalog, tuple(seen)), cuts, fault_of(rule, "", error))

    @property
    def aside(self) -> frozenset[str]:
        """The documents that are not checked further and do not count."""
        return self.whole.superseded

    def check(self, rule: Rule, left_out: Mapping[str, str] = _NOBODY) -> Outcomes:
        """One rule's outcomes. ``left_out`` has the documents that are not to be compared, each with why."""
        run = _Run(
            rule, self.whole, {unit_of(rule, s): w for s in self.whole.submissions if (w := left_out.get(s.document))}
        )
        outcomes = Outcomes()
        if self.fault is not None:
            outcomes.faults += [self.fault] if rule.sets_aside else []
            pairs: Pairs | None = None
        else:
            pairs = run.pairs(outcomes)
        results = run.places()
        for at, found in results.items():
            why = FAILED if pairs is None else run.left_out.get(run.unit_at(at))
            if why is not None:
                found.append(CannotTell(why))
        for at, result in pairs or []:
            results.setdefault(at, []).append(result)
        readings = {At.of(s): s.reading for s in self.whole.submissions}
        results |= {at: [CannotTell(UNREAD_HERE)] for at in results if at in readings and readings[at].record.unread}
        for at in sorted(results):
            if at in readings:
                subject = Subject.of(self.whole.catalog, readings[at], at.document, at.district)
            else:
                subject = Subject.of_district(self.whole.catalog, at.district)
            add(outcomes, rule, with_cuts(rule, results[at], self.cuts.get(at, ())), subject)
        return outcomes


def unit_of(rule: Rule, submission: Submission) -> str:
    """What is left out where a submission is: of a rule on districts its district, else its document."""
    return submission.district if rule.scope == "district" else submission.document


@dataclass(slots=True)
class _Run:
    """A rule over a round, without the units in ``left_out``."""

    rule: Rule
    whole: Round
    left_out: dict[str, str]

    def unit_at(self, at: At) -> str:
        return at.district if self.rule.scope == "district" else at.document

    def places(self) -> dict[At, list[Result]]:
        """Where the rule leaves an outcome: at its forms' documents, and where it reads summary tables at districts without one."""
        received = self.whole.submissions if self.rule.scope == "received" else tuple(self.whole.counted())
        results: dict[At, list[Result]] = {At.of(s): [] for s in received if s.record.form in self.rule.forms}
        summaries = set(self.whole.catalog.summaries)
        if summaries & set(self.rule.forms) and self.rule.scope != "received":
            with_table = {s.district for s in received if s.record.form in summaries}
            results |= {At(d, ""): [] for d in self.whole.districts() if d not in with_table}
        return results

    def pairs(self, outcomes: Outcomes) -> Pairs | None:
        """What the rule yields; whom it raises on is added to ``left_out``. None where it is no use."""
        assert self.rule.round_check is not None
        for _ in range(MOST_LEFT_OUT + 1):
            units = [
                u
                for u in dict.fromkeys(unit_of(self.rule, s) for s in self.whole.submissions)
                if u not in self.left_out
            ]
            try:
                return list(self._over(units))
            except Exception as error:  # noqa: BLE001  kept as a fault: exit 3
                culprit = self._culprit(units)
                outcomes.faults.append(fault_of(self.rule, culprit, error))
                if not culprit:
                    return None
                self.left_out[culprit] = FAILED
        return None

    def _over(self, units: Sequence[str]) -> Iterator[tuple[At, Result]]:
        assert self.rule.round_check is not None
        kept = set(units)
        some = tuple(s for s in self.whole.submissions if unit_of(self.rule, s) in kept)
        return self.rule.round_check(Round(self.whole.catalog, some, self.whole.superseded))

    def _culprit(self, units: Sequence[str]) -> str:
        """The unit with which, after those before it, the rule begins to raise; "" where it raises over nothing."""
        sound, unsound = -1, len(units)
        while unsound - sound > 1:
            middle = (sound + unsound) // 2
            if self._raises(units[:middle]):
                unsound = middle
            else:
                sound = middle
        return units[unsound - 1] if unsound else ""

    def _raises(self, units: Sequence[str]) -> bool:
        try:
            list(self._over(units))
        except Exception:  # noqa: BLE001  its trace is kept where the rule raised first
            return True
        return False
