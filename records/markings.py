"""Secrecy markings: which lines of a file, or names on its path, are one. Words of a sentence are none.

State secrets are marked by grade with ★ or a term (机密★5年, 秘密 10年, 密级：机密; GB/T 9704), trade secrets and internal papers by set
phrases. A marking stands alone: in a header, footer, text box or on the cover as a piece of its own, elsewhere as the whole line, and
in a table's cell (商业秘密 may be an answer there) with a prohibition. It may be set in several cells, paragraphs or lines.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from catalog.models import Catalog
from records.models import TextLine
from records.signs import TICKED, UNSEEN, UNTICKED

IN_NAME = "文件名称"
"""Where a marking stands that is in a file's or folder's name."""
_ON_MARGIN = ("header", "footer", "cover", "textbox")
_BRACKETS = "【】[]（）()《》<>〔〕「」“”\"'"
_BULLETS = "■◆●★☆*※·"
_NUMBER = r"(?:\d+|[一二三四五六七八九十百]+)"
_TERM = rf"(?:长期|永久|(?:启用|启封|解密)前|\d+年\d+月(?:\d+日)?前?|{_NUMBER}(?:年|个月|月|日|天)前?)"
_STAR, _SIGN = "[★☆✩✭⭐✦✶*\uf0ab]", "[(,·•▲△◆■●※/\\-\\s]"
"""A star (U+F0AB is Wingdings' own), and what stands in its place before a term."""
_BLANKS = r"[^\S\n]{0,2}"
"""机　密: GB/T 9704 sets a blank between the two characters."""
_LABEL = rf"(?:密级|保密等级|秘密等级){_STAR}?:?"
_WORDS = ("涉密", "商密", "内部使用", "密级", "保密等级", "保密期限", "SECRET", "CONFIDENTIAL")
_PAPER = "(?:文件|资料|材料)"
_ALONE = (
    rf"(?:(?:%s)(?:级?{_PAPER}|级|件)?|(?:国家|工作|公司|企业|(?:核心|普通)商业)秘密|涉密{_PAPER}?|(?:仅供|仅限|限)内部使用"
    rf"|保密期限:?{_TERM}|(?:TOP)?SECRET|(?:STRICTLY)?CONFIDENTIAL)+"
)
"""What marks a file where nothing else stands in its header, footer, text box or on its cover."""
_INTERNAL = "内部"
"""A grade of firms: a marking with a star or behind 密级."""
_IN_HEADER = (_INTERNAL, "保密")
"""What marks a file where it stands alone in a header or footer."""
_FORBID = (
    r"(?:(?:未经(?:书面)?(?:许可|同意|授权|批准),?)?(?:不得|请勿|严禁|禁止|切勿|不准|不可)(?:外传|泄露|泄漏|外泄|扩散|传播|复制|翻印|转发|传阅)"
    r"|注意(?:保密|保管|保存))"
)
_WHOSE = (
    r"(?:注意?|说明|提示)?:?"
    r"(?:(?:本|我)?(?:公司|单位|企业|集团|材料|文件|资料|文档|申报书)|.{2,20}(?:公司|集团))?"
    r"(?:的|为|属于?|含有?|涉及)?"
)
_WORD, _MARKING = 4, 12
"""Characters up to which a phrase is a word alone, and up to which it can be a marking."""
_PIECE, _PIECES = 8, 8
"""Characters of a piece of a marking that is set in several, and how many they may be."""
_SIMPLIFIED = tuple(zip("機絕絶祕內資長傳業級為", "机绝绝秘内资长传业级为", strict=True))


class Mark(NamedTuple):
    """A marking as it stands, and its line; ``key`` is the same for the same marking."""

    text: str
    line: TextLine

    @property
    def key(self) -> str:
        return "".join(_fold(self.text).split()).strip(_BRACKETS + _BULLETS)


class Known(NamedTuple):
    """What marks: the phrases, and the patterns made of them and of the grades."""

    words: tuple[str, ...]
    hints: tuple[str, ...]
    """Of which every marking has one, blanks aside, if it is not ``internal``; few documents have any."""
    internal: re.Pattern[str]
    worth: re.Pattern[str]
    """Either of the two."""
    grade: re.Pattern[str]
    starred: re.Pattern[str]
    labelled: re.Pattern[str]
    ticked: re.Pattern[str]
    phrase: re.Pattern[str]
    alone: re.Pattern[str]
    owned: re.Pattern[str]


@functools.cache
def known(grades: tuple[str, ...], words: tuple[str, ...]) -> Known:
    one = "|".join(map(re.escape, (*grades, "商密", "商业秘密")))
    any_ = f"{one}|{_INTERNAL}"
    mark = "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))
    spaced = [_BLANKS.join(map(re.escape, w)) for w in (*grades, *words, *_WORDS)]
    alone = "|".join(_BLANKS.join(w) for w in _IN_HEADER)
    internal = rf"{_BLANKS.join(_INTERNAL)}\s*{_STAR}|^\s*(?:{alone})\s*$"
    return Known(
        words,
        (*grades, *(word.upper() for word in (*words, *_WORDS))),
        re.compile(internal, re.MULTILINE),
        re.compile("|".join((*spaced, internal)), re.IGNORECASE | re.MULTILINE),
        re.compile(
            rf"(?:{any_})级?{_STAR}+(?:{_TERM})?|{_STAR}(?:{one})级?|(?:{one})级?{_SIGN}*+{_STAR}*+(?:期限)?{_TERM}\)?"
            rf"|{_LABEL}(?:{any_})级?{_STAR}*(?:{_TERM})?"
        ),
        re.compile(rf"(?:{any_})级?(?:\s*+{_STAR}\s*+(?:{_TERM})?|{_SIGN}++{_STAR}?\s*+{_TERM})"),
        re.compile(rf"(?:{any_})级?{_STAR}+(?:{_TERM})?|{_LABEL}(?:{any_})级?{_STAR}*(?:{_TERM})?"),
        re.compile(rf"{_LABEL}[{UNTICKED}{TICKED}].{{0,60}}[{TICKED}](?:{any_})"),
        re.compile(rf"{_WHOSE}(?:{mark})(?:[,。;!、]?(?:{mark}|{_FORBID}))*(?:[▲△★☆]+(?:{_TERM})?)?[。!]?"),
        re.compile(_ALONE % one, re.IGNORECASE),
        re.compile(rf".{{2,20}}(?:公司|集团)的?(?:{one})级?{_PAPER}?"),
    )


def of_pack(catalog: Catalog) -> list[Known]:
    """What the pack's rules hold for a marking, one of each."""
    told = [(e.params["grades"], e.params["phrases"]) for e in catalog.rules if e.check == "marking"]
    return [known(catalog.words[grades], catalog.words[phrases]) for grades, phrases in told]


def markings(by: Known, lines: Sequence[TextLine], path: str = "") -> list[Mark]:
    """The markings of a file, each once, in its order; those in the names on its path come first."""
    found = [*_in_names(by, path), *_in_lines(by, lines)]
    return list({mark.key: mark for mark in reversed(found)}.values())[::-1]


def _in_names(by: Known, path: str) -> Iterator[Mark]:
    for name in path.split("/"):
        for part in re.split(rf"[{re.escape(_BRACKETS)}\s_+、，,。.—-]+", _fold(name)):
            starred = by.starred.fullmatch(part)
            if starred or (by.alone.fullmatch(part) and not part.endswith("级")) or part in by.words:
                yield Mark(part, TextLine(name, IN_NAME, "header"))


def _in_lines(by: Known, lines: Sequence[TextLine]) -> Iterator[Mark]:
    whole = _fold("\n".join(line.text for line in lines))
    close = "".join(whole.split()).upper()
    internal = any(word in close for word in _IN_HEADER) and by.internal.search(whole)
    if not internal and not any(hint in close for hint in by.hints):
        return  # as in nearly every document
    others = []
    for line in _with_cover(lines):
        if mark := marking(by, line):
            yield Mark(mark, line)
        else:
            others.append(line)
    yield from _in_pieces(by, others)


def marking(by: Known, line: TextLine) -> str:
    """The secrecy marking that this line is, "" where it is none."""
    folded = _fold(line.text)
    if not by.worth.search(folded):
        return ""
    text = by.worth.sub(lambda word: "".join(word[0].split()), folded)
    whole = re.sub("_+", "", "".join(text.split())).strip(_BRACKETS)
    bare = whole.strip(_BRACKETS + _BULLETS)
    if by.grade.fullmatch(whole) or by.ticked.match(whole) or (by.phrase.fullmatch(bare) and _stands_alone(line, bare)):
        return line.text.strip()
    for piece in text.split():
        if by.starred.fullmatch(piece.strip(_BRACKETS)):
            return piece
    return _on_margin(by, text, bare, line) if line.place in _ON_MARGIN else ""


def _on_margin(by: Known, text: str, bare: str, line: TextLine) -> str:
    """The marking beside other words of a header, footer, text box or cover."""
    if by.owned.fullmatch(bare) or (bare in _IN_HEADER and line.place in ("header", "footer")):
        return line.text.strip()
    for piece in re.split(r"\s{2,}|[|｜]", text):
        if by.alone.fullmatch(re.sub(r"[\s_]", "", piece).strip(_BRACKETS + _BULLETS)):
            return piece.strip()
    starred = by.starred.search(text)
    if starred:
        return starred[0].strip()
    for piece in re.split(r"[\s,。;|/\-—]+", text):
        inner = piece.strip(_BRACKETS + _BULLETS)
        if by.grade.fullmatch(inner) or inner in by.words:
            return inner
    return ""


def _in_pieces(by: Known, lines: Iterable[TextLine]) -> Iterator[Mark]:
    """Markings set in several cells of a row, paragraphs or lines: 机密 | ★ | 10年, or one character below the other."""
    for (place, _), run in itertools.groupby(_pieces(lines), key=lambda piece: (piece.place, _row(piece))):
        pieces = list(run)
        for at, first in enumerate(pieces):
            text, mark = _bare(first), ""
            for piece in pieces[at + 1 : at + _PIECES] if len(text) <= _PIECE else ():
                if len(_bare(piece)) > _PIECE:
                    break
                text += _bare(piece)
                inner = text.strip(_BRACKETS + _BULLETS)
                on_margin = place in _ON_MARGIN and (by.alone.fullmatch(inner) or by.phrase.fullmatch(inner))
                mark = text if by.labelled.fullmatch(text) or on_margin else mark
            if mark:
                yield Mark(mark, first)


def _pieces(lines: Iterable[TextLine]) -> Iterator[TextLine]:
    for line in lines:
        for text in line.text.splitlines():
            if text.strip():
                yield line._replace(text=text)


def _row(line: TextLine) -> str:
    """Of a cell its row: what stands in several cells of one row is read on."""
    return line.where.rpartition(" ")[0] if line.place == "cell" else ""


def _bare(line: TextLine) -> str:
    return "".join(_fold(line.text).split()).strip(_BRACKETS)


def _fold(text: str) -> str:
    """Full-width characters plain, characters of no width gone, traditional ones of markings simplified."""
    folded = unicodedata.normalize("NFKC", UNSEEN.sub("", text))
    for traditional, simplified in _SIMPLIFIED:
        folded = folded.replace(traditional, simplified)
    return folded


def _stands_alone(line: TextLine, bare: str) -> bool:
    """Whether a set phrase outside a sentence is a marking: on the margin always; in the body where it names a secret
    or forbids something; in a cell only where it forbids (内部使用 and 商业秘密 may be answers)."""
    if line.place in _ON_MARGIN:
        return True
    forbids = re.search(rf"{_FORBID}|不得|严禁", bare) is not None and len(bare) > _WORD
    return forbids or (line.place != "cell" and re.search(r"密", bare) is not None and len(bare) <= _MARKING)


_FIRST_PART = re.compile(r"\s*(?:[一1]\s*[、.]|[(（][一1][)）])")


def _with_cover(lines: Sequence[TextLine]) -> Iterator[TextLine]:
    """The lines; those of the body before the first part of the form stand on its cover."""
    for at, line in enumerate(lines):
        if line.place in ("cell", "body") and (line.place == "cell" or _FIRST_PART.match(line.text)):
            yield from lines[at:]
            return
        yield line._replace(place="cover") if line.place == "body" else line
