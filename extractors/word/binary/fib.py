"""Where the parts of a .doc lie: the index of each (offset, length) pair of the FIB, its file information block
([MS-DOC] 2.5.6, FibRgFcLcb97, and after)."""

from __future__ import annotations

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
