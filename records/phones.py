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
_MOBILE_AS_WRITTEN = r"(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}"
_FIXED_AS_WRITTEN = r"(?:[(（]0\d{2,3}[)）]|0\d{2,3})[-－—\s]?\d{7,8}(?:[-－—转\s]{1,3}\d{1,6})?"
WRITTEN = re.compile(
    rf"{_MOBILE_AS_WRITTEN}|{_FIXED_AS_WRITTEN}|\+?86[-\s]\d{{2,3}}[-\s]\d{{4}}\s?\d{{4}}"
    r"|(?<!\d)\d{7,8}(?!\d)|400[-\s]?\d{3}[-\s]?\d{4}"
)
"""A number beside other text, to part it from a name in the same cell: mobiles, area code and number with an extension, a number
alone, 400 numbers. It takes more than the plan allows: whether it is well formed is rule K10's matter."""
_PLAN = re.compile(
    r"0?1[3-9]\d{9}"  # mobile
    rf"|0?{SHORT_AREA}[2-9]\d{{7}}"  # area code of three digits
    r"|0[3-9]\d{2}[2-9]\d{6,7}"  # of four
    r"|[2-9]\d{7}"  # without area code
    r"|[48]00\d{7}"  # 400, 800
    r"|9[56]\d{3,6}"  # service numbers
)


def bare(number: str) -> str:
    """The digits of a number without +86, 0086 or 86 in front."""
    digits = re.sub(r"\D", "", number)
    for prefix in _PREFIXES:
        if digits.startswith(prefix) and len(digits) - len(prefix) >= LOCAL + 2:
            return digits[len(prefix) :]
    return digits


def in_plan(number: str) -> bool:
    """Whether a number is one by the numbering plan."""
    return _PLAN.fullmatch(bare(number)) is not None
