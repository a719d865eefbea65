"""Group C: rows of the annexes and the parts that belong to them, printed words left standing, and seals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from rapidfuzz import fuzz

from catalog.forms import OWNER, FormTable
from checks.library import ColumnKey, FieldKey, Params, Say, TableKey, check
from checks.meaning.answers import Answers, is_scan, name_of, row_place, text_of
from checks.meaning.printed import is_example
from checks.meaning.text import fold, shorten
from checks.registry import CannotTell, Context, NotApplicable, Result, Trip
from records.models import Row

ALIKE = 85.0
"""Names of rows at this likeness (rapidfuzz ratio, 0-100) or more are one name with a slip in it."""
HINT_LEAST = 8
"""Folded characters from which a piece of an instruction is told from words of the applicant's own."""
_NAMING = 6
"""Characters from which a name that stands within another is the same name."""


def _rows_lost(answers: Answers, *tables: str) -> bool:
    """Whether rows may be there that were not seen: on a scan in which none of the tables was recognised."""
    seen = any(answers.context.reading.record.tables.get(t) for t in tables)
    return not seen and is_scan(answers.context)


class Rows(Params):
    """``table`` has as many rows as the form declares (``min_rows``, ``max_rows``); printed example rows do not count. Told of none,
    it looks at every table that declares any, or that has to be filled in."""

    table: TableKey = ""
    says: ClassVar[Mapping[str, str]] = {
        "few": "count least table",
        "many?": "count most table",
        "expected": "least table",
        "unseen": "table",
    }


@check("row_count", Rows)
def row_count(ctx: Context, told: Rows, say: Say) -> Iterator[Result]:
    """A table with fewer or more rows than the form asks for."""
    answers = Answers.of(ctx)
    tables = [
        (table, max(table.min_rows, int(not told.table and table.required == "required")))
        for table in answers.form.tables
        if table.key == told.table or not told.table
    ]
    asked = [(table, least) for table, least in tables if told.table or least or table.max_rows is not None]
    if not asked:
        yield NotApplicable("本表没有这张表格" if told.table else "本表没有规定行数的表格")
    for table, least in asked:
        yield from _rows(answers, table, least, say, about="" if told.table else table.key)


def _rows(answers: Answers, table: FormTable, least: int, say: Say, *, about: str) -> Iterator[Result]:
    count, most = len(answers.context.reading.record.tables.get(table.key, ())), table.max_rows
    facts = {"count": count, "table": answers.label(table.key)}
    if count < least and _rows_lost(answers, table.key):
        yield CannotTell(say("unseen", **facts))
    elif count < least:
        message, expected = say("few", least=least, **facts), say("expected", least=least, **facts)
        yield Trip(message, about=about, field=table.key, where=table.annex, expected=expected)
    elif most is not None and count > most:
        message = say("many", most=most, **facts)
        yield Trip(message, about=about, field=table.key, where=table.annex, expected=f"不超过{most}行")


class PartForEach(Params):
    """Every row of a table that ``column`` names has a part of its own in one of ``tables``, which name it likewise. Told of neither,
    it looks at every table that declares of which rows there is one ``each``."""

    column: ColumnKey = ""
    tables: tuple[TableKey, ...] = ()
    says: ClassVar[Mapping[str, str]] = {
        "without": "name table",
        "expected": "table",
        "nobody": "",
        "unseen": "table",
        "unnamed": "name table",
        "stranger": "name other table",
    }


@check("part_for_each", PartForEach)
def part_for_each(ctx: Context, told: PartForEach, say: Say) -> Iterator[Result]:
    """A row whose part is missing, or has nothing in it."""
    answers = Answers.of(ctx)
    if told.column:
        yield from _parts(answers, told.column, told.tables, say, about="")
        return
    declared = [table for table in answers.form.tables if table.each]
    if not declared:
        yield NotApplicable("本表没有逐行附表的表格")
    for table in declared:
        yield from _parts(answers, table.each, (table.key,), say, about=f"{table.key}\x1e")


