"""Rules K09 and K12: what the ticked industry asks for, and to which industry GB/T 4754 assigns the applicant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalog.industry import divided, find_division, find_group, industries_of
from catalog.models import Catalog, Industry
from checks.answers import label_of
from checks.choices import unticked
from checks.figures import blank
from checks.names import doubtful, fold, industry_named, text_of
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip, rule
from checks.text import shorten

_EXPLAINED = re.compile(r"不|未|非")
"""不涉及, 未采用, 非流程行业: an answer, where "/" and 无 are none."""


@rule("K09", "fix", "附件3 ** / 注11", "先进过程控制投用率填写与行业不符", reads=("apc_rate", "industry_category"))
def process_control(ctx: Context) -> Iterator[Result]:
    """先进过程控制投用率：优秀场景仅流程行业填写，装备制造、电子信息不填；示范工厂仅原材料行业填写。不该填而填的须补正；原材料行业
    没有填的给出提示。

    触发示例：揭榜行业为“装备制造”的示范工厂填了85；原材料行业空着（提示）。
    不触发：装备制造填“/”“不涉及”或0；消费品行业的优秀场景填了数字（其中有流程行业）。
    如何补正：不属于填写范围的删去；原材料行业的补填，确无先进过程控制的写“不涉及”。
    局限：原材料行业写明“不涉及”的不再提示。
    """
    choice, value = ctx.reading.record.get("industry_category"), ctx.reading.record.get("apc_rate")
    if why := unticked(choice, "行业", "C04"):
        yield why
        return
    industry = _industry(ctx.catalog, text_of(choice))
    asked = industry.apc.get(ctx.form, "open") if industry is not None else "open"
    if industry is None or asked == "open":
        yield NotApplicable("申报书没有明确该行业是否填写")
        return
    filled = value is not None and not blank(ctx.catalog, value)
    label = label_of(ctx.catalog.forms.get(ctx.form), "apc_rate")
    if value is not None and doubtful(value) and filled:
        yield CannotTell(f"{label}没有读清")
    elif asked == "not_asked" and filled and value is not None and value.value:
        only = "仅流程行业填写" if ctx.form == "scene" else "仅原材料行业填写"
        yield Trip(
            f"{label}填写“{value.raw or value.value}”，而所选行业为“{industry.name}”，申报书注明该项{only}。"
            "请删去，或核实所选行业。",
            about="apc_rate",
            field="apc_rate",
            where=value.where,
            evidence=value.raw or str(value.value),
            expected="不填",
        )
    elif asked == "asked" and not filled and not (value is not None and _EXPLAINED.match(fold(value.raw))):
        yield Trip(
            f"所选行业为“{industry.name}”，{label}没有填写。请核实是否应填，确无先进过程控制的写“不涉及”。",
            about="apc_rate",
            field="apc_rate",
            where=value.where if value is not None else "",
            evidence=value.raw if value is not None else "",
            expected="填写投用率，或写“不涉及”",
            level="note",
        )


def _industry(catalog: Catalog, option: str) -> Industry | None:
    name = industry_named(catalog, option)
    return next((i for i in catalog.industries if i.name == name), None)


@rule(
    "K12", "note", "附件3", "行业大类与所选行业不符", reads=("industry_division", "industry_group", "industry_category")
)
def industry_of_code(ctx: Context) -> Iterator[Result]:
    """行业大类（GB/T 4754-2017）应属于所勾选的四大行业；大类分属几个行业的（如38电气机械和器材制造业），按中类判断。

    触发示例：大类为“C27医药制造业”，勾选“装备制造”。
    不触发：大类为38、中类为“387照明器具制造”，勾选“消费品”；大类不属于四大行业（如采矿业）。
    如何补正：核实行业大类或所选行业。
    局限：大类、中类写的不是国家标准名称或代码的，认不出。
    """
    choice = ctx.reading.record.get("industry_category")
    division_value, group_value = (ctx.reading.record.get(k) for k in ("industry_division", "industry_group"))
    given = [v for v in (division_value, group_value) if v is not None and not blank(ctx.catalog, v)]
    if not given:
        yield NotApplicable("行业大类、行业中类未填（见C02）")
        return
    if why := unticked(choice, "行业", "C04"):
        yield why
        return
    own = _industry(ctx.catalog, text_of(choice))
    division = find_division(ctx.catalog, text_of(division_value))
    group = find_group(ctx.catalog, text_of(group_value))
    if own is None or (division is None and group is None):
        yield CannotTell(f"认不出行业大类“{shorten(text_of(division_value))}”")
        return
    found = industries_of(ctx.catalog, division, group)
    if not found:
        yield NotApplicable("该大类不属于四大行业")
        return
    if own in found:
        return
    if any(doubtful(v) for v in given):
        yield CannotTell("行业大类或行业中类没有读清")
        return
    use_group = group is not None and (division is None or divided(ctx.catalog, division))
    key = "industry_group" if use_group and group is not None else "industry_division"
    named = group if use_group and group is not None else division
    value = group_value if use_group else division_value
    names = "、".join(i.name for i in found)
    yield Trip(
        f"行业{'中类' if use_group else '大类'}“{f'{named.code}{named.name}' if named else ''}”属于“{names}”，"
        f"而所选行业为“{own.name}”。请核实行业大类或所选行业。",
        about="industry_category",
        field=key,
        where=value.where if value is not None else "",
        evidence=f"{text_of(value)}；{text_of(choice)}",
        expected=names,
    )
