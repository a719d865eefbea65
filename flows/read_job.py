"""The job of a worker that reads: units of the inbox as requests, payloads as answers (:mod:`flows.worker`).

It says of each file, member and scanned page that it takes in hand, so that its time is counted anew for each.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flows.grouping import Unit
from flows.inbox import Input
from flows.worker import Answer, Say

_KEYS = ("document", "folder", "size", "modified_ns", "changed_ns")


def request(unit: Unit, without: Mapping[str, str]) -> bytes:
    """What a worker is asked: to read ``unit``, but not the members named in ``without`` (path → why)."""
    files = [
        {k: getattr(i, k) for k in _KEYS}
        | {"path": os.path.abspath(i.path), "root": os.path.abspath(i.root) if i.root else ""}
        for i in unit
    ]
    return json.dumps({"files": files, "without": without}).encode()


def _understood(body: bytes) -> tuple[Unit, dict[str, str]]:
    asked = json.loads(body)
    return tuple(Input(**{**facts, "path": Path(facts["path"])}) for facts in asked["files"]), asked["without"]


def prepare(told: dict[str, Any]) -> Answer:
    """Reads under the notice and office that ``told`` names."""
    import catalog
    import extractors  # noqa: F401 - loaded before memory is limited
    from flows.payload import encode
    from flows.reading import read_unit

    pack = catalog.load(told["notice"], Path(told["office"]) if told["office"] else None)

    def answer(asked: bytes, say: Say) -> bytes:
        unit, without = _understood(asked)

        def before(path: str) -> str:
            say(path.encode("utf-8", "surrogatepass"))
            return without.get(path, "")

        return encode(*read_unit(unit, pack, before))

    return answer
