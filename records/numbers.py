"""Numbers from outside: what a figure of ours can be, whole numbers as markup writes them, and which way a change goes.

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
