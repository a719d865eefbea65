"""What a form declares of each answer: its type, its least and its most, its pattern, the list that it is chosen from. One check
each for all fields and columns of any form; told of some by name, it looks at those alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from stdnum.cn import ric

from catalog.forms import BOXED, MONEY_UNIT, SHAPED, Asked, FormField, FormTable
from checks.contacts import email_faults, phone_faults
from checks.credit_code import code_faults
from checks.library import ColumnKey, FieldKey, Params, Say, check
from checks.meaning.answers import Answers, about_row, clean, is_scan
from checks.meaning.closest import closest
from checks.meaning.names import item_named, parts
from checks.meaning.text import fold, masked, shorten
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip
from records import dates, normalise
from records.models import Row, Value, as_text

_PLAIN = BOXED | {"text", "long_text", "instances"}
"""Types of which any text, or no text, is one; whether a box is ticked is for the check ``ticked``."""
_NO = {
    "number": "不是数", "percent": "不是百分数", "money": "不是金额", "date": "不是日期", "period": "不是起止日期", "mobile": "不是手机号码（11位数字，1开头）",
    "uscc": "不是统一社会信用代码（18位）", "id_number": "不是居民身份证号码（18位）", "postcode": "不是邮政编码（6位数字）", "url": "不是网址",
}  # fmt: skip
_NOTED = ("not_understood",)
_ID = 18
_YEAR, _MONTH = 4, 7
"""Characters of an ISO date that has no month, no day."""
_LAST_MONTH = 12


class Declared(Params):
    """``fields`` and ``columns`` (``table.column``) alone are looked at where any is told, else all that declare it."""

    fields: tuple[FieldKey, ...] = ()
    columns: tuple[ColumnKey, ...] = ()
    says: ClassVar[Mapping[str, str]] = {"wrong": "label text fault", "expected?": "label fault"}

    def declares(self, asked: Asked) -> bool:
        """Whether a field or column declares what the check judges."""
        raise NotImplementedError

    def looks_at(self, field: FormField) -> bool:
        return not (self.fields or self.columns) and self.declares(field)


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer that is there, and what its form declares of it."""

    asked: Asked
    value: Value
    label: str
    about: str
    key: str
    row: int | None = None

    @property
    def text(self) -> str:
        """As it is shown: an identity number is not."""
        said = self.value.raw or as_text(self.value.value)
        if self.asked.type == "id_number" and len(said) >= _YEAR:
            return masked(normalise.squeeze(said))
        return shorten(said)

    def trip(self, fault: str, say: Say, expected: str = "") -> Trip:
        facts = {"label": self.label, "fault": fault}
        return Trip(
            say("wrong", text=self.text, **facts),
            about=self.about,
            field=self.key,
            row=self.row,
            where=self.value.where,
            evidence=self.text,
            expected=say("expected", **facts) or expected,
        )

    @property
    def unread(self) -> CannotTell:
        return CannotTell(f"{self.label}没有读清")


_Judge = Callable[[_Answer], Iterator[Result]]


def _each(ctx: Context, told: Declared, judge: _Judge) -> Iterator[Result]:
    """Judges every answer that the check looks at."""
    answers = Answers.of(ctx)
    some = bool(told.fields or told.columns)
    fields = [f for f in answers.form.fields if told.declares(f) and (not some or f.key in told.fields)]
    columns: list[tuple[FormTable, Asked]] = [
        (table, column)
        for table in answers.form.tables
        for column in table.columns
        if told.declares(column) and (not some or f"{table.key}.{column.key}" in told.columns)
    ]
    if not (fields or columns):
        yield NotApplicable("本表没有这样的栏目")
        return
    found: list[_Answer] = []
    for field in fields:
        value = answers.value(field.key)
        if value is not None and answers.state(field.key) != "blank":
            found.append(_Answer(field, value, answers.label(field.key), field.key, field.key))
    for table, column in columns:
        key = f"{table.key}.{column.key}"
        for number, row in answers.rows(table.key):
            cell = row.get(column.key)
            if cell is not None and _is_filled(answers, cell, column):
                label, about = f"{table.annex}{clean(column.label)}第{number}行", about_row(row, table, column.key)
                about = about if _named(row, table) else f"{fold(as_text(cell.value) or cell.raw)}\x1e{column.key}"
                found.append(_Answer(column, cell, label, about, key, number))
    if not found:
        yield NotApplicable("有关栏目均未填写")
    for answer in found:
        yield from judge(answer)


