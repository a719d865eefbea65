"""Where the lines of text stand on a level page: the detector's boxes cut at rules, tick boxes and line gaps, and the ink it missed."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from extractors.scan.boxes_in_ink import TickBox
from extractors.scan.pieces import Piece, missed_ink, runs, take_marks
from extractors.scan.settings import PIECES


def text_pieces(quads: Any, ink: Any, upright: Any, ticks: list[TickBox], em: float) -> list[Piece]:
    """The pieces to be read. ``ink``: without rules and tick boxes; ``upright``: the vertical rules."""
    height, width = ink.shape
    boxes: list[Piece] = []
    for quad in quads:
        x0, y0 = max(0, int(np.floor(quad[:, 0].min()))), max(0, int(np.floor(quad[:, 1].min())))
        x1, y1 = min(width, int(np.ceil(quad[:, 0].max()))), min(height, int(np.ceil(quad[:, 1].max())))
        if x1 - x0 >= PIECES.least and y1 - y0 >= PIECES.least:
            boxes.append(Piece(x0, y0, x1, y1))
    pieces: list[Piece] = []
    for box in boxes:
        for part in _cut(box, upright, ticks):
            pieces.extend(_rows(part, ink, em))
    pieces = [t for p in pieces if (t := tight(p, ink, em)) is not None]
    pieces = _without_doubles(_apart(_without_doubles(pieces), ink, em))
    for missed in missed_ink(pieces, ink, em):
        for part in _cut(missed, upright, ticks):
            pieces.extend(t for p in _rows(part, ink, em) if (t := tight(p, ink, em)) is not None)
    pieces = _apart(_without_doubles(pieces), ink, em)
    pieces = _joined(_without_doubles(pieces), em)
    take_marks(pieces, ink, em)
    return sorted(pieces, key=lambda p: (p.y0, p.x0))


def _cut(box: Piece, upright: Any, ticks: list[TickBox]) -> list[Piece]:
    """The parts of a box between the vertical rules and tick boxes that stand in it."""
    third = box.height // 4
    strip = upright[box.y0 + third : max(box.y0 + third + 1, box.y1 - third), box.x0 : box.x1] > 0
    walls = [(box.x0 + a, box.x0 + b) for a, b in runs(strip.mean(axis=0) > PIECES.wall_share)]
    for tick in ticks:
        _, y = tick.middle
        if box.y0 < y < box.y1 and tick.x1 > box.x0 and tick.x0 < box.x1:
            walls.append((tick.x0 - 1, tick.x1 + 1))
    parts: list[Piece] = []
    start = box.x0
    for a, b in sorted(walls):
        if a - start >= PIECES.least:
            parts.append(Piece(start, box.y0, a, box.y1, box.found))
        start = max(start, b)
    if box.x1 - start >= PIECES.least:
        parts.append(Piece(start, box.y0, box.x1, box.y1, box.found))
    return parts


def _rows(piece: Piece, ink: Any, em: float) -> list[Piece]:
    """The lines of a box that holds several: characters one below another in a narrow column, or lines set close."""
    part = ink[piece.y0 : piece.y1, piece.x0 : piece.x1] > 0
    if piece.height < PIECES.one_line * em:
        return [piece]
    valleys = _between_valleys(part.sum(axis=1), em)
    parted = len(valleys) > 1 and min(b - a for a, b in valleys) >= PIECES.small_line * em
    if _tall_characters(part, em) and (piece.found or not parted):  # characters of two lines may touch
        return [piece]
    inked = np.nonzero(part.any(axis=0))[0]
    narrow = len(inked) == 0 or inked[-1] - inked[0] < PIECES.narrow * em
    middle = [_middle_line(piece, part, ink, min(em, piece.height / 1.45))] if piece.found and not narrow else [piece]
    if piece.height < PIECES.middle * em and (narrow or not parted):
        return middle
    bands = _blank_between(part, em) if narrow else valleys
    if len(bands) <= 1:
        bands = valleys
    lines = [(a, b) for a, b in bands if b - a >= PIECES.thin_line * em]
    if (
        len([1 for a, b in lines if b - a >= PIECES.line * em]) <= 1
        or max(b - a for a, b in lines) > PIECES.line_most * em
    ):
        return middle if piece.height < PIECES.two_lines * em else [piece]
    found: list[Piece] = []
    for number, (a, b) in enumerate(lines):
        y0, y1 = piece.y0 + a, piece.y0 + b
        if number == 0 and y0 == piece.y0:
            y0 -= _reach(ink, piece, y0 - 1, -1, em)
        if number == len(lines) - 1 and y1 == piece.y1:
            y1 += _reach(ink, piece, y1, 1, em)
        found.append(Piece(piece.x0, y0, piece.x1, y1, piece.found))
    return found


def _middle_line(piece: Piece, part: Any, ink: Any, em: float) -> Piece:
    """The line in the middle of a box, without what the box takes in of those above and below: cut where the ink is least."""
    profile = part.sum(axis=1)
    middle = round(len(profile) / 2)
    near, far = round(0.42 * em), round(0.72 * em)
    top, bottom = 0, len(profile)
    if profile[:2].any() and _goes_on(ink, piece, piece.y0 - 1) and middle - near > 0:
        low = max(0, middle - far)
        top = middle - near - 1 - int(np.argmin(profile[low : middle - near][::-1]))
    if profile[-2:].any() and _goes_on(ink, piece, piece.y1) and middle + near < len(profile):
        bottom = middle + near + int(np.argmin(profile[middle + near : middle + far]))
    return Piece(piece.x0, piece.y0 + top, piece.x1, piece.y0 + bottom, piece.found)


def _tall_characters(part: Any, em: float) -> bool:
    """True where the ink is that of characters larger than the page's usual ones: a heading is one line."""
    import cv2

    count, _, stats, _ = cv2.connectedComponentsWithStats(part.astype(np.uint8))
    if count <= 1:
        return False
    heights, areas = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_AREA]
    return float(areas[heights > PIECES.tall_character * em].sum()) > PIECES.tall_share * float(areas.sum())


