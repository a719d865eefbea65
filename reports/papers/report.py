"""审查报告.docx: what the office signs, one a district: the conclusion, what to do, an application a row, what counts.

What it rests on (every note, the evidence, the rules that were applied) stands in 审查依据.docx (:mod:`reports.papers.grounds`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from records.models import Finding
from records.numbers import chinese
from reports.charts.charts import Chart, district_charts
from reports.charts.picture import draw
from reports.papers.pictures import Placed
from reports.papers.word import render
from reports.results.district import overview, recommendation, status_of, totals
from reports.results.model import LEVELS, DistrictResult, Item, Status
from reports.results.posting import without_letter
from reports.results.progress import Progress
from reports.results.rulebook import common_faults, rule_title
from reports.results.tasks import tasks
from reports.results.wording import told
from reports.safe.text import line, plain

TEMPLATE = "审查报告.docx"
SHOWN = 200
"""Characters of what a document says that a paper quotes."""
_WHOLE = 150
"""Findings that a report tells in full; of more it names the rule and what stands in the form."""
_QUOTED = 20
"""Characters of what stands in the form that are quoted beside a condition that is not met, where the rule alone is named."""
_EACH, _EACH_BRIEF = 12, 4
"""Findings told of one application in full, and where the rules are named: the rest is counted."""
_OF_TABLE = 30
"""Findings told about the recommendation itself."""
_NO_LETTERS = 8
"""Names told of those to whom no letter goes for one reason: the list of letters has them all."""
_LONG = 20
"""Applications from which on a report has a table of contents."""
_TO_ACT = (Status.REJECT, Status.FIX)
_FILES = {
    Status.UNREADABLE: "下列文件不能读取，请报送单位重新报送：",
    Status.UNREAD: "下列文件因本机缺少组件没有读取，不是文件的问题，也不对其下结论；组件装好后重新审查：",
    Status.OTHER: "下列文件不是本通知的申报书或推荐汇总表，供核对，不发补正通知：",
    Status.SUPERSEDED: "下列文件已有更新的版本，不再单独审查：",
    Status.DOUBLED: "下列文件与照常审查的文件完全相同，不再单独审查：",
}
"""First words of the groups whose files get a line each: nobody is written to about them."""
_TITLES = {
    Status.UNREAD: "未读取",
    Status.OTHER: "收到的其他文件",
    Status.SUPERSEDED: "已有更新版本的文件",
    Status.DOUBLED: "重复收到的文件",
}


def review_report(result: DistrictResult, progress: Progress | None = None) -> bytes:
    """The report as bytes. Raises :class:`reports.papers.word.BrokenTemplate`."""
    told = context(result, progress or Progress())
    return render(TEMPLATE, told, result.templates, pictures=[one["图"] for one in told["图表"]], date=result.today)


def context(result: DistrictResult, progress: Progress) -> dict[str, Any]:
    """What the template may use; every leaf is text, 目录 whether there is enough to need a table of contents."""
    told_here = [f for i in result.items for f in counting(i)]
    brief = len(told_here) > _WHOLE
    own = [f for f in result.district_findings if f.level != "note"]
    applications = result.applications()
    return {
        **head(result),
        "概述": overview(result),
        "统计": totals(result),
        "推荐概述": recommendation(result, notes="见审查依据"),
        "变化": changed(progress),
        "办理": [{"事项": t.what, "数量": t.count, "办法": t.how, "期限": t.by or "—"} for t in tasks(result)],
        "目录": len(applications) > _LONG,
        "申报项目": [_row(result, i) for i in applications],
        "不发文书": list(_no_letters(result)),
        "常见问题": [
            {"规则": code, "内容": title, "项目": str(apps), "处数": str(count)}
            for code, title, apps, count in common_faults(result.catalog, [result], 5)
        ],
        "推荐问题": [
            *(_paragraph(result, n, f) for n, f in enumerate(own[:_OF_TABLE], 1)),
            *_rest(len(own) - _OF_TABLE),
        ],
        "分组": list(_groups(result, brief)),
        "图表": shown(district_charts(result)),
    }


def shown(charts: Sequence[Chart]) -> list[dict[str, Any]]:
    """The charts for a template: a title and a picture each."""
    return [{"标题": chart.title, "图": Placed(n, draw(chart))} for n, chart in enumerate(charts, 1)]


def head(result: DistrictResult) -> dict[str, str]:
    """What every paper of a district has in its title."""
    return {
        "推荐单位": line(result.heading, 50),
        "年度": str(result.catalog.year),
        "通知标题": result.catalog.title,
        "通知文号": result.catalog.number,
    }


def changed(progress: Progress) -> str:
    """What changed since the review before, in a sentence; "" on a first one."""
    if progress.first:
        return ""
    gone = f"，所在申报书不再收到{len(progress.gone)}处" if progress.gone else ""
    return f"与上次审查相比，已改正{len(progress.mended)}处，仍未改正{len(progress.still)}处，新出现{len(progress.new)}处{gone}。"


def counting(item: Item) -> list[Finding]:
    """The findings of an application that something follows from."""
    return [f for f in item.findings if f.level != "note"]


def _row(result: DistrictResult, item: Item) -> dict[str, str]:
    counts = {LEVELS[level]: str(item.count(level) or "") for level in LEVELS}
    return {
        "序号": f"{item.number:03d}",
        "单位": line(item.name, 40),
        "表式": result.form_label(item.form),
        "项目名称": line(item.project, 40),
        "状态": status_of(result, item),
        **{f"{name}处数": count for name, count in counts.items()},
        "不能判断": str(len(item.unsure) or ""),
    }


def _no_letters(result: DistrictResult) -> Iterator[str]:
    """To whom no letter goes and why, a line each reason."""
    reasons: dict[str, list[str]] = {}
    for none in without_letter(result):
        reasons.setdefault(none.why, []).append(line(none.item.name, 40))
    for why, names in reasons.items():
        shown = "、".join(names[:_NO_LETTERS]) + ("等" if len(names) > _NO_LETTERS else "")
        yield f"{why}（{len(names)}份）：{shown}。"


def _groups(result: DistrictResult, brief: bool) -> Iterator[dict[str, Any]]:
    """What is told of the applications and files of each status, where there is something to tell."""
    number = 0
    for status in (*_TO_ACT, *_FILES):
        items = [i for i in result.items if i.status is status]
        if not items:
            continue
        number += 1
        group: dict[str, Any] = {
            "标题": f"（{chinese(number)}）{_TITLES.get(status, status.value)}（{len(items)}份）",
            "说明": _FILES.get(status, ""),
            "项目": [],
            "逐行": [],
        }
        if status in _FILES:
            group["逐行"] = [plain(f"{n}.{line(i.document, 160)}：{_why(result, i)}") for n, i in enumerate(items, 1)]
        elif brief:
            group["说明"] = "各处的原文、位置和依据见审查依据："
            group["逐行"] = [_in_brief(result, i) for i in items]
        else:
            group["项目"] = [_item(result, i) for i in items]
        yield group
    if not number:
        yield {"标题": "（无）", "说明": "", "项目": [], "逐行": []}


def _item(result: DistrictResult, item: Item) -> dict[str, Any]:
    found = counting(item)
    paragraphs = [_paragraph(result, n, f) for n, f in enumerate(found[:_EACH], 1)]
    return {
        "标题": f"{item.number:03d} {result.item_label(item)}",
        "问题": [*paragraphs, *_rest(len(found) - _EACH)],
    }


def _rest(count: int) -> list[str]:
    return [f"另有{count}处，见审查依据。"] if count > 0 else []


def _paragraph(result: DistrictResult, number: int, finding: Finding) -> str:
    """A finding as one short paragraph: what is the matter, where, on what ground, what reviewers say."""
    message = line(told(finding, SHOWN).message)
    clause = f"依据：{line(result.catalog.clause_called(finding.clause), 60)}"
    where = "，".join(p for p in (line(finding.place), clause, finding.code) if p)
    remark = result.remark(finding)
    said = f"审查意见：{line(remark)}" if remark else ""
    return plain(f"{number}.【{LEVELS[finding.level]}】{message}（{where}）{said}")


def _in_brief(result: DistrictResult, item: Item) -> str:
    """All of an application in one paragraph, by the titles of the rules."""
    found = counting(item)
    parts = []
    for finding in found[:_EACH_BRIEF]:
        evidence = line(finding.evidence)
        quoted = f"，{evidence}" if finding.level == "reject" and 0 < len(evidence) <= _QUOTED else ""
        remark = f"，审查意见：{line(r, 40)}" if (r := result.remark(finding)) else ""
        parts.append(f"{rule_title(result.catalog, finding.code)}（{finding.code}{quoted}{remark}）")
    rest = f"；等{len(found)}处" if len(found) > _EACH_BRIEF else ""
    return plain(f"{item.number:03d} {result.item_label(item)}：{'；'.join(parts)}{rest}。")


def _why(result: DistrictResult, item: Item) -> str:
    """Why a file is only listed, in half a line, with what reviewers wrote about it."""
    unread = item.record.unread
    if unread is not None:
        return line(unread.message, SHOWN)
    said = [line(f.message, SHOWN) + (f"（审查意见：{r}）" if (r := result.remark(f)) else "") for f in item.findings]
    return "".join(said) or item.status.value
