"""Reviewers' words: read back from the workbook, merged with what was kept, never lost.

A reviewer writes 处理 (维持 / 撤销), 说明 and 处理人 beside a finding in the sheet 问题清单. Hidden there (底稿) stands
what the program had written, so that a word changed by hand is told from one that lies in an old copy.
Merging: what was changed by hand in a workbook overrides what the store holds; the store overrides untouched cells.
Words on findings that have since disappeared stay in the store, which is ``decisions.jsonl`` beside the workbook.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from records.models import Decision, Finding
from reports.atomic import beside
from reports.model import evidence_mark
from reports.text import line, plain

WORKBOOK = "审查台账.xlsx"
STORE = "decisions.jsonl"
KEPT = "上次人工修改"
"""Marks the copy of the workbook as people left it before it was last written anew."""
SHEET = "问题清单"
ID, ACTION, REASON, BY, DRAFT = "编号", "处理", "说明", "处理人", "底稿"
ACTIONS = ("维持", "撤销")


@dataclass
class Gathered:
    """What was found of reviewers' words. ``troubles`` are messages (Chinese) about workbooks that could not be read:
    such a workbook must not be overwritten, ``unread`` names it."""

    decisions: dict[str, Decision] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    unread: set[Path] = field(default_factory=set)
    copies: dict[str, str] = field(default_factory=dict)
    """Copies beside the workbook whose words are now merged: file name → SHA-256."""


def draft(decision: Decision | None, mark: str) -> str:
    """What the hidden column holds: the evidence's digest and a digest of the words as written by the program."""
    return f"{mark}|{_words_mark(decision)}"


def _words_mark(decision: Decision | None) -> str:
    if decision is None or not (decision.action or decision.reason or decision.by):
        return ""
    material = "\x1f".join((decision.action, decision.reason, decision.by))
    return hashlib.sha256(material.encode("utf-8", "replace")).hexdigest()[:12]


def read_decisions(workbook: Path) -> dict[str, Decision]:
    """The words in a workbook, by finding id; rows without any are left out. Raises :class:`UnreadableWorkbook`."""
    return {key: d for key, (d, _) in _rows(workbook).items() if d.action or d.reason or d.by}


class UnreadableWorkbook(Exception):
    """A workbook whose reviewers' words cannot be read; the message is Chinese and names the file."""


