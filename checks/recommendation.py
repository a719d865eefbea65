"""A recommender's table against what was received. Files that are set aside do not count.

What compares the rows themselves stands in checks/agreement.py.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from catalog.models import Catalog, Recommender
from checks.forms import applied_for
from checks.library import Deadline, Params, Say, round_check
from checks.meaning.companies import called, known, names_of, path_names, path_names_nobody
from checks.meaning.matching import (
    NO_TABLE,
    NOBODY,
    District,
    Found,
    Listed,
    Recommended,
    dated,
    districts,
    on_tables,
    standing,
)
from checks.meaning.names import fold, industry_named, text_of
from checks.meaning.text import shorten
from checks.registry import At, CannotTell, NotApplicable, Result, Round, Trip
from records import dates
from records.models import ARCHIVES, Submission
from records.roles import by_role, key_of

_NAMED = 3
"""How many files a message names before it only counts the rest."""


class Quota(Params):
    """``by_applicant``: the kinds of recommenders whose quota counts applicants, not rows."""

    by_applicant: tuple[str, ...] = ()
    says: ClassVar[Mapping[str, str]] = {
        "listed": "kind count",
        "received": "kind count",
        "over": "counted over terms",
        "applicants?": "kind allowed",
        "plain?": "kind allowed",
        "larger?": "recommender kind allowed threshold",
        "smaller?": "recommender kind allowed threshold larger",
        "expected": "allowed",
    }


@round_check("quota", Quota, scope="district")
def quota(round_: Round, told: Quota, say: Say) -> Found:
    """More is put forward than the recommender's quota allows: rows of the table, without one applications received."""
    for district, said in on_tables(round_, table=False):
        yield from said
        if not district.known:
            continue
        for form, part in district.forms.items():
            result = _quota(round_, district, part, told, say)
            if result is not None:
                yield standing(district, form), result
            elif district.unread:
                yield standing(district, form), _not_all_read(district)


def _quota(round_: Round, district: District, part: Recommended, told: Quota, say: Say) -> Result | None:
    recommender = round_.catalog.recommender(district.name)
    if recommender is None:
        return None
    kind = applied_for(round_.catalog, part.form)
    allowed = recommender.quota.get(round_.catalog.forms[part.form].of_class)
    received = [s for s in district.applications if s.record.form == part.form]
    if district.summaries:
        count, names = len(part.rows), {fold(r.company) for r in part.rows}
        sure = sum(all(v.certain for v in (r.cell("company"), r.cell("instances")) if v) for r in part.rows)
    else:
        count, names = len(received), {n for s in received for n in names_of(round_.catalog, s.record)[:1]}
        sure = count
    if allowed is None or count <= allowed:
        return None
    counted = say("listed" if district.summaries else "received", kind=kind, count=count)
    if sure <= allowed:
        return CannotTell(f"{counted}，其中有识别没有把握的行，请人工清点")
    if recommender.kind in told.by_applicant and len(names) <= allowed:
        return CannotTell(f"{counted}，涉及{len(names)}家企业，名额按申报主体计，请人工核对")
    beyond = part.rows[allowed].cell("company") if len(part.rows) > allowed else None
    return Trip(
        say("over", counted=counted, over=count - allowed, terms=_terms(round_.catalog, recommender, part, told, say)),
        about=part.form,
        field=part.rows[0].table if part.rows else None,
        where=beyond.where if beyond is not None else "",
        evidence=f"{kind}{count}个",
        expected=say("expected", allowed=allowed),
    )


def _terms(catalog: Catalog, recommender: Recommender, part: Recommended, told: Quota, say: Say) -> str:
    """What the notice allows the recommender."""
    kind = catalog.forms[part.form].of_class
    facts: dict[str, Any] = {"kind": applied_for(catalog, part.form), "allowed": recommender.quota[kind]}
    if recommender.kind in told.by_applicant:
        return say("applicants", **facts)
    flagged = catalog.flagged(recommender)
    if flagged is None:
        return say("plain", **facts)
    facts |= {"recommender": recommender.name, "threshold": flagged.threshold}
    if flagged.flag in recommender.flags:
        return say("larger", **facts)
    return say("smaller", **facts, larger=flagged.numbers.get(kind, recommender.quota[kind]))


def _not_all_read(district: District) -> CannotTell:
    """What must be said instead of what a district did not send, or how much of it."""
    named = "、".join(f"“{s.document}”" for s in district.unread[:_NAMED])
    more = f"等{len(district.unread)}份" if len(district.unread) > _NAMED else ""
    return CannotTell(f"{named}{more}因本机缺少组件未读取，内容不明")


class Received(Params):
    says: ClassVar[Mapping[str, str]] = {"missing": "place company what elsewhere", "expected": ""}


