"""Paragraphs that are several: programs that know only line breaks (many web pages) write the cover, the headings and the
chapters of a form as one, and a tracked deletion at a chapter's end takes the mark before the next heading with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from catalog.forms import BOXED, Form
from extractors.document.model import Document, Paragraph, Table
from extractors.fitting.labels import LabelIndex, fold_heading, fold_label, label_index
from extractors.fitting.settings import LABELS, LAYOUT

_ANNEX = re.compile(r"\s*+附(?:件|表|录)?\s*+[1-7一二三四五六七]\s*+[:：、.]?+\s*+$")


def lines_apart(document: Document, forms: Iterable[Form]) -> Document:
    """The document with such paragraphs taken apart, as one of these forms has headings and labels; the document itself where
    there are none."""
    if not any(isinstance(b, Paragraph) and ("\n" in b.text or b.seams) and not b.page for b in document.blocks):
        return document
    indexes = [label_index(form) for form in forms]
    blocks: list[Paragraph | Table] = []
    for block in document.blocks:
        lines = _lines(block, indexes) if isinstance(block, Paragraph) and not block.page else []
        kinds = [_kind(line, indexes) for line in lines] if len(lines) > 1 else []
        if isinstance(block, Paragraph) and any(kinds[1:]):
            pieces = _pieces(lines, kinds)
            blocks += [replace(block, text=t, marks=[], level=0 if n else block.level) for n, t in enumerate(pieces)]
        else:
            blocks.append(block)
    return replace(document, blocks=blocks)


def _lines(paragraph: Paragraph, indexes: list[LabelIndex]) -> list[str]:
    """The lines of a paragraph, parted also where a heading or item was joined to the text before it."""
    lines: list[str] = []
    begin = 0
    text = paragraph.text
    for seam in paragraph.seams:
        if _kind(text[seam:].partition("\n")[0], indexes):
            lines += text[begin:seam].split("\n")
            begin = seam
    return lines + text[begin:].split("\n")


def _pieces(lines: list[str], kinds: list[str]) -> list[str]:
    """Lines, but for those that go on with the item above them."""
    out: list[str] = []
    item = False
    for line, kind in zip(lines, kinds, strict=True):
        if item and not kind:
            out[-1] += f"\n{line}"
        else:
            out.append(line)
            item = kind == "open"
    return out


def _kind(line: str, indexes: list[LabelIndex]) -> str:
    """ "heading" for a heading or the title of an annex, "item" for an item with its label in front, "" for any other line."""
    plain = line.strip()
    if not plain:
        return ""
    label = re.match(r"[^:：]{2,40}[:：]", plain)
    targets = [t for index in indexes for t in index.exact(label[0])] if label is not None else []
    if targets:
        return "open" if targets[0].field.type in BOXED | {"long_text"} else "alone"
    if len(plain) > LAYOUT.title:
        return ""
    heading, title = fold_heading(plain), fold_label(plain)
    known = any(
        heading in i.headings or title in i.enders or (len(title) >= LABELS.long and title in i.titles) for i in indexes
    )
    return "alone" if known or _ANNEX.match(plain) else ""
