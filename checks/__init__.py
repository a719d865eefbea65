"""The rules: a record, or a round of them, becomes findings. One module a rule group, one function a rule."""

from __future__ import annotations

import functools
import importlib
import pkgutil


@functools.cache
def load_rules() -> None:
    """Import every module of this folder: a rule is registered by standing in one."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
