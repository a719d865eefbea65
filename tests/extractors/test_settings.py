"""Tolerances that cannot be are refused when they are set; what decides has a name."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from extractors.page.settings import CELLS, LINES, Settings
from tests import house


@pytest.mark.parametrize(
    ("settings", "change"),
    [
        (CELLS, {"padding": (20.0, 0.0)}),
        (CELLS, {"stray_share": 1.5}),
        (LINES, {"tab_gap": -1.0}),
        (LINES, {"larger": float("nan")}),
    ],
)
def test_what_cannot_be_a_tolerance_is_refused(settings: Settings, change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        replace(settings, **change)  # type: ignore[arg-type]
    assert replace(CELLS, picture=13).picture == 13


@pytest.mark.parametrize(
    ("code", "many"),
    [
        ("a < 3.5", 1),
        ("a < 0.3 * size", 1),
        ("b > max(4, 0.1 * em) > c", 2),
        ("2 * a < b > 1", 0),
        ("a < LINES.tab_gap * em", 0),
    ],
)
def test_bare_numbers_are_counted_alone_and_as_factors(code: str, many: int) -> None:
    assert house.bare(ast.parse(code)) == many


def test_long_functions_are_told() -> None:
    code = "def f():\n" + "    x = 1\n" * house.FUNCTION
    assert house.long_functions("a.py", ast.parse(code)) == ["a.py:1 f"]
