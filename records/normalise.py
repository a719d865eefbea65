"""Raw text of a form → typed value. What is not plainly of its type gives None, never a guess: the raw text is kept.

Each normaliser takes the text as it stands in the cell, hints already removed, and returns :class:`Typed`.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from catalog.forms import MONEY_UNIT
from records.numbers import against, digits, fallen, held
from records.signs import NOTE_SIGNS, SIGNS_OF_NUMBERS, UNSEEN

BLANK_WORDS = frozenset(
    ("/", "\\", "-", "--", "—", "——", "———", "–", "一", "无", "/无", "无/", "不涉及", "不适用", "暂无", "没有", "N/A", "NA", "n/a", "na", "//", "///",
     "…", "……", "*", "**", "***", "空", "未涉及", "无数据", "不填", "无此项", "无。", "、", "~", "～", "_", "?", "？",
     "―", "空白", "不详", "NIL", "略", "待填", "待定", "待补充", "待统计", "未统计", "未填", "TBD", "tbd")
)  # fmt: skip
"""What people write into a number's cell to say that there is none (record.md: "/", "—", "无", "不涉及" are blank)."""


class Typed(NamedTuple):
    """``doubts`` are the names (:mod:`records.doubts`) of what had to be interpreted, () for a plain value."""

    value: Any
    doubts: tuple[str, ...] = ()


NOTHING = Typed(None)

_SPACE = re.compile(r"[\s\u00a0\u3000]+")
_CJK = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’（）"
_WIDE = re.compile(rf"[{_CJK}]")
_UNIT_BEHIND = re.compile(r"(?:%|万元|亿元|元|家|个)$")
_SIGNS = re.compile(r"[-—–_/\\.。…*]+")


def fold(text: str) -> str:
    """White space folded to single blanks, line breaks too; what has no width is left away."""
    if text.isprintable():  # no white space but blanks, nothing invisible
        return " ".join(text.split()) if "  " in text else text.strip()
    return _SPACE.sub(" ", UNSEEN.sub("", text)).strip()


def fold_text(text: str) -> str:
    """A short text on one line: a line break between Chinese characters joins them, elsewhere it is a blank."""
    if "\n" not in text:
        return fold(text)
    lines = [fold(line) for line in text.split("\n")]
    out = ""
    for line in lines:
        if not line:
            continue
        glue = "" if not out or _WIDE.match(out[-1]) or _WIDE.match(line) else " "
        out += glue + line
    return out


def fold_long(text: str) -> str:
    """A long text: white space folded within lines, paragraphs kept as lines, blank lines dropped."""
    return "\n".join(line for line in (fold(part) for part in text.split("\n")) if line)


_NOTE_MARK = re.compile(rf"(?<=.)[{NOTE_SIGNS}]++(?!\d)")
"""A note's mark behind a figure: 1200①. One between figures parts them."""


_BRACKETED = re.compile(r"^\((\d[\d.,]*+(?:%|[亿万]?元)?)\)((?:%|[亿万]?元)?)(?=(?:\([^()\d]*\))?$)")
"""A figure in brackets, as accountants write what is below nought: （2.1）"""
_BELOW = re.compile(r"^(?:负|亏损?)(?=\d)")
_PER_CENT = re.compile(r"百分之(\d+(?:\.\d+)?|百$)")


_TRADITIONAL = str.maketrans("億萬圓", "亿万元")


def _figures(text: str) -> str:
    """:func:`squeeze` with 负, 百分之 and accountants' brackets as the signs they stand for."""
    bare = squeeze(_NOTE_MARK.sub("", text)).rstrip("。;；,，.").translate(_TRADITIONAL)
    bare = _BRACKETED.sub(r"-\1\2", _BELOW.sub("-", digits(bare)))
    return _PER_CENT.sub(lambda m: f"{100 if m[1] == '百' else m[1]}%", bare)


def squeeze(text: str) -> str:
    """NFKC without any white space: the form in which numbers, codes and dates are parsed. A number that is one sign (①) is
    no digit there."""
    plain = unicodedata.normalize("NFKC", text if text.isascii() else SIGNS_OF_NUMBERS.sub("※", text))
    return plain.replace(" ", "") if plain.isprintable() else _SPACE.sub("", UNSEEN.sub("", plain))


