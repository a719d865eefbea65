"""Chinese numerals: their characters, their values, how a number is written with them and what a written one is."""

from __future__ import annotations

import re

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


_COUNTING = {**VALUES, "两": 2, **{c: n for n, c in enumerate("零壹贰叁肆伍陆柒捌玖")}}
_POWERS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TENS = str.maketrans({"廿": "二十", "卅": "三十"})
_ONE = "一二三四五六七八九两壹贰叁肆伍陆柒捌玖"
_COUNTED = re.compile(
    rf"(?<![几数第每])((?:[{_ONE}]?[十拾]|[{_ONE}][百佰千仟]|[零〇]?[{_ONE}])++|[零〇])(?:点([零〇{_ONE}]++))?(?![几数])"
)
_WRITTEN = re.compile(r"[0-9０-９]")


def counted(text: str) -> int:
    """The number that numerals write: 十二, 二十九, 一百零三, 廿八; digit by digit where no 十 is among them (二〇)."""
    plain = text.translate(_TENS)
    if not any(c in _POWERS for c in plain):
        return int("".join(str(_COUNTING.get(c, 0)) for c in plain))
    total = digit = 0
    for c in plain:
        if c in _POWERS:
            total += (digit or 1) * _POWERS[c]
            digit = 0
        else:
            digit = _COUNTING.get(c, 0)
    return total + digit


def digits(text: str) -> str:
    """A figure that is written in numerals alone with digits: 百分之二十九 → 百分之29, 三十四家 → 34家, 一亿二千万元 →
    1亿2000万元. A text with digits stays as it is."""
    if _WRITTEN.search(text) or text.isascii():
        return text

    def figure(match: re.Match[str]) -> str:
        part = match[2]
        return f"{counted(match[1])}" + ("." + "".join(str(_COUNTING[c]) for c in part) if part else "")

    return _COUNTED.sub(figure, text)
