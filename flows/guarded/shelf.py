"""Readings put down until they are looked at: a round has thousands, and looks at most of them one after the other."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

from pydantic import TypeAdapter

from flows.guarded.packed_lines import PackedLines
from flows.guarded.spool import Spooled, taken
from records.compact import built
from records.models import Outline, Reading, TextLine, Value

READING = TypeAdapter(Reading)
MOST_INFLATED = 16 << 20
"""Bytes of JSON of one reading or Document; those of a form are some hundred thousand. While it is decoded it takes five
times that; what is held of it then is less (:data:`flows.guarded.payload.MOST_RECORD`)."""
_ALL_SET = set(Value.model_fields)


class _Fetched(Reading):
    """A reading whose lines are left as they came: there are hundreds, and reports look at none of them."""

    lines: Any = ()


_FETCHED = TypeAdapter(_Fetched)


@dataclass(frozen=True, slots=True)
class Shelved:
    """A reading that was put down, and what is asked of it meanwhile (:class:`records.models.Lent`). ``recommender`` is the one
    named in it, where the folder it lies in tells none."""

    outline: Outline
    piece: bytes | Spooled
    recommender: str = ""

    def json(self) -> bytes:
        """The reading as JSON. Raises OSError where the disk fails, ValueError or zlib.error where it changed there."""
        return inflated(taken(self.piece))

    def fetch(self) -> Reading:
        """The reading. Raises like :meth:`json`."""
        reading = _FETCHED.validate_json(self.json())
        reading.lines = _LinesApart(self)
        _slim_values(reading)
        return reading


@dataclass(frozen=True, slots=True)
class _LinesApart(Sequence[TextLine]):
    """The lines of a reading that was put down, brought out when somebody looks at them. Raises like :meth:`Shelved.json`."""

    of: Shelved

    def _all(self) -> Sequence[TextLine]:
        return READING.validate_json(self.of.json()).lines

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[TextLine]:
        return iter(self._all())

    @overload
    def __getitem__(self, at: int) -> TextLine: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[TextLine]: ...
    def __getitem__(self, at: int | slice) -> TextLine | Sequence[TextLine]:
        return self._all()[at]


def slim(reading: Reading) -> None:
    """Keep the reading in little room: values compactly (:mod:`records.compact`), lines compressed, equal texts as one text. A
    round holds many readings at once, and a cell's text stands in its value and in its raw text."""
    _slim_values(reading)
    reading.lines = PackedLines(reading.lines)


def _slim_values(reading: Reading) -> None:
    shared: dict[Any, Any] = {}

    def compact(value: Value) -> Value:
        held = value.__dict__
        held["where"] = sys.intern(held["where"])  # forms of one kind are laid out alike: one text for the whole round
        held["confidence"] = shared.setdefault(held["confidence"], held["confidence"])
        held["doubts"] = shared.setdefault(held["doubts"], held["doubts"])
        for key in ("raw", "value"):
            if type(held[key]) is str:
                held[key] = shared.setdefault(held[key], held[key])
        return built(Value, _ALL_SET, held)

    record = reading.record
    for values in (record.fields, record.sections, *(row for table in record.tables.values() for row in table)):
        for key, value in values.items():
            values[key] = compact(value)


def inflated(packed: bytes) -> bytes:
    """What was deflated, as far as a document can be so large. Raises ValueError, zlib.error where it is cut or beyond that."""
    inflating = zlib.decompressobj()
    data = inflating.decompress(packed, MOST_INFLATED)
    if not inflating.eof or inflating.unused_data:
        raise ValueError("not one whole deflated piece")
    return data
