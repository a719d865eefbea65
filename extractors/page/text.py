"""Characters by position → lines → paragraphs, with the boxes in them.

Lines that the page's width broke are put together again; where a writer ended a line it stays ended. What tells them apart:
a broken line has no room left for what begins the next one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from extractors.document.model import TICKED, Mark
from extractors.page.characters import BOXES, UNSEEN, Char

CLOSING = frozenset("，。、；：？！）》】〕」』”’％%,.;:?!)]}…·～")
_QUOTES = frozenset("“”‘’/")
"""Programs that break lines by UAX 14 do not break beside these."""
_HANGING = frozenset("，。、；：,.;:")
_OPENING = frozenset("（《【〔「『“‘([{")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3000-\u30ff\uff01-\uffef□■☑☐☒●○√]")
_MARKER = re.compile(
    r"^(?:[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、)）](?!\d)|[一二三四五六七八九十]{1,3}、|[①-⑳]|第[一二三四五六七八九十]+[章节条])"
)
_HEADING = re.compile(
    r"^(?:[（(][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|附[件录]?\s*[\d一二三四五六七八九十]{1,2}\s*$)"
)
_LABELLED = re.compile(r"^[^：:，。；\s]{2,8}(?:[（(][^）)]{1,6}[)）])?[：:]")
"""A line of a cover: a short label, a colon, its value."""
_SENTENCE_END = "。！？；：…”）!?;:"
_RAISED = re.compile(r"^[\d①-⑳]{1,2}$|^\[\d{1,2}\]$")
SLACK = 0.35
"""Ems by which the room at a line's end may be misjudged."""
OVERLAP, CLOSE = 0.4, 0.6
"""Characters that cover more than so many ems of one another are two texts set over each other; so are lines nearer than this."""
EVEN, HALF = 0.06, 0.45
"""Gaps in a short text that differ by fewer ems, and are no wider than a blank, are those of letters set apart."""
TAB_GAP = 3.0
"""A gap of this many ems within a line parts two pieces of text (label and value, columns without rules)."""


@dataclass(slots=True)
class Line:
    """A line of text: its characters from left to right (blanks left out of ``x0`` and ``x1``)."""

    chars: list[Char]
    x0: float = 0.0
    x1: float = 0.0
    base: float = 0.0
    size: float = 0.0
    text: str = ""
    marks: list[Mark] = field(default_factory=list)
    bold: bool = False

    @property
    def top(self) -> float:
        return self.base - 0.8 * self.size

    @property
    def bottom(self) -> float:
        return self.base + 0.2 * self.size

    @property
    def edge(self) -> float:
        """Where the line ends without a full stop or comma, which may hang over the margin."""
        last = next((c for c in reversed(self.chars) if c.text != " "), None)
        return last.x0 if last is not None and last.text in _HANGING and last.angle == 0 else self.x1


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


def is_wide(char: str) -> bool:
    """True for characters that Chinese text puts side by side without a blank."""
    return char > "\u007f" and (char in "“”‘’—…·" or _WIDE.match(char) is not None)


def _set_over(a: Char, b: Char) -> bool:
    """Whether of two characters that cover one another both belong to a text; signs may be set close."""
    return (a.text.isalnum() and b.text.isalnum()) or abs(a.size - b.size) > 0.3 * max(a.size, b.size)


def to_lines(chars: Sequence[Char], one_cell: bool = False) -> list[Line]:
    """Characters grouped into lines from the top, each line's characters from the left. ``one_cell``: the characters are
    those of one cell, in which text may be written downwards."""
    level = [c for c in chars if c.angle in (0, 180)]
    if one_cell and _is_vertical(level):
        return [_block(level, 270)]
    lines = _lines(level) if level else []
    lines.extend(_block(stand, angle) for angle in (90, 270) if (stand := [c for c in chars if c.angle == angle]))
    return sorted((line for line in lines if line.text.strip()), key=lambda line: line.base)


def _is_vertical(chars: Sequence[Char]) -> bool:
    """True for upright characters set one below another in several columns: they were drawn going down."""
    shown = [c for c in chars if c.text != " "]
    if len(shown) < 4 or any(abs(a.base - b.base) < 0.3 * a.size for a, b in itertools.pairwise(shown[:3])):
        return False
    down = across = up = 0
    for a, b in itertools.pairwise(shown):
        up += b.base < a.base - 0.5 * a.size
        if abs(a.middle - b.middle) < 0.2 * a.size and 0.5 * a.size < b.base - a.base < 1.8 * a.size:
            down += 1
        elif abs(a.base - b.base) < 0.3 * a.size:
            across += 1
    # Letters and digits side by side in a column one character wide make no second column.
    middles = [c.middle for c in shown if is_wide(c.text)]
    columns = bool(middles) and max(middles) - min(middles) > 0.6 * median(c.size for c in shown)
    # Only from the foot of one column to the head of the next does such a text go up; else it goes down, step by step.
    whole = down + across + up >= 0.9 * (len(shown) - 1)
    return columns and up > 0 and whole and down >= 0.6 * (len(shown) - 1) and across <= 0.2 * len(shown)


