"""审查报告.docx: what the office files and prints, one a district."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from records.models import Finding
from records.numerals import chinese
from reports.papers.word import render
from reports.results.district import overview, recommendation, totals
from reports.results.model import LEVELS, DistrictResult, Item, Status
from reports.results.rulebook import common_faults, rule_rows, rule_title
from reports.results.wording import told
from reports.safe.text import line, plain

TEMPLATE = "审查报告.docx"
_SHOWN = 200
"""Characters of what a document says that the report quotes."""
_ATTACHED = 10
"""Names of an application's other files that the report lists."""
_GROUPS = (
    Status.REJECT,
    Status.FIX,
    Status.UNREADABLE,
    Status.UNREAD,
    Status.OTHER,
    Status.CLEAN,
    Status.SUPERSEDED,
)
_ONLY_LISTED = {
    Status.UNREAD: ("未读取", "下列文件因本机缺少组件没有读取，不是文件的问题，也不对其下结论；组件装好后重新审查："),
    Status.OTHER: ("收到的其他文件", "下列文件不是本通知的申报书或推荐汇总表，供核对，不发补正通知："),
}
"""Title and first words of the groups whose files get a line each."""


def review_report(result: DistrictResult) -> bytes:
    """The report as bytes. Raises :class:`reports.papers.word.BrokenTemplate`."""
    return render(TEMPLATE, context(result), result.templates)


def context(result: DistrictResult) -> dict[str, Any]:
    """What the template may use; every leaf is text."""
    return {
        "推荐单位": line(result.heading, 50),
        "年度": str(result.catalog.year),
        "通知标题": result.catalog.title,
        "通知文号": result.catalog.number,
        "概述": overview(result),
        "统计": totals(result),
        "常见问题": [
            {"规则": code, "内容": title, "项目": str(apps), "处数": str(count)}
            for code, title, apps, count in common_faults(result.catalog, [result], 5)
        ],
        "推荐概述": recommendation(result),
        "推荐问题": finding_rows(result, result.district_findings, named=False),
        "分组": list(_groups(result)),
        "待判断说明": _unsure_words(result),
        "待判断": _unsure_rows(result),
        "范围说明": _scope_words(result),
        "规则": [
            {
                "规则": r.code,
                "内容": r.title,
                "级别": LEVELS[r.level],
                "应用": str(r.ran),
                "发现": str(r.outcomes["finding"]),
                "不能判断": str(r.outcomes["cannot_tell"]),
                "不适用": str(r.outcomes["not_applicable"]),
            }
            for r in rule_rows(result.catalog, [result])
        ],
        "未纳入": [{"文件": line(p, 200), "原因": line(why, 200)} for p, why in sorted(result.passed_over)],
    }


def finding_rows(result: DistrictResult, findings: Iterable[Finding], *, named: bool = False) -> list[dict[str, str]]:
    """Rows of a table of findings: 序号, 级别, 位置, 内容 (message, evidence, expected, reviewers' words), 依据."""
    rows = []
    for number, finding in enumerate(findings, 1):
        who = f"{line(finding.applicant, 60)}：" if named and finding.applicant else ""
        rows.append(
            {
                "序号": str(number),
                "级别": LEVELS[finding.level],
                "位置": finding.place or "—",
                "内容": who + "\n".join(_words(result, finding)),
                "依据": f"{line(result.catalog.clause_called(finding.clause), 60)}\n（{finding.code}）",
            }
        )
    return rows


def _words(result: DistrictResult, finding: Finding) -> list[str]:
    said = told(finding, _SHOWN)
    out = [line(said.message), *(f"{label}：{line(text)}" for label, text in said.more)]
    if remark := result.remark(finding):
        out.append(f"审查意见：{line(remark)}")
    return out


