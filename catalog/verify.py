"""What the files of a pack say of one another: every name used is a name defined, and nothing has two meanings."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from catalog.errors import CatalogError
from catalog.forms import Asked, Condition
from catalog.models import Catalog
from catalog.names import fold_recommender
from catalog.rules import NO_CLAUSE

_CODE_DIGITS = 6
"""Digits of a division's code (GB/T 2260), as the 统一社会信用代码 and the 汇总表 hold it."""


def verify(catalog: Catalog, directory: Path) -> None:
    """Raise CatalogError at the first thing that does not fit."""
    _notice(catalog, directory / "notice.toml")
    _industries(catalog, directory / "industries.toml", directory / "gbt4754.toml")
    _recommenders(catalog, directory / "offices.toml")
    _conditions(catalog, directory / "forms")
    _chosen(catalog, directory / "forms")
    _bounds(catalog, directory / "forms")
    _rules(catalog, directory)


def _notice(catalog: Catalog, path: Path) -> None:
    clauses = path.with_name("clauses.toml")
    _unique(clauses, "clause", "ref", [c.ref for c in catalog.clauses])
    for index, clause in enumerate(catalog.clauses, 1):
        if not clause.text.strip():
            raise CatalogError(clauses, f"clause[{index}].text", f"“{clause.ref}”没有条款文字，请补上")
    for (first, date), (later, other) in pairwise(catalog.deadlines.items()):
        if other < date:
            raise CatalogError(path, f"deadlines.{later}", f"早于前面的 deadlines.{first}，期限按先后写，请核对")
    called = {f"params.{name}" for name in catalog.params} | {f"deadlines.{name}" for name in catalog.deadlines}
    for name in catalog.labels:
        if name not in called:
            raise CatalogError(path, f"labels.{name}", f"“{name}”不是本通知 [params]、[deadlines] 中的名称")
    classes = {form.of_class for form in catalog.forms.values()}
    for index, quota in enumerate(catalog.quotas, 1):
        for name, number in quota.numbers.items():
            if name not in classes:
                has = "、".join(sorted(classes - {""})) or "无"
                raise CatalogError(path, f"quotas[{index}].numbers", f"“{name}”不是本包的申报类别；本包有：{has}")
            if number < 0:
                raise CatalogError(path, f"quotas[{index}].numbers", "推荐数额应为正整数；不得推荐的写 0")
        if bool(quota.flag) != bool(quota.condition):
            key = "condition" if quota.flag else "flag"
            raise CatalogError(
                path,
                f"quotas[{index}].{key}",
                "flag 和 condition 须一并写：前者标在推荐单位上，后者用文字说明是什么条件",
            )
        if quota.kind not in catalog.kinds:
            has = "、".join(catalog.kinds) or "无"
            raise CatalogError(path, f"quotas[{index}].kind", f"“{quota.kind}”不是本包的推荐单位类别；本包有：{has}")


def _industries(catalog: Catalog, path: Path, gbt: Path) -> None:
    sections = {s.code for s in catalog.sections}
    divisions = {d.code for d in catalog.divisions}
    groups = {g.code for g in catalog.groups}
    for key, members in (("divisions", catalog.divisions), ("groups", catalog.groups)):
        for member in members:
            if member.section not in sections:
                raise CatalogError(gbt, f"{key}.{member.section}", f"“{member.section}”不是本包的门类（见 [sections]）")
        codes = [m.code for m in members]
        twice = next((c for c in codes if codes.count(c) > 1), None)
        if twice:
            raise CatalogError(gbt, key, f"代码“{twice}”出现两次，请删去其一")
    for group in catalog.groups:
        if group.code[:2] not in divisions:
            raise CatalogError(gbt, f"groups.{group.section}.{group.code}", f"没有大类“{group.code[:2]}”")
    _unique(path, "industry", "name", [i.name for i in catalog.industries])
    for index, industry in enumerate(catalog.industries, 1):
        for code in industry.divisions:
            if code not in divisions:
                raise CatalogError(
                    path, f"industry[{index}].divisions", f"“{code}”不是GB/T 4754的大类代码（见 gbt4754.toml）"
                )
        for code in industry.groups:
            if code not in groups:
                raise CatalogError(
                    path, f"industry[{index}].groups", f"“{code}”不是GB/T 4754的中类代码（见 gbt4754.toml）"
                )
        for key in ("subindustry_aliases", "subindustry_members"):
            for name in getattr(industry, key):
                if name not in industry.subindustries:
                    raise CatalogError(path, f"industry[{index}].{key}", f"“{name}”不在 subindustries 中")
    _owners(
        path,
        "subindustries",
        [(i.name, (*i.subindustries, *_flat(i.subindustry_aliases.values()))) for i in catalog.industries],
    )
    _owners(path, "divisions", [(i.name, i.divisions) for i in catalog.industries])


def _flat(lists: Iterable[tuple[str, ...]]) -> list[str]:
    return [word for words in lists for word in words]


def _owners(path: Path, key: str, owned: list[tuple[str, Iterable[str]]]) -> None:
    owner: dict[str, str] = {}
    for index, (name, words) in enumerate(owned, 1):
        for word in words:
            if owner.setdefault(word, name) != name:
                raise CatalogError(path, f"industry[{index}].{key}", f"“{word}”已属于“{owner[word]}”，请删去其一")


