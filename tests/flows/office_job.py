"""A job for tests: has LibreOffice convert what it is asked."""

from __future__ import annotations

from typing import Any

from extractors.office import libreoffice
from flows.guarded.worker import Answer, Say


def prepare(told: dict[str, Any]) -> Answer:
    def answer(asked: bytes, say: Say) -> bytes:
        libreoffice.convert([("a.doc", asked)])
        return b""

    return answer