def _block(chars: Sequence[Char], angle: int) -> Line:
    """Sideways or downward text as one line, placed where it stands on the page."""
    lines = _lines([_upright(c, angle) for c in chars])
    whole = Line(list(chars), min(c.x0 for c in chars), max(c.x1 for c in chars))
    whole.base, whole.size = median(c.base for c in chars), median(c.size for c in chars)
    for index, line in enumerate(lines):
        if index:
            whole.text += _seam(lines[index - 1], line, line.x1)
        whole.marks.extend(Mark(m.offset + len(whole.text), m.ticked, m.kind) for m in line.marks)
        whole.text += line.text
    return whole


def _upright(char: Char, angle: int) -> Char:
    """A sideways character in the frame in which its own line runs to the right."""
    middle, half = char.level, char.size / 2
    at, base = (-middle, char.x0 + 0.8 * char.size) if angle == 90 else (middle, -char.x0 - 0.2 * char.size)
    return Char(char.text, at - half, at + half, base, char.size, 0, char.run, char.bold, char.mark)


def _lines(chars: list[Char]) -> list[Line]:
    rows: list[list[Char]] = []
    spans: list[tuple[float, float]] = []
    for char in sorted(chars, key=lambda c: (c.base - 0.3 * c.size, c.x0)):
        size = char.size
        upper, lower = char.base - 0.8 * size, char.base + 0.2 * size
        best = -1
        for i in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            top, bottom = spans[i]
            shared = (lower if lower < bottom else bottom) - (upper if upper > top else top)
            height = bottom - top
            if shared >= 0.52 * (size if size < height else height):
                best = i
                break
        if best >= 0:
            rows[best].append(char)
            if size > 1.15 * (spans[best][1] - spans[best][0]):
                spans[best] = (upper, lower)
        elif char.text != " ":
            rows.append([char])
            spans.append((upper, lower))
    lines = [_line(sorted(row, key=lambda c: (c.x0, c.x1))) for row in rows]
    return sorted((line for line in lines if line.text.strip()), key=lambda line: line.base)


def _line(chars: list[Char]) -> Line:
    shown = [c for c in chars if c.text != " "]
    if not shown:
        return Line(chars)
    size = median(c.size for c in shown)
    base = median(c.base for c in shown if c.size >= 0.8 * size)
    line = Line(chars, shown[0].x0, max(c.x1 for c in shown), base, size)
    line.bold = sum(c.bold for c in shown) > 0.8 * len(shown)
    _compose(line)
    return line


def _compose(line: Line) -> None:
    """The line's text: blanks from the file and from gaps, footnote digits left out."""
    out: list[str] = []
    length = 0
    raised = _raised(line)
    spread = _spread(line)
    previous: Char | None = None
    blank = False
    for index, char in enumerate(line.chars):
        if char.text == " ":
            blank = previous is not None
            continue
        if index in raised:
            continue
        if previous is not None:
            if char.x0 < previous.x1 - OVERLAP * char.size and _set_over(previous, char):
                previous.confidence = char.confidence = min(char.confidence, UNSEEN)
            joint = _joint(previous, char, blank, spread)
            out.append(joint)
            length += len(joint)
        if char.text in BOXES:
            line.marks.append(Mark(length, char.text in (TICKED, "☒"), char.mark or "typed"))
        out.append(char.text)
        length += len(char.text)
        previous, blank = char, False
    line.text = "".join(out)


def _spread(line: Line) -> float:
    """How far apart the characters of a line are set throughout (letter spacing, justified lines)."""
    shown = [c for c in line.chars if c.text != " "]
    gaps = [b.x0 - a.x1 for a, b in itertools.pairwise(shown) if is_wide(a.text) and is_wide(b.text)]
    if len(gaps) > 3:
        return max(0.0, median(gaps))
    even = len(gaps) > 1 and max(gaps) - min(gaps) < EVEN * line.size and max(gaps) < HALF * line.size
    return max(0.0, median(gaps)) if even else 0.0