def is_blank(text: str) -> bool:
    """Whether a number's cell is blank: nothing, or one of :data:`BLANK_WORDS`, with or without a unit behind."""
    bare = squeeze(text)
    if not bare:
        return True
    if bare[0].isdigit():
        return False
    alone = _UNIT_BEHIND.sub("", bare)
    return (alone in BLANK_WORDS and (alone == bare or alone != "一")) or not alone or bool(_SIGNS.fullmatch(alone))


# ------------------------------------------------------------------------------------------------------ numbers
# Repeats take all they can and give nothing back (``++``): what follows never begins with what they take, and a cell of a
# hundred thousand signs is done with as soon as any other.
_NUMBER = r"[-+−－]?(?:\d{1,3}(?:[,，'’]\d{3})++|\d++)(?:\.\d++)?"
_NUM = re.compile(_NUMBER)
_PLAIN = re.compile(r"\s*+([0-9]{1,12}(?:\.[0-9]{1,6})?)(%?)\s*+")
"""A figure by itself, as most are written: it needs none of the care that others do."""
_OVER_LINES = re.compile(r"\d[^\S\n]*\n\s*\d")
_APART = re.compile(r"\d[ \t]+\d")
_BY_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?:[ \t]\d{3})+(?!\d)")
_REMARK = re.compile(r"(?<=.)[(（](?:(?:19|20)\d\d年|[^()（）\d万亿元%])*+[)）]$")
_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_WORDS_IN_BRACKETS = re.compile(r"[(（][^()（）\d]*[)）]")
_DIGIT = re.compile(r"\d")
_ABOUT = r"(?:\(约\)|约|大约|近|超过|超|达到了|达到|达|已达|至少|不少于|不低于|大于|小于|少于|不超过|高于|低于|≥|≤|>|<|＞|＜|≧|≦|~|≈|共计|共|合计|总计|人民币|RMB|¥|￥|为|:|是)*+"
_AFTER = r"(?:左右|以上|以内|以下|多|余|上下|\+|↑|↓)*+"
_GAIN = r"(?:(?:[由较比]原来|同比|平均|预计|综合|累计|年均|实现|整体|比例|幅度|比率|效率|成本|周期|能耗|不良率|利用率|投用率)*(?:提升|提高|增长|增加|下降|降低|缩短|减少|上升|改善)(?:了|到|至|约|达|率|比例|幅度){0,6})?"


def _split_number(text: str) -> bool:
    """Whether digits stand apart that do not group by thousands: two figures in one cell, not one figure."""
    if text.isalnum():
        return False
    plain = unicodedata.normalize("NFKC", text)
    if _OVER_LINES.search(plain):
        return True
    return bool(_APART.search(plain)) and not _BY_THOUSANDS.search(plain)


def _without_remark(text: str) -> str:
    """A figure without a remark in brackets behind it (``（合并口径）``): one that holds no figure and no unit."""
    return _REMARK.sub("", text)


def _decimal(text: str) -> Decimal | None:
    plain = re.sub(r"[,，'’]", "", text).replace("−", "-").replace("－", "-")
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _figure(number: Decimal, *doubts: str) -> Typed:
    """The value of a figure, whole ones as int; none where it is beyond what a figure can be."""
    found = held(number)
    return NOTHING if found is None else Typed(found, doubts)


_PERCENT = re.compile(rf"{_ABOUT}{_GAIN}{_ABOUT}({_NUMBER})(%|‰|个百分点|百分点|pct|PCT|\(%\))?{_AFTER}")


_OF_HUNDRED = re.compile("%|个?百分点")
_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d年")
_COMPARED = re.compile(r"倍|由|从|[-~至到]\d|[:：]")


