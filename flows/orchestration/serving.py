"""Serving: the scheduled batch and the by-hand rerun, registered with Prefect and run when it says so."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import threading
import time
from contextlib import ExitStack
from contextvars import copy_context
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flows import interrupt
from flows.exits import UsageFault
from flows.orchestration.local_server import LOOPBACK, QUIET, LocalServer, PortTaken, ServerFailed, configured_elsewhere
from flows.orchestration.prefect_home import SECRET, Taken, held, home_of, kept_secret, output_key
from flows.settings import Settings

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment
    from prefect.runner import Runner

_TELL_SECONDS = 0.6
"""For what is still to be told to Prefect at the end."""
_ROOT = str(Path(__file__).resolve().parents[2])


def serve(settings: Settings) -> None:
    """Register both deployments of each round and run what Prefect asks for, until interrupted.

    Against the Prefect server that is configured; else against one of our own with its scheduler and its pages. Raises
    UsageFault where ours does not come up (the port is taken), another process serves the same output, or the time to
    run at is none.
    """
    stop = _Stop()
    with ExitStack() as holding:
        homes = [_held(holding, each) for each, _ in _named(settings)]
        with interrupt.armed(stop):
            _serve(settings, homes[0], stop)


def _held(holding: ExitStack, settings: Settings) -> Path:
    """The Prefect home of a round's output, which nobody else serves meanwhile. Raises UsageFault."""
    home = home_of(settings.out, "serve")
    try:
        holding.enter_context(held(home, f"http://{LOOPBACK}:{settings.prefect_port}"))
    except Taken as other:
        out = settings.out.resolve()
        raise UsageFault(f"已有一个 shenbao serve 在为这个输出目录服务（{other.said}）：{out}") from other
    return home


class _Stop:
    """Ends what is going on, from another thread than the one that serves: at the end of a flow run Prefect waits for half
    a minute, and for its server, which may be gone."""

    def __init__(self) -> None:
        self.server: LocalServer | None = None
        self.runner: Runner | None = None
        self.deployments: list[UUID] = []
        self.context = copy_context()

    def __call__(self) -> None:
        _say("正在停止……")
        logging.disable(logging.CRITICAL)
        self._end_runs()
        telling = threading.Thread(target=self.context.run, args=(self._tell,), daemon=True)
        telling.start()
        telling.join(_TELL_SECONDS)
        if self.server is not None:
            self.server.stop(at_once=True)
        _say("已停止。正在进行的审查记为中断，下次接着做完。")

    def _end_runs(self) -> None:
        """Tell the flow runs to end, which they do by themselves (:mod:`flows.interrupt`), and make them."""
        manager = self.runner._process_manager if self.runner is not None else None  # noqa: SLF001 - nothing public
        runs = [run for number in manager.flow_run_ids() if (run := manager.get(number))] if manager else []
        for run in runs:
            with contextlib.suppress(OSError):
                run.graceful_kill()
        until = time.monotonic() + interrupt.GRACE_SECONDS
        while any(run.is_alive() for run in runs) and time.monotonic() < until:
            time.sleep(0.02)
        for run in runs:
            with contextlib.suppress(OSError):
                run.hard_kill()

    def _tell(self) -> None:
        """Have Prefect know: on our own server what did not say so itself was interrupted; another's runs on, and is to
        plan nothing for us."""
        from prefect import get_client

        if self.server is not None and self.deployments:
            end_what_was_left(interrupt.SAID)
            return
        with get_client(sync_client=True) as client:
            for deployment in self.deployments:
                client.pause_deployment(deployment)


