"""Which blocks of a file are the form's: not the letter before its title, nor a list of contents typed by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.document.model import Block, Document, Paragraph, Table
from extractors.fitting.labels import LabelIndex, fold_heading, fold_label
from extractors.fitting.settings import LAYOUT

PART_ONE = re.compile(r"\s*(?:[一1]\s*[、.．]|[(（]一[)）])")
_LABEL_END = re.compile(r"[:：\n]")
USED = re.compile(r"关键装备.{0,3}软件.{0,3}工艺.{0,3}技术")
"""The title of 附2."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The form's blocks in reading order. ``has_parts``: its part 一 has a heading, and what stands before it is the cover, or
    papers put in. ``cover_last``: the form's table stands before any title, the cover lay at the end of the pile in the
    scanner. ``before_annex``: the short paragraphs behind which a title or a table of the form's annexes comes next, by
    :func:`id`; ``in_letter``: the tables of a letter or another paper in front of the form's title."""

    blocks: Sequence[Block]
    has_parts: bool
    cover_last: bool
    before_annex: frozenset[int]
    in_letter: frozenset[int]


def lay_out(document: Document, index: LabelIndex) -> Layout:
    """The layout of a document as the form of ``index``."""
    before, cover_last, in_letter = _before_title(document, index)
    contents = _contents(document, index)
    kept = [
        (number, block)
        for number, block in enumerate(document.blocks)
        if number not in contents and (isinstance(block, Table) or (number >= before and block.text.strip()))
    ]
    short = ((n, b) for n, b in kept if isinstance(b, Paragraph) and len(b.text) <= LAYOUT.annex_line)
    annexes = frozenset(id(b) for n, b in short if _annex_follows(document, n, index))
    return Layout([b for _, b in kept], _has_parts(document, index), cover_last, annexes, in_letter)


def is_title(text: str, index: LabelIndex) -> bool:
    """Whether a line is the form's title."""
    return len(text) <= LAYOUT.title and fold_label(text).endswith(fold_label(index.form.title))


def _before_title(document: Document, index: LabelIndex) -> tuple[int, bool, frozenset[int]]:
    """How many blocks stand before the form's title: a letter or instructions for filling in, not the form, nor are the tables
    among them (by :func:`id`) where the form follows. 0 where there is no title, and (True) where the form stands before it."""
    blocks = document.blocks
    titles = (n for n, b in enumerate(blocks) if isinstance(b, Paragraph) and is_title(b.text, index))
    title = next(titles, None)
    tables = [b for b in blocks[:title] if isinstance(b, Table)]
    if title is not None and tables and _form_follows(blocks[title + 1 :], index):
        return title, False, frozenset(map(id, tables))
    if any(_holds_the_form(table, index) for table in tables):
        return 0, True, frozenset()
    return title or 0, False, frozenset()


def _form_follows(blocks: Sequence[Block], index: LabelIndex) -> bool:
    """Whether the form's own items stand in these blocks: its table, or most of its cover."""
    if any(isinstance(b, Table) and _holds_the_form(b, index) for b in blocks):
        return True
    covers = {f.key for f in index.form.fields if f.part == "cover"}
    texts = (t for b in blocks for t in ([c.text for c in b.cells] if isinstance(b, Table) else [b.text]))
    heads = (_LABEL_END.split(t.strip(), maxsplit=1)[0] for t in texts if t.strip())
    met = {t.field.key for head in heads for t in index.exact(head)}
    return len(covers & met) >= LAYOUT.cover


def _holds_the_form(table: Table, index: LabelIndex) -> bool:
    labels = {fold_label(c.text) for c in table.cells if len(c.text) < LAYOUT.title} & index.fields.keys()
    return len(labels) >= LAYOUT.many_labels


def _has_parts(document: Document, index: LabelIndex) -> bool:
    return any(
        len(b.text) <= LAYOUT.title and PART_ONE.match(b.text) and fold_label(b.text) in index.enders
        for b in document.blocks
        if isinstance(b, Paragraph)
    )


def _annex_follows(document: Document, number: int, index: LabelIndex) -> bool:
    for block in document.blocks[number + 1 : number + LAYOUT.annex_reach]:
        if isinstance(block, Table):
            return True
        if block.text.strip():
            return fold_label(block.text) in index.titles or bool(USED.search(block.text))
    return False


def _contents(document: Document, index: LabelIndex) -> set[int]:
    """The blocks of a list of contents typed by hand, without page numbers: headings one right behind the other that come
    again later."""
    runs = [run for run in _runs_of_headings(document, index) if run]
    lists = [run for run in runs if len(run) >= LAYOUT.contents]
    if not lists:
        return set()
    firsts = (c.text.partition("\n")[0][: LAYOUT.title] for t in document.tables() for c in t.cells)
    in_tables = {fold_heading(first) for first in firsts}
    out: set[int] = set()
    for run in lists:
        later = in_tables | {f for other in runs for n, f in other if n > run[-1][0]}
        if sum(1 for _, f in run if f in later) >= LAYOUT.contents_share * len(run):
            out.update(n for n, _ in run)
    return out


def _runs_of_headings(document: Document, index: LabelIndex) -> Iterator[list[tuple[int, str]]]:
    """Headings of the form right behind one another, each with the number of its block, none twice."""
    known = index.headings.keys() | index.enders | index.titles.keys()
    run: list[tuple[int, str]] = []
    adjoins = False
    for number, block in enumerate(document.blocks):
        if isinstance(block, Paragraph) and not block.text.strip():
            continue
        heading = isinstance(block, Paragraph) and len(block.text) <= LAYOUT.title
        folded = fold_heading(block.text) if isinstance(block, Paragraph) and heading else ""
        if folded not in known:
            adjoins = False
            continue
        if not adjoins or any(f == folded for _, f in run):
            yield run
            run = []
        run.append((number, folded))
        adjoins = True
    yield run
