"""Marks that are no characters, whatever is read of them: what is left of a seal, a piece of its rim, a stroke of the pen or of a
ring that it drew. They stay with the ink that was not read, and are told of as such."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from extractors.scan.pieces import Piece
from extractors.scan.recognition import ReadChar
from extractors.scan.seals import SealSpot
from extractors.scan.settings import READ_TEXT


def is_stray(piece: Piece, chars: Sequence[ReadChar], ink: Any, seals: Sequence[SealSpot], em: float) -> bool:
    """Whether what was read of a piece is a mark of a seal or a pen: a single character, unsure, upon a seal or of ink that runs
    on beyond the piece; or none that is surely read, upon a seal. ``ink`` is that of the page without its rules."""
    sure = [c.sure for c in chars if c.text.strip()]
    if not sure or (len(sure) > 1 and max(sure) > READ_TEXT.sure) or sure[0] > READ_TEXT.stray_on_seal:
        return False
    if any(_lies_on(piece, seal, em) for seal in seals):
        return True
    return len(sure) == 1 and sure[0] < READ_TEXT.stray and _runs_on(piece, ink, em)


def _lies_on(piece: Piece, seal: SealSpot, em: float) -> bool:
    """Whether the middle of a piece lies upon a seal or its rim."""
    rim = READ_TEXT.seal_rim * em
    x, y = (piece.x0 + piece.x1) / 2, (piece.y0 + piece.y1) / 2
    return seal.x0 - rim < x < seal.x1 + rim and seal.y0 - rim < y < seal.y1 + rim


def _runs_on(piece: Piece, ink: Any, em: float) -> bool:
    """Whether most of the ink in a piece is of marks that run on beyond it."""
    import cv2

    reach = max(2, round(READ_TEXT.runs_on * em))
    top, left = max(0, piece.y0 - reach), max(0, piece.x0 - reach)
    _, labels = cv2.connectedComponents(ink[top : piece.y1 + reach, left : piece.x1 + reach])
    within = labels[piece.y0 - top : piece.y1 - top, piece.x0 - left : piece.x1 - left]
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    beyond = np.isin(within, edge[edge > 0])
    return float(beyond.sum()) > READ_TEXT.mostly_on * float((within > 0).sum())
