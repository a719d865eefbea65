"""附件4 beside the applications: which row of the district's table is which application."""

from __future__ import annotations

from dataclasses import dataclass, field

from rapidfuzz import fuzz

from checks.names import fold, text_of
from records.models import Finding, Record, Row, Value
from reports.model import DistrictResult, Item
from reports.text import line

TABLES = {"scene": "scene_recommendations", "factory": "factory_recommendations"}
LIKELY = 82.0
"""From this likeness (0-100) on, a name in the table is taken as a slip for the application's."""


@dataclass
class Pair:
    """A row of the summary table and the application it stands for; either may be missing."""

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


def scene_lines(record: Record) -> list[str]:
    """An application's instances as 环节—场景—实例: of 附1, else of the basic information."""
    out = []
    for row in record.tables.get("scenes", []):
        parts = [line(text_of(row.get(k))) for k in ("link", "scene", "instance")]
        if any(parts):
            out.append("—".join(p for p in parts if p))
    if not out:
        parts = [line(record.text(k)) for k in ("link_name", "scene_name", "instance_name")]
        out = ["—".join(p for p in parts if p)] if any(parts) else []
    return out


def compare(result: DistrictResult) -> list[Pair]:
    """Every row of the district's tables in their order, then the applications that are in none."""
    pairs = [pair for form in TABLES for pair in _form_pairs(result, form)]
    for pair in pairs:
        _judge(pair, result)
    return pairs


def _form_pairs(result: DistrictResult, form: str) -> list[Pair]:
    rows: list[tuple[int, Row]] = []
    for table in result.summaries:
        rows.extend(enumerate(table.record.tables.get(TABLES[form], []), 1))
    pairs = [
        Pair(
            form,
            order=_order(row.get("seq")),
            company=line(text_of(row.get("company"))),
            instances=instances_text(row.get("instances")),
            contact=line(text_of(row.get("contact"))),
            mobile=line(text_of(row.get("mobile"))),
            row=number,
        )
        for number, row in rows
    ]
    left = result.applications(form)
    _match(pairs, left, exact=True)
    _match(pairs, left, exact=False)
    return pairs + [Pair(form, item=item) for item in left]


def _order(value: Value | None) -> str:
    text = text_of(value)
    return text[:-2] if text.endswith(".0") else line(text)


def _match(pairs: list[Pair], left: list[Item], *, exact: bool) -> None:
    """Give every pair without an application its best one of ``left``, which shrinks; exact names, or likely slips."""
    names = {i.document: fold(i.applicant) for i in left}
    for pair in pairs:
        if pair.item is not None or not left or not pair.company:
            continue
        name = fold(pair.company)
        scored = [(fuzz.ratio(names[i.document], name), i) for i in left]
        score, best = max(scored, key=lambda s: (s[0], -s[1].number))
        if score == 100.0 or (not exact and score >= LIKELY):
            pair.item = best
            left.remove(best)


def _judge(pair: Pair, result: DistrictResult) -> None:
    if pair.item is not None:
        pair.findings = [f for f in pair.item.findings if f.code.startswith("Q")]
    if pair.row is not None:
        prefix = TABLES[pair.form]
        of_row = [f for f in result.district_findings if f.row == pair.row and (f.field or "").startswith(prefix)]
        pair.findings = [*of_row, *pair.findings]
    if pair.item is None:
        pair.verdict, pair.tone = "未收到申报书", "fix"
    elif pair.row is None:
        pair.verdict, pair.tone = ("未列入汇总表", "fix") if result.summaries else ("没有汇总表", "note")
    elif fold(pair.company) != fold(pair.item.applicant):
        pair.verdict, pair.tone = "单位名称不一致", "fix"
    elif pair.findings:
        pair.verdict, pair.tone = "内容不一致", "fix"
    else:
        pair.verdict, pair.tone = "一致", "good"
