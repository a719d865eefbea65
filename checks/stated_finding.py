"""What the finding of a ``[[rule]]`` says: its sentences filled with the document's answers, and where these stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from catalog.forms import MONEY_UNIT, FormField
from checks.library import Say
from checks.meaning.answers import Answers
from checks.meaning.text import shorten
from checks.registry import Trip
from records.models import Row, Value, as_text
from records.normalise import in_unit


class Figure(float):
    """A number as a sentence shows it: 1200, not 1200.0. ``in_words`` is it in its field's own unit, with the unit (8000元, 9.9%)."""

    in_words: str

    @classmethod
    def of(cls, number: float, asked: FormField | None) -> Figure:
        made = cls(number)
        money = asked is not None and asked.type == "money"
        unit = "%" if asked is not None and asked.type == "percent" else asked.unit if asked is not None else ""
        unit = unit or (MONEY_UNIT if money else "")
        made.in_words = f"{in_unit(number, unit) if money else number:.15g}{unit}"
        return made

    def __str__(self) -> str:
        return f"{self:.15g}"


def trip(answers: Answers, about: tuple[str, ...], named: Iterable[str], say: Say) -> Trip:
    """The breach of a rule ``about`` these fields or tables; ``named`` are the keys that its sentences may name."""
    first = about[0]
    facts = {key: _fact(answers, key) for key in named}
    values = [(key, value) for key in about if (value := answers.value(key)) is not None]
    return Trip(
        say("message", **facts) + say("remedy", **facts),
        about=first,
        field=first,
        where=_where(answers, first),
        evidence="；".join(
            shorten(_shown(value)) if key == first else f"{answers.label(key)}{shorten(_shown(value))}"
            for key, value in values
        ),
        expected=say("expected", **facts),
    )


def _where(answers: Answers, key: str) -> str:
    rows: list[Row] = [row for _, row in answers.rows(key)]
    return answers.where(key) or next((v.where for row in rows for v in row.values() if v.where), "")


def _shown(value: Value) -> str:
    return value.raw or as_text(value.value)


def _fact(answers: Answers, key: str) -> Any:
    value, of = answers.value(key), answers.form.field(key)
    if value is None or answers.state(key) == "blank":
        return "（未填）"
    found = value.value
    if isinstance(found, bool):
        return "是" if found else "否"
    if isinstance(found, (int, float)):
        return Figure.of(found, of)
    if of is not None and of.type == "date" and isinstance(found, str):
        return _said(found)
    return shorten(value.raw if found is None or isinstance(found, (dict, list)) else str(found))


def _said(iso: str) -> str:
    return "".join(f"{int(part)}{unit}" for part, unit in zip(iso.split("-"), "年月日", strict=False))
