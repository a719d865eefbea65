"""What a district's reports are made from, and the words they share: status, level, standing of a finding.

Everything here is a pure view of records, findings and reviewers' decisions.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from catalog.forms import Asked, Role
from catalog.models import Catalog
from checks.meaning.matching import District, districts
from checks.meaning.versions import application_id
from checks.registry import Outcomes, Round
from records.book.state import Decided, Ruling
from records.book.words import said
from records.models import UNKNOWN, Assessment, Decision, Finding, Record, Row, Submission, Unplaced, held
from records.roles import instance_rows, text_by_role
from records.roles import name as as_name
from reports.results.own import MANUAL, own_findings
from reports.safe.text import line

LEVELS = {"reject": "不符合条件", "fix": "需补正", "note": "提示"}
OUTCOMES = {"pass": "未发现问题", "finding": "发现问题", "cannot_tell": "不能判断", "not_applicable": "不适用"}
UNREADABLE_CODES = frozenset({"F01", "F02", "F09"})
_NO_APPLICATION = frozenset({"pptx", "ppt", "text", "heic", "ole", "other"})
"""Formats in which nobody sends an application: a program, a README, slides."""


class Status(StrEnum):
    """Where an application stands, in the order of its weight."""

    REJECT = "不符合条件"
    FIX = "需补正"
    UNREADABLE = "无法读取"
    UNREAD = "未读取"
    """By this installation, for want of a part: nothing is held against it."""
    OTHER = "非申报表"
    CLEAN = "未发现问题"
    SUPERSEDED = "已被取代"
    DOUBLED = "重复收到"
    """The same bytes as a file that is reviewed."""


ASIDE = frozenset((Status.SUPERSEDED, Status.DOUBLED))
"""What is not reviewed further, and does not count."""

UNSEEN = frozenset((Status.UNREADABLE, Status.UNREAD, Status.OTHER))
"""Of what was not read no rule can tell: that is said once a file."""


class Standing(StrEnum):
    """What reviewers made of a finding."""

    OPEN = ""
    UPHELD = "维持"
    WITHDRAWN = "撤销"
    REOPENED = "撤销后证据已变"
    DISPUTED = "意见不一致"
    """What was said in two places contradicts itself: it stands until a person settles it."""


def evidence_mark(finding: Finding) -> str:
    """A digest of what a decision about ``finding`` rests on: its evidence, and what was expected."""
    material = "\x1f".join((finding.evidence, finding.expected))
    return hashlib.sha256(material.encode("utf-8", "replace")).hexdigest()[:16]


def level_rank(finding: Finding) -> tuple[int, str, str, int, str]:
    """Sort key: gravest first, then rule, field, row."""
    order = ("reject", "fix", "note").index(finding.level)
    return order, finding.code, finding.field or "", finding.row or 0, finding.id


@dataclass(frozen=True)
class Item:
    """One document of the district with what was found in it. ``number`` is its place in the district, from 1."""

    number: int
    submission: Submission
    status: Status
    findings: tuple[Finding, ...]
    """Those that stand, gravest first."""
    withdrawn: tuple[Finding, ...]
    unsure: tuple[Assessment, ...]
    """Rules that could not tell."""
    catalog: Catalog

    @property
    def record(self) -> Record:
        return self.submission.record

    @property
    def document(self) -> str:
        return self.submission.document

    @property
    def form(self) -> str:
        return self.submission.outline.form

    @property
    def applicant(self) -> str:
        """The applicant's name; where the cover is blank, 企业名称; "" where neither can be read."""
        return as_name(self.by_role("applicant", "applicant_again"))

    @property
    def name(self) -> str:
        """What to call it: the applicant, else the file's name."""
        return self.applicant or self.document.rsplit("/", 1)[-1]

    @property
    def project(self) -> str:
        return self.by_role("project")

    @property
    def withheld(self) -> bool:
        """Whether its text stands in no output (:mod:`checks.withheld`): name, marking and place alone may."""
        return self.submission.outline.withheld

    @property
    def instances(self) -> list[Row]:
        """The rows of the application's instances, [] where its form has none."""
        return instance_rows(self.catalog, self.record)

    def by_role(self, *roles: Role) -> str:
        """What stands in the first of these roles that is filled, "" where none is."""
        return text_by_role(self.catalog, self.record, *roles)

    def count(self, level: str) -> int:
        return sum(f.level == level for f in self.findings)


