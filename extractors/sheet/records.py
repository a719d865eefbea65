"""Records of an xls that xlrd passes over ([MS-XLS] 2.4): headers, text boxes, formulas that nobody computed."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from records.models import Place

_BOF = frozenset({0x0009, 0x0209, 0x0409, 0x0809})
_EOF, _BOUNDSHEET, _HEADER, _FOOTER, _TXO, _CONTINUE = 0x000A, 0x0085, 0x0014, 0x0015, 0x01B6, 0x003C
_FORMULA = frozenset({0x0006, 0x0206, 0x0406})
_BIFF8 = 0x0600
_HEAD = 4
"""Bytes of a record in front of its body: kind and length."""
_WORKSHEET = b"\0"
"""The kind of a sheet, behind its place and its state."""
_ON_LOAD = 0x0003
"""Flags of a formula (fAlwaysCalc, and the bit that older descriptions call calculate on load): programs that compute nothing
set both, and leave the result 0."""
_LEAST_FORMULA, _LEAST_TEXT = 16, 12
"""Bytes up to a formula's flags, and up to the length of a text box's text."""


@dataclass(slots=True)
class Records:
    """Of one sheet. ``without_result``: row and column from 0."""

    headers: list[tuple[Place, str]] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    without_result: set[tuple[int, int]] = field(default_factory=set)


def records_of(stream: bytes) -> dict[int, Records]:
    """Sheet number (from 0, worksheets alone, as xlrd counts them) → what stands in it. Whatever is cut off or odd is passed over."""
    offsets: list[int] = []
    out: dict[int, Records] = {}
    sheet: Records | None = None
    wide = True
    length = -1
    for at, kind, body in _records(stream):
        if kind in _BOF:
            wide = int.from_bytes(body[:2], "little") == _BIFF8
            if at in offsets:
                sheet = out.setdefault(offsets.index(at), Records())
        elif kind == _EOF:
            length = -1
        elif kind == _BOUNDSHEET and body[5:6] == _WORKSHEET:
            offsets.append(struct.unpack_from("<I", body)[0])
        elif sheet is None:
            continue
        elif kind in (_HEADER, _FOOTER):
            text = _string(body, wide)
            if text:
                sheet.headers.append(("header" if kind == _HEADER else "footer", text))
        elif kind == _TXO:
            length = struct.unpack_from("<H", body, 10)[0] if len(body) >= _LEAST_TEXT else -1
        elif kind == _CONTINUE and length > 0:
            sheet.boxes.append(_characters(body[1:], length, wide=bool(body[:1] and body[0] & 1)))
            length = -1
        elif kind in _FORMULA and len(body) >= _LEAST_FORMULA:
            row, column = struct.unpack_from("<HH", body)
            flags = struct.unpack_from("<H", body, 14)[0]
            if flags & _ON_LOAD == _ON_LOAD and not any(body[6:14]):
                sheet.without_result.add((row, column))
    return out


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + _HEAD <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + _HEAD : at + _HEAD + size]
        at += _HEAD + size


def _string(body: bytes, wide: bool) -> str:
    """A header: in BIFF 8 its length, a flag, characters; before, its length in a byte and the characters of the code page."""
    if wide and body[3:]:
        return _characters(body[3:], struct.unpack_from("<H", body)[0], wide=bool(body[2] & 1))
    return body[1:].decode("gb18030", "replace") if not wide and body else ""


def _characters(data: bytes, length: int, *, wide: bool) -> str:
    if wide:
        return data[: 2 * length].decode("utf-16-le", "replace").replace("\r", "\n")
    return data[:length].decode("latin-1").replace("\r", "\n")
