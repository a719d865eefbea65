"""Labels of a form, folded so that spacing, width, brackets, units, numbers and footnote marks do not matter."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass, field
from typing import NamedTuple

from rapidfuzz import fuzz, process

from catalog.forms import Form, FormColumn, FormField, FormSection, FormTable
from extractors.fitting.settings import LABELS

LONGEST = LABELS.longest

_DROP = dict.fromkeys(range(33, 48)) | dict.fromkeys(range(58, 65))
_DROP |= dict.fromkeys(range(91, 97)) | dict.fromkeys(range(123, 127))
_DROP |= {
    ord(c): None
    for c in "★☆▲△◆◇，。、；：？！…—–·•＊※“”‘’《》〈〉「」『』【】〔〕￥％～＿　\u200b\u200c\u200d\ufeff\u00ad"
}
_WIDE = {0xFF01 + i: chr(0x21 + i) for i in range(94)} | {0x2080 + i: str(i) for i in range(10)}
_WIDE |= {ord(c): str(i) for c, i in zip("⁰¹²³⁴⁵⁶⁷⁸⁹", range(10), strict=True)} | {
    ord("〔"): "(",
    ord("〕"): ")",
    ord("【"): "(",
    ord("】"): ")",
}
_BRACKET = re.compile(r"\([^()]*\)|\([^()]*$")
_UNITS = re.compile(r"/(?:万元|亿元|元|%|家|个)(?=[:：*]*$)")
_UNIT_LINE = re.compile(r"\n[ \t\u3000]*+(?:百?万元|亿元|千?元|[%％‰]|家|个)[ \t\u3000]*+[)）]?$")
"""A unit on a line of its own beneath its label, whose brackets a scan lost."""
_NUMBERED = re.compile(
    r"^(?:第[一二三四五六七八九十]{1,3}(?:部分|[章节篇、.])[:、.]?|[一二三四五六七八九十]{1,3}[、.章]|\([一二三四五六七八九十]{1,3}\)"
    r"|\d{1,2}(?:\.\d{1,2})*[.、)]|\(\d{1,2}\)|[①-⑳])"
)
_LEVELS = re.compile(
    r"^\s*(?:\d{1,2}(?:[.．]\d{1,2})+[.．、]?\s*|(?:[一二三四五六七八九十]{1,2}|\d{1,2})[ \t\u3000]+)(?=[\u4e00-\u9fff])"
)
_LEVEL_STARTS = frozenset("一二三四五六七八九十")
FRAMES = " \t\u3000【】〖〗"
"""What people set headings in."""
_SIGNS = "*＊※①-⑳⓪⑴-⒇❶-❿⓫-⓴"
_MARKS = re.compile(
    rf"(?:(?<=[\u4e00-\u9fff)])[{_SIGNS}]*+(?:(?:(?<!备)注)?+\[?\d{{1,2}}[\])]?|(?<!备)注)[{_SIGNS}:：;；。、]*+"
    rf"|(?<![{_SIGNS}:：;；。、])[{_SIGNS}:：;；。、]++)$"
)
"""The form's note marks and punctuation behind a label: a number only where it follows the label itself (企业类型4,
生产效率提升*8, 投用率注11), not a colon. What is behind 备 is 备注."""
_DIGITS = "0-9０-９¹²³⁰⁴-⁹"
NOTE_MARK = re.compile(
    rf"[ \t\u3000\u00a0]*+\n?+(?P<mark>[*＊※]*+(?:[{_DIGITS}]{{1,2}}(?![{_DIGITS}.．,，%％‰])|[①-⑳⓪⑴-⒇❶-❿⓫-⓴¹²³⁰⁴-⁹]{{1,2}}"
    rf"|[\[［〔【(（]?注?[{_DIGITS}]{{1,2}}[\]］〕】)）]|注[{_DIGITS}]{{0,2}}))\s*+"
)
"""The same as it stands in a text, with the blanks around it."""


@functools.lru_cache(maxsize=20000)
def fold_label(text: str) -> str:
    """A label as it is compared: ``企 业\\n类 型¹（单选）：`` → ``企业类型``; "" where nothing is left. A text wholly in
    brackets keeps its words."""
    if len(text) > 4 * LONGEST:
        return ""
    plain = "".join(_UNIT_LINE.sub("", text).translate(_WIDE).split())
    plain = _NUMBERED.sub("", plain, count=1)
    bare = _UNITS.sub("", _BRACKET.sub("", plain))
    bare = _MARKS.sub("", bare).translate(_DROP)
    if not bare or (plain[0] == "(" and bare.isdigit()):  # （其他成效指标）, with a note's mark or without
        bare = _MARKS.sub("", plain.removesuffix(")")).translate(_DROP)
    return unicodedata.normalize("NFKC", bare).lower() if not bare.isascii() else bare.lower()


def fold_heading(text: str) -> str:
    """A heading as it is compared: :func:`fold_label`, and a number of several levels (3.1 提升计划) taken off, which
    before a label would be a figure (48.3 质量损失率下降)."""
    first, last = text[:1], text[-1:]
    if not (first.isdigit() or first.isspace() or first in _LEVEL_STARTS or first in FRAMES or last in FRAMES):
        return fold_label(text)
    return fold_label(_LEVELS.sub("", text.strip(FRAMES), count=1))


def bare(text: str) -> str:
    """Text with everything but letters, digits and Chinese characters dropped, brackets' content kept: for hints."""
    return _short_bare(text) if len(text) <= LONGEST else _bare(text)


