"""L: length. Characters are counted as Word counts 字数 (:func:`checks.text.count_words`)."""

from __future__ import annotations

from collections.abc import Iterator

from checks.answers import Answers, name_of, text_of
from checks.forms import FACTORY
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip, rule
from checks.text import count_words, fold, shorten
from records.models import Value

SLACK = 1.05
"""A text read with low confidence may have lost or gained some characters: near the limit it cannot be judged."""


def _over(value: Value | None, limit: int) -> int | CannotTell | None:
    """The count where the text is over its limit, None where it is not; cannot tell where it was read badly."""
    if value is None or value.blank:
        return None
    if value.value is None:
        return None if count_words(value.raw) * SLACK <= limit else CannotTell("文字未能读出，不能计数")
    count = count_words(str(value.value))
    if not value.certain:
        return CannotTell("文字读取把握不足，字数接近或超过上限，不能确定") if count * SLACK > limit else None
    return count if count > limit else None


def _field(context: Context, key: str) -> Iterator[Result]:
    answers = Answers.of(context)
    field = answers.form.field(key)
    value = answers.value(key)
    if field is None or field.limit is None:
        yield NotApplicable("本表没有该项的字数要求")
        return
    over = _over(value, field.limit)
    if isinstance(over, CannotTell):
        yield over
    elif over is not None and value is not None:
        label = answers.label(key)
        yield Trip(
            f"“{label}”共{over}字，超过{field.limit}字。"
            f"通知附件3要求不超过{field.limit}字，请删减{over - field.limit}字以上。",
            about=key,
            field=key,
            where=value.where,
            evidence=shorten(str(value.value)),
            expected=f"不超过{field.limit}字",
        )
    elif key in answers.missing and (value is None or value.blank):
        yield CannotTell(f"“{answers.label(key)}”栏未找到（见F07）")


@rule("L01", "fix", "附件3", "企业简介超过500字", reads=("company_profile",))
def company_profile(context: Context) -> Iterator[Result]:
    """企业简介不超过500字。字数按Word“字数”统计：每个汉字和全角标点算一字，连续的字母、数字、半角符号算一字。

    触发示例：企业简介512字。
    不触发：恰好500字；“98.6%”“PLC/DCS”各算一字。
    如何补正：删减到500字以内。
    局限：图片中的文字不计。
    """
    yield from _field(context, "company_profile")


@rule("L02", "fix", "附件3-2", "项目简述超过500字", forms=FACTORY, reads=("project_summary",))
def project_summary(context: Context) -> Iterator[Result]:
    """示范工厂的项目简述不超过500字，字数统计同L01。

    触发示例：项目简述620字。
    不触发：恰好500字。
    如何补正：删减到500字以内。
    局限：图片中的文字不计。
    """
    yield from _field(context, "project_summary")


@rule(
    "L03",
    "fix",
    "附件3 附1",
    "附1栏目超过字数",
    reads=("scenes.description", "scenes.pain_points", "scenes.solution", "scenes.safeguards", "scenes.results"),
)
def scene_columns(context: Context) -> Iterator[Result]:
    """附1的场景实例描述、解决的痛点问题描述、采用的技术方案、已实施成效、其他各不超过300字，保障要素不超过200字。
    经济性和可推广性不限。字数统计同L01。

    触发示例：第1个场景实例的“采用的技术方案”356字。
    不触发：恰好300字；“经济性和可推广性”400字。
    如何补正：删减到规定字数以内。
    局限：图片中的文字不计。
    """
    answers = Answers.of(context)
    table = answers.form.table("scenes")
    if table is None or not context.reading.record.tables.get("scenes"):
        yield NotApplicable("附1没有场景实例（见C07）")
        return
    for number, row in answers.rows("scenes"):
        for column in table.columns:
            value = row.get(column.key)
            over = _over(value, column.limit) if column.limit is not None else None
            if isinstance(over, CannotTell):
                yield CannotTell(f"附1第{number}行“{column.label}”{over.why}")
            elif over is not None and value is not None:
                name = name_of(row, number)
                yield Trip(
                    f"附1场景实例“{name}”的“{column.label}”共{over}字，超过{column.limit}字。"
                    f"通知附件3附1要求{column.limit}字以内，请删减。",
                    about=f"{fold(text_of(row, 'instance') or text_of(row, 'scene'))}\x1e{column.key}",
                    field=f"scenes.{column.key}",
                    row=number,
                    where=value.where,
                    evidence=shorten(str(value.value)),
                    expected=f"{column.limit}字以内",
                )


