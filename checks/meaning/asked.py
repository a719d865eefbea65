"""Whether an application is asked for a field: what the form declares as ``required``, with the answer it hangs on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from catalog.forms import Condition, FormField
from checks.meaning.answers import Answers
from records.choices import ticks
from records.models import Value

Asked = Literal["yes", "no", "open", "unsure", "unread"]
"""``open``: the answer on which it hangs is not there, or a no that is not sure. ``unsure``: it was read badly. ``unread``: it
was not read."""


def asked(answers: Answers, field: FormField) -> Asked:
    """Whether the field must be filled in this document. "no" too where a rule of its own says when."""
    condition = field.required
    if not isinstance(condition, Condition):
        return "yes" if condition == "required" else "no"
    found = _holds(answers, condition)
    return _TURNED[found] if condition.unless else found


_TURNED: dict[Asked, Asked] = {"yes": "no", "no": "yes", "open": "open", "unsure": "unsure", "unread": "unread"}


def _holds(answers: Answers, condition: Condition) -> Asked:
    value = answers.value(condition.field)
    if condition.says:
        if answers.only_says(condition.field, condition.says):
            return "yes"
        return "unread" if value is not None and answers.state(condition.field) == "unreadable" else "no"
    if condition.by_year is not None:
        return _in_year(value, lambda year: year <= (condition.by_year or 0))
    if value is None or value.value is None:
        return "unread" if value is not None and value.raw and (ticks(value.raw) or not value.certain) else "open"
    if condition.value in value.value if isinstance(value.value, list) else value.value == condition.value:
        return "yes" if value.certain else "unsure"
    return "no" if value.certain else "open"


def _in_year(value: Value | None, fits: Callable[[int], bool]) -> Asked:
    """A date that is blank rules nothing out."""
    if value is not None and (not value.certain or (value.value is None and value.raw)):
        return "unsure"
    year = re.match(r"\d{4}", str(value.value)) if value is not None and value.value else None
    return "yes" if year is None or fits(int(year[0])) else "no"
