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
_UNTOLD = ("tick_not_told",)
_BETWEEN = ("tick_between",)
_BOXLESS = ("tick_without_its_box",)
_IN_WORDS = ("answered_in_words",)
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
_ANSWER = 40
"""Characters of a denial that is the answer itself, and no text about it."""
_AS_PRINTED = 2
"""The words of a yes-or-no question: 是 and 否, once each."""


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
    found = _options(plain, options, aliases or {})
    if not found:
        return Choice("unclear", (), _UNTOLD)
    plain, other = _without_other(plain, found)
    marked, boxes, doubts = _assign(plain, found)
    if other and not marked:
        return Choice("unclear", (), _UNTOLD)  # ☑其他：… is none of the form's options
    if marked:
        names = tuple(o for o in options if o in marked)
        return Choice("one" if len(names) == 1 and not other else "many", names, doubts)
    if boxes:
        there = {name for name, _, _ in found}
        again = len(found) > len(there)  # □是 □否  否
        left = len(there) == 1 < len(options)  # □民营企业: the others were deleted, and so they may be chosen
        return Choice("none", (), _UNTOLD if again or left else doubts)
    names = tuple(dict.fromkeys(name for name, _, _ in found))
    if len(names) == 1:
        # no box at all: the applicant left only the option meant
        start, end = found[0][1], found[0][2]
        alone = not _words(plain[:start] + plain[end:])
        return Choice("one", names, () if alone else ("chosen_among_words",))
    return Choice("none", (), _UNTOLD)  # the boxes themselves were lost on the way


_PARTING = re.compile(r"[\s、,;/|和及与]+")
"""What parts several options that stand without boxes."""


def choose_several(text: str, options: tuple[str, ...], aliases: dict[str, tuple[str, ...]] | None = None) -> Choice:
    """The ticked options of ``text``, of which there may be several. ``state``: many (one or more) · none · unclear. Where boxes
    are gone, the options that are left are those that are meant; all of them say nothing."""
    found = choose(text, options, aliases)
    if found.state in ("one", "many"):
        other = _without_other(as_boxes(text), _options(as_boxes(text), options, aliases or {}))[1]
        return Choice("many", found.ticked, _UNTOLD if other else found.doubts)
    if found.state == "none" and found.doubts and not has_boxes(text):
        plain = as_boxes(text)
        there = _options(plain, options, aliases or {})
        names = {name for name, _, _ in there}
        rest = plain
        for _, start, end in reversed(there):
            rest = rest[:start] + " " + rest[end:]
        if len(names) < len(options) and not _PARTING.sub("", rest):
            return Choice("many", tuple(o for o in options if o in names))
    return found


def _words(text: str) -> str:
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


def _options(text: str, options: tuple[str, ...], aliases: dict[str, tuple[str, ...]]) -> list[tuple[str, int, int]]:
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
    gaps = [
        text[a:b] for a, b in zip([0] + [e for _, _, e in found], [s for _, s, _ in found] + [len(text)], strict=True)
    ]
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
            doubts += _UNTOLD
    return ticked, True, doubts


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


# ------------------------------------------------------------------------------------------------------ yes or no
_YES_WORDS = ("是", "有", "申报")
_NO_WORDS = ("否", "无", "没有", "未发生", "不申报", "未申报", "不是")
_DENIED = re.compile(
    r"(?:我?[公本]?[司单][司位]?|企业)?(?:近三年)?来?(?:内|均|从|尚)*(?:未曾?|没有?|从未|无)(?:发生|申报|获|被|此类|该|任何|重大)"
)
_CROSSED = re.compile(rf"(?:[{_U}]\s*+|\s{{0,20}})[×✗✘╳](?=\s*[是否有无])")
"""A cross before an answer, where a tick stands before the other: √是 ×否"""
_HOWEVER = re.compile(r"\d|[但除]|后来|待|不确定")
_ANY = re.escape(TICKED + UNTICKED + "口囗")
_STROKE = re.compile(rf"(?<=[{_ANY}])\s*[/\\丿ノ]\s*(?=[是否])")
"""The end of a tick that runs from its box towards the word, read as a character."""
_NUMBER = re.compile(rf"(?<![\w.])\d{{1,2}}[.,、)]?[ \u3000]{{0,2}}(?=[{_ANY}]?[ \u3000]?[是否])")
"""The number of an answer: 1.是 2.否"""
_YES = re.compile(rf"(?:(?<=[{_ANY}\s:：、,，;；/|(（])|^)\s{{0,20}}是(?!否)(?=$|[\s{_ANY}(（:：,，;；、/|)）])")
_NO = re.compile(rf"(?:(?<=[{_ANY}\s:：、,，;；/|)）])|^)\s{{0,20}}否(?=$|[\s{_ANY}(（:：,，;；、/|)）。])")
_MARKS_BEFORE = re.compile(rf"[{_ANY}\s]*")
_MARKS_BEHIND = re.compile(rf"(?<![{_ANY}\s])[{_ANY}\s]*+$")
_NAMED = re.compile(r"^(?:[^:：]{0,8}[:：]|(?:项目|事故)?名称[为是])")
_PRINTED = re.compile(r"系统自动识别|[^:：]{0,6}名称|")
"""What the form prints where the name is to stand."""
_AROUND = " \t_＿,，;；、/"