def _for_the_runs(settings: Settings) -> None:
    """Runs are processes of their own, and take what they need from the environment: our settings, whatever becomes of
    shenbao.toml meanwhile, and our modules."""
    os.environ.update(QUIET)
    path = [_ROOT, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ |= {"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(path), **settings.as_environment()}
    # Our log lines go to Prefect's log of the run.
    os.environ.setdefault("PREFECT_LOGGING_EXTRA_LOGGERS", "shenbao")


def _serve(settings: Settings, home: Path, stop: _Stop) -> None:
    if not configured_elsewhere():
        os.environ["PREFECT_HOME"] = str(home)
    settings = settings.absolute()
    _for_the_runs(settings)
    from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

    for each, _ in _named(settings):
        _check(each)
    # Prefect puts the folder a run starts in before our modules; nobody else can leave something there.
    os.chdir(home)
    if PREFECT_API_URL.value():
        _say(f"使用已配置的 Prefect 服务：{PREFECT_API_URL.value()}")
        _register(settings, stop)
        return
    secret = kept_secret(home)
    with LocalServer(
        home, secret, scheduling=True, port=settings.prefect_port, keep_days=settings.prefect_days
    ) as server:
        stop.server = server
        _say("正在启动 Prefect……")
        try:
            server.wait(settings.prefect_start_seconds)
        except PortTaken as problem:
            raise UsageFault(f"{problem}：请用 SHENBAO_PREFECT_PORT 另设一个，或先停下占用它的程序") from problem
        except ServerFailed as problem:
            raise UsageFault(str(problem)) from problem
        _say(f"Prefect 界面：{server.url} （登录口令在 {home / SECRET}，只有本用户能读）")
        with temporary_settings({PREFECT_API_URL: server.api_url, PREFECT_API_AUTH_STRING: secret}):
            end_what_was_left("进程或机器在审查中停止；下一次审查会接着做完")
            _register(settings, stop)


def _check(settings: Settings) -> None:
    from prefect.client.schemas.schedules import CronSchedule

    try:
        CronSchedule(cron=settings.cron, timezone=settings.timezone)
    except ValueError as problem:
        said = f"cron = {settings.cron!r}，timezone = {settings.timezone!r}"
        raise UsageFault(f"定时的时间有误：{said}（cron 如 30 8 * * 1-5，timezone 如 Asia/Shanghai）") from problem
    if not settings.inbox.is_dir():
        _say(f"注意：收件目录现在不存在，到时仍没有的，审查会失败：{settings.inbox}")


def end_what_was_left(why: str) -> None:
    """Mark deployments' runs that still stand as running as interrupted: on the server of this output only we run them,
    and have just begun, or end. What ended with the process or the machine could tell nobody; a review that somebody
    started by himself tells it."""
    from prefect import get_client
    from prefect.client.schemas.filters import (
        FlowRunFilter,
        FlowRunFilterDeploymentId,
        FlowRunFilterState,
        FlowRunFilterStateType,
    )
    from prefect.client.schemas.objects import State, StateType
    from prefect.states import Crashed

    alive = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
    running = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=alive)),
        deployment_id=FlowRunFilterDeploymentId(is_null_=False),
    )
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(flow_run_filter=running):
            state: State[object] = Crashed(name="中断", message=why)
            client.set_flow_run_state(run.id, state, force=True)


def _register(settings: Settings, stop: _Stop) -> None:
    from prefect.runner import Runner

    made = [deployment for each, name in _named(settings) for deployment in _deployments(each, name)]
    _say(
        "已登记各轮的定时审查和手工重审，按 Ctrl+C 停止。"
        if settings.round
        else "已登记定时审查和手工重审，按 Ctrl+C 停止。"
    )
    for each, name in _named(settings):
        _say(
            f"{name + '：' if name else ''}定时（{each.cron}，{each.timezone}），收件目录：{each.inbox}，输出目录：{each.out}"
        )
    runner = Runner(pause_on_shutdown=False)
    stop.context = copy_context()
    for deployment in made:
        added = runner.add_deployment(deployment)
        assert isinstance(added, UUID)
        stop.deployments.append(added)
    stop.runner = runner
    setattr(runner, "handle_sigterm", _nothing)  # noqa: B010 - a method of its class; we stop it ourselves
    asyncio.run(runner.start())


def _named(settings: Settings) -> list[tuple[Settings, str]]:
    """Each round's settings with its name, "" where there are no rounds."""
    return [(settings.of_round(r.name), r.name) for r in settings.round] or [(settings, "")]


def _deployments(settings: Settings, name: str) -> list[RunnerDeployment]:
    """The scheduled batch and the by-hand rerun of one round. Which round it is, nobody can change in a run."""
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType
    from prefect.utilities.annotations import freeze

    from flows.orchestration.review import names_in, review_district, review_inbox

    # A server that is another's may hold the deployments of other outputs too.
    output = f"{settings.out.name}-{output_key(settings.out)[:8]}".replace("/", "-").replace("%", "-")
    ours, told = (f"{name}-{output}", f"{name}：") if name else (output, "")
    fixed: dict[str, Any] = {"round_name": freeze(name)} if name else {}
    # No concurrency limit of Prefect's: the slot of a run that was killed stays taken, and no later run would start. Our
    # own lock (flows/run/remember.py) is given back when its owner is gone.
    batch = review_inbox.to_deployment(
        name=f"scheduled-{ours}",
        description=f"{told}定时审查整个收件目录",
        schedule=Cron(settings.cron, timezone=settings.timezone),
        parameters={"settle_seconds": settings.scheduled_settle_seconds, **fixed},
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    by_hand = review_district.to_deployment(
        name=f"by-hand-{ours}",
        description=f"{told}手工重审一个推荐单位：在“参数”中选择推荐单位",
        parameters={"settle_seconds": settings.settle_seconds, **fixed},
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    # Called without an event loop, these give the thing itself; their types say that it may be a coroutine.
    assert isinstance(batch, RunnerDeployment)
    assert isinstance(by_hand, RunnerDeployment)
    asked = [made._parameter_openapi_schema.properties for made in (batch, by_hand)]  # noqa: SLF001 - nothing public
    if offices := names_in(settings):  # this round's, to choose from
        asked[1]["district"]["enum"] = offices
    for properties in asked if not name else ():
        del properties["round_name"]
    return [batch, by_hand]


def _nothing(*_: object, **__: object) -> None:
    return


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
