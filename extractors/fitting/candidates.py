"""What fitting finds for a field, a column or a chapter, before the record: a value with its evidence and its doubts."""

from __future__ import annotations

from typing import Any, NamedTuple

from extractors.document.doubts import OCR_LABEL, OCR_LINE, Doubt, Doubts, confidence, names, together
from extractors.document.model import Cell
from records.compact import built
from records.models import Value

_FIELDS = set(Value.model_fields)


class Candidate(NamedTuple):
    """As :class:`records.models.Value`, with the doubts themselves in place of the number that follows from them."""

    value: Any = None
    raw: str = ""
    where: str = ""
    doubts: Doubts = ()

    @property
    def blank(self) -> bool:
        return self.value is None and not self.raw

    def doubted(self, *doubts: Doubt) -> Candidate:
        return self._replace(doubts=together(self.doubts, doubts)) if doubts else self

    def as_value(self) -> Value:
        value, raw, where, doubts = self
        sure, why = (confidence(doubts), names(doubts)) if doubts else (1.0, ())
        # A form has three hundred: built as they are, for there is nothing in them to be checked.
        return built(
            Value,
            _FIELDS,
            {"value": value, "raw": raw, "where": where, "confidence": sure, "doubts": why, "read_as": None},
        )


CandidateRow = dict[str, Candidate]


def of_label(label: Cell) -> Doubts:
    """The doubts about a label as those about its value: what was read of the label is in doubt, not of the value."""
    return tuple(OCR_LABEL.at(d.factor) if d.name == OCR_LINE.name else d for d in label.doubts) if label.doubts else ()
