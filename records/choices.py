"""Which box of a choice is ticked, in every way people tick: ☑ before or after the option, √ beside a box, (√), ■, ●, Wingdings
(already ☑/□ by then), boxes deleted but for the chosen one. Two ticked boxes are a conflict, not a choice.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Literal, NamedTuple

from records.signs import CHECKS, TICKED, UNSEEN, UNTICKED

Names = tuple[str, ...]
"""Names of doubts (:mod:`records.doubts`)."""
UNTOLD = ("tick_not_told",)
_BETWEEN = ("tick_between",)
_BOXLESS = ("tick_without_its_box",)
State = Literal["one", "none", "many", "unclear"]

_T, _U = re.escape(TICKED), re.escape(UNTICKED)
_PAREN = re.compile(rf"[(（\[【〔［]\s*+([{_T}vVyY]?)\s*+[)）\]】〕］]|\[\s*+([xX])\s*+\]")
_OTHER = re.compile(rf"(?:^|(?<=[\s,，;；、/|]))([{_T}])(\s*)(?=[\u4e00-\u9fff])")
"""A tick before a word."""
_FOREIGN_BOX = re.compile(rf"\s+[{_T}{_U}]\s*[\u4e00-\u9fff]")
"""Behind the last option the box before a further word: □其他"""
_WORD = re.compile("[\u4e00-\u9fff]")
_NO_LETTERS = re.compile(r"[\W_]+")
_CROSS = "×✗✘Xx╳"


_C, _F = re.escape(CHECKS), re.escape("".join(sign for sign in TICKED if sign not in CHECKS))
_ONE_TICK = re.compile(rf"(?:[{_U}]\s*+)?[{_C}]|[{_F}]\s*[{_C}]?|[\[【(（]\s*[xX×vV{_C}■]\s*[\]】)）]")
"""A tick typed beside its box (□√是) is one."""
_BOX = re.compile(rf"[{_T}{_U}]|[\[(（]\s*[\])）]")
_ALONE = 2
"""Characters of a gap in which a cross or a v is a mark and no letter of a word."""


class Choice(NamedTuple):
    """``ticked`` lists the ticked options in the order of the form; ``state`` says whether that is a choice."""

    state: State
    ticked: tuple[str, ...]
    doubts: Names = ()

    @property
    def value(self) -> str | None:
        return self.ticked[0] if self.state == "one" else None

    @property
    def values(self) -> list[str] | None:
        """Of a choice of several."""
        return list(self.ticked) if self.state == "many" else None


def has_boxes(text: str) -> bool:
    """Whether boxes, rings, ticks or empty brackets stand in a text."""
    return _BOX.search(text) is not None


def ticks(text: str) -> int | None:
    """How many boxes are ticked in a choice's text, None where it has no boxes at all."""
    found = len(_ONE_TICK.findall(text))
    return found if found or has_boxes(text) else None


def choose(text: str, options: tuple[str, ...], aliases: dict[str, tuple[str, ...]] | None = None) -> Choice:
    """The ticked option of ``text``. ``state``: one · none (boxes, none ticked; or blank) · many · unclear (no option of the
    form stands there, or marks that cannot be told apart)."""
    plain = as_boxes(text)
    if not plain.strip():
        return Choice("none", ())
    found = options_in(plain, options, aliases or {})
    if not found:
        return Choice("unclear", (), UNTOLD)
    plain, other = _without_other(plain, found)
    marked, boxes, doubts = _assign(plain, found)
    if other and not marked:
        return Choice("unclear", (), UNTOLD)  # ☑其他：… is none of the form's options
    if marked:
        names = tuple(o for o in options if o in marked)
        return Choice("one" if len(names) == 1 and not other else "many", names, doubts)
    if boxes:
        # □是 □否  否; □民营企业: the others were deleted, and so they may be chosen
        there = len({name for name, _, _ in found})
        odd = len(found) > there or there == 1 < len(options) or _one_differs(plain, found)
        return Choice("none", (), UNTOLD if odd else doubts)
    names = tuple(dict.fromkeys(name for name, _, _ in found))
    if len(names) == 1:
        # no box at all: the applicant left only the option meant
        start, end = found[0][1], found[0][2]
        alone = not words(plain[:start] + plain[end:])
        return Choice("one", names, () if alone else ("chosen_among_words",))
    return Choice("none", (), UNTOLD)  # the boxes themselves were lost on the way


_PARTING = re.compile(r"[\s、,;/|和及与]+")
"""What parts several options that stand without boxes."""