def _parts(answers: Answers, of: str, tables: tuple[str, ...], say: Say, *, about: str) -> Iterator[Result]:
    """Of one column, whose rows have parts in one of ``tables``."""
    table, _, column = of.partition(".")
    called = "、".join(answers.label(key) for key in tables)
    asked = answers.form.table(table)
    rows = [(n, row) for n, row in answers.rows(table) if asked is None or not is_example(asked, row)]
    named = [(n, row, text_of(row, column)) for n, row in rows if text_of(row, column)]
    if not named:
        yield NotApplicable(say("nobody"))
        return
    if _rows_lost(answers, *tables):
        yield CannotTell(say("unseen", table=called))
        return
    owned = [(row, _owner(answers, part, column)) for part in tables for _, row in answers.rows(part)]
    parts = {fold(name): name for row, by in owned if not answers.nothing(row, by) for name in (text_of(row, by),)}
    without = [entry for entry in named if not any(_same_name(entry[2], p) for p in parts.values())]
    if "" in parts and len(named) == 1:
        return
    strangers = [p for p in parts.values() if p and not any(_same_name(entry[2], p) for entry in named)]
    for number, row, name in without:
        facts = {"name": name, "table": called}
        if "" in parts:
            yield CannotTell(say("unnamed", **facts))
        elif len(without) == 1 == len(strangers):
            yield CannotTell(say("stranger", other=strangers[0], **facts))
        else:
            yield Trip(
                say("without", **facts),
                about=f"{about}{fold(name)}",
                field=of,
                row=number,
                where=row[column].where,
                evidence=name,
                expected=say("expected", table=called),
            )


def _owner(answers: Answers, part: str, column: str) -> str:
    """The key under which a row of ``part`` says which row it belongs to."""
    table = answers.form.table(part)
    return OWNER if table is not None and table.each else column


def _same_name(one: str, other: str) -> bool:
    """The same name, or the same but for a slip, a number or a remark."""
    a, b = fold(one), fold(other)
    if not a or not b:
        return False
    return a == b or (min(len(a), len(b)) >= _NAMING and (a in b or b in a)) or fuzz.ratio(a, b) >= ALIKE


class Printed(Params):
    says: ClassVar[Mapping[str, str]] = {
        "example": "annex row name",
        "example_expected": "",
        "instruction": "label instruction",
        "instruction_expected": "",
    }


@check("printed_words", Printed)
def printed_words(ctx: Context, _told: Printed, say: Say) -> Iterator[Result]:
    """The blank form's example among the rows, or its instruction beside a chapter's answer (a note)."""
    answers = Answers.of(ctx)
    for table in answers.form.tables:
        for number, row in answers.rows(table.key) if table.example else ():
            if is_example(table, row):
                yield _example_row(table, number, row, say)
    for section in answers.form.sections:
        hint = _left_hint(answers, section.key, section.hints)
        if hint:
            yield Trip(
                say("instruction", label=answers.label(section.key), instruction=shorten(hint)),
                about=f"hint:{section.key}",
                field=section.key,
                where=answers.where(section.key),
                evidence=hint,
                expected=say("instruction_expected"),
                level="note",
            )


def _example_row(table: FormTable, number: int, row: Row, say: Say) -> Trip:
    name = name_of(row, number, table.named_by)
    return Trip(
        say("example", annex=table.annex, row=number, name=shorten(name, 40)),
        about=f"example:{table.key}",
        field=table.key,
        row=number,
        where=row_place(row),
        evidence=name,
        expected=say("example_expected"),
    )


def _left_hint(answers: Answers, key: str, hints: Iterable[str]) -> str:
    """The instruction standing beside a chapter's answer, "" where there is none."""
    value = answers.value(key)
    if answers.state(key) != "filled" or value is None:
        return ""
    lines = [value.raw, *(x.text for x in answers.context.reading.lines if x.place == "body")]
    for hint in hints:
        folded = fold(hint)
        if len(folded) < HINT_LEAST:
            continue
        # The first characters say whether a line is worth folding: an instruction stands as it was printed.
        start = hint.strip("（(")[:4]
        if any(start in line and folded in fold(line) for line in lines):
            return hint
    return ""


class SealPlace(Params):
    """A place where a seal is asked for. The page is that of the first of ``fields`` whose place is known."""

    name: str
    fields: tuple[FieldKey, ...]


class Sealed(Params):
    places: tuple[SealPlace, ...]
    says: ClassVar[Mapping[str, str]] = {"unsealed": "place", "expected": "", "typed": ""}


@check("sealed", Sealed)
def sealed(ctx: Context, told: Sealed, say: Say) -> Iterator[Result]:
    """A place without a seal, in scans and pictures of pages."""
    seals = ctx.reading.seals
    if seals is None:
        yield NotApplicable(say("typed"))
        return
    answers = Answers.of(ctx)
    pages = {_page(seal.where) for seal in seals}
    for place in told.places:
        keys = [key for key in place.fields if answers.form.field(key) is not None]
        page = next((p for key in keys if (p := _page(answers.where(key)))), 0)
        # A page that is not known cannot be looked at: then any seal of the file will do.
        if not keys or ((page in pages) if page and all(pages) else seals):
            continue
        yield Trip(
            say("unsealed", place=place.name),
            about=place.name,
            field=keys[0],
            where=f"第{page}页" if page else place.name,
            evidence=f"全文见公章{len(seals)}处",
            expected=say("expected"),
        )


def _page(where: str) -> int:
    match = re.search(r"第(\d+)页", where)
    return int(match[1]) if match else 0
