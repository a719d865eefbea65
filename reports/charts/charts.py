"""The charts of a district and of the round: what each shows, as numbers, for whatever draws it.

Papers draw them as pictures (:mod:`reports.charts.picture`), workbooks as their own charts, the page as it shows its tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.models import Catalog
from reports.results.coverage import Coverage, coverage, industries
from reports.results.model import LEVELS, DistrictResult
from reports.results.round import STATES, RoundView
from reports.results.rulebook import rule_title

LEAST = 10
"""Applications below which a chart shows nothing that the table does not."""
_RULES = 12
"""Rules that a chart shows, those with most findings."""
STATE_TONES = dict(zip(STATES, ("good", "fix", "reject"), strict=True))


@dataclass(frozen=True)
class Series:
    """What is counted, with its tone (reject, fix, note, good) and a number for each name."""

    name: str
    tone: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Bars:
    """Names beside one another; ``series`` are stacked."""

    title: str
    names: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str

    def told(self) -> str:
        """The chart in words, for those who do not see it."""
        rows = (f"{n}{sum(s.counts[at] for s in self.series)}{self.unit}" for at, n in enumerate(self.names))
        return f"{self.title}：{'，'.join(rows)}。"


@dataclass(frozen=True)
class Matrix:
    """A list of two levels: of each upper entry its lower ones, with a number each."""

    title: str
    rows: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    unit: str

    def told(self) -> str:
        cells = [cell for _, row in self.rows for cell in row]
        bare = [name for name, count in cells if not count]
        words = f"尚无的：{'、'.join(bare)}" if bare else "均有"
        return f"{self.title}：{len(cells)}个中已有{len(cells) - len(bare)}个，{words}。"


Chart = Bars | Matrix


def district_charts(result: DistrictResult, least: int = LEAST) -> list[Chart]:
    """The charts of one district; [] where it has fewer than ``least`` applications: too little to compare."""
    applications = result.applications()
    if len(applications) < least:
        return []
    covered = coverage(result.catalog, applications)
    return [
        *_by_rule(result.catalog, [result]),
        *_coverage(result.catalog, covered),
        *_industries(industries(result.catalog, applications)),
    ]


def round_charts(view: RoundView, least: int = LEAST) -> list[Chart]:
    """The charts of the round; [] where it has fewer than ``least`` applications."""
    if view.applications < least:
        return []
    return [
        *_by_office(view),
        *_by_rule(view.catalog, view.results),
        *_coverage(view.catalog, view.coverage()[0]),
        *_industries(view.industries()),
    ]


def _by_rule(catalog: Catalog, results: Sequence[DistrictResult]) -> list[Chart]:
    found = Counter[tuple[str, str]]((f.code, f.level) for r in results for f in r.open_findings)
    total = Counter[str]()
    for (code, _), count in found.items():
        total[code] += count
    codes = sorted(total, key=lambda code: (-total[code], code))[:_RULES]
    names = tuple(f"{code} {rule_title(catalog, code)}" for code in codes)
    series = [Series(name, level, tuple(found[code, level] for code in codes)) for level, name in LEVELS.items()]
    shown = tuple(s for s in series if any(s.counts))
    return [Bars("问题按规则", names, shown, "处")] if shown else []


def _by_office(view: RoundView) -> list[Chart]:
    rows = [r for r in view.rows if any(r["states"])]
    series = (Series(s.value, STATE_TONES[s], tuple(r["states"][at] for r in rows)) for at, s in enumerate(STATES))
    return [Bars("各推荐单位的申报书", tuple(r["district"] for r in rows), tuple(series), "份")]


def _coverage(catalog: Catalog, covered: Coverage) -> list[Chart]:
    lower, upper = catalog.list_by_role("scene"), catalog.list_by_role("link")
    if lower is None:
        return []
    groups: dict[str, list[tuple[str, int]]] = {name: [] for name in (upper.names if upper is not None else ())}
    for entry in lower.items:
        groups.setdefault(entry.under, []).append((entry.name, covered.scenes.get(entry.name, 0)))
    rows = tuple((name, tuple(cells)) for name, cells in groups.items() if cells)
    title = f"{upper.what} × {lower.what}" if upper is not None else lower.what
    return [Matrix(f"{title}覆盖", rows, "项")]


def _industries(counted: Sequence[tuple[str, int]]) -> list[Chart]:
    rows = [(name, count) for name, count in counted if count]
    if not rows:
        return []
    names, counts = zip(*rows, strict=True)
    return [Bars("行业分布", names, (Series("申报书", "note", counts),), "份")]
