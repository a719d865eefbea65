"""Running the rules: one document alone, or a whole round.

Every rule that applies to a document leaves exactly one assessment. A rule that raises leaves none; the fault is listed
in ``Outcomes.faults`` and every other rule still runs.
"""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from catalog.models import Catalog
from checks.registry import (
    At,
    CannotTell,
    Context,
    NotApplicable,
    Outcomes,
    Result,
    Round,
    RoundCheck,
    Rule,
    RuleFault,
    Trip,
    all_rules,
    finding_id,
)
from checks.text import fold, mask_identities
from checks.versions import APPLICATIONS, set_aside
from records.models import Finding, Reading, Submission

UNREAD_HERE = "本机缺少读取所需的组件，文件未读取"
FORM_NAMES = {"scene": "优秀场景申报书", "factory": "示范工厂申报书", "summary": "推荐汇总表", "unknown": "其他文件"}


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose findings these are. ``identity`` is what ids are made from: the company's folded name (the table's before
    the cover's, so that mending the cover keeps the ids); the recommender's for a summary table; the bytes' hash where
    nothing could be read."""

    district: str
    document: str
    applicant: str
    identity: str
    form: str

    @classmethod
    def of(cls, reading: Reading, document: str, district: str | None) -> Subject:
        record = reading.record
        if record.form == "summary":
            name = district or record.text("recommender")
            return cls(district or "", document, record.text("recommender") or name, fold(name), record.form)
        company, cover = record.text("company_name"), record.text("applicant")
        identity = fold(company or cover) or record.source.sha256
        return cls(district or "", document, cover or company, identity, record.form)

    @classmethod
    def of_district(cls, district: str) -> Subject:
        """The district itself, where no summary table stands for it."""
        return cls(district, "", district, fold(district), "summary")

    def finding(self, rule: Rule, trip: Trip) -> Finding:
        return Finding(
            id=finding_id(rule.code, self.identity, self.form, trip.about),
            code=rule.code,
            level=trip.level or rule.level,
            district=self.district,
            document=self.document,
            applicant=mask_identities(self.applicant),
            form=self.form,
            field=trip.field,
            row=trip.row,
            where=mask_identities(trip.where),
            evidence=mask_identities(trip.evidence),
            expected=mask_identities(trip.expected),
            message=mask_identities(trip.message),
            clause=rule.clause,
        )


def check_document(catalog: Catalog, reading: Reading, document: str, district: str | None = None) -> Outcomes:
    """Run the rules that look at one document. ``district`` is the inbox folder's recommender; None where files are
    checked alone: rules of a round (E08) are then left out."""
    outcomes = Outcomes()
    subject = Subject.of(reading, document, district)
    unread = [CannotTell(UNREAD_HERE)] if reading.record.unread is not None else None
    context = Context(catalog, reading, document, district)
    for rule in all_rules():
        if rule.check is None or (district is None and not rule.alone):
            continue
        results: Iterable[Result]
        if subject.form not in rule.forms:
            if not _says_not_applicable(rule, subject.form):
                continue
            results = [NotApplicable(f"本规则只适用于{'、'.join(FORM_NAMES[f] for f in rule.forms)}")]
        else:
            try:
                results = unread or list(rule.check(context))
            except Exception as error:  # noqa: BLE001  kept as a fault: exit 3
                outcomes.faults.append(_fault(rule, document, error))
                continue
        outcomes.add(rule, results, document=document, district=subject.district, make=partial(subject.finding, rule))
    _tell_apart(outcomes.findings)
    return _in_order(outcomes)


def check_round(catalog: Catalog, submissions: Iterable[Submission]) -> Outcomes:
    """Run every rule over a round: each document's own, and those that compare documents.

    Documents that were received twice (F03) or superseded (F10) get those two rules alone.
    """
    ordered = tuple(sorted(submissions, key=lambda s: (s.district, s.document)))
    whole = Round(catalog, ordered, set_aside(ordered))
    outcomes = Outcomes()
    for submission in whole.counted():
        outcomes.extend(check_document(catalog, submission.reading, submission.document, submission.district))
    for rule in all_rules():
        if rule.round_check is not None:
            _run_over_round(rule, rule.round_check, whole, outcomes)
    _tell_apart(outcomes.findings, _projects(ordered))
    return _in_order(outcomes)


def _run_over_round(rule: Rule, check: RoundCheck, whole: Round, outcomes: Outcomes) -> None:
    try:
        pairs = list(check(whole))
    except Exception as error:  # noqa: BLE001  kept as a fault: exit 3
        outcomes.faults.append(_fault(rule, "", error))
        return
    received = whole.submissions if rule.code in ("F03", "F10") else tuple(whole.counted())
    results: dict[At, list[Result]] = {At.of(s): [] for s in received if s.record.form in rule.forms}
    if "summary" in rule.forms and rule.code[0] != "F":
        with_table = {s.district for s in received if s.record.form == "summary"}
        results |= {At(d, ""): [] for d in whole.districts() if d not in with_table}
    for at, result in pairs:
        results.setdefault(at, []).append(result)
    readings = {At.of(s): s.reading for s in whole.submissions}
    results |= {at: [CannotTell(UNREAD_HERE)] for at in results if at in readings and readings[at].record.unread}
    for at in sorted(results):
        if at in readings:
            subject = Subject.of(readings[at], at.document, at.district)
        else:
            subject = Subject.of_district(at.district)
        outcomes.add(
            rule,
            results[at],
            document=at.document,
            district=at.district,
            make=partial(subject.finding, rule),
        )


def _says_not_applicable(rule: Rule, form: str) -> bool:
    """Whether the outcome not_applicable is worth saying: between the two application forms only. A summary table or
    a foreign file is no business of the application's rules."""
    return form in APPLICATIONS and any(f in APPLICATIONS for f in rule.forms)


