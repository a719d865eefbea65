"""How sure a reading is: the model's own probability, a second reading at another scale, and what characters look alike.

The probabilities were held against the truth of made scans (150–300 dpi, noise, skew, JPEG): see tests/bench/bench_scan.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from extractors.scan_engine import ReadChar

CONFUSABLE = frozenset("0OoQDIl1|iS5B8Z2G6己已巳日曰未末土士人入八干千于大太天夫戊戌戍白自")
SHORT = 40


def doubtful_pieces(chars: Sequence[ReadChar]) -> bool:
    """True where a line is worth a second reading: short ones, whose every character counts, and unsure ones."""
    return 0 < len(chars) <= SHORT and (
        any(c.text.isascii() and c.text.isalnum() for c in chars) or min(c.sure for c in chars) < 0.98
    )


def sure_of(first: Sequence[ReadChar], second: Sequence[ReadChar]) -> list[ReadChar]:
    """The better of two readings, each character with the confidence that both together give it."""
    one, other = "".join(c.text for c in first), "".join(c.text for c in second)
    if one.replace(" ", "") == other.replace(" ", ""):
        return [ReadChar(c.text, c.at, max(c.sure, 0.0)) for c in first]
    better = first if _score(first) >= _score(second) - 0.02 else list(second)
    agreed = _agreed(better, second if better is first else first)
    return [ReadChar(c.text, c.at, c.sure if i in agreed else min(0.6, c.sure)) for i, c in enumerate(better)]


def _score(chars: Sequence[ReadChar]) -> float:
    return sum(c.sure for c in chars) / len(chars) if chars else 0.0


def _agreed(chars: Sequence[ReadChar], others: Sequence[ReadChar]) -> set[int]:
    matcher = SequenceMatcher(None, [c.text for c in chars], [c.text for c in others], autojunk=False)
    return {i for block in matcher.get_matching_blocks() for i in range(block.a, block.a + block.size)}
