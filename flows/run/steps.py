"""How the parts of a run are carried out: one after the other here, as Prefect tasks in :mod:`flows.orchestration.review`.

A run is written once (:mod:`flows.run.core`) against :class:`Runner`; what fails in one part is kept as that part's
:class:`Attempt` and never stops the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

logger = logging.getLogger("shenbao.run")

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Attempt(Generic[Item, Result]):
    """What one part came to: its ``result``, or the ``error`` that ended it."""

    item: Item
    result: Result | None = None
    error: BaseException | None = None


class Runner(Protocol):
    def map(
        self, title: str, function: Callable[[Item], Result], items: Iterable[Item]
    ) -> Iterator[Attempt[Item, Result]]:
        """Carry out ``function`` on each item; ``title`` (Chinese) names the part in logs. In the items' order."""
        ...


class Plain:
    """Runs each part in place."""

    def map(
        self, title: str, function: Callable[[Item], Result], items: Iterable[Item]
    ) -> Iterator[Attempt[Item, Result]]:
        for item in items:
            try:
                yield Attempt(item, function(item))
            except Exception as error:
                logger.exception("%s出错", title)
                yield Attempt(item, error=error)
