"""Files appear whole or not at all, and a workbook that someone has open is left alone."""

from __future__ import annotations

import datetime as dt
import io
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from records.folders import FILE, make_folder

EPOCH = (1980, 1, 1, 0, 0, 0)
MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - Office knows no time zones
"""When a document says that it was made: a fixed date keeps equal contents equal bytes."""


def write_bytes(path: Path, data: bytes, *, forced: bool = True) -> Path:
    """Write ``data`` beside ``path`` and rename it over; the folder is made where it is missing.

    ``forced`` waits until the disk has it. Of the hundreds of small files of a district that are made again from the
    inbox at any time, that would be the larger part of writing them.

    Raises OSError (PermissionError where another program holds the file open on Windows); no half file is left.
    """
    with half_written(path, data, forced=forced) as name:
        os.replace(name, path)
    return path


@contextmanager
def half_written(path: Path, data: bytes, *, forced: bool = True) -> Iterator[str]:
    """A file beside ``path`` that holds ``data`` and is to be renamed; what is left of it in the end is removed."""
    make_folder(path.parent)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            if forced:
                os.fsync(out.fileno())
        os.chmod(name, FILE)
        yield name
    finally:
        Path(name).unlink(missing_ok=True)


def write_if_changed(path: Path, data: bytes, *, forced: bool = True) -> Path:
    """Like :func:`write_bytes`, but a file that already holds ``data`` keeps its modification time."""
    try:
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return path
    except OSError:
        pass
    return write_bytes(path, data, forced=forced)


def is_open(path: Path) -> bool:
    """True where a lock file beside ``path`` (``~$…`` of Excel and WPS, ``.~lock.…#`` of LibreOffice) is there."""
    names = {f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#", f".~{path.name}"}
    return any((path.parent / name).exists() for name in names)


def beside(path: Path, word: str) -> Path:
    """``审查台账.xlsx`` → ``审查台账（word）.xlsx``."""
    return path.with_name(f"{path.stem}（{word}）{path.suffix}")


def why_beside(path: Path, other: Path, *, spared: bool) -> str:
    """The message that ``path`` was left as it is and ``other`` written."""
    why = "经人工修改，保留不动" if spared else "正在被打开（旁边有锁文件，或者不能写入），没有覆盖"
    return f"{path.name}{why}，新的一份写在旁边：{other.name}"


def repack(data: bytes) -> bytes:
    """The same zip package with fixed member times and order, so that equal contents give equal bytes.

    ``[Content_Types].xml`` stays first, as readers that stream expect.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n != "_rels/.rels", n))
        for name in names:
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            info.external_attr = 0
            new.writestr(info, old.read(name))
    return out.getvalue()
