"""Rules K04 to K07 and K11: figures and dates that contradict one another, or what they can be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from catalog.models import Catalog
from checks.answers import is_scan, label_of
from checks.choices import unticked
from checks.names import doubtful, empty, means_blank, nfkc, text_of, without_brackets
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip, rule
from checks.text import shorten
from records import normalise
from records.models import Value

_RANGE = re.compile(r"\d[%\s]*(?:[-~—–至到]+)\s*\d|百分之[零一二三四五六七八九十百]")
_WORDS = re.compile(r"[\u4e00-\u9fff]{2}|^[\u4e00-\u9fff]$")
RATIO = 100.0
"""A rate in percent against the same as a fraction."""
_YEARLY = {"assets": "资产总额", "revenue": "主营业务收入", "debt_ratio": "资产负债率", "profit_margin": "利润率"}
_SMALL = 0.4
"""A share alone up to which it is read as a fraction of one (0.35 for 35%), where nothing beside it says how shares are written."""
_AROUND = 3
"""Times the other shares within which one read as a fraction lies."""


def _number(value: Value | None) -> float | None:
    """The number of a value that is certain, else None."""
    if value is None or not value.certain or isinstance(value.value, bool):
        return None
    return float(value.value) if isinstance(value.value, (int, float)) else None


def blank(catalog: Catalog, value: Value | None) -> bool:
    return value is None or (
        value.value is None and value.certain and means_blank(value.raw, catalog.words.get("blank", ()))
    )


@rule("K04", "note", "附件3 注1", "企业类型大于营业收入所能支持的", reads=("size", "revenue_*"))
def company_size(ctx: Context) -> Iterator[Result]:
    """企业类型按从业人员和营业收入划分，两项都达到才算：大型企业营业收入40000万元及以上，中型2000万元及以上，小型300万元及以上。
    勾选的类型所需营业收入高于近三年最后一年的主营业务收入的，给出提示。

    触发示例：勾选“大型企业”，2022年主营业务收入为3.5亿元。
    不触发：勾选“大型企业”，收入恰为40000万元；收入很高而勾选“中型企业”（从业人员可能不足）。
    如何补正：核实企业类型或主营业务收入。
    局限：申报书没有从业人员数，勾选偏小的看不出来。
    """
    size, year = ctx.reading.record.get("size"), ctx.catalog.years[-1]
    revenue = ctx.reading.record.get(f"revenue_{year}")
    if why := unticked(size, "企业类型", "C04"):
        yield why
        return
    if revenue is None or blank(ctx.catalog, revenue):
        yield NotApplicable(f"{year}年主营业务收入未填（见C05）")
        return
    amount = _number(revenue)
    if amount is None:
        yield CannotTell(f"{year}年主营业务收入没有读清")
        return
    needs = ctx.catalog.limits.size_revenue
    needed = needs.get(text_of(size), 0.0)
    if amount >= needed or size is None:
        return
    fits = max((s for s, least in needs.items() if least <= amount), key=lambda s: needs[s], default="")
    yield Trip(
        f"企业类型勾选“{text_of(size)}”，须营业收入{needed:.15g}万元及以上，而{year}年主营业务收入为{amount:.15g}万元"
        + (f"，按收入至多为“{fits}”" if fits else "")
        + "。请核实企业类型或主营业务收入（单位为万元）。",
        about="size",
        field="size",
        where=size.where,
        evidence=f"{text_of(size)}；{revenue.raw or format(amount, '.15g')}",
        expected=fits or f"营业收入{needed:.15g}万元及以上",
    )


def _coarse(one: str, other: str) -> tuple[str, str]:
    """Two ISO dates cut to the coarser of their precisions."""
    length = min(len(one), len(other))
    return one[:length], other[:length]


def _said(date: str) -> str:
    return (
        "年".join(str(int(p)) for p in date.split("-", 1)[:1])
        + "年"
        + "".join(f"{int(p)}{unit}" for p, unit in zip(date.split("-")[1:], ("月", "日"), strict=False))
    )


@rule("K05", "fix", "附件3", "起止日期有矛盾", reads=("build_period", "founded_on"))
def period(ctx: Context) -> Iterator[Result]:
    """起止日期的结束不得早于开始，开始不得早于企业成立时间。两个日期写到的精度不同的，按较粗的比较。

    触发示例：2022年6月至2021年12月；企业2020年5月成立，建设从2019年开始。
    不触发：2021年至2021年；企业2020年5月成立，建设从2020年开始；写“至今”。
    如何补正：核实并改正起止日期或成立时间。
    局限：企业改制、更名前的建设由人判断。
    """
    value = ctx.reading.record.get("build_period")
    if value is None or empty(value) or blank(ctx.catalog, value):
        yield NotApplicable("起止日期未填（见C02）")
        return
    if doubtful(value) or not isinstance(value.value, dict):
        yield CannotTell(f"起止日期“{shorten(value.raw)}”没有读清")
        return
    start, end = value.value.get("start"), value.value.get("end")
    label = label_of(ctx.catalog.forms.get(ctx.form), "build_period")
    if start and end:
        first, last = _coarse(start, end)
        if last < first:
            yield Trip(
                f"{label}的结束（{_said(end)}）早于开始（{_said(start)}）。请核实并改正。",
                about="build_period",
                field="build_period",
                where=value.where,
                evidence=value.raw,
                expected="结束不早于开始",
            )
    founded = ctx.reading.record.get("founded_on")
    if not start or founded is None or founded.blank:
        return
    if doubtful(founded):
        yield CannotTell("成立时间没有读清")
        return
    began, since = _coarse(start, str(founded.value))
    if began < since:
        yield Trip(
            f"{label}的开始（{_said(start)}）早于企业成立时间（{_said(str(founded.value))}）。请核实并改正其中一项。",
            about="founded_on",
            field="build_period",
            where=value.where,
            evidence=f"{value.raw}；成立时间{founded.raw}",
            expected="开始不早于企业成立时间",
        )


@rule(
    "K06",
    "fix",
    "附件3",
    "百分比超过100，或指标不是数字",
    reads=("cnc_rate", "networked_rate", "apc_rate", "*_cut", "整体建设成效", "供应链建设成效"),
)
def percentages(ctx: Context) -> Iterator[Result]:
    """数控化率、联网率、投用率和各项下降、缩短、降低的百分比不会超过100；成效指标应填数字，没有的填“/”或“无”。

    触发示例：关键设备联网率填120；运营成本下降填150；生产效率提升填“显著提升”。
    不触发：数控化率100；生产效率提升150；“约35%”“≥95%”；“—”“不涉及”“未统计”。
    如何补正：核实数字，只填百分数。
    局限：填一个范围（20%—30%）的不作判断。
    """
    keys, form = ctx.catalog.keys, ctx.catalog.forms.get(ctx.form)
    capped = {*keys.get("rate_metrics", ()), *keys.get("cut_metrics", ())}
    for key in (*keys.get("metrics", ()), *keys.get("chain_metrics", ()), "replicated_firms"):
        value = ctx.reading.record.get(key)
        if value is None or blank(ctx.catalog, value) or (value.value is None and not value.raw):
            continue
        words = _is_words(ctx, value)
        if words and means_blank(value.raw, ctx.catalog.words.get("blank", ())):
            continue
        label = label_of(form, key)
        number = _number(value)
        if number is None and value.certain:
            # 12（家）: a unit in brackets makes no text of a number.
            number = _number(Value(value=normalise.number(without_brackets(value.raw)).value))
        wrong = number is not None and key in capped and number > RATIO
        if number is not None and not wrong:
            continue
        if not (value.certain or words) or (number is None and _RANGE.search(nfkc(value.raw))):
            yield CannotTell(f"{label}“{shorten(value.raw)}”没有读清")
            continue
        yield Trip(
            f"{label}填写“{shorten(value.raw or format(number or 0, 'g'))}”，"
            + ("不会超过100%。请核实后改正。" if wrong else "不是数字。请只填数字，没有的填“/”。"),
            about=key,
            field=key,
            where=value.where,
            evidence=value.raw or format(number or 0, "g"),
            expected="不超过100" if wrong else "数字",
        )


def _is_words(ctx: Context, value: Value) -> bool:
    """Whether words stand where a figure is asked for (显著提升): read with certainty, and doubted only for being no figure. Of a
    picture they may be figures read wrongly."""
    if value.value is not None or value.doubts != ("not_understood",) or is_scan(ctx):
        return False
    return _WORDS.search(nfkc(value.raw)) is not None


@rule(
    "K07",
    "note",
    "附件3",
    "金额相差悬殊，或比率疑为小数",
    reads=("assets_*", "revenue_*", "debt_ratio_*", "profit_margin_*", "整体建设成效"),
)
def units(ctx: Context) -> Iterator[Result]:
    """相邻年度的资产总额、主营业务收入相差达一千倍的，可能把元填成了万元；比率填成小数（0.3代替30%）的，可能漏乘100。都只作提示。

    触发示例：2020年收入3200，2021年收入32000000；设备联网率填0.85。
    不触发：收入一年增长50倍；写明“0.3%”；利润率三年为3.7、0.5、2.1。
    如何补正：核实单位后改正。
    局限：三年都填错单位的看不出来。
    """
    for stem in ctx.catalog.keys.get("yearly_money", ()):
        yield from _jumps(ctx, stem)
    for stem in ctx.catalog.keys.get("yearly_percent", ()):
        yield from _fractions(ctx, [f"{stem}_{year}" for year in ctx.catalog.years], together=True)
    metrics = [*ctx.catalog.keys.get("metrics", ()), *ctx.catalog.keys.get("chain_metrics", ())]
    yield from _fractions(ctx, metrics, together=False)


def _jumps(ctx: Context, stem: str) -> Iterator[Result]:
    """Money that changes a thousandfold from one given year to the next."""
    given = [
        (y, v) for y in ctx.catalog.years if (v := ctx.reading.record.get(f"{stem}_{y}")) and not blank(ctx.catalog, v)
    ]
    form = ctx.catalog.forms.get(ctx.form)
    for (previous, before), (year, after) in pairwise(given):
        one, other = _number(before), _number(after)
        if one is None or other is None:
            values = [v.value for v in (before, after)]
            if all(isinstance(v, (int, float)) for v in values) and not _jumped(ctx, values[0], values[1]):
                continue
            yield CannotTell(f"{_YEARLY.get(stem, stem)}没有读清")
            continue
        if not _jumped(ctx, one, other):
            continue
        key = f"{stem}_{year}"
        yield Trip(
            f"{label_of(form, key)}为{other:.15g}万元，与{previous}年的{one:.15g}万元相差"
            f"{max(one, other) / min(one, other):.0f}倍，疑有一项单位不是万元。请核实。",
            about=key,
            field=key,
            where=after.where,
            evidence=f"{before.raw or format(one, '.15g')}；{after.raw or format(other, '.15g')}",
            expected="单位为万元",
        )


def _jumped(ctx: Context, one: float, other: float) -> bool:
    return one > 0 and other > 0 and max(one, other) / min(one, other) >= ctx.catalog.limits.money_jump


def _fractions(ctx: Context, keys: list[str], *, together: bool) -> Iterator[Result]:
    """Rates that look like fractions. ``together``: the same rate of several years, each judged by the others."""
    form = ctx.catalog.forms.get(ctx.form)
    numbers = {k: n for k in keys if (n := _number(ctx.reading.record.get(k))) is not None}
    for key, number in numbers.items():
        value = ctx.reading.record.fields[key]
        others = [abs(n) for k, n in numbers.items() if k != key and n]
        if "%" in nfkc(value.raw) or not _like_fraction(ctx, key, number, others if together else None):
            continue
        label = label_of(form, key)
        yield Trip(
            f"{label}填写“{value.raw or format(number, 'g')}”，疑为小数（即{number * RATIO:g}%）。单位为%，请核实。",
            about=key,
            field=key,
            where=value.where,
            evidence=value.raw or format(number, "g"),
            expected=f"{number * RATIO:g}（如确为小数）",
        )


def _like_fraction(ctx: Context, key: str, number: float, others: list[float] | None) -> bool:
    size = abs(number)
    whole = key in ctx.catalog.keys.get("rate_metrics", ()) or key.startswith("debt_ratio")
    if not 0 < size < 1 and not (whole and size == 1):
        return False
    if others is None or whole:
        return True
    larger = [n for n in others if n >= 1]
    if not larger:
        return size <= _SMALL
    return min(larger) / _AROUND <= size * RATIO <= max(larger) * _AROUND


@rule(
    "K11",
    "note",
    "附件3",
    "填写了成立之前年度的数字",
    reads=("founded_on", "assets_*", "debt_ratio_*", "revenue_*", "profit_margin_*"),
)
def before_founding(ctx: Context) -> Iterator[Result]:
    """企业成立之前的年度应没有资产、收入等数字。

    触发示例：2021年5月成立，填了2020年主营业务收入。
    不触发：2020年12月成立，填了2020年的数字；成立前年度填“/”或0。
    如何补正：核实成立时间，或删去成立之前年度的数字。
    局限：由其他企业改制、分立而来的，由人判断。
    """
    founded = ctx.reading.record.get("founded_on")
    if founded is None or empty(founded):
        yield NotApplicable("成立时间未填（见C02）")
        return
    if doubtful(founded):
        yield CannotTell("成立时间没有读清")
        return
    for year in ctx.catalog.years:
        if year >= int(str(founded.value)[:4]):
            continue
        values = {stem: ctx.reading.record.get(f"{stem}_{year}") for stem in _YEARLY}
        given = {stem: v for stem, v in values.items() if v is not None and v.value}
        if not given:
            continue
        if not all(v.certain for v in given.values()):
            yield CannotTell(f"{year}年的数字没有读清")
            continue
        first = next(iter(given))
        what = "、".join(f"{_YEARLY[stem]}“{v.raw or v.value}”" for stem, v in given.items())
        yield Trip(
            f"成立时间为{_said(str(founded.value))}，却填写了{year}年的{what}。请核实成立时间或该年数字。",
            about=str(year),
            field=f"{first}_{year}",
            where=given[first].where,
            evidence=f"成立时间{founded.raw or founded.value}；{what}",
            expected=f"{year}年不填，或改正成立时间",
        )
