"""What the blank form prints and an applicant left standing: the example among the rows."""

from __future__ import annotations

import functools

from rapidfuzz import fuzz

from catalog.forms import FormTable
from checks.meaning.answers import text_of
from checks.meaning.text import fold
from records.models import Row

EXAMPLE_SHARE = 0.5
"""A row that has at least this share of the example's texts is the example."""
_SENTENCE, _AS_PRINTED = 20, 90.0
"""Characters from which a printed example may differ a little, and its likeness (0 to 100) to what is written."""


def is_example(table: FormTable, row: Row) -> bool:
    """Whether the row is the form's own example: rule C10 tells of it, and no other rule need say the same."""
    example = _folded(tuple(table.example.items()))
    same = sum(_printed(fold(text_of(row, c)), text) for c, text in example)
    return bool(example) and same >= EXAMPLE_SHARE * len(example)


@functools.cache
def _folded(example: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """The texts of an example by column, folded once for all rows of all applications."""
    return [(column, folded) for column, text in example if (folded := fold(text))]


def _printed(text: str, example: str) -> bool:
    return bool(text) and (text == example or (len(example) >= _SENTENCE and fuzz.ratio(text, example) >= _AS_PRINTED))
