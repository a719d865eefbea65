"""The text of RTF: 8-bit characters in the encoding of their font, and Unicode ones in UTF-16."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractors.document.symbols import as_sign, is_symbol_font
from extractors.word.rtf.model import CHARSETS, SYMBOL_CHARSET, Group

_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
"""The halves of a surrogate pair."""


@dataclass(slots=True)
class Decoder:
    """Gathers the text of one look and gives it to :meth:`say` as soon as something about it changes."""

    codec: str = "cp1252"
    default_font: int = -1
    fonts: dict[int, tuple[str, int]] = field(default_factory=dict)
    """Name and charset by number."""
    group: Group = field(default_factory=Group)
    raw: bytearray = field(default_factory=bytearray)
    pending: list[str] = field(default_factory=list)
    high: int = 0
    to_skip: int = 0

    def say(self, text: str) -> None:
        """Take text of one look."""
        raise NotImplementedError

    def plain(self, raw: bytes) -> None:
        """8-bit text, less what stands only for programs without Unicode."""
        cut = min(self.to_skip, len(raw))
        self.to_skip -= cut
        self.raw += raw[cut:]

    def flush(self) -> None:
        """Put the text gathered so far where it belongs: something about it is to change."""
        if self.raw:
            self._decode()
        if self.pending:
            text, self.pending = "".join(self.pending), []
            self.say(text)

    def _decode(self) -> None:
        raw, self.raw = bytes(self.raw), bytearray()
        name, charset = self.fonts.get(self.group.font, ("", 0))
        if self.group.dest == "text" and (charset == SYMBOL_CHARSET or is_symbol_font(name)):
            self.pending.append("".join(as_sign(chr(b)) for b in raw))
            return
        for codec in (CHARSETS.get(charset, self.codec), "gb18030", "utf-8"):
            try:
                self.pending.append(raw.decode(codec))
                return
            except UnicodeDecodeError:
                continue
        self.pending.append(raw.decode("cp1252", "replace"))

    def unicode(self, number: int) -> None:
        """A character by its UTF-16 number, which RTF writes as a signed one."""
        if self.raw:
            self._decode()
        code = number & 0xFFFF if number < 0 else min(number, 0x10FFFF)
        self.to_skip = self.group.skip
        if code in _HIGH:
            self.high = code
            return
        if code in _LOW:
            code = 0x10000 + ((self.high - _HIGH.start) << 10) + code - _LOW.start if self.high else 0xFFFD
        self.high = 0
        self.pending.append(chr(code))