def percent(text: str, asked: str = "") -> Typed:
    """A number in percent: ``约35%``, ``提升28%``, ``≥95%``, ``18.5个百分点`` → 35, 28, 95, 18.5. Ranges, fractions and
    sentences with several numbers give None. ``asked`` is the label, which may say the way of a change (提升, 下降)."""
    if plain := _PLAIN.fullmatch(text):
        return _figure(Decimal(plain[1]))
    if is_blank(text) or _split_number(text):
        return NOTHING
    bare = _without_remark(_figures(text))
    match = _PERCENT.fullmatch(bare)
    if match:
        number = _decimal(match[1])
        if number is not None:
            doubts = against(asked, bare, number)
            return _figure(fallen(asked, bare, number / 10 if match[2] == "‰" else number), *doubts)
    without = _YEARS.sub("", _IN_BRACKETS.sub("", bare))  # 2022年较2020年下降26%
    every = list(_NUM.finditer(without))
    if len(every) == 1 and _OF_HUNDRED.match(without, every[0].end()) and not _COMPARED.search(without):
        number = _decimal(every[0][0])
        if number is not None:
            doubts = against(asked, without, number)
            return _figure(fallen(asked, without, number), "figure_in_words", *doubts)
    return NOTHING


_UNITS = {
    "亿元": Decimal(10000), "亿": Decimal(10000), "千万元": Decimal(1000), "千万": Decimal(1000), "百万元": Decimal(100), "百万": Decimal(100),
    "十万元": Decimal(10), "万元": Decimal(1), "万": Decimal(1), "千元": Decimal("0.1"), "元": Decimal("0.0001"), "圆": Decimal("0.0001"),
    "元整": Decimal("0.0001"), "万元整": Decimal(1), "": Decimal(0),
}  # fmt: skip
_UNIT = "|".join(sorted((u for u in _UNITS if u), key=len, reverse=True))
_MONEY = re.compile(
    rf"{_ABOUT}((?:{_NUMBER}(?:[余多来]?(?:{_UNIT}))?)+)(?:人民币|整|正|RMB|\(人民币\))?{_AFTER}(?:人民币|RMB)?"
)
_AMOUNTS = re.compile(rf"({_NUMBER})[余多来]?({_UNIT})?")
_OF_WHICH = re.compile(r"(?:[(（,，;；。、]|(?<=[元万亿\d]))其中")
_MORE = re.compile("另|合计|总计|共计|[+＋]")
_AMOUNT_OF = re.compile(
    r"^(?:项目|建设|揭榜任务|本)?(?:计划|累计|实际)?总?(?:投资额?|投入|金额|额|计)(?:总额|合计)?(?:约?为|约)?[:：]?(?=\d)"
)
_UNIT_IN_BRACKETS = re.compile(
    r"[(（](?:含税|不含税|约|(?:人民币)?(?P<unit>[百千]?[亿万]元?|[千百]?元)?(?:人民币)?)[)）]$"
)
"""What stands in brackets behind an amount: its unit, at most."""
_UNIT_BEFORE = re.compile(r"^(?:人民币)?\(([亿万]?元)\):?(\d[\d.,]*+)$")
"""人民币（万元）：5866"""
_FOREIGN = re.compile(r"美元|美金|USD|\$|欧元|EUR|€|日元|JPY|港币|港元|HKD|英镑", re.IGNORECASE)


def in_unit(amount: float | int, unit: str) -> float | int:
    """An amount of a record (in :data:`MONEY_UNIT`) in another unit: 0.8 in 元 is 8000."""
    size = _UNITS.get(unit) or Decimal(1)
    found = _figure(Decimal(repr(amount)) / size).value
    return amount if found is None else found


def _without_shares(text: str) -> str:
    """An amount without what of it goes where (2000万元（其中设备1500万元）), unless more is added behind."""
    more = max((m.start() for m in _MORE.finditer(text)), default=-1)
    digit = max((m.start() for m in _DIGIT.finditer(text)), default=0)
    more = max(more, text.rfind(")", 0, digit), text.rfind("）", 0, digit))
    return next((text[: m.start()] for m in _OF_WHICH.finditer(text) if m.end() > more), text)


