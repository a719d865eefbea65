"""Characters by position → lines of text, with the boxes in them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from extractors.document.doubts import NOTE_OR_FIGURE, OVERPRINTED
from extractors.document.model import TICKED, Mark
from extractors.page.characters import ASCENT, BOXES, DESCENT, DOWNWARDS, MIDDLE, UPWARDS, Char
from extractors.page.settings import LINES

CLOSING = frozenset("，。、；：？！）》】〕」』”’％%,.;:?!)]}…·～")
_QUOTES = frozenset("“”‘’/")
"""Programs that break lines by UAX 14 do not break beside these."""
_HANGING = frozenset("，。、；：,.;:")
_HALF_INKED = frozenset("，。、；：？！）》】〕」』”’")
_OPENING = frozenset("（《【〔「『“‘([{")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3000-\u30ff\uff01-\uffef□■☑☐☒●○√]")
"""With the signs that fonts set as wide as a Chinese character: about width, whatever they say of a choice (records/signs.py)."""
_BEFORE_EXPONENT = re.compile(r"(?:(?<![A-Za-z])(?:[kcdm]?m|s|x)|(?<![\d.])10)$")
"""A unit or a figure that has exponents: m², 10³."""
_RAISED = re.compile(r"^[\d①-⑳]{1,2}$|^\[\d{1,2}\]$")


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
        return self.base - ASCENT * self.size

    @property
    def bottom(self) -> float:
        return self.base + DESCENT * self.size

    @property
    def edge(self) -> float:
        """Where the line ends without a full stop or comma, which may hang over the margin."""
        last = next((c for c in reversed(self.chars) if c.text != " "), None)
        return last.x0 if last is not None and last.text in _HANGING and last.angle == 0 else self.x1


def is_wide(char: str) -> bool:
    """True for characters that Chinese text puts side by side without a blank."""
    return char > "\u007f" and (char in "“”‘’—…·" or _WIDE.match(char) is not None)


def ink_end(char: Char) -> float:
    """Where what is seen of a character ends: a full stop or closing bracket stands at the left of its square."""
    return min(char.x1, char.x0 + LINES.half_inked * char.size) if char.text in _HALF_INKED else char.x1


def _set_over(a: Char, b: Char) -> bool:
    """Whether of two characters that cover one another both belong to a text; signs may be set close."""
    return (a.text.isalnum() and b.text.isalnum()) or abs(a.size - b.size) > LINES.other_size_share * max(
        a.size, b.size
    )


def to_lines(chars: Sequence[Char], one_cell: bool = False) -> list[Line]:
    """Characters grouped into lines from the top, each line's characters from the left. ``one_cell``: the characters are
    those of one cell, in which text may be written downwards."""
    level = [c for c in chars if c.angle in (0, 180)]
    if one_cell and _is_vertical(level):
        return [_block(level, DOWNWARDS)]
    lines = _lines(level) if level else []
    lines.extend(
        _block(stand, angle) for angle in (UPWARDS, DOWNWARDS) if (stand := [c for c in chars if c.angle == angle])
    )
    return sorted((line for line in lines if line.text.strip()), key=lambda line: line.base)


def _is_vertical(chars: Sequence[Char]) -> bool:
    """True for upright characters set one below another in several columns: they were drawn going down."""
    shown = [c for c in chars if c.text != " "]
    if len(shown) < LINES.downward_least or any(
        abs(a.base - b.base) < LINES.same_level * a.size for a, b in itertools.pairwise(shown[:3])
    ):
        return False
    down = across = up = 0
    for a, b in itertools.pairwise(shown):
        up += b.base < a.base - LINES.step_up * a.size
        if (
            abs(a.middle - b.middle) < LINES.beneath_aside * a.size
            and LINES.beneath[0] * a.size < b.base - a.base < LINES.beneath[1] * a.size
        ):
            down += 1
        elif abs(a.base - b.base) < LINES.same_level * a.size:
            across += 1
    # Letters and digits side by side in a column one character wide make no second column.
    middles = [c.middle for c in shown if is_wide(c.text)]
    columns = bool(middles) and max(middles) - min(middles) > LINES.column_apart * median(c.size for c in shown)
    # Only from the foot of one column to the head of the next does such a text go up; else it goes down, step by step.
    whole = down + across + up >= LINES.ordered_share * (len(shown) - 1)
    return (
        columns
        and up > 0
        and whole
        and down >= LINES.downward_share * (len(shown) - 1)
        and across <= LINES.across_share * len(shown)
    )


def _block(chars: Sequence[Char], angle: int) -> Line:
    """Sideways or downward text as one line, placed where it stands on the page."""
    lines = _lines([_upright(c, angle) for c in chars])
    whole = Line(list(chars), min(c.x0 for c in chars), max(c.x1 for c in chars))
    whole.base, whole.size = median(c.base for c in chars), median(c.size for c in chars)
    for index, line in enumerate(lines):
        if index:
            whole.text += seam(lines[index - 1], line, line.x1)
        whole.marks.extend(Mark(m.offset + len(whole.text), m.ticked, m.kind) for m in line.marks)
        whole.text += line.text
    return whole


def _upright(char: Char, angle: int) -> Char:
    """A sideways character in the frame in which its own line runs to the right."""
    middle, half = char.level, char.size / 2
    at, base = (-middle, char.x0 + ASCENT * char.size) if angle == UPWARDS else (middle, -char.x0 - DESCENT * char.size)
    return Char(char.text, at - half, at + half, base, char.size, 0, char.run, char.bold, char.mark)


def _lines(chars: list[Char]) -> list[Line]:
    rows: list[list[Char]] = []
    spans: list[tuple[float, float]] = []
    share, larger = LINES.shared_height, LINES.larger
    for char in sorted(chars, key=lambda c: (c.base - MIDDLE * c.size, c.x0)):
        size = char.size
        upper, lower = char.base - ASCENT * size, char.base + DESCENT * size
        best = -1
        for i in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            top, bottom = spans[i]
            shared = (lower if lower < bottom else bottom) - (upper if upper > top else top)
            height = bottom - top
            if shared >= share * (size if size < height else height):
                best = i
                break
        if best >= 0:
            rows[best].append(char)
            if size > larger * (spans[best][1] - spans[best][0]):
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
    small = LINES.small * size
    base = median(c.base for c in shown if c.size >= small)
    line = Line(chars, shown[0].x0, max(c.x1 for c in shown), base, size)
    line.bold = sum(c.bold for c in shown) > LINES.bold_share * len(shown)
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
            if char.x0 < previous.x1 - LINES.overlap * char.size and _set_over(previous, char):
                previous.doubted(OVERPRINTED)
                char.doubted(OVERPRINTED)
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
    if len(gaps) > LINES.many_gaps:
        return max(0.0, median(gaps))
    even = (
        len(gaps) > 1
        and max(gaps) - min(gaps) < LINES.even_gaps * line.size
        and max(gaps) < LINES.letter_gap * line.size
    )
    return max(0.0, median(gaps)) if even else 0.0


def _joint(previous: Char, char: Char, blank: bool, spread: float) -> str:
    """What stands between two characters of a line: nothing, a blank, or a tab over a wide gap."""
    gap = char.x0 - previous.x1
    em = max(previous.size, char.size)
    if gap > LINES.tab_gap * em:
        return "\t"
    if blank:
        return " " if gap > LINES.typed_blank * em else ""
    one, other = is_wide(previous.text), is_wide(char.text)
    if one and other:  # some programs leave out the blank and move on
        return " " if gap > spread + LINES.wide_blank * em else ""
    # Between Chinese and Latin characters programs set a quarter of an em of their own.
    limit = LINES.mixed_blank if one or other else LINES.latin_blank
    return " " if gap > limit * em else ""


def _raised(line: Line) -> set[int]:
    """Positions of small raised digits that are marks of footnotes."""
    found: set[int] = set()
    small = LINES.small * line.size
    if all(char.size >= small for char in line.chars):
        return found
    index = 0
    while index < len(line.chars):
        char = line.chars[index]
        raised = char.size < small and line.base - char.base > LINES.raised * line.size
        if not (raised and (char.text.isdigit() or char.text in "[]〔〕")):
            index += 1
            continue
        end = index
        while end < len(line.chars) and (
            line.chars[end].size < small and (line.chars[end].text.isdigit() or line.chars[end].text in "[]〔〕")
        ):
            end += 1
        word = "".join(c.text for c in line.chars[index:end])
        if _RAISED.match(word) and _is_note(line.chars[:index], word):
            found.update(range(index, end))
        index = max(end, index + 1)
    return found


def _is_note(chars: list[Char], word: str) -> bool:
    """Whether raised digits behind these characters are the mark of a footnote. Behind a figure or a Latin word they may be an
    exponent too: what a unit or a power of ten has is kept, what another has is taken for a mark, in doubt."""
    last = next((c for c in reversed(chars) if c.text != " "), None)
    if last is None:
        return False
    if is_wide(last.text) or last.text in ")）*" or word.startswith("["):
        return True
    exponent = _BEFORE_EXPONENT.search("".join(c.text for c in chars[-LINES.before_exponent :])) is not None
    if last.text.isdigit() or not exponent:
        last.doubted(NOTE_OR_FIGURE)
    return not exponent


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


def seam(before: Line, line: Line, right: float) -> str:
    """What stands where a line was broken: a blank between Latin words, else nothing."""
    a, b = before.text[-1:], line.text[:1]
    if not a or not b or is_wide(a) or is_wide(b) or a in "-/_@" or b in "-/_.,;:%)]@":
        return ""
    if before.chars[-1].text == " ":
        return " "
    narrow = right - before.x1 < LINES.line_end * before.size
    cramped = right - before.x1 < line.chars[0].x1 - line.chars[0].x0
    if cramped and len(before.text) > LINES.narrow_cell and not re.search(r"[^\x21-\x7e]", before.text):
        return ""  # a word that is wider than its cell
    if (a.isdigit() and b.isdigit()) or (narrow and _cut_word(before, line)):
        return ""
    return " "


def _cut_word(before: Line, line: Line) -> bool:
    """True where a long word was broken within (numbers, addresses): letters and digits on both sides."""
    tail = re.search(r"(?<![\w.+-])[\w.+-]++$", before.text, re.ASCII)
    head = re.match(r"[\w.+-]+", line.text, re.ASCII)
    both = (tail.group() if tail else "") + (head.group() if head else "")
    return len(both) > LINES.long_word and any(c.isdigit() for c in both)
