"""What only the city can settle, or has to know of: every matter between offices once, with both sides and what to decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalog.models import Catalog
from checks.book import split
from checks.making import rules_of
from records.book.events import pair
from records.models import Finding
from reports.results.model import LEVELS, DistrictResult
from reports.results.wording import told
from reports.safe.text import line, plain

_SHOWN = 200
"""Characters of what a document says that a side quotes."""
_BETWEEN = ("one_recommender", "shared_text", "same_company_again")
"""The checks whose findings are between applications; with the quota of an office these are the city's."""


@dataclass(frozen=True)
class Matter:
    """``sides`` are who is concerned, a line each; ``words`` what each says; ``decide`` what is to be decided. ``target`` is what a
    ruling on it stands under in the book, ``parties`` the applications concerned: (office, application, name)."""

    code: str
    title: str
    level: str
    sides: tuple[str, ...]
    words: tuple[str, ...]
    decide: str
    target: str = ""
    parties: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Concern:
    """What an office has to do with a matter: a finding, and what the matter is told by (:class:`Matter`)."""

    finding: Finding
    side: str
    words: str
    passage: str
    """Of a shared passage what this side wrote; the words then say who and where."""
    party: tuple[str, str, str] | None


def concerns(result: DistrictResult) -> list[Concern]:
    """What an office has to do with the round's matters: all that is needed of it."""
    codes = {code for check in ("quota", *_BETWEEN) for code in result.catalog.codes(check)}
    found = [f for f in result.open_findings if f.code in codes]
    return [Concern(f, _side(result, f), *_words(f), _party(result, f)) for f in found]


def matters_of(catalog: Catalog, every: Sequence[Concern]) -> list[Matter]:
    """The round's matters from what the offices have to do with them, office by office; in the order of the rule book."""
    found: list[Matter] = []
    for check in ("quota", *_BETWEEN):
        for code in sorted(catalog.codes(check)):
            own = [c for c in every if c.finding.code == code]
            found += [
                _matter(catalog, code, group) for group in ([[c] for c in own] if check == "quota" else _joined(own))
            ]
    return found


def _joined(own: Sequence[Concern]) -> list[list[Concern]]:
    """The findings of one matter together: those on documents that name one another."""
    groups: list[list[Concern]] = []
    for mine in own:
        home = next((g for g in groups if any(_name_one_another(c.finding, mine.finding) for c in g)), None)
        if home is None:
            groups.append([mine])
        else:
            home.append(mine)
    return groups


def _name_one_another(one: Finding, other: Finding) -> bool:
    return _names(one, other) or _names(other, one)


def _names(one: Finding, other: Finding) -> bool:
    return bool(other.document) and f"“{other.document}”" in one.message


def _matter(catalog: Catalog, code: str, group: Sequence[Concern]) -> Matter:
    rule = next(r for r in rules_of(catalog) if r.code == code)
    _, parts = split(rule.explanation)
    return Matter(
        code,
        rule.title,
        LEVELS[group[0].finding.level],
        tuple(dict.fromkeys(c.side for c in group)),
        tuple(dict.fromkeys(_said(group))),
        parts.get("如何补正", ""),
        pair(*dict.fromkeys(c.finding.id for c in group)),
        tuple(dict.fromkeys(c.party for c in group if c.party is not None)),
    )


def _party(result: DistrictResult, finding: Finding) -> tuple[str, str, str] | None:
    item = next((i for i in result.items if i.document == finding.document), None)
    return None if item is None else (result.district, result.application(item), result.item_label(item))


def _side(result: DistrictResult, finding: Finding) -> str:
    item = next((i for i in result.items if i.document == finding.document), None)
    if item is None:
        return line(result.district, 40)
    project = f"，项目“{line(item.project, 60)}”" if item.project else ""
    return f"{line(result.district, 40)}：{result.item_label(item)}{project}（{line(item.document, 120)}）"


def _said(group: Sequence[Concern]) -> Iterator[str]:
    """What is found, once for the documents that name one another, and of a shared passage what each side wrote."""
    before: list[Finding] = []
    quoted: set[str] = set()
    for concern in group:
        if concern.passage:
            yield (
                f"{concern.words}写的与上同。"
                if concern.passage in quoted
                else f"{concern.words}写：“{concern.passage}”"
            )
            quoted.add(concern.passage)
        else:
            if not any(_names(f, concern.finding) and _names(concern.finding, f) for f in before):
                yield concern.words
            before.append(concern.finding)


def _words(finding: Finding) -> tuple[str, str]:
    """What is found and ""; or who shares a passage and where, and the passage as this side wrote it."""
    said = told(finding, _SHOWN)
    if said.shared is None:
        return plain(finding.message, 2 * _SHOWN), ""
    return f"“{line(finding.applicant, 40)}”（{line(finding.place, 60)}）", line(said.shared.mine, _SHOWN)
