"""更正清单.docx: what the recommender has to correct itself, for it to work through and send back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from records.models import Finding
from reports.papers.word import render
from reports.results.model import DistrictResult, Item
from reports.results.posting import corrections
from reports.results.wording import asked
from reports.safe.text import line, plain

NAME = "更正清单.docx"


def correction_list(result: DistrictResult) -> bytes:
    """The list as bytes, which says so where there is nothing to correct. Raises :class:`reports.papers.word.BrokenTemplate`."""
    return render(NAME, context(result), result.templates, date=result.today)


def context(result: DistrictResult) -> dict[str, Any]:
    """What the template may use; every leaf is text."""
    said, found = result.catalog.letters.corrections, corrections(result)
    recommender = result.catalog.recommender(result.district)
    facts = {
        "office": recommender.full_name if recommender else line(result.district, 40),
        "notice": f"《{result.catalog.title}》（{result.catalog.number}）",
        "year": str(result.catalog.year),
        "count": str(len(found)),
    }
    return {
        "标题": said.title.format(**facts),
        "正文": [(said.opening if found else said.none).format(**facts)],
        "事项": list(_groups(result, found)),
        "结尾": [said.closing],
        "署名": said.signed,
        "推荐单位": facts["office"],
        "年度": facts["year"],
    }


def _groups(result: DistrictResult, found: Sequence[Finding]) -> Iterator[dict[str, Any]]:
    """The table, then the applications, then what is none; numbered throughout."""
    said, number = result.catalog.letters.corrections, 0
    items = {i.document: i for i in result.items}
    applications = {d for d, i in items.items() if i.form in result.catalog.applications}
    for title, chosen in (
        (said.table, [f for f in found if f.document not in items]),
        (said.applications, [f for f in found if f.document in applications]),
        (said.files, [f for f in found if f.document in items and f.document not in applications]),
    ):
        if chosen:
            alike = _alike(chosen)
            rows = [_row(result, number + n, same, items) for n, same in enumerate(alike, 1)]
            number += len(rows)
            yield {"标题": title, "项": rows}


def _alike(found: Sequence[Finding]) -> list[list[Finding]]:
    """Findings that say the same but for whom they name, together: what holds for many is asked once."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for n, finding in enumerate(found):
        named = finding.applicant and f"“{finding.applicant}”" in finding.message
        key = (finding.code, finding.form, finding.message.replace(finding.applicant, "")) if named else (str(n),)
        groups.setdefault(key, []).append(finding)
    return list(groups.values())


def _row(result: DistrictResult, number: int, same: Sequence[Finding], items: Mapping[str, Item]) -> dict[str, str]:
    first, words = same[0], result.catalog.letters
    message, name = plain(first.message, 600), f"“{first.applicant}”"
    if len(same) > 1:
        message = message.replace(name, f"{name}{words.corrections.many.format(count=len(same))}", 1)
    told = [message]
    if expected := line(asked(first), 200):
        told.append(words.words.expected.format(expected=expected.rstrip("。")))
    whom = []
    for finding in same:
        item = items.get(finding.document)
        about = result.item_label(item) if item is not None else line(finding.document.rsplit("/", 1)[-1], 80)
        whom.append(f"{item.number:03d} {about}" if item is not None and len(same) > 1 else about)
    where = line(first.place, 120) if len(same) == 1 else ""
    return {
        "序号": str(number),
        "对象": "\n".join(part for part in (*whom, where) if part) or "—",
        "内容": "".join(told),
        "依据": result.catalog.clause_called(first.clause),
    }
