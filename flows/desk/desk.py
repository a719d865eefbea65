"""All that the pages of one desk share: the round, the people, the pictures."""

from __future__ import annotations

import getpass
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import cachetools

import catalog
from catalog.models import Catalog
from flows.desk.deciding import Decisions
from flows.desk.documents import Documents, OfficeDocuments
from flows.desk.journal import Journal
from flows.desk.oidc import Oidc
from flows.desk.people import People, Session
from flows.desk.pictures import Pictures
from flows.desk.rights import Person, Role
from flows.desk.round import HELD, NoRound, Office, Round
from flows.desk.running import Running
from flows.settings import Settings
from reports.results.progress import STATE, State

_T = TypeVar("_T")
PEOPLE = "desk.sqlite"
"""The accounts of a desk, beside the output."""


def people_url(settings: Settings) -> str:
    """Where the accounts are: beside the output, or on the database server that the ledger is on."""
    served = settings.ledger is not None and not settings.ledger.startswith("sqlite")
    return str(settings.ledger) if served else f"sqlite:///{(settings.out / PEOPLE).resolve().as_posix()}"


@dataclass
class Desk:
    """``open``: one person on this machine, without a login."""

    settings: Settings
    catalog: Catalog
    round: Round
    people: People
    documents: Documents
    pictures: Pictures
    decisions: Decisions
    running: Running
    open: bool = False
    journal: Journal = field(init=False)
    oidc: Oidc | None = field(init=False)
    only: Session = field(default_factory=lambda: Session(machine_user(), secrets.token_urlsafe(32)))
    """The session of ``open``."""
    _decided: cachetools.LRUCache[str, tuple[Any, Office]] = field(default_factory=lambda: cachetools.LRUCache(HELD))
    _kept: dict[str, tuple[Any, State]] = field(default_factory=dict)
    _closed: bool = False
    _derived: dict[tuple[str, Any], tuple[Any, Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.journal = Journal(self.people)
        self.oidc = Oidc(self.settings) if self.settings.desk_oidc else None

    @classmethod
    def at(cls, settings: Settings, *, open_: bool = False) -> Desk:
        """The desk of an output folder."""
        pack = catalog.load(settings.notice, settings.office)
        people = People(people_url(settings), idle_seconds=settings.desk_idle_minutes * 60)
        documents = Documents(settings, pack)
        return cls(
            settings,
            pack,
            Round(settings.out, pack),
            people,
            documents,
            Pictures(settings.out),
            Decisions.of(settings),
            Running(settings),
            open_,
        )

    def office(self, name: str) -> Office:
        """An office's part of the round as people have decided on it, its documents at hand. Raises
        :class:`flows.desk.round.NoRound`."""
        office = self.round.office(name)
        state = self.decisions.now()
        mark = (office.stamp, state.mark(name))
        with self._lock:
            known = self._decided.get(name)
        if known is None or known[0] != mark:
            # Another object, not the same changed: somebody may be looking at it.
            sources = (s.record.source for s in office.result.submissions if not s.record.withheld)
            result = replace(office.result, documents=OfficeDocuments(self.documents, sources))
            result.take(state.of(name), state.settled)
            known = (mark, replace(office, result=result))
            with self._lock:
                self._decided[name] = known
        return known[1]

    def mark(self, name: str) -> Any:
        """What changes whenever :meth:`office` or :meth:`kept` does. Raises as :meth:`office`; nothing is read for it."""
        return self.round.stamp(name), self.decisions.now().mark(name), self._stamp(name)

    def _stamp(self, name: str) -> tuple[int, int] | None:
        try:
            stat = (self.settings.out / name / STATE).stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size

    def derived(self, name: str, make: Callable[[Desk, Office], _T]) -> _T:
        """What ``make`` (a function of a module) makes of an office: made again only when the office is another. It is held for every
        office, and holds none of its records."""
        key, mark = (name, make), self.mark(name)
        with self._lock:
            known = self._derived.get(key)
        if known is None or known[0] != mark:
            known = (mark, make(self, self.office(name)))
            with self._lock:
                self._derived[key] = known
        found: _T = known[1]
        return found

    def kept(self, name: str) -> State:
        """What the last run kept of an office (progress.json), read again when it was written anew. To be read only."""
        mark = self._stamp(name)
        with self._lock:
            known = self._kept.get(name)
        if known is None or known[0] != mark:
            known = (mark, State.load(self.settings.out / name))
            with self._lock:
                self._kept[name] = known
        return known[1]

    def warm(self, *makes: Callable[[Desk, Office], Any]) -> int:
        """Have at hand what people will ask for next, and what ``makes`` make of it (:meth:`derived`): of offices that were not looked at
        since they were written anew. How many documents were read in."""
        found = 0
        for name in self.round.offices()[:HELD]:
            with suppress(NoRound):
                if not self.round.holds(name):
                    found += len(self.office(name).result.submissions)
                for make in makes:
                    if self._closed:
                        return found
                    self.derived(name, make)
        return found

    def close(self) -> None:
        self._closed = True
        self.running.stop()
        self.pictures.close()
        self.people.close()
        self.decisions.close()


def machine_user() -> Person:
    """Whoever runs this program on this machine."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # no name for this user's number
        name = "本机用户"
    return Person(name, Role.LEAD, everything=True)


def asset(name: str) -> Path:
    return Path(__file__).resolve().parent / "static" / name
