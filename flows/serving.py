"""Serving: the scheduled batch and the by-hand rerun, registered with Prefect and run when it says so."""

from __future__ import annotations

import os
import sys
import warnings

from flows.exits import UsageFault
from flows.local_server import QUIET, LocalServer, ServerFailed
from flows.settings import Settings

SCHEDULED = "scheduled"
BY_HAND = "by-hand"


def serve(settings: Settings) -> None:
    """Register both deployments and run what Prefect asks for, until interrupted.

    Against the Prefect server that is configured; else against one of our own with its scheduler and its pages. Raises
    UsageFault where ours does not come up (the port is taken), or the time to run at is none.
    """
    os.environ.update(QUIET)
    # For the runs, which are processes of their own: our log lines go to Prefect's log of the run.
    os.environ.setdefault("PREFECT_LOGGING_EXTRA_LOGGERS", "shenbao")
    from prefect.settings import PREFECT_API_URL

    _check(settings)
    # Prefect's own, when it is told to stop: of no use to anybody.
    warnings.filterwarnings("ignore", message="coroutine 'Runner.astop' was never awaited")
    if PREFECT_API_URL.value():
        _say(f"使用已配置的 Prefect 服务：{PREFECT_API_URL.value()}")
        _register(settings)
        return
    with LocalServer(scheduling=True, port=settings.prefect_port) as server:
        _say("正在启动 Prefect……")
        try:
            server.wait(settings.prefect_start_seconds)
        except ServerFailed as problem:
            hint = f"端口 {settings.prefect_port} 可能已被占用，可用 SHENBAO_PREFECT_PORT 另设。"
            raise UsageFault(f"{problem}。{hint}") from problem
        _say(f"Prefect 界面：{server.url}")
        # The runs are processes of their own: they find the server by the environment.
        os.environ["PREFECT_API_URL"] = server.api_url
        from prefect.settings import temporary_settings

        with temporary_settings({PREFECT_API_URL: server.api_url}):
            end_what_was_left()
            _register(settings)


def _check(settings: Settings) -> None:
    from prefect.client.schemas.schedules import CronSchedule

    try:
        CronSchedule(cron=settings.cron, timezone=settings.timezone)
    except ValueError as problem:
        said = f"cron = {settings.cron!r}，timezone = {settings.timezone!r}"
        raise UsageFault(f"定时的时间有误：{said}（cron 如 30 8 * * 1-5，timezone 如 Asia/Shanghai）") from problem
    if not settings.inbox.is_dir():
        _say(f"注意：收件目录现在不存在，到时仍没有的，审查会失败：{settings.inbox.resolve()}")


def end_what_was_left() -> None:
    """Mark runs that still stand as running as crashed: on a server of our own only we run anything, and have just begun.
    They ended with the process or the machine, which could tell nobody."""
    from prefect import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
    from prefect.client.schemas.objects import State, StateType
    from prefect.states import Crashed

    alive = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
    running = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=alive)))
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(flow_run_filter=running):
            state: State[object] = Crashed(message="进程或机器在审查中停止；下一次审查会接着做完")
            client.set_flow_run_state(run.id, state, force=True)


def _register(settings: Settings) -> None:
    from prefect import serve as prefect_serve
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    from flows.review import review_district, review_inbox

    given = {
        "inbox": str(settings.inbox.resolve()),
        "out": str(settings.out.resolve()),
        "notice": settings.notice,
    }
    # No concurrency limit of Prefect's: the slot of a run that was killed stays taken, and no later run would start. Our
    # own lock (flows/remember.py) is given back when its owner is gone.
    batch = review_inbox.to_deployment(
        name=SCHEDULED,
        description="定时审查整个收件目录",
        schedule=Cron(settings.cron, timezone=settings.timezone),
        parameters={**given, "settle_seconds": settings.scheduled_settle_seconds},
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    by_hand = review_district.to_deployment(
        name=BY_HAND,
        description="手工重审一个推荐单位：在“参数”中填写 district",
        parameters={**given, "settle_seconds": settings.settle_seconds},
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    _say(f"已登记定时审查（{settings.cron}，{settings.timezone}）和手工重审，按 Ctrl+C 停止。")
    _say(f"收件目录：{given['inbox']}")
    # Called without an event loop, to_deployment gives the deployment itself; its type says that it may be a coroutine.
    assert isinstance(batch, RunnerDeployment)
    assert isinstance(by_hand, RunnerDeployment)
    prefect_serve(batch, by_hand, print_starting_message=False)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
