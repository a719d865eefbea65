"""Which files of the inbox are read together: one application may be one file, a folder, or an archive."""

from __future__ import annotations

from collections.abc import Sequence

from catalog.models import Catalog
from catalog.names import find_recommender
from flows.received.inbox import Input

Unit = tuple[Input, ...]
"""Files read together: a folder's, or a single one."""

MOST_FILES = 30
MOST_BYTES = 300 * 1024 * 1024
"""A folder beyond these holds many applications, not one with its annexes: its own folders are looked at instead."""


def units(inputs: Sequence[Input], catalog: Catalog) -> list[Unit]:
    """The inputs, put together by folder below the recommender's folder, in the order of their first documents.

    Files that lie in the recommender's folder itself, or at the root, stand alone.
    """
    found: list[Unit] = []
    by_folder: dict[str, list[Input]] = {}
    for item in inputs:
        if item.folder:
            by_folder.setdefault(item.folder, []).append(item)
        else:
            found.append((item,))
    for name, items in by_folder.items():
        if find_recommender(catalog, name) is None:
            found += _below(name, items)
        else:
            found += _inside(name, items)
    return sorted(found, key=lambda unit: unit[0].document)


def _below(folder: str, items: list[Input]) -> list[Unit]:
    """A folder below the recommender's: read as a whole, or where it is too large, by what is in it."""
    if len(items) <= MOST_FILES and sum(i.size for i in items) <= MOST_BYTES:
        return [tuple(items)]
    return _inside(folder, items)


def _inside(folder: str, items: list[Input]) -> list[Unit]:
    """Each file of a folder alone, each folder in it by itself."""
    found: list[Unit] = []
    inner: dict[str, list[Input]] = {}
    for item in items:
        rest = item.document[len(folder) + 1 :]
        if "/" in rest:
            inner.setdefault(f"{folder}/{rest.partition('/')[0]}", []).append(item)
        else:
            found.append((item,))
    for name, below in inner.items():
        found += _below(name, below)
    return found