class YesNo(NamedTuple):
    """``name`` is what stands in the brackets behind 是 (a project's or an accident's name), "" where blank."""

    state: State
    value: bool | None
    name: str = ""
    doubts: Names = ()


def yes_no(text: str) -> YesNo:
    """Yes or no, and the name behind 是. Neither or both ticked gives None."""
    plain = _NUMBER.sub("  ", _STROKE.sub("", as_boxes(text)))
    if any(c in plain for c in TICKED):
        plain = _CROSSED.sub("□", plain)
    if not plain.strip():
        return YesNo("none", None)
    no = list(_NO.finditer(plain))
    yes = list(_YES.finditer(plain))
    if len(yes) > 1 and no:
        yes = [m for m in yes if m.end() <= no[-1].start()][:1] or yes[:1]
    if not yes and not no:
        bare = _words(plain)
        if bare in _YES_WORDS:
            return YesNo("one", True, "", _IN_WORDS)
        if bare in _NO_WORDS or (len(bare) <= _ANSWER and _DENIED.match(bare) and not _HOWEVER.search(bare)):
            return YesNo("one", False, "", _IN_WORDS)
        there = choose(plain, ("有", "无"))
        if there.state in ("one", "many") and _options(plain, ("有", "无"), {})[1:]:
            return YesNo(there.state, None if there.value is None else there.value == "有", "", there.doubts)
        return YesNo("unclear", None, "", _UNTOLD)
    name, without = _bracket(plain, yes[0], no[-1] if no else None) if yes else ("", plain)
    chosen = choose(without, ("是", "否"))
    if chosen.state == "one":
        return YesNo("one", chosen.value == "是", name, chosen.doubts)
    again = chosen.state == "none" and len(yes) + len(no) > _AS_PRINTED  # □是 □否  否
    return YesNo(chosen.state, None, name, _UNTOLD if again else chosen.doubts)


def _name(text: str) -> str:
    """The name of a text, "" where it is what the form prints for it, or says that there is none."""
    name = _NAMED.sub("", text.strip(_AROUND), count=1).strip(_AROUND)
    return "" if _PRINTED.fullmatch(name) or not _words(name) or name in ("无", "/", "否") else name


def _bracket(text: str, yes: re.Match[str], no: re.Match[str] | None) -> tuple[str, str]:
    """(name behind 是, the text without it)."""
    start = yes.end()
    end = no.start() if no is not None and no.start() >= start else len(text)
    inner = text[start:end]
    marks_after = _MARKS_BEHIND.search(inner)
    body_end = marks_after.start() if marks_after else len(inner)
    lead = _MARKS_BEFORE.match(inner)
    body_start = lead.end() if lead else 0
    body = inner[body_start:body_end] if body_start < body_end else ""
    name, behind = body.strip(), ""
    if name[:1] in "(（":
        depth = 0
        for i, c in enumerate(name):
            depth += (c in "(（") - (c in ")）")
            if depth == 0:
                name, behind = name[1:i], name[i + 1 :]
                break
        else:
            name = name[1:]
    name = _name(name) or _name(behind)  # （项目名称）：甲工厂
    without = text[: start + body_start] + " " + text[start + body_end :] if body else text
    return name, without
