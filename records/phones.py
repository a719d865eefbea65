"""Telephone numbers as people write them, and what the numbering plan of the country allows (工信部 电信网编号计划)."""

from __future__ import annotations

import re

MOBILE = 11
"""Digits of a mobile number."""
LOCAL = 8
"""Digits of a fixed line where the area code has three (010, 02x); elsewhere 7 or 8."""
COUNTRY = 86
SHORT_AREA = r"(?:10|2\d)"
"""Area codes of three digits, without their 0; all others have four."""
_PREFIXES = ("0086", "86")
_MARK = r"(?:转接?|分机号?|(?i:ext(?:ension|\.)?|x)|#|\*)"
_MARKED = rf"{_MARK}{{1,8}}\s*+[:：.]?\s*+(?:分机)?\s*+\d{{1,6}}(?!\d)(?:\s*+分机)?"
EXTENSION = rf"(?:\s*+(?:[(（]\s*+{_MARKED}\s*+[)）]|[-－—]?\s*+{_MARKED}|[-－—]\s*+\d{{1,6}}(?!\d)))"
"""What follows a number to the telephone of one person: 转618, （转分机618）, ext. 618, #618, -8012."""
_BEHIND_A_BLANK = r"(?:\s++(?!0|1[3-9]\d|[48]00\D?\d)\d{3,6}(?![\d-]))"
"""An extension that nothing marks, and no number of its own."""
_MARKED_AT_END = re.compile(rf"(?<!\s)\s*+[-－—(（]?\s*+{_MARKED}[\s)）]*+$")
_AT_END = re.compile(rf"(?<=\d)(?:{EXTENSION}|{_BEHIND_A_BLANK})[\s)）]*+$")
_MOBILE_AS_WRITTEN = r"(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}"
_FIXED_AS_WRITTEN = r"(?:[(（]0\d{2,3}[)）]|0\d{2,3})[-－—\s]?\d{3,4}[-－\s]?\d{4}"
WRITTEN = re.compile(
    rf"{_MOBILE_AS_WRITTEN}|(?:{_FIXED_AS_WRITTEN}|\+?86[-\s]\d{{2,3}}[-\s]\d{{4}}\s?\d{{4}}"
    rf"|(?<!\d)\d{{7,8}}(?!\d)|400[-\s]?\d{{3}}[-\s]?\d{{4}})(?:{EXTENSION}|{_BEHIND_A_BLANK})?"
)
"""A number beside other text, to part it from a name in the same cell: mobiles, area code and number with an extension, a number
alone, 400 numbers. It takes more than the plan allows: whether it is well formed is rule K10's matter."""
_NARROW = str.maketrans("０１２３４５６７８９＋（）－", "0123456789+()-")
_PLAN = re.compile(
    r"0?1[3-9]\d{9}"  # mobile
    rf"|0?{SHORT_AREA}[2-9]\d{{7}}"  # area code of three digits
    r"|0[3-9]\d{2}[2-9]\d{6,7}"  # of four
    r"|[2-9]\d{7}"  # without area code
    r"|[48]00\d{7}"  # 400, 800
    r"|9[56]\d{3,6}"  # service numbers
)


def written(text: str) -> list[tuple[int, int]]:
    """Where the numbers of a text stand, those in wide digits too."""
    return [found.span() for found in WRITTEN.finditer(text.translate(_NARROW))]


def parted(text: str) -> tuple[str, list[str]]:
    """A text without its numbers, a blank in the place of each, and the numbers as written."""
    spans = written(text)
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    rest = " ".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    return rest, [text[start:end] for start, end in spans]


def bare(number: str) -> str:
    """The digits of a number without +86, 0086 or 86 in front."""
    digits = re.sub(r"\D", "", number)
    for prefix in _PREFIXES:
        if digits.startswith(prefix) and len(digits) - len(prefix) >= LOCAL + 2:
            return digits[len(prefix) :]
    return digits


def without_extension(number: str, *, unmarked: bool = False) -> str:
    """A number as written, without the extension at its end; with ``unmarked`` also without digits behind a dash or a blank
    alone (-8012), which may as well be the number's own."""
    return (_AT_END if unmarked else _MARKED_AT_END).sub("", number)


def in_plan(number: str) -> bool:
    """Whether a number is one by the numbering plan."""
    return _PLAN.fullmatch(bare(number)) is not None
