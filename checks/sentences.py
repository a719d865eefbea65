"""The sentences of a pack: names in braces, and what fills them."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from catalog.errors import CatalogError
from catalog.models import Catalog


class _Filler(string.Formatter):
    """Braces hold names alone: ``{notice.title}`` is looked up, never an attribute. ``{x:percent}`` shows 0.03 as 3%,
    ``{x:date}`` a date as 2023年8月19日, ``{x:unit}`` an amount in its field's own unit, with the unit; a list is joined by 、."""

    def get_field(
        self,
        field_name: str,
        args: Sequence[Any],  # noqa: ARG002 - the library's signature
        kwargs: Mapping[str, Any],
    ) -> tuple[Any, str]:
        found: Any = kwargs
        for part in field_name.split("."):
            if not isinstance(found, Mapping) or part not in found:
                raise KeyError(field_name)
            found = found[part]
        return found, field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        match format_spec:
            case "percent":
                return f"{value * 100:g}%"
            case "date" if not isinstance(value, str):
                return f"{value.year}年{value.month}月{value.day}日"
            case "unit":
                return str(getattr(value, "in_words", value))
            case "":
                return "、".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
        return str(format(value, format_spec))


_FILLER = _Filler()


def filled(text: str, facts: Mapping[str, Any]) -> str:
    """``text`` with its braces filled. Raises KeyError on a name that is not there."""
    return _FILLER.vformat(text, (), facts) if "{" in text or "}" in text else text


def placeholders(text: str, wrong: Callable[[str], CatalogError]) -> Iterator[str]:
    """The names that a text has in braces. Raises what ``wrong`` makes where its braces do not fit."""
    try:
        for _, name, _, _ in string.Formatter().parse(text):
            if name is not None:
                yield name
    except ValueError as error:
        raise wrong(f"花括号不成对或写法不对（{error}）；要写花括号本身，请写成 {{{{ 或 }}}}") from None


def there(name: str, constants: Mapping[str, Any]) -> bool:
    """Whether a name, with its dots, is among the facts."""
    found: Any = constants
    for part in name.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return False
        found = found[part]
    return True


def facts_of(catalog: Catalog) -> dict[str, Any]:
    """What every sentence may name of the notice."""
    return {
        "notice": {
            "number": catalog.number,
            "title": catalog.title,
            "issuer": catalog.issuer,
            "region": catalog.region.name,
            "deadlines": dict(catalog.deadlines),
            "years": catalog.years,
        },
        "params": dict(catalog.params),
    }


class Say:
    """Fills a rule's sentences: ``say("loss", year=2021)``. Values that the check is told, and ``notice.…``, need not be
    given."""

    def __init__(self, messages: Mapping[str, str], constants: Mapping[str, Any]) -> None:
        self._messages = messages
        self._constants = constants

    def __call__(self, sentence: str, /, **facts: Any) -> str:
        return filled(self._messages.get(sentence, ""), {**self._constants, **facts})
