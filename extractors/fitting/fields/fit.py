"""The fields of a form: in tables (:mod:`.rows`), in lines (:mod:`.lines`), and, at the end, by likeness (:mod:`.likely`)."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.fitting.fields.answers import Answers
from extractors.fitting.fields.likely import take_likely
from extractors.fitting.fields.lines import LineFitter
from extractors.fitting.fields.rows import RowFitter
from extractors.fitting.labels import LabelIndex


@dataclass(frozen=True, slots=True)
class FieldFitter:
    """The parts that read one document's fields into ``answers``."""

    answers: Answers
    rows: RowFitter
    lines: LineFitter

    @classmethod
    def of(cls, index: LabelIndex) -> FieldFitter:
        answers = Answers(index)
        rows = RowFitter.of(answers)
        return cls(answers, rows, LineFitter(index, answers, rows))

    def finish(self) -> None:
        """What exact labels did not give."""
        take_likely(self.rows.loose, self.answers, self.rows.beside)