@dataclass
class DistrictResult:
    """All that one district's reports need.

    ``submissions`` are sorted by document. ``outcomes`` is restricted to the district. ``documents`` gives, by
    document, what ``Document.to_dict()`` gave (empty: the page shows values without their tables). ``decisions`` is
    keyed by finding id. ``passed_over`` holds (path, reason). ``superseded`` names the documents that F03 or F10 set
    aside; where it is None it is told from the assessments.
    """

    catalog: Catalog
    district: str
    submissions: list[Submission]
    outcomes: Outcomes
    documents: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    decided: Decided = field(default_factory=Decided)
    settled: dict[str, Ruling] = field(default_factory=dict)
    """What was decided on applications and between offices (:meth:`take`)."""
    passed_over: list[tuple[str, str]] = field(default_factory=list)
    superseded: frozenset[str] | None = None
    templates: Path | None = None
    """A folder of the office's own Word templates; those it does not hold are the program's."""
    unplaced: dict[str, Unplaced] = field(default_factory=dict)
    """Words of people that belong to no finding, by id."""
    troubles: list[str] = field(default_factory=list)
    """What could not be read of people's workbooks, as messages."""
    partial: bool = False
    """Some of the inbox could not be reached: what is missing may come back, and is neither mended nor withdrawn."""
    inbox: str = ""
    """The address of the inbox, seen from the district's folder, for links to what was received; "" where nobody says."""
    today: dt.date | None = None
    """The day of the run, by which letters are dated and deadlines have passed or not; None where nobody says."""
    provisional: str = ""
    """Why the reports are not the last word on what was received, where some of it is still being read."""

    @property
    def heading(self) -> str:
        """The district as titles name it."""
        return f"【阶段性报告】{self.district}" if self.provisional else self.district

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """Within the block the records stay in memory once they were looked at; after it, nothing that was made of them does."""
        try:
            with held(self.submissions):
                yield
        finally:
            self._derive_anew()

    def _derive_anew(self) -> None:
        for name in [n for n in self.__dict__ if isinstance(getattr(type(self), n, None), cached_property)]:
            del self.__dict__[name]

    def take(self, decided: Decided, settled: Mapping[str, Ruling] | None = None) -> None:
        """Take over what people decided: the one way by which it comes into every paper, page and table. What was derived from
        other decisions is derived anew."""
        self.decided, self.decisions, self.settled = decided, decided.findings, dict(settled or {})
        self._derive_anew()
        machine = [f for f in self.outcomes.findings if f.code != MANUAL]
        self.outcomes = replace(self.outcomes, findings=machine)
        aside = {i.document for i in self.items if i.status is Status.SUPERSEDED}
        own = list(own_findings(self.catalog, self.submissions, decided, aside=aside))
        if own:
            self.outcomes = replace(self.outcomes, findings=[*machine, *own])
            self._derive_anew()

    def verdict(self, item: Item) -> Ruling | None:
        """What was decided on an application, None where nothing was."""
        return self.decided.verdicts.get(self.application(item)) if self.decided.verdicts else None

    def ruling(self, item: Item) -> Ruling | None:
        """What was settled across offices about an application, or about a finding on it; None where nothing was."""
        mine = {self.application(item), *(f.id for f in item.findings)} if self.settled else set()
        return next((r for target, r in self.settled.items() if mine & set(target.split("|"))), None)

    def application(self, item: Item) -> str:
        """What decisions on an application hang on."""
        return application_id(self.catalog, item.record)

    def standing(self, finding: Finding) -> Standing:
        """How ``finding`` stands after what reviewers wrote: withdrawn only as long as its evidence is the same."""
        decision = self.decisions.get(finding.id)
        if decision is not None and decision.disputed:
            return Standing.DISPUTED
        if decision is None or not decision.action:
            return Standing.OPEN
        if decision.action == "维持":
            return Standing.UPHELD
        if decision.evidence_mark and decision.evidence_mark != evidence_mark(finding):
            return Standing.REOPENED
        return Standing.WITHDRAWN

    def remark(self, finding: Finding) -> str:
        """The reviewers' words on ``finding`` in one line, "" where there are none."""
        decision = self.decisions.get(finding.id)
        standing = self.standing(finding)
        ruled = next((r for target, r in self.settled.items() if finding.id in target.split("|")), None)
        if ruled is not None and standing is not Standing.DISPUTED:
            return "；".join(w for w in (ruled.told(), said(decision) if decision is not None else "") if w)
        if decision is None:
            return ""
        if standing is Standing.DISPUTED:
            return f"意见不一致，请核定：{'；'.join(decision.disputed)}"
        if not (decision.action or decision.reason):
            return ""
        words = said(decision)
        if standing is Standing.REOPENED:
            return f"曾{words}；此后证据已变化，请重新确认"
        return words

    @cached_property
    def items(self) -> list[Item]:
        """Every application and every file that is none, summary tables apart, by form and then document."""
        forms = [*self.catalog.applications, UNKNOWN]
        found = [s for s in self.submissions if s.outline.form not in self.catalog.summaries]
        found.sort(key=lambda s: (forms.index(s.outline.form), s.document))
        return [self._item(n, s) for n, s in enumerate(found, 1)]

    @cached_property
    def summaries(self) -> list[Item]:
        """The district's 推荐汇总表."""
        found = [s for s in self.submissions if s.outline.form in self.catalog.summaries]
        return [self._item(n, s) for n, s in enumerate(sorted(found, key=lambda s: s.document), 1)]

    @cached_property
    def district_findings(self) -> list[Finding]:
        """Findings about the recommendation itself: on a summary table, or on no document."""
        named = {i.document for i in self.items}
        return sorted((f for f in self.open_findings if f.document not in named), key=level_rank)

    @cached_property
    def open_findings(self) -> list[Finding]:
        return [f for f in self.outcomes.findings if self.standing(f) is not Standing.WITHDRAWN]

    @cached_property
    def withdrawn_findings(self) -> list[Finding]:
        return [f for f in self.outcomes.findings if self.standing(f) is Standing.WITHDRAWN]

    @cached_property
    def recommended(self) -> District:
        """The district's tables matched to its applications, as the rules match them."""
        aside = frozenset(i.document for i in (*self.items, *self.summaries) if i.status in ASIDE)
        ordered = tuple(sorted(self.submissions, key=lambda s: s.document))
        found = {d.name: d for d in districts(Round(self.catalog, ordered, aside))}
        return found.get(self.district) or District(self.district, False, [], [], [], [], [], False)

    @cached_property
    def unsure(self) -> list[tuple[Item | None, Assessment]]:
        """Everything that rules could not tell, as assessments.jsonl has it; None of the office itself."""
        items = {i.document: i for i in (*self.items, *self.summaries)}
        return [(items.get(a.document), a) for a in self.outcomes.assessments.of_outcome("cannot_tell")]

    @property
    def quota(self) -> dict[str, int] | None:
        """By class of applications; None where it is no recommender of the notice."""
        recommender = self.catalog.recommender(self.district)
        return recommender.quota if recommender else None

    def applications(self, form: str | None = None) -> list[Item]:
        """The items that count as applications of ``form`` (or of either form): read, and not superseded."""
        forms = self.catalog.applications if form is None else (form,)
        return [i for i in self.items if i.form in forms and i.status not in ASIDE]

    def tally(self, items: Iterable[Item]) -> Counter[Status]:
        return Counter(i.status for i in items)

    @cached_property
    def _by_document(self) -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = {}
        for finding in self.outcomes.findings:
            found.setdefault(finding.document, []).append(finding)
        return found

    @cached_property
    def _unsure_of(self) -> dict[str, list[Assessment]]:
        found: dict[str, list[Assessment]] = {}
        for assessment in self.outcomes.assessments.of_outcome("cannot_tell"):
            found.setdefault(assessment.document, []).append(assessment)
        return found

    def _item(self, number: int, submission: Submission) -> Item:
        here = sorted(self._by_document.get(submission.document, []), key=level_rank)
        stands = tuple(f for f in here if self.standing(f) is not Standing.WITHDRAWN)
        withdrawn = tuple(f for f in here if self.standing(f) is Standing.WITHDRAWN)
        status = self._status(submission, here, stands)
        # Of a file that was not read no rule can tell: that is said once, in its own place.
        unsure = () if status in UNSEEN else tuple(self._unsure_of.get(submission.document, ()))
        return Item(number, submission, status, stands, withdrawn, unsure, self.catalog)

    def _status(self, submission: Submission, found: list[Finding], stands: tuple[Finding, ...]) -> Status:
        outline = submission.outline
        if outline.unread is not None:
            return Status.UNREAD
        codes = {f.code for f in found}
        if self._is_superseded(submission.document, codes):
            return Status.SUPERSEDED if codes & self.catalog.codes("superseded") else Status.DOUBLED
        if codes & UNREADABLE_CODES and outline.form == UNKNOWN:
            return Status.OTHER if outline.source.format in _NO_APPLICATION else Status.UNREADABLE
        if outline.form == UNKNOWN:
            return Status.OTHER
        levels = {f.level for f in stands}
        return Status.REJECT if "reject" in levels else Status.FIX if "fix" in levels else Status.CLEAN

    def _is_superseded(self, document: str, codes: set[str]) -> bool:
        if self.superseded is not None:
            return document in self.superseded
        superseding = self.catalog.codes("doubled", "superseded")
        if not codes & superseding:
            return False
        # Both files of a pair of doubles carry the finding; the one set aside is the one that no other rule of the file was run on.
        told = (one for (_, of), every in self.outcomes.assessments.groups() if of == document for one in every)
        return not any(one.code not in superseding for one in told if one.code[0] == "F")

    def form_label(self, form: str) -> str:
        """The short name of a form, 未识别 for none of them: of an application its class (优秀场景, 示范工厂), else what the form is
        called (推荐汇总表)."""
        known = self.catalog.forms.get(form)
        return known.of_class or known.short if known is not None else "未识别"

    def item_label(self, item: Item) -> str:
        """「单位（优秀场景）」 as used in headings."""
        return f"{line(item.name, 60)}（{self.form_label(item.form)}）" if item.form != UNKNOWN else line(item.name, 60)

    @cached_property
    def _labels(self) -> dict[tuple[str, str | None], str]:
        return {}

    def asked(self, form: str, key: str) -> Asked | None:
        """What a form asks under a key, None where it has no such field or column."""
        known = self.catalog.forms.get(form)
        return known.asked(key) if known is not None else None

    def field_label(self, form: str, key: str | None) -> str:
        """The form's wording for a field or ``table.column``, "" where the catalog has none."""
        if (form, key) not in self._labels:
            self._labels[form, key] = self._field_label(form, key)
        return self._labels[form, key]

    def _field_label(self, form: str, key: str | None) -> str:
        known = self.catalog.forms.get(form)
        if known is None or not key:
            return ""
        table_key, dot, column_key = key.partition(".")
        if dot:
            table = known.table(table_key)
            column = next((c for c in table.columns if c.key == column_key), None) if table else None
            return column.label if column else ""
        found = known.field(key)
        if found:
            head = "".join(found.group[:1])
            tail = "".join(found.column[:1])
            return f"{head} {found.label}".strip() if not tail else f"{found.label} {tail}"
        section = known.section(key)
        if section is None:
            return ""
        # 二、场景实例… but 七（三）成长性分析
        return f"{section.number}{'' if section.number.endswith('）') else '、'}{section.heading}"