def _blank_between(part: Any, em: float) -> list[tuple[int, int]]:
    """The characters of a column one character wide: between them is paper, as it may be within one."""
    found: list[tuple[int, int]] = []
    for a, b in runs(part.any(axis=1)):
        high = b - found[-1][0] if found else 0
        near = found and a - found[-1][1] < PIECES.character_gap * em and high <= PIECES.character_most * em
        if found and (near or high <= PIECES.character * em):
            found[-1] = (found[-1][0], b)
        else:
            found.append((a, b))
    return found


def _between_valleys(profile: Any, em: float) -> list[tuple[int, int]]:
    """The stretches of rows between the valleys of a profile: where lines stand close their strokes may touch."""
    usual = float(np.percentile(profile[profile > 0], 70)) if (profile > 0).any() else 0.0
    cuts = [0]
    step = max(1, round(0.3 * em))
    for y in range(1, len(profile) - 1):
        near = profile[max(0, y - step) : y + step + 1]
        if (
            profile[y] <= PIECES.valley_share * usual
            and profile[y] == near.min()
            and y - cuts[-1] >= PIECES.valley_apart * em
        ):
            run = y
            while run + 1 < len(profile) and profile[run + 1] <= profile[y]:
                run += 1
            cuts.append((y + run) // 2)
    cuts.append(len(profile))
    found: list[tuple[int, int]] = []
    for a, b in itertools.pairwise(cuts):
        rows = np.nonzero(profile[a:b] > 0)[0]
        if len(rows):
            found.append((a + int(rows[0]), a + int(rows[-1]) + 1))
    return found


def _reach(ink: Any, piece: Piece, row: int, step: int, em: float) -> int:
    """How many rows a line that the box cuts goes on beyond it."""
    count = 0
    while count < PIECES.reach * em and 0 <= row < ink.shape[0] and (ink[row, piece.x0 : piece.x1] > 0).any():
        count, row = count + 1, row + step
    return count


def margin(em: float) -> int:
    """What a piece has of paper to the left and right of its ink, in pixels."""
    return max(2, round(0.1 * em))


def tight(piece: Piece, ink: Any, em: float) -> Piece | None:
    """The piece cut to its ink, with a margin as the recogniser likes it; None where there is none."""
    piece = _whole(_alone(piece, ink), ink, em)
    part = ink[piece.y0 : piece.y1, piece.x0 : piece.x1] > 0
    columns = np.nonzero(part.any(axis=0))[0]
    rows = np.nonzero(part.sum(axis=1) > (1 if piece.width > PIECES.speckless * em else 0))[0]
    if len(columns) == 0 or len(rows) == 0:
        return None
    height, width = ink.shape
    side, over = margin(em), max(2, round(0.12 * em))
    return Piece(
        max(0, piece.x0 + int(columns[0]) - side),
        max(0, piece.y0 + int(rows[0]) - over),
        min(width, piece.x0 + int(columns[-1]) + 1 + side),
        min(height, piece.y0 + int(rows[-1]) + 1 + over),
        piece.found,
    )


def _whole(piece: Piece, ink: Any, em: float) -> Piece:
    """With the rest of a character that the box's left or right edge runs through."""
    inset = piece.height // 5
    rows = slice(piece.y0 + inset, max(piece.y0 + inset + 1, piece.y1 - inset))
    x0, x1 = piece.x0, piece.x1
    while (
        x0 > 0
        and piece.x0 - x0 < PIECES.character_reach * em
        and (ink[rows, x0] > 0).any()
        and (ink[rows, x0 - 1] > 0).any()
    ):
        x0 -= 1
    while (
        x1 < ink.shape[1]
        and x1 - piece.x1 < PIECES.character_reach * em
        and (ink[rows, x1 - 1] > 0).any()
        and (ink[rows, x1] > 0).any()
    ):
        x1 += 1
    return Piece(x0, piece.y0, x1, piece.y1, piece.found)


def _alone(piece: Piece, ink: Any) -> Piece:
    """Without what the box cuts off of the lines above and below: ink at its edge that goes on beyond, past a gap."""
    part = ink[piece.y0 : piece.y1, piece.x0 : piece.x1] > 0
    bands = runs(part.any(axis=1))
    if len(bands) <= 1:
        return piece
    longest = max(b - a for a, b in bands)
    top, bottom = piece.y0, piece.y1
    first, last = bands[0], bands[-1]
    if first[0] == 0 and first[1] - first[0] < PIECES.neighbour_share * longest and _goes_on(ink, piece, piece.y0 - 1):
        top = piece.y0 + first[1]
    if (
        last[1] == piece.height
        and last[1] - last[0] < PIECES.neighbour_share * longest
        and _goes_on(ink, piece, piece.y1)
    ):
        bottom = piece.y0 + last[0]
    return Piece(piece.x0, top, piece.x1, bottom, piece.found)


def _goes_on(ink: Any, piece: Piece, row: int) -> bool:
    return 0 <= row < ink.shape[0] and bool((ink[row, piece.x0 : piece.x1] > 0).any())


def _without_doubles(pieces: list[Piece]) -> list[Piece]:
    """Leaves out pieces that lie almost wholly in another."""
    found: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: -p.width * p.height):
        area = max(1, piece.width * piece.height)
        for other in found:
            across = min(piece.x1, other.x1) - max(piece.x0, other.x0)
            down = min(piece.y1, other.y1) - max(piece.y0, other.y0)
            if across > 0 and down > 0 and across * down > PIECES.double_share * area:
                break
        else:
            found.append(piece)
    return found


