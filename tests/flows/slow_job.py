"""A reading job for tests: files whose names begin with hang, crash or slow do so, in archives and folders too."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from flows import read_job
from flows.worker import Answer


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
        return read_document(data, name, *rest, **options)

    reading.read_document = extractors.read_document = read
    return answer
