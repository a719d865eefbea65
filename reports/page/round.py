"""全市/index.html: the districts beside one another, to look at."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from rapidfuzz.distance import Levenshtein

from checks.duplicates import Shared
from reports.charts.charts import round_charts
from reports.page.district import document_address, page, page_charts
from reports.results.coverage import called
from reports.results.model import LEVELS
from reports.results.round import STATES, RoundView, has_table
from reports.results.wording import Pair
from reports.safe.text import LONG, line, plain


def round_page(view: RoundView) -> bytes:
    """全市/index.html."""
    whole, matrix = view.coverage()
    tally, rows = view.tally, view.rows
    heads = ["推荐单位", "收到文件"]
    for form in view.catalog.applications:
        heads += [f"{view.label(form)}申报书", "推荐", "限额"]
    heads += [s.value for s in STATES] + ["无法读取", "汇总表", *(f"{name}处数" for name in LEVELS.values())]
    data = {
        "notice": f"{view.catalog.title}（{view.catalog.number}）",
        "levels": LEVELS,
        "tiles": [
            ["推荐单位", sum(r["known"] for r in rows), "", ""],
            ["申报书", view.applications, "", ""],
            *([s.value, tally[s], t, ""] for s, t in zip(STATES, ("good", "fix", "reject"), strict=True)),
            ["无法读取", sum(r["unreadable"] for r in rows), "fix", ""],
            *([["未读取", unread, "note", ""]] if (unread := sum(r["unread"] for r in rows)) else []),
            ["雷同文字", len(view.copied), "note", "#copied"],
        ],
        "compare": {"heads": heads, "rows": [_page_row(view, r) for r in rows]},
        "charts": page_charts(round_charts(view, least=1)),
        "copied": [_page_pair(p) for p in view.copied[:500]],
        "copiedCount": len(view.copied),
        "changes": [list(changed) for changed in view.changes()],
        "what": called(view.catalog),
        "links": [[k.name, k.group] for k in view.catalog.items_by_role("link")],
        "districtMatrix": [list(m) for m in matrix],
        "scenes": [
            [s.number, s.name, s.under, whole.scenes.get(s.name, 0), []] for s in view.catalog.items_by_role("scene")
        ],
        "others": sorted(whole.other.items()),
        "missing": view.missing(),
        "offices": {r["district"]: f"../{quote(r['district'])}/index.html" for r in rows},
        "unsure": [],
        "passed": [],
    }
    return page(f"{view.catalog.year}年度申报材料审查：{view.catalog.region.whole}", data, "round")


def _page_pair(pair: Pair) -> dict[str, Any]:
    shared = pair.shared
    sides = (
        (pair.name, pair.district, pair.document, shared.place),
        (shared.other, shared.other_district, shared.other_document, shared.other_place),
    )
    return {
        "length": shared.length,
        "share": shared.share,
        "sides": [
            {
                "name": line(name, 60),
                "district": line(district, 40),
                "href": document_address(None, district, document),
                "place": line(place, 80),
                "parts": parts,
            }
            for (name, district, document, place), parts in zip(sides, _parts(shared), strict=True)
        ],
    }


def _parts(shared: Shared) -> tuple[list[list[Any]], list[list[Any]]]:
    """Both texts in pieces: [text, whether the other has it too]."""
    mine, theirs = plain(shared.mine, LONG), plain(shared.theirs, LONG)
    own: list[list[Any]] = []
    other: list[list[Any]] = []
    for op in Levenshtein.opcodes(mine, theirs):
        same = int(op.tag == "equal")
        for pieces, text in ((own, mine[op.src_start : op.src_end]), (other, theirs[op.dest_start : op.dest_end])):
            if text:
                pieces.append([text, same])
    return own, other


def _page_row(view: RoundView, row: dict[str, Any]) -> list[Any]:
    out: list[Any] = [{"text": row["district"], "href": f"../{quote(row['district'])}/index.html"}, row["files"]]
    for form in view.catalog.applications:
        put = {"text": f"{row['put'][form]} 超限额", "tone": "reject"} if row["over"][form] else row["put"][form]
        out += [row["received"][form], put, row["quota"][form] if row["quota"][form] is not None else "—"]
    return [*out, *row["states"], row["unreadable"], has_table(row), *row["levels"]]
