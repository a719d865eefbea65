"""How elements of a web page look, as far as it matters: hidden, struck out, changed, in a symbol font; and lists' numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from extractors.document.symbols import is_symbol_font
from extractors.word.markup import Look
from extractors.word.numbering import format_number
from records.numbers import whole

_NUMBERS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_NO_NUMBER = re.compile(r"list-style(?:-type)?\s*:\s*none", re.IGNORECASE)
_MOST = 99_999
"""The highest number before an item of a list that is looked at."""
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.IGNORECASE)
_RAISED = re.compile(r"(?:^|;)\s*+vertical-align\s*+:\s*+super", re.IGNORECASE)
_STRUCK = re.compile(r"(?:^|;)(?>[^;]*?text-decoration(?:-line)?\s*+:)[^;]*?line-through", re.IGNORECASE)
_LIT = re.compile(
    r"(?:^|;)\s*+(?:(?:background(?:-color)?|mso-highlight)\s*+:\s*+(?!none|transparent|white|inherit|initial|unset|#fff(?:fff)?\b)"
    r"|border\s*+:\s*+(?!none|0)|color\s*+:\s*+(?!inherit|initial|unset|black|windowtext|auto|#000(?:000)?\b|rgb\(0,\s?0,\s?0\)))",
    re.IGNORECASE,
)
_STRESSED = re.compile(
    r"(?:^|;)\s*+(?:font-weight\s*+:\s*+(?:bold|[6-9]00)|text-decoration(?:-line)?\s*+:[^;]*underline|font-style\s*+:\s*+italic)",
    re.IGNORECASE,
)
_RUNS = frozenset(("span", "font", "mark", "b", "strong", "u", "em", "i"))
"""Elements that look otherwise than the text around them."""
_LINES = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_FONT = re.compile(r"font-family\s*:\s*[\"']?([^;\"',]+)", re.IGNORECASE)
_SHORT_FONT = re.compile(
    r"(?:^|;)(?>[^;]*?(?<![\w-])font\s*+:)[^;]*?\b(wingdings(?: ?[23])?|webdings|symbol)\b", re.IGNORECASE
)
_REMARK = re.compile(r"/\*(?:[^*]|\*(?!/))*(?:\*/|$)|<!--|-->")
_SELECTOR = re.compile(r"([\w]*)((?:[.#][\w-]+)?)")


@dataclass(slots=True)
class Hidden:
    """The simple selectors (tag, .class, #id, tag.class) by which a page's own style sheet hides elements."""

    selectors: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, root: etree._Element) -> Hidden:
        made = cls()
        for sheet in root.iter("style"):
            if "print" in (sheet.get("media") or "").lower():
                continue
            for names, declared in _rules(sheet.text or ""):
                if _HIDDEN.search(declared):
                    found = (_SELECTOR.fullmatch(name.strip()) for name in names.split(","))
                    made.selectors |= {(m[1].lower(), m[2]) for m in found if m and m[0]}
        return made

    def hides(self, node: etree._Element, tag: str) -> bool:
        if not self.selectors:
            return False
        own = [f".{name}" for name in (node.get("class") or "").split()] + [f"#{node.get('id')}"]
        return (tag, "") in self.selectors or any((t, name) in self.selectors for name in own for t in ("", tag))


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """The selectors and declarations of a style sheet's rules, but for those that hold only in some medium (print)."""
    around: list[str] = []
    text = ""
    for piece in re.split(r"([{}])", _REMARK.sub("", sheet)):
        if piece == "{":
            around.append(text.rpartition(";")[2].strip())
        elif piece == "}" and around:
            names = around.pop()
            if not any(name.startswith("@") for name in (names, *around)):
                yield names, text
        text = "" if piece in ("{", "}") else piece


def tag_of(node: etree._Element) -> str:
    """The element's name without a prefix; "" for comments and the like."""
    name = str(node.tag)  # of a comment it is a function
    return "" if name.startswith("<") else name.rsplit("}", 1)[-1].rsplit(":", 1)[-1].lower()


@dataclass(slots=True)
class Numbers:
    """The numbers that a browser shows before the items of ordered lists, asked for in the page's order."""

    reached: dict[etree._Element, tuple[etree._Element, int]] = field(default_factory=dict)
    """List → the item asked for last and the number after it."""

    def of(self, item: etree._Element) -> str:
        """The number of an item; "" for any other element."""
        parent = item.getparent()
        if parent is None or tag_of(parent) != "ol" or _NO_NUMBER.search(parent.get("style") or ""):
            return ""
        if parent in self.reached:
            last, number = self.reached[parent]
            rest = last.itersiblings()
        else:
            number, rest = whole(parent.get("start", "1"), 1, least=-_MOST, most=_MOST), iter(parent)
        for other in rest:
            if tag_of(other) != "li":
                continue
            number = whole(other.get("value", ""), number, least=-_MOST, most=_MOST)
            if other is item:
                break
            number += 1
        self.reached[parent] = item, number + 1
        return format_number(number, _NUMBERS.get(parent.get("type", ""), "decimal")) + "."


def look_of(node: etree._Element, tag: str, look: Look, hidden: Hidden) -> Look:
    """How what stands in an element looks, from how its surroundings do."""
    if not node.attrib and tag not in _LOOKED_AT and not hidden.selectors:
        return look
    style = node.get("style") or ""
    font = node.get("face", look.font).partition(",")[0].strip()
    if found := _FONT.search(style):
        font = found[1].strip()
    elif (short := _SHORT_FONT.search(style)) and is_symbol_font(short[1]):
        font = short[1]
    own = tag in _RUNS
    unseen = node.get("hidden") is not None or _HIDDEN.search(style) or hidden.hides(node, tag)
    return replace(
        look,
        hidden=look.hidden or bool(unseen),
        font=font,
        deleted=look.deleted or tag == "del",
        inserted=look.inserted or tag == "ins",
        struck=look.struck or tag in ("s", "strike") or bool(_STRUCK.search(style)),
        lit=look.lit or (own and (tag == "mark" or node.get("color") is not None or bool(_LIT.search(style)))),
        stressed=look.stressed or (own and (tag not in ("span", "font", "mark") or bool(_STRESSED.search(style)))),
        raised=look.raised or tag == "sup" or bool(_RAISED.search(style)),
        lines=look.lines or tag in ("pre", "textarea") or bool(_LINES.search(style)),
    )


_LOOKED_AT = ("del", "ins", "s", "strike", "pre", "textarea", "mark", "b", "strong", "u", "em", "i", "sup")
