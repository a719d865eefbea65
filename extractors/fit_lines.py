"""Paragraphs whose lines are paragraphs of their own: programs that know only line breaks (many web pages) write the cover, the
headings and the chapters of a form as one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from catalog.forms import Form
from extractors.document import Document, Paragraph, Table
from extractors.labels import LabelIndex, fold_heading, fold_label, label_index

_ANNEX = re.compile(r"\s*附(?:件|表|录)?\s*[1-7一二三四五六七]\s*[:：、.]?\s*$")
_LONGEST = 60


def lines_apart(document: Document, forms: Iterable[Form]) -> Document:
    """The document with such paragraphs taken apart, as one of these forms has headings and labels; the document itself where
    there are none."""
    if not any(isinstance(b, Paragraph) and "\n" in b.text and not b.page for b in document.blocks):
        return document
    indexes = [label_index(form) for form in forms]
    blocks: list[Paragraph | Table] = []
    for block in document.blocks:
        lines = block.text.split("\n") if isinstance(block, Paragraph) and not block.page else []
        if isinstance(block, Paragraph) and any(_stands_alone(line, indexes) for line in lines[1:]):
            blocks += [
                replace(block, text=line, marks=[], level=0 if n else block.level) for n, line in enumerate(lines)
            ]
        else:
            blocks.append(block)
    return replace(document, blocks=blocks)


def _stands_alone(line: str, indexes: list[LabelIndex]) -> bool:
    """Whether a line is a heading, the title of an annex, or an item with its label in front."""
    plain = line.strip()
    if not plain:
        return False
    label = re.match(r"[^:：]{2,40}[:：]", plain)
    if label is not None and any(index.exact(label[0]) for index in indexes):
        return True
    if len(plain) > _LONGEST:
        return False
    heading, title = fold_heading(plain), fold_label(plain)
    known = any(heading in i.headings or title in i.enders or (len(title) >= 4 and title in i.titles) for i in indexes)
    return known or _ANNEX.match(plain) is not None