def _recommenders(catalog: Catalog, path: Path) -> None:
    names = [r.name for r in catalog.recommenders]
    _unique(path, "recommender", "name", names)
    spelt: dict[str, str] = {}
    coded: dict[str, str] = {}
    for index, recommender in enumerate(catalog.recommenders, 1):
        key = f"recommender[{index}]"
        for other in recommender.lies_in:
            if other not in names:
                raise CatalogError(path, f"{key}.lies_in", f"“{other}”不是本包的推荐单位")
        for word in (recommender.name, recommender.full_name, *recommender.aliases):
            owner = spelt.setdefault(fold_recommender(word, catalog.region), recommender.name)
            if owner != recommender.name:
                raise CatalogError(
                    path, f"{key}.aliases", f"“{word}”也是“{owner}”的写法，分不清是哪个推荐单位，请删去其一"
                )
        for code in (*recommender.codes, *recommender.retired_codes):
            if not (len(code) == _CODE_DIGITS and code.isdigit() and code.startswith(catalog.region.code_prefix)):
                raise CatalogError(path, f"{key}.codes", f"“{code}”应为{catalog.region.code_prefix}开头的六位代码")
            if coded.setdefault(code, recommender.name) != recommender.name:
                raise CatalogError(path, f"{key}.codes", f"代码“{code}”已属于“{coded[code]}”")


def _conditions(catalog: Catalog, directory: Path) -> None:
    for form in catalog.forms.values():
        for field in form.fields:
            says = field.required.says if isinstance(field.required, Condition) else ""
            if says and says not in catalog.words:
                key = f"fields.{field.key}.required.says"
                raise CatalogError(directory / f"{form.name}.toml", key, f"“{says}”不是 words.toml [words] 中的词表")


def _chosen(catalog: Catalog, folder: Path) -> None:
    for form in catalog.forms.values():
        named = [(f"fields.{f.key}.in", f.in_list) for f in form.fields]
        named += [(f"tables.{t.key}.{c.key}.in", c.in_list) for t in form.tables for c in t.columns]
        for key, name in named:
            if name and name not in catalog.lists:
                has = "、".join(catalog.lists) or "无"
                raise CatalogError(folder / f"{form.name}.toml", key, f"“{name}”不是本包的目录；本包有：{has}")


def _bounds(catalog: Catalog, folder: Path) -> None:
    """Bounds that are named are there, and of the field's kind."""
    for form in catalog.forms.values():
        named: list[tuple[str, Asked]] = [(f"fields.{f.key}", f) for f in form.fields]
        named += [(f"tables.{t.key}.columns.{c.key}", c) for t in form.tables for c in t.columns]
        for key, asked in named:
            for end, bound in (("min", asked.min), ("max", asked.max)):
                at = (folder / f"{form.name}.toml", f"{key}.{end}")
                found = catalog.bound(bound)
                if bound is not None and found is None:
                    raise CatalogError(*at, f"notice.toml 里没有“{bound}”，请补上，或直接写数或日期")
                if found is not None and isinstance(found, dt.date) != (asked.type in ("date", "period")):
                    raise CatalogError(*at, f"“{bound}”的类型不对：{asked.type} 的上下限不是它这一类")
            least, most = catalog.bound(asked.min), catalog.bound(asked.max)
            if least is not None and most is not None and least > most:  # type: ignore[operator]
                raise CatalogError(folder / f"{form.name}.toml", f"{key}.max", "小于 min，请核对")


def _rules(catalog: Catalog, directory: Path) -> None:
    path = directory / "rules.toml"
    for entry in catalog.rules:
        if entry.clause == NO_CLAUSE:
            if entry.level != "note":
                raise CatalogError(
                    path, f"{entry.place}.level", f"“{NO_CLAUSE}”没有条款依据，级别至多为 note；请写明条款，或改为 note"
                )
        elif not catalog.clause(entry.clause):
            raise CatalogError(
                path,
                f"{entry.place}.clause",
                f"“{entry.clause}”不是 clauses.toml 中的条款；没有条款依据的写“{NO_CLAUSE}”",
            )
    written = path.read_text(encoding="utf-8") if catalog.params else ""
    asked = [a for f in catalog.forms.values() for a in (*f.fields, *(c for t in f.tables for c in t.columns))]
    written += " ".join(str(bound) for a in asked for bound in (a.min, a.max))
    for name in catalog.params:
        if re.search(rf"\bparams\.{name}\b", written) is None:
            raise CatalogError(directory / "notice.toml", f"params.{name}", "没有规则用到它，请删去，或核对拼写")
    for name, value in catalog.params.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise CatalogError(directory / "notice.toml", f"params.{name}", "应为数字")


def _unique(path: Path, items: str, key: str, values: list[str]) -> None:
    seen: set[str] = set()
    for index, value in enumerate(values, 1):
        if value in seen:
            raise CatalogError(path, f"{items}[{index}].{key}", f"“{value}”出现两次，请改其一")
        seen.add(value)
