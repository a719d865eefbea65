"""What a run came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from catalog.models import Catalog
from flows.guarded.reading import Contents, ReadInput
from flows.guarded.spool import Spool
from flows.received.inbox import Inbox, Input, PassedOver
from flows.run.kept_back import KeptBack
from flows.run.placing import folder_district
from flows.settings import Settings
from records.models import FOREIGN
from records.outputs import MISPLACED
from reports.results.model import DistrictResult, Status
from reports.workbook.saving import Heard


@dataclass(frozen=True, slots=True)
class Failure:
    """A part of the program that failed: ``part`` (读取, 规则, 报告), ``what`` it was about, ``message``."""

    part: str
    what: str
    message: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A district at a glance: ``received`` documents, of which ``items`` are no summary tables, and how many of those
    stand where (``tally``, by status)."""

    received: int
    items: int
    tally: dict[str, int]
    needs_correction: bool

    @classmethod
    def of(cls, result: DistrictResult) -> Standing:
        tally = result.tally(result.items)
        worse = any(f.level != "note" for f in result.open_findings)
        return cls(len(result.submissions), len(result.items), {s.value: tally[s] for s in Status}, worse)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class RunSummary:
    """What a run came to. ``standings`` says how each district of the run stands, ``districts`` its whole result where
    the rules were run, ``reports`` the files that make up its reports; ``contents`` the documents as read whose reports
    are still to be written; ``spool`` is where they and the readings lie meanwhile; ``heard`` what people had written into the workbooks, by part; ``told`` what was told of it; ``unread`` the inputs that no batch gave back; ``seconds`` the time by part; ``recalled``
    how many inputs the ledger knew.

    ``unchanged`` is what the last run said (its part of run.json), where nothing has changed since: then nothing was
    read, checked or written.
    """

    settings: Settings
    catalog: Catalog
    inbox: Inbox
    wanted: tuple[str, ...]
    started: float
    reads: list[ReadInput] = field(default_factory=list)
    unread: list[Input] = field(default_factory=list)
    secret: KeptBack = field(default_factory=KeptBack)
    """The files whose text the reports withheld before this run."""
    contents: Contents = field(default_factory=Contents)
    spool: Spool = field(init=False)
    recalled: int = 0
    standings: dict[str, Standing] = field(default_factory=dict)
    districts: dict[str, DistrictResult] = field(default_factory=dict)
    reports: dict[str, list[Path]] = field(default_factory=dict)
    heard: dict[str, Heard] = field(default_factory=dict)
    told: dict[str, list[str]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    unchanged: Mapping[str, Any] | None = None
    run_file: Path | None = None
    decisions: dict[str, Any] = field(default_factory=dict)
    """Number and hash of the last event of the book of decisions."""

    def __post_init__(self) -> None:
        self.spool = Spool(self.settings.out)

    def unplaced(self) -> dict[str, list[dict[str, Any]]]:
        """The words in workbooks that belong to no finding and that nobody has answered yet, by part."""
        if self.unchanged is not None:
            return dict(self.unchanged.get("unplaced") or {})
        found = {name: heard.waiting() for name, heard in sorted(self.heard.items())}
        return {name: [u.model_dump() for u in waiting] for name, waiting in found.items() if waiting}

    @property
    def passed_over(self) -> list[PassedOver]:
        """All of the inbox that was not looked at as an application, by path: what the walk left, and our own outputs."""
        own = [a for done in self.reads for a in done.aside] if self.unchanged is None else self.unchanged["own"]
        return sorted([*self.inbox.passed_over, *(PassedOver(path, why) for path, why in own)], key=lambda p: p.path)

    @property
    def foreign(self) -> list[PassedOver]:
        """What belongs to another notice, and was not looked at as an application of this one."""
        return [p for p in self.passed_over if FOREIGN in p.reason]

    @property
    def misplaced(self) -> list[PassedOver]:
        """Workbooks in the inbox, and beside the offices' folders: nobody reads what people wrote into them there."""
        out = self.settings.out
        beside = [
            PassedOver(str(p), f"没有读入；{MISPLACED}")
            for p in sorted(out.glob("[!.~]*.xls[xm]"))
            if "审查台账" in p.name
        ]
        return [*(p for p in self.passed_over if MISPLACED in p.reason), *beside]

    @property
    def nobodys(self) -> dict[str, int]:
        """The folders of the inbox that bear no recommender's name, and how many files each has: those go by what they say."""
        files = (i for i in self.inbox.inputs if i.folder and not folder_district(i.document, self.catalog))
        return Counter(i.folder for i in files)

    @property
    def needs_correction(self) -> bool:
        """True where a district has a finding that stands and is more than a note."""
        return any(s.needs_correction for s in self.standings.values())

    @property
    def read_count(self) -> int:
        """How many inputs stand in the reports, read now or before."""
        if self.unchanged is not None:
            return int(self.unchanged["counts"]["inputs"])
        return sum(not done.is_aside for done in self.reads)
