"""The job of a worker that draws pages (:mod:`flows.guarded.worker`): a file and a page as request, a picture as answer.

A request is a line of JSON, ``{"format", "number", "words", "dpi"}``, and behind it the bytes of the file; with ``number`` 0
the answer is the file as PDF. Otherwise it is a line of JSON, ``{"number", "pages", "frames"}``, and behind it the PNG. What
cannot be drawn is answered by ``{"why"}``, in Chinese.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flows.guarded.worker import Answer, Say

AS_PDF = 0
"""The number by which a request asks for the whole file as PDF."""


def request(data: bytes, form: str, number: int | None, words: Sequence[str] = (), dpi: int = 110) -> bytes:
    head = {"format": form, "number": number, "words": list(words), "dpi": dpi}
    return json.dumps(head).encode() + b"\n" + data


def understood(answer: bytes) -> tuple[dict[str, Any], bytes]:
    """(what the answer says, the bytes behind it)."""
    line, _, body = answer.partition(b"\n")
    return json.loads(line), body


def prepare(told: dict[str, Any]) -> Answer:  # noqa: ARG001 - it needs to know nothing
    """Draws pages."""
    from extractors.document.errors import Unavailable, Unreadable
    from extractors.office.libreoffice import to_pdf
    from extractors.pdf.pictures import page_picture

    def answer(asked: bytes, say: Say) -> bytes:  # noqa: ARG001 - a page is one step
        head, data = understood(asked)
        try:
            if head["number"] == AS_PDF:
                return b"{}\n" + to_pdf(data, head["format"])
            picture = page_picture(data, head["number"], head["words"], head["dpi"])
        except (Unreadable, Unavailable) as problem:
            return json.dumps({"why": str(problem)}).encode() + b"\n"
        except IndexError:
            return json.dumps({"why": "文件没有这一页"}).encode() + b"\n"
        said = {"number": picture.number, "pages": picture.pages, "frames": picture.frames}
        return json.dumps(said).encode() + b"\n" + picture.png

    return answer
