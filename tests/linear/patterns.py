"""Every regular expression of the program, found by itself, and texts that each would find hard.

Compiled patterns are taken from the modules (in tuples, lists, dicts and classes too), patterns written where they are
used from the modules' sources; what a source puts together at run time is tried with stand-ins for what only then is
known. The hard texts are derived from the pattern: for each of its repeats, what the repeat takes, many times over,
behind what comes before it and before what cannot follow.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

PACKAGES = ("checks", "records", "extractors")
LENGTH = 20_000
METHODS = ("search", "match", "fullmatch", "sub", "split", "findall", "finditer", "subn")
_SCANS = {"search", "sub", "split", "findall", "finditer", "subn"}
_STAND_IN = "某某"
_MANY = 100
"""Repeats up to which a text is no longer hard."""
_USUAL = "1a甲 \n.-、(（_%"
_NEVER = ("", "\x00", "〓")


@dataclass(frozen=True)
class Found:
    """A pattern, where it stands, and how it is used: "search" (from every place) or "fullmatch", or "match"."""

    place: str
    pattern: str
    flags: int
    methods: frozenset[str]


def modules() -> list[ModuleType]:
    found = []
    for name in PACKAGES:
        package = importlib.import_module(name)
        found.append(package)
        found += [importlib.import_module(m.name) for m in pkgutil.walk_packages(package.__path__, f"{name}.")]
    return found


def patterns() -> list[Found]:
    """Every pattern of the packages, each once with all its uses."""
    every = modules()
    sources = {module.__name__: ast.parse(inspect.getsource(module)) for module in every}
    everywhere = _uses(sources.values())
    merged: dict[tuple[str, int], tuple[str, set[str]]] = {}
    for module in every:
        own = _uses([sources[module.__name__]])
        for name, pattern in _compiled(module):
            if isinstance(pattern.pattern, str):
                place, methods = merged.setdefault(
                    (pattern.pattern, pattern.flags), (f"{module.__name__}.{name}", set())
                )
                methods |= (own if name.startswith("_") else everywhere).get(name, set(METHODS))
        for place, text, flags, method in _written(module, sources[module.__name__]):
            if method != "compile":
                merged.setdefault((text, flags), (place, set()))[1].add(method)
            elif (text, flags) not in merged:
                merged[text, flags] = (place, set(METHODS))
    return [
        Found(place, text, flags, frozenset(how)) for (text, flags), (place, how) in sorted(merged.items(), key=str)
    ]


def _compiled(module: ModuleType) -> Iterator[tuple[str, re.Pattern[Any]]]:
    for name, value in vars(module).items():
        for pattern in _within(value, 0, module.__name__):
            yield name, pattern


def _within(value: Any, depth: int, module: str) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 4 and isinstance(value, tuple | list | set | frozenset):
        for inner in value:
            yield from _within(inner, depth + 1, module)
    elif depth < 4 and isinstance(value, dict):
        for key, inner in value.items():
            yield from _within(key, depth + 1, module)
            yield from _within(inner, depth + 1, module)
    elif isinstance(value, type) and value.__module__ == module:
        yield from _within([v for v in vars(value).values() if not callable(v)], depth + 1, module)


def _uses(trees: Iterable[ast.Module]) -> dict[str, set[str]]:
    """Name of a compiled pattern → the methods it is called by, all where it goes elsewhere than to a call."""
    called: dict[str, set[str]] = {}
    named: dict[str, int] = {}
    by_call: dict[str, int] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                name = _name(node.value)  # "" of a call's result
                called.setdefault(name, set()).add(node.attr)
                by_call[name] = by_call.get(name, 0) + 1
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                named[_name(node)] = named.get(_name(node), 0) + 1
    return {name: how if by_call[name] == named.get(name) else set(METHODS) for name, how in called.items()}


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _written(module: ModuleType, tree: ast.Module) -> Iterator[tuple[str, str, int, str]]:
    """(place, pattern, flags, method) of calls of ``re`` in the source."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _name(node.func.value) == "re"):
            continue
        if node.func.attr not in (*METHODS, "compile") or not node.args:
            continue
        text = _text(node.args[0], vars(module))
        if text is None:
            continue
        flags = next((k.value for k in node.keywords if k.arg == "flags"), None)
        if (
            flags is None
            and node.func.attr not in ("sub", "subn")
            and len(node.args) > (1 if node.func.attr == "compile" else 2)
        ):
            flags = node.args[-1]
        number = eval(compile(ast.Expression(flags), "", "eval"), {"re": re}) if flags is not None else 0
        compiled = _try(text, int(number))
        if compiled is not None:
            yield f"{module.__name__}:{node.lineno}", compiled.pattern, compiled.flags, node.func.attr


def _try(text: str, flags: int) -> re.Pattern[str] | None:
    try:
        return re.compile(text, flags)
    except re.error:
        return None


