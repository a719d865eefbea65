"""Opening what was received: the file that was seen when the inbox was walked, and nothing that was put in its place.

A file is opened once; it is looked at through its handle, and read and hashed from it. No link is followed below the
inbox (those that may be followed were, at the walk), and nothing is waited for: a pipe in place of a file is no file.
Where the system has no such calls (Windows), where a path leads is looked at before and after.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from flows.received.inbox import Input

_CHUNK = 1 << 20
_STEP_BY_STEP = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
_FILE = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)  # fmt: skip
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _NO_LINK | getattr(os, "O_CLOEXEC", 0)
_NO_FILE = (errno.ELOOP, errno.EMLINK, errno.ENXIO)
"""What a system says of a link that is not to be followed, and of a socket."""


class Swapped(Exception):
    """What lies there is no regular file, or another than was seen: it is left for the next run."""


@contextmanager
def opened(item: Input) -> Iterator[IO[bytes]]:
    """The file of ``item``, to be read. Raises Swapped, OSError."""
    try:
        handle = _handle(item)
    except (FileNotFoundError, NotADirectoryError) as problem:
        raise Swapped(str(problem)) from problem
    except OSError as problem:
        if problem.errno in _NO_FILE:
            raise Swapped(str(problem)) from problem
        raise
    try:
        _look_at(handle, item)
    except BaseException:
        os.close(handle)
        raise
    with os.fdopen(handle, "rb") as file:
        yield file


def _look_at(handle: int, item: Input) -> None:
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        raise Swapped("no regular file")
    if (found.st_size, found.st_mtime_ns) != (item.size, item.modified_ns):
        raise Swapped("another size or time")


def read(item: Input) -> bytes:
    """All bytes of the file. Raises Swapped, OSError."""
    with opened(item) as file:
        return file.read()


def sha256_of(item: Input) -> str:
    """The SHA-256 of the file's bytes, hexadecimal. Raises Swapped, OSError."""
    digest = hashlib.sha256()
    with opened(item) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _handle(item: Input) -> int:
    if not item.root:  # named by a person, who may mean a link
        return os.open(item.path, _FILE)
    if not _STEP_BY_STEP:
        _assert_inside(item)
        handle = os.open(item.path, _FILE)
        try:
            _assert_inside(item)
        except BaseException:
            os.close(handle)
            raise
        return handle
    *folders, name_of_file = item.path.relative_to(item.root).parts
    folder = os.open(item.root, _FOLDER & ~_NO_LINK)
    try:
        for name in folders:
            inner = os.open(name, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(name_of_file, _FILE | _NO_LINK, dir_fd=folder)
    finally:
        os.close(folder)


def _assert_inside(item: Input) -> None:
    if item.path.resolve() != Path(item.root).resolve() / item.path.relative_to(item.root):
        raise Swapped("a link lies on the way")
