"""A number as its cell shows it: the format codes of Excel (ECMA-376-1 §18.8.30, §18.8.31) that tables of offices use.

Dates, times, percents, leading zeros, digits in groups, words around a number. A code that is not understood (fractions, figures
in Chinese numerals) gives the plain number, and says that it may look otherwise.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from extractors.document.doubts import DIGITS_LOST, NUMBER_FORMAT, Doubts
from extractors.sheet.settings import SHEET

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy/m/d h:mm", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: "#,##0;-#,##0;-", 42: "¥#,##0;-¥#,##0;-", 43: "#,##0.00;-#,##0.00;-", 44: "¥#,##0.00;-¥#,##0.00;-", 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    # as a Chinese system shows those that have no code of their own (§18.8.30, zh-cn)
    27: "yyyy年m月", 28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日", 32: "h时mm分", 33: "h时mm分ss秒", 34: "上午/下午h时mm分",
    35: "上午/下午h时mm分ss秒", 36: "yyyy年m月", 50: "yyyy年m月", 51: "m月d日", 52: "yyyy年m月", 53: "m月d日", 54: "m月d日",
    55: "上午/下午h时mm分", 56: "上午/下午h时mm分ss秒", 57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip
_SYSTEM_DATE, _SYSTEM_TIME = "yyyy年m月d日", "h:mm:ss"
_LAST_DAY = 2_958_466
"""The serial number behind 9999-12-31."""
_LEAP_DAY = 60
"""29 February 1900, which Excel counts although there was none."""
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]{0,200})"?|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]\[]{0,60})\]|(?P<general>general|G/通用格式)|(?P<half>am/pm|a/p|上午/下午)'
    r"|(?P<exponent>e[+-])|(?P<date>y+|m+|d+|h+|s+(?:\.0+)?|aaaa?|e+|g+|b+)|(?P<digit>[0#?])|(?P<sign>[.,%@/])|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)$")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEK = "一二三四五六日"
_NOON = 12
_MOST_CERTAIN, _MOST_SHORT = 10**SHEET.certain_digits, 10 ** (SHEET.general_width - 2)
_LEAST_PLAIN = 1e-4
"""Below it General shows a power of ten."""
_THOUSANDS = 3
"""Digits between two commas."""
_LONG = 3
"""Letters from which a month or day is a word."""


class Token(NamedTuple):
    kind: str
    text: str


class Section(NamedTuple):
    """One part of a format code: its tokens, and the condition in front of it."""

    tokens: tuple[Token, ...]
    condition: tuple[str, float] | None
    known: bool

    def has(self, kind: str) -> bool:
        return any(t.kind == kind for t in self.tokens)


def shown(value: float, code: str, epoch_1904: bool = False) -> tuple[str, Doubts]:
    """The text of a number under a format code, "" where the format shows nothing, and why it may be another."""
    if not math.isfinite(value):
        return str(value), (NUMBER_FORMAT,)
    lost: Doubts = (DIGITS_LOST,) if abs(value) >= _MOST_CERTAIN else ()
    section, negative = _section_for(value, sections(code))
    if section is None:
        return general(value), lost
    if not section.known:
        return general(value), (*lost, NUMBER_FORMAT)
    if section.has("date") or section.has("elapsed"):
        told = _date(value, section, epoch_1904)
        return (told, ()) if told is not None else (general(value), (NUMBER_FORMAT,))
    text = _number(abs(value) if negative else value, section)
    return text.strip(), lost


def general(value: float) -> str:
    """A number without a format: no needless zeros, no more digits than there are."""
    if value == int(value):
        return str(int(Decimal(f"{value:.{SHEET.certain_digits}g}")))
    if not _LEAST_PLAIN <= abs(value) < _MOST_SHORT:
        return f"{value:.{SHEET.certain_digits}g}"
    decimals = SHEET.general_width - len(str(int(abs(value)))) - 1
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=512)
def sections(code: str) -> tuple[Section, ...]:
    """The sections of a format code, [] for General."""
    parts: list[list[Token]] = [[]]
    conditions: list[tuple[str, float] | None] = [None]
    known = [True]
    for match in _TOKEN.finditer(code[:255]):
        kind = match.lastgroup or ""
        text = match[kind] if kind else ""
        if kind == "plain" and text == ";":
            parts.append([])
            conditions.append(None)
            known.append(True)
        elif kind == "bracket":
            condition = _CONDITION.match(text)
            if condition is not None:
                conditions[-1] = condition[1], float(condition[2])
            elif re.fullmatch(r"h+|m+|s+", text, re.IGNORECASE):
                parts[-1].append(Token("elapsed", text.lower()))
            elif text.upper() in ("$-F800", "$-F400"):
                system = _SYSTEM_DATE if text.upper() == "$-F800" else _SYSTEM_TIME
                return sections(system)
            elif text.startswith("$"):
                parts[-1].append(Token("plain", text[1:].partition("-")[0]))
            elif text.lower().startswith("dbnum"):
                known[-1] = False
        elif kind == "sign" and text == "/" and parts[-1] and any(t.kind == "digit" for t in parts[-1]):
            known[-1] = False  # a fraction
        elif kind:
            parts[-1].append(Token({"quoted": "plain", "escaped": "plain"}.get(kind, kind), text))
    made = tuple(Section(tuple(p), c, k) for p, c, k in zip(parts, conditions, known, strict=True))
    only = made[0].tokens if len(made) == 1 else ()
    return (
        ()
        if not code.strip() or (len(only) == 1 and only[0].kind in ("general", "sign") and only[0].text != "%")
        else made
    )


def _section_for(value: float, made: tuple[Section, ...]) -> tuple[Section | None, bool]:
    """The section that a number is shown by, and whether it shows the number without its sign."""
    if not made:
        return None, False
    numeric = made[:3]
    if any(s.condition for s in numeric):
        for section in numeric:
            if section.condition is None or _holds(value, *section.condition):
                return section, False
        return numeric[-1], False
    if len(numeric) == 1 or value > 0 or (value == 0 and len(numeric) < _LONG):
        return numeric[0], False
    return (numeric[1], True) if value < 0 else (numeric[2], False)


def _holds(value: float, sign: str, bound: float) -> bool:
    return {
        "<": value < bound, ">": value > bound, "<=": value <= bound, ">=": value >= bound, "=": value == bound, "<>": value != bound,
    }[sign]  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------- numbers
def _number(value: float, section: Section) -> str:
    tokens = section.tokens
    if not any(t.kind in ("digit", "general") for t in tokens):
        return ("-" if value < 0 else "") + "".join(t.text for t in tokens if t.kind in ("plain", "sign"))
    if section.has("general"):
        return "".join(general(value) if t.kind == "general" else t.text for t in tokens)
    if section.has("exponent"):
        places = sum(1 for t in tokens[: _index(tokens, "exponent")] if t.kind == "digit") - 1
        return f"{value:.{max(places, 0)}E}"
    digits = [n for n, t in enumerate(tokens) if t.kind == "digit"]
    point = next((n for n, t in enumerate(tokens) if t.text == "." and t.kind == "sign"), len(tokens))
    whole = [n for n in digits if n < point]
    last = whole[-1] if whole else -1
    commas = [n for n, t in enumerate(tokens) if t.kind == "sign" and t.text == ","]
    thousands = any(whole and whole[0] < n < last for n in commas)
    scale = sum(1 for n in commas if n > last and (not digits or n < point or n > digits[-1]))
    number = Decimal(f"{value:.{SHEET.certain_digits}g}") * 100 ** sum(
        1 for t in tokens if t.text == "%" and t.kind == "sign"
    )
    number /= 1000**scale
    decimals = len(digits) - len(whole)
    rounded = abs(number).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    integer, _, fraction = f"{rounded:f}".partition(".")
    out = _placed(tokens, digits, whole, point, integer, fraction, thousands)
    return ("-" if number < 0 and rounded else "") + out


def _index(tokens: tuple[Token, ...], kind: str) -> int:
    return next(n for n, t in enumerate(tokens) if t.kind == kind)


def _placed(
    tokens: tuple[Token, ...],
    digits: list[int],
    whole: list[int],
    point: int,
    integer: str,
    fraction: str,
    thousands: bool,
) -> str:
    """The digits put into their places, what stands between them kept."""
    integer = integer.lstrip("0")
    wanted = [tokens[n].text for n in whole]
    needed = len(wanted) - wanted.index("0") if "0" in wanted else 0
    integer = integer.rjust(needed, "0")
    places = len(whole)
    optional = [tokens[n].text != "0" for n in digits if n > point]
    while fraction and optional and optional[len(fraction) - 1] and fraction.endswith("0"):
        fraction = fraction[:-1]
    out: list[str] = []
    for n, token in enumerate(tokens):
        if token.kind == "digit" and n < point:
            at = whole.index(n)
            start = 0 if at == 0 else max(0, len(integer) - (places - at))
            piece = integer[start : max(0, len(integer) - (places - at - 1))]
            out.append(_grouped(piece, places - at - 1) if thousands else piece)
        elif token.kind == "digit":
            at = [d for d in digits if d > point].index(n)
            out.append(fraction[at : at + 1])
        elif token.kind == "sign" and token.text == ".":
            out.append("." if fraction else "")
        elif token.kind == "plain" or (token.kind == "sign" and token.text != ","):
            out.append(token.text)
    return "".join(out)


def _grouped(piece: str, behind: int) -> str:
    """Digits with a comma behind each that has a multiple of three further ones after it."""
    out = ""
    for n, digit in enumerate(piece):
        after = len(piece) - n - 1 + behind
        out += digit + ("," if after and not after % _THOUSANDS else "")
    return out


# ------------------------------------------------------------------------------------------------------------------ dates
def moment(value: float, epoch_1904: bool) -> dt.datetime | None:
    """The moment of a serial number, None where it is none."""
    if not 0 <= value < _LAST_DAY:
        return None
    seconds = round((value % 1) * 86_400, 3)
    days = int(value)
    first = dt.date(1904, 1, 1) if epoch_1904 else dt.date(1899, 12, 31 if days < _LEAP_DAY else 30)
    return dt.datetime(first.year, first.month, first.day) + dt.timedelta(days=days, seconds=round(seconds))  # noqa: DTZ001 - a sheet knows no zones


def _date(value: float, section: Section, epoch_1904: bool) -> str | None:
    at = moment(value, epoch_1904)
    if at is None:
        return None
    tokens = section.tokens
    half = section.has("half")
    out: list[str] = []
    for n, token in enumerate(tokens):
        low = token.text.lower()
        if token.kind == "date":
            out.append(_date_part(low, at, minutes=low in ("m", "mm") and _is_minutes(tokens, n), half=half))
        elif token.kind == "elapsed":
            total = value * {"h": 24, "m": 1440, "s": 86_400}[low[0]]
            out.append(f"{int(total + 1e-9):0{len(low)}d}")
        elif token.kind == "half":
            late = at.hour >= _NOON
            first, second = token.text.split("/")
            out.append(second if late else first)
        elif token.kind == "sign" and token.text == "@":
            return None
        else:
            out.append(token.text)
    return "".join(out).strip()


def _is_minutes(tokens: tuple[Token, ...], n: int) -> bool:
    """Whether an m is minutes: behind hours, or before seconds."""

    def part(range_: range) -> str:
        return next((tokens[i].text.lower()[0] for i in range_ if tokens[i].kind in ("date", "elapsed")), "")

    return part(range(n - 1, -1, -1)) == "h" or part(range(n + 1, len(tokens))) == "s"


def _date_part(code: str, at: dt.datetime, *, minutes: bool, half: bool) -> str:
    size = len(code)
    match code[0]:
        case "y" | "e":
            return f"{at.year:04d}" if size >= _LONG or code[0] == "e" else f"{at.year % 100:02d}"
        case "m" if minutes:
            return f"{at.minute:0{size}d}"
        case "m":
            name = _MONTHS[at.month - 1]
            return f"{at.month:0{size}d}" if size < _LONG else {3: name[:3], 5: name[0]}.get(size, name)
        case "d":
            name = _DAYS[at.weekday()]
            return f"{at.day:0{size}d}" if size < _LONG else name[:3] if size == _LONG else name
        case "a":
            return ("星期" if size > _LONG else "") + _WEEK[at.weekday()]
        case "h":
            hour = (at.hour % _NOON or _NOON) if half else at.hour
            return f"{hour:0{min(size, 2)}d}"
        case "s":
            return f"{at.second:0{min(len(code.partition('.')[0]), 2)}d}"
    return ""
