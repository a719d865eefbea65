"""全市: the round at a glance, across districts. Findings stand in their own districts; here they are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rapidfuzz.distance import Levenshtein

from checks.duplicates import Shared
from checks.names import industry_named
from reports.page.district import document_address, page
from reports.papers.word import render
from reports.results.coverage import Coverage, coverage
from reports.results.model import LEVELS, DistrictResult, Status
from reports.results.progress import Progress, State
from reports.results.recommend import TABLES, over_quota, put_forward
from reports.results.rulebook import common_faults, rule_rows
from reports.results.wording import Pair, copied_passages
from reports.safe.text import LONG, line, plain
from reports.workbook.opinions import unplaced_sheet
from reports.workbook.saving import Heard
from reports.workbook.sheets import Book, CellValue, Column, Toned
from reports.workbook.understand import UNPLACED

TEMPLATE = "全市审查报告.docx"
_STATES = (Status.CLEAN, Status.FIX, Status.REJECT)


class RoundView:
    """What the round's outputs share. ``out_dir`` is 全市's folder; the districts' folders stand beside it."""

    def __init__(self, results: Sequence[DistrictResult], out_dir: Path) -> None:
        self.results = sorted(results, key=lambda r: r.district)
        self.catalog = self.results[0].catalog
        self.applications = [i for r in self.results for i in r.applications()]
        self.progress = {r.district: _progress(r, out_dir.parent / r.district) for r in self.results}
        self.copied = copied_passages(self.results)
        self.faults = common_faults(self.results, 12)

    def label(self, form: str) -> str:
        return self.results[0].form_label(form)

    def industries(self) -> list[tuple[str, int]]:
        """Applications by the four industries, in the catalog's order, then those that name none."""
        named = Counter(industry_named(self.catalog, i.record.text("industry_category")) for i in self.applications)
        rows = [(k.name, named[k.name]) for k in self.catalog.industries]
        return rows + ([("未填或不明", named[""])] if named[""] else [])

    def coverage(self) -> tuple[Coverage, list[tuple[str, list[int]]]]:
        """The whole round's coverage, and for each district the number of instances by 环节."""
        whole, rows = Coverage(), []
        for result in self.results:
            own = coverage(self.catalog, result.applications())
            for target, source in ((whole.scenes, own.scenes), (whole.other, own.other)):
                for name, count in source.items():
                    target[name] = target.get(name, 0) + count
            totals = Counter[str]()
            for links in own.links.values():
                totals.update(links)
            rows.append((result.district, [totals[k.name] for k in self.catalog.links]))
        return whole, rows

    def missing(self) -> list[str]:
        """Recommenders of the catalog that sent nothing."""
        here = {r.district for r in self.results}
        return [r.name for r in self.catalog.recommenders if r.name not in here]

    def rows(self) -> list[dict[str, Any]]:
        """A row a district: counts, quotas and what is over them, findings by level."""
        out = []
        for result in self.results:
            tally = result.tally(result.applications())
            quota, over = result.quota, over_quota(result)
            levels = Counter[str](f.level for f in result.open_findings)
            out.append(
                {
                    "district": result.district,
                    "files": len(result.submissions),
                    "received": {f: len(result.applications(f)) for f in TABLES},
                    "put": put_forward(result),
                    "quota": {f: getattr(quota, f) if quota else None for f in TABLES},
                    "over": {f: f in over for f in TABLES},
                    "table": bool(result.summaries),
                    "known": quota is not None,
                    "states": [tally[s] for s in _STATES],
                    "unreadable": result.tally(result.items)[Status.UNREADABLE],
                    "unread": result.tally(result.items)[Status.UNREAD],
                    "levels": [levels[k] for k in LEVELS],
                    "withdrawn": len(result.withdrawn_findings),
                }
            )
        return out


def _progress(result: DistrictResult, folder: Path) -> Progress:
    """What changed in a district, as its own reports told it when they were written just before."""
    return State.load(folder).advance(result)


