"""Q: a district's recommendation (附件4) against what was received. Files that F03 or F10 set aside do not count.

Q04 to Q06, which compare the rows themselves, stand in checks/agreement.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from checks.companies import called, known, names_of, path_names, path_names_nobody
from checks.forms import PROJECTS, SUMMARY
from checks.matching import (
    NO_TABLE,
    NOBODY,
    TABLES,
    District,
    Found,
    Listed,
    Recommended,
    dated,
    districts,
    on_tables,
    standing,
)
from checks.names import fold, industry_named, text_of
from checks.registry import At, CannotTell, NotApplicable, Result, Round, Trip, round_rule
from checks.text import shorten
from records.models import ARCHIVES, Submission

"""Kinds of files that may hold any number of applications."""
_NAMED = 3
"""How many files a message names before it only counts the rest."""


@round_rule(
    "Q01",
    "reject",
    "二（四）",
    "推荐数量超过名额",
    forms=SUMMARY,
    reads=("推荐汇总表各行", "收到的申报书"),
    scope="district",
)
def over_quota(round_: Round) -> Found:
    """推荐的优秀场景、示范工厂数量不得超过名额：区20个、10个；获评区级及以上智能制造试点示范项目累计超过50个的区25个、15个；
    管委会10个、5个。按推荐汇总表的行数计；没有汇总表的，按收到的申报书计。

    触发示例：区的汇总表列优秀场景21个；管委会没有汇总表，收到示范工厂申报书6份。
    不触发：恰好20个；一份申报书的新旧两版只计一份；序号以外全部空白的行不计。
    如何补正：按推荐优先顺序减至名额以内后重新报送汇总表。
    局限：是否超过50个项目由使用单位在目录中注明，默认按未超过计；管委会的名额按申报主体计，行数超过而企业数未超过的不判断。
    """
    for district, said in on_tables(round_, table=False):
        yield from said
        if not district.known:
            continue
        for form, part in district.forms.items():
            result = _quota(round_, district, part)
            if result is not None:
                yield standing(district, form), result
            elif district.unread:
                yield standing(district, form), _not_all_read(district)


def _quota(round_: Round, district: District, part: Recommended) -> Result | None:
    recommender = round_.catalog.recommender(district.name)
    if recommender is None:
        return None
    quotas, form = round_.catalog.quotas, part.form
    allowed: int = getattr(recommender.quota, form)
    received = [s for s in district.applications if s.record.form == form]
    if district.summaries:
        count, how, names = len(part.rows), "推荐汇总表列", {fold(r.company) for r in part.rows}
        sure = sum(all(v.certain for v in (r.row.get("company"), r.row.get("instances")) if v) for r in part.rows)
    else:
        count, how, names = (
            len(received),
            "没有推荐汇总表，收到申报书",
            {n for s in received for n in names_of(s.record)[:1]},
        )
        sure = count
    if count <= allowed:
        return None
    if sure <= allowed:
        return CannotTell(f"{how}{PROJECTS[form]}{count}个，其中有识别没有把握的行，请人工清点")
    if recommender.kind == "committee":
        if len(names) <= allowed:
            return CannotTell(f"{how}{PROJECTS[form]}{count}个，涉及{len(names)}家企业，名额按申报主体计，请人工核对")
        terms = f"通知规定各管委会推荐的{PROJECTS[form]}申报主体不超过{allowed}个"
    elif recommender.over_fifty:
        terms = (
            f"{district.name}按获评区级及以上智能制造试点示范项目累计超过{quotas.over_fifty_count}个的区计，"
            f"可推荐{PROJECTS[form]}{allowed}个"
        )
    else:
        larger = getattr(quotas.over_fifty, form)
        terms = (
            f"通知规定各区可推荐{PROJECTS[form]}{allowed}个（获评区级及以上智能制造试点示范项目累计超过{quotas.over_fifty_count}个的区"
            f"为{larger}个，{district.name}未注明符合这一条件）"
        )
    return Trip(
        f"{how}{PROJECTS[form]}{count}个，超过名额{count - allowed}个。{terms}。请按优先顺序减至名额以内，重新报送推荐汇总表。",
        about=form,
        field=TABLES[form] if part.rows else None,
        where=part.rows[allowed].row["company"].where
        if len(part.rows) > allowed and "company" in part.rows[allowed].row
        else "",
        evidence=f"{PROJECTS[form]}{count}个",
        expected=f"不超过{allowed}个",
    )


def _not_all_read(district: District) -> CannotTell:
    """What must be said instead of what a district did not send, or how much of it."""
    named = "、".join(f"“{s.document}”" for s in district.unread[:_NAMED])
    more = f"等{len(district.unread)}份" if len(district.unread) > _NAMED else ""
    return CannotTell(f"{named}{more}因本机缺少组件未读取，内容不明")


@round_rule(
    "Q02",
    "fix",
    "二（二）",
    "汇总表所列企业没有申报书",
    forms=SUMMARY,
    reads=("推荐汇总表.申报企业名称", "收到的申报书"),
    scope="district",
)
def not_received(round_: Round) -> Found:
    """推荐汇总表所列的每一行都应收到申报书。企业名称比较时不计全角半角、空格、括号和标点；只有错别字、简称之差而手机、联系人或场景
    实例相同的，视为同一企业（见Q05）。

    触发示例：汇总表列有某企业的示范工厂，只收到它的优秀场景申报书。
    不触发：“上海甲（集团）有限公司”与“上海甲(集团)有限公司”；汇总表写错一个字而手机相同。
    如何补正：补报申报书，或从汇总表中删去。
    局限：打不开的文件（见F01、F02）按文件名对应，对不上又可能是该企业的，不判断；有文件因本机缺少组件未读取的，不判断。
    """
    for district, said in on_tables(round_, table=True):
        yield from said
        if not (district.known and district.summaries):
            continue
        lost = [row for part in district.forms.values() for row in part.unreceived]
        for row, result in _unreceived(round_, district, lost):
            yield At.of(row.summary), result


def _unreceived(round_: Round, district: District, lost: Sequence[Listed]) -> Iterator[tuple[Listed, Result]]:
    if district.unread:
        for row in lost:
            yield row, _not_all_read(district)
        return
    nameless = [s for s in district.unreadable if path_names_nobody(round_.catalog, s)]
    certain: list[Listed] = []
    for row in lost:
        value = row.row.get("company")
        file = next((s for s in district.unreadable if path_names(round_.catalog, s, row.company)), None)
        if file is not None:
            yield row, CannotTell(f"“{row.company}”的申报书可能是未能读出的“{file.document}”")
        elif value is None or not fold(row.company) or not value.certain:
            yield row, CannotTell(f"{row.place}的企业名称没有读清")
        else:
            certain.append(row)
    doubtful = [s for s in _doubtful(district) if s.record.form in {r.form for r in certain}]
    several = any(s.record.source.format in ARCHIVES for s in nameless)
    if certain and (several or len(certain) <= len(nameless) + len(doubtful)):
        which = "”“".join(s.document for s in (*nameless, *doubtful))
        for row in certain:
            yield row, CannotTell(f"“{row.company}”的申报书可能是“{which}”之一，其中企业名称未能读出")
        return
    for row in certain:
        yield row, _missing(round_, district, row)


def _missing(round_: Round, district: District, row: Listed) -> Trip:
    partner = _received_elsewhere(round_, district, row)
    what = f"示范工厂“{shorten(row.text('factory'), 30)}”" if row.text("factory") else PROJECTS[row.form]
    return Trip(
        f"{row.place}列有“{row.company}”（{what}），但没有收到相应的申报书{partner}。"
        "通知要求推荐汇总表与申报书一并报送，请补报申报书，或从汇总表中删去。",
        about=f"{row.form}\x1e{fold(row.company)}\x1e{fold(row.text('factory'))}",
        field=f"{row.table}.company",
        row=row.number,
        where=row.row["company"].where,
        evidence=row.company,
        expected="收到该企业的申报书",
    )


def _received_elsewhere(round_: Round, district: District, row: Listed) -> str:
    """Where else the company's application came in, for the message: as the other form, or in another district."""
    name = fold(row.company)
    same = [s for s in round_.counted("scene", "factory") if name in names_of(s.record)]
    here = [s for s in same if s.district == district.name]
    if here and all(s.record.form == row.form for s in here):
        return f"（收到该企业同类申报书{len(here)}份，已与汇总表其他行对应）"
    if here:
        return f"（收到该企业的{PROJECTS[here[0].record.form]}申报书“{here[0].document}”，请核对类别）"
    if same:
        return f"（该企业的申报书“{same[0].document}”由{same[0].district}报送）"
    return ""


