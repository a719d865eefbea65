"""The files whose text the standing reports withhold: whoever takes a marked file out of the inbox, as told, must not bring to light
what its copies say."""

from __future__ import annotations

from pathlib import Path

from pydantic_core import from_json

from flows.exits import PartFailed
from flows.oserror import cause

_TOLD = b'"withheld":true'
"""What such a record has; few lines are decoded."""


def kept_back(out: Path) -> frozenset[str]:
    """The SHA-256 of every file that some report below ``out`` withholds. Raises PartFailed where one cannot be
    read: what it withholds could come to light."""
    found = set()
    for path in sorted(out.glob("*/records.jsonl")):
        try:
            lines = path.read_bytes().splitlines()
        except OSError as problem:
            message = f"读不到 {path}（{cause(problem)}），不能确定哪些材料不得写出内容，请检查后重新运行"
            raise PartFailed("报告", message) from problem
        for line in lines:
            if _TOLD in line and (sha256 := _sha256(line)):
                found.add(sha256)
    return frozenset(found)


def _sha256(line: bytes) -> str:
    """The hash of a withheld record, "" where it is none, or broken."""
    try:
        facts = from_json(line)
        return str(facts["source"]["sha256"]) if facts.get("withheld") is True else ""
    except (ValueError, TypeError, KeyError, AttributeError):
        return ""
