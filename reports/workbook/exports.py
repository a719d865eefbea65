"""``decisions.jsonl`` and ``unplaced.jsonl`` beside a workbook: what the book of decisions holds of an office, for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from records.models import Decision, Finding, Unplaced
from reports.workbook.entries import about
from reports.workbook.said import in_order

STORE, UNPLACED_STORE = "decisions.jsonl", "unplaced.jsonl"

_Kept = TypeVar("_Kept", Decision, Unplaced)


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
    return "".join(about(decisions[key], known).model_dump_json() + "\n" for key in sorted(decisions)).encode("utf-8")


def dump_unplaced(found: Mapping[str, Unplaced]) -> bytes:
    """``unplaced.jsonl`` by workbook, sheet and row."""
    return "".join(u.model_dump_json() + "\n" for u in in_order(found)).encode("utf-8")