def round_page(view: RoundView) -> bytes:
    """全市/index.html."""
    whole, matrix = view.coverage()
    tally = Counter(i.status for i in view.applications)
    rows = view.rows()
    heads = ["推荐单位", "收到文件"]
    for form in TABLES:
        heads += [f"{view.label(form)}申报书", "推荐", "限额"]
    heads += [s.value for s in _STATES] + ["无法读取", "汇总表", *(f"{name}处数" for name in LEVELS.values())]
    data = {
        "notice": f"{view.catalog.title}（{view.catalog.number}）",
        "levels": LEVELS,
        "tiles": [
            ["推荐单位", sum(r["known"] for r in rows), "", ""],
            ["申报书", len(view.applications), "", ""],
            *([s.value, tally[s], t, ""] for s, t in zip(_STATES, ("good", "fix", "reject"), strict=True)),
            ["无法读取", sum(r["unreadable"] for r in rows), "fix", ""],
            *([["未读取", unread, "note", ""]] if (unread := sum(r["unread"] for r in rows)) else []),
            ["雷同文字", len(view.copied), "note", "#copied"],
        ],
        "compare": {"heads": heads, "rows": [_page_row(r) for r in rows]},
        "faults": [list(f) for f in view.faults],
        "industries": [list(i) for i in view.industries()],
        "copied": [_page_pair(p) for p in view.copied[:500]],
        "changes": [
            [d, len(p.new), len(p.mended), len(p.still), len(p.gone)] for d, p in view.progress.items() if not p.first
        ],
        "links": [[k.name, k.aspect] for k in view.catalog.links],
        "districtMatrix": [list(m) for m in matrix],
        "scenes": [[s.number, s.name, s.link, whole.scenes.get(s.name, 0), []] for s in view.catalog.scenes],
        "others": sorted(whole.other.items()),
        "missing": view.missing(),
        "unsure": [],
        "passed": [],
        "details": {},
    }
    return page(f"{view.catalog.year}年度申报材料审查：全市", data, "round")


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


def _page_row(row: dict[str, Any]) -> list[Any]:
    out: list[Any] = [{"text": row["district"], "href": f"../{quote(row['district'])}/index.html"}, row["files"]]
    for form in TABLES:
        put = {"text": f"{row['put'][form]} 超限额", "tone": "reject"} if row["over"][form] else row["put"][form]
        out += [row["received"][form], put, row["quota"][form] if row["quota"][form] is not None else "—"]
    return [*out, *row["states"], row["unreadable"], _has_table(row), *row["levels"]]


def _has_table(row: dict[str, Any]) -> str:
    if row["table"] or not row["known"]:
        return "有" if row["table"] else "—"
    return "不明" if row["unread"] else "没有"


ROUND_SHEETS = (
    "推荐单位对比",
    "环节覆盖",
    "场景覆盖",
    "行业分布",
    "常见问题",
    "雷同文字",
    "与上次相比",
    "规则结果",
    UNPLACED,
)


def round_book(view: RoundView, heard: Heard) -> bytes:
    """全市审查台账.xlsx, with what people wrote into it (``heard``) on a sheet of its own."""
    book = Book("全市审查台账")
    columns = [Column("推荐单位", 16), Column("收到文件", 9, "number")]
    for form in TABLES:
        name = view.label(form)
        columns += [Column(f"{name}申报书", 9, "number"), Column(f"{name}推荐数", 9, "number")]
        columns += [Column(f"{name}限额", 9, "number"), Column(f"{name}是否超限额", 10)]
    columns += [Column(s.value, 10, "number") for s in _STATES]
    columns += [Column("无法读取", 9, "number"), Column("有无汇总表", 10)]
    columns += [Column(f"{name}处数", 10, "number") for name in LEVELS.values()]
    columns += [Column("已撤销处数", 10, "number")]
    rows: list[list[CellValue]] = []
    for r in view.rows():
        row: list[CellValue] = [r["district"], r["files"]]
        for form in TABLES:
            row += [r["received"][form], r["put"][form], r["quota"][form]]
            row.append(Toned("超限额", "reject") if r["over"][form] else "否")
        rows.append([*row, *r["states"], r["unreadable"], _has_table(r), *r["levels"], r["withdrawn"]])
    book.add("推荐单位对比", columns, rows, note="全市", frozen=1)
    _coverage_sheets(book, view)
    faults = [
        Column("规则", 8),
        Column("内容", 50, "text"),
        Column("涉及项目", 10, "number"),
        Column("处数", 10, "number"),
    ]
    book.add("常见问题", faults, [list(f) for f in common_faults(view.results, 200)], note="全市")
    if view.copied:
        book.add("雷同文字", _COPIED_COLUMNS, [_copied_row(p) for p in view.copied], note="全市")
    if changes := _changes(view):
        changed = ("新出现", "已改正", "仍未改正", "不再收到")
        book.add(
            "与上次相比", [Column("推荐单位", 16), *(Column(t, 10, "number") for t in changed)], changes, note="全市"
        )
    rules = [Column("规则", 8), Column("内容", 50, "text"), Column("级别", 12), Column("应用", 9, "number")]
    rules += [Column("发现问题", 10, "number"), Column("不能判断", 10, "number")]
    counted: list[list[CellValue]] = [
        [r.code, r.title, LEVELS[r.level], r.ran, r.outcomes["finding"], r.outcomes["cannot_tell"]]
        for r in rule_rows(view.results)
    ]
    book.add("规则结果", rules, counted, note="全市")
    unplaced_sheet(book, heard.unplaced, heard.decisions, heard.troubles, note="全市")
    return book.close()


