"""A run that does not wait for Prefect: its parts are carried out here, and noted; what was noted is written into Prefect's
database by a process of its own (:mod:`flows.orchestration.recorder`), which may take as long as Prefect takes to load.

Nothing of Prefect is loaded here.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows import interrupt
from flows.exits import PartFailed, UsageFault
from flows.guarded.reading import may_pass
from flows.masking import mask
from flows.orchestration.local_server import QUIET
from flows.orchestration.prefect_home import SPOOL, TROUBLE
from flows.run.glance import found, markdown, run_name, table
from flows.run.steps import Attempt, Item, Result
from flows.run.summary import RunSummary
from flows.settings import Settings

logger = logging.getLogger("shenbao.run")

_MOST_WAITING = 500
_MOST_LINES = 2000
_RETRIES, _RETRY_SECONDS = 2, 2.0
_outliving: list[subprocess.Popen[bytes]] = []
"""Not waited for."""
_ROOT = str(Path(__file__).resolve().parents[2])


class Noting(logging.Handler):
    """Carries out the parts of a run in place (:class:`flows.run.steps.Runner`), and notes them and what is logged meanwhile. What
    may pass is tried again, as Prefect does with a task."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.parts: list[dict[str, Any]] = []
        self.lines: list[tuple[float, int, str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.lines) < _MOST_LINES:
            self.lines.append((record.created, record.levelno, record.name, mask(record.getMessage())))

    def map(
        self, title: str, function: Callable[[Item], Result], items: Iterable[Item]
    ) -> Iterator[Attempt[Item, Result]]:
        for number, item in enumerate(items, 1):
            began = time.time()
            attempt = self._tried(title, function, item)
            interrupt.check()
            failed = f"{type(attempt.error).__name__}: {attempt.error}" if attempt.error is not None else ""
            self.parts.append(
                {"name": f"{title}-{number}", "began": began, "ended": time.time(), "failed": mask(failed)}
            )
            yield attempt

    def _tried(self, title: str, function: Callable[[Item], Result], item: Item) -> Attempt[Item, Result]:
        for left in range(_RETRIES, -1, -1):
            try:
                return Attempt(item, function(item))
            except Exception as error:
                if not left or not may_pass(error):
                    logger.exception("%s出错", title)
                    return Attempt(item, error=error)
                time.sleep(_RETRY_SECONDS)
        raise AssertionError


def noted(settings: Settings, districts: Sequence[str], home: Path, work: Callable[[Noting], RunSummary]) -> RunSummary:
    """Do the ``work`` with a runner that notes, and have what was noted written down. Raises what the work raises."""
    noting, began = Noting(), time.time()
    given = {"district": districts[0]} if len(districts) == 1 else {"districts": list(districts)}

    def hand_over(state: str, message: str, summary: RunSummary | None = None) -> None:
        facts = {
            "flow": "review-district" if len(districts) == 1 else "review-inbox",
            "name": run_name(settings, districts),
            "parameters": given,
            "began": began,
            "ended": time.time(),
            "state": state,
            "message": message,
            "parts": noting.parts,
            "lines": noting.lines,
            "table": table(summary) if summary is not None else None,
            "markdown": markdown(summary) if summary is not None else None,
        }
        write_down(home, facts, settings)

    with _listening(noting), interrupt.last_words(lambda: hand_over("CANCELLED", interrupt.SAID)):
        try:
            summary = work(noting)
        except (UsageFault, PartFailed) as fault:
            hand_over("FAILED", fault.message)
            raise
        except interrupt.Interrupted:
            hand_over("CANCELLED", interrupt.SAID)
            raise
    failed = f"{len(summary.failures)}处失败，其余已完成（{found(summary)}）；详见 run.json" if summary.failures else ""
    hand_over("FAILED" if failed else "COMPLETED", failed or found(summary), summary)
    return summary


@contextmanager
def _listening(noting: Noting) -> Iterator[None]:
    ours = logging.getLogger("shenbao")
    level = ours.level
    ours.setLevel(logging.INFO)
    ours.addHandler(noting)
    try:
        yield
    finally:
        ours.removeHandler(noting)
        ours.setLevel(level)


def trouble(home: Path) -> str:
    """Why earlier runs do not stand in Prefect's database, "" where they do."""
    try:
        return (home / TROUBLE).read_text("utf-8").strip()
    except OSError:
        return ""


def write_down(home: Path, facts: dict[str, Any], settings: Settings) -> None:
    """Leave what was noted for the recorder of this home, and start one: where another is at work, it ends at once. What
    cannot be left is only logged: the ledger and run.json have the run."""
    try:
        spool = home / SPOOL
        spool.mkdir(mode=0o700, exist_ok=True)
        for old in sorted(spool.glob("*.json"))[:-_MOST_WAITING]:
            old.unlink(missing_ok=True)
        half = spool / f".{uuid.uuid4()}.part"
        half.write_text(json.dumps(facts, ensure_ascii=False), "utf-8", "replace")
        half.rename(spool / f"{time.time_ns()}-{uuid.uuid4().hex[:8]}.json")
        _start(home, settings)
    except OSError as problem:
        logger.warning("本次运行没能记入 Prefect：%s", problem)


def _start(home: Path, settings: Settings) -> None:
    """A recorder, apart from this process: it outlives us, and hears no signal that is for us."""
    kept = {k: v for k, v in os.environ.items() if not k.upper().startswith(("SHENBAO_", "PREFECT_"))}
    path = [_ROOT, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    kept |= {**QUIET, "PREFECT_HOME": str(home), "PYTHONPATH": os.pathsep.join(path)}
    apart: dict[str, Any] = {}
    if os.name == "nt":
        flags = ("CREATE_NEW_PROCESS_GROUP", "CREATE_NO_WINDOW")
        apart["creationflags"] = sum(getattr(subprocess, flag, 0) for flag in flags)
    else:
        apart["start_new_session"] = True
    numbers = (str(settings.prefect_idle_seconds), str(settings.prefect_days))
    child = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-P", "-m", "flows.orchestration.recorder", str(home), *numbers],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=kept, cwd=home, **apart,
    )  # fmt: skip
    _outliving.append(child)
