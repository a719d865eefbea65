"""A process that works for another and may be killed: ``python -m flows.guarded.worker``.

On standard input and output stand frames: four bytes of length, one of kind, the body. It is told once what its job is
(``C``: JSON, see :class:`flows.guarded.guard.Job`), then one request after the other (``Q``: bytes), and answers each with what
it came to (``R``: bytes), with a disk's passing failure (``E``: JSON) or with why it gives up (``X``: words). Before
that it may say what it has in hand (``P``: bytes), as often as it likes.

A job is a module with a function ``prepare(told)``, which gives the function that answers requests.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import queue
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from flows.guarded import sandbox, workplace

HEAD = 5
OUT_OF_MEMORY = 86
"""The exit code of a worker that ran out of the memory it may have."""
_MB = 1 << 20
ROOM_MB = 2048
_LARGEST_FILE = 4096 * _MB

Say = Callable[[bytes], None]
"""Tells the other side what is in hand."""
Answer = Callable[[bytes, Say], bytes]
"""Answers a request. May raise OSError where a disk or share fails for a moment, MemoryError."""


def write_frame(stream: IO[bytes], kind: bytes, body: bytes) -> None:
    stream.write(len(body).to_bytes(HEAD - 1, "big") + kind + body)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """A frame as (kind, body); None where the other side has gone."""
    head = stream.read(HEAD)
    if len(head) < HEAD:
        return None
    size = int.from_bytes(head[:-1], "big")
    body = stream.read(size)
    return (head[-1:], body) if len(body) == size else None


def limit(memory_mb: int) -> None:
    """Limit this process where the system can: its memory, the files it writes, no core dumps.

    What it maps and does not use (a text recognition that occupies 0.7 GB maps 1.2, more on more cores) may be
    :data:`ROOM_MB` more; what it occupies is watched from outside (:class:`flows.guarded.guard.Guard`).
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    wanted = (
        (resource.RLIMIT_AS, (memory_mb + ROOM_MB) * _MB),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    )
    for what, most in wanted:
        _, hard = resource.getrlimit(what)
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(OSError, ValueError):  # macOS knows RLIMIT_AS and refuses it
            resource.setrlimit(what, (value, hard))


def main() -> None:
    """Do what we are told to until the other side goes away."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)  # what a library prints must not stand among the answers
    waiting: queue.SimpleQueue[tuple[bytes, bytes]] = queue.SimpleQueue()

    def listen() -> None:
        while (frame := read_frame(requests)) is not None:
            waiting.put(frame)
        # The other side has gone, however it ended: nobody waits for what we are doing, or have others do.
        if hasattr(os, "getsid") and os.getsid(0) == os.getpid():
            workplace.end_session(os.getpid())
        os._exit(0)

    frame = read_frame(requests)
    if frame is None:
        return
    told = json.loads(frame[1])
    sys.path[:0] = [p for p in told["path"] if p not in sys.path]
    sandbox.enter(Path.cwd())  # before there is a second thread, and before the job's module is loaded
    threading.Thread(target=listen, daemon=True).start()
    _serve(told, waiting, answers)


def _serve(told: dict[str, Any], waiting: queue.SimpleQueue[tuple[bytes, bytes]], answers: IO[bytes]) -> None:
    from flows import masking

    masking.install()
    answer: Answer = importlib.import_module(told["job"]).prepare(told["told"])  # loaded before memory is limited
    limit(told["memory_mb"])

    def say(what: bytes) -> None:
        write_frame(answers, b"P", what)

    say(b"")  # ready: what starting took is not the first request's time
    while True:
        request = waiting.get()[1]
        try:
            body = answer(request, say)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        except OSError as problem:
            write_frame(answers, b"E", json.dumps([problem.errno, problem.strerror or str(problem)]).encode())
            continue
        if len(body) > told["output_mb"] * _MB:
            write_frame(answers, b"X", f"内容超过{told['output_mb']} MB".encode())
        else:
            write_frame(answers, b"R", body)


if __name__ == "__main__":
    main()
