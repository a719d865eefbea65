"""A figure is a number of 64 bits or none; a whole number of markup is one in ASCII digits, within bounds."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import normalise
from records.numbers import MOST, held, whole


@given(st.decimals() | st.floats() | st.integers() | st.integers(400, 6000).map(lambda n: 10**n - 1))
def test_a_figure_is_what_a_float_holds_or_none(number: Decimal | float) -> None:
    found = held(number)
    if found is not None:
        assert math.isfinite(float(found))
        assert float(number) == float(found)
        assert abs(found) < 2**53 or found == number


@pytest.mark.parametrize(
    "digits", ["9" * 5000, "9" * 400, "9" * 20, "9007199254740993", "9" * 17 + ".5", "-" + "8" * 309]
)
@pytest.mark.parametrize("read", [normalise.money, normalise.percent, normalise.number])
def test_more_digits_than_a_figure_has_are_none(digits: str, read: normalise.Typed) -> None:
    assert read(digits) == normalise.NOTHING  # type: ignore[operator]
    assert read(f"约{digits}") == normalise.NOTHING  # type: ignore[operator]


@given(st.text(alphabet="0123456789.,，万亿元%约-—（）()其中至提升", max_size=60) | st.text(max_size=30))
def test_no_text_makes_a_number_that_is_none(text: str) -> None:
    for read in (normalise.money, normalise.percent, normalise.number):
        value = read(text).value
        assert value is None or math.isfinite(float(value))


@pytest.mark.parametrize(
    ("text", "meant"),
    [("5", 5), (" -7 ", -7), ("+3", 3), ("0" * 60 + "4", 4), ("9" * 5000, MOST), ("-" + "9" * 5000, -MOST), ("²", 1), ("３", 1), ("٣", 1),
     ("", 1), (None, 1), ("1.5", 1), ("1_0", 1), ("很多", 1), ("0x10", 1)],
)  # fmt: skip
def test_a_whole_number_of_markup(text: str | None, meant: int) -> None:
    assert whole(text, 1) == meant
    assert 1 <= whole(text, 1, least=1, most=256) <= 256
