"""Group K: the document against itself. Names and instances stand here (K01 to K03), figures (K04 to K07, K11) in
checks/figures.py, industries (K09, K12) in checks/industries.py, telephones and e-mail (K10) in checks/contacts.py,
what the text says (K08, K13) in checks/statements.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from checks.answers import is_scan
from checks.closest import by_name
from checks.entries import without_mark
from checks.forms import SCENE
from checks.names import empty, fold, link_of, nfkc, same, scene_of, text_of, without_number
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip, rule
from checks.text import shorten
from records.models import Row, Value
from records.numerals import NUMERALS

_SEVERAL = re.compile(rf"[;\n]+|[、,](?=\s*(?:\d|[({NUMERALS}]))")
ANNEX2 = {"equipment": "关键装备", "software": "关键软件", "processes": "工艺", "technologies": "技术"}


@rule("K01", "fix", "二（一）", "申报单位与企业名称不一致", reads=("applicant", "company_name"))
def same_company(ctx: Context) -> Iterator[Result]:
    """封面的申报单位与基本信息的企业名称应是同一单位。全角半角、空格、括号和标点的差别不计。

    触发示例：封面写“上海某某机械有限公司”，企业名称写“上海某某装备有限公司”。
    不触发：“上海某某（集团）有限公司”与“上海某某(集团)有限公司”。
    如何补正：按营业执照改为一致。
    局限：简称与全称算作不一致。
    """
    record = ctx.reading.record
    cover, company = record.get("applicant"), record.get("company_name")
    if cover is None or company is None or empty(cover) or empty(company):
        yield NotApplicable("申报单位或企业名称未填（见C01、C02）")
        return
    if same(text_of(cover), text_of(company)):
        return
    if not (cover.certain and company.certain) or _misread(ctx, text_of(cover), text_of(company)):
        yield CannotTell("申报单位或企业名称识别没有把握")
        return
    yield Trip(
        f"封面申报单位“{text_of(cover)}”与基本信息企业名称“{text_of(company)}”不一致。请按营业执照改为一致。",
        about="applicant",
        field="applicant",
        where=cover.where,
        evidence=f"{cover.raw or text_of(cover)}；{company.raw or text_of(company)}",
        expected=text_of(company),
    )


MISREAD = 85.0
"""Likeness (0 to 100) of two names from which on a scan may have made two of one."""


def _misread(ctx: Context, name: str, other: str | None) -> bool:
    """True where the file is a scan and two long names differ by so little that the reading may be at fault."""
    return other is not None and is_scan(ctx) and fuzz.ratio(fold(name), fold(other)) >= MISREAD


def _rows(ctx: Context) -> list[tuple[int, Row]]:
    return list(enumerate(ctx.reading.record.tables.get("scenes", []), 1))


def instance_key(text: str) -> str:
    """An instance's name as it is compared: without the number or 场景实例： in front."""
    plain = re.sub(r"^\s*(?:具体)?场景实例(?:名称)?\s*+\d*+\s*+[:：]\s*", "", nfkc(text))
    return fold(without_number(plain)) or fold(text)


def _matches(ctx: Context, text: str, known: set[str]) -> bool:
    """True where a name is one of ``known``, alone or behind its 环节 and 场景 (生产作业—人机协同制造—某某)."""
    if instance_key(text) in known:
        return True
    *before, last = [p for p in re.split(r"[—–]+|(?<=[㐀-鿿])-+(?=[㐀-鿿])", nfkc(text)) if fold(p)] or [""]
    named = all(link_of(ctx.catalog, p) or scene_of(ctx.catalog, p) for p in before)
    return bool(before) and named and instance_key(last) in known


def _instances(text: str) -> list[str]:
    """The instances a cell names: one, or several listed by numbers, lines or semicolons."""
    return [p.strip() for p in _SEVERAL.split(nfkc(text)) if fold(without_number(p))]


def _find(ctx: Context, rows: list[tuple[int, Row]], name: str) -> list[tuple[int, Row]]:
    if not fold(name):
        return []
    return [(n, r) for n, r in rows if _matches(ctx, name, {instance_key(text_of(r.get("instance")))})]


def _unsure(rows: list[tuple[int, Row]], column: str) -> bool:
    """True where a row's cell may hold what was not found among the others."""
    return any(
        v is not None and (not v.certain or (v.value is None and bool(v.raw))) for _, r in rows for v in [r.get(column)]
    )


@rule(
    "K02",
    "fix",
    "附件3-1",
    "基本信息的环节、场景、场景实例不在附1之中",
    forms=SCENE,
    reads=("link_name", "scene_name", "instance_name", "scenes.link", "scenes.scene", "scenes.instance"),
)
def basics_in_rows(ctx: Context) -> Iterator[Result]:
    """优秀场景申报书基本信息中的环节名称、场景名称、场景实例名称，应与附1中的一行相同。序号、空格、括号和标点的差别不计。

    触发示例：基本信息的场景实例名称在附1各行中找不到；附1中该实例的环节是“仓储物流”，基本信息写“设备管理”。
    不触发：附1写“3.智能仓储”，基本信息写“智能仓储”；附1另有其他实例。
    如何补正：按附1改正基本信息，或在附1补上该实例。
    局限：基本信息或附1有空白的，由C02、C07、C08指出。
    """
    rows = _rows(ctx)
    if not rows:
        yield NotApplicable("附1没有场景实例（见C07）")
        return
    record = ctx.reading.record
    instance = record.get("instance_name")
    named = rows
    if instance is not None and not empty(instance):
        named, results = _instance_rows(ctx, rows, instance)
        yield from results
        if not named:
            return
    for key, column, what in (("link_name", "link", "环节名称"), ("scene_name", "scene", "场景名称")):
        value = record.get(key)
        if value is None or empty(value):
            continue
        cells = [(n, r[column]) for n, r in named if column in r and not r[column].blank]
        if not cells or any(_same_entry(ctx, column, text_of(value), text_of(cell)) for _, cell in cells):
            continue
        if not value.certain or _unsure(named, column):
            yield CannotTell(f"{what}没有读清")
            continue
        there = "”“".join(dict.fromkeys(text_of(cell) for _, cell in cells))
        place = f"附1中该场景实例的{what}为" if named is not rows else "附1各行为"
        yield Trip(
            f"基本信息的{what}“{shorten(text_of(value))}”与附1不符（{place}“{there}”）。请核对后改为一致。",
            about=key,
            field=key,
            where=value.where,
            evidence=value.raw or text_of(value),
            expected=text_of(cells[0][1]),
        )