@round_check("received", Received, scope="district")
def received(round_: Round, _told: Received, say: Say) -> Found:
    """A row of the table whose application was not received."""
    for district, said in on_tables(round_, table=True):
        yield from said
        if not (district.known and district.summaries):
            continue
        lost = [row for part in district.forms.values() for row in part.unreceived]
        for row, result in _unreceived(round_, district, lost, say):
            yield At.of(row.summary), result


def _unreceived(round_: Round, district: District, lost: Sequence[Listed], say: Say) -> Iterator[tuple[Listed, Result]]:
    if district.unread:
        for row in lost:
            yield row, _not_all_read(district)
        return
    nameless = [s for s in district.unreadable if path_names_nobody(round_.catalog, s)]
    certain: list[Listed] = []
    for row in lost:
        value = row.cell("company")
        file = next((s for s in district.unreadable if path_names(round_.catalog, s, row.company)), None)
        if file is not None:
            yield row, CannotTell(f"“{row.company}”的申报书可能是未能读出的“{file.document}”")
        elif value is None or not fold(row.company) or not value.certain:
            yield row, CannotTell(f"{row.place}的企业名称没有读清")
        else:
            certain.append(row)
    doubtful = [s for s in _doubtful(round_.catalog, district) if s.record.form in {r.form for r in certain}]
    several = any(s.record.source.format in ARCHIVES for s in nameless)
    if certain and (several or len(certain) <= len(nameless) + len(doubtful)):
        which = "”“".join(s.document for s in (*nameless, *doubtful))
        for row in certain:
            yield row, CannotTell(f"“{row.company}”的申报书可能是“{which}”之一，其中企业名称未能读出")
        return
    for row in certain:
        yield row, _missing(round_, district, row, say)


def _missing(round_: Round, district: District, row: Listed, say: Say) -> Trip:
    kind = applied_for(round_.catalog, row.form)
    what = f"{kind}“{shorten(row.text('task'), 30)}”" if row.text("task") else kind
    elsewhere = _received_elsewhere(round_, district, row)
    return Trip(
        say("missing", place=row.place, company=row.company, what=what, elsewhere=elsewhere),
        about=f"{row.form}\x1e{fold(row.company)}\x1e{fold(row.text('task'))}",
        field=row.field("company"),
        row=row.number,
        where=row.where("company"),
        evidence=row.company,
        expected=say("expected"),
    )


def _received_elsewhere(round_: Round, district: District, row: Listed) -> str:
    """Where else the company's application came in, for the message: as the other form, or in another district."""
    name = fold(row.company)
    same = [s for s in round_.counted(*round_.catalog.applications) if name in names_of(round_.catalog, s.record)]
    here = [s for s in same if s.district == district.name]
    if here and all(s.record.form == row.form for s in here):
        return f"（收到该企业同类申报书{len(here)}份，已与汇总表其他行对应）"
    if here:
        return (
            f"（收到该企业的{applied_for(round_.catalog, here[0].record.form)}申报书“{here[0].document}”，请核对类别）"
        )
    if same:
        return f"（该企业的申报书“{same[0].document}”由{same[0].district}报送）"
    return ""


def _doubtful(catalog: Catalog, district: District) -> list[Submission]:
    """Applications received that are in no row, and whose company could not be read with certainty."""
    return [s for part in district.forms.values() for s in part.unlisted if not known(catalog, s.record)]


class ListedInTable(Params):
    says: ClassVar[Mapping[str, str]] = {"unlisted": "company kind document hint", "expected": "kind"}


@round_check("listed_in_table", ListedInTable, scope="district")
def listed_in_table(round_: Round, _told: ListedInTable, say: Say) -> Found:
    """An application was received that the recommender's table does not list."""
    for district in districts(round_):
        vague = any(
            not (v and v.certain and v.value)
            for p in district.forms.values()
            for r in p.unreceived
            for v in [r.cell("company")]
        )
        unlisted = {s.document for part in district.forms.values() for s in part.unlisted}
        for s in district.applications:
            if not district.known:
                yield At.of(s), NOBODY
            elif not district.summaries:
                yield At.of(s), NO_TABLE
            elif s.document in unlisted:
                yield At.of(s), _not_listed(round_.catalog, district, s, vague, say)


