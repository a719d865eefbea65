"""What a run knows from the runs before it: which bytes were read, what was written from what, who is writing.

The rim to :mod:`records.ledger.store`. Where the store fails in the middle of a run (disk full), the run goes on without it,
and says so: nothing in the store is needed for right reports.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
import uuid
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalog.models import Catalog
from flows import progress
from flows.exits import PartFailed
from flows.guarded.payload import is_foreign, is_lasting, is_portable
from flows.guarded.reading import ReadInput
from flows.received.grouping import Unit
from flows.received.inbox import Input
from flows.received.opening import Swapped, sha256_of
from flows.run.ledger import open_store, told_of_damage, told_who, words_of
from flows.settings import Settings
from flows.versions import reader_version
from records.database import StoreError, is_damage
from records.ledger.locks import WHOLE, Busy, Lock
from records.ledger.store import Damaged, Seen, State, Store
from records.owners import this_process

logger = logging.getLogger("shenbao.ledger")

_SURE_NS = 2_000_000_000
"""A file that changed less than this before it was hashed may change again without its times showing it."""

LATER = "读取用时过长，排在最后读"
"""The reason of an input that is settled and was put off."""


@dataclass
class Plan:
    """``known``: units by the key under which their reading is kept; ``unknown``: those to be read."""

    known: dict[str, list[Unit]] = field(default_factory=dict)
    unknown: list[Unit] = field(default_factory=list)


class Memory:
    """The ledger of one run. Every method is harmless where there is no store."""

    def __init__(self, settings: Settings, store: Store | None, catalog: Catalog) -> None:
        self.store = store
        self.run = str(uuid.uuid4())
        self.troubles: list[str] = []
        self._inbox = str(settings.inbox.resolve())
        self._out = str(settings.out.resolve())
        limits = (settings.file_seconds, settings.file_memory_mb, settings.file_output_mb)
        self.reader = _digest(reader_version(), catalog.version, *map(str, limits))
        self._neighbours = _digest(*(other.version for other in catalog.neighbours))
        self._hashes: dict[str, str] = {}
        self._lock: Lock | None = None

    # -- opening and closing -----------------------------------------------------------------------------------------

    @classmethod
    @contextmanager
    def opened(cls, settings: Settings, catalog: Catalog) -> Iterator[Memory]:
        """The memory of a run; what it locks is given back at the end.

        Raises UsageFault or PartFailed where a database that was asked for cannot be used; where our own file cannot
        be, the run goes without.
        """
        memory = cls(settings, None, catalog)
        try:
            memory.store = open_store(settings)
        except Damaged as problem:
            raise PartFailed(
                "台账", f"台账已损坏，又不能另存（正被别的程序打开？），未开始审查：{problem}"
            ) from problem
        except (StoreError, OSError) as problem:
            if settings.ledger:
                raise PartFailed("台账", f"台账数据库不可用（{words_of(problem)}），未开始审查") from problem
            memory._trouble("打开", problem)
        if memory.store is not None and memory.store.put_aside is not None:
            logger.warning("台账已损坏，另名存为 %s", memory.store.put_aside.name)
            progress.current().say(told_of_damage(memory.store.put_aside))
        try:
            yield memory
        finally:
            if memory._lock is not None:
                memory._lock.release()
            if memory.store is not None:
                memory.store.close()

    def lock(self, parts: Sequence[str], *, wait_seconds: float, waiting: Callable[[str], None]) -> None:
        """Become the only one to write ``parts`` of the output (none: all). Raises PartFailed where another does so for
        longer than we wait."""
        if self.store is None:
            return

        def tell(owner: str, since: float) -> None:
            waiting(f"另一次审查正在写出同一份报告（{told_who(owner, since)}），等它结束……")

        lock = Lock(self.store, self._out, parts or (WHOLE,), this_process())
        try:
            lock.take(wait_seconds=wait_seconds, waiting=tell)
        except Busy as busy:
            said = f"另一次审查（{told_who(busy.owner, busy.since)}）仍在写出同一份报告，等了{wait_seconds:g}秒，本次没有运行"
            raise PartFailed("并发", said) from busy
        except StoreError as problem:
            if is_damage(problem):
                said = f"台账读不出锁（{words_of(problem)}），本次没有运行；再运行一次，损坏的台账会另存，另建一个新的"
                raise PartFailed("台账", said) from problem
            self._trouble("加锁", problem)
            return
        self._lock = lock

    def check_lock(self) -> None:
        """Raises :class:`records.ledger.locks.Lost` where another run has taken over."""
        if self._lock is not None:
            with self._kept("加锁"):
                self._lock.check()

    # -- what was read -----------------------------------------------------------------------------------------------

    def plan(self, units: Sequence[Unit]) -> Plan:
        """Which units need not be read. A file whose size and times are those of its last hashing is not even opened;
        one of a size that was never read is not hashed first."""
        if self.store is None:
            return Plan(unknown=list(units))
        with self._kept("查找"):
            seen = self.store.seen(self._inbox)
            sizes = self.store.sizes(self.reader)
            wanted: dict[int, tuple[str, ...]] = {}
            for number, unit in enumerate(units):
                if sum(i.size for i in unit) in sizes and all(self._hash(i, seen) for i in unit):
                    wanted[number] = self._keys(unit)
            there = self.store.known(key for keys in wanted.values() for key in keys)
            plan = Plan()
            for number, unit in enumerate(units):
                key = next((k for k in wanted.get(number, ()) if k in there), None)
                if key is None:
                    plan.unknown.append(unit)
                else:
                    plan.known.setdefault(key, []).append(unit)
            return plan
        return Plan(unknown=list(units))

    def recall(self, plan: Plan) -> Iterator[tuple[str, Unit, bytes]]:
        """The readings of the plan's known units. What was dropped meanwhile goes to ``plan.unknown``."""
        left = dict(plan.known)
        if self.store is not None:
            with self._kept("查找"):
                for key, payload in self.store.readings(list(plan.known)):
                    for unit in left.pop(key):
                        yield key, unit, payload
        for units in left.values():
            plan.unknown += units

    def keep(self, results: Iterable[tuple[Unit, Sequence[ReadInput], bytes]], *, since: float) -> None:
        """Keep what was read, from the batch that began at ``since`` (seconds since 1970)."""
        if self.store is None:
            return
        kept: list[tuple[str, int, str, bytes]] = []
        noted = []
        for unit, reads, payload in results:
            noted += [self._noted(done, since) for done in reads if not done.changed]
            self._hashes.update((done.input.document, done.sha256) for done in reads)
            if is_lasting(reads):
                key = self._keys(unit)[(0 if is_portable(reads) else 1) + (2 if is_foreign(reads) else 0)]
                # Of what carries a secrecy marking only that it was read.
                held = b"" if any(done.withheld for done in reads) else payload
                kept.append((key, sum(i.size for i in unit), unit[0].document, held))
                for done in reads:
                    done.kept = key
        with self._kept("保存"):
            self.store.keep(kept, reader=self.reader)
            self.store.note_inputs(self._inbox, noted, run=self.run)

    def drop(self, reads: Sequence[ReadInput], withheld: Collection[str]) -> None:
        """Keep no longer what was read of inputs with a document whose text stands nowhere, but that it was read."""
        gone = [d for d in reads if any(o.source.path in withheld for o in d.outlines)]
        if self.store is None or not gone:
            return
        sizes: dict[str, int] = {}
        names: dict[str, str] = {}
        keys = {done.kept for done in gone if done.kept}
        for done in reads:  # of a unit, all its files
            if done.kept in keys:
                sizes[done.kept] = sizes.get(done.kept, 0) + done.input.size
                names.setdefault(done.kept, done.input.document)
        with self._kept("保存"):  # what another version of the program had read of them, too
            self.store.forget([d.input.document for d in gone], keys)
            self.store.keep([(k, sizes[k], names[k], b"") for k in sizes], reader=self.reader)

    def slow(self) -> set[str]:
        """The documents of which an earlier run learnt that a share of the time is not enough."""
        if self.store is None:
            return set()
        with self._kept("查找"):
            return {r["document"] for r in self.store.inputs(self._inbox, ["settled"]) if r["reason"] == LATER}
        return set()

    def _noted(self, done: ReadInput, since: float) -> dict[str, Any]:
        item = done.input
        return {
            "document": item.document,
            "sha256": done.sha256,
            "size": item.size,
            "modified_ns": item.modified_ns,
            "changed_ns": item.changed_ns,
            "hashed_at": since if done.sha256 else 0.0,
            "state": "read",
            "reason": _plain(done.fault),
        }

    def _hash(self, item: Input, seen: Mapping[str, Seen]) -> str:
        """The hash of a file, from its times where they tell; "" where it cannot be read."""
        known = seen.get(item.document)
        if known is not None:
            same = (known.size, known.modified_ns, known.changed_ns) == (item.size, item.modified_ns, item.changed_ns)
            latest = max(item.modified_ns, item.changed_ns)
            if same and latest < known.hashed_at * 1e9 - _SURE_NS:
                self._hashes[item.document] = known.sha256
                return known.sha256
        if item.document not in self._hashes:
            try:
                self._hashes[item.document] = sha256_of(item)
            except (OSError, Swapped):  # read, and told of, like a new one
                self._hashes[item.document] = ""
        return self._hashes[item.document]

    def keys_of(self, path: Path, document: str) -> tuple[str, ...]:
        """Where the reading of one file may be kept. Raises OSError where it cannot be read."""
        found = path.stat()
        item = Input(document, path, "", found.st_size, found.st_mtime_ns)
        self._hashes[document] = sha256_of(item)
        return self._keys((item,))

    def _keys(self, unit: Unit) -> tuple[str, ...]:
        """Where a unit's reading may be kept: under its bytes and kind of name alone, or under its names too; and both for as
        long as the notices beside this one are the same."""
        hashes = [self._hashes[i.document] for i in unit]
        named = _digest("named", self.reader, *(x for i, h in zip(unit, hashes, strict=True) for x in (i.document, h)))
        suffix = unit[0].document.rpartition("/")[2].rpartition(".")[2].lower()
        anywhere = _digest("bytes", self.reader, hashes[0], suffix) if len(unit) == 1 else named
        return anywhere, named, *(_digest(key, self._neighbours) for key in (anywhere, named))

    def recalled(self, reads: Iterable[tuple[ReadInput, str]], *, since: float) -> None:
        """Note that inputs were found as they were before."""
        pairs = list(reads)
        for done, key in pairs:
            done.kept = key
        if self.store is not None:
            with self._kept("保存"):
                self.store.note_inputs(self._inbox, [self._noted(done, since) for done, _ in pairs], run=self.run)
                self.store.touch(key for _, key in pairs)

    # -- what became of it -------------------------------------------------------------------------------------------

    def note(self, documents: Mapping[str, tuple[State, str]]) -> None:
        """Write down where inputs stand: document → (state, reason)."""
        if self.store is None or not documents:
            return
        rows = [{"document": d, "state": state, "reason": _plain(reason)} for d, (state, reason) in documents.items()]
        with self._kept("保存"):
            self.store.note_inputs(self._inbox, rows, run=self.run)

    def forget_missing(self, documents: Iterable[str]) -> None:
        """Drop what is known of inputs that are no longer there."""
        there = set(documents)
        if self.store is not None:
            with self._kept("保存"):
                gone = [r["document"] for r in self.store.inputs(self._inbox) if r["document"] not in there]
                self.store.forget_inputs(self._inbox, gone)

    # -- what was written --------------------------------------------------------------------------------------------

    def is_as_written(self, part: str, mark: str, folder: Path) -> list[str] | None:
        """The files of a part (below ``folder``) where it was written from the same, and nobody touched them since;
        else None."""
        if self.store is None:
            return None
        with self._kept("查找"):
            known = self.store.written(self._out).get(part)
            if known is not None and known[0] == mark:
                facts = json.loads(known[1])
                return list(facts["paths"]) if _files(folder) == facts["files"] else None
        return None

    def has_written(self, part: str) -> bool:
        """Whether a part stands as some run wrote it, as far as is known."""
        if self.store is None:
            return False
        with self._kept("查找"):
            return part in self.store.written(self._out)
        return False

    def writing(self, part: str) -> None:
        """Called before a part is written."""
        if self.store is not None:
            with self._kept("保存"):
                self.store.forget_written(self._out, part)

    def written(self, part: str, mark: str, folder: Path, paths: Sequence[Path]) -> None:
        """Called when a part was written whole, and as intended."""
        if self.store is None:
            return
        facts = {"paths": [p.relative_to(folder).as_posix() for p in paths], "files": _files(folder)}
        with self._kept("保存"):
            self.store.note_written(self._out, part, mark, json.dumps(facts))

    def last_round(self, scope: str, mark: str) -> dict[str, Any] | None:
        """What the last run of ``scope`` said, where it ran on the same."""
        if self.store is None:
            return None
        with self._kept("查找"):
            found = self.store.round(self._out, scope)
            if found is not None and found[0] == mark:
                return json.loads(zlib.decompress(found[1]))  # type: ignore[no-any-return]
        return None

    def note_round(self, scope: str, mark: str, facts: Mapping[str, Any]) -> None:
        packed = zlib.compress(json.dumps(facts, ensure_ascii=False).encode("utf-8", "replace"), 1)
        if self.store is not None:
            with self._kept("保存"):
                self.store.note_round(self._out, scope, mark, packed)

    # -- runs --------------------------------------------------------------------------------------------------------

    def begin(self, scope: str, started: float) -> None:
        if self.store is not None:
            with self._kept("保存"):
                self.store.begin_run(self.run, out=self._out, scope=scope, owner=this_process(), started=started)

    def end(self, outcome: str, counts: Mapping[str, Any], *, retention_days: float) -> None:
        """Close the run, and drop what has not been used for long."""
        if self.store is None:
            return
        with self._kept("保存"):
            self.store.end_run(self.run, ended=time.time(), outcome=outcome, counts=json.dumps(counts))
            gone = self.store.prune(days=retention_days)
            if gone:
                logger.info("删除了 %d 份读取结果（%g 天没有用到）", gone, retention_days)

    def abandon(self, counts: Mapping[str, Any] | None = None) -> None:
        """Close the run as interrupted and let others in: quick, and harmless where another thread does the same."""
        if self.store is not None:
            with self._kept("保存"):
                told = json.dumps(counts or {})
                self.store.end_run(self.run, ended=time.time(), outcome="interrupted", counts=told)
        if self._lock is not None:
            self._lock.release()

    @contextmanager
    def _kept(self, what: str) -> Iterator[None]:
        """A failing store is told of, and not used further."""
        try:
            yield
        except StoreError as problem:
            self._trouble(what, problem)

    def _trouble(self, what: str, problem: Exception) -> None:
        logger.error("台账出错：%s", words_of(problem))
        message = f"{what}：{words_of(problem)}"
        if message not in self.troubles:
            self.troubles.append(message)


def _files(folder: Path) -> dict[str, list[int]]:
    """Every file below a folder with its size and time."""
    found = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file():
            facts = path.stat()
            found[path.relative_to(folder).as_posix()] = [facts.st_size, facts.st_mtime_ns]
    return found


def _plain(text: str) -> str:
    """Text that every database takes."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:1000]


def _digest(*parts: str) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