def _doubtful(district: District) -> list[Submission]:
    """Applications received that are in no row, and whose company could not be read with certainty."""
    return [s for part in district.forms.values() for s in part.unlisted if not known(s.record)]


@round_rule(
    "Q03",
    "fix",
    "二（二）",
    "收到的申报书不在汇总表中",
    reads=("company_name", "推荐汇总表.申报企业名称"),
    scope="district",
)
def not_listed(round_: Round) -> Found:
    """收到的每份申报书都应列在推荐单位的汇总表相应部分（优秀场景、示范工厂）。没有汇总表的由Q07指出。名称比较同Q02。

    触发示例：收到某企业的优秀场景申报书，汇总表优秀场景部分没有该企业。
    不触发：汇总表企业名称有错别字而手机、联系人或场景实例相同（见Q05）；已被新版取代的申报书。
    如何补正：列入汇总表；不予推荐的，说明后撤回申报书。
    局限：企业名称或汇总表的名称没有读清的，不判断。
    """
    for district in districts(round_):
        vague = any(
            not (v and v.certain and v.value)
            for p in district.forms.values()
            for r in p.unreceived
            for v in [r.row.get("company")]
        )
        unlisted = {s.document for part in district.forms.values() for s in part.unlisted}
        for s in district.applications:
            if not district.known:
                yield At.of(s), NOBODY
            elif not district.summaries:
                yield At.of(s), NO_TABLE
            elif s.document in unlisted:
                yield At.of(s), _not_listed(district, s, vague)


