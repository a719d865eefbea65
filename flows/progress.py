"""What is going on, said on standard error: a bar on a terminal, plain lines elsewhere, the log where nobody listens.

Each says how much is done of how much and how long it may still take. On a terminal that moves all the time; elsewhere a line
is said each minute, whether anything was done in it or not.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from flows import interrupt, terminal

logger = logging.getLogger("shenbao.run")

EACH_SECONDS = 60.0
"""Between two lines where there is no terminal."""
_LOOK_BACK = 120.0
"""Seconds of the latest work by which the rest is estimated: what was read before goes by in no time."""
_LEAST = 5.0
"""Seconds before which nothing is estimated."""
_MINUTE, _HOUR = 60, 3600


class Progress(Protocol):
    """Where a run tells how far it is. ``step`` starts a part of ``total`` units (None where unknown), ``advance`` says
    that some are done (from any thread), ``say`` is a line that stays, in which nothing from a file acts on the terminal."""

    def step(self, title: str, total: int | None = None) -> None: ...
    def advance(self, count: int = 1) -> None: ...
    def say(self, text: str) -> None: ...


class Pace:
    """How far the part in hand is, and how long it may still take. ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.start("", None)

    def start(self, title: str, total: int | None) -> None:
        with self._lock:
            self.title, self.total, self.done = title, total, 0
            self._began = self._clock()
            self._marks = deque([(self._began, 0)])

    def add(self, count: int) -> None:
        with self._lock:
            self.done += count
            now = self._clock()
            if now - self._marks[-1][0] >= 1:
                self._marks.append((now, self.done))
            while len(self._marks) > 1 and now - self._marks[1][0] >= _LOOK_BACK:
                self._marks.popleft()

    def seconds_left(self) -> float | None:
        """An estimate by the latest work, None where there is none yet, or all is done."""
        with self._lock:
            since, done = self._marks[0]
            took = self._clock() - since
            if self.total is None or self.done >= self.total or took < _LEAST or self.done <= done:
                return None
            return (self.total - self.done) * took / (self.done - done)

    def told(self) -> str:
        """The part in words: 读取文件 120/2000，已用3分，约还要45分."""
        count = f" {self.done}/{self.total}" if self.total else ""
        left = self.seconds_left()
        rest = f"，约还要{lasting(left)}" if left is not None else ""
        return f"{self.title}{count}，已用{lasting(self._clock() - self._began)}{rest}"


def lasting(seconds: float) -> str:
    """A time in words: 40秒, 3分, 2小时5分."""
    if seconds < _MINUTE:
        return f"{seconds:.0f}秒"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.0f}分"
    return f"{seconds // _HOUR:.0f}小时{seconds % _HOUR // _MINUTE:.0f}分"


class Silent:
    """Tells nobody."""

    def step(self, title: str, total: int | None = None) -> None: ...
    def advance(self, count: int = 1) -> None: ...
    def say(self, text: str) -> None: ...


class Logged:
    """Into the log: of runs that nobody watches (scheduled, or told to be quiet), a line each minute."""

    def __init__(self) -> None:
        self.pace = Pace()

    def step(self, title: str, total: int | None = None) -> None:
        self.pace.start(title, total)

    def advance(self, count: int = 1) -> None:
        self.pace.add(count)

    def say(self, text: str) -> None: ...

    def remind(self) -> None:
        """Say how far the part in hand is."""
        if self.pace.title:
            logger.info("%s", self.pace.told())


class Lines(Logged):
    """Plain lines for pipes and log files: one when a part starts, then one each minute."""

    def step(self, title: str, total: int | None = None) -> None:
        super().step(title, total)
        self.say(f"{title}（{total}）" if total else title)

    def say(self, text: str) -> None:
        print(terminal.shown(text), file=sys.stderr, flush=True)

    def remind(self) -> None:
        super().remind()
        if self.pace.title:
            self.say(self.pace.told())


_current: ContextVar[Progress | None] = ContextVar("shenbao_progress", default=None)


def current() -> Progress:
    """The progress of the run at hand; a silent one where none was opened."""
    return _current.get() or Silent()


def is_shown() -> bool:
    """Whether one was opened."""
    return _current.get() is not None


@contextmanager
def shown(*, quiet: bool = False) -> Iterator[Progress]:
    """Open the progress display for a run and make it :func:`current`."""
    if not quiet and sys.stderr.isatty():
        with _bar() as bar:
            yield from _set(bar)
        return
    display = Logged() if quiet else Lines()
    with _reminding(display):
        yield from _set(display)


def _set(display: Progress) -> Iterator[Progress]:
    token = _current.set(display)
    try:
        yield display
    finally:
        _current.reset(token)


@contextmanager
def _reminding(display: Logged) -> Iterator[None]:
    """Have ``display`` say each minute how far it is, from a thread of its own: whoever works may be long in one thing."""
    over = threading.Event()

    def remind() -> None:
        while not over.wait(EACH_SECONDS):
            display.remind()

    thread = threading.Thread(target=remind, name="shenbao-progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        SpinnerColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
    )
    from rich.progress import Progress as RichProgress
    from rich.text import Text

    pace = Pace()

    class Count(MofNCompleteColumn):
        def render(self, task: Task) -> Text:
            return Text() if task.total is None else super().render(task)

    class Left(ProgressColumn):
        def render(self, task: Task) -> Text:  # noqa: ARG002 - the library's signature
            left = pace.seconds_left()
            return Text("" if left is None else f"约还要{lasting(left)}")

    rich = RichProgress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        Count(),
        TimeElapsedColumn(),
        Left(),
        console=Console(stderr=True),
        transient=True,
    )

    class Bar:
        def step(self, title: str, total: int | None = None) -> None:
            pace.start(title, total)
            for old in rich.task_ids:
                rich.remove_task(old)
            rich.add_task(title, total=total)

        def advance(self, count: int = 1) -> None:
            pace.add(count)
            for task in rich.task_ids:
                rich.advance(task, count)

        def say(self, text: str) -> None:
            rich.console.print(terminal.shown(text), highlight=False, markup=False)

    with rich, interrupt.last_words(rich.stop):  # which brings the cursor back
        yield Bar()
