"""Documents whose text stands in no output: what is said of them is their name, the marking and the place alone.

Such is a document that carries a secrecy marking, and one that shares a passage with it: the same text without the marking.
Here it is decided which they are (:func:`withhold`), and what is left of them (:func:`without_text`); neither the findings on
such a document quote it, nor those on another that is compared with it. Ids, codes, levels and places stay, so that what is
to be done is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from catalog.forms import Role
from catalog.models import Catalog
from checks.assessments import Of, Told
from checks.bounds import within
from checks.duplicates import MANY
from checks.making import rules_of
from checks.registry import Context, Outcomes, Rule, Trip
from records.models import Finding, Reading, Record, Submission
from records.roles import key_of

WITHHELD = "所涉文件有密级或保密标志，内容不在此引用，请按保密规定处理"
_WHOSE: tuple[Role, ...] = ("applicant", "applicant_again", "recommender")
"""What is still known of a withheld application: whose it is."""
_ROW = re.compile(r"） 第\d+行")


def withhold(catalog: Catalog, outcomes: Outcomes, submissions: Sequence[Submission] = ()) -> None:
    """Take the text of marked documents out of the outcomes. ``submissions`` is the round that they are of: what was not
    checked itself may have been compared, and what was withheld before stays so."""
    rules = {r.code: r for r in rules_of(catalog)}
    marks = [r for r in rules.values() if r.withholds]
    codes = {r.code for r in marks}
    assessed = {of for of, every in outcomes.assessments.groups() if any(told.code in codes for told in every)}
    marked = {f.document for f in outcomes.findings if f.code in codes}
    marked |= {
        s.document for s in submissions if (s.district, s.document) not in assessed and is_marked(catalog, s.reading)
    }
    before = {s.document for s in submissions if s.outline.withheld}
    if not marked | before:
        return
    marked |= _copies(catalog, outcomes, marked, [s.document for s in submissions])
    # These are no marked ones: what is like them alone is none of it, else the withheld would become more with every run.
    marked |= before
    outcomes.withheld = frozenset(marked)
    every = [s.document for s in submissions]
    for finding in outcomes.findings:
        if finding.code not in codes:
            _take_out(finding, rules[finding.code], marked, every)

    def without_why(of: Of, told: Told) -> Told:
        if of[1] not in marked or told.code in codes:
            return told
        if told.outcome == "cannot_tell":
            return told._replace(why=WITHHELD)
        return told._replace(why=told.why.partition("；")[0]) if told.outcome == "finding" else told

    outcomes.assessments.change(without_why)


def without_text(catalog: Catalog, reading: Reading) -> Reading:
    """A withheld document as outputs may show it: the file, its form, and whose it is."""
    record = reading.record
    keys = whose_keys(catalog, record.form)
    known = {key: value for key, value in record.fields.items() if key in keys}
    left = Record(form=record.form, source=record.source, fields=known, withheld=True)
    return Reading(record=left, annexes=reading.annexes)


def whose_keys(catalog: Catalog, form: str) -> set[str | None]:
    """The fields of a form that say whose an application is."""
    return {key_of(catalog, form, role) for role in _WHOSE}


def _copies(catalog: Catalog, outcomes: Outcomes, marked: set[str], every: Sequence[str]) -> set[str]:
    """The documents that share a passage with a marked one, or are another state of it; none where so many do that it is a
    template's."""
    alike = catalog.codes("shared_text", "doubled", "superseded")
    found: set[str] = set()
    for finding in outcomes.findings:
        if finding.code in alike:
            named = {d for d in every if f"“{d}”" in finding.message}
            found |= named if finding.document in marked else {finding.document} if named & marked else set()
    return found - marked if len(found - marked) <= MANY else set()


def is_marked(catalog: Catalog, reading: Reading) -> bool:
    """Whether a document carries a marking; where that cannot be told, it is taken to."""
    seen, _ = within(catalog, reading)
    context = Context(catalog, seen, reading.record.source.path)
    marks = [rule for rule in rules_of(catalog) if rule.withholds]
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
    finding.place = _without_owner(finding.place)


def _without_owner(place: str) -> str:
    """A place without the name in brackets before the number of a row."""
    rows = list(_ROW.finditer(place))
    begins = place.find("（")
    if not rows or not 0 <= begins < rows[-1].start():
        return place
    return place[:begins] + place[rows[-1].start() + 1 :]
