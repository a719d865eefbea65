"""Keys, roles and what is left to decide, once a form is whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from extractors.drafting.headings import numeral
from extractors.drafting.model import DraftField, DraftForm, DraftTable, Role, Undecided
from extractors.drafting.words import (
    EXACT,
    Known,
    known_column,
    known_label,
    names_of,
    person,
    person_key,
    role_name,
    vocabulary,
    wordings,
)
from extractors.fitting.labels import fold_label

_MARKED = re.compile(r"(.*[\u4e00-\u9fff）)])(\d{1,2})")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_WANTED = ("applicant", "project", "recommender", "date", "contact", "mobile")
_OF_CONTACT, _ALONE, _OF_OTHERS = 0.9, 0.7, 0.3
"""How sure it is that a telephone or address is the contact's: in its group, in none, in somebody else's."""
_LEAST = 0.5
"""Below it a role is more likely wrong than right, and none is written."""
_COVER_NAME = 0.5
"""How sure it is that the first name on a cover is the project's, where nothing says 项目名称."""
PERSON = 0.8
"""How sure it is that a field whose label names somebody asks for a name; a surer role comes before it."""
UNSURE = 0.8
"""Below this a guessed role is asked about."""


def complete(form: DraftForm) -> None:
    """Give every field, table, column and chapter its key, and what is known by role its role; ask what stays open."""
    form.kind = form.kind_of_title()
    form.placeholders = list(dict.fromkeys(form.placeholders))
    _note_marks(form)
    _ambiguous(form)
    _field_keys(form)
    _aliases(form)
    _table_keys(form)
    for number, section in enumerate(form.sections, 1):
        digits = re.findall(r"[一二三四五六七八九十]+", section.number)
        section.key = "chapter_" + ("_".join(str(numeral(d)) for d in digits) or str(number))
    _unique(form.sections)
    _roles(form)
    _ask(form)


def _note_marks(form: DraftForm) -> None:
    """Take a note's number off a label's end (联系方式12): a PDF sets it behind the words. 指导教师1 and 指导教师2 keep theirs."""
    stems = Counter(
        m[1]
        for label in {f.label for f in form.fields} | {f.group for f in form.fields}
        if (m := _MARKED.fullmatch(label))
    )
    for item in form.fields:
        label, group = _MARKED.fullmatch(item.label), _MARKED.fullmatch(item.group)
        if label and stems[label[1]] == 1:
            item.label = label[1]
            form.ask(item.where, f"“{label[0]}”末尾的数作注号去掉：现名“{label[1]}”")
        if group and stems[group[1]] == 1:
            item.group = group[1]


def _ambiguous(form: DraftForm) -> None:
    """Keep the group where the label alone does not tell a field: it stands twice, or is of the kind that does."""
    often = Counter(fold_label(f.label) for f in form.fields if not f.column and f.of is None)
    for item in form.fields:
        item.block = item.block or item.group
        known = known_label(item.label, item.part)
        if often[fold_label(item.label)] <= 1 and not (known and known.general):
            item.group = ""


def _aliases(form: DraftForm) -> None:
    """Other wordings that applicants are likely to use, where they can mean nothing else on this form."""
    taken = {fold_label(f.label) for f in form.fields} | {fold_label(f.group) for f in form.fields if f.group}
    for item in form.fields:
        known = known_label(item.label, item.part)
        if item.of is None and known is not None:
            item.aliases = [w for w in wordings(known) if known.general or fold_label(w) not in taken]
            item.aliases = [w for w in item.aliases if fold_label(w) != fold_label(item.label)]
        prefix = person(item.group) if item.group else ""
        if prefix:
            item.group_aliases = [w for w in names_of(prefix) if fold_label(w) not in taken]
    meant: Counter[str] = Counter()
    for item in form.fields:
        if not item.column and not item.group:
            meant.update({fold_label(w) for w in item.aliases})
    for item in form.fields:
        if not item.column and not item.group:
            item.aliases = [w for w in item.aliases if meant[fold_label(w)] == 1]


def _field_keys(form: DraftForm) -> None:
    rows: dict[tuple[str, str], int] = {}
    heads: dict[tuple[str, str], list[str]] = {}
    for number, item in enumerate(form.fields, 1):
        row = (item.label, item.group)
        if item.column:
            heads.setdefault(row, []).append(item.column)
        item.key = _field_key(item, rows.setdefault(row, number) if item.column else number, heads.get(row, []))
    _unique(form.fields)


def _field_key(item: DraftField, number: int, heads: list[str]) -> str:
    """``heads``: the heads of the row it stands in, up to its own."""
    if item.of is not None:
        return f"{item.of.key}_{'name' if item.label.endswith(('名称', '名')) else 'detail'}"
    prefix, known = person(item.group) if item.group else "", known_label(item.label, item.part)
    if known is None or (known.general and not prefix):
        prefix, inner = _person_before(item.label)
        known = inner or known
    if known is not None:
        key = f"{prefix}_{known.key}" if prefix and known.general else known.key
    else:
        key = f"{person(item.label)}_name" if person(item.label) else f"field_{number}"
    if not item.column:
        return key
    year = _YEAR.search(item.column)
    return f"{key}_{year[0] if year else len(heads)}"


