"""The binary format of Word 97-2003 as far as reading needs it ([MS-DOC], Word (.doc) Binary File Format).

A text is a list of pieces of the WordDocument stream; properties stand apart, by file position, in 512-byte pages, and
styles, lists, fonts and the rest in the table stream. This module finds all of it; :mod:`extractors.word.binary.convert` makes
WordprocessingML of it. Damaged files raise struct.error, IndexError or ValueError: the caller knows what to do then.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from extractors.word.binary import fib
from extractors.word.binary.properties import CharProps, ParaProps, apply_char, apply_para, prm_to_grpprl
from extractors.word.names import OUTLINE_LEVELS

_COMPRESSED = {0x82 + i: c for i, c in enumerate("‚ƒ„…†‡ˆ‰Š‹Œ\x8d\x8e\x8f\x90‘’“”•–—˜™š›œ\x9d\x9eŸ")}
"""The bytes of 8-bit text that are not their own code point ([MS-DOC] 2.9.73, FcCompressed)."""


_PRC, _PCDT = 1, 2
"""What an element of the Clx is: a list of modifiers, or the piece table ([MS-DOC] 2.9.38)."""
_EIGHT_BIT = 0x40000000
"""FcCompressed.fCompressed (2.9.73)."""
_PAGE = 512
"""Bytes of a page of properties (ChpxFkp, PapxFkp)."""
_PARAGRAPH, _CHARACTER = 1, 2
"""StdfBase.stk: the kind of a style."""
_ISTD_SIZE = 2
_STTB_HEAD = 4
"""Bytes of the count and the size of extra data before the first string (2.2.4)."""
_MOST_STYLES = 4096


class Story(NamedTuple):
    """A range of character positions."""

    start: int
    end: int


class Run(NamedTuple):
    """Text with the same properties, from character position ``cp`` on."""

    cp: int
    text: str
    props: CharProps


class _Piece(NamedTuple):
    cp: int
    end: int
    fc: int
    width: int
    grpprl: bytes


@dataclass(slots=True)
class Style:
    """``para`` and ``char`` are the style's own property lists; ``kind`` 1 is a paragraph style, 2 a character's."""

    sti: int
    kind: int
    base: int
    para: bytes = b""
    char: bytes = b""


@dataclass(slots=True)
class Word97:
    """One opened file. ``table`` is its table stream, ``data`` its Data stream (b"" where it has none)."""

    word: bytes
    table: bytes
    data: bytes
    stories: dict[str, Story] = field(default_factory=dict)
    styles: list[Style | None] = field(default_factory=list)
    fonts: list[str] = field(default_factory=list)
    _pieces: list[_Piece] = field(default_factory=list)
    _chpx: list[tuple[int, int, bytes]] = field(default_factory=list)
    _papx: list[tuple[int, int, bytes]] = field(default_factory=list)
    _chars: dict[tuple[bytes, bytes], CharProps] = field(default_factory=dict)
    _paras: dict[tuple[bytes, bytes], ParaProps] = field(default_factory=dict)
    _style_paras: dict[int, ParaProps] = field(default_factory=dict)
    _style_chars: dict[int, CharProps] = field(default_factory=dict)

    @classmethod
    def load(cls, word: bytes, table: bytes, data: bytes) -> Word97:
        """Find pieces, properties, styles and fonts."""
        made = cls(word, table, data)
        made._load_stories()
        made._load_pieces()
        made._chpx = made._bins(fib.CHAR_PROPS, 1)
        made._papx = made._bins(fib.PARA_PROPS, 13)
        made._load_styles()
        made.fonts = list(_fonts(made.part(fib.FONTS)))
        return made

    def part(self, index: int) -> bytes:
        """A structure of the table stream by its index in the FIB; b"" where the file has none."""
        count = struct.unpack_from("<H", self.word, fib.COUNT_AT)[0]
        if index >= count:
            return b""
        offset, size = struct.unpack_from("<II", self.word, fib.PAIRS_AT + 8 * index)
        return self.table[offset : offset + size] if size and offset + size <= len(self.table) else b""

    def offset(self, index: int) -> int:
        """Where a structure begins in the table stream."""
        found: int = struct.unpack_from("<I", self.word, fib.PAIRS_AT + 8 * index)[0]
        return found

    def positions(self, index: int, size: int) -> tuple[list[int], list[bytes]]:
        """A PLC: its n + 1 positions and n items of ``size`` bytes."""
        raw = self.part(index)
        n = max(0, (len(raw) - 4) // (4 + size)) if raw else 0
        cps = list(struct.unpack_from(f"<{n + 1}i", raw, 0)) if raw else []
        start = 4 * (n + 1)
        return cps, [raw[start + i * size : start + (i + 1) * size] for i in range(n)]

    # -------------------------------------------------------------------------------------------------- loading
    def _load_stories(self) -> None:
        text, notes, headers, _, comments, ends, boxes, header_boxes = struct.unpack_from(
            "<8i", self.word, fib.LENGTHS_AT
        )
        at = 0
        for name, size in (
            ("main", text),
            ("footnotes", notes),
            ("headers", headers),
            ("comments", comments),
            ("endnotes", ends),
            ("boxes", boxes),
            ("header_boxes", header_boxes),
        ):
            if size < 0:
                raise ValueError("a story of negative length")
            self.stories[name] = Story(at, at + size)
            at += size

    def _load_pieces(self) -> None:
        clx = self.part(fib.PIECES)
        at, modifiers = 0, []
        while at < len(clx) and clx[at] == _PRC:
            size = struct.unpack_from("<H", clx, at + 1)[0]
            modifiers.append(clx[at + 3 : at + 3 + size])
            at += 3 + size
        if at >= len(clx) or clx[at] != _PCDT:
            raise ValueError("no piece table")
        size = struct.unpack_from("<I", clx, at + 1)[0]
        raw = clx[at + 5 : at + 5 + size]
        n = (len(raw) - 4) // 12
        cps = struct.unpack_from(f"<{n + 1}i", raw, 0)
        for i in range(n):
            fc, prm = struct.unpack_from("<IH", raw, 4 * (n + 1) + 8 * i + 2)
            width = 1 if fc & _EIGHT_BIT else 2
            fc = (fc & 0x3FFFFFFF) // 2 if width == 1 else fc & 0x3FFFFFFF
            if cps[i + 1] < cps[i] or fc + (cps[i + 1] - cps[i]) * width > len(self.word):
                raise ValueError("a piece lies outside of the file")
            grpprl = modifiers[prm >> 1] if prm & 1 and prm >> 1 < len(modifiers) else prm_to_grpprl(prm)
            if cps[i + 1] > cps[i]:
                self._pieces.append(_Piece(cps[i], cps[i + 1], fc, width, grpprl))
        # Each character takes a byte or two of the file; pieces that share bytes are how a bomb would be made.
        if self._pieces and self._pieces[-1].end > 4 * len(self.word):
            raise ValueError("more text than the file can hold")

    def _bins(self, index: int, item: int) -> list[tuple[int, int, bytes]]:
        """(first, last + 1, properties) by file position, from the pages that a bin table names (FKPs)."""
        found: list[tuple[int, int, bytes]] = []
        _, pages = self.positions(index, 4)
        for raw in pages:
            at = (struct.unpack("<I", raw)[0] & 0x3FFFFF) * _PAGE
            page = self.word[at : at + _PAGE]
            if len(page) < _PAGE:
                raise ValueError("a page of properties lies outside of the file")
            count = page[_PAGE - 1]
            fcs = struct.unpack_from(f"<{count + 1}I", page, 0)
            for i in range(count):
                spot = page[4 * (count + 1) + i * item] * 2
                found.append((fcs[i], fcs[i + 1], _exception(page, spot, item) if spot else b""))
        found.sort(key=lambda t: t[:2])
        return found

    def _load_styles(self) -> None:
        raw = self.part(fib.STYLES)
        if not raw:
            return
        header = struct.unpack_from("<H", raw, 0)[0]
        count, base_size = struct.unpack_from("<HH", raw, 2)
        at = 2 + header
        for _ in range(min(count, _MOST_STYLES)):
            size = struct.unpack_from("<H", raw, at)[0] if at + 2 <= len(raw) else 0
            self.styles.append(_style(raw[at + 2 : at + 2 + size], base_size) if size else None)
            at += 2 + size + (size & 1)

    # -------------------------------------------------------------------------------------------------- properties
    def style_para(self, istd: int) -> ParaProps:
        """The paragraph properties that a style gives, with what it inherits."""
        if istd not in self._style_paras:
            self._style_paras[istd] = made = ParaProps()
            for style in self._lineage(istd):
                if 1 <= style.sti <= OUTLINE_LEVELS and style.kind == _PARAGRAPH:
                    made.outline = style.sti - 1
                apply_para(made, style.para, self.data)
        return self._style_paras[istd]

    def style_char(self, istd: int) -> CharProps:
        """The character properties that a style gives, with what it inherits."""
        if istd not in self._style_chars:
            made = CharProps()
            for style in self._lineage(istd):
                apply_char(made, style.char, None)
            self._style_chars[istd] = made
        return self._style_chars[istd]

    def _lineage(self, istd: int) -> list[Style]:
        found: list[Style] = []
        seen: set[int] = set()
        while istd < len(self.styles) and istd not in seen:
            seen.add(istd)
            style = self.styles[istd]
            if style is None:
                break
            found.append(style)
            istd = style.base
        return found[::-1]

    def paragraph_at(self, cp: int) -> ParaProps:
        """The properties of the paragraph whose mark stands at ``cp``."""
        piece = self._pieces[bisect_right(self._pieces, cp, key=lambda p: p.cp) - 1]
        fc = piece.fc + (cp - piece.cp) * piece.width
        at = bisect_right(self._papx, fc, key=lambda t: t[0]) - 1
        raw = self._papx[at][2] if at >= 0 and fc < self._papx[at][1] else b""
        key = (raw, piece.grpprl)
        if key not in self._paras:
            istd = struct.unpack_from("<H", raw)[0] if len(raw) >= _ISTD_SIZE else 0
            made = self.style_para(istd).copy()
            made.istd = istd
            apply_para(made, raw[2:], self.data)
            apply_para(made, piece.grpprl, self.data)
            self._paras[key] = made
        return self._paras[key]

    def runs(self, story: Story) -> Iterator[Run]:
        """The text of a story, cut where its properties change."""
        first = max(0, bisect_right(self._pieces, story.start, key=lambda p: p.cp) - 1)
        for piece in self._pieces[first:]:
            if piece.cp >= story.end:
                break
            start, end = max(piece.cp, story.start), min(piece.end, story.end)
            if start < end:
                yield from self._piece_runs(piece, start, end)

    def _piece_runs(self, piece: _Piece, start: int, end: int) -> Iterator[Run]:
        raw = self.word[piece.fc + (start - piece.cp) * piece.width : piece.fc + (end - piece.cp) * piece.width]
        text = raw.decode("latin-1").translate(_COMPRESSED) if piece.width == 1 else _utf16(raw)
        cp = start
        at = max(0, bisect_right(self._chpx, piece.fc + (start - piece.cp) * piece.width, key=lambda t: t[0]) - 1)
        while cp < end:
            fc = piece.fc + (cp - piece.cp) * piece.width
            while at + 1 < len(self._chpx) and self._chpx[at + 1][0] <= fc:
                at += 1
            grpprl, limit = b"", piece.fc + (piece.end - piece.cp) * piece.width
            if at < len(self._chpx):
                low, high, found = self._chpx[at]
                if low <= fc < high:
                    grpprl, limit = found, high
                elif fc < low:
                    limit = low
                elif at + 1 < len(self._chpx):
                    limit = self._chpx[at + 1][0]
            stop = min(end, cp + max(1, (limit - fc) // piece.width))
            yield Run(cp, text[cp - start : stop - start], self._char(grpprl, piece.grpprl))
            cp = stop

    def _char(self, grpprl: bytes, modifier: bytes) -> CharProps:
        key = (grpprl, modifier)
        if key not in self._chars:
            made = CharProps()
            apply_char(made, grpprl, self.style_char)
            apply_char(made, modifier, self.style_char)
            self._chars[key] = made
        return self._chars[key]


def _utf16(raw: bytes) -> str:
    """One character a code unit, so that positions hold; surrogates are joined when the text is written."""
    return "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw[: len(raw) // 2 * 2])))


def _exception(page: bytes, spot: int, item: int) -> bytes:
    """The PAPX (with its style index) or CHPX at ``spot`` of a page."""
    size = page[spot]
    if item == 1:
        return page[spot + 1 : spot + 1 + size]
    if size:
        return page[spot + 1 : spot + 2 * size]
    return page[spot + 2 : spot + 2 + 2 * page[spot + 1]]


def _style(raw: bytes, base_size: int) -> Style:
    first, second, third = struct.unpack_from("<HHH", raw, 0)
    made = Style(first & 0xFFF, second & 0xF, second >> 4)
    at = base_size
    length = struct.unpack_from("<H", raw, at)[0]
    at += 2 + 2 * length + 2
    for number in range(third & 0xF):
        if at + 2 > len(raw):
            break
        size = struct.unpack_from("<H", raw, at)[0]
        body = raw[at + 2 : at + 2 + size]
        if made.kind == _PARAGRAPH and number == 0:
            made.para = body[2:]
        elif (made.kind == _PARAGRAPH and number == 1) or (made.kind == _CHARACTER and number == 0):
            made.char = body
        at += 2 + size + (size & 1)
    return made


def _fonts(raw: bytes) -> Iterator[str]:
    """The font names, by index (SttbfFfn, FFN)."""
    if len(raw) < _STTB_HEAD:
        return
    count = struct.unpack_from("<H", raw, 0)[0]
    at = _STTB_HEAD
    for _ in range(count):
        if at >= len(raw):
            return
        size = raw[at]
        name = raw[at + 40 : at + 1 + size].decode("utf-16-le", "replace")
        yield name.split("\0")[0]
        at += 1 + size