def _text(node: ast.AST, known: dict[str, Any]) -> str | None:
    """The pattern that an expression gives, with stand-ins for what only the running program knows; None where it is a
    pattern that was compiled before."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_piece(value, known) for value in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _piece(node.left, known) + _piece(node.right, known)
    if isinstance(node, ast.Name):
        value = known.get(node.id)
        return value if isinstance(value, str) else None
    return None


def _piece(node: ast.AST, known: dict[str, Any]) -> str:
    inner = node.value if isinstance(node, ast.FormattedValue) else node
    found = _text(inner, known)
    return _STAND_IN if found is None else found


# --------------------------------------------------------------------------------------------------- hard texts
def hard_texts(pattern: str, flags: int, length: int = LENGTH) -> list[str]:
    """Texts of ``length`` characters and a little that a pattern may find hard."""
    tree = _parser.parse(pattern, flags)
    alphabet = "".join(dict.fromkeys(_USUAL + "".join(_characters(tree))))[:60]
    found: dict[str, None] = {}
    for before, bodies in _repeats(tree, "", alphabet):
        for body in bodies[:12]:
            many = body * (length // len(body))
            for after in _NEVER:
                found[before + many + after] = None
            if before:
                both = before + body
                found[both * (length // len(both)) + _NEVER[1]] = None
                found[before * (length // len(before)) + _NEVER[1]] = None
    return list(found)


def _repeats(tree: Any, before: str, alphabet: str) -> Iterator[tuple[str, list[str]]]:
    """Every long repeat as (what comes before it, what it takes)."""
    for op, value in tree:
        if op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            _, most, body = value
            if most > _MANY:
                yield before, _bodies(body, alphabet)
            yield from _repeats(body, before, alphabet)
        elif op is c.SUBPATTERN:
            yield from _repeats(value[3], before, alphabet)
        elif op is c.ATOMIC_GROUP:
            yield from _repeats(value, before, alphabet)
        elif op in (c.ASSERT, c.ASSERT_NOT):
            yield from _repeats(value[1], before, alphabet)
        elif op is c.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, before, alphabet)
        before += _example([(op, value)])


def _bodies(body: Any, alphabet: str) -> list[str]:
    items = list(body)
    if len(items) == 1 and items[0][0] in (c.IN, c.ANY, c.LITERAL, c.NOT_LITERAL):
        taken = [character for character in alphabet if _takes(items[0], character)]
        return taken or [_example(items)]
    ways = [e for way in range(6) if (e := _example(items, way))]
    pairs = [one + other for one in ways[:3] for other in ways[:3] if one != other]
    return list(dict.fromkeys(ways + pairs)) or ["甲"]


_CATEGORY = {
    c.CATEGORY_DIGIT: lambda x: x.isdigit(),
    c.CATEGORY_NOT_DIGIT: lambda x: not x.isdigit(),
    c.CATEGORY_SPACE: lambda x: x.isspace(),
    c.CATEGORY_NOT_SPACE: lambda x: not x.isspace(),
    c.CATEGORY_WORD: lambda x: x.isalnum() or x == "_",
    c.CATEGORY_NOT_WORD: lambda x: not (x.isalnum() or x == "_"),
}


def _takes(item: Any, character: str) -> bool:
    op, value = item
    if op is c.LITERAL:
        return bool(ord(character) == value)
    if op is c.NOT_LITERAL:
        return bool(ord(character) != value)
    if op is c.ANY:
        return character != "\n"
    negated = bool(value) and value[0][0] is c.NEGATE
    inside = any(
        (kind is c.LITERAL and ord(character) == what)
        or (kind is c.RANGE and what[0] <= ord(character) <= what[1])
        or (kind is c.CATEGORY and _CATEGORY[what](character))
        for kind, what in value
        if kind is not c.NEGATE
    )
    return inside != negated


def _characters(tree: Any) -> Iterator[str]:
    """The characters that stand in a pattern; of a range the first."""
    for op, value in tree:
        if op in (c.LITERAL, c.NOT_LITERAL):
            yield chr(value)
        elif op is c.IN:
            for kind, what in value:
                if kind is c.LITERAL:
                    yield chr(what)
                elif kind is c.RANGE:
                    yield chr(what[0])
        elif op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            yield from _characters(value[2])
        elif op is c.SUBPATTERN:
            yield from _characters(value[3])
        elif op is c.ATOMIC_GROUP:
            yield from _characters(value)
        elif op in (c.ASSERT, c.ASSERT_NOT):
            yield from _characters(value[1])
        elif op is c.BRANCH:
            for branch in value[1]:
                yield from _characters(branch)


def _example(tree: Any, way: int = 0) -> str:
    """A short text that a part of a pattern takes; of alternatives the one number ``way``. Lookarounds are passed over."""
    out = ""
    for op, value in tree:
        if op is c.LITERAL:
            out += chr(value)
        elif op in (c.NOT_LITERAL, c.ANY):
            out += "甲" if op is c.ANY or value != ord("甲") else "乙"
        elif op is c.IN:
            some = [x for x in dict.fromkeys([*_characters([(op, value)]), *_USUAL]) if _takes((op, value), x)]
            out += some[way % len(some)] if some else ""
        elif op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            out += _example(value[2], way) * max(value[0], 1 if way else 0)
        elif op is c.SUBPATTERN:
            out += _example(value[3], way)
        elif op is c.ATOMIC_GROUP:
            out += _example(value, way)
        elif op is c.BRANCH:
            out += _example(value[1][way % len(value[1])], way)
    return out


def tries(found: Found, length: int = LENGTH) -> list[tuple[str, str]]:
    """(method, text) for a pattern: every way of scanning costs what search does."""
    how = {"search" if m in _SCANS else m for m in found.methods}
    return [(m, text) for m in sorted(how) for text in hard_texts(found.pattern, found.flags, length)]
