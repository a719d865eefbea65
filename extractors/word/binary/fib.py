"""Where the parts of a .doc lie: the index of each (offset, length) pair of the FIB, its file information block
([MS-DOC] 2.5.6, FibRgFcLcb97, and after)."""

from __future__ import annotations

LENGTHS_AT = 76
"""FibRgLw97.ccpText: the lengths of the stories, 4 bytes each (2.5.4)."""
COUNT_AT, PAIRS_AT = 152, 154
"""cbRgFcLcb, and the pairs themselves, 8 bytes each (2.5.1)."""
MAGIC, WORD_97 = 0xA5EC, 0xC1
"""FibBase.wIdent and the least nFib of this format (2.5.2)."""
ENCRYPTED, TABLE_1 = 0x0100, 0x0200
"""Bits of FibBase: fEncrypted, fWhichTblStm."""

STYLES = 1
FOOTNOTE_REF, FOOTNOTE_TEXT = 2, 3
SECTIONS = 6
HEADERS = 11
CHAR_PROPS, PARA_PROPS = 12, 13
FONTS = 15
ASSOCIATED = 32
PIECES = 33
SHAPES, SHAPES_HEADER = 40, 41
ENDNOTE_REF, ENDNOTE_TEXT = 46, 47
DRAWINGS = 50
BOXES, BOXES_HEADER = 56, 58
LISTS, OVERRIDES = 73, 74
