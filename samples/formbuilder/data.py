"""The applications behind the samples: one TOML file each in samples/applications, keys as in a record.

``fields``, ``tables`` and ``sections`` hold what a record would hold as values, or the text as it is written where
the two differ. What a file leaves out is blank on the form.
"""

from __future__ import annotations

import copy
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

APPLICATIONS = Path(__file__).resolve().parents[1] / "applications"


@cache
def _read(name: str) -> dict[str, Any]:
    with (APPLICATIONS / f"{name}.toml").open("rb") as file:
        data = tomllib.load(file)
    for part in ("fields", "sections"):
        data[part] = {key: _trimmed(value) for key, value in data.get(part, {}).items()}
    data.setdefault("tables", {})
    return data


def _trimmed(value: Any) -> Any:
    return value.strip("\n") if isinstance(value, str) else value


def application(name: str) -> dict[str, Any]:
    """One application as a fresh dict that may be changed."""
    return copy.deepcopy(_read(name))


def names() -> list[str]:
    """Every application, sorted."""
    return sorted(path.stem for path in APPLICATIONS.glob("*.toml"))
