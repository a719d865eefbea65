"""The round in an output folder, as the last run left it: what every page shows, read again when a run has written anew."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from catalog.models import Catalog
from checks.assessments import Assessments, told
from checks.making import rules_of
from checks.registry import Outcomes
from flows.desk.kept import NoRound as NoRound
from flows.desk.kept import kept
from records.models import Finding, Reading, Record, Submission
from reports.results.model import DistrictResult

FILES = ("records.jsonl", "findings.jsonl", "assessments.jsonl")
HELD = 24
"""Offices whose records are held in memory at once: all of a round, for people of each are at work at once, and to read one of 300
applications takes a tenth of a second. It takes some 10 MB, 25 where each was looked at (``make load``)."""
Stamp = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Office:
    """An office's part of the round. ``stamp`` changes whenever a run has written it anew."""

    name: str
    result: DistrictResult
    stamp: Stamp


class Round:
    """A round on disk. Safe to use from several threads; nothing is written."""

    def __init__(self, out: Path, catalog: Catalog) -> None:
        self.out = out
        self.catalog = catalog
        self._held: OrderedDict[str, Office] = OrderedDict()
        self._lock = threading.Lock()
        self._loading: dict[str, threading.Lock] = {}

    def offices(self) -> list[str]:
        """The offices of which a run has written something, in the notice's order, those it does not know last."""
        known = {r.name: n for n, r in enumerate(self.catalog.recommenders)}
        there = (
            [p.name for p in self.out.iterdir() if all((p / f).is_file() for f in FILES)] if self.out.is_dir() else []
        )
        return sorted(there, key=lambda name: (known.get(name, len(known)), name))

    def office(self, name: str) -> Office:
        """One office's part. Raises :class:`NoRound` where no run has written it."""
        stamp = self.stamp(name)
        with self._lock:
            loading = self._loading.setdefault(name, threading.Lock())
        with loading:
            with self._lock:
                held = self._held.get(name)
                if held is not None and held.stamp == stamp:
                    self._held.move_to_end(name)
                    return held
            office = Office(name, self._read(name), stamp)
            with self._lock:
                self._held[name] = office
                self._held.move_to_end(name)
                while len(self._held) > HELD:
                    self._held.popitem(last=False)
        return office

    def holds(self, name: str) -> bool:
        """Whether an office's part is at hand as it stands. Raises as :meth:`office`."""
        stamp = self.stamp(name)
        with self._lock:
            held = self._held.get(name)
        return held is not None and held.stamp == stamp

    def run(self) -> dict[str, Any]:
        """What run.json says of the last run, {} where there is none."""
        try:
            found = json.loads((self.out / "run.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def stamp(self, name: str) -> Stamp:
        """What changes whenever a run has written an office anew. Raises :class:`NoRound` where none has written it."""
        try:
            if name == Path(name).name:  # a folder of the output, and none elsewhere
                found = [(self.out / name / f).stat() for f in FILES]
                return tuple((s.st_mtime_ns, s.st_size) for s in found)
        except (OSError, ValueError):
            pass
        raise NoRound(f"还没有“{name}”的审查结果，请负责人或运维人员在“审查运行”页运行一次审查")

    def _read(self, name: str) -> DistrictResult:
        folder = self.out / name
        try:
            records = [kept(self.catalog, name, line) for line in _lines(folder / FILES[0])]
            findings = [Finding.model_validate_json(line) for line in _lines(folder / FILES[1])]
            assessments = _assessments(folder / FILES[2], name)
        except (OSError, ValueError, TypeError, KeyError) as problem:
            raise NoRound.unreadable(name, problem) from problem
        _tell_withheld(self.catalog, records, findings)
        submissions = [
            Submission(district=name, document=r.source.path, reading=Reading(record=r, lines=())) for r in records
        ]
        return DistrictResult(
            catalog=self.catalog,
            district=name,
            submissions=submissions,
            outcomes=Outcomes(findings, assessments),
            passed_over=_passed_over(self.run(), name),
        )


def _tell_withheld(catalog: Catalog, records: Iterable[Record], findings: Iterable[Finding]) -> None:
    """Records of before they said themselves that their text was taken out: the file is marked."""
    codes = {r.code for r in rules_of(catalog) if r.withholds}
    marked = {f.document for f in findings if f.code in codes}
    for record in records:
        record.withheld = record.withheld or record.source.path in marked


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


def _assessments(path: Path, office: str) -> Assessments:
    """The outcomes that pages show, and those of the rules on files, which say whether a document was set aside: one in twenty of eighty
    an application."""
    found = Assessments()
    for line in _lines(path):
        facts = from_json(line)
        if facts["outcome"] == "cannot_tell" or facts["code"][:1] == "F":
            found.add((office, facts["document"]), told(facts["code"], facts["outcome"], facts["why"]))
    return found


def _passed_over(run: dict[str, Any], office: str) -> list[tuple[str, str]]:
    found = [(p.get("path", ""), p.get("reason", "")) for p in run.get("passed_over") or ()]
    return [(path, reason) for path, reason in found if path.split("/")[0] == office]
