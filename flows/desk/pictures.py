"""Pictures of pages, drawn by a guarded process and kept by content: the same page of the same bytes is drawn once."""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.oserror import cause
from flows.guarded.guard import Died, Guard, Job
from flows.guarded.picture_job import AS_PDF, request, understood
from flows.run.drawn import FOLDER, folder_of
from records.folders import make_folder
from reports.safe.atomic import write_if_changed

_SECONDS = 60.0
_MEMORY_MB = 1500
_OUTPUT_MB = 60
_MOST_KEPT = 2_000
"""Pictures kept on disk; the oldest go first."""


class NoPicture(Exception):
    """A page cannot be drawn; the message is Chinese and says why."""


@dataclass(frozen=True)
class Picture:
    """``frames`` as :data:`extractors.pdf.pictures.Frame`."""

    number: int
    pages: int
    frames: list[list[float]]
    png: bytes


class Pictures:
    """Draws pages, one at a time, and keeps them beside the output ``out``."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._guard = Guard(Job("flows.guarded.picture_job", "{}", _MEMORY_MB, _OUTPUT_MB))
        self._lock = threading.Lock()

    def page(self, data: bytes, form: str, number: int | None, words: Sequence[str]) -> Picture:
        """A page of a file. Raises :class:`NoPicture`."""
        sha = hashlib.sha256(data).hexdigest()
        name = hashlib.sha256(json.dumps([number, list(words)]).encode()).hexdigest()[:40]
        kept = folder_of(self._out, sha) / f"{name}.page"
        with contextlib.suppress(OSError, ValueError, KeyError):
            return _picture(kept.read_bytes())
        with self._lock:
            pdf = data if form == "pdf" else self._as_pdf(data, form, sha)
            answer = self._ask(request(pdf, "pdf", number, words))
            picture = _picture(answer)
            self._keep(kept, answer)
        return picture

    def close(self) -> None:
        self._guard.close()

    def _as_pdf(self, data: bytes, form: str, sha: str) -> bytes:
        kept = folder_of(self._out, sha) / "whole.pdf"
        with contextlib.suppress(OSError):
            return kept.read_bytes()
        body = understood(self._ask(request(data, form, AS_PDF)))[1]
        self._keep(kept, body)
        return body

    def _ask(self, asked: bytes) -> bytes:
        try:
            answer = self._guard.ask(asked, _SECONDS)
        except (Died, OSError) as problem:
            said = cause(problem) if isinstance(problem, OSError) else str(problem)
            raise NoPicture(f"这一页画不出：{said}") from problem
        why = understood(answer)[0].get("why")
        if why:
            raise NoPicture(why)
        return answer

    def _keep(self, path: Path, data: bytes) -> None:
        with contextlib.suppress(OSError):  # a full disk: it is drawn anew next time
            make_folder(path.parent)
            write_if_changed(path, data)
            kept = sorted((self._out / FOLDER).glob("*/*"), key=lambda p: p.stat().st_mtime)
            for old in kept[:-_MOST_KEPT]:
                old.unlink(missing_ok=True)


def _picture(answer: bytes) -> Picture:
    head, png = understood(answer)
    return Picture(head["number"], head["pages"], head["frames"], png)
