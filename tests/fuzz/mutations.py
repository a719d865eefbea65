"""Changes to a sound file: what bad disks, cut downloads, odd programs and ill will make of it. The same seed, the same file."""

from __future__ import annotations

import io
import random
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable

Change = Callable[[bytes, random.Random], bytes]

_ODD = (
    "²", "٣", "３", "", "-1", "0", "1e9", "NaN", "inf", "65536", "4294967296", "9" * 30, "-" + "9" * 30, "9" * 5000, "0x10", "很多", "1.5", " 7 ",
    "true", "%", "(" * 3000, "é" * 300, "\u202e", "%1%2%3", "../../x", "#", "{",
)  # fmt: skip
_ATTRIBUTE = re.compile(rb'(=\s*")([^"<>]*)(")')
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_ELEMENT = re.compile(rb"<(?!/|\?|!)[^<>]*>")


def mutated(data: bytes, rng: random.Random) -> bytes:
    """``data`` with one to four changes; within its parts where it is a zip."""
    zipped = data.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(data))
    for _ in range(rng.choice((1, 1, 2, 4))):
        changes = (*_BYTES, *(_ZIPPED * 3 if zipped else _TEXT if b"<" in data[:200] or data[:5] == b"{\\rtf" else ()))
        try:
            data = rng.choice(changes)(data, rng)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
            continue  # an earlier change left no zip to look into
        if not data:
            return b""
    return data


def _flip(data: bytes, rng: random.Random) -> bytes:
    broken = bytearray(data)
    for _ in range(1 << rng.randrange(8)):
        broken[rng.randrange(len(broken))] ^= 1 << rng.randrange(8)
    return bytes(broken)


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def _lose(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.choice((1, 7, 512, 4096, len(data) // 3)) :]


def _double(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    piece = data[at : at + rng.choice((1, 40, 2000))]
    return data[:at] + piece * rng.choice((2, 3, 200)) + data[at + len(piece) :]


def _overwrite(data: bytes, rng: random.Random) -> bytes:
    at, size = rng.randrange(len(data)), rng.choice((1, 2, 4, 64))
    return (
        data[:at]
        + rng.choice((bytes(size), b"\xff" * size, rng.randbytes(size), b"\x7f" + b"\xff" * (size - 1)))
        + data[at + size :]
    )


def _swap_attribute(data: bytes, rng: random.Random) -> bytes:
    return _put(data, rng, list(_ATTRIBUTE.finditer(data)), 2)


def _swap_number(data: bytes, rng: random.Random) -> bytes:
    return _put(data, rng, list(_NUMBER.finditer(data)), 0)


def _swap_element(data: bytes, rng: random.Random) -> bytes:
    found = list(_ELEMENT.finditer(data))
    if not found:
        return data
    one, other = rng.choice(found), rng.choice(found)
    return data[: one.start()] + rng.choice((b"", other[0], one[0] * 50, other[0] * 3)) + data[one.end() :]


def _put(data: bytes, rng: random.Random, found: list[re.Match[bytes]], group: int) -> bytes:
    if not found:
        return data
    one = rng.choice(found)
    return data[: one.start(group)] + rng.choice(_ODD).encode() + data[one.end(group) :]


def _within(change: Change) -> Change:
    """A change to one part of a zip, packed anew."""

    def changed(data: bytes, rng: random.Random) -> bytes:
        with zipfile.ZipFile(io.BytesIO(data)) as old:
            parts = [(i.filename, old.read(i)) for i in old.infolist()]
        at = rng.randrange(len(parts))
        name, part = parts[at]
        parts[at] = name, change(part, rng) if part else part
        return _packed(parts)

    return changed


def _double_part(data: bytes, rng: random.Random) -> bytes:
    """A part twice, gone, or under another's name."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts = [(i.filename, old.read(i)) for i in old.infolist()]
    one, other = rng.choice(parts), rng.choice(parts)
    match rng.randrange(4):
        case 0:
            parts.append(one)
        case 1:
            parts.append((other[0], one[1]))
        case 2:
            parts.remove(one)
        case _:
            parts.append((rng.choice(("", "/", "a/", "\\", "长" * 300, "..", "\0", other[0].upper())), one[1]))
    return _packed(parts)


def _packed(parts: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        warnings.simplefilter("ignore")
        for name, part in parts:
            new.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


_BYTES: tuple[Change, ...] = (_flip, _cut, _lose, _double, _overwrite)
_TEXT: tuple[Change, ...] = (_swap_attribute, _swap_attribute, _swap_number, _swap_element)
_ZIPPED: tuple[Change, ...] = (_double_part, *(_within(c) for c in (*_TEXT, _flip, _lose, _double)))
