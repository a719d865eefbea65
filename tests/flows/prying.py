"""The job of a worker that tries what no reader may do, and answers what came of it (:mod:`flows.guarded.worker`)."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flows.guarded.worker import Answer, Say


def _connect(address: Any, family: int = socket.AF_INET, kind: int = socket.SOCK_STREAM) -> str:
    with socket.socket(family, kind) as made:
        made.settimeout(5)
        made.connect(tuple(address) if isinstance(address, list) else address)
        made.send(b"x")
    return "reached"


def _write(path: str) -> str:
    Path(path).write_text("x")
    return "written"


def _convert(path: str) -> str:
    from extractors.office import libreoffice

    made = libreoffice.convert([("a.docx", Path(path).read_bytes())])["a.docx"]
    return made[:2].decode() if isinstance(made, bytes) else made.message


TRIES: dict[str, Callable[[Any], str]] = {
    "tcp": _connect,
    "udp": lambda address: _connect(address, kind=socket.SOCK_DGRAM),
    "unix": lambda path: _connect(path, socket.AF_UNIX),
    "variable": lambda name: os.environ.get(name, ""),
    "its parent's": lambda _: Path(f"/proc/{os.getppid()}/environ").read_bytes().decode("utf-8", "replace"),
    "kill": lambda _: str(os.kill(os.getppid(), 0)),
    "write": _write,
    "remove": lambda path: str(Path(path).unlink()),
    "folder": lambda _: os.getcwd(),
    "convert": _convert,
}


def prepare(told: dict[str, Any]) -> Answer:
    def answer(request: bytes, say: Say) -> bytes:
        what, with_ = json.loads(request)
        try:
            return TRIES[what](with_).encode()
        except OSError as problem:
            return type(problem).__name__.encode()

    return answer
