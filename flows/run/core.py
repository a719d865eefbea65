"""The main job without Prefect: an inbox becomes reports, every file accounted for.

:func:`review` is the whole of it. Same inbox, same records and findings: inputs are sorted, and what a clock says
stands in run.json alone.
"""

from __future__ import annotations

import errno
import functools
import logging
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from catalog.oserror import cause, reason
from checks.registry import Outcomes
from flows import interrupt, progress
from flows.exits import PartFailed, UsageFault
from flows.guarded.judging import judge
from flows.guarded.reading import ReadInput
from flows.received import inbox as inboxes
from flows.run import asked, batch, drawn, writing
from flows.run.book import PART, anchors, open_book
from flows.run.correcting import corrected
from flows.run.interim import Interim
from flows.run.kept_back import KeptBack
from flows.run.placing import place
from flows.run.remember import Memory, Plan
from flows.run.runfile import FILE_FAULTS, write_run_file
from flows.run.steps import Plain, Runner
from flows.run.summary import Failure, RunSummary
from flows.settings import Settings
from records.book.keeping import Book
from records.book.state import present
from records.folders import make_folder
from records.ledger.store import State
from records.models import UNKNOWN, UNREAD, Submission

__all__ = ["review"]

logger = logging.getLogger("shenbao.run")


def review(
    settings: Settings,
    districts: Sequence[str] = (),
    *,
    settle_seconds: float | None = None,
    runner: Runner | None = None,
) -> RunSummary:
    """Read the inbox, check the round, write the reports of ``districts`` (of all, where none is named) and run.json.

    All documents of the inbox are read even where one district is asked for: rules compare applications across
    districts, so a district's findings would otherwise depend on how it was run. What the ledger knows is not read
    again; where nothing has changed since the last such run, nothing is checked or written again either.

    Raises UsageFault where the inbox or a district does not exist or the output cannot be written, PartFailed where another run is writing the same or
    the ledger asked for is not there.
    """
    runner = runner or Plain()
    run = _begin(settings, districts)
    settle = settings.settle_seconds if settle_seconds is None else settle_seconds
    with Memory.opened(settings, run.catalog) as memory:
        _check_writable(settings.out)
        memory.lock(run.wanted, wait_seconds=settings.wait_seconds, waiting=progress.current().say)
        with _on_record(run, memory) as book:
            _go(run, memory, book, runner, settle)
    for failure in run.failures:
        logger.error("%s失败：%s：%s", failure.part, failure.what, failure.message)
    logger.info(
        "%d 个文件，%d 个推荐单位的报告（%d 个文件此前已读过），失败 %d 处",
        run.read_count,
        len(run.standings),
        run.recalled,
        len(run.failures),
    )
    return run


def if_unchanged(settings: Settings) -> RunSummary | None:
    """What a review of everything comes to where nothing has changed since the last, put on record as such; None where there is
    something to do, or somebody else is at it. Raises as :func:`review` does."""
    run = _begin(settings, ())
    with Memory.opened(settings, run.catalog) as memory:
        mark = _mark(run, _planned(run, memory, settings.settle_seconds))
        if not mark or not _stands(run, memory, mark):
            return None
        _check_writable(settings.out)
        try:
            memory.lock(run.wanted, wait_seconds=0, waiting=logger.info)
        except PartFailed:
            return None
        with _on_record(run, memory):
            logger.info("自上次审查后没有变化")
    return run


def _stands(run: RunSummary, memory: Memory, mark: str) -> bool:
    with open_book(run.settings) as book:
        return writing.is_unchanged(run, memory, book, mark)


@contextmanager
def _on_record(run: RunSummary, memory: Memory) -> Iterator[Book]:
    """The ledger has the run, how it ended, and run.json tells of it. Gives the book of decisions."""
    memory.begin(writing.scope(run), run.started)
    outcome = "failed"
    try:
        with interrupt.last_words(memory.abandon), open_book(run.settings) as book:
            run.failures += _broken(run, book)
            yield book
            run.decisions = _account(run, book)
        outcome = _outcome(run)
    finally:
        counts = {"inputs": len(run.inbox.inputs), "recalled": run.recalled, "failures": len(run.failures)}
        if interrupt.happened():
            memory.abandon(counts)
        else:
            memory.end(outcome, counts, retention_days=run.settings.retention_days)
    interrupt.check()
    run.failures += [Failure("台账", "ledger", trouble) for trouble in memory.troubles]
    _write_run_file(run)


