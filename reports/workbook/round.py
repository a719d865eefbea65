"""全市审查台账.xlsx: the districts beside one another, a sheet a question."""

from __future__ import annotations

from catalog.lists import NoticeList
from catalog.models import Catalog
from reports.charts.charts import STATE_TONES
from reports.results.model import LEVELS, OUTCOMES
from reports.results.round import STATES, RoundView, has_table
from reports.results.rulebook import common_faults, rule_rows
from reports.results.wording import Pair
from reports.safe.text import line
from reports.workbook.columns import Column
from reports.workbook.copies import titled
from reports.workbook.opinions import unplaced_sheet
from reports.workbook.proof import Proof
from reports.workbook.said import UNPLACED
from reports.workbook.saving import Heard
from reports.workbook.sheets import Book, CellValue, Toned

MATTERS = "须裁定事项"


def round_sheets(catalog: Catalog) -> tuple[str, ...]:
    """The names of the sheets that the program writes; every other is somebody's own."""
    covered = (
        _covered(one) for one in (catalog.list_by_role("link"), catalog.list_by_role("scene")) if one is not None
    )
    return (
        "推荐单位对比",
        MATTERS,
        *covered,
        "行业分布",
        "常见问题",
        "雷同文字",
        "与上次相比",
        "裁定",
        "规则结果",
        UNPLACED,
    )


def _covered(one: NoticeList) -> str:
    return f"{one.what}覆盖"


def round_book(view: RoundView, heard: Heard) -> bytes:
    """全市审查台账.xlsx, with what people wrote into it (``heard``) on a sheet of its own."""
    whole = view.catalog.region.whole
    book = Book(titled(whole), heard.carried, view.results[0].today)
    columns = [Column("推荐单位", 16), Column("收到文件", 9, "number")]
    for form in view.catalog.applications:
        name = view.label(form)
        columns += [Column(f"{name}申报书", 9, "number"), Column(f"{name}推荐数", 9, "number")]
        columns += [Column(f"{name}限额", 9, "number"), Column(f"{name}是否超限额", 10)]
    columns += [Column(s.value, 10, "number") for s in STATES]
    columns += [Column("无法读取", 9, "number"), Column("有无汇总表", 10)]
    columns += [Column(f"{name}处数", 10, "number") for name in LEVELS.values()]
    columns += [Column("已撤销处数", 10, "number")]
    rows: list[list[CellValue]] = []
    for r in view.rows:
        row: list[CellValue] = [r["district"], r["files"]]
        for form in view.catalog.applications:
            row += [r["received"][form], r["put"][form], r["quota"][form]]
            row.append(Toned("超限额", "reject") if r["over"][form] else "否")
        rows.append(
            [*row, *r["states"], r["unreadable"], has_table(r), *r["levels"], r["withdrawn"], Proof(key=r["district"])]
        )
    sheet = book.add("推荐单位对比", columns, rows, note=view.catalog.region.whole, frozen=1, always=True)
    book.chart(sheet, "各推荐单位的申报书", columns, {s.value: tone for s, tone in STATE_TONES.items()}, len(rows))
    _matters_sheet(book, view)
    _coverage_sheets(book, view)
    faults = [
        Column("规则", 8),
        Column("内容", 50, "text"),
        Column("涉及项目", 10, "number"),
        Column("处数", 10, "number"),
    ]
    common: list[list[CellValue]] = [list(f) for f in common_faults(view.catalog, view.results, 200)]
    sheet = book.add("常见问题", faults, common, note=view.catalog.region.whole)
    book.chart(sheet, "最常见的问题（涉及项目）", faults, {"涉及项目": "fix"}, min(len(common), _CHARTED))
    if view.copied:
        book.add("雷同文字", _COPIED_COLUMNS, [_copied_row(p) for p in view.copied], note=view.catalog.region.whole)
    if changes := view.changes():
        changed = ("新出现", "已改正", "仍未改正", "不再收到")
        book.add(
            "与上次相比",
            [Column("推荐单位", 16), *(Column(t, 10, "number") for t in changed)],
            changes,
            note=view.catalog.region.whole,
        )
    if settled := view.settled():
        book.add(
            "裁定", [Column("事项", 50, "text"), Column("裁定", 60, "words")], settled, note=view.catalog.region.whole
        )
    rules = [Column("规则", 8), Column("内容", 50, "text"), Column("级别", 12), Column("应用", 9, "number")]
    rules += [Column(OUTCOMES[o], 10, "number") for o in OUTCOMES]
    counted: list[list[CellValue]] = [
        [r.code, r.title, LEVELS[r.level], r.applied, *(r.outcomes[o] for o in OUTCOMES)]
        for r in rule_rows(view.catalog, view.results)
    ]
    book.add("规则结果", rules, counted, note=view.catalog.region.whole)
    unplaced_sheet(book, heard.unplaced, heard.decisions, heard.troubles, note=view.catalog.region.whole)
    return book.close()


_CHARTED = 12
"""Rules that a chart shows."""
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


def _matters_sheet(book: Book, view: RoundView) -> None:
    if view.matters:
        book.add(
            MATTERS,
            [Column(t, w, "text") for t, w in (("事项", 28), ("各方", 60), ("情况", 70), ("须作出的决定", 40))],
            [[f"{m.code} {m.title}", "\n".join(m.sides), "\n".join(m.words), m.decide] for m in view.matters],
            note=view.catalog.region.whole,
        )


def _coverage_sheets(book: Book, view: RoundView) -> None:
    whole, matrix = view.coverage()
    rows: list[list[CellValue]]
    upper, lower = view.catalog.list_by_role("link"), view.catalog.list_by_role("scene")
    if upper is not None:
        links = [Column("推荐单位", 16), *(Column(name, 9, "number") for name in upper.names)]
        rows = [[d, *counts] for d, counts in matrix]
        sheet = book.add(_covered(upper), links, rows, note=view.catalog.region.whole, frozen=1)
        book.shade(sheet, [c.title for c in links[1:]], len(rows))
    if lower is not None:
        above = Column(upper.what if upper is not None else "类别", 20)
        scenes = [Column("序号", 6, "number"), above, Column(lower.what, 34), Column("实例数", 9, "number")]
        rows = [[s.number, s.under, s.name, whole.scenes.get(s.name, 0)] for s in lower.items]
        rows += [[None, "（目录以外）", name, count] for name, count in sorted(whole.other.items())]
        sheet = book.add(_covered(lower), scenes, rows, note=view.catalog.region.whole)
        book.shade(sheet, ["实例数"], len(rows))
    if not view.catalog.industries:
        return
    industries = [Column("行业", 20), Column("申报书", 10, "number")]
    named: list[list[CellValue]] = [list(i) for i in view.industries()]
    sheet = book.add("行业分布", industries, named, note=view.catalog.region.whole)
    book.chart(sheet, "行业分布", industries, {"申报书": "note"}, len(named))
