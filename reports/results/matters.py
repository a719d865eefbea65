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


def matters(results: Sequence[DistrictResult]) -> list[Matter]:
    """The round's matters, in the order of the rule book, those of most sides first."""
    catalog = results[0].catalog
    found: list[Matter] = []
    for check in ("quota", *_BETWEEN):
        for code in sorted(catalog.codes(check)):
            own = [(r, f) for r in results for f in r.open_findings if f.code == code]
            if check == "quota":
                groups: list[list[tuple[DistrictResult, Finding]]] = [[pair] for pair in own]
            else:
                groups = _joined(own)
            found += [_matter(catalog, code, group) for group in groups]
    return found


def _joined(own: Sequence[tuple[DistrictResult, Finding]]) -> list[list[tuple[DistrictResult, Finding]]]:
    """The findings of one matter together: those on documents that name one another."""
    groups: list[list[tuple[DistrictResult, Finding]]] = []
    for result, finding in own:
        home = next((g for g in groups if any(_names(f, finding) or _names(finding, f) for _, f in g)), None)
        if home is None:
            groups.append([(result, finding)])
        else:
            home.append((result, finding))
    return groups


def _names(one: Finding, other: Finding) -> bool:
    return bool(other.document) and f"“{other.document}”" in one.message


def _matter(catalog: Catalog, code: str, group: Sequence[tuple[DistrictResult, Finding]]) -> Matter:
    rule = next(r for r in rules_of(catalog) if r.code == code)
    _, parts = split(rule.explanation)
    return Matter(
        code,
        rule.title,
        LEVELS[group[0][1].level],
        tuple(dict.fromkeys(_side(result, finding) for result, finding in group)),
        tuple(dict.fromkeys(_words(group))),
        parts.get("如何补正", ""),
        pair(*dict.fromkeys(f.id for _, f in group)),
        tuple(dict.fromkeys(p for result, finding in group if (p := _party(result, finding)) is not None)),
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


def _words(group: Sequence[tuple[DistrictResult, Finding]]) -> Iterator[str]:
    """What is found, once for the documents that name one another, and of a shared passage what each side wrote."""
    before: list[Finding] = []
    for _, finding in group:
        said = told(finding, _SHOWN)
        if said.shared is None:
            if not any(_names(f, finding) and _names(finding, f) for f in before):
                yield plain(finding.message, 2 * _SHOWN)
            before.append(finding)
        else:
            name = line(finding.applicant, 40)
            yield f"“{name}”（{line(finding.place, 60)}）写：“{line(said.shared.mine, _SHOWN)}”"
