"""What was typed upon a page that is read from its picture, in a font that the file does not hold.

No picture shows it (:mod:`extractors.pdf.blank_font`), so it is taken from the file's codes. Where it stands among what the
picture holds is not certain: a scan may lie askew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.document.doubts import TYPED_UPON_A_SCAN, together
from extractors.page.characters import Char
from extractors.page.content import PageContent
from extractors.page.lines import to_lines
from extractors.page.text import cell_text, doubts_about


def lay_over(contents: Sequence[PageContent], typed: Sequence[Char], longest: float) -> None:
    """Put characters of a sheet, whose longest side is ``longest`` points, among what was read from its picture: of one page, or
    of two side by side."""
    width = sum(content.width for content in contents)
    scale = max(width, *(content.height for content in contents)) / (longest or 1.0)
    rest = [_scaled(char, scale) for char in typed]
    left = 0.0
    for content in contents[:-1]:
        _lay_over(content, [_moved(c, left) for c in rest if c.middle < left + content.width])
        left += content.width
        rest = [c for c in rest if c.middle >= left]
    _lay_over(contents[-1], [_moved(c, left) for c in rest])


def _lay_over(content: PageContent, rest: list[Char]) -> None:
    for table in content.tables:
        for number, (cell, box) in enumerate(zip(table.table.cells, table.boxes, strict=True)):
            own = [c for c in rest if box.holds(c.middle, c.level)]
            if not own:
                continue
            rest = [c for c in rest if c not in own]
            read = [c for line in table.texts[number].lines for c in line.chars]
            text = cell_text([*read, *own], box.x0 + table.padding, box.x1 - table.padding)
            table.texts[number], cell.text, cell.marks = text, text.text, text.marks
            cell.doubts = together((TYPED_UPON_A_SCAN,), doubts_about(text.lines))
    if rest:
        content.lines = to_lines([c for line in content.lines for c in line.chars] + rest)


def _moved(char: Char, left: float) -> Char:
    return replace(char, x0=char.x0 - left, x1=char.x1 - left) if left else char


def _scaled(char: Char, scale: float) -> Char:
    moved = replace(char, x0=char.x0 * scale, x1=char.x1 * scale, base=char.base * scale, size=char.size * scale)
    moved.doubted(TYPED_UPON_A_SCAN)
    return moved
