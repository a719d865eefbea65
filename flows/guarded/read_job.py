"""The job of a worker that reads: units of the inbox as requests, payloads as answers (:mod:`flows.guarded.worker`).

It says of each file, member and scanned page that it takes in hand, so that its time is counted anew for each.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from flows.guarded.worker import Answer, Say
from flows.received.grouping import Unit
from flows.received.inbox import Input

_KEYS = ("document", "folder", "size", "modified_ns", "changed_ns")


Want = Literal["unit", "named", "document"]
"""A unit of the inbox as its payload, a file that a person named as its payload, or that file's Document as JSON."""


def request(unit: Unit, without: Mapping[str, str], want: Want = "unit") -> bytes:
    """What a worker is asked: to read ``unit``, but not the members named in ``without`` (path → why)."""
    files = [
        {k: getattr(i, k) for k in _KEYS}
        | {"path": os.path.abspath(i.path), "root": os.path.abspath(i.root) if i.root else ""}
        for i in unit
    ]
    return json.dumps({"files": files, "without": without, "want": want}).encode()


def _understood(body: bytes) -> tuple[Unit, dict[str, str], Want]:
    asked = json.loads(body)
    unit = tuple(Input(**{**facts, "path": Path(facts["path"])}) for facts in asked["files"])
    return unit, asked["without"], asked["want"]


def prepare(told: dict[str, Any]) -> Answer:
    """Reads under the notice and office that ``told`` names, beside other notices."""
    import catalog
    import extractors  # noqa: F401 - loaded before memory is limited
    from flows.guarded.payload import encode
    from flows.guarded.reading import Contents, as_read, read_input, read_unit

    own = catalog.load(told["notice"], Path(told["office"]) if told["office"] else None)
    pack, _ = catalog.beside(own, told.get("neighbours", ()))

    def answer(asked: bytes, say: Say) -> bytes:
        unit, without, want = _understood(asked)

        def before(path: str) -> str:
            say(path.encode("utf-8", "surrogatepass"))
            return without.get(path, "")

        if want == "document":
            return json.dumps(as_read(unit[0], before)).encode()
        if want == "named":
            return encode([read_input(unit[0], pack, None, before)], Contents())
        return encode(*read_unit(unit, pack, before))

    return answer
