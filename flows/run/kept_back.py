"""The files whose text the standing reports withhold: whoever takes a marked file out of the inbox, as told, must not bring to light
what its copies say."""

from __future__ import annotations

from pathlib import Path

from pydantic_core import from_json

_TOLD = b'"withheld":true'
"""What such a record has; few lines are decoded."""


def kept_back(out: Path) -> frozenset[str]:
    """The SHA-256 of every file that some report below ``out`` withholds. Raises OSError where one cannot be read."""
    found = set()
    for path in sorted(out.glob("*/records.jsonl")):
        for line in path.read_bytes().splitlines():
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