_COPIED_COLUMNS = [
    Column("雷同字数", 8, "number"),
    Column("相同比例", 8),
    Column("申报单位甲", 24, "text"),
    Column("推荐单位甲", 11),
    Column("位置甲", 22, "text"),
    Column("申报单位乙", 24, "text"),
    Column("推荐单位乙", 11),
    Column("位置乙", 22, "text"),
    Column("甲的文字", 48, "text"),
    Column("乙的文字", 48, "text"),
]


def _copied_row(pair: Pair) -> list[CellValue]:
    shared = pair.shared
    mine = (line(pair.name, 60), pair.district, shared.place)
    theirs = (line(shared.other, 60), shared.other_district, shared.other_place)
    return [shared.length, shared.share, *mine, *theirs, shared.mine, shared.theirs]


def _changes(view: RoundView) -> list[list[CellValue]]:
    return [[d, len(p.new), len(p.mended), len(p.still), len(p.gone)] for d, p in view.progress.items() if not p.first]


def _coverage_sheets(book: Book, view: RoundView) -> None:
    whole, matrix = view.coverage()
    links = [Column("推荐单位", 16), *(Column(k.name, 9, "number") for k in view.catalog.links)]
    book.add("环节覆盖", links, [[d, *counts] for d, counts in matrix], note="全市", frozen=1)
    scenes = [Column("序号", 6, "number"), Column("环节", 20), Column("场景", 34), Column("实例数", 9, "number")]
    rows: list[list[CellValue]] = [[s.number, s.link, s.name, whole.scenes.get(s.name, 0)] for s in view.catalog.scenes]
    rows += [[None, "（目录以外）", name, count] for name, count in sorted(whole.other.items())]
    book.add("场景覆盖", scenes, rows, note="全市")
    industries = [Column("行业", 20), Column("申报书", 10, "number")]
    book.add("行业分布", industries, [list(i) for i in view.industries()], note="全市")


def round_report(view: RoundView) -> bytes:
    """全市审查报告.docx. Raises :class:`reports.papers.word.BrokenTemplate`."""
    return render(TEMPLATE, round_context(view), view.results[0].templates)


