"""附件4 beside the applications: which row of the district's table is which application.

The matching is the rules' own (:mod:`checks.meaning.matching`): what the sheet 推荐对照 calls missing is what Q02 and Q03 call so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from catalog.models import Catalog
from checks.forms import applied_for
from checks.meaning.matching import Listed, Match, Recommended
from checks.meaning.names import text_of
from records.models import Finding, Record, Value
from records.roles import instance_rows, text_by_role
from records.roles import name as as_name
from reports.results.model import DistrictResult, Item
from reports.safe.text import line

__all__ = ["Pair", "compare", "instances_text", "over_quota", "put_forward", "scene_lines"]


@dataclass
class Pair:
    """A row of the summary table and an application it puts forward; either may be missing. A row that puts several
    applications forward makes several pairs, and so does an application that stands in several rows."""

    form: str
    order: str = ""
    company: str = ""
    instances: str = ""
    contact: str = ""
    mobile: str = ""
    item: Item | None = None
    row: int | None = None
    verdict: str = ""
    tone: str = ""
    findings: list[Finding] = field(default_factory=list)


def instances_text(value: Value | None) -> str:
    """The instances column as the form asks for it: one 环节—场景—实例 a line, numbered."""
    if value is None:
        return ""
    if not isinstance(value.value, list):
        return value.raw
    named = ["—".join(str(p) for p in (i.get("link"), i.get("scene"), i.get("instance")) if p) for i in value.value]
    return "\n".join(f"{n}. {text}" for n, text in enumerate(named, 1))


def scene_lines(catalog: Catalog, record: Record) -> list[str]:
    """An application's instances as 环节—场景—实例: of its table, else of the basic information."""
    table = catalog.forms[record.form].instances() if record.form in catalog.forms else None
    roles: tuple[Literal["link"], Literal["scene"], Literal["instance"]] = ("link", "scene", "instance")
    keys = [c.key if table is not None and (c := table.by_role(role)) is not None else "" for role in roles]
    rows = [[line(text_of(row.get(key))) for key in keys] for row in instance_rows(catalog, record)]
    if not any(map(any, rows)):
        rows = [[line(text_by_role(catalog, record, role)) for role in roles]]
    return ["—".join(filter(None, parts)) for parts in rows if any(parts)]


def compare(result: DistrictResult) -> list[Pair]:
    """Every row of the district's tables in their order, then the applications that are in none."""
    told = _Told(result)
    return [pair for part in result.recommended.forms.values() for pair in _pairs(result, part, told)]


class _Told:
    """The findings by what they are about: a table of thousands of rows has thousands of findings."""

    def __init__(self, result: DistrictResult) -> None:
        self._open = {f.id for f in result.open_findings}
        self._rows: dict[tuple[str, int | None], list[Finding]] = defaultdict(list)
        for finding in result.outcomes.findings:
            self._rows[finding.document, finding.row].append(finding)
        left_out = result.catalog.codes("listed_in_table")
        self.left_out = {f.document for f in result.outcomes.findings if f.code in left_out}

    def about(self, row: Listed) -> list[Finding]:
        """The findings on a row of the table."""
        found = self._rows[row.summary.document, row.number]
        return [f for f in found if (f.field or "").startswith(row.table)]

    def open_about(self, row: Listed) -> list[Finding]:
        """Those of them that no reviewer has withdrawn."""
        return [f for f in self.about(row) if f.id in self._open]


def put_forward(result: DistrictResult) -> dict[str, int]:
    """How many the district puts forward, by form, as rule Q01 counts: rows of its table, without one applications."""
    district, counts = result.recommended, dict.fromkeys(result.catalog.applications, 0)
    for form, part in district.forms.items():
        received = sum(s.record.form == form for s in district.applications)
        counts[form] = len(part.rows) if district.summaries else received
    return counts


def over_quota(result: DistrictResult) -> list[str]:
    """The forms of which more are put forward than the quota allows: those that the rule on quotas stands against."""
    quotas = result.catalog.codes("quota")
    said = [f.evidence for f in result.open_findings if f.code in quotas]
    return [
        form
        for form in result.catalog.applications
        if any(text.startswith(applied_for(result.catalog, form)) for text in said)
    ]


def _pairs(result: DistrictResult, part: Recommended, told: _Told) -> Iterator[Pair]:
    items = {i.document: i for i in result.items}
    found: dict[int, list[Match]] = defaultdict(list)
    for one in sorted(part.matches, key=lambda m: m.application.document):
        for row in one.rows:
            found[id(row)].append(one)
    compared = result.catalog.codes("received", "listed_in_table", "instances_agree", "contacts_agree")
    for row in part.rows:
        for match in _or_none(found[id(row)]):
            item = items[match.application.document] if match is not None else None
            pair = _of_row(part.form, row, item)
            pair.findings = told.open_about(row)
            pair.findings += [f for f in item.findings if f.code in compared] if item is not None else []
            pair.verdict, pair.tone = _verdict(result.catalog, told.about(row), match, pair)
            yield pair
    for submission in part.unlisted:
        item = items[submission.document]
        own = [f for f in item.findings if f.code in compared]
        if not result.summaries:
            verdict, tone = "没有汇总表", "note"
        elif item.document in told.left_out:
            verdict, tone = "未列入汇总表", "fix"
        else:
            verdict, tone = "未见于汇总表，须核对", "note"
        yield Pair(part.form, item=item, verdict=verdict, tone=tone, findings=own)


def _or_none(matches: list[Match]) -> Iterator[Match | None]:
    """The matches of a row, None for a row without any."""
    yield from matches
    if not matches:
        yield None


def _of_row(form: str, row: Listed, item: Item | None) -> Pair:
    order = row.text("seq")
    return Pair(
        form,
        order=order[:-2] if order.endswith(".0") else line(order),
        company=as_name(line(row.company)),
        instances=instances_text(row.cell("instances")),
        contact=line(row.text("contact")),
        mobile=line(row.text("mobile")),
        item=item,
        row=row.number,
    )


def _verdict(catalog: Catalog, about: list[Finding], match: Match | None, pair: Pair) -> tuple[str, str]:
    if match is None:
        missing = catalog.codes("received")
        raised = any(f.code in missing for f in about)
        return ("未收到申报书", "fix") if raised else ("未见申报书，须核对", "note")
    if match.slip:
        return "单位名称不一致", "fix"
    return ("内容不一致", "fix") if pair.findings else ("一致", "good")
