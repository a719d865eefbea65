"""pdfium's own view of a character, and its functions called with less ado."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

SPACE = 0x20


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
    placed: Callable[[Raw], Raw] | None = None
    """Where a character really stands, where pdfium does not say it."""
    blank: bool = False


class Raw(NamedTuple):
    """A character as pdfium has it, in the page's own coordinates (points, y upwards): code, box, origin, and run."""

    code: int
    left: float
    bottom: float
    right: float
    top: float
    x: float
    y: float
    run: Run


class Font(NamedTuple):
    """``name`` is lower case and without its subset mark; ``blank``: no picture of the page shows text in it."""

    name: str
    bold: bool
    blank: bool


class Colour(NamedTuple):
    """Parts from 0 to 255; ``alpha`` is how opaque it is."""

    red: int
    green: int
    blue: int
    alpha: int


def plain(function: Any, result: Any, *arguments: Any) -> Any:
    """A pdfium function that takes and gives pointers as numbers: called for every character and segment, it costs half, and half of
    that again where no ``arguments`` are told: it then takes C ints as numbers and pointers as :func:`pointer` or ``byref`` make them."""
    return ctypes.CFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


def pointer(address: int) -> Any:
    """An address made ready, once for many calls."""
    return ctypes.c_void_p.from_param(address)
