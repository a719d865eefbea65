"""Which versions are at work."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import platform
import shutil
from pathlib import Path

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


_ROOT = Path(__file__).resolve().parents[1]
_READS = ("lxml", "pdfplumber", "pypdfium2", "rapidocr", "onnxruntime", "opencv-python-headless", "py7zr", "rarfile")
_TOOLS = ("soffice", "libreoffice", "unar", "bsdtar", "7z", "unrar")


@functools.cache
def reader_version() -> str:
    """A digest of what decides how a file is read: our own sources below rules and reports, the libraries and tools
    that read for them. What was read with another version is read again."""
    found = [source_version("catalog", "records", "extractors")]
    found += [f"{name} {_version_of(name)}" for name in _READS]
    found += [f"{name} {bool(shutil.which(name))}" for name in _TOOLS]
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


@functools.cache
def source_version(*packages: str) -> str:
    """A digest of the sources and templates of some of our packages."""
    digest = hashlib.sha256()
    for package in packages:
        for path in sorted((_ROOT / package).rglob("*")):
            if path.is_file() and path.suffix in _SOURCES:
                digest.update(f"{path.relative_to(_ROOT).as_posix()}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


_SOURCES = {".py", ".docx", ".html", ".css", ".js"}


def _version_of(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "-"
