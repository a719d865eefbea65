"""Characters raised above the line: marks of notes, which are no part of what they stand behind, and exponents, which are."""

from __future__ import annotations

import re
from typing import Literal

_NOTE = re.compile(r"[①-⑳]+|[\[［〔【(（]\s?(?:注\s?)?\d{1,2}\s?[\]］〕】)）]|(?:备?注)\s?\d{0,2}|※+")
_NUMBER = re.compile(r"\d{1,2}(?:[,，、\-]\d{1,2})*")
_EXPONENT_OF = re.compile(r"(?:[a-zA-Zμµ/·²³)\]]|10)\Z")
"""Ends of what has an exponent: a unit (m, cm, s), a power of ten."""

Kind = Literal["text", "note", "unclear"]


def kind_of_raised(text: str, before: str) -> Kind:
    """What a raised text is, by itself and what stands ``before`` it: a note's mark is no text; one or two digits behind a figure
    may be either."""
    plain = text.strip()
    if _NOTE.fullmatch(plain):
        return "note"
    if not _NUMBER.fullmatch(plain) or not before.strip():
        return "text"
    if _EXPONENT_OF.search(before):
        return "text"
    return "unclear" if before[-1].isdigit() else "note"
