"""Documents whose text stands in no output: what is said of them is their name, the marking and the place alone.

Such is a document that carries a secrecy marking, and one that shares a passage with it, of whatever company: the same text
without the marking. Here it is decided which they are (:func:`withhold`), and what is left of them (:func:`without_text`); neither the findings on
such a document quote it, nor those on another that is compared with it. Ids, codes, levels and places stay, so that what is
to be done is known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from catalog.forms import Role
from catalog.models import Catalog
from checks.assessments import Of, Told
from checks.bounds import within
from checks.copies import copies_of
from checks.making import rules_of
from checks.meaning import versions
from checks.registry import Context, Outcomes, Rule, Trip
from checks.subject import Subject
from records.models import Finding, Reading, Record, Submission
from records.roles import key_of

WITHHELD = "所涉文件有密级或保密标志，或与有标志的文件文字相同，内容不在此引用，请按保密规定处理"
_WHOSE: tuple[Role, ...] = ("applicant", "applicant_again", "recommender")
"""What is still known of a withheld application: whose it is."""
_ROW = re.compile(r"） 第\d+行")


def withhold(catalog: Catalog, outcomes: Outcomes, submissions: Sequence[Submission] = ()) -> None:
    """Take the text of marked documents out of the outcomes. ``submissions`` is the round that they are of: what was not
    checked itself may have been compared, and what was withheld before stays so."""
    rules = {r.code: r for r in rules_of(catalog)}
    codes = {r.code for r in _marks(catalog)}
    assessed = {of for of, every in outcomes.assessments.groups() if any(told.code in codes for told in every)}
    marked = {f.document for f in outcomes.findings if f.code in codes}
    marked |= {
        s.document for s in submissions if (s.district, s.document) not in assessed and is_marked(catalog, s.reading)
    }
    before = {s.document for s in submissions if s.outline.withheld}
    if not marked | before:
        return
    marked |= _copies(catalog, outcomes, marked, submissions)
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


def tell_of_older(catalog: Catalog, outcomes: Outcomes, submissions: Sequence[Submission]) -> None:
    """A marking on a version that was set aside is told of on the one that counts: no rule is run on the former, and a version
    without the marking takes none of it away."""
    marked = {s.document for s in submissions if s.document in outcomes.aside and is_marked(catalog, s.reading)}
    codes = {r.code for r in _marks(catalog)}
    told = {f.document for f in outcomes.findings if f.code in codes}
    for group in versions.versions(catalog, submissions) if marked else ():
        older = [s for s in group.older if s.document in marked]
        if older and group.latest.document not in told:
            _tell(catalog, outcomes, older[-1], group.latest)


def _tell(catalog: Catalog, outcomes: Outcomes, old: Submission, latest: Submission) -> None:
    subject = Subject.of(catalog, latest.reading, latest.document, latest.district)
    trips = _trips(catalog, old.reading) or []
    for rule, trip in trips:
        message = f"本申报书的另一份“{old.document}”：{trip.message}"
        told = replace(trip, message=message, where=f"另一份的{trip.where}")
        outcomes.findings.append(subject.finding(rule, told))
    codes = {rule.code for rule, _ in trips}

    def found(of: Of, told: Told) -> Told:
        mine = of == (latest.district, latest.document) and told.code in codes
        return told._replace(outcome="finding", why=f"{len(trips)}处") if mine else told

    outcomes.assessments.change(found)


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


def _copies(catalog: Catalog, outcomes: Outcomes, marked: set[str], submissions: Sequence[Submission]) -> set[str]:
    """The documents that are another state of a marked one, or share a passage with it."""
    alike = catalog.codes("doubled", "superseded")
    every = [s.document for s in submissions]
    found: set[str] = set()
    for finding in outcomes.findings:
        if finding.code in alike:
            named = {d for d in every if f"“{d}”" in finding.message}
            found |= named if finding.document in marked else {finding.document} if named & marked else set()
    own = [s for s in submissions if s.document in marked]
    others = [s for s in submissions if s.document not in marked | found]
    return found | copies_of(catalog, own, others) if own else found


def is_marked(catalog: Catalog, reading: Reading) -> bool:
    """Whether a document carries a marking; where that cannot be told, it is taken to."""
    return _trips(catalog, reading) != []


def _marks(catalog: Catalog) -> list[Rule]:
    """The rules that find a marking."""
    return [r for r in rules_of(catalog) if r.withholds]


def _trips(catalog: Catalog, reading: Reading) -> list[tuple[Rule, Trip]] | None:
    """The markings of a document, each with its rule; None where a rule fails: its text is kept back, and nothing is lost by it."""
    seen, _ = within(catalog, reading)
    context = Context(catalog, seen, reading.record.source.path)
    marks = [r for r in _marks(catalog) if context.form in r.forms]
    try:
        return [(r, trip) for r in marks if r.check is not None for trip in r.check(context) if isinstance(trip, Trip)]
    except Exception:  # noqa: BLE001  told of where the rule is run on the document itself
        return None


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
