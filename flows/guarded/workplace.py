"""Where a worker works, and what it leaves: a folder of its own that its guard removes, programs that its guard ends.

LibreOffice, which a worker starts in a process group of its own, stays in the worker's session: whoever ends the worker
ends all of that. What a guard that was killed itself could not remove, the next run does.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from records.owners import is_gone, this_process

PREFIX = "shenbao-worker-"
_OWNER = "owner"
_OLD_SECONDS = 7 * 86400.0
"""A folder of which nobody can tell whether its owner lives goes after this time."""


def make() -> Path:
    """A new folder, which says whose it is."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    (folder / _OWNER).write_text(this_process(), "utf-8")
    return folder


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)  # Windows: a program that was started here may still hold a file


def sweep() -> list[Path]:
    """Remove the folders whose owners were killed, and end the programs that still work in them; which those were."""
    found = []
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if _is_left(folder):
                _end_programs_in(folder)
                remove(folder)
                found.append(folder)
    return found


def end_session(leader: int) -> None:
    """End every process of a session but this one. Where there are no sessions (Windows), the leader and what it
    started."""
    if sys.platform == "win32":
        told = ["taskkill", "/F", "/T", "/PID", str(leader)]
        with contextlib.suppress(OSError):  # a Windows without it: the caller ends the leader itself
            subprocess.run(told, check=False, capture_output=True)  # noqa: S603
        return
    for _ in range(3):  # one may just have started another
        found = [pid for pid in _processes() if pid != os.getpid() and _session(pid) == leader]
        if not found:
            return
        for pid in found:
            _end(pid)


def resident(leader: int) -> int:
    """The bytes of memory that the processes of a session occupy, of what they share each its own; 0 where the system does
    not tell (it is Linux that does)."""
    if not Path("/proc/self/statm").exists():
        return 0
    pages = 0
    for pid in _processes():
        if _session(pid) == leader:
            with contextlib.suppress(OSError, ValueError):  # it ended meanwhile
                pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _is_left(folder: Path) -> bool:
    facts = folder.lstat()
    if hasattr(os, "getuid") and facts.st_uid != os.getuid():
        return False
    with contextlib.suppress(OSError):
        if is_gone((folder / _OWNER).read_text("utf-8")):
            return True
    return time.time() - facts.st_mtime > _OLD_SECONDS


def _end_programs_in(folder: Path) -> None:
    """LibreOffice is told on its command line where it works; a profile in a folder that is removed would live on."""
    named = os.fsencode(folder)
    for pid in _processes():
        with contextlib.suppress(OSError):
            if pid != os.getpid() and named in Path(f"/proc/{pid}/cmdline").read_bytes():
                _end(pid)


def _processes() -> Iterator[int]:
    proc = Path("/proc")
    if (proc / "self").exists():
        return (int(entry) for entry in os.listdir(proc) if entry.isdigit())
    told = subprocess.run(["ps", "-A", "-o", "pid="], check=False, capture_output=True, text=True)  # noqa: S607
    return (int(line) for line in told.stdout.split())


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except OSError:
        return None


def _end(pid: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGKILL)
