"""The rules: a record, or a round of them, becomes findings. One module a rule group, one function a rule."""

from __future__ import annotations

import importlib

GROUPS = (
    "file",
    "completeness",
    "annexes",
    "length",
    "eligibility",
    "catalogue",
    "consistency",
    "secrecy",
    "duplicates",
    "recommendation",
)


def load_groups() -> None:
    """Import every rule group, so that its rules are registered. Importing twice does nothing."""
    for name in GROUPS:
        importlib.import_module(f"checks.{name}")
