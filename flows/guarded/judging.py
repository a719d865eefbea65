"""Running the rules in guarded processes: a document that no rule gets done with costs those rules on that document.

Documents go out in portions, as many processes as read; one process holds the whole round and compares. What comes back
is what :func:`checks.run.check_round` gives in one process, in the same order.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from catalog.models import Catalog
from checks.comparing import Compared, round_rules
from checks.making import rules_of
from checks.registry import Outcomes, Round
from checks.run import check_document, check_round, gathered, is_checked
from flows import interrupt
from flows.guarded.guard import Died, Guard, Job
from flows.guarded.judge_job import as_text, from_bytes, request
from flows.settings import Settings
from records.models import Reading, Submission, held

logger = logging.getLogger("shenbao.rules")

_JOB = "flows.guarded.judge_job"
_PORTION = 20
"""Documents a request: small enough to share the work out, large enough that asking costs nothing."""
_TAKEN = 100
"""Documents of the round that are handed over at a time."""
_EACH_PROCESS = 40
"""Documents for which a further process is worth its start (0.6 s of one core)."""
_MOST_STUCK = 3
"""Rules that a document may hold up before the rest of its rules is given up."""
_HEAVIEST = (1, 8, 64)
"""How many of the round's largest documents a comparison is tried without, one after the other."""
_DOCUMENTS_A_MB = 5
"""Documents of a round for which its processes may occupy 1 MB more: each takes 85 KB (docs/performance.md)."""
_SHARE = 0.2
"""Seconds that each document of a round adds to what a comparison may take: the slowest takes 0.01."""


