"""The entries of two lists, one above the other (环节 and 场景), that an application names: one pair a row of a table, and
one more in fields of their own.

A cell may hold a number before the name, several names, or a mark that says the name is new; a remark may say so too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict

from catalog.models import Catalog
from checks.lists import list_of
from checks.meaning.answers import clean
from checks.meaning.closest import Shown, by_name
from checks.meaning.names import doubtful, empty, fold, folded_words, item_named, nfkc, parts, text_of, without_number
from checks.params import ColumnKey, FieldKey, ListName, Words
from checks.registry import Context
from records.models import Row, Value
from records.numbers import NUMERALS

_DASHES = re.compile(r"[—–―~→>]+|(?<=[㐀-鿿])-+(?=[㐀-鿿])")
_NUMERAL = re.compile(rf"\d{{1,3}}|[{NUMERALS}]{{1,3}}")
_NEGATED = r"(?:非|不是|不属于|无|没有|未|并非)[^\w]{0,2}(?:属于?|为)?"
_ABOUT_NAMES = "实例|目录|指引"
"""Words of a remark that speaks of names, beside what the entries are called."""
SLIGHT = 3
"""Characters that may stand beside a mark in a remark ("属新增") without its being about something else ("新增3台设备")."""

Level = Literal["upper", "lower"]


class Levels(BaseModel):
    """Where a form names an entry of the list ``upper_list`` and one of the list below it: in columns of a table, whose
    ``instance`` names the row, or in fields of their own, which stand in what ``basics`` calls them, or in both. ``texts`` are the
    columns that tell which entry a row is about."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    upper_list: ListName
    lower_list: ListName
    upper: ColumnKey = ""
    lower: ColumnKey = ""
    instance: ColumnKey = ""
    remark: ColumnKey = ""
    new_mark: Words = ""
    blank: Words
    texts: tuple[ColumnKey, ...] = ()
    upper_field: FieldKey = ""
    lower_field: FieldKey = ""
    instance_field: FieldKey = ""
    basics: str = ""

    @property
    def reading(self) -> tuple[str, ...]:
        """What it hangs on which entries a document has."""
        return (
            self.upper_list, self.lower_list, self.upper, self.lower, self.instance, self.remark, self.new_mark, self.blank,
            self.upper_field, self.lower_field, self.instance_field, self.basics,
        )  # fmt: skip

    @property
    def table(self) -> str:
        return self.upper.partition(".")[0]

    def list_name(self, level: Level) -> str:
        return self.upper_list if level == "upper" else self.lower_list

    def key(self, level: Level, number: int | None) -> str:
        """The column of a row, or (``number`` None) the field."""
        if number is None:
            return self.upper_field if level == "upper" else self.lower_field
        return self.upper if level == "upper" else self.lower

    @property
    def shown(self) -> Shown | None:
        """What the form's printed example says of an entry of the lower list."""
        texts = tuple(map(column_of, self.texts))
        return Shown(self.table, column_of(self.lower), texts) if texts else None


