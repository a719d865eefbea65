"""Reviewers' words: read back from the workbooks, merged with what the book of decisions holds, never lost.

A reviewer writes 处理 (维持 / 撤销), 说明 and 处理人 beside a finding in the sheet 问题清单. Hidden there (底稿) stands
what the program had written, so that a word changed by hand is told from one that lies in an old copy.
Merging: what was changed by hand in a workbook overrides what workbooks said before; against what was decided elsewhere (on the
desk) it makes a dispute, which a person settles. What is new becomes entries for the book. ``decisions.jsonl`` and ``unplaced.jsonl``
beside the workbook are exports; what they hold and the book does not (of an earlier version, of a lost book) is taken over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from catalog.oserror import cause
from records.book.events import Entry
from records.book.state import Decided
from records.book.words import later, said, words_mark
from records.models import Decision, Finding, Unplaced
from reports.safe.text import line
from reports.workbook.copies import Copy, archived_name, copies_in, strayed
from reports.workbook.entries import Application, about, entry_of, own_entry, unplaced_entry
from reports.workbook.exports import STORE, UNPLACED_STORE, load_store, load_unplaced
from reports.workbook.grid import UnreadableWorkbook, read_grid
from reports.workbook.own.carried import Carried
from reports.workbook.own.collect import collect
from reports.workbook.own.layouts import Layout, latest, together
from reports.workbook.said import ACTIONS, Own, Row, Understood, believed, column_words, in_order, unplaced
from reports.workbook.sheets import AUTHOR, pieces
from reports.workbook.understand import Drawn, understand

__all__ = ["ACTIONS", "WORKBOOK", "Gathered", "UnreadableWorkbook", "gather"]

WORKBOOK = "审查台账.xlsx"
_ELSEWHERE = {"desk": "工作台", "command": "命令行"}
"""Where decisions are made that a workbook does not override."""
_SPEAKING = ("action", "reason", "by", "asked", "evidence_mark", "disputed", "history")
"""What of a decision is somebody's."""
_NAMED = 5
"""Rows that a message names; all stand in the sheet of what could not be placed."""
_GOES_ON = "（下接工作表“往期意见”）"

Whose = Callable[[Own], Application | None]
"""The application that a person's own row is about; None where that cannot be told."""


@dataclass
class Gathered:
    """What was found of reviewers' words. ``troubles`` are messages (Chinese) about workbooks that could not be read:
    such a workbook must not be overwritten, ``unread`` names it. ``heard`` says what was taken in and what was not."""

    decisions: dict[str, Decision] = field(default_factory=dict)
    unplaced: dict[str, Unplaced] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    unread: set[Path] = field(default_factory=set)
    copies: dict[str, str] = field(default_factory=dict)
    """Copies beside the workbook whose words are now merged: path below the folder → SHA-256."""
    seen: dict[Path, str] = field(default_factory=dict)
    """Every workbook in the folder as it was found: path → SHA-256."""
    read: dict[str, bytes] = field(default_factory=dict)
    """The bytes of those that were read now, by the name under which they are archived."""
    made: list[tuple[Entry, str]] = field(default_factory=list)
    """What is new, as entries of no office yet, with the key of what it was put down for ("": none)."""
    taken: Callable[[str, str], bool] = lambda _sha256, _id: False
    added: set[str] = field(default_factory=set)
    """The ids of people's own findings."""
    taken_over: int = 0
    """How many words the exports held that the book does not."""
    carried: Carried = field(default_factory=Carried)
    """What people made of the workbooks besides, which comes back in the next one."""

    def keep(self, words: Iterable[Unplaced], editor: str = "") -> None:
        """Words that stand for themselves, last said now."""
        for u in in_order({u.id: u for u in words}):
            self.unplaced.pop(u.id, None)
            self.unplaced[u.id] = u
            self.made.append((unplaced_entry("", u, editor), ""))

    def put(self, key: str, decision: Decision, once: str, editor: str = "") -> None:
        """Words on a finding, which are not in the book unless they are what it holds."""
        old = self.decisions.get(key)
        if old is None or any(getattr(old, n) != getattr(decision, n) for n in _SPEAKING):
            self.made.append((entry_of("", old, decision, editor), once))
            self.decisions[key] = decision


