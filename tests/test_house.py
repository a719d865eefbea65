"""What ``make check`` counts of the code itself."""

from __future__ import annotations

import ast

import pytest

from tests import house


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
