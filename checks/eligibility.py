"""Group E: does the applicant meet the conditions of the notice (一、申报条件).

E01 and E02 stand in checks/credit_code.py, E08 to E11 (二、组织实施) in checks/channel.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.answers import Answers
from checks.choices import unticked
from checks.forms import FACTORY
from checks.names import doubtful, empty, fold, means_blank, same, text_of, without_brackets
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip, rule
from checks.text import shorten


@rule(
    "E03",
    "fix",
    "一（一）",
    "分支机构申报而不属于石油石化、有色金属等行业",
    reads=("company_name", "applicant", "industry_division", "task_subindustry"),
)
def branch(ctx: Context) -> Iterator[Result]:
    """申报主体应具有独立法人资格；只有石油石化、有色金属等行业允许法人的分支机构申报。名称以分公司、分厂、分部等结尾的
    是分支机构，行业按所属行业大类（GB/T 4754）或揭榜细分行业判断。

    触发示例：“上海某某机械有限公司嘉定分公司”，行业大类为通用设备制造业。
    不触发：某石化公司分公司（行业大类25、26）；名称中间碰巧有“分部”二字的公司，如“微分部件有限公司”。
    如何补正：由具有法人资格的公司申报，或说明行业特殊情况。
    局限：只看名称；名称里没有这些字样的非法人单位看不出来。
    """
    record = ctx.reading.record
    names = [(key, record.get(key)) for key in ("company_name", "applicant")]
    known = [(key, value) for key, value in names if value is not None and not empty(value)]
    if not known:
        yield NotApplicable("企业名称和申报单位均未填（见C01、C02）")
        return
    words = [fold(w) for w in ctx.catalog.words.get("branch", ())]
    hits = [(key, v) for key, v in known if _ends_with(text_of(v), words)]
    if not hits:
        if any(not v.certain for _, v in known):
            yield CannotTell("企业名称识别没有把握")
        return
    key, value = hits[0]
    if not value.certain:
        yield CannotTell("企业名称识别没有把握")
        return
    allowed = _branch_allowed(ctx)
    if allowed is None:
        yield CannotTell(f"“{value.raw}”是分支机构，但所属行业未填或没有把握，不能判断是否允许分支机构申报")
    elif not allowed:
        yield Trip(
            f"申报单位“{text_of(value)}”是法人的分支机构。通知要求申报主体具有独立法人资格，只有石油石化、有色金属等有行业"
            "特殊情况的允许分支机构申报。请改由所属法人单位申报，或说明行业特殊情况。",
            about="company_name",
            field=key,
            where=value.where,
            evidence=value.raw,
            expected="独立法人；石油石化、有色金属等行业除外",
        )


def _ends_with(name: str, words: list[str]) -> bool:
    endings = tuple(words)
    return fold(name).endswith(endings) or fold(without_brackets(name)).endswith(endings)


def _branch_allowed(ctx: Context) -> bool | None:
    """Whether the applicant's industry lets a branch apply; None where the industry is not known."""
    record = ctx.reading.record
    codes = ctx.catalog.keys.get("branch_exempt_divisions", ())
    names = [fold(w) for w in ctx.catalog.words.get("branch_exempt", ())]
    sure = False
    for key in ("industry_division", "industry_group", "task_subindustry"):
        value = record.get(key)
        if value is None or empty(value):
            continue
        text = fold(text_of(value))
        if any(n in text for n in names) or any(_division_is(ctx, text, code) for code in codes):
            return True
        sure = sure or (not doubtful(value) and key != "industry_group")
    return False if sure else None


def _division_is(ctx: Context, folded: str, code: str) -> bool:
    """True where the folded text of 所属行业 is this GB/T 4754 division, by code (C26…, 265…) or by name."""
    name = next((fold(d.name) for d in ctx.catalog.divisions if d.code == code), "")
    return folded.lstrip("abcdefghijklmnopqrst").startswith(code) or (bool(name) and name in folded)


@rule(
    "E04",
    "reject",
    "一（三）",
    "智能制造能力成熟度低于二级",
    forms=FACTORY,
    reads=("maturity_level", "capability_proof"),
)
def maturity(ctx: Context) -> Iterator[Result]:
    """示范工厂申报主体的智能制造能力成熟度自评估应达到GB/T 39116-2020二级及以上，或满足相关行业智能制造指导性文件要求。
    低于二级而附有其他能力证明的，给出提示，由人判断。

    触发示例：勾选“一级”，没有其他能力证明材料。
    不触发：勾选“二级”或更高。
    如何补正：补充达到二级的自评估结果，或行业智能制造指导性文件要求的证明。
    局限：证明材料的内容不作判断。
    """
    record = ctx.reading.record
    level = record.get("maturity_level")
    if why := unticked(level, "成熟度等级", "C13"):
        yield why
        return
    number = ctx.catalog.limits.maturity_levels.get(text_of(level), 0)
    if level is None or not number:
        yield CannotTell(f"成熟度等级“{text_of(level)}”不是表中的选项")
        return
    least = ctx.catalog.limits.min_maturity
    if number >= least:
        return
    needed = next((n for n, v in ctx.catalog.limits.maturity_levels.items() if v == least), str(least))
    proof = record.get("capability_proof")
    said = Answers.of(ctx).said("capability_proof")
    given = bool(said) and not means_blank(said, ctx.catalog.words.get("no_proof", ()))
    if not given and proof is not None and not proof.certain:
        yield CannotTell("成熟度为" + text_of(level) + "，其他能力证明材料没有读清")
        return
    yield Trip(
        f"智能制造能力成熟度为“{text_of(level)}”，通知要求达到GB/T 39116-2020{needed}及以上，"
        "或满足相关行业智能制造指导性文件要求。"
        + (
            f"另有其他能力证明“{shorten(text_of(proof))}”，请核对是否满足行业指导性文件要求。"
            if given
            else f"没有其他能力证明材料，不符合申报条件；如已达到{needed}，请补充自评估结果。"
        ),
        about="maturity_level",
        field="maturity_level",
        where=level.where,
        evidence=level.raw or text_of(level),
        expected=f"{needed}及以上，或满足相关行业智能制造指导性文件要求",
        level="note" if given else None,
    )