def judge(
    settings: Settings,
    catalog: Catalog,
    submissions: Sequence[Submission],
    only: Collection[str] | None = None,
    checked: Callable[[int], object] = int,
) -> Outcomes:
    """Every rule over a round, as :func:`checks.run.check_round`, within the limits of ``settings``. With ``only``, the
    documents of those districts alone are checked, and compared with all. ``checked`` is told, from any thread, of how many
    more are done."""
    if settings.worker_count == 0 or not submissions:
        with held(submissions):  # rules that compare look at each again and again
            outcomes = check_round(catalog, submissions, only)
        checked(len(submissions))
        return outcomes
    ordered = sorted(submissions, key=lambda s: (s.district, s.document))
    count = min(settings.worker_count, 1 + len(ordered) // _EACH_PROCESS)
    with _guards(settings, count, len(ordered)) as guards:
        return _Judging(catalog, settings.check_seconds, ordered, guards, checked, only).run()


@contextmanager
def judging_alone(settings: Settings, catalog: Catalog) -> Iterator[Callable[[Reading], Outcomes]]:
    """Gives what runs every rule on a document taken alone. Its process is started at once, while files are read."""
    if settings.worker_count == 0:
        yield lambda reading: check_document(catalog, reading, reading.record.source.path)
        return
    with _guards(settings, 1, 1) as (guard,), ThreadPoolExecutor(1) as thread:
        started = thread.submit(_start, guard, settings.check_seconds)
        checking = _Checking(catalog, guard, settings.check_seconds, outside=True)

        def check(reading: Reading) -> Outcomes:
            started.result()
            document = reading.record.source.path
            return checking.one(Submission(district="", document=document, reading=reading))

        yield check


def _start(guard: Guard, seconds: float) -> None:
    with suppress(Died):  # told when it is asked
        guard.ask(request("begin"), seconds)


@contextmanager
def _guards(settings: Settings, count: int, documents: int) -> Iterator[list[Guard]]:
    office = str(settings.office.resolve()) if settings.office else None
    told = json.dumps({"notice": settings.notice, "office": office})
    memory = settings.file_memory_mb + documents // _DOCUMENTS_A_MB
    job = Job(_JOB, told, memory, settings.file_output_mb)
    guards = [Guard(job) for _ in range(count)]
    try:
        yield guards
    finally:
        for guard in guards:
            guard.close()


@dataclass
class _Judging:
    """One round: what is still to be checked, and what came of it."""

    catalog: Catalog
    seconds: float
    submissions: list[Submission]
    guards: list[Guard]
    checked: Callable[[int], object]
    only: Collection[str] | None = None
    portions: queue.SimpleQueue[list[int]] = field(default_factory=queue.SimpleQueue)
    done: dict[int, Outcomes] = field(default_factory=dict)
    aside: frozenset[str] = frozenset()
    taken: threading.Event = field(default_factory=threading.Event)
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> Outcomes:
        first, *others = self.guards
        with ThreadPoolExecutor(len(self.guards), thread_name_prefix="shenbao-rules") as threads:
            working = [threads.submit(self._first, first)]
            working += [threads.submit(self._other, guard) for guard in others]
            try:
                compared, *_ = [each.result() for each in working]
            finally:  # where one failed, or we were told to stop: what is in hand ends with its process
                self.stopped.set()
                self.taken.set()
                for guard in self.guards:
                    guard.close()
        interrupt.check()
        outcomes = Outcomes(aside=self.aside)
        for number in sorted(self.done):
            outcomes.extend(self.done.pop(number))
        outcomes.extend(compared)
        return gathered(self.catalog, self.submissions, outcomes)

    def _first(self, guard: Guard) -> Outcomes:
        """The process that compares: it says first which documents are set aside, and checks with the others at last."""
        comparing = _Comparing(self.catalog, guard, self.submissions, self.seconds)
        self.aside = comparing.take()
        counted = [n for n, s in enumerate(self.submissions) if is_checked(s, self.aside, self.only)]
        for at in range(0, len(counted), _PORTION):
            self.portions.put(counted[at : at + _PORTION])
        self.taken.set()
        self.checked(len(self.submissions) - len(counted))
        compared = comparing.run()
        self._work(guard)
        return compared

    def _other(self, guard: Guard) -> Outcomes:
        self.taken.wait()
        self._work(guard)
        return Outcomes()

    def _work(self, guard: Guard) -> None:
        checking = _Checking(self.catalog, guard, self.seconds)
        while not (self.stopped.is_set() or interrupt.happened()):
            try:
                numbers = self.portions.get_nowait()
            except queue.Empty:
                return
            some = [self.submissions[n] for n in numbers]
            self.done.update(zip(numbers, checking.each(some), strict=True))
            self.checked(len(numbers))


@dataclass(frozen=True)
class _Checking:
    """The rules on single documents, in one process; ``outside`` of a round."""

    catalog: Catalog
    guard: Guard
    seconds: float
    outside: bool = False

    def each(self, some: Sequence[Submission]) -> list[Outcomes]:
        """The outcomes of some documents, one that the process dies of taken apart from the others."""
        if len(some) <= 1:
            return [self.one(s) for s in some]
        try:
            return _outcomes(self.guard.ask(request("check", some), self.seconds))
        except Died as problem:
            at = int(problem.at) if problem.at.isdigit() else 0
            logger.warning("the rules did not get done with %s: %s", some[at].document, problem)
        return [*self.each(some[:at]), self.one(some[at]), *self.each(some[at + 1 :])]

    def one(self, one: Submission) -> Outcomes:
        """The outcomes of one document; a rule that does not get done with it cannot tell."""
        left_out: dict[str, str] = {}
        while True:
            try:
                asked = request("check", [one], alone=self.outside, left_out=left_out)
                return _outcomes(self.guard.ask(asked, self.seconds))[0]
            except Died as problem:
                code = problem.at.decode("ascii", "replace")
                logger.warning("rule %s did not get done with %s: %s", code or "-", one.document, problem)
                if not code or code in left_out or len(left_out) == _MOST_STUCK:
                    left_out = {r.code: _why(problem) for r in rules_of(self.catalog)} | left_out
                    district = None if self.outside else one.district
                    return check_document(self.catalog, one.reading, one.document, district, left_out=left_out)
                left_out[code] = _why(problem)


def _outcomes(answer: bytes) -> list[Outcomes]:
    try:
        return from_bytes(answer)
    except (ValueError, TypeError, KeyError) as problem:
        raise Died("进程的答复无法识别") from problem


def _why(problem: Died) -> str:
    return f"核对{problem}，未作判断，请人工核对"


class _Comparing:
    """The rules over the round, in the process that holds it."""

    def __init__(self, catalog: Catalog, guard: Guard, submissions: Sequence[Submission], seconds: float) -> None:
        self._catalog = catalog
        self._guard = guard
        self._submissions = submissions
        self._seconds = seconds + _SHARE * len(submissions)
        self._left_out: dict[str, dict[str, str]] = {}
        self._tried: dict[str, int] = {}
        self._given_up = ""

    def take(self) -> frozenset[str]:
        """Give the process the round; the documents that it sets aside."""
        try:
            self._guard.ask(request("begin"), self._seconds)
            portion = max(_TAKEN, len(self._submissions) // _TAKEN)
            for at in range(0, len(self._submissions), portion):
                self._guard.ask(request("take", self._submissions[at : at + portion]), self._seconds)
            return frozenset(json.loads(self._guard.ask(request("aside"), self._seconds)))
        except Died as problem:
            logger.warning("the rules did not get done with the round: %s", problem)
            self._given_up = _why(problem)
            return frozenset()

    def run(self) -> Outcomes:
        """The outcomes of all rules over the round."""
        while not self._given_up:
            try:
                return _outcomes(self._guard.ask(request("compare", left_out=self._left_out), self._seconds))[0]
            except Died as problem:
                self._without_the_heaviest(problem)
        outcomes = Outcomes()
        compared = Compared(Round(self._catalog, tuple(self._submissions)))
        with held(self._submissions):
            for rule in round_rules(self._catalog):
                outcomes.extend(compared.check(rule, {s.document: self._given_up for s in self._submissions}))
        return outcomes

    def _without_the_heaviest(self, problem: Died) -> None:
        """Leave out what a rule does not get done with: the largest documents, most likely, and all where it is not."""
        code = problem.at.decode("ascii", "replace")
        logger.warning("rule %s did not get done with the round: %s", code or "-", problem)
        tried = self._tried.get(code, 0)
        if not code or tried > len(_HEAVIEST):
            self._given_up = _why(problem)
            return
        self._tried[code] = tried + 1
        heaviest = sorted(self._submissions, key=lambda s: (-len(as_text(s)), s.document))
        some = heaviest[: _HEAVIEST[tried]] if tried < len(_HEAVIEST) else heaviest
        self._left_out[code] = {s.document: _why(problem) for s in some}
        self.take()
