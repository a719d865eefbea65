"""What changed since the run before: new, mended and still open findings, told apart by finding id.

``progress.json`` beside the reports holds the findings of this state and of the one before it. A rerun over an
unchanged inbox leaves it as it is, and so does a run that was killed and started again: only a different set of
findings moves the present into the past.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checks.meaning.companies import names_of
from checks.meaning.names import fold
from checks.withheld import WITHHELD
from records.models import UNKNOWN, Finding
from reports.results.model import DistrictResult
from reports.results.own import MANUAL
from reports.safe.text import line

STATE = "progress.json"
_KEYS = ("code", "level", "applicant", "form", "message")


@dataclass(frozen=True)
class Past:
    """A finding of the run before that is no longer there."""

    id: str
    code: str
    level: str
    applicant: str
    form: str
    message: str
    company: str = ""
    """The folded name of the form's company, which stays where the name on the cover is mended."""


@dataclass
class Progress:
    """``first`` where there is nothing to compare with. ``gone`` are findings of applications no longer received."""

    first: bool = True
    new: list[Finding] = field(default_factory=list)
    still: list[Finding] = field(default_factory=list)
    mended: list[Past] = field(default_factory=list)
    gone: list[Past] = field(default_factory=list)


@dataclass
class State:
    """What ``progress.json`` holds: findings by id, now and before; the copies of the workbook already merged."""

    current: dict[str, list[str]] = field(default_factory=dict)
    previous: dict[str, list[str]] | None = None
    copies: dict[str, str] = field(default_factory=dict)
    letters: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What is kept of the letters that stand (:mod:`reports.outgoing`), by the name that each is due."""
    sent: list[dict[str, Any]] = field(default_factory=list)
    """The same of those of earlier runs, oldest first."""
    papers: dict[str, str] = field(default_factory=dict)
    """Papers that people work on, as written last: file name → SHA-256."""
    workbook: str = ""
    """SHA-256 of the workbook as written last."""
    store: str = ""
    """SHA-256 of the decisions' store when that workbook was written: it holds all the workbook's words."""
    own: bool = False
    """Whether that workbook holds what people made of it besides words: columns, sheets, colours, widths."""
    spares: list[str] = field(default_factory=list)
    """SHA-256 of workbooks that were written beside one that was open."""
    withheld: list[str] = field(default_factory=list)
    """The letters (ids of :mod:`reports.outgoing`) that were issued before their application's text was withheld, and may quote it:
    for ever, also when the file is gone."""
    known: bool = False

    @classmethod
    def load(cls, folder: Path) -> State:
        """The state kept in ``folder``; an empty one where there is none, or where it cannot be read."""
        try:
            data: dict[str, Any] = json.loads((folder / STATE).read_text(encoding="utf-8"))
            copies, letters = dict(data.get("copies") or {}), dict(data.get("letters") or {})
            letters = {
                n: kept if isinstance(kept, dict) else {"file": n, "sha256": kept} for n, kept in letters.items()
            }
            sent, papers = [dict(kept) for kept in data.get("sent") or ()], dict(data.get("papers") or {})
            book, store = str(data.get("workbook") or ""), str(data.get("store") or "")
            own, spares = bool(data.get("own")), [str(s) for s in data.get("spares") or ()]
            known, current = data["current"] is not None, dict(data["current"] or {})
            secret = [str(id_) for id_ in data.get("withheld") or ()]
            return cls(
                current, data["previous"], copies, letters, sent, papers, book, store, own, spares, secret, known=known
            )  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError):
            return cls()

    def advance(self, result: DistrictResult) -> Progress:
        """Move on to ``result`` and tell what changed since the state before. A partial result is compared with the
        state, which stays as it is."""
        company = {i.document: next(iter(names_of(result.catalog, i.record)), "") for i in result.items}
        now = {f.id: [*_kept(f), company.get(f.document, "")] for f in result.outcomes.findings if f.code != MANUAL}
        self._take_out(result)
        if result.partial:
            return _compare(result, self.current) if self.known else Progress()
        if self.known and now.keys() != self.current.keys():
            self.previous = self.current
        self.current, self.known = dict(sorted(now.items())), True
        if self.previous is None:
            return Progress()
        return _compare(result, self.previous)

    def _take_out(self, result: DistrictResult) -> None:
        """What was said of an application when nobody knew yet that its text may stand nowhere."""
        secret = {(name, i.form) for i in result.items if i.withheld for name in names_of(result.catalog, i.record)}
        for kept in (*self.current.values(), *(self.previous or {}).values()) if secret else ():
            if {*((company, kept[3]) for company in kept[5:]), (fold(kept[2]), kept[3])} & secret:
                kept[4] = WITHHELD

    def dump(self) -> bytes:
        data = {
            "current": self.current if self.known else None,
            "previous": self.previous,
            "copies": self.copies,
            "letters": self.letters,
            "sent": self.sent,
            "papers": self.papers,
            "workbook": self.workbook,
            "store": self.store,
            "own": self.own,
            "spares": self.spares,
            **({"withheld": self.withheld} if self.withheld else {}),
        }
        return (json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n").encode(
            "utf-8", "replace"
        )


def _kept(finding: Finding) -> list[str]:
    return [line(getattr(finding, key), 300) for key in _KEYS]


def _compare(result: DistrictResult, before: dict[str, list[str]]) -> Progress:
    progress = Progress(first=False)
    here = {f.id for f in result.outcomes.findings if f.code != MANUAL}
    for finding in (f for f in result.outcomes.findings if f.code != MANUAL):
        (progress.still if finding.id in before else progress.new).append(finding)
    received = {(name, i.form) for i in result.items for name in names_of(result.catalog, i.record)}
    withheld = {(name, i.form) for i in result.items if i.withheld for name in names_of(result.catalog, i.record)}
    for key, kept in sorted(before.items()):
        if key in here:
            continue
        past = Past(key, *kept)
        # Of the table and of files that could not be read nothing is left to mend, whether they came again or not.
        asked = {(past.company, past.form), (fold(past.applicant), past.form)}
        if past.code in result.catalog.codes("marking") and asked & withheld:
            continue  # a marking that is no longer seen mends nothing: the text stays withheld
        there = past.form in (*result.catalog.summaries, UNKNOWN) or bool(asked & received)
        (progress.mended if there else progress.gone).append(past)
    return progress
