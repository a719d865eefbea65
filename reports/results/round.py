"""全市: the round at a glance, across districts. Findings stand in their own districts; here they are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.results.coverage import Coverage, coverage, industries
from reports.results.matters import Concern, concerns, matters_of
from reports.results.model import LEVELS, DistrictResult, Status
from reports.results.progress import State
from reports.results.recommend import over_quota, put_forward
from reports.results.rulebook import common_faults
from reports.results.wording import copied_passages
from reports.safe.text import line

STATES = (Status.CLEAN, Status.FIX, Status.REJECT)


@dataclass(frozen=True)
class OfficeView:
    """What the round's outputs need of one district: it is looked at while its records are at hand, for a round has thousands.

    ``row`` has its counts, quotas and what is over them, findings by level; ``names`` who stands behind what may have been settled;
    ``changed`` how many findings are new, mended, still open, no longer received, None where there is nothing to compare with.
    """

    result: DistrictResult
    row: dict[str, Any]
    tally: Counter[Status]
    covered: Coverage
    industries: dict[str, int]
    concerns: list[Concern]
    names: dict[str, str]
    changed: tuple[int, int, int, int] | None

    @classmethod
    def of(cls, result: DistrictResult, folder: Path) -> OfficeView:
        """A district as its own reports in ``folder`` told of it."""
        catalog, applications = result.catalog, result.applications()
        progress = State.load(folder).advance(result)
        counts = (len(progress.new), len(progress.mended), len(progress.still), len(progress.gone))
        return cls(
            result,
            _row(result),
            result.tally(applications),
            coverage(catalog, applications),
            dict(industries(catalog, applications)),
            concerns(result),
            {result.application(i): line(i.name, 40) for i in applications} if result.settled else {},
            None if progress.first else counts,
        )


def views(results: Iterable[DistrictResult], out_dir: Path) -> list[OfficeView]:
    """The views of districts whose reports stand in ``out_dir``."""
    return [OfficeView.of(result, out_dir / result.district) for result in results]


class RoundView:
    """What the round's outputs share."""

    def __init__(self, offices: Sequence[OfficeView]) -> None:
        self.offices = sorted(offices, key=lambda o: o.result.district)
        self.results = [o.result for o in self.offices]
        self.catalog = self.results[0].catalog
        self.tally = sum((o.tally for o in self.offices), Counter[Status]())
        self.rows = [o.row for o in self.offices]
        self.copied = copied_passages(self.results)
        self.matters = matters_of(self.catalog, [c for o in self.offices for c in o.concerns])
        self.faults = common_faults(self.catalog, self.results, 12)

    @property
    def applications(self) -> int:
        return self.tally.total()

    def received(self, form: str) -> int:
        """The applications of a form."""
        return sum(row["received"][form] for row in self.rows)

    def label(self, form: str) -> str:
        return self.results[0].form_label(form)

    def industries(self) -> list[tuple[str, int]]:
        """The round's applications by industry (:func:`reports.results.coverage.industries`)."""
        counted = Counter[str]()
        for office in self.offices:
            counted.update(office.industries)
        return list(counted.items())

    def coverage(self) -> tuple[Coverage, list[tuple[str, list[int]]]]:
        """The whole round's coverage, and for each district the number of instances by 环节."""
        whole, rows = Coverage(), []
        for office in self.offices:
            own = office.covered
            for target, source in ((whole.scenes, own.scenes), (whole.other, own.other)):
                for name, count in source.items():
                    target[name] = target.get(name, 0) + count
            totals = Counter[str]()
            for links in own.links.values():
                totals.update(links)
            rows.append((office.result.district, [totals[k.name] for k in self.catalog.items_by_role("link")]))
        return whole, rows

    def settled(self) -> list[tuple[str, str]]:
        """What was settled across offices: what it is about in words, and the ruling."""
        names = {id_: name for o in self.offices for id_, name in o.names.items()}
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

    def changes(self) -> list[tuple[str, int, int, int, int]]:
        """For each district that was reviewed before: findings that are new, mended, still open, no longer received."""
        return [(o.result.district, *o.changed) for o in self.offices if o.changed is not None]


def _row(result: DistrictResult) -> dict[str, Any]:
    catalog, quota, over = result.catalog, result.quota, over_quota(result)
    tally, every = result.tally(result.applications()), result.tally(result.items)
    levels = Counter[str](f.level for f in result.open_findings)
    return {
        "district": result.district,
        "files": len(result.submissions),
        "received": {f: len(result.applications(f)) for f in catalog.applications},
        "put": put_forward(result),
        "quota": {f: quota.get(catalog.forms[f].of_class, 0) if quota else None for f in catalog.applications},
        "over": {f: f in over for f in catalog.applications},
        "table": bool(result.summaries),
        "known": quota is not None,
        "states": [tally[s] for s in STATES],
        "unreadable": every[Status.UNREADABLE],
        "unread": every[Status.UNREAD],
        "levels": [levels[k] for k in LEVELS],
        "withdrawn": len(result.withdrawn_findings),
    }


def has_table(row: dict[str, Any]) -> str:
    """Whether a district's 推荐汇总表 is there, in the words of a cell."""
    if row["table"] or not row["known"]:
        return "有" if row["table"] else "—"
    return "不明" if row["unread"] else "没有"