def _joint(previous: Char, char: Char, blank: bool, spread: float) -> str:
    """What stands between two characters of a line: nothing, a blank, or a tab over a wide gap."""
    gap = char.x0 - previous.x1
    em = max(previous.size, char.size)
    if gap > TAB_GAP * em:
        return "\t"
    if blank:
        return " " if gap > 0.08 * em else ""
    one, other = is_wide(previous.text), is_wide(char.text)
    if one and other:  # some programs leave out the blank and move on
        return " " if gap > spread + 0.17 * em else ""
    # Between Chinese and Latin characters programs set a quarter of an em of their own.
    limit = 0.4 if one or other else 0.2
    return " " if gap > limit * em else ""


def _raised(line: Line) -> set[int]:
    """Positions of small raised digits behind a Chinese character: marks of footnotes."""
    found: set[int] = set()
    if all(char.size >= 0.8 * line.size for char in line.chars):
        return found
    index = 0
    while index < len(line.chars):
        char = line.chars[index]
        small = char.size < 0.8 * line.size and line.base - char.base > 0.12 * line.size
        if not (small and (char.text.isdigit() or char.text in "[]〔〕")):
            index += 1
            continue
        end = index
        while end < len(line.chars) and (
            line.chars[end].size < 0.8 * line.size
            and (line.chars[end].text.isdigit() or line.chars[end].text in "[]〔〕")
        ):
            end += 1
        before = next((c.text for c in reversed(line.chars[:index]) if c.text != " "), "")
        word = "".join(c.text for c in line.chars[index:end])
        if before and (is_wide(before) or before in ")）*") and _RAISED.match(word):
            found.update(range(index, end))
        index = max(end, index + 1)
    return found


def first_word(line: Line) -> float:
    """Width of what cannot be parted at the line's beginning: a character or word with its brackets and full stops."""
    shown = line.chars
    end, started, latin = line.x0, False, False
    for index, char in enumerate(shown):
        if char.text == " ":
            if started:
                break
            continue
        if started and (char.text in _QUOTES or shown[index - 1].text in _QUOTES):
            end = char.x1
            continue
        if char.text in _OPENING and not started:
            end = char.x1
            continue
        if started and char.text in CLOSING:
            end = char.x1
            continue
        if started and (is_wide(char.text) or not latin):
            break
        started, latin, end = True, not is_wide(char.text), char.x1
    return end - line.x0


def paragraphs(lines: list[Line], left: float, right: float, indents: bool = False) -> list[list[Line]]:
    """Lines put together to paragraphs. ``left``/``right`` bound the text; ``indents``: a line that begins further in
    than ``left`` begins a paragraph (running text)."""
    if not lines:
        return []
    pitches = [b.base - a.base for a, b in itertools.pairwise(lines) if b.base - a.base > 0.5 * a.size]
    pitch = median(pitches) if pitches else 0.0
    centred = _centred(lines, left, right)
    found = [[lines[0]]]
    for before, line in itertools.pairwise(lines):
        goes_on = (indents and _goes_on(before, line, lines, left, right)) or _in_bracket(before, line)
        if not goes_on and _ends(before, line, left, right, centred, pitch, indents, found[-1]):
            found.append([line])
        else:
            found[-1].append(line)
    return found


def _in_bracket(before: Line, line: Line) -> bool:
    """True where a bracket that a line leaves open closes soon in the next."""
    end = line.text.find("）")
    opened = before.text.rfind("（")
    return (
        opened > before.text.rfind("）")
        and len(before.text) - opened < 12
        and 0 <= end < 12
        and "（" not in line.text[:end]
    )


def _goes_on(before: Line, line: Line, lines: list[Line], left: float, right: float) -> bool:
    """True where the value of a label (on a cover) goes on in the next line: below the value, or below the label where
    the line before is the longest of its block."""
    label = re.match(r"^[^：:]{2,12}[：:]\s*(?=\S)", before.text)
    if label is None or re.search(r"[：:]", line.text) or line.text[:1] in "（(" or _MARKER.match(line.text):
        return False
    if before.x1 - left < 0.6 * (right - left) or re.match(r"附\s*件?\s*\d", line.text):
        return False
    step = (line.base - before.base) / before.size
    if step > 3.2 or abs(line.size - before.size) > 0.1 * line.size:
        return False
    shown = [c for c in before.chars if c.text != " "]
    value = shown[len(re.sub(r"\s", "", label.group()))].x0
    if abs(line.x0 - value) < 0.5 * line.size and value - before.x0 > 3 * line.size:
        return True
    if step > 2.2:
        return False
    block = [other for other in lines if abs(other.x0 - before.x0) < 1 and abs(other.size - before.size) < 1]
    full = before.x1 + first_word(line) > max(o.x1 for o in block) - 0.3 * line.size
    return before.x0 - left > line.size and abs(line.x0 - before.x0) < 1 and full


