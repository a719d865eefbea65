"""Reading what is not known yet: in turns, each document kept as it comes."""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable, Iterator

from catalog.oserror import reason
from checks.withheld import is_marked
from flows import interrupt, progress
from flows.guarded.payload import decode, encode, shelve
from flows.guarded.readers import Answer, Answers, Reader, open_reader
from flows.guarded.reading import Contents, ReadInput, log_failed
from flows.guarded.turns import SHARE_SECONDS, Turn, Turns
from flows.received.grouping import Unit, units
from flows.received.inbox import Input, PassedOver
from flows.run.placing import folder_district
from flows.run.remember import LATER, Memory, Plan
from flows.run.steps import Runner
from flows.run.summary import Failure, RunSummary
from records import models
from records.roles import text_by_role

logger = logging.getLogger("shenbao.read")

GONE = "读取期间有变动，留待下次"
KEEP_SECONDS = 1.0
"""What was read is put into the ledger this often: an interrupted run loses no more."""
BATCH_SECONDS = 10.0
"""The longest that a batch goes on taking answers: reports are looked after between batches."""
_AGAIN = 2
"""How often a file is tried again that a disk or share failed on."""
REST_SECONDS = 2.0
"""How long a disk or share is left alone before that."""


class Reading:
    """The reading of a run: what is to be read, and what comes of it."""

    def __init__(self, run: RunSummary, memory: Memory, turns: Turns, reader: Reader) -> None:
        self.turns = turns
        self._run = run
        self._memory = memory
        self._reader = reader
        self._answers: Answers | None = None
        self._fresh: list[tuple[Unit, list[ReadInput], bytes]] = []
        self._began = self._kept = time.time()
        self._until = time.monotonic() + run.settings.run_seconds
        self._failing: dict[Unit, OSError] = {}
        self._tries = 0

    def batch(self, files: int) -> bool:
        """Take about ``files`` answers, and put them into the ledger. Where it is broken off, what was given out and not
        answered is lost to this run."""
        since = time.monotonic()
        try:
            while files > 0 and time.monotonic() - since < BATCH_SECONDS:
                if self._answers is None:
                    self._answers = self._reader.read(self._next)
                found = next(self._answers, None)
                if found is None:
                    self._answers = None
                    break
                if found:
                    self._take(*found)
                    files -= len(found[0])
        except BaseException:
            self._answers = None
            raise
        finally:
            self._keep()
        return True

    @property
    def left(self) -> list[Unit]:
        """What was not read yet."""
        return [*self.turns.left, *self._failing]

    def over(self) -> bool:
        """Whether all was read that can be in this run."""
        if self._answers is not None or self._waiting():
            return False
        if self._failing and self._tries < _AGAIN and not self._over_time():
            self._tries += 1
            time.sleep(REST_SECONDS)
            for unit in self._failing:
                self.turns.again(unit)
            self._failing.clear()
            return False
        return True

    def lost(self, error: BaseException | None) -> None:
        """Give up what is in hand: whoever had it does not answer. Where nothing was, nobody reads at all."""
        gone = self.turns.give_up() or self.turns.give_up_all()
        self._fail([i for unit in gone for i in unit], reason(error))

    def end(self) -> None:
        """What was not read is told of, and left for the next run."""
        for unit, problem in sorted(self._failing.items(), key=lambda f: f[0][0].document):
            self._fail(list(unit), reason(problem))
        left = [i for unit in self.turns.left for i in unit]
        hours = f"{self._run.settings.run_seconds / 3600:g}小时"
        self._fail(left, f"本次读取已用{hours}（设置 run_seconds），其余的留待下次")

    def _waiting(self) -> bool:
        return self.turns.has_more and not self._over_time()

    def _over_time(self) -> bool:
        return time.monotonic() >= self._until

    def _next(self) -> Turn | None:
        return self.turns.next() if self._waiting() else None

    def _take(self, unit: Unit, answer: Answer) -> None:
        interrupt.check()  # who is told to stop may have had its processes ended with it: that is no file's fault
        if isinstance(answer, bytes):
            self.turns.done(unit)
            reads, contents = decode(answer, unit)
            if any(done.garbled for done in reads):
                answer = encode(reads, contents)  # as it was understood
            for done in reads:
                log_failed(done)
                done.withheld = any(is_marked(self._run.catalog, reading) for reading in done.readings)
            self._fresh.append((unit, take(self._run, reads, contents), answer))
            progress.current().advance(len(unit))
        elif isinstance(answer, OSError):
            self.turns.done(unit)
            self._failing[unit] = answer
        else:
            self.turns.late(unit)
            self._memory.note({item.document: ("settled", LATER) for item in unit})
        if time.time() - self._kept >= KEEP_SECONDS:
            self._keep()

    def _keep(self) -> None:
        fresh, self._fresh = self._fresh, []
        if fresh:
            self._memory.keep(fresh, since=self._began)
        self._kept = time.time()

    def _fail(self, lost: list[Input], why: str) -> None:
        if not lost:
            return
        lost.sort(key=lambda item: item.document)
        what = lost[0].document if len(lost) == 1 else f"{lost[0].document} 等{len(lost)}个文件"
        self._run.failures.append(Failure("读取", what, why))
        self._run.unread.extend(lost)


