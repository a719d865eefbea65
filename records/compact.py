"""Models that take little room: a round holds a hundred values and eighty assessments of each application at once.

Nothing else about them is different: they compare, print and dump as any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

Model = TypeVar("Model", bound=BaseModel)


def built(model: type[Model], names: set[str], values: Mapping[str, Any]) -> Model:
    """A model of checked ``values`` (all of its fields, in order; ``names`` are the same for all that share them).

    Its attributes are set one by one, as Python keeps those of a plain object: half the memory of a model that brings a
    dict of its own (128 bytes against 264), and a quarter of the time of ``model_construct``. For that the model must be
    :func:`compactable`.
    """
    made = model.__new__(model)
    for name, value in values.items():
        object.__setattr__(made, name, value)
    object.__setattr__(made, "__pydantic_fields_set__", names)
    object.__setattr__(made, "__pydantic_extra__", None)
    object.__setattr__(made, "__pydantic_private__", None)
    return made


def compactable(model: type[Model]) -> type[Model]:
    """Let instances of a model share the table of their attributes' names. Python fills it from the first instances, and
    closes it when those set none, as instances that pydantic validates do: so the very first sets them all."""
    built(model, set(), dict.fromkeys(model.model_fields))
    return model


def copy_to_dump(value: Any) -> Any:
    """A copy of a model, with all that it holds, to be dumped and dropped: a model that is dumped gets a dict and keeps
    it, and a text that is no ASCII its UTF-8."""
    if isinstance(value, BaseModel):
        held = {name: copy_to_dump(getattr(value, name)) for name in type(value).model_fields}
        return built(type(value), value.model_fields_set, held)
    if isinstance(value, dict):
        return {key: copy_to_dump(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [copy_to_dump(inner) for inner in value]
    if isinstance(value, str) and not value.isascii():
        return value[:1] + value[1:]  # another text
    return value
