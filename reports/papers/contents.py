"""The table of contents of a Word file: where a template has Word's field for one, its entries stand already filled in.

Programs fill that field in only when somebody asks them to, and LibreOffice shows nothing of the pages it refers to until
then. So each entry is a paragraph of its own, with the heading's words and a reference to its page: LibreOffice works the
page out as it opens the paper, Word as it prints it.
"""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W = f"{{{W}}}"
_FIELD = re.compile(r'^\s*TOC\b.*?\\o\s*"1-(\d)"')
_LEVELS = {f"Heading{level}": level for level in range(1, 10)}


def fill_contents(body: Any) -> None:
    """Write the entries of every table of contents in ``body`` (lxml) for the headings that stand in it."""
    for instruction in list(body.iter(f"{_W}instrText")):
        asked = _FIELD.match(instruction.text or "")
        if asked is None:
            continue
        first = next(p for p in instruction.iterancestors(f"{_W}p"))
        after = list(first.itersiblings(f"{_W}p"))
        last = next(p for p in (first, *after) if _ends(p, started=p is not first))
        old = [first, *after[: after.index(last) + 1]] if last is not first else [first]
        for heading in _headings(body, int(asked[1])):
            first.addprevious(_entry(*heading))
        for paragraph in old:
            paragraph.getparent().remove(paragraph)


def _ends(paragraph: Any, *, started: bool) -> bool:
    """Whether the field ends in ``paragraph``; those inside of it (the pages) begin and end there."""
    depth = int(started)
    for mark in paragraph.iter(f"{_W}fldChar"):
        kind = mark.get(f"{_W}fldCharType")
        depth += (kind == "begin") - (kind == "end")
    return depth <= 0


def _headings(body: Any, deepest: int) -> list[tuple[int, str, str]]:
    """Level, words and bookmark of every heading down to a level; each gets its bookmark."""
    found: list[tuple[int, str, str]] = []
    for paragraph in body.iter(f"{_W}p"):
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        level = _LEVELS.get(style.get(f"{_W}val"), 0) if style is not None else 0
        if 0 < level <= deepest:
            name = f"_Toc{len(found) + 1:06d}"
            found.append((level, "".join(paragraph.itertext(f"{_W}t")), name))
            _bookmark(paragraph, name, len(found))
    return found


def _bookmark(paragraph: Any, name: str, number: int) -> None:
    start = etree.Element(f"{_W}bookmarkStart", {f"{_W}id": str(9000 + number), f"{_W}name": name})
    end = etree.Element(f"{_W}bookmarkEnd", {f"{_W}id": str(9000 + number)})
    paragraph.find(f"{_W}pPr").addnext(start)
    paragraph.append(end)


def _entry(level: int, words: str, name: str) -> Any:
    return etree.fromstring(
        f'<w:p xmlns:w="{W}"><w:pPr><w:pStyle w:val="TOC{level}"/></w:pPr><w:hyperlink w:anchor="{name}" w:history="1">'
        f'<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r><w:r><w:tab/></w:r>{_mark("begin")}'
        f'<w:r><w:instrText xml:space="preserve"> PAGEREF {name} \\h </w:instrText></w:r>{_mark("separate")}'
        f"<w:r><w:t></w:t></w:r>{_mark('end')}</w:hyperlink></w:p>"
    )


def _mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'
