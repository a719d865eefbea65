"""How the names of WordprocessingML are written (ISO/IEC 29500-1 §17), once for all who look for them."""

from __future__ import annotations

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DOCUMENT = "word/document.xml"
"""The part of the text, where a package does not say otherwise."""


def w(name: str) -> str:
    """A WordprocessingML name as lxml writes it."""
    return f"{{{W}}}{name}"


VAL = w("val")
P, TBL, RUN, T, SYM, RPR, PPR, TCPR = (w(n) for n in ("p", "tbl", "r", "t", "sym", "rPr", "pPr", "tcPr"))
SDT, SDTPR, SDTCONTENT = w("sdt"), w("sdtPr"), w("sdtContent")
DELETED = frozenset((w("del"), w("moveFrom")))
INSERTED = frozenset((w("ins"), w("moveTo")))
OUTLINE_LEVELS = 9
"""Outline levels 0 to 8 are headings, 9 is body text (§17.3.1.20); lists have as many levels (§17.9.6)."""
