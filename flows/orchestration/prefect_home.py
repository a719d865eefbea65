"""Where Prefect keeps its database, its pages and the word that opens them: a folder of this user's for each output.

Two outputs never share one, so that what one ``serve`` registers, ends or deletes is never another's. The folder lies
with the user and not in the output, which may be a share that SQLite cannot lock and others may read; the output is
taken where the user has no place to write. This module imports neither Prefect nor anything heavy.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

SECRET = "secret.txt"  # noqa: S105 - the name of a file
SPOOL = "spool"
"""Below a Prefect home: a file of JSON a run, until it stands in the database."""
TROUBLE = "trouble.txt"
"""Below a Prefect home: why the last that was noted could not be written down."""
_USER = "shenbao"
_ENOUGH = 24
"""Random bytes of a secret."""


class Taken(Exception):
    """Another process holds the folder. ``said`` is what it left for others to read."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


def home_of(out: Path, part: str) -> Path:
    """The Prefect home of an output, made where it is not there; ``part`` (serve, review) has a database of its own.

    Below ``PREFECT_HOME`` where that is set, else with the user's other state, else in the output. Raises OSError where
    none of them can be written.
    """
    name = f"{out.resolve().name[:40]}-{output_key(out)}"
    places = [*(base / "shenbao" / name for base in _bases()), out.resolve() / ".prefect"]
    for number, place in enumerate(places, 1):
        try:
            return _private(place / part)
        except OSError:
            if number == len(places):
                raise
    raise AssertionError


def output_key(out: Path) -> str:
    """Twelve signs that tell an output from every other one of this machine."""
    return hashlib.sha256(os.path.normcase(out.resolve()).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def new_secret() -> str:
    """What a client must know, as Prefect wants it: user and password."""
    return f"{_USER}:{secrets.token_urlsafe(_ENOUGH)}"


def kept_secret(home: Path) -> str:
    """The secret of a home, made at its first use; the file is this user's alone. Raises OSError."""
    path = home / SECRET
    with contextlib.suppress(FileNotFoundError), _opened(path, os.O_RDONLY) as file:
        known = file.read().strip()
        if known.startswith(f"{_USER}:") and len(known) > _ENOUGH:
            return known
    secret = new_secret()
    handle, half = tempfile.mkstemp(dir=home)  # made with 600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{secret}\n")
    os.replace(half, path)
    return secret


@contextmanager
def held(home: Path, said: str, name: str = "held") -> Iterator[None]:
    """Hold a home (``name``: in one respect) for as long as the block takes; the system gives it back where the process dies. ``said`` is for who
    comes second. Raises :class:`Taken`."""
    with _opened(home / name, os.O_RDWR | os.O_CREAT) as file:
        if not _locked(file):
            raise Taken((home / f"{name}.txt").read_text("utf-8") if (home / f"{name}.txt").exists() else "")
        (home / f"{name}.txt").write_text(said, "utf-8")
        yield


def _bases() -> Iterator[Path]:
    if os.environ.get("PREFECT_HOME"):
        yield Path(os.environ["PREFECT_HOME"]).expanduser()
        return
    named = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_STATE_HOME")
    with contextlib.suppress(RuntimeError):  # a user without a home
        usual = ("Library", "Application Support") if sys.platform == "darwin" else (".local", "state")
        yield Path(named) if named else Path.home().joinpath(*usual)


def _private(folder: Path) -> Path:
    """The folder, which nobody else may enter, and in which we can write."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for mine in (folder, folder.parent):
        mine.chmod(0o700)
    with tempfile.TemporaryFile(dir=folder):
        return folder


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[IO[str]]:
    """A file of ours alone, which is no link to another's."""
    handle = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(handle, "r" if flags == os.O_RDONLY else "r+", encoding="utf-8") as file:
        if hasattr(os, "fchmod"):
            os.fchmod(handle, 0o600)
        yield file


def _locked(file: IO[str]) -> bool:
    """Take the lock of an open file where nobody has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
