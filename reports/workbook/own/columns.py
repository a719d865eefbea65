"""Which columns of a sheet are the program's, wherever they were moved and whatever they are headed now, and which a person's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from reports.safe.text import plain
from reports.workbook.columns import COLUMNS
from reports.workbook.proof import PROOF, Proof, digest
from reports.workbook.said import Part


def told_apart(
    proofs: Mapping[int, Proof],
    head: int,
    heads: Mapping[int, str],
    texts: Mapping[int, Mapping[int, str]],
    words: Collection[int],
) -> tuple[dict[int, str], tuple[int, ...]]:
    """The program's columns by their titles, and a person's own; ``words`` are those for words on findings, and neither.

    The program's is the one of a title that holds most of what the program wrote. A column that holds what the program wrote under
    another head was renamed, and is not a person's own; nor is a blank one while a title is missing, since it may be that one.
    """
    titles = set(proofs.get(head, Proof()).cells or ())
    left = {r: Counter(p.cells or ()) for r, p in proofs.items() if r != head}
    every = {c for r in (head, *left) for c in texts.get(r, {})} - set(words)
    titled = {c for c in every if c in heads and digest(heads[c]) in titles}
    hits, filled = Counter[int](), Counter[int]()
    for column in sorted(every, key=lambda c: (c not in titled, c)):
        for row, cells in left.items():
            if text := texts.get(row, {}).get(column):
                filled[column] += 1
                hits[column] += cells[digest(text)] > 0
                cells[digest(text)] -= 1
    found: dict[int, str] = {}
    for column in sorted(titled, key=lambda c: (-hits[c], c)):
        if heads[column] not in found.values():
            found[column] = heads[column]
    missing = bool(titles - {digest(h) for h in (*found.values(), *(heads.get(c, "") for c in words))})
    renamed = {c for c in every - set(found) if (2 * hits[c] > filled[c] if filled[c] else missing)}
    return found, tuple(sorted(every - set(found) - renamed))


def by_titles(
    heads: Mapping[int, str], texts: Mapping[int, Mapping[int, str]], words: Collection[int]
) -> tuple[dict[int, str], tuple[int, ...]]:
    """The same of the findings' sheet where nothing tells what the program wrote: its columns are those of its titles, the first
    of each."""
    ours, found = {c.title for c in COLUMNS}, dict[int, str]()
    for column, title in sorted(heads.items()):
        if title in ours and title not in found.values() and column not in words:
            found[column] = title
    every = {c for cells in texts.values() for c in cells}
    return found, tuple(sorted(c for c in every - set(words) - set(found) if heads.get(c) != PROOF))


def unproven(
    texts: Mapping[int, Mapping[int, str]],
    part: Part,
    keys: Mapping[int, str],
    words: Collection[int],
    drawn: Collection[int] | None = None,
) -> dict[int, dict[int, str]]:
    """What a person wrote where nothing tells what the program did: own columns, rows of no finding, what a second row of a finding
    says otherwise than its first, and what the program does not write now (``drawn``: digests of what it does; None where that is not
    known). Counts under heads of the program's are none: they change with every run. ``keys``: the rows of findings, ``words`` the
    columns for words on them."""
    out: dict[int, dict[int, str]] = {}
    said: dict[str, set[str]] = {}
    heads = texts.get(part.head, {})
    for row, cells in sorted(texts.items()) if part.titles or drawn is not None else ():
        key = keys.get(row, "")
        told = said.setdefault(key, set(cells.values())) if key else set()
        for column, text in cells.items():
            others = bool(part.titles) and row != part.head and column not in words and text not in told
            new = drawn is not None and digest(text) not in drawn and column not in words and text != PROOF
            if new and text.strip().isdigit():
                new = drawn is not None and digest(heads.get(column, "")) not in drawn
            if column in part.own or others or new:
                out.setdefault(row, {})[column] = plain(text.strip())
    return out


def foreign(
    proofs: Mapping[int, Proof],
    head: int,
    heads: Mapping[int, str],
    texts: Mapping[int, Mapping[int, str]],
    own: Collection[int],
    words: Collection[int],
    listed: Collection[int],
) -> dict[int, dict[int, str]]:
    """The cells outside the columns for words that the program did not write, by row and column. ``listed``: the rows of the program's.

    A text that stands in another row than the one it was written in, and no more often than it was written, was
    moved; in a column of a person's own it is a person's.
    """
    wrote = Counter(d for p in proofs.values() for d in p.cells or ())
    titles = set(proofs.get(head, Proof()).cells or ())
    theirs = {c for c, h in heads.items() if digest(h) not in titles and h != PROOF} | set(own)
    have: Counter[int] = Counter()
    left: list[tuple[int, int, str, int]] = []
    for row, cells in texts.items():
        mine = Counter(proofs.get(row, Proof()).cells or ())
        for column, text in cells.items():
            if (row in listed and column in words) or (row == head and text == PROOF):
                continue
            d = digest(text)
            have[d] += 1
            if mine[d] > 0:
                mine[d] -= 1
            else:
                left.append((row, column, text, d))
    out: dict[int, dict[int, str]] = {}
    for row, column, text, d in left:
        if have[d] > wrote[d] or column in theirs:
            out.setdefault(row, {})[column] = plain(text.strip())
    return out
