"""The documents behind the findings: as they were read, from the ledger; as they were received, from the inbox."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import cachetools

from catalog.models import Catalog
from catalog.oserror import cause
from flows.guarded.payload import documents_in
from flows.received.inbox import Input
from flows.received.opening import Swapped, read, sha256_of
from flows.run.ledger import open_store
from flows.run.remember import Memory
from flows.settings import Settings
from records.database import StoreError
from records.models import Source


class NotThere(Exception):
    """A file that is no longer in the inbox, or is another than was reviewed. The message is Chinese."""


class Documents:
    """Documents as read, from the ledger."""

    def __init__(self, settings: Settings, catalog: Catalog, *, held: int = 64) -> None:
        self._settings = settings
        self._catalog = catalog
        self._held: cachetools.LRUCache[str, dict[str, Any]] = cachetools.LRUCache(held)
        self._lock = threading.Lock()

    def of(self, source: Source) -> dict[str, Any]:
        """A document as it was read for its record. Raises KeyError where the ledger does not hold it, or what lies in the inbox
        under its name is another file by now."""
        file = source.path.partition("!/")[0]
        path = self._settings.inbox / file
        try:
            stat = path.stat()
        except OSError as problem:
            raise KeyError(source.path) from problem
        key = "\0".join((source.path, source.sha256, str(stat.st_mtime_ns), str(stat.st_size)))
        with self._lock:
            if key in self._held:
                return self._held[key]
        found = self._find(source, Input(file, path, "", stat.st_size, stat.st_mtime_ns))
        with self._lock:
            self._held[key] = found
        return found

    def _find(self, source: Source, item: Input) -> dict[str, Any]:
        file = item.document
        try:
            with open_store(self._settings) as store:
                here = sha256_of(item)
                seen = store.seen(str(self._settings.inbox.resolve())).get(file)
                # A member's record has the member's hash; the archive's is known from when it was received.
                reviewed = source.sha256 if source.path == file else seen.sha256 if seen is not None else ""
                if here != reviewed:
                    raise KeyError(source.path)
                keys = Memory(self._settings, store, self._catalog).keys_of(item.path, file)
                # What another version of the program read of it is better than nothing to look at.
                payloads = [p for _, p in store.readings(keys)] or store.readings_of(file)
                for payload in payloads:
                    contents = documents_in(payload, here)
                    only = next(iter(contents), None) if len(contents) == 1 else None
                    for name in (source.path, only):
                        if name is not None and (content := contents.get(name)):
                            return content
        except (OSError, Swapped, StoreError) as problem:
            raise KeyError(source.path) from problem
        raise KeyError(source.path)


class OfficeDocuments(Mapping[str, dict[str, Any]]):
    """The documents of an office's records, by path, each looked up when it is asked for."""

    def __init__(self, documents: Documents, sources: Iterable[Source]) -> None:
        self._documents = documents
        self._sources = {source.path: source for source in sources}

    def __getitem__(self, document: str) -> dict[str, Any]:
        return self._documents.of(self._sources[document])

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)


def all_gone(inbox: Path, documents: Iterable[str]) -> bool:
    """Whether none of the files lies in the inbox any more: no run writes such an office anew, so what it shows is of before. False where
    there are none, and where a disk or share does not say."""
    files = dict.fromkeys(d.partition("!/")[0] for d in documents)
    try:
        return bool(files) and not any(_lies(inbox / f) for f in files)
    except OSError:
        return False


def _lies(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def original(inbox: Path, document: str, sha256: str) -> bytes:
    """The bytes of a file as it was reviewed. Raises :class:`NotThere`; a member of an archive is given as the archive."""
    import hashlib

    file = document.partition("!/")[0]
    path = inbox / file
    if not path.resolve().is_relative_to(inbox.resolve()):
        raise NotThere("文件不在收件目录中")
    try:
        stat = path.stat()
        data = read(Input(document, path, str(inbox), stat.st_size, stat.st_mtime_ns))
    except (FileNotFoundError, NotADirectoryError) as problem:
        where = f"收件目录中已没有“{file}”" if inbox.is_dir() else "收件目录现在打不开，请运维人员检查磁盘或网络共享"
        raise NotThere(f"{where}。误移走、改名的，请放回原处；确已撤回、另换新稿的，请重新运行审查") from problem
    except (OSError, Swapped) as problem:
        why = f"（{cause(problem)}）" if isinstance(problem, OSError) else ""
        raise NotThere(f"收件目录中的“{file}”现在读不出{why}，请稍后再试；仍不行的，请找运维人员") from problem
    if "!/" not in document and hashlib.sha256(data).hexdigest() != sha256:
        raise NotThere("收件目录中的文件已不是审查时的那一份，请重新运行审查")
    return data