def shown(decision: Decision | None) -> tuple[str, str, str]:
    """Action, reason and name as the workbook shows them: a reason that no cell can hold goes on in another sheet."""
    if decision is None or decision.disputed:
        return "", "", ""
    first, *more = pieces(decision.reason)
    return decision.action or decision.asked, f"{first}{_GOES_ON}" if more else first, decision.by


def draft(decision: Decision | None) -> str:
    """The digest of the words as :func:`shown`."""
    if decision is None or decision.disputed:
        return ""
    return words_mark(decision.model_copy(update={"reason": shown(decision)[1]}))


def _must_list(told: Understood, name: str) -> None:
    if told.missing:
        raise UnreadableWorkbook(
            f"{name}中没有带“{'”“'.join(told.missing)}”的问题清单（工作表或表头被改动），处理意见未能读入，文件保留不动"
        )


def gather(
    out_dir: Path,
    decided: Decided | None = None,
    merged: Mapping[str, str] | None = None,
    *,
    main: str = WORKBOOK,
    office: str = "",
    findings: Mapping[str, Finding] | None = None,
    sheets: Collection[str] = (),
    as_written: str = "",
    carries: bool = False,
    taken: Callable[[str, str], bool] = lambda _sha256, _id: False,
    whose: Whose = lambda _own: None,
    drawn: Drawn | None = None,
) -> Gathered:
    """All words on a district: what the book holds (``decided``), the exports, and every copy of the workbook there.

    A workbook of another office than ``office`` ("": whichever) is none of these. ``merged`` (path below the folder → SHA-256) names copies whose words were taken over before; they are not taken
    again, so that an old copy left in the folder does not undo later decisions. ``findings`` are the findings at hand by
    id, ``sheets`` the names of the sheets that the program writes, ``as_written`` the SHA-256 of ``main`` as it was
    written, when all its words are in the book; it is read even so where it ``carries`` what is people's own.
    ``whose`` tells the application that a person's own row is about. ``taken`` tells whether what a workbook (SHA-256) says of a finding is in the book.
    ``drawn`` tells what the program writes now.
    """
    held, known = decided or Decided(), findings or {}
    found = Gathered(dict(held.findings), dict(held.unplaced), taken=taken, added=set(held.added))
    _take_over(found, out_dir, known)
    before, layouts = dict(found.unplaced), list[Layout]()
    for copy in copies_in(out_dir, main):
        data = _bytes_of(found, copy)
        if data is None:
            continue
        sha256, is_main = found.seen[copy.path], copy.name == main
        same = is_main and sha256 == as_written
        if not is_main:
            found.copies[copy.name] = sha256
            if (merged or {}).get(copy.name) == sha256:
                continue
        layout = Layout(copy.name, sha256, Understood(), Carried(), is_main=is_main, as_written=same)
        if same and not carries:
            layouts.append(layout)
            continue
        must = main == WORKBOOK
        opened = _understood(found, copy, data, {*known, *found.decisions}, sheets, office, drawn, must_list=must)
        if opened is None:
            continue
        editor, told = opened
        origin = _Origin(copy.name, sha256, archived_name(copy.path, sha256), editor, is_main)
        if not same:
            _take_own(found, told, origin, whose)
        carried, left = collect(told.parts)
        layouts.append(replace(layout, told=told, carried=carried))
        if not same:
            found.read[origin.archive] = data
            _take(found, told, origin, known, left)
    _bring_together(found, layouts, before, has_main=(out_dir / main).exists())
    return found


def _bytes_of(found: Gathered, copy: Copy) -> bytes | None:
    """The bytes of a workbook, seen now; None where they cannot be had, which is told."""
    try:
        data = copy.path.read_bytes()
    except OSError as problem:
        found.troubles.append(f"{copy.name}读不到（{cause(problem)}），其中的处理意见未能读入")
        found.unread.add(copy.path)
        return None
    found.seen[copy.path] = hashlib.sha256(data).hexdigest()
    return data


