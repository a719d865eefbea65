"""Near-identical passages of two texts, by local alignment (rules D03 and D05).

rapidfuzz aligns the texts as a whole (longest common subsequence); what matters are the stretches in which nearly
everything is shared, and those are cut out here: a shared character counts for a passage, a character that only one of
the texts has counts against it. A passage ends where what follows would cost more than it brings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

SHORTEST = 2
"""Characters that must agree in a row to count: single ones agree by chance in any two Chinese texts."""
WIDEST_GAP = 60
"""Characters that only one text has, from which on a passage is two passages."""
_GAP_COST = 0.8
_SPACE = re.compile(r"\s+")
_EDGES = re.compile(r"^[\s。，；、,;.)）]+|[\s，；、,;(（]+$")


@dataclass(frozen=True, slots=True)
class Shared:
    """A passage that both texts have: ``one[start:end]`` and ``other[start:end]``; ``share`` (0 to 1) of the longer of
    the two that is the same, in the same order."""

    start: int
    end: int
    other_start: int
    other_end: int
    same: int

    @property
    def length(self) -> int:
        return max(self.end - self.start, self.other_end - self.other_start)

    @property
    def share(self) -> float:
        return self.same / self.length


def plain(text: str) -> str:
    """The text as it is compared: NFKC, lower case, no white space; punctuation stays."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text).casefold())


def excerpt(raw: str, span: tuple[int, int]) -> str:
    """The part of a raw text whose plain form has ``span`` as its first and last characters, without white space and
    marks around it."""
    at, start = 0, None
    for place, character in enumerate(raw):
        width = len(plain(character))
        if width and start is None and at + width > span[0]:
            start = place
        at += width
        if at > span[1]:
            return _EDGES.sub("", raw[start or 0 : place + 1])
    return _EDGES.sub("", raw[start or 0 :])


def passages(one: str, other: str, *, least: int, share: float) -> Iterator[Shared]:
    """The passages of at least ``least`` characters (the longer of the two sides) that two plain texts share to at least
    ``share``; the best first found, none overlapping."""
    blocks = [
        (op.src_start, op.dest_start, op.src_end - op.src_start)
        for op in Indel.opcodes(one, other)
        if op.tag == "equal" and op.src_end - op.src_start >= SHORTEST
    ]
    for run in _runs(blocks):
        yield from _best(run, least, share)


def _runs(blocks: Sequence[tuple[int, int, int]]) -> Iterator[list[tuple[int, int, int]]]:
    """The blocks between which no gap is too wide."""
    run: list[tuple[int, int, int]] = []
    for block in blocks:
        if run and _gap(run[-1], block) > WIDEST_GAP:
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _gap(before: tuple[int, int, int], after: tuple[int, int, int]) -> int:
    return max(after[0] - before[0], after[1] - before[1]) - before[2]


def _best(run: list[tuple[int, int, int]], least: int, share: float) -> Iterator[Shared]:
    """The highest-scoring stretch of blocks, then what is left on either side of it."""
    todo = [run]
    while todo:
        blocks = todo.pop()
        if sum(length for _, _, length in blocks) < share * least:
            continue
        first, last = _stretch(blocks)
        begin, end = blocks[first], blocks[last]
        found = Shared(
            begin[0], end[0] + end[2], begin[1], end[1] + end[2], sum(b[2] for b in blocks[first : last + 1])
        )
        if found.length >= least and found.share >= share:
            yield found
        todo += [part for part in (blocks[:first], blocks[last + 1 :]) if part]


def _stretch(blocks: Sequence[tuple[int, int, int]]) -> tuple[int, int]:
    """First and last block of the stretch whose shared characters most outweigh its gaps (Kadane)."""
    best, best_at = 0.0, (0, 0)
    score, start = 0.0, 0
    for at, block in enumerate(blocks):
        if at:
            score -= _GAP_COST * _gap(blocks[at - 1], block)
        if score <= 0:
            score, start = 0.0, at
        score += block[2]
        if score > best:
            best, best_at = score, (start, at)
    return best_at
