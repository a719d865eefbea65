"""Papers that people may change by hand after they were written: none is written over without a word.

Each is known by its bytes as written. One that holds others was changed: of a paper that is made from findings alone the changed one is
put by under a name with its date, and the new one takes its place; a paper that people work on stays theirs, and the new one goes beside it.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path

from reports.safe.atomic import beside, is_open, why_beside, write_if_changed

Say = Callable[[str], None]
_NEW, _CHANGED = "新", "人工修改"


@dataclass(frozen=True)
class Papers:
    """``known``: name → SHA-256 of what was written, and of what was about to be where a run was killed, with a comma; ``save`` keeps it."""

    known: MutableMapping[str, str]
    save: Callable[[], object]
    tell: Say
    as_made: Callable[[bytes], bool]
    """Whether a file of which nothing is known (an earlier version wrote it) says of itself that nobody saved it since."""
    unknown: set[str] = field(default_factory=set)

    def announce(self, papers: Mapping[Path, bytes]) -> None:
        """Keep what is about to be written, so that a run that is killed meanwhile does not take its own work for a person's."""
        for path, data in papers.items():
            if path.name not in self.known:
                self.unknown.add(path.name)
            before = [d for d in self.known.get(path.name, "").split(",") if d]
            self.known[path.name] = ",".join(dict.fromkeys([*before, _digest(data)]))
        self.save()

    def write(
        self, path: Path, data: bytes, *, theirs: bool = False, ours: Callable[[bytes], bool] = lambda _data: False
    ) -> Path:
        """Put ``data`` at ``path``, or beside it; where it went. ``theirs``: people work on it. ``ours``: whether a file with other bytes is
        still as this program made it."""
        edited = self._is_edited(path, data, ours)
        if edited and not theirs and not is_open(path):
            try:
                self._put_by(path)
                edited = False
            except PermissionError:  # open in a program that leaves no lock file
                pass
        written = replace(path, data, self.tell, spare=edited, free=lambda p: not self._is_edited(p, data, ours))
        self.known[written.name] = _digest(data)
        if written == path:
            self._drop(beside(path, _NEW))
        return written

    def _is_edited(self, path: Path, data: bytes, ours: Callable[[bytes], bool]) -> bool:
        if not path.is_file():
            return False
        here = path.read_bytes()
        if _digest(here) in (*self.known.get(path.name, "").split(","), _digest(data)) or ours(here):
            return False
        return not (path.name in self.unknown and self.as_made(here))

    def _put_by(self, path: Path) -> None:
        saved = time.strftime("%Y-%m-%d %H%M", time.localtime(path.stat().st_mtime))
        number, other = 1, beside(path, f"{_CHANGED} {saved}")
        while other.exists():
            number += 1
            other = beside(path, f"{_CHANGED} {saved} {number}")
        os.rename(path, other)
        self.tell(
            f"{path.name}写出以后有人改过，改过的一份另存为{other.name}，{path.name}是新的一份；要保留的改动请移到新的一份，或者用工作台、台账处理"
        )

    def _drop(self, spare: Path) -> None:
        """Take away what was written beside while the paper was open, unless people changed it."""
        known = self.known.get(spare.name)
        if known and spare.is_file() and not is_open(spare) and _digest(spare.read_bytes()) in known.split(","):
            spare.unlink()
            self.known.pop(spare.name)


def replace(
    path: Path,
    data: bytes,
    tell: Say,
    *,
    spare: bool = False,
    forced: bool = True,
    free: Callable[[Path], bool] = lambda _path: True,
) -> Path:
    """Put ``data`` at ``path``; where the file is open, locked or to be spared, beside it under a clear name that is ``free``."""
    if not spare and not is_open(path):
        try:
            return write_if_changed(path, data, forced=forced)
        except PermissionError:
            pass
    number, other = 1, beside(path, _NEW)
    while is_open(other) or not free(other):
        number += 1
        other = beside(path, f"{_NEW}{number}")
    tell(why_beside(path, other, spared=spare))
    return write_if_changed(other, data)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
