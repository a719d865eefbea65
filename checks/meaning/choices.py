"""Whether a choice of the form can be judged."""

from __future__ import annotations

from checks.registry import CannotTell, NotApplicable
from records.models import Value
from records.signs import TICKED


def unticked(value: Value | None, what: str, code: str) -> CannotTell | NotApplicable | None:
    """Why a choice cannot be judged: not ticked (rule ``code`` says so), ticked twice or unsure; None where it can."""
    if value is not None and not value.certain:
        return CannotTell(f"{what}没有读清")
    if value is None or (value.value is None and not any(c in TICKED for c in value.raw)):
        return NotApplicable(f"{what}未勾选（见{code}）")
    return CannotTell(f"{what}的勾选有矛盾或没有读清（见{code}）") if value.value is None else None
