"""Codes, numbers and addresses by which somebody is known or reached: text of a certain look → typed value."""

from __future__ import annotations

import re
import unicodedata

from records.normalise import BLANK_WORDS, NOTHING, Typed, fold_text, is_blank, squeeze

_LEAST_CODE = 9
"""Characters of the shortest code there was (组织机构代码): fewer are a piece of one."""

_LONGEST_CODE = 64
"""Characters beyond which a text is no code, and no pattern of a pack is tried on it."""


def code(text: str, pattern: str = "") -> Typed:
    """A code in upper case without white space; dots and dashes that people group digits by are dropped. One that is as the form's
    own ``pattern`` has it (C3411, 云技-2031-08) stays as it is."""
    bare = squeeze(text).upper()
    if bare in BLANK_WORDS or not bare:
        return NOTHING
    if pattern and len(bare) <= _LONGEST_CODE and re.fullmatch(pattern, bare):
        return Typed(bare)
    bare = re.sub(r"(?<=[0-9A-Z])[-·.](?=[0-9A-Z])", "", bare)
    bare = re.sub(r"(?<=[0-9A-Z]{12})[(（][^()（）]*[)）]$", "", bare)  # a remark: （三证合一）
    whole = bare.isascii() and bare.isalnum() and len(bare) >= _LEAST_CODE
    return Typed(bare, () if whole else ("unlike_a_code",))


def phone(text: str) -> Typed:
    """A telephone as it is written, white space folded; "/" and 无 are blank. Its form is a rule's matter (K10)."""
    return NOTHING if is_blank(text) else Typed(fold_text(text))


def email(text: str) -> Typed:
    """An e-mail address without white space; several stay as they are written."""
    if is_blank(text):
        return NOTHING
    bare = unicodedata.normalize("NFKC", text).strip()
    return Typed(squeeze(bare) if bare.count("@") <= 1 else fold_text(bare))


# What a value of a kind looks like; whether it is a right one (its check digit, a number in use) is for rules.
_SHAPES = {
    "mobile": re.compile(r"(?:\+?(?:86|0086))?0?1\d{10}"),
    "uscc": re.compile(r"[0-9A-Z]{18}"),
    "id_number": re.compile(r"\d{17}[\dX]|\d{15}"),
    "postcode": re.compile(r"\d{6}"),
    "url": re.compile(r"(?:[A-Za-z][A-Za-z0-9+.\-]{0,20}://)?[^\s/?#@:\u3000-\u303f\uff00-\uffef]{1,200}\.[^\s/?#@:.]{2,60}(?::\d{1,5})?(?:[/?#]\S*)?"),
}  # fmt: skip
_SEVERAL = re.compile(r"[、,，;；/\n]")
_PARTED = re.compile(r"[-\s·.]")
_REMARK = re.compile(r"[(（][^()（）]*[)）]$")


def shaped(kind: str, text: str) -> Typed:
    """A mobile, uscc, id_number, postcode or url, without white space and what digits are grouped by; None where the text does not
    look like one. Codes are in upper case; of a mobile the digits alone, several joined by 、."""
    if is_blank(text):
        return NOTHING
    if kind == "mobile" and len(several := [part for part in _SEVERAL.split(text) if part.strip()]) > 1:
        each = [shaped(kind, part).value for part in several]
        return Typed("、".join(each)) if all(each) else NOTHING
    bare = squeeze(text).rstrip("。;；,，")
    if kind != "url":
        bare = _PARTED.sub("", bare).upper()
    if _SHAPES[kind].fullmatch(bare) is None:
        bare = _REMARK.sub("", bare)
    if _SHAPES[kind].fullmatch(bare) is None:
        return NOTHING
    return Typed(re.sub(r"^\+?(?:00)?86(?=0?1\d{10}$)", "", bare) if kind == "mobile" else bare)
