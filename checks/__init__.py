"""Which checks can a notice's rules be made of, how are rules made of them, and how are they run over a record or a round?"""

from __future__ import annotations

import functools
import importlib
import pkgutil


@functools.cache
def load_rules() -> None:
    """Import every module of this folder: a check is registered by standing in one."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