def _not_listed(catalog: Catalog, district: District, s: Submission, vague: bool, say: Say) -> Result:
    if not known(catalog, s.record):
        return CannotTell("企业名称没有读清，不能与推荐汇总表对应")
    if vague or district.lost_table:
        return CannotTell("推荐汇总表有没有读清的内容，不能确定是否列入")
    form, holder = s.record.form, district.holder()
    assert holder is not None
    other = next(
        (
            r
            for p in district.forms.values()
            for r in p.rows
            if p.form != form and fold(r.company) in names_of(catalog, s.record)
        ),
        None,
    )
    hint = f"（{other.place}列有该企业，请核对类别）" if other is not None else ""
    if any(fold(r.company) in names_of(catalog, s.record) for r in district.forms[form].rows):
        hint = "（汇总表列有该企业，但所列各项与本申报书都不同，已与该企业另一份申报书对应）"
    kind, company = applied_for(catalog, form), called(catalog, s.record)
    key = key_of(catalog, form, "applicant_again") or key_of(catalog, form, "applicant")
    value = s.record.get(key)
    return Trip(
        say("unlisted", company=company, kind=kind, document=holder.document, hint=hint),
        field=key,
        where=value.where if value is not None else "",
        evidence=company,
        expected=say("expected", kind=kind),
    )


class TableInTime(Params):
    """``deadline`` is the day by which the table has to be there."""

    deadline: Deadline
    says: ClassVar[Mapping[str, str]] = {
        "missing": "recommender count",
        "evidence_missing": "count",
        "expected_missing": "",
        "late": "line by",
        "expected_late": "by",
    }


@round_check("table_in_time", TableInTime, scope="district")
def table_in_time(round_: Round, told: TableInTime, say: Say) -> Found:
    """Applications were sent without the recommender's table, or it is dated after its deadline."""
    deadline = dict(round_.catalog.deadlines)[told.deadline]
    for district, said in on_tables(round_, table=False):
        yield from said
        if not district.known:
            continue
        for summary in district.summaries:
            result = _late(summary, deadline, say)
            if result is not None:
                yield At.of(summary), result
        if not district.summaries:
            yield At(district.name, ""), _no_table(district, say)


def _no_table(district: District, say: Say) -> Result:
    count = len(district.applications)
    if not count:
        return NotApplicable("没有收到申报书")
    if district.lost_table:
        return CannotTell("推荐汇总表的文件未能读出")
    return Trip(
        say("missing", recommender=district.name, count=count),
        about="table",
        evidence=say("evidence_missing", count=count),
        expected=say("expected_missing"),
    )


def _late(summary: Submission, deadline: dt.date, say: Say) -> Result | None:
    found = dated(summary)
    if found is None or found[0] <= deadline.isoformat():
        return None
    date, line, where = found
    if summary.record.source.format in ("scan", "image"):
        return CannotTell(f"扫描件上的日期识别为{date}，请人工核对")
    return Trip(
        say("late", line=shorten(_dated_part(line, date), 40), by=deadline),
        about="date",
        where=where,
        evidence=shorten(line),
        expected=say("expected_late", by=deadline),
    )


def _dated_part(line: str, date: str) -> str:
    """Of a line of several entries (``填报人：…    填报日期：…``) the one that holds the date."""
    parts = re.split(r"\s{2,}|[\t\u3000]", line)
    return next((part for part in parts if dates.date(part).value == date), line)


class OneSided(Params):
    """Of ``least`` applications or more, over ``share`` (0 to 1) are of one industry."""

    least: int
    share: float
    says: ClassVar[Mapping[str, str]] = {"one_sided": "recommender total name count part spread", "expected": ""}


@round_check("one_sided", OneSided, scope="district")
def one_sided(round_: Round, told: OneSided, say: Say) -> Found:
    """A recommender's applications are of one industry for the greater part."""
    for district, said in on_tables(round_, table=False):
        yield from said
        total = len(district.applications)
        if not district.known:
            continue
        if district.unread:
            yield standing(district), _not_all_read(district)
            continue
        if total < told.least:
            yield standing(district), NotApplicable(f"申报书不足{told.least}份")
            continue
        named = Counter(name for s in district.applications if (name := _industry(round_.catalog, s)))
        unknown = total - sum(named.values())
        name, count = min(named.items(), key=lambda n: (-n[1], n[0]), default=("", 0))
        if count > told.share * total:
            spread = "、".join(f"{n}{c}份" for n, c in sorted(named.items(), key=lambda n: (-n[1], n[0])))
            facts = {"recommender": district.name, "total": total, "name": name, "count": count}
            yield (
                standing(district),
                Trip(
                    say("one_sided", **facts, part=f"{count / total:.0%}", spread=spread),
                    about=key_of(round_.catalog, district.applications[0].record.form, "industry"),
                    evidence=spread,
                    expected=say("expected"),
                ),
            )
        elif count + unknown > told.share * total:
            yield standing(district), CannotTell(f"{unknown}份申报书的行业没有勾选或没有读清")


def _industry(catalog: Catalog, s: Submission) -> str:
    value = by_role(catalog, s.record, "industry")
    return industry_named(catalog, text_of(value)) if value is not None and value.certain else ""
