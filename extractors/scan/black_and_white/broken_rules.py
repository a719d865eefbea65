"""Rules that a scan broke: of a thin one, two tones or a fax leave only dots and dashes, or nothing over a stretch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from extractors.scan.components import components
from extractors.scan.picture_settings import BROKEN, SCAN_RULES


def mended(horizontal: Any, vertical: Any, ink: Any, em: float) -> tuple[Any, Any, bool]:
    """The masks of the rules with what is missing of them: followed over dots, closed over gaps, brought to where others
    cross them. True where there were gaps."""
    level = _followed(horizontal, vertical, ink, em)
    upright = _followed(_turned(vertical), horizontal.T, ink.T, em)
    closed = _close(level, _turned(upright), ink, em)
    closed += _close(upright, level.T, ink.T, em)
    return level, _turned(upright), closed > 0


def _turned(mask: Any) -> Any:
    return np.ascontiguousarray(mask.T)


@dataclass(slots=True)
class _Piece:
    """Of a horizontal rule: from column ``x0`` to ``x1``, and the rows in which it begins and ends."""

    x0: int
    x1: int
    left: int
    right: int

    @property
    def length(self) -> int:
        return self.x1 - self.x0

    def begins_behind(self, other: _Piece, overlap: int) -> bool:
        return self.x0 >= other.x1 - overlap and self.x1 > other.x1


def _pieces(mask: Any, em: float) -> list[_Piece]:
    parts = components(mask)
    found: list[_Piece] = []
    for number, (x, y, length, tall) in enumerate(parts.stats[1:, :4].tolist(), 1):
        own = parts.labels[y : y + tall, x : x + length] == number
        reach = min(length, max(1, round(em / 2)))
        left, right = (y + round(float(np.nonzero(end)[0].mean())) for end in (own[:, :reach], own[:, -reach:]))
        found.append(_Piece(x, x + length, left, right))
    return sorted(found, key=lambda p: p.x0)


def _close(mask: Any, crossing: Any, ink: Any, em: float) -> int:
    """Draws the rest of horizontal rules that end where none crosses them: up to the next piece in the same row, or to the
    rule that bounds the table. A rule may end at another (a merged cell); it does not end within a cell. How many were drawn.
    """
    import cv2

    near = max(3, round(BROKEN.crossed * em))
    met = cv2.dilate(crossing, np.ones((2 * near + 1, 2 * near + 1), np.uint8)) > 0
    over = round(BROKEN.over * em)
    closed = 0

    def ended(row: int, start: int, end: int) -> bool:
        return bool(met[row, max(0, start) : end].any())

    pieces = _pieces(mask, em)
    for piece in pieces:
        after = next(
            (p for p in pieces if p.begins_behind(piece, near) and abs(p.left - piece.right) <= BROKEN.same_row * em),
            None,
        )
        if after is None or (
            ended(piece.right, piece.x1 - over, piece.x1) and ended(after.left, after.x0, after.x0 + over)
        ):
            continue
        if after.x0 - piece.x1 <= min(BROKEN.gap_most * (piece.length + after.length), BROKEN.gap * em):
            closed += _draw(mask, ink, (piece.x1, piece.right), (after.x0, after.left), em)
    for piece in _pieces(mask, em) if closed else pieces:
        y0, y1 = sorted((piece.left, piece.right))
        if not met[y0 : y1 + 1, piece.x0 : piece.x1].any():
            continue  # no part of a table: an underline
        reach = round(min(BROKEN.end_most * piece.length, BROKEN.end * em))
        before = met[piece.left, max(0, piece.x0 - reach) : piece.x0 + 1][::-1]
        behind = met[piece.right, piece.x1 - 1 : piece.x1 + reach]
        if (far := int(before.argmax())) and not ended(piece.left, piece.x0, piece.x0 + over):
            closed += _draw(mask, ink, (piece.x0 - far, piece.left), (piece.x0, piece.left), em)
        if (far := int(behind.argmax())) and not ended(piece.right, piece.x1 - over, piece.x1):
            closed += _draw(mask, ink, (piece.x1, piece.right), (piece.x1 + far, piece.right), em)
    return closed


def _draw(mask: Any, ink: Any, start: tuple[int, int], end: tuple[int, int], em: float) -> int:
    """Draws a rule between two places (column, row), unless text runs through there: how many were drawn."""
    import cv2

    (x0, y0), (x1, y1) = start, end
    clear = max(3, round(BROKEN.clear * em))
    strip = ink[max(0, min(y0, y1) - clear) : max(y0, y1) + clear + 1, x0:x1] > 0
    if strip.size and float(strip.mean(axis=1).min()) > BROKEN.text_share:
        return 0
    cv2.line(mask, (x0 - 1, y0), (x1, y1), 255, BROKEN.drawn)
    return 1


def _followed(mask: Any, crossing: Any, ink: Any, em: float) -> Any:
    """The horizontal rules, followed beyond their ends to where one crosses while broken ink goes on in the same row: a scan
    of two tones or a fax leaves of a rule only dots and dashes, each too short to be one."""
    import cv2

    near = cv2.dilate(ink, np.ones((5, 1), np.uint8)) > 0
    met = cv2.dilate(crossing, np.ones((5, 5), np.uint8)) > 0
    mask = mask.copy()
    window, clear = max(6, round(0.8 * em)), max(4, round(0.2 * em))
    height = mask.shape[0]
    parts = components(mask)
    for number, (x, y, length, tall) in enumerate(parts.stats[1:, :4].tolist(), 1):
        own = parts.labels[y : y + tall, x : x + length] == number
        reach = min(length, window)
        for step in (-1, 1):
            end = x if step < 0 else x + length - 1
            rows = np.nonzero(own[:, :reach] if step < 0 else own[:, -reach:])[0]
            row = y + round(float(rows.mean()))
            if not clear < row < height - clear:
                continue
            columns = slice(end - 1, None, -1) if step < 0 else slice(end + 1, None)
            beside = ink[row - clear, columns] | ink[row + clear, columns]
            far = _broken(near[row, columns], beside > 0, window)
            ahead = np.nonzero(met[row, columns][:far])[0]
            far = int(ahead[-1]) + 1 if len(ahead) else 0
            if far >= SCAN_RULES.followed * em:
                ends = (end - far, end) if step < 0 else (end + 1, end + 1 + far)
                mask[row - 1 : row + 2, ends[0] : ends[1]] = 255
    return mask


def _broken(drawn: Any, beside: Any, window: int) -> int:
    """How far a row is drawn over more than half of each stretch of ``window``, with paper above and below."""
    drawn, beside = drawn[: 40 * window], beside[: 40 * window]
    if len(drawn) <= 1:
        return 0
    padded = np.pad(drawn.astype(np.int32), (0, window), mode="edge")
    share = (np.cumsum(padded)[window - 1 :] - np.concatenate([[0], np.cumsum(padded)])[: len(drawn) + 1])[: len(drawn)]
    crossed = np.cumsum(np.pad(beside.astype(np.int32), (0, window)))
    marked = crossed[window - 1 :][: len(drawn)] - np.concatenate([[0], crossed])[: len(drawn)]
    fails = np.nonzero((share < SCAN_RULES.broken_share * window) | (marked > SCAN_RULES.crossed_share * window))[0]
    far = int(fails[0]) if len(fails) else len(drawn)
    return far + window // 2 if 0 < far < len(drawn) else far