@rule("E05", "reject", "一（六）", "近三年发生过重大事故", reads=("had_major_accident", "accident_name"))
def accident(ctx: Context) -> Iterator[Result]:
    """申报主体近三年应未发生重大、特大安全生产事故和重大、特大环境事故。勾选“是”的不符合申报条件。

    触发示例：“是否发生过重大安全生产事故、重大环境事故”勾选“是”。
    不触发：勾选“否”，事故名称写“无”。
    如何补正：确系误勾的，改正后重新提交。
    局限：没有勾选或两项都勾选的由C04指出，这里不作判断。
    """
    value = ctx.reading.record.get("had_major_accident")
    if why := unticked(value, "是否发生过重大事故", "C04"):
        yield why
    elif value is not None and value.value is True:
        name = text_of(ctx.reading.record.get("accident_name"))
        yield Trip(
            "申报书勾选近三年发生过重大安全生产事故或重大环境事故"
            + (f"（事故名称：“{shorten(name)}”）" if name else "")
            + "，通知要求近三年未发生重大、特大安全生产事故和重大、特大环境事故，不符合申报条件。"
            "如系误勾，请改正后重新提交。",
            about="had_major_accident",
            field="had_major_accident",
            where=value.where,
            evidence=value.raw or "是",
            expected="否",
        )


@rule("E06", "note", "一（一）", "近三年有亏损，或资产负债率超过100%", reads=("profit_margin_*", "debt_ratio_*"))
def economic_benefit(ctx: Context) -> Iterator[Result]:
    """申报主体近三年应经济效益较好。任何一年利润率为负，或资产负债率超过100%的，给出提示。

    触发示例：2021年利润率为-3.2%；2022年资产负债率为104%。
    不触发：利润率为0；资产负债率为100%。
    如何补正：无须补正，由推荐单位核实经营情况。
    局限：只看表内填写的数字。
    """
    limit = ctx.catalog.limits.debt_ratio
    for year in ctx.catalog.years:
        for key, name in ((f"profit_margin_{year}", "利润率"), (f"debt_ratio_{year}", "资产负债率")):
            value = ctx.reading.record.get(key)
            if value is None or value.blank:
                continue
            if doubtful(value) or not isinstance(value.value, (int, float)):
                if not means_blank(value.raw, ctx.catalog.words.get("blank", ())):
                    yield CannotTell(f"{year}年{name}没有读清")
                continue
            loss = name == "利润率" and value.value < 0
            if not loss and not (name == "资产负债率" and value.value > limit):
                continue
            yield Trip(
                f"{year}年{name}为{value.value:g}%，{'处于亏损' if loss else '资不抵债'}。"
                "通知要求近三年经济效益较好，请核实经营情况。",
                about=key,
                field=key,
                where=value.where,
                evidence=value.raw or f"{value.value:g}",
                expected="利润率不为负" if loss else f"资产负债率不超过{limit:g}%",
            )


@rule(
    "E07",
    "reject",
    "一（一）",
    "已承担国家级智能制造示范工厂揭榜任务",
    forms=FACTORY,
    reads=("company_name", "applicant"),
)
def carrier(ctx: Context) -> Iterator[Result]:
    """已经承担国家级智能制造示范工厂揭榜任务的主体不再重复申报示范工厂。名单由各办公室在目录包中维护。

    触发示例：企业名称与名单中的单位相同。
    不触发：名单中单位的子公司、名称相近的其他公司；申报优秀场景。
    如何补正：不再申报示范工厂，可申报优秀场景。
    局限：名单为空或不全时查不出；企业更名后须在名单中补上新名称。
    """
    record = ctx.reading.record
    values = [(k, v) for k in ("company_name", "applicant") if (v := record.get(k)) is not None and not empty(v)]
    if not values:
        yield NotApplicable("企业名称和申报单位均未填（见C01、C02）")
        return
    for key, value in values:
        listed = next((c for c in ctx.catalog.carriers if same(c.name, text_of(value))), None)
        if listed is None:
            continue
        if not value.certain:
            yield CannotTell("企业名称识别没有把握")
            return
        since = f"（{listed.year}年{'，' + listed.task if listed.task else ''}）" if listed.year else ""
        yield Trip(
            f"申报单位“{text_of(value)}”已承担国家级智能制造示范工厂揭榜任务{since}，按通知要求不再重复申报。",
            about="company_name",
            field=key,
            where=value.where,
            evidence=value.raw,
            expected="未承担过国家级智能制造示范工厂揭榜任务",
        )
        return
    if ctx.catalog.carriers and any(not v.certain for _, v in values):
        yield CannotTell("企业名称识别没有把握")
