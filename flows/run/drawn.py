"""The pictures of pages that the desk keeps beside the output, a folder for the bytes of a file. They can be made again."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Collection
from pathlib import Path

FOLDER = ".desk"


def folder_of(out: Path, sha256: str) -> Path:
    """Where the pictures of a file's pages are."""
    return out / FOLDER / sha256[:40]


def keep_only(out: Path, files: Collection[str]) -> None:
    """Drop the pictures of every file but these (SHA-256): of what is no longer there, and of what may not be shown."""
    kept = {folder_of(out, sha256).name for sha256 in files}
    with contextlib.suppress(FileNotFoundError):
        for path in list((out / FOLDER).iterdir()):
            if path.name in kept and path.is_dir():
                continue
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
