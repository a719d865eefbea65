"""Pieces of a page picture that hold a line of text (or a part of one), and the ink that stands in none.

What is left of a seal, a piece of its rim, a stroke of the pen or of a ring that it drew are no characters, whatever is read of them:
they stay with the ink that was not read, and are told of as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from extractors.scan.certainty import PUNCTUATION
from extractors.scan.components import components
from extractors.scan.recognition import ReadChar
from extractors.scan.seals import SealSpot
from extractors.scan.settings import PIECES, READ_TEXT


@dataclass(slots=True)
class Piece:
    """One line of text (or a part of one) at ``x0 … y1`` in pixels. ``found``: the detector saw it, not only its ink."""

    x0: int
    y0: int
    x1: int
    y1: int
    found: bool = True

    @property
    def width(self) -> int:
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        return self.y1 - self.y0


def runs(flags: Any) -> list[tuple[int, int]]:
    """Start and end of each run of true values."""
    padded = np.concatenate([[False], np.asarray(flags, bool), [False]]).astype(np.int8)
    change = np.diff(padded)
    return list(zip(np.nonzero(change == 1)[0].tolist(), np.nonzero(change == -1)[0].tolist(), strict=True))


def lie_over(one: Piece, other: Piece) -> bool:
    """Whether two pieces share so much of the page that a character may have been read in both."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    least = min(one.height, other.height)
    return (
        across > PIECES.over_across * least
        and min(one.y1, other.y1) - max(one.y0, other.y0) > PIECES.over_down_share * least
    )


def _outside(pieces: list[Piece], ink: Any, grow: int) -> Any:
    """The ink that stands in no piece, nor within ``grow`` pixels of one."""
    rest = ink.copy()
    for p in pieces:
        rest[max(0, p.y0 - grow) : p.y1 + grow, max(0, p.x0 - grow) : p.x1 + grow] = 0
    return rest


def missed_ink(pieces: list[Piece], ink: Any, em: float) -> list[Piece]:
    """Ink that stands in no piece and is as large as characters: single digits, dashes, the end of a line."""
    import cv2

    rest = _outside(pieces, ink, max(2, round(0.12 * em)))
    joined = cv2.morphologyEx(
        rest, cv2.MORPH_CLOSE, np.ones((max(3, round(0.3 * em)), max(3, round(0.7 * em))), np.uint8)
    )
    parts = components(joined)
    height, width = ink.shape
    edge = round(0.012 * max(height, width))
    found: list[Piece] = []
    for number, (x, y, w, h) in enumerate(parts.stats[1:, :4].tolist(), 1):
        dash = w >= PIECES.mark * em and PIECES.dash <= h < PIECES.mark * em and w < PIECES.dash_most * em
        if not dash and (h < PIECES.mark * em or w < PIECES.mark_width * em):
            continue
        if x < edge or y < edge or x + w > width - edge or y + h > height - edge:
            continue  # the shadow of the scanner's lid
        marked = int(((rest[y : y + h, x : x + w] > 0) & (parts.labels[y : y + h, x : x + w] == number)).sum())
        picture = min(w, h) > PIECES.picture * em and marked > PIECES.picture_share * w * h
        if marked >= PIECES.mark_area * em * em and marked >= PIECES.mark_share * w * h and not picture:
            found.append(Piece(x, y, x + w, y + h, found=False))
    return found


def take_marks(pieces: list[Piece], ink: Any, em: float) -> None:
    """Widens pieces to the full stop or comma behind them that the detector left out."""
    import cv2

    rest = _outside(pieces, ink, 0)
    stats = components(rest).stats
    wide, high, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    small = (
        (wide >= PIECES.stop[0] * em)
        & (wide <= PIECES.stop[1] * em)
        & (high >= PIECES.stop_height[0] * em)
        & (high <= PIECES.stop_height[1] * em)
    )
    small &= area >= PIECES.stop_area * em * em
    small[0] = False
    for x, y, w, h in stats[small][:, :4].tolist():
        for p in pieces:
            low = p.y0 + PIECES.stop_low_share * p.height < y + h / 2 and y + h <= p.y1 + 1
            if low and p.height < PIECES.stop_line * em and 0 <= x - p.x1 < PIECES.stop_gap * em:
                p.x1 = min(ink.shape[1], x + w + max(2, round(0.1 * em)))
                break


def left_over(pieces: list[Piece], ink: Any, em: float) -> list[tuple[float, float]]:
    """The middles (x, y) of marks as large as characters that stand in no piece: they were not read."""
    import cv2

    rest = _outside(pieces, ink, max(2, round(0.12 * em)))
    parts = components(rest)
    stats = parts.stats
    width, height, area = (stats[:, i] for i in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    large = (height >= PIECES.left_height * em) & (width >= PIECES.left_width * em)
    large |= (height >= PIECES.dash) & (width >= PIECES.left_stroke[0] * em) & (width <= PIECES.left_stroke[1] * em)
    large &= area >= PIECES.left_area * em * em
    large[0] = False
    return [(float(x), float(y)) for x, y in parts.middles[large]]


def is_stray(piece: Piece, chars: Sequence[ReadChar], ink: Any, seals: Sequence[SealSpot], em: float) -> bool:
    """Whether what was read of a piece is a mark of a seal or a pen: upon a seal, a single character or what the detector
    passed over, unsure, or what is hardly read at all; or a single one, unsure, of ink that runs on beyond the piece. ``ink`` is
    that of the page without its rules."""
    shown = [c for c in chars if c.text.strip()]
    if not shown:
        return False
    # Marks count for more than they were read for.
    surest = max(c.sure for c in [c for c in shown if c.text not in PUNCTUATION] or shown)
    few = len(shown) == 1 or not piece.found
    if surest <= (READ_TEXT.stray_on_seal if few else READ_TEXT.stray_words) and any(
        _lies_on(piece, s, em) for s in seals
    ):
        return True
    return len(shown) == 1 and surest < READ_TEXT.stray and _runs_on(piece, ink, em)


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
