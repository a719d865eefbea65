"""Rules M04 and M05: the kinds of key equipment and key software (附件3 附2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.models import Catalog
from checks.answers import Answers
from checks.closest import closest_of
from checks.names import SEPARATORS, fold, nfkc, text_of, without_brackets, without_number
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip, rule
from checks.text import shorten
from records.models import Row

_AND = "与和及"
_ENUMERATOR = re.compile(
    r"(?:^|(?<=[\s;,、/]))(?:\(?(?:\d{1,2}|[一二三四五六])\s*[、.)]|第[\d一二三四五六][类种])\s*(?!\d)"
)
_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")


@dataclass(frozen=True, slots=True)
class Kinds:
    """The six kinds of one table, and how they are recognised in a cell."""

    table: str
    what: str
    names: tuple[str, ...]
    aliases: dict[str, tuple[str, ...]]
    suffixes: tuple[str, ...]

    @classmethod
    def of(cls, catalog: Catalog, table: str) -> Kinds:
        if table == "equipment":
            return cls(
                table, "关键装备", catalog.equipment_kinds, catalog.equipment_aliases, catalog.words["equipment_suffix"]
            )
        return cls(
            table, "关键软件", catalog.software_kinds, catalog.software_aliases, catalog.words["software_suffix"]
        )

    def unknown(self, cell: str) -> list[str]:
        """The parts of a cell that are none of the kinds. Several kinds may stand in a cell, run together or parted by
        any mark, by white space or by 和; 与 inside a kind's own name parts nothing. Details in brackets do not matter.
        """
        listed = _ENUMERATOR.sub(";", nfkc(cell))
        if self._all_kinds(listed) or self._all_kinds(without_brackets(listed)):
            return []
        wrong = []
        for part in (p.strip() for p in SEPARATORS.split(listed) if fold(p)):
            inside = _BRACKETS.findall(part)
            if not any(self._all_kinds(t) for t in (part, without_brackets(part), *inside)):
                wrong.append(without_number(part))
        return wrong

    def _all_kinds(self, text: str) -> bool:
        pieces = (without_number(p) for p in re.split(r"[、,;/|\s]+", nfkc(text)))
        folded = fold("".join(pieces))
        return bool(folded) and self._pattern().fullmatch(folded) is not None

    def _pattern(self) -> re.Pattern[str]:
        tail = "(?:" + "|".join(map(re.escape, self.suffixes)) + ")*" if self.suffixes else ""
        spellings = {self._stem(s) for n in self.names for s in (n, *self.aliases.get(n, ()))}
        any_of = "|".join(
            re.sub(f"[{_AND}]", f"[{_AND}]", re.escape(s)) for s in sorted(spellings, key=lambda s: (-len(s), s))
        )
        return re.compile(rf"(?:(?:{any_of}){tail}[{_AND}]?)+")

    def _stem(self, name: str) -> str:
        folded = fold(name)
        while (
            shorter := next((folded.removesuffix(s) for s in self.suffixes if folded.endswith(s)), folded)
        ) != folded:
            folded = shorter
        return folded


def _check(ctx: Context, table: str) -> Iterator[Result]:
    """One finding a wrong name (however many rows hold it), and one a row whose kind is blank."""
    kinds, answers = Kinds.of(ctx.catalog, table), Answers.of(ctx)
    form_table = answers.form.table(table)
    column = next((c for c in form_table.columns if c.key == "kind"), None) if form_table else None
    rows = [(number, row) for number, row in answers.rows(table) if not answers.nothing(row)]
    if not rows or form_table is None or column is None:
        yield NotApplicable(f"附2没有填写{kinds.what}")
        return
    wrong: dict[str, list[tuple[int, Row]]] = {}
    for number, row in rows:
        value, state = row.get("kind"), answers.cell(form_table, column, row)
        name = text_of(row.get("name"))
        if state == "unreadable" or (value is not None and not value.certain):
            if state != "filled" or kinds.unknown(text_of(value)):
                yield CannotTell(f"{kinds.what}“{name}”的种类没有读清")
        elif state == "blank":
            yield _blank(kinds, number, row, name)
        else:
            for part in kinds.unknown(text_of(value)):
                wrong.setdefault(part, []).append((number, row))
    for part, places in wrong.items():
        yield _not_a_kind(kinds, part, places)


def _blank(kinds: Kinds, number: int, row: Row, name: str) -> Trip:
    value, instance = row.get("kind"), text_of(row.get("instance"))
    return Trip(
        f"附2场景实例“{shorten(instance)}”的{kinds.what}“{shorten(name)}”没有填写种类。"
        f"请从“{'、'.join(kinds.names)}”中选填。",
        about=f"blank:{fold(instance)}:{fold(name)}",
        field=f"{kinds.table}.kind",
        row=number,
        where=value.where
        if value is not None and value.where
        else next((v.where for v in row.values() if v.where), ""),
        evidence=name,
        expected="、".join(kinds.names),
    )


def _not_a_kind(kinds: Kinds, part: str, places: list[tuple[int, Row]]) -> Trip:
    number, row = places[0]
    closest = closest_of(part, kinds.names, kinds.aliases)
    first = f"附2{kinds.what}“{shorten(text_of(row.get('name')))}”"
    more = f"等{len(places)}处" if len(places) > 1 else ""
    return Trip(
        f"{first}{more}的种类“{shorten(part)}”不是通知所列的六种之一"
        + (f"，最接近的是“{closest}”" if closest else "")
        + f"。请从“{'、'.join(kinds.names)}”中选填。",
        about=fold(part) or part,
        field=f"{kinds.table}.kind",
        row=number,
        where=row["kind"].where,
        evidence=text_of(row["kind"]),
        expected=closest or "、".join(kinds.names),
    )


@rule("M04", "fix", "附件3 附2", "关键装备种类不是所列六种", reads=("equipment.kind",))
def equipment_kind(ctx: Context) -> Iterator[Result]:
    """附2关键装备种类应从高档数控机床与工业机器人、增材制造装备、智能传感与控制装备、智能检测与装配装备、智能物流与仓储装备、
    行业成套装备六种中选填，可填写多个。末尾有没有“装备”“类”不影响。

    触发示例：种类写“检测设备”；种类为空。
    不触发：“智能检测与装配”“1.增材制造装备”；一格写“增材制造装备、行业成套装备”两种。
    如何补正：从六种中选填。
    局限：只看种类名称，不判断装备是否真属于该种类。
    """
    yield from _check(ctx, "equipment")


@rule("M05", "fix", "附件3 附2", "关键软件种类不是所列六种", reads=("software.kind",))
def software_kind(ctx: Context) -> Iterator[Result]:
    """附2关键软件种类应从研发设计类、生产制造类、经营管理类、控制执行类、行业专用类、新型软件六种中选填，可填写多个。末尾有没有
    “软件”“类”不影响。

    触发示例：种类写“MES”；种类为空。
    不触发：“生产制造类软件”“研发设计”“生产制造类（MES）”；一格写“研发设计类/生产制造类”两种。
    如何补正：从六种中选填。
    局限：只看种类名称，不判断软件是否真属于该种类。
    """
    yield from _check(ctx, "software")
