"""审查依据.docx: what the report rests on, one a district: the scope, the rules applied, every finding with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from records.models import Finding
from records.numbers import chinese
from reports.papers.report import SHOWN, changed, head
from reports.papers.word import render
from reports.results.model import LEVELS, DistrictResult, Item
from reports.results.progress import Past, Progress
from reports.results.rulebook import rule_rows
from reports.results.unsure import grouped, named
from reports.results.wording import told
from reports.safe.text import line, plain

TEMPLATE = "审查依据.docx"
_ATTACHED = 10
"""Names of an application's other files that are listed."""


def grounds(result: DistrictResult, progress: Progress | None = None) -> bytes:
    """The annex as bytes. Raises :class:`reports.papers.word.BrokenTemplate`."""
    return render(TEMPLATE, context(result, progress or Progress()), result.templates, date=result.today)


def context(result: DistrictResult, progress: Progress) -> dict[str, Any]:
    """What the template may use; every leaf is text."""
    about = [i for i in result.items if i.findings]
    sections = _numbered(
        ("规则", True),
        ("推荐", bool(result.district_findings)),
        ("项目", bool(about)),
        ("待判断", bool(result.unsure)),
        ("撤销", bool(result.withdrawn_findings)),
        ("变化", not progress.first),
        ("未纳入", bool(result.passed_over)),
    )
    return {
        **head(result),
        "节": sections,
        "范围说明": _scope_words(result),
        "规则": [
            {
                "规则": r.code,
                "内容": r.title,
                "级别": LEVELS[r.level],
                "应用": str(r.applied),
                "发现": str(r.outcomes["finding"] or ""),
                "不能判断": str(r.outcomes["cannot_tell"] or ""),
                "不适用": str(r.outcomes["not_applicable"] or ""),
            }
            for r in rule_rows(result.catalog, [result])
        ],
        "推荐问题": finding_rows(result, result.district_findings),
        "项目": [_item(result, i) for i in about],
        "待判断": _unsure_rows(result),
        "撤销": finding_rows(result, result.withdrawn_findings, named=True),
        "变化说明": changed(progress),
        "变化": [
            {"情况": title, "单位": line(f.applicant, 40), "内容": line(f.message, SHOWN), "规则": f.code}
            for title, past in _changes(progress)
            for f in past
        ],
        "未纳入": [{"文件": line(p, 200), "原因": line(why, 200)} for p, why in sorted(result.passed_over)],
    }


def _numbered(*sections: tuple[str, bool]) -> dict[str, str]:
    """The numbers (二, 三 …) of the sections that are there, after the first; "" of the others."""
    numbers = iter(range(2, len(sections) + 2))
    return {name: chinese(next(numbers)) if there else "" for name, there in sections}


def _changes(progress: Progress) -> list[tuple[str, Sequence[Past | Finding]]]:
    return [("已改正", progress.mended), ("新出现", progress.new), ("不再收到", progress.gone)]


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
    said = told(finding, SHOWN)
    out = [line(said.message), *(f"{label}：{line(text)}" for label, text in said.more)]
    if remark := result.remark(finding):
        out.append(f"审查意见：{line(remark)}")
    return out


def _item(result: DistrictResult, item: Item) -> dict[str, Any]:
    files = [f"文件：{line(item.document, 160)}"]
    if item.submission.reading.annexes:
        names = [line(a.rsplit("/", 1)[-1], 60) for a in item.submission.reading.annexes]
        files.append(f"附件：{'、'.join(names[:_ATTACHED])}{'等' if len(names) > _ATTACHED else ''}")
    return {
        "标题": f"{item.number:03d} {result.item_label(item)}",
        "状态": item.status.value,
        "文件": plain("　".join(files)),
        "问题": finding_rows(result, item.findings),
    }


def _unsure_rows(result: DistrictResult) -> list[dict[str, str]]:
    """One row for a rule and a reason, whomever they concern: what holds for all is said once."""
    return [
        {
            "规则": u.code or "各项",
            "内容": line(u.title, 80),
            "原因": line(u.why, SHOWN),
            "份数": str(u.count),
            "单位": "、".join(named(result, i) for i in u.whom),
        }
        for u in grouped(result)
    ]


def _scope_words(result: DistrictResult) -> str:
    rows = rule_rows(result.catalog, [result])
    ran = [r for r in rows if r.applied]
    documents = len(result.submissions)
    return (
        f"本次对{documents}份文件应用审查规则{len(ran)}条（规则库共{len(rows)}条），依据《{result.catalog.title}》"
        f"（{result.catalog.number}）及其附件。“应用”为该规则作出判断（发现问题或者未发现问题）的文件数，不能判断的和不适用的另列，不计入应用。提示供审查人员留意，不作为对申报单位不利的判断。审查报告和本附件是形式审查的结果，结论以审查人员核定为准。"
    )
