"""Lines → paragraphs, and the text of a cell, with the boxes in it.

Lines that the page's width broke are put together again; where a writer ended a line it stays ended. What tells them apart:
a broken line has no room left for what begins the next one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from extractors.document.doubts import OVERPRINTED, WRAPPED, Doubts
from extractors.document.model import Mark
from extractors.page.characters import Char
from extractors.page.lines import Line, first_word, seam, to_lines
from extractors.page.settings import PARAGRAPHS

_MARKER = re.compile(
    r"^(?:[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、)）](?!\d)|[一二三四五六七八九十]{1,3}、|[①-⑳]|第[一二三四五六七八九十]+[章节条])"
)
_HEADING = re.compile(
    r"^(?:[（(][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|附[件录]?\s*[\d一二三四五六七八九十]{1,2}\s*$)"
)
_LABELLED = re.compile(r"^[^：:，。；\s]{2,8}(?:[（(][^）)]{1,6}[)）])?[：:]")
"""A line of a cover: a short label, a colon, its value."""
_SENTENCE_END = "。！？；：…”）!?;:"
_WHOLE_BRACKETS = str.maketrans("()", "（）")
_FRACTION = re.compile(r"-?\d{1,12}\.\d{1,4}[%％]?")


@dataclass(slots=True)
class Text:
    """A paragraph or the whole of a cell: its text (paragraphs of a cell on lines of their own), boxes, and lines."""

    text: str
    marks: list[Mark]
    lines: list[Line]

    @property
    def size(self) -> float:
        return self.lines[0].size

    @property
    def top(self) -> float:
        return min(line.top for line in self.lines)


def paragraphs(lines: list[Line], left: float, right: float, indents: bool = False) -> list[list[Line]]:
    """Lines put together to paragraphs. ``left``/``right`` bound the text; ``indents``: a line that begins further in
    than ``left`` begins a paragraph (running text)."""
    if not lines:
        return []
    pitches = [b.base - a.base for a, b in itertools.pairwise(lines) if b.base - a.base > PARAGRAPHS.next_line * a.size]
    pitch = median(pitches) if pitches else 0.0
    centred = _centred(lines, left, right)
    found = [[lines[0]]]
    for before, line in itertools.pairwise(lines):
        goes_on = (indents and _goes_on(before, line, lines, left, right)) or _in_bracket(before, line)
        ends = not goes_on and _ends(before, line, left, right, centred, pitch, indents, found[-1])
        if ends and not (line is lines[1] is lines[-1] and _one_figure(before, line, right)):
            found.append([line])
        else:
            found[-1].append(line)
    return found


def _one_figure(before: Line, line: Line, right: float) -> bool:
    """True where two lines, all that a cell holds, are one figure with its point in the first (76.5, 6%) that has no room for
    much more: how much is roughly known in a picture. It is doubted."""
    cut = (
        "." in before.text[1:]
        and right - before.x1 < first_word(line) + PARAGRAPHS.figure_room * before.size
        and _FRACTION.fullmatch(before.text + line.text) is not None
    )
    for char in (*before.chars, *line.chars) if cut else ():
        char.doubted(WRAPPED)
    return cut


def _in_bracket(before: Line, line: Line) -> bool:
    """True where a bracket that a line leaves open closes soon in the next. In a picture one of a pair may be read as a half one."""
    earlier, later = (text.translate(_WHOLE_BRACKETS) for text in (before.text, line.text))
    end = later.find("）")
    opened = earlier.rfind("（")
    return (
        opened > earlier.rfind("）")
        and len(earlier) - opened < PARAGRAPHS.bracket
        and 0 <= end < PARAGRAPHS.bracket
        and "（" not in later[:end]
    )


def _goes_on(before: Line, line: Line, lines: list[Line], left: float, right: float) -> bool:
    """True where the value of a label (on a cover) goes on in the next line: below the value, or below the label where
    the line before is the longest of its block."""
    label = re.match(r"^[^：:]{2,12}[：:]\s*(?=\S)", before.text)
    if label is None or re.search(r"[：:]", line.text) or line.text[:1] in "（(" or _MARKER.match(line.text):
        return False
    if before.x1 - left < PARAGRAPHS.long_share * (right - left) or re.match(r"附\s*+件?\s*+\d", line.text):
        return False
    step = (line.base - before.base) / before.size
    if step > PARAGRAPHS.value_step or abs(line.size - before.size) > PARAGRAPHS.value_size * line.size:
        return False
    shown = [c for c in before.chars if c.text != " "]
    value = shown[len(re.sub(r"\s", "", label.group()))].x0
    if (
        abs(line.x0 - value) < PARAGRAPHS.below_value * line.size
        and value - before.x0 > PARAGRAPHS.value_indent * line.size
    ):
        return True
    if step > PARAGRAPHS.label_step:
        return False
    block = [other for other in lines if abs(other.x0 - before.x0) < 1 and abs(other.size - before.size) < 1]
    full = before.x1 + first_word(line) > max(o.x1 for o in block) - PARAGRAPHS.block_end * line.size
    return before.x0 - left > line.size and abs(line.x0 - before.x0) < 1 and full


def _centred(lines: list[Line], left: float, right: float) -> bool:
    middle = (left + right) / 2
    near = all(abs((line.x0 + line.x1) / 2 - middle) < PARAGRAPHS.centred * line.size for line in lines)
    return near and any(abs(line.x0 - lines[0].x0) > PARAGRAPHS.uneven * line.size for line in lines)


def _ends(
    before: Line, line: Line, left: float, right: float, centred: bool, pitch: float, indents: bool, current: list[Line]
) -> bool:
    """True where ``line`` begins a new paragraph after ``before``."""
    size = max(before.size, line.size)
    step = line.base - before.base
    if step < PARAGRAPHS.one_row * size:  # beside one another: parts of one row
        return False
    if abs(before.size - line.size) > PARAGRAPHS.other_size * size and indents:
        return True
    if pitch and step > PARAGRAPHS.wide_step * pitch and step > PARAGRAPHS.least_step * size:
        return True
    room = right - before.x1
    if centred:
        room += before.x0 - left
    if room > first_word(line) + PARAGRAPHS.misjudged_room * size:
        return True
    if (
        indents
        and line.x0 - left > PARAGRAPHS.indent * size
        and (len(current) > 1 or before.x0 - line.x0 < PARAGRAPHS.hanging * size)
    ):
        return True
    begins_right = len(current) == 1 and before.x0 - left > PARAGRAPHS.begins_right * (right - left)
    if indents and begins_right and line.x0 - left < PARAGRAPHS.indent * size:
        return True
    labelled = _LABELLED.match(before.text) and _LABELLED.match(line.text) and abs(before.x0 - line.x0) < size
    if indents and labelled and not _several(before):
        return True
    if indents and _LABELLED.match(before.text) and _MARKER.match(line.text):  # a value, and what is numbered below it
        return True
    if indents and _HEADING.match(line.text) and before.text.rstrip()[-1:] in _SENTENCE_END:
        return True
    return bool(_MARKER.match(line.text)) and _listed(current)


def _several(line: Line) -> bool:
    """Whether a line holds several labels with their values, one right behind the other: a cover that became running text."""
    return sum(1 for c in line.chars if c.text in "：:") > 1 and "\t" not in line.text


def _listed(current: list[Line]) -> bool:
    """True where the paragraph so far is an item of a list itself."""
    return bool(_MARKER.match(current[0].text))


def join_lines(lines: list[Line], right: float) -> tuple[str, list[Mark]]:
    """The text of one paragraph out of its lines."""
    text = ""
    marks: list[Mark] = []
    for index, line in enumerate(lines):
        if index:
            text += seam(lines[index - 1], line, right)
        marks.extend(Mark(m.offset + len(text), m.ticked, m.kind) for m in line.marks)
        text += line.text
    return text, marks


def cell_text(chars: Sequence[Char], left: float, right: float) -> Text:
    """All text of a cell whose text may run from ``left`` to ``right``."""
    lines = to_lines(chars, one_cell=True)
    if lines:
        right = max(right, max(line.edge for line in lines))
    for before, line in itertools.pairwise(lines):
        if line.base - before.base < PARAGRAPHS.set_over * line.size and before.x0 < line.x1 and line.x0 < before.x1:
            for char in (*before.chars, *line.chars):
                char.doubted(OVERPRINTED)
    text = ""
    marks: list[Mark] = []
    for group in paragraphs(lines, left, right):
        part, found = join_lines(group, right)
        if text:
            text += "\n"
        marks.extend(Mark(m.offset + len(text), m.ticked, m.kind) for m in found)
        text += part
    return Text(text, marks, lines)


def doubts_about(lines: Sequence[Line]) -> Doubts:
    """The doubt about a text, from those about its characters: none for typed text, for OCR the chance that it is right. In a long
    one a slip is let pass, but never that of a box: it is the answer."""
    found = sorted(
        (c.doubt for line in lines for c in line.chars if c.doubt is not None and c.text != " "), key=lambda d: d.factor
    )
    if not found:
        return ()
    count = sum(1 for line in lines for c in line.chars if c.text != " ")
    rank = 0 if count <= PARAGRAPHS.sure_length else count // PARAGRAPHS.slip
    boxes = (c.doubt for line in lines for c in line.chars if c.mark and c.doubt is not None)
    gravest = min((*found[rank : rank + 1], *boxes), key=lambda d: d.factor, default=None)
    factor = round(gravest.factor, 4) if gravest is not None else 1.0
    return (gravest.at(factor),) if gravest is not None and factor < 1 else ()
