"""A recognition model in two: what it sees at each step of a line, and which of its characters that is.

Over the 18,000 characters that it knows, the second costs a seventh of a reading; apart from the first, and with the bias among the
weights, it costs half as much.

A model is a message of protocol buffers (onnx.proto3 of ONNX); what is needed of it is small enough to be read here, and no
library has to be installed for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

# Numbers of fields in onnx.proto3, by message.
_MODEL_IR, _MODEL_GRAPH, _MODEL_OPSET, _GRAPH_NAME = 1, 7, 8, 2
_NODE, _INITIALIZER, _INPUT, _OUTPUT, _VALUE_INFO = 1, 5, 11, 12, 13
_NODE_INPUT, _NODE_OUTPUT, _NODE_KIND = 1, 2, 4
_TENSOR_NAME, _TENSOR_TYPE, _TENSOR_BYTES = 8, 2, 9
_VALUE_NAME = 1
_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5
_FLOAT = 1
_MORE = 0x80
"""The highest bit of a byte says that another one belongs to the number."""
_TAIL = ("Softmax", "Add", "MatMul")
_SAME = "Identity"


@dataclass(frozen=True)
class Parted:
    """``body`` is the model up to what it sees of a line (1 × steps × features). ``head`` takes that of some steps, each with a 1
    behind it (steps × features + 1, "seen"), and gives how likely each character is. ``weights`` are those of the head
    (features + 1 × characters): what is seen times them says, the more the likelier, which character it is."""

    body: bytes
    head: bytes
    weights: Any


class _Field(NamedTuple):
    number: int
    kind: int
    value: Any


def parted(model: bytes) -> Parted | None:
    """The model in two; None where it does not end as such models do."""
    outer = list(_fields(model))
    graph = next((list(_fields(f.value)) for f in outer if f.number == _MODEL_GRAPH), [])
    nodes = [(f, _Node.of(f.value)) for f in graph if f.number == _NODE]
    made_by = {name: (field, node) for field, node in nodes for name in node.outputs}
    wanted = next((_name(f.value, _VALUE_NAME) for f in graph if f.number == _OUTPUT), "")
    gone: list[_Field] = []
    tensors: list[str] = []
    for kind in _TAIL:
        while wanted in made_by and made_by[wanted][1].kind == _SAME:
            gone.append(made_by[wanted][0])
            wanted = made_by[wanted][1].inputs[0]
        if wanted not in made_by or made_by[wanted][1].kind != kind:
            return None
        field, node = made_by[wanted]
        gone.append(field)
        wanted = node.inputs[0]
        tensors += node.inputs[1:]
    held = {_name(f.value, _TENSOR_NAME): f for f in graph if f.number == _INITIALIZER}
    if len(tensors) != len(_TAIL) - 1 or any(name not in held for name in tensors):
        return None
    gone += [held[name] for name in tensors]
    kept = [f for f in graph if f.number not in (_OUTPUT, _VALUE_INFO) and not any(f is g for g in gone)]
    kept.append(_Field(_OUTPUT, _BYTES, _written([_Field(_VALUE_NAME, _BYTES, wanted.encode())])))
    body = [f._replace(value=_written(kept)) if f.number == _MODEL_GRAPH else f for f in outer]
    bias, weights = (_numbers(held[name].value) for name in tensors)
    # With the bias as the weights of one more feature, which is 1, adding it costs nothing.
    weights = np.concatenate([weights, bias]).reshape(-1, len(bias))
    return Parted(_written(body), _head(weights, [f for f in outer if f.number in (_MODEL_IR, _MODEL_OPSET)]), weights)


@dataclass(frozen=True, slots=True)
class _Node:
    kind: str
    inputs: list[str]
    outputs: list[str]

    @classmethod
    def of(cls, message: bytes) -> _Node:
        found: dict[int, list[str]] = {_NODE_INPUT: [], _NODE_OUTPUT: [], _NODE_KIND: []}
        for field in _fields(message):
            if field.number in found:
                found[field.number].append(bytes(field.value).decode())
        return cls(found[_NODE_KIND][0], found[_NODE_INPUT], found[_NODE_OUTPUT])


def _head(weights: Any, versions: Sequence[_Field]) -> bytes:
    """A model of two nodes: what is seen, times the weights, as probabilities."""

    def node(kind: str, inputs: Sequence[str], output: str) -> _Field:
        named = [_Field(_NODE_INPUT, _BYTES, name.encode()) for name in inputs]
        named += [_Field(_NODE_OUTPUT, _BYTES, output.encode()), _Field(_NODE_KIND, _BYTES, kind.encode())]
        return _Field(_NODE, _BYTES, _written(named))

    def value(number: int, name: str) -> _Field:
        kind = _written([_Field(1, _BYTES, _written([_Field(1, _VARINT, _FLOAT)]))])
        return _Field(number, _BYTES, _written([_Field(_VALUE_NAME, _BYTES, name.encode()), _Field(2, _BYTES, kind)]))

    tensor = [_Field(1, _VARINT, side) for side in weights.shape]
    tensor += [_Field(_TENSOR_TYPE, _VARINT, _FLOAT), _Field(_TENSOR_NAME, _BYTES, b"weights")]
    tensor.append(_Field(_TENSOR_BYTES, _BYTES, weights.astype("<f4").tobytes()))
    graph = [
        node("MatMul", ("seen", "weights"), "likely"),
        node("Softmax", ("likely",), "scores"),
        _Field(_GRAPH_NAME, _BYTES, b"head"),
        _Field(_INITIALIZER, _BYTES, _written(tensor)),
        value(_INPUT, "seen"),
        value(_OUTPUT, "scores"),
    ]
    return _written([*versions, _Field(_MODEL_GRAPH, _BYTES, _written(graph))])


def _name(message: bytes, number: int) -> str:
    return next((bytes(f.value).decode() for f in _fields(message) if f.number == number), "")


def _numbers(tensor: bytes) -> Any:
    """The numbers of a tensor (32 bits each) in one row."""
    return np.frombuffer(next(f.value for f in _fields(tensor) if f.number == _TENSOR_BYTES), "<f4")


def _fields(message: bytes) -> Iterator[_Field]:
    """The fields of a message; what is in them is not looked at."""
    view = memoryview(message)
    at = 0
    while at < len(view):
        key, at = _varint(view, at)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, at = _varint(view, at)
            yield _Field(number, kind, value)
            continue
        length = {_EIGHT_BYTES: 8, _FOUR_BYTES: 4}.get(kind, 0)
        if kind == _BYTES:
            length, at = _varint(view, at)
        yield _Field(number, kind, view[at : at + length])
        at += length


def _varint(view: Any, at: int) -> tuple[int, int]:
    """A number in sevens of bits, the lowest first, and where the next byte is."""
    value = shift = 0
    while True:
        byte = view[at]
        value |= (byte % _MORE) << shift
        at, shift = at + 1, shift + 7
        if byte < _MORE:
            return value, at


def _written(fields: Sequence[_Field]) -> bytes:
    """The message of some fields."""
    parts: list[bytes] = []
    for number, kind, value in fields:
        parts.append(_sevens(number << 3 | kind))
        if kind == _VARINT:
            parts.append(_sevens(value))
            continue
        if kind == _BYTES:
            parts.append(_sevens(len(value)))
        parts.append(bytes(value))
    return b"".join(parts)


def _sevens(value: int) -> bytes:
    found = bytearray()
    while value >= _MORE:
        found.append(value % _MORE | _MORE)
        value >>= 7
    return bytes([*found, value])
