"""The main job without Prefect: an inbox becomes reports, every file accounted for.

:func:`review` is the whole of it. Same inbox, same records and findings: inputs are sorted, and what a clock says
stands in run.json alone.
"""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import catalog as packs
from catalog.models import Catalog
from catalog.names import find_recommender
from checks.registry import Outcomes
from checks.run import check_round
from flows import inbox as inboxes
from flows import progress
from flows.exits import UsageFault
from flows.grouping import Unit, batches, units
from flows.placing import UNASSIGNED, folder_district, place
from flows.reading import BatchResult, read_batch
from flows.runfile import write_run_file
from flows.settings import Settings
from flows.steps import Attempt, Plain, Runner
from flows.summary import Failure, RunSummary
from records.models import Submission
from reports.model import DistrictResult
from reports.write import write_district, write_round

logger = logging.getLogger("shenbao.run")

ROUND = "全市"


def review(
    settings: Settings,
    districts: Sequence[str] = (),
    *,
    settle_seconds: float | None = None,
    runner: Runner | None = None,
) -> RunSummary:
    """Read the inbox, check the round, write the reports of ``districts`` (of all, where none is named) and run.json.

    All documents of the inbox are read even where one district is asked for: rules compare applications across
    districts, so a district's findings would otherwise depend on how it was run. Raises UsageFault where the inbox or a
    district does not exist.
    """
    runner = runner or Plain()
    run = _begin(settings, districts, settings.settle_seconds if settle_seconds is None else settle_seconds)
    submissions = _read(run, runner)
    outcomes = _check(run, runner, submissions)
    if outcomes is not None:
        _report(run, runner, submissions, outcomes)
    run.run_file = write_run_file(run, ended=time.time())
    return run


def known_districts(catalog: Catalog, names: Iterable[str]) -> tuple[str, ...]:
    """The catalog's names of the districts asked for. Raises UsageFault on one it does not know."""
    found = []
    for name in names:
        recommender = find_recommender(catalog, name)
        if recommender is None and name != UNASSIGNED:
            known = "、".join(r.name for r in catalog.recommenders)
            raise UsageFault(f"没有名为“{name}”的推荐单位。可用的有：{known}、{UNASSIGNED}")
        found.append(recommender.name if recommender else name)
    return tuple(dict.fromkeys(found))


def _begin(settings: Settings, districts: Sequence[str], settle_seconds: float) -> RunSummary:
    started = time.time()
    if not settings.inbox.is_dir():
        raise UsageFault(f"收件目录不存在：{settings.inbox}")
    catalog = packs.load(settings.notice, settings.office)
    wanted = known_districts(catalog, districts)
    timing: dict[str, float] = {}
    with _timed(timing, "扫描"):
        found = inboxes.walk(settings.inbox, now=started, settle_seconds=settle_seconds, leave_out=settings.out)
    logger.info("inbox walked: %d files, %d passed over", len(found.inputs), len(found.passed_over))
    return RunSummary(settings, catalog, found, wanted, started, seconds=timing)


def _read(run: RunSummary, runner: Runner) -> list[Submission]:
    inputs = run.inbox.inputs
    progress.current().step("读取文件", len(inputs))
    with _timed(run.seconds, "读取"):
        read = functools.partial(read_batch, catalog=run.catalog)
        for attempt in runner.map("读取", read, batches(units(inputs, run.catalog), run.settings.batch_size)):
            _take_batch(run, attempt)
    return place(run.reads, run.catalog)


def _take_batch(run: RunSummary, attempt: Attempt[list[Unit], BatchResult]) -> None:
    if attempt.result is None:
        batch = [item for unit in attempt.item for item in unit]
        what = f"{batch[0].document} 等{len(batch)}个文件"
        run.failures.append(Failure("读取", what, _words(attempt.error)))
        run.unread.extend(batch)
        return
    run.contents.update(attempt.result.contents)
    for done in attempt.result.reads:
        if done.changed:
            run.inbox.passed_over.append(inboxes.PassedOver(done.input.document, "读取期间有变动，留待下次"))
            continue
        if done.fault:
            run.failures.append(Failure("读取", done.input.document, done.fault))
        run.reads.append(done)


def _check(run: RunSummary, runner: Runner, submissions: list[Submission]) -> Outcomes | None:
    """The round's outcomes; None where the rules could not be run at all: reports without them would mislead."""
    progress.current().step("核对规则")
    with _timed(run.seconds, "规则"):
        check = functools.partial(check_round, run.catalog)
        attempt = next(iter(runner.map("规则", check, [submissions])))
    if attempt.result is None:
        run.failures.append(Failure("规则", "全部文件", _words(attempt.error)))
        return None
    for fault in attempt.result.faults:
        logger.error("rule %s failed on %s\n%s", fault.code, fault.document or "-", fault.trace)
        run.failures.append(Failure("规则", fault.code, str(fault)))
    return attempt.result


def _report(run: RunSummary, runner: Runner, submissions: list[Submission], outcomes: Outcomes) -> None:
    everyone = sorted({s.district for s in submissions})
    chosen = [d for d in everyone if not run.wanted or d in run.wanted]
    results = [_district(run, d, submissions, outcomes) for d in chosen]
    progress.current().step("写审查报告", len(results))
    with _timed(run.seconds, "报告"):
        for attempt in runner.map("报告", functools.partial(_write_one, run.settings.out), results):
            run.districts[attempt.item.district] = attempt.item
            run.reports[attempt.item.district] = attempt.result or []
            if attempt.error is not None:
                run.failures.append(Failure("报告", attempt.item.district, _words(attempt.error)))
        if results and not run.wanted:
            whole = next(iter(runner.map("报告", functools.partial(_write_all, run.settings.out), [results])))
            run.reports[ROUND] = whole.result or []
            if whole.error is not None:
                run.failures.append(Failure("报告", ROUND, _words(whole.error)))


def _district(run: RunSummary, name: str, submissions: list[Submission], outcomes: Outcomes) -> DistrictResult:
    return DistrictResult(
        catalog=run.catalog,
        district=name,
        submissions=[s for s in submissions if s.district == name],
        outcomes=outcomes.of_district(name),
        documents=run.contents,
        passed_over=[
            (p.path, p.reason)
            for p in run.inbox.passed_over
            if (folder_district(p.path, run.catalog) or UNASSIGNED) == name
        ],
    )


def _write_one(out: Path, result: DistrictResult) -> list[Path]:
    show = progress.current()
    written = write_district(result, out / result.district, say=show.say)
    show.advance()
    return written


def _write_all(out: Path, results: list[DistrictResult]) -> list[Path]:
    return write_round(results, out / ROUND, say=progress.current().say)


def _words(error: BaseException | None) -> str:
    return f"{type(error).__name__}: {error}"


@contextmanager
def _timed(into: dict[str, float], part: str) -> Iterator[None]:
    """Add the seconds a block takes to ``into[part]``."""
    since = time.perf_counter()
    try:
        yield
    finally:
        into[part] = round(into.get(part, 0) + time.perf_counter() - since, 3)
