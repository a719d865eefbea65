"""Texts that shapes of a .doc draw themselves: the watermark across each page."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import pytest

from extractors.word.binary.drawings import drawn_texts


@dataclass
class _File:
    drawings: bytes

    def part(self, _index: int) -> bytes:
        return self.drawings


def _record(kind: int, content: bytes, version: int = 0xF) -> bytes:
    return struct.pack("<HHI", version, kind, len(content)) + content


def _options(*texts: tuple[int, str]) -> bytes:
    """Properties of a shape; the texts lie behind them."""
    held = [(ident, (text + "\0").encode("utf-16-le")) for ident, text in texts]
    head = b"".join(struct.pack("<HI", ident | 0x8000, len(data)) for ident, data in held)
    return _record(0xF00B, head + b"".join(data for _, data in held), version=len(held) << 4 | 3)


def _texts(drawings: bytes) -> list[str]:
    word: Any = _File(drawings)
    return drawn_texts(word)


def test_a_watermark_is_read_once_wherever_its_shape_lies() -> None:
    shape = _record(0xF004, _options((0xC5, "宋体"), (0xC0, "机密★10年")))
    other = _record(0xF004, _options((0xC0, "机密★10年")))
    drawing = _record(0xF002, _record(0xF003, shape + other))
    assert _texts(_record(0xF000, b"") + b"\0" + drawing + b"\1" + drawing) == ["机密★10年"]


@pytest.mark.parametrize("cut", range(0, 60, 7))
def test_damaged_drawings_give_what_they_have(cut: int) -> None:
    drawing = _record(0xF002, _record(0xF004, _options((0xC0, "机密★10年"))))
    assert all("机" in text for text in _texts(drawing[: len(drawing) - cut]))


def test_drawings_without_end_are_left() -> None:
    assert _texts(b"\x0f\x00\x02\xf0\xff\xff\xff\xff" * 1000) == []