def _fault(rule: Rule, document: str, error: Exception) -> RuleFault:
    return RuleFault(rule.code, document, f"{type(error).__name__}: {error}", traceback.format_exc())


def _projects(submissions: Sequence[Submission]) -> dict[tuple[str, str], str]:
    """What tells two applications of one company apart, by (district, document)."""
    return {
        (s.district, s.document): fold(s.record.text("project_name") or s.record.text("instance_name"))
        or s.record.source.sha256
        for s in submissions
    }


def _tell_apart(findings: list[Finding], projects: dict[tuple[str, str], str] | None = None) -> None:
    """Give findings that share an id ids of their own, by content: the first by content keeps the id.

    Within a document the evidence tells them apart; in a round (``projects`` given), the projects of one company. The
    same application before two recommenders keeps its ids: it is the same fault.
    """
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.district, finding.id), []).append(finding)
    for same in groups.values():
        if len(same) < 2:
            continue
        taken: set[str] = set()
        for finding in sorted(same, key=lambda f: _content(f, projects)):
            material = "\x1f".join(_content(finding, projects)[: -1 if projects is None else 1])
            ordinal = 0
            fresh = finding.id
            while fresh in taken:
                fresh = f"{finding.code}-{_digest(finding.id, material, str(ordinal) if ordinal else '')}"
                ordinal += 1
            finding.id = fresh
            taken.add(fresh)


def _content(finding: Finding, projects: dict[tuple[str, str], str] | None) -> tuple[str, ...]:
    own = (finding.evidence, finding.expected, finding.message, finding.document)
    return own if projects is None else (projects.get((finding.district, finding.document), ""), *own)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:12]


def _in_order(outcomes: Outcomes) -> Outcomes:
    """Sorted, so that the same inbox gives the same bytes; and no identity number in why a rule could not tell."""
    for assessment in outcomes.assessments:
        assessment.why = mask_identities(assessment.why)
    outcomes.findings.sort(key=lambda f: (f.district, f.document, f.code, f.row or 0, f.field or "", f.evidence, f.id))
    outcomes.assessments.sort(key=lambda a: (a.district, a.document, a.code))
    outcomes.faults.sort(key=lambda f: (f.document, f.code))
    return outcomes
