"""EQ fields (ECMA-376 part 1, §17.16.5.16): what Word draws from their code, as one line of text.

``\\o`` lays its arguments over one another (带圈字符, with which people tick a box), ``\\f`` is a fraction, ``\\r`` a root; of the
others a person sees the arguments.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_HEAD = re.compile(r"\s*eq\b", re.IGNORECASE)
_SWITCH = re.compile(r"\\([abdfilorsx])(?:\s*+\\(?:[lrb]c\s*+\\.|[a-z]{2}\s*+\d*+)){0,8}+\s*+\(", re.IGNORECASE)
"""A switch with its options up to the bracket of its arguments: ``\\o\\ac(``."""
_FORMAT = re.compile(r'\\\*\s*+(?:"[^"]*+"|[^\s\\"]++)\s*+')
"""A general switch, which says how the result looks (``\\* jc0 \\* "Font:宋体" \\* hps24``): Word writes three in front of 拼音指南."""
_PARTING = frozenset(",，;；")
_DEEPEST = 8
"""Switches within one another; Word's own dialogs make two."""


class Drawn(NamedTuple):
    """What an EQ field shows. ``over`` are the characters that it lays over one another, the lowest first; () for any other."""

    text: str
    over: tuple[str, ...] = ()


def drawn(code: str) -> Drawn | None:
    """What is seen of a field with this code; None where it is no EQ field."""
    head = _HEAD.match(code)
    if head is None:
        return None
    body = _FORMAT.sub("", code[head.end() :]).strip()
    first = _SWITCH.match(body)
    if first is not None and first[1].lower() == "o":
        over, end = _arguments(body, first.end(), 0)
        if not body[end:].strip():
            return Drawn(_topmost(over), over)
    return Drawn(_shown(body, 0, len(body), 0))


def _topmost(over: tuple[str, ...]) -> str:
    return next((text for text in reversed(over) if text), "")


def _shown(text: str, start: int, stop: int, depth: int) -> str:
    """The text of ``text[start:stop]``, its switches drawn."""
    out: list[str] = []
    at = start
    while at < stop:
        switch = _SWITCH.match(text, at, stop) if text[at] == "\\" and depth < _DEEPEST else None
        if switch is not None:
            parts, at = _arguments(text, switch.end(), depth + 1)
            out.append(_put(switch[1].lower(), parts))
        elif text[at] == "\\" and at + 1 < stop:
            out.append(text[at + 1])
            at += 2
        else:
            out.append(text[at])
            at += 1
    return "".join(out).strip()


def _put(switch: str, parts: tuple[str, ...]) -> str:
    if switch == "o":
        return _topmost(parts)
    if switch == "f":
        return "/".join(parts)
    if switch == "r":
        return "√".join(("", *parts[-1:])) if len(parts) <= 1 else f"{parts[0]}√{parts[-1]}"
    return "".join(parts)


def _arguments(text: str, start: int, depth: int) -> tuple[tuple[str, ...], int]:
    """The arguments that begin behind an opening bracket, each drawn, and where they end: at the bracket that closes this one."""
    found: list[str] = []
    begin = at = start
    open_brackets = 1
    while at < len(text):
        sign = text[at]
        if sign == "\\" and _SWITCH.match(text, at) is None:
            at += 2
            continue
        open_brackets += (sign == "(") - (sign == ")")
        if not open_brackets:
            break
        if open_brackets == 1 and sign in _PARTING:
            found.append(_shown(text, begin, at, depth))
            begin = at + 1
        at += 1
    found.append(_shown(text, begin, min(at, len(text)), depth))
    return tuple(found), at + 1
