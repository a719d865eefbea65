"""Rules K08 and K13: what the prose says against what the form's fields say. Both are heuristics and only notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.answers import Answers, label_of
from checks.forms import SCENE
from checks.names import digits, empty, fold, means_blank, nfkc, same, text_of, without_number
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip, rule
from checks.text import shorten
from records.models import Row, Value

_UP = "提升|提高|增长|增加|上升"
_DOWN = "下降|降低|缩短|减少|压缩|减低"
_BEFORE = (
    r"(?:^|[,。;:、!?()\[\]《》“”\s]|其中|使得?|将|把|让|令|且|并|和|及|实现|整体|平均"
    r"|公司|企业|工厂|车间|产线|全厂|产品)"
)
_BETWEEN = (
    r"(?:(?:较|比|同比|相比|与)[^,。;:]{0,14}?)?"
    r"(?:平均|整体|累计|总体|综合|预计|可|将|已|实现|进一步|有效|大幅|显著|明显|了)*"
)
_HEDGE = r"(?P<hedge>约为?|大约|近|超过|超|不低于|不少于|大于|高于|达到?|为|率|幅度|比例|了|>=?|≥|:)*"
_PERCENT = r"(?P<number>\d+(?:\.\d+)?)%(?P<after>以上|左右|以下|以内)?"
_AT_LEAST = ("超过", "超", "不低于", "不少于", "大于", "高于", ">", "≥", "以上")
_ABOUT = ("约", "大约", "近", "左右")
LOOSE = 0.1
"""Share by which a figure given as 约 or 近 may differ."""
_COMPANY = 4
"""Characters of the shortest name of a company with its ending."""


def _pattern(stem: str, label: str) -> re.Pattern[str]:
    """How a text speaks of a measure: 生产效率较改造前提升了约30%; a level for what is a level (联网率达到85%)."""
    change = _UP if re.search(_UP, label) else _DOWN if re.search(_DOWN, label) else ""
    verb = f"(?:{change})" if change else "(?:达到|达|为|:)"
    return re.compile(f"{_BEFORE}{re.escape(stem)}{_BETWEEN}{verb}{_HEDGE}{_PERCENT}")


def _contradicts(match: re.Match[str], stated: float) -> bool:
    """True where the figure of the text and that of the table cannot both be right."""
    words = match[0][match[0].rfind(match["number"]) - 6 :] if match["number"] in match[0] else match[0]
    number = float(match["number"])
    if any(w in words for w in _AT_LEAST):
        return stated < number
    if any(w in words for w in _ABOUT):
        return abs(stated - number) > LOOSE * max(stated, number)
    if match["after"]:
        return stated > number
    decimals = min(_decimals(match["number"]), _decimals(f"{stated:.10g}"))
    return round(stated, decimals) != round(number, decimals) and abs(stated - number) > 0.5 * 10**-decimals


def _decimals(number: str) -> int:
    return len(number.partition(".")[2])


def _declared(ctx: Context) -> list[tuple[int, Row]] | None:
    """The rows of 附1 that the basic information is about (the factory form's: all); None where that cannot be told."""
    rows = list(enumerate(ctx.reading.record.tables.get("scenes", []), 1))
    if len(rows) <= 1 or ctx.form == "factory":
        return rows
    name = text_of(ctx.reading.record.get("instance_name"))
    found = [(n, r) for n, r in rows if same(without_number(name), without_number(text_of(r.get("instance"))))]
    return found or None


@rule("K08", "note", "附件3", "附1已实施成效与成效指标不一致", forms=SCENE, reads=("scenes.results", "整体建设成效"))
def results(ctx: Context) -> Iterator[Result]:
    """附1中所申报场景实例的已实施成效，与基本信息整体建设成效中同一指标的数字应一致。只在文字明确写出指标名称、方向和百分数时比较。

    触发示例：文字写“生产效率提升40%”，指标填20。
    不触发：文字写“约36%”，指标填35.64；“提升至91%”“提升10个百分点”；写的是单台设备或其他实例的数字。
    如何补正：核实后改为一致。
    局限：只认申报书上的指标名称及常用说法。
    """
    rows = _declared(ctx)
    if rows is None:
        yield CannotTell("不能确定基本信息对应附1的哪一行")
        return
    if not any(text_of(r.get("results")) for _, r in rows):
        yield NotApplicable("附1没有填写已实施成效")
        return
    form, record = ctx.catalog.forms.get(ctx.form), ctx.reading.record
    for key, stems in ctx.catalog.metric_words.items():
        value = record.get(key)
        if value is None or not isinstance(value.value, (int, float)):
            continue
        label = label_of(form, key)
        found = _first_contradiction(rows, stems, label, float(value.value))
        if found is None:
            continue
        number, cell, match = found
        if not (value.certain and cell.certain):
            yield CannotTell(f"{label}或附1第{number}行已实施成效没有读清")
            continue
        said = match[0].strip(",。;:、 ")
        yield Trip(
            f"附1第{number}行已实施成效写“{said}”，而整体建设成效的{label}填写“{value.raw or value.value}”，"
            "两处不一致。请核实。",
            about=key,
            field="scenes.results",
            row=number,
            where=cell.where,
            evidence=f"{said}；{label}{value.raw or value.value}",
            expected=f"与{label}一致",
        )


def _first_contradiction(
    rows: list[tuple[int, Row]], stems: tuple[str, ...], label: str, stated: float
) -> tuple[int, Value, re.Match[str]] | None:
    """The first figure of a measure that contradicts; None where one agrees or none is named."""
    wrong = None
    for number, row in rows:
        cell = row.get("results")
        for stem in stems:
            for match in _pattern(stem, label).finditer(nfkc(text_of(cell))):
                if not _contradicts(match, stated):
                    return None
                if wrong is None and cell is not None:
                    wrong = (number, cell, match)
    return wrong


_WORK = "负责|进行|提供|实施|承建|承担|建设|集成|开发|总承包|总包|完成|改造"
_BY = re.compile(
    rf"(?P<subject>[^,。;:]{{0,12}})由(?P<who>[^,。;:由]{{4,60}}?)(?P<verb>{_WORK})(?P<object>[^,。;]{{0,12}})"
)
_SUPPLIER = re.compile(r"(?P<subject>(?:系统|方案|解决方案|集成)[^,。;:]{0,6})供应商(?:为|是|:)(?P<who>[^,。;:]{4,60})")
_ONLY_A_PART = re.compile(r"设备|硬件|传感器|仪表|机器人|算法|云资源|咨询|软件|零部件|材料|服务器")
_OWN = re.compile(r"^(?:我|本|该)?(?:公司|单位|企业|集团|厂)|自主|自行|项目组|信息(?:部|中心)|团队|部门?$")


@rule(
    "K13",
    "note",
    "附件3",
    "供应商与文字或联系人不符",
    reads=(
        "solution_provider",
        "provider_contact",
        "provider_phone",
        "contact_name",
        "contact_mobile",
        "scenes.solution",
    ),
)
def provider(ctx: Context) -> Iterator[Result]:
    """系统解决方案供应商填“自建”的，文字和联系人不应写外部供应商；填外部供应商的，文字不应说是自建，联系人也不应是申报单位
    自己的联系人。

    触发示例：供应商填“自建”，技术方案写“该方案由某某科技有限公司负责集成实施”。
    不触发：“自建”而个别设备由外单位提供；“自建”而写“由我公司自主开发”；文字没有说由谁承担。
    如何补正：核实供应商后改为一致。
    局限：只认“由某某公司实施”一类写法，且单位名称以公司、研究院等结尾。
    """
    value = ctx.reading.record.get("solution_provider")
    if value is None or empty(value) or means_blank(text_of(value), ctx.catalog.words.get("blank", ())):
        yield NotApplicable("系统解决方案供应商未填（见C02）")
        return
    found = (
        _outside(ctx, value) if Answers.of(ctx).only_says("solution_provider", "self_built") else _inside(ctx, value)
    )
    for trip, values in found:
        if all(v is None or v.certain for v in (value, *values)):
            yield trip
        else:
            yield CannotTell("供应商、联系人或技术方案没有读清")


def _own_names(ctx: Context) -> set[str]:
    record = ctx.reading.record
    return {fold(text_of(record.get(k))) for k in ("applicant", "company_name")} - {""}


def _company(ctx: Context, text: str) -> str:
    """The outside company a phrase names, "" where it names none: it ends as companies' names do and is not the
    applicant's own."""
    name = re.sub(r"^(?:这一解决方案是|是|主要|我公司与|本公司与|公司与|联合)", "", text).strip()
    name = re.split(r"(?:共同|联合|与我公司|和我公司)", name)[0].strip()
    folded = fold(re.sub(r"\([^()]*\)$", "", name))
    suffixes = tuple(fold(w) for w in ctx.catalog.words.get("company_suffix", ()))
    if (
        len(folded) < _COMPANY
        or not folded.endswith(suffixes)
        or _OWN.search(name)
        or fold(name) in {fold(s) for s in suffixes}
    ):
        return ""
    own = _own_names(ctx)
    return "" if any(folded == o or folded in o or o in folded for o in own) else name


def _named_suppliers(ctx: Context) -> Iterator[tuple[int, Value, str, str]]:
    """(row of 附1, its 技术方案, the outside company, the phrase) for the instance the application is about."""
    for number, row in _declared(ctx) or []:
        cell = row.get("solution")
        text = nfkc(text_of(cell))
        for pattern in (_BY, _SUPPLIER):
            for match in pattern.finditer(text):
                around = match["subject"] + (match.groupdict().get("object") or "")
                company = _company(ctx, match["who"])
                if company and cell is not None and not _ONLY_A_PART.search(around):
                    yield number, cell, company, match[0].strip(",。;: ")


def _outside(ctx: Context, value: Value) -> Iterator[tuple[Trip, tuple[Value | None, ...]]]:
    """自建, while the contact or the text names a supplier."""
    contact = ctx.reading.record.get("provider_contact")
    words = [w for w in re.split(r"[\s,、;/:]+", nfkc(text_of(contact))) if _company(ctx, w)]
    if words:
        yield (
            Trip(
                f"系统解决方案供应商填写“{text_of(value)}”，而供应商联系人写有外部单位“{words[0]}”。请核实后改为一致。",
                about="provider_contact",
                field="solution_provider",
                where=value.where,
                evidence=f"{value.raw}；{text_of(contact)}",
                expected=f"“{words[0]}”，或改正联系人",
            ),
            (contact,),
        )
    for number, cell, company, phrase in _named_suppliers(ctx):
        yield (
            Trip(
                f"系统解决方案供应商填写“{text_of(value)}”，而附1第{number}行技术方案写“{shorten(phrase)}”。"
                "请核实是否自建，改为一致。",
                about="solution",
                field="solution_provider",
                row=number,
                where=value.where,
                evidence=f"{value.raw}；{phrase}",
                expected=f"“{company}”，或改正技术方案",
            ),
            (cell,),
        )
        return


def _inside(ctx: Context, value: Value) -> Iterator[tuple[Trip, tuple[Value | None, ...]]]:
    """An outside supplier, while the text says 自建 or the contact is the applicant's own."""
    record = ctx.reading.record
    if any(o in fold(text_of(value)) for o in _own_names(ctx)):
        return
    contact, own = record.get("provider_contact"), record.get("contact_name")
    phones = {digits(text_of(record.get(k))) for k in ("contact_mobile", "contact_phone")} - {""}
    phone = record.get("provider_phone")
    if same(text_of(contact), text_of(own)) and digits(text_of(phone)) in phones:
        yield (
            Trip(
                f"系统解决方案供应商为“{shorten(text_of(value))}”，其联系人“{text_of(contact)}”却是申报单位的联系人。"
                "请填写供应商的联系人，确系自建的，供应商填“自建”。",
                about="provider_contact",
                field="provider_contact",
                where=contact.where if contact is not None else "",
                evidence=f"{text_of(contact)}，{text_of(phone)}",
                expected="供应商的联系人，或供应商填“自建”",
            ),
            (contact, own, phone),
        )
    if ctx.form != "scene" or any(True for _ in _named_suppliers(ctx)):
        return
    words = "|".join(map(re.escape, ctx.catalog.words.get("self_built", ())))
    says = re.compile(
        rf"(?:系统|方案|平台|项目|场景|实例)[^,。;:]{{0,6}}?(?:由|为|系|是)(?:我|本)?(?:公司|企业|单位)?(?:{words})(?![^,。;]{{0,200}}(?:软件|算法|知识库))"
    )
    for number, row in _declared(ctx) or []:
        cell = row.get("solution")
        text = nfkc(text_of(cell))
        match = says.search(text)
        if match is None or any(fold(p) in fold(text) for p in re.split(r"[、,;/]", nfkc(text_of(value))) if fold(p)):
            continue
        yield (
            Trip(
                f"系统解决方案供应商填写“{shorten(text_of(value))}”，而附1第{number}行技术方案写“{match[0]}”。请核实后改为一致。",
                about="solution",
                field="solution_provider",
                row=number,
                where=value.where,
                evidence=f"{value.raw}；{match[0]}",
                expected="自建，或改正技术方案",
            ),
            (cell,),
        )
        return
