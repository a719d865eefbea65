"""One opener a kind of archive: each gives the members' safe paths and bytes, within a budget."""

from __future__ import annotations

import io
import lzma
import pathlib
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from extractors.archive.limits import (
    DAMAGED,
    LOCKED,
    MEMBER_DAMAGED,
    Budget,
    headers_beyond,
    irregular,
    lying,
    safe_path,
)
from extractors.document.errors import BROKEN_ZIP, Protected, Unavailable, Unreadable

Unpacked = tuple[str, bytes, Unreadable | None]
"""Safe path and bytes of a file; where it alone is damaged, its bytes as they were packed and what to tell of it."""
_UNIX = 3
"""APPNOTE 4.4.2: made on a system whose files have a mode."""
_UNICODE_PATH, _PATH_AT = 0x7075, 5
"""APPNOTE 4.6.9: the field, and where its path stands (behind a version and a checksum)."""
_RAR_5 = 50
"""From RAR 5 on every name is Unicode."""
NAMELESS = "未命名文件"


def _zip(data: bytes, budget: Budget) -> Iterator[Unpacked]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (*BROKEN_ZIP, NotImplementedError) as error:
        raise Unreadable(DAMAGED) from error
    infos = [(zip_name(info), info) for info in archive.infolist()]
    # All of it is checked before any of it is unpacked.
    for raw, info in infos:
        path = safe_path(raw)
        budget.entry(path)
        mode = info.external_attr >> 16
        if info.create_system == _UNIX and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise irregular(path)
        budget.declared(path, info.file_size, info.compress_size)
    budget.declared_total(sum(info.file_size for _, info in infos), len(data))
    files = [(safe_path(raw), info) for raw, info in infos if raw.rstrip(" ")[-1:] not in ("/", "\\")]
    files = [(path or NAMELESS, info) for path, info in files if path or info.file_size]
    damaged = 0
    for path, info in files:
        if info.flag_bits & 0x1:
            raise Protected(LOCKED)
        try:
            with archive.open(info) as stream:
                yield path, budget.take(path, stream, info.file_size, info.compress_size), None
        except BROKEN_ZIP as error:
            damaged += 1
            if damaged == len(files):  # nothing of it can be read
                raise Unreadable(DAMAGED) from error
            yield path, _as_packed(data, info), Unreadable(MEMBER_DAMAGED)
        except NotImplementedError as error:
            raise Unreadable("压缩包用了少见的压缩方法，无法解开；请用普通 zip 方式重新压缩后报送") from error
        except RuntimeError as error:  # zipfile's word for a member that wants a password
            raise Protected(LOCKED) from error


def _as_packed(data: bytes, info: zipfile.ZipInfo) -> bytes:
    """A member's bytes as they lie in the archive, without the header before them: 30 bytes, then its name."""
    return data[max(0, info.header_offset + 30) :][: info.compress_size]


def zip_name(info: zipfile.ZipInfo) -> str:
    """The name of a zip member as its author saw it.

    Marked as UTF-8 it is that. Otherwise the Unicode path field (APPNOTE 4.6.9), where its checksum fits; otherwise the
    bytes as UTF-8, as macOS writes them unmarked; otherwise as GB 18030, as Chinese Windows writes them.
    """
    if info.flag_bits & 0x800:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437", "replace")
    extra, at = info.extra, 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        body = extra[at + 4 : at + 4 + size]
        if kind == _UNICODE_PATH and len(body) > _PATH_AT and struct.unpack_from("<I", body, 1)[0] == zlib.crc32(raw):
            return body[_PATH_AT:].decode("utf-8", "replace")
        at += 4 + size
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _seven(data: bytes, budget: Budget) -> Iterator[Unpacked]:
    try:
        import py7zr
        from py7zr import exceptions as wrong
    except ImportError as error:
        raise Unavailable("7z 解压组件", "请安装（pip install py7zr）后重新运行") from error
    # py7zr meets a damaged header with whatever its parser happens to raise.
    damaged: tuple[type[Exception], ...] = (wrong.ArchiveError, lzma.LZMAError, zlib.error, struct.error, EOFError)
    damaged += (OSError, ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError)
    damaged += (NotImplementedError,)
    try:
        with py7zr.SevenZipFile(io.BytesIO(data)) as archive:
            if archive.needs_password():
                raise Protected(LOCKED)
            paths = _seven_paths(archive.list(), budget, len(data))
            factory = _memory({key: size for key, (_, size) in paths.items()}, budget)
            archive.extractall(factory=factory)  # noqa: S202 - into memory, names checked
    except wrong.PasswordRequired as error:
        raise Protected(LOCKED) from error
    except wrong.UnsupportedCompressionMethodError as error:
        raise Unreadable("压缩包用了少见的压缩方法，无法解开；请改用 zip 重新压缩后报送") from error
    except damaged as error:
        raise Unreadable(DAMAGED) from error
    for key, (path, size) in paths.items():
        content = bytes(factory.buffers[key].content) if key in factory.buffers else b""
        if len(content) != size:
            raise Unreadable(DAMAGED)
        yield path, content, None


