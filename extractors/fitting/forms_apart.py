"""A file that holds several forms one behind the other: the notice's annexes as one document with one of them filled in, or
two applications. Cut at their titles and read apart, so that a blank form does not speak for the filled one, and each
application is one of its own."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

from catalog.forms import Form
from extractors.document.model import Document, Paragraph, Table
from extractors.fitting.recognise import is_titled
from extractors.fitting.settings import LAYOUT, RECOGNITION
from records.models import Record

_ANNEX_LINE = re.compile(r"附件\s*\d?(?:[-－]\d)?[:：]?")
FILLED = 8
"""So many values make a further form in the same file one that was filled in, too."""
WHOLE = 25
"""So many values make a part an application of its own, though the title before it is the same form's."""


def forms_apart(document: Document, forms: tuple[Form, ...], *, again: bool = False) -> list[Document]:
    """The document cut before each title of another form than the one it stands in (``again``: before each title); itself
    alone where there is nothing to cut."""
    cuts: list[int] = []
    name = ""
    for number, text in _lines(document):
        form = next((f for f in forms if is_titled(text, f)), None)
        if form is None or (form.name == name and not again):
            continue
        if name:
            cuts.append(number)
        name = form.name
    if not cuts:
        return [document]
    edges = [0, *dict.fromkeys(cuts), len(document.blocks)]
    return [replace(document, blocks=document.blocks[a:b]) for a, b in itertools.pairwise(edges) if a < b]


def with_remainders(pieces: list[Document], whole: list[bool]) -> list[Document]:
    """The pieces that are applications of their own, each with what follows it up to the next (its annexes beneath a title
    of their own); what stands before the first belongs to that one."""
    starts = [n for n, is_one in enumerate(whole) if is_one]
    edges = [0, *starts[1:], len(pieces)]
    return [
        replace(pieces[a], blocks=[b for piece in pieces[a:z] for b in piece.blocks])
        for a, z in itertools.pairwise(edges)
    ]


def _lines(document: Document) -> Iterator[tuple[int, str]]:
    """Every short paragraph joined with the short one behind it, with the number of the block a part would begin with."""
    lines = [
        (n, b.text)
        for n, b in enumerate(document.blocks)
        if isinstance(b, Paragraph) and 0 < len(b.text.strip()) <= LAYOUT.title
    ]
    for place, (number, text) in enumerate(lines):
        before = lines[place - 1] if place else None
        start = before[0] if before and _ANNEX_LINE.fullmatch(before[1].strip()) else number
        behind = lines[place + 1] if place + 1 < len(lines) else None
        yield (
            start,
            text
            + (
                behind[1]
                if behind and behind[0] - number <= RECOGNITION.gap and len(behind[1]) <= RECOGNITION.tail
                else ""
            ),
        )


def values_in(record: Record) -> int:
    """How much of a form is filled in."""
    held = [*record.fields.values(), *record.sections.values()]
    held += [v for rows in record.tables.values() for row in rows for v in row.values()]
    return sum(1 for v in held if v.value is not None)


def is_whole(record: Record, form: Form) -> bool:
    """Whether a part of a file is an application of its own, or a table that recommends one."""
    if form.kind == "summary":
        companies = [(t.key, c.key) for t in form.tables if (c := t.by_role("company")) is not None]
        cells = (row.get(column) for table, column in companies for row in record.tables.get(table, ()))
        return any(cell is not None and cell.value is not None for cell in cells)
    applicant = form.by_role("applicant_again") or form.by_role("applicant")
    who = record.fields.get(applicant.key) if applicant is not None else None
    return who is not None and who.value is not None and values_in(record) >= WHOLE


def may_be_whole(document: Document, forms: tuple[Form, ...]) -> bool:
    """Whether a part could be an application of its own, or a table that recommends one, before it is read: a cover page with
    its few lines cannot."""
    if any(isinstance(b, Table) for b in document.blocks):
        return True
    texts = [b.text for b in document.blocks if isinstance(b, Paragraph)]
    companies = {
        w for f in forms for t in f.tables for c in t.columns if c.role == "company" for w in (c.label, *c.aliases)
    }
    most = sum(1 + sum(text.count(sign) for sign in ":：\t") for text in texts)
    return most >= WHOLE or any(word in text for text in texts for word in companies)
