"""D04 and D05: texts that an application repeats, or takes from the notice. They need no other application."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from catalog.models import Catalog
from checks.alignment import Shared, excerpt, passages, plain
from checks.names import fold
from checks.prose import Prose, prose, scene_texts
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip, rule
from checks.text import shorten

LEAST, LEAST_OPTIONAL = 30, 60
"""Characters below which a text may well be the same twice; more for what the form leaves optional (保障要素, 其他): the
same measures often hold for every scene."""
ALIKE = 95.0
"""Likeness (0 to 100) from which two texts are one, but for a slip."""
FIGURES_COUNT = 100
"""Characters up to which texts that differ in their figures only say different things in one form of words."""
TAKEN, TAKEN_WHOLE = 40, 0.9
"""Characters taken from the notice, or the share of one of its texts."""
SHARE = 0.85
_GRAM, _HITS = 8, 3
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
_LISTED = 6
"""Places that a message names before it only counts the rest."""


@rule("D04", "note", "一（五）", "同一段文字用于两个场景或两个栏目", reads=("scenes各文字栏",))
def same_text_twice(ctx: Context) -> Iterator[Result]:
    """附1的两个场景实例，或一个场景实例的两个栏目，填写了相同的文字（相同，或相似程度95%以上）的，给出提示。

    触发示例：两个场景实例的“采用的技术方案”一字不差；“场景实例描述”与“采用的技术方案”相同。
    不触发：“见附件”等30字以下的短句；保障要素、其他两栏60字以下的相同措施；句式相同而数字不同的短文。
    如何补正：按各场景实例、各栏目的要求分别填写。
    局限：只比较附1的文字栏。
    """
    cells = list(_comparable(ctx))
    if len(cells) <= 1:
        yield NotApplicable("附1没有两处可以比较的文字")
        return
    for group in _groups(cells):
        first = group[0]
        if not all(cell.value.certain for cell in group):
            yield CannotTell(f"{first.label}等处文字识别没有把握")
            continue
        rows = {cell.row for cell in group}
        what = f"{len(rows)}个场景实例" if len(rows) > 1 else f"{len(group)}个栏目"
        listed = "、".join(f"{cell.label}（{cell.where}）" for cell in group[:_LISTED])
        listed += f"等{len(group)}处" if len(group) > _LISTED else ""
        yield Trip(
            f"附1的{what}填写了相同的文字：{listed}，都写“{shorten(first.text, 80)}”。"
            "通知要求申报材料详细描述建设场景，请核对是否应分别填写。",
            about=min(cell.about for cell in group),
            field=first.key,
            row=first.row,
            where=first.where,
            evidence=shorten(first.text, 120),
            expected="各场景实例、各栏目分别填写",
        )


def _comparable(ctx: Context) -> Iterator[Prose]:
    form = ctx.catalog.forms.get(ctx.form)
    table = form.table("scenes") if form else None
    optional = {f"scenes.{c.key}" for c in table.columns if c.required == "optional"} if table else set()
    for cell in scene_texts(ctx.catalog, ctx.reading.record):
        if cell.length >= (LEAST_OPTIONAL if cell.key in optional else LEAST):
            yield cell


def _groups(cells: Sequence[Prose]) -> list[list[Prose]]:
    """The cells that say the same, in groups of two or more."""
    texts = [plain(cell.text) for cell in cells]
    names = [fold(text) for text in texts]
    groups: list[list[int]] = []
    for at in range(len(cells)):
        home = next((g for g in groups if _same(texts[g[0]], texts[at], names[g[0]], names[at])), None)
        if home is None:
            groups.append([at])
        else:
            home.append(at)
    return [[cells[at] for at in group] for group in groups if len(group) > 1]


def _same(one: str, other: str, folded: str, other_folded: str) -> bool:
    if folded == other_folded:
        return True
    if min(len(one), len(other)) < 0.9 * max(len(one), len(other)) or fuzz.ratio(one, other, score_cutoff=ALIKE) == 0:
        return False
    return len(one) >= FIGURES_COUNT or _NUMBERS.findall(one) == _NUMBERS.findall(other)


@dataclass(frozen=True, slots=True)
class _Source:
    """A text of the notice, and where it stands there."""

    place: str
    text: str


@rule(
    "D05",
    "note",
    "一（五）",
    "文字抄自通知的场景指引或示例",
    reads=("company_profile", "project_summary", "各章", "scenes各文字栏"),
)
def taken_from_the_notice(ctx: Context) -> Iterator[Result]:
    """申报材料的文字照抄了通知附件1的环节、场景说明，或附件3附1的示例：连续40字以上，或其中一段的九成以上。

    触发示例：“场景实例描述”照抄附件1“智能仓储”的说明；“已实施成效”照抄示例“操作人员已从5人减少至2人……”。
    不触发：引用其中一个短语，如“应用条码、射频识别、智能传感等技术”；空白表自带的填写说明。
    如何补正：按本企业的实际情况描述。
    局限：改写较多的认不出；示例整行作为自己的实例的另见C10。
    """
    sources, index = _notice(ctx.catalog)
    found: dict[tuple[str, int | None], list[tuple[Prose, _Source, Shared]]] = {}
    texts = prose(ctx.catalog, ctx.reading.record)
    for text in texts:
        for source, shared in _taken(plain(text.text), sources, index):
            found.setdefault((text.key.split(".")[0], text.row) if text.row else (text.key, None), []).append(
                (text, source, shared)
            )
    if not texts:
        yield NotApplicable("没有可以比较的文字")
    for pieces in found.values():
        if all(text.value.certain for text, _, _ in pieces):
            yield _taken_trip(pieces)
        else:
            yield CannotTell(f"{pieces[0][0].label}的文字识别没有把握")


def _taken_trip(pieces: list[tuple[Prose, _Source, Shared]]) -> Trip:
    pieces = sorted(pieces, key=lambda p: (-p[2].length, p[0].label))
    text, _, shared = pieces[0]
    said = excerpt(text.text, (shared.start, shared.end - 1))
    labels = dict.fromkeys(t.label for t, _, _ in pieces)
    listed = "、".join(t if n == 0 else t.removeprefix(text.place) for n, t in enumerate(labels))
    sources = "、".join(dict.fromkeys(s.place for _, s, _ in pieces))
    return Trip(
        f"{listed}（{text.where}）的文字抄自{sources}：“{shorten(said, 80)}”（{shared.length}字中{shared.share:.0%}相同）。"
        "通知要求申报材料详细描述建设场景，能提供借鉴、引导创新，请按本企业的实际情况描述。",
        about=text.about.split("\x1e")[0],
        field=text.key,
        row=text.row,
        where=text.where,
        evidence=shorten(said, 120),
        expected="本企业的实际情况",
    )


_NOTICES: dict[str, tuple[list[_Source], dict[str, list[int]]]] = {}
"""Catalog version → the texts of the notice, and which of them hold a run of characters."""


def _notice(catalog: Catalog) -> tuple[list[_Source], dict[str, list[int]]]:
    if catalog.version not in _NOTICES:
        texts = [(f"附件1场景“{s.name}”的说明", s.text) for s in catalog.scenes]
        texts += [(f"附件1环节“{k.name}”的说明", k.text) for k in catalog.links]
        texts += [(f"附件2“{i.full_name}”的说明", i.text) for i in catalog.industries]
        for form in catalog.forms.values():
            table = form.table("scenes")
            for column, text in (table.example if table else {}).items():
                if column in catalog.keys.get("scene_texts", ()):
                    texts.append(("附件3附1的示例", text))
        sources = [_Source(*pair) for pair in dict.fromkeys((place, plain(text)) for place, text in texts if text)]
        index: dict[str, list[int]] = {}
        for number, source in enumerate(sources):
            for gram in {source.text[at : at + _GRAM] for at in range(len(source.text) - _GRAM + 1)}:
                index.setdefault(gram, []).append(number)
        _NOTICES[catalog.version] = (sources, index)
    return _NOTICES[catalog.version]


def _taken(text: str, sources: Sequence[_Source], index: dict[str, list[int]]) -> Iterator[tuple[_Source, Shared]]:
    """What a plain text takes from the notice."""
    hits: dict[int, int] = {}
    for at in range(len(text) - _GRAM + 1):
        for number in index.get(text[at : at + _GRAM], ()):
            hits[number] = hits.get(number, 0) + 1
    for number in sorted(n for n, count in hits.items() if count >= _HITS):
        source = sources[number]
        least = min(TAKEN, int(TAKEN_WHOLE * len(source.text)))
        for shared in passages(text, source.text, least=least, share=SHARE):
            if shared.same >= SHARE * least:
                yield source, shared