def column_of(key: ColumnKey) -> str:
    return key.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Named:
    """A cell that names entries of a list. ``known`` are those it stands for; ``new`` that it is marked as new;
    ``doubtful`` that it could not be read with certainty."""

    value: Value | None
    text: str
    known: tuple[str, ...] = ()
    new: bool = False
    doubtful: bool = False
    blank: bool = False

    @property
    def unknown(self) -> bool:
        """True where it certainly holds a name that is neither the list's nor marked as new."""
        return not (self.known or self.new or self.doubtful or self.blank)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table, or the fields (``number`` None). ``place`` is how the entry is called in a message."""

    number: int | None
    upper: Named
    lower: Named
    instance: str
    place: str
    row: Row = field(default_factory=dict)

    def named(self, level: Level) -> Named:
        return self.upper if level == "upper" else self.lower

    @property
    def identity(self) -> str:
        """What the entry is about, for finding ids: never its position."""
        return fold(self.instance) or fold(self.lower.text) or fold(self.upper.text)


def entries(ctx: Context, told: Levels) -> list[Entry]:
    """Every entry of the document: the rows of the table, then the fields; the same for all rules that are told the same."""
    key = ("entries", told.reading)
    found = ctx.memo.get(key)
    if found is None:
        found = ctx.memo[key] = _entries(ctx, told)
    return list(found)


def _entries(ctx: Context, told: Levels) -> list[Entry]:
    reader = _Reader(ctx, told)
    found = [reader.row(number, row) for number, row in enumerate(ctx.reading.record.tables.get(told.table, []), 1)]
    fields = ctx.reading.record.fields
    if told.upper_field in fields or told.lower_field in fields:
        upper = reader.named(fields.get(told.upper_field), "upper", {fold(e.upper.text) for e in found if e.upper.new})
        lower = reader.named(fields.get(told.lower_field), "lower", {fold(e.lower.text) for e in found if e.lower.new})
        instance = text_of(fields.get(told.instance_field))
        found.append(Entry(None, upper, _under_new(upper, lower), instance, told.basics))
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    ctx: Context
    told: Levels

    def row(self, number: int, row: Row) -> Entry:
        told, catalog = self.told, self.ctx.catalog
        cells = {level: row.get(column_of(told.key(level, number))) for level in _LEVELS}
        marked = self._marked_by_remark(text_of(row.get(column_of(told.remark))))
        names = {level: fold(without_mark(catalog, text_of(v), told.new_mark)) for level, v in cells.items()}
        # A remark that the lower one is new, in a row whose upper one is like none of the list: it is new with it, not
        # misspelt.
        if marked and by_name(names["upper"], list_of(catalog, told.upper_list).names) is None:
            marked = set(_LEVELS)
        upper, lower = (self.named(cells[v], v, {names[v]} if v in marked else set()) for v in _LEVELS)
        instance = text_of(row.get(column_of(told.instance)))
        return Entry(number, upper, _under_new(upper, lower), instance, self._place(number, instance), row)

    def _place(self, number: int, instance: str) -> str:
        form = self.ctx.catalog.forms.get(self.ctx.form)
        table = form.table(self.told.table) if form is not None else None
        if table is None:
            return f"第{number}行"
        column = next((c for c in table.columns if c.key == column_of(self.told.instance)), None)
        what = clean(column.label).removesuffix("名称") if column is not None else ""
        return f"{table.annex}第{number}行" + (f"（{what}“{instance}”）" if instance else "")

    def named(self, value: Value | None, level: Level, new: set[str]) -> Named:
        catalog, marks = self.ctx.catalog, self.told.new_mark
        if empty(value) or value is None:
            return Named(value, "", blank=True)
        whole = text_of(value)
        if fold(whole) in folded_words(catalog.words[self.told.blank]):
            return Named(value, "", blank=True, doubtful=doubtful(value))
        text = without_mark(catalog, whole, marks)
        known = names_in(catalog, text, self.told, level)
        if known:
            return Named(value, text, known)
        if fold(text) in new or _marked(catalog, whole, marks):
            return Named(value, text, new=True, doubtful=doubtful(value))
        return Named(value, text, doubtful=doubtful(value))

    def _marked_by_remark(self, remark: str) -> set[Level]:
        """What a remark marks as new. "新增3台设备" marks nothing."""
        catalog, told = self.ctx.catalog, self.told
        text = _tight(remark)
        mark = next((m for m in _marks(catalog, told.new_mark) if m in text), None)
        if mark is None or re.search(_NEGATED + re.escape(mark), text):
            return set()
        rest = text.replace(mark, "", 1)
        upper, lower = list_of(catalog, told.upper_list).what, list_of(catalog, told.lower_list).what
        speaks = re.compile(f"{re.escape(upper)}|{re.escape(lower)}|{_ABOUT_NAMES}")
        about_names = bool(speaks.search(mark)) or bool(speaks.search(rest)) or mark[0] in "([【"
        if not about_names and len(fold(rest)) > SLIGHT:
            return set()
        return {"lower"} if lower in text and upper not in text else set(_LEVELS)


_LEVELS: tuple[Level, Level] = ("upper", "lower")


def _under_new(upper: Named, lower: Named) -> Named:
    """What the list does not have, under a new entry of the list above, is new too."""
    if upper.new and lower.unknown:
        return Named(lower.value, lower.text, (), True)
    return lower


def names_in(catalog: Catalog, text: str, told: Levels, level: Level) -> tuple[str, ...]:
    """The entries of the level's list that a cell names, () where any part of it is none.

    Names of the other list and of groups may stand with them: 仓储物流—智能仓储, 生产全过程-生产作业.
    """
    own, other = told.list_name(level), told.list_name("lower" if level == "upper" else "upper")
    whole = item_named(catalog, own, text)
    if whole is not None:
        return (whole.name,)
    together = _run_together(list_of(catalog, own).names, fold(text))
    if together:
        return together
    groups = list_of(catalog, own).groups
    for group in groups:
        text = re.sub(
            rf"(?:(?<![{NUMERALS}\d])[{NUMERALS}\d]++\s*+[、.)]\s*+)?{re.escape(group)}"
            rf"(?=\s*+[\d({NUMERALS}])",
            "",
            nfkc(text),
        )
    found: list[str] = []
    folded = {fold(g) for g in groups}
    for part in (p for cell in parts(text) for p in _DASHES.split(cell) if fold(p)):
        if _NUMERAL.fullmatch(fold(part)):
            continue
        named = item_named(catalog, own, part)
        if named is not None:
            found.append(named.name)
        elif item_named(catalog, other, part) is None and fold(without_number(part)) not in folded:
            return ()
    return tuple(dict.fromkeys(found))


def _run_together(names: Iterable[str], folded: str) -> tuple[str, ...]:
    """Several names in one cell that nothing parts any more (each stood on its own line)."""
    known = {fold(n): n for n in names}
    any_of = "|".join(sorted(known, key=len, reverse=True))
    if not re.fullmatch(f"(?:{any_of})+", folded):
        return ()
    return tuple(dict.fromkeys(known[m[0]] for m in re.finditer(any_of, folded)))


def _tight(text: str) -> str:
    return "".join(nfkc(text).split())


_MARKS: dict[tuple[str, str], Sequence[str]] = {}
"""Catalog version and word list → the words that mark a name as new, the longest first."""


def _marks(catalog: Catalog, words: str) -> Sequence[str]:
    key = (catalog.version, words)
    if key not in _MARKS:
        _MARKS[key] = sorted((_tight(w) for w in catalog.words.get(words, ())), key=len, reverse=True)
    return _MARKS[key]


def _marked(catalog: Catalog, cell: str, marks: str) -> bool:
    """True where the cell itself says that its name is new: 碳足迹管理（新环节）, 新增：碳足迹管理."""
    text = _tight(cell)
    return any(m in text and not re.search(_NEGATED + re.escape(m), text) for m in _marks(catalog, marks))


def without_mark(catalog: Catalog, cell: str, marks: str) -> str:
    """The name without the mark (of the word list ``marks``) that says it is new, nor the brackets or colon the mark stood
    in."""
    text, tight = nfkc(cell), _tight(cell)
    for mark in _marks(catalog, marks):
        if mark not in tight:
            continue
        spaced = r"\s*".join(map(re.escape, mark))
        text = re.sub(
            rf"[(\[【〔]\s*(?:属|为|系)?{spaced}[^()\[\]【】〔〕]*[)\]】〕]|^\s*{spaced}\s*[:,\-—]*", "", text
        )
        text = re.sub(rf"(?:[,;:\-—]|(?<!\s))\s*+{spaced}\s*+$", "", text)
    return text.strip() or nfkc(cell).strip()
