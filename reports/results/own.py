"""What people found themselves and what of their corrections no longer holds, as findings like any other."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator

from catalog.models import Catalog
from checks.meaning.versions import application_id
from records.book.places import as_read, value_at
from records.book.state import Added, Correction, Decided
from records.models import Finding, Submission
from records.roles import text_by_role
from reports.safe.text import line

MANUAL, CALLED = "人工", "人工发现"
"""The code of a person's own finding, which no rule has, and what it is called."""


def own_findings(
    catalog: Catalog,
    submissions: Iterable[Submission],
    decided: Decided,
    *,
    aside: Collection[str] = (),
) -> Iterator[Finding]:
    """A district's findings that come from people. Of an application that is not received (any more), or set ``aside``, there is none;
    of one whose text is withheld nothing is quoted."""
    if not decided.added and not decided.corrections:
        return
    received: dict[str, Submission] = {}
    for submission in submissions:
        if submission.record.form in catalog.applications and submission.document not in aside:
            received[application_id(catalog, submission.record)] = submission
    for added in decided.added.values():
        if (found := received.get(added.application)) is not None:
            yield _added(catalog, found, added)
    for target, correction in decided.corrections.items():
        found = received.get(correction.application)
        if found is not None and (now := _fallen(found, correction)) is not None:
            told = _told(catalog, found, target, correction, now)
            secret = {"message": "曾有人更正此处的读数，文件已变化，更正不再适用，请重新核对", "evidence": ""}
            yield told.model_copy(update=secret) if found.record.withheld else told


def _added(catalog: Catalog, submission: Submission, added: Added) -> Finding:
    return _finding(catalog, submission, added.id, added.message, added.place).model_copy(
        update={"level": added.level, "field": added.field}
    )


def _fallen(submission: Submission, correction: Correction) -> str | None:
    """What the file says now, where that is not what it said when a person corrected its reading."""
    value = value_at(submission.record, correction.place)
    now = as_read(value) if value is not None else ""
    return now if now != correction.raw else None


def _told(catalog: Catalog, submission: Submission, target: str, correction: Correction, now: str) -> Finding:
    who, key = f"{correction.who}曾" if correction.who else "曾有人", correction.place
    form = catalog.forms[submission.record.form]
    field = form.field(key)
    called = field.label if field is not None else key
    message = (
        f"“{called}”{who}按原件更正为“{line(correction.text, 60)}”（当时读作“{line(correction.raw, 60)}”）；"
        f"文件此处现为“{line(now, 60)}”，更正不再适用，请重新核对"
    )
    id_ = f"P-{hashlib.sha256(target.encode('utf-8', 'replace')).hexdigest()[:12]}"
    finding = _finding(catalog, submission, id_, message, called)
    return finding.model_copy(update={"level": "note", "evidence": line(now, 300), "actor": "reader"})


def _finding(catalog: Catalog, submission: Submission, id_: str, message: str, place: str) -> Finding:
    return Finding(
        id=id_,
        code=MANUAL,
        level="fix",
        district=submission.district,
        document=submission.document,
        applicant=line(text_by_role(catalog, submission.record, "applicant", "applicant_again"), 200),
        form=submission.record.form,
        where=place,
        message=message,
        clause=CALLED,
        place=place,
    )
