"""What an archive may hold, and the checks that every kind of archive shares (rule F09)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import IO

from extractors.document.errors import Unsafe

MB = 1 << 20
DAMAGED = "压缩包已损坏，无法解开；请重新压缩后报送"
MEMBER_DAMAGED = "压缩包里的这个文件已损坏，无法解开；请重新压缩后报送"
LOCKED = "压缩包设有密码，无法解开；请去除密码后重新报送"
MEND = "请只放入申报书及其附件，重新压缩后报送"
_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may hold, nested ones counted in. Sizes in bytes; ``ratio`` is unpacked to packed size of a
    member (or, where the format tells only that, of the archive), looked at from ``ratio_from`` bytes on."""

    total: int = 600 * MB
    member: int = 200 * MB
    ratio: int = 200
    ratio_from: int = MB
    entries: int = 2000
    depth: int = 3
    name: int = 240


@dataclass(slots=True)
class Budget:
    """What is left of the limits while one archive, with those inside it, is being opened."""

    limits: Limits
    used: int = 0
    entries: int = 0

    def entry(self, name: str) -> None:
        self.entries += 1
        if self.entries > self.limits.entries:
            raise Unsafe(f"压缩包内文件过多（超过{self.limits.entries}个），未予打开；{MEND}")
        if len(name) > 4 * self.limits.name or any(len(part) > self.limits.name for part in name.split("/")):
            raise Unsafe(
                f"压缩包内文件名过长（“{name[:30]}…”超过{self.limits.name}字），未予打开；请改短文件名后重新报送"
            )

    def declared(self, name: str, size: int, packed: int | None) -> None:
        """Check what an archive says of a member before it is unpacked."""
        if size > self.limits.member:
            raise Unsafe(
                f"压缩包内“{name}”展开后过大（{size // MB} MB，上限{self.limits.member // MB} MB），未予打开；{MEND}"
            )
        if packed is not None and size > self.limits.ratio_from and size > self.limits.ratio * max(1, packed):
            times = size // max(1, packed)
            raise Unsafe(
                f"压缩包内“{name}”压缩比异常（{times}倍，上限{self.limits.ratio}倍），疑为压缩炸弹，未予打开；{MEND}"
            )
        self._total(size)

    def declared_total(self, size: int, packed: int) -> None:
        """Check the sum that an archive declares; ``packed`` is the size of the archive itself."""
        self.ratio(size, packed)
        self._total(size)

    def ratio(self, size: int, packed: int) -> None:
        """Check how much the whole of an archive grows."""
        if size > 10 * self.limits.ratio_from and size > self.limits.ratio * max(1, packed):
            times = size // max(1, packed)
            raise Unsafe(f"压缩比异常（{times}倍，上限{self.limits.ratio}倍），疑为压缩炸弹，未予打开；{MEND}")

    def _total(self, size: int) -> None:
        if self.used + size > self.limits.total:
            raise Unsafe(f"压缩包展开后过大（上限{self.limits.total // MB} MB），未予打开；{MEND}")

    def take(self, name: str, stream: IO[bytes], size: int | None, packed: int | None) -> bytes:
        """Read a member, stopping as soon as more comes out than was declared or allowed."""
        chunks: list[bytes] = []
        got = 0
        while chunk := stream.read(_CHUNK):
            got += len(chunk)
            if size is not None and got > size:
                raise lying(name)
            self.declared(name, got, packed)
            chunks.append(chunk)
        self.used += got
        return b"".join(chunks)


def safe_path(name: str) -> str:
    """A member's name as a relative path with "/". Raises Unsafe where it leads out of the archive."""
    path = name.replace("\\", "/")
    if path.startswith("/") or re.match(r"[A-Za-z]:", path) or ".." in path.split("/"):
        raise Unsafe(f"压缩包内有指向包外的路径（“{name[:80]}”），未予打开；{MEND}")
    path = "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs") else c for c in path)
    return "/".join(part for part in path.split("/") if part not in ("", "."))


def irregular(path: str) -> Unsafe:
    """The error for a member that is a link, a device or a pipe."""
    return Unsafe(f"压缩包内“{path}”是链接或设备，不是普通文件，未予打开；{MEND}")


def lying(path: str) -> Unsafe:
    """The error for a member that gives more bytes than it declared."""
    return Unsafe(f"压缩包内“{path}”的实际大小与所标大小不符，疑为恶意文件，未予打开；{MEND}")


def headers_beyond() -> Unsafe:
    """The error for a tar whose long names or pax records are beyond reason."""
    return Unsafe(f"压缩包内文件名或扩展信息过长，疑为恶意文件，未予打开；{MEND}")