def _understood(
    found: Gathered,
    copy: Copy,
    data: bytes,
    known: Collection[str],
    sheets: Collection[str],
    office: str,
    drawn: Drawn | None,
    *,
    must_list: bool,
) -> tuple[str, Understood] | None:
    """Who saved a workbook, and what it says; None where it is none of ours, or another office's, or cannot be read, which is told."""
    try:
        grid = read_grid(copy.name, data)
        if elsewhere := strayed(copy, office, grid):
            raise UnreadableWorkbook(elsewhere)
        told = understand((copy.name, found.seen[copy.path]), grid, known, sheets, drawn)
        if not told.ours and not copy.is_named:
            return None
        if must_list:
            _must_list(told, copy.name)
    except UnreadableWorkbook as problem:
        found.troubles.append(str(problem))
        found.unread.add(copy.path)
        found.copies.pop(copy.name, None)
        return None
    return "" if grid.editor == AUTHOR else grid.editor, told


def _bring_together(found: Gathered, layouts: list[Layout], before: Mapping[str, Unplaced], *, has_main: bool) -> None:
    joined = together(layouts, before, has_main=has_main)
    found.carried = joined.carried
    found.heard += joined.messages
    new = [u for u in joined.words if (old := found.unplaced.get(u.id)) is None or old.placed != u.placed]
    found.keep(new)
    if asked := [u for u in new if not u.placed]:
        found.heard.append(f"自加的列、工作表里有{len(asked)}处没有带回原处，列在新台账的“未能归入的意见”")


def _take_over(found: Gathered, out_dir: Path, known: Mapping[str, Finding]) -> None:
    """What the exports hold and the book knows nothing of."""
    for key, decision in load_store(out_dir / STORE).items():
        if key not in found.decisions:
            found.put(key, about(decision, known), "")
            found.taken_over += 1
    for key, words in load_unplaced(out_dir / UNPLACED_STORE).items():
        if key not in found.unplaced:
            found.unplaced[key] = words
            found.made.append((unplaced_entry("", words), ""))
            found.taken_over += 1


@dataclass(frozen=True)
class _Origin:
    """A workbook that is read."""

    name: str
    sha256: str
    archive: str
    editor: str
    is_main: bool


def _take_own(found: Gathered, told: Understood, origin: _Origin, whose: Whose) -> None:
    """People's own findings become entries, and what stands beside them in columns of their own goes with these; of a row whose
    application cannot be told the words are kept."""
    count, workbook = 0, (origin.name, origin.sha256)
    for own in told.own:
        target = whose(own)
        if target is None:
            why = "人工发现须在“序号”或“申报单位”写明是哪一份申报书，未能认定"
            told.unplaced.append(unplaced(workbook, own.sheet, own.row, own.cells | own.beside, why))
            continue
        entry = own_entry("", target, own, origin.editor)
        id_ = str(entry.after["id"])
        part = next(p for p in told.parts if p.sheet.name == own.sheet)
        part.rows[own.row] = id_
        told.unplaced += [
            column_words(workbook, part.name, own.row, id_, head, text, near=line(own.message, 300))
            for head, text in own.beside.items()
        ]
        if id_ not in found.added:
            found.added.add(id_)
            found.made.append((entry, f"own:{origin.sha256}:{id_}"))
            count += 1
    if count:
        found.heard.append(f"{origin.name}：收入人工发现{count}处")


