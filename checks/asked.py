"""Whether an application is asked for a field: what the form declares as ``required``, with the answer it hangs on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from catalog.errors import CatalogError
from catalog.forms import Condition, Form, FormField
from catalog.models import Catalog
from checks.conditions import Condition as Typed
from checks.conditions import Unsettled
from checks.given import Given, Names, arena_of, labelled, values_of
from checks.library import Unfit
from checks.meaning.answers import Answers
from records.choices import ticks
from records.models import Value

Asked = Literal["yes", "no", "open", "unsure", "unread"]
"""``open``: the answer on which it hangs is not there, or a no that is not sure. ``unsure``: it was read badly. ``unread``: it
was not read."""


@dataclass(frozen=True, slots=True)
class Question:
    """``required = { when = … }`` of a field, typed."""

    condition: Typed
    given: Given

    def ask(self, answers: Answers) -> tuple[Asked, str]:
        """Whether it holds in this document, and the labels of what that hangs on."""
        values = values_of(answers, self.given, self.given.plans[answers.form.name])
        arena = arena_of(answers.context)
        found = {self.condition.evaluate(each, values.doubtful, arena) for each in values.each()}
        if found in ({True}, {False}):
            return "yes" if True in found else "no", self._labels(answers, self.given.reads)
        if found == {Unsettled.BLANK}:
            return "open", self._labels(answers, values.blank)
        return "unsure", self._labels(answers, values.doubtful | values.coarse.keys())

    @staticmethod
    def _labels(answers: Answers, names: Iterable[str]) -> str:
        return "、".join(labelled(answers, names))


Questions = Mapping[tuple[str, str], Question]
"""By form and field."""


def questions(catalog: Catalog, forms: Iterable[Form]) -> Questions:
    """Raises CatalogError on a condition that does not hold together, at its field."""
    return {
        (form.name, field.key): _question(catalog, form, field, field.required.when)
        for form in forms
        for field in form.fields
        if isinstance(field.required, Condition) and field.required.when
    }


def _question(catalog: Catalog, form: Form, field: FormField, when: str) -> Question:
    names = Names.of(catalog, [form])
    try:
        typed = names.typed("when", when)
    except Unfit as error:
        path = Path(catalog.rules_file).parent / "forms" / f"{form.name}.toml"
        raise CatalogError(path, f"fields.{field.key}.required.when", error.message) from None
    return Question(typed, Given.to(names, [typed]))


def asked(answers: Answers, field: FormField, questions: Questions) -> tuple[Asked, str]:
    """Whether the field must be filled in this document, "no" too where a rule of its own says when; and the labels of the
    answers on which that hangs, "" where it hangs on none."""
    condition = field.required
    if not isinstance(condition, Condition):
        return "yes" if condition == "required" else "no", ""
    if condition.when:
        found, of = questions[answers.form.name, field.key].ask(answers)
    else:
        found, of = _holds(answers, condition), answers.label(condition.field)
    return _TURNED[found] if condition.unless else found, of


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
