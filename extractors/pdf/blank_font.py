"""The one font that pdfium may ask this machine for: every character in it is a box that is not drawn.

pdfium takes the outlines of a Chinese font that is not embedded from whatever font the machine has. It needs them, though
only characters are wanted of it: texts whose characters take no room it holds to be the same, printed twice, and drops all
but one. With this font all have the same room on every machine. Fonts of Latin letters and signs come with pdfium.

Text set in it is in the file, and in no picture of the page (:func:`is_blank`).
"""

from __future__ import annotations

import ctypes
import struct
from functools import lru_cache
from typing import Any

import pypdfium2.raw as pdfium

FAMILY = b"shenbao blank"
EM, ASCENT, DESCENT = 1000, 880, -120
ROOM = (0, -100, 200, 800)
"""Left, bottom, right and top of a character: pdfium widens its advance, which the file gives, to hold it."""
_EAST_ASIAN = frozenset({128, 129, 134, 136})
"""Character sets that pdfium has no font of: Japanese, Korean, simplified and traditional Chinese."""
_BLANKS = ((0x20, 0x20), (0xA0, 0xA0), (0x2000, 0x200F), (0x3000, 0x3000))
_LAST = 0x10FFFF
_WHOLE = 0


def serve() -> None:
    """Let pdfium have this font for every East Asian one, and none of the machine's. For the life of the process."""
    pdfium.FPDF_SetSystemFontInfo(ctypes.pointer(_info()))


def is_blank(font: int) -> bool:
    """Whether a font of pdfium's (the address of an FPDF_FONT) is this one in place of one that the file does not hold."""
    buffer = ctypes.create_string_buffer(len(FAMILY) + 1)
    pdfium.FPDFFont_GetFamilyName(ctypes.cast(font, pdfium.FPDF_FONT), buffer, len(buffer))
    return buffer.value == FAMILY


@lru_cache(maxsize=1)
def _info() -> Any:
    data = font()
    fields = dict(pdfium.FPDF_SYSFONTINFO._fields_)

    def map_font(_info: Any, _weight: int, _italic: int, charset: int, *_: Any) -> int | None:
        return 1 if charset in _EAST_ASIAN else None

    def get_data(_info: Any, _font: Any, table: int, buffer: Any, size: int) -> int:
        if table != _WHOLE:
            return 0
        if buffer and size >= len(data):
            ctypes.memmove(buffer, data, len(data))
        return len(data)

    def get_name(_info: Any, _font: Any, buffer: Any, size: int) -> int:
        if buffer and size > len(FAMILY):
            ctypes.memmove(buffer, FAMILY + b"\0", len(FAMILY) + 1)
        return len(FAMILY) + 1

    return pdfium.FPDF_SYSFONTINFO(
        version=1,
        Release=fields["Release"](lambda _: None),
        EnumFonts=fields["EnumFonts"](lambda *_: None),
        MapFont=fields["MapFont"](map_font),
        GetFont=fields["GetFont"](lambda *_: None),
        GetFontData=fields["GetFontData"](get_data),
        GetFaceName=fields["GetFaceName"](get_name),
        GetFontCharset=fields["GetFontCharset"](lambda *_: 1),
        DeleteFont=fields["DeleteFont"](lambda *_: None),
    )


def font() -> bytes:
    """The font file (TrueType, OpenType 1.9): a glyph for every character, and one for blanks, each of one em."""
    # Two contours, each of three points in one place, at opposite corners: they span a room, and fill nothing.
    left, bottom, right, top = ROOM
    flags = bytes([0x11, 0x31, 0x31, 0x01, 0x31, 0x31])
    steps = struct.pack(">hhh", right - left, bottom, top - bottom)
    glyph = struct.pack(">hhhhhHHH", 2, *ROOM, 2, 5, 0) + flags + steps
    name = FAMILY.decode().encode("utf-16-be")
    tables = {
        b"OS/2": struct.pack(
            ">hHHHHhhhhhhhhhhh10sIIII4sHHHhhhHHII",
            *(4, EM, 400, 5, 0, 650, 700, 0, 140, 650, 700, 0, 480, 50, 260, 0),
            *(
                bytes(10),
                0xFFFFFFFF,
                0xFFFFFFFF,
                0,
                0,
                b"none",
                0x40,
                0x20,
                0xFFFF,
                ASCENT,
                DESCENT,
                0,
                ASCENT,
                -DESCENT,
            ),
            *(1 << 18, 0),
        ),
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 10, 12) + _characters(),
        b"glyf": glyph,
        b"head": struct.pack(">HHIIIHHqqhhhhHHhhh", 1, 0, 0x10000, 0, 0x5F0F3CF5, 0x3, EM, 0, 0, *ROOM, 0, 8, 2, 0, 0),
        b"hhea": struct.pack(">HHhhhHhhhhhhhhhhhH", 1, 0, ASCENT, DESCENT, 0, EM, 0, 0, EM, 1, 0, 0, 0, 0, 0, 0, 0, 1),
        b"hmtx": struct.pack(">Hhhh", EM, 0, 0, 0),
        b"loca": struct.pack(">HHHH", 0, 0, len(glyph) // 2, len(glyph) // 2),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x10000, 3, 6, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
        b"name": struct.pack(">HHH", 0, 1, 18) + struct.pack(">HHHHHH", 3, 1, 0x409, 1, len(name), 0) + name,
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, -100, 50, 0, 0, 0, 0, 0),
    }
    head = struct.pack(">IHHHH", 0x10000, len(tables), 128, 3, len(tables) * 16 - 128)
    body, at = b"", len(head) + 16 * len(tables)
    for tag, table in tables.items():
        padded = table + bytes(-len(table) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        head += struct.pack(">4sIII", tag, total, at + len(body), len(table))
        body += padded
    return head + body


def _characters() -> bytes:
    """The table in format 13, many characters to one glyph: 1, of blanks 2."""
    groups: list[tuple[int, int, int]] = []
    at = _BLANKS[0][0]
    for first, last in _BLANKS:
        groups += [(at, first - 1, 1)] if at < first else []
        groups.append((first, last, 2))
        at = last + 1
    groups.append((at, _LAST, 1))
    body = b"".join(struct.pack(">III", *group) for group in groups)
    return struct.pack(">HHIII", 13, 0, 16 + len(body), 0, len(groups)) + body
