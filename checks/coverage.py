"""Rules M06 to M08: what a 示范工厂 must cover, and its 细分行业 (附件2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from catalog.industry import find_member, find_subindustry
from catalog.models import Catalog, Industry
from checks.choices import unticked
from checks.closest import closest_link, closest_of
from checks.entries import Entry, entries
from checks.forms import FACTORY
from checks.names import doubtful, empty, fold, industry_named, means_blank, nfkc, text_of, without_number
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip, rule
from checks.text import shorten

_SEQUENCE = 2
"""Digits of a 序号; more are a year or a figure."""


@dataclass(slots=True)
class Covered:
    """The 环节 that 附1 covers. ``unsure`` counts the rows that may add one more each."""

    links: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    unsure: int = 0

    @property
    def least(self) -> int:
        return len(self.links) + len(self.new)


def covered(ctx: Context, aspects: tuple[str, ...]) -> Covered:
    """Which 环节 of these 方面 the rows of 附1 cover: a misspelt one counts as its closest, a new one as itself."""
    wanted = [k.name for k in ctx.catalog.links if k.aspect in aspects]
    links: set[str] = set()
    new: dict[str, str] = {}
    found = Covered()
    for entry in entries(ctx, basics=False):
        named, certain = _links_of(ctx.catalog, entry)
        links |= {n for n in named if n in wanted}
        if entry.link.new and not entry.link.doubtful:
            new.setdefault(fold(entry.link.text), entry.link.text)
        elif not certain:
            found.unsure += 1
    found.links = [k for k in wanted if k in links]
    found.unsure += _lost_rows(ctx)
    found.new = list(new.values())
    return found


def _lost_rows(ctx: Context) -> int:
    """Rows that the 序号 of 附1 count and the reader did not give."""
    rows = ctx.reading.record.tables.get("scenes", [])
    numbers = [
        int(t) for row in rows if (t := nfkc(text_of(row.get("seq"))).strip(" .、")).isdecimal() and len(t) <= _SEQUENCE
    ]
    return max(0, max(numbers, default=0) - len(rows))


def _links_of(catalog: Catalog, entry: Entry) -> tuple[tuple[str, ...], bool]:
    """The 环节 a row stands for, and whether that is certain."""
    if entry.link.known:
        return entry.link.known, True
    if entry.link.new and not entry.link.doubtful:
        return (), True
    if entry.link.unknown:
        closest = closest_link(catalog, entry.link.text)
        if closest is not None:
            return (closest,), True
    by_scene = tuple(dict.fromkeys(s.link for s in catalog.scenes if s.name in entry.scene.known))
    if by_scene:
        return by_scene, True
    return (), entry.link.blank and entry.scene.blank


@rule(
    "M06",
    "reject",
    "附件2",
    "附1覆盖的环节不足8个",
    forms=FACTORY,
    reads=("scenes.link", "scenes.scene", "scenes.remark"),
)
def enough_links(ctx: Context) -> Iterator[Result]:
    """示范工厂的智能工厂建设内容至少覆盖8个环节，按附1中产品全生命周期和生产全过程的环节计算，供应链全环节的不计入。注明的新环节
    计入；写错的按最接近的环节计入。

    触发示例：附1只有7个环节，另有1个供应链环节。
    不触发：8个环节；7个环节加1个注明的新环节；8个环节中有一个写错一字。
    如何补正：补充其他环节的场景实例，至少覆盖8个环节。
    局限：有环节没有读清、补上后可能达到8个的，不作判断。
    """
    limits = ctx.catalog.limits
    if any(m.key in ("scenes", "scenes.link") for m in ctx.reading.missing_labels):
        yield CannotTell("附1或其环节一栏没有读到（见F07）")
        return
    found = covered(ctx, limits.factory_aspects)
    if found.least >= limits.factory_links:
        return
    if found.least + found.unsure >= limits.factory_links:
        yield CannotTell(
            f"附1能认出{found.least}个环节，另有{found.unsure}行的环节没有读清或认不出，不能判断是否达到{limits.factory_links}个"
        )
        return
    names = found.links + [f"{n}（新）" for n in found.new]
    rows = ctx.reading.record.tables.get("scenes", [])
    yield Trip(
        f"附1只覆盖{found.least}个环节"
        + (f"（{'、'.join(names)}）" if names else "")
        + f"，通知要求智能工厂建设内容至少覆盖{'和'.join(limits.factory_aspects)}的{limits.factory_links}个环节"
        + "，供应链环节不计入。请补充其他环节的场景实例。",
        about="scenes",
        field="scenes.link",
        where=rows[0]["link"].where if rows and "link" in rows[0] else "附1",
        evidence=f"{found.least}个环节：{'、'.join(names)}" if names else "附1没有场景实例",
        expected=f"至少{limits.factory_links}个环节",
    )


@rule(
    "M07",
    "reject",
    "附件2",
    "申报智慧供应链而没有供应链环节",
    forms=FACTORY,
    reads=("applies_supply_chain", "scenes.link"),
)
def chain_link(ctx: Context) -> Iterator[Result]:
    """申报智慧供应链的，在智能工厂建设内容基础上再至少覆盖供应链全环节中的1个环节。

    触发示例：勾选申报智慧供应链，附1没有供应链计划、供应链采购与交付、供应链服务中的任何一个。
    不触发：附1有“供应链采购与交付”；没有申报智慧供应链。
    如何补正：补充供应链环节的场景实例，或不申报智慧供应链。
    局限：有环节没有读清、或有注明的新环节可能属于供应链的，不作判断。
    """
    limits = ctx.catalog.limits
    value = ctx.reading.record.get("applies_supply_chain")
    if why := unticked(value, "是否申报智慧供应链", "C04"):
        yield why
        return
    if value is None or value.value is not True:
        yield NotApplicable("没有申报智慧供应链")
        return
    if any(m.key in ("scenes", "scenes.link") for m in ctx.reading.missing_labels):
        yield CannotTell("附1或其环节一栏没有读到（见F07）")
        return
    found = covered(ctx, limits.chain_aspects)
    if len(found.links) >= limits.chain_links:
        return
    if found.unsure or any("供应" in n or "采购" in n for n in found.new):
        yield CannotTell("附1有环节没有读清或是新环节，不能判断是否属于供应链全环节")
        return
    names = [k.name for k in ctx.catalog.links if k.aspect in limits.chain_aspects]
    yield Trip(
        f"勾选申报智慧供应链，附1却没有{'、'.join(limits.chain_aspects)}的环节（{'、'.join(names)}）。通知要求在智能工厂建设内容"
        f"基础上再至少覆盖供应链相关的{limits.chain_links}个环节。请补充供应链环节的场景实例，或不申报智慧供应链。",
        about="scenes",
        field="scenes.link",
        where=value.where,
        evidence="申报智慧供应链：是",
        expected=f"至少覆盖{'、'.join(names)}中的{limits.chain_links}个环节",
    )


@rule(
    "M08",
    "note",
    "附件2",
    "细分行业不在揭榜行业所列之中",
    forms=FACTORY,
    reads=("task_subindustry", "industry_category"),
)
def subindustry(ctx: Context) -> Iterator[Result]:
    """揭榜任务细分行业按附件2中所选揭榜行业列出的细分领域填写。所列均以“等”收尾，没有列出的只作提示；写的是另一个行业的
    细分领域的，须补正。

    触发示例：揭榜行业为“消费品”，细分行业写“玩具”（提示）；写“船舶”（属装备制造，须补正）。
    不触发：“医药制造业”“汽车及零部件”等所列细分领域的其他写法。
    如何补正：改正细分行业或揭榜行业。
    局限：同一说法在两个行业中都有的，以所选行业为准。
    """
    value = ctx.reading.record.get("task_subindustry")
    choice = ctx.reading.record.get("industry_category")
    if empty(value) or value is None or means_blank(text_of(value), ctx.catalog.words.get("blank", ())):
        yield NotApplicable("细分行业未填（见C02）")
        return
    if why := unticked(choice, "揭榜行业", "C04"):
        yield why
        return
    own = next((i for i in ctx.catalog.industries if i.name == industry_named(ctx.catalog, text_of(choice))), None)
    if own is None:
        yield CannotTell(f"揭榜行业“{text_of(choice)}”不是四大行业之一")
        return
    text = text_of(value)
    pieces = _pieces(ctx.catalog, text)
    if any(find_subindustry(own, p) for p in pieces):
        return
    if doubtful(value):
        yield CannotTell("细分行业没有读清")
        return
    other = next(((i, s) for p in pieces for i in ctx.catalog.industries if (s := find_subindustry(i, p))), None)
    names = "、".join(own.subindustries)
    if other is not None:
        message = (
            f"细分行业“{shorten(text)}”是{other[0].full_name}的细分领域“{other[1]}”，而揭榜行业为“{own.name}”。"
            "通知要求按揭榜任务中的细分行业选择，请改正其中一项。"
        )
    else:
        message = f"细分行业“{shorten(text)}”不在{own.full_name}所列细分领域（{names}等）之中" + _belongs(
            ctx, own, pieces
        )
    yield Trip(
        message,
        about="task_subindustry",
        field="task_subindustry",
        where=value.where,
        evidence=value.raw or text,
        expected=f"{names}等",
        level="fix" if other is not None else None,
    )


def _pieces(catalog: Catalog, text: str) -> list[str]:
    """The 细分行业 of a cell that may hold several; 计算机、通信和其他电子设备 is one."""
    if any(find_subindustry(i, text) or find_member(i, text) for i in catalog.industries):
        return [text]
    found = [without_number(p) for p in re.split(r"[、,;/\n\-—]|以?及|和|与", nfkc(text)) if fold(p)]
    return [text, *found]


def _belongs(ctx: Context, own: Industry, pieces: list[str]) -> str:
    """The end of the message on a 细分行业 that the notice does not name: where it may belong."""
    member = next((m for p in pieces if (m := find_member(own, p))), None)
    if member is not None:
        return f"，可归入“{member}”，请核实。"
    elsewhere = next(((i, m) for p in pieces for i in ctx.catalog.industries if (m := find_member(i, p))), None)
    if elsewhere is not None:
        return f"，似属{elsewhere[0].full_name}的“{elsewhere[1]}”，请核实揭榜行业与细分行业。"
    near = closest_of(pieces[0], own.subindustries, own.subindustry_aliases)
    return (f"，最接近的是“{near}”" if near else "") + "，请核实是否属于该行业。"
