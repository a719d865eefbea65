"""The lines of a file, kept in little room."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import overload

from records.models import TextLine


class PackedLines(Sequence[TextLine]):
    """Lines, compressed: only a document's own rules look at them, one document after the other."""

    __slots__ = ("_count", "_packed")

    def __init__(self, lines: Sequence[TextLine]) -> None:
        self._count = len(lines)
        self._packed = zlib.compress(json.dumps(lines, ensure_ascii=False).encode("utf-8", "surrogatepass"), 1)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[TextLine]:
        return iter(_unpacked(self._packed))

    @overload
    def __getitem__(self, at: int) -> TextLine: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[TextLine, ...]: ...
    def __getitem__(self, at: int | slice) -> TextLine | tuple[TextLine, ...]:
        return _unpacked(self._packed)[at]


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> tuple[TextLine, ...]:
    return tuple(TextLine(*line) for line in json.loads(zlib.decompress(packed).decode("utf-8", "surrogatepass")))
