"""Where a run puts down what it has read until it is looked at again: a file without a name beside the output.

It goes with the process, however that ends: what must last is in the ledger. Where the disk does not take more, the rest stays in
memory.
"""

from __future__ import annotations

import errno
import logging
import tempfile
import threading
import weakref
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from catalog.oserror import cause

logger = logging.getLogger("shenbao.read")


@dataclass(slots=True, weakref_slot=True)
class Spool:
    """A file in ``folder``, made when it is first needed and closed with the last who knows of it. Safe to use from several threads."""

    folder: Path
    _file: IO[bytes] | None = None
    _size: int = 0
    _full: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, data: bytes) -> bytes | Spooled:
        with self._lock:
            if self._full:
                return data
            try:
                if self._file is None:
                    self._file = tempfile.TemporaryFile(dir=self.folder, buffering=0)  # noqa: SIM115 - closed with the spool
                    weakref.finalize(self, self._file.close)
                self._file.seek(self._size)
                if self._file.write(data) != len(data):  # a full disk takes what it can
                    raise OSError(errno.ENOSPC, "not all was written")
            except OSError as problem:
                logger.warning("读出的内容不能暂存到 %s（%s），其余的留在内存", self.folder, cause(problem))
                self._full = True
                return data
            self._size += len(data)
            return Spooled(self, self._size - len(data), len(data))

    def get(self, at: int, size: int) -> bytes:
        """What was put down. Raises OSError where the disk fails."""
        with self._lock:
            assert self._file is not None
            self._file.seek(at)
            data = self._file.read(size)
        if len(data) != size:
            raise OSError(errno.EIO, "what was put down cannot be read again")
        return data


@dataclass(frozen=True, slots=True)
class Spooled:
    """A piece of what a spool holds."""

    spool: Spool
    at: int
    size: int


def taken(piece: bytes | Spooled) -> bytes:
    """The bytes of a piece, as they were put down. Raises OSError where the disk fails."""
    return piece if isinstance(piece, bytes) else piece.spool.get(piece.at, piece.size)
