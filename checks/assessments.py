"""What each rule came to on each document, in little room: a round has eighty a document, nearly all with the same few words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from records.compact import built
from records.models import Assessment, Outcome


class Told(NamedTuple):
    """What a rule came to, wherever it did."""

    code: str
    outcome: Outcome
    why: str = ""


@lru_cache(maxsize=1 << 14)
def told(code: str, outcome: Outcome, why: str = "") -> Told:
    """The same object for all documents on which a rule came to the same."""
    return Told(code, outcome, why)


Of = tuple[str, str]
"""Whose assessments they are: (district, document)."""
_FIELDS = set(Assessment.model_fields)


class Assessments(Collection[Assessment]):
    """Assessments by whose they are, in the order in which they were added. Who looks at each of a round takes :meth:`groups`."""

    __slots__ = ("_groups",)

    def __init__(self, some: Iterable[Assessment] = ()) -> None:
        self._groups: dict[Of, list[Told]] = {}
        for one in some:
            self.add((one.district, one.document), told(one.code, one.outcome, one.why))

    def add(self, of: Of, *every: Told) -> None:
        self._groups.setdefault(of, []).extend(every)

    def extend(self, other: Assessments) -> None:
        for of, every in other.groups():
            self.add(of, *every)

    def groups(self) -> Iterator[tuple[Of, list[Told]]]:
        yield from self._groups.items()

    def of_outcome(self, outcome: Outcome) -> Iterator[Assessment]:
        for of, every in self._groups.items():
            yield from (_assessment(of, one) for one in every if one.outcome == outcome)

    def of_district(self, district: str) -> Assessments:
        found = Assessments()
        found._groups = {of: every for of, every in self._groups.items() if of[0] == district}
        return found

    def change(self, change: Callable[[Of, Told], Told]) -> None:
        """Put what ``change`` makes of each in its place."""
        for of, every in self._groups.items():
            every[:] = [change(of, old) for old in every]

    def sort(self) -> None:
        """By district, document and rule, so that the same inbox gives the same bytes."""
        self._groups = dict(sorted(self._groups.items()))
        for every in self._groups.values():
            every.sort(key=lambda one: one.code)

    def __iter__(self) -> Iterator[Assessment]:
        for of, every in self._groups.items():
            yield from (_assessment(of, one) for one in every)

    def __len__(self) -> int:
        return sum(map(len, self._groups.values()))

    def __contains__(self, one: object) -> bool:
        return any(one == other for other in self)


def _assessment(of: Of, one: Told) -> Assessment:
    district, document = of
    held = {"document": document, "code": one.code, "outcome": one.outcome, "why": one.why, "district": district}
    return built(Assessment, _FIELDS, held)
