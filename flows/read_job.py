"""The job of a worker that reads: units of the inbox as requests, payloads as answers (:mod:`flows.worker`)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from flows.grouping import Unit
from flows.inbox import Input
from flows.worker import Answer, Say

_KEYS = ("document", "folder", "size", "modified_ns", "changed_ns")


def unit_as_json(unit: Unit) -> bytes:
    return json.dumps([{k: getattr(i, k) for k in _KEYS} | {"path": os.path.abspath(i.path)} for i in unit]).encode()


def unit_from_json(body: bytes) -> Unit:
    return tuple(Input(**{**facts, "path": Path(facts["path"])}) for facts in json.loads(body))


def prepare(told: dict[str, Any]) -> Answer:
    """Reads under the notice and office that ``told`` names."""
    import catalog
    import extractors  # noqa: F401 - loaded before memory is limited
    from flows.payload import encode
    from flows.reading import read_unit

    pack = catalog.load(told["notice"], Path(told["office"]) if told["office"] else None)

    def answer(request: bytes, say: Say) -> bytes:  # noqa: ARG001
        return encode(*read_unit(unit_from_json(request), pack))

    return answer