def money(text: str, unit: str = MONEY_UNIT) -> Typed:
    """An amount in 万元; ``unit`` is the one the label states where the cell states none. 1.2亿元 → 12000; 3500000元 → 350.
    Foreign currencies and texts with several amounts give None."""
    if (plain := _PLAIN.fullmatch(text)) and not plain[2]:
        return _figure(Decimal(plain[1]) * _UNITS[unit if unit in _UNITS else MONEY_UNIT])
    if is_blank(text) or _split_number(text):
        return NOTHING
    doubts: tuple[str, ...] = ()
    bare = _figures(text)
    if "其中" in bare or "投" in bare[:6]:
        bare, doubts = _AMOUNT_OF.sub("", _without_shares(bare)), ("amount_in_words",)
    bare = _without_remark(_UNIT_BEFORE.sub(r"\2\1", bare))
    match = _MONEY.fullmatch(_UNIT_IN_BRACKETS.sub(lambda m: m["unit"] or "", bare))
    if match is None or _FOREIGN.search(bare):
        return NOTHING
    total = Decimal(0)
    pieces = _AMOUNTS.findall(match[1])
    sizes = [_UNITS.get(own, Decimal(0)) for _, own in pieces]
    if any(b >= a for a, b in itertools.pairwise(sizes)):
        return NOTHING  # 1亿2000万元 is one amount, 1200万元800万元 are two
    for amount, own in pieces:
        number = _decimal(amount)
        if number is None or held(number) is None or (len(pieces) > 1 and not own):
            return NOTHING
        total += number * _UNITS[own or unit if (own or unit) in _UNITS else MONEY_UNIT]
    return _figure(total, *doubts)


_COUNT = re.compile(
    rf"{_ABOUT}(?:复制推广|推广|已推广|累计|带动)*(?:至|到|了)?{_ABOUT}({_NUMBER}){_AFTER}"
    rf"[(（]?(?:家|个|户|项|套|台|人)?[)）]?(?:企业|单位|公司)?{_AFTER}"
)


_COUNTED = re.compile(r"[余多]?[家个户项套台人]")


def number(text: str, unit: str = "") -> Typed:
    """A count: ``11家``, ``约20``, ``30余家``; a single one among other words, too, in doubt. Several numbers or a range give
    None. The ``unit`` that the form prints may be written again, with 万 or 亿 before it (1.2万吨标准煤 is 12000 of them)."""
    if unit and (of_it := _of_unit(text, squeeze(unit))) is not None:
        return of_it
    if (plain := _PLAIN.fullmatch(text)) and not plain[2]:
        return _figure(Decimal(plain[1]))
    if is_blank(text) or _split_number(text):
        return NOTHING
    bare = _without_remark(digits(squeeze(_NOTE_MARK.sub("", text)).rstrip("。;；,，.")))
    match = _COUNT.fullmatch(bare)
    if match:
        found = _decimal(match[1])
        return NOTHING if found is None else _figure(found)
    without = _YEARS.sub("", _WORDS_IN_BRACKETS.sub("", bare))
    every = list(_NUM.finditer(without))
    found = _decimal(every[0][0]) if len(every) == 1 and _COUNTED.match(without, every[0].end()) else None
    return NOTHING if found is None else _figure(found, "figure_in_words")


_SCALED = re.compile(rf"{_ABOUT}({_NUMBER})([万亿]?)")
_SCALES = {"": 1, "万": 10_000, "亿": 100_000_000}


def _of_unit(text: str, unit: str) -> Typed | None:
    """A figure with its unit behind it, None where it is none."""
    bare = squeeze(text).rstrip("。;；,，.")
    match = _SCALED.fullmatch(digits(bare.removesuffix(unit))) if bare.endswith(unit) else None
    found = _decimal(match[1]) if match else None
    return _figure(found * _SCALES[match[2]]) if match and found is not None else None


# ------------------------------------------------------------------------------------------------------ text
def short(text: str) -> Typed:
    """A short text on one line."""
    folded = fold_text(text)
    return Typed(folded) if folded else NOTHING


def long(text: str) -> Typed:
    """A long text, paragraphs as lines."""
    folded = fold_long(text)
    return Typed(folded) if folded else NOTHING
