"""Puts a mutant into the modules as they are loaded, so that nothing is imported again: for a process that is thrown away."""

from __future__ import annotations

import ast
import functools
import gc
import importlib
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tests.mutants.made import ROOT, Mutant

MUTATED = ("checks", "extractors", "records")
PACKAGES = (*MUTATED, "catalog", "tests")


class NotPossible(Exception):
    """The mutant lies where loaded code cannot be replaced (a decorator's argument, a class's field)."""


def functions(module: str, source: str) -> dict[str, CodeType]:
    """The functions and methods of a source by their qualified names."""
    whole = compile(source, str(ROOT / module), "exec", dont_inherit=True)
    return dict(_inner(whole))


def _inner(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    for const in code.co_consts:
        if isinstance(const, CodeType) and "<" not in const.co_qualname:
            yield const.co_qualname, const
            yield from _inner(const)


def changed(mutant: Mutant) -> list[str]:
    """The functions that a mutant changes; [] where it changes what stands outside of them."""
    old, new = (
        functions(mutant.module, (ROOT / mutant.module).read_text("utf-8")),
        functions(mutant.module, mutant.source),
    )
    names = [n for n in new if n in old and _differs(old[n], new[n])]
    return [n for n in names if any(hasattr(_holder(mutant.module, n), k) for k in ("__code__",))]


def _differs(old: CodeType, new: CodeType) -> bool:
    if (old.co_code, old.co_names, len(old.co_consts)) != (new.co_code, new.co_names, len(new.co_consts)):
        return True
    return any(
        _differs(a, b) if isinstance(a, CodeType) and isinstance(b, CodeType) else repr(a) != repr(b)
        for a, b in zip(old.co_consts, new.co_consts, strict=True)
    )


def put_in(mutant: Mutant) -> None:
    """Raises NotPossible."""
    names = changed(mutant)
    if names:
        new = functions(mutant.module, mutant.source)
        for name in names:
            _holder(mutant.module, name).__code__ = new[name]
    else:
        _outside(mutant)
    for cache in caches():
        cache.cache_clear()


@functools.cache
def caches() -> list[Any]:
    """What the mutated packages remember between calls (the notice, which they do not change, is read once)."""
    found = (held for held in gc.get_objects() if isinstance(held, functools._lru_cache_wrapper))
    return [held for held in found if (held.__module__ or "").partition(".")[0] in MUTATED]


HIT = "__hit__"


def watch(module: str, hit: set[str]) -> None:
    """From here on the functions of a module put their names into ``hit`` when they are called."""
    tree = ast.parse((ROOT / module).read_text("utf-8"))

    def mark(body: list[Any], above: str) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef):
                mark(node.body, f"{above}{node.name}.")
            elif isinstance(node, ast.FunctionDef):
                first = ast.parse(f"{HIT}.add({f'{module}:{above}{node.name}'!r})").body[0]
                node.body.insert(0, first)

    mark(tree.body, "")
    vars(_module(module))[HIT] = hit
    whole = compile(ast.fix_missing_locations(tree), str(ROOT / module), "exec", dont_inherit=True)
    for name, code in _inner(whole):
        holder = _holder(module, name)
        if isinstance(holder, FunctionType) and len(holder.__code__.co_freevars) == len(code.co_freevars):
            holder.__code__ = code


def _module(path: str) -> ModuleType:
    return importlib.import_module(path.removesuffix(".py").replace("/", "."))


def _holder(path: str, name: str) -> Any:
    found: Any = _module(path)
    for part in name.split("."):
        found = vars(found).get(part) if isinstance(found, type | ModuleType) else None
        if isinstance(found, property):
            found = found.fget
        found = getattr(found, "func", found) if isinstance(found, functools.cached_property) else found
        while not isinstance(found, FunctionType | type) and hasattr(found, "__wrapped__"):
            found = found.__wrapped__
        if isinstance(found, staticmethod | classmethod):
            found = found.__func__
    return found


def _outside(mutant: Mutant) -> None:
    """A constant of the module, wherever it was imported to; a default of a function."""
    old = ast.parse((ROOT / mutant.module).read_text("utf-8")).body
    new = ast.parse(mutant.source).body
    module = _module(mutant.module)
    for one, other in zip(old, new, strict=True):
        if ast.dump(one) == ast.dump(other):
            continue
        match other:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=value)
            ):
                assert value is not None
                _replace(vars(module)[name], eval(compile(ast.Expression(value), "", "eval"), vars(module)), name)
                return
            case ast.FunctionDef(name=name) if not other.decorator_list:
                made: dict[str, Any] = {}
                exec(compile(ast.Module([other], []), "", "exec"), vars(module) | {}, made)
                function = vars(module)[name]
                if made[name].__code__.co_code != function.__code__.co_code:
                    break
                function.__defaults__, function.__kwdefaults__ = made[name].__defaults__, made[name].__kwdefaults__
                return
    raise NotPossible(mutant.name)


def _replace(old: Any, new: Any, name: str) -> None:
    for title, module in list(sys.modules.items()):
        if title.partition(".")[0] in PACKAGES:
            for key, value in list(vars(module).items()):
                if value is old and (key == name or not isinstance(old, int | float | str | bool | type(None))):
                    setattr(module, key, new)
