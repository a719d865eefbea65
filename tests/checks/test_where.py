"""docs/architecture.md says where each check stands."""

from __future__ import annotations

import re
from pathlib import Path

from checks.library import Check, checks

ROOT = Path(__file__).parents[2]


def module_of(check: Check) -> str:
    function = check.function or check.round_function
    assert function is not None
    return function.__module__.removeprefix("checks.") + ".py"


def test_the_table_of_checks_names_every_check_beside_its_module_and_no_other() -> None:
    table = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("## The checks")[2]
    rows = re.findall(r"^\| `(\w+\.py)` \| (.*) \|$", table.partition("\n## ")[0], re.MULTILINE)
    told = {(module, name) for module, cell in rows for name in re.findall(r"`(\w+)`", cell)}
    ours = {n: c for n, c in checks().items() if n != "condition" and (ROOT / "checks" / module_of(c)).is_file()}
    assert told == {(module_of(check), name) for name, check in ours.items()}
