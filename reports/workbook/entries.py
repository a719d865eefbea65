"""What people wrote into a workbook, as entries for the book of decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checks.withheld import WITHHELD
from records.book.events import Entry, What
from records.models import Decision, Finding, Unplaced
from reports.results.model import evidence_mark
from reports.safe.text import line, plain
from reports.workbook.said import Own


def entry_of(office: str, old: Decision | None, new: Decision, editor: str = "") -> Entry:
    """What makes ``new`` of ``old``, the words on one finding. ``editor``: who saved the workbook."""
    before = {"action": old.action, "reason": old.reason, "by": old.by} if old is not None else None
    if old is not None and new.disputed and new.disputed != old.disputed:
        return Entry(
            who=editor,
            office=office,
            what="note",
            target=new.finding,
            before=before,
            after={"against": new.disputed[-1]},
            source="workbook",
        )
    what: What = (
        "confirm"
        if new.action == "维持"
        else "withdraw"
        if new.action == "撤销"
        else "restore"
        if old is not None and (old.action or old.disputed)
        else "note"
    )
    past = set(old.history) if old is not None else set()
    after: dict[str, Any] = {
        "evidence": new.evidence,
        "evidence_mark": new.evidence_mark,
        "about": new.about,
        "asked": new.asked,
        "history": [h for h in new.history if h not in past],
    }
    after = {key: value for key, value in after.items() if value} | {"by": new.by}
    return Entry(
        who=new.by or editor,
        office=office,
        what=what,
        target=new.finding,
        before=before,
        after=after,
        reason=new.reason,
        source="workbook",
    )


def unplaced_entry(office: str, words: Unplaced, editor: str = "") -> Entry:
    """Words that belong to no finding."""
    after = {"unplaced": words.model_dump()}
    text = "\n".join(words.cells.values())
    return Entry(who=editor, office=office, what="note", target=words.id, after=after, reason=text, source="workbook")


@dataclass(frozen=True)
class Application:
    """What a person's own finding is about: its target, and the application in words."""

    target: str
    called: str


def own_entry(office: str, application: Application, own: Own, editor: str = "") -> Entry:
    """A person's own finding. The same words on the same application are the same finding."""
    material = "\x1f".join((application.target, own.place, own.message))
    after = {
        "id": f"P-{hashlib.sha256(material.encode('utf-8', 'replace')).hexdigest()[:12]}",
        "level": own.level,
        "place": line(own.place, 120),
        "message": own.message,
        "about": application.called,
    }
    return Entry(
        who=own.by or editor,
        office=office,
        what="add",
        target=application.target,
        after=after,
        reason=own.reason,
        source="workbook",
    )


def about(decision: Decision, known: Mapping[str, Finding]) -> Decision:
    """A decision on a finding at hand learns what it is about, and what it rests on where it does not say."""
    finding = known.get(decision.finding)
    if finding is None:
        return decision
    update: dict[str, str] = {"about": line(f"{finding.code} {finding.applicant}：{finding.message}", 300)}
    if decision.action and not decision.evidence_mark:
        update |= {"evidence_mark": evidence_mark(finding), "evidence": plain(finding.evidence, 300)}
    elif WITHHELD in finding.message:
        update["evidence"] = ""
    return decision.model_copy(update=update)
