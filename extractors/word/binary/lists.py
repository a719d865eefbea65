"""The lists of a Word 97-2003 file as numbering.xml ([MS-DOC] 2.9.147 LSTF, 2.9.150 LVL, 2.9.131 LFO)."""

from __future__ import annotations

import struct
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from extractors.word.binary import fib
from extractors.word.binary.pieces import Word97
from extractors.word.binary.properties import CharProps, apply_char
from extractors.word.names import OUTLINE_LEVELS

# MSONFC ([MS-OSHARED] 2.2.1.3) in the words of ISO/IEC 29500-1 §17.18.59, by value.
_FORMATS = (
    "decimal", "upperRoman", "lowerRoman", "upperLetter", "lowerLetter", "ordinal", "cardinalText", "ordinalText",
    "hex", "chicago", "ideographDigital", "japaneseCounting", "aiueo", "iroha", "decimalFullWidth",
    "decimalHalfWidth", "japaneseLegal", "japaneseDigitalTenThousand", "decimalEnclosedCircle",
    "decimalFullWidth2", "aiueoFullWidth", "irohaFullWidth", "decimalZero", "bullet", "ganada", "chosung",
    "decimalEnclosedFullstop", "decimalEnclosedParen", "decimalEnclosedCircleChinese", "ideographEnclosedCircle",
    "ideographTraditional", "ideographZodiac", "ideographZodiacTraditional", "taiwaneseCounting",
    "ideographLegalTraditional", "taiwaneseCountingThousand", "taiwaneseDigital", "chineseCounting",
    "chineseLegalSimplified", "chineseCountingThousand",
)  # fmt: skip
_MAX_LISTS = 4096
_COUNT_SIZE, _LSTF_SIZE = 2, 28
"""PlfLst: a count, then an LSTF a list."""
_LFO_COUNT_SIZE, _LFO_SIZE = 4, 16
"""PlfLfo: a count, then an LFO a list that is used."""
_LVLF_SIZE = 28
_NO_NUMBER = 0xFF
"""MSONFC msonfcNil: the level has no number."""


_PLACES = frozenset(map(chr, range(OUTLINE_LEVELS)))
"""Characters that stand for the number of a level in a level's text (2.9.150, Xst)."""


class _Level(NamedTuple):
    xml: str
    end: int


def numbering_xml(word: Word97) -> str:
    """The abstractNum and num elements; a list table that is damaged gives those before the damage."""
    raw = word.part(fib.LISTS)
    if len(raw) < _COUNT_SIZE:
        return ""
    count = min(struct.unpack_from("<H", raw, 0)[0], _MAX_LISTS, (len(raw) - _COUNT_SIZE) // _LSTF_SIZE)
    at = word.offset(fib.LISTS) + _COUNT_SIZE + _LSTF_SIZE * count  # the levels follow the list of lists
    out: list[str] = []
    known: set[int] = set()
    for i in range(count):
        lsid = struct.unpack_from("<i", raw, _COUNT_SIZE + _LSTF_SIZE * i)[0]
        simple = raw[_COUNT_SIZE + _LSTF_SIZE * i + 26] & 1
        levels: list[str] = []
        for ilvl in range(1 if simple else OUTLINE_LEVELS):
            level = _level(word, at, ilvl)
            if level is None:
                break
            levels.append(level.xml)
            at = level.end
        out.append(f'<w:abstractNum w:abstractNumId="{lsid}">{"".join(levels)}</w:abstractNum>')
        known.add(lsid)
    return "".join(out) + _overrides(word, known)


def _overrides(word: Word97, known: set[int]) -> str:
    raw = word.part(fib.OVERRIDES)
    if len(raw) < _LFO_COUNT_SIZE:
        return ""
    count = min(struct.unpack_from("<I", raw, 0)[0], _MAX_LISTS, (len(raw) - _LFO_COUNT_SIZE) // _LFO_SIZE)
    at = _LFO_COUNT_SIZE + _LFO_SIZE * count
    out: list[str] = []
    for i in range(count):
        lsid = struct.unpack_from("<i", raw, _LFO_COUNT_SIZE + _LFO_SIZE * i)[0]
        inside = ""
        at += 4
        for _ in range(raw[_LFO_COUNT_SIZE + _LFO_SIZE * i + 12]):
            if at + 8 > len(raw):
                break
            start, flags = struct.unpack_from("<iI", raw, at)
            at += 8
            own = ""
            if flags & 0x20:
                level = _level(word, word.offset(fib.OVERRIDES) + at, flags & 0xF)
                if level is None:
                    break
                own, at = level.xml, level.end - word.offset(fib.OVERRIDES)
            begin = f'<w:startOverride w:val="{start}"/>' if flags & 0x10 else ""
            inside += f'<w:lvlOverride w:ilvl="{flags & 0xF}">{begin}{own}</w:lvlOverride>'
        if lsid in known:
            out.append(f'<w:num w:numId="{i + 1}"><w:abstractNumId w:val="{lsid}"/>{inside}</w:num>')
    return "".join(out)


def _level(word: Word97, at: int, ilvl: int) -> _Level | None:
    table = word.table
    if at + _LVLF_SIZE > len(table):
        return None
    start, nfc, flags = struct.unpack_from("<iBB", table, at)
    char_size, para_size = table[at + 24], table[at + 25]
    char = table[at + _LVLF_SIZE + para_size : at + _LVLF_SIZE + para_size + char_size]
    at += _LVLF_SIZE + para_size + char_size
    if at + 2 > len(table):
        return None
    length = struct.unpack_from("<H", table, at)[0]
    text = table[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
    shown = "".join(f"%{ord(c) + 1}" if c in _PLACES else c for c in text if c in _PLACES or c >= " ")
    style = "none" if nfc == _NO_NUMBER else _FORMATS[nfc] if nfc < len(_FORMATS) else "decimal"
    look = CharProps()
    apply_char(look, char, None)
    font = word.fonts[look.font] if look.font is not None and look.font < len(word.fonts) else ""
    xml = (
        f'<w:lvl w:ilvl="{ilvl}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>'
        f"{'<w:isLgl/>' if flags & 4 else ''}<w:lvlText w:val={quoteattr(shown)}/>"
        f"{f'<w:rPr><w:rFonts w:ascii={quoteattr(font)}/></w:rPr>' if font else ''}</w:lvl>"
    )
    return _Level(xml, at + 2 + 2 * length)