def _bare(text: str) -> str:
    return "".join(text.translate(_WIDE).split()).translate(_DROP)


_short_bare = functools.lru_cache(maxsize=20000)(_bare)


class Target(NamedTuple):
    """What a label stands for: a field (with the fuzziness it was found at)."""

    field: FormField
    order: int


@dataclass
class LabelIndex:
    """All labels of one form, folded. Built once a form."""

    form: Form
    fields: dict[str, list[Target]] = field(default_factory=dict)
    groups: dict[str, set[str]] = field(default_factory=dict)
    """Folded group label → keys of the fields in that group."""
    columns: dict[str, str] = field(default_factory=dict)
    """Folded column head (2020年) → its canonical form; heads of years that the form does not ask for, too."""
    own_columns: set[str] = field(default_factory=set)
    """Canonical heads of the form's own columns."""
    headings: dict[str, FormSection] = field(default_factory=dict)
    exact_headings: set[str] = field(default_factory=set)
    enders: set[str] = field(default_factory=set)
    heads: dict[str, list[tuple[FormTable, FormColumn]]] = field(default_factory=dict)
    head_starts: set[str] = field(default_factory=set)
    """Every beginning of a folded head that is shorter than it."""
    strong: dict[str, frozenset[str]] = field(default_factory=dict)
    """Folded head → the one or two tables that it tells from the others."""
    parts: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """Form table and folded head, as ``table:head`` → (table, column, part) of an instances column split into several."""
    instances: tuple[str, str] = ("", "")
    """The table whose rows are the instances of an application, and its column of their names; "" where the form has none."""
    titles: dict[str, str] = field(default_factory=dict)
    per: set[str] = field(default_factory=set)
    leaders: dict[str, Target] = field(default_factory=dict)
    """Folded label of a group of people → the field of their name."""
    children: dict[str, list[FormField]] = field(default_factory=dict)
    """Field → the fields that stand in its cell."""
    in_label: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Field → its folded instructions that may be printed in the label's own cell (（盖章） says no such thing)."""
    glued: tuple[str, ...] = ()
    """Folded labels with such an instruction, of fields in a group: the answer may follow the label without a sign."""
    hints: tuple[str, ...] = ()
    """Folded instructions of the blank form."""
    hint_texts: tuple[str, ...] = ()
    order: dict[str, int] = field(default_factory=dict)
    long_labels: list[str] = field(default_factory=list)
    """Folded labels long enough to be looked for by likeness."""

    def exact(self, text: str) -> list[Target]:
        """The fields this label stands for, [] where it is none."""
        return self.fields.get(fold_label(text), []) if len(text) <= 2 * LONGEST else []

    def likely(self, text: str, missing: set[str]) -> list[Target]:
        """The fields still missing whose label is somewhat like this text, likeliest first: to be taken only where the
        value bears it out."""
        folded = fold_label(text)
        if not LABELS.shortest_alike <= len(folded) <= LONGEST or len(text) > 2 * LONGEST:
            return []
        found = process.extract(folded, self.long_labels, scorer=fuzz.ratio, score_cutoff=LABELS.likely, limit=6)
        if not found:
            return []
        best = found[0][1]
        near = {t.field.key for name, score, _ in found if score > best - LABELS.clear for t in self.fields[name]}
        if len(near) > 1 and not all(t.field.column for name, _, _ in found[:1] for t in self.fields[name]):
            return []  # two fields are about as near: which is meant, a person must say
        return [t for t in self.fields[found[0][0]] if t.field.key in missing]

    def fuzzy(self, text: str, missing: set[str]) -> list[Target]:
        """The fields still missing whose label is nearly this text."""
        folded = fold_label(text)
        if not LABELS.shortest_alike <= len(folded) <= LONGEST or len(text) > LONGEST:
            return []
        best = process.extractOne(folded, self.long_labels, scorer=fuzz.ratio, score_cutoff=LABELS.fuzzy)
        if best is None:
            contained = [c for c in self.long_labels if c in folded and len(folded) - len(c) <= LABELS.more]
            if not contained:
                return []
            name = max(contained, key=len)
        else:
            name = best[0]
        return [t for t in self.fields[name] if t.field.key in missing]


