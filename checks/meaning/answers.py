"""What a field, column or chapter of a form holds: an answer, nothing, or something that could not be read.

"Blank" is what a person would call blank: nothing, "/", "无", "—" (catalog words ``blank``), or only the
instruction the form prints there. A value that is blank only because it could not be read is neither.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from catalog.forms import Form, FormColumn, FormField, FormTable
from checks.meaning.text import fold, tidy
from checks.registry import Context
from records.choices import has_boxes
from records.models import Row, Value, as_text

State = Literal["filled", "blank", "unreadable"]

_EMPTY_DATE = re.compile(r"(?:(?:\d{4})?年月日?[至到~—–-]*)+")
_INSTRUCTION = re.compile(r"[（(][^（）()]*(?:\d字以内|不超过\d+字|下拉选择|可填写多个|选填)[^（）()]*[）)]")
"""An instruction about how to fill in, in brackets and alone: also those the form prints in a column's head."""
_MARKS = "。.，,；;、！!：:（）() "
_BRACKETS = re.compile(r"[（(【\[]([^）)】\]]*+)(?:([）)】\]])|\Z)")
_GENERAL = 4
"""Characters of a label that says little without its group's (姓名, 联系电话)."""


def is_scan(context: Context) -> bool:
    """Whether the text was read from a picture: what is not seen may still be there."""
    return context.reading.record.source.format in ("scan", "image")


def label_of(form: Form | None, key: str) -> str:
    """The Chinese label of a key or table.column, as an applicant finds it in the form; the key where there is none."""
    if form is None:
        return key
    if "." in key:
        table_key, column_key = key.split(".", 1)
        table = form.table(table_key)
        column = next((c for c in table.columns if c.key == column_key), None) if table else None
        return f"{table.annex}“{clean(column.label)}”" if table and column else key
    field = form.field(key)
    if field is not None:
        parent = form.field(field.of_field) if field.after_option else None
        return field_label(field) + (f"（{field_label(parent)}）" if parent else "")
    section = form.section(key)
    if section is not None:
        mark = "" if section.number.endswith("）") else "、"
        return section.number + mark + section.heading
    found = form.table(key)
    return f"{found.annex}{found.titles[0] if found.titles else ''}" if found else key


def field_label(field: FormField) -> str:
    """``联系人手机``, ``2020年资产总额（万元）``: a label that says which, without the form's stars."""
    year = field.column[0] if field.column else ""
    label = clean(field.label)
    group = field.group[0] if field.group and not field.column and len(label) <= _GENERAL else ""
    return clean(year + ("" if label[:2] in group else group) + label)


@functools.lru_cache(maxsize=2000)
def clean(label: str) -> str:
    return re.sub(r"[\s*＊]+", "", label)


