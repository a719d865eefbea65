"""The lines of a page as pieces that may be cells: parted where gaps are wide."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.page.characters import Char
from extractors.page.lines import Line, ink_end, is_wide
from extractors.page.segments import held_together, parts
from extractors.page.table_settings import UNRULED

_ITEM = re.compile(r"^\s*+(?:\d{1,3}|[（(]?[一二三四五六七八九十\d]{1,3}[)）]|[①-⑳•·*])\s*+[.．、)]?\s*+$")


@dataclass(slots=True)
class Piece:
    """A stretch of a line without a wide gap."""

    chars: list[Char]
    x0: float
    x1: float
    base: float
    size: float
    text: str


@dataclass(slots=True)
class Field:
    """A cell to be: pieces of one row that stand over one another."""

    pieces: list[Piece]
    x0: float
    x1: float


@dataclass(slots=True)
class Band:
    """Pieces whose heights overlap: what stands side by side, on one line or on lines set off by half."""

    pieces: list[Piece]

    @property
    def first(self) -> float:
        return min(p.base for p in self.pieces)

    @property
    def last(self) -> float:
        return max(p.base for p in self.pieces)

    @property
    def size(self) -> float:
        return max(p.size for p in self.pieces)

    def tabular(self) -> bool:
        return len(fields_of(self.pieces)) > 1


def bands_of(lines: Sequence[Line]) -> list[Band]:
    found: list[Band] = []
    for piece in sorted(_stacked([p for line in lines for p in _pieces(line)]), key=lambda p: p.base):
        if found and piece.base - found[-1].last < UNRULED.same_band * min(piece.size, found[-1].size):
            found[-1].pieces.append(piece)
        else:
            found.append(Band([piece]))
    return found


def _stacked(pieces: list[Piece]) -> list[Piece]:
    """The pieces with single characters that stand below one another as one: a label written downwards beside several rows,
    which it would join. It is put on the line nearest to its middle."""
    single = sorted(
        (p for p in pieces if len(p.text) == 1 and is_wide(p.text)),
        key=lambda p: (round(p.x0 / UNRULED.stacked_aside), p.base),
    )
    runs: list[list[Piece]] = []
    for piece in single:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and abs(piece.x0 - last.x0) < UNRULED.stacked_aside
            and 0 < piece.base - last.base < UNRULED.stacked_step * piece.size
        ):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    for run in (r for r in runs if len(r) >= UNRULED.stacked):
        rest = [p for p in pieces if all(p is not own for own in run)]
        beside = [p.base for p in rest if run[0].base - p.size < p.base < run[-1].base + p.size]
        if not beside:
            continue
        middle = (run[0].base + run[-1].base) / 2
        whole = _piece([c for p in run for c in p.chars], run[0].size)
        whole.x0, whole.x1 = min(p.x0 for p in run), max(p.x1 for p in run)
        whole.base = min(beside, key=lambda base: abs(base - middle))
        pieces = [*rest, whole]
    return pieces


def _pieces(line: Line) -> list[Piece]:
    """The stretches of a line; those of neighbouring lines that were read as one are parted by their baselines."""
    shown = [c for c in line.chars if c.text != " "]
    if not shown or any(c.angle for c in shown):
        return []
    large = [c for c in shown if c.size >= UNRULED.large_share * line.size]
    bases: list[float] = []
    for base in sorted(c.base for c in large):
        if not bases or base - bases[-1] > UNRULED.same_base * line.size:
            bases.append(base)
    groups: list[list[Char]] = [[] for _ in bases]
    for char in shown:
        groups[min(range(len(bases)), key=lambda i, c=char: abs(bases[i] - c.base))].append(char)  # type: ignore[misc]
    return [piece for group in groups for piece in _segments(group, line)]


def _segments(chars: list[Char], line: Line) -> list[Piece]:
    groups: list[list[Char]] = []
    flags = held_together(chars)
    close = sum(1 for (a, b), held in zip(itertools.pairwise(chars), flags[1:], strict=True) if not held and _gap(a, b))
    least = UNRULED.close_gap if close >= UNRULED.close_gaps else UNRULED.column_gap
    for char, held in zip(chars, flags, strict=True):
        if groups and (held or char.x0 - groups[-1][-1].x1 <= least * max(char.size, groups[-1][-1].size)):
            groups[-1].append(char)
        else:
            groups.append([char])
    match groups:
        case [number, rest] if (
            _ITEM.match("".join(c.text for c in number)) and rest[0].x0 - number[-1].x1 < UNRULED.item_gap
        ):
            groups = [chars]  # the number of a list, not a cell
    return [_piece(g, line.size) for g in groups]


def _gap(a: Char, b: Char) -> bool:
    """Whether a gap beside Chinese characters may be one between columns set close."""
    return b.x0 - ink_end(a) > UNRULED.close_gap * a.size and (is_wide(a.text) or is_wide(b.text))


def _piece(chars: list[Char], size: float) -> Piece:
    base = sorted(c.base for c in chars)[len(chars) // 2]
    return Piece(chars, chars[0].x0, ink_end(chars[-1]), base, size, "".join(c.text for c in chars))


def split_at(piece: Piece, walls: list[float]) -> list[Piece]:
    """A piece parted where a column ends, although the gap there is small."""
    groups = [[piece.chars[0]]]
    for (a, b), held in zip(itertools.pairwise(piece.chars), held_together(piece.chars, piece=True)[1:], strict=True):
        gap = b.x0 - a.x1 > UNRULED.cell_gap * a.size and not held
        if gap and any(a.x1 - UNRULED.at_wall * a.size <= wall <= b.x0 + UNRULED.at_wall * a.size for wall in walls):
            groups.append([b])
        else:
            groups[-1].append(b)
    return [_piece(g, piece.size) for g in groups] if len(groups) > 1 else [piece]


def cut_at(piece: Piece, walls: Sequence[float]) -> list[Piece]:
    """A piece parted where a column is known to end within it."""
    groups = [[piece.chars[0]]]
    for (a, b), held in zip(itertools.pairwise(piece.chars), held_together(piece.chars, piece=True)[1:], strict=True):
        if parts(walls, a, b, held):
            groups.append([b])
        else:
            groups[-1].append(b)
    return [_piece(g, piece.size) for g in groups] if len(groups) > 1 else [piece]


def fields_of(pieces: list[Piece]) -> list[Field]:
    """The pieces of a row put together to cells where they stand over one another."""
    found: list[Field] = []
    for piece in sorted(pieces, key=lambda p: p.x0):
        if found and piece.x0 < found[-1].x1 - UNRULED.at_wall * piece.size:
            found[-1].pieces.append(piece)
            found[-1].x1 = max(found[-1].x1, piece.x1)
        else:
            found.append(Field([piece], piece.x0, piece.x1))
    return found


def gutters(region: list[Band]) -> list[float]:
    """Where small gaps between Chinese characters lie over other gaps, in lines near to one another: columns set close."""
    found: list[float] = []
    recent: list[list[tuple[float, float, bool]]] = []
    for band in region:
        for base in sorted({round(p.base) for p in band.pieces}):
            pieces = sorted((p for p in band.pieces if round(p.base) == base), key=lambda p: p.x0)
            gaps = [(a.x1, b.x0, False) for a, b in itertools.pairwise(pieces)]
            gaps += [
                (a.x1, b.x0, True)
                for p in pieces
                for (a, b), held in zip(
                    itertools.pairwise(p.chars), held_together(p.chars, piece=True)[1:], strict=True
                )
                if not held and b.x0 - a.x1 > UNRULED.gutter * a.size and is_wide(a.text) and is_wide(b.text)
            ]
            for start, end, small in gaps:
                for s, e, other in itertools.chain.from_iterable(recent):
                    if min(end, e) > max(start, s) and (small or other):
                        found.append((max(start, s) + min(end, e)) / 2)
            recent = [*recent[-2:], gaps]
    return found