def _take(
    found: Gathered, told: Understood, origin: _Origin, known: Mapping[str, Finding], left: Sequence[str]
) -> None:
    """Take over what one workbook says, and say so. ``left``: what of it does not come back."""
    spoken = {key: rows for key, rows in told.rows.items() if any(r.changed or r.words for r in rows)}
    rows = {key: row for key, row in spoken.items() if not found.taken(origin.sha256, key)}
    held = dict(found.decisions)
    taken, conflicts = merge_rows(held, rows, origin.name)
    for key, decision in held.items():
        if decision is not found.decisions.get(key):
            found.put(key, about(decision, known), f"{origin.sha256}:{key}", origin.editor)
    everything = {u.id: u for u in told.unplaced if _is_new(found, u, origin)}
    found.keep(everything.values(), origin.editor)
    words = [f"收入意见{taken}处"] if taken else []
    if placed := _placed(everything.values()):
        words.append(f"{placed}已收入，带回原处")
    words += left
    if new := {i: u for i, u in everything.items() if not u.placed}:
        where = list(dict.fromkeys(f"{u.sheet}{f'第{u.row}行' if u.row else ''}" for u in in_order(new)))
        some = "、".join(where[:_NAMED]) + (f"等{len(where)}处" if len(where) > _NAMED else "")
        words.append(f"有文字不能归入任何一条问题（{some}），全文列在新台账的“未能归入的意见”")
    if conflicts:
        words.append(f"与已有意见不一致的{'、'.join(conflicts)}，另一意见列在“往期意见”，请核定")
    asked = [row.place for found_ in rows.values() for row in found_ if row.changed and row.decision.asked]
    if asked:
        words.append(f"{'、'.join(asked)}的“处理”须再填一次（见新台账的“意见状态”），尚未计入")
    if told.formulas:
        words.append(f"{'、'.join(told.formulas[:5])}是没有结果的公式，按公式原文收入")
    if told.blind:
        words.append(
            f"“{'”“'.join(told.blind)}”没有底稿列，与程序现在所写不同的都列在新台账的“未能归入的意见”，其中可能有程序以前写的"
        )
    if words:
        words.append(f"修改过的原件存为{origin.archive}")
        found.heard.append(f"{origin.name}：{'；'.join(words)}")


def _is_new(found: Gathered, words: Unplaced, origin: _Origin) -> bool:
    """Whether the book does not hold words as they are; of a cell of an own column in the folder's own workbook: as the last said there."""
    old = found.unplaced.get(words.id)
    if old is None or old.placed != words.placed:
        return True
    if words.placed != "column" or not origin.is_main:
        return False
    last = latest({i: u for i, u in found.unplaced.items() if (u.sheet, u.key) == (words.sheet, words.key)})
    return any(u.id != words.id for slot, u in last.items() if slot[2] in words.cells)


def _placed(words: Iterable[Unplaced]) -> str:
    """What of people's own there is, in words."""
    kinds: dict[str, dict[str, None]] = {}
    for u in words:
        named = {"column": f"“{next(iter(u.cells), '') or '无表头'}”", "sheet": f"“{u.sheet}”", "note": ""}
        if u.placed:
            kinds.setdefault(u.placed, {})[named[u.placed]] = None
    called = {"column": "自加的列", "sheet": "自加的工作表", "note": "批注"}
    return "、".join(f"{called[k]}{'、'.join(names)}" for k, names in kinds.items())


def merge_rows(store: dict[str, Decision], rows: Mapping[str, list[Row]], name: str = "") -> tuple[int, list[str]]:
    """Merge a workbook's rows into ``store``: cells changed by hand win, untouched ones fill gaps.

    Returns how many were taken in, and the places whose words differ from others that a person wrote meanwhile; those
    stay in the history.
    """
    taken, conflicts = 0, []
    for key, found in rows.items():
        row, others = believed(found)
        old, new = store.get(key), row.decision
        if others:
            others_said = [f"{said(r.decision)}（见于{name}{r.place}，与现意见不一致）" for r in others]
            new = new.model_copy(update={"history": others_said})
            conflicts += [r.place for r in others]
        if not (row.changed or others or (row.words and old is None)):
            continue
        if old is not None and _differs(old, row):
            if not row.words:  # nothing was written there: what others wrote meanwhile stands
                continue
            if old.source in _ELSEWHERE:
                mine, against = f"{_ELSEWHERE[old.source]}：{said(old)}", f"台账（{name}{row.place}）：{said(new)}"
                if against not in old.disputed:
                    store[key] = old.model_copy(update={"disputed": [*(old.disputed or [mine]), against]})
                    conflicts.append(row.place)
                continue
            old = old.model_copy(update={"history": [*old.history, f"{said(old)}（与{name}{row.place}不一致）"]})
            conflicts.append(row.place)
        taken += row.changed
        store[key] = later(old, new)
    return taken, conflicts


def _differs(old: Decision, row: Row) -> bool:
    """Whether the store holds other words than those the row was written from, and than those it now says."""
    spoken = bool(old.action or old.reason or old.disputed)
    other_evidence = bool(old.evidence_mark) and old.evidence_mark != row.decision.evidence_mark
    same_basis = draft(old) == row.written or other_evidence
    return spoken and not same_basis and (old.action, old.reason) != (row.decision.action, row.decision.reason)
