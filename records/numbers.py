"""Numbers from outside: what a figure of ours can be, whole numbers as markup writes them, and which way a change goes;
Chinese numerals: their characters, their values, how a number is written with them and what a written one is.

Python reads more as a number than files mean (``int("२")``, ``float("nan")``, integers without end), and refuses some of what
it calls digits (``"²".isdigit()``): no other place turns a file's text into a number.
"""

from __future__ import annotations

import re
from decimal import Decimal

_EXACT = 2**53
"""Below this a 64-bit float holds every whole number (IEEE 754)."""
_WHOLE = re.compile(r"[ \t\r\n]*([-+]?)(?=[0-9])0*+([0-9]*+)[ \t\r\n]*")
MOST = 2**31 - 1
_SMALL = {str(number): number for number in range(20000)}
"""The whole numbers that markup writes most, spans and widths: no pattern need look at them."""
_DIGITS = len(str(MOST))
"""More need not be converted to know that they are beyond."""


def held(number: Decimal | float) -> int | float | None:
    """``number`` as a figure, whole ones as int; None where it has more digits before its point than a 64-bit float holds, is
    infinite or no number: such a text says nothing about money or shares."""
    try:
        near = float(number)
        whole = int(near)
    except (OverflowError, ValueError):  # beyond a float; infinite, no number
        return None
    if abs(near) >= _EXACT and number != whole:
        return None
    return whole if number == whole else near


def whole(text: str | None, default: int = 0, *, least: int = -MOST, most: int = MOST) -> int:
    """The whole number that an attribute holds (XML Schema's integer: ASCII digits, a sign), brought within ``least`` and
    ``most``; ``default`` where it holds none."""
    known = _SMALL.get(text or "")
    if known is not None:
        return max(least, min(most, known))
    found = _WHOLE.fullmatch(text or "")
    if found is None:
        return default
    size = int(found[2] or "0") if len(found[2]) <= _DIGITS else MOST + 1
    return max(least, min(most, -size if found[1] == "-" else size))


_LEVEL = re.compile("(?:提升|提高|增长|增加|下降|降低|缩短|减少|上升|改善)[至到]")
"""下降到8%: what was reached, not what was gained."""
_REACHED = re.compile("达(?!成|标)")
_MORE = re.compile("提升|提高|增长|增加|上升")
_LESS = re.compile("下降|降低|缩短|减少|下滑")


_MAY_FALL = re.compile("(?:增长|变化|变动)率")
"""Of these a figure below nought says nothing odd."""


def fallen(asked: str, said: str, number: Decimal) -> Decimal:
    """What a rate of growth is where it is said to have fallen: 销售增长率 | 下降21% is -21."""
    less = _MAY_FALL.search(asked) and _LESS.search(said) and not _MORE.search(said) and not _LEVEL.search(said)
    return -number if less and number > 0 else number


def against(asked: str, said: str, number: Decimal) -> tuple[str, ...]:
    """The names of what a change says against being the one that a label asks for: it goes the other way (提升 | 下降5%, 提升 |
    -5), says what was reached, or is one where a level is asked for (数控化率 | 下降5%)."""
    wants_more, wants_less = bool(_MORE.search(asked)), bool(_LESS.search(asked))
    more, less = bool(_MORE.search(said)), bool(_LESS.search(said))
    level = bool(_LEVEL.search(said))
    if asked and wants_more == wants_less:
        return ("change_said",) if (more or less) and not level else ()
    if level:
        return ("level_reached",)
    if not asked:
        return ()
    if (less and not more) if wants_more else (more and not less):
        return ("other_direction",)
    if number < 0 and not (_MAY_FALL.search(asked) and not more and not less):  # 下降-15%, 提升 | -5
        return ("other_direction",)
    return ("level_reached",) if _REACHED.search(said) and not more and not less else ()


# ------------------------------------------------------------------------------------------------------ numerals
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