def round_context(view: RoundView) -> dict[str, Any]:
    """What the template may use; every leaf is text."""
    whole, _ = view.coverage()
    changes = _changes(view)
    return {
        "年度": view.catalog.year,
        "通知文号": view.catalog.number,
        "通知标题": view.catalog.title,
        "概述": _round_overview(view),
        "各单位": [
            {
                "推荐单位": r["district"],
                "场景": str(r["received"]["scene"]),
                "场景限额": str(r["quota"]["scene"] if r["quota"]["scene"] is not None else "—"),
                "工厂": str(r["received"]["factory"]),
                "工厂限额": str(r["quota"]["factory"] if r["quota"]["factory"] is not None else "—"),
                **{s.value: str(n) for s, n in zip(_STATES, r["states"], strict=True)},
                "无法读取": str(r["unreadable"]),
            }
            for r in view.rows()
        ],
        "常见问题": [
            {"规则": code, "内容": title, "项目": str(apps), "处数": str(count)}
            for code, title, apps, count in view.faults
        ],
        "覆盖": _cover_words(view, whole),
        "雷同说明": f"发现申报书之间大段文字雷同{len(view.copied)}处，供核对{_first(view)}。"
        if view.copied
        else "没有发现申报书之间大段雷同的文字。",
        "雷同": [_report_pair(p) for p in view.copied[:_MOST]],
        "变化说明": "各推荐单位问题的变化如下：" if changes else "这是首次审查，或者与上次相比没有变化的记录。",
        "变化": [
            {"推荐单位": str(d), "新": str(n), "改": str(m), "仍": str(s), "去": str(g)} for d, n, m, s, g in changes
        ],
    }


_MOST = 20
"""Copied passages that the report lists; all stand in the workbook."""


def _first(view: RoundView) -> str:
    return f"，下表列出最长的{_MOST}处，其余见全市审查台账" if len(view.copied) > _MOST else ""


def _report_pair(pair: Pair) -> dict[str, str]:
    shared = pair.shared
    words = [f"甲{shared.place}与乙{shared.other_place}有{shared.length}字雷同，其中{shared.share}相同。"]
    if shared.mine == shared.theirs:
        words.append(f"双方都写：“{line(shared.mine, 80)}”")
    else:
        words += [f"甲写：“{line(shared.mine, 80)}”", f"乙写：“{line(shared.theirs, 80)}”"]
    return {
        "甲": f"{line(pair.name, 60)}\n（{line(pair.district, 40)}）",
        "乙": f"{line(shared.other, 60)}\n（{line(shared.other_district, 40)}）",
        "情况": plain("\n".join(words)),
    }


def _round_overview(view: RoundView) -> list[str]:
    tally = Counter(i.status for i in view.applications)
    forms = "、".join(f"{view.label(f)}{sum(i.form == f for i in view.applications)}份" for f in TABLES)
    states = "，".join(f"{s.value}{tally[s]}份" for s in _STATES)
    over = [r["district"] for r in view.rows() if any(r["over"].values())]
    without = [r["district"] for r in view.rows() if _has_table(r) == "没有"]
    strays = [r["district"] for r in view.rows() if not r["known"]]
    missing = view.missing()
    out = [
        f"共有{len(view.results) - len(strays)}个推荐单位报送，收到申报书{len(view.applications)}份（{forms}）。其中{states}。"
    ]
    out.append(f"超过推荐限额的：{'、'.join(over)}。" if over else "各推荐单位均未超过推荐限额。")
    if without:
        out.append(f"没有收到推荐汇总表的：{'、'.join(without)}。")
    unread = [r["district"] for r in view.rows() if r["unread"]]
    if unread:
        out.append(f"有文件因本机缺少组件未读取、情况不全的：{'、'.join(unread)}。")
    if strays:
        sent = sum(sum(r["received"].values()) for r in view.rows() if not r["known"])
        out.append(f"另有{sent}份申报书不属于通知所列的推荐单位（见“{'、'.join(strays)}”），已计入上述数字。")
    if missing:
        out.append(f"尚未收到材料的推荐单位{len(missing)}个：{'、'.join(missing)}。")
    return out


def _cover_words(view: RoundView, whole: Coverage) -> list[str]:
    industries = "、".join(f"{name}{count}份" for name, count in view.industries())
    bare = [s.name for s in view.catalog.scenes if not whole.scenes.get(s.name)]
    total = len(view.catalog.scenes)
    out = [f"申报书按行业分：{industries}。", f"目录所列{total}个场景中，已有申报的{total - len(bare)}个。"]
    if bare:
        out.append(f"尚无申报的：{'、'.join(bare)}。")
    if whole.other:
        out.append(f"目录以外的场景{len(whole.other)}个：{'、'.join(sorted(whole.other)[:20])}。")
    return out