def _is_filled(answers: Answers, cell: Value, column: Asked) -> bool:
    return answers.judge(cell, (*column.hints, *answers.form.placeholders)) != "blank"


def _named(row: Row, table: FormTable) -> bool:
    return any((value := row.get(key)) is not None and value.value is not None for key in table.named_by)


# ------------------------------------------------------------------------------------------------------ type
class OfType(Declared):
    def declares(self, asked: Asked) -> bool:
        return asked.type not in _PLAIN


@check("of_type", OfType)
def of_type(ctx: Context, told: OfType, say: Say) -> Iterator[Result]:
    """An answer that is not of its type: no number, no day of the calendar, a code whose check digit is wrong."""
    scan = is_scan(ctx)

    def judge(answer: _Answer) -> Iterator[Result]:
        value, kind = answer.value, answer.asked.type
        if value.value is None:
            plain = value.certain or (value.doubts == _NOTED and not scan)
            fault = _not_of(kind, value.raw) if plain else ""
            yield answer.trip(fault, say) if fault else answer.unread
        elif not value.certain:
            yield answer.unread
        elif fault := type_fault(answer.asked, value.value):
            yield answer.trip(fault, say)

    yield from _each(ctx, told, judge)


def _not_of(kind: str, raw: str) -> str:
    """Why a text that was read is no value of the type, "" where it may be one that was not understood."""
    if kind in SHAPED:
        return _NO[kind]
    if kind in ("date", "period") and dates.no_such_day(raw):
        return "不是日历上有的日期"
    return "" if re.search(r"\d", normalise.squeeze(raw)) else _NO.get(kind, "")


def type_fault(asked: Asked, value: object) -> str:
    """What is wrong with a value of its type, as a clause; "" where it is right."""
    match asked.type:
        case "phone" | "mobile":
            return "；".join(phone_faults(str(value)))
        case "email":
            return "；".join(email_faults(str(value)))
        case "uscc":
            return code_faults(str(value))
        case "id_number":
            return _identity_fault(str(value))
        case "period" if isinstance(value, dict):
            start, end = str(value.get("start") or ""), str(value.get("end") or "")
            shared = min(len(start), len(end))
            return "止于起始之前" if shared and end[:shared] < start[:shared] else ""
    return ""


def _identity_fault(number: str) -> str:
    if len(number) != _ID:
        return f"是{len(number)}位，应为{_ID}位"
    try:
        ric.get_birth_date(number)
    except ric.ValidationError:
        return "第7至14位不是出生日期"
    return "" if ric.calc_check_digit(number) == number[-1] else "末位校验码不符，其中某一位填写有误"


# ------------------------------------------------------------------------------------------------------ pattern
class OfPattern(Declared):
    def declares(self, asked: Asked) -> bool:
        return bool(asked.pattern)


@check("of_pattern", OfPattern)
def of_pattern(ctx: Context, told: OfPattern, say: Say) -> Iterator[Result]:
    """An answer that is not written as its ``pattern`` asks."""

    def judge(answer: _Answer) -> Iterator[Result]:
        value, asked = answer.value, answer.asked
        if value.value is None or not value.certain:
            yield answer.unread
            return
        texts = (
            value.value
            if isinstance(value.value, list)
            else [value.value if isinstance(value.value, str) else value.raw]
        )
        wants = asked.pattern_says or f"格式为 {asked.pattern}"
        if not all(re.fullmatch(asked.pattern, str(text)) for text in texts):
            yield answer.trip(f"不合要求：{wants}", say, wants)

    yield from _each(ctx, told, judge)


