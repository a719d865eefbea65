"""Where a finding is, in the form's own words: ``第一部分（一）—联系人—邮箱``, ``附1 第3行—采用的技术方案``, ``第三部分（二）第4段``.

Readers count tables, rows and paragraphs (``where``); people look for the form's part, label, annex and chapter. The form's
definition has these words, and what has no key of it is found by the place at which a value of the record stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalog.forms import OWNER, Form, FormField, FormTable
from catalog.models import Catalog
from checks.meaning.answers import clean
from checks.meaning.text import fold, shorten
from records.models import Place, Reading, Record, Row, TextLine

WHOLE = "整份文件"
_PARTS: dict[Place, str] = {
    "cover": "封面",
    "header": "页眉",
    "footer": "页脚",
    "textbox": "文本框",
    "footnote": "脚注",
    "hidden": "隐藏文字",
}
_COUNTED = re.compile(r"(?:^|\s)(?:段落|表|页眉|页脚|文本框|脚注)[\d（]")
_PAGE = re.compile(r"第\d+页")
_COLUMN = re.compile(r"\s列\d+\Z")
_OPENING = re.compile(r"“?(.{4,})", re.DOTALL)
_KNOWN_BY = 12
"""Characters of a passage by which its paragraph is known."""
_NAME = 20


def place_of(
    catalog: Catalog, reading: Reading, *, field: str | None, row: int | None, where: str, evidence: str = ""
) -> str:
    """The place of a finding on ``field`` (a key, ``table.column``, a table or a chapter) and ``row``, from 1; where it has no
    field, of what stands at ``where``. ``evidence`` tells which paragraph of a chapter it is."""
    form = catalog.forms.get(reading.record.form)
    counted = _COUNTED.search(where) is not None
    line = next((line for line in reading.lines if line.where == where), None) if counted else None
    if field is None and counted:
        field, row = next(_standing_at(reading.record, where, line), (None, None))
        evidence = line.text if line is not None else evidence
    words = _of_key(form, reading.record, field, row, evidence) if form is not None and field is not None else ""
    if words:
        return words
    if where in ("", "文件"):
        return form.short if form is not None and form.kind == "summary" else WHOLE
    return _aside(line, where) if counted else where


def place_of_table(catalog: Catalog) -> str:
    """The place of what is said of an office whose table of recommendation was not received."""
    return next((catalog.forms[name].short for name in catalog.summaries), "")


def _of_key(form: Form, record: Record, key: str, row: int | None, evidence: str) -> str:
    table_key, _, column_key = key.partition(".")
    table = form.table(table_key)
    if table is not None:
        column = next((clean(c.label) for c in table.columns if c.key == column_key), "")
        return _of_table(form, table, record.tables.get(table_key, []), row, column)
    field = form.field(key)
    if field is not None:
        return _of_field(form, field)
    section = form.section(key)
    if section is None:
        return ""
    return section.place + _paragraph(record.text(key), evidence)


def _of_field(form: Form, field: FormField) -> str:
    asked = form.field(field.of_field) if field.after_option else None
    parts = (
        form.parts.get(field.part, ""),
        *field.group[:1],
        clean(asked.label) if asked is not None else "",
        clean(field.label),
        *field.column[:1],
    )
    return "—".join(dict.fromkeys(p for p in parts if p))


def _of_table(form: Form, table: FormTable, rows: list[Row], row: int | None, column: str) -> str:
    alone = sum(t.annex == table.annex for t in form.tables) == 1
    name = table.annex if alone else f"{table.annex}“{table.short}”"
    if row is None or not 0 < row <= len(rows):
        return "—".join(p for p in (name, column) if p)
    counted = f"第{row}行"
    if table.per:
        owner = rows[row - 1].get(OWNER)
        said = owner.raw if owner is not None else ""
        own = [r for r in rows[:row] if (o.raw if (o := r.get(OWNER)) is not None else "") == said]
        name, counted = f"{name}（{shorten(said, _NAME)}）" if said else name, f"第{len(own)}行"
    elif (seq := table.by_role("seq")) is not None and (stands := rows[row - 1].get(seq.key)) is not None:
        printed = stands.raw.removesuffix(".0").strip("． .、")
        counted += f"（序号{printed}）" if printed.isdigit() and printed != str(row) else ""
    return "—".join(p for p in (f"{name} {counted}", column) if p)


def _paragraph(text: str, evidence: str) -> str:
    """Which of several paragraphs a passage begins in, ``""`` where it is in none or there is only one."""
    paragraphs = text.split("\n")
    found = _OPENING.match(evidence)
    begins = fold(found[1].partition("”")[0])[:_KNOWN_BY] if found else ""
    if not paragraphs[1:] or not begins:
        return ""
    return next((f"第{n}段" for n, p in enumerate(paragraphs, 1) if begins in fold(p)), "")


def _standing_at(record: Record, where: str, line: TextLine | None) -> Iterator[tuple[str, int | None]]:
    """(key, row) of what stands at a counted place, the best first: the value there, the chapter that the line is of, what
    stands in the same row."""
    values = [(key, None, v) for key, v in (*record.fields.items(), *record.sections.items())]
    cells = [
        (f"{name}.{column}", number, v)
        for name, rows in record.tables.items()
        for number, row in enumerate(rows, 1)
        for column, v in row.items()
    ]
    yield from ((key, row) for key, row, v in (*values, *cells) if v.where == where)
    if line is not None and line.place == "body" and (text := fold(line.text)):
        yield from ((key, None) for key, v in record.sections.items() if text in fold(v.raw))
    of_row = _COLUMN.sub("", where)
    if of_row != where:
        yield from ((key, None) for key, _, v in values if _COLUMN.sub("", v.where) == of_row)
        yield from ((key.partition(".")[0], row) for key, row, v in cells if _COLUMN.sub("", v.where) == of_row)


def _aside(line: TextLine | None, where: str) -> str:
    """The place of what is no value of the form: its kind, and the page where that is known."""
    page = found[0] if (found := _PAGE.search(where)) is not None else ""
    kind = line.place if line is not None else "body"
    return page + ("表格中" if kind == "cell" else _PARTS.get(kind) or ("" if page else "正文"))
