"""A short stretch of ``make fuzz``, the same at each run."""

from __future__ import annotations

import logging
import time

import pytest

from tests.fuzz.run import changed, fuzz
from tests.fuzz.seeds import SEEDS

_SECONDS = 15
_EACH = 6


def test_the_same_seed_makes_the_same_file() -> None:
    assert all(changed(kind, 7) == changed(kind, 7) for kind in ("docx", "rtf", "html", "tar"))
    assert len({changed("docx", n) for n in range(5)}) == 5


def test_changed_files_of_every_format_are_read_or_say_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("cv2")
    pytest.importorskip("py7zr")
    monkeypatch.setenv("SHENBAO_SOFFICE", "")
    logging.disable(logging.ERROR)
    try:
        told = fuzz(list(SEEDS), iter(range(1, 1 + _EACH * len(SEEDS))), time.monotonic() + _SECONDS)
    finally:
        logging.disable(logging.NOTSET)
    assert told.faults == {}
    assert set(told.read) == set(SEEDS)