# ------------------------------------------------------------------------------------------------------ bounds
class InBounds(Declared):
    def declares(self, asked: Asked) -> bool:
        return asked.min is not None or asked.max is not None


@check("in_bounds", InBounds)
def in_bounds(ctx: Context, told: InBounds, say: Say) -> Iterator[Result]:
    """A number, amount or date below its ``min`` or above its ``max``; amounts in the field's own unit. A date without a day may be
    any that it can be."""

    def judge(answer: _Answer) -> Iterator[Result]:
        value, asked = answer.value, answer.asked
        if value.value is None or not value.certain:
            yield answer.unread
            return
        least, most = ctx.catalog.bound(asked.min), ctx.catalog.bound(asked.max)
        for first, last in _spans(asked, value.value):
            below = least is not None and _below(last, least)
            if below or (most is not None and _below(most, first)):
                bound = least if below else most
                words = (("早于", "不早于") if below else ("晚于", "不晚于")) if isinstance(bound, dt.date) else (
                    ("小于", "不小于") if below else ("大于", "不大于")
                )  # fmt: skip
                yield answer.trip(f"{words[0]}{_bound(asked, bound)}", say, f"{words[1]}{_bound(asked, bound)}")
                return

    yield from _each(ctx, told, judge)


_Size = float | dt.date


def _below(one: _Size, other: _Size) -> bool:
    if isinstance(one, dt.date) or isinstance(other, dt.date):
        return isinstance(one, dt.date) and isinstance(other, dt.date) and one < other
    return one < other


def _spans(asked: Asked, value: object) -> Iterator[tuple[_Size, _Size]]:
    """The least and the most that a value may be; of a period, each of its ends."""
    match value:
        case bool():
            return
        case int() | float():
            size = normalise.in_unit(value, asked.unit) if asked.type == "money" else value
            yield size, size
        case str() if asked.type == "date":
            yield _days(value)
        case dict():
            yield from (_days(str(day)) for end in ("start", "end") if (day := value.get(end)))


def _days(iso: str) -> tuple[dt.date, dt.date]:
    """The first and the last day of an ISO date, which may lack its day and month."""
    year = int(iso[:_YEAR])
    if len(iso) > _MONTH:
        day = dt.date.fromisoformat(iso)
        return day, day
    months = [int(iso[5:_MONTH])] * 2 if len(iso) == _MONTH else [1, _LAST_MONTH]
    after = dt.date(year + (months[1] == _LAST_MONTH), months[1] % _LAST_MONTH + 1, 1)
    return dt.date(year, months[0], 1), after - dt.timedelta(days=1)


def _bound(asked: Asked, bound: _Size | None) -> str:
    if isinstance(bound, dt.date):
        return f"{bound.year}年{bound.month}月{bound.day}日"
    unit = "%" if asked.type == "percent" else asked.unit or (MONEY_UNIT if asked.type == "money" else "")
    return f"{bound:.15g}{unit}"


# ------------------------------------------------------------------------------------------------------ list
class FromList(Declared):
    def declares(self, asked: Asked) -> bool:
        return bool(asked.in_list) and asked.type not in BOXED | {"instances"}


@check("from_list", FromList)
def from_list(ctx: Context, told: FromList, say: Say) -> Iterator[Result]:
    """An answer that is none of the entries of the list it is to be chosen from; the closest is named."""

    def judge(answer: _Answer) -> Iterator[Result]:
        value, name = answer.value, answer.asked.in_list
        if value.value is None or not value.certain:
            yield answer.unread
            return
        text = as_text(value.value)
        if item_named(ctx.catalog, name, text) is not None:
            return
        several = value.value if isinstance(value.value, list) else parts(text)
        other = [part for part in several if item_named(ctx.catalog, name, part) is None]
        if other:
            title, near = ctx.catalog.lists[name].what, closest(ctx.catalog, name, other[0])
            meant = f"（是否为“{near}”）" if near else ""
            said = f"“{shorten(other[0])}”" if len(several) > 1 else ""
            yield answer.trip(f"{said}不是目录中的{title}{meant}", say, near or f"目录中的{title}")

    yield from _each(ctx, told, judge)
