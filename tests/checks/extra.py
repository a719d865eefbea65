"""Rules beside those of the 2023 pack, for tests of what runs them."""

from __future__ import annotations

from catalog.load import load
from checks.making import rules_of
from checks.registry import Rule


def with_rules(*more: Rule) -> list[tuple[object, list[Rule]]]:
    """What ``checks.making._MADE`` holds where the pack's book has these rules too, each in its group's place."""
    letters = [g.letter for g in load().rule_groups]
    book = {r.code: r for r in (*rules_of(load()), *more)}
    return [(load(), sorted(book.values(), key=lambda r: (letters.index(r.code[0]), r.code)))]
