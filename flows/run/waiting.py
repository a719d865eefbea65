"""What of an inbox the next review has before it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.received.inbox import PassedOver, walk

_WAITING = ("seen", "settled", "read")


@dataclass(frozen=True)
class Waiting:
    """``known``: document → why, of what the ledger knows: the last review did not finish it, or it is another file by now. ``new``: the
    documents that the ledger has not heard of. ``out_of_reach``: where the disk or share failed."""

    known: dict[str, str]
    new: list[str]
    out_of_reach: list[PassedOver]


def waiting_in(inbox: Path, rows: Iterable[Mapping[str, Any]]) -> Waiting:
    """What waits in ``inbox``; ``rows`` are the ledger's inputs of it."""
    found = walk(inbox, now=time.time())
    there = {i.document: i for i in found.inputs}
    known: dict[str, str] = {}
    for row in rows:
        item = there.pop(row["document"], None)
        if item is not None and row["sha256"] and (item.size, item.modified_ns) != (row["size"], row["modified_ns"]):
            known[row["document"]] = "审查以后有改动"
        elif row["state"] in _WAITING:
            known[row["document"]] = row["reason"] or "尚未审查完"
    return Waiting(known, list(there), found.out_of_reach)
