"""The hidden column 底稿: what the program wrote in each row, so that what people wrote can be told from it.

A proof is ``mark|words|key|cells``: the digest of the finding's evidence, the digest of the reviewers' words as shown,
the id of the row's finding, and a digest of every other cell of the row. Sheets without findings have the last part
alone; the head's own stands behind its title. Workbooks of earlier versions have the first two parts alone.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass

PROOF = "底稿"
_SHAPE = re.compile(rf"(?:{PROOF})?([0-9a-f]{{0,16}})\|([0-9a-f]{{0,12}})(?:\|([^|\s]{{0,80}})\|([\w-]*=*))?")
_BYTES = 4


@dataclass(frozen=True)
class Proof:
    """``cells`` are digests (:func:`digest`) in the order of the columns; None where the workbook has none."""

    mark: str = ""
    words: str = ""
    key: str = ""
    cells: tuple[int, ...] | None = ()

    def text(self) -> str:
        packed = b"".join(d.to_bytes(_BYTES, "big") for d in self.cells or ())
        return f"{self.mark}|{self.words}|{self.key}|{base64.urlsafe_b64encode(packed).decode()}"

    @classmethod
    def parse(cls, text: str) -> Proof | None:
        """The proof in a cell's text; None where it is none."""
        found = _SHAPE.fullmatch(text)
        if found is None:
            return None
        mark, words, key, packed = found.groups()
        if packed is None:
            return cls(mark, words, "", None)
        try:
            data = base64.urlsafe_b64decode(packed)
        except binascii.Error:
            return None
        cells = tuple(int.from_bytes(data[n : n + _BYTES], "big") for n in range(0, len(data), _BYTES))
        return cls(mark, words, key, cells)


def digest(text: str) -> int:
    """A digest of a cell's text that white space does not change: programs that save a workbook anew change it."""
    return binascii.crc32("".join(text.split()).encode("utf-8", "replace"))


def digests(texts: Iterable[str]) -> tuple[int, ...]:
    """The digests of the texts that are not blank."""
    return tuple(digest(t) for t in texts if t.strip())


def number(value: float) -> str:
    """A number as it stands in a cell, whichever program saved it."""
    return f"{value:.15g}"
