"""A reading job for tests: files whose names begin with hang, crash, slow or swell do so, in archives and folders too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from flows.guarded import read_job
from flows.guarded.worker import Answer

_STEP = 32 << 20
_MOST = 1536 << 20
"""What a process may well map under the limits that tests set."""


def swell() -> None:
    """Occupy more and more memory, and keep it."""
    held = []
    while len(held) * _STEP < _MOST:
        held.append(b"x" * _STEP)
        time.sleep(0.1)
    time.sleep(1000)


def prepare(told: dict[str, Any]) -> Answer:
    answer = read_job.prepare(told)
    import extractors
    import extractors.read as reading

    read_document: Callable[..., Any] = reading.read_document

    def read(data: bytes, name: str, *rest: Any, **options: Any) -> Any:
        match PurePosixPath(name).name[:4]:
            case "hang":
                time.sleep(1000)
            case "slow":
                time.sleep(told["nap"])
            case "cras":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "swel":
                swell()
            case "feed":  # what it starts does so
                subprocess.run([sys.executable, "-P", "-m", __name__], check=False)
        return read_document(data, name, *rest, **options)

    reading.read_document = extractors.read_document = read
    return answer


if __name__ == "__main__":
    swell()
