"""GB/T 4754-2017 codes as applicants write them, and the industries of the notice they belong to."""

from __future__ import annotations

import re
import unicodedata

from catalog.models import Catalog, Division, Industry, Section

_PUNCTUATION = re.compile(r"[\W_]+")


def _fold(text: str) -> str:
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text))


def find_section(catalog: Catalog, text: str) -> Section | None:
    """The 门类 that ``C 制造业``, ``C`` or ``制造业`` names, None where it is none, or where letter and name disagree."""
    folded = _fold(text)
    match = re.match(r"[A-Ta-t](?![A-Za-z])", folded)
    named = folded[1:] if match else folded
    by_name = next((s for s in catalog.sections if named and _bare(s.name) == _bare(named)), None)
    by_code = next((s for s in catalog.sections if match and s.code == match[0].upper()), None)
    if match is None:
        return by_name
    return by_code if not named or by_name is by_code else None


def find_division(catalog: Catalog, text: str) -> Division | None:
    """The 大类 that ``C36 汽车制造业``, ``36``, ``汽车制造业`` or ``C3670`` names, None where it is none."""
    return _find(catalog.divisions, text, 2)


def find_group(catalog: Catalog, text: str) -> Division | None:
    """The 中类 that ``C367 汽车零部件及配件制造``, ``367`` or its name names, None where it is none."""
    return _find(catalog.groups, text, 3)


def _find(members: tuple[Division, ...], text: str, digits: int) -> Division | None:
    """By code where one of at least ``digits`` digits leads, else by name; None where code and name disagree."""
    folded = _fold(text)
    match = re.match(r"[A-Ta-t]?(\d{2,4})(?!\d)", folded)
    named = folded[match.end() :] if match else folded
    by_name = next((m for m in members if _bare(m.name) == _bare(named)), None) if named else None
    if match is None:
        return by_name
    code = match[1]
    by_code = next((m for m in members if m.code == code[:digits]), None) if len(code) >= digits else None
    if by_code is not None and by_name is not None and by_code is not by_name:
        return None
    return by_code or by_name


_SHORTEST = 3
"""Characters of a name that can do without its 业: 农业 and 渔业 are whole words."""


def _bare(name: str) -> str:
    folded = _fold(name)
    return folded.removesuffix("业") if len(folded) >= _SHORTEST else folded


def industries_of(catalog: Catalog, division: Division | None, group: Division | None = None) -> tuple[Industry, ...]:
    """The industries a 大类, or its 中类 where the 大类 is divided among industries, belongs to.

    Several where the pack says that each can be defended, or where a divided 大类 comes without its 中类; () where
    the pack assigns none. A 中类 of another 大类 is left aside.
    """
    if division is None and group is not None:
        division = next((d for d in catalog.divisions if d.code == group.code[:2]), None)
    if division is None:
        return ()
    if group is not None and group.code.startswith(division.code):
        by_group = tuple(i for i in catalog.industries if group.code in i.groups)
        if by_group:
            return by_group
        return tuple(i for i in catalog.industries if division.code in i.divisions)
    code = division.code
    return tuple(i for i in catalog.industries if code in i.divisions or any(g.startswith(code) for g in i.groups))


def divided(catalog: Catalog, division: Division) -> bool:
    """True where the groups of a 大类 belong to different industries, so that it alone does not tell the industry."""
    return len(industries_of(catalog, division)) > 1


def find_subindustry(industry: Industry, text: str) -> str | None:
    """The 细分领域 of this industry that ``text`` names, by its name or another way of writing it; None where none."""
    wanted = _subindustry(text)
    for name in industry.subindustries:
        if any(_subindustry(word) == wanted for word in (name, *industry.subindustry_aliases.get(name, ()))):
            return name
    return None


def find_member(industry: Industry, text: str) -> str | None:
    """The 细分领域 that holds the narrower field ``text`` names (汽车零部件 → 汽车); None where none does."""
    wanted = _subindustry(text)
    for name, members in industry.subindustry_members.items():
        if any(_subindustry(word) == wanted for word in members):
            return name
    return None


def _subindustry(text: str) -> str:
    folded = _fold(text)
    for suffix in ("制造业", "行业", "制造", "工业", "领域", "产业", "业"):
        if folded.endswith(suffix) and len(folded) > len(suffix) + 1:
            return folded[: -len(suffix)]
    return folded
