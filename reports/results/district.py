"""A district at a glance: its overview, its totals, and how its recommendation stands, as the report and the page tell them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from records.book.events import VERDICTS
from reports.results.model import DistrictResult, Item, Standing, Status
from reports.results.recommend import over_quota, put_forward
from reports.safe.text import line, plain

_NAMED = 8
"""Documents that the overview names."""


def overview(result: DistrictResult) -> list[str]:
    """What a head of office reads in a minute."""
    tally = result.tally(result.items)
    applications = result.applications()
    by_form = "、".join(
        f"{result.form_label(form)}{len(result.applications(form))}份" for form in result.catalog.applications
    )
    other = [
        f"{label}{count}份"
        for label, count in (
            ("推荐汇总表", len(result.summaries)),
            ("无法读取的", tally[Status.UNREADABLE]),
            ("因本机缺少组件未读取的", tally[Status.UNREAD]),
            ("不属本次申报表的", tally[Status.OTHER]),
            ("重复收到的", tally[Status.DOUBLED]),
            ("已被后来版本取代的", tally[Status.SUPERSEDED]),
        )
        if count
    ]
    received = f"{until(result)}收到{result.district}报送文件{len(result.submissions)}份：申报书{len(applications)}份（{by_form}）"
    own = result.tally(applications)
    levels = Counter(f.level for f in result.open_findings)
    out = [result.provisional] if result.provisional else []
    out += [
        received + "".join(f"，{o}" for o in other) + "。",
        f"申报书中，未发现问题{own[Status.CLEAN]}份，需补正{own[Status.FIX]}份，不符合条件{own[Status.REJECT]}份。"
        f"共指出问题{levels['reject'] + levels['fix']}处（不符合条件{levels['reject']}处、需补正{levels['fix']}处），"
        f"另有提示{levels['note']}处。",
    ]
    out += _secret(result)
    rejected = [i for i in applications if i.status is Status.REJECT]
    if rejected:
        out.append(f"不符合申报条件、须先行核实的：{_named(rejected, 8)}。")
    decided = Counter(result.standing(f) for f in result.outcomes.findings)
    if any(decided[s] for s in Standing if s is not Standing.OPEN):
        again = f"；撤销后证据有变化、须重新确认{decided[Standing.REOPENED]}处" if decided[Standing.REOPENED] else ""
        again += f"；两处意见不一致、须核定{decided[Standing.DISPUTED]}处" if decided[Standing.DISPUTED] else ""
        out.append(
            f"审查人员已维持{decided[Standing.UPHELD]}处、撤销{decided[Standing.WITHDRAWN]}处（撤销的不计入上述数字）{again}。"
        )
    out += _verdicts(result)
    return [plain(p) for p in out]


def until(result: DistrictResult) -> str:
    """The day of the review, as what was received and found is told of; "" where nobody says when."""
    day = result.today
    return f"截至{day.year}年{day.month}月{day.day}日，" if day is not None else ""


def _secret(result: DistrictResult) -> list[str]:
    """What the office does with the documents whose text stands nowhere."""
    names = [line(s.document, 160) for s in result.submissions if s.record.withheld]
    if not names:
        return []
    return [
        f"有密级或保密标志、或与这样的文件文字相同的{len(names)}份：“{'”“'.join(names[:_NAMED])}”"
        f"{'等' if len(names) > _NAMED else ''}。请立即停止传阅、复制和转发，交本单位保密工作机构按保密规定处理；"
        "本次审查的各项材料只写文件名称、标志和所在位置，不引用其内容。"
    ]


def _verdicts(result: DistrictResult) -> list[str]:
    """How many applications were decided on, and how; nothing where none was."""
    found = Counter(v.verdict for i in result.applications() if (v := result.verdict(i)) is not None)
    if not found:
        return []
    return [f"已审定{found.total()}份：{'、'.join(f'{verdict}{found[verdict]}份' for verdict in VERDICTS)}。"]


def status_of(result: DistrictResult, item: Item) -> str:
    """Where an application stands, with what was decided on it."""
    told = [r.told() for r in (result.verdict(item), result.ruling(item)) if r is not None]
    return f"{item.status.value}（{'；'.join(line(t, 60) for t in told)}）" if told else item.status.value


def _named(items: Sequence[Item], most: int) -> str:
    """The applicants' names, the first ``most`` of them and how many there are."""
    names = "、".join(line(i.name, 40) for i in items[:most])
    return names if len(items) <= most else f"{names}等{len(items)}家"


