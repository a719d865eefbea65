"""A figure of a stated rule's message in the unit of its field."""

from __future__ import annotations

import pytest

from catalog.forms import FormField
from checks.sentences import filled
from checks.stated_finding import Figure


@pytest.mark.parametrize(
    ("kind", "unit", "number", "said"),
    [
        ("money", "元", 0.8, "8000元"),
        ("money", "", 1200.0, "1200万元"),
        ("percent", "", 9.9, "9.9%"),
        ("number", "吨标准煤", 601.0, "601吨标准煤"),
        ("number", "", 3.0, "3"),
    ],
)
def test_a_figure_in_the_unit_of_its_field(kind: str, unit: str, number: float, said: str) -> None:
    asked = FormField.model_validate({"key": "x", "part": "basic", "label": "某栏", "type": kind, "unit": unit})
    assert filled("{x:unit}", {"x": Figure.of(number, asked)}) == said
    assert filled("{x}", {"x": Figure.of(number, asked)}) == f"{number:g}"
