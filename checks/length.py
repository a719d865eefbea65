"""Group L: length. Characters are counted as Word counts 字数 (:func:`checks.meaning.text.count_words`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from catalog.forms import FormField, FormTable
from checks.library import FieldKey, Keys, Params, Say, SectionKey, TableKey, check
from checks.meaning.answers import Answers, about_row, name_of
from checks.meaning.text import count_words, shorten
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip
from records.models import Value, as_text

SLACK = 1.05
"""A text read with low confidence may have lost or gained some characters: near the limit it cannot be judged."""


def _over(value: Value | None, limit: int) -> int | CannotTell | None:
    """The count where the text is over its limit, None where it is not; cannot tell where it was read badly."""
    if value is None or value.blank:
        return None
    if value.value is None:
        return None if count_words(value.raw) * SLACK <= limit else CannotTell("文字未能读出，不能计数")
    count = count_words(as_text(value.value))
    if not value.certain:
        return CannotTell("文字读取把握不足，字数接近或超过上限，不能确定") if count * SLACK > limit else None
    return count if count > limit else None


class WithinLimit(Params):
    """``keys`` are fields, ``chapters`` chapters, ``tables`` tables of whose columns the form declares a ``limit``; told
    of none, it looks at all."""

    keys: tuple[FieldKey, ...] = ()
    chapters: tuple[SectionKey, ...] = ()
    tables: tuple[TableKey, ...] = ()

    @property
    def everything(self) -> bool:
        return not (self.keys or self.chapters or self.tables)

    def looks_at(self, field: FormField) -> bool:
        return self.everything and field.limit is not None

    says: ClassVar[Mapping[str, str]] = {
        "over": "label count limit excess name row row_of",
        "expected": "limit",
        "lost?": "label",
        "no_rows?": "",
    }


@check("within_limit", WithinLimit)
def within_limit(ctx: Context, told: WithinLimit, say: Say) -> Iterator[Result]:
    """A text that is longer than the form allows."""
    answers = Answers.of(ctx)
    form = answers.form
    every = [(f.key, f.limit) for f in form.fields] + [(s.key, s.limit) for s in form.sections]
    wanted = (*told.keys, *told.chapters)
    limits = {key: limit for key, limit in every if limit is not None and (told.everything or key in wanted)}
    limited = [t for t in answers.form.tables if any(c.limit is not None for c in t.columns)]
    tables = limited if told.everything else [t for t in answers.form.tables if t.key in told.tables]
    if not (limits or tables):
        yield NotApplicable("本表没有该项的字数要求")
    for key, limit in limits.items():
        yield from _text(answers, key, limit, say)
    for table in tables:
        yield from _cells(answers, table, say)


def _text(answers: Answers, key: str, limit: int, say: Say) -> Iterator[Result]:
    """Of a field or a chapter."""
    value, label = answers.value(key), answers.label(key)
    over = _over(value, limit)
    if isinstance(over, CannotTell):
        yield over
    elif over is not None and value is not None:
        yield Trip(
            say("over", label=label, count=over, limit=limit, excess=over - limit, name="", row="", row_of=""),
            about=key,
            field=key,
            where=value.where,
            evidence=shorten(as_text(value.value)),
            expected=say("expected", limit=limit),
        )
    elif key in answers.missing and (value is None or value.blank):
        yield CannotTell(say("lost", label=label) or f"“{label}”栏未找到")


def _cells(answers: Answers, table: FormTable, say: Say) -> Iterator[Result]:
    rows = list(answers.rows(table.key))
    if not rows:
        yield NotApplicable(say("no_rows") or f"{answers.label(table.key)}没有内容")
    for number, row in rows:
        for column in table.columns:
            value, limit = row.get(column.key), column.limit
            over = _over(value, limit) if limit is not None else None
            if isinstance(over, CannotTell):
                yield CannotTell(f"{table.annex}第{number}行“{column.label}”{over.why}")
            elif over is not None and value is not None and limit is not None:
                name, row_of = name_of(row, number, table.named_by), f"{table.annex}{table.short}第{number}行"
                facts = {"name": name, "row": number, "row_of": row_of, "label": column.label}
                yield Trip(
                    say("over", count=over, limit=limit, excess=over - limit, **facts),
                    about=about_row(row, table, column.key),
                    field=f"{table.key}.{column.key}",
                    row=number,
                    where=value.where,
                    evidence=shorten(as_text(value.value)),
                    expected=say("expected", limit=limit),
                )


class SharedChapter(Params):
    """A chapter of a form that describes all rows of the table."""

    form: str
    chapter: SectionKey


class TogetherWithinLimit(Params):
    """The columns ``texts`` of a row of ``table`` have at most ``limit`` characters together; a chapter that describes all its
    rows has that many a row."""

    table: TableKey
    texts: Keys
    limit: int
    chapters: tuple[SharedChapter, ...] = ()
    says: ClassVar[Mapping[str, str]] = {"row": "name count", "chapter": "label count rows allowed"}


@check("together_within_limit", TogetherWithinLimit)
def together_within_limit(ctx: Context, told: TogetherWithinLimit, say: Say) -> Iterator[Result]:
    """A row whose texts are too long together, or a chapter that is too long for the rows it describes."""
    answers = Answers.of(ctx)
    table = answers.form.table(told.table)
    if table is None:
        yield NotApplicable("本表没有这张表格")
        return
    rows = list(answers.rows(told.table))
    for number, row in rows:
        values = [v for key in ctx.catalog.keys[told.texts] if (v := row.get(key)) is not None]
        count = sum(count_words(as_text(v.value)) for v in values if v.value is not None)
        if not all(v.certain for v in values) and count * SLACK > told.limit:
            yield CannotTell(f"{table.annex}第{number}行的文字读取把握不足，合计字数不能确定")
        elif count > told.limit:
            yield Trip(
                say("row", name=name_of(row, number, table.named_by), count=count),
                about=about_row(row, table),
                field=told.table,
                row=number,
                where=next((v.where for v in values if v.where), ""),
                evidence=f"各栏合计{count}字",
                expected=f"{told.limit}字以内",
            )
    for shared in told.chapters:
        if shared.form == ctx.form:
            yield from _chapter(answers, shared.chapter, told.limit, max(len(rows), 1), say)


def _chapter(answers: Answers, key: str, limit: int, rows: int, say: Say) -> Iterator[Result]:
    value, label = answers.value(key), answers.label(key)
    allowed = limit * rows
    over = _over(value, allowed)
    if isinstance(over, CannotTell):
        yield CannotTell(f"“{label}”{over.why}")
    elif over is not None and value is not None:
        yield Trip(
            say("chapter", label=label, count=over, rows=rows, allowed=allowed),
            about=key,
            field=key,
            where=value.where,
            evidence=shorten(as_text(value.value)),
            expected=f"{allowed}字以内",
        )


class LongEnough(Params):
    """The required ones of the columns ``texts`` of ``table`` have at least ``least`` characters where they are filled."""

    table: TableKey
    texts: Keys
    least: int
    says: ClassVar[Mapping[str, str]] = {"short": "name label count text", "no_rows": ""}


@check("long_enough", LongEnough)
def long_enough(ctx: Context, told: LongEnough, say: Say) -> Iterator[Result]:
    """A text of so few characters that it may say too little."""
    answers = Answers.of(ctx)
    table = answers.form.table(told.table)
    rows = list(answers.rows(told.table))
    if table is None or not rows:
        yield NotApplicable(say("no_rows"))
        return
    texts = ctx.catalog.keys[told.texts]
    columns = [c for c in table.columns if c.key in texts and c.required == "required"]
    for number, row in rows:
        for column in columns:
            value = row.get(column.key)
            if value is None or answers.cell(table, column, row) != "filled":
                continue
            count = count_words(as_text(value.value))
            if count >= told.least:
                continue
            if not value.certain:
                yield CannotTell(f"{table.annex}第{number}行“{column.label}”读取把握不足")
                continue
            text, name = shorten(as_text(value.value), 30), name_of(row, number, table.named_by)
            yield Trip(
                say("short", name=name, label=column.label, count=count, text=text),
                about=about_row(row, table, column.key),
                field=f"{table.key}.{column.key}",
                row=number,
                where=value.where,
                evidence=as_text(value.value),
                expected=f"{told.least}字以上",
            )
