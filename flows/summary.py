"""What a run came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from catalog.models import Catalog
from flows.inbox import Inbox, Input
from flows.reading import Contents, ReadInput
from flows.settings import Settings
from reports.model import DistrictResult


@dataclass(frozen=True, slots=True)
class Failure:
    """A part of the program that failed: ``part`` (读取, 规则, 报告), ``what`` it was about, ``message``."""

    part: str
    what: str
    message: str


@dataclass(slots=True)
class RunSummary:
    """What a run came to. ``districts`` gives each written district's result, ``reports`` the files written for it;
    ``contents`` the documents as read; ``unread`` the inputs that no batch gave back; ``seconds`` the time by part."""

    settings: Settings
    catalog: Catalog
    inbox: Inbox
    wanted: tuple[str, ...]
    started: float
    reads: list[ReadInput] = field(default_factory=list)
    unread: list[Input] = field(default_factory=list)
    contents: Contents = field(default_factory=Contents)
    districts: dict[str, DistrictResult] = field(default_factory=dict)
    reports: dict[str, list[Path]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    run_file: Path | None = None

    @property
    def needs_correction(self) -> bool:
        """True where a district has a finding that stands and is more than a note."""
        return any(f.level != "note" for r in self.districts.values() for f in r.open_findings)