def _begin(settings: Settings, districts: Sequence[str]) -> RunSummary:
    catalog, wanted = asked.check(settings, districts)
    return RunSummary(settings, catalog, inboxes.Inbox(settings.inbox), wanted, time.time())


def _check_writable(out: Path) -> None:
    """Raises UsageFault where the output cannot be written, before hours of reading. A full disk is no such case: it may
    have room again when it is needed, and what is read is kept."""
    try:
        make_folder(out)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as problem:
        if problem.errno not in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
            raise UsageFault(f"输出目录不能写入：{out}（{cause(problem)}）") from problem


def _broken(run: RunSummary, book: Book) -> list[Failure]:
    """A chain of decisions that does not hold: the reports follow from it all the same, and everybody is told."""
    found = book.verify(anchors(run.settings.out))
    if found is None:
        return []
    message = f"{found.why}；报告仍按其现有内容写出，请运行 shenbao desk verify 并与备份对照"
    return [Failure(PART, f"第{found.seq}条", message)]


def _account(run: RunSummary, book: Book) -> dict[str, Any]:
    """The end of the chain for run.json; where it did not hold, as it was known before, so that it goes on to be told of."""
    if any(f.part == PART for f in run.failures):
        return next(({"seq": seq, "hash": hash_} for seq, hash_ in anchors(run.settings.out)), {})
    seq, hash_ = book.head()
    return {"seq": seq, "hash": hash_}


def _planned(run: RunSummary, memory: Memory, settle_seconds: float) -> Plan:
    progress.current().step("查看收件目录")
    with _timed(run.seconds, "扫描"):
        run.inbox = inboxes.walk(run.settings.inbox, now=time.time(), settle_seconds=settle_seconds)
        run.failures += [Failure("扫描", p.path, p.reason) for p in run.inbox.out_of_reach]
        return batch.plan(run, memory)


def _go(run: RunSummary, memory: Memory, book: Book, runner: Runner, settle_seconds: float) -> None:
    plan = _planned(run, memory, settle_seconds)
    logger.info("收件目录：%d 个文件，略过 %d 个", len(run.inbox.inputs), len(run.inbox.passed_over))
    mark = _mark(run, plan)
    if mark and writing.is_unchanged(run, memory, book, mark):
        logger.info("自上次审查后没有变化")
        return
    run.secret = KeptBack.of(run.settings.out, run.catalog, [i.document for i in run.inbox.inputs])
    submissions = _read(run, memory, book, runner, plan)
    outcomes = _check(run, runner, submissions)
    if outcomes is None:
        return
    run.failures += _still_shown(run, submissions, outcomes)
    memory.drop(run.reads, outcomes.withheld)
    _drop_pictures(run, submissions, outcomes)
    memory.note({done.input.document: ("checked", "") for done in run.reads})
    with _timed(run.seconds, "报告"):
        marks = writing.write(run, memory, book, runner, submissions, outcomes)
    memory.note(_states(run))
    memory.forget_missing([i.document for i in run.inbox.inputs] + [p.path for p in run.inbox.passed_over])
    if all(done.kept for done in run.reads) and len(run.reads) == len(run.inbox.inputs):
        keys = {done.input.document: done.kept for done in run.reads}
        writing.note_round(run, memory, writing.round_mark(run, keys), marks)


def _mark(run: RunSummary, plan: Plan) -> str:
    """The digest of what the outputs would be made from; "" where something must be read first."""
    if plan.unknown or not plan.known:
        return ""
    keys = {item.document: key for key, known in plan.known.items() for unit in known for item in unit}
    return writing.round_mark(run, keys)


def _read(run: RunSummary, memory: Memory, book: Book, runner: Runner, plan: Plan) -> list[Submission]:
    progress.current().step("读取文件", len(run.inbox.inputs))
    with _timed(run.seconds, "读取"):
        batch.recall(run, memory, plan)
        batch.read(run, memory, runner, plan, Interim(run, memory, book, runner))
        run.reads.sort(key=lambda done: done.input.document)
    run.failures += _lacking(run.reads)
    return corrected(run.catalog, place(run.reads, run.catalog), present(book.events()))


def _lacking(reads: Iterable[ReadInput]) -> list[Failure]:
    """What this installation lacks, each part once with the number of files that wait for it."""
    waiting: dict[str, set[str]] = {}
    for done in reads:
        for note in (n for o in done.outlines if (n := o.unread)):
            waiting.setdefault(note.message, set()).add(done.input.document)
    return [Failure("读取", f"{len(files)}个文件", message) for message, files in sorted(waiting.items())]


