"""Documents that carry a secrecy marking: what findings say of them is their name, the marking and the place alone.

Neither the findings on such a document quote it, nor those on another that is compared with it. Ids, codes, levels and
places stay, so that what is to be done is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalog.models import Catalog
from checks.bounds import within
from checks.making import rules_of
from checks.registry import Context, Outcomes, Rule, Trip
from records.models import Finding, Submission

WITHHELD = "所涉文件有密级或保密标志，内容不在此引用，请按保密规定处理"


def withhold(catalog: Catalog, outcomes: Outcomes, submissions: Sequence[Submission] = ()) -> None:
    """Take the text of marked documents out of the outcomes. ``submissions`` is the round that they are of: what was not
    checked itself may have been compared."""
    rules = {r.code: r for r in rules_of(catalog)}
    marks = [r for r in rules.values() if r.withholds]
    codes = {r.code for r in marks}
    assessed = {(a.district, a.document) for a in outcomes.assessments if a.code in codes}
    marked = {f.document for f in outcomes.findings if f.code in codes}
    marked |= {
        s.document for s in submissions if (s.district, s.document) not in assessed and _is_marked(catalog, marks, s)
    }
    if not marked:
        return
    every = [s.document for s in submissions]
    for finding in outcomes.findings:
        if finding.code not in codes:
            _take_out(finding, rules[finding.code], marked, every)
    for assessment in outcomes.assessments:
        if assessment.document in marked and assessment.code not in codes:
            if assessment.outcome == "cannot_tell":
                assessment.why = WITHHELD
            elif assessment.outcome == "finding":
                assessment.why = assessment.why.partition("；")[0]


def _is_marked(catalog: Catalog, marks: Sequence[Rule], submission: Submission) -> bool:
    """Whether a document that was not checked itself carries a marking; where that cannot be told, it is taken to."""
    reading, _ = within(catalog, submission.reading)
    context = Context(catalog, reading, submission.document, submission.district)
    try:
        return any(isinstance(result, Trip) for result in _results(marks, context))
    except Exception:  # noqa: BLE001  its text is kept back, and nothing is lost by it
        return True


def _results(marks: Sequence[Rule], context: Context) -> Iterator[object]:
    for rule in marks:
        if rule.check is not None and context.form in rule.forms:
            yield from rule.check(context)


def _take_out(finding: Finding, rule: Rule, marked: set[str], every: Sequence[str]) -> None:
    """Leave the rule's title and the names of the documents that the finding is about, where one of them is marked."""
    said = finding.message + "\n" + finding.evidence
    own = finding.document in marked
    if not own and not any(document in said for document in marked):
        return
    others = "”“".join(d for d in every if d != finding.document and f"“{d}”" in said)
    finding.message = f"{rule.title}{f'（另见“{others}”）' if others else ''}。{WITHHELD}。"
    finding.evidence = finding.expected = ""
