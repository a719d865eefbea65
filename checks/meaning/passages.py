"""Passages that applications of different companies share, found without comparing every pair (rule D03).

Of all runs of six characters a quarter is kept, chosen by the run's own hash: what survives a rewriting is then kept on
both sides, whatever stands around it. (Winnowing chooses by what stands around: of as many fingerprints, passages of 200
to 400 characters with 30 % of the words changed had 17 in common in the median, and 20 this way.) Texts that have six in
common at about the same distance are candidates; of 354 such passages that alignment finds, 354 are among them, and 348
with ten. Candidates are aligned (:mod:`checks.meaning.alignment`).

Cost grows with the text, not with the pairs: a fingerprint that up to eight texts have links all of them, one that more
have links each text to the next two only. A passage that many copied from one template still links each of them to its
neighbours. What it takes in time and memory: ``make bench ONLY=rounds``.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from checks.meaning.alignment import FOLDING, passages, plain

GRAM = 6
KEEP = 4
"""One fingerprint in so many runs of characters is kept."""
LINK_ALL, LINK_NEXT = 8, 2
"""Texts with one fingerprint up to which all are linked; how many of the next ones are where there are more."""
BAND = 64
"""Characters by which the distance of two places may drift within a candidate."""
ENOUGH = 6
"""Fingerprints in a band (of twice BAND) that make a candidate."""
SHARE = 0.6
"""Of a passage that must be the same: with 30 % of the words changed 0.71 is, with its spread 0.6 to 0.8."""
_NEARLY = 0.9
"""Texts below this share of the least length cannot hold a passage of it, whatever was cut out of them."""
FORM_RUN = 15
"""Characters in a row that stand in the form or the catalog, from which on they do not count."""
SPREAD_AT = 0.2
"""Quantile of its fingerprints' spread that is a passage's: a copied passage may hold sentences that everybody has."""
_SLICE, _OVERLAP = 3000, 400
_BATCH = 400_000

U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
Hashes = npt.NDArray[np.unsignedinteger[Any]]
I64 = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Text(NamedTuple):
    """One field of an application: of which company (a number), and what it says."""

    company: int
    raw: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A passage that ``texts[one]`` and ``texts[other]`` share (``one`` < ``other``). ``span`` and ``other_span`` are its
    first and last characters as :func:`checks.meaning.alignment.excerpt` takes them. ``same`` of ``length`` characters agree (white space and words of the form not counted); ``spread`` is in how many
    companies' texts it is found, about."""

    one: int
    other: int
    span: tuple[int, int]
    other_span: tuple[int, int]
    length: int
    same: int
    spread: int

    @property
    def share(self) -> float:
        return self.same / self.length


def copied(
    texts: Sequence[Text],
    form_words: Sequence[str],
    *,
    least: int,
    piece: int | None = None,
    only: Collection[int] = (),
) -> list[Copy]:
    """The passages of at least ``least`` characters that texts of different companies share, longest first for each
    pair; with ``piece`` those of at least so many that come to ``least`` together. ``form_words``: texts of the form and
    the catalog, which everybody has. With ``only`` what these companies (their numbers) share with others, and no more."""
    search = _Search(texts, form_words, least, only)
    found: list[Copy] = []
    for one, other in search.candidates():
        copies = _apart(search.compare(one, other, piece or least))
        if sum(copy.length for copy in copies) >= least:
            found += copies
    return found


def verbatim(
    own: str, others: Sequence[str], form_words: Sequence[str], *, least: int, piece: int
) -> Iterator[tuple[int, tuple[int, int]]]:
    """The passages of ``own`` (first and last characters of its plain text) that stand word for word in one of ``others`` (its
    number), in whatever order: those of at least ``piece`` characters that come to ``least`` together."""
    hashes = _grams(_folded(own))
    fresh = ~_long_runs(_form(form_words).among(hashes), FORM_RUN - GRAM + 1)
    for number, other in enumerate(others):
        there = _long_runs(np.isin(hashes, _grams(_folded(other))) & fresh, piece - GRAM + 1)
        edges = np.flatnonzero(np.diff(np.r_[False, there, False].astype(np.int8))).tolist()
        spans = [(start, end + GRAM - 2) for start, end in zip(edges[::2], edges[1::2], strict=True)]
        if sum(last - first + 1 for first, last in spans) >= least:
            yield from ((number, span) for span in spans)