def _check(run: RunSummary, runner: Runner, submissions: list[Submission]) -> Outcomes | None:
    """The round's outcomes; None where the rules could not be run at all: reports without them would mislead."""
    show = progress.current()
    show.step("核对规则", len(submissions))
    with _timed(run.seconds, "规则"):
        check = functools.partial(judge, run.settings, run.catalog, checked=show.advance)
        attempt = next(iter(runner.map("规则", check, [submissions])))
    if attempt.result is None:
        run.failures.append(Failure("规则", "全部文件", reason(attempt.error)))
        return None
    for fault in attempt.result.faults:
        logger.error("规则 %s 在 %s 上出错\n%s", fault.code, fault.document or "-", fault.trace)
        run.failures.append(Failure("规则", fault.code, str(fault)))
    return attempt.result


def _still_shown(run: RunSummary, submissions: Iterable[Submission], outcomes: Outcomes) -> Iterator[Failure]:
    """Other offices whose standing reports have the text of what is to be withheld from now on: this run does not write them."""
    shown: dict[str, list[str]] = {}
    for s in submissions:
        fresh = s.document in outcomes.withheld and s.document not in run.secret.paths
        if (
            fresh
            and run.wanted
            and s.district not in run.wanted
            and (run.settings.out / s.district / "records.jsonl").exists()
        ):
            shown.setdefault(s.district, []).append(s.document)
    for district, documents in sorted(shown.items()):
        message = (
            f"以前的报告里有不得写出的内容（“{'”“'.join(documents)}”与有密级或保密标志的材料相同），"
            f"{run.catalog.region.whole}的报告里也有，请审查全部推荐单位"
        )
        yield Failure("报告", district, message)


def _drop_pictures(run: RunSummary, submissions: Iterable[Submission], outcomes: Outcomes) -> None:
    """Of what may not be shown, and of what is no longer there, no picture stays either."""
    shown = {s.outline.source.sha256 for s in submissions if s.document not in outcomes.withheld}
    try:
        drawn.keep_only(run.settings.out, shown)
    except OSError as problem:
        message = f"材料的页面图片删不掉（{cause(problem)}），其中可能有不得留存的，请手工删除该文件夹"
        run.failures.append(Failure("页面图片", drawn.FOLDER, message))


def _states(run: RunSummary) -> dict[str, tuple[State, str]]:
    """Where every path of the inbox stands now, for the ledger."""
    found: dict[str, tuple[State, str]] = {}
    reported = {s.document for result in run.districts.values() for s in result.submissions}
    for passed in run.inbox.passed_over:
        waits = "留待下次" in passed.reason
        found[passed.path] = ("seen" if waits else "set_aside", passed.reason)
    for done in run.reads:
        outlines = done.outlines
        notes = [n for o in outlines if o.form == UNKNOWN for n in o.notes]
        reason = next((f"{n.code} {n.message}" for n in notes if n.code in FILE_FAULTS), "")
        if done.is_aside:
            found[done.input.document] = ("set_aside", done.aside[-1][1])
            continue
        if any(o.unread for o in outlines):
            found[done.input.document] = ("settled", reason.removeprefix(f"{UNREAD} "))
            continue
        aside = bool(reason) and all(o.form == UNKNOWN for o in outlines)
        here = not run.wanted or any(o.source.path in reported for o in outlines)
        found[done.input.document] = ("set_aside", reason) if aside else ("reported" if here else "checked", reason)
    for item in run.unread:
        found[item.document] = ("settled", "上次未能读取")
    return found


def _outcome(run: RunSummary) -> str:
    return "failed" if run.failures else "unchanged" if run.unchanged is not None else "done"


def _write_run_file(run: RunSummary) -> None:
    try:
        for half in run.settings.out.glob(writing.HALF):
            half.unlink(missing_ok=True)
        run.run_file = write_run_file(run, ended=time.time())
    except OSError as problem:
        run.failures.append(Failure("报告", "run.json", reason(problem)))


@contextmanager
def _timed(into: dict[str, float], part: str) -> Iterator[None]:
    """Add the seconds a block takes to ``into[part]``."""
    since = time.perf_counter()
    try:
        yield
    finally:
        into[part] = round(into.get(part, 0) + time.perf_counter() - since, 3)
