"""The rule book's machinery: what a rule is, and how rules are run so that each leaves exactly one outcome.

A rule runs one generator function of the library (:mod:`checks.library`) over a document or over the whole round. It yields

* :class:`Trip` for each breach,
* :class:`CannotTell` where what it needs could not be read or is unsure,
* :class:`NotApplicable` where the rule has nothing to say of this document,

and nothing where all is well. What it is told, and what ``shenbao explain CODE`` prints of it, stands in the pack's rules.toml.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from catalog.models import Catalog
from checks.assessments import Assessments, told
from records.models import Finding, Level, Outcome, Reading, Submission


@dataclass(frozen=True, slots=True)
class Trip:
    """One breach. ``about`` is the stable identity of what it is about (a field key, a scene instance's name, a kind);
    two trips of a rule on one document need different ``about``. It must not hold a position, path or time."""

    message: str
    about: str = ""
    field: str | None = None
    row: int | None = None
    where: str = ""
    evidence: str = ""
    expected: str = ""
    level: Level | None = None
    """Only where it is lower than the rule's own level."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    why: str


@dataclass(frozen=True, slots=True)
class NotApplicable:
    why: str


Result = Trip | CannotTell | NotApplicable


@dataclass(frozen=True, slots=True)
class Context:
    """What a document rule sees. ``district`` is the inbox folder's recommender, None where files are checked alone;
    ``cut`` says, in words, which values are longer than what the rule sees of them."""

    catalog: Catalog
    reading: Reading
    document: str
    district: str | None = None
    cut: tuple[str, ...] = ()
    memo: dict[object, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What several rules ask of this document, found once."""

    @property
    def form(self) -> str:
        return self.reading.record.form


@dataclass(frozen=True, slots=True)
class Round:
    """What a round rule sees: every submission, sorted by (district, document), readable or not.
    ``superseded`` holds the documents that F03 or F10 set aside: they do not count for D and Q."""

    catalog: Catalog
    submissions: tuple[Submission, ...]
    superseded: frozenset[str] = frozenset()

    def counted(self, *forms: str) -> Iterator[Submission]:
        """The submissions that count (not set aside), of the forms given or of all."""
        for submission in self.submissions:
            if submission.document not in self.superseded and (not forms or submission.record.form in forms):
                yield submission

    def districts(self) -> list[str]:
        """Every district that sent anything, sorted."""
        return sorted({submission.district for submission in self.submissions})


class At(NamedTuple):
    """What a round rule's result is about: a document, or with ``document`` "" the district's own standing (no summary
    table was received)."""

    district: str
    document: str

    @classmethod
    def of(cls, submission: Submission) -> At:
        return cls(submission.district, submission.document)


DocumentCheck = Callable[[Context], Iterator[Result]]
RoundCheck = Callable[[Round], Iterator[tuple[At, Result]]]
"""A round rule yields (where it belongs, result). Documents and districts it says nothing of have passed."""


class RuleFault(Exception):
    """A rule raised: a fault of the program, never of the applicant. ``document`` is "" for a rule over the round."""

    def __init__(self, code: str, document: str, error: str, trace: str = "") -> None:
        super().__init__(code, document, error, trace)
        self.code = code
        self.document = document
        self.error = error
        self.trace = trace

    def __str__(self) -> str:
        return f"规则{self.code}在“{self.document or '整轮'}”上运行出错：{self.error}"


Scope = Literal["counted", "received", "district"]
"""What a rule over the round compares: the documents that count, all that was received (what is set aside itself included),
or districts as wholes, so that one document that cannot be judged leaves its whole district out."""


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    level: Level
    clause: str
    title: str
    """The rule in half a line, Chinese."""
    forms: tuple[str, ...]
    reads: tuple[str, ...]
    """What it looks at, as shown in the rule book (field keys, table.column, 文件)."""
    explanation: str
    check: DocumentCheck | None = None
    round_check: RoundCheck | None = None
    alone: bool = True
    """Runs in ``check`` too, where there is no round."""
    scope: Scope = "counted"
    sets_aside: bool = False
    """It tells which documents do not count: what goes wrong in telling them apart is this rule's fault."""
    withholds: bool = False
    """What it finds on a document keeps the document's text out of all other findings (:mod:`checks.withheld`)."""


def finding_id(code: str, applicant: str, form: str, about: str) -> str:
    """A stable id: of the rule, the applicant, the form and what it is about; never of a path, time or position."""
    material = "\x1f".join((code, applicant, form, about))
    return f"{code}-{hashlib.sha256(material.encode('utf-8', 'replace')).hexdigest()[:12]}"


def outcome_of(trips: Sequence[Trip], unsure: Sequence[str], not_for: Sequence[str]) -> tuple[Outcome, str]:
    """The gravest outcome and why: finding, cannot_tell, not_applicable, pass."""
    if trips:
        return "finding", "；".join([f"{len(trips)}处", *dict.fromkeys(unsure)])
    if unsure:
        return "cannot_tell", "；".join(dict.fromkeys(unsure))
    if not_for:
        return "not_applicable", "；".join(dict.fromkeys(not_for))
    return "pass", ""


@dataclass(slots=True)
class Outcomes:
    """Findings and assessments gathered from runs of rules, and the rules that failed to run."""

    findings: list[Finding] = field(default_factory=list)
    assessments: Assessments = field(default_factory=Assessments)
    faults: list[RuleFault] = field(default_factory=list)
    withheld: frozenset[str] = frozenset()
    """The documents whose text stands in no output (:mod:`checks.withheld`)."""
    aside: frozenset[str] = frozenset()
    """Of a round, the documents that are not checked further and do not count."""

    def add(
        self,
        rule_: Rule,
        results: Iterable[Result],
        *,
        document: str,
        make: Callable[[Trip], Finding],
        district: str = "",
    ) -> None:
        """Take one rule's results on one document (or on the district's own, document ""), as one assessment."""
        results = list(results)
        if not results:  # as of most rules on most documents
            self.assessments.add((district, document), told(rule_.code, "pass"))
            return
        trips: list[Trip] = []
        unsure: list[str] = []
        not_for: list[str] = []
        for result in results:
            match result:
                case Trip():
                    trips.append(result)
                case CannotTell(why):
                    unsure.append(why)
                case NotApplicable(why):
                    not_for.append(why)
        self.findings.extend([make(t) for t in trips])
        outcome, why = outcome_of(trips, unsure, not_for)
        self.assessments.add((district, document), told(rule_.code, outcome, why))

    def extend(self, other: Outcomes) -> None:
        self.findings.extend(other.findings)
        self.assessments.extend(other.assessments)
        self.faults.extend(other.faults)

    def of_district(self, district: str) -> Outcomes:
        """The part that belongs to one district. Faults are not divided: they are the program's."""
        return Outcomes(
            [f for f in self.findings if f.district == district],
            self.assessments.of_district(district),
            list(self.faults),
            self.withheld,
            self.aside,
        )
