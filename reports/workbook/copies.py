"""The workbooks in a district's folder: which there are, and how one is replaced without losing a word.

A workbook that people changed is kept under ``台账存档`` with the time they saved it, before it is replaced.
"""

from __future__ import annotations

import hashlib
import os
import time
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from reports.results.posting import FOLDER, MAILING
from reports.results.progress import STATE
from reports.safe.atomic import beside, half_written, write_bytes
from reports.workbook.grid import OTHER, READABLE, Grid

ARCHIVE = "台账存档"
_STEM = "审查台账"
_LISTS = "文件"
"""The head of the column of files."""
_ASIDE = "换下"
"""Marks a workbook that was taken away to be replaced. A run that is killed then leaves it, and the next reads it."""
_FORMERLY = "审查台账（上次人工修改）.xlsx"
"""What earlier versions called the copy that they kept."""


@dataclass(frozen=True)
class Copy:
    """A workbook in the folder. ``name`` is its path below the folder with "/"; ``is_named``: it is called after ours."""

    path: Path
    name: str
    is_named: bool


def copies_in(folder: Path, main: str) -> list[Copy]:
    """Every workbook below ``folder`` but the archive's and those of another output, those saved last at the end."""
    found = []
    others = [p.parent for p in folder.rglob(STATE) if p.parent != folder]
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if any(path.is_relative_to(other) for other in others):
            continue
        if parts[0] in (ARCHIVE, _FORMERLY) or path.name.startswith(("~$", ".")) or not path.is_file():
            continue
        if parts[0] == FOLDER and unicodedata.normalize("NFC", path.name).startswith(MAILING):
            continue  # the list of letters holds no findings
        if path.suffix.lower() not in (*READABLE, *OTHER):
            continue
        named = _STEM in unicodedata.normalize("NFC", path.name)
        if named or path.suffix.lower() in READABLE:
            found.append(Copy(path, "/".join(parts), named))
    return sorted(found, key=lambda c: (c.path.stat().st_mtime_ns, c.name == main, c.name))


def strayed(copy: Copy, office: str, grid: Grid) -> str:
    """What is said of the workbook of another office than ``office``, which has a folder beside: its title (:func:`titled`) tells, else
    (.csv, .ods) where the files stand that it lists. "" where it is none."""
    title = grid.title if grid.title.endswith(_STEM) else titled(_folder_of(grid))
    folder, other = copy.path.parents[copy.name.count("/")], title.removesuffix(_STEM)
    if not office or other in (title, office, "") or Path(other).name != other or not (folder.parent / other).is_dir():
        return ""
    return f"{copy.name}是{other}的审查台账，其中的意见没有收入，文件保留不动；请移到“{other}”文件夹后再运行"


def _folder_of(grid: Grid) -> str:
    """The folder of the inbox in which all files stand that a workbook lists, "" where they stand in several."""
    found = set()
    for sheet in grid.sheets:
        listed = {c for cells in sheet.rows.values() for c, text in cells.items() if text.strip() == _LISTS}
        found |= {
            t.partition("/")[0] for cells in sheet.rows.values() for c, t in cells.items() if c in listed and "/" in t
        }
    return found.pop() if len(found) == 1 else ""


def titled(office: str) -> str:
    """What an office's workbook is called in its properties."""
    return f"{office}{_STEM}"


def archived_name(path: Path, sha256: str) -> str:
    """Where a workbook is kept: by the time it was saved, and its bytes."""
    saved = time.strftime("%Y-%m-%d %H%M", time.localtime(path.stat().st_mtime))
    stem = path.stem.partition(f"（{_ASIDE}")[0]
    return f"{ARCHIVE}/{stem} {saved} {sha256[:8]}{path.suffix}"


def archive(folder: Path, name: str, data: bytes) -> None:
    """Keep a workbook under its :func:`archived_name`; the same content is kept once."""
    sha256 = hashlib.sha256(data).hexdigest()
    if not any(p.read_bytes() == data for p in (folder / ARCHIVE).glob(f"* {sha256[:8]}.*")):
        write_bytes(folder / name, data)


class Changed(Exception):
    """A workbook is no longer what was read from it: someone saved it meanwhile."""


def swap(path: Path, data: bytes, expected: str) -> None:
    """Put ``data`` at ``path`` in place of the file whose SHA-256 is ``expected`` ("": there was none).

    The old file is first taken away under another name and looked at there, and the new one put only where nothing
    stands, so that no save in between is overwritten. Raises :class:`Changed`, and OSError (PermissionError where
    Windows holds the file); either way what people saved is there, at ``path`` or aside, where it is read as a copy.
    """
    with half_written(path, data) as name:
        if not expected:
            _place(name, path)
            return
        aside = _free(path)
        try:
            os.rename(path, aside)
        except FileNotFoundError as gone:
            raise Changed(path.name) from gone
        try:
            if sha256_of(aside) != expected:
                raise Changed(path.name)
            _place(name, path)
        except BaseException:
            if not path.exists():
                os.rename(aside, path)
            raise
        if sha256_of(aside) != expected:  # saved into the file that was taken away
            raise Changed(path.name)
        aside.unlink()


def _place(name: str, path: Path) -> None:
    """Rename to ``path`` where nothing stands. Raises :class:`Changed`."""
    try:
        if os.name == "nt":
            os.rename(name, path)
            return
        os.link(name, path)
    except FileExistsError as problem:
        raise Changed(path.name) from problem
    except OSError:  # a file system without hard links
        if path.exists():
            raise Changed(path.name) from None
        os.replace(name, path)


def _free(path: Path) -> Path:
    number = 1
    while (aside := beside(path, f"{_ASIDE}{number}")).exists():
        number += 1
    return aside


def put_away(folder: Path, ours: Collection[str]) -> None:
    """Archive what was left aside and what earlier versions kept; their words have been read. ``ours``: the SHA-256 of
    what the program wrote, which needs no keeping."""
    for path in (*folder.glob(f"*（{_ASIDE}*）.*"), folder / _FORMERLY):
        if path.is_file():
            data = path.read_bytes()
            sha256 = hashlib.sha256(data).hexdigest()
            if sha256 not in ours:
                archive(folder, archived_name(path, sha256), data)
            path.unlink()


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
