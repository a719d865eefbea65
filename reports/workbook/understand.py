"""What a workbook that people changed says: decisions on findings, and words that are none.

Every text in it is accounted for: what the program wrote (the proofs tell), what a reviewer decided on a finding, and all
the rest, which is kept as :class:`records.models.Unplaced`. Nothing is guessed: where the parts of a row do not belong
together (some columns were sorted without the others), its words are placed nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from records.book.words import words_mark
from records.models import Decision
from reports.results.model import LEVELS
from reports.safe.text import line, plain
from reports.workbook.grid import Grid, Sheet
from reports.workbook.looks import Look
from reports.workbook.looks import told as look_told
from reports.workbook.own.columns import by_titles, foreign, told_apart, unproven
from reports.workbook.proof import PROOF, Proof, digest
from reports.workbook.said import (
    ACTION,
    BY,
    ID,
    REASON,
    SHEET,
    WITHDRAWN,
    Own,
    Part,
    Row,
    Understood,
    column_words,
    meant,
    swapped,
    unplaced,
)

_TELLING = ("申报单位", "问题", "位置", "证据", "文件")
"""The columns that tell one finding from another: what stands there moves with its row, or the row was torn apart."""
_OWN = ("序号", "申报单位", "级别", "问题", "位置")
"""The columns in which a person says what they found themselves."""
Drawn = Callable[[], Mapping[str, Collection[int]]]
"""Digests of what the program writes now, by sheet."""
_KEY = re.compile(r"(?:[A-Z]\d\d|[PW])-[0-9a-f]{12}")
"""The id of a finding, or of words that belong to none."""


def understand(
    workbook: tuple[str, str],
    grid: Grid,
    known: Collection[str],
    sheets: Collection[str] = (),
    drawn: Drawn | None = None,
) -> Understood:
    """What the workbook (name, SHA-256) says. ``known``: the ids of findings known besides those in it; ``sheets``: the
    names of sheets that the program writes; ``drawn``: what it writes on them now."""
    found = Understood()
    readers = [_SheetReader(workbook, s, grid.editor) for s in grid.sheets]
    there = {p.key for r in readers if r.lists_findings for p in r.proofs.values() if p.key} | set(known)
    found.ours = any(r.proofs or r.lists_findings or r.sheet.name in sheets for r in readers)
    tables = [r for r in readers if r.at(ID) and r.at(ACTION) and r.at(REASON)]
    if not tables:
        near = next((r for r in readers if r.sheet.name == SHEET), None)
        found.missing = tuple(n for n in (ID, ACTION, REASON) if not near.at(n)) if near else (SHEET,)
    first = min(tables, key=lambda r: (not r.proven, r.sheet.name != SHEET), default=None)
    for reader in readers:
        reader.part = reader.take_apart(sheets, there, ours=found.ours, first=reader is first)
        found.parts.append(reader.part)
    now: Mapping[str, Collection[int]] | None = None
    for reader in sorted(readers, key=lambda r: r.sheet.name != SHEET):
        if reader.part.is_own:
            reader.read_own(found)
        else:
            blind = reader.is_blind(sheets, readers)
            if blind and now is None and drawn is not None:
                now = drawn()
            reader.read(found, there, blind=blind, drawn=(now or {}).get(reader.part.name or reader.sheet.name))
    return found


class _SheetReader:
    """One sheet, seen by its heads and proofs."""

    def __init__(self, workbook: tuple[str, str], sheet: Sheet, editor: str) -> None:
        self.workbook, self.sheet = workbook, sheet
        self.editor = "" if editor == "shenbao" else editor
        self.proofs: dict[int, Proof] = {}
        self.head = 0
        self.part = Part(sheet, "")
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

    @property
    def proven(self) -> bool:
        """Whether it is told what the program wrote."""
        return any(p.cells is not None for p in self.proofs.values())

    def is_blind(self, sheets: Collection[str], all_of_them: list[_SheetReader]) -> bool:
        if self.proven:
            return False
        whole = not any(r.proven for r in all_of_them)
        return bool(self.texts) and (whole or self.lists_findings or self.sheet.name in sheets)

    def read(
        self, found: Understood, known: Collection[str], *, blind: bool, drawn: Collection[int] | None = None
    ) -> None:
        """Add what the sheet says to ``found``. ``drawn``: digests of what the program writes on it now, for a ``blind`` one."""
        if blind:
            found.blind.append(self.sheet.name)
        words = self._word_columns()
        if blind:
            found_ = unproven(self.texts, self.part, self._keys(known), words | set(self.at("意见状态")), drawn)
        else:
            listed = {r for r in self.texts if r != self.head and (r in self.proofs or self._key(r, known))}
            found_ = foreign(self.proofs, self.head, self.heads, self.texts, self.part.own, words, listed)
        torn = self._torn(known) if self.lists_findings else set()
        moved = self._moved(known, torn) if self.lists_findings else set()
        for row in sorted(self.texts):
            cells = dict(found_.get(row, {}))
            self._take_placed(found, row, cells)
            own = self._own(row, known) if self.lists_findings and row not in torn else None
            if own is not None:
                found.own.append(own)
                cells = {
                    c: t for c, t in cells.items() if self.heads.get(c) not in own.cells and c not in self.part.own
                }
            key = self._key(row, known) if row not in torn else ""
            why = "表头里的文字" if row == self.head else "不在意见栏里的文字" if key else "不是程序所列的行"
            if blind and not self.lists_findings:
                why = "没有底稿列，不是程序现在所写的文字"
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
        for row, kind, text in [*self._stray_notes(found), *self.sheet.beside, *self._stray_marks()]:
            key = self._key(row, known) if row in self.texts and row not in torn else ""
            why = "颜色和删除线不作意见处理" if row == 0 and kind != "文本框" else f"写在{kind}里"
            self._add(found, row, {kind: text}, why, key)

    def read_own(self, found: Understood) -> None:
        """A sheet that a person added: its words come back with it. Text boxes do not."""
        for row in sorted(self.texts):
            cells = {self._head_of(c): t for c, t in sorted(self.texts[row].items())}
            self._add_placed(found, row, cells, "自加的工作表")
        for (row, _), text in sorted(self.sheet.notes.items()):
            self._add_placed(found, row, {"批注": text}, "自加的工作表")
        for row, kind, text in self.sheet.beside:
            self._add(found, row, {kind: text}, f"写在{kind}里", "")

    def _add_placed(self, found: Understood, row: int, cells: Mapping[str, str], why: str) -> None:
        words = unplaced(self.workbook, self.sheet.name, row, cells, why)
        found.unplaced.append(words.model_copy(update={"placed": "sheet"}))

    def _take_placed(self, found: Understood, row: int, cells: dict[int, str]) -> None:
        """The words of own columns in a row whose place is known; they are taken out of ``cells``."""
        for column in self.part.own if self.part.holds(row, next(iter(self.part.own), 0)) else ():
            cells.pop(column, None)
            if text := self._text(row, column):
                key, head = self.part.rows.get(row, ""), self.heads.get(column, "")
                near = self._about(row)
                found.unplaced.append(column_words(self.workbook, self.part.name, row, key, head, text, near=near))

    def _stray_notes(self, found: Understood) -> Iterator[tuple[int, str, str]]:
        """Notes without a place; those that have one come back there."""
        for (row, column), text in sorted(self.sheet.notes.items()):
            if not self.part.holds(row, column):
                yield row, "批注", text
                continue
            name = self.part.titles.get(column, self.heads.get(column, ""))
            key = self.part.rows.get(row, "")
            words = column_words(self.workbook, self.part.name, row, key, f"{name}的批注", text, near=self._about(row))
            found.unplaced.append(words.model_copy(update={"placed": "note"}))

    def _stray_marks(self) -> Iterator[tuple[int, str, str]]:
        """Colours and strokes without a place, each with the rows in which it stands."""
        rows: dict[Look, dict[int, None]] = {}
        for (row, column), mark in sorted(self.sheet.marks.items()):
            if not self.part.holds(row, column):
                rows.setdefault(mark, {})[row] = None
        for mark, where in sorted(rows.items()):
            yield 0, look_told(mark), f"第{'、'.join(map(str, where))}行"

    def _add(self, found: Understood, row: int, cells: Mapping[str, str], why: str, key: str) -> None:
        near = self._about(row)
        found.unplaced.append(
            unplaced(
                self.workbook,
                self.sheet.name,
                row,
                cells,
                why,
                finding=key if self.lists_findings else "",
                near="" if row == self.head else near,
            )
        )

    def _own(self, row: int, known: Collection[str]) -> Own | None:
        """The row as a person's own finding: it says whose it is, how grave, and what; else None."""
        if row == self.head or row in self.proofs or self._key(row, known):
            return None
        if not self.proven and self._joined(row, "规则"):  # the program's, which has lost its id
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
            {self.heads.get(c, ""): t for c in self.part.own if (t := self._text(row, c))},
        )

    # -- rows of findings ----------------------------------------------------------------------------------------------
    def _key(self, row: int, known: Collection[str]) -> str:
        """The finding that a row is about; "" where that cannot be told. A cleared or mistyped 编号 does no harm as
        long as the proof is there."""
        if row == self.head:
            return ""
        proof = self.proofs.get(row, Proof())
        typed = [self._text(row, c) for c in self.at(ID)]
        if proof.key:
            return "" if any(t in known and t != proof.key for t in typed) else proof.key
        believable = (
            t for t in typed if t in known or (t and row in self.proofs) or (not self.proofs and _KEY.fullmatch(t))
        )
        return next(believable, "")

    def _keys(self, known: Collection[str]) -> dict[int, str]:
        return {r: k for r in self.texts if (k := self._key(r, known))}

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
        rows = {
            r: self._row(r, k) for r in self.proofs if r != self.head and r not in torn and (k := self._key(r, known))
        }
        return swapped(rows)

    def _row(self, row: int, key: str) -> Row:
        proof = self.proofs.get(row, Proof())
        parts = {n: self._joined(row, n) for n in (ACTION, REASON, BY)}
        actions = [meant(p) for p in parts[ACTION]]
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

    # -- what comes back by itself --------------------------------------------------------------------------------------
    def take_apart(self, sheets: Collection[str], known: Collection[str], *, ours: bool, first: bool) -> Part:
        """What of the sheet has a place of its own. ``ours``: the workbook is one of the program's; ``first``: of the sheets that
        list findings it is the one that counts where nothing tells what the program wrote."""
        listed, words = self.lists_findings and bool(self.at(ACTION)), self._word_columns()
        if not self.proven and not listed:
            theirs = ours and not self.proofs and not self.lists_findings and self.sheet.name not in sheets
            if not theirs and not self.head and self.sheet.name in sheets:
                self.head = min(self.texts, default=0)
                self.heads = {c: " ".join(t.split()) for c, t in self.texts.get(self.head, {}).items()}
            return Part(self.sheet, "", is_own=theirs, head=self.head)
        torn = self._torn(known)
        torn |= self._moved(known, torn) if self.lists_findings else set()
        rows = {
            r: k for r in (self.proofs if self.proven else self.texts) if r not in torn and (k := self._key(r, known))
        }
        if self.proven:
            name = self.proofs.get(self.head, Proof()).key or (SHEET if listed else "")
            name = name or (self.sheet.name if self.sheet.name in sheets else "")
            titles, own = told_apart(self.proofs, self.head, self.heads, self.texts, words)
        else:
            name = SHEET if first else ""
            titles, own = by_titles(self.heads, self.texts, words)
        for title in (ACTION, REASON, BY) if listed else ():
            titles |= dict.fromkeys(self.at(title)[:1], title)
        return Part(self.sheet, name, False, self.head, rows, titles, own)

    def _word_columns(self) -> set[int]:
        return {c for n in (ACTION, REASON, BY) for c in self.at(n)} if self.lists_findings else set()

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
