"""The frozen files: read, compared, written."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from pathlib import Path

from tests.golden.case import Case
from tests.golden.freeze import Texts

FROZEN = Path(__file__).parent / "frozen"
TEXTS = FROZEN / "texts.jsonl"
_SHOWN = 60


def texts() -> Texts:
    held = Texts()
    if TEXTS.exists():
        held.update(json.loads(line) for line in TEXTS.read_text("utf-8").splitlines())
    return held


def lines(case: Case) -> list[str]:
    path = FROZEN / case.file
    return path.read_text("utf-8").splitlines() if path.exists() else []


def difference(case: Case, now: Iterable[str], met: Texts) -> str:
    """What changed since it was frozen, with long texts written out; "" where nothing did."""
    before, after = lines(case), list(now)
    if before == after:
        return ""
    known = texts()
    known.update(met)
    old, new = ([known.whole(line) for line in part] for part in (before, after))
    changed = [
        line for line in difflib.unified_diff(old, new, "frozen", "now", lineterm="", n=0) if not line.startswith("@@")
    ]
    more = [f"… and {len(changed) - _SHOWN} lines more"] if len(changed) > _SHOWN else []
    return "\n".join([*changed[:_SHOWN], *more])


def write(case: Case, now: list[str]) -> None:
    path = FROZEN / case.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in now), "utf-8", newline="\n")


def write_texts(held: Texts) -> None:
    """All texts that frozen lines refer to, by digest."""
    used = "\n".join(p.read_text("utf-8") for p in FROZEN.rglob("*.jsonl") if p != TEXTS)
    kept = [json.dumps(pair, ensure_ascii=False) for pair in sorted(held.items()) if f"«{pair[0]} " in used]
    TEXTS.write_text("".join(f"{line}\n" for line in kept), "utf-8", newline="\n")
