"""Folders and files that only their owner and its group may look into, whatever the umask: they hold what applicants sent."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

FILE = 0o640
_FOLDER = 0o750


def make_folder(path: Path) -> None:
    """Make a folder and those above it that are missing; what was there keeps its mode. Raises OSError."""
    missing = [p for p in (path, *path.parents) if not p.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for made in missing:
        with contextlib.suppress(OSError):  # a share without modes
            os.chmod(made, _FOLDER)


def make_file(path: Path) -> None:
    """Make an empty file with its folder, where it is missing. Raises OSError."""
    make_folder(path.parent)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE))
        with contextlib.suppress(OSError):
            os.chmod(path, FILE)
