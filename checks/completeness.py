"""C: completeness of the fields and chapters (C01-C06, C11-C14); the annexes and seals are in checks.annexes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalog.forms import FormField
from checks.answers import Answers
from checks.forms import FACTORY
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip, rule
from checks.text import fold, shorten
from records.choices import ticks
from records.models import Value

CONTACT = ("contact_phone", "contact_mobile")
PROVIDER = ("provider_contact", "provider_phone")


def _blank(answers: Answers, key: str, asked: str, *, todo: str = "请补填", label: str = "") -> Iterator[Result]:
    """A finding where the field or chapter is blank, cannot tell where it could not be read."""
    label = label or answers.label(key)
    match answers.state(key):
        case "blank":
            value = answers.value(key)
            evidence = value.raw if value is not None else ""
            stands = f"（现为“{shorten(evidence, 30)}”）" if evidence else ""
            yield Trip(
                f"“{label}”未填写{stands}。{asked}，{todo}。",
                about=key,
                field=key,
                where=answers.where(key),
                evidence=evidence,
                expected=f"填写{label}",
            )
        case "unreadable":
            yield CannotTell(f"“{label}”未能读出")
        case _:
            pass


@rule(
    "C01",
    "fix",
    "附件3 封面",
    "封面栏目未填",
    reads=("project_name", "applicant", "recommender", "application_date"),
)
def cover(context: Context) -> Iterator[Result]:
    """封面的项目名称、申报单位、推荐单位、申报日期应当填写齐全。

    触发示例：封面“申报日期”仍为“2023年 月 日”。
    不触发：申报日期只写到月（2023年8月）。
    如何补正：补填所缺栏目，单位名称与公章一致。
    局限：手写在扫描件上而未能识别的，不作判断。
    """
    answers = Answers.of(context)
    for field in answers.form.fields:
        if field.part == "cover":
            yield from _blank(answers, field.key, "通知附件3封面要求填写该项")


def _required(answers: Answers) -> Iterator[FormField]:
    """The fields that C02 asks for: texts, dates and sums of part 一 that are required and no other rule covers."""
    for field in answers.form.fields:
        asked = field.required == "required" and field.type not in ("choice", "yesno")
        if asked and field.part in ("basic", "project") and not _year(field) and not field.of_field:
            yield field


def _year(field: FormField) -> int | None:
    """The year a figure of 近三年发展情况 is for, None for other fields."""
    match = re.fullmatch(r"[a-z_]+_(\d{4})", field.key)
    return int(match[1]) if match and field.column else None


@rule("C02", "fix", "附件3 一", "基本信息必填项未填", reads=("一、基本信息各必填项",))
def basic_information(context: Context) -> Iterator[Result]:
    """申报主体和申报项目基本信息的必填项应当填写。传真、职务和系统自动识别的重点区域不要求；联系人电话、手机填一项即可；
    供应商为自建的，不要求供应商联系人和电话。只有“（在系统中下拉选择）”等填写说明的，视为未填。

    触发示例：“工厂地址”空白；“环节名称”仍为“（在系统中下拉选择）”。
    不触发：传真空白；只填了手机、未填电话；供应商为“自建”而供应商联系人空白。
    如何补正：补填所缺栏目。
    局限：勾选项见C04，近三年数据见C05，带*成效见C03。
    """
    answers = Answers.of(context)
    asked = "通知附件3第一部分要求填写该项"
    self_built = answers.self_built()
    for field in _required(answers):
        if field.key not in (*CONTACT, *PROVIDER):
            yield from _blank(answers, field.key, asked)
    yield from _one_of(answers, CONTACT, asked)
    provider = answers.value("solution_provider")
    if self_built:
        return
    for key in PROVIDER:
        if answers.form.field(key) is None:
            continue
        results = list(_blank(answers, key, asked, todo="请补填（如为自建，请在供应商名称中写明“自建”）"))
        if results and provider is not None and answers.state("solution_provider") == "unreadable":
            yield CannotTell("系统解决方案供应商名称未能读出，不能判断是否要求供应商联系人")
        else:
            yield from results


def _one_of(answers: Answers, keys: tuple[str, ...], asked: str) -> Iterator[Result]:
    states = [answers.state(key) for key in keys]
    if "filled" in states:
        return
    labels = "、".join(answers.label(key) for key in keys)
    if "unreadable" in states:
        yield CannotTell(f"{labels}未能读出")
        return
    yield Trip(
        f"联系人的电话和手机均未填写。{asked}，请至少补填一项。",
        about=keys[0],
        field=keys[0],
        where=answers.where(keys[0]),
        expected=f"{labels}至少填写一项",
    )


@rule(
    "C03",
    "fix",
    "附件3 *",
    "带*的成效未填",
    reads=("productivity_gain", "resource_gain", "operating_cost_cut", "quality_loss_cut"),
)
def starred_outcomes(context: Context) -> Iterator[Result]:
    """整体建设成效中带*的四项（生产效率提升、资源综合利用率提升、运营成本下降、质量损失率下降）为必填项。
    填“/”“无”“—”的视为未填。

    触发示例：“质量损失率下降*（%）”填“/”。
    不触发：填“0”；不带*的成效空白。
    如何补正：结合实际填写数值；确无变化的填0。
    局限：填了文字而不是数字的，见K06。
    """
    answers = Answers.of(context)
    for key in context.catalog.keys.get("starred_metrics", ()):
        if answers.form.field(key) is not None:
            yield from _blank(answers, key, "通知附件3规定带*的成效为必填项", todo="请结合实际填写")


@rule("C04", "fix", "附件3 一", "勾选项未勾选或多选", reads=("一、基本信息各勾选项",))
def choices(context: Context) -> Iterator[Result]:
    """企业性质、企业类型、所属四大行业（揭榜行业）、近三年是否发生重大事故应当勾选且只勾选一项；示范工厂的三项荣誉和
    是否申报智慧供应链也是如此。

    触发示例：“企业类型”四个方框都未勾选；“企业性质”同时勾选“中央企业”和“民营企业”。
    不触发：方框后打√、把方框涂黑等各种勾法；重点区域由系统识别，未勾选。
    如何补正：按实际情况勾选一项。
    局限：删去方框、只写文字且与选项不符的，不作判断。
    """
    answers = Answers.of(context)
    for field in answers.form.fields:
        # Whether the chain is applied for decides on its part of the form: the question itself is always asked.
        asked = field.required == "required" or field.key == "applies_supply_chain"
        if field.type in ("choice", "yesno") and asked:
            yield from _choice(answers, field)


def _choice(answers: Answers, field: FormField) -> Iterator[Result]:
    value = answers.value(field.key)
    label = answers.label(field.key)
    if value is not None and value.value is not None:
        return
    count = ticks(value.raw) if value is not None else 0
    unsure = field.key in answers.missing or (value is not None and not value.certain)
    if unsure or count == 1 or (value is not None and count is None and value.raw):
        yield CannotTell(f"“{label}”的勾选未能读出")
        return
    options = "、".join(field.options) or "是、否"
    raw = value.raw if value is not None else ""
    what = f"勾选了{count}项" if count else "未勾选"
    yield Trip(
        f"“{label}”{what}{f'（“{shorten(raw)}”）' if raw else ''}。通知附件3第一部分要求按实际勾选一项，请重新勾选。",
        about=field.key,
        field=field.key,
        where=answers.where(field.key),
        evidence=raw,
        expected=f"{options}中勾选一项",
    )


@rule(
    "C05",
    "fix",
    "附件3 近三年发展情况",
    "近三年数据不全",
    reads=("资产总额、资产负债率、主营业务收入、利润率", "founded_on"),
)
def three_years(context: Context) -> Iterator[Result]:
    """近三年（2020年、2021年、2022年）的资产总额、资产负债率、主营业务收入、利润率应当逐年填写。企业成立以前的年份不要求。

    触发示例：“2020年主营业务收入（万元）”空白，而企业成立于2010年。
    不触发：企业2021年成立，2020年各项空白；利润率为负数或0。
    如何补正：补填所缺年份的数据。
    局限：成立时间未能读出时，成立前的年份不作判断。
    """
    answers = Answers.of(context)
    founded = answers.value("founded_on")
    year = re.match(r"\d{4}", str(founded.value)) if founded is not None and founded.value else None
    doubtful = founded is not None and (not founded.certain or (founded.value is None and bool(founded.raw)))
    for field in answers.form.fields:
        wanted = _year(field)
        if wanted is None:
            continue
        results = list(_blank(answers, field.key, "通知附件3要求填写近三年发展情况"))
        if results and doubtful:
            yield CannotTell("成立时间未能读准，不能判断所缺年份是否在成立以前")
        elif year is None or wanted >= int(year[0]):
            yield from results


@rule("C06", "fix", "附件3 二至七", "必填章节为空", reads=("二至七各章",))
def chapters(context: Context) -> Iterator[Result]:
    """申报书第二部分起的各章应当有内容。只有标题或填写说明的，视为空白。

    触发示例：“三（一）提升计划”下没有文字；“四、系统集成方案”下只有括号中的填写说明。
    不触发：只有图片的章节；写“详见附1”的章节。
    如何补正：按各章要求编写内容。
    局限：不判断内容是否充实。
    """
    answers = Answers.of(context)
    for section in answers.form.sections:
        if section.required == "required":
            yield from _blank(answers, section.key, "通知附件3要求编写该章", todo="请补充内容")


@rule("C11", "fix", "附件3 真实性承诺", "真实性承诺未写日期", reads=("commitment_date",))
def commitment(context: Context) -> Iterator[Result]:
    """真实性承诺应当写明年月日。

    触发示例：承诺处的日期仍为“年 月 日”。
    不触发：日期只写到月。
    如何补正：由法定代表人签章时写明日期。
    局限：扫描件上手写的日期未能识别的，不作判断。
    """
    answers = Answers.of(context)
    yield from _blank(
        answers, "commitment_date", "通知附件3要求在真实性承诺处写明日期", todo="请补填", label="真实性承诺的日期"
    )


@rule("C12", "fix", "附件3 一", "勾选“是”但未写名称", reads=("试点示范项目、标杆企业、事故的名称",))
def names_of_yes(context: Context) -> Iterator[Result]:
    """国家或省级智能制造试点示范项目、标杆企业、重大事故勾选“是”的，应当在括号中写明名称。

    触发示例：“是否为国家智能制造标杆企业”勾选“是”，括号中项目名称空白。
    不触发：勾选“否”而名称空白。
    如何补正：补填名称；误勾的改勾“否”。
    局限：不核实名称的真伪。
    """
    answers = Answers.of(context)
    yes = 0
    for field in answers.form.fields:
        parent = answers.form.field(field.of_field)
        if parent is None or parent.type != "yesno":
            continue
        asked = answers.value(field.of_field)
        if asked is None or asked.value is None:
            if asked is not None and asked.raw and (ticks(asked.raw) or not asked.certain):
                yield CannotTell(f"“{answers.label(field.of_field)}”的勾选未能读出")
                yes += 1
        elif asked.value is True:
            yes += 1
            if asked.certain:
                label = answers.label(field.of_field)
                yield from _blank(answers, field.key, f"“{label}”勾选了“是”，通知附件3要求写明名称")
            elif answers.state(field.key) == "blank":
                yield CannotTell(f"“{answers.label(field.of_field)}”的勾选未能读准")
    if not yes:
        yield NotApplicable("没有勾选“是”的项")


@rule(
    "C13",
    "fix",
    "一（三）",
    "没有能力成熟度或其他能力证明",
    forms=FACTORY,
    reads=("maturity_level", "capability_proof"),
)
def capability(context: Context) -> Iterator[Result]:
    """示范工厂申报主体应当给出智能制造能力成熟度评估结果，或者其他能力证明。栏内的图片算证明，“无”不算。

    触发示例：五个等级都未勾选，“其他能力证明材料说明”填“无”。
    不触发：只勾选“二级”；未勾选等级但插入了证明图片或写明了证明材料。
    如何补正：勾选评估等级并附自评估证明，或说明符合行业智能制造指导性文件的证明材料。
    局限：不辨认图片内容。
    """
    answers = Answers.of(context)
    level, proof = answers.value("maturity_level"), answers.value("capability_proof")
    if answers.state("maturity_level") == "filled" or _is_proof(answers, proof):
        return
    pictures = any(v is not None and "图片" in v.raw for v in (level, proof))
    if pictures:
        return
    boxes = ticks(level.raw) if level is not None else None
    unsure = any(v is not None and not v.certain for v in (level, proof))
    lost = bool({"maturity_level", "capability_proof"} & answers.missing)
    odd = level is not None and boxes is None and answers.state("maturity_level") == "unreadable"
    if boxes or unsure or lost or odd:
        yield CannotTell("能力成熟度的勾选或证明材料说明未能读准")
        return
    evidence = proof.raw if proof is not None else ""
    yield Trip(
        "未勾选智能制造能力成熟度等级，也没有其他能力证明"
        f"{f'（现为“{shorten(evidence, 30)}”）' if evidence else ''}。"
        "通知一（三）要求示范工厂申报主体达到成熟度二级及以上或满足行业智能制造指导性文件要求，请勾选评估等级或补充证明材料。",
        field="maturity_level",
        where=answers.where("maturity_level"),
        evidence=evidence,
        expected="能力成熟度等级或其他能力证明",
    )


def _is_proof(answers: Answers, proof: Value | None) -> bool:
    if proof is None or proof.value is None:
        return False
    none = {fold(w) for w in answers.context.catalog.words.get("no_proof", ())}
    return answers.state("capability_proof") == "filled" and answers.said("capability_proof") not in none


@rule(
    "C14",
    "fix",
    "附件3-2 （三）",
    "智慧供应链栏目未填",
    forms=FACTORY,
    reads=(
        "applies_supply_chain",
        "chain_products",
        "chain_partners",
        "chain_roles",
        "chain_provider",
        "供应链四项成效",
    ),
)
def supply_chain(context: Context) -> Iterator[Result]:
    """申报智慧供应链相关内容的，应当填写主要产品、上下游关键企业、分工及产品、解决方案供应商与联系方式，并至少填写
    来料合格率提升、采购费用率下降、物流成本降低、订单配送周期缩短中的一项。

    触发示例：勾选“是”，但“智慧供应链上下游关键企业”空白；四项成效全部空白。
    不触发：勾选“否”而各栏空白；四项成效只填一项；其他成效指标空白。
    如何补正：补填所缺栏目；不申报的改勾“否”。
    局限：是否申报未勾选的见C04。
    """
    answers = Answers.of(context)
    applies = answers.value("applies_supply_chain")
    if applies is None or applies.value is None or not applies.certain:
        yield CannotTell("“是否申报智慧供应链相关内容”未能确定")
        return
    if applies.value is False:
        yield NotApplicable("不申报智慧供应链")
        return
    asked = "已勾选申报智慧供应链，通知附件3-2（三）要求填写该项"
    for key in context.catalog.keys.get("chain_texts", ()):
        yield from _blank(answers, key, asked)
    metrics = context.catalog.keys.get("chain_metrics", ())
    states = [answers.state(key) for key in metrics]
    if not metrics or "filled" in states:
        return
    labels = "、".join(answers.label(key) for key in metrics)
    if "unreadable" in states:
        yield CannotTell(f"{labels}未能读出")
        return
    yield Trip(
        f"供应链建设成效（{labels}）均未填写。已勾选申报智慧供应链，通知附件3-2（三）要求填写供应链建设成效，请至少补填一项。",
        about="chain_metrics",
        field=metrics[0],
        where=answers.where(metrics[0]),
        expected=f"{labels}至少填写一项",
    )
