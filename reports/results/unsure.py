"""What rules could not tell, said once for all whom it concerns, and counted in one place for every paper, page and table."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from records.book.events import open_point
from records.book.state import Checked
from records.models import Assessment
from reports.results.model import UNSEEN, DistrictResult, Item
from reports.results.rulebook import rule_title
from reports.safe.text import line, plain

_WHY = 600
"""Characters of a reason."""


@dataclass(frozen=True)
class Unsure:
    """One rule and one reason (``code`` "": all rules on a file that was not read). ``count`` is how many outcomes these are, ``whom``
    whom they concern: None is the office itself."""

    code: str
    title: str
    why: str
    count: int
    whom: tuple[Item | None, ...]


def checked(result: DistrictResult, item: Item, assessment: Assessment) -> Checked | None:
    """What a person found where a rule could not tell, None where nobody has looked."""
    found = result.decided.checked
    return found.get(open_point(result.application(item), assessment.code, assessment.why)) if found else None


def open_points(result: DistrictResult, item: Item) -> list[Assessment]:
    """What rules could not tell and nobody has looked at."""
    return [a for a in item.unsure if checked(result, item, a) is None]


def why(result: DistrictResult, item: Item | None, assessment: Assessment) -> str:
    """Why a rule cannot tell, and what a person found."""
    found = checked(result, item, assessment) if item is not None and not item.withheld else None
    return f"{assessment.why}（{found.told()}）" if found is not None else assessment.why


def grouped(result: DistrictResult) -> list[Unsure]:
    """Everything that rules could not tell, by rule, files that were not read at the end; the counts add up to ``result.unsure``."""
    whom: dict[tuple[str, str], list[Item | None]] = defaultdict(list)
    unread: dict[str, list[Item]] = defaultdict(list)
    for item, assessment in result.unsure:
        if item is not None and item.status in UNSEEN:
            unread[item.document].append(item)
        else:
            whom[assessment.code, plain(why(result, item, assessment), _WHY)].append(item)
    by_rule = [
        Unsure(code, rule_title(result.catalog, code), why, len(items), _once(items))
        for (code, why), items in sorted(whom.items(), key=lambda at: at[0])
    ]
    return by_rule + [
        Unsure("", "适用于该文件的各项规则", "文件没有读取，或者不是申报表", len(items), (items[0],))
        for _, items in sorted(unread.items())
    ]


def _once(items: list[Item | None]) -> tuple[Item | None, ...]:
    return tuple({item.document if item is not None else None: item for item in items}.values())


def named(result: DistrictResult, item: Item | None) -> str:
    """Whom it concerns: an application with its number, a table by its name, the office."""
    if item is None:
        return result.district
    number = f"{item.number:03d} " if item.form in result.catalog.applications else ""
    return f"{number}{line(item.document, 80) if item.status in UNSEEN else line(item.name, 40)}"


def by_document(result: DistrictResult) -> Counter[str]:
    """How many rules could not tell of each document."""
    return Counter(a.document for _, a in result.unsure)
