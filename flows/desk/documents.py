"""The documents behind the findings: as they were read, from the ledger; as they were received, from the inbox."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import cachetools

from catalog.models import Catalog
from flows.guarded.payload import documents_in
from flows.received.inbox import Input
from flows.received.opening import Swapped, read
from flows.run.ledger import open_store
from flows.run.remember import Memory
from flows.settings import Settings
from records.database import StoreError


class NotThere(Exception):
    """A file that is no longer in the inbox, or is another than was reviewed. The message is Chinese."""


class Documents(Mapping[str, dict[str, Any]]):
    """Documents as read, by path, from the ledger; a document the ledger does not hold is simply not there."""

    def __init__(self, settings: Settings, catalog: Catalog, *, held: int = 64) -> None:
        self._settings = settings
        self._catalog = catalog
        self._held: cachetools.LRUCache[str, dict[str, Any]] = cachetools.LRUCache(held)
        self._lock = threading.Lock()

    def __getitem__(self, document: str) -> dict[str, Any]:
        file = document.partition("!/")[0]
        path = self._settings.inbox / file
        try:
            stat = path.stat()
        except OSError as problem:
            raise KeyError(document) from problem
        key = f"{document}\0{stat.st_mtime_ns}\0{stat.st_size}"
        with self._lock:
            if key in self._held:
                return self._held[key]
        found = self._find(document, file, path)
        with self._lock:
            self._held[key] = found
        return found

    def _find(self, document: str, file: str, path: Path) -> dict[str, Any]:
        try:
            with open_store(self._settings) as store:
                keys = Memory(self._settings, store, self._catalog).keys_of(path, file)
                # What another version of the program read of it is better than nothing to look at.
                payloads = [p for _, p in store.readings(keys)] or store.readings_of(file)
                for payload in payloads:
                    contents = documents_in(payload)
                    only = next(iter(contents), None) if len(contents) == 1 else None
                    for name in (document, only):
                        if name is not None and (content := contents.get(name)):
                            return content
        except (OSError, Swapped, StoreError) as problem:
            raise KeyError(document) from problem
        raise KeyError(document)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def original(inbox: Path, document: str, sha256: str) -> bytes:
    """The bytes of a file as it was reviewed. Raises :class:`NotThere`; a member of an archive is given as the archive."""
    import hashlib

    path = inbox / document.partition("!/")[0]
    if not path.resolve().is_relative_to(inbox.resolve()):
        raise NotThere("文件不在收件目录中")
    try:
        stat = path.stat()
        data = read(Input(document, path, str(inbox), stat.st_size, stat.st_mtime_ns))
    except (OSError, Swapped) as problem:
        raise NotThere("收件目录中已没有这个文件，或者暂时读不到") from problem
    if "!/" not in document and hashlib.sha256(data).hexdigest() != sha256:
        raise NotThere("收件目录中的文件已不是审查时的那一份，请重新运行审查")
    return data