def choose_several(text: str, options: tuple[str, ...], aliases: dict[str, tuple[str, ...]] | None = None) -> Choice:
    """The ticked options of ``text``, of which there may be several. ``state``: many (one or more) · none · unclear. Where boxes
    are gone, the options that are left are those that are meant; all of them say nothing."""
    found = choose(text, options, aliases)
    if found.state in ("one", "many"):
        other = _without_other(as_boxes(text), options_in(as_boxes(text), options, aliases or {}))[1]
        return Choice("many", found.ticked, UNTOLD if other else found.doubts)
    if found.state == "none" and found.doubts and not has_boxes(text):
        plain = as_boxes(text)
        there = options_in(plain, options, aliases or {})
        names = {name for name, _, _ in there}
        rest = plain
        for _, start, end in reversed(there):
            rest = rest[:start] + " " + rest[end:]
        if len(names) < len(options) and not _PARTING.sub("", rest):
            return Choice("many", tuple(o for o in options if o in names))
    return found


def words(text: str) -> str:
    """A text's letters and digits alone."""
    return _NO_LETTERS.sub("", text)


def _without_other(text: str, found: list[tuple[str, int, int]]) -> tuple[str, bool]:
    """``text`` without the ticks of options that the form does not have (☑其他：合伙企业), and whether there was one. A tick
    that touches the option before it is that option's."""
    starts = {start for _, start, _ in found}
    other = [m.start(1) for m in _OTHER.finditer(text) if m.end(1) + len(m[2]) not in starts]
    for at in other:
        text = f"{text[:at]} {text[at + 1 :]}"
    return text, bool(other)


def as_boxes(text: str) -> str:
    """``text`` with (√), [x] and ( ) as ☑ and □. Parenthesised ticks as single marks, widths folded, but boxes untouched."""
    text = UNSEEN.sub("", text)
    text = _PAREN.sub(lambda m: "☑" if m[1] or m[2] else "□", text)
    return text.translate(_FOLDED)


class _Folding(dict[int, str]):
    """Character → its compatible form, each made once; boxes and ticks stay as they are."""

    def __missing__(self, code: int) -> str:
        made = self[code] = unicodedata.normalize("NFKC", chr(code))
        return made


_FOLDED = _Folding((ord(c), c) for c in TICKED + UNTICKED)


def options_in(text: str, options: tuple[str, ...], aliases: dict[str, tuple[str, ...]]) -> list[tuple[str, int, int]]:
    """(option, start, end) of every option in the text, longest wording first, not overlapping."""
    taken: list[tuple[str, int, int]] = []
    closed = "".join(text.split())
    for plain, spread, option in _wordings(options, tuple(aliases.items())):
        if plain not in closed:
            continue
        for match in spread.finditer(text):
            if all(match.end() <= s or match.start() >= e for _, s, e in taken):
                taken.append((option, match.start(), match.end()))
    return sorted(taken, key=lambda item: item[1])


@functools.lru_cache(maxsize=500)
def _wordings(
    options: tuple[str, ...], aliases: tuple[tuple[str, tuple[str, ...]], ...]
) -> list[tuple[str, re.Pattern[str], str]]:
    """Every wording of the options, the longest first: without white space, as a pattern in which any may stand between its
    characters, and the option."""
    words = dict(aliases)
    wordings = [(o, o) for o in options] + [(alias, o) for o in options for alias in words.get(o, ())]
    plain = [(unicodedata.normalize("NFKC", w), o) for w, o in sorted(wordings, key=lambda pair: -len(pair[0]))]
    return [("".join(w.split()), re.compile(r"\s*".join(map(re.escape, w))), option) for w, option in plain]


def _marks(gap: str) -> list[tuple[str, int]]:
    """(kind, offset) of the marks of a gap between options; kind t(icked), u(nticked). 口 and 囗 stand for a box only directly
    before or after an option."""
    found = []
    for i, c in enumerate(gap):
        if c in TICKED:
            found.append(("t", i))
        elif (
            c in UNTICKED
            or (c in "口囗" and (i == len(gap) - 1 or gap[i + 1].isspace() or i == 0))
            or (c in _CROSS and (len(gap.strip()) <= _ALONE))
        ):
            found.append(("u", i))
        elif c in "vV" and len(gap.strip()) <= _ALONE:
            found.append(("t", i))
    return found