def recall(run: RunSummary, memory: Memory, plan: Plan) -> None:
    """Take what the ledger knows."""
    began = time.time()
    known: list[tuple[ReadInput, str]] = []
    for key, unit, payload in memory.recall(plan):
        if not payload:  # of a marked file nothing is kept but that it was read
            plan.unknown.append(unit)
            continue
        reads, contents = decode(payload, unit)
        if any(done.garbled for done in reads):
            logger.warning("台账中 %s 的读取结果已损坏，重新读取", unit[0].document)
            plan.unknown.append(unit)
            continue
        take(run, reads, contents)
        known += [(done, key) for done in reads if not done.changed]
        progress.current().advance(len(unit))
    run.recalled = len(known)
    memory.recalled(known, since=began)


def read(
    run: RunSummary, memory: Memory, runner: Runner, plan: Plan, between: Callable[[Reading], object] | None = None
) -> None:
    """Read what the ledger does not know. ``between`` is called every few seconds."""
    if not plan.unknown:
        return
    slow = memory.slow()
    memory.note({i.document: ("settled", "") for unit in plan.unknown for i in unit if i.document not in slow})
    reader = open_reader(run.settings, run.catalog)
    try:
        known_slow = [unit for unit in plan.unknown if any(i.document in slow for i in unit)]
        some = sorted(plan.unknown, key=lambda unit: unit[0].document)
        share = min(SHARE_SECONDS, run.settings.file_seconds)
        turns = Turns(some, lambda unit: home(unit, run), share=share, slow=known_slow)
        reading = Reading(run, memory, turns, reader)

        def batches() -> Iterator[int]:
            while not reading.over():
                yield run.settings.batch_size

        for attempt in runner.map("读取", reading.batch, batches()):
            if attempt.error is not None:
                reading.lost(attempt.error)
            if between is not None:
                between(reading)
        reading.end()
    finally:
        reader.close()
    run.reads.sort(key=lambda done: done.input.document)


def plan(run: RunSummary, memory: Memory) -> Plan:
    """Which of the inbox's units are known."""
    return memory.plan(units(run.inbox.inputs, run.catalog))


def home(unit: Unit, run: RunSummary) -> str:
    """The district in whose folder a unit lies, "" at the root."""
    return folder_district(unit[0].document, run.catalog)


def _lose(run: RunSummary, item: Input) -> None:
    """A file went together with its folder: nobody changed it, a share was lost (or somebody moves whole folders)."""
    run.unread.append(item)
    failure = Failure("读取", item.parent or ".", "读取期间文件夹不见了，可能是网络共享中断")
    if failure not in run.failures:
        run.failures.append(failure)


def _named(run: RunSummary, done: ReadInput, reading: models.Reading) -> str:
    """The recommender that a document names, where its folder tells none."""
    placed = folder_district(done.input.document, run.catalog)
    return "" if placed else text_by_role(run.catalog, reading.record, "recommender")


def _keep_back(run: RunSummary, done: ReadInput) -> None:
    """What the reports withheld before goes on being withheld, whatever became of the file that was marked."""
    for number, reading in enumerate(done.readings):
        if run.secret.covers(run.catalog, reading.record):
            reading.record.withheld = done.withheld = True
            if done.packed:
                done.packed[number] = b""  # it is put down as it is now


def take(run: RunSummary, reads: list[ReadInput], contents: Contents) -> list[ReadInput]:
    """Take in what a unit gave. What was read of it is put down on disk, but for what is marked as secret."""
    for done in reads:
        _keep_back(run, done)
    spool = None if any(done.withheld for done in reads) else run.spool
    run.contents.update(contents, spool)
    for done in reads:
        shelve(done, spool, functools.partial(_named, run, done))
        if done.changed and not done.input.path.parent.is_dir():
            _lose(run, done.input)
            continue
        if done.changed:
            run.inbox.passed_over.append(PassedOver(done.input.document, GONE))
            continue
        if done.fault:
            logger.error("读取 %s 出错：%s\n%s", done.input.document, done.fault, done.trace)
            run.failures.append(Failure("读取", done.input.document, done.fault))
        run.reads.append(done)
    return reads
