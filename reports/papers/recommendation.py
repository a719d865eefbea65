"""推荐汇总表.docx: 附件4 in the notice's layout, filled from the applications, in the district's order."""

from __future__ import annotations

from typing import Any

from records.outputs import DRAFT
from reports.papers.word import render, with_digest
from reports.results.model import DistrictResult, Item
from reports.results.recommend import compare, scene_lines
from reports.safe.text import line

TEMPLATE = "推荐汇总表.docx"


def summary_table(result: DistrictResult) -> bytes:
    """The filled 附件4 as bytes, with a digest of its text: an office that fills it in and sends it back sends a table of its
    own. Raises :class:`reports.papers.word.BrokenTemplate`."""
    return with_digest(render(TEMPLATE, context(result), result.templates, what=DRAFT))


def context(result: DistrictResult) -> dict[str, Any]:
    """Rows by form in the order of the district's own table; applications it does not list follow."""
    rows: dict[str, list[dict[str, str]]] = {form: [] for form in result.catalog.applications}
    seen: set[str] = set()
    for pair in compare(result):
        if pair.item is not None and pair.item.document not in seen:
            seen.add(pair.item.document)
            rows[pair.form].append(_row(pair.item, len(rows[pair.form]) + 1))
    recommender = result.catalog.recommender(result.district)
    return {
        "推荐单位": recommender.full_name if recommender else line(result.district, 60),
        **{result.catalog.forms[form].of_class: found for form, found in rows.items()},
    }


def _row(item: Item, number: int) -> dict[str, str]:
    record = item.record
    lines = scene_lines(record)
    return {
        "序号": str(number),
        "企业": line(item.by_role("applicant_again", "applicant"), 60),
        "工厂": line(item.by_role("task", "project"), 80),
        "实例": "\n".join(f"{n}.{line(text, 120)}" for n, text in enumerate(lines, 1)),
        "联系人": line(item.by_role("contact"), 30),
        "手机": line(item.by_role("mobile"), 30),
    }
