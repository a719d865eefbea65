"""附件3-1 and 附件3-2: the cover and the tables of basic information, as the notice prints them."""

from __future__ import annotations

from samples.formbuilder import wording
from samples.formbuilder.layout import LABEL, Layout, Values, label, value
from samples.formbuilder.word import (
    Cell,
    Element,
    Face,
    Footnote,
    Line,
    Piece,
    Table,
    paragraph,
)

OWNERSHIP = ("中央企业", "地方国企", "民营企业", "三资企业")
SIZES = ("大型企业", "中型企业", "小型企业", "微型企业")
INDUSTRIES = ("原材料", "装备制造", "消费品", "电子信息")
LEVELS = ("一级", "二级", "三级", "四级", "五级")
YES_NO = ("是", "否")
YEARS = ("2020", "2021", "2022")
GRID = (737,) * 12
"""Twelve columns of 13 mm: halves, thirds and quarters all fall on them."""

COVER_FACE = Face("仿宋", 32)


def cover(form: str, values: Values, layout: Layout) -> list[Element]:
    kind = {"scene": "附件3-1", "factory": "附件3-2"}[form]
    name = {"scene": "（优秀场景）", "factory": "（示范工厂）"}[form]
    out = [
        paragraph(kind, Face("黑体", 32), align="left"),
        paragraph(wording.TITLE, Face("方正小标宋简体", 52), align="center", before=1800, after=120),
        paragraph(name, Face("方正小标宋简体", 40), align="center", after=2400),
    ]
    items = [(key, text, values.text(key, wording.COVER_HINTS.get(key, ""))) for key, text in wording.COVER]
    if layout.cover == "table":
        table = Table((2200, 5600), COVER_FACE)
        for key, text, written in items:
            lines = [written, *(["（盖章）"] * (key in wording.SEALED))]
            table.row(Cell([f"{text}："], align="left"), Cell(lines, align="left"), height=700)
        return [*out, table.element()]
    for key, text, written in items:
        out.append(paragraph(f"{text}：{written}", COVER_FACE, align="left", left=900, before=240))
        if key in wording.SEALED:
            out.append(paragraph("（盖章）", COVER_FACE, align="center", left=900))
    return out


def basic(form: str, values: Values, layout: Layout) -> list[Element]:
    """（一）: the applicant. One table; two where the layout splits."""
    table = Table(GRID, LABEL, layout.ticks, height=397)
    _identity(table, form, values, layout)
    _people(table, values, layout)
    cut = len(table.rows)
    _years(table, values, layout)
    if form == "factory":
        _honours(table, values, layout)
        accident: list[Piece] = ["企业近三年是否发生重大安全生产事故、重大环境事故", Footnote(3)]
    else:
        accident = ["企业近三年是否发生过重大安全生产事故、重大环境事故", Footnote(3)]
    table.row(
        label(layout, *accident, span=6), value(values.named("had_major_accident", "accident_name", "事故名称"), 6)
    )
    table.row(
        label(layout, "企业\n简介", span=2),
        value(values.text("company_profile", wording.PROFILE_HINT), 10, vertical="top"),
        height=1500,
    )
    if not layout.split:
        return [table.element()]
    first, second = table.split(cut)
    return [first.element(), paragraph("", LABEL), second.element()]


def _identity(table: Table, form: str, values: Values, layout: Layout) -> None:
    table.row(label(layout, "企业名称", span=2), value(values.text("company_name"), 10))
    table.row(
        label(layout, "统一社会\n信用代码", span=2),
        value(values.text("uscc"), 5),
        label(layout, "成立时间", span=2),
        value(values.text("founded_on"), 3),
    )
    table.row(label(layout, "企业性质", span=2), value(values.choice("ownership", OWNERSHIP), 10))
    table.row(label(layout, "企业类型", Footnote(1), span=2), value(values.choice("size", SIZES), 10))
    table.row(
        label(layout, "所属行业", Footnote(2), span=2),
        *(
            value(_industry(values, key, name), span)
            for key, name, span in (
                ("industry_section", "行业门类", 3),
                ("industry_division", "行业大类", 3),
                ("industry_group", "行业中类", 4),
            )
        ),
    )
    if form == "scene":
        table.row(label(layout, "所属四大行业", span=2), value(values.choice("industry_category", INDUSTRIES), 10))
    table.row(label(layout, "工厂地址", span=2), value(values.text("factory_address"), 10))
    table.row(
        label(layout, wording.KEY_REGION, span=8),
        value([*values.choice("in_key_region", YES_NO), "（系统自动识别）"], 4),
    )


