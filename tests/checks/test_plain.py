"""Conditions over figures alone are decided as CEL decides them, and everything else is left to it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.conditions import compiled

NAMES: dict[str, Any] = {
    "a": "number", "b": "number", "c": "number", "params.p": "number", "params.words": "texts", "kind": "text",
    "listed": "flag", "founded": "date", "parts": "rows",
}  # fmt: skip
FIGURES = ("a", "b", "c", "params.p")

figures = st.one_of(
    st.sampled_from([0.0, 0.07, 0.1, 0.2, 0.3, 1.0, 2.5, 7.0, 100.0, -3.0, 1e9]),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 3)),
)
numbers = st.recursive(
    st.one_of(st.sampled_from(FIGURES), st.sampled_from(["0", "3", "0.07", "100", "1.5"])),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"{t[0]} {t[1]} {t[2]}"),
        inner.map(lambda n: f"({n} / params.p)"),
        inner.map(lambda n: f"-({n})"),
    ),
    max_leaves=5,
)
conditions = st.recursive(
    st.one_of(
        st.tuples(numbers, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), numbers).map(" ".join),
        st.sampled_from(["filled(a)", "!filled(b)"]),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(" ".join),
        inner.map(lambda c: f"({c})"),
        inner.map(lambda c: f"!({c})"),
    ),
    max_leaves=4,
)


@given(conditions, figures, figures, figures, figures.filter(lambda p: abs(p) > 1e-3))
def test_it_is_as_cel_has_it(text: str, a: float, b: float, c: float, p: float) -> None:
    condition = compiled(text, NAMES, {})
    assert condition._plain is not None, text
    values: dict[str, Any] = {
        "a": a,
        "b": b,
        "c": c,
        "params.p": p,
        "filled.a": True,
        "filled.b": True,
        "filled.c": True,
    }
    asked = {k: v for k, v in values.items() if k.removeprefix("filled.") in condition.reads}
    assert condition.decide(asked) == condition.evaluate(asked)


@pytest.mark.parametrize(
    "text",
    [
        "kind == '甲'", "listed", "founded > founded", "a > 1 ? b > 1 : c > 1", "count(parts) > 2", "a in [1, 2]", "true || a > 1",
        "(a > 1) == (b > 1)", "kind == 'a && b'", "'x' in params.words", "a > 1 // 说明\n && b > 1",
    ],
)  # fmt: skip
def test_what_has_more_than_figures_is_left_to_cel(text: str) -> None:
    assert compiled(text, NAMES, {"parts": {"cost": "number"}})._plain is None


def test_a_limit_that_is_just_reached_is_kept() -> None:
    condition = compiled("0.07 * a <= b", NAMES, {})
    assert condition._plain is not None
    assert condition.decide({"a": 100.0, "b": 7.0}) is True
    assert 0.07 * 100.0 > 7.0
