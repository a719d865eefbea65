"""What a workbook that people changed says, as others take it over: words on findings, people's own findings, words that are neither."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from records.models import Decision, Level, Unplaced
from reports.safe.text import line, plain
from reports.workbook.grid import Sheet

SHEET, UNPLACED = "问题清单", "未能归入的意见"
ID, ACTION, REASON, BY = "编号", "处理", "说明", "处理人"
ACTIONS = UPHELD, WITHDRAWN = "维持", "撤销"
_SLIP = 4
"""Characters of a word that may be a slip of an action: one of the action's two, and no more than these."""


@dataclass(frozen=True)
class Row:
    """A row of a finding as it stands in a workbook. ``words``: the digest of the words in it; ``written``: of those
    that the program had put there."""

    decision: Decision
    words: str
    written: str
    place: str

    @property
    def changed(self) -> bool:
        return self.words != self.written


@dataclass(frozen=True)
class Own:
    """A row that a person added to the findings: what they found themselves. ``cells`` holds its words by their heads."""

    sheet: str
    row: int
    number: str
    """序号 of the application, as typed; "" where it is not given."""
    name: str
    level: Level
    place: str
    message: str
    reason: str
    by: str
    cells: dict[str, str]
    beside: dict[str, str] = field(default_factory=dict)
    """What stands in the person's own columns, by their heads."""


@dataclass(frozen=True)
class Part:
    """A sheet by what it is: the program's, which calls it ``name`` ("" where that cannot be told), or a person's own."""

    sheet: Sheet
    name: str
    is_own: bool = False
    head: int = 0
    rows: dict[int, str] = field(default_factory=dict)
    """What rows are about, by a key: those alone whose parts belong together."""
    titles: dict[int, str] = field(default_factory=dict)
    """The program's columns, wherever they stand now."""
    own: tuple[int, ...] = ()
    """A person's own columns."""

    def holds(self, row: int, column: int) -> bool:
        """Whether what stands there has a place in a workbook that is written anew."""
        known = bool(self.name) and (row == self.head or row in self.rows)
        return known and (column in self.titles or column in self.own)


@dataclass
class Understood:
    """``rows``: the rows of each finding, those of the first sheet first. ``blind``: sheets in which what people changed
    cannot be told, since the hidden column is gone. ``ours``: it is a workbook of the program's at all."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    unplaced: list[Unplaced] = field(default_factory=list)
    own: list[Own] = field(default_factory=list)
    blind: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    missing: tuple[str, ...] = ()
    """Columns without which the findings' sheet cannot be read; (问题清单,) where there is none."""
    ours: bool = False
    parts: list[Part] = field(default_factory=list)


def unplaced(
    workbook: tuple[str, str], sheet: str, row: int, cells: Mapping[str, str], why: str, **of: str
) -> Unplaced:
    """Words with no place; ``workbook`` is its name and SHA-256, ``of`` what they are near (finding, near)."""
    kept = {line(k): plain(v) for k, v in cells.items()}
    parts = [sheet, of.get("finding", ""), of.get("near", ""), *(p for kv in kept.items() for p in kv)]
    key = hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:12]
    name, sha256 = workbook
    return Unplaced(id=f"W-{key}", workbook=name, sha256=sha256, sheet=sheet, row=row, cells=kept, why=why, **of)


def meant(word: str) -> tuple[Literal["维持", "撤销", ""], str, str]:
    """The action a person meant, what else stands there, and a word that may be a slip of an action: whoever wrote it is asked.
    What is none of them is a remark."""
    bare = "".join(word.split())
    if bare.startswith(UPHELD):
        return "维持", bare[2:].strip("，。：:,；"), ""
    if bare.startswith(WITHDRAWN):
        return "撤销", bare[2:].strip("，。：:,；"), ""
    near = len(bare) <= _SLIP and any(bare[:1] == a[0] or bare[1:2] == a[1] for a in ACTIONS)
    return ("", "", bare) if near else ("", word, "")


def believed(rows: list[Row]) -> tuple[Row, list[Row]]:
    """Of the rows of one finding in one workbook the one that stands, and those with other words.

    A row that a person changed stands over one that is as it was written, words over none, the first over later ones.
    """
    ranked = sorted(rows, key=lambda r: (not (r.changed and r.words), not r.words))
    first = ranked[0]
    said = {(first.decision.action, first.decision.reason)}
    others = []
    for row in ranked[1:]:
        what = (row.decision.action, row.decision.reason)
        if row.changed and any(what) and what not in said:
            said.add(what)
            others.append(row)
    return first, others


def swapped(rows: Mapping[int, Row]) -> set[int]:
    """Rows whose words are another row's, which has lost them: two or more, and nothing else tells a sort of the
    words alone from a person who put two slips right; then neither is believed."""
    changed = {r: e for r, e in rows.items() if e.changed}
    lost = {e.written for e in changed.values() if e.written}
    came = [e.words for e in changed.values() if e.words in lost]
    have, had = (Counter(getattr(e, n) for e in rows.values()) for n in ("words", "written"))
    return set(changed) if len(came) > 1 and all(have[w] <= had[w] for w in came) else set()


def column_words(
    workbook: tuple[str, str], sheet: str, row: int, key: str, head: str, text: str, *, near: str = ""
) -> Unplaced:
    """A cell of a person's own column, which comes back in its place; ``key``: what its row is about, "" for the head."""
    found = unplaced(workbook, sheet, row, {head: text}, "自加的列", finding=key)
    return found.model_copy(update={"finding": "", "near": near, "placed": "column", "key": key})


def in_order(found: Mapping[str, Unplaced]) -> Iterator[Unplaced]:
    """By workbook, sheet and row."""
    yield from sorted(found.values(), key=lambda u: (u.workbook, u.sheet, u.row, u.id))