def _instance_rows(
    ctx: Context, rows: list[tuple[int, Row]], instance: Value
) -> tuple[list[tuple[int, Row]], list[Result]]:
    """The rows of 附1 that the basic information names, and what is wrong with those it names in vain."""
    text = text_of(instance)
    whole = _find(ctx, rows, text) or _run_together(rows, text)
    if whole:
        return whole, []
    parts = _instances(text)
    found = [pair for part in parts for pair in _find(ctx, rows, part)]
    lost = [part for part in parts if not _find(ctx, rows, part)]
    if not lost:
        return found, []
    names = [text_of(r.get("instance")) for _, r in rows if text_of(r.get("instance"))]
    near = by_name(lost[0], names)
    if not instance.certain or _unsure(rows, "instance") or _misread(ctx, lost[0], near):
        return found, [CannotTell("场景实例名称没有读清")]
    missing = "”“".join(shorten(p) for p in lost)
    trip = Trip(
        f"基本信息的场景实例名称“{missing}”在附1各行中找不到"
        + (f"，最接近的是“{shorten(near)}”" if near else "")
        + "。请按附1改正，或在附1补上该实例。",
        about="instance_name",
        field="instance_name",
        where=instance.where,
        evidence=instance.raw or text,
        expected=near or "附1中的一个场景实例名称",
    )
    return found, [trip]


def _run_together(rows: list[tuple[int, Row]], text: str) -> list[tuple[int, Row]]:
    """The rows of which the instances stand in a cell one after another, with nothing else but numbers; [] if any."""
    rest, found = fold(text), []
    for number, row in sorted(rows, key=lambda r: -len(text_of(r[1].get("instance")))):
        key = instance_key(text_of(row.get("instance")))
        if key and key in rest:
            rest = rest.replace(key, "")
            found.append((number, row))
    return sorted(found, key=lambda r: r[0]) if found and not rest.strip("0123456789和及与") else []


def _same_entry(ctx: Context, column: str, one: str, other: str) -> bool:
    """True where two cells name the same 环节 (场景), by the words or by the catalog."""
    one, other = without_mark(ctx.catalog, one), without_mark(ctx.catalog, other)
    find = link_of if column == "link" else scene_of
    first, second = find(ctx.catalog, one), find(ctx.catalog, other)
    if first is not None or second is not None:
        named = first or second
        return first is second or (
            named is not None and fold(named.name) in fold(one) and fold(named.name) in fold(other)
        )
    return same(without_number(one), without_number(other))


@rule(
    "K03",
    "fix",
    "附件3 附2",
    "附2的场景实例在附1之中找不到",
    reads=("scenes.instance", "equipment.instance", "software.instance", "processes.instance", "technologies.instance"),
)
def annex_instances(ctx: Context) -> Iterator[Result]:
    """附2的具体场景实例名称应与附1的场景实例名称对应。序号、空格、括号和标点的差别不计。

    触发示例：附2有场景实例“智能仓储建设”，附1没有这个名称。
    不触发：附2写“场景实例1：某某”，附1写“某某”。
    如何补正：改为附1中的名称，或在附1补上该实例。
    局限：附1没有任何实例的由C07指出。
    """
    rows = _rows(ctx)
    if not rows:
        yield NotApplicable("附1没有场景实例（见C07）")
        return
    names = [text_of(r.get("instance")) for _, r in rows if text_of(r.get("instance"))]
    known = {instance_key(n) for n in names}
    seen: set[str] = set()
    any_rows = False
    for table, what in ANNEX2.items():
        for number, row in enumerate(ctx.reading.record.tables.get(table, []), 1):
            value = row.get("instance")
            any_rows = True
            text = text_of(value)
            if value is None or not fold(text) or instance_key(text) in seen or _matches(ctx, text, known):
                continue
            lost = [p for p in _instances(text) if not _matches(ctx, p, known)]
            if not lost:
                continue
            seen.add(instance_key(text))
            near = by_name(lost[0], names)
            if not value.certain or _unsure(rows, "instance") or _misread(ctx, lost[0], near):
                yield CannotTell("附1或附2的场景实例名称没有读清")
                continue
            yield Trip(
                f"附2（{what}）的场景实例“{shorten(text)}”在附1中找不到"
                + (f"，最接近的是“{shorten(near)}”" if near else "")
                + "。附2的场景实例名称应与附1对应，请改正名称，或在附1补上该实例。",
                about=instance_key(text),
                field=f"{table}.instance",
                row=number,
                where=value.where,
                evidence=text,
                expected=near or "附1中的一个场景实例名称",
            )
    if not any_rows:
        yield NotApplicable("附2没有内容（见C09）")
