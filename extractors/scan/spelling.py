"""What words say of the characters the recogniser makes of them: forms of a character that mainland print does not have, and
words of this field that it takes for others."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.scan.recognition import ReadChar
from extractors.scan.settings import CERTAINTY

_FORMS = dict(zip("黃戶呂吳彥靑淸敎內兌奧", "黄户吕吴彦青清教内兑奥", strict=True))
"""Forms so like the mainland ones that the recogniser takes one for the other."""
_WORDS = (
    ("数字", "李孿孛", "生", "孪"),
    *(("推", "厂", behind, "广") for behind in ("应用", "计划", "价值", "到", "至")),
)
"""What stands before, what is read, what stands behind, what it is: 数字孪生, 推广应用 (主推厂商 is another word)."""
_MAIL = re.compile(r"@[a-z]*mai[1I|](?=\.)")
"""The host of an address of mail, its last letter read as a figure."""
_STANDARD = re.compile(
    r"(?<![A-Za-z0-9])(?:(?P<iso>[I1l|]S[O0Q])(?=[/ A-Z]{0,5}[0-9]{4,5})|(?P<gap>[I1l|]S [O0Q])(?=[0-9]{4,5}(?![0-9]))"
    r"|(?P<iatf>[I1l|]ATF)(?=[ ]?16949))"
)
_NEVER_CLOSED = re.compile(r"《[^《》]{1,60}+(?=《)")
"""Two titles that open and none that closes between them: full stops."""
_BEFORE_ONE = frozenset("唯统同单每逐任归第")
_OPENING, _CLOSING = frozenset("（(〔[《“"), frozenset("）)〕]")
_NUMERALS = frozenset("一二三四五六七八九十")
_AFTER_ONE = frozenset("致次种屏套条批些般旦键")
_WORDS_OF_ONE = frozenset(("体化", "体机", "体式", "站式", "码通", "物一"))
_COUNTS = frozenset("种类款套级期是")


def spelt(chars: Sequence[ReadChar]) -> list[ReadChar]:
    """The characters with those put right that their form or their word tells."""
    found = [
        ReadChar(_FORMS[c.text], c.at, min(c.sure, CERTAINTY.other_form)) if c.text in _FORMS else c for c in chars
    ]
    text = "".join(c.text[:1] or " " for c in found)
    for i, c in enumerate(found):
        if c.text == "—" and (_opens(text, i) or _begins_with_one(text, i)):
            found[i] = ReadChar("一", c.at, min(c.sure, CERTAINTY.other_form))
        elif c.text in "．." and _parts_words(text, i):
            found[i] = ReadChar("，", c.at, min(c.sure, CERTAINTY.other_form))
    for match in _NEVER_CLOSED.finditer(text):
        for i in (match.start(), match.end())[: 1 if "》" in text[match.end() :] else 2]:
            found[i] = ReadChar("。", found[i].at, min(found[i].sure, CERTAINTY.other_form))
    for before, read, behind, meant in _WORDS:
        at = text.find(before)
        while at >= 0:
            i = at + len(before)
            if text[i : i + 1] and text[i] in read and text.startswith(behind, i + 1):
                found[i] = ReadChar(meant, found[i].at, max(found[i].sure, CERTAINTY.word))
            at = text.find(before, at + 1)
    for match in _MAIL.finditer(text):
        i = match.end() - 1
        found[i] = ReadChar("l", found[i].at, min(found[i].sure, CERTAINTY.other_form))
    for match in _STANDARD.finditer(text):
        name = "ISO" if match["iso"] else "ISO " if match["gap"] else "IATF"
        for i, meant in zip(range(*match.span()), name, strict=True):
            found[i] = ReadChar(meant, found[i].at, max(found[i].sure, CERTAINTY.word))
    return found


def _parts_words(text: str, at: int) -> bool:
    """True for a mark at the foot of the line with Chinese characters at both sides, none of them a numeral: 一．项目."""
    before, after = text[max(0, at - 1) : at], text[at + 1 : at + 2]
    return all("\u4e00" <= c <= "\u9fff" and c not in _NUMERALS for c in (before, after))


def number_one(text: str, at: int) -> bool:
    """True where the stroke at this place is the 一 of a word (唯一, 一致, （一厂区）), however thin it is printed."""
    before, after = text[max(0, at - 1) : at], text[at + 1 : at + 2]
    counted = bool(after) and (after in _AFTER_ONE or text[at + 1 : at + 3] in _WORDS_OF_ONE)
    counted = counted and "\u4e00" <= before <= "\u9fff"
    return before in _BEFORE_ONE or _opens(text, at) or counted or _begins_with_one(text, at)


def _begins_with_one(text: str, at: int) -> bool:
    """True for the first stroke of a text such as 一种…的装置, as most names of patents begin, or 一级 behind its box."""
    return at == 0 and text[1:2] in _COUNTS and text[2:3] != "植"


def _opens(text: str, at: int) -> bool:
    """True for what stands between a bracket and a Chinese character or the bracket's end: no dash does."""
    before, after = text[max(0, at - 1) : at], text[at + 1 : at + 2]
    return before in _OPENING and ("\u4e00" <= after <= "\u9fff" or after in _CLOSING)
