"""Automatic numbers: the text that Word prints before a numbered paragraph (numbering.xml, ISO/IEC 29500-1 §17.9)."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from extractors.document.symbols import is_symbol_font, symbol
from extractors.word.names import w
from records.numbers import DIGITS, chinese, whole
from records.signs import BULLET_BOXES

_DEPTH = 9
"""Levels of a list (§17.9.6: ilvl is 0 to 8)."""
_CIRCLED, _IN_BRACKETS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_MOST = 32767
"""The highest number that Word counts to."""
_LONGEST = 255
"""Characters of a number with what stands around it; Word's own dialog takes 255."""


def _letters(n: int, first: str) -> str:
    if n < 1:
        return str(n)
    return chr(ord(first) + (n - 1) % 26) * ((n - 1) // 26 % 30 + 1)  # Word begins anew after thirty times


def _roman(n: int) -> str:
    if n < 1:
        return str(n)
    out = ""
    for value, sign in ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
                        (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):  # fmt: skip
        while n >= value:
            out += sign
            n -= value
    return out


def format_number(n: int, style: str) -> str:
    """``n`` in one of Word's number formats; an unknown format counts in digits."""
    if style.startswith("chinese") or style in (
        "japaneseCounting",
        "taiwaneseCountingThousand",
        "ideographTraditional2",
    ):
        return chinese(n)
    match style:
        case "ideographDigital" | "taiwaneseDigital" | "koreanDigital2":
            return "".join(DIGITS[int(d)] for d in str(n))
        case "upperLetter":
            return _letters(n, "A")
        case "lowerLetter":
            return _letters(n, "a")
        case "upperRoman":
            return _roman(n).upper()
        case "lowerRoman":
            return _roman(n)
        case "decimalZero":
            return f"{n:02d}"
        case "decimalFullWidth" | "decimalFullWidth2":
            return str(n).translate({ord("0") + i: ord("０") + i for i in range(10)})
        case "decimalEnclosedCircle" | "decimalEnclosedCircleChinese":
            return _CIRCLED[n - 1] if 1 <= n <= len(_CIRCLED) else str(n)
        case "decimalEnclosedParen":
            return _IN_BRACKETS[n - 1] if 1 <= n <= len(_IN_BRACKETS) else f"({n})"
        case "ideographTraditional":
            return _STEMS[n - 1] if 1 <= n <= len(_STEMS) else str(n)
        case "ideographZodiac":
            return _BRANCHES[n - 1] if 1 <= n <= len(_BRANCHES) else str(n)
        case "none":
            return ""
    return str(n)


@dataclass(slots=True)
class _Level:
    start: int = 0
    """Word counts from nought where the file does not say (§17.9.25)."""
    style: str = "decimal"
    text: str = ""
    legal: bool = False
    restart: int | None = None


@dataclass(slots=True)
class Numbering:
    """Counts the numbered paragraphs of one document in reading order."""

    _levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    _abstract_of: dict[str, str] = field(default_factory=dict)
    _overrides: dict[str, dict[int, int]] = field(default_factory=dict)
    _counters: dict[str, dict[int, int]] = field(default_factory=dict)
    _started: set[str] = field(default_factory=set)

    @classmethod
    def load(cls, root: etree._Element | None) -> Numbering:
        """From numbering.xml; an empty numbering where there is none."""
        made = cls()
        for node in root if root is not None else ():
            if node.tag == w("abstractNum"):
                levels = made._levels[node.get(w("abstractNumId"), "")] = {}
                for level in node.iterfind(w("lvl")):
                    if 0 <= (depth := whole(level.get(w("ilvl")))) < _DEPTH:
                        levels[depth] = _level(level)
            elif node.tag == w("num"):
                num = node.get(w("numId"), "")
                abstract = node.find(w("abstractNumId"))
                made._abstract_of[num] = abstract.get(w("val"), "") if abstract is not None else ""
                for override in node.iterfind(w("lvlOverride")):
                    start = override.find(w("startOverride"))
                    if start is not None:
                        depth = whole(override.get(w("ilvl")))
                        made._overrides.setdefault(num, {})[depth] = _counted(start.get(w("val")), 1)
        return made

    def label(self, num: str, ilvl: int) -> str:
        """The text before the next paragraph of list ``num`` at level ``ilvl``: ``（一）``, ``1.2``, "" for bullets. A
        bullet drawn as a box or tick is that sign, since applicants tick with it."""
        abstract = self._abstract_of.get(num)
        levels = self._levels.get(abstract or "")
        if not levels or ilvl not in levels or abstract is None:
            return ""
        counters = self._counters.setdefault(abstract, {})
        if num not in self._started:
            self._started.add(num)
            for level, start in self._overrides.get(num, {}).items():
                counters[level] = start - 1
        for deeper in [k for k in counters if k > ilvl]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart != 0:
                del counters[deeper]
        counters[ilvl] = counters.get(ilvl, levels[ilvl].start - 1) + 1
        here = levels[ilvl]
        if here.style == "bullet":
            return here.text if len(here.text) == 1 and here.text in BULLET_BOXES else ""
        out = here.text
        for k in range(_DEPTH):
            sign = f"%{k + 1}"
            if sign in out:
                other_level = levels.get(k, here)
                style = "decimal" if here.legal and k != ilvl else other_level.style
                out = out.replace(sign, format_number(counters.get(k, other_level.start), style))
        return out[:_LONGEST]


def _counted(text: str | None, default: int) -> int:
    return whole(text, default, least=0, most=_MOST)


def _level(node: etree._Element) -> _Level:
    made = _Level()
    for child in node:
        value = child.get(w("val"), "")
        if child.tag == w("start"):
            made.start = _counted(value, 1)
        elif child.tag == w("numFmt"):
            made.style = value
        elif child.tag == w("lvlText"):
            made.text = value[:_LONGEST]
        elif child.tag == w("isLgl"):
            made.legal = value not in ("0", "false")
        elif child.tag == w("lvlRestart"):
            made.restart = _counted(value, 0)
        elif child.tag == w("rPr"):
            fonts = child.find(w("rFonts"))
            font = fonts.get(w("ascii")) or fonts.get(w("hAnsi")) if fonts is not None else None
            if made.style == "bullet" and len(made.text) == 1 and is_symbol_font(font):
                made.text = symbol(ord(made.text), font)
    return made