def _person_before(label: str) -> tuple[str, Known | None]:
    """联系人电话: the person and the item of theirs."""
    folded = fold_label(label)
    for at in range(len(folded) - 1, 1, -1):
        prefix, inner = person(folded[:at]), known_label(folded[at:])
        if prefix and inner is not None and inner.general:
            return prefix, inner
    return "", None


def _table_keys(form: DraftForm) -> None:
    for number, table in enumerate(form.tables, 1):
        table.key = _table_key(table) or f"table_{number}"
        for at, column in enumerate(table.columns, 1):
            known = known_column(column.label)
            column.key = known.key if known else f"column_{at}"
            if column.type == "instances":
                column.role = Role("instances", EXACT)
            elif known and known.role:
                column.role = Role(known.role, known.sure)
        _unique(table.columns)
        taken = {fold_label(c.label) for c in table.columns}
        for column in table.columns:
            known = known_column(column.label)
            words = wordings(known, "column") if known else ()
            column.aliases = [w for w in words if fold_label(w) not in taken]
    _unique(form.tables)


def _table_key(table: DraftTable) -> str:
    found = vocabulary()["tables"]
    return next((key for key, names in found.items() if any(name in table.title for name in names)), "")


class _Keyed(Protocol):
    key: str


def _unique(items: Iterable[_Keyed]) -> None:
    """Number keys that stand twice: phone, phone_2."""
    seen: set[str] = set()
    for item in items:
        key = base = item.key
        number = 1
        while key in seen:
            number += 1
            key = f"{base}_{number}"
        seen.add(key)
        item.key = key


def _roles(form: DraftForm) -> None:
    best: dict[str, tuple[float, DraftField]] = {}
    for item in form.fields:
        if item.of is not None or item.column:
            continue
        for role, sure in _possible(item):
            if sure < _LEAST:
                continue  # 法定代表人's telephone is hardly the contact's
            if role not in best or sure > best[role][0]:
                best[role] = (sure, item)
    if "applicant" not in best and "applicant_again" in best:
        sure, item = best.pop("applicant_again")
        best["applicant"] = (sure - 0.1, item)
    again = best["applicant"][1] if "applicant" in best and best["applicant"][1].part == "cover" else None
    if again is not None and "applicant_again" not in best:
        own = fold_label(again.label)
        twice = next((f for f in form.fields if f.part != "cover" and fold_label(f.label) == own and not f.group), None)
        best |= {"applicant_again": (EXACT, twice)} if twice is not None else {}
    named = next((f for f in form.fields if f.part == "cover" and f.label.endswith("名称") and f.role is None), None)
    if "project" not in best and named is not None and all(named is not item for _, item in best.values()):
        best["project"] = (_COVER_NAME, named)
    for item in form.fields:
        if item.of is None and person_key(item.key):
            item.role = Role("person", PERSON)
    for role, (sure, item) in best.items():
        if item.role is None or sure > item.role.confidence:
            item.role = Role(role, round(sure, 2))


def _possible(item: DraftField) -> list[tuple[str, float]]:
    known = known_label(item.label, item.part)
    if item.part == "commitment":
        return [("commitment", known.sure if known else 0.7)]
    if known is None or (known.general and not known.role):
        prefix, inner = _person_before(item.label)
        known = inner or known
        group = prefix or person(item.group)
    else:
        group = person(item.group)
    if group == "contact" and known is not None and known.key == "name":
        return [("contact", _OF_CONTACT)]
    if known is None or not known.role:
        return [("contact", _OF_CONTACT)] if person(item.label) == "contact" else []
    if not known.general:
        return [(known.role, known.sure)]
    sure = _OF_CONTACT if group == "contact" else _OF_OTHERS if group else _ALONE
    return [(known.role, sure)]


def _ask(form: DraftForm) -> None:
    """What a person must look at."""
    if form.filled:
        form.undecided.insert(
            0, Undecided("", f"文件像是填写过的（有{form.filled}处答案），不是空白表：请换用空白表，或逐栏核对")
        )
    if form.kind == "application":
        have = {f.role.name for f in form.fields if f.role}
        missing = [role_name(r) for r in _WANTED if r not in have]
        if missing:
            form.ask("", f"没有找到担任这些用途的栏目：{'、'.join(missing)}；有的话请注明 role")
    for item in form.fields:
        if item.role and item.role.confidence < UNSURE:
            form.ask(item.where, f"“{item.label}”是否为{role_name(item.role.name)}（把握 {item.role.confidence:.0%}）")
    twice = Counter((fold_label(f.label), fold_label(f.group), f.column, f.part) for f in form.fields if f.of is None)
    for item in form.fields:
        if item.of is None and twice[fold_label(item.label), fold_label(item.group), item.column, item.part] > 1:
            form.ask(item.where, f"栏名“{item.label}”出现不止一次，分不清：请用 group 写明各属哪一行或哪一块")
    if not form.fields and not form.tables:
        form.ask("", "没有认出任何栏目：请核对所给的文件是不是空白表")