def _industry(values: Values, key: str, name: str) -> str:
    text = values.text(key)
    return f"{name}：{text}" if text else name + wording.DROPDOWN_SHORT


def _people(table: Table, values: Values, layout: Layout) -> None:
    table.row(
        label(layout, "法人代表/负责人", span=2),
        label(layout, "姓名"),
        value(values.text("legal_rep_name"), 4),
        label(layout, "电话"),
        value(values.text("legal_rep_phone"), 4),
    )
    pairs = (
        (("姓名", "contact_name"), ("电话", "contact_phone")),
        (("职务", "contact_title"), ("手机", "contact_mobile")),
        (("传真", "contact_fax"), ("邮箱", "contact_email")),
    )
    for at, pair in enumerate(pairs):
        cells = [cell for name, key in pair for cell in (label(layout, name), value(values.text(key), 4))]
        table.row(*([label(layout, "联系人", span=2, down=3)] if at == 0 else []), *cells)


def _years(table: Table, values: Values, layout: Layout) -> None:
    table.row(label(layout, "近三年发展情况", span=3), *(label(layout, f"{year}年", span=3) for year in YEARS))
    for key, name in (
        ("assets", "资产总额（万元）"),
        ("debt_ratio", "资产负债率（%）"),
        ("revenue", "主营业务收入（万元）"),
        ("profit_margin", "利润率（%）"),
    ):
        figures = (value(values.text(f"{key}_{year}"), 3, align="center") for year in YEARS)
        table.row(label(layout, name, span=3), *figures)


def _honours(table: Table, values: Values, layout: Layout) -> None:
    for key, name, text in (
        ("is_national_pilot", "national_pilot_name", "是否为国家智能制造试点示范项目"),
        ("is_national_benchmark", "national_benchmark_name", "是否为国家智能制造标杆企业"),
        ("is_provincial_pilot", "provincial_pilot_name", "是否为省级智能制造试点示范项目"),
    ):
        table.row(label(layout, text, span=4), value(values.named(key, name, "项目名称"), 8))
    proof = values.text("capability_proof")
    lines: list[Line] = [
        values.choice("maturity_level", LEVELS),
        wording.PROOF_HINT if layout.hints else "",
        wording.PROOF_LABEL + (f"：{proof}" if proof else ""),
    ]
    table.row(
        label(layout, "智能制造能力成熟度评估结果或其他能力证明材料", span=4),
        Cell(lines, 8, align="left"),
    )


def scene_project(values: Values, layout: Layout) -> list[Element]:
    """（二） of 3-1: the scene, its outcomes and the promise."""
    table = Table(GRID, LABEL, layout.ticks, height=397)
    for key, name, hint in (
        ("link_name", "环节名称", wording.DROPDOWN),
        ("scene_name", "场景名称", wording.DROPDOWN),
        ("instance_name", "场景实例名称", wording.INSTANCE_HINT),
    ):
        table.row(label(layout, name, span=3), value(values.text(key, hint), 9))
    table.row(
        label(layout, "场景实例建设起止日期", span=3),
        value(values.text("build_period"), 3),
        label(layout, "场景实例建设投资（万元）", span=3),
        value(values.text("investment"), 3),
    )
    table.row(
        label(layout, "场景实例建设系统解决方案供应商名称", span=3),
        value(values.text("solution_provider", wording.PROVIDER_HINT), 9),
    )
    table.row(
        label(layout, "联系人", span=3),
        value(values.text("provider_contact"), 3),
        label(layout, "联系电话", span=3),
        value(values.text("provider_phone"), 3),
    )
    _outcomes(table, values, layout, label(layout, "整\n体\n建\n设\n成\n效", down=10), "**")
    cut = len(table.rows)
    _promise(table, values, layout)
    stars = [paragraph(text, Face("仿宋", 21), align="left") for text in wording.STARS]
    if not layout.split:
        return [table.element(), *stars]
    first, second = table.split(cut)
    return [first.element(), *stars, second.element()]


