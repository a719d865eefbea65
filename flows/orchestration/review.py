"""The main job as Prefect flows: ``review_inbox`` over all districts, ``review_district`` over one.

A task is a batch of files, a rule run or a district's reports, not a document: a task costs milliseconds, and so does
reading a form. What fails is recorded on its task; the flow goes on, and ends Failed with what it did produce.
"""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from flows.orchestration.local_server import QUIET

os.environ.update(QUIET)
# Our own log lines (counts and file names, no personal data) go to the flow run's log too.
os.environ.setdefault("PREFECT_LOGGING_EXTRA_LOGGERS", "shenbao")
os.environ.setdefault("PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW", "ignore")

from prefect import State, Task, flow, get_client, runtime, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import TaskRun
from prefect.states import Cancelled, Completed, Failed
from pydantic import Field

import catalog as packs
from flows import interrupt, masking, progress
from flows.exits import PartFailed, UsageFault
from flows.guarded.reading import may_pass
from flows.run import core, glance
from flows.run.glance import found, markdown, table
from flows.run.steps import Attempt
from flows.run.summary import RunSummary
from flows.settings import UNASSIGNED, Settings, load, load_for, unknown_names
from flows.terminal import shown

# Prefect has taken it in by now; the processes that read what others sent need not know it.
os.environ.pop("PREFECT_API_AUTH_STRING", None)

logger = logging.getLogger("shenbao.run")

Item = TypeVar("Item")
Result = TypeVar("Result")


class Held(Generic[Result]):
    """Keeps a value from Prefect, which would else look through every object in it for futures and states."""

    __slots__ = ("value",)

    def __init__(self, value: Result) -> None:
        self.value = value


def _may_pass(task_: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:  # noqa: ARG001 - Prefect's signature
    return may_pass(state.result(raise_on_failure=False))


@task(cache_policy=NO_CACHE, persist_result=False, retries=2, retry_delay_seconds=2, retry_condition_fn=_may_pass)
def step(work: Held[Callable[[], Any]]) -> Held[Any]:
    """One part of a run."""
    return Held(work.value())


class AsTasks:
    """Runs each part as a Prefect task, named after what it does."""

    def map(
        self, title: str, function: Callable[[Item], Result], items: Iterable[Item]
    ) -> Iterator[Attempt[Item, Result]]:
        for number, item in enumerate(items, 1):
            named = step.with_options(name=title, task_run_name=f"{title}-{number}")
            state = named(Held(lambda item=item: function(item)), return_state=True)
            interrupt.check()
            outcome = state.result(raise_on_failure=False)
            if isinstance(outcome, Held):
                yield Attempt(item, outcome.value)
            else:
                yield Attempt(item, error=outcome)


def names_in(settings: Settings) -> list[str]:
    """The recommenders of the notice in force, for Prefect's pages to offer; none where the pack is at fault, which the run
    itself tells of."""
    try:
        catalog = packs.load(settings.notice, settings.office)
    except packs.CatalogError:
        return []
    return [*(r.name for r in catalog.recommenders), UNASSIGNED]


def _choices() -> list[str]:
    """The same of the settings in force, of all rounds where there are several; none where they are at fault."""
    try:
        settings = load()
        rounds = [settings.of_round(r.name) for r in settings.round] or [settings]
    except UsageFault:
        return []
    return list(dict.fromkeys(name for each in rounds for name in names_in(each)))


_NAMES: list[Any] = list(_choices())
# A list to choose from in the schema alone: another name is told of in our words, by a failed run.
District = Annotated[str, Field(title="推荐单位", json_schema_extra={"enum": _NAMES} if _NAMES else None)]
RoundName = Annotated[str, Field(title="轮次")]


def run_name() -> str:
    """What Prefect calls the run: its round and office, as in “2023 浦东新区”."""
    asked = runtime.flow_run.parameters or {}
    names = [asked["district"]] if asked.get("district") else asked.get("districts") or []
    try:
        settings = _settings(asked.get("round_name") or "")
    except UsageFault:
        return shown("、".join(map(str, names)) or "全部")
    return glance.run_name(settings, names, asked.get("round_name") or "")


@flow(name="review-inbox", flow_run_name=run_name, persist_result=False, validate_parameters=True)
def review_inbox(
    districts: list[District] | None = None, settle_seconds: float | None = None, round_name: RoundName = ""
) -> Any:
    """审查收件目录中的申报材料，按推荐单位写出审查报告；指定了推荐单位的，只写这些单位的报告。

    目录等取自设置（环境变量 SHENBAO_…、shenbao.toml），不能在运行时另给；设有轮次（[[round]]）的，取该轮的。
    """
    return _run(tuple(districts or ()), settle_seconds, round_name)


@flow(name="review-district", flow_run_name=run_name, persist_result=False, validate_parameters=True)
def review_district(district: District, settle_seconds: float | None = None, round_name: RoundName = "") -> Any:
    """审查一个推荐单位的申报材料，只改写该单位的报告。"""
    return _run((district,), settle_seconds, round_name)


_given: ContextVar[Settings | None] = ContextVar("shenbao_settings", default=None)


@contextmanager
def under(settings: Settings) -> Iterator[None]:
    """Flows called in the block run under these settings. Folders are no parameters: who may start a run by Prefect may
    not have it read or write elsewhere."""
    token = _given.set(settings)
    try:
        yield
    finally:
        _given.reset(token)


@contextmanager
def _progress() -> Iterator[None]:
    """How far a run is goes to its log, where nobody at a terminal is told."""
    if progress.is_shown():
        yield
        return
    with progress.shown(quiet=True):
        yield


def _settings(name: str) -> Settings:
    """The settings that a run goes by: those given, else those in force, of one round where it is named."""
    settings = _given.get()
    return settings if settings is not None else load_for(name or None)


def _run(districts: tuple[str, ...], settle_seconds: float | None, round_: str = "") -> Any:
    masking.install()
    # Run by a worker or by serve, nobody has set a level: counts and file names go to the run's log all the same.
    logging.getLogger("shenbao").setLevel(logging.INFO)
    for said in unknown_names():
        logger.warning("%s", said)
    # Prefect has put its own handler in place of ours.
    with _progress(), interrupt.armed(), interrupt.last_words(_recording_interruption()):
        try:
            summary = core.review(_settings(round_), districts, settle_seconds=settle_seconds, runner=AsTasks())
        except (UsageFault, PartFailed) as fault:
            return Failed(message=fault.message, data=Held(fault))
        except interrupt.Interrupted as told:
            return Cancelled(name="中断", message=interrupt.SAID, data=Held(told))
    _publish(summary)
    if summary.failures:
        what = f"{len(summary.failures)}处失败，其余已完成（{found(summary)}）；详见 run.json"
        return Failed(message=what, data=Held(summary))
    return Completed(message=found(summary), data=Held(summary))


def _recording_interruption() -> Callable[[], object]:
    """What tells Prefect from another thread that this flow run was interrupted."""

    def record() -> None:
        with get_client(sync_client=True, httpx_settings={"timeout": 0.4}) as client:
            state: State[Any] = Cancelled(name="中断", message=interrupt.SAID)
            client.set_flow_run_state(run, state, force=True)

    run = UUID(runtime.flow_run.id)
    return functools.partial(copy_context().run, record)


def _publish(summary: RunSummary) -> None:
    """The run at a glance, as Prefect artifacts."""
    create_table_artifact(table=table(summary), key="shenbao-districts", description="各推荐单位审查情况")
    create_markdown_artifact(markdown=markdown(summary), key="shenbao-review", description="本次审查")
