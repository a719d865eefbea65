"""Tolerances that cannot be are refused when they are set."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.page.settings import CELLS, LINES, Settings


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
