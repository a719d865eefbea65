"""A golden case: files made for it, and what is frozen of what the program says of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Files = Mapping[str, bytes]
"""Path below the inbox → bytes."""


def always() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Case:
    """``make`` gives its files, the same on every run. One of several files (or in a folder) is a round: its path begins with
    the office's folder. ``lacks`` says what this machine lacks for it, "" where nothing. ``values``: the records of a round are
    frozen too, not its findings and outcomes alone."""

    group: str
    name: str
    make: Callable[[], Files]
    lacks: Callable[[], str] = always
    values: bool = True

    @property
    def id(self) -> str:
        return f"{self.group}/{self.name}"

    @property
    def file(self) -> str:
        return f"{self.id}.jsonl".replace(" ", "_")
