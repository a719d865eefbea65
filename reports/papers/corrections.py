"""更正清单.docx: what the recommender has to correct itself, for it to work through and send back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
            rows = [_row(result, number + n, f, items.get(f.document)) for n, f in enumerate(chosen, 1)]
            number += len(rows)
            yield {"标题": title, "项": rows}


def _row(result: DistrictResult, number: int, finding: Finding, item: Item | None) -> dict[str, str]:
    words = [plain(finding.message, 600)]
    if expected := line(asked(finding), 200):
        words.append(result.catalog.letters.words.expected.format(expected=expected.rstrip("。")))
    about = result.item_label(item) if item is not None else line(finding.document.rsplit("/", 1)[-1], 80)
    where = line(finding.place, 120)
    return {
        "序号": str(number),
        "对象": "\n".join(part for part in (about, where) if part) or "—",
        "内容": "".join(words),
        "依据": result.catalog.clause_called(finding.clause),
    }
