"""What one rule's results on one document become: findings and an assessment under the document's name.

A rule that raises, or a result that cannot be told, costs that rule on that document alone.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from catalog.models import Catalog
from checks.bounds import Cut, told
from checks.meaning.text import fold, mask_identities
from checks.places import place_of, place_of_table
from checks.registry import CannotTell, Outcomes, Result, Rule, RuleFault, Trip, finding_id
from records.models import UNKNOWN, Finding, Reading
from records.roles import name, text_as_read, text_by_role

FAILED = "核对时程序出错，未作判断，请人工核对"
UNREAD_HERE = "本机缺少读取所需的组件，文件未读取"


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
    catalog: Catalog
    reading: Reading | None = None
    """None where no summary table stands for a district."""

    @classmethod
    def of(cls, catalog: Catalog, reading: Reading, document: str, district: str | None) -> Subject:
        record = reading.record
        if record.form in catalog.summaries:
            recommender = text_by_role(catalog, record, "recommender")
            known = district or recommender
            return cls(district or "", document, recommender or known, fold(known), record.form, catalog, reading)
        company = text_by_role(catalog, record, "applicant_again")
        cover = text_by_role(catalog, record, "applicant")
        identity = fold(text_as_read(catalog, record, "applicant_again", "applicant")) or record.source.sha256
        return cls(district or "", document, cover or company, identity, record.form, catalog, reading)

    @classmethod
    def of_district(cls, catalog: Catalog, district: str) -> Subject:
        """The district itself, where no summary table stands for it."""
        return cls(district, "", district, fold(district), next(iter(catalog.summaries), UNKNOWN), catalog)

    def finding(self, rule: Rule, trip: Trip) -> Finding:
        return Finding(
            id=finding_id(rule.code, self.identity, self.form, trip.about),
            code=rule.code,
            level=trip.level or rule.level,
            district=self.district,
            document=self.document,
            applicant=mask_identities(name(self.applicant)),
            form=self.form,
            field=trip.field,
            row=trip.row,
            where=mask_identities(trip.where),
            evidence=mask_identities(trip.evidence),
            expected=mask_identities(trip.expected),
            message=mask_identities(trip.message),
            clause=rule.clause,
            place=mask_identities(self.place(trip)),
            actor=self.catalog.actor(rule.code),
        )

    def place(self, trip: Trip) -> str:
        if self.reading is None:
            return place_of_table(self.catalog)
        return place_of(
            self.catalog, self.reading, field=trip.field, row=trip.row, where=trip.where, evidence=trip.evidence
        )


def add(outcomes: Outcomes, rule: Rule, results: Sequence[Result], subject: Subject) -> None:
    """Take a rule's results on one document (or district) as one assessment."""
    take = partial(
        outcomes.add, rule, document=subject.document, district=subject.district, make=partial(subject.finding, rule)
    )
    try:
        take(results=results)
    except Exception as error:  # noqa: BLE001  kept as a fault: exit 3
        outcomes.faults.append(fault_of(rule, subject.document, error))
        take(results=[CannotTell(FAILED)])


def fault_of(rule: Rule, document: str, error: Exception) -> RuleFault:
    """The fault to be listed of a rule that raised ``error``."""
    return RuleFault(rule.code, document, f"{type(error).__name__}: {error}", traceback.format_exc())


def with_cuts(rule: Rule, results: Sequence[Result], cuts: Sequence[Cut]) -> Sequence[Result]:
    """A rule's results where it saw only the beginning of some values: it says so, and cannot tell that all is well."""
    mine = [cut for cut in cuts if cut.concerns(rule.reads)]
    if not mine:
        return results
    return [*(_qualified(r, mine) for r in results), CannotTell(told(mine))]


def _qualified(result: Result, cuts: Sequence[Cut]) -> Result:
    if not isinstance(result, Trip) or result.field is None:
        return result
    of_row = result.row is not None
    about = [
        c
        for c in cuts
        if (c.key, c.row) == (result.field, result.row)
        or (of_row and c.row == result.row and c.key.startswith(f"{result.field}."))
    ]
    return replace(result, message=f"{result.message}（{told(about)}。）") if about else result