def _not_listed(district: District, s: Submission, vague: bool) -> Result:
    if not known(s.record):
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
            if p.form != form and fold(r.company) in names_of(s.record)
        ),
        None,
    )
    hint = f"（{other.place}列有该企业，请核对类别）" if other is not None else ""
    if any(fold(r.company) in names_of(s.record) for r in district.forms[form].rows):
        hint = "（汇总表列有该企业，但场景实例与本申报书都不同，已与该企业另一份申报书对应）"
    value = s.record.get("company_name")
    return Trip(
        f"“{called(s.record)}”的{PROJECTS[form]}申报书已收到，但推荐汇总表“{holder.document}”的{PROJECTS[form]}部分没有列入{hint}。"
        "通知要求推荐单位按优先顺序填写推荐汇总表，请补列，或说明不予推荐。",
        field="company_name",
        where=value.where if value is not None else "",
        evidence=called(s.record),
        expected=f"列入推荐汇总表{PROJECTS[form]}部分",
    )


@round_rule(
    "Q07",
    "fix",
    "二（二）",
    "没有推荐汇总表，或汇总表日期晚于截止日期",
    forms=SUMMARY,
    reads=("推荐汇总表", "推荐汇总表所写日期"),
    scope="district",
)
def table_missing_or_late(round_: Round) -> Found:
    """报送了申报书的推荐单位应同时报送推荐汇总表（附件4），并在2023年8月21日前报送。汇总表中写有日期的，不得晚于这一天。

    触发示例：只有申报书、没有汇总表；汇总表落款“2023年8月22日”。
    不触发：落款2023年8月21日；没有写日期，或日期没有写到日；没有报送任何申报书。
    如何补正：补报推荐汇总表；日期有误的改正。
    局限：以表中所写日期为准，不看文件的报送时间；汇总表文件未能读出的（见F01、F06）、有文件因本机缺少组件未读取的，不判断。
    """
    for district, said in on_tables(round_, table=False):
        yield from said
        if not district.known:
            continue
        for summary in district.summaries:
            result = _late(round_, summary)
            if result is not None:
                yield At.of(summary), result
        if not district.summaries:
            yield At(district.name, ""), _no_table(district)


