"""Reading makes thousands of objects at once, none of them in cycles: looking for garbage among them meanwhile only costs time."""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def without_collecting(function: Callable[P, R]) -> Callable[P, R]:
    """``function`` with the collector of cyclic garbage off while it runs, and afterwards as it was."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if not gc.isenabled():
            return function(*args, **kwargs)
        gc.disable()
        try:
            return function(*args, **kwargs)
        finally:
            gc.enable()

    return run
