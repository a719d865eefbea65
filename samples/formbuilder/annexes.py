"""The chapters and annexes 附1 to 附7 of both applications, and the tables of 附件4."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from samples.formbuilder import wording, written
from samples.formbuilder.layout import BODY, HEAD, LABEL, SMALL, SUBHEAD, Layout, Values, label, value
from samples.formbuilder.word import Cell, Element, Face, Table, paragraph

UPRIGHT = 8844
WIDE = 14570
SCENE_WIDTHS = (480, 700, 800, 960, 1680, 1480, 2300, 1300, 1480, 1270, 1640, 480)
TITLE = Face("方正小标宋简体", 40)


def chapters(form: str, values: Values) -> list[Element]:
    out: list[Element] = []
    for at, (heading, key, hint) in enumerate(wording.CHAPTERS[form]):
        sub = heading.startswith("（")
        out.append(
            paragraph(heading, SUBHEAD if sub else HEAD, align="both", indent=2, heading=int(sub), page_break=at == 0)
        )
        if key:
            for line in values.text(key, hint).split("\n"):
                out.append(paragraph(line, BODY, indent=2, spacing=560))
    return out


def annex_title(annex: str, title: str, page_break: bool) -> list[Element]:
    return [
        paragraph(annex, Face("黑体", 32), align="left", page_break=page_break, keep=True),
        paragraph(title, Face("黑体", 32), align="center", before=120, after=160, keep=True),
    ]


def scenes(values: Values, layout: Layout) -> list[Element]:
    """附1: the scene instances, with the printed example."""
    rows = values.rows("scenes") or [{"seq": str(at)} for at in (1, 2, 3)] * values.blank
    out = annex_title("附1", "场景实例描述", page_break=False)
    columns = list(zip(wording.SCENE_COLUMNS, SCENE_WIDTHS, strict=True))
    if layout.swapped:
        columns[-1], columns[-2] = columns[-2], columns[-1]
    if layout.vertical:
        for row in rows:
            table = Table((2600, WIDE - 2600), LABEL, layout.ticks)
            for (key, name), _ in columns:
                table.row(label(layout, name), value(written.text(row.get(key))))
            out += [table.element(), paragraph("", LABEL)]
        return out
    groups = [[row] for row in rows] if layout.split else [rows]
    for at, group in enumerate(groups):
        table = Table([width for _, width in columns], SMALL, layout.ticks)
        table.row(*(label(layout, name) for (_, name), _ in columns), header=True)
        shown = [wording.EXAMPLE, *group] if layout.example and at == 0 else group
        for row in shown:
            table.row(*(_scene_cell(key, row) for (key, _), _ in columns), height=900)
        out += [table.element(), paragraph("", SMALL)]
    return out


def _scene_cell(key: str, row: dict[str, Any]) -> Cell:
    short = key in {"seq", "link", "scene", "instance", "remark"}
    return value(written.text(row.get(key)), align="center" if short else "left")


def used(form: str, values: Values, layout: Layout) -> list[Element]:
    """附2: one table an instance, each with equipment, software, processes and technologies."""
    title, named = wording.ANNEX_2[form]
    parts = ("equipment", "software", "processes", "technologies")
    order = list(dict.fromkeys(row["instance"] for row in values.rows("scenes") if row.get("instance")))
    order += [
        name
        for name in dict.fromkeys(row["instance"] for part in parts for row in values.rows(part))
        if name not in order
    ]
    has = [name for name in order if any(row["instance"] == name for part in parts for row in values.rows(part))]
    out = annex_title("附2", title, page_break=False)
    for name in has or [""] * values.blank:
        table = _used_table(name, named, values, layout)
        out += [table.element(), paragraph("", LABEL)]
    return out


def _used_table(name: str, named: str, values: Values, layout: Layout) -> Table:
    table = Table((737,) * 12, Face("仿宋", 21), layout.ticks)
    table.row(label(layout, named, span=5), value(name, 7))
    for part, columns, hint in (
        (
            "equipment",
            (
                ("kind", "关键装备种类", 3),
                ("name", "名称", 3),
                ("model", "规格/型号", 2),
                ("supplier", "供应商", 3),
                ("remark", "备注", 1),
            ),
            wording.EQUIPMENT_HINT,
        ),
        (
            "software",
            (("kind", "关键软件种类", 3), ("name", "名称", 4), ("model", "规格/型号", 2), ("supplier", "供应商", 3)),
            wording.SOFTWARE_HINT,
        ),
        ("processes", (("name", "工艺名称", 4), ("application", "应用描述", 8)), wording.SEVERAL),
        ("technologies", (("name", "技术名称", 4), ("application", "应用描述", 8)), wording.SEVERAL),
    ):
        table.row(*(label(layout, text, span=span) for _, text, span in columns))
        rows = [row for row in values.rows(part) if row["instance"] == name and name]
        for row in rows:
            table.row(*(value(written.text(row.get(key)), span, align="center") for key, _, span in columns))
        if not rows:
            table.row(*(value("", span) for _, _, span in columns), height=400)
            if layout.hints:
                table.row(value(hint, 12))
    return table


def lists(values: Values, layout: Layout) -> list[Element]:
    """附3 to 附7 of the factory form, a page each on the blank form, one after the other when filled in."""
    out: list[Element] = []
    for annex, title, key, name in wording.LISTS:
        columns = (
            ("seq", "序号", 900),
            ("name", name, 3000),
            ("parameters", wording.PARAMETERS, 3544),
            ("remark", "备注", 1400),
        )
        out += _list(annex, title, key, columns, values, layout)
    for annex, title, key, names in wording.PAPERS:
        keys = ("name", "kind", "status", "number")
        widths = (2644, 1700, 1400, 1600)
        middle = tuple(zip(keys, names, widths, strict=True))
        out += _list(annex, title, key, (("seq", "序号", 700), *middle, ("remark", "备注", 800)), values, layout)
    return out


def _list(
    annex: str, title: str, key: str, columns: Sequence[tuple[str, str, int]], values: Values, layout: Layout
) -> list[Element]:
    table = Table([width for _, _, width in columns], LABEL, layout.ticks)
    table.row(*(label(layout, text) for _, text, _ in columns), header=True)
    rows = values.rows(key)
    rows = rows or [{"seq": str(at)} for at in range(1, 4)]
    for row in rows:
        cells = (
            value(written.text(row.get(column)), align="center" if column == "seq" else "left")
            for column, _, _ in columns
        )
        table.row(*cells, height=480)
    return [*annex_title(annex, title, page_break=values.blank), table.element(), paragraph("", LABEL)]


SUMMARY = (
    (
        "1.智能制造优秀场景",
        "scene_recommendations",
        (
            ("seq", "序号", 700),
            ("company", "申报企业名称", 2000),
            ("instances", "申报智能制造典型场景实例（罗列）", 3644),
            ("contact", "联系人", 1000),
            ("mobile", "联系方式（手机号）", 1500),
        ),
        3,
    ),
    (
        "2.智能制造示范工厂",
        "factory_recommendations",
        (
            ("seq", "序号", 700),
            ("company", "揭榜单位名称", 1700),
            ("factory", "示范工厂名称", 1500),
            ("instances", "涉及典型场景实例（罗列）", 2544),
            ("contact", "联系人", 900),
            ("mobile", "联系方式（手机号）", 1500),
        ),
        4,
    ),
)
"""Heading, table, columns with their widths, rows of the blank form."""


def summary(values: Values, layout: Layout) -> list[Element]:
    """附件4: the title, the recommender and the two tables."""
    out = [
        paragraph("附件4", Face("黑体", 32), align="left"),
        paragraph(wording.SUMMARY_TITLE, TITLE, align="center", before=120, after=200),
        paragraph(f"推荐单位（盖章）：{values.text('recommender')}", Face("仿宋", 28), align="left"),
    ]
    for at, (title, key, columns, empty) in enumerate(SUMMARY):
        out.append(
            paragraph(title, Face("黑体", 28), align="left", before=160, after=80, page_break=at == 1 and values.blank)
        )
        table = Table([width for _, _, width in columns], Face("仿宋", 21), layout.ticks)
        table.row(*(label(layout, text) for _, text, _ in columns), header=True)
        note = wording.SUMMARY_NOTE.format(title[2:])
        rows = values.rows(key)
        if values.blank:
            example = {"seq": "1", "instances": wording.SUMMARY_EXAMPLE}
            rows = [example, *({"seq": str(nth)} for nth in range(2, empty + 1)), {"seq": "……"}]
        for row in rows:
            cells = (
                value(written.text(row.get(column)), align="left" if column == "instances" else "center")
                for column, _, _ in columns
            )
            table.row(*cells, height=600)
        out += [
            table.element(),
            paragraph(note, Face("仿宋", 21), align="left", before=60),
        ]
    return out
