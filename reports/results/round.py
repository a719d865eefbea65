"""全市: the round at a glance, across districts. Findings stand in their own districts; here they are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reports.results.coverage import Coverage, coverage, industries
from reports.results.matters import matters
from reports.results.model import LEVELS, DistrictResult, Status
from reports.results.progress import Progress, State
from reports.results.recommend import over_quota, put_forward
from reports.results.rulebook import common_faults
from reports.results.wording import copied_passages
from reports.safe.text import line

STATES = (Status.CLEAN, Status.FIX, Status.REJECT)


class RoundView:
    """What the round's outputs share. ``out_dir`` is 全市's folder; the districts' folders stand beside it."""

    def __init__(self, results: Sequence[DistrictResult], out_dir: Path) -> None:
        self.results = sorted(results, key=lambda r: r.district)
        self.catalog = self.results[0].catalog
        self.applications = [i for r in self.results for i in r.applications()]
        self.progress = {r.district: _progress(r, out_dir.parent / r.district) for r in self.results}
        self.copied = copied_passages(self.results)
        self.matters = matters(self.results)
        self.faults = common_faults(self.catalog, self.results, 12)

    def label(self, form: str) -> str:
        return self.results[0].form_label(form)

    def industries(self) -> list[tuple[str, int]]:
        """The round's applications by industry (:func:`reports.results.coverage.industries`)."""
        return industries(self.catalog, self.applications)

    def coverage(self) -> tuple[Coverage, list[tuple[str, list[int]]]]:
        """The whole round's coverage, and for each district the number of instances by 环节."""
        whole, rows = Coverage(), []
        for result in self.results:
            own = coverage(self.catalog, result.applications())
            for target, source in ((whole.scenes, own.scenes), (whole.other, own.other)):
                for name, count in source.items():
                    target[name] = target.get(name, 0) + count
            totals = Counter[str]()
            for links in own.links.values():
                totals.update(links)
            rows.append((result.district, [totals[k.name] for k in self.catalog.items_by_role("link")]))
        return whole, rows

    def settled(self) -> list[tuple[str, str]]:
        """What was settled across offices: what it is about in words, and the ruling."""
        names = {r.application(i): line(i.name, 40) for r in self.results for i in r.applications()}
        names |= {f.id: line(f.applicant, 40) for r in self.results for f in r.outcomes.findings if f.applicant}
        rulings = next((r.settled for r in self.results if r.settled), {})
        return [
            ("、".join(dict.fromkeys(names.get(part, part) for part in target.split("|"))), ruling.told())
            for target, ruling in sorted(rulings.items())
        ]

    def missing(self) -> list[str]:
        """Recommenders of the catalog that sent nothing."""
        here = {r.district for r in self.results}
        return [r.name for r in self.catalog.recommenders if r.name not in here]

    def rows(self) -> list[dict[str, Any]]:
        """A row a district: counts, quotas and what is over them, findings by level."""
        out = []
        for result in self.results:
            tally = result.tally(result.applications())
            quota, over = result.quota, over_quota(result)
            levels = Counter[str](f.level for f in result.open_findings)
            out.append(
                {
                    "district": result.district,
                    "files": len(result.submissions),
                    "received": {f: len(result.applications(f)) for f in self.catalog.applications},
                    "put": put_forward(result),
                    "quota": {
                        f: quota.get(self.catalog.forms[f].of_class, 0) if quota else None
                        for f in self.catalog.applications
                    },
                    "over": {f: f in over for f in self.catalog.applications},
                    "table": bool(result.summaries),
                    "known": quota is not None,
                    "states": [tally[s] for s in STATES],
                    "unreadable": result.tally(result.items)[Status.UNREADABLE],
                    "unread": result.tally(result.items)[Status.UNREAD],
                    "levels": [levels[k] for k in LEVELS],
                    "withdrawn": len(result.withdrawn_findings),
                }
            )
        return out

    def changes(self) -> list[tuple[str, int, int, int, int]]:
        """For each district that was reviewed before: findings that are new, mended, still open, no longer received."""
        return [
            (d, len(p.new), len(p.mended), len(p.still), len(p.gone)) for d, p in self.progress.items() if not p.first
        ]


def _progress(result: DistrictResult, folder: Path) -> Progress:
    """What changed in a district, as its own reports told it when they were written just before."""
    return State.load(folder).advance(result)


def has_table(row: dict[str, Any]) -> str:
    """Whether a district's 推荐汇总表 is there, in the words of a cell."""
    if row["table"] or not row["known"]:
        return "有" if row["table"] else "—"
    return "不明" if row["unread"] else "没有"
