"""No pattern that rules and records use takes longer than a text is long."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.linear.patterns import METHODS, hard_texts, patterns

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers of processor time on this system")


def test_patterns_are_found_wherever_they_stand() -> None:
    places = {found.place.partition(":")[0]: found.methods for found in patterns()}
    assert places["records.normalise._PERCENT"] == {"fullmatch"}
    assert "checks.entries" in places, "written where it is used"
    assert len(patterns()) > 300
    assert all(found.methods <= set(METHODS) for found in patterns())


def test_hard_texts_are_hard_for_a_bad_pattern() -> None:
    assert any(text.startswith("甲1111111111") for text in hard_texts(r"甲\d+乙", 0))
    assert any(text.startswith("甲乙甲乙") for text in hard_texts(r"(?:甲乙)+丙", 0))


@pytest.mark.parametrize("package", ["checks.", "records."])
def test_no_pattern_is_slow(package: str) -> None:
    slow = subprocess.run(
        [sys.executable, "-m", "tests.linear.trial", package], capture_output=True, text=True, timeout=900, check=True
    )
    assert slow.stdout == ""
