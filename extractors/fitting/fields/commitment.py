"""The date of the commitment: what of a line is it."""

from __future__ import annotations

import re

from extractors.document.doubts import NOT_UNDERSTOOD, Doubts, by_names, together
from extractors.fitting.candidates import Candidate
from extractors.fitting.settings import ANSWERS
from extractors.fitting.values import is_empty_date
from records import dates, normalise
from records.signs import UNSEEN

_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_DATE_LINE = re.compile(
    r"((?:19|20)\d{2}\s*+(?:[年./-].*|[、．／—–－]\s*+\d{1,2}\s*+[、．／—–－]\s*+\d.*)|[〇○零一二三四五六七八九]{4}\s*+年.*)"
)
_TAIL = re.compile(
    r"(?:(?:19|20)\d{2}|[〇○零一二三四五六七八九]{4}|(?<!\s))\s*+年[\s\d_一二三四五六七八九十〇]*+月[\s\d_一二三四五六七八九十〇]*+日\s*+$"
)
_OF_ANOTHER = re.compile(
    r"(?:19|20)\d{2}\s*+年(?:\s*+\d{1,2}\s*+月(?:\s*+\d{1,2}\s*+[日号])?)?(?![年月日号份公盖签章印〇○零一二三四五六七八九十])[\u4e00-\u9fff]"
)
"""A date that says of which day something else is: 2022年度审计报告, 2022年12月31日资产负债表"""
_UNTIL = re.compile(r"(?:[至到自从于]|截[至止]|[附注][:：])\s*+$")
"""What makes a date one in a sentence: 有效期至2024年12月31日"""
_BEHIND = re.compile(r"(?<=[日号\d])\s*+[附注][:：].*", re.DOTALL)
"""A line beneath the date, joined to it on a page."""
_COMPACT = re.compile(r"\D{0,12}((?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))")
_SIGNS = re.compile(r"[年月日\s_]*")


def ends_in_date(text: str) -> str:
    """The date, written or left blank, that a line ends in or consists of; "" for none."""
    written = UNSEEN.sub("", text).strip()
    plain = written.translate(_DIGITS)
    found = _TAIL.search(plain)
    if found is None and (len(plain) <= ANSWERS.date_line or "\n" not in plain):
        found = _DATE_LINE.search(plain)
    if found is None:
        found = _COMPACT.fullmatch(plain)
    if found is None:
        return written if len(plain) <= ANSWERS.date_line and dates.in_english(written) else ""
    start, end = found.span(found.re.groups)
    behind = _BEHIND.search(plain, start, end)
    end = behind.start() if behind else end
    if _OF_ANOTHER.match(plain, start, end) or _UNTIL.search(plain, 0, start):
        return ""
    return written[start:end]


def date_of(piece: str, where: str, doubts: Doubts) -> Candidate:
    """A date as a value; a blank one (2023年 月 日) is none."""
    typed = dates.date(piece)
    if is_empty_date(piece) or (typed.value is None and _SIGNS.fullmatch(piece)):
        return Candidate(None, "", where, doubts)
    if typed.value is None:
        doubts = together(doubts, (NOT_UNDERSTOOD,))
    elif typed.doubts:
        doubts = together(doubts, by_names(typed.doubts))
    return Candidate(typed.value, normalise.fold(piece), where, doubts)