def _no_table(district: District) -> Result:
    if not district.applications:
        return NotApplicable("没有收到申报书")
    if district.lost_table:
        return CannotTell("推荐汇总表的文件未能读出")
    return Trip(
        f"{district.name}报送了{len(district.applications)}份申报书，没有报送推荐汇总表。通知要求推荐单位按推荐项目优先顺序填写"
        "推荐汇总表（附件4），与申报书一并报送，请补报。",
        about="table",
        evidence=f"申报书{len(district.applications)}份，推荐汇总表0份",
        expected="附件4推荐汇总表",
    )


def _late(round_: Round, summary: Submission) -> Result | None:
    found, deadline = dated(summary), round_.catalog.deadlines.recommenders
    if found is None or found[0] <= deadline.isoformat():
        return None
    date, line, where = found
    if summary.record.source.format in ("scan", "image"):
        return CannotTell(f"扫描件上的日期识别为{date}，请人工核对")
    limit = f"{deadline.year}年{deadline.month}月{deadline.day}日"
    return Trip(
        f"推荐汇总表所写日期“{shorten(line, 40)}”晚于{limit}。通知要求推荐单位于{limit}前报送推荐汇总表，请核实日期。",
        about="date",
        where=where,
        evidence=shorten(line),
        expected=f"不晚于{limit}",
    )


@round_rule(
    "Q08", "note", "二（四）", "推荐项目集中于一个行业", forms=SUMMARY, reads=("industry_category",), scope="district"
)
def one_sided(round_: Round) -> Found:
    """推荐工作应充分考虑行业覆盖面。一个推荐单位的申报书达到10份，其中超过70%属于同一行业（原材料、装备制造、消费品、电子信息）的，
    给出提示。

    触发示例：10份申报书中8份是装备制造。
    不触发：10份中恰好7份是装备制造；9份申报书全部是装备制造。
    如何补正：不需补正；推荐时可兼顾其他行业。
    局限：按申报书勾选的行业计，没有勾选或没有读清的不归入任何行业。
    """
    limits = round_.catalog.limits
    for district, said in on_tables(round_, table=False):
        yield from said
        total = len(district.applications)
        if not district.known:
            continue
        if district.unread:
            yield standing(district), _not_all_read(district)
            continue
        if total < limits.balance_count:
            yield standing(district), NotApplicable(f"申报书不足{limits.balance_count}份")
            continue
        named = Counter(name for s in district.applications if (name := _industry(round_, s)))
        unknown = total - sum(named.values())
        name, count = min(named.items(), key=lambda n: (-n[1], n[0]), default=("", 0))
        if count > limits.balance_share * total:
            yield standing(district), _balance(district, name, count, limits.balance_share, named)
        elif count + unknown > limits.balance_share * total:
            yield standing(district), CannotTell(f"{unknown}份申报书的行业没有勾选或没有读清")


def _industry(round_: Round, s: Submission) -> str:
    value = s.record.get("industry_category")
    return industry_named(round_.catalog, text_of(value)) if value is not None and value.certain else ""


def _balance(district: District, name: str, count: int, share: float, named: Counter[str]) -> Trip:
    total = len(district.applications)
    spread = "、".join(f"{n}{c}份" for n, c in sorted(named.items(), key=lambda n: (-n[1], n[0])))
    return Trip(
        f"{district.name}的{total}份申报书中，{name}有{count}份，占{count / total:.0%}，超过{share:.0%}（{spread}）。"
        "通知要求推荐时充分考虑行业覆盖面，请在推荐时予以考虑。",
        about="industry_category",
        evidence=spread,
        expected=f"一个行业不超过{share:.0%}",
    )
