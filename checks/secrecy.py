"""What must not be in an application: secrecy markings, identity numbers."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple

from checks.library import Params, Say, Words, check
from checks.meaning.text import identity_numbers, masked, shorten, tidy
from checks.registry import CannotTell, Context, Result, Trip
from records.models import TextLine

_BRACKETS = "【】[]（）()《》<>〔〕「」“”\"'"
_BULLETS = "■◆●★☆*※·"
_TERM = r"(?:长期|永久|启用前|解密前|\d+(?:年|个月|月|日|天))"
_STAR, _SIGN = "[★☆✩✭⭐✦✶*\uf0ab]", "[(,·•▲△◆■●※\\s]"
"""A star (U+F0AB is Wingdings' own), and what stands in its place before a term."""
_BLANKS = r"[^\S\n]{0,2}"
"""机　密: GB/T 9704 sets a blank between the two characters."""
_WORDS = ("涉密", "商密", "内部使用", "SECRET", "CONFIDENTIAL")
_ALONE = (
    r"(?:%s)(?:级|文件|资料|材料)?|(?:国家|工作|公司|企业)秘密|涉密(?:文件|资料|材料)?|(?:仅供|仅限|限)内部使用"
    r"|(?:TOP)?SECRET|(?:STRICTLY)?CONFIDENTIAL"
)
"""What marks a file where nothing else stands in its header, footer, text box or on its cover."""
_ON_MARGIN = ("header", "footer", "cover", "textbox")
_FORBID = (
    r"(?:(?:不得|请勿|严禁|禁止|切勿|不准|不可)(?:外传|泄露|泄漏|外泄|扩散|传播|复制|翻印|转发|传阅)"
    r"|注意(?:保密|保管|保存))"
)
_WHOSE = (
    r"(?:注意?|说明|提示)?:?"
    r"(?:(?:本|我)?(?:公司|单位|企业|集团|材料|文件|资料|文档|申报书)|.{2,20}(?:公司|集团))?"
    r"(?:的|为|属于?|含有?|涉及)?"
)
_NO_TEXT = "没有读到文字"
_WORD, _MARKING = 4, 12
"""Characters up to which a phrase is a word alone, and up to which it can be a marking."""


class _Patterns(NamedTuple):
    words: tuple[str, ...]
    worth: re.Pattern[str]
    grade: re.Pattern[str]
    starred: re.Pattern[str]
    phrase: re.Pattern[str]
    alone: re.Pattern[str]


@functools.cache
def _patterns(grades: tuple[str, ...], words: tuple[str, ...]) -> _Patterns:
    one = "|".join(map(re.escape, (*grades, "商密")))
    mark = "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))
    return _Patterns(
        words,
        re.compile("|".join(_BLANKS.join(map(re.escape, w)) for w in (*grades, *words, *_WORDS)), re.IGNORECASE),
        re.compile(
            rf"(?:{one})级?{_STAR}+(?:{_TERM})?|{_STAR}(?:{one})级?|(?:{one})级?{_SIGN}*+{_STAR}*+(?:期限)?{_TERM}\)?"
            rf"|(?:密级|保密等级|秘密等级):?(?:{one})级?{_STAR}*(?:{_TERM})?"
        ),
        re.compile(rf"(?:{one})级?(?:\s*+{_STAR}\s*+(?:{_TERM})?|{_SIGN}++{_STAR}?\s*+{_TERM})"),
        re.compile(rf"{_WHOSE}(?:{mark})(?:[,。;!、]?(?:{mark}|{_FORBID}))*(?:[▲△★☆]+(?:{_TERM})?)?[。!]?"),
        re.compile(_ALONE % one, re.IGNORECASE),
    )


def marking(known: _Patterns, line: TextLine) -> str:
    """The secrecy marking that this line is, "" where it is none.

    State secrets are marked by grade with ★ or a term (机密★5年, 秘密 10年, 密级：机密); trade secrets and internal
    papers by set phrases. A marking stands alone: in a header, footer, text box or on the cover as a piece of its own,
    elsewhere as the whole line, and in a table's cell (商业秘密 may be an answer there) with a prohibition. Words of a
    sentence are none.
    """
    if not known.worth.search(line.text):
        return ""
    text = known.worth.sub(lambda word: tidy(word[0]), unicodedata.normalize("NFKC", line.text))
    whole = re.sub("_+", "", tidy(text)).strip(_BRACKETS)
    bare = whole.strip(_BRACKETS + _BULLETS)
    if known.grade.fullmatch(whole) or (known.phrase.fullmatch(bare) and _stands_alone(line, bare)):
        return line.text.strip()
    for piece in text.split():
        if known.starred.fullmatch(piece.strip(_BRACKETS)):
            return piece
    if line.place in _ON_MARGIN:
        for piece in re.split(r"\s{2,}|[|｜]", text):
            if known.alone.fullmatch(re.sub(r"[\s_]", "", piece).strip(_BRACKETS + _BULLETS)):
                return piece.strip()
        starred = known.starred.search(text)
        if starred:
            return starred[0].strip()
        for piece in re.split(r"[\s,。;|/\-—]+", text):
            inner = piece.strip(_BRACKETS + _BULLETS)
            if known.grade.fullmatch(inner) or inner in known.words:
                return inner
    return ""


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


class Marking(Params):
    """``grades`` of state secrets, which stand with ★ or a term; ``phrases`` that mark by themselves."""

    grades: Words
    phrases: Words
    says: ClassVar[Mapping[str, str]] = {"marked": "place mark", "expected": ""}


@check("marking", Marking, withholds=True)
def marked(ctx: Context, told: Marking, say: Say) -> Iterator[Result]:
    """A secrecy marking stands in it, once for each."""
    if not ctx.reading.lines:
        yield CannotTell(_NO_TEXT)
        return
    words = ctx.catalog.words
    known = _patterns(words[told.grades], words[told.phrases])
    if not known.worth.search("\n".join(line.text for line in ctx.reading.lines)):
        return  # as in nearly every document
    seen: set[str] = set()
    for line in _with_cover(ctx.reading.lines):
        mark = marking(known, line)
        key = tidy(mark).strip(_BRACKETS + _BULLETS)
        if not mark or key in seen:
            continue
        seen.add(key)
        yield Trip(
            say("marked", place=_PLACES.get(line.place, "文中"), mark=shorten(mark)),
            about=key,
            where=line.where,
            evidence=mark,
            expected=say("expected"),
        )


_PLACES = {
    "header": "页眉",
    "footer": "页脚",
    "cover": "封面",
    "textbox": "文本框",
    "cell": "表格中",
    "hidden": "隐藏文字中",
}


class IdentityNumber(Params):
    says: ClassVar[Mapping[str, str]] = {"number": "shown", "expected": ""}


@check("identity_number", IdentityNumber)
def identity_number(ctx: Context, _told: IdentityNumber, say: Say) -> Iterator[Result]:
    """A citizen's identity number stands in it, told of masked."""
    if not ctx.reading.lines:
        yield CannotTell(_NO_TEXT)
        return
    seen: set[str] = set()
    for line in ctx.reading.lines:
        for match in identity_numbers(line.text):
            number = re.sub(r"[\s-]", "", match[0]).upper()
            if number in seen:
                continue
            seen.add(number)
            shown = masked(number)
            yield Trip(
                say("number", shown=shown),
                about=hashlib.sha256(number.encode()).hexdigest(),
                where=line.where,
                evidence=shown,
                expected=say("expected"),
            )
