"""What is read of the pieces of a page: each once, pressed together; then in full width the stretches in which a second reading
may say something else, and what it does say otherwise as a whole line.

What a reading costs goes with the width of what is read.

Blocks of lines that the detector took for one are cut where the ink is least, read line by line, and kept where that reads better.
Where lines stand as close as characters and the picture is blurred, no row of paper lies between them, and the detector lays
its boxes across. What is read of such a box is nonsense that the recogniser is unsure of.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
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
from extractors.scan.lines import tight
from extractors.scan.pieces import Piece, lie_over
from extractors.scan.recognition import Engine, ReadChar
from extractors.scan.settings import CERTAINTY, PIECES, READER, RECUT


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


Read = Callable[[Sequence[Piece]], list[list[ReadChar]]]


def recut(
    pieces: list[Piece], read: list[list[ReadChar]], again: Read, ink: Any, ruled: Any, em: float
) -> tuple[list[Piece], list[list[ReadChar]]]:
    """The pieces and what was read of them, blocks of lines cut where that reads better; ``again`` reads pieces.
    ``ink`` is without the rules, ``ruled`` marks them: no block goes across one."""
    blocks: list[tuple[list[int], list[Piece]]] = []
    taken: set[int] = set()
    for first in _blocks(pieces, read, em):
        members, lines = _with_all_it_covers(first, pieces, ink, em)
        if len(lines) > 1 and not taken & set(members) and not _crosses(lines, ruled, round(0.4 * em)):
            blocks.append((members, lines))
            taken.update(members)
    if not blocks:
        return pieces, read
    second = iter(again([line for _, lines in blocks for line in lines]))
    gone: set[int] = set()
    new_pieces: list[Piece] = []
    new_read: list[list[ReadChar]] = []
    for members, lines in blocks:
        texts = [next(second) for _ in lines]
        if _better(texts, [read[i] for i in members]):
            gone.update(members)
            new_pieces += lines
            new_read += texts
    kept = [i for i in range(len(pieces)) if i not in gone]
    return [pieces[i] for i in kept] + new_pieces, [read[i] for i in kept] + new_read


def _with_all_it_covers(members: list[int], pieces: list[Piece], ink: Any, em: float) -> tuple[list[int], list[Piece]]:
    """A block with the pieces that its lines would lie over, and its lines; none where it grows too large."""
    while len(members) <= RECUT.max_pieces:
        lines = _lines([pieces[i] for i in members], ink, em)
        more = [i for i, p in enumerate(pieces) if i not in members and any(lie_over(line, p) for line in lines)]
        if not more:
            return members, lines
        members = sorted([*members, *more])
    return members, []


def _crosses(lines: list[Piece], ruled: Any, inset: int) -> bool:
    """Whether a rule runs through a block; one along its edge, which its characters touch, does not."""
    x0, x1 = min(p.x0 for p in lines), max(p.x1 for p in lines)
    y0, y1 = min(p.y0 for p in lines), max(p.y1 for p in lines)
    part = ruled[y0 + inset : y1 - inset, x0 + inset : x1 - inset] > 0
    return part.size > 0 and bool(
        (part.mean(axis=0) > RECUT.crossed_share).any() or (part.mean(axis=1) > RECUT.crossed_share).any()
    )


def _score(texts: Sequence[Sequence[ReadChar]]) -> float:
    sure = [c.sure for text in texts for c in text]
    return sum(sure) / len(sure) if sure else 0.0


def _better(new: Sequence[Sequence[ReadChar]], old: Sequence[Sequence[ReadChar]]) -> bool:
    """More characters read surely, and none of them bought with nonsense."""
    gain = sum(c.sure for t in new for c in t) - sum(c.sure for t in old for c in t)
    return _score(new) > _score(old) + RECUT.better or (gain > RECUT.gain and _score(new) >= _score(old))


def _blocks(pieces: list[Piece], read: list[list[ReadChar]], em: float) -> list[list[int]]:
    """Pieces that lie close above one another, where one of them is read poorly."""
    touching: dict[int, set[int]] = {}
    poor = [i for i, text in enumerate(read) if _score([text]) < RECUT.well_read]
    done: set[int] = set()
    blocks: list[list[int]] = []
    for first in poor:
        if first in done:
            continue
        block, open_ends = {first}, [first]
        while open_ends and len(block) <= RECUT.max_pieces:
            i = open_ends.pop()
            if i not in touching:
                touching[i] = {j for j in range(len(pieces)) if j != i and _touch(pieces[i], pieces[j], em)}
            open_ends += touching[i] - block
            block |= touching[i]
        done |= block
        if len(block) > RECUT.max_pieces:
            continue
        if len(block) > 1 or (pieces[first].height > PIECES.tall * em and pieces[first].width > RECUT.wide * em):
            blocks.append(sorted(block))
    return blocks


def _touch(one: Piece, other: Piece, em: float) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    return down > -RECUT.touch * em and across > RECUT.touch_share * min(one.width, other.width)


def _lines(members: Sequence[Piece], ink: Any, em: float) -> list[Piece]:
    """The lines of a block at the distance at which the rows between them hold the least ink."""
    x0, y0 = min(p.x0 for p in members), min(p.y0 for p in members)
    x1, y1 = max(p.x1 for p in members), max(p.y1 for p in members)
    profile = (ink[y0:y1, x0:x1] > 0).sum(axis=1).astype(np.float64)
    rows = np.nonzero(profile > RECUT.inked_share * profile.max())[0]
    if len(rows) == 0:
        return []
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    high = bottom - top + 0.12 * em  # the last line has no gap beneath it
    best: tuple[float, list[int]] = (np.inf, [])
    for count in range(
        max(2, int(np.ceil(high / (RECUT.pitch[1] * em)))), min(RECUT.max_lines, int(high / (RECUT.pitch[0] * em))) + 1
    ):
        cuts = [top + _valley(profile[top:bottom], k * high / count, 0.2 * em) for k in range(1, count)]
        cost = float(np.mean(profile[cuts]) / profile[top:bottom].mean())
        if cost < best[0]:
            best = (cost, cuts)
    edges = [top, *best[1], bottom]
    parts = [Piece(x0, y0 + a, x1, y0 + b) for a, b in itertools.pairwise(edges)]
    found = [line for p in parts if (line := tight(p, ink, em)) is not None]
    return found if len(found) == len(parts) else []


def _valley(profile: Any, near: float, reach: float) -> int:
    low = max(1, round(near - reach))
    high = min(len(profile) - 1, round(near + reach) + 1)
    return low + int(np.argmin(profile[low:high])) if high > low else low