@functools.lru_cache(maxsize=8)
def _tidied(words: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    tidied = frozenset(map(tidy, words))
    return tidied, frozenset(map(fold, tidied))


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one document, with the words of its form."""

    context: Context
    form: Form
    blanks: frozenset[str]
    blanks_folded: frozenset[str]
    missing: frozenset[str]
    _states: dict[object, State] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, context: Context) -> Answers:
        """The answers of a document, the same for all its rules."""
        found = context.memo.get("answers")
        if not isinstance(found, Answers):
            found = context.memo["answers"] = cls._of(context)
        return found

    @classmethod
    def _of(cls, context: Context) -> Answers:
        form = context.catalog.forms[context.form]
        blanks = _tidied(context.catalog.words.get("blank", ()))
        return cls(context, form, *blanks, frozenset(m.key for m in context.reading.missing_labels))

    def value(self, key: str) -> Value | None:
        return self.context.reading.record.get(key)

    def state(self, key: str) -> State:
        """Of a field or a chapter."""
        found = self._states.get(key)
        if found is None:
            found = self._states[key] = self._state(key)
        return found

    def _state(self, key: str) -> State:
        asked, section = self.form.field(key), self.form.section(key)
        hints = (*(asked.hints if asked else section.hints if section else ()), *self.form.placeholders)
        value = self.value(key)
        if asked is not None and asked.after_option and value is not None and value.value is None:
            value = value.model_copy(update={"raw": _in_brackets(value.raw)})
        return self.judge(value, hints, lost=key in self.missing)

    def cell(self, table: FormTable, column: FormColumn, row: Row) -> State:
        """Of a column in a ``row`` of the record's own, which lasts as long as what is remembered of it. A column whose head is missing
        is the business of rule F07."""
        key = (id(row), column.key)
        found = self._states.get(key)
        if found is None:
            lost = f"{table.key}.{column.key}" in self.missing
            hints = (*column.hints, *self.form.placeholders)
            found = self._states[key] = self.judge(row.get(column.key), hints, lost=lost)
        return found

    def judge(self, value: Value | None, hints: Iterable[str] = (), *, lost: bool = False) -> State:
        if value is not None and value.value is not None:
            return "blank" if isinstance(value.value, str) and self.means_blank(value.value, hints) else "filled"
        if lost:
            return "unreadable"
        if value is None or (not value.raw and value.certain):
            return "blank"
        if not value.certain:
            return "unreadable"
        return "blank" if self.means_blank(value.raw, hints) else "unreadable"

    def means_blank(self, text: str, hints: Iterable[str] = ()) -> bool:
        """Whether the text says nothing: a blank word, an empty date, or only instructions of the form."""
        hints = tuple(hints)
        if len(text) > 100 + 2 * sum(map(len, hints)):
            return False
        bare = tidy(text)
        if not bare or {bare, bare.strip(_MARKS)} & self.blanks or _EMPTY_DATE.fullmatch(bare):
            return True
        if _INSTRUCTION.fullmatch(bare):
            return True
        if not fold(text):
            return "图片" not in text
        rest = without_hints(text, hints)
        return not rest or rest in self.blanks_folded

    def said(self, key: str) -> str:
        """What a field says, folded and without the form's own instructions."""
        field = self.form.field(key)
        value = self.value(key)
        text = as_text(value.value) if value is not None else ""
        return without_hints(text, (*(field.hints if field else ()), *self.form.placeholders))

    def nothing(self, row: Row, but: str) -> bool:
        """True for a row that says that there is nothing: "/" or 无 in every cell ``but`` one, which names it."""
        return all(not (text := text_of(row, column)) or self.means_blank(text) for column in row if column != but)

    def where(self, key: str) -> str:
        value = self.value(key)
        return value.where if value is not None else ""

    def label(self, key: str) -> str:
        return label_of(self.form, key)

    def rows(self, table_key: str) -> Iterator[tuple[int, Row]]:
        """Rows with their number from 1."""
        return iter(enumerate(self.context.reading.record.tables.get(table_key, []), 1))

    def only_says(self, key: str, words: str, endings: str = "company_suffix") -> bool:
        """Whether a field says words of that list (words.toml) and names no organisation beside them, whose
        names end in words of the list ``endings``."""
        text = fold(self.context.reading.record.text(key))
        known = sorted((fold(w) for w in self.context.catalog.words.get(words, ())), key=len, reverse=True)
        if not any(w and w in text for w in known):
            return False
        for word in known:
            text = text.replace(word, "")
        # 自建（公司信息中心）, 由我公司自主开发: the applicant's own house, unlike a company with a name.
        text = re.sub(r"^(?:由|为|系)?(?:本|我|该)?(?:公司|企业|单位|集团)", "", text)
        outside = "|".join(map(re.escape, self.context.catalog.words.get(endings, ())))
        return not (outside and re.search(outside, text))


def without_hints(text: str, hints: Iterable[str]) -> str:
    """The folded text without the form's instructions."""
    folded = fold(text)
    for hint in _longest_first(tuple(hints)):
        folded = folded.replace(hint, "")
    return folded


@functools.lru_cache(maxsize=1000)
def _longest_first(hints: tuple[str, ...]) -> tuple[str, ...]:
    """Hints as they are compared."""
    return tuple(sorted(filter(None, map(fold, hints)), key=len, reverse=True))


def text_of(row: Row, column: str) -> str:
    """A cell's value as text, "" where blank."""
    value = row.get(column)
    return "" if value is None else as_text(value.value)


def name_of(row: Row, number: int, named_by: Iterable[str]) -> str:
    """How to name a row to a person: by the first of the columns that is filled, else by its number."""
    return next((text for column in named_by if (text := text_of(row, column))), f"第{number}行")


def about_row(row: Row, table: FormTable, column: str = "") -> str:
    """What a finding about a row (or its cell) is about: the row's name, wherever in the table it stands."""
    name = fold(next((text for c in table.named_by if (text := text_of(row, c))), ""))
    return f"{name}\x1e{column}" if column else name


def row_place(row: Row) -> str:
    """The place of a row: that of its first value with a place, without the column."""
    where = next((v.where for v in row.values() if v.where), "")
    return re.sub(r"\s{0,20}列\d+$", "", where)


def _in_brackets(raw: str) -> str:
    """What stands in the brackets after an option (是（事故名称： ）), without the brackets' own label."""
    inner = _BRACKETS.search(raw)
    if inner is None or inner[2] is None:
        return "" if has_boxes(raw) else raw
    return re.split(r"[：:]", inner[1], maxsplit=1)[-1].strip()