def _groups(result: DistrictResult) -> Iterable[dict[str, Any]]:
    numbered = 0
    for status in _GROUPS:
        items = [i for i in result.items if i.status is status]
        if not items:
            continue
        if status in _ONLY_LISTED:
            yield _listed(result, numbered, status, items)
            numbered += 1
            continue
        # What was found free of everything needs no heading each: one table lists them.
        plain_ones = [i for i in items if status is Status.CLEAN and not i.findings]
        others = [i for i in items if i not in plain_ones]
        yield {
            "标题": f"（{chinese(numbered + 1)}）{status.value}（{len(items)}份）",
            "项目": [_item(result, n, i) for n, i in enumerate(others, 1)],
            "清单说明": "下列申报书未发现问题，也没有提示：",
            "清单": [
                {
                    "序号": str(n),
                    "单位": line(i.name, 60),
                    "表式": result.form_label(i.form),
                    "项目名称": line(i.project, 80),
                    "文件": line(i.document, 120),
                }
                for n, i in enumerate(plain_ones, len(others) + 1)
            ],
        }
        numbered += 1
    if not numbered:
        yield {"标题": "（无）", "项目": [], "清单说明": "", "清单": []}


def _listed(result: DistrictResult, numbered: int, status: Status, items: Sequence[Item]) -> dict[str, Any]:
    """A group whose files get a line each: nobody is written to about them."""
    title, first = _ONLY_LISTED[status]
    lines = [plain(f"{n}.{line(i.document, 160)}：{_why(result, i)}") for n, i in enumerate(items, 1)]
    entry = {"标题": first, "状态": status.value, "说明": lines, "文件": f"共{len(items)}份", "问题": []}
    heading = f"（{chinese(numbered + 1)}）{title}（{len(items)}份）"
    return {"标题": heading, "项目": [entry], "清单说明": "", "清单": []}


def _why(result: DistrictResult, item: Item) -> str:
    """Why a file is only listed, in half a line, with what reviewers wrote about it."""
    unread = item.record.unread
    if unread is not None:
        return line(unread.message, _SHOWN)
    said = [line(f.message, _SHOWN) + (f"（审查意见：{r}）" if (r := result.remark(f)) else "") for f in item.findings]
    return "".join(said) or item.status.value


def _item(result: DistrictResult, number: int, item: Item) -> dict[str, Any]:
    return {
        "标题": f"{number}.{result.item_label(item)}",
        "状态": item.status.value,
        "说明": _item_words(item),
        "文件": f"文件：{line(item.document, 160)}",
        "问题": finding_rows(result, item.findings),
    }


def _item_words(item: Item) -> list[str]:
    out = []
    if item.project:
        out.append(f"项目名称：{line(item.project, 80)}。")
    counts = "、".join(f"{LEVELS[k]}{item.count(k)}处" for k in LEVELS if item.count(k)) or "未发现问题"
    tail = f"，不能判断{len(item.unsure)}项" if item.unsure else ""
    tail += f"，经审查人员撤销{len(item.withdrawn)}处" if item.withdrawn else ""
    out.append(f"审查结果：{counts}{tail}。")
    if item.submission.reading.annexes:
        names = [line(a.rsplit("/", 1)[-1], 60) for a in item.submission.reading.annexes]
        out.append(f"附件：{'、'.join(names[:_ATTACHED])}{'等' if len(names) > _ATTACHED else ''}。")
    return [plain(p) for p in out]


def _unsure_words(result: DistrictResult) -> str:
    count = sum(len(i.unsure) for i in result.items)
    if not count:
        return "各项审查内容均已作出判断。"
    return f"下列{count}项因文件内容不清或读取把握不足，程序没有下结论，请对照原件核对。"


def _unsure_rows(result: DistrictResult) -> list[dict[str, str]]:
    return [
        {
            "项目": f"{item.number:03d}",
            "单位": result.item_label(item),
            "内容": line(f"{a.code} {rule_title(result.catalog, a.code)}", 80),
            "原因": line(a.why, 200),
        }
        for item in result.items
        for a in item.unsure
    ]


def _scope_words(result: DistrictResult) -> str:
    rows = rule_rows(result.catalog, [result])
    ran = [r for r in rows if r.ran]
    documents = len(result.submissions)
    return (
        f"本次对{documents}份文件运行审查规则{len(ran)}条（规则库共{len(rows)}条），依据《{result.catalog.title}》"
        f"（{result.catalog.number}）及其附件。“应用”为该规则给出结论的文件数。本报告是形式审查的结果，结论以审查人员核定为准。"
    )
