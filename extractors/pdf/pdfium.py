"""pdfium's own view of a character, and its functions called with less ado."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

from extractors.page.rules import Matrix


@dataclass(slots=True)
class Run:
    """What all characters of one text object share."""

    number: int
    size: float
    quarter: int | None
    visible: bool
    bold: bool
    font: str
    drawn: int
    alpha: int = 255
    pale: bool = False
    red: bool = False
    moved: Matrix | None = None
    blank: bool = False


Raw = tuple[int, float, float, float, float, float, float, Run]
"""A character as pdfium has it: its code, box (left, bottom, right, top), origin (x, y), and run."""


def plain(function: Any, result: Any, *arguments: Any) -> Any:
    """A pdfium function that takes and gives pointers as numbers: called for every character and segment, it costs half."""
    return ctypes.CFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)
