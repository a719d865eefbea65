"""Reading what is not known yet, a batch at a time, and taking in what each batch gave."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from flows import progress
from flows.grouping import Unit, batches, units
from flows.inbox import Input, PassedOver
from flows.payload import decode, encode
from flows.readers import Reader, open_reader
from flows.reading import Contents, ReadInput, log_failed
from flows.remember import Memory, Plan
from flows.steps import Attempt, Runner
from flows.summary import Failure, RunSummary

logger = logging.getLogger("shenbao.read")

GONE = "读取期间有变动，留待下次"


class Batch:
    """Some units to be read. Run again after a failure that may pass, it reads only what is still missing."""

    def __init__(self, some: Sequence[Unit], reader: Reader) -> None:
        self.units = list(some)
        self.answers: dict[int, bytes] = {}
        self.began = time.time()
        self._reader = reader

    def run(self) -> bool:
        """Read what is missing. Raises the first failure of a disk or share, after all else was read."""
        missing = [n for n in range(len(self.units)) if n not in self.answers]
        failed: OSError | None = None
        for number, answer in zip(missing, self._reader.read([self.units[n] for n in missing]), strict=True):
            if isinstance(answer, OSError):
                failed = failed or answer
                continue
            self.answers[number] = answer
            progress.current().advance(len(self.units[number]))
        if failed is not None:
            raise failed
        return True

    @property
    def missing(self) -> list[Unit]:
        return [unit for number, unit in enumerate(self.units) if number not in self.answers]


def recall(run: RunSummary, memory: Memory, plan: Plan) -> None:
    """Take what the ledger knows."""
    began = time.time()
    known: list[tuple[ReadInput, str]] = []
    for key, unit, payload in memory.recall(plan):
        reads, contents = decode(payload, unit)
        if any(done.garbled for done in reads):
            logger.warning("what the ledger holds of %s cannot be decoded: it is read anew", unit[0].document)
            plan.unknown.append(unit)
            continue
        _take(run, reads, contents)
        known += [(done, key) for done in reads if not done.changed]
        progress.current().advance(len(unit))
    run.recalled = len(known)
    memory.recalled(known, since=began)


def read(run: RunSummary, memory: Memory, runner: Runner, plan: Plan) -> None:
    """Read what the ledger does not know."""
    if not plan.unknown:
        return
    reader = open_reader(run.settings, run.catalog)
    try:
        some = sorted(plan.unknown, key=lambda unit: unit[0].document)
        jobs = (
            Batch(b, reader) for b in batches(some, run.settings.batch_size)
        )  # each with its answers, one at a time
        for attempt in runner.map("读取", Batch.run, jobs):
            _take_batch(run, memory, attempt)
    finally:
        reader.close()
    run.reads.sort(key=lambda done: done.input.document)


def plan(run: RunSummary, memory: Memory) -> Plan:
    """Which of the inbox's units are known."""
    return memory.plan(units(run.inbox.inputs, run.catalog))


def _take_batch(run: RunSummary, memory: Memory, attempt: Attempt[Batch, bool]) -> None:
    batch = attempt.item
    results = []
    for number, payload in sorted(batch.answers.items()):
        unit = batch.units[number]
        reads, contents = decode(payload, unit)
        if any(done.garbled for done in reads):
            payload = encode(reads, contents)  # as it was understood
        for done in reads:
            log_failed(done)
        results.append((unit, _take(run, reads, contents), payload))
    memory.keep(results, since=batch.began)
    lost = [item for unit in batch.missing for item in unit]
    batch.answers.clear()
    if attempt.error is not None:
        what = f"{lost[0].document} 等{len(lost)}个文件" if lost else "一批文件"
        run.failures.append(Failure("读取", what, f"{type(attempt.error).__name__}: {attempt.error}"))
        run.unread.extend(lost)


def _lose(run: RunSummary, item: Input) -> None:
    """A file went together with its folder: nobody changed it, a share was lost (or somebody moves whole folders)."""
    run.unread.append(item)
    failure = Failure("读取", item.parent or ".", "读取期间文件夹不见了，可能是网络共享中断")
    if failure not in run.failures:
        run.failures.append(failure)


def _take(run: RunSummary, reads: list[ReadInput], contents: Contents) -> list[ReadInput]:
    run.contents.update(contents)
    for done in reads:
        if done.changed and not done.input.path.parent.is_dir():
            _lose(run, done.input)
            continue
        if done.changed:
            run.inbox.passed_over.append(PassedOver(done.input.document, GONE))
            continue
        if done.fault:
            logger.error("reading %s failed: %s\n%s", done.input.document, done.fault, done.trace)
            run.failures.append(Failure("读取", done.input.document, done.fault))
        run.reads.append(done)
    return reads
