"""From the command line into Prefect: bring a server up while Prefect loads, run the flow, leave nothing behind."""

from __future__ import annotations

import importlib
import logging
import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from catalog.oserror import reason
from flows import interrupt, progress
from flows.orchestration.local_server import QUIET, LocalServer, ServerFailed, configured_elsewhere
from flows.orchestration.prefect_home import home_of, new_secret
from flows.run.summary import Failure, RunSummary
from flows.settings import Settings

logger = logging.getLogger("shenbao.run")

DRAIN_SECONDS = 3.0


def run(settings: Settings, districts: Sequence[str]) -> RunSummary:
    """Run the review as a Prefect flow: against the server that is configured, else against one of our own. Without a configured
    one, what is soon done does not wait for Prefect: a rerun for some districts, and a review that finds nothing changed, go
    on Prefect's record afterwards (:mod:`flows.orchestration.on_record`).

    Where ours does not come up, the review runs without Prefect, and says so as a failure of that part. Raises
    UsageFault.
    """
    os.environ.update(QUIET)
    began = time.monotonic()
    show = progress.current()
    if not configured_elsewhere() and (done := _soon_done(settings, districts)) is not None:
        return done
    show.step("正在启动 Prefect")
    with ExitStack() as ending:
        server = None if configured_elsewhere() else _started(settings, ending)
        if isinstance(server, LocalServer):
            os.environ["PREFECT_HOME"] = str(server.home)
        from prefect.settings import PREFECT_API_URL

        import flows.orchestration.review

        _load_engines()
        told = PREFECT_API_URL.value()
        if told:
            ending.close()
            show.say(f"使用已配置的 Prefect 服务：{told}")
            return _call(flows.orchestration.review, settings, districts, None)
        try:
            server = server or _started(settings, ending)
            if isinstance(server, ServerFailed):
                raise server
            server.wait(settings.prefect_start_seconds)
        except ServerFailed as problem:
            return _without_prefect(settings, districts, str(problem))
        show.say(f"Prefect 已就绪（{time.monotonic() - began:.1f} 秒）")
        return _call(flows.orchestration.review, settings, districts, server)


def _soon_done(settings: Settings, districts: Sequence[str]) -> RunSummary | None:
    """What needs no flow engine, done; None where everything is to be reviewed and something has changed."""
    from flows.orchestration import on_record
    from flows.run import core

    unchanged = None if districts else core.if_unchanged(settings)
    if not districts and unchanged is None:
        return None
    try:
        home = home_of(settings.out, "review")
    except OSError as problem:
        logger.warning("本次运行没能记入 Prefect：%s", reason(problem))
        return unchanged or core.review(settings, districts)
    if why := on_record.trouble(home):
        progress.current().say(f"以前的运行还没有记入 Prefect（{why}），审查不受影响。")
    return on_record.noted(
        settings, districts, home, lambda noting: unchanged or core.review(settings, districts, runner=noting)
    )


def _started(settings: Settings, ending: ExitStack) -> LocalServer | ServerFailed:
    """A server of our own, loading, which stops at the ``ending``; or why there is none."""
    try:
        server = LocalServer(home_of(settings.out, "review"), new_secret(), keep_days=settings.prefect_days)
        ending.callback(lambda: server.stop(at_once=interrupt.happened()))
        server.start()
    except OSError as problem:
        return ServerFailed(f"Prefect 未能启动：{reason(problem)}")
    return server


def _load_engines() -> None:
    """Load what Prefect would load when the first flow runs: the server is still loading, in a process of its own."""
    for name in (
        "prefect.flow_engine",
        "prefect.task_engine",
        "prefect.client.orchestration",
        "prefect.events.worker",
        "prefect.utilities.visualization",
        "fastapi.encoders",
    ):
        importlib.import_module(name)


def _call(flows_: Any, settings: Settings, districts: Sequence[str], server: LocalServer | None) -> RunSummary:
    from prefect.settings import (
        PREFECT_API_AUTH_STRING,
        PREFECT_API_URL,
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        temporary_settings,
    )

    # Without a heartbeat a flow ends a second earlier: nobody watches a run that a person is waiting for.
    changed: dict[Any, Any] = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}
    if server is not None:
        changed |= {PREFECT_API_URL: server.api_url, PREFECT_API_AUTH_STRING: server.secret}
    with temporary_settings(changed), flows_.under(settings):
        if len(districts) == 1:
            state = flows_.review_district(districts[0], return_state=True)
        else:
            state = flows_.review_inbox(districts=list(districts), return_state=True)
        interrupt.check()  # nothing waits for what is not yet stored
        _drain(state if server is not None else None)
    outcome = state.result(raise_on_failure=False)
    value = getattr(outcome, "value", outcome)
    if isinstance(value, RunSummary):
        return value
    assert isinstance(value, BaseException)
    raise value


def _drain(state: Any) -> None:
    """Send what Prefect still holds back (logs, events), and give our server, which ends next, time to store it."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    APILogWorker.drain_all()
    EventsWorker.drain_all()
    if state is not None:
        _wait_until_stored(state.state_details.flow_run_id)


def _wait_until_stored(flow_run_id: Any) -> None:
    from prefect import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    mine = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run_id]))
    until = time.monotonic() + DRAIN_SECONDS
    with get_client(sync_client=True) as client:
        while time.monotonic() < until:
            runs = client.read_task_runs(flow_run_filter=mine)
            if runs and all(r.state is not None and r.state.is_final() for r in runs):
                return
            time.sleep(0.05)


def _without_prefect(settings: Settings, districts: Sequence[str], why: str) -> RunSummary:
    from flows.run import core
    from flows.run.runfile import write_run_file

    progress.current().say(why)
    progress.current().say("本次不经 Prefect 直接运行。")
    summary = core.review(settings, districts)
    summary.failures.append(Failure("Prefect", "启动", why))
    write_run_file(summary, ended=time.time())
    return summary
