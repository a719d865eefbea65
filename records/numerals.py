"""Chinese numerals: their characters, their values, and how a number is written with them."""

from __future__ import annotations

DIGITS = "〇一二三四五六七八九"
NUMERALS = "一二三四五六七八九十"
"""What the numbers of chapters, rows and lists are written with (一 to 九十九)."""
VALUES = {c: n for n, c in enumerate(DIGITS)} | dict.fromkeys("零○◯OoＯ０", 0) | {"元": 1}
"""The digit that a character stands for; 元 in 元年, and what people type for 〇."""
_PLACES = ((1000, "千"), (100, "百"), (10, "十"), (1, ""))
_MOST = 9999


def chinese(n: int) -> str:
    """A number below 10,000 as Chinese counts it (十二, 一百零三); others as digits."""
    if not 0 < n <= _MOST:
        return str(n)
    out, zero = "", False
    for power, unit in _PLACES:
        digit = n // power % 10
        if digit:
            out += ("零" if zero and out else "") + DIGITS[digit] + unit
            zero = False
        else:
            zero = True
    return out[1:] if out.startswith("一十") else out