def totals(result: DistrictResult) -> list[dict[str, str]]:
    """The table of the summary: a row for each form, and the sum."""
    rows = []
    quota = result.quota
    listed = put_forward(result) if result.summaries else dict.fromkeys(result.catalog.applications, 0)
    for form in result.catalog.applications:
        items = result.applications(form)
        limit = str(quota.get(result.catalog.forms[form].of_class, 0)) if quota else "—"
        put = str(listed[form]) if result.summaries else "—"
        rows.append(_total_row(result.form_label(form), result.tally(items), len(items), put, limit))
    everything = result.applications()
    both = str(sum(quota.values())) if quota else "—"
    put = str(sum(listed.values())) if result.summaries else "—"
    rows.append(_total_row("合计", result.tally(everything), len(everything), put, both))
    return rows


def _total_row(label: str, tally: Counter[Status], received: int, listed: str, limit: str) -> dict[str, str]:
    return {
        "类别": label,
        "申报书": str(received),
        **{s.value: str(tally[s]) for s in (Status.CLEAN, Status.FIX, Status.REJECT)},
        "汇总表推荐": listed,
        "推荐限额": limit,
    }


def recommendation(result: DistrictResult, see: str = "如下：", notes: str = "") -> list[str]:
    """How the recommendation stands against the quota and against what was received. ``see``: where its findings are
    listed; ``notes``: where its notes are, "" where that is the same place."""
    quota, source = result.quota, put_forward(result)
    out = []
    if quota is None:
        out.append(f"“{line(result.district, 40)}”不是通知所列的推荐单位，没有推荐限额。")
    else:
        unread = result.tally(result.items)[Status.UNREAD]
        lacking = f"没有读到推荐汇总表（有{unread}份文件未读取）" if unread else "未收到推荐汇总表"
        base = "推荐汇总表列出" if result.summaries else f"{lacking}，按收到的申报书计，有"
        over = [result.form_label(f) for f in over_quota(result)]
        doubtful = [
            result.form_label(f)
            for f in result.catalog.applications
            if source[f] > quota.get(result.catalog.forms[f].of_class, 0) and result.form_label(f) not in over
        ]
        verdict = "，".join(
            f"{'、'.join(forms)}{words}"
            for forms, words in ((over, "超过限额"), (doubtful, "多于限额，是否超过须人工核对"))
            if forms
        )
        counts = "、".join(f"{result.form_label(f)}{source[f]}个" for f in result.catalog.applications)
        limits = "、".join(f"{quota.get(result.catalog.forms[f].of_class, 0)}个" for f in result.catalog.applications)
        out.append(f"{base}{counts}，推荐限额分别为{limits}，{verdict or '均未超过限额'}。")
    unlisted = result.catalog.codes("listed_in_table")
    missing = [i for i in result.applications() if any(f.code in unlisted for f in i.findings)]
    if missing:
        out.append(f"收到申报书而汇总表未列入的：{_named(missing, 10)}。")
    if not result.district_findings:
        out.append("推荐汇总表与申报书的对照未发现其他问题。" if result.summaries else "")
    elif not notes or any(f.level != "note" for f in result.district_findings):
        out.append(f"推荐方面的问题{see}")
    else:
        out.append(f"推荐方面没有须更正的问题，另有提示{len(result.district_findings)}处，{notes}。")
    return [plain(p) for p in out if p]
