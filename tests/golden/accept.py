"""Takes what the program says now as right: ``python -m tests.golden.accept [part of a case's name …]``.

Prints what changed, and which rules no case trips. A case that this machine cannot run keeps what was frozen.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from catalog import load
from checks.making import rules_of
from tests.golden import store
from tests.golden.cases import all_cases
from tests.golden.freeze import frozen


def main(wanted: list[str]) -> None:
    held = store.texts()
    every = all_cases()
    for case in every:
        if wanted and not any(part in case.id for part in wanted):
            continue
        if why := case.lacks():
            print(f"{case.id}: left as it was ({why})")
            continue
        now = frozen(case, held)
        if found := store.difference(case, now, held):
            print(f"{case.id}:\n{found}\n")
            store.write(case, now)
    for path in _left_over([store.FROZEN / case.file for case in every]):
        print(f"{path.relative_to(store.FROZEN)}: no case makes it any more, removed")
        path.unlink()
    store.write_texts(held)
    print(f"rules that no case trips: {' '.join(untripped()) or 'none'}")


def untripped() -> list[str]:
    """Codes of rules without a frozen finding."""
    text = "\n".join(p.read_text("utf-8") for p in store.FROZEN.rglob("*.jsonl"))
    found = set(re.findall(r'^\["finding", \{"id": "\w+-[^"]*", "code": "(\w+)"', text, re.MULTILINE))
    return [rule.code for rule in rules_of(load()) if rule.code not in found]


def _left_over(kept: list[Path]) -> list[Path]:
    return sorted(set(store.FROZEN.rglob("*.jsonl")) - {*kept, store.TEXTS})


if __name__ == "__main__":
    main(sys.argv[1:])
