"""Walking the inbox: what is taken, what is passed over and why. Nothing in it is ever moved, changed or deleted."""

from __future__ import annotations

import fnmatch
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from catalog.oserror import cause

_SYSTEM_FILES = (
    "~$*",
    ".~*",
    "._*",
    "thumbs.db",
    ".ds_store",
    "desktop.ini",
    "*.part",
    "*.crdownload",
    "*.tmp",
    "*.sqlite-wal",
    "*.sqlite-shm",
)
_SYSTEM_FOLDERS = ("__macosx",)
_MAX_DEPTH = 64
_KINDS = (
    (stat.S_ISFIFO, "是管道，不是文件"),
    (stat.S_ISSOCK, "是套接字，不是文件"),
    (stat.S_ISBLK, "是设备，不是文件"),
    (stat.S_ISCHR, "是设备，不是文件"),
)


@dataclass(frozen=True, slots=True)
class Input:
    """A file to be read.

    ``document`` is its path below the inbox with "/"; ``path`` where it lies; ``folder`` the first folder of that path,
    "" at the root; ``size`` in bytes, ``modified_ns`` and ``changed_ns`` (of the file's entry, where the system knows
    one) as they were when the inbox was walked. ``root`` is the folder below which no link is followed to ``path``, ""
    where a person named the file.
    """

    document: str
    path: Path
    folder: str
    size: int
    modified_ns: int
    changed_ns: int = 0
    root: str = ""

    @property
    def parent(self) -> str:
        """The folder it lies in, below the inbox, "" at the root."""
        return self.document.rpartition("/")[0]

    def unchanged(self) -> bool:
        """False where the file is gone, or another than when the inbox was walked."""
        try:
            now = self.path.stat()
        except OSError:
            return False
        return (now.st_size, now.st_mtime_ns) == (self.size, self.modified_ns)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A path below the inbox that was not read, and why (Chinese)."""

    path: str
    reason: str


@dataclass(slots=True)
class Inbox:
    """``inputs`` are sorted by document, ``passed_over`` by path. ``out_of_reach`` are those of ``passed_over`` where the
    disk or share failed: what lies there is not known."""

    root: Path
    inputs: list[Input] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    out_of_reach: list[PassedOver] = field(default_factory=list)

    def cannot_reach(self, path: str, reason: str) -> None:
        self.passed_over.append(PassedOver(path, reason))
        self.out_of_reach.append(self.passed_over[-1])


def walk(root: Path, *, now: float, settle_seconds: float = 0) -> Inbox:
    """Every file below ``root`` in a fixed order, and all that is passed over.

    ``now`` is seconds since 1970; a file that changed less than ``settle_seconds`` before it is left for the next run.
    """
    inbox = Inbox(root)
    real_root = root.resolve()
    for entry, names in _entries(root, (), inbox):
        document = "/".join(names)
        try:
            reason = _why_not(entry, real_root)
            if reason:
                inbox.passed_over.append(PassedOver(document, reason))
                continue
            found = entry.stat()
        except FileNotFoundError:
            inbox.passed_over.append(PassedOver(document, "刚刚被移走"))
            continue
        except OSError as problem:
            inbox.cannot_reach(document, f"读取不到文件信息（{cause(problem)}）")
            continue
        if settle_seconds and abs(now - found.st_mtime) < settle_seconds:
            inbox.passed_over.append(PassedOver(document, f"{settle_seconds:g}秒内有变动，留待下次"))
            continue
        folder = names[0] if len(names) > 1 else ""
        times = (found.st_mtime_ns, found.st_ctime_ns)
        base, path = (real_root, Path(entry.path).resolve()) if entry.is_symlink() else (root, Path(entry.path))
        inbox.inputs.append(Input(document, path, folder, found.st_size, *times, root=os.fspath(base)))
    inbox.inputs.sort(key=lambda i: i.document)
    inbox.passed_over.sort(key=lambda p: p.path)
    inbox.out_of_reach.sort(key=lambda p: p.path)
    return inbox


def _entries(folder: Path, above: tuple[str, ...], inbox: Inbox) -> Iterator[tuple[os.DirEntry[str], tuple[str, ...]]]:
    """Everything below ``folder`` that is no folder to enter, with the names that lead to it."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda e: e.name)
            folders = {e.name for e in entries if e.is_dir(follow_symlinks=False)}
    except OSError as problem:
        inbox.cannot_reach("/".join(above) or ".", f"文件夹打不开（{cause(problem)}）")
        return
    for entry in entries:
        names = (*above, _readable(entry.name))
        if entry.name not in folders:
            yield entry, names
        elif entry.name.lower() in _SYSTEM_FOLDERS:
            inbox.passed_over.append(PassedOver("/".join(names), "系统文件夹"))
        elif len(names) > _MAX_DEPTH:
            inbox.passed_over.append(PassedOver("/".join(names), f"文件夹超过{_MAX_DEPTH}层"))
        else:
            yield from _entries(Path(entry.path), names, inbox)


def _why_not(entry: os.DirEntry[str], real_root: Path) -> str:
    """Why an entry is passed over, "" where it is to be read. Raises OSError where the disk fails."""
    name = entry.name.lower()
    if any(fnmatch.fnmatchcase(name, pattern) for pattern in _SYSTEM_FILES):
        return "锁定文件、系统文件或未传完的文件"
    if entry.is_symlink():
        try:
            target = Path(entry.path).resolve(strict=True)
        except (OSError, RuntimeError):  # a loop of links is RuntimeError before Python 3.13
            return "链接失效或成环"
        if not target.is_relative_to(real_root):
            return "链接指向收件目录之外"
        if target.is_dir():
            return "链接指向收件目录内的文件夹，其内容在原处读取"
    mode = entry.stat().st_mode
    return next((reason for is_kind, reason in _KINDS if is_kind(mode)), "")


def _readable(name: str) -> str:
    """A file name as text. Names that are no UTF-8 (made by an old Chinese system) are taken as GB 18030."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raw = os.fsencode(name)
        try:
            return raw.decode("gb18030")
        except UnicodeDecodeError:
            return raw.decode("utf-8", "backslashreplace")
    return name