def _assign(text: str, found: list[tuple[str, int, int]]) -> tuple[set[str], bool, Names]:
    """(ticked options, whether any box stands there, the doubts). Boxes stand all before or all after their options; a
    bare tick beside them belongs to the option or box it touches."""
    gaps = _gaps(text, found)
    marks = [_marks(g) for g in gaps]
    if not any(marks):
        return set(), False, ()
    # a tick beside its own box in one gap, written √□ or □√, is that box ticked
    before = bool(marks[0])
    after = bool(marks[-1]) and not (before and _FOREIGN_BOX.match(gaps[-1]))
    if before and after:
        lead = sum(len(m) for m in marks[:-1])
        before = lead >= sum(len(m) for m in marks[1:]) or marks[0][0][0] == "u"
    if not before and not after:
        # a mark between options only: beside which does it stand
        return _nearest(gaps, marks, found)
    ticked: set[str] = set()
    doubts: Names = ()
    if before:
        for index, (option, _, _) in enumerate(found):
            own = marks[index]
            gap = gaps[index]
            if index:
                own, before_it, why = _split_before(gap, own)
                doubts += why
                if why == _BOXLESS and any(kind == "u" for kind, _ in marks[index - 1]):
                    ticked.add(option)  # the one before has its own box, this one has none but the tick
                elif before_it:
                    ticked.add(found[index - 1][0])
            if any(kind == "t" for kind, _ in own):
                ticked.add(option)
        tail = _tail(gaps[-1], marks[-1])
        if tail:
            ticked.add(found[-1][0])
        return ticked, True, doubts
    for index, (option, _, _) in enumerate(found):
        own, others = _of_option(gaps[index + 1], marks[index + 1])
        if index + 1 < len(found) and len(own) > 1 and own[-1][0] == "t":
            gap, at = gaps[index + 1], own[-1][1]
            if at == len(gap) - 1:  # 是□ √否□: the tick touches the next option
                ticked.add(found[index + 1][0])
                doubts += () if gap[at - 1].isspace() else _BETWEEN
                own = own[:-1]
        if any(kind == "t" for kind, _ in own):
            ticked.add(option)
        if any(kind == "t" for kind, _ in others):
            doubts += UNTOLD
    return ticked, True, doubts


def _gaps(text: str, found: list[tuple[str, int, int]]) -> list[str]:
    """What stands before, between and behind the options."""
    starts, ends = [*(start for _, start, _ in found), len(text)], [0, *(end for _, _, end in found)]
    return [text[end:start] for end, start in zip(ends, starts, strict=True)]


def _one_differs(text: str, found: list[tuple[str, int, int]]) -> bool:
    """Whether beside empty boxes some option has none, or a cross: what ticked it was drawn or was lost on the way."""
    gaps = [(gap.strip(), _marks(gap)) for gap in _gaps(text, found)]
    first = 0 if gaps[0][1] or not gaps[-1][1] else 1
    beside = zip(found, gaps[first:], strict=False)
    boxed = {name for (name, _, _), (gap, marks) in beside if marks and gap[-1] not in _CROSS}
    return 0 < len(boxed) < len({name for name, _, _ in found})


def _of_option(gap: str, marks: list[tuple[str, int]]) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Of the marks behind an option its own, and those behind a further word, which is no option of the form (其他☑)."""
    word = _WORD.search(gap, marks[0][1]) if marks else None
    if word is None:
        return marks, []
    return [m for m in marks if m[1] < word.start()], [m for m in marks if m[1] > word.start()]


def _split_before(gap: str, own: list[tuple[str, int]]) -> tuple[list[tuple[str, int]], bool, Names]:
    """Marks of a gap where boxes stand before their options: (those of the next option, whether a bare tick is the one
    before's, the doubts). ``□A√ □B``: the tick touches A; ``□A √□B``: it touches the box of B."""
    ticks = [at for kind, at in own if kind == "t"]
    boxes = [at for kind, at in own if kind == "u"]
    if not ticks or not boxes:
        if len(ticks) == 1 and not boxes and ticks[0] == 0 and len(gap) > 1 and gap[-1].isspace():
            return [], True, _BOXLESS  # "□A√ B": the next option's box is missing
        return own, False, ()
    tick, box = ticks[0], boxes[-1]
    if tick > box:
        return [("t", tick)], False, ()
    left = not gap[:tick].strip() and not gap[:tick]
    right = not gap[tick + 1 : box].strip() and not gap[tick + 1 : box]
    rest = [(k, a) for k, a in own if a != tick]
    if left and not right:
        return rest, True, ()
    if right and not left:
        return [("t", tick)], False, ()
    return rest, True, _BETWEEN


def _tail(gap: str, marks: list[tuple[str, int]]) -> bool:
    """A tick behind the last option, where boxes stand before: it ticks that option."""
    return bool(marks) and marks[0][0] == "t" and not gap[: marks[0][1]].strip(" \t")


def _nearest(
    gaps: list[str], marks: list[list[tuple[str, int]]], found: list[tuple[str, int, int]]
) -> tuple[set[str], bool, Names]:
    ticked: set[str] = set()
    doubts: Names = ()
    boxes = any(marks)
    for index in range(1, len(gaps) - 1):
        for kind, at in marks[index]:
            if kind != "t":
                continue
            left = len(gaps[index][:at]) - len(gaps[index][:at].rstrip())
            right = len(gaps[index][at + 1 :]) - len(gaps[index][at + 1 :].lstrip())
            bare_left = at
            bare_right = len(gaps[index]) - at - 1
            near_left = bare_left < bare_right or (bare_left == bare_right and left < right)
            ticked.add(found[index - 1][0] if near_left else found[index][0])
            if bare_left == bare_right:
                doubts = _BETWEEN
    return ticked, boxes, doubts