def gather(
    out_dir: Path, kept: Mapping[str, Decision] | None = None, merged: Mapping[str, str] | None = None
) -> Gathered:
    """All words on a district: ``kept`` (what the caller holds), the store, and every copy of the workbook there.

    ``merged`` (file name → SHA-256) names copies whose words were taken over before; they are not taken again, so that
    an old copy left in the folder does not undo later decisions. The main workbook is always read.
    """
    found = Gathered(dict(kept or {}))
    for key, decision in load_store(out_dir / STORE).items():
        found.decisions[key] = _later(found.decisions.get(key), decision)
    copies = [p for p in out_dir.glob("审查台账*.xlsx") if p.name != beside(out_dir / WORKBOOK, KEPT).name]
    for path in sorted(copies, key=lambda p: (p.name != WORKBOOK, p.name)):
        if path.name != WORKBOOK:
            found.copies[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
            if (merged or {}).get(path.name) == found.copies[path.name]:
                continue
        try:
            merge_rows(found.decisions, _rows(path))
        except UnreadableWorkbook as problem:
            found.troubles.append(str(problem))
            found.unread.add(path)
            found.copies.pop(path.name, None)
    return found


def merge_rows(store: dict[str, Decision], rows: Mapping[str, tuple[Decision, str]]) -> None:
    """Merge a workbook's rows (decision, draft) into ``store``: cells changed by hand win, untouched ones fill gaps."""
    for key, (decision, written) in rows.items():
        words = _words_mark(decision)
        if words != written.partition("|")[2] or (words and key not in store):
            store[key] = _later(store.get(key), decision)


def _later(old: Decision | None, new: Decision) -> Decision:
    """``new`` over ``old``, whose words go into the history where they differ."""
    if old is None:
        return new
    history = [*old.history, *new.history]
    if _words_mark(old) not in ("", _words_mark(new)):
        history.append(f"{old.action}{f'（{old.by}）' if old.by else ''}：{old.reason}".strip("："))
    return new.model_copy(update={"history": list(dict.fromkeys(history)), "about": new.about or old.about})


def load_store(path: Path) -> dict[str, Decision]:
    """The decisions kept in ``decisions.jsonl``; {} where there is none. A line that is none raises ValueError."""
    if not path.exists():
        return {}
    found: dict[str, Decision] = {}
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not text.strip():
            continue
        try:
            decision = Decision.model_validate_json(text)
        except ValidationError as problem:
            raise ValueError(f"{path}第{number}行不是处理意见，请恢复该文件后重试") from problem
        found[decision.finding] = decision
    return found


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


def _rows(path: Path) -> dict[str, tuple[Decision, str]]:
    """Every row of 问题清单 by finding id, as (decision, draft). Columns are found by their heads."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as problem:  # openpyxl raises whatever its parsers raise on a broken file
        raise UnreadableWorkbook(
            f"{path.name}无法打开（{type(problem).__name__}），其中的处理意见未能读入，文件保留不动"
        ) from problem
    try:
        if SHEET not in book.sheetnames:
            raise UnreadableWorkbook(f"{path.name}中没有工作表“{SHEET}”，其中的处理意见未能读入，文件保留不动")
        editor = (book.properties.lastModifiedBy or "").strip()
        rows = book[SHEET].iter_rows(values_only=True)
        for head in rows:
            names = {str(v).strip(): n for n, v in enumerate(head) if v is not None}
            if ID in names:
                break
        else:
            names = {}
        missing = [n for n in (ID, ACTION, REASON) if n not in names]
        if missing:
            raise UnreadableWorkbook(
                f"{path.name}的“{SHEET}”缺少列“{'”“'.join(missing)}”（表头被改动），处理意见未能读入，文件保留不动"
            )
        return _read_rows(rows, names, "" if editor == "shenbao" else editor)
    finally:
        book.close()


def _read_rows(
    rows: Iterable[tuple[object, ...]], names: Mapping[str, int], editor: str
) -> dict[str, tuple[Decision, str]]:
    found: dict[str, tuple[Decision, str]] = {}
    for row in rows:
        key = _cell(row, names, ID)
        if not key:
            continue
        written = _cell(row, names, DRAFT)
        word, reason, by = _action(_cell(row, names, ACTION)), _cell(row, names, REASON), _cell(row, names, BY)
        action, stray = word
        rule, whose, what = (_cell(row, names, n) for n in ("规则", "申报单位", "问题"))
        decision = Decision(
            finding=key,
            action=action,
            reason=f"{stray}；{reason}".strip("；") if stray else reason,
            by=by,
            evidence=_cell(row, names, "证据"),
            evidence_mark=written.partition("|")[0],
            about=line(f"{rule} {whose}：{what}", 300),
        )
        if (decision.action or decision.reason) and not by and _words_mark(decision) != written.partition("|")[2]:
            decision = decision.model_copy(update={"by": editor})
        found[key] = (decision, written)
    return found


def _cell(row: tuple[object, ...], names: Mapping[str, int], name: str) -> str:
    at = names.get(name)
    value = row[at] if at is not None and at < len(row) else None
    return "" if value is None else plain(str(value).strip(), 5000)


def _action(word: str) -> tuple[Literal["维持", "撤销", ""], str]:
    """The action a person meant; what is neither is kept as a remark."""
    bare = "".join(word.split())
    if bare.startswith("维持"):
        return "维持", bare[2:].strip("，。：:,；")
    if bare.startswith("撤销"):
        return "撤销", bare[2:].strip("，。：:,；")
    return "", word
