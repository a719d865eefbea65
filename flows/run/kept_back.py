"""The files whose text the standing reports withhold: whoever takes a marked file out of the inbox, as told, must not bring to light
what its copies say, nor whoever saves such a file anew."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog.models import Catalog
from catalog.oserror import cause
from checks.meaning.companies import names_of
from flows.exits import PartFailed
from records.models import Record

_TOLD = b'"withheld":true'
"""What such a record has; few lines are decoded."""
_SHA256 = re.compile(rb'"sha256":"([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class KeptBack:
    """What the standing reports withhold: files by their bytes (SHA-256) and by their paths, and the applications (company's name,
    form) whose file has gone. ``known`` are the bytes of all files that have been read before."""

    bytes: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()
    gone: frozenset[tuple[str, str]] = frozenset()
    known: frozenset[str] = frozenset()

    @classmethod
    def of(cls, out: Path, catalog: Catalog, here: Collection[str]) -> KeptBack:
        """From the reports below ``out``; ``here`` are the paths of the inbox. Raises PartFailed where a report cannot be read:
        what it withholds could come to light."""
        known: set[str] = set()
        withheld: list[Record] = []
        for path in sorted(out.glob("*/records.jsonl")):
            for line in _lines(path):
                known.update(found.decode() for found in _SHA256.findall(line))
                withheld += [record] if _TOLD in line and (record := _record(line)) is not None else []
        gone = [r for r in withheld if not any(r.source.path.startswith(path) for path in here)]
        return cls(
            frozenset(r.source.sha256 for r in withheld),
            frozenset(r.source.path for r in withheld),
            frozenset((name, r.form) for r in gone for name in names_of(catalog, r)),
            frozenset(known),
        )

    def covers(self, catalog: Catalog, record: Record) -> bool:
        """Whether a file is one of them: renamed, saved anew in its place, or come in the place of one that has gone."""
        source = record.source
        if source.sha256 in self.bytes or source.path in self.paths:
            return True
        fresh = bool(self.gone) and source.sha256 not in self.known
        return fresh and any((name, record.form) in self.gone for name in names_of(catalog, record))


def _lines(path: Path) -> Iterator[bytes]:
    try:
        yield from path.read_bytes().splitlines()
    except OSError as problem:
        message = f"读不到 {path}（{cause(problem)}），不能确定哪些材料不得写出内容，请检查后重新运行"
        raise PartFailed("报告", message) from problem


def _record(line: bytes) -> Record | None:
    """A withheld record, None where it is none, or broken."""
    try:
        record = Record.model_validate_json(line)
    except ValueError:
        return None
    return record if record.withheld else None
