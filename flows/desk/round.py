"""The round in an output folder, as the last run left it: what every page shows, read again when a run has written anew."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from catalog.models import Catalog
from checks.making import rules_of
from checks.registry import Outcomes
from checks.withheld import whose_keys
from flows.guarded.payload import slim
from records.compact import built
from records.models import Assessment, Finding, Reading, Record, Submission
from reports.results.model import DistrictResult

FILES = ("records.jsonl", "findings.jsonl", "assessments.jsonl")
HELD = 24
"""Offices whose records are held in memory at once: all of a round, for people of each are at work at once, and to read one of 300
applications takes half a second. It takes some 25 MB (``make load``)."""
_M = TypeVar("_M", bound=BaseModel)
Stamp = tuple[tuple[int, int], ...]


class NoRound(Exception):
    """There is nothing to show yet, or what stands there cannot be read; the message is Chinese and says what to do."""


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
            readings = [Reading(record=r) for r in _models(folder / FILES[0], Record.model_validate_json)]
            findings = list(_models(folder / FILES[1], Finding.model_validate_json))
            assessments = list(_assessments(folder / FILES[2], name))
        except (OSError, ValueError, TypeError, KeyError) as problem:
            raise NoRound(
                f"“{name}”的审查结果读不出（{type(problem).__name__}），请负责人或运维人员在“审查运行”页重新运行审查"
            ) from problem
        for reading in readings:
            slim(reading)
        records = [r.record for r in readings]
        _tell_withheld(self.catalog, records, findings)
        submissions = [Submission(district=name, document=r.record.source.path, reading=r) for r in readings]
        return DistrictResult(
            catalog=self.catalog,
            district=name,
            submissions=submissions,
            outcomes=Outcomes(findings, assessments),
            passed_over=_passed_over(self.run(), name),
        )


def _tell_withheld(catalog: Catalog, records: Iterable[Record], findings: Iterable[Finding]) -> None:
    """Records of before they said themselves that their text was taken out: the file is marked, or there is nothing in an
    application but whose it is."""
    codes = {r.code for r in rules_of(catalog) if r.withholds}
    marked = {f.document for f in findings if f.code in codes}
    for record in records:
        rest = set(record.fields) - whose_keys(catalog, record.form)
        bare = record.form in catalog.applications and not (rest or record.tables or record.sections)
        record.withheld = record.withheld or bare or record.source.path in marked


def _models(path: Path, read: Callable[[str], _M]) -> Iterator[_M]:
    with path.open(encoding="utf-8") as lines:
        for text in lines:
            yield read(text)


def _assessments(path: Path, office: str) -> Iterator[Assessment]:
    """One of eighty an application, nearly all with the same few words: each text is held once."""
    texts: dict[Any, Any] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            facts = json.loads(line)
            held = {key: texts.setdefault(facts[key], facts[key]) for key in ("document", "code", "outcome", "why")}
            yield built(Assessment, _ASSESSED, held | {"district": office})


_ASSESSED = set(Assessment.model_fields)


def _passed_over(run: dict[str, Any], office: str) -> list[tuple[str, str]]:
    found = [(p.get("path", ""), p.get("reason", "")) for p in run.get("passed_over") or ()]
    return [(path, reason) for path, reason in found if path.split("/")[0] == office]
