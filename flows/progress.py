"""What is going on, said on standard error: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from flows import interrupt, terminal


class Progress(Protocol):
    """Where a run tells how far it is. ``step`` starts a part of ``total`` units (None where unknown), ``advance`` says
    that some are done, ``say`` is a line that stays, in which nothing from a file acts on the terminal."""

    def step(self, title: str, total: int | None = None) -> None: ...
    def advance(self, count: int = 1) -> None: ...
    def say(self, text: str) -> None: ...


class Silent:
    """Tells nobody: scheduled runs, whose words are in Prefect's log."""

    def step(self, title: str, total: int | None = None) -> None: ...
    def advance(self, count: int = 1) -> None: ...
    def say(self, text: str) -> None: ...


class Lines:
    """Plain lines for pipes and log files: one when a part starts, no bar."""

    def step(self, title: str, total: int | None = None) -> None:
        print(f"{title}（{total}）" if total else title, file=sys.stderr, flush=True)

    def advance(self, count: int = 1) -> None: ...

    def say(self, text: str) -> None:
        print(terminal.shown(text), file=sys.stderr, flush=True)


_current: ContextVar[Progress | None] = ContextVar("shenbao_progress", default=None)


def current() -> Progress:
    """The progress of the run at hand; a silent one where none was opened."""
    return _current.get() or Silent()


@contextmanager
def shown(*, quiet: bool = False) -> Iterator[Progress]:
    """Open the progress display for a run and make it :func:`current`."""
    if quiet:
        display: Progress = Silent()
    elif sys.stderr.isatty():
        with _bar() as display:
            yield from _set(display)
        return
    else:
        display = Lines()
    yield from _set(display)


def _set(display: Progress) -> Iterator[Progress]:
    token = _current.set(display)
    try:
        yield display
    finally:
        _current.reset(token)


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress
    from rich.text import Text

    class Count(MofNCompleteColumn):
        def render(self, task: Task) -> Text:
            return Text() if task.total is None else super().render(task)

    rich = RichProgress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        Count(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )

    class Bar:
        def step(self, title: str, total: int | None = None) -> None:
            for old in rich.task_ids:
                rich.remove_task(old)
            rich.add_task(title, total=total)

        def advance(self, count: int = 1) -> None:
            for task in rich.task_ids:
                rich.advance(task, count)

        def say(self, text: str) -> None:
            rich.console.print(terminal.shown(text), highlight=False, markup=False)

    with rich, interrupt.last_words(rich.stop):  # which brings the cursor back
        yield Bar()