def _centred(lines: list[Line], left: float, right: float) -> bool:
    middle = (left + right) / 2
    near = all(abs((line.x0 + line.x1) / 2 - middle) < 0.6 * line.size for line in lines)
    return near and any(abs(line.x0 - lines[0].x0) > 0.3 * line.size for line in lines)


def _ends(
    before: Line, line: Line, left: float, right: float, centred: bool, pitch: float, indents: bool, current: list[Line]
) -> bool:
    """True where ``line`` begins a new paragraph after ``before``."""
    size = max(before.size, line.size)
    step = line.base - before.base
    if step < 0.3 * size:  # beside one another: parts of one row
        return False
    if abs(before.size - line.size) > 0.12 * size and indents:
        return True
    if pitch and step > 1.4 * pitch and step > 1.3 * size:
        return True
    room = right - before.x1
    if centred:
        room += before.x0 - left
    if room > first_word(line) + SLACK * size:
        return True
    if indents and line.x0 - left > 1.4 * size and (len(current) > 1 or before.x0 - line.x0 < 0.5 * size):
        return True
    if indents and _LABELLED.match(before.text) and _LABELLED.match(line.text) and abs(before.x0 - line.x0) < size:
        return True
    if indents and _HEADING.match(line.text) and before.text.rstrip()[-1:] in _SENTENCE_END:
        return True
    return bool(_MARKER.match(line.text)) and _listed(current)


def _listed(current: list[Line]) -> bool:
    """True where the paragraph so far is an item of a list itself."""
    return bool(_MARKER.match(current[0].text))


def join_lines(lines: list[Line], right: float) -> tuple[str, list[Mark]]:
    """The text of one paragraph out of its lines."""
    text = ""
    marks: list[Mark] = []
    for index, line in enumerate(lines):
        if index:
            text += _seam(lines[index - 1], line, right)
        marks.extend(Mark(m.offset + len(text), m.ticked, m.kind) for m in line.marks)
        text += line.text
    return text, marks


def _seam(before: Line, line: Line, right: float) -> str:
    """What stands where a line was broken: a blank between Latin words, else nothing."""
    a, b = before.text[-1:], line.text[:1]
    if not a or not b or is_wide(a) or is_wide(b) or a in "-/_@" or b in "-/_.,;:%)]@":
        return ""
    if before.chars[-1].text == " ":
        return " "
    narrow = right - before.x1 < 0.3 * before.size
    cramped = right - before.x1 < line.chars[0].x1 - line.chars[0].x0
    if cramped and len(before.text) > 3 and not re.search(r"[^\x21-\x7e]", before.text):
        return ""  # a word that is wider than its cell
    if (a.isdigit() and b.isdigit()) or (narrow and _cut_word(before, line)):
        return ""
    return " "


def _cut_word(before: Line, line: Line) -> bool:
    """True where a long word was broken within (numbers, addresses): letters and digits on both sides."""
    tail = re.search(r"[\w.+-]+$", before.text, re.ASCII)
    head = re.match(r"[\w.+-]+", line.text, re.ASCII)
    both = (tail.group() if tail else "") + (head.group() if head else "")
    return len(both) > 12 and any(c.isdigit() for c in both)


def cell_text(chars: Sequence[Char], left: float, right: float) -> Text:
    """All text of a cell whose text may run from ``left`` to ``right``."""
    lines = to_lines(chars, one_cell=True)
    if lines:
        right = max(right, max(line.edge for line in lines))
    for before, line in itertools.pairwise(lines):
        if line.base - before.base < CLOSE * line.size and before.x0 < line.x1 and line.x0 < before.x1:
            for char in (*before.chars, *line.chars):
                char.confidence = min(char.confidence, UNSEEN)
    text = ""
    marks: list[Mark] = []
    for group in paragraphs(lines, left, right):
        part, found = join_lines(group, right)
        if text:
            text += "\n"
        marks.extend(Mark(m.offset + len(text), m.ticked, m.kind) for m in found)
        text += part
    return Text(text, marks, lines)


SHORT = 60
"""Texts up to this length have to be right in every character; in longer ones a slip does not change what is said."""


def certainty(lines: Sequence[Line]) -> float:
    """Confidence of a text from that of its characters: 1.0 for typed text, for OCR the chance that it is right."""
    sure = sorted(c.confidence for line in lines for c in line.chars if c.text != " ")
    if not sure or sure[0] >= 1.0:
        return 1.0
    if len(sure) <= SHORT:
        return round(sure[0], 4)
    return round(sure[len(sure) // 50], 4)
