"""Near-identical passages of two texts, by local alignment (rules D03 and D05).

rapidfuzz aligns the texts as a whole (longest common subsequence); what matters are the stretches in which nearly
everything is shared, and those are cut out here: a shared character counts for a passage, a character that only one of
the texts has counts against it. A passage ends where what follows would cost more than it brings.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

SHORTEST = 2
"""Characters that must agree in a row to count: single ones agree by chance in any two Chinese texts."""
WIDEST_GAP = 30
"""Characters that only one text has, from which on a passage is two passages: a sentence put in between, not a word."""
REWRITTEN = 0.85
"""Share below which words were changed all along: then they are at the ends too, where nothing shows them."""
_GAP_COST = 0.6
_EDGES = re.compile(r"^[\s。，；、,;.)）]+|[\s，；、,;(（]{1,200}$")


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


class _Folding(dict[int, int | None]):
    """Code of a character → that of the character as it is compared: plain for full width, small for capital; None for
    white space. One character stays one, so that places can be found again. Filled as characters are met."""

    def __missing__(self, code: int) -> int | None:
        character = chr(code)
        folded = unicodedata.normalize("NFKC", character).casefold()
        gone = not code or character.isspace() or folded.isspace()
        self[code] = None if gone else ord(folded) if len(folded) == 1 else code
        return self[code]


FOLDING = _Folding()


@functools.lru_cache(maxsize=512)
def plain(text: str) -> str:
    """The text as it is compared: full width and capitals folded, no white space; punctuation stays."""
    return text.translate(FOLDING)


def excerpt(raw: str, span: tuple[int, int]) -> str:
    """The part of a raw text whose plain form has ``span`` as its first and last characters, without white space and
    marks around it."""
    places = [at for at, character in enumerate(raw) if FOLDING[ord(character)] is not None]
    return _EDGES.sub("", raw[places[span[0]] : places[span[1]] + 1])


def passages(one: str, other: str, *, least: int, share: float) -> Iterator[Shared]:
    """The passages of at least ``least`` characters (the longer of the two sides) that two plain texts share to at least
    ``share``; the best first found, none overlapping."""
    blocks = [
        (op.src_start, op.dest_start, op.src_end - op.src_start)
        for op in Indel.opcodes(one, other)
        if op.tag == "equal" and op.src_end - op.src_start >= SHORTEST
    ]
    for run in _runs(blocks):
        yield from _best(run, least, share, (len(one), len(other)))


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


def _best(run: list[tuple[int, int, int]], least: int, share: float, sizes: tuple[int, int]) -> Iterator[Shared]:
    """The highest-scoring stretch of blocks, then what is left on either side of it."""
    todo = [run]
    while todo:
        blocks = todo.pop()
        if sum(length for _, _, length in blocks) < share * least:
            continue
        first, last = _stretch(blocks)
        found = _with_ends(blocks[first : last + 1], sizes)
        if found.length >= least and found.share >= share:
            yield found
        todo += [part for part in (blocks[:first], blocks[last + 1 :]) if part]


def _with_ends(blocks: Sequence[tuple[int, int, int]], sizes: tuple[int, int]) -> Shared:
    """The passage of these blocks. Where it was rewritten, with as much at either end as one change takes on average."""
    begin, end = blocks[0], blocks[-1]
    found = Shared(begin[0], end[0] + end[2], begin[1], end[1] + end[2], sum(b[2] for b in blocks))
    if found.share >= REWRITTEN or len(blocks) == 1:
        return found
    change = round((found.length - found.same) / (len(blocks) - 1))
    before, after = min(change, begin[0], begin[1]), min(change, sizes[0] - found.end, sizes[1] - found.other_end)
    return Shared(
        found.start - before, found.end + after, found.other_start - before, found.other_end + after, found.same
    )


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
