"""The process that writes noted runs into Prefect's database, with Prefect's own models: one for a home at a time, which stays
warm for the next run and ends by itself when none came for a while. It listens on no port and asks nobody anything.

What was noted lies in files until it stands in the database: one that is killed loses nothing, the next writes it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from catalog.oserror import reason
from flows.orchestration.prefect_home import SPOOL, TROUBLE, Taken, held

LOCK = "recorder"
_LOOK_SECONDS = 0.2
_DAY = 86400


def main(home: Path, idle: float, days: float) -> None:
    """Write down what waits, and what comes within ``idle`` seconds of the last; runs older than ``days`` go."""
    while True:
        try:
            with held(home, str(os.getpid()), LOCK):
                asyncio.run(_Recorder(home, idle, days).work())
        except Taken:
            return
        if not _waiting(home):  # one that was left after our last look, by who found us still at work
            return


def _waiting(home: Path) -> list[Path]:
    return sorted((home / SPOOL).glob("*.json"))


class _Recorder:
    def __init__(self, home: Path, idle: float, days: float) -> None:
        self._home = home
        self._idle = idle
        self._keep = {
            "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
            "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(max(days * _DAY, 2 * 3600)),
        }

    async def work(self) -> None:
        if hasattr(os, "nice"):
            os.nice(10)  # somebody may be at the next run already
        os.environ.update(self._keep)
        try:
            await self._work()
        except Exception as problem:  # noqa: BLE001 - the rim: nobody watches; the next run tells the person
            for file in _waiting(self._home):  # or we would begin again for ever
                file.rename(file.with_suffix(".later"))
            (self._home / TROUBLE).write_text(reason(problem)[:500], "utf-8", "replace")

    async def _work(self) -> None:
        from prefect.server.database import provide_database_interface
        from prefect.server.services.db_vacuum import vacuum_old_flow_runs

        database = provide_database_interface()
        await database.create_db()
        for file in sorted((self._home / SPOOL).glob("*.later")):
            file.rename(file.with_suffix(".json"))
        last = time.monotonic()
        while True:
            for file in _waiting(self._home):
                await self._write(database, file)
                last = time.monotonic()
            if time.monotonic() - last >= self._idle:
                break
            await asyncio.sleep(_LOOK_SECONDS)
        (self._home / TROUBLE).unlink(missing_ok=True)
        await vacuum_old_flow_runs(db=database)

    async def _write(self, database: Any, file: Path) -> None:
        try:
            facts = json.loads(file.read_text("utf-8"))
        except ValueError:  # nobody will ever read it
            file.unlink()
            return
        async with database.session_context(begin_transaction=True) as session:
            await _put(session, facts, file.stem)
        file.unlink()


async def _put(session: Any, facts: dict[str, Any], key: str) -> None:
    """One noted run, with its parts as task runs; a second time it is the same run (``key``)."""
    import prefect.server.models
    from prefect.server import schemas
    from prefect.server.schemas.actions import LogCreate
    from prefect.server.schemas.states import State, StateType

    models: Any = prefect.server.models  # its functions are typed as coroutines of nothing

    def state(kind: str, at: float, message: str | None = None) -> State:
        return State(type=StateType(kind), name=_NAMES[kind], timestamp=_clock(at), message=message)

    flow = await models.flows.create_flow(session=session, flow=schemas.core.Flow(name=facts["flow"]))
    run = await models.flow_runs.create_flow_run(
        session=session,
        flow_run=schemas.core.FlowRun(
            flow_id=flow.id, name=facts["name"], parameters=facts["parameters"], run_count=1, idempotency_key=key,
            state=state("RUNNING", facts["began"]),
        ),
    )  # fmt: skip
    if run.end_time is not None:
        return
    for number, part in enumerate(facts["parts"]):
        task = await models.task_runs.create_task_run(
            session=session,
            task_run=schemas.core.TaskRun(
                flow_run_id=run.id, task_key="step", dynamic_key=str(number), name=part["name"], run_count=1,
                state=state("RUNNING", part["began"]),
            ),
        )  # fmt: skip
        how = state("FAILED" if part["failed"] else "COMPLETED", part["ended"], part["failed"] or None)
        await models.task_runs.set_task_run_state(session=session, task_run_id=task.id, state=how, force=True)
    lines = [
        LogCreate(name=name, level=level, message=said, timestamp=_clock(at), flow_run_id=run.id)
        for at, level, name, said in facts["lines"]
    ]
    if lines:
        await models.logs.create_logs(session=session, logs=lines)
    for kind, of in (("table", "shenbao-districts"), ("markdown", "shenbao-review")):
        if facts[kind] is not None:
            data = json.dumps(facts[kind], ensure_ascii=False) if kind == "table" else facts[kind]
            artifact = schemas.core.Artifact(key=of, type=kind, data=data, flow_run_id=run.id)
            await models.artifacts.create_artifact(session=session, artifact=artifact)
    ended = state(facts["state"], facts["ended"], facts["message"])
    await models.flow_runs.set_flow_run_state(session=session, flow_run_id=run.id, state=ended, force=True)


_NAMES = {"RUNNING": "Running", "COMPLETED": "Completed", "FAILED": "Failed", "CANCELLED": "中断"}


def _clock(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))