_INDEXES: dict[int, tuple[Form, LabelIndex]] = {}
_KEPT = 100
"""So many indexes are kept: those of the forms of a few packs."""


def label_index(form: Form) -> LabelIndex:
    """The index of a form; forms are frozen, so it is made once a form object."""
    known = _INDEXES.get(id(form))
    if known is not None and known[0] is form:
        return known[1]
    made = _build(form)
    _INDEXES[id(form)] = (form, made)
    if len(_INDEXES) > _KEPT:
        del _INDEXES[next(iter(_INDEXES))]
    return made


def _build(form: Form) -> LabelIndex:
    index = LabelIndex(form)
    for number, item in enumerate(form.fields):
        _add_field(index, item, number)
    for year in (
        range(2015, 2031) if index.columns else ()
    ):  # heads of other years are heads all the same: their figures are none of the form's
        for word in (f"{year}年", f"{year}年度", f"{year}年末", f"{year}年底"):
            index.columns.setdefault(fold_label(word), fold_label(f"{year}年"))
    _combined(index)
    index.glued = tuple(
        folded
        for folded, targets in index.fields.items()
        if any(t.field.group and index.in_label.get(t.field.key) for t in targets)
    )
    for section in form.sections:
        index.exact_headings.add(fold_label(section.heading))
        for word in (section.heading, *section.aliases):
            index.headings.setdefault(fold_label(word), section)
    index.enders = {fold_label(h) for h in form.headings} | {fold_label(form.title)}
    for table in form.tables:
        _add_table(index, table)
    listed = form.instances()
    named = listed.by_role("instance") if listed is not None else None
    if listed is not None and named is not None:
        index.instances = listed.key, named.key
    index.head_starts = {folded[:end] for folded in index.heads for end in range(1, len(folded))}
    for folded, pairs in index.heads.items():
        tables = frozenset(t.key for t, _ in pairs)
        if len(tables) <= LABELS.told_by and any(len(c.label) > LABELS.hint for _, c in pairs):
            index.strong[folded] = tables
    index.hint_texts = tuple(sorted(_all_hints(form), key=len, reverse=True))
    index.hints = tuple(bare(h) for h in index.hint_texts)
    index.long_labels = [k for k in index.fields if len(k) >= LABELS.long]
    return index


def _add_field(index: LabelIndex, item: FormField, number: int) -> None:
    index.order[item.key] = number
    if item.of_field:
        index.children.setdefault(item.of_field, []).append(item)
    index.in_label[item.key] = tuple(h for h in map(bare, item.hints) if len(h) > LABELS.long and h != bare(item.label))
    if item.after_option:
        return
    target = Target(item, number)
    for word in (item.label, *item.aliases):
        _add(index.fields, fold_label(word), target)
        for head in item.column:
            for both in (head + word, word + head):
                _add(index.fields, fold_label(both), target)
    for group in item.group:
        folded = fold_label(group)
        first = folded not in index.groups
        index.groups.setdefault(folded, set()).add(item.key)
        if first and item.key.endswith("_name"):
            index.leaders[folded] = target
    for head in item.column:
        index.columns[fold_label(head)] = fold_label(item.column[0])
        index.own_columns.add(fold_label(item.column[0]))


def _add_table(index: LabelIndex, table: FormTable) -> None:
    for title in table.titles:
        index.titles.setdefault(fold_label(title), table.key)
    index.per.update(fold_label(word) for word in table.per)
    for column in table.columns:
        for part, words in column.parts.items():
            for word in words:
                index.parts[f"{table.key}:{fold_label(word)}"] = (table.key, column.key, part)
        for word in (column.label, *column.aliases):
            pairs = index.heads.setdefault(fold_label(word), [])
            if not any(t.key == table.key for t, _ in pairs):
                pairs.append((table, column))


def _add(table: dict[str, list[Target]], key: str, target: Target) -> None:
    found = table.setdefault(key, [])
    if all(t.field.key != target.field.key for t in found):
        found.append(target)


def _combined(index: LabelIndex) -> None:
    """联系人姓名, 法人代表电话: a group's label and a field's own in one cell."""
    for number, item in enumerate(index.form.fields):
        for group in item.group:
            for word in (item.label, *item.aliases):
                key = fold_label(group + word)
                if key not in index.fields:
                    _add(index.fields, key, Target(item, number))


def _all_hints(form: Form) -> set[str]:
    found = set(form.placeholders)
    for item in form.fields:
        found.update(item.hints)
    for table in form.tables:
        found.update(table.hints)
        for column in table.columns:
            found.update(column.hints)
    for section in form.sections:
        found.update(section.hints)
    return {h for h in found if len(bare(h)) >= LABELS.long}
