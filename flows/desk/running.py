"""Reviews that are run from the desk: the same command as by hand, in a process of its own, one at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flows.desk.rights import Person, Refused
from flows.exits import Exit
from flows.settings import Settings

_ROOT = Path(__file__).resolve().parents[2]
_LINES = 200
_LAST_SECONDS = 5.0
_CONFLICT = 409
WORDS = {Exit.OK: "完成", Exit.PARTIAL: "部分失败", Exit.USAGE: "没有运行", Exit.INTERRUPTED: "中断"}


@dataclass
class Run:
    """A run that the desk began. ``lines`` are its last words; ``code`` is its exit code, None while it runs."""

    scope: str
    who: str
    began: float
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=_LINES))
    code: int | None = None
    ended: float | None = None

    @property
    def outcome(self) -> str:
        if self.code is None:
            return "正在进行"
        return WORDS.get(Exit(self.code), "失败") if self.code in tuple(Exit) else "失败"


class Running:
    """The run at hand, and the last one. Safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self.last: Run | None = None

    @property
    def now(self) -> Run | None:
        return self.last if self.last is not None and self.last.code is None else None

    def review(self, person: Person, office: str = "") -> Run:
        """Run a review of one office, or of all. Raises :class:`Refused` where one is running."""
        more = ("--district", office) if office else ()
        return self._start(person, office or "全部", ("review", *more))

    def retry(self, person: Person, document: str) -> Run:
        """Read one document anew and review its office. Raises :class:`Refused` where a review is running."""
        return self._start(person, document, ("retry", "--", document))

    def stop(self) -> None:
        """End the run at hand, which leaves what it has read for the next."""
        with self._lock:
            process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(_LAST_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()

    def _start(self, person: Person, scope: str, verb: Sequence[str]) -> Run:
        with self._lock:
            if self.now is not None:
                raise Refused(f"{self.now.who}启动的审查（{self.now.scope}）还在进行，请等它结束", _CONFLICT)
            path = [str(_ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
            process = subprocess.Popen(  # noqa: S603 - our own command; a document is named behind "--"
                [sys.executable, "-P", "-m", "flows", *verb],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self._settings.as_environment(), "PYTHONPATH": os.pathsep.join(path)},
                text=True,
                encoding="utf-8",
                errors="replace",
            )
            self._process = process
            self.last = run = Run(scope, person.name, time.time())
        threading.Thread(target=_follow, args=(process, run), name="shenbao-run", daemon=True).start()
        return run


def _follow(process: subprocess.Popen[str], run: Run) -> None:
    assert process.stdout is not None
    with process.stdout as lines:
        for line in lines:
            if line.strip():
                run.lines.append(line.rstrip())
    run.ended = time.time()
    run.code = process.wait()
