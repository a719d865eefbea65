"""Blocks of lines that the detector took for one: cut where the ink is least, read line by line, and kept where that reads better.

Where lines stand as close as characters and the picture is blurred, no row of paper lies between them, and the detector lays
its boxes across. What is read of such a box is nonsense that the recogniser is unsure of.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from extractors.scan.lines import tight
from extractors.scan.pieces import Piece, lie_over
from extractors.scan.recognition import ReadChar
from extractors.scan.settings import PIECES, RECUT

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
