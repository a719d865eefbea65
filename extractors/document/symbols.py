"""Characters of symbol fonts as the characters a person sees.

Word stores Wingdings and its kin by position in the font (w:sym, or private-use characters U+F000-U+F0FF), PDF by
the same private-use characters. Boxes and ticks become ☑ (ticked) or □ (not ticked); a bare tick mark becomes √.
Source: the fonts' own code charts. The tables here say how a sign looks; what a sign means of a choice stands in records/signs.py.
"""

from __future__ import annotations

import re

from extractors.document.model import TICKED, UNTICKED

TICK = "√"
CROSS = "×"

_WINGDINGS = {
    0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: UNTICKED, 0x70: UNTICKED, 0x71: UNTICKED, 0x72: UNTICKED, 0x74: "◆", 0x75: "◆",
    0x77: "◆", 0x78: "☒", 0x9F: "•", 0xA0: "▪", 0xA1: "○", 0xA2: "○", 0xA3: "○", 0xA4: "◉", 0xA5: "◎", 0xA7: "▪", 0xA8: UNTICKED,
    0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "→", 0xF0: "⇒", 0xFB: CROSS, 0xFC: TICK, 0xFD: "☒", 0xFE: TICKED,
}  # fmt: skip
_WINGDINGS.update({0x80 + i: c for i, c in enumerate("⓪①②③④⑤⑥⑦⑧⑨⑩")})
_WINGDINGS.update({0x8B + i: c for i, c in enumerate("⓿❶❷❸❹❺❻❼❽❾❿")})
_WINGDINGS2 = {
    0x2A: UNTICKED, 0x4F: CROSS, 0x50: TICK, 0x51: "☒", 0x52: TICKED, 0x53: "☒", 0x54: "☒", 0x55: "⊗", 0x96: "●", 0x97: "●",
    0x98: "●", 0x99: "○", 0xA1: "■", 0xA2: "■", 0xA3: UNTICKED, 0xA4: UNTICKED, 0xA5: UNTICKED,
}  # fmt: skip
_WINGDINGS3 = {0x7D: "▶", 0x75: "▶"}
_WEBDINGS = {0x61: TICK, 0x63: UNTICKED, 0x67: "■", 0x6E: "●", 0x72: CROSS}
_SYMBOL = {
    0x44: "Δ", 0x46: "Φ", 0x57: "Ω", 0x61: "α", 0x62: "β", 0x64: "δ", 0x6C: "λ", 0x6D: "μ", 0x70: "π", 0x71: "θ", 0x73: "σ",
    0x77: "ω", 0xA2: "′", 0xA3: "≤", 0xA5: "∞", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB2: "″",
    0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xD6: TICK, 0xD7: "⋅", 0xE5: "∑",
}  # fmt: skip
_PRIVATE_USE = re.compile("[\uf000-\uf0ff]")
_PRIVATE_CODES = range(0xF000, 0xF100)
"""Where Word puts the characters of symbol fonts."""
_ASCII = range(0x20, 0x7F)
_WORD = re.compile("[A-Za-z\uf041-\uf05a\uf061-\uf07a]+|[^\\s]")
_BOXES = frozenset((TICKED, UNTICKED, "☒", TICK, CROSS))
_FONTS = {
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS2,
    "wingdings2": _WINGDINGS2,
    "wingdings 3": _WINGDINGS3,
    "webdings": _WEBDINGS,
    "symbol": _SYMBOL,
}
_PRIVATE = dict(_WINGDINGS)
_PRIVATE.update({k: v for k, v in _WINGDINGS2.items() if k in (0x52, 0x53, 0xA3)})
_PRIVATE.setdefault(0xB7, "•")
_PRIVATE.setdefault(0xD6, TICK)


def is_symbol_font(font: str | None) -> bool:
    """True for the fonts whose characters are signs, not letters."""
    return font is not None and font.lower() in _FONTS


def has_symbols(text: str) -> bool:
    """Whether a text holds characters of a symbol font's private range."""
    return _PRIVATE_USE.search(text) is not None


def symbol(code: int, font: str | None = None) -> str:
    """The character seen for a code of a symbol font (with or without the 0xF000 offset).

    Without a known font a private-use code is taken as Wingdings, by far the commonest; a code no table knows comes
    back as it is, so that nothing is lost.
    """
    table = _FONTS.get((font or "").lower())
    low = code & 0xFF if code in _PRIVATE_CODES else code
    if table is None:
        if code in _PRIVATE_CODES:
            return _PRIVATE.get(low, chr(code))
        return chr(code)
    found = table.get(low)
    if found is not None:
        return found
    return chr(low) if low in _ASCII and table is _SYMBOL else chr(code)


def as_sign(character: str) -> str:
    """A character typed in a symbol font as Word stores it; white space as it is."""
    return chr(_PRIVATE_CODES.start + ord(character)) if " " < character <= "\xff" else character


def translate(text: str, font: str | None = None) -> str:
    """Text of a run, with the characters of symbol fonts replaced by what a person sees."""
    if is_symbol_font(font):
        return _WORD.sub(lambda word: _signs(word[0], font), text)
    if _PRIVATE_USE.search(text):
        return _WORD.sub(lambda word: _signs(word[0]) if has_symbols(word[0]) else word[0], text)
    return text


def _signs(word: str, font: str | None = None) -> str:
    """What is seen of what stands together. Letters that are not all signs are a word, and none of them ticks: WMS."""
    seen = [symbol(ord(c), font) for c in word]
    is_word = any(s == c for s, c in zip(seen, word, strict=True)) and not _BOXES.isdisjoint(seen)
    return word if is_word else "".join(seen)