def _form(form_words: Sequence[str]) -> _Known:
    return _Known(np.concatenate([_grams(_codes(""))] + [_grams(_codes(plain(w))) for w in form_words]))


def _apart(copies: Iterable[Copy]) -> list[Copy]:
    """Longest first, without those that lie for the greater part in a longer one (slices overlap)."""
    kept: list[Copy] = []
    for copy in sorted(copies, key=lambda c: (-c.length, c.span)):
        first, last = copy.span
        if all(2 * (min(last, k.span[1]) - max(first, k.span[0])) < last - first for k in kept):
            kept.append(copy)
    return kept


class _Search:
    def __init__(
        self, texts: Sequence[Text], form_words: Sequence[str], least: int, only: Collection[int] = ()
    ) -> None:
        self._texts = texts
        self._form = _form(form_words)
        self._long = [n for n, text in enumerate(texts) if len(text.raw) >= _NEARLY * least]
        self._companies = np.array([texts[n].company for n in self._long], np.int64)
        self._wanted = np.isin(self._companies, list(only)) | (not only)
        self._hashes, self._cells, self._at = self._fingerprints()
        self._starts = np.searchsorted(self._cells, np.arange(len(self._long) + 1))
        self._spread = np.ones(len(self._hashes), np.uint16)
        self._ready = lru_cache(maxsize=4096)(self._prepare)

    def _fingerprints(self) -> tuple[U32, U32, U32]:
        """Hash, text and place of every fingerprint, in the order of the texts."""
        parts: list[tuple[U32, U32, U32]] = []
        batch: list[str] = []
        first = size = 0
        for number, text in enumerate(self._long):
            batch.append(self._texts[text].raw)
            size += len(batch[-1])
            if number == len(self._long) - 1 or size > _BATCH:
                parts.append(self._of_batch(batch, first))
                first, size, batch = number + 1, 0, []
        if not parts:
            empty = np.empty(0, np.uint32)
            return empty, empty, empty
        return _shared(parts)

    def _of_batch(self, batch: list[str], first: int) -> tuple[U32, U32, U32]:
        folded = [_folded(text) for text in batch]
        lengths = np.array([len(codes) for codes in folded], np.int64)
        hashes = _grams(np.concatenate(folded))
        cells = np.repeat(np.arange(len(batch)), lengths)[: len(hashes)]
        at = np.arange(len(hashes)) - (np.cumsum(lengths) - lengths)[cells]
        kept = (hashes >> np.uint64(40)) % np.uint64(KEEP) == 0
        kept &= at + GRAM <= lengths[cells]
        kept &= ~_long_runs(self._form.among(hashes), FORM_RUN - GRAM + 1)
        return hashes[kept].astype(np.uint32), (cells[kept] + first).astype(np.uint32), at[kept].astype(np.uint32)

    def candidates(self) -> list[tuple[int, int]]:
        """Pairs of texts (their numbers in ``texts``) that have enough fingerprints in common, in order."""
        count = len(self._hashes)
        keys = self._hashes.astype(np.uint64) << np.uint64(32) | np.arange(count, dtype=np.uint64)
        keys.sort()
        order = (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)
        sorted_hashes = (keys >> np.uint64(32)).astype(np.uint32)
        del keys
        heads = np.flatnonzero(np.r_[True, sorted_hashes[1:] != sorted_hashes[:-1]]) if count else np.empty(0, np.int64)
        sizes = np.diff(np.r_[heads, count])
        self._measure_spread(order, heads, sizes)
        several = np.repeat(sizes > 1, sizes)
        order, size = order[several], np.repeat(sizes, sizes)[several]
        group = np.repeat(np.arange(len(sizes)), sizes)[several]
        links = np.concatenate([self._links(order, group, size, step) for step in range(1, LINK_ALL)])
        pairs = _dense(links, len(self._long))
        return [(self._long[a], self._long[b]) for a, b in pairs]

    def _measure_spread(self, order: I64, heads: I64, sizes: I64) -> None:
        """In how many companies' texts each fingerprint is found (companies that come apart count twice)."""
        if not len(order):
            return
        company = self._companies[self._cells[order]]
        fresh = np.r_[True, company[1:] != company[:-1]]
        fresh[heads] = True
        spread = np.add.reduceat(fresh.astype(np.int64), heads)
        self._spread[order] = np.minimum(np.repeat(spread, sizes), 65535).astype(np.uint16)

    def _links(self, order: I64, group: I64, size: I64, step: int) -> U64:
        """A key for each fingerprint that a text has in common with the ``step``-next: the two texts and the band of the
        distance between the places."""
        linked = group[step:] == group[:-step]
        linked &= (size[step:] <= LINK_ALL) | (step <= LINK_NEXT)
        one, other = order[:-step][linked], order[step:][linked]
        a, b = self._cells[one].astype(np.int64), self._cells[other].astype(np.int64)
        apart = (self._companies[a] != self._companies[b]) & (self._wanted[a] | self._wanted[b])
        one, other, a, b = one[apart], other[apart], a[apart], b[apart]
        drift = self._at[other].astype(np.int64) - self._at[one].astype(np.int64) + (1 << 31)
        keys: U64 = ((a * len(self._long) + b).astype(np.uint64) << np.uint64(26)) | (drift // BAND).astype(np.uint64)
        return keys

    def compare(self, one: int, other: int, least: int) -> Iterator[Copy]:
        """The passages of at least ``least`` characters that two texts share."""
        (text, kept), (other_text, other_kept) = self._ready(one), self._ready(other)
        for begin, end, other_begin, other_end in _slices(text, other_text):
            for shared in passages(text[begin:end], other_text[other_begin:other_end], least=least, share=SHARE):
                first, last = kept[begin + shared.start], kept[begin + shared.end - 1]
                other_first = other_kept[other_begin + shared.other_start]
                other_last = other_kept[other_begin + shared.other_end - 1]
                spread = self._spread_of(one, other, first, last)
                yield Copy(one, other, (first, last), (other_first, other_last), shared.length, shared.same, spread)

    def _spread_of(self, one: int, other: int, first: int, last: int) -> int:
        """In how many companies' texts the fingerprints are found that a passage of ``one`` shares with ``other``."""
        span, other_span = self._span(one), self._span(other)
        inside = (self._at[span] >= first) & (self._at[span] <= last)
        inside &= np.isin(self._hashes[span], self._hashes[other_span])
        return int(np.quantile(self._spread[span][inside], SPREAD_AT)) if inside.any() else 2

    def _span(self, text: int) -> slice:
        """Where the fingerprints of a text stand."""
        cell = int(np.searchsorted(self._long, text))
        return slice(int(self._starts[cell]), int(self._starts[cell + 1]))

    def _prepare(self, text: int) -> tuple[str, Sequence[int]]:
        """The plain text without the words of the form, and where each of its characters stood in the plain text."""
        whole = plain(self._texts[text].raw)
        runs = _long_runs(self._form.among(_grams(_codes(whole))), FORM_RUN - GRAM + 1)
        if not runs.any():
            return whole, range(len(whole))
        covered = np.zeros(len(whole), bool)
        for at in np.flatnonzero(runs):
            covered[at : at + GRAM] = True
        kept = array("L", np.flatnonzero(~covered).tolist())
        return "".join(whole[at] for at in kept), kept


def _codes(text: str) -> U32:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@lru_cache(maxsize=1)
def _folding() -> U32:
    """What :func:`checks.meaning.alignment.plain` makes of each character, as a table to look up in; 0 for white space."""
    table = np.arange(0x110000, dtype=np.uint32)
    for code in range(0x10000):
        table[code] = FOLDING[code] or 0
    return table


def _folded(text: str) -> U32:
    """The codes of ``plain(text)``."""
    codes = _folding()[_codes(text)]
    kept: U32 = codes[codes != 0]
    return kept


def _grams(codes: U32) -> U64:
    """A hash of every run of GRAM characters."""
    count = len(codes) - GRAM + 1
    if count <= 0:
        return np.empty(0, np.uint64)
    wide = codes.astype(np.uint64)
    hashes = np.zeros(count, np.uint64)
    for offset in range(GRAM):
        hashes *= np.uint64(0x9E3779B97F4A7C15)
        hashes += wide[offset : offset + count]
        hashes ^= hashes >> np.uint64(29)
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(32)
    return hashes


def _shared(parts: Sequence[tuple[U32, U32, U32]]) -> tuple[U32, U32, U32]:
    """The fingerprints that are there more than once, of all that were taken: four in five are one text's alone, link
    nothing, and would take most of the memory."""
    every = np.concatenate([hashes for hashes, _, _ in parts])
    every.sort()
    known = _Known(every[1:][every[1:] == every[:-1]])
    del every
    columns: tuple[list[U32], list[U32], list[U32]] = ([], [], [])
    for part in parts:
        several = known.among(part[0])
        for column, values in zip(columns, part, strict=True):
            column.append(values[several])
    hashes, cells, at = (np.concatenate(column) for column in columns)
    return hashes, cells, at


class _Known:
    """A set of hashes to look many others up in: a bit table first, which turns nearly all away."""

    def __init__(self, hashes: Hashes) -> None:
        self._hashes = np.unique(hashes)
        self._bits = np.zeros(1 << 20, bool)
        self._bits[self._low(self._hashes)] = True

    @staticmethod
    def _low(hashes: Hashes) -> I64:
        return hashes.astype(np.int64) & ((1 << 20) - 1)

    def among(self, hashes: Hashes) -> Flags:
        flags: Flags = self._bits[self._low(hashes)]
        maybe = np.flatnonzero(flags)
        if len(maybe):
            wanted = hashes[maybe]
            at = np.minimum(np.searchsorted(self._hashes, wanted), len(self._hashes) - 1)
            flags[maybe] = self._hashes[at] == wanted
        return flags


def _long_runs(flags: Flags, least: int) -> Flags:
    """Only the runs of at least ``least`` flags in a row."""
    if not flags.any():
        return flags
    edges = np.flatnonzero(np.diff(np.r_[False, flags, False].astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    out = np.zeros(len(flags), bool)
    for start, end in zip(starts[ends - starts >= least], ends[ends - starts >= least], strict=True):
        out[start:end] = True
    return out


def _dense(links: U64, cells: int) -> list[tuple[int, int]]:
    """The pairs of texts with ENOUGH links in two neighbouring bands."""
    links.sort()
    if not len(links):
        return []
    heads = np.flatnonzero(np.r_[True, links[1:] != links[:-1]])
    keys, counts = links[heads], np.diff(np.r_[heads, len(links)])
    beside = np.r_[np.where(keys[1:] == keys[:-1] + np.uint64(1), counts[1:], 0), 0]
    pairs = np.unique(keys[counts + beside >= ENOUGH] >> np.uint64(26))
    return [(int(p) // cells, int(p) % cells) for p in pairs]


def _slices(one: str, other: str) -> Iterator[tuple[int, int, int, int]]:
    """What to align with what: the whole texts, or of long ones each slice with the part of the other text that runs
    of characters in common point to."""
    if max(len(one), len(other)) <= _SLICE + _OVERLAP:
        yield 0, len(one), 0, len(other)
        return
    places: dict[str, int] = {}
    for at in range(len(other) - 2 * GRAM + 1):
        places.setdefault(other[at : at + 2 * GRAM], at)
    for begin in range(0, len(one), _SLICE):
        end = min(begin + _SLICE + _OVERLAP, len(one))
        drifts = sorted(
            places[gram] - at for at in range(begin, end - 2 * GRAM + 1) if (gram := one[at : at + 2 * GRAM]) in places
        )
        done: list[int] = []
        for drift in drifts:
            if done and drift - done[-1] < _SLICE // 2:
                continue
            done.append(drift)
            margin = _SLICE // 2 + _OVERLAP
            yield begin, end, max(0, begin + drift - _OVERLAP), min(len(other), end + drift + margin)
