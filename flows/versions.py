"""Which versions are at work."""

from __future__ import annotations

import importlib.metadata
import platform

_LIBRARIES = (
    "prefect",
    "pydantic",
    "lxml",
    "python-docx",
    "pdfplumber",
    "pypdfium2",
    "rapidocr",
    "xlsxwriter",
    "docxtpl",
)


def versions() -> dict[str, str]:
    """Of shenbao, Python, the system and the libraries that decide what is read and written."""
    found = {"shenbao": version(), "python": platform.python_version(), "platform": platform.platform(terse=True)}
    for name in _LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:  # an extra that is not installed
            continue
    return found


def version() -> str:
    """The version of shenbao as installed; "0" where it is run from a folder without being installed."""
    try:
        return importlib.metadata.version("shenbao")
    except importlib.metadata.PackageNotFoundError:
        return "0"
