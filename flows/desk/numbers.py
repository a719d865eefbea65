"""The numbers of an office's letters: none twice, each the one after the last. They follow from the book alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass

from flows.desk.desk import Desk


@dataclass(frozen=True)
class Numbers:
    """The numbers of an office's letters. ``issued`` are those in the book, by letter; ``known`` those of letters that were put by too."""

    scheme: str
    """The office's own with {year} and {number}, "" where it has none."""
    first: int
    issued: Mapping[str, str]
    known: Set[str]

    @classmethod
    def of(cls, desk: Desk, office: str) -> Numbers:
        found = desk.catalog.recommender(office)
        scheme, first = (found.sender.number, found.sender.first) if found is not None else ("", 1)
        events = [
            (id_, e) for id_, done in desk.decisions.now().of(office).letters.items() for e in done if e.what == "issue"
        ]
        used = {str(e.after.get("number")): id_ for id_, e in events if e.after.get("number")}
        put_by = {str(k["number"]) for k in desk.kept(office).sent if k.get("number")}
        return cls(scheme, first, used, put_by | set(used))

    def usual(self, year: int) -> str:
        """The scheme as people type it, ``浦经函〔2023〕{n}号``: the office's own, else the last that was used; "" where neither is."""
        if self.scheme:
            return self.scheme.format(year=year, number="{n}")
        last = next(reversed(list(self.issued)), "")
        return re.sub(r"\d+(?=\D*$)", "{n}", last)

    def next(self, scheme: str) -> int:
        """The number after the last of a scheme; 1 where it numbers nothing."""
        if "{n}" not in scheme:
            return 1
        pattern = re.escape(scheme).replace(re.escape("{n}"), r"(\d{1,9})")
        found = (re.fullmatch(pattern, number) for number in self.known)
        own = self.scheme and scheme == self.scheme.format(year=_year_in(scheme), number="{n}")
        return max([self.first - 1 if own else 0, *(int(m[1]) for m in found if m)]) + 1


def _year_in(scheme: str) -> str:
    found = re.search(r"\d{4}", scheme)
    return found[0] if found else ""
