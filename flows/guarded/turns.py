"""Whose file is read next: sound districts first, what is slow when all else was read.

A unit is first given a share of the time that a file may take. What does not end within it waits until every other file
has had its turn, and is then given the whole: once. A district where that happened :data:`SLOW_AFTER` times is slow: its
other files wait, too, until those of the sound districts have been read. Files at the root, which may be anybody's, come
before those of any district. As long as there is a choice no district keeps two processes busy, and none keeps one busy
for more than :data:`MINUTE` at a stretch.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from flows.received.grouping import Unit

SHARE_SECONDS = 20.0
SLOW_AFTER = 2
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Turn:
    """A unit to be read. ``share`` is how many seconds each of its files may take, 0 for as long as a file may ever."""

    unit: Unit
    share: float


@dataclass(slots=True)
class _Queue:
    """The files of one district. ``later`` are those that used up their share."""

    name: str
    first: deque[Unit] = field(default_factory=deque)
    later: deque[Unit] = field(default_factory=deque)
    in_hand: int = 0
    late: int = 0
    spent: float = 0.0

    @property
    def is_slow(self) -> bool:
        return self.late >= SLOW_AFTER

    @property
    def rank(self) -> tuple[bool, bool, bool, int, int, str]:
        return (self.is_slow, not self.first, bool(self.name), self.in_hand, int(self.spent // MINUTE), self.name)


class Turns:
    """The units of a run that are still to be read, by district (``district_of``; "" at the root); ``slow`` are those of which an
    earlier run learnt that a share is not enough. Units are given out in their order within a district."""

    def __init__(
        self,
        units: Iterable[Unit],
        district_of: Callable[[Unit], str],
        *,
        share: float,
        slow: Iterable[Unit] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._share = share
        self._district_of = district_of
        self._queues: dict[str, _Queue] = {}
        self._given: dict[Unit, float] = {}
        self._put_off = set(slow)
        for unit in units:
            queue = self._queue(unit)
            (queue.later if unit in self._put_off else queue.first).append(unit)

    def next(self) -> Turn | None:
        """The next turn; None where all were given out."""
        waiting = [q for q in self._queues.values() if q.first or q.later]
        if not waiting:
            return None
        queue = min(waiting, key=lambda q: q.rank)
        first = bool(queue.first)
        unit = (queue.first if first else queue.later).popleft()
        queue.in_hand += 1
        self._given[unit] = self._clock()
        return Turn(unit, self._share if first else 0.0)

    def done(self, unit: Unit) -> None:
        """A unit was read, or given up."""
        queue = self._queue(unit)
        queue.in_hand -= 1
        queue.spent += self._clock() - self._given.pop(unit)

    def late(self, unit: Unit) -> None:
        """A unit used up its share."""
        self.done(unit)
        queue = self._queue(unit)
        queue.late += 1
        queue.later.append(unit)
        self._put_off.add(unit)

    def again(self, unit: Unit) -> None:
        """A unit that was done is to be read once more, with the whole time."""
        self._queue(unit).later.append(unit)

    def give_up(self) -> list[Unit]:
        """What is in hand and will not be answered; it is no longer to be read."""
        gone = list(self._given)
        for unit in gone:
            self.done(unit)
        return gone

    def give_up_all(self) -> list[Unit]:
        """Nothing more is to be read."""
        gone = self.left
        self._queues.clear()
        return gone

    @property
    def has_more(self) -> bool:
        """Whether something can be given out."""
        return any(q.first or q.later for q in self._queues.values())

    @property
    def left(self) -> list[Unit]:
        """What was not read: waiting or in hand."""
        waiting = [u for q in self._queues.values() for u in (*q.first, *q.later)]
        return [*waiting, *self._given]

    @property
    def only_slow(self) -> bool:
        """Whether all that is left was put off, or is a slow district's."""
        return all(unit in self._put_off or self._queue(unit).is_slow for unit in self.left)

    @property
    def unfinished(self) -> set[str]:
        """The districts of which something is left."""
        return {self._district_of(unit) for unit in self.left}

    def _queue(self, unit: Unit) -> _Queue:
        name = self._district_of(unit)
        return self._queues.setdefault(name, _Queue(name))