@rule("L04", "fix", "一（五）", "场景描述超过3000字", reads=("scenes", "construction_plan"))
def scene_text(context: Context) -> Iterator[Result]:
    """每个场景的描述控制在3000字以内：附1同一行各文字栏合计不超过3000字；优秀场景的第二章不超过3000字乘以场景实例数。

    触发示例：附1一行的各栏合计3200字；只有一个场景实例，第二章3500字。
    不触发：有两个场景实例，第二章5800字；示范工厂的第三章（描述多个场景，不按此计）。
    如何补正：删减到规定字数以内。
    局限：第二章按场景实例平均计算，不逐个划分。
    """
    answers = Answers.of(context)
    limit = context.catalog.limits.scene_text
    texts = context.catalog.keys.get("scene_texts", ())
    rows = list(answers.rows("scenes"))
    for number, row in rows:
        values = [v for key in texts if (v := row.get(key)) is not None]
        count = sum(count_words(str(v.value)) for v in values if v.value is not None)
        if not all(v.certain for v in values) and count * SLACK > limit:
            yield CannotTell(f"附1第{number}行的文字读取把握不足，合计字数不能确定")
        elif count > limit:
            name = name_of(row, number)
            yield Trip(
                f"附1场景实例“{name}”各栏合计{count}字，超过{limit}字。通知一（五）要求每个场景描述控制在{limit}字以内，请删减。",
                about=fold(text_of(row, "instance") or text_of(row, "scene")),
                field="scenes",
                row=number,
                where=next((v.where for v in values if v.where), ""),
                evidence=f"各栏合计{count}字",
                expected=f"{limit}字以内",
            )
    if context.form == "scene":
        yield from _chapter(answers, limit, len(rows))


def _chapter(answers: Answers, limit: int, instances: int) -> Iterator[Result]:
    """Chapter 二 of the scene form, which describes all its instances."""
    key = "construction_plan"
    value = answers.value(key)
    allowed = limit * max(instances, 1)
    over = _over(value, allowed)
    label = answers.label(key)
    if isinstance(over, CannotTell):
        yield CannotTell(f"“{label}”{over.why}")
    elif over is not None and value is not None:
        yield Trip(
            f"“{label}”共{over}字，场景实例{max(instances, 1)}个，超过{allowed}字。"
            f"通知一（五）要求每个场景描述控制在{limit}字以内，请删减。",
            about=key,
            field=key,
            where=value.where,
            evidence=shorten(str(value.value)),
            expected=f"{allowed}字以内",
        )


@rule("L05", "note", "附件3 附1", "附1文字过短", reads=("scenes各必填文字栏",))
def too_short(context: Context) -> Iterator[Result]:
    """附1必填的文字栏（场景实例描述、痛点问题、技术方案、已实施成效、经济性和可推广性）不足20字的，提示内容可能过于简单。

    触发示例：“已实施成效”只写“效果良好。”
    不触发：满20字；空白（见C08）；环节、场景和实例的名称。
    如何补正：补充具体内容和量化指标。
    局限：只看字数，配图说明的也会提示。
    """
    answers = Answers.of(context)
    table = answers.form.table("scenes")
    least = context.catalog.limits.short_text
    texts = context.catalog.keys.get("scene_texts", ())
    if table is None or not context.reading.record.tables.get("scenes"):
        yield NotApplicable("附1没有场景实例（见C07）")
        return
    for number, row in answers.rows("scenes"):
        for column in table.columns:
            value = row.get(column.key)
            if column.key not in texts or column.required != "required" or value is None:
                continue
            if answers.cell(table, column, row) != "filled":
                continue
            count = count_words(str(value.value))
            if count >= least:
                continue
            if not value.certain:
                yield CannotTell(f"附1第{number}行“{column.label}”读取把握不足")
                continue
            yield Trip(
                f"附1场景实例“{name_of(row, number)}”的“{column.label}”只有{count}字"
                f"（“{shorten(str(value.value), 30)}”），内容可能过于简单。"
                "通知一（五）要求详细描述建设场景，请核对是否需要补充。",
                about=f"{fold(text_of(row, 'instance') or text_of(row, 'scene'))}\x1e{column.key}",
                field=f"scenes.{column.key}",
                row=number,
                where=value.where,
                evidence=str(value.value),
                expected=f"{least}字以上",
            )
