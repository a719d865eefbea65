"""What is read of the pieces of a page: each once, pressed together; then in full width the stretches in which a second reading
may say something else, and what it does say otherwise as a whole line.

What a reading costs goes with the width of what is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from extractors.scan.certainty import (
    Stretch,
    agree,
    reads_per_mille,
    stretches,
    sure_of,
    surer,
)
from extractors.scan.close_lines import recut
from extractors.scan.pieces import Piece
from extractors.scan.recognition import Engine, ReadChar
from extractors.scan.settings import CERTAINTY, READER


def readings(
    pieces: list[Piece], clean: Any, engine: Engine, plain: Any, ruled: Any, em: float
) -> tuple[list[Piece], list[list[ReadChar]]]:
    """The pieces, blocks of lines cut where that reads better, and the characters of each; arguments as of
    :func:`extractors.scan.text.recognised`."""

    def read(parts: Sequence[Piece]) -> list[list[ReadChar]]:
        return engine.recognise([crop(clean, p, high) for p in parts], READER.narrowed)

    high = round(em)

    pieces, texts = recut(pieces, read(pieces), read, plain, ruled, em)
    again = [stretches(chars) for chars in texts]
    whole = {i for i, found in enumerate(again) if sum(s.end - s.start for s in found) > READER.mostly}
    looks = [(i, s) for i, found in enumerate(again) for s in found if i not in whole or _percents(texts[i], s)]
    seconds = engine.recognise([crop(clean, _part(pieces[i], s), high) for i, s in looks])
    for (i, stretch), second in zip(looks, seconds, strict=True):
        if i in whole:
            continue
        if agree(texts[i], stretch, second):
            texts[i] = surer(texts[i], stretch, second)
        else:
            whole.add(i)
    lines = sorted(whole)
    for i, line in zip(
        lines, engine.recognise([crop(clean, pieces[i], high, READER.paper) for i in lines]), strict=True
    ):
        texts[i] = sure_of(line, texts[i])
    for (i, stretch), second in zip(looks, seconds, strict=True):
        _doubt_percents(texts[i], stretch, second)
    return pieces, texts


def _part(p: Piece, stretch: Stretch) -> Piece:
    """The stretch of a piece."""
    x0, x1 = (p.x0 + round(share * p.width) for share in (stretch.start, stretch.end))
    return Piece(x0, p.y0, max(x1, x0 + 1), p.y1)


def _doubt_percents(chars: list[ReadChar], stretch: Stretch, second: Sequence[ReadChar]) -> None:
    """Doubts each % of a stretch that may be ‰: so it is read with little beside it, or so the line has it."""
    for i in _percents(chars, stretch):
        if reads_per_mille(second) or reads_per_mille(chars[max(0, i - 2) : i + 3]):
            chars[i] = ReadChar(chars[i].text, chars[i].at, min(CERTAINTY.disputed, chars[i].sure))


def _percents(chars: Sequence[ReadChar], stretch: Stretch) -> list[int]:
    return [i for i, c in enumerate(chars) if c.text in "%％" and stretch.start <= c.at <= stretch.end]


def crop(clean: Any, piece: Piece, high: int, more: float = 0.0) -> Any:
    """The piece's picture with paper above and below where it is less than ``high``: a dash that fills its line reads as
    nothing. ``more`` adds paper around it (a share of its height), which reads it at another scale."""
    pad = round(more * piece.height)
    down = pad + max(0, high - piece.height) // 2
    part = clean[piece.y0 : piece.y1, piece.x0 : piece.x1]
    return np.pad(part, ((down, down), (pad, pad)), constant_values=255) if down else part
