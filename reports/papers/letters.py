"""补正通知: a letter for each application that has something to correct, in words an applicant understands.

A letter needs an applicant: what is no form of the notice, or was not read, is a line of the report for the office.

Nothing internal goes into it: no notes (提示), nothing that is the district's to mend (groups D and Q, E08), no paths,
and no word of another company's application.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from catalog.models import Catalog
from checks.meaning.names import fold
from records.models import Finding
from reports.papers.word import render
from reports.results.model import DistrictResult, Item, Status
from reports.results.rulebook import rule_title
from reports.safe.text import file_name, line, place, plain

TEMPLATE = "补正通知.docx"
FOLDER = "补正通知"
_NAME_LEAST = 6
"""Characters of an applicant's name that common words do not make up; a shorter one may stand in any sentence."""


def letters(result: DistrictResult) -> dict[str, bytes]:
    """The letters by file name, sorted. Raises :class:`reports.papers.word.BrokenTemplate`."""
    named: dict[str, bytes] = {}
    everyone = _names(result)
    for item in result.items:
        points = own_points(result.catalog, item)
        if not points or item.form == "unknown" or item.status is Status.SUPERSEDED:
            continue
        named[_free_name(result, item, named)] = render(
            TEMPLATE, context(result, item, points, everyone), result.templates
        )
    return dict(sorted(named.items()))


def _free_name(result: DistrictResult, item: Item, taken: dict[str, bytes]) -> str:
    """``单位（优秀场景）.docx``, with a number where the name is taken (file systems that fold case included)."""
    form = f"（{result.form_label(item.form)}）" if item.form in result.catalog.forms else ""
    stem = item.applicant or PurePosixPath(item.document).stem
    stem = f"{file_name(stem)}{form}"
    used = {_same_name(n) for n in taken}
    name, number = f"{stem}.docx", 1
    while _same_name(name) in used:
        number += 1
        name = f"{stem}{number}.docx"
    return name


def _same_name(name: str) -> str:
    """Equal for names that some file system holds for one: macOS composes characters, and folds case as Windows does."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def own_points(catalog: Catalog, item: Item) -> list[Finding]:
    """The findings an applicant is told of: ``reject`` and ``fix`` that stand and that it can mend."""
    return [f for f in item.findings if f.level != "note" and catalog.actor(f.code) == "applicant"]


def context(result: DistrictResult, item: Item, points: Iterable[Finding], everyone: frozenset[str]) -> dict[str, Any]:
    """What the template may use; every leaf is text. ``everyone`` holds the folded names of all applicants."""
    own = {fold(item.applicant), fold(item.by_role("applicant_again"))}
    # A name that is part of the applicant's own (its mother company's) is no secret to it.
    others = frozenset(n for n in everyone - own if not any(n in o for o in own))
    deadline = next(iter(result.catalog.deadlines.values()), None)
    recommender = result.catalog.recommender(result.district)
    numbered = [_point(result, item, f, others) for f in points]
    conditions = [p for p, f in zip(numbered, points, strict=True) if f.level == "reject"]
    corrections = [p for p, f in zip(numbered, points, strict=True) if f.level == "fix"]
    for group in (conditions, corrections):
        for number, point in enumerate(group, 1):
            point["序号"] = str(number)
    return {
        "申报单位": line(item.applicant, 60) or "申报单位",
        "项目名称": line(item.project, 80),
        "表式": result.form_label(item.form) if item.form in result.catalog.forms else "",
        "文件": line(item.document.rsplit("/", 1)[-1], 120),
        "推荐单位": recommender.full_name if recommender else "推荐单位",
        "年度": str(result.catalog.year),
        "通知标题": result.catalog.title,
        "通知文号": result.catalog.number,
        "期限": f"{deadline.year}年{deadline.month}月{deadline.day}日" if deadline else "规定时限",
        "条件": conditions,
        "补正": corrections,
        "件数": str(len(numbered)),
        "附言": result.catalog.letter,
    }


def _point(result: DistrictResult, item: Item, finding: Finding, others: frozenset[str]) -> dict[str, str]:
    label = result.field_label(item.form, finding.field)
    where = place(finding.where)
    message = _external(result, plain(finding.message, 400))
    # A message that begins with the label says it well enough.
    named = label if label and not fold(message).startswith(fold(label)) else ""
    at = f"“{named}”" + (f"（{where}）" if where else "") if named else where
    expected = line(finding.expected, 200)
    folded = fold(message + expected)
    if any(name in folded for name in others):
        # Whatever names another applicant stays inside the office.
        message, expected = f"{rule_title(result.catalog, finding.code)}，请核对更正。", ""
    parts = [message if message.endswith(("。", "！", "？")) else f"{message}。"]
    # A message says what stands in the form and what to do; what is expected adds to it only where it is no repetition,
    # and never where a condition is not met: nobody is told which answer would do.
    if finding.level == "fix" and expected and not expected.startswith("填写") and expected not in message:
        parts.append(f"应为：{expected.rstrip('。')}。")
    return {"位置": at, "内容": "".join(parts), "依据": line(finding.clause, 40), "序号": ""}


def _external(result: DistrictResult, message: str) -> str:
    """The message with the paths of files reduced to their names."""
    for submission in result.submissions:
        if "/" in submission.document and submission.document in message:
            message = message.replace(submission.document, submission.document.rsplit("/", 1)[-1])
    return message


def _names(result: DistrictResult) -> frozenset[str]:
    """The folded names of all applicants; names too short to tell from common words are left out."""
    names = {fold(n) for i in result.items for n in (i.applicant, i.by_role("applicant_again"))}
    return frozenset(n for n in names if len(n) >= _NAME_LEAST)
