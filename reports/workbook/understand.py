"""What a workbook that people changed says: decisions on findings, and words that are none.

Every text in it is accounted for: what the program wrote (the proofs tell), what a reviewer decided on a finding, and all
the rest, which is kept as :class:`records.models.Unplaced`. Nothing is guessed: where the parts of a row do not belong
together (some columns were sorted without the others), its words are placed nowhere.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from records.book.words import words_mark
from records.models import Decision, Level, Unplaced
from reports.results.model import LEVELS
from reports.safe.text import line, plain
from reports.workbook.grid import Grid, Sheet
from reports.workbook.proof import PROOF, Proof, digest

SHEET, UNPLACED = "问题清单", "未能归入的意见"
ID, ACTION, REASON, BY = "编号", "处理", "说明", "处理人"
ACTIONS = UPHELD, WITHDRAWN = "维持", "撤销"
_TELLING = ("申报单位", "问题", "位置", "证据", "文件")
"""The columns that tell one finding from another: what stands there moves with its row, or the row was torn apart."""
_OWN = ("序号", "申报单位", "级别", "问题", "位置")
"""The columns in which a person says what they found themselves."""
_KEY = re.compile(r"[A-Z]\d\d-\w+$")
"""The id of a finding."""
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


def unplaced(
    workbook: tuple[str, str], sheet: str, row: int, cells: Mapping[str, str], why: str, **of: str
) -> Unplaced:
    """Words with no place; ``workbook`` is its name and SHA-256, ``of`` what they are near (finding, near)."""
    kept = {line(k): plain(v) for k, v in cells.items()}
    parts = [sheet, of.get("finding", ""), of.get("near", ""), *(p for kv in kept.items() for p in kv)]
    key = hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:12]
    name, sha256 = workbook
    return Unplaced(id=f"W-{key}", workbook=name, sha256=sha256, sheet=sheet, row=row, cells=kept, why=why, **of)


def understand(
    workbook: tuple[str, str], grid: Grid, known: Collection[str], sheets: Collection[str] = ()
) -> Understood:
    """What the workbook (name, SHA-256) says. ``known``: the ids of findings known besides those in it; ``sheets``: the
    names of sheets that the program writes."""
    found = Understood()
    readers = [_SheetReader(workbook, s, grid.editor) for s in grid.sheets]
    there = {p.key for r in readers for p in r.proofs.values() if p.key} | set(known)
    found.ours = any(r.proofs or r.lists_findings for r in readers)
    tables = [r for r in readers if r.at(ID) and r.at(ACTION) and r.at(REASON)]
    if not tables:
        near = next((r for r in readers if r.sheet.name == SHEET), None)
        found.missing = tuple(n for n in (ID, ACTION, REASON) if not near.at(n)) if near else (SHEET,)
    for reader in sorted(readers, key=lambda r: r.sheet.name != SHEET):
        reader.read(found, there, blind=reader.is_blind(sheets, readers))
    return found


class _SheetReader:
    """One sheet, seen by its heads and proofs."""

    def __init__(self, workbook: tuple[str, str], sheet: Sheet, editor: str) -> None:
        self.workbook, self.sheet = workbook, sheet
        self.editor = "" if editor == "shenbao" else editor
        self.proofs: dict[int, Proof] = {}
        self.head = 0
        self.texts: dict[int, dict[int, str]] = {}
        for row, cells in sheet.rows.items():
            kept = {}
            for column, text in cells.items():
                proof = Proof.parse(text.strip())
                if proof is None:
                    kept[column] = text
                    continue
                self.proofs[row] = proof
                if text.strip().startswith(PROOF):
                    self.head = row
            if kept:
                self.texts[row] = kept
        self.head = self.head or next((r for r in sorted(self.texts) if self._is_head(self.texts[r])), 0)
        self.heads = {c: " ".join(t.split()) for c, t in self.texts.get(self.head, {}).items()}

    @staticmethod
    def _is_head(cells: Mapping[int, str]) -> bool:
        titles = {"".join(t.split()) for t in cells.values()}
        return ID in titles and any(t.startswith((ACTION, REASON)) for t in titles)

    def at(self, name: str) -> list[int]:
        """The columns headed ``name``; where none is, those whose head begins with it (处理（张三填）)."""
        exact = [c for c, h in self.heads.items() if h == name]
        longer = BY if name == ACTION else "\0"
        return exact or [c for c, h in self.heads.items() if h.startswith(name) and not h.startswith(longer)]

    @property
    def lists_findings(self) -> bool:
        return bool(self.at(ID) and (self.at(ACTION) or self.at(REASON)))

    def is_blind(self, sheets: Collection[str], all_of_them: list[_SheetReader]) -> bool:
        if any(p.cells is not None for p in self.proofs.values()):
            return False
        whole = not any(p.cells is not None for r in all_of_them for p in r.proofs.values())
        return bool(self.texts) and (whole or self.lists_findings or self.sheet.name in sheets)

    def read(self, found: Understood, known: Collection[str], *, blind: bool) -> None:
        """Add what the sheet says to ``found``."""
        if blind:
            found.blind.append(self.sheet.name)
        words = {c for n in (ACTION, REASON, BY) for c in self.at(n)} if self.lists_findings else set()
        foreign = {} if blind else self._foreign(words, known)
        torn = self._torn(known) if self.lists_findings else set()
        moved = self._moved(known, torn) if self.lists_findings else set()
        for row in sorted(self.texts):
            cells = dict(foreign.get(row, {}))
            own = self._own(row, known) if self.lists_findings and row not in torn else None
            if own is not None:
                found.own.append(own)
                cells = {c: t for c, t in cells.items() if self.heads.get(c) not in own.cells}
            key = self._key(row, known) if row not in torn else ""
            why = "表头里的文字" if row == self.head else "不在意见栏里的文字" if key else "不是程序所列的行"
            if self.lists_findings and row != self.head:
                if key and row not in moved:
                    entry = self._row(row, key)
                    found.rows.setdefault(key, []).append(entry)
                    found.formulas += [f"{entry.place}的{n}" for n in (ACTION, REASON) if self._is_formula(row, n)]
                elif own is None and (loose := self._loose_words(row, words, known=row in moved)):
                    cells |= loose
                    why = (
                        "处理、说明与别的行对调，可能只对这几列排了序，不能确定属于哪一条"
                        if row in moved
                        else "行内各列对不上，可能只对部分列排了序，不能确定属于哪一条"
                        if row in torn
                        else "编号为空或不认识，不能确定属于哪一条"
                    )
            if cells:
                named = {self._head_of(c): t for c, t in sorted(cells.items())}
                self._add(found, row, named, why, key)
        for row, kind, text in self.sheet.beside:
            key = self._key(row, known) if row in self.texts and row not in torn else ""
            why = "颜色和删除线不作意见处理" if row == 0 and kind != "文本框" else f"写在{kind}里"
            self._add(found, row, {kind: text}, why, key)

    def _add(self, found: Understood, row: int, cells: Mapping[str, str], why: str, key: str) -> None:
        near = self._about(row)
        found.unplaced.append(
            unplaced(
                self.workbook, self.sheet.name, row, cells, why, finding=key, near="" if row == self.head else near
            )
        )

    def _own(self, row: int, known: Collection[str]) -> Own | None:
        """The row as a person's own finding: it says whose it is, how grave, and what; else None."""
        if row == self.head or row in self.proofs or not self.proofs or self._key(row, known):
            return None
        cells = {n: "；".join(self._joined(row, n)) for n in (*_OWN, ACTION, REASON, BY)}
        level = next((k for k, called in LEVELS.items() if called == "".join(cells["级别"].split())), None)
        if level is None or not cells["问题"] or not (cells["序号"] or cells["申报单位"]):
            return None
        by = cells[BY] or self.editor
        return Own(
            self.sheet.name,
            row,
            cells["序号"],
            cells["申报单位"],
            level,  # type: ignore[arg-type]
            cells["位置"],
            cells["问题"],
            "；".join(filter(None, (cells[ACTION], cells[REASON]))),
            by,
            {n: t for n, t in cells.items() if t},
        )

    # -- rows of findings ----------------------------------------------------------------------------------------------
    def _key(self, row: int, known: Collection[str]) -> str:
        """The finding that a row is about; "" where that cannot be told. A cleared or mistyped 编号 does no harm as
        long as the proof is there."""
        proof = self.proofs.get(row, Proof())
        typed = [self._text(row, c) for c in self.at(ID)] if row != self.head else []
        if proof.key:
            return "" if any(t in known and t != proof.key for t in typed) else proof.key
        believable = (
            t for t in typed if t in known or (t and row in self.proofs) or (not self.proofs and _KEY.match(t))
        )
        return next(believable, "")

    def _torn(self, known: Collection[str]) -> set[int]:
        """Rows whose parts belong to different findings."""
        columns = {c for n in _TELLING for c in self.at(n)}
        wrote = {d for p in self.proofs.values() for d in p.cells or ()}
        torn = set()
        for row, proof in self.proofs.items():
            if row == self.head or not proof.key:
                continue
            own = set(proof.cells or ())
            away = (digest(self.texts.get(row, {}).get(c, "")) for c in columns if self._text(row, c))
            if any(d not in own and d in wrote for d in away) or not self._key(row, known):
                torn.add(row)
        return torn

    def _moved(self, known: Collection[str], torn: set[int]) -> set[int]:
        """Rows whose words are another row's, which has lost them: two or more, and nothing else tells a sort of the
        words alone from a person who put two slips right; then neither is believed."""
        rows = {
            r: self._row(r, k) for r in self.proofs if r != self.head and r not in torn and (k := self._key(r, known))
        }
        changed = {r: e for r, e in rows.items() if e.changed}
        lost = {e.written for e in changed.values() if e.written}
        came = [e.words for e in changed.values() if e.words in lost]
        have, had = (Counter(getattr(e, n) for e in rows.values()) for n in ("words", "written"))
        if len(came) > 1 and all(have[w] <= had[w] for w in came):
            return set(changed)
        return set()

    def _row(self, row: int, key: str) -> Row:
        proof = self.proofs.get(row, Proof())
        parts = {n: self._joined(row, n) for n in (ACTION, REASON, BY)}
        actions = [_action(p) for p in parts[ACTION]]
        action = next((a for a, _, _ in actions if a), "")
        asked = "" if action else next((slip for _, _, slip in actions if slip), "")
        stray = [f"{a}{w}" if a and a != action else w or (slip if slip != asked else "") for a, w, slip in actions]
        reason = "；".join(p for p in (*stray, *parts[REASON]) if p)
        if action == WITHDRAWN and not reason:  # without a reason it does not hold
            action, asked = "", WITHDRAWN
        rule, whose, what = (next(iter(self._joined(row, n)), "") for n in ("规则", "申报单位", "问题"))
        decision = Decision(
            finding=key,
            action=action,
            reason=reason,
            asked=asked,
            by="、".join(parts[BY]),
            evidence=next(iter(self._joined(row, "证据")), ""),
            evidence_mark=proof.mark,
            about=line(f"{rule} {whose}：{what}", 300),
        )
        mark = words_mark(decision)
        if (decision.action or decision.reason) and not decision.by and mark != proof.words:
            decision = decision.model_copy(update={"by": self.editor})
        return Row(decision, mark, proof.words, f"{self.sheet.name}第{row}行")

    def _loose_words(self, row: int, words: Collection[int], *, known: bool) -> dict[int, str]:
        """The words of a row that belongs nowhere; ``known``: also those that the program itself had put somewhere."""
        if not known and self._row(row, "").words in {p.words for p in self.proofs.values()}:
            return {}
        return {c: self._text(row, c) for c in words if self._text(row, c)}

    def _joined(self, row: int, name: str) -> list[str]:
        """The different texts of a row in the columns of one head."""
        return list(dict.fromkeys(t for c in self.at(name) if (t := self._text(row, c))))

    def _text(self, row: int, column: int) -> str:
        text = self.texts.get(row, {}).get(column) or self.sheet.spread.get((row, column), "")
        return plain(text.strip())

    def _is_formula(self, row: int, name: str) -> bool:
        return any((row, c) in self.sheet.formulas for c in self.at(name))

    # -- everything else -----------------------------------------------------------------------------------------------
    def _foreign(self, words: Collection[int], known: Collection[str]) -> dict[int, dict[int, str]]:
        """The cells outside the columns for words that the program did not write, by row and column.

        A text that stands in another row than the one it was written in, and no more often than it was written, was
        moved; in a column of a person's own it is a person's.
        """
        wrote = Counter(d for p in self.proofs.values() for d in p.cells or ())
        titles = set(self.proofs.get(self.head, Proof()).cells or ())
        own = {c for c, h in self.heads.items() if digest(h) not in titles and h != PROOF}
        have: Counter[int] = Counter()
        left: list[tuple[int, int, str, int]] = []
        for row, cells in self.texts.items():
            mine = Counter(self.proofs.get(row, Proof()).cells or ())
            listed = row != self.head and (row in self.proofs or bool(self._key(row, known)))
            for column, text in cells.items():
                if (listed and column in words) or (row == self.head and text == PROOF):
                    continue
                d = digest(text)
                have[d] += 1
                if mine[d] > 0:
                    mine[d] -= 1
                else:
                    left.append((row, column, text, d))
        out: dict[int, dict[int, str]] = {}
        for row, column, text, d in left:
            if have[d] > wrote[d] or column in own:
                out.setdefault(row, {})[column] = plain(text.strip())
        return out

    def _about(self, row: int) -> str:
        """What the program wrote in a row, in short."""
        if row == self.head or row not in self.proofs:
            return ""
        mine = set(self.proofs[row].cells or ())
        cells = self.texts.get(row, {})
        if self.lists_findings:
            picked = [next(iter(self._joined(row, n)), "") for n in ("规则", "申报单位", "问题")]
        else:
            picked = [t for _, t in sorted(cells.items()) if digest(t) in mine][:4]
        return line("；".join(p for p in picked if p), 300)

    def _head_of(self, column: int) -> str:
        from openpyxl.utils import get_column_letter  # dear to load, and most runs meet no changed workbook

        return f"{self.heads.get(column, '')}（{get_column_letter(column)}列）"


def _action(word: str) -> tuple[Literal["维持", "撤销", ""], str, str]:
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


def in_order(found: Mapping[str, Unplaced]) -> Iterator[Unplaced]:
    """By workbook, sheet and row."""
    yield from sorted(found.values(), key=lambda u: (u.workbook, u.sheet, u.row, u.id))