def _apart(pieces: list[Piece], ink: Any, em: float) -> list[Piece]:
    """Cuts the boxes that take in more than a line by the lines beside them: where lines stand as close as characters, and on
    curled paper, the detector may lay a box over two lines that it found as well, and the text of both would run together."""
    lines = [p for p in pieces if p.found and PIECES.usual_least * em <= p.height <= PIECES.tall * em]
    found: list[Piece] = []
    for piece in pieces:
        if piece.height <= PIECES.tall * em:
            found.append(piece)
            continue
        bands = _bands(piece, lines, em)
        if not bands:
            found.append(piece)
            continue
        for y0, y1 in bands:
            part = tight(Piece(piece.x0, y0, piece.x1, y1, piece.found), ink, em)
            if part is not None and part.height >= PIECES.part * em:
                found.append(part)
    return found


def _bands(piece: Piece, lines: list[Piece], em: float) -> list[tuple[int, int]]:
    """The lines within a box: those found beside or within it, and what lies between them; empty where none lie upon it."""
    beside: list[tuple[int, int]] = []
    upon = False
    for line in lines:
        down = min(piece.y1, line.y1) - max(piece.y0, line.y0)
        across = min(piece.x1, line.x1) - max(piece.x0, line.x0)
        if down > PIECES.beside_down * em and across > PIECES.beside_across * em:
            beside.append((line.y0, line.y1))
            upon = upon or across > PIECES.upon * em
    if not upon:
        return []
    bands: list[tuple[int, int]] = []
    for y0, y1 in sorted(beside, key=sum):
        if not bands or y0 + y1 - sum(bands[-1]) > em:
            bands.append((y0, y1))
    reach = max(2, round(0.12 * em))
    edges = [(piece.y0, piece.y0 + reach), *bands, (piece.y1 - reach, piece.y1)]
    rest = [(a[1] - reach, b[0] + reach) for a, b in itertools.pairwise(edges)]
    rest = [(y0, y1) for y0, y1 in rest if PIECES.rest[0] * em <= y1 - y0]
    if any(y1 - y0 > PIECES.rest[1] * em for y0, y1 in rest):
        return []
    return sorted(bands + rest)


def _joined(pieces: list[Piece], em: float) -> list[Piece]:
    """Pieces of one line that share characters made one: where lines stand as close as characters, the detector may take
    columns of them for lines, one over another."""
    found: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: p.x0):
        for i, other in enumerate(found):
            down = min(piece.y1, other.y1) - max(piece.y0, other.y0)
            least, most = sorted((piece.height, other.height))
            alike = most < PIECES.same_height * least or most <= PIECES.tall * em
            if other.x1 - piece.x0 > PIECES.joined_across * em and down > PIECES.joined_down_share * least and alike:
                found[i] = Piece(
                    other.x0,
                    min(piece.y0, other.y0),
                    max(piece.x1, other.x1),
                    max(piece.y1, other.y1),
                    piece.found or other.found,
                )
                break
        else:
            found.append(piece)
    return found
