"""No pattern that readers, rules and records use takes longer than a text is long."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.linear.patterns import LENGTH, METHODS, Found, hard_texts, patterns
from tests.linear.trial import ring, slow_text

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers of processor time on this system")


def test_patterns_are_found_wherever_they_stand() -> None:
    places = {found.place.partition(":")[0]: found.methods for found in patterns()}
    assert places["records.normalise._PERCENT"] == {"fullmatch"}
    assert "checks.meaning.entries" in places, "written where it is used"
    assert len(patterns()) > 300
    assert all(found.methods <= set(METHODS) for found in patterns())


def test_hard_texts_are_hard_for_a_bad_pattern() -> None:
    assert any(text.startswith("甲1111111111") for text in hard_texts(r"甲\d+乙", 0))
    assert any(text.startswith("甲乙甲乙") for text in hard_texts(r"(?:甲乙)+丙", 0))


def test_growth_tells_a_bad_pattern_from_a_good_one() -> None:
    before = signal.signal(signal.SIGVTALRM, ring)
    try:
        for bad in (r"\d+乙", r"甲\s*、?\s*乙", r"(?:甲|甲乙|乙)+丙", r"<p[^>]*丁"):
            assert slow_text(Found("", bad, 0, frozenset(["search"])), LENGTH) is not None, bad
        for good in (r"(?<!\d)\d++乙", r"甲\s*+、?\s*+乙", r"甲[^乙]{0,30}乙"):
            assert slow_text(Found("", good, 0, frozenset(["search"])), LENGTH) is None, good
    finally:
        signal.signal(signal.SIGVTALRM, before)


def test_no_pattern_is_slow() -> None:
    assert said_by("tests.linear.trial", "checks.", "records.", "extractors.") == ""


def test_no_rule_is_slow_on_what_it_may_see() -> None:
    assert said_by("tests.linear.rules") == ""


def said_by(*module: str) -> str:
    run = subprocess.run([sys.executable, "-m", *module], capture_output=True, text=True, timeout=900, check=False)
    return run.stdout + (run.stderr if run.returncode else "")
