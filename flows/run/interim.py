"""Reports before all is read: a district that is read waits for no other's slow files.

A district gets its report and page once nothing in its own folder is left to be read, from what is known by then, marked as
provisional; the run's last writing replaces both. Workbooks, letters, data files, the round's reports and what the
ledger knows of them are left to that writing, so that the end is the same whether anything was written before it or not.
"""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable, Iterator, Sequence

from catalog.oserror import reason
from flows import progress
from flows.guarded.judging import judge
from flows.received.grouping import Unit
from flows.run import batch
from flows.run.correcting import corrected
from flows.run.placing import place
from flows.run.remember import Memory
from flows.run.steps import Runner
from flows.run.summary import RunSummary
from flows.run.writing import Part, Writer, parts_of, would_lose
from flows.settings import UNASSIGNED
from records.book.keeping import Book
from records.book.state import present
from records.models import Submission

logger = logging.getLogger("shenbao.run")

GAP_SECONDS = 60.0
"""Between two looks, as long as sound files are being read: a small inbox is read before the first."""
REST = 5
"""A look is followed by so many times the time it took: reading goes on."""


class Interim:
    """Called between batches (:func:`flows.run.batch.read`). What is in ``run.reads`` when it is made was read by earlier runs."""

    def __init__(
        self,
        run: RunSummary,
        memory: Memory,
        book: Book,
        runner: Runner,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._run = run
        self._memory = memory
        self._book = book
        self._runner = runner
        self._clock = clock
        self._known = frozenset(done.input.document for done in run.reads)
        self._tried: set[str] = set()
        self._since, self._took = clock(), 0.0

    def __call__(self, reading: batch.Reading) -> None:
        gap = max(0.0 if reading.turns.only_slow else GAP_SECONDS, REST * self._took)
        began = self._clock()
        if not reading.left or began - self._since < gap:
            return
        placed = place(self._run.reads, self._run.catalog)
        submissions = corrected(self._run.catalog, placed, present(self._book.events()))
        names = self._ready(submissions, reading.left)
        if names:
            self._write(names, submissions, reading.left)
            self._tried |= set(names)
        self._since = self._clock()
        self._took = self._since - began

    def _ready(self, submissions: Sequence[Submission], left: Sequence[Unit]) -> list[str]:
        """The districts of which nothing is left, whose reports are not those of what was read, and would gain by it."""
        run = self._run
        unfinished = {batch.home(unit, run) or UNASSIGNED for unit in left} | self._tried
        fresh = {s.district for s in place((d for d in run.reads if d.input.document not in self._known), run.catalog)}
        documents = [item.document for unit in left for item in unit]
        return [
            name
            for name in sorted({s.district for s in submissions} - unfinished)
            if (not run.wanted or name in run.wanted)
            and (name in fresh or not self._memory.has_written(name))
            and not would_lose(run, name, documents)
        ]

    def _write(self, names: Sequence[str], submissions: list[Submission], left: Sequence[Unit]) -> None:
        """What fails here is only logged: the last writing meets it again, and tells of it."""
        run = self._run
        one = run.settings.model_copy(update={"workers": min(1, run.settings.worker_count)})  # others read meanwhile
        check = functools.partial(judge, one, run.catalog, only=frozenset(names))
        checked = next(iter(self._runner.map("阶段核对", check, [submissions])))
        outcomes = checked.result
        if outcomes is None:
            logger.warning("阶段核对没有成功：%s", reason(checked.error))
            return
        writer, told = Writer(run.settings.out, self._memory, self._book), self._told(left)

        def parts() -> Iterator[Part]:
            for part in parts_of(run, names, submissions, outcomes):
                part.result.provisional, part.result.partial = told, True
                yield part

        for attempt in self._runner.map("阶段性报告", writer.interim, parts()):
            name = attempt.item.result.district
            if attempt.error is not None:
                logger.warning("%s 的阶段性报告没有写成：%s", name, reason(attempt.error))
            else:
                progress.current().say(f"{name}：已写出阶段性报告，别的文件读完后换成最终报告")

    def _told(self, left: Sequence[Unit]) -> str:
        files = sum(map(len, left))
        anybodys = sum(len(unit) for unit in left if not batch.home(unit, self._run))
        own = f"（其中{anybodys}个不在任何推荐单位的文件夹里，可能属于本单位）" if anybodys else ""
        return (
            f"本报告是阶段性报告：收件目录中尚有{files}个文件未读完{own}，重复报送、跨单位比对和与推荐汇总表的核对"
            "以最终报告为准。全部读完后自动换成最终报告，审查台账、补正通知等届时一并写出；在此之前请勿据此发文。"
        )
