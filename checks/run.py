"""Running the rules: one document alone, or a whole round.

Every rule that applies to a document leaves exactly one assessment. A rule that raises cannot tell, on the document it
raised on and on no other; the fault is listed in ``Outcomes.faults``.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from catalog.models import Catalog
from checks.assessments import Told
from checks.bounds import within
from checks.comparing import Compared, round_rules
from checks.forms import names
from checks.making import rules_of
from checks.meaning.text import fold, mask_identities
from checks.registry import CannotTell, Context, NotApplicable, Outcomes, Result, Rule
from checks.subject import FAILED, UNREAD_HERE, Subject, add, fault_of, with_cuts
from checks.withheld import tell_of_older, withhold
from records.models import Finding, Reading, Submission
from records.roles import text_by_role

Projects = Callable[[str, str], str]
Begin = Callable[[str], None]
"""Told of each rule's code before it runs."""
_NOTHING_LEFT_OUT: Mapping[str, str] = {}


def check_document(
    catalog: Catalog,
    reading: Reading,
    document: str,
    district: str | None = None,
    *,
    left_out: Mapping[str, str] = _NOTHING_LEFT_OUT,
    begin: Begin | None = None,
) -> Outcomes:
    """Run the rules that look at one document. ``district`` is the inbox folder's recommender; None where files are
    checked alone: rules of a round (E08) are then left out. ``left_out`` has the codes of rules that are not to run,
    each with why: they cannot tell."""
    outcomes = Outcomes()
    subject = Subject.of(catalog, reading, document, district)
    unread = [CannotTell(UNREAD_HERE)] if reading.record.unread is not None else None
    seen, cuts = within(catalog, reading)
    context = Context(catalog, seen, document, district, tuple(c.words() for c in cuts))
    for rule in rules_of(catalog):
        if rule.check is None or (district is None and not rule.alone):
            continue
        results: Sequence[Result]
        if subject.form not in rule.forms:
            if not _says_not_applicable(catalog, rule, subject.form):
                continue
            results = [NotApplicable(f"本规则只适用于{'、'.join(names(catalog, rule.forms))}")]
        elif rule.code in left_out:
            results = [CannotTell(left_out[rule.code])]
        else:
            if begin is not None:
                begin(rule.code)
            try:
                results = unread or with_cuts(rule, list(rule.check(context)), cuts)
            except Exception as error:  # noqa: BLE001  kept as a fault: exit 3
                outcomes.faults.append(fault_of(rule, document, error))
                results = [CannotTell(FAILED)]
        add(outcomes, rule, results, subject)
    _tell_apart(outcomes.findings)
    withhold(catalog, outcomes)
    return _in_order(outcomes)


def check_round(catalog: Catalog, submissions: Iterable[Submission], only: Collection[str] | None = None) -> Outcomes:
    """Run every rule over a round: each document's own, and those that compare documents.

    Documents that were received twice (F03) or superseded (F10) get those two rules alone. With ``only``, so do those of
    all districts but these.
    """
    ordered = tuple(sorted(submissions, key=lambda s: (s.district, s.document)))
    compared = Compared.of(catalog, ordered)
    outcomes = Outcomes(aside=compared.aside)
    for submission in ordered:
        if is_checked(submission, compared.aside, only):
            outcomes.extend(check_document(catalog, submission.reading, submission.document, submission.district))
    for rule in round_rules(catalog):
        outcomes.extend(compared.check(rule))
    return gathered(catalog, ordered, outcomes)


def is_checked(submission: Submission, aside: Collection[str], only: Collection[str] | None) -> bool:
    """Whether a document's own rules are run on it."""
    return submission.document not in aside and (only is None or submission.district in only)


def gathered(catalog: Catalog, submissions: Sequence[Submission], outcomes: Outcomes) -> Outcomes:
    """The outcomes of a round's documents and comparisons as one: ids told apart, in order."""
    tell_of_older(catalog, outcomes, submissions)
    _tell_apart(outcomes.findings, _projects(catalog, submissions))
    withhold(catalog, outcomes, submissions)
    return _in_order(outcomes)


def _says_not_applicable(catalog: Catalog, rule: Rule, form: str) -> bool:
    """Whether the outcome not_applicable is worth saying: between the two application forms only. A summary table or
    a foreign file is no business of the application's rules."""
    return form in catalog.applications and any(f in catalog.applications for f in rule.forms)


def _projects(catalog: Catalog, submissions: Sequence[Submission]) -> Projects:
    """What tells two applications of one company apart, by district and document."""
    every = {(s.district, s.document): s for s in submissions}

    @functools.cache
    def project(district: str, document: str) -> str:
        found = every.get((district, document))
        if found is None:
            return ""
        record = found.record
        return fold(text_by_role(catalog, record, "project", "instance")) or record.source.sha256

    return project


def _tell_apart(findings: list[Finding], projects: Projects | None = None) -> None:
    """Give findings that share an id ids of their own, by content: the first by content keeps the id.

    Within a document the evidence tells them apart; in a round (``projects`` given), the projects of one company. The
    same application before two recommenders keeps its ids: it is the same fault.
    """
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.district, finding.id), []).append(finding)
    for same in groups.values():
        if len(same) == 1:
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


def _content(finding: Finding, projects: Projects | None) -> tuple[str, ...]:
    own = (finding.evidence, finding.expected, finding.message, finding.document)
    return own if projects is None else (projects(finding.district, finding.document), *own)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:12]


def _in_order(outcomes: Outcomes) -> Outcomes:
    """Sorted, so that the same inbox gives the same bytes; and no identity number in why a rule could not tell."""
    outcomes.assessments.change(lambda _, told: _masked(told))
    outcomes.findings.sort(key=lambda f: (f.district, f.document, f.code, f.row or 0, f.field or "", f.evidence, f.id))
    outcomes.assessments.sort()
    outcomes.faults.sort(key=lambda f: (f.document, f.code))
    return outcomes


def _masked(told: Told) -> Told:
    why = mask_identities(told.why) if told.why else ""
    return told if why == told.why else told._replace(why=why)