def factory_project(values: Values, layout: Layout) -> list[Element]:
    """（二） of 3-2: the 揭榜任务 and its outcomes."""
    table = Table(GRID, LABEL, layout.ticks, height=397)
    table.row(label(layout, "揭榜任务具体名称", Footnote(4), span=3), value(values.text("task_name"), 9))
    table.row(label(layout, "揭榜行业", span=3), value(values.choice("industry_category", INDUSTRIES), 9))
    table.row(label(layout, "揭榜任务细分行业", Footnote(5), span=3), value(values.text("task_subindustry"), 9))
    table.row(label(layout, "揭榜任务建设地址", span=3), value(values.text("task_address"), 9))
    table.row(
        label(layout, "揭榜任务系统解决方案供应商名称", Footnote(6), span=3), value(values.text("solution_provider"), 9)
    )
    contact = "，".join(filter(None, (values.text("provider_contact"), values.text("provider_phone"))))
    table.row(label(layout, "系统解决方案供应商联系人及联系方式", span=3), value(contact, 9))
    table.row(
        label(layout, "起止日期", span=3),
        value(values.text("build_period"), 3),
        label(layout, "揭榜任务总投资（万元）", span=3),
        value(values.text("investment"), 3),
    )
    table.row(
        label(layout, "项\n目\n简\n述"),
        value(values.text("project_summary", wording.SUMMARY_HINT), 11, vertical="top"),
        height=1400,
    )
    head = Cell(["工", "厂", "整", "体", "建", "设", "成", ["效", Footnote(7)]], down=10)
    _outcomes(table, values, layout, head, Footnote(8))
    return [table.element()]


def _outcomes(table: Table, values: Values, layout: Layout, head: Cell, apc: Piece) -> None:
    pairs = list(zip(wording.OUTCOMES[::2], wording.OUTCOMES[1::2], strict=True))
    for at, pair in enumerate(pairs):
        cells: list[Cell] = []
        for nth, (key, name) in enumerate(reversed(pair) if layout.swapped else pair):
            pieces: list[Piece] = [name, apc, "（%）"] if key == "apc_rate" else [name]
            cells += [label(layout, *pieces, span=4), value(values.text(key), 1 + nth, align="center")]
        table.row(*([head] if at == 0 else []), *cells)
    other = values.text("other_outcomes")
    table.row(value(wording.OTHER_OUTCOMES + other, 11))


def chain(values: Values, layout: Layout) -> list[Element]:
    """（三） of 3-2: 智慧供应链, and the promise."""
    table = Table(GRID, LABEL, layout.ticks, height=397)
    asked = ["是否申报智慧供应链相关内容（", *values.choice("applies_supply_chain", YES_NO), "），不申报无需填报"]
    table.row(value(asked, 12))
    for key, name, note in (
        ("chain_products", "揭榜任务生产的主要产品", None),
        ("chain_partners", "智慧供应链上下游关键企业", None),
        ("chain_roles", "智慧供应链上下游关键企业分工及产品", None),
        ("chain_provider", "智慧供应链解决方案供应商与联系方式", Footnote(9)),
    ):
        pieces: list[Piece] = [name, note] if note else [name]
        table.row(label(layout, *pieces, span=3), value(values.text(key), 9))
    pairs = list(zip(wording.CHAIN_OUTCOMES[::2], wording.CHAIN_OUTCOMES[1::2], strict=True))
    for at, pair in enumerate(pairs):
        cells = [
            cell
            for nth, (key, name) in enumerate(pair)
            for cell in (label(layout, name, span=4), value(values.text(key), 1 + nth, align="center"))
        ]
        table.row(*([label(layout, "供应链\n建设\n成效", down=3)] if at == 0 else []), *cells)
    other = values.text("chain_other")
    table.row(value(wording.OTHER_OUTCOMES + other, 11))
    _promise(table, values, layout)
    return [table.element()]


def _promise(table: Table, values: Values, layout: Layout) -> None:
    date = values.text("commitment_date") or "      年    月    日"
    lines: list[Line] = [
        wording.PROMISE,
        "",
        "法定代表人签章：                ",
        "公    章：                ",
        f"{date}",
    ]
    cell = Cell(lines, 10, align=("both", "right"))
    table.row(label(layout, "真实性\n承诺", span=2), cell, height=1700)
