"""Reviewers' words: read back from the workbooks, merged with what was kept, never lost.

A reviewer writes 处理 (维持 / 撤销), 说明 and 处理人 beside a finding in the sheet 问题清单. Hidden there (底稿) stands
what the program had written, so that a word changed by hand is told from one that lies in an old copy.
Merging: what was changed by hand in a workbook overrides what the store holds; the store overrides untouched cells.
Words on findings that have since disappeared stay in the store, which is ``decisions.jsonl`` beside the workbook; words
that belong to no finding stand in ``unplaced.jsonl``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from records.models import Decision, Finding, Unplaced
from reports.results.model import evidence_mark
from reports.safe.text import line, plain
from reports.workbook.copies import archived_name, copies_in
from reports.workbook.grid import UnreadableWorkbook, read_grid
from reports.workbook.sheets import pieces
from reports.workbook.understand import ACTIONS, Row, Understood, believed, in_order, understand, words_mark

__all__ = ["ACTIONS", "STORE", "UNPLACED_STORE", "WORKBOOK", "Gathered", "UnreadableWorkbook", "gather"]

WORKBOOK = "审查台账.xlsx"
STORE, UNPLACED_STORE = "decisions.jsonl", "unplaced.jsonl"
_NAMED = 5
"""Rows that a message names; all stand in the sheet of what could not be placed."""
_GOES_ON = "（下接工作表“往期意见”）"


_Kept = TypeVar("_Kept", Decision, Unplaced)


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


def shown(decision: Decision | None) -> tuple[str, str, str]:
    """Action, reason and name as the workbook shows them: a reason that no cell can hold goes on in another sheet."""
    if decision is None:
        return "", "", ""
    first, *more = pieces(decision.reason)
    return decision.action, f"{first}{_GOES_ON}" if more else first, decision.by


def draft(decision: Decision | None) -> str:
    """The digest of the words as :func:`shown`."""
    if decision is None:
        return ""
    return words_mark(decision.model_copy(update={"reason": shown(decision)[1]}))


def _must_list(said: Understood, name: str) -> None:
    if said.missing:
        raise UnreadableWorkbook(
            f"{name}中没有带“{'”“'.join(said.missing)}”的问题清单（工作表或表头被改动），处理意见未能读入，文件保留不动"
        )


def gather(
    out_dir: Path,
    kept: Mapping[str, Decision] | None = None,
    merged: Mapping[str, str] | None = None,
    *,
    main: str = WORKBOOK,
    findings: Collection[str] = (),
    sheets: Collection[str] = (),
    as_written: str = "",
) -> Gathered:
    """All words on a district: ``kept`` (what the caller holds), the stores, and every copy of the workbook there.

    ``merged`` (path below the folder → SHA-256) names copies whose words were taken over before; they are not taken
    again, so that an old copy left in the folder does not undo later decisions. ``findings`` are the ids of the
    findings at hand, ``sheets`` the names of the sheets that the program writes, ``as_written`` the SHA-256 of ``main``
    as it was written, when all its words are in the store.
    """
    found = Gathered(dict(kept or {}), load_unplaced(out_dir / UNPLACED_STORE))
    for key, decision in load_store(out_dir / STORE).items():
        found.decisions[key] = _later(found.decisions.get(key), decision)
    for copy in copies_in(out_dir, main):
        try:
            data = copy.path.read_bytes()
            archived = archived_name(copy.path, hashlib.sha256(data).hexdigest())
        except OSError as problem:
            found.troubles.append(f"{copy.name}读不到（{type(problem).__name__}），其中的处理意见未能读入")
            found.unread.add(copy.path)
            continue
        sha256 = found.seen[copy.path] = hashlib.sha256(data).hexdigest()
        if copy.name != main:
            found.copies[copy.name] = sha256
            if (merged or {}).get(copy.name) == sha256:
                continue
        elif sha256 == as_written:
            continue
        try:
            known = {*findings, *found.decisions}
            said = understand((copy.name, sha256), read_grid(copy.name, data), known, sheets)
            if not said.ours and not copy.is_named:
                continue
            if main == WORKBOOK:
                _must_list(said, copy.name)
        except UnreadableWorkbook as problem:
            found.troubles.append(str(problem))
            found.unread.add(copy.path)
            found.copies.pop(copy.name, None)
            continue
        found.read[archived] = data
        _take(found, said, copy.name, archived)
    return found


def _take(found: Gathered, said: Understood, name: str, archive: str) -> None:
    """Take over what one workbook says, and say so."""
    taken, conflicts = merge_rows(found.decisions, said.rows, name)
    new = {u.id: u for u in said.unplaced if u.id not in found.unplaced}
    found.unplaced |= new
    words = [f"收入意见{taken}处"] if taken else []
    if new:
        where = list(dict.fromkeys(f"{u.sheet}{f'第{u.row}行' if u.row else ''}" for u in in_order(new)))
        some = "、".join(where[:_NAMED]) + (f"等{len(where)}处" if len(where) > _NAMED else "")
        words.append(f"有文字不能归入任何一条问题（{some}），全文列在新台账的“未能归入的意见”")
    if conflicts:
        words.append(f"与已有意见不一致的{'、'.join(conflicts)}，另一意见列在“往期意见”，请核定")
    if said.formulas:
        words.append(f"{'、'.join(said.formulas[:5])}是没有结果的公式，按公式原文收入")
    if said.blind:
        words.append(f"“{'”“'.join(said.blind)}”没有底稿列，其中处理、说明以外的改动无法分辨")
    if words:
        words.append(f"修改过的原件存为{archive}")
        found.heard.append(f"{name}：{'；'.join(words)}")


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
            said = [f"{_said(r.decision)}（见于{name}{r.place}，与现意见不一致）" for r in others]
            new = new.model_copy(update={"history": said})
            conflicts += [r.place for r in others]
        if not (row.changed or others or (row.words and old is None)):
            continue
        if old is not None and _differs(old, row):
            if not row.words:  # nothing was written there: what others wrote meanwhile stands
                continue
            old = old.model_copy(update={"history": [*old.history, f"{_said(old)}（与{name}{row.place}不一致）"]})
            conflicts.append(row.place)
        taken += row.changed
        store[key] = _later(old, new)
    return taken, conflicts


def _differs(old: Decision, row: Row) -> bool:
    """Whether the store holds other words than those the row was written from, and than those it now says."""
    said = bool(old.action or old.reason)
    same_basis = draft(old) == row.written or old.evidence_mark != row.decision.evidence_mark
    return said and not same_basis and (old.action, old.reason) != (row.decision.action, row.decision.reason)


def _said(decision: Decision) -> str:
    return f"{decision.action}{f'（{decision.by}）' if decision.by else ''}：{decision.reason}".strip("：")


def _later(old: Decision | None, new: Decision) -> Decision:
    """``new`` over ``old``, whose words go into the history where they differ."""
    if old is None:
        return new
    history = [*old.history, *new.history]
    words = _said(old)
    if words_mark(old) not in ("", words_mark(new)) and not any(h.startswith(f"{words}（与") for h in history):
        history.append(words)
    return new.model_copy(update={"history": list(dict.fromkeys(history)), "about": new.about or old.about})


def load_store(path: Path) -> dict[str, Decision]:
    """The decisions kept in ``decisions.jsonl``; {} where there is none. A line that is none raises ValueError."""
    return {d.finding: d for d in _lines(path, Decision)}


def load_unplaced(path: Path) -> dict[str, Unplaced]:
    """The words kept in ``unplaced.jsonl``, by id; like :func:`load_store`."""
    return {u.id: u for u in _lines(path, Unplaced)}


def _lines(path: Path, kind: type[_Kept]) -> Iterable[_Kept]:
    if not path.exists():
        return
    for number, text in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not text.strip():
            continue
        try:
            yield kind.model_validate_json(text)
        except ValidationError as problem:
            raise ValueError(f"{path}第{number}行不是处理意见，请恢复该文件后重试") from problem


def dump_store(decisions: Mapping[str, Decision], findings: Iterable[Finding]) -> bytes:
    """``decisions.jsonl`` sorted by finding id; decisions on findings at hand learn what they are about."""
    known = {f.id: f for f in findings}
    out = []
    for key in sorted(decisions):
        decision, finding = decisions[key], known.get(key)
        if finding is not None:
            about = line(f"{finding.code} {finding.applicant}：{finding.message}", 300)
            update: dict[str, str] = {"about": about}
            if decision.action and not decision.evidence_mark:
                update |= {"evidence_mark": evidence_mark(finding), "evidence": plain(finding.evidence, 300)}
            decision = decision.model_copy(update=update)
        out.append(decision.model_dump_json() + "\n")
    return "".join(out).encode("utf-8")


def dump_unplaced(found: Mapping[str, Unplaced]) -> bytes:
    """``unplaced.jsonl`` by workbook, sheet and row."""
    return "".join(u.model_dump_json() + "\n" for u in in_order(found)).encode("utf-8")