def _seven_paths(infos: list[Any], budget: Budget, packed: int) -> dict[str, tuple[str, int]]:
    """Safe path and size of each file by the name under which py7zr unpacks it, after all limits were checked."""
    found: dict[str, tuple[str, int]] = {}
    seen: dict[str, int] = {}
    for info in infos:
        path, size = safe_path(info.filename), info.uncompressed or 0
        budget.entry(path)
        key = info.filename
        if key in seen:  # a name that comes twice gets a number, as py7zr gives it
            seen[info.filename] += 1
            key = f"{info.filename}_{seen[info.filename] - 1}"
        else:
            seen[key] = 0
        if info.is_directory:
            continue
        if not info.is_file:
            raise irregular(path)
        budget.declared(path, size, None)
        found[pathlib.PurePath(key).as_posix()] = path, size
    # 7z packs many members in one stream: the ratio is told for the archive alone.
    budget.declared_total(sum(size for _, size in found.values()), packed)
    return found


def _memory(sizes: dict[str, int], budget: Budget) -> Any:
    """A py7zr writer factory that keeps members in memory and stops where one is larger than it was said to be."""
    from py7zr import io as io7z

    class Buffer(io7z.Py7zIO):
        def __init__(self, name: str) -> None:
            self.name = name
            self.content = bytearray()

        def write(self, s: bytes | bytearray) -> int:
            budget.used += len(s)
            if len(self.content) + len(s) > sizes.get(self.name, 0) or budget.used > budget.limits.total:
                raise lying(self.name)
            self.content += s
            return len(s)

        def read(self, size: int | None = None) -> bytes:
            return bytes(self.content if size is None else self.content[:size])

        def seek(self, offset: int, whence: int = 0) -> int:
            return offset if whence == 0 else 0

        def flush(self) -> None:
            """Nothing to flush: it is memory."""

        def size(self) -> int:
            return len(self.content)

    class Factory(io7z.WriterFactory):
        def __init__(self) -> None:
            self.buffers: dict[str, Buffer] = {}

        def create(self, filename: str) -> Buffer:
            return self.buffers.setdefault(filename, Buffer(filename))

    return Factory()


def _rar(data: bytes, budget: Budget) -> Iterator[Unpacked]:
    try:
        import rarfile
    except ImportError as error:
        raise Unavailable("rar 解压组件", "请安装（pip install rarfile）后重新运行") from error
    try:
        with rarfile.RarFile(io.BytesIO(data)) as archive:
            if archive.needs_password():
                raise Protected(LOCKED)
            infos = archive.infolist()
            for info in infos:
                path = safe_path(_rar_name(info))
                budget.entry(path)
                if info.is_symlink() or not (info.is_dir() or info.is_file()):
                    raise irregular(path)
                budget.declared(path, info.file_size or 0, info.compress_size)
            budget.declared_total(sum(i.file_size or 0 for i in infos), len(data))
            for info in infos:
                if info.is_file():
                    path = safe_path(_rar_name(info))
                    with archive.open(info) as stream:
                        yield path, budget.take(path, stream, info.file_size, info.compress_size), None
    except rarfile.RarCannotExec as error:
        raise Unavailable("rar 解压程序", "请安装 unar、7zip 或 libarchive-tools（含 bsdtar）之一后重新运行") from error
    except (rarfile.PasswordRequired, rarfile.RarWrongPassword) as error:
        raise Protected(LOCKED) from error
    except rarfile.NeedFirstVolume as error:
        raise Unreadable("这是分卷压缩包的一卷，无法单独解开；请合并为一个 zip 后重新报送") from error
    except (rarfile.Error, EOFError, OSError, ValueError, LookupError, struct.error) as error:
        raise Unreadable(DAMAGED) from error


def _rar_name(info: Any) -> str:
    """The member's name; one that an old RAR stored without Unicode is taken as zip names are."""
    raw = info.orig_filename
    if not isinstance(raw, bytes) or info.flags & 0x200 or info.extract_version >= _RAR_5:
        return str(info.filename)
    return _name_of(raw)


def _tar(data: bytes, budget: Budget) -> Iterator[Unpacked]:
    try:
        with tarfile.open(
            fileobj=io.BytesIO(data), mode="r:*", encoding="utf-8", errors="surrogateescape", tarinfo=_bounded_header()
        ) as archive:
            seen = 0
            for info in archive:  # as a stream: a compressed tar tells its sizes only as it is unpacked
                path = safe_path(_tar_name(info.name))
                budget.entry(path)
                if info.isdir():
                    continue
                if not info.isreg():
                    raise irregular(path)
                budget.declared(path, info.size, None)
                seen += info.size
                budget.ratio(seen, len(data))
                stream = archive.extractfile(info)
                yield path, budget.take(path, stream, info.size, None) if stream is not None else b"", None
    except (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError, ValueError, struct.error) as error:
        raise Unreadable(DAMAGED) from error


_MOST_HEADER = 64 * 1024
_MOST_HEADERS = 8
_HEADERS = frozenset(
    (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)
)
"""Members that only say more of the next one: its long name, pax records."""


def _bounded_header() -> type[tarfile.TarInfo]:
    """A TarInfo for one archive that reads no header of a header beyond reason: tarfile takes them whole into memory, and goes
    one call deeper for each that follows another."""
    following = 0

    class Header(tarfile.TarInfo):
        def _proc_member(self, archive: tarfile.TarFile) -> Any:
            nonlocal following
            following = following + 1 if self.type in _HEADERS else 0
            if following > _MOST_HEADERS or (following and self.size > _MOST_HEADER):
                raise headers_beyond()
            return super()._proc_member(archive)  # type: ignore[misc]

    return Header


def _tar_name(name: str) -> str:
    return _name_of(name.encode("utf-8", "surrogateescape"))


def _name_of(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


OPENERS: dict[str, Callable[[bytes, Budget], Iterator[Unpacked]]] = {
    "zip": _zip,
    "7z": _seven,
    "rar": _rar,
    "tar": _tar,
}
"""By the format that sniffing gives."""
