"""Which files of a round are the same file twice, and which are versions of one application (rules F03 and F10)."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalog.forms import Role
from catalog.models import Catalog
from checks.meaning.companies import joined
from checks.meaning.instances import of_application
from checks.meaning.text import fold
from records.models import UNREAD, Record, Submission
from records.roles import text_as_read, text_by_role

UNREADABLE = ("F01", "F02", "F09", UNREAD)
"""Notes of a reader that could not read the file, whoever is at fault."""


@dataclass(frozen=True, slots=True)
class Versions:
    """Versions of one application: the one that counts, and those it supersedes."""

    latest: Submission
    older: tuple[Submission, ...]


def application_id(catalog: Catalog, record: Record) -> str:
    """What people's decisions on an application hang on (``A-…``): company, form and project, so that they hold for a later version
    too; never a path. A file of which neither can be told goes by its bytes."""
    company = fold(text_as_read(catalog, record, "applicant_again", "applicant"))
    project = fold(text_as_read(catalog, record, "project", "instance"))
    parts = (
        (company, record.form, project)
        if company and project
        else (record.source.sha256, record.form, company, project)
    )
    return f"A-{hashlib.sha256(chr(31).join(parts).encode('utf-8', 'replace')).hexdigest()[:12]}"


def unreadable(record: Record) -> bool:
    """Whether nothing could be read of the file."""
    return record.form == "unknown" and any(note.code in UNREADABLE for note in record.notes)


def doubles(submissions: Iterable[Submission]) -> list[list[Submission]]:
    """Groups of submissions with the same bytes, each in the order of their paths."""
    by_hash: dict[str, list[Submission]] = {}
    for submission in submissions:
        if submission.record.source.sha256:
            by_hash.setdefault(submission.record.source.sha256, []).append(submission)
    groups: list[list[Submission]] = []
    for same in by_hash.values():
        # Two applications of one archive may carry the archive's hash: the same bytes also read the same.
        by_text: dict[str, list[Submission]] = {}
        for submission in sorted(same, key=lambda s: s.document) if len(same) > 1 else ():
            text = submission.record.model_dump_json(include={"form", "fields", "tables", "sections"})
            by_text.setdefault(text, []).append(submission)
        groups += [group for group in by_text.values() if len(group) > 1]
    return sorted(groups, key=lambda g: g[0].document)


def doubled(submissions: Iterable[Submission]) -> frozenset[str]:
    """The documents that are a second copy within their district. The first path stands. The same file before two
    recommenders stands in both (rule D02), and each unreadable file stays to be asked for again (rule F01)."""
    out: set[str] = set()
    for group in doubles(submissions):
        seen: set[str] = set()
        for submission in group:
            if submission.district in seen and not unreadable(submission.record):
                out.add(submission.document)
            seen.add(submission.district)
    return frozenset(out)


def versions(catalog: Catalog, submissions: Sequence[Submission]) -> list[Versions]:
    """The applications of which several versions were received: same district, form, company and project."""
    copies = doubled(submissions)
    by_kind: dict[tuple[str, str], list[Submission]] = {}
    for submission in sorted(submissions, key=lambda s: (s.district, s.document)):
        if submission.record.form in catalog.applications and submission.document not in copies:
            by_kind.setdefault((submission.district, submission.record.form), []).append(submission)
    found: list[Versions] = []
    for candidates in by_kind.values():
        for company in _companies(catalog, candidates):
            for same in _projects(catalog, company):
                if len(same) > 1:
                    latest = functools.reduce(functools.partial(_later, catalog), same)
                    found.append(Versions(latest, tuple(s for s in same if s is not latest)))
    return found


def set_aside(catalog: Catalog, submissions: Sequence[Submission]) -> frozenset[str]:
    """The documents that are not checked further and do not count: second copies and superseded versions."""
    older = {s.document for v in versions(catalog, submissions) for s in v.older}
    return doubled(submissions) | older


def _companies(catalog: Catalog, submissions: Sequence[Submission]) -> list[list[Submission]]:
    """Groups of one company: the same credit code, valid or not, or the same folded name."""

    def keys(record: Record) -> tuple[str, str]:
        name = text_by_role(catalog, record, "applicant_again", "applicant")
        return fold(text_by_role(catalog, record, "credit_code")), fold(name)

    return joined(submissions, keys)


def _projects(catalog: Catalog, company: Sequence[Submission]) -> list[list[Submission]]:
    groups: list[list[Submission]] = []
    for submission in company:
        for group in groups:
            if any(same_project(catalog, submission.record, other.record) for other in group):
                group.append(submission)
                break
        else:
            groups.append([submission])
    return groups


def same_project(catalog: Catalog, one: Record, other: Record) -> bool:
    """The same project name; where one leaves it blank, the same instance or factory, or the same rows of 附1."""
    roles: tuple[Role, ...] = ("project", "instance", "task")
    for role in roles:
        texts = fold(text_by_role(catalog, one, role)), fold(text_by_role(catalog, other, role))
        if all(texts):
            return texts[0] == texts[1]
    rows = [sorted(i.key for i in of_application(catalog, r)) for r in (one, other)]
    return bool(rows[0]) and rows[0] == rows[1]


def _later(catalog: Catalog, one: Submission, other: Submission) -> Submission:
    """The later of two versions: by 申报日期 where both give one (at the coarser precision), then by modification time,
    then by path."""
    dates = text_by_role(catalog, one.record, "date"), text_by_role(catalog, other.record, "date")
    length = min(len(d) for d in dates)
    keys = [(date[:length], s.modified, s.document) for date, s in zip(dates, (one, other), strict=True)]
    return one if keys[0] >= keys[1] else other
