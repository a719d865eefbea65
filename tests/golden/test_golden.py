"""What the program says of every golden case is what was accepted; ``make golden`` accepts a change."""

from __future__ import annotations

import pytest

from tests.golden import accept, store
from tests.golden.case import Case
from tests.golden.cases import all_cases
from tests.golden.freeze import Texts, frozen

CASES = all_cases()
UNTRIPPED = {"E07"}
"""Rules that no file can trip: E07 asks a list that comes empty with the pack and is an office's to fill."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_nothing_has_changed(case: Case) -> None:
    if why := case.lacks():
        pytest.skip(why)
    met = Texts()
    found = store.difference(case, frozen(case, met), met)
    if found:
        pytest.fail(f"{case.id} (see CONTRIBUTING.md, make golden):\n{found}", pytrace=False)


def test_every_rule_has_a_golden_finding() -> None:
    assert set(accept.untripped()) == UNTRIPPED


def test_every_frozen_file_belongs_to_a_case() -> None:
    assert accept._left_over([store.FROZEN / case.file for case in CASES]) == []
